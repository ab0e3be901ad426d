//! An offer's fields as a request gives them, checked.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde::Deserialize;

use crate::decide::conditions::compile::compile;
use crate::decide::conditions::sentence::both;
use crate::decide::draft::Draft;
use crate::decide::input::nullable::nullable;
use crate::decide::input::range::within;
use crate::decide::programs::program::check_content;
use crate::records::benefit::{Benefit, Effect, Valid};
use crate::records::money::{Amount, MAX_AMOUNT};
use crate::records::offer::{Audience, Condition, GroupTerms, Leak, OfferKind, OfferStatus};
use crate::records::program::Content;
use crate::records::text::{Locale, Name, Prose, Reference, Slug, Text};
use crate::records::voucher::Stacking;
use crate::records::{Id, Json, Offer, Segment, Timestamp};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::views::Sentence;
use crate::views::offer::{OfferView, Sentences};
use crate::wording::{Language, say};
use crate::world::Stop;

/// Conditions of one offer.
const CONDITIONS: usize = 20;
/// Segments of one offer.
const SEGMENTS: usize = 20;
/// Claims of one offer, and of one person.
const CLAIMS: i64 = 1_000_000_000;
const PER_CUSTOMER: i64 = 100;

/// One thing that must hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionInput {
    /// Its name; unique in the offer.
    pub code: Slug,
    /// What must hold, in CEL.
    pub expression: Text<1, 1000>,
    /// What is said to whom it keeps out, by locale.
    #[serde(default)]
    pub message: BTreeMap<Locale, Prose>,
}

/// Who is meant.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetingInput {
    /// Only members of one of these.
    #[serde(default)]
    pub segments: Vec<Slug>,
}

/// What a group is promised.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupInput {
    /// 1 to 10 000.
    pub places: i64,
    /// 1 to `places`.
    pub orders: Option<i64>,
    /// What the organiser gets then.
    pub organiser_reward: Option<Benefit>,
}

/// The fields of an offer that a request may give.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferBody {
    /// Its name.
    pub name: Option<Name>,
    /// `draft` or, at creation, `active`.
    pub status: Option<OfferStatus>,
    /// Default `personal`.
    pub kind: Option<OfferKind>,
    /// The program whose shares count: id or slug.
    pub program: Option<Reference>,
    /// Default `arrive`.
    pub audience: Option<Audience>,
    /// What they get.
    pub reward: Option<Benefit>,
    /// What must hold, all of it.
    pub conditions: Option<Vec<ConditionInput>>,
    /// Who is meant.
    pub targeting: Option<TargetingInput>,
    /// Claims in all.
    #[serde(default, deserialize_with = "nullable")]
    pub capacity: Option<Option<i64>>,
    /// Claims of one person, default 1.
    pub per_customer: Option<i64>,
    /// How long what it gives is good.
    #[serde(default, deserialize_with = "nullable")]
    pub valid: Option<Option<Valid>>,
    /// What its vouchers may be combined with.
    pub stacking: Option<Stacking>,
    /// What a group is promised.
    pub group: Option<GroupInput>,
    /// Default `warn`.
    pub leak: Option<Leak>,
    /// Words by locale.
    pub content: Option<BTreeMap<Locale, Content>>,
    /// Good from here.
    #[serde(default, deserialize_with = "nullable")]
    pub starts_at: Option<Option<Timestamp>>,
    /// Good until here.
    #[serde(default, deserialize_with = "nullable")]
    pub ends_at: Option<Option<Timestamp>>,
}

/// The fields, with their conditions as they are evaluated.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The fields.
    pub body: OfferBody,
    /// The conditions, where they were given.
    pub conditions: Option<Vec<Condition>>,
}

impl Checked {
    /// Compiles the conditions; takes some milliseconds, and a thread of its own.
    pub fn of(body: OfferBody) -> Result<Self, Rejection> {
        let conditions = body.conditions.as_deref().map(compile_all).transpose()?;
        Ok(Self { body, conditions })
    }
}

