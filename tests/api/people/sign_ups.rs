//! A sign-up is one call: a customer is made known, and whoever recommended them is noted.

use crate::support::*;

on_both!(
    a_sign_up_is_one_call,
    nobody_is_credited_and_it_is_said_why,
    a_sign_up_again_is_the_same_referral,
    wrong_codes_of_sign_ups_are_counted,
    who_may_make_no_referrals_makes_none,
);

async fn prepared(shop: &TestShop) -> (Value, Value) {
    let rewards = json!([{"to": "friend", "on": "referral", "kind": "amount_off", "amount": 500}]);
    let program = shop.program(json!({"rewards": rewards})).await;
    shop.customer("ann").await;
    let codes = format!("{}/codes", path("/v1/programs", &program["slug"]));
    let code = shop.post(&codes, json!({"customer": "ann"})).await.created()["code"].clone();
    (program, code)
}

fn came(with: Value) -> Value {
    json!({"email": "ben@mail.example", "first_name": "Ben", "evidence": with})
}

async fn a_sign_up_is_one_call(shop: TestShop) {
    let (program, _) = prepared(&shop).await;
    let share = shop
        .post("/v1/shares", json!({"program": program["id"], "customer": "ann", "channel": "signal"}))
        .await
        .created();
    let signed_up = shop.put("/v1/customers/ben", came(json!({"token": share["token"]}))).await.created();
    assert_eq!((&signed_up["first_name"], &signed_up["referral"]["advocate"]), (&json!("Ben"), &json!("ann")));
    assert_eq!(signed_up["referral"]["rewards"][0]["status"], "issued");
    assert_eq!(signed_up.get("referral_refused"), None);
    assert_eq!(shop.get("/v1/customers/ben").await.ok().get("referral"), None);
    let referrals = shop.list("/v1/referrals?friend=ben").await;
    assert_eq!(referrals, [signed_up["referral"].clone()]);
    assert_eq!(shop.list("/v1/vouchers?customer=ben").await.len(), 1);
    let plain = shop.put("/v1/customers/cleo", json!({"first_name": "Cleo"})).await.created();
    assert_eq!((plain.get("referral"), plain.get("referral_refused")), (None, None));
    let blank = shop.put("/v1/customers/dora", came(json!({"token": "", "code": " "}))).await.created();
    assert_eq!((blank.get("referral"), blank.get("referral_refused")), (None, None), "a form that was left empty");
    shop.books_balance().await;
}

async fn nobody_is_credited_and_it_is_said_why(shop: TestShop) {
    let (_, code) = prepared(&shop).await;
    shop.customer("old").await;
    let order = json!({"order_id": "A-1", "customer": "old", "amount": 4990, "currency": "EUR"});
    shop.post("/v1/conversions", order).await.created();
    let table = [
        ("ben", json!({"code": "NOBODY-1234"}), "code_unknown"),
        ("cleo", json!({"token": "nosuchtoken"}), "share_unknown"),
        ("ann", json!({"code": code}), "self_referral"),
        ("old", json!({"code": code}), "not_eligible"),
    ];
    for (who, with, why) in table {
        let answer = shop.put(&format!("/v1/customers/{who}"), json!({"first_name": "X", "evidence": with})).await;
        let said = answer.json();
        assert!(answer.status() < 300, "{said}");
        assert_eq!((&said["referral_refused"]["code"], &said["first_name"]), (&json!(why), &json!("X")), "{said}");
        assert_eq!(said.get("referral"), None);
    }
    assert!(shop.list("/v1/referrals").await.is_empty());
    let lost = json!({"first_name": "Y", "evidence": {"code": code}, "program": "no-such-program"});
    shop.put("/v1/customers/eve", lost).await.refused(422, "program_unknown");
    shop.get("/v1/customers/eve").await.refused(404, "not_found");
}

async fn a_sign_up_again_is_the_same_referral(shop: TestShop) {
    let (_, code) = prepared(&shop).await;
    let with = json!({"code": code});
    let first = shop.put("/v1/customers/ben", came(with.clone())).key("sign-up").await;
    let again = shop.put("/v1/customers/ben", came(with.clone())).key("sign-up").await;
    assert_eq!((again.bytes(), again.header("idempotent-replayed")), (first.bytes(), Some("true")));
    let unkeyed = shop.put("/v1/customers/ben", came(with.clone())).await.ok();
    assert_eq!(unkeyed["referral"]["id"], first.created()["referral"]["id"]);
    let at_once = (0..8).map(|_| shop.put("/v1/customers/ben", came(with.clone())));
    let answers = futures_util::future::join_all(at_once.map(IntoFuture::into_future)).await;
    assert!(answers.iter().all(|answer| answer.ok()["referral"]["id"] == unkeyed["referral"]["id"]));
    assert_eq!(shop.list("/v1/referrals").await.len(), 1);
    assert_eq!(shop.list("/v1/vouchers?customer=ben").await.len(), 1, "its reward is given once");
}

async fn who_may_make_no_referrals_makes_none(shop: TestShop) {
    let (_, code) = prepared(&shop).await;
    let keeper = shop.key(&["customers:write"]).await;
    let refused = keeper.put("/v1/customers/ben", came(json!({"code": code}))).await.refused(403, "forbidden");
    assert!(text(&refused["detail"]).contains("referrals:write"), "{refused}");
    shop.get("/v1/customers/ben").await.refused(404, "not_found");
    keeper.put("/v1/customers/ben", json!({"first_name": "Ben"})).await.created();
}

async fn wrong_codes_of_sign_ups_are_counted(shop: TestShop) {
    for number in 0..10 {
        let with = json!({"evidence": {"code": format!("WRONG-{number:04}")}});
        assert!(shop.put("/v1/customers/ben", with).await.status() < 300);
    }
    let with = json!({"evidence": {"code": "WRONG-9999"}});
    shop.put("/v1/customers/ben", with).await.refused(429, "rate_limited");
    shop.put("/v1/customers/ben", json!({"first_name": "Ben"})).await.ok();
}
