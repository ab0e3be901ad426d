//! Spends the codes and the store credit of a cart in an order: all of them, or none.
//!
//! An order has one live redemption. The same cart again is answered with it; after it was wholly
//! reversed the order may be redeemed anew.

use std::rc::Rc;

use crate::decide::answer::{Answer, Keep};
use crate::decide::checkout::assess::{Assessed, assess};
use crate::decide::checkout::cart::Cart;
use crate::decide::checkout::hold;
use crate::decide::checkout::redeem_line::Redeemer;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::offers::redeemed;
use crate::decide::orders::reattribute;
use crate::decide::people::customer::{self, Found};
use crate::decide::people::{erasure_index, person};
use crate::records::hold::HoldStatus;
use crate::records::redemption::RedemptionStatus;
use crate::records::{EventKind, Hold, Id, Json, OrderSlot, Redemption, code};
use crate::refusal::{Code, Rejection};
use crate::vault::sha256_hex;
use crate::views::Mask;
use crate::views::redemption::redemption as view;
use crate::world::Stop;

/// The cart that is redeemed; it names its order.
#[derive(Clone, Debug)]
pub struct CreateRedemption {
    /// The cart.
    pub cart: Cart,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &CreateRedemption) -> Result<Answer, Stop> {
    command.cart.refuse_ttl()?;
    // Who typed the codes knows them.
    redeem(draft, &command.cart, None, Mask::Full)
}

/// Redeems a cart, and shows what came of it.
pub(crate) fn redeem(draft: &mut Draft<'_>, cart: &Cart, named: Option<Rc<Hold>>, mask: Mask) -> Result<Answer, Stop> {
    let Spent { redemption, is_new } = redeem_cart(draft, cart, named)?;
    let shown = view(&redemption, &draft.installation.vault, mask);
    let answer = match is_new {
        true => Answer::created(&shown, format!("/v1/redemptions/{}", redemption.id)),
        false => Answer::ok(&shown),
    };
    Ok(answer.keep(Keep::Sealed))
}

/// What was redeemed in an order, now or before.
pub(crate) struct Spent {
    /// The redemption.
    pub redemption: Rc<Redemption>,
    is_new: bool,
}

/// Redeems a cart; it spends what was set aside for its order or cart, or by the hold that is named.
pub(crate) fn redeem_cart(draft: &mut Draft<'_>, cart: &Cart, named: Option<Rc<Hold>>) -> Result<Spent, Stop> {
    let order_id = cart.order_id.as_deref().ok_or_else(|| Rejection::field("/order_id", "this field is required"))?;
    let slot_id = OrderSlot::id_of(draft.shop.id, order_id);
    let slot = draft.get::<OrderSlot>(slot_id);
    let own = hold::own(draft, cart);
    let buyer = customer::find(draft, cart.customer.as_deref(), cart.customer_details.as_ref(), "/customer");
    let (slot, own, print) = (slot?, own?, fingerprint(draft, cart));
    if let Some(live) = slot.as_ref().and_then(|slot| slot.redemption) {
        return Ok(Spent { redemption: same(draft, live, buyer, &print)?, is_new: false });
    }
    let buyer = buyer?.map(|buyer| customer::keep(draft, buyer)).transpose()?;
    hold::make_room(draft, cart, buyer.as_deref())?;
    let own = with_named(own, named);
    let held = hold::take(draft, &own, HoldStatus::Redeemed)?;
    let mut assessed = assess(draft, cart, buyer, &held)?;
    if cart.already_applied != Some(true) {
        assessed = assessed.accepted("Nothing would be redeemed; give a code or store_credit.")?;
    }
    let redemption = spend_all(draft, cart, &assessed, order_id, print)?;
    hold::note_redemption(draft, &own, redemption.id)?;
    let mut slot = slot.map_or_else(
        || OrderSlot { id: slot_id, shop: draft.shop.id, version: 0, redemption: None, latest: None },
        |slot| (*slot).clone(),
    );
    slot.redemption = Some(redemption.id);
    slot.latest = Some(redemption.id);
    draft.save(slot);
    draft.event(EventKind::RedemptionCreated, &view(&redemption, &draft.installation.vault, Mask::Hint))?;
    if let Some(recommendation) = redemption.recommendation() {
        erasure_index::note(draft, recommendation.advocate, redemption.id)?;
    }
    reattribute::credit(draft, &redemption)?;
    Ok(Spent { redemption: draft.save(redemption), is_new: true })
}

