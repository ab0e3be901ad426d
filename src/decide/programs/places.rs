//! What limits count: the places that rewards of a rule take of a person, of all times or of a month, and of
//! the friend by whom they were earned.

use crate::decide::draft::Draft;
use crate::decide::people::person::{self, Person};
use crate::records::program::{ORDER, RewardOn, RewardRule};
use crate::records::{Id, Program, Tally};
use crate::world::Stop;

/// What is counted of a person: his places in a program's rule.
#[derive(Clone, Debug)]
pub struct Places {
    program: Id,
    rule: u32,
    of: PlacesOf,
}

#[derive(Clone, Debug)]
enum PlacesOf {
    Friend,
    Customer,
    Month(String),
}

impl Places {
    /// The tally of one of the person's ids.
    pub fn subject(&self, person: Id) -> String {
        let Self { program, rule, of } = self;
        match of {
            PlacesOf::Friend => format!("reward:{program}:{rule}:friend:{person}"),
            PlacesOf::Customer => format!("reward:{program}:{rule}:customer:{person}"),
            PlacesOf::Month(month) => format!("reward:{program}:{rule}:customer:{person}:{month}"),
        }
    }
}

/// The count in which a reward takes the place of the friend by whom it was earned.
pub fn friend_places(program: &Program, rule: &RewardRule) -> Places {
    Places { program: program.id, rule: rule.number, of: PlacesOf::Friend }
}

/// The count in which a reward takes a person's place for ever.
pub fn customer_places(program: &Program, rule: &RewardRule) -> Places {
    Places { program: program.id, rule: rule.number, of: PlacesOf::Customer }
}

/// The count in which a reward of now takes a person's place of this month.
pub fn month_places(draft: &Draft<'_>, program: &Program, rule: &RewardRule) -> Places {
    let month = draft.at().day_in(draft.shop.zone()).format("%Y-%m").to_string();
    Places { program: program.id, rule: rule.number, of: PlacesOf::Month(month) }
}

/// A count that limits a rule.
pub struct Limit {
    /// Whose places.
    pub person: Person,
    /// What is counted.
    pub places: Places,
    /// The most.
    pub cap: i64,
}

impl Limit {
    /// The tally of one of the person's ids.
    pub fn subject(&self, person: Id) -> String {
        self.places.subject(person)
    }
}

/// The counts that limit a rule: places of the friend, of the customer, of the customer this month.
pub fn limits(draft: &Draft<'_>, program: &Program, rule: &RewardRule, [friend, recipient]: [Person; 2]) -> Vec<Limit> {
    let places = friend_places(program, rule);
    let mut limits = vec![Limit { person: friend, places, cap: rule.friend_cap() }];
    if let Some(cap) = rule.max_per_customer {
        limits.push(Limit { person: recipient.clone(), places: customer_places(program, rule), cap });
    }
    if let Some(cap) = rule.max_per_customer_per_month {
        limits.push(Limit { person: recipient, places: month_places(draft, program, rule), cap });
    }
    limits
}

/// Takes one of a friend's places in each reward that counts orders, for an order that was paid for elsewhere.
pub fn take_friend_places(draft: &mut Draft<'_>, program: &Program, friend: &Person) -> Result<(), Stop> {
    for rule in paid_for_orders(program) {
        let places = friend_places(program, rule);
        person::add(draft, friend, |id| places.subject(id), Some(rule.friend_cap()))?;
    }
    Ok(())
}

/// Asks for what that will look at. Most people are known under one id, so it is that of which is asked.
pub fn foresee_friend_places(draft: &Draft<'_>, program: &Program, friend: Id) {
    for rule in paid_for_orders(program) {
        draft.foresee::<Tally>(Tally::id_of(draft.shop.id, &friend_places(program, rule).subject(friend)));
    }
}

fn paid_for_orders(program: &Program) -> impl Iterator<Item = &RewardRule> {
    program.rules.rewards.iter().filter(|rule| rule.on == RewardOn::Conversion && rule.counts(ORDER))
}
