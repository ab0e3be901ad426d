//! Rewards, grants and vouchers.

pub mod grants;
pub mod rewards;
pub mod vouchers;
