//! Numbers that have a least and a most.

use crate::refusal::Rejection;

/// A number within its limits.
pub fn within(number: i64, least: i64, most: i64, pointer: &str) -> Result<i64, Rejection> {
    if (least..=most).contains(&number) {
        return Ok(number);
    }
    Err(Rejection::field(pointer, format!("{least} to {most} is expected")))
}
