//! What one side is owed: earned, given by hand, issued, made less, taken back.

pub(crate) mod adjust;
pub mod approve_grant;
pub mod create_grant;
pub(crate) mod earn_for_order;
pub(crate) mod fate;
pub(crate) mod grant;
pub(crate) mod issue;
pub mod reject_grant;
pub(crate) mod reward;
pub(crate) mod take_back;
pub mod void_reward;
