//! The books and the audit log, as the API shows them.

use serde::Serialize;

use crate::records::audit::Actor;
use crate::records::entry::EntryKind;
use crate::records::money::Currency;
use crate::records::{Account, AuditRow, Customer, Entry, Id, Timestamp};

/// See the contract's `Balance`.
#[derive(Serialize)]
pub struct BalanceView<'a> {
    customer: Option<&'a str>,
    customer_id: Id,
    currency: Currency,
    balance: i64,
}

/// Shows a customer's store credit.
pub fn balance<'a>(customer: &'a Customer, credit: &Account) -> BalanceView<'a> {
    BalanceView {
        customer: customer.external_id.as_deref(),
        customer_id: customer.id,
        currency: credit.currency,
        balance: credit.balance,
    }
}

/// What something was done to, or came from.
#[derive(Serialize)]
struct Named<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    id: &'a str,
}

/// See the contract's `Entry`.
#[derive(Serialize)]
pub struct EntryView<'a> {
    id: Id,
    kind: EntryKind,
    debit: &'a str,
    credit: &'a str,
    amount: i64,
    currency: Currency,
    cause: Named<'a>,
    customer_id: Option<Id>,
    reverses: Option<Id>,
    created_at: Timestamp,
}

/// Shows an entry.
pub fn entry(entry: &Entry) -> EntryView<'_> {
    EntryView {
        id: entry.id,
        kind: entry.kind,
        debit: &entry.debit,
        credit: &entry.credit,
        amount: entry.amount,
        currency: entry.currency,
        cause: Named { kind: &entry.cause_type, id: &entry.cause_id },
        customer_id: entry.customer,
        reverses: entry.reverses,
        created_at: entry.created_at,
    }
}

/// See the contract's `AuditRow`.
#[derive(Serialize)]
pub struct AuditRowView<'a> {
    id: Id,
    actor: &'a Actor,
    action: &'a str,
    subject: Named<'a>,
    reason: Option<&'a str>,
    request_id: Option<&'a str>,
    created_at: Timestamp,
}

/// Shows a line of the audit log.
pub fn audit_row(row: &AuditRow) -> AuditRowView<'_> {
    AuditRowView {
        id: row.id,
        actor: &row.actor,
        action: &row.action,
        subject: Named { kind: &row.subject_type, id: &row.subject_id },
        reason: row.reason.as_deref(),
        request_id: row.request_id.as_deref(),
        created_at: row.created_at,
    }
}
