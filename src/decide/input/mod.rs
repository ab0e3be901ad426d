//! What callers send, checked the same way everywhere. Reads at most whether a code is taken.

pub(crate) mod again;
pub mod brought;
pub(crate) mod if_match;
pub mod line_fault;
pub(crate) mod nullable;
pub(crate) mod own_name;
pub(crate) mod products;
pub(crate) mod range;
pub(crate) mod typed_code;
pub(crate) mod url;
