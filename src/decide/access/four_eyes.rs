//! Four eyes: what one person may give alone by hand, and who is another person.
//!
//! A person is an operator. A key is nobody's eyes, whoever has it: what it asks for is looked at by two
//! operators. But it is the hand of the operator who made it or gave it more, until another has approved it.
//! Two accounts are one person's for a while where one let the other in, or the same operator both; for a
//! new password is known to the one who set it.

use std::rc::Rc;

use crate::decide::draft::Draft;
use crate::decide::people::person;
use crate::decide::{counter, customer_lookup};
use crate::records::audit::{Actor, ActorKind};
use crate::records::{ApiKey, Id, Operator, Timestamp};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// How long an account stands for the operator who let it in, too, days.
const LET_IN_DAYS: i64 = 7;
/// What an operator gives alone within a day, and a key to one customer: so many times the limit.
const LIMITS_A_DAY: i64 = 10;

/// What somebody gives by hand.
pub struct Gift {
    /// The most that it can be worth, minor units; `None`: there is no telling.
    pub worth: Option<i64>,
    /// Who gets it, where that is said.
    pub to: Option<Id>,
}

/// Whether the one who asks may give it without a second person; what is given so is noted, and counts
/// together until the day of the shop is over. An operator gives a customer whose sum is above the limit
/// nothing more, whoever gave it, and nobody anything above ten times the limit; a key, behind which a
/// shop's own rules may stand, gives one customer up to ten times the limit.
pub fn gives_alone(draft: &mut Draft<'_>, gift: &Gift) -> Result<bool, Stop> {
    let Some(limit) = draft.shop.grant_approval_above else { return Ok(true) };
    let Some(worth) = gift.worth.filter(|worth| *worth <= limit) else { return Ok(false) };
    let sums = sums(draft, gift, limit)?;
    if sums.iter().any(|sum| sum.so_far.saturating_add(worth) > sum.most) {
        return Ok(false);
    }
    for sum in sums.iter().filter(|_| worth > 0) {
        counter::add_up(draft, &sum.subject, worth)?;
    }
    Ok(true)
}

struct Sum {
    subject: String,
    so_far: i64,
    most: i64,
}

/// The sums of today that a gift is part of. The system itself gives nothing by hand.
fn sums(draft: &Draft<'_>, gift: &Gift, limit: i64) -> Result<Vec<Sum>, Stop> {
    let actor = &draft.context.actor;
    if actor.kind == ActorKind::System {
        return Ok(Vec::new());
    }
    let operator = hand(draft)?.and_then(|operator| operator.id);
    let (today, many) = (draft.at().day_in(draft.shop.zone()), limit.saturating_mul(LIMITS_A_DAY));
    let by = operator.map(|operator| {
        let subject = format!("given_by:{operator}:{today}");
        counter::count(draft, &subject).map(|so_far| Sum { subject, so_far, most: many })
    });
    let to: Option<Result<Sum, Stop>> = gift.to.map(|to| {
        let person = person::of(draft, &*customer_lookup::current(draft, to)?)?;
        let subject = |id: Id| format!("given_to:{id}:{today}");
        let so_far = person::count(draft, &person, subject)?;
        Ok(Sum { subject: subject(person.id), so_far, most: if operator.is_some() { limit } else { many } })
    });
    let (by, to) = (by.transpose(), to.transpose());
    Ok([by?, to?].into_iter().flatten().collect())
}

/// The operator whose hand it is that gives: who asks, or who made the key that asks while nobody else has
/// approved it. `None`: the shop's backend, or the system.
pub fn hand(draft: &Draft<'_>) -> Result<Option<Actor>, Stop> {
    let actor = &draft.context.actor;
    match (actor.kind, actor.id) {
        (ActorKind::Operator, _) => Ok(Some(actor.clone())),
        (ActorKind::Key, Some(key)) => Ok(draft.get::<ApiKey>(key)?.and_then(|key| key.asked_by.0.clone())),
        _ => Ok(None),
    }
}

