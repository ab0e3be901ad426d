//! A conversion, as the API shows it.

use std::rc::Rc;

use serde::Serialize;

use super::event::Payload;
use super::reward::{RewardView, reward};
use super::{Sentence, View};
use crate::records::conversion::{AgeFrom, Considered, ConversionStatus, OrderItem};
use crate::records::event::EventData;
use crate::records::money::Currency;
use crate::records::referral::Method;
use crate::records::why::RefusedReward;
use crate::records::{Conversion, Id, Reward, Timestamp};

/// See the contract's `Conversion`.
#[derive(Serialize)]
pub struct ConversionView<'a> {
    id: Id,
    order_id: &'a str,
    status: ConversionStatus,
    kind: &'a str,
    imported: bool,
    amount: i64,
    base_amount: Option<i64>,
    refunded_amount: i64,
    shipping_amount: i64,
    currency: Currency,
    customer: Option<&'a str>,
    customer_id: Option<Id>,
    items: &'a [OrderItem],
    occurred_at: Timestamp,
    created_at: Timestamp,
    paid_at: Option<Timestamp>,
    delivered_at: Option<Timestamp>,
    cancelled_at: Option<Timestamp>,
    pending_until: Option<Timestamp>,
    overdue: bool,
    approved_at: Option<Timestamp>,
    reason: Option<&'a str>,
    program_version: Option<i64>,
    attribution: AttributionView<'a>,
    screening: Screening,
    rewards: Vec<RewardView<'a>>,
    refused_rewards: &'a [RefusedReward],
}

impl View for ConversionView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for ConversionView<'_> {
    const DATA: EventData = EventData::Conversion;
}

#[derive(Serialize)]
struct AttributionView<'a> {
    method: Method,
    program: Option<Id>,
    advocate: Option<&'a str>,
    advocate_id: Option<Id>,
    share: Option<Id>,
    channel: Option<&'a str>,
    private: Option<bool>,
    depth: Option<i64>,
    age_hours: Option<i64>,
    age_from: Option<AgeFrom>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sentence: Option<Sentence>,
    considered: Vec<ConsideredView<'a>>,
}

#[derive(Serialize)]
struct ConsideredView<'a> {
    #[serde(flatten)]
    loser: &'a Considered,
    #[serde(skip_serializing_if = "Option::is_none")]
    sentence: Option<Sentence>,
}

/// What is said of whom an order is credited to.
pub struct CreditWords {
    /// Who, and why.
    pub sentence: Sentence,
    /// Of each loser, in their order, why.
    pub considered: Vec<Sentence>,
}

#[derive(Serialize)]
struct Screening {
    outcome: &'static str,
    signals: [(); 0],
}

/// Shows a conversion with its rewards.
pub fn conversion<'a>(conversion: &'a Conversion, rewards: &'a [Rc<Reward>]) -> ConversionView<'a> {
    ConversionView {
        id: conversion.id,
        order_id: &conversion.order_id,
        status: conversion.status,
        kind: &conversion.kind,
        imported: conversion.imported,
        amount: conversion.amount,
        base_amount: conversion.base_amount,
        refunded_amount: conversion.refunded_amount,
        shipping_amount: conversion.shipping_amount,
        currency: conversion.currency,
        customer: conversion.customer_ref.as_deref(),
        customer_id: conversion.customer,
        items: &conversion.items,
        occurred_at: conversion.occurred_at,
        created_at: conversion.created_at,
        paid_at: conversion.paid_at,
        delivered_at: conversion.delivered_at,
        cancelled_at: conversion.cancelled_at,
        pending_until: conversion.pending_until,
        overdue: conversion.overdue,
        approved_at: conversion.approved_at,
        reason: conversion.reason.as_deref(),
        program_version: conversion.program_version,
        attribution: AttributionView {
            method: conversion.told_method(),
            program: conversion.program,
            advocate: conversion.advocate_ref.as_deref(),
            advocate_id: conversion.advocate,
            share: conversion.share,
            channel: conversion.channel.as_deref(),
            private: conversion.private,
            depth: conversion.depth,
            age_hours: conversion.age_ms.map(|ms| ms / 3_600_000),
            age_from: conversion.age_from,
            sentence: None,
            considered: conversion.considered.iter().map(|loser| ConsideredView { loser, sentence: None }).collect(),
        },
        screening: Screening { outcome: if conversion.in_review { "review" } else { "allow" }, signals: [] },
        rewards: in_order(rewards).into_iter().map(|each| reward(each)).collect(),
        refused_rewards: &conversion.refused_rewards,
    }
}

/// Shows a conversion alone, and says in words whom it is credited to.
pub fn told<'a>(order: &'a Conversion, rewards: &'a [Rc<Reward>], words: CreditWords) -> ConversionView<'a> {
    let mut view = conversion(order, rewards);
    view.attribution.sentence = Some(words.sentence);
    for (loser, sentence) in view.attribution.considered.iter_mut().zip(words.considered) {
        loser.sentence = Some(sentence);
    }
    view
}

/// Rewards in the order of the rules that gave them; ids give none.
fn in_order(rewards: &[Rc<Reward>]) -> Vec<&Rc<Reward>> {
    let mut rewards: Vec<_> = rewards.iter().collect();
    rewards.sort_by_key(|reward| reward.rule());
    rewards
}
