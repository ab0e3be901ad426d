//! Advocate codes.

use super::call::{Call, shown};
use super::problem::Problem;
use super::reply::Reply;
use crate::decide::create_code::{self, CreateCode};
use crate::records::{Code, code};

pub(super) async fn create_code(call: Call) -> Result<Reply, Problem> {
    let body: CreateCode = call.body()?;
    call.submit(CreateCode { program: call.path("id").to_owned(), ..body }).await
}

pub(super) async fn get_code(call: Call) -> Result<Reply, Problem> {
    let plain = code::plain(call.path("code"));
    let found = call
        .consult(move |draft| {
            let found = draft.find(&Code::BY_PLAIN, &plain)?;
            Ok(found.map(|code| shown(&create_code::show(draft, &code))))
        })
        .await?;
    Ok(Reply::json(&found.ok_or_else(Problem::not_found)?))
}