/// The operator who asks. Refuses everybody else: a key decides about nothing.
pub fn operator(draft: &Draft<'_>) -> Result<Rc<Operator>, Stop> {
    let actor = &draft.context.actor;
    let id = actor.id.filter(|_| actor.kind == ActorKind::Operator);
    let operator = id.map(|id| draft.get::<Operator>(id)).transpose()?.flatten();
    Ok(operator.ok_or_else(|| refused("An operator decides about it, signed in; a key cannot."))?)
}

/// Refuses an operator who is no other person than the one who has had a say already.
pub fn check_another(draft: &Draft<'_>, operator: &Operator, earlier: Id) -> Result<(), Stop> {
    if operator.id == earlier {
        return Err(refused("Another operator than the one who asked for it must decide.").into());
    }
    let earlier = draft.expect::<Operator>(earlier)?;
    if are_one(operator, &earlier, draft.at()) {
        let detail = format!(
            "Within {LET_IN_DAYS} days an account counts as the person's, too, who made it or gave it its password, \
             role or way back in; let somebody else decide."
        );
        return Err(refused(&detail).into());
    }
    Ok(())
}

/// Whether two accounts may be one person's.
fn are_one(one: &Operator, other: &Operator, at: Timestamp) -> bool {
    let [let_in, other_let_in] = [one, other].map(|operator| let_in_by(operator, at));
    one.id == other.id
        || let_in == Some(other.id)
        || other_let_in == Some(one.id)
        || (let_in.is_some() && let_in == other_let_in)
}

fn let_in_by(operator: &Operator, at: Timestamp) -> Option<Id> {
    let is_recent = operator.let_in_at.is_some_and(|since| at < since.plus_days(LET_IN_DAYS));
    operator.let_in_by.filter(|_| is_recent)
}

/// Notes whose hand let an operator in. They themselves, the shop's backend and the command line are nobody.
pub fn note_let_in(draft: &Draft<'_>, operator: &mut Operator) -> Result<(), Stop> {
    let by = hand(draft)?.and_then(|by| by.id).filter(|by| *by != operator.id);
    operator.let_in_by = by;
    operator.let_in_at = by.map(|_| draft.at());
    Ok(())
}

/// A second operator is needed.
pub fn refused(detail: &str) -> Rejection {
    Rejection::new(Code::FourEyesRequired, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::testing::bench::Bench;
    use crate::records::operator::Role;

    fn operator(bench: &Bench, name: &str, let_in: Option<(&str, i64)>) -> Operator {
        Operator {
            id: Id::of("opr", &[name]),
            shop: bench.shop,
            version: 0,
            email: format!("{name}@shop.example"),
            name: name.to_owned(),
            role: Role::Manager,
            password_hash: String::new(),
            disabled: false,
            let_in_by: let_in.map(|(by, _)| Id::of("opr", &[by])),
            let_in_at: let_in.map(|(_, days)| bench.at.plus_days(-days)),
            generation: 0,
            created_at: bench.at,
        }
    }

    #[test]
    fn who_let_another_in_may_be_that_other_for_a_week() {
        let bench = Bench::new();
        let table = [
            (("a", None), ("b", None), false),
            (("a", None), ("a", None), true),
            (("a", None), ("b", Some(("a", 0))), true),
            (("a", Some(("b", 6))), ("b", None), true),
            (("a", None), ("b", Some(("a", 7))), false),
            (("a", Some(("c", 1))), ("b", Some(("c", 2))), true),
            (("a", Some(("c", 1))), ("b", Some(("c", 9))), false),
            (("a", Some(("c", 1))), ("b", Some(("d", 1))), false),
        ];
        for (one, other, expected) in table {
            let [one, other] = [one, other].map(|(name, let_in)| operator(&bench, name, let_in));
            assert_eq!(are_one(&one, &other, bench.at), expected, "{} and {}", one.name, other.name);
            assert_eq!(are_one(&other, &one, bench.at), expected, "{} and {}", other.name, one.name);
        }
    }
}
