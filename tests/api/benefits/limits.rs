//! Limits of rewards: what counts for which, whatever becomes of a program's list, and of people.

use crate::orders::checkout::town;
use crate::support::*;

on_both!(
    nobody_is_paid_twice_because_the_list_was_edited,
    a_discount_counts_on_wherever_it_stands_in_the_list,
    an_order_that_was_paid_for_before_takes_the_friends_place,
    who_ordered_before_is_new_nowhere,
);

/// A program's rewards are these from now on.
pub async fn edit(shop: &TestShop, program: &Value, rewards: &[&Value]) {
    let place = path("/v1/programs", &program["id"]);
    let etag = shop.get(&place).await.etag();
    let edited = shop.patch(&place, json!({"rewards": rewards})).if_match(&etag).await.ok();
    assert_eq!(elements(&edited["rewards"]).len(), rewards.len());
}

/// An order of a customer; answers for whom it earned something, and whom it was refused.
pub async fn ordered(shop: &TestShop, order_id: &str, customer: &str, code: &Value) -> [Vec<String>; 2] {
    let order = json!({"order_id": order_id, "customer": customer, "amount": 4990, "currency": "EUR",
                       "evidence": {"code": code}});
    let order = shop.post("/v1/conversions", order).await.created();
    let refused = elements(&order["refused_rewards"]);
    assert!(refused.iter().all(|one| one["reason"] == "limit_reached"), "{refused:?}");
    [elements(&order["rewards"]), refused].map(|all| all.iter().map(|one| text(&one["to"])).collect())
}

type Edit<'a> = (&'a [&'a [&'a Value]], &'a [&'a str], &'a [&'a str]);