/// The hold that is named is one of the order's own.
fn with_named(mut own: Vec<Rc<Hold>>, named: Option<Rc<Hold>>) -> Vec<Rc<Hold>> {
    let is_new = |named: &Rc<Hold>| own.iter().all(|hold| hold.id != named.id);
    let named = named.filter(|named| named.status == HoldStatus::Held).filter(is_new);
    own.extend(named);
    own
}

/// The same cart again is answered as it is now; a different one in the same order is refused.
/// Whose it was that is erased since, nobody can say.
fn same(draft: &Draft<'_>, live: Id, buyer: Result<Option<Found>, Stop>, print: &str) -> Result<Rc<Redemption>, Stop> {
    let live = draft.expect::<Redemption>(live)?;
    let is_same = || person::is_same_as(draft, live.customer, buyer?.as_ref().map(|buyer| &*buyer.customer));
    if live.fingerprint != print || !(customer_lookup::was_erased(draft, live.customer)? || is_same()?) {
        let detail = format!(
            "Order {} was redeemed with another cart ({}); reverse that redemption first, or repeat the same cart.",
            live.order_id, live.id
        );
        return Err(Rejection::new(Code::OrderDiffers, detail).into());
    }
    Ok(live)
}

/// Tells one cart from another, whoever buys it. The order of the codes does not matter, nor how they
/// were typed. What an unused code was worth cannot be found out of it.
fn fingerprint(draft: &Draft<'_>, cart: &Cart) -> String {
    let mut codes: Vec<(String, Option<i64>)> =
        (cart.typed()).map(|(_, typed)| (typed.key(draft).to_owned(), typed.amount.map(|amount| amount.0))).collect();
    codes.sort_unstable();
    let amounts = (cart.amount.0, cart.shipping(), cart.shop_discount(), cart.store_credit.map(|most| most.0));
    let items: Vec<_> = (cart.items.iter())
        .map(|item| {
            (
                &*item.id,
                item.sku.as_deref(),
                item.quantity,
                item.amount.0,
                &item.categories,
                item.discounted == Some(true),
            )
        })
        .collect();
    let evidence =
        cart.evidence.as_ref().map(|evidence| (evidence.token.as_deref(), evidence.code.as_deref().map(code::plain)));
    let applied = if cart.already_applied == Some(true) { " applied" } else { "" };
    sha256_hex(format!("{} {codes:?} {amounts:?} {items:?} {evidence:?}{applied}", cart.currency).as_bytes())
}

