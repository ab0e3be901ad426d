//! Gives a voucher another code: the old one is void, a new one stands for it with the same value, the
//! uses that are left and the same conditions. Who was told of the old code is told of the new one.

use crate::decide::answer::{Answer, Keep};
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::mail::outbox;
use crate::decide::vouchers::approve_voucher::needs_approval;
use crate::decide::vouchers::balance::standing;
use crate::decide::vouchers::hold_ending;
use crate::decide::vouchers::reward_of::{of_voucher, step};
use crate::decide::vouchers::voucher::{replace, shown};
use crate::records::message::MessageStatus::{NoAddress, Queued, Retrying};
use crate::records::text::Reason;
use crate::records::voucher::Standing;
use crate::records::{Id, Message, Reward, Voucher};
use crate::refusal::{Code, Rejection};
use crate::views::Mask;
use crate::world::Stop;

/// The voucher, and why.
#[derive(Clone, Debug)]
pub struct ReplaceVoucher {
    /// The voucher.
    pub id: Id,
    /// Why.
    pub reason: Reason,
    /// How much of the new code the caller may see.
    pub mask: Mask,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &ReplaceVoucher) -> Result<Answer, Stop> {
    let old = draft.get::<Voucher>(command.id)?;
    let old = old.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such voucher."))?;
    if standing(draft, &old)?.held > 0 {
        hold_ending::end_lapsed(draft, old.id)?;
    }
    let old = draft.expect::<Voucher>(old.id)?;
    let before = standing(draft, &old)?;
    check(draft, &old, before)?;
    let reward = of_voucher(draft, &old)?.filter(|reward| reward.voucher == Some(old.id));
    let new = replace(draft, &old, before)?;
    if let Some(reward) = reward {
        follow(draft, &reward, &new)?;
    }
    draft.audit("replace_voucher", old.id, Some(&command.reason));
    let after = Standing { used: 0, ..before };
    let answer = Answer::created(&shown(draft, &new, after, command.mask), format!("/v1/vouchers/{}", new.id));
    Ok(answer.version(1).keep(Keep::Sealed))
}

/// Only what is good can be replaced.
fn check(draft: &Draft<'_>, voucher: &Voucher, standing: Standing) -> Result<(), Rejection> {
    if let Some(by) = voucher.replaced_by {
        let detail = format!("The voucher was replaced already, by {by}; replace that one.");
        return Err(Rejection::new(Code::IllegalTransition, detail));
    }
    if standing.is_void(voucher) || standing.is_spent(voucher) {
        let detail = "Nothing is left of the voucher that another code could stand for.";
        return Err(Rejection::new(Code::IllegalTransition, detail));
    }
    if voucher.needs_approval() {
        return Err(needs_approval());
    }
    if standing.held > 0 {
        let detail = "The voucher is set aside for a checkout; release its hold first, or wait until it lapses.";
        return Err(Rejection::new(Code::VoucherHeld, detail));
    }
    if voucher.valid_until.is_some_and(|until| until <= draft.at()) {
        let detail = "The voucher has expired; extend it with valid_until first.";
        return Err(Rejection::new(Code::VoucherExpired, detail));
    }
    Ok(())
}

