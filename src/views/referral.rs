//! A referral, as the API shows it.

use std::rc::Rc;

use serde::Serialize;

use super::View;
use super::event::Payload;
use super::program::{RuleView, rule};
use super::reward::{RewardView, reward};
use crate::records::event::EventData;
use crate::records::program::{Content, Side};
use crate::records::referral::{Method, ReferralStatus};
use crate::records::why::RefusedReward;
use crate::records::{Customer, Id, Program, Referral, Reward, Timestamp, Why};

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
    refused_rewards: &'a [RefusedReward],
}

impl View for ReferralView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for ReferralView<'_> {
    const DATA: EventData = EventData::Referral;
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
        refused_rewards: &referral.refused_rewards,
    }
}

/// See the contract's `ReferralCheckAnswer`.
#[derive(Serialize)]
pub struct CheckView {
    valid: bool,
    program: Option<Id>,
    advocate_name: Option<String>,
    friend_rewards: Vec<RuleView>,
    refused_rewards: Vec<RefusedReward>,
    content: Option<Content>,
    reasons: Vec<Why>,
}

impl CheckView {
    /// It would make no referral, for these reasons.
    pub fn refused(reasons: Vec<Why>) -> Self {
        Self {
            valid: false,
            program: None,
            advocate_name: None,
            friend_rewards: Vec::new(),
            refused_rewards: Vec::new(),
            content: None,
            reasons,
        }
    }

    /// It would make one, in this program, by this advocate; of her no more than the first name is shown.
    /// What the friend is refused are places of rules, and why.
    pub fn good(program: &Program, advocate: &Customer, content: Option<&Content>, refused: &[(usize, Why)]) -> Self {
        let rules = program.rules.rewards.iter().enumerate().filter(|(_, rule)| rule.to == Side::Friend);
        let given = rules.filter(|(place, _)| !refused.iter().any(|(refused, _)| refused == place));
        let refused = refused.iter().map(|(_, reason)| RefusedReward { to: Side::Friend, reason: *reason });
        Self {
            valid: true,
            program: Some(program.id),
            advocate_name: advocate.first_name.clone(),
            friend_rewards: given.map(|(_, given)| rule(given)).collect(),
            refused_rewards: refused.collect(),
            content: content.cloned(),
            reasons: Vec::new(),
        }
    }
}
