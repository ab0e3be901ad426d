//! A program, as the API shows it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::View;
use super::event::Payload;
use crate::records::benefit::Benefit;
use crate::records::event::EventData;
use crate::records::money::Currency;
use crate::records::program::{Approval, Attribution, Content, PendingFrom, ProgramStatus, RewardOn, RewardRule, Side};
use crate::records::text::Slug;
use crate::records::{Id, Program, Timestamp};

/// See the contract's `Program`.
#[derive(Serialize)]
pub struct ProgramView<'a> {
    id: Id,
    name: &'a str,
    slug: &'a str,
    status: ProgramStatus,
    version: i64,
    landing_url: &'a str,
    priority: i64,
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
    attribution: &'a Attribution,
    qualifying: QualifyingView,
    pending_days: i64,
    pending_from: PendingFrom,
    approval: Approval,
    rewards: Vec<RuleView>,
    budget: BudgetView,
    hold_out_percent: i64,
    content: &'a BTreeMap<String, Content>,
    created_at: Timestamp,
    activated_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    notice: &'a BTreeMap<String, String>,
}

impl View for ProgramView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for ProgramView<'_> {
    const DATA: EventData = EventData::Program;
}

/// What one side gets, as the program's list was given: under which number it is counted is not told.
#[derive(Serialize)]
pub struct RuleView {
    to: Side,
    on: RewardOn,
    #[serde(flatten)]
    benefit: Benefit,
    #[serde(skip_serializing_if = "Option::is_none")]
    kinds: Option<Vec<Slug>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_per_friend: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Vec<i64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    every: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_per_customer: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_per_customer_per_month: Option<i64>,
}

/// Shows a reward of a program.
pub fn rule(rule: &RewardRule) -> RuleView {
    RuleView {
        to: rule.to,
        on: rule.on,
        benefit: rule.benefit.clone(),
        kinds: rule.kinds.clone(),
        max_per_friend: rule.max_per_friend,
        at: rule.at.clone(),
        every: rule.every,
        max_per_customer: rule.max_per_customer,
        max_per_customer_per_month: rule.max_per_customer_per_month,
    }
}

#[derive(Serialize)]
struct QualifyingView {
    min_order_amount: i64,
    new_customers_only: bool,
    conditions: [(); 0],
}

/// A budget: cap and use, minor units.
#[derive(Serialize)]
pub struct BudgetView {
    amount: Option<i64>,
    used: i64,
    currency: Currency,
    left: Option<i64>,
}

/// Shows a program. `used` is what its budget's account has paid out, minor units.
pub fn program(program: &Program, currency: Currency, used: i64) -> ProgramView<'_> {
    let rules = &program.rules;
    ProgramView {
        id: program.id,
        name: &program.name,
        slug: &program.slug,
        status: program.status,
        version: program.version.max(1),
        landing_url: &program.landing_url,
        priority: program.priority,
        starts_at: program.starts_at,
        ends_at: program.ends_at,
        attribution: &rules.attribution,
        qualifying: QualifyingView {
            min_order_amount: rules.qualifying.min_order_amount,
            new_customers_only: rules.qualifying.new_customers_only,
            conditions: [],
        },
        pending_days: rules.pending_days,
        pending_from: rules.pending_from,
        approval: rules.approval,
        rewards: rules.rewards.iter().map(rule).collect(),
        budget: BudgetView {
            amount: rules.budget_amount,
            used,
            currency,
            left: rules.budget_amount.map(|cap| cap - used),
        },
        hold_out_percent: program.trial().map_or(0, |trial| trial.percent),
        content: &program.content,
        created_at: program.created_at,
        activated_at: program.activated_at,
        ended_at: program.ended_at,
        notice: &program.notice,
    }
}
