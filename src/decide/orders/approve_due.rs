//! The wait of a conversion is over: it is approved by itself and what it earned is issued, or an
//! operator is to approve it.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::orders::order::update_order;
use crate::decide::rewards::voiding::Because;
use crate::records::{Conversion, Id};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// The conversion that the sweep found due.
#[derive(Clone, Debug)]
pub struct ApproveDue {
    /// The conversion.
    pub conversion: Id,
}

/// Decides it. Whether it is due is decided by time; found twice, it is approved once.
pub fn decide(draft: &mut Draft<'_>, command: &ApproveDue) -> Result<Answer, Stop> {
    let conversion = draft.get::<Conversion>(command.conversion)?;
    let conversion = conversion.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such conversion."))?;
    if conversion.due_at.is_none_or(|due| due > draft.at()) {
        return Ok(Answer::no_content());
    }
    let because = Because { cause: conversion.id, why: "the wait is over" };
    update_order(draft, &conversion, (*conversion).clone(), &because)?;
    Ok(Answer::no_content())
}
