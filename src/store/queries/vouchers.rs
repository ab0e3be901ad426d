//! Narrowing the list of vouchers to a state, which is computed and stands in no column.

use super::records::Filter;
use crate::records::Timestamp;
use crate::records::voucher::ShownStatus;

/// No use is left, or no balance.
const SPENT: &str = "(EXISTS (SELECT 1 FROM voucher_uses AS u WHERE u.id = 'use_' || substr(vouchers.id, 5) \
     AND u.used >= vouchers.max_redemptions) \
     OR (vouchers.kind = 'gift_card' AND vouchers.lapsed_amount = 0 AND EXISTS (SELECT 1 FROM accounts AS a \
     WHERE a.shop = vouchers.shop AND a.name = 'voucher:' || vouchers.id AND a.currency = vouchers.currency AND a.balance = 0) \
     AND NOT EXISTS (SELECT 1 FROM voucher_uses AS h WHERE h.id = 'use_' || substr(vouchers.id, 5) AND h.held > 0)))";

/// Only vouchers in a state at an instant. The rule is that of `Standing::status`.
pub fn in_status(filter: Filter, status: ShownStatus, at: Timestamp) -> Filter {
    match status {
        ShownStatus::Void => filter.when("vouchers.status = 'void'", []),
        ShownStatus::PendingApproval => {
            filter.when("vouchers.status = 'active'", []).when("vouchers.asked_by <> 'null'", [])
        }
        ShownStatus::Spent => good(filter).when(SPENT, []),
        ShownStatus::Expired => unspent(filter).when("vouchers.valid_until <= ?", [at.into()]),
        ShownStatus::Active => {
            unspent(filter).when("(vouchers.valid_until IS NULL OR vouchers.valid_until > ?)", [at.into()])
        }
    }
}

fn unspent(filter: Filter) -> Filter {
    good(filter).when(format!("NOT {SPENT}"), [])
}

fn good(filter: Filter) -> Filter {
    filter.when("vouchers.status = 'active'", []).when("vouchers.asked_by = 'null'", [])
}
