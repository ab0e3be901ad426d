//! The books: a customer's credit, his entries, and the proof that everything balances.

use crate::api::answer::inquiry;
use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::people::customers::{current, family};
use crate::api::request::call::{Call, shown};
use crate::decide::ledger::account;
use crate::records::account::credit_account;
use crate::records::{AuditRow, Entry};
use crate::store::queries::records::Filter;
use crate::views;

pub(in crate::api) async fn get_customer_balance(call: Call) -> Result<Reply, Problem> {
    let customer = current(&call).await?;
    let name = credit_account(customer.id);
    let credit = call.dry_run(move |draft| account(draft, &name, draft.shop.currency)).await?;
    Ok(Reply::json(&views::ledger::balance(&customer, &credit)))
}

pub(in crate::api) async fn list_customer_entries(call: Call) -> Result<Reply, Problem> {
    let filter = Filter::new().among("customer", Some(family(&call).await?));
    call.list::<Entry>(filter, |_, entry| shown(&views::ledger::entry(entry))).await
}

pub(in crate::api) async fn get_ledger_audit(call: Call) -> Result<Reply, Problem> {
    inquiry::answer(call.app.audits.ask(call.shop()).await?)
}

pub(in crate::api) async fn list_audit_log(call: Call) -> Result<Reply, Problem> {
    let query = call.query();
    let filter = Filter::new().equals("action", query.text("action")).equals("subject_id", query.text("subject"));
    call.list::<AuditRow>(filter, |_, row| shown(&views::ledger::audit_row(row))).await
}
