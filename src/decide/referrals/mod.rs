//! Who recommended whom: evidence, whom an order is credited to, and the referral between the two. What it pays
//! is in [`rewards`](super::rewards).

pub(crate) mod analytics_ids;
pub(crate) mod arrival;
pub(crate) mod attribution;
pub mod check_referral;
pub mod create_referral;
pub mod credit_words;
pub(crate) mod evidence;
pub mod expire_referral;
pub mod forget_analytics_ids;
pub(crate) mod referral;
pub mod sign_up;

commands! {
    create_referral::CreateReferral,
    expire_referral::ExpireReferral,
    forget_analytics_ids::ForgetAnalyticsIds,
    sign_up::SignUp,
}
