//! All that is held of one customer, as he may have it: everything of his own, and nothing that
//! tells who the others are.

use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::ledger::BalanceView;
use crate::records::analytics_ids::Ids;
use crate::records::audit::Actor;
use crate::records::identity::IdentityKind;
use crate::records::redemption::RedeemedLine;
use crate::records::{
    Admission, AnalyticsIds, Claim, Conversion, Grant, Hold, Id, Identity, Redemption, Referral, Refund, Reward,
    Timestamp, Voucher,
};

/// See the contract's `CustomerExport`.
#[derive(Serialize)]
pub struct ExportView<'a> {
    /// When it was put together.
    pub exported_at: Timestamp,
    /// The customer.
    pub customer: Box<RawValue>,
    /// Those who were merged into him.
    pub merged: Vec<Box<RawValue>>,
    /// By what he is known again.
    pub identities: Vec<IdentityView>,
    /// His codes.
    pub codes: Vec<Box<RawValue>>,
    /// His shares.
    pub shares: Vec<Box<RawValue>>,
    /// Who brought him is not told.
    pub referrals_as_friend: Vec<ReferralSide<'a>>,
    /// Whom he brought is not told.
    pub referrals_as_advocate: Vec<ReferralSide<'a>>,
    /// His orders.
    pub conversions: Vec<Value>,
    /// What he sent back.
    pub refunds: Vec<Value>,
    /// Orders of others for which he was credited; no more than that there were some.
    pub conversions_as_advocate: Vec<ConversionSide<'a>>,
    /// What he earned.
    pub rewards: Vec<Box<RawValue>>,
    /// What he was given.
    pub grants: Vec<Box<RawValue>>,
    /// Offers that they took; whose share it was is not told.
    pub claims: Vec<Box<RawValue>>,
    /// Offers that others took who came by them; no more than that there were some.
    pub claims_as_advocate: Vec<ClaimSide<'a>>,
    /// Segments on whose lists they are.
    pub members: Vec<Box<RawValue>>,
    /// His vouchers; their codes in full for who may redeem.
    pub vouchers: Vec<Box<RawValue>>,
    /// When they were let in where.
    pub admissions: Vec<AdmissionView>,
    /// What he redeemed.
    pub redemptions: Vec<Box<RawValue>>,
    /// What was set aside for him.
    pub holds: Vec<Box<RawValue>>,
    /// His store credit.
    pub balance: BalanceView<'a>,
    /// How it came to be.
    pub entries: Vec<Box<RawValue>>,
    /// What the shop's analytics call their browsers, as long as it is kept.
    pub analytics_ids: Vec<Box<RawValue>>,
    /// That an address of theirs takes no mails.
    pub suppressions: Vec<Box<RawValue>>,
    /// Mails to him.
    pub messages: Vec<Box<RawValue>>,
}

/// What came with an order or a referral.
#[derive(Serialize)]
pub struct AnalyticsIdsView<'a> {
    subject: Id,
    #[serde(flatten)]
    ids: Option<&'a Ids>,
    kept_until: Timestamp,
}

/// Shows the ids that are kept.
pub fn analytics_ids(known: &AnalyticsIds) -> AnalyticsIdsView<'_> {
    AnalyticsIdsView { subject: known.subject, ids: known.ids.as_ref(), kept_until: known.kept_until }
}

/// An address by which he is known again; only its keyed hash is kept, which would tell nobody anything.
#[derive(Serialize)]
pub struct IdentityView {
    kind: IdentityKind,
    created_at: Timestamp,
}

/// Shows that there is an identity.
pub fn identity(identity: &Identity) -> IdentityView {
    IdentityView { kind: identity.kind, created_at: identity.created_at }
}

/// One's own side of a referral.
#[derive(Serialize)]
pub struct ReferralSide<'a> {
    id: Id,
    program: Id,
    share: Option<Id>,
    channel: Option<&'a str>,
    method: &'static str,
    status: &'static str,
    created_at: Timestamp,
    expires_at: Timestamp,
}

/// Shows a referral to one side of it.
pub fn referral(referral: &Referral) -> ReferralSide<'_> {
    ReferralSide {
        id: referral.id,
        program: referral.program,
        share: referral.share,
        channel: referral.channel.as_deref(),
        method: referral.method.as_str(),
        status: referral.status.as_str(),
        created_at: referral.created_at,
        expires_at: referral.expires_at,
    }
}

