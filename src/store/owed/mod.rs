//! What shops owe: the counters of days, and the records from which they follow.

pub mod records;
pub mod rows;
