//! An offer, as the API shows it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::records::benefit::{Benefit, Valid};
use crate::records::event::EventData;
use crate::records::money::Currency;
use crate::records::offer::{Audience, Condition, GroupTerms, Leak, OfferKind, OfferStatus};
use crate::records::program::Content;
use crate::records::text::{Prose, Slug};
use crate::records::voucher::Stacking;
use crate::records::{Id, Offer, Timestamp};
use crate::views::event::Payload;
use crate::views::{Sentence, View};

/// See the contract's `Offer`.
#[derive(Serialize)]
pub struct OfferView<'a> {
    id: Id,
    name: &'a str,
    status: OfferStatus,
    version: i64,
    kind: OfferKind,
    program: Id,
    audience: Audience,
    reward: &'a Benefit,
    conditions: Vec<ConditionView<'a>>,
    sentence: Sentence,
    targeting: Targeting<'a>,
    capacity: Option<i64>,
    claimed: i64,
    remaining: Option<i64>,
    per_customer: i64,
    valid: Option<Valid>,
    stacking: &'a Stacking,
    group: Option<&'a GroupTerms>,
    leak: Leak,
    currency: Currency,
    content: &'a BTreeMap<String, Content>,
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
    created_at: Timestamp,
    activated_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
}

impl View for OfferView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for OfferView<'_> {
    const DATA: EventData = EventData::Offer;
}

/// An offer's rules as people read them.
pub struct Sentences {
    /// Whom it is for.
    pub whole: Sentence,
    /// Each of its conditions, in their order.
    pub conditions: Vec<Sentence>,
}

#[derive(Serialize)]
struct ConditionView<'a> {
    code: &'a str,
    expression: &'a str,
    sentence: Sentence,
    message: &'a BTreeMap<String, Prose>,
}

#[derive(Serialize)]
struct Targeting<'a> {
    segments: &'a [Slug],
}

fn condition(condition: &Condition, sentence: Sentence) -> ConditionView<'_> {
    ConditionView { code: &condition.code, expression: &condition.expression, sentence, message: &condition.message }
}

/// Shows an offer. `claimed` is how many claims count against its capacity.
pub fn offer(offer: &Offer, currency: Currency, claimed: i64, sentences: Sentences) -> OfferView<'_> {
    OfferView {
        id: offer.id,
        name: &offer.name,
        status: offer.status,
        version: offer.version.max(1),
        kind: offer.kind,
        program: offer.program,
        audience: offer.audience,
        reward: &offer.reward,
        conditions: offer.conditions.iter().zip(sentences.conditions).map(|(one, said)| condition(one, said)).collect(),
        sentence: sentences.whole,
        targeting: Targeting { segments: &offer.segments },
        capacity: offer.capacity,
        claimed,
        remaining: offer.capacity.map(|capacity| (capacity - claimed).max(0)),
        per_customer: offer.per_customer,
        valid: offer.reward.valid,
        stacking: &offer.stacking,
        group: offer.group_terms.as_ref(),
        leak: offer.leak,
        currency,
        content: &offer.content,
        starts_at: offer.starts_at,
        ends_at: offer.ends_at,
        created_at: offer.created_at,
        activated_at: offer.activated_at,
        ended_at: offer.ended_at,
    }
}

/// See the contract's `GroupState`.
#[derive(Serialize)]
pub struct GroupView {
    /// The offer.
    pub offer: Id,
    /// The share.
    pub share: Id,
    /// How many may take it.
    pub places: i64,
    /// How many have.
    pub claimed: i64,
    /// How many still may.
    pub remaining: i64,
    /// How many have redeemed what they took in an order.
    pub ordered: i64,
    /// How many must have before the organiser is rewarded; nothing where that is not promised.
    pub orders: Option<i64>,
    /// Whether the organiser is.
    pub organiser_rewarded: bool,
}

/// See the contract's `Leak`.
#[derive(Serialize)]
pub struct LeakView {
    /// The offer.
    pub offer: Id,
    /// The share whose link has got about.
    pub share: Id,
    /// Whose it is.
    pub customer: Option<String>,
    /// The same by our id.
    pub customer_id: Option<Id>,
    /// Its channel.
    pub channel: String,
    /// Claims by it today.
    pub claims_today: i64,
    /// Claims a day before.
    pub usual_claims: i64,
    /// Openings by persons.
    pub visits: i64,
    /// Unique visitors whom a page sent that everybody can read.
    pub public_visits: i64,
    /// The share that stands in its place.
    pub fresh_share: Option<Id>,
}

impl View for LeakView {
    fn subject(&self) -> Option<Id> {
        Some(self.share)
    }
}

impl Payload for LeakView {
    const DATA: EventData = EventData::Leak;
}
