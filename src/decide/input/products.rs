//! Lists of products: how many there may be.

use crate::records::text::Reference;
use crate::refusal::Rejection;

/// Products or categories in one list.
const PRODUCTS: usize = 1_000;

/// Products, or categories of products.
pub fn products(list: &[Reference], pointer: &str) -> Result<(), Rejection> {
    at_most(list.len(), PRODUCTS, pointer)
}

/// Refuses a list that is too long.
pub fn at_most(number: usize, most: usize, pointer: &str) -> Result<(), Rejection> {
    if number <= most {
        return Ok(());
    }
    Err(Rejection::field(pointer, format!("at most {most} are kept, {number} were given")))
}
