//! Undoes a redemption, or part of it, as the shop asks.

use crate::decide::answer::Answer;
use crate::decide::checkout::reversal::{Name, Undo, left};
use crate::decide::draft::Draft;
use crate::decide::input::again::same_content;
use crate::decide::input::own_name;
use crate::records::money::Amount;
use crate::records::text::{Reason, Reference};
use crate::records::{Id, Redemption, Reversal};
use crate::refusal::{Code, Rejection};
use crate::views::redemption::reversal as view;
use crate::world::Stop;

/// What to undo.
#[derive(Clone, Debug)]
pub struct CreateReversal {
    /// The redemption.
    pub redemption: Id,
    /// The shop's id of the reversal.
    pub reversal_id: Reference,
    /// This reversal's own amount, minor units; `None`: all that is left.
    pub amount: Option<Amount>,
    /// Why.
    pub reason: Reason,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &CreateReversal) -> Result<Answer, Stop> {
    own_name::check(&command.reversal_id, &["rev", "cnv", "rfd"], "/reversal_id")?;
    let redemption = draft.get::<Redemption>(command.redemption)?;
    let earlier = draft.find(&Reversal::BY_ONCE, &Name::Shop(&command.reversal_id).unique_key(command.redemption))?;
    let redemption = redemption.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such redemption."))?;
    if let Some(earlier) = earlier {
        return answer_again(&earlier, &redemption, command.amount);
    }
    let amount = checked_amount(&redemption, command.amount)?;
    let name = Name::Shop(&command.reversal_id);
    let undo = Undo { redemption: &redemption, name, amount, reason: &command.reason };
    let (reversal, undone) = undo.decide(draft)?;
    draft.audit("create_reversal", reversal.id, Some(&reversal.reason));
    Ok(Answer::created(&view(&reversal, &undone), format!("/v1/redemptions/{}", redemption.id)))
}

fn answer_again(earlier: &Reversal, redemption: &Redemption, amount: Option<Amount>) -> Result<Answer, Stop> {
    let what = format!("Reversal {} of {}", earlier.reversal_id, earlier.amount);
    same_content(Code::ReversalDiffers, &what, &[("/amount", amount.is_none_or(|amount| amount.0 == earlier.amount))])?;
    Ok(Answer::ok(&view(earlier, redemption)))
}