/// The reward has the new voucher. A mail that has not left yet tells of it by itself; where the
/// customer was told by mail of the old code, another mail tells him of the new one.
fn follow(draft: &mut Draft<'_>, reward: &Reward, new: &Voucher) -> Result<(), Stop> {
    let told = reward.message.map(|message| draft.expect::<Message>(message)).transpose();
    let owner = customer_lookup::current(draft, reward.customer);
    let (told, owner) = (told?, owner?);
    let mut followed = step(draft, reward.clone(), reward.status, Some("voucher replaced"));
    followed.voucher = Some(new.id);
    if told.is_some_and(|message| !matches!(message.status, NoAddress | Queued | Retrying)) {
        followed.message = Some(outbox::queue_reward_mail(draft, &followed, &owner)?);
    }
    draft.save(followed);
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::decide::rewards::void_reward::VoidReward;
    use crate::decide::testing::till::{Till, day, id};
    use crate::records::account::{GRANTS, ISSUED, SHOP};
    use crate::records::reward::RewardStatus;
    use crate::records::voucher::voucher_account;
    use crate::records::{AuditRow, Customer};

    fn code(view: &Value) -> String {
        view["code"].as_str().expect("a code").to_owned()
    }

    #[test]
    fn the_new_one_has_what_is_left_of_the_old_one() {
        let mut till = Till::new();
        let until = day(&till, 30);
        let fields = json!({"kind": "amount_off", "amount": 500, "max_redemptions": 3, "min_order_amount": 2000,
                            "valid_until": until, "customer": "anna", "reference": "V-1"});
        let (old, typed) = till.voucher(fields);
        till.redeem(json!({"codes": [typed], "customer": "anna"})).expect("the first use");
        let (status, new) = till.replace(old).expect("it is replaced");
        assert_eq!((status, &new["replaces"], &new["max_redemptions"]), (201, &json!(old), &json!(2)));
        for field in ["kind", "amount", "min_order_amount", "valid_until", "customer", "source"] {
            assert_eq!(new[field], till.shown(old)[field], "{field}");
        }
        assert_eq!((&till.shown(old)["status"], &till.shown(old)["replaced_by"]), (&json!("void"), &new["id"]));
        assert_eq!(till.balance(ISSUED), 1000);
        let cart = |code: &str, order: &str| json!({"codes": [code], "customer": "anna", "order_id": order});
        assert_eq!(till.redeem(cart(&typed, "A-2")).expect_err("it is void").code, Code::VoucherVoid);
        for order in ["A-2", "A-3"] {
            till.redeem(cart(&code(&new), order)).expect("it is good");
        }
        assert_eq!(till.redeem(cart(&code(&new), "A-4")).expect_err("three in all").code, Code::LimitReached);
        let reasons: Vec<_> = till.bench.all::<AuditRow>().iter().filter_map(|row| row.reason.clone()).collect();
        assert_eq!(reasons, ["lost the card"]);
    }

    #[test]
    fn uses_by_one_customer_are_counted_on() {
        let mut till = Till::new();
        let fields = json!({"kind": "amount_off", "amount": 100, "max_redemptions": 2, "per_customer": 1});
        let (old, typed) = till.voucher(fields);
        let cart = |code: &str, who: &str, order: &str| json!({"codes": [code], "customer": who, "order_id": order});
        till.redeem(cart(&typed, "anna", "A-1")).expect("her one use");
        let (_, new) = till.replace(old).expect("it is replaced");
        let again = till.redeem(cart(&code(&new), "anna", "A-2")).expect_err("she has had hers");
        assert_eq!(again.code, Code::LimitReached);
        till.redeem(cart(&code(&new), "bert", "A-2")).expect("he has not");
    }

    #[test]
    fn what_is_set_aside_is_not_replaced_under_a_checkout() {
        let mut till = Till::new();
        let (old, typed) = till.voucher(json!({"kind": "amount_off", "amount": 100, "max_redemptions": 2}));
        let (_, hold) = till.hold(json!({"codes": [typed], "order_id": null, "cart_id": "C-1"})).expect("it is held");
        assert_eq!(till.replace(old).expect_err("a checkout has it").code, Code::VoucherHeld);
        till.release(id(&hold)).expect("it is given up");
        let (_, new) = till.replace(old).expect("it is free");
        let cart = json!({"codes": [code(&new)], "order_id": null, "cart_id": "C-1"});
        till.hold(cart).expect("it is held again");
        till.wait(15);
        till.replace(id(&new)).expect("the hold is over, though nobody has come by");
        assert_eq!(till.events().iter().filter(|event| *event == "hold.expired").count(), 1);
    }

    #[test]
    fn holds_on_the_new_one_count_with_the_uses_of_the_old_one() {
        let mut till = Till::new();
        let fields = json!({"kind": "amount_off", "amount": 100, "max_redemptions": 3, "per_customer": 2});
        let (old, typed) = till.voucher(fields);
        let cart = |code: &str, order: &str| json!({"codes": [code], "customer": "anna", "order_id": order});
        till.redeem(cart(&typed, "A-1")).expect("her first use");
        let new = code(&till.replace(old).expect("it is replaced").1);
        let (_, hold) = till.hold(cart(&new, "A-2")).expect("her second");
        assert_eq!(till.redeem(cart(&new, "A-3")).expect_err("she may have two").code, Code::LimitReached);
        till.redeem_hold(id(&hold), "A-2").expect("it was hers");
        assert_eq!(till.redeem(cart(&new, "A-3")).expect_err("she has had two").code, Code::LimitReached);
    }

    #[test]
    fn a_reward_is_taken_back_with_the_voucher_that_stands_for_its_own() {
        for spent in [None, Some(300)] {
            let mut till = Till::new();
            let (reward, typed) = till.grant(json!({"kind": "gift_card", "amount": 1000}));
            if let Some(amount) = spent {
                let codes = json!([{"code": typed.expect("a code"), "amount": amount}]);
                till.redeem(json!({"codes": codes, "customer": "anna"})).expect("a part of it");
            }
            let old = till.bench.get::<Reward>(reward).voucher.expect("a voucher");
            let heir = id(&till.replace(old).expect("it is replaced").1);
            let void = VoidReward { id: reward, reason: serde_json::from_value(json!("told")).expect("a reason") };
            let said = till.bench.decide(void);
            till.assert_books();
            match spent {
                None => drop(said.expect("nothing was spent")),
                Some(_) => {
                    let refused = said.expect_err("a part was spent");
                    assert_eq!(refused.code, Code::IllegalTransition);
                    assert!(refused.detail.contains(&heir.to_string()), "{}", refused.detail);
                    till.void(heir).expect("what is left");
                }
            }
            assert_eq!(till.bench.get::<Reward>(reward).status, RewardStatus::Voided);
            assert_eq!(till.shown(heir)["status"], "void");
            assert_eq!(till.balance(GRANTS), -spent.unwrap_or(0));
        }
    }

    #[test]
    fn what_comes_back_to_the_old_one_is_the_new_ones() {
        let mut till = Till::new();
        let (card, card_code) = till.voucher(json!({"kind": "gift_card", "amount": 5000}));
        let (off, off_code) = till.voucher(json!({"kind": "amount_off", "amount": 300, "max_redemptions": 2}));
        let cart = json!({"codes": [off_code, {"code": card_code, "amount": 2000}]});
        let (_, redemption) = till.redeem(cart).expect("it is good");
        let (_, first) = till.replace(card).expect("it is replaced");
        let (_, second) = till.replace(id(&first)).expect("once more");
        let (_, other) = till.replace(off).expect("it is replaced");
        assert_eq!(
            (&second["balance"], &second["amount"], &other["max_redemptions"]),
            (&json!(3000), &json!(5000), &json!(1))
        );
        till.reverse(id(&redemption), "R-1", Some(500)).expect("a part of it");
        till.reverse(id(&redemption), "R-2", None).expect("the rest");
        assert_eq!(till.shown(id(&second))["balance"], 5000);
        assert_eq!(till.shown(id(&other))["remaining_uses"], 2);
        for empty in [card, id(&first)] {
            assert_eq!(till.balance(&voucher_account(empty)), 0);
        }
        till.void(id(&second)).expect("it is withdrawn");
        till.void(id(&other)).expect("it is withdrawn");
        assert_eq!(till.balance(SHOP), 0, "nothing is left of either");
    }

    #[test]
    fn what_comes_back_to_one_that_was_replaced_many_times_is_the_newest_ones() {
        let mut till = Till::new();
        let (card, typed) = till.voucher(json!({"kind": "gift_card", "amount": 5000}));
        let cart = |code: &str, order: &str| json!({"codes": [{"code": code, "amount": 1000}], "order_id": order});
        let (_, first) = till.redeem(cart(&typed, "A-1")).expect("it is good");
        let (mut newest, mut midway) = (card, None);
        for number in 1..=20 {
            let (_, made) = till.replace(newest).expect("it is replaced");
            newest = id(&made);
            if number == 10 {
                midway = Some(till.redeem(cart(&code(&made), "A-2")).expect("it is good").1);
            }
        }
        till.reverse(id(&first), "R-1", None).expect("what the first gave");
        assert_eq!(till.shown(newest)["balance"], 4000);
        till.reverse(id(&midway.expect("a redemption")), "R-2", None).expect("what the tenth gave");
        assert_eq!(till.shown(newest)["balance"], 5000);
        assert_eq!((till.balance(&voucher_account(card)), till.balance(ISSUED)), (0, 0));
    }

    #[test]
    fn what_comes_back_when_the_new_one_is_void_returns_to_the_shop() {
        let mut till = Till::new();
        let (card, typed) = till.voucher(json!({"kind": "gift_card", "amount": 5000}));
        let (_, redemption) = till.redeem(json!({"codes": [{"code": typed, "amount": 2000}]})).expect("it is good");
        let (_, new) = till.replace(card).expect("it is replaced");
        till.void(id(&new)).expect("it is withdrawn");
        till.reverse(id(&redemption), "R-1", None).expect("all of it");
        assert_eq!(till.balance(SHOP), 0);
    }

    #[test]
    fn its_reward_goes_on_with_the_new_one() {
        let mut till = Till::new();
        let anna = till.bench.all::<Customer>().into_iter().find(|one| one.external_id.as_deref() == Some("anna"));
        let anna = anna.expect("she is known").id;
        till.bench.change::<Customer>(anna, |anna| anna.email = Some("anna@example.org".to_owned()));
        let (reward, _) = till.grant(json!({"kind": "amount_off", "amount": 500}));
        let old = till.bench.get::<Reward>(reward);
        let (_, new) = till.replace(old.voucher.expect("a voucher")).expect("it is replaced");
        let now = till.bench.get::<Reward>(reward);
        assert_eq!((now.voucher, now.message), (Some(id(&new)), old.message), "the mail is still to leave");
        till.bench.change::<Message>(old.message.expect("a mail"), |message| {
            message.status = crate::records::message::MessageStatus::Sent;
        });
        let (_, newer) = till.replace(id(&new)).expect("once more");
        let now = till.bench.get::<Reward>(reward);
        assert_eq!((now.voucher, now.status), (Some(id(&newer)), RewardStatus::Issued));
        let told = till.bench.get::<Message>(now.message.expect("a mail"));
        assert_eq!((told.status, told.recipient.as_deref()), (Queued, Some("anna@example.org")));
        till.void(id(&newer)).expect("it is withdrawn");
        assert_eq!((till.bench.get::<Reward>(reward).status, till.balance(GRANTS)), (RewardStatus::Voided, 0));
    }

    #[test]
    fn what_is_no_longer_good_is_not_replaced() {
        let mut till = Till::new();
        let until = day(&till, 3);
        let fields = json!({"kind": "amount_off", "amount": 500, "valid_until": until});
        let (expired, _) = till.voucher(fields.clone());
        let (spent, typed) = till.voucher(json!({"kind": "amount_off", "amount": 500}));
        let (void, _) = till.voucher(fields.clone());
        let (twice, _) = till.voucher(fields);
        till.redeem(json!({"codes": [typed]})).expect("it is spent");
        till.void(void).expect("it is void");
        till.replace(twice).expect("once");
        till.bench.at = till.bench.at.plus_days(3);
        let table = [
            (expired, Code::VoucherExpired),
            (spent, Code::IllegalTransition),
            (void, Code::IllegalTransition),
            (twice, Code::IllegalTransition),
        ];
        for (id, code) in table {
            assert_eq!(till.replace(id).expect_err("it is refused").code, code);
        }
    }
}
