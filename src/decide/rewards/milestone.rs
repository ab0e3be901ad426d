//! Milestones: what an advocate gets for so many different friends of whom an order was approved and is kept.
//!
//! An order counts for its advocate and its friend, as the persons they were known as when it began to. A friend counts
//! while one of their orders does. Who turns out later to be two that were counted has been counted twice, and stays so.
//! At each number there is one reward that lives: when the friends become fewer, what was given at the last of them is
//! taken back as far as it is unspent, and only then can be earned anew.
//!
//! A program without a milestone counts nobody: nothing is written for its orders.

use std::fmt;
use std::rc::Rc;

use crate::decide::counter;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::people::person::{self, Person};
use crate::decide::programs::usage_limits::limits;
use crate::decide::rewards::clawback::claw_back;
use crate::decide::rewards::reward::{Award, Origin, Wait, give};
use crate::decide::rewards::voiding::Because;
use crate::records::program::{RewardRule, Side};
use crate::records::reward::RewardStatus;
use crate::records::trial::is_held_out;
use crate::records::why::RefusedReward;
use crate::records::{Conversion, Customer, Id, Program, Reward};
use crate::world::Stop;

/// Two persons whom an order counts for in a program; its text names the tally of their kept orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pair {
    program: Id,
    advocate: Id,
    friend: Id,
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { program, advocate, friend } = self;
        write!(f, "kept:{program}:{advocate}:{friend}")
    }
}

impl Pair {
    fn parse(text: &str) -> Option<Self> {
        let mut ids = text.strip_prefix("kept:")?.split(':').map(|id| id.parse().ok());
        Some(Self { program: ids.next()??, advocate: ids.next()??, friend: ids.next()?? })
    }
}

/// The tally of a person's friends.
fn friends_subject(program: Id, advocate: Id) -> String {
    format!("friends:{program}:{advocate}")
}

/// How many friends somebody has won for a program's milestones.
pub fn friends(draft: &Draft<'_>, program: Id, advocate: &Person) -> Result<i64, Stop> {
    Ok(friends_by_id(draft, program, advocate)?.into_iter().map(|(_, friends)| friends).sum())
}

fn friends_by_id(draft: &Draft<'_>, program: Id, advocate: &Person) -> Result<Vec<(Id, i64)>, Stop> {
    person::counts(draft, advocate.own_ids(), |id| friends_subject(program, id))
}

/// Those whom a kept order counts for.
struct Counting {
    program: Rc<Program>,
    advocate: Rc<Customer>,
    person: Person,
    friend: Person,
}

impl Counting {
    /// Nobody, unless an order is kept and its program has a milestone.
    fn of(draft: &Draft<'_>, order: &Conversion) -> Result<Option<Self>, Stop> {
        let (Some(program), Some(advocate), Some(friend)) = (order.program, order.advocate, order.customer) else {
            return Ok(None);
        };
        if !order.is_kept(draft.shop.currency) || is_held_out(order.arm) {
            return Ok(None);
        }
        let program = draft.expect::<Program>(program)?;
        if program.rules.milestones().next().is_none() {
            return Ok(None);
        }
        let (advocate, friend) = (customer_lookup::current(draft, advocate), customer_lookup::current(draft, friend));
        let (advocate, friend) = (advocate?, friend?);
        let (person, friend) = (person::of(draft, &advocate), person::of(draft, &friend));
        Ok(Some(Self { program, advocate, person: person?, friend: friend? }))
    }

    /// Whether an order counts so already.
    fn is(&self, pair: &Pair) -> bool {
        pair.program == self.program.id && self.person.own_ids().any(|id| id == pair.advocate)
    }
}

/// Brings what an order counts for up to date with its facts, just before it is saved: gives what is reached by it, and
/// takes back what is not any more.
pub fn recount(draft: &mut Draft<'_>, order: &mut Conversion, because: &Because<'_>) -> Result<(), Stop> {
    let counted = order.kept_as.as_deref().and_then(Pair::parse);
    let counting = Counting::of(draft, order)?;
    match (&counted, &counting) {
        (None, None) => return Ok(()),
        (Some(pair), Some(counting)) if counting.is(pair) => return Ok(()),
        _ => order.kept_as = None,
    }
    if let Some(pair) = counted {
        leave(draft, &pair, because)?;
    }
    if let Some(counting) = counting {
        enter(draft, order, &counting)?;
    }
    Ok(())
}

