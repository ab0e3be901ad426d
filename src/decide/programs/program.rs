//! A program's rules as a request gives them, checked.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde::Deserialize;

use crate::decide::draft::Draft;
use crate::decide::input::nullable::nullable;
use crate::decide::input::range::within;
use crate::decide::input::url;
use crate::decide::programs::rule_identity;
use crate::records::benefit::{Benefit, BenefitKind, Effect, Valid};
use crate::records::money::Amount;
use crate::records::pass::EventDetails;
use crate::records::program::{
    Approval, Attribution, Content, Model, ORDER, PendingFrom, ProgramStatus, Qualifying, RewardOn, RewardRule, Rules,
    Side,
};
use crate::records::text::{Locale, Name, NotSupported, Prose, Reference, Slug, Text};
use crate::records::trial::{LEAST_PERCENT, MOST_PERCENT, TRIALS};
use crate::records::{Id, Program, Shop, Timestamp};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// Rewards of one program.
pub const REWARDS: usize = 20;
/// Numbers of friends of one milestone.
const MILESTONES: usize = 20;
/// Friends of a milestone at most.
const FRIENDS: i64 = 10_000;
/// Kinds of conversions that one reward counts.
const KINDS: usize = 20;
/// Languages of one program.
const LOCALES: usize = 30;
/// Longest wait or window, days.
const DAYS: i64 = 3650;

/// Who gets the credit.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributionInput {
    /// Days; 1 to 3 650, default 90.
    pub window_days: Option<i64>,
    /// Days; 1 to 3 650, default 90.
    pub credit_window_days: Option<i64>,
    /// Default `first`.
    pub model: Option<Model>,
}

/// Which orders count.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QualifyingInput {
    /// Minor units, default 0.
    pub min_order_amount: Option<Amount>,
    /// Default true.
    pub new_customers_only: Option<bool>,
    /// Later; an empty list is allowed.
    #[serde(default)]
    pub conditions: Vec<NotSupported>,
}

/// The cap.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetInput {
    /// Minor units; `null`: no cap.
    pub amount: Option<Amount>,
}

/// What one side gets.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RewardInput {
    /// For whom.
    pub to: Side,
    /// For what.
    pub on: RewardOn,
    /// What.
    pub kind: BenefitKind,
    /// See [`Benefit`].
    pub amount: Option<Amount>,
    /// See [`Benefit`].
    pub rate_bps: Option<i64>,
    /// See [`Benefit`].
    pub of_order_bps: Option<i64>,
    /// See [`Benefit`].
    pub max_amount: Option<Amount>,
    /// See [`Benefit`].
    pub cost_amount: Option<Amount>,
    /// See [`Benefit`].
    pub min_order_amount: Option<Amount>,
    /// See [`Benefit`].
    pub valid: Option<Valid>,
    /// 1 or more.
    pub max_per_customer: Option<i64>,
    /// 1 or more.
    pub max_per_customer_per_month: Option<i64>,
    /// 1 or more, default 1; only on conversion.
    pub max_per_friend: Option<i64>,
    /// Kinds of conversions that count, default `order`; only on conversion.
    pub kinds: Option<Vec<Slug>>,
    /// 1 to 20 numbers of friends, ascending, each 1 to 10 000; only on milestone.
    pub at: Option<Vec<i64>>,
    /// 1 to 10 000 friends; only on milestone, instead of `at`.
    pub every: Option<i64>,
    /// See [`Benefit`].
    pub sku: Option<Reference>,
    /// See [`Benefit`].
    pub name: Option<Name>,
    /// See [`Benefit`].
    pub description: Option<Prose>,
    /// See [`Benefit`].
    pub event: Option<EventDetails>,
    /// See [`Benefit`].
    pub seats: Option<i64>,
}