fn checked_amount(redemption: &Redemption, amount: Option<Amount>) -> Result<i64, Rejection> {
    let left = left(redemption);
    let amount = amount.map_or(left, |amount| amount.0);
    if left == 0 || amount > left {
        let detail = match left {
            0 => "All of it has come back already.".to_owned(),
            _ => format!("{left} of the redemption can still be reversed (minor units), {amount} was asked for."),
        };
        return Err(Rejection::at(Code::ReversalExceedsRedemption, "/amount", detail));
    }
    if amount == 0 {
        return Err(Rejection::field(
            "/amount",
            "an amount above 0 is expected; leave it out to reverse all that is left",
        ));
    }
    Ok(amount)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::decide::testing::bench;
    use crate::decide::testing::till::{Till, day, id};
    use crate::records::Reward;
    use crate::records::account::{ISSUED, REDEEMED, credit_account};
    use crate::records::reward::RewardStatus;
    use crate::records::voucher::voucher_account;

    fn redeemed(till: &mut Till, cart: Value) -> Id {
        id(&till.redeem(cart).expect("the cart is good").1)
    }

    #[test]
    fn an_order_whose_payment_failed_is_redeemed_anew() {
        let mut till = Till::new();
        let (voucher, code) = till.voucher(json!({"kind": "amount_off", "amount": 500}));
        let cart = json!({"codes": [code]});
        let first = redeemed(&mut till, cart.clone());
        let (status, reversal) = till.reverse(first, "R-1", None).expect("it is undone");
        assert_eq!(
            (status, &reversal["amount"], &reversal["redemption_status"]),
            (201, &json!(500), &json!("reversed"))
        );
        assert_eq!(reversal["lines"][0]["uses"], 1);
        assert_eq!((&till.shown(voucher)["status"], till.balance(REDEEMED)), (&json!("active"), 0));
        let (status, again) = till.redeem(cart).expect("anew");
        assert_eq!(status, 201);
        assert_ne!(id(&again), first);
    }

    #[test]
    fn several_reversals_never_exceed_the_whole() {
        let mut till = Till::new();
        let (card, code) = till.voucher(json!({"kind": "gift_card", "amount": 3000}));
        till.grant(json!({"kind": "store_credit", "amount": 1000}));
        let (off, off_code) = till.voucher(json!({"kind": "amount_off", "amount": 500}));
        let cart = json!({"codes": [off_code, code], "store_credit": 1000, "customer": "anna"});
        let made = redeemed(&mut till, cart);
        let credit = credit_account(bench::customer(&till.bench, "anna", "").id);
        let steps = [
            ("R-1", Some(600), Ok((600, 0, 0))),
            ("R-1", Some(600), Ok((600, 0, 0))),
            ("R-2", Some(900), Ok((1000, 500, 0))),
            ("R-3", Some(3001), Err("reversal_exceeds_redemption")),
            ("R-3", Some(2600), Ok((1000, 3000, 0))),
            ("R-4", None, Ok((1000, 3000, 1))),
            ("R-5", None, Err("reversal_exceeds_redemption")),
        ];
        for (reversal_id, amount, expected) in steps {
            let said = till.reverse(made, reversal_id, amount);
            match expected {
                Err(code) => assert_eq!(said.expect_err(code).code.as_str(), code),
                Ok((on_credit, on_card, free)) => {
                    said.expect("it is undone");
                    let free_uses = till.shown(off)["remaining_uses"].as_i64();
                    let balances = (till.balance(&credit), till.balance(&voucher_account(card)));
                    assert_eq!((balances, free_uses), ((on_credit, on_card), Some(free)), "{reversal_id}");
                }
            }
        }
    }

    #[test]
    fn a_reversal_id_names_one_reversal() {
        let mut till = Till::new();
        let (_, code) = till.voucher(json!({"kind": "amount_off", "amount": 500}));
        let made = redeemed(&mut till, json!({"codes": [code]}));
        let first = till.reverse(made, "R-1", Some(200)).expect("it is undone").1;
        assert_eq!(till.reverse(made, "R-1", None).expect("the same"), (200, first));
        assert_eq!(till.reverse(made, "R-1", Some(201)).expect_err("another amount").code, Code::ReversalDiffers);
    }

    #[test]
    fn what_comes_back_lives_thirty_days_more() {
        let mut till = Till::new();
        let (soon, far) = (day(&till, 2), day(&till, 90));
        let (short, code) = till.voucher(json!({"kind": "amount_off", "amount": 500, "valid_until": soon}));
        let (long, other) = till.voucher(json!({"kind": "amount_off", "amount": 500, "valid_until": far}));
        let made = redeemed(&mut till, json!({"codes": [code, other]}));
        till.advance(10);
        assert_eq!(till.shown(short)["status"], "spent", "what is spent does not expire");
        till.reverse(made, "R-1", None).expect("it is undone");
        let (in_thirty, far) = (json!(day(&till, 30)), json!(far));
        assert_eq!((&till.shown(short)["valid_until"], &till.shown(long)["valid_until"]), (&in_thirty, &far));
        till.advance(30);
        assert_eq!(till.shown(short)["status"], "expired");
        assert_eq!(till.balance(ISSUED), 500);
    }

    #[test]
    fn a_card_that_lapsed_comes_back_whole() {
        let mut till = Till::new();
        let (reward, code) = till.grant(json!({"kind": "gift_card", "amount": 1500, "valid": {"days": 5}}));
        let made =
            redeemed(&mut till, json!({"codes": [code], "amount": 500, "shipping_amount": 0, "customer": "anna"}));
        till.advance(7);
        assert_eq!(till.bench.get::<Reward>(reward).status, RewardStatus::Expired);
        till.reverse(made, "R-1", Some(200)).expect("it is undone");
        let reward = till.bench.get::<Reward>(reward);
        assert_eq!(reward.status, RewardStatus::Issued);
        assert_eq!(till.balance(&voucher_account(reward.voucher.expect("a voucher"))), 1200);
    }

    #[test]
    fn a_card_to_which_nothing_comes_back_stays_spent() {
        let mut till = Till::new();
        let (reward, card) = till.grant(json!({"kind": "gift_card", "amount": 500, "valid": {"days": 5}}));
        let (_, off) = till.voucher(json!({"kind": "amount_off", "amount": 100}));
        let cart = |codes: Value, order: &str| json!({"codes": codes, "order_id": order, "customer": "anna"});
        let made = redeemed(&mut till, cart(json!([card, off]), "A-1"));
        till.reverse(made, "R-1", Some(500)).expect("what the card paid is undone");
        redeemed(&mut till, cart(json!([card]), "A-2"));
        till.wait(60);
        let before = till.bench.get::<Reward>(reward);
        let voucher = before.voucher.expect("a voucher");
        let (shown, told) = (till.shown(voucher), till.events().len());
        assert_eq!(
            (before.status, &shown["status"], &shown["used"]),
            (RewardStatus::Spent, &json!("spent"), &json!(2))
        );
        till.reverse(made, "R-2", None).expect("the discount is undone");
        let after = till.shown(voucher);
        assert_eq!((&after["status"], &after["used"]), (&json!("spent"), &json!(1)));
        assert_eq!(after["valid_until"], shown["valid_until"]);
        assert_eq!(till.bench.get::<Reward>(reward).status, RewardStatus::Spent);
        assert_eq!(till.events().len(), told + 1, "the reversal is told, and nothing else");
    }

    #[test]
    fn what_was_withdrawn_meanwhile_returns_to_its_source() {
        let mut till = Till::new();
        let (id, code) = till.voucher(json!({"kind": "amount_off", "amount": 500, "max_redemptions": 2}));
        let made = redeemed(&mut till, json!({"codes": [code]}));
        till.void(id).expect("it is withdrawn");
        till.reverse(made, "R-1", None).expect("it is undone");
        assert_eq!((till.balance(ISSUED), till.balance(crate::records::account::SHOP)), (0, 0));
        assert_eq!(till.shown(id)["status"], "void");
    }
}
