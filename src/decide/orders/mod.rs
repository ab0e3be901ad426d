//! Orders that the shop reported: what is credited and earned when one is placed, what follows from its
//! payment, delivery, return and cancellation, and the redemption that it is paid with.

pub mod approve_due;
pub mod approve_reward;
pub mod attribute_conversion;
pub mod create_redemption;
pub mod create_refund;
pub mod judge_conversion;
pub(crate) mod order;
pub(crate) mod order_items;
pub(crate) mod order_status;
pub(crate) mod placing;
pub(crate) mod reattribute;
pub mod record_conversion;
pub mod redeem_hold;
pub(crate) mod redeem_with_order;
pub mod report_fact;
pub mod update_conversion;

commands! {
    approve_due::ApproveDue,
    approve_reward::ApproveReward,
    attribute_conversion::AttributeConversion,
    create_redemption::CreateRedemption,
    create_refund::CreateRefund,
    judge_conversion::JudgeConversion,
    record_conversion::RecordConversion,
    redeem_hold::RedeemHold,
    report_fact::ReportFact,
    update_conversion::UpdateConversion,
}
