//! Changes a program. What was recorded before keeps the version that decided it.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::input::if_match::IfMatch;
use crate::decide::ledger;
use crate::decide::programs::program::{ProgramBody, apply};
use crate::decide::vouchers::hold_ending;
use crate::records::program::ProgramStatus;
use crate::records::{Account, Id, Program};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The program, the version that the caller read, and what to change.
#[derive(Clone, Debug)]
pub struct UpdateProgram {
    /// The program.
    pub id: Id,
    /// The version that the caller read.
    pub if_match: IfMatch,
    /// What to change.
    pub body: ProgramBody,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &UpdateProgram) -> Result<Answer, Stop> {
    let program = draft.get::<Program>(command.id);
    let program = program?.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such program."))?;
    hold_ending::end_lapsed(draft, Account::id_of(draft.shop.id, &program.account(), draft.shop.currency))?;
    let budget = ledger::account(draft, &program.account(), draft.shop.currency)?;
    command.if_match.check(program.version)?;
    if program.status == ProgramStatus::Ended {
        return Err(Rejection::new(Code::IllegalTransition, "An ended program cannot be changed.").into());
    }
    if command.body.status.is_some() {
        return Err(Rejection::field("/status", "use POST …/activate, …/pause or …/end").into());
    }
    if command.body.slug.as_deref().is_some_and(|slug| slug != program.slug) {
        return Err(Rejection::field("/slug", "a slug is part of links that are out there; it never changes").into());
    }
    let mut changed = (*program).clone();
    apply(&mut changed, &command.body, &draft.shop, draft.at())?;
    let used = -budget.balance;
    if changed.rules.budget_amount.is_some_and(|cap| cap < used) {
        let detail = format!("{used} of the budget is used already; the cap cannot be less.");
        return Err(Rejection::at(Code::InvalidField, "/budget/amount", detail).into());
    }
    ledger::set_budget(draft, &changed.account(), draft.shop.currency, changed.rules.budget_amount)?;
    let view = views::program::program(&changed, draft.shop.currency, used);
    let answer = Answer::ok(&view).version(changed.version + 1);
    draft.audit("update_program", changed.id, None);
    draft.save(changed);
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::decide::orders::update_conversion::UpdateConversion;
    use crate::decide::testing::till::{Till, day};
    use crate::records::Reward;
    use crate::records::account::SHOP;

    /// Her card of 10.00 lapsed; then the budget of 10.00 is set aside for a friend who does not come.
    #[test]
    fn what_was_set_aside_of_a_budget_is_there_again_when_its_time_is_over() {
        let card = json!({"to": "advocate", "on": "conversion", "kind": "gift_card", "of_order_bps": 1000, "valid": {"days": 5}});
        let rewards = json!([{"to": "friend", "on": "checkout", "kind": "percent_off", "rate_bps": 1000}, card]);
        for step in ["earned", "grown", "extended"] {
            let mut till = Till::new();
            let program = till.program(json!({"budget": {"amount": 1_000}, "rewards": rewards, "pending_days": 0}));
            let (code, shop) = (till.code(program, "anna"), till.balance(SHOP));
            let order = |amount: i64, paid: bool| json!({"customer": "bert", "amount": amount, "paid": paid, "evidence": {"code": code}});
            match step {
                "grown" => drop(till.order(order(10, false)).expect("it waits")),
                "extended" => drop(till.order(order(10_000, true)).expect("it is paid at once")),
                _ => {}
            }
            till.advance(10);
            till.know("carl");
            let held = if step == "grown" { 9_000 } else { 10_000 };
            till.hold(json!({"codes": [code], "customer": "carl", "amount": held})).expect("it is set aside");
            till.wait(20);
            match step {
                "earned" => drop(till.order(order(10_000, true)).expect("an order")),
                "grown" => {
                    let body = serde_json::from_value(json!({"amount": 9_990})).expect("a change");
                    till.bench.decide(UpdateConversion { order: "A-1".to_owned(), body }).expect("it grows");
                }
                _ => {
                    let card = till.bench.all::<Reward>()[0].voucher.expect("a card");
                    let until = day(&till, 5);
                    till.update(card, json!({"valid_until": until})).expect("it lives again");
                }
            }
            till.assert_books();
            let reward = till.bench.all::<Reward>()[0].clone();
            assert_eq!(
                (reward.cost_amount, till.balance(SHOP)),
                (if step == "grown" { 999 } else { 1_000 }, shop),
                "{step}"
            );
        }
    }

    #[test]
    fn a_hold_that_is_over_uses_nothing_of_a_budget() {
        let mut till = Till::new();
        let program = till.program(json!({"budget": {"amount": 2_000}}));
        let code = till.code(program, "anna");
        till.hold(json!({"codes": [code], "customer": "bert"})).expect("10.00 are set aside");
        let cap = |till: &mut Till, amount: i64| {
            let if_match = till.bench.get::<Program>(program).version.into();
            let body = serde_json::from_value(json!({"budget": {"amount": amount}})).expect("a change");
            till.bench.decide(UpdateProgram { id: program, if_match, body })
        };
        assert_eq!(cap(&mut till, 999).expect_err("10.00 are used").errors[0].pointer, "/budget/amount");
        till.wait(20);
        cap(&mut till, 999).expect("nobody came by to sweep");
        till.assert_books();
    }
}