fn spend_all(
    draft: &mut Draft<'_>,
    cart: &Cart,
    assessed: &Assessed,
    order_id: &str,
    print: String,
) -> Result<Redemption, Stop> {
    let id = draft.new_id("rdm");
    let buyer = assessed.customer.as_ref();
    let redeemer = Redeemer { redemption: id, customer: buyer.map(|buyer| buyer.id), shopper: assessed.shopper() };
    let lines = draft.each(&assessed.lines, |draft, line| redeemer.redeem_line(draft, cart, line))?;
    let redemption = Redemption {
        id,
        shop: draft.shop.id,
        version: 0,
        order_id: order_id.to_owned(),
        customer: redeemer.customer,
        customer_ref: buyer.and_then(|buyer| buyer.external_id.clone()),
        currency: cart.currency,
        amount: cart.amount.0,
        shipping_amount: cart.shipping(),
        discount: assessed.price.discount,
        payment: assessed.price.payment,
        payable: assessed.price.payable,
        lines: Json(lines),
        fingerprint: print,
        status: RedemptionStatus::Redeemed,
        reversed_amount: 0,
        created_at: draft.at(),
    };
    redeemed::note_redeemed(draft, &redemption)?;
    Ok(redemption)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::decide::people::merge_customers::MergeCustomers;
    use crate::decide::testing::till::{Till, day, id};
    use crate::records::account::{EXPIRED, ISSUED, REDEEMED, SHOP};
    use crate::records::reward::RewardStatus;
    use crate::records::voucher::voucher_account;
    use crate::records::{Redemption, Reward};
    use crate::refusal::Rejection;

    fn off(amount: i64) -> Value {
        json!({"kind": "amount_off", "amount": amount})
    }

    fn codes_of(refusal: &Rejection) -> Vec<(&str, &str)> {
        refusal.errors.iter().map(|fault| (fault.pointer.as_str(), fault.code.as_str())).collect()
    }

    #[test]
    fn a_voucher_is_spent_once_and_the_books_say_how() {
        let mut till = Till::new();
        let (_, code) = till.voucher(off(2000));
        let (status, made) = till.redeem(json!({"codes": [code], "amount": 1500})).expect("it is good");
        assert_eq!((status, &made["discount"], &made["payable"]), (201, &json!(1500), &json!(500)));
        assert_eq!((till.balance(SHOP), till.balance(ISSUED)), (-2000, 0));
        assert_eq!((till.balance(REDEEMED), till.balance(EXPIRED)), (1500, 500), "what it does not use is lost");
        let refusal = till.redeem(json!({"codes": [code], "order_id": "A-2"})).expect_err("it is spent");
        assert_eq!(codes_of(&refusal), [("/codes/0", "voucher_spent")]);
    }

    #[test]
    fn what_goes_beyond_the_face_is_the_shops() {
        let mut till = Till::new();
        let (_, half) = till.voucher(json!({"kind": "percent_off", "rate_bps": 5000}));
        let (_, many) = till.voucher(json!({"kind": "amount_off", "amount": 700, "max_redemptions": null}));
        till.redeem(json!({"codes": [half, many]})).expect("both are good");
        assert_eq!((till.balance(SHOP), till.balance(ISSUED), till.balance(REDEEMED)), (-5700, 0, 5700));
    }

    #[test]
    fn the_same_cart_again_is_the_same_redemption() {
        let mut till = Till::new();
        let (_, code) = till.voucher(off(2000));
        let (_, other) = till.voucher(off(100));
        let first = till.redeem(json!({"codes": [code, other], "customer": "anna"})).expect("it is good").1;
        let typed = code.to_lowercase().replace('-', " ");
        let anna = first["customer_id"].clone();
        let again = till.redeem(json!({"codes": [other, typed], "customer": anna})).expect("the same");
        assert_eq!(again, (200, first));
        for fields in
            [json!({"amount": 9999}), json!({"customer": "bert"}), json!({"codes": [code]}), json!({"store_credit": 1})]
        {
            let mut cart = json!({"codes": [code, other], "customer": "anna"});
            for (name, value) in fields.as_object().expect("fields") {
                cart[name] = value.clone();
            }
            assert_eq!(till.redeem(cart).expect_err("another cart").code.as_str(), "order_differs", "{fields}");
        }
    }

    #[test]
    fn every_reason_has_its_code_and_its_place() {
        let mut till = Till::new();
        let (later, soon) = (day(&till, 5), day(&till, 2));
        let table = [
            (json!({"valid_from": later}), json!({}), "not_yet_valid", "voucher_not_yet_valid"),
            (json!({"customer": "bert"}), json!({"customer": "anna"}), "foreign", "voucher_foreign"),
            (json!({"customer": "anna"}), json!({}), "customer_required", "customer_required"),
            (json!({"per_customer": 1}), json!({}), "customer_required", "customer_required"),
            (json!({"min_order_amount": 10_001}), json!({}), "min_order_amount", "not_applicable"),
            (json!({}), json!({"currency": "CHF"}), "currency_mismatch", "currency_mismatch"),
            (json!({}), json!({"amount": 0}), "not_applicable", "not_applicable"),
        ];
        for (voucher, cart, reason, refusal) in table {
            let mut fields = off(100);
            for (name, value) in voucher.as_object().expect("fields") {
                fields[name] = value.clone();
            }
            let (_, code) = till.voucher(fields);
            let mut cart = cart;
            cart["codes"] = json!([code]);
            let checked = till.check(cart.clone()).expect("a check answers");
            assert_eq!(
                (&checked["valid"], &checked["lines"][0]["reasons"]),
                (&json!(false), &json!([reason])),
                "{reason}"
            );
            let refused = till.redeem(cart).expect_err(reason);
            assert_eq!(codes_of(&refused), [("/codes/0", refusal)], "{reason}");
        }
        let (_, code) = till.voucher(json!({"kind": "amount_off", "amount": 100, "valid_until": soon}));
        till.advance(2);
        let refused = till.redeem(json!({"codes": [code]})).expect_err("its time is over");
        assert_eq!(codes_of(&refused), [("/codes/0", "voucher_expired")]);
        let refused = till.redeem(json!({"codes": ["NOSUCHCODE12"]})).expect_err("nobody knows it");
        assert_eq!(codes_of(&refused), [("/codes/0", "voucher_unknown")]);
    }

    #[test]
    fn all_or_nothing_with_every_fault_named() {
        let mut till = Till::new();
        let (good, code) = till.voucher(off(100));
        let (gone, void) = till.voucher(off(200));
        till.void(gone).expect("it is withdrawn");
        let refused =
            till.redeem(json!({"codes": [code, "NOSUCHCODE12", void], "store_credit": 5})).expect_err("three faults");
        assert_eq!(
            codes_of(&refused),
            [("/codes/1", "voucher_unknown"), ("/codes/2", "voucher_void"), ("/store_credit", "customer_required")]
        );
        assert_eq!(refused.code.status(), 422, "the status of the first");
        assert_eq!(till.shown(good)["used"], 0);
    }

    #[test]
    fn exclusive_and_grouped_vouchers_do_not_combine() {
        let mut till = Till::new();
        let grouped = |group: &str| json!({"kind": "amount_off", "amount": 100, "stacking": {"group": group}});
        let (_, alone) = till.voucher(json!({"kind": "amount_off", "amount": 100, "stacking": {"exclusive": true}}));
        let (_, red) = till.voucher(grouped("red"));
        let (_, other_red) = till.voucher(grouped("red"));
        let (_, blue) = till.voucher(grouped("blue"));
        let (_, card) = till.voucher(json!({"kind": "gift_card", "amount": 100}));
        let table = [
            (vec![&alone, &card], vec![]),
            (vec![&alone, &red], vec![0]),
            (vec![&red, &alone], vec![1]),
            (vec![&red, &blue], vec![]),
            (vec![&red, &blue, &other_red], vec![0, 2]),
        ];
        for (codes, faulty) in table {
            let checked = till.check(json!({"codes": codes})).expect("a check answers");
            let lines = checked["lines"].as_array().expect("lines");
            let found: Vec<usize> =
                (0..lines.len()).filter(|index| lines[*index]["reasons"] == json!(["not_combinable"])).collect();
            assert_eq!(found, faulty, "{codes:?}");
        }
    }

    #[test]
    fn n_uses_are_n_and_each_customer_has_his_own() {
        let mut till = Till::new();
        let (id, code) =
            till.voucher(json!({"kind": "amount_off", "amount": 100, "max_redemptions": 3, "per_customer": 2}));
        for (order, who, refusal) in [
            ("1", "anna", None),
            ("2", "anna", None),
            ("3", "anna", Some("limit_reached")),
            ("4", "bert", None),
            ("5", "bert", Some("limit_reached")),
        ] {
            let said = till.redeem(json!({"codes": [code], "order_id": order, "customer": who}));
            assert_eq!(said.err().map(|refused| refused.code.as_str()), refusal, "order {order}");
        }
        let shown = till.shown(id);
        assert_eq!(
            (&shown["used"], &shown["remaining_uses"], &shown["status"]),
            (&json!(3), &json!(0), &json!("spent"))
        );
    }

    #[test]
    fn balances_pay_and_leave_the_price() {
        let mut till = Till::new();
        let (card, code) = till.voucher(json!({"kind": "gift_card", "amount": 6000}));
        till.grant(json!({"kind": "store_credit", "amount": 3000}));
        let cart = json!({"codes": [{"code": code, "amount": 4000}], "store_credit": 2500, "customer": "anna"});
        let checked = till.check(cart.clone()).expect("a check answers");
        let made = till.redeem(cart).expect("both are good").1;
        for answer in [&checked, &made] {
            assert_eq!(
                (&answer["discount"], &answer["payment"], &answer["payable"]),
                (&json!(0), &json!(6500), &json!(4000))
            );
            let left: Vec<&Value> =
                answer["lines"].as_array().expect("lines").iter().map(|line| &line["balance"]).collect();
            assert_eq!(left, [2000, 500]);
        }
        assert_eq!(till.balance(&voucher_account(card)), 2000, "what a card does not use stays");
        let more = json!({"codes": [{"code": code, "amount": 2001}], "store_credit": 501, "customer": "anna", "order_id": "A-2"});
        let refused = till.redeem(more).expect_err("there is less");
        assert_eq!(codes_of(&refused), [("/codes/0", "balance_too_low"), ("/store_credit", "balance_too_low")]);
        let rest = json!({"codes": [code], "amount": 1000, "shipping_amount": 0, "order_id": "A-3"});
        assert_eq!(till.redeem(rest).expect("it pays what there is to pay").1["payment"], 1000);
        assert_eq!(till.shown(card)["status"], "active");
    }

    #[test]
    fn a_reward_is_spent_with_its_voucher() {
        let mut till = Till::new();
        let (reward, code) = till.grant(off(500));
        till.redeem(json!({"codes": [code], "customer": "anna"})).expect("it is hers");
        assert_eq!(till.bench.get::<Reward>(reward).status, RewardStatus::Spent);
        assert_eq!(till.events()[till.events().len() - 2..], ["reward.spent", "redemption.created"]);
    }

    #[test]
    fn nothing_and_what_is_not_built_are_refused() {
        let mut till = Till::new();
        let refused = till.redeem(json!({})).expect_err("nothing is given");
        assert_eq!(refused.code.as_str(), "not_applicable");
        let refused = till.redeem(json!({"order_id": null, "codes": ["X"]})).expect_err("no order");
        assert_eq!(refused.errors[0].pointer, "/order_id");
    }

    #[test]
    fn of_a_card_whose_time_is_over_what_was_set_aside_is_good_and_no_more() {
        let mut till = Till::new();
        let soon = till.bench.at.plus_ms(600_000).to_string();
        let (card, code) = till.voucher(json!({"kind": "gift_card", "amount": 1000, "valid_until": soon}));
        let cart = |amount: Value| json!({"cart_id": "C-1", "codes": [{"code": code, "amount": amount}]});
        let mut held = cart(json!(300));
        held["order_id"] = Value::Null;
        till.hold(held).expect("it is good");
        till.wait(12);
        let refused = till.redeem(cart(json!(301))).expect_err("the rest is over");
        assert_eq!(codes_of(&refused), [("/codes/0", "voucher_expired")]);
        assert_eq!(till.check(cart(Value::Null)).expect("a check")["payment"], 300);
        assert_eq!(till.redeem(cart(Value::Null)).expect("what was set aside").1["payment"], 300);
        till.sweep();
        assert_eq!((till.balance(EXPIRED), till.balance(&voucher_account(card))), (700, 0));
    }

    #[test]
    fn what_was_set_aside_for_one_who_was_merged_is_free_when_its_time_is_over() {
        let mut till = Till::new();
        till.grant(json!({"kind": "store_credit", "amount": 500}));
        till.hold(json!({"cart_id": "C-1", "order_id": null, "store_credit": 500, "customer": "anna"})).expect("hers");
        let fields = json!({"from": "anna", "reason": "one person"});
        let merge: MergeCustomers = serde_json::from_value(fields).expect("a merge");
        till.bench.decide(MergeCustomers { into: "bert".to_owned(), ..merge }).expect("they are one");
        let cart = json!({"store_credit": 500, "customer": "bert"});
        let refused = till.redeem(cart.clone()).expect_err("it is set aside");
        assert_eq!(codes_of(&refused), [("/store_credit", "balance_too_low")]);
        till.wait(20);
        assert_eq!(till.check(cart.clone()).expect("a check")["payment"], 500);
        assert_eq!(till.redeem(cart).expect("nobody came by to sweep").1["payment"], 500);
    }

    #[test]
    fn events_do_not_tell_codes() {
        let mut till = Till::new();
        let (_, code) = till.voucher(off(500));
        let made = till.redeem(json!({"codes": [code]})).expect("it is good").1;
        let told = till.bench.all::<crate::records::Event>();
        assert!(told.len() == 2 && told.iter().all(|event| !event.data.contains(&code)));
        assert_eq!(made["lines"][0]["code"], json!(code));
        assert!(!till.bench.get::<Redemption>(id(&made)).fingerprint.contains(&code));
    }
}
