//! The discount `on: checkout` of an advocate's program, and how often a person gets it.

use std::rc::Rc;

use crate::decide::draft::Draft;
use crate::decide::people::person::{self, Person};
use crate::decide::programs::usage_limits::{Usage, customer_usage, month_usage};
use crate::decide::referrals::evidence::Candidate;
use crate::records::program::{RewardOn, RewardRule};
use crate::records::redemption::Recommendation;
use crate::records::{Id, Program, Tally};
use crate::world::Stop;

/// Discounts of one rule for one person, unless the rule says otherwise.
pub const PER_PERSON: i64 = 1;

/// A discount that somebody's recommendation gives.
#[derive(Clone)]
pub struct CheckoutDiscount {
    /// By whom, by what, in which program.
    pub candidate: Candidate,
    /// The rule that gives it.
    pub rule: RewardRule,
}

impl CheckoutDiscount {
    /// The program that gives it.
    pub fn program(&self) -> &Rc<Program> {
        &self.candidate.program
    }

    /// What it gives.
    pub fn rule(&self) -> &RewardRule {
        &self.rule
    }

    /// As it is noted in a redemption.
    pub fn noted(&self) -> Recommendation {
        let Candidate { program, advocate, advocate_ref, method, share, naked, .. } = &self.candidate;
        Recommendation {
            program: program.id,
            advocate: *advocate,
            advocate_ref: advocate_ref.clone(),
            method: *method,
            share: share.as_ref().map(|share| share.id),
            naked: *naked,
            counted_by: Vec::new(),
        }
    }

    /// What a person's discounts are counted in.
    pub fn counter_id(&self, draft: &Draft<'_>, person: Id) -> Id {
        counter_id(draft, self.program(), &self.rule, person)
    }

    /// What a person's discounts are counted in, and the most of each.
    pub fn limits(&self, draft: &Draft<'_>) -> Vec<(Usage, i64)> {
        limits(draft, self.program(), &self.rule)
    }
}

/// What a person's discounts are counted in, and the most of each.
pub fn limits(draft: &Draft<'_>, program: &Program, rule: &RewardRule) -> Vec<(Usage, i64)> {
    let ever = (customer_usage(program, rule), rule.max_per_customer.unwrap_or(PER_PERSON));
    let this_month = rule.max_per_customer_per_month.map(|cap| (month_usage(draft, program, rule), cap));
    std::iter::once(ever).chain(this_month).collect()
}

/// What a person's discounts of a program are counted in, where no more of them fits.
pub fn full_counters(draft: &Draft<'_>, program: &Program, person: &Person) -> Result<Vec<Id>, Stop> {
    let Some(rule) = rule_of(program) else { return Ok(Vec::new()) };
    let limits = limits(draft, program, rule);
    let taken: Vec<i64> = limits
        .iter()
        .map(|(usage, _)| person::count(draft, person, |id| usage.subject(id)))
        .collect::<Result<_, _>>()?;
    let is_full = limits.iter().zip(taken).any(|((_, cap), taken)| taken >= *cap);
    Ok(person.ids().filter(|_| is_full).map(|id| counter_id(draft, program, rule, id)).collect())
}

/// What the discounts of a rule are counted in for a person.
fn counter_id(draft: &Draft<'_>, program: &Program, rule: &RewardRule, person: Id) -> Id {
    let ever = customer_usage(program, rule);
    Tally::id_of(draft.shop.id, &ever.subject(person))
}

/// The discount `on: checkout` that somebody's recommendation gives.
pub fn rule_for(candidate: &Candidate) -> Option<&RewardRule> {
    rule_of(&candidate.program).filter(|_| !candidate.is_held_out())
}

/// The discount `on: checkout` of a program.
pub fn rule_of(program: &Program) -> Option<&RewardRule> {
    program.rules.rewards.iter().find(|rule| rule.on == RewardOn::Checkout)
}
