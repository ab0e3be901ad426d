//! A claim and a check of an offer, as the API shows them.

use serde::Serialize;

use crate::records::benefit::BenefitKind;
use crate::records::event::EventData;
use crate::records::money::Currency;
use crate::records::reward::RewardStatus;
use crate::records::{Claim, Id, Reward, Timestamp};
use crate::views::View;
use crate::views::event::Payload;

/// See the contract's `Claim`.
#[derive(Serialize)]
pub struct ClaimView<'a> {
    id: Id,
    offer: Id,
    customer: Option<&'a str>,
    customer_id: Id,
    program: Id,
    share: Option<Id>,
    channel: Option<&'a str>,
    advocate: Option<&'a str>,
    advocate_id: Option<Id>,
    referral: Option<Id>,
    reward: Id,
    voucher: Option<Id>,
    kind: BenefitKind,
    amount: Option<i64>,
    currency: Currency,
    status: RewardStatus,
    expires_at: Option<Timestamp>,
    created_at: Timestamp,
}

impl View for ClaimView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for ClaimView<'_> {
    const DATA: EventData = EventData::Claim;
}

/// Shows a claim with what it gave; where that stands is the reward's.
pub fn claim<'a>(claim: &'a Claim, reward: &Reward) -> ClaimView<'a> {
    ClaimView {
        id: claim.id,
        offer: claim.offer,
        customer: claim.customer_ref.as_deref(),
        customer_id: claim.customer,
        program: claim.program,
        share: claim.share,
        channel: claim.channel.as_deref(),
        advocate: claim.advocate_ref.as_deref(),
        advocate_id: claim.advocate,
        referral: claim.referral,
        reward: claim.reward,
        voucher: reward.voucher,
        kind: reward.benefit.kind,
        amount: reward.amount,
        currency: reward.currency,
        status: reward.status,
        expires_at: reward.expires_at,
        created_at: claim.created_at,
    }
}

/// One thing that must hold of who takes an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JudgedView {
    /// Its name: a condition's own, or one of ours.
    pub code: String,
    /// Whether it holds.
    pub met: bool,
    /// What the person reads when it does not.
    pub message: Option<String>,
}

/// See the contract's `OfferCheckAnswer`.
#[derive(Clone, Debug, Serialize)]
pub struct CheckView {
    /// Whether they may take it.
    pub eligible: bool,
    /// What must hold, in the order in which it is looked at.
    pub conditions: Vec<JudgedView>,
    /// The one thing that keeps them out, where it is one.
    pub near_miss: Option<String>,
    /// What would let them in, in words, where one fact would.
    pub hint: Option<String>,
    /// Claims that are left to all; `None`: no limit.
    pub remaining: Option<i64>,
}