/// The fields of a program that a request may give.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgramBody {
    /// Its name.
    pub name: Option<Text<1, 200>>,
    /// Unique in the shop; made of the name when left out.
    pub slug: Option<Slug>,
    /// `draft` or, at creation, `active`.
    pub status: Option<ProgramStatus>,
    /// Where its links lead.
    pub landing_url: Option<Text<1, 2000>>,
    /// -1 000 000 to 1 000 000, default 0.
    pub priority: Option<i64>,
    /// Counts from here.
    #[serde(default, deserialize_with = "nullable")]
    pub starts_at: Option<Option<Timestamp>>,
    /// Counts until here.
    #[serde(default, deserialize_with = "nullable")]
    pub ends_at: Option<Option<Timestamp>>,
    /// Who gets the credit.
    pub attribution: Option<AttributionInput>,
    /// Which orders count.
    pub qualifying: Option<QualifyingInput>,
    /// 0 to 3 650, default 30.
    pub pending_days: Option<i64>,
    /// Default `payment`.
    pub pending_from: Option<PendingFrom>,
    /// Default `auto`.
    pub approval: Option<Approval>,
    /// What is paid, in this order.
    pub rewards: Option<Vec<RewardInput>>,
    /// The cap.
    pub budget: Option<BudgetInput>,
    /// Later.
    pub limits: Option<NotSupported>,
    /// Words by locale.
    pub content: Option<BTreeMap<Locale, Content>>,
    /// Advocates who are kept without an offer, percent: 2 to 50, default 0, nobody.
    pub hold_out_percent: Option<i64>,
}

/// The rules of a program for which nothing was said.
pub fn default_rules() -> Rules {
    Rules {
        attribution: Attribution { window_days: 90, credit_window_days: 90, model: Model::First },
        qualifying: Qualifying { min_order_amount: 0, new_customers_only: true },
        pending_days: 30,
        pending_from: PendingFrom::Payment,
        approval: Approval::Auto,
        rewards: Vec::new(),
        former: Vec::new(),
        budget_amount: None,
    }
}

/// Puts what was given over what is there, and refuses what cannot be.
pub fn apply(program: &mut Program, body: &ProgramBody, shop: &Shop, at: Timestamp) -> Result<(), Rejection> {
    if let Some(name) = &body.name {
        program.name = name.to_string();
    }
    if let Some(priority) = body.priority {
        program.priority = within(priority, -1_000_000, 1_000_000, "/priority")?;
    }
    if let Some(landing) = &body.landing_url {
        url::check_landing(landing, shop, "/landing_url")?;
        program.landing_url = landing.to_string();
    }
    if let Some(starts_at) = body.starts_at {
        program.starts_at = starts_at;
    }
    if let Some(ends_at) = body.ends_at {
        program.ends_at = ends_at;
    }
    if let (Some(start), Some(end)) = (program.starts_at, program.ends_at)
        && end <= start
    {
        return Err(Rejection::field("/ends_at", "a program must end after it starts"));
    }
    if let Some(content) = &body.content {
        check_content(content)?;
        program.content.0 = content.iter().map(|(locale, words)| (locale.to_string(), words.clone())).collect();
    }
    if let Some(percent) = body.hold_out_percent {
        hold_out(program, percent, at)?;
    }
    apply_rules(&mut program.rules.0, body)
}

/// Whoever began before keeps what they were promised, and who was held out stays so: the change is for who begins later.
fn hold_out(program: &mut Program, percent: i64, at: Timestamp) -> Result<(), Rejection> {
    let place = "/hold_out_percent";
    if percent != 0 {
        within(percent, LEAST_PERCENT, MOST_PERCENT, place)
            .map_err(|_| Rejection::field(place, format!("0, or {LEAST_PERCENT} to {MOST_PERCENT}, is expected")))?;
    }
    program.hold_out(percent, at);
    if program.trials.len() > TRIALS {
        let detail = format!("a program holds out anew at most {TRIALS} times: begin another program");
        return Err(Rejection::field(place, detail));
    }
    Ok(())
}

fn apply_rules(rules: &mut Rules, body: &ProgramBody) -> Result<(), Rejection> {
    if let Some(given) = &body.attribution {
        let old = &mut rules.attribution;
        old.window_days = within(given.window_days.unwrap_or(old.window_days), 1, DAYS, "/attribution/window_days")?;
        old.credit_window_days = within(
            given.credit_window_days.unwrap_or(old.credit_window_days),
            1,
            DAYS,
            "/attribution/credit_window_days",
        )?;
        old.model = given.model.unwrap_or(old.model);
    }
    if let Some(given) = &body.qualifying {
        let old = &mut rules.qualifying;
        old.min_order_amount = given.min_order_amount.map_or(old.min_order_amount, |amount| amount.0);
        old.new_customers_only = given.new_customers_only.unwrap_or(old.new_customers_only);
    }
    if let Some(days) = body.pending_days {
        rules.pending_days = within(days, 0, DAYS, "/pending_days")?;
    }
    rules.pending_from = body.pending_from.unwrap_or(rules.pending_from);
    rules.approval = body.approval.unwrap_or(rules.approval);
    if let Some(budget) = &body.budget {
        rules.budget_amount = budget.amount.map(|amount| amount.0);
    }
    if let Some(rewards) = &body.rewards {
        if rewards.len() > REWARDS {
            return Err(Rejection::field("/rewards", format!("at most {REWARDS} rewards are paid by one program")));
        }
        let is_second = |reward: &RewardInput| reward.on == RewardOn::Checkout;
        if let Some((index, _)) = rewards.iter().enumerate().filter(|(_, reward)| is_second(reward)).nth(1) {
            return Err(Rejection::field(
                format!("/rewards/{index}/on"),
                "one discount on checkout is given by one program",
            ));
        }
        let given = rewards.iter().enumerate().map(|(index, reward)| rule(index, reward)).collect::<Result<_, _>>()?;
        rule_identity::replace(rules, given);
    }
    Ok(())
}

