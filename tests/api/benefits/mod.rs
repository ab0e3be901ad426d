//! What people get: rewards, vouchers, grants.

pub mod applicable;
pub mod batches;
pub mod four_eyes;
pub mod fulfilment;
pub mod grants;
pub mod limits;
pub mod masked_codes;
pub mod milestones;
pub mod passes;
pub mod rewards;
pub mod vouchers;
pub mod withdrawals;
