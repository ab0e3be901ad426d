//! Rewards, grants, vouchers and passes.

pub mod grants;
pub mod passes;
pub mod rewards;
pub mod voucher_batches;
pub mod vouchers;