fn rule(index: usize, given: &RewardInput) -> Result<RewardRule, Rejection> {
    let place = |field: &str| format!("/rewards/{index}/{field}");
    if matches!(given.on, RewardOn::Grant | RewardOn::Offer) {
        let detail = "conversion, referral, checkout or milestone is expected; grants are given by hand, offers have rewards of their own";
        return Err(Rejection::field(place("on"), detail));
    }
    if given.on == RewardOn::Referral && given.to == Side::Advocate {
        return Err(Rejection::field(place("to"), "a reward on referral is for the friend"));
    }
    if given.on == RewardOn::Referral && given.of_order_bps.is_some() {
        return Err(Rejection::field(place("of_order_bps"), "there is no order yet when a referral is made"));
    }
    if given.on == RewardOn::Checkout {
        check_checkout(given, &place)?;
    }
    check_milestone(given, &place)?;
    for (field, limit) in [
        ("max_per_friend", given.max_per_friend),
        ("max_per_customer", given.max_per_customer),
        ("max_per_customer_per_month", given.max_per_customer_per_month),
    ] {
        if let Some(limit) = limit {
            within(limit, 1, 1_000_000, &place(field))?;
        }
    }
    let is_order = given.on == RewardOn::Conversion;
    check_kinds(given, is_order, &place)?;
    let benefit = Benefit {
        kind: given.kind,
        amount: given.amount,
        rate_bps: given.rate_bps,
        of_order_bps: given.of_order_bps,
        max_amount: given.max_amount,
        cost_amount: given.cost_amount,
        valid: given.valid,
        min_order_amount: given.min_order_amount,
        sku: given.sku.clone(),
        name: given.name.clone(),
        description: given.description.clone(),
        event: given.event.clone(),
        seats: given.seats,
    };
    if let Some((field, fault)) = benefit.fault() {
        return Err(Rejection::field(place(field), fault));
    }
    Ok(RewardRule {
        number: 0,
        to: given.to,
        on: given.on,
        benefit,
        kinds: is_order.then(|| given.kinds.clone().unwrap_or_else(only_orders)),
        max_per_friend: is_order.then(|| given.max_per_friend.unwrap_or(1)),
        at: given.at.clone(),
        every: given.every,
        max_per_customer: given.max_per_customer,
        max_per_customer_per_month: given.max_per_customer_per_month,
    })
}

/// A discount in the friend's own order: no voucher, no waiting, and what it takes off is what it costs.
fn check_checkout(given: &RewardInput, place: &impl Fn(&str) -> String) -> Result<(), Rejection> {
    if given.to == Side::Advocate {
        return Err(Rejection::field(place("to"), "a discount on checkout is the friend's, in his own order"));
    }
    if !matches!(given.kind.effect(), Effect::OffGoods | Effect::OffShipping) {
        return Err(Rejection::field(
            place("kind"),
            "percent_off, amount_off or free_shipping is expected on checkout",
        ));
    }
    if given.valid.is_some() {
        return Err(Rejection::field(place("valid"), "there is no voucher that could lapse; leave this out"));
    }
    if given.cost_amount.is_some() {
        return Err(Rejection::field(
            place("cost_amount"),
            "what is really taken off is what it costs; leave this out",
        ));
    }
    Ok(())
}

