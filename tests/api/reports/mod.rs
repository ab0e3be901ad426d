//! Reports: what they say, and that it is what happened.

pub mod figures;
pub mod recount;
pub mod standing;