/// An advocate's side of an order.
#[derive(Serialize)]
pub struct ConversionSide<'a> {
    id: Id,
    program: Option<Id>,
    share: Option<Id>,
    channel: Option<&'a str>,
    method: &'static str,
    status: &'static str,
    created_at: Timestamp,
}

/// Shows an order to the advocate to whom it is credited.
pub fn credited(conversion: &Conversion) -> ConversionSide<'_> {
    ConversionSide {
        id: conversion.id,
        program: conversion.program,
        share: conversion.share,
        channel: conversion.channel.as_deref(),
        method: conversion.told_method().as_str(),
        status: conversion.status.as_str(),
        created_at: conversion.created_at,
    }
}

/// An advocate's side of a claim.
#[derive(Serialize)]
pub struct ClaimSide<'a> {
    id: Id,
    offer: Id,
    program: Id,
    share: Option<Id>,
    channel: Option<&'a str>,
    created_at: Timestamp,
}

/// Shows a claim to the advocate by whom it came about.
pub fn claimed(claim: &Claim) -> ClaimSide<'_> {
    ClaimSide {
        id: claim.id,
        offer: claim.offer,
        program: claim.program,
        share: claim.share,
        channel: claim.channel.as_deref(),
        created_at: claim.created_at,
    }
}

/// Shows an order to him who placed it: who recommended the shop to him, or would have, is not told.
pub fn ordered(conversion: &Conversion) -> Value {
    let mut own = conversion.clone();
    own.advocate = None;
    own.advocate_ref = None;
    own.considered.0.clear();
    without_rewards(&super::conversion::conversion(&own, &[]))
}

/// A redemption as he may have it: by whose recommendation it cost less is not told.
pub fn redeemed(redemption: &Redemption) -> Redemption {
    let mut own = redemption.clone();
    own.lines.0.iter_mut().for_each(without_advocate);
    own
}

/// A hold as he may have it.
pub fn held(hold: &Hold) -> Hold {
    let mut own = hold.clone();
    own.lines.0.iter_mut().for_each(without_advocate);
    own
}

/// An advocate's code is made of her name.
fn without_advocate(line: &mut RedeemedLine) {
    if let Some(recommendation) = &mut line.recommendation {
        recommendation.advocate_ref = None;
        line.code_box = None;
        line.code_hint = None;
    }
}

/// A reward as he may have it: staff who had a hand in it stay nameless.
pub fn earned(reward: &Reward) -> Reward {
    let mut own = reward.clone();
    for step in &mut own.history.0 {
        step.who = nameless(&step.who);
    }
    own
}

/// A grant as he may have it.
pub fn given(grant: &Grant) -> Grant {
    let mut own = grant.clone();
    own.by_actor.0 = nameless(&own.by_actor);
    own.approved_by.0 = own.approved_by.as_ref().map(nameless);
    own.decided_by.0 = own.decided_by.as_ref().map(nameless);
    own
}

/// That they were let in by a pass of theirs: by whom is not told.
#[derive(Serialize)]
pub struct AdmissionView {
    voucher: Id,
    at: Timestamp,
    gate: String,
}

/// Shows each time that people were let in by a pass.
pub fn admitted(admission: &Admission) -> Vec<AdmissionView> {
    let times = std::iter::once(&admission.first.0).chain(admission.others.iter());
    times.map(|time| AdmissionView { voucher: admission.voucher, at: time.at, gate: time.gate.clone() }).collect()
}

/// A voucher as they may have it.
pub fn owned(voucher: &Voucher) -> Voucher {
    let mut own = voucher.clone();
    own.asked_by.0 = own.asked_by.as_ref().map(nameless);
    own
}

fn nameless(actor: &Actor) -> Actor {
    Actor { id: None, name: actor.kind.as_str().to_owned(), ..actor.clone() }
}

/// Shows a refund of such an order.
pub fn returned(refund: &Refund, order_id: &str) -> Value {
    without_rewards(&super::refund::refund(refund, order_id))
}

/// His own rewards stand apart; the others' are not his to have.
fn without_rewards(view: &impl Serialize) -> Value {
    let mut shown = serde_json::to_value(view).unwrap_or_default();
    if let Some(fields) = shown.as_object_mut() {
        fields.remove("rewards");
    }
    shown
}