async fn nobody_is_paid_twice_because_the_list_was_edited(shop: TestShop) {
    let hers = json!({"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000});
    let more = json!({"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1200});
    let card = json!({"to": "advocate", "on": "conversion", "kind": "gift_card", "amount": 100});
    let his = json!({"to": "friend", "on": "conversion", "kind": "amount_off", "amount": 500});
    // The lists after the first order, one after the other; who is paid for the second, and who no more.
    let edits: [Edit<'_>; 5] = [
        (&[&[&his, &hers]], &[], &["friend", "advocate"]),
        (&[&[&card, &hers, &his]], &["advocate"], &["advocate", "friend"]),
        (&[&[&more, &his]], &[], &["advocate", "friend"]),
        (&[&[&his], &[&hers, &his]], &[], &["advocate", "friend"]),
        (&[&[], &[&card], &[&card, &his]], &[], &["advocate", "friend"]),
    ];
    for (number, (lists, paid, refused)) in edits.iter().enumerate() {
        let program = shop.program(json!({"name": format!("p-{number}")})).await;
        let (anna, ben) = (format!("anna-{number}"), format!("ben-{number}"));
        for name in [&anna, &ben] {
            shop.customer(name).await;
        }
        let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
        let code = shop.post(&codes, json!({"customer": anna})).await.created()["code"].clone();
        let first = ordered(&shop, &format!("A-{number}"), &ben, &code).await;
        assert_eq!(first, [vec!["advocate", "friend"], vec![]]);
        for list in *lists {
            edit(&shop, &program, list).await;
        }
        let second = ordered(&shop, &format!("B-{number}"), &ben, &code).await;
        assert_eq!(second, [paid.to_vec(), refused.to_vec()], "{lists:?}");
    }
    shop.books_balance().await;
}

async fn a_discount_counts_on_wherever_it_stands_in_the_list(shop: TestShop) {
    let town = town(shop, json!({"qualifying": {"new_customers_only": false}})).await;
    let cart = |order_id: &str, name: &str| {
        json!({"order_id": order_id, "currency": "EUR", "amount": 5000, "codes": [town.code],
               "customer_details": {"email": format!("{name}@mail.example")}})
    };
    let shop = &town.shop;
    shop.post("/v1/redemptions", cart("A-1", "bert")).await.created();
    let [tenth, hers] = [&town.program["rewards"][0], &town.program["rewards"][1]];
    for list in [&[tenth][..], &[hers], &[hers, tenth]] {
        edit(shop, &town.program, list).await;
    }
    shop.post("/v1/redemptions", cart("A-2", "bert")).await.refused(409, "limit_reached");
    shop.post("/v1/redemptions", cart("A-3", "carla")).await.created();
    shop.books_balance().await;
}

async fn an_order_that_was_paid_for_before_takes_the_friends_place(shop: TestShop) {
    let rewards = json!([
        {"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000},
        {"to": "advocate", "on": "conversion", "kind": "gift_card", "amount": 300, "max_per_friend": 2},
        {"to": "friend", "on": "conversion", "kind": "amount_off", "amount": 500},
        {"to": "advocate", "on": "conversion", "kind": "store_credit", "amount": 200, "kinds": ["renewal"]},
    ]);
    let program = shop.program(json!({"pending_days": 0, "rewards": rewards})).await;
    shop.customer("anna").await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    let code = shop.post(&codes, json!({"customer": "anna"})).await.created()["code"].clone();
    let file =
        "friend,advocate,created_at,converted\nben,anna,2016-05-04T10:00:00Z,true\ncarl,anna,2016-05-04T10:00:00Z,\n";
    for known in [0, 2] {
        assert_eq!(shop.imported("referrals", file).await["known"], known);
    }
    let [advocate, friend] = ["advocate", "friend"].map(str::to_owned);
    let first = ordered(&shop, "A-1", "ben", &code).await;
    assert_eq!(first, [vec![advocate.clone()], vec![advocate.clone(), friend.clone()]], "one of two is left");
    let second = ordered(&shop, "A-2", "ben", &code).await;
    assert_eq!(second, [vec![], vec![advocate.clone(), advocate.clone(), friend.clone()]]);
    let renewal = json!({"order_id": "A-3", "customer": "ben", "amount": 4990, "currency": "EUR", "kind": "renewal",
                         "evidence": {"code": code}});
    let renewal = shop.post("/v1/conversions", renewal).await.created();
    assert_eq!(renewal["rewards"][0]["kind"], "store_credit", "what was before was an order: {renewal}");
    let first = ordered(&shop, "B-1", "carl", &code).await;
    assert_eq!(first, [vec![advocate.clone(), advocate, friend], vec![]], "nobody was paid for him");
    shop.books_balance().await;
}

async fn who_ordered_before_is_new_nowhere(shop: TestShop) {
    let town = town(shop, json!({})).await;
    let shop = &town.shop;
    let other = shop.program(json!({"name": "Other", "slug": "other"})).await;
    let file = "friend,advocate,program,created_at,converted\n\
                ben,anna,weitersagen,2016-05-04T10:00:00Z,true\ncarl,anna,weitersagen,2016-05-04T10:00:00Z,\n";
    assert_eq!(shop.imported("referrals", file).await["refused"], 0);
    let code = shop.post(&format!("{}/codes", path("/v1/programs", &other["id"])), json!({"customer": "zoe"}));
    shop.customer("zoe").await;
    let code = code.await.created()["code"].clone();
    for (name, is_new) in [("ben", false), ("carl", true)] {
        let cart = json!({"currency": "EUR", "amount": 5000, "codes": [town.code], "customer": name});
        let checked = shop.post("/v1/vouchers/check", cart).await.ok();
        assert_eq!(checked["valid"], is_new, "{checked}");
        let order = json!({"order_id": name, "customer": name, "amount": 4990, "currency": "EUR", "evidence": {"code": code},
                           "program": other["id"]});
        let order = shop.post("/v1/conversions", order).await.created();
        assert_eq!(order["attribution"]["method"], if is_new { "code" } else { "none" });
    }
}
