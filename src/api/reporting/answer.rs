//! A report in the form that was asked for.

use crate::api::answer::columns::columns;
use crate::api::answer::format::Format;
use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::answer::sheet::whole;
use crate::api::request::call::Call;
use crate::views::report::Report;

/// The whole of it, or its rows as a sheet.
pub(super) async fn answer(call: &Call, format: Format, report: impl Report) -> Result<Reply, Problem> {
    match format {
        Format::Json => Ok(Reply::json(&report)),
        Format::Csv => whole(columns(call.operation.id), report.rows()).await,
    }
}
