//! The answer to a question that takes long: what was found, or how far it is.

use serde::Serialize;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::engine::Failure;
use crate::jobs::inquiries::{Inquiry, Known};
use crate::store::StoreError;

/// 200 with the report, or 202 with the progress; 503 where too many wait.
pub(in crate::api) fn answer<I: Inquiry>(known: Option<Known<I>>) -> Result<Reply, Problem>
where
    I::Report: Serialize,
    I::Progress: Serialize,
{
    match known {
        Some(Known::Over(Ok(report), _)) => Ok(Reply::json(&*report)),
        Some(Known::Over(Err(why), _)) => Err(StoreError::Failed(why).into()),
        Some(Known::UnderWay(progress)) => Ok(Reply::json(&progress).status(202).come_again()),
        None => Err(Failure::Busy.into()),
    }
}
