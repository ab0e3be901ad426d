//! A reward, as the API shows it.

use serde::Serialize;

use super::View;
use super::event::Payload;
use crate::records::benefit::{Benefit, BenefitKind};
use crate::records::event::EventData;
use crate::records::money::Currency;
use crate::records::pass::EventDetails;
use crate::records::program::{RewardOn, Side};
use crate::records::reward::{RewardStatus, Step};
use crate::records::{Id, Reward, Timestamp};

/// See the contract's `Reward`.
#[derive(Serialize)]
pub struct RewardView<'a> {
    id: Id,
    to: Option<Side>,
    on: RewardOn,
    #[serde(skip_serializing_if = "Option::is_none")]
    friends: Option<i64>,
    kind: BenefitKind,
    amount: Option<i64>,
    rate_bps: Option<i64>,
    max_amount: Option<i64>,
    #[serde(flatten)]
    gift: GiftView<'a>,
    currency: Currency,
    cost_amount: i64,
    forgiven_amount: i64,
    status: RewardStatus,
    customer: Option<&'a str>,
    customer_id: Id,
    program: Option<Id>,
    conversion: Option<Id>,
    referral: Option<Id>,
    grant: Option<Id>,
    voucher: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<&'a str>,
    message: Option<Id>,
    pending_until: Option<Timestamp>,
    issued_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    cause: Cause,
    history: &'a [Step],
    created_at: Timestamp,
}

impl View for RewardView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for RewardView<'_> {
    const DATA: EventData = EventData::Reward;
}

/// What is handed over, or attended; nothing of other kinds.
#[derive(Serialize)]
pub struct GiftView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    sku: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'a EventDetails>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seats: Option<i64>,
}

/// Shows what is handed over, or attended.
pub fn gift(benefit: &Benefit) -> GiftView<'_> {
    GiftView {
        sku: benefit.sku.as_deref(),
        name: benefit.name.as_deref(),
        description: benefit.description.as_deref(),
        event: benefit.event.as_ref(),
        seats: benefit.event.as_ref().map(|_| benefit.seats()),
    }
}

/// What something came from.
#[derive(Serialize)]
pub struct Cause {
    #[serde(rename = "type")]
    kind: &'static str,
    id: Id,
}

impl Cause {
    /// A cause named by its kind.
    pub fn new(kind: &'static str, id: Id) -> Self {
        Self { kind, id }
    }
}

/// Shows a reward.
pub fn reward(reward: &Reward) -> RewardView<'_> {
    RewardView {
        id: reward.id,
        to: reward.to_side,
        on: reward.on_what,
        friends: reward.friends(),
        kind: reward.benefit.kind,
        amount: reward.amount,
        rate_bps: reward.benefit.rate_bps,
        max_amount: reward.benefit.max_amount.map(|max| max.0),
        gift: gift(&reward.benefit),
        currency: reward.currency,
        cost_amount: reward.cost_amount,
        forgiven_amount: reward.forgiven_amount,
        status: reward.status,
        customer: reward.customer_ref.as_deref(),
        customer_id: reward.customer,
        program: reward.program,
        conversion: reward.conversion,
        referral: reward.referral,
        grant: reward.grant_id,
        voucher: reward.voucher,
        reference: reward.reference.as_deref(),
        message: reward.message,
        pending_until: reward.pending_until,
        issued_at: reward.issued_at,
        expires_at: reward.expires_at,
        cause: cause(reward),
        history: &reward.history,
        created_at: reward.created_at,
    }
}

fn cause(reward: &Reward) -> Cause {
    if let Some(conversion) = reward.conversion {
        return Cause::new("conversion", conversion);
    }
    if let Some(grant) = reward.grant_id {
        return Cause::new("grant", grant);
    }
    if let Some(offer) = reward.offer() {
        return Cause::new("offer", offer);
    }
    if let Some(program) = reward.program.filter(|_| reward.on_what == RewardOn::Milestone) {
        return Cause::new("program", program);
    }
    Cause::new("referral", reward.referral.unwrap_or(reward.id))
}
