//! How much of a reward is clawed back when its order shrinks or falls: arithmetic, and nothing else.
//!
//! A reward that is a share of the order becomes that share of what is left, rounded down, so that no money is
//! made. A fixed reward, a rate and free shipping stay while the rest of the order still qualifies, else they
//! fall. What was spent is forgiven; what was not is taken back.

use crate::records::benefit::Benefit;
use crate::records::refund::Outcome;

/// What an order still is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest {
    /// What is left of it, minor units of the shop's currency.
    pub worth: i64,
    /// The same before what the program took off it itself: what is held against `least`.
    pub measured: i64,
    /// What must be measured for fixed rewards to stay, minor units.
    pub least: i64,
    /// Whether part of it came back: shares are then rounded down.
    pub is_part: bool,
    /// Whether it is cancelled, wholly returned or rejected.
    pub has_fallen: bool,
}

/// What a reward comes to for what is left of its order; `None`: nothing, it falls.
pub fn target(benefit: &Benefit, cost: i64, rest: Rest) -> Option<i64> {
    if rest.has_fallen {
        return None;
    }
    if benefit.of_order_bps.is_none() {
        return (rest.measured >= rest.least).then_some(cost);
    }
    let share = if rest.is_part { benefit.amount_for_rest(rest.worth) } else { benefit.amount_for(rest.worth) };
    share.filter(|share| *share > 0)
}

/// What a reward holds, minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// What it costs now.
    pub cost: i64,
    /// Of that, what can no longer be taken back.
    pub beyond: i64,
    /// Of that, what was really redeemed.
    pub redeemed: i64,
    /// Of that, what was forgiven before.
    pub forgiven: i64,
    /// Whether anything of it was used: a rate without a stated cost has no amounts.
    pub is_used: bool,
}

/// What becomes of a reward, minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clawback {
    /// The word for it.
    pub outcome: Outcome,
    /// Taken back now.
    pub taken: i64,
    /// Let go now.
    pub forgiven: i64,
    /// What it costs afterwards.
    pub cost: i64,
}

/// Decides it. In any number of steps the end is the same as in one.
pub fn clawback_of(held: Held, target: Option<i64>) -> Clawback {
    let goal = target.unwrap_or(0);
    let cost = goal.max(held.beyond).min(held.cost);
    let taken = held.cost - cost;
    let forgiven = ((held.redeemed - goal).max(0) - held.forgiven).max(0);
    let outcome = match target {
        None if !held.is_used => Outcome::Voided,
        None => Outcome::Forgiven,
        Some(_) if forgiven > 0 => Outcome::Forgiven,
        Some(_) if taken > 0 => Outcome::Reduced,
        Some(_) => Outcome::Kept,
    };
    Clawback { outcome, taken, forgiven, cost }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::refund::Outcome::*;

    fn benefit(text: &str) -> Benefit {
        serde_json::from_str(text).expect("a benefit")
    }

    #[test]
    fn what_a_reward_comes_to_for_the_rest() {
        let share = r#"{"kind":"store_credit","of_order_bps":1000}"#;
        let capped = r#"{"kind":"gift_card","of_order_bps":1000,"max_amount":400}"#;
        let fixed = r#"{"kind":"amount_off","amount":1000}"#;
        let rate = r#"{"kind":"percent_off","rate_bps":1500}"#;
        // benefit, what it costs, what is left, whether part came back, what it then comes to
        let table = [
            (share, 499, 4990, false, Some(499)),
            (share, 499, 4995, false, Some(500)),
            (share, 500, 4995, true, Some(499)),
            (share, 499, 2495, true, Some(249)),
            (share, 499, 9, true, None),
            (share, 499, 0, true, None),
            (capped, 400, 9000, true, Some(400)),
            (capped, 400, 3000, true, Some(300)),
            (fixed, 1000, 2000, true, Some(1000)),
            (fixed, 1000, 1999, true, None),
            (rate, 0, 2000, true, Some(0)),
            (rate, 0, 1999, true, None),
        ];
        for (text, cost, worth, is_part, expected) in table {
            let rest = Rest { worth, measured: worth, least: 2000, is_part, has_fallen: false };
            assert_eq!(target(&benefit(text), cost, rest), expected, "{text} of {worth}");
            assert_eq!(target(&benefit(text), cost, Rest { has_fallen: true, ..rest }), None, "{text}");
        }
    }

    #[test]
    fn what_is_spent_is_let_go_and_the_rest_taken() {
        let held = |cost, beyond, forgiven| Held { cost, beyond, redeemed: beyond, forgiven, is_used: beyond > 0 };
        // what it held, what it comes to: outcome, taken, forgiven, what it costs afterwards
        let table = [
            (held(1000, 0, 0), Some(1000), (Kept, 0, 0, 1000)),
            (held(1000, 0, 0), Some(1200), (Kept, 0, 0, 1000)),
            (held(1000, 0, 0), Some(400), (Reduced, 600, 0, 400)),
            (held(1000, 300, 0), Some(400), (Reduced, 600, 0, 400)),
            (held(1000, 700, 0), Some(400), (Forgiven, 300, 300, 700)),
            (held(700, 700, 300), Some(100), (Forgiven, 0, 300, 700)),
            (held(700, 700, 600), Some(100), (Kept, 0, 0, 700)),
            (held(1000, 0, 0), None, (Voided, 1000, 0, 0)),
            (held(1000, 1000, 0), None, (Forgiven, 0, 1000, 1000)),
            (held(1000, 1, 0), None, (Forgiven, 999, 1, 1)),
            (Held { is_used: true, ..Held::default() }, None, (Forgiven, 0, 0, 0)),
        ];
        for (held, target, (outcome, taken, forgiven, cost)) in table {
            assert_eq!(
                clawback_of(held, target),
                Clawback { outcome, taken, forgiven, cost },
                "{held:?} to {target:?}"
            );
        }
    }

    #[test]
    fn two_steps_end_where_one_does() {
        for beyond in [0, 250, 600, 1000] {
            for (first, second) in [(Some(800), Some(300)), (Some(300), None), (Some(999), Some(1)), (Some(1000), None)]
            {
                let start = Held { cost: 1000, beyond, redeemed: beyond, forgiven: 0, is_used: beyond > 0 };
                let one = clawback_of(start, second);
                let step = clawback_of(start, first);
                let between = Held { cost: step.cost, forgiven: step.forgiven, ..start };
                let two = clawback_of(between, second);
                let sums = (step.taken + two.taken, step.forgiven + two.forgiven, two.cost);
                assert_eq!(sums, (one.taken, one.forgiven, one.cost), "{beyond} {first:?} {second:?}");
            }
        }
    }
}
