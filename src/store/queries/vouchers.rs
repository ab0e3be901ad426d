//! Narrowing the list of vouchers to a state, which is computed and stands in no column; and those of a batch.

use super::records::{Filter, read};
use crate::records::voucher::ShownStatus;
use crate::records::{Id, Timestamp, Voucher};
use crate::store::shelves::select;
use crate::store::{Connection, Statement, StoreResult};

/// No use is left, or no balance.
const SPENT: &str = "(EXISTS (SELECT 1 FROM voucher_uses AS u WHERE u.id = 'use_' || substr(vouchers.id, 5) \
     AND u.used >= vouchers.max_redemptions) \
     OR (vouchers.kind = 'gift_card' AND vouchers.lapsed_amount = 0 AND EXISTS (SELECT 1 FROM accounts AS a \
     WHERE a.shop = vouchers.shop AND a.name = 'voucher:' || vouchers.id AND a.currency = vouchers.currency AND a.balance = 0) \
     AND NOT EXISTS (SELECT 1 FROM voucher_uses AS h WHERE h.id = 'use_' || substr(vouchers.id, 5) AND h.held > 0)))";

/// The batch was withdrawn.
const WITHDRAWN: &str = "(vouchers.batch IS NOT NULL AND EXISTS (SELECT 1 FROM voucher_batches AS b \
     WHERE b.id = vouchers.batch AND b.voided_at IS NOT NULL))";

/// Only vouchers in a state at an instant. The rule is that of `Standing::status`.
pub fn in_status(filter: Filter, status: ShownStatus, at: Timestamp) -> Filter {
    match status {
        ShownStatus::Void => filter.when(format!("(vouchers.status = 'void' OR ({WITHDRAWN} AND NOT {SPENT}))"), []),
        ShownStatus::PendingApproval => {
            filter.when("vouchers.status = 'active'", []).when("vouchers.asked_by <> 'null'", [])
        }
        ShownStatus::Spent => active(filter).when(SPENT, []),
        ShownStatus::Expired => unspent(filter).when("vouchers.valid_until <= ?", [at.into()]),
        ShownStatus::Active => {
            unspent(filter).when("(vouchers.valid_until IS NULL OR vouchers.valid_until > ?)", [at.into()])
        }
    }
}

fn unspent(filter: Filter) -> Filter {
    active(filter).when(format!("NOT {SPENT}"), []).when(format!("NOT {WITHDRAWN}"), [])
}

fn active(filter: Filter) -> Filter {
    filter.when("vouchers.status = 'active'", []).when("vouchers.asked_by = 'null'", [])
}

/// The vouchers of a batch behind one, in the order in which they were made.
pub fn of_batch(
    connection: &mut Connection,
    shop: Id,
    batch: Id,
    after: Option<(Timestamp, Id)>,
    limit: usize,
) -> StoreResult<Vec<Voucher>> {
    let behind = if after.is_some() { "AND (created_at, id) > (?, ?)" } else { "" };
    let sql = format!("{} WHERE shop = ? AND batch = ? {behind} ORDER BY created_at, id LIMIT ?", select::<Voucher>());
    let mut statement = Statement::new(sql).bind(shop).bind(batch);
    if let Some((at, id)) = after {
        statement = statement.bind(at).bind(id);
    }
    read(connection, &statement.bind(i64::try_from(limit).unwrap_or(i64::MAX)))
}
