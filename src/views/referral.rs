//! A referral, as the API shows it.

use std::rc::Rc;

use serde::Serialize;

use super::reward::{RewardView, reward};
use crate::records::referral::{Method, ReferralStatus};
use crate::records::{Id, Referral, Reward, Timestamp};

/// See the contract's `Referral`.
#[derive(Serialize)]
pub struct ReferralView<'a> {
    id: Id,
    program: Id,
    friend: Option<&'a str>,
    friend_id: Id,
    advocate: Option<&'a str>,
    advocate_id: Id,
    share: Option<Id>,
    channel: Option<&'a str>,
    method: Method,
    status: ReferralStatus,
    created_at: Timestamp,
    expires_at: Timestamp,
    rewards: Vec<RewardView<'a>>,
}

/// Shows a referral with the rewards that it earned by itself (`on: referral`).
pub fn referral<'a>(referral: &'a Referral, rewards: &'a [Rc<Reward>]) -> ReferralView<'a> {
    ReferralView {
        id: referral.id,
        program: referral.program,
        friend: referral.friend_ref.as_deref(),
        friend_id: referral.friend,
        advocate: referral.advocate_ref.as_deref(),
        advocate_id: referral.advocate,
        share: referral.share,
        channel: referral.channel.as_deref(),
        method: referral.method,
        status: referral.status,
        created_at: referral.created_at,
        expires_at: referral.expires_at,
        rewards: rewards.iter().map(|each| reward(each)).collect(),
    }
}
