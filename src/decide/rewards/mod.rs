//! What one side is owed: earned, given by hand, issued, clawed back, voided.

pub mod approve_grant;
pub(crate) mod clawback;
pub(crate) mod clawback_rule;
pub mod create_grant;
pub(crate) mod due;
pub(crate) mod earn_for_order;
pub mod fulfil_reward;
pub(crate) mod grant;
pub(crate) mod issue;
pub mod milestone;
pub mod reject_grant;
pub(crate) mod reward;
pub mod void_reward;
pub(crate) mod voiding;

commands! {
    approve_grant::ApproveGrant,
    create_grant::CreateGrant,
    fulfil_reward::FulfilReward,
    reject_grant::RejectGrant,
    void_reward::VoidReward,
}
