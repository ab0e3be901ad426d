//! Rewards, grants and vouchers.

pub mod grants;
pub mod rewards;
pub mod voucher_batches;
pub mod vouchers;