/// An order begins to count. Of a friend of whom one does already nothing else follows.
fn enter(draft: &mut Draft<'_>, order: &mut Conversion, counting: &Counting) -> Result<(), Stop> {
    let (program, advocate) = (counting.program.id, counting.person.id);
    let pair = |friend: Id| Pair { program, advocate, friend };
    let friends = friends_by_id(draft, program, &counting.person);
    let orders = person::counts(draft, counting.friend.ids(), |id| pair(id).to_string());
    let (friends, orders) = (friends?, orders?);
    let known = orders.iter().find(|(_, count)| *count > 0).map(|(id, _)| *id);
    let subject = pair(known.unwrap_or(counting.friend.id)).to_string();
    counter::add(draft, &subject, None)?;
    order.kept_as = Some(subject);
    if known.is_some() {
        return Ok(());
    }
    counter::add(draft, &friends_subject(program, advocate), None)?;
    // What two persons had reached before they were known as one was given to each of them.
    let from = friends.iter().map(|(_, friends)| *friends).max().unwrap_or(0);
    let to = friends.iter().map(|(_, friends)| friends).sum::<i64>() + 1;
    for rule in counting.program.rules.milestones() {
        for step in rule.milestones(from, to) {
            let refused = award(draft, order, counting, rule, step)?;
            order.refused_rewards.0.extend(refused);
        }
    }
    Ok(())
}

/// An order counts no longer. When it was the last that counted of its friend, what was given at their number falls.
fn leave(draft: &mut Draft<'_>, pair: &Pair, because: &Because<'_>) -> Result<(), Stop> {
    let subject = pair.to_string();
    counter::subtract(draft, &subject)?;
    let left = counter::count(draft, &subject);
    let (program, advocate) = (draft.expect::<Program>(pair.program), person::with_neighbours(draft, pair.advocate));
    let (program, advocate) = (program?, advocate?);
    if left? > 0 {
        return Ok(());
    }
    counter::subtract(draft, &friends_subject(pair.program, pair.advocate))?;
    let friends = friends(draft, pair.program, &advocate)?;
    for rule in program.rules.milestones_of_ever() {
        for step in rule.milestones(friends, friends + 1) {
            let Some(given) = Given::find(draft, &program, rule, &advocate, step)? else { continue };
            let (after, _) = claw_back(draft, &given.reward, None, because)?;
            if after.status == RewardStatus::Voided && given.reward.status != RewardStatus::Voided {
                counter::add(draft, &given.step.missed_subject(), None)?;
            }
        }
    }
    Ok(())
}

/// A number of friends at which a rule gives, of a person.
#[derive(Clone, Copy)]
struct Step {
    program: Id,
    rule: u32,
    person: Id,
    friends: i64,
}

impl Step {
    /// The tally of how often what was given at it fell.
    fn missed_subject(&self) -> String {
        let Self { program, rule, person, friends } = self;
        format!("missed:{program}:{rule}:{person}:{friends}")
    }

    /// What names the reward that lives at it.
    fn once(&self, missed: i64) -> String {
        let Self { program, rule, person, friends } = self;
        format!("{program}/{rule}/{person}/{friends}.{missed}")
    }
}

/// What was given at a number of friends.
struct Given {
    reward: Rc<Reward>,
    step: Step,
}

impl Given {
    /// Under whichever of a person's ids. What an operator has voided is found as well, and is not given again.
    fn find(
        draft: &Draft<'_>,
        program: &Program,
        rule: &RewardRule,
        person: &Person,
        friends: i64,
    ) -> Result<Option<Self>, Stop> {
        let found: Vec<_> = person
            .own_ids()
            .map(|id| {
                let step = Step { program: program.id, rule: rule.number, person: id, friends };
                let missed = counter::count(draft, &step.missed_subject())?;
                let reward = draft.find(&Reward::BY_ONCE, &step.once(missed))?;
                Ok(reward.map(|reward| Self { reward, step }))
            })
            .collect();
        let found: Vec<Option<Self>> = found.into_iter().collect::<Result<_, Stop>>()?;
        Ok(found.into_iter().flatten().next())
    }
}

/// Gives what a rule gives at a number of friends, unless it did already, or nobody is there any more to have it.
fn award(
    draft: &mut Draft<'_>,
    order: &Conversion,
    counting: &Counting,
    rule: &RewardRule,
    friends: i64,
) -> Result<Option<RefusedReward>, Stop> {
    let Counting { program, advocate, person, .. } = counting;
    if advocate.is_erased() || Given::find(draft, program, rule, person, friends)?.is_some() {
        return Ok(None);
    }
    let step = Step { program: program.id, rule: rule.number, person: person.id, friends };
    let missed = counter::count(draft, &step.missed_subject())?;
    let origin = Origin { at: order.occurred_at, channel: order.channel.clone(), placed: order.placed.clone() };
    let award = Award {
        id: draft.new_id("rwd"),
        program,
        rule,
        recipient: advocate,
        amount: rule.benefit.amount_for(0),
        conversion: None,
        referral: None,
        once: step.once(missed),
        place: None,
        limits: limits(draft, program, rule, person.clone()),
        wait: Wait::Over,
        origin: &origin,
    };
    let given = give(draft, award)?;
    Ok(given.err().map(|reason| RefusedReward { to: Side::Advocate, reason }))
}