/// Compiles conditions; refuses all that cannot be, each with its place.
pub fn compile_all(given: &[ConditionInput]) -> Result<Vec<Condition>, Rejection> {
    if given.len() > CONDITIONS {
        return Err(Rejection::field("/conditions", format!("at most {CONDITIONS} conditions are kept")));
    }
    let mut codes = BTreeSet::new();
    let (mut compiled, mut faults) = (Vec::new(), Vec::new());
    for (index, input) in given.iter().enumerate() {
        if !codes.insert(&*input.code) {
            return Err(Rejection::field(format!("/conditions/{index}/code"), "each condition has a code of its own"));
        }
        match compile(&input.expression) {
            Ok(tree) => compiled.push(Condition {
                code: input.code.to_string(),
                expression: input.expression.to_string(),
                tree,
                message: input.message.iter().map(|(locale, text)| (locale.to_string(), text.clone())).collect(),
            }),
            Err(fault) => {
                let refused = fault.refusal(format!("/conditions/{index}/expression"));
                faults.extend(refused.errors.into_iter().map(|fault| (refused.code, fault)));
            }
        }
    }
    match Rejection::all(faults) {
        Some(refused) => Err(refused),
        None => Ok(compiled),
    }
}

/// Puts what was given over what is there, and refuses what cannot be.
pub fn apply(offer: &mut Offer, given: &Checked) -> Result<(), Rejection> {
    let body = &given.body;
    if let Some(name) = &body.name {
        offer.name = name.to_string();
    }
    offer.audience = body.audience.unwrap_or(offer.audience);
    offer.leak = body.leak.unwrap_or(offer.leak);
    let valid = offer.reward.valid;
    if let Some(reward) = &body.reward {
        offer.reward = Json(reward.clone());
        offer.reward.0.valid = reward.valid.or(valid);
    }
    if let Some(valid) = body.valid {
        offer.reward.0.valid = valid;
    }
    if body.reward.is_some() || body.valid.is_some() {
        check_reward(&offer.reward, "/reward")?;
    }
    if let Some(conditions) = &given.conditions {
        let before = std::mem::replace(&mut offer.conditions.0, conditions.clone());
        if offer.version > 0 && before != *conditions {
            offer.conditions_before = Json(Some(before));
        }
    }
    if let Some(targeting) = &body.targeting {
        offer.segments = Json(targeting.segments.clone());
    }
    if let Some(capacity) = body.capacity {
        offer.capacity = capacity.map(|most| within(most, 1, CLAIMS, "/capacity")).transpose()?;
    }
    if let Some(per_customer) = body.per_customer {
        offer.per_customer = within(per_customer, 1, PER_CUSTOMER, "/per_customer")?;
    }
    if let Some(stacking) = &body.stacking {
        offer.stacking = Json(stacking.clone());
    }
    if let Some(content) = &body.content {
        check_content(content)?;
        offer.content.0 = content.iter().map(|(locale, words)| (locale.to_string(), words.clone())).collect();
    }
    offer.starts_at = body.starts_at.unwrap_or(offer.starts_at);
    offer.ends_at = body.ends_at.unwrap_or(offer.ends_at);
    if let (Some(start), Some(end)) = (offer.starts_at, offer.ends_at)
        && end <= start
    {
        return Err(Rejection::field("/ends_at", "an offer must end after it starts"));
    }
    apply_group(offer, body.group.as_ref())?;
    check_worth(offer)
}

fn apply_group(offer: &mut Offer, given: Option<&GroupInput>) -> Result<(), Rejection> {
    if offer.kind == OfferKind::Personal {
        return match given {
            Some(_) => Err(Rejection::field("/group", "only an offer of kind group has it")),
            None => Ok(()),
        };
    }
    if offer.audience == Audience::Share {
        return Err(Rejection::field("/audience", "a group is of those who arrive by one share: arrive is expected"));
    }
    if let Some(given) = given {
        let places = within(given.places, 1, 10_000, "/group/places")?;
        let orders = given.orders.map(|orders| within(orders, 1, places, "/group/orders")).transpose()?;
        if orders.is_some() != given.organiser_reward.is_some() {
            return Err(Rejection::field("/group/orders", "orders and organiser_reward belong together"));
        }
        if let Some(reward) = &given.organiser_reward {
            check_reward(reward, "/group/organiser_reward")?;
        }
        let organiser_reward = given.organiser_reward.clone();
        offer.group_terms = Json(Some(GroupTerms { places, orders, organiser_reward }));
    }
    if offer.per_customer > 1 {
        return Err(Rejection::field("/per_customer", "each of a group takes the offer once: 1 is expected"));
    }
    match &offer.group_terms.0 {
        Some(terms) if terms.orders.is_some() => check_redeemable(&offer.reward),
        Some(_) => Ok(()),
        None => Err(Rejection::field("/group", "an offer for groups says how many places one has")),
    }
}

