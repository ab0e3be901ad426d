//! Reports: what they say, and that it is what happened.

pub mod figures;
pub mod lift;
pub mod recount;
pub mod standing;
