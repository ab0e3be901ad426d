//! Orders, redemptions and what is set aside for them.

pub mod conversions;
pub mod holds;
pub mod redemptions;