/// A value of its own: there is no order yet of which it could be a share.
fn check_reward(reward: &Benefit, pointer: &str) -> Result<(), Rejection> {
    if reward.of_order_bps.is_some() {
        return Err(Rejection::field(
            format!("{pointer}/of_order_bps"),
            "an offer belongs to no order; give an amount",
        ));
    }
    if reward.max_amount == Some(Amount(0)) {
        return Err(Rejection::field(format!("{pointer}/max_amount"), "it would never take anything off"));
    }
    match reward.fault() {
        Some((field, fault)) => Err(Rejection::field(format!("{pointer}/{field}"), fault)),
        None => Ok(()),
    }
}

/// Whether somebody has ordered is known by their voucher.
fn check_redeemable(reward: &Benefit) -> Result<(), Rejection> {
    match reward.kind.effect() {
        Effect::OffGoods | Effect::OffShipping => Ok(()),
        _ => {
            let detail =
                "percent_off, amount_off or free_shipping is expected: an order counts when it redeems what was taken";
            Err(Rejection::field("/reward/kind", detail))
        }
    }
}

/// What all claims together may be worth can be counted.
fn check_worth(offer: &Offer) -> Result<(), Rejection> {
    let organisers = offer.group_terms.as_ref().and_then(|terms| terms.organiser_reward.as_ref());
    let cost = offer.reward.cost_for(0).saturating_add(organisers.map_or(0, |reward| reward.cost_for(0)));
    if offer.capacity.is_some_and(|capacity| cost.saturating_mul(capacity) > MAX_AMOUNT) {
        return Err(Rejection::field("/capacity", format!("all claims together are worth at most {MAX_AMOUNT}")));
    }
    if offer.capacity.is_some_and(|capacity| offer.per_customer > capacity) {
        return Err(Rejection::field("/per_customer", "one person cannot take more than there are"));
    }
    Ok(())
}

/// Refuses segments that the shop does not have.
pub fn check_targeting(draft: &Draft<'_>, targeting: Option<&TargetingInput>) -> Result<(), Stop> {
    let Some(targeting) = targeting else { return Ok(()) };
    if targeting.segments.len() > SEGMENTS {
        let detail = format!("at most {SEGMENTS} segments are named");
        return Err(Rejection::field("/targeting/segments", detail).into());
    }
    let found: Vec<_> = targeting.segments.iter().map(|key| draft.find(&Segment::BY_KEY, key)).collect();
    for (index, found) in found.into_iter().enumerate() {
        if found?.is_none() {
            let detail =
                format!("There is no segment {}; PUT /v1/segments/{{key}} makes one.", &*targeting.segments[index]);
            return Err(Rejection::at(Code::SegmentUnknown, format!("/targeting/segments/{index}"), detail).into());
        }
    }
    Ok(())
}

/// The offer that a path names.
pub fn named(draft: &Draft<'_>, id: Id) -> Result<Rc<Offer>, Stop> {
    draft.get::<Offer>(id)?.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such offer.").into())
}

/// Shows an offer as the API does; so many of its claims count.
pub fn show<'o>(draft: &Draft<'_>, offer: &'o Offer, claimed: i64) -> OfferView<'o> {
    let conditions: Vec<Sentence> = offer.conditions.iter().map(|condition| both(&condition.tree)).collect();
    let whole = |language: Language, said: fn(&Sentence) -> &String| {
        let audience = say(language, &format!("offer.for.{}", offer.audience), &[]);
        std::iter::once(&audience).chain(conditions.iter().map(said)).cloned().collect::<Vec<_>>().join("; ")
    };
    let whole = Sentence {
        de: whole(Language::German, |sentence| &sentence.de),
        en: whole(Language::English, |sentence| &sentence.en),
    };
    views::offer::offer(offer, draft.shop.currency, claimed, Sentences { whole, conditions })
}
