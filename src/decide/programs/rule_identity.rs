//! Under which number each reward of a program is counted.
//!
//! Limits count what a reward gave, and the list of rewards is edited as a whole: a place in it says
//! nothing of which reward is meant. So each has a number that no request tells, and keeps it:
//! - moved, or with others before it: it is the very same, and is known by being equal;
//! - with another value or other limits: it goes on counting, or every change of a value would pay everybody
//!   once more for the same friend. One that gives the same kind of value is more like it than another;
//! - taken out and put in again, changed or not, in one request or two: it goes on counting where it stopped;
//! - for the other side, for something else, or for conversions of quite other kinds: it is a new one, and
//!   nothing was given by it yet.

use crate::records::program::{RewardRule, Rules};

/// Rewards that were taken out of a program and are remembered, those that came last.
const FORMER: usize = 100;

/// Takes a new list of rewards, none of which has a number yet.
pub fn replace(rules: &mut Rules, mut given: Vec<RewardRule>) {
    let mut known = std::mem::take(&mut rules.rewards);
    known.extend(std::mem::take(&mut rules.former).into_iter().rev());
    let mut last = known.iter().map(|rule| rule.number).max().unwrap_or(0);
    for is_it in [is_equal, is_alike, is_for_the_same] {
        for rule in given.iter_mut().filter(|rule| rule.number == 0) {
            if let Some(place) = known.iter().position(|known| is_it(known, rule)) {
                rule.number = known.remove(place).number;
            }
        }
    }
    for rule in given.iter_mut().filter(|rule| rule.number == 0) {
        last += 1;
        rule.number = last;
    }
    known.sort_by_key(|rule| rule.number);
    known.drain(..known.len().saturating_sub(FORMER));
    (rules.rewards, rules.former) = (given, known);
}

fn is_equal(known: &RewardRule, given: &RewardRule) -> bool {
    *known == RewardRule { number: known.number, ..given.clone() }
}

fn is_alike(known: &RewardRule, given: &RewardRule) -> bool {
    known.benefit.kind == given.benefit.kind && is_for_the_same(known, given)
}

fn is_for_the_same(known: &RewardRule, given: &RewardRule) -> bool {
    let kinds = |rule: &RewardRule| rule.kinds.clone().unwrap_or_default();
    let shares_kinds = known.kinds == given.kinds || kinds(known).iter().any(|kind| kinds(given).contains(kind));
    (known.to, known.on) == (given.to, given.on) && shares_kinds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::programs::program::default_rules;

    /// A reward by a few words: side, occasion, value, and kinds of conversions.
    fn rule(text: &str) -> RewardRule {
        let words: Vec<_> = text.split(' ').collect();
        let [to, on, kind, amount, kinds @ ..] = words.as_slice() else { panic!("{text} is no reward") };
        let kinds = if kinds.is_empty() { &["order"] } else { kinds };
        let kinds = Some(kinds).filter(|_| *on == "conversion");
        let amount: i64 = amount.parse().expect("an amount");
        let fields =
            serde_json::json!({"to": to, "on": on, "kind": kind, "amount": amount, "kinds": kinds, "number": 0});
        serde_json::from_value(fields).expect("a reward")
    }

    fn numbers(lists: &[&str]) -> Vec<u32> {
        let mut rules = default_rules();
        for list in lists {
            replace(&mut rules, list.split(", ").filter(|text| !text.is_empty()).map(rule).collect());
        }
        rules.rewards.iter().map(|rule| rule.number).collect()
    }

    #[test]
    fn a_reward_keeps_its_number_through_every_edit() {
        const CREDIT: &str = "advocate conversion store_credit 500";
        const MORE: &str = "advocate conversion store_credit 900";
        const CARD: &str = "advocate conversion gift_card 300";
        const FRIEND: &str = "friend conversion amount_off 200";
        const RENEWAL: &str = "advocate conversion store_credit 500 renewal";
        const BOTH: &str = "advocate conversion store_credit 500 order renewal";
        const TILL: &str = "friend checkout amount_off 300";
        const WELCOME: &str = "friend referral amount_off 300";
        // What the list was made of, one edit after the other; the numbers at the end.
        let table: &[(&[&[&str]], &[u32])] = &[
            (&[&[CREDIT, FRIEND, TILL]], &[1, 2, 3]),
            // Moved, and with others before and between.
            (&[&[CREDIT, FRIEND], &[FRIEND, CREDIT]], &[2, 1]),
            (&[&[CREDIT, CARD], &[CARD, CREDIT]], &[2, 1]),
            (&[&[CREDIT], &[TILL, CARD, CREDIT]], &[2, 3, 1]),
            (&[&[CREDIT, FRIEND], &[WELCOME, CREDIT, TILL, FRIEND]], &[3, 1, 4, 2]),
            (&[&[CREDIT, CREDIT], &[CREDIT, FRIEND, CREDIT]], &[1, 3, 2]),
            // With another value, of the same kind rather than of another.
            (&[&[CREDIT], &[MORE]], &[1]),
            (&[&[CREDIT], &[CARD]], &[1]),
            (&[&[CREDIT], &[CARD, MORE]], &[2, 1]),
            (&[&[CREDIT, CARD], &[CARD, MORE]], &[2, 1]),
            (&[&[CREDIT, MORE], &[MORE]], &[2]),
            // Taken out and put in again, changed or not.
            (&[&[CREDIT, FRIEND], &[FRIEND]], &[2]),
            (&[&[CREDIT, FRIEND], &[FRIEND], &[CREDIT, FRIEND]], &[1, 2]),
            (&[&[CREDIT], &[], &[MORE]], &[1]),
            (&[&[CREDIT, CARD], &[], &[CARD], &[CREDIT, CARD]], &[1, 2]),
            (&[&[TILL], &[], &[CREDIT], &[CREDIT, TILL]], &[2, 1]),
            // Something else.
            (&[&[CREDIT], &[RENEWAL]], &[2]),
            (&[&[CREDIT], &[RENEWAL], &[RENEWAL, CREDIT]], &[2, 1]),
            (&[&[CREDIT], &[BOTH]], &[1]),
            (&[&[CREDIT], &[BOTH, CREDIT]], &[2, 1]),
            (&[&[WELCOME], &[TILL]], &[2]),
            (&[&[CREDIT], &[CREDIT, CREDIT]], &[1, 2]),
        ];
        for (edits, expected) in table {
            let lists: Vec<_> = edits.iter().map(|list| list.join(", ")).collect();
            let lists: Vec<_> = lists.iter().map(String::as_str).collect();
            assert_eq!(numbers(&lists), *expected, "{edits:?}");
        }
    }

    #[test]
    fn a_number_is_never_given_twice_at_a_time() {
        let lists: Vec<_> =
            (0..3 * FORMER).map(|number| format!("advocate conversion store_credit 5 k-{number}")).collect();
        let lists: Vec<_> = lists.iter().map(String::as_str).collect();
        let mut rules = default_rules();
        for (number, list) in (1..).zip(&lists) {
            replace(&mut rules, vec![rule(list)]);
            assert_eq!(rules.rewards[0].number, number);
        }
        assert_eq!(rules.former.len(), FORMER);
        replace(&mut rules, vec![rule(lists[2 * FORMER]), rule(lists[0])]);
        let numbers: Vec<_> = rules.rewards.iter().map(|rule| rule.number).collect();
        assert_eq!(numbers, [201, 301], "what is not remembered is new");
    }
}
