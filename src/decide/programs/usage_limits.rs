//! The limits of a reward rule, and what they count: how often a person got its reward, at all or within a month,
//! and how often a friend brought it.

use crate::decide::draft::Draft;
use crate::decide::people::person::{self, Person};
use crate::records::program::{ORDER, RewardOn, RewardRule};
use crate::records::{Id, Program};
use crate::world::Stop;

/// What is counted of a person: how often a program's rule was used for them.
#[derive(Clone, Debug)]
pub struct Usage {
    program: Id,
    rule: u32,
    of: UsageOf,
}

#[derive(Clone, Debug)]
enum UsageOf {
    Friend,
    Customer,
    Month(String),
}

impl Usage {
    /// The counter of one of the person's ids.
    pub fn subject(&self, person: Id) -> String {
        let Self { program, rule, of } = self;
        match of {
            UsageOf::Friend => format!("reward:{program}:{rule}:friend:{person}"),
            UsageOf::Customer => format!("reward:{program}:{rule}:customer:{person}"),
            UsageOf::Month(month) => format!("reward:{program}:{rule}:customer:{person}:{month}"),
        }
    }
}

/// How often a friend brought the reward of a rule.
pub fn friend_usage(program: &Program, rule: &RewardRule) -> Usage {
    Usage { program: program.id, rule: rule.number, of: UsageOf::Friend }
}

/// How often a person got the reward of a rule, at all.
pub fn customer_usage(program: &Program, rule: &RewardRule) -> Usage {
    Usage { program: program.id, rule: rule.number, of: UsageOf::Customer }
}

/// How often a person got the reward of a rule this month.
pub fn month_usage(draft: &Draft<'_>, program: &Program, rule: &RewardRule) -> Usage {
    let month = draft.at().day_in(draft.shop.zone()).format("%Y-%m").to_string();
    Usage { program: program.id, rule: rule.number, of: UsageOf::Month(month) }
}

/// A count that limits a rule.
pub struct Limit {
    /// Of whom it is counted.
    pub person: Person,
    /// What is counted.
    pub usage: Usage,
    /// The most.
    pub cap: i64,
}

impl Limit {
    /// The counter of one of the person's ids.
    pub fn subject(&self, person: Id) -> String {
        self.usage.subject(person)
    }
}

/// The limit of a rule by the friend.
pub fn friend_limit(program: &Program, rule: &RewardRule, friend: Person) -> Limit {
    Limit { person: friend, usage: friend_usage(program, rule), cap: rule.friend_cap() }
}

/// The limits of a rule by the recipient, and by the recipient this month.
pub fn limits(draft: &Draft<'_>, program: &Program, rule: &RewardRule, recipient: Person) -> Vec<Limit> {
    let mut limits = Vec::new();
    if let Some(cap) = rule.max_per_customer {
        limits.push(Limit { person: recipient.clone(), usage: customer_usage(program, rule), cap });
    }
    if let Some(cap) = rule.max_per_customer_per_month {
        limits.push(Limit { person: recipient, usage: month_usage(draft, program, rule), cap });
    }
    limits
}

/// Counts an order that was paid for elsewhere in every rule that pays for orders.
pub fn count_friend_usage(draft: &mut Draft<'_>, program: &Program, friend: &Person) -> Result<(), Stop> {
    for rule in paid_for_orders(program) {
        let usage = friend_usage(program, rule);
        person::add(draft, friend, |id| usage.subject(id), Some(rule.friend_cap()))?;
    }
    Ok(())
}

fn paid_for_orders(program: &Program) -> impl Iterator<Item = &RewardRule> {
    program.rules.rewards.iter().filter(|rule| rule.on == RewardOn::Conversion && rule.counts(ORDER))
}