/// A milestone is the advocate's, at some numbers of friends or after every so many.
fn check_milestone(given: &RewardInput, place: &impl Fn(&str) -> String) -> Result<(), Rejection> {
    let refuse = |field: &str, detail: &str| Err(Rejection::field(place(field), detail));
    if given.on != RewardOn::Milestone {
        let stray = [("at", given.at.is_some()), ("every", given.every.is_some())].into_iter().find(|(_, is)| *is);
        return stray.map_or(Ok(()), |(field, _)| refuse(field, "only a reward on milestone has it"));
    }
    if given.to == Side::Friend {
        return refuse("to", "a milestone is the advocate's, for so many friends");
    }
    if given.of_order_bps.is_some() {
        return refuse("of_order_bps", "many orders make a milestone; say an amount");
    }
    match (&given.at, given.every) {
        (None, None) => refuse("at", "say at how many friends, as [3, 10], or after every so many by `every`"),
        (Some(_), Some(_)) => refuse("every", "one of `at` and `every` is expected"),
        (None, Some(every)) => within(every, 1, FRIENDS, &place("every")).map(|_| ()),
        (Some(at), None) => check_numbers(at, place),
    }
}

fn check_numbers(at: &[i64], place: &impl Fn(&str) -> String) -> Result<(), Rejection> {
    if !(1..=MILESTONES).contains(&at.len()) {
        return Err(Rejection::field(place("at"), format!("1 to {MILESTONES} numbers of friends are expected")));
    }
    for (index, number) in at.iter().enumerate() {
        let here = place(&format!("at/{index}"));
        within(*number, 1, FRIENDS, &here)?;
        match at[..index].last() {
            Some(last) if last == number => return Err(Rejection::field(here, "this number is there already")),
            Some(last) if last > number => return Err(Rejection::field(here, "the numbers are expected to rise")),
            _ => {}
        }
    }
    Ok(())
}

/// Kinds and the friend's places belong to orders.
fn check_kinds(given: &RewardInput, is_order: bool, place: &dyn Fn(&str) -> String) -> Result<(), Rejection> {
    if !is_order && given.max_per_friend.is_some() {
        return Err(Rejection::field(place("max_per_friend"), "only a reward on conversion has it"));
    }
    let Some(kinds) = &given.kinds else { return Ok(()) };
    if !is_order {
        return Err(Rejection::field(place("kinds"), "only a reward on conversion has them"));
    }
    if !(1..=KINDS).contains(&kinds.len()) {
        return Err(Rejection::field(place("kinds"), format!("1 to {KINDS} kinds are expected")));
    }
    Ok(())
}

fn only_orders() -> Vec<Slug> {
    Slug::parse(ORDER).into_iter().collect()
}

/// Refuses words that are in too many languages, or link to what is no web page.
pub(crate) fn check_content(content: &BTreeMap<Locale, Content>) -> Result<(), Rejection> {
    if content.len() > LOCALES {
        return Err(Rejection::field("/content", format!("at most {LOCALES} languages are kept")));
    }
    for (locale, words) in content {
        for (field, link) in [("image_url", &words.image_url), ("terms_url", &words.terms_url)] {
            if let Some(link) = link
                && !url::is_web(link)
            {
                let pointer = format!("/content/{}/{field}", &**locale);
                return Err(Rejection::at(Code::InvalidField, pointer, "an absolute https URL is expected"));
            }
        }
    }
    Ok(())
}

/// The program with this id or slug.
pub fn named(draft: &Draft<'_>, text: &str) -> Result<Option<Rc<Program>>, Stop> {
    match Id::parse("prg", text) {
        Some(id) => draft.get::<Program>(id),
        None => draft.find(&Program::BY_SLUG, text),
    }
}

/// The same; refuses when there is none.
pub fn known(draft: &Draft<'_>, text: &str, pointer: &str) -> Result<Rc<Program>, Stop> {
    named(draft, text)?.ok_or_else(|| {
        let detail = format!("There is no program {text}; GET /v1/programs lists them.");
        Rejection::at(Code::ProgramUnknown, pointer, detail).into()
    })
}

/// Refuses what only an active program gives: codes and shares.
pub fn check_open(draft: &Draft<'_>, program: &Program) -> Result<(), Rejection> {
    let is_over = program.ends_at.is_some_and(|end| end <= draft.at());
    let detail = match program.status {
        ProgramStatus::Active if is_over => format!("The program {} has ended; change its ends_at.", program.slug),
        ProgramStatus::Active => return Ok(()),
        status => format!("The program {} is {status}; POST /v1/programs/{}/activate first.", program.slug, program.id),
    };
    Err(Rejection::new(Code::ProgramNotActive, detail))
}
