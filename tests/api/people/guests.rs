//! Guests and persons: who has no account is found again by his address, and nobody is two people to a limit.

use std::future::IntoFuture;

use futures_util::future::join_all;

use crate::support::*;

on_both!(
    two_hundred_guests_with_one_address_are_one_person,
    a_voucher_of_hers_works_when_she_orders_as_a_guest,
    a_guest_is_paid_for_and_found_again,
    nobody_refers_himself_as_a_guest,
    who_turns_out_to_be_his_own_advocate_is_not_paid,
    who_has_ordered_as_a_guest_is_not_new,
    customers_of_ten_years_are_not_new,
    a_check_makes_nobody,
    a_guest_is_told_of_by_an_address,
    what_is_told_of_a_customer_fills_what_is_empty,
    people_who_share_a_phone_have_their_own_accounts,
);

/// Spellings of one mailbox.
fn spelling(number: usize) -> String {
    let spellings =
        ["carla.kaiser@gmail.com", "CarlaKaiser@googlemail.com", "c.arlakaiser@gmail.com", "CARLAKAISER@GMAIL.COM"];
    match number % 5 {
        4 => format!("carla.kaiser+{number}@gmail.com"),
        place => spellings[place].to_owned(),
    }
}

fn guest(email: &str) -> Value {
    json!({"email": email, "name": "A Guest", "locale": "de"})
}

fn cart(order: &str, code: &Value, details: &Value) -> Value {
    json!({"codes": [code], "order_id": order, "amount": 4990, "currency": "EUR", "customer_details": details})
}

fn order(order: &str, details: &Value, evidence: Value) -> Value {
    json!({"order_id": order, "amount": 4990, "currency": "EUR", "paid": true, "customer_details": details, "evidence": evidence})
}

async fn two_hundred_guests_with_one_address_are_one_person(shop: TestShop) {
    let voucher =
        json!({"kind": "amount_off", "amount": 500, "currency": "EUR", "max_redemptions": null, "per_customer": 1});
    let voucher = shop.post("/v1/vouchers", voucher).await.created();
    let asks = shop.everywhere().take(200).enumerate().map(|(number, client)| {
        let cart = cart(&format!("A-{number}"), &voucher["code"], &guest(&spelling(number)));
        client.post("/v1/redemptions", cart).into_future()
    });
    let answers = join_all(asks).await;
    let taken = answers.iter().filter(|answer| answer.status() == 201).count();
    assert_eq!(taken, 1);
    for answer in answers.iter().filter(|answer| answer.status() != 201) {
        answer.refused(409, "limit_reached");
    }
    assert_eq!(shop.list("/v1/customers").await.len(), 1);
    shop.books_balance().await;
}

async fn a_voucher_of_hers_works_when_she_orders_as_a_guest(shop: TestShop) {
    let anna = json!({"email": "Anna.Ahrens@gmail.com", "phone": "0170 1234567"});
    shop.put("/v1/customers/anna", anna).await.created();
    let voucher = json!({"kind": "amount_off", "amount": 500, "currency": "EUR", "customer": "anna"});
    let voucher = shop.post("/v1/vouchers", voucher).await.created();
    let code = &voucher["code"];
    let nobody = json!({"codes": [code], "order_id": "A-0", "amount": 4990, "currency": "EUR"});
    shop.post("/v1/redemptions", nobody.clone()).await.refused(422, "customer_required");
    assert_eq!(shop.post("/v1/vouchers/check", nobody).await.ok()["needs"], json!(["customer"]));
    shop.post("/v1/redemptions", cart("A-1", code, &guest("bert@mail.example"))).await.refused(422, "voucher_foreign");
    let redeemed =
        shop.post("/v1/redemptions", cart("A-2", code, &guest("annaahrens+x@googlemail.com"))).await.created();
    assert_eq!(redeemed["customer"], Value::Null, "nobody vouches that it is her");
    let named = json!({"codes": [code], "order_id": "A-2", "amount": 4990, "currency": "EUR", "customer": "anna"});
    shop.post("/v1/redemptions", named).await.ok();
    shop.post("/v1/redemptions", cart("A-2", code, &guest("bert@mail.example"))).await.refused(409, "order_differs");
}

async fn a_guest_is_paid_for_and_found_again(shop: TestShop) {
    let program = shop.program(json!({"pending_days": 0})).await;
    let share = shop.share(&program, "anna").await;
    let told = json!({"email": "Gerd@Mail.Example", "name": "Gerd Gast", "locale": "en"});
    let evidence = json!({"token": share["token"]});
    let first = shop.post("/v1/conversions", order("A-1", &told, evidence.clone())).await.created();
    assert_eq!((&first["customer"], &first["attribution"]["advocate"]), (&Value::Null, &json!("anna")));
    let rewards = elements(&first["rewards"]);
    assert_eq!(rewards.iter().filter(|reward| reward["status"] == "issued").count(), 2, "{rewards:?}");
    let gerd = shop.get(&path("/v1/customers", &first["customer_id"])).await.ok();
    assert_eq!(
        (&gerd["external_id"], &gerd["email"], &gerd["locale"]),
        (&Value::Null, &told["email"], &told["locale"])
    );
    let again =
        shop.post("/v1/conversions", order("A-1", &guest(" gerd@mail.example".trim()), evidence.clone())).await.ok();
    assert_eq!(again["customer_id"], first["customer_id"]);
    let second = shop.post("/v1/conversions", order("A-2", &guest("gerd@mail.example"), evidence)).await.created();
    assert_eq!((&second["customer_id"], &second["attribution"]["method"]), (&first["customer_id"], &json!("referral")));
    assert_eq!(second["refused_rewards"][0]["reason"], "limit_reached");
    shop.post("/v1/conversions", order("A-2", &guest("other@mail.example"), json!({})))
        .await
        .refused(409, "order_differs");
    let mails = shop.list("/v1/messages").await;
    assert!(
        mails.iter().any(|mail| mail["customer_id"] == first["customer_id"] && mail["locale"] == "en"),
        "{mails:?}"
    );
}

async fn nobody_refers_himself_as_a_guest(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "anna").await;
    let evidence = json!({"token": share["token"]});
    let own = shop.post("/v1/conversions", order("A-1", &guest("ANNA@mail.example"), evidence.clone())).await.created();
    assert_eq!(own["attribution"]["considered"][0]["outcome"], "self_referral");
    let friend = json!({"friend_details": guest("anna@MAIL.example"), "evidence": evidence});
    shop.post("/v1/referrals", friend.clone()).await.refused(422, "self_referral");
    let checked = shop.post("/v1/referrals/check", friend).without("idempotency-key").await.ok();
    assert_eq!(checked["reasons"], json!(["self_referral"]));
    shop.put("/v1/customers/otto", json!({"phone": "+49 170 1234567"})).await.created();
    shop.put("/v1/customers/anna", json!({"phone": "0049 170 1234567"})).await.ok();
    let other = json!({"order_id": "A-2", "customer": "otto", "amount": 4990, "currency": "EUR", "evidence": evidence});
    let other = shop.post("/v1/conversions", other).await.created();
    assert_eq!(other["attribution"]["considered"][0]["outcome"], "self_referral");
}

async fn who_turns_out_to_be_his_own_advocate_is_not_paid(shop: TestShop) {
    let rewards = json!([{"to": "advocate", "on": "conversion", "kind": "store_credit", "amount": 900},
                         {"to": "friend", "on": "checkout", "kind": "amount_off", "amount": 500}]);
    let program = shop.program(json!({"rewards": rewards})).await;
    let codes = path("/v1/programs", &program["id"]) + "/codes";
    for (number, name) in ["sly", "adv", "ann"].into_iter().enumerate() {
        shop.put(&format!("/v1/customers/{name}"), json!({"email": format!("{name}@mail.example")})).await.created();
        let code = shop.post(&codes, json!({"customer": name})).await.created();
        let (details, id) = (guest(&format!("other-{number}@mail.example")), format!("A-{number}"));
        shop.post("/v1/redemptions", cart(&id, &code["code"], &details)).await.created();
        let told = shop.post("/v1/conversions", order(&id, &details, json!({}))).await.created();
        assert_eq!((&told["attribution"]["advocate"], &told["status"]), (&json!(name), &json!("pending")));
    }
    let own = json!({"email": "other-0@mail.example", "email_verified": true});
    shop.put("/v1/customers/sly", own).await.ok();
    let guest = shop.get("/v1/conversions/A-1").await.ok()["customer_id"].clone();
    shop.post("/v1/customers/adv/merge", json!({"from": guest, "reason": "one person"})).await.ok();
    shop.advance(31).await;
    for (number, name) in ["sly", "adv"].into_iter().enumerate() {
        let told = shop.get(&format!("/v1/conversions/A-{number}")).await.ok();
        assert_eq!((&told["status"], &told["attribution"]["method"]), (&json!("approved"), &json!("none")), "{name}");
        assert_eq!((&told["attribution"]["advocate"], &told["refused_rewards"]), (&Value::Null, &json!([])));
        let lost = &told["attribution"]["considered"][0];
        assert_eq!((&lost["advocate"], &lost["outcome"]), (&json!(name), &json!("self_referral")));
        let reward = &told["rewards"][0];
        assert_eq!((&reward["status"], &reward["history"][1]["why"]), (&json!("voided"), &json!("self_referral")));
        assert_eq!(shop.get(&format!("/v1/customers/{name}/balance")).await.ok()["balance"], 0);
        let story = shop.get(&format!("/v1/customers/{name}/timeline?locale=en")).await.ok().to_string();
        assert!(story.contains("the order is credited to nobody"), "{story}");
        assert!(story.contains("turned out to be the same person"), "{story}");
    }
    assert_eq!(shop.get("/v1/customers/ann/balance").await.ok()["balance"], 900, "others are paid");
    shop.books_balance().await;
}

async fn who_has_ordered_as_a_guest_is_not_new(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "anna").await;
    let evidence = json!({"token": share["token"]});
    for (number, email) in ["otto@mail.example", "OTTO@mail.example"].into_iter().enumerate() {
        shop.post("/v1/conversions", order(&format!("old-{number}"), &guest(email), json!({}))).await.created();
    }
    shop.put("/v1/customers/otto", json!({"email": "Otto@Mail.Example"})).await.created();
    let otto = json!({"order_id": "A-1", "customer": "otto", "amount": 4990, "currency": "EUR", "evidence": evidence});
    let otto = shop.post("/v1/conversions", otto).await.created();
    assert_eq!(
        (&otto["customer"], &otto["attribution"]["considered"][0]["outcome"]),
        (&json!("otto"), &json!("not_new"))
    );
    shop.post("/v1/referrals", json!({"friend_details": guest("new@mail.example"), "evidence": evidence}))
        .await
        .created();
    let same = json!({"friend_details": guest("NEW@mail.example"), "evidence": evidence});
    let known = shop.post("/v1/referrals", same).await.ok();
    assert_eq!(known["friend"], Value::Null);
    let ordered = shop.post("/v1/conversions", order("A-2", &guest("new@mail.example"), json!({}))).await.created();
    assert_eq!(ordered["attribution"]["method"], "referral");
    assert_eq!(ordered["customer_id"], known["friend_id"]);
}

async fn customers_of_ten_years_are_not_new(shop: TestShop) {
    for year in 2016..2026 {
        let past = json!({"order_id": format!("old-{year}"), "amount": 4990, "currency": "EUR", "paid": true,
                          "occurred_at": format!("{year}-03-01T09:00:00Z"), "customer_details": {"email": "Olga@mail.example"}});
        shop.post("/v1/conversions", past).await.created();
    }
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "anna").await;
    let evidence = json!({"token": share["token"]});
    for (number, customer) in
        [json!({"customer_details": guest("OLGA@mail.example")}), json!({"customer": "olga"})].into_iter().enumerate()
    {
        if number == 1 {
            shop.put("/v1/customers/olga", json!({"email": "olga@mail.example"})).await.created();
        }
        let mut order =
            json!({"order_id": format!("A-{number}"), "amount": 4990, "currency": "EUR", "evidence": evidence});
        order.as_object_mut().expect("an order").extend(customer.as_object().expect("fields").clone());
        let recorded = shop.post("/v1/conversions", order).await.created();
        assert_eq!(recorded["attribution"]["considered"][0]["outcome"], "not_new", "{customer}");
    }
}

async fn a_check_makes_nobody(shop: TestShop) {
    let voucher =
        json!({"kind": "amount_off", "amount": 500, "currency": "EUR", "per_customer": 1, "max_redemptions": null});
    let voucher = shop.post("/v1/vouchers", voucher).await.created();
    let asked = cart("A-1", &voucher["code"], &guest("gerd@mail.example"));
    let checked = shop.post("/v1/vouchers/check", asked.clone()).without("idempotency-key").await.ok();
    assert_eq!((&checked["valid"], &checked["needs"]), (&json!(true), &json!([])));
    assert!(shop.list("/v1/customers").await.is_empty());
    shop.post("/v1/redemptions", asked).await.created();
    let next = cart("A-2", &voucher["code"], &guest("GERD@mail.example"));
    let checked = shop.post("/v1/vouchers/check", next).without("idempotency-key").await.ok();
    assert_eq!(checked["lines"][0]["reasons"], json!(["limit_reached"]));
    assert_eq!(shop.list("/v1/customers").await.len(), 1);
}

async fn a_guest_is_told_of_by_an_address(shop: TestShop) {
    let details = json!({"email": "a@mail.example", "first_name": "A"});
    let refused = shop.post("/v1/conversions", order("A-1", &details, json!({}))).await.refused(422, "unknown_field");
    assert_eq!(refused["errors"][0]["pointer"], "/customer_details/first_name");
    let aside = shop.put("/v1/customers/ph", json!({"phone": "abc"})).await.created()["ignored"].clone();
    let detail = "a phone number is expected, for example +49 30 1234567";
    assert_eq!(aside, json!([{"pointer": "/phone", "detail": detail}]));
    let unknown = json!({"order_id": "A-1", "amount": 1, "currency": "EUR", "customer": "cus_00000000000000000000000000",
                         "customer_details": guest("a@mail.example")});
    shop.post("/v1/conversions", unknown).await.refused(422, "customer_unknown");
    let granted = json!({"customer_details": guest("gerd@mail.example"), "reward": {"kind": "store_credit", "amount": 900},
                         "reason": "late parcel"});
    let grant = shop.post("/v1/grants", granted).await.created();
    assert_eq!(grant["customer"], Value::Null);
    let balance = shop.get(&format!("{}/balance", path("/v1/customers", &grant["customer_id"]))).await.ok();
    assert_eq!(balance["balance"], 900);
    shop.post("/v1/grants", json!({"reward": {"kind": "store_credit", "amount": 900}, "reason": "to nobody"}))
        .await
        .refused(422, "invalid_field");
    let program = shop.program(json!({})).await;
    let share =
        json!({"program": program["id"], "customer_details": guest("gerd@mail.example"), "channel": "whatsapp"});
    let share = shop.post("/v1/shares", share.clone()).await.created();
    assert_eq!(share["customer_id"], grant["customer_id"]);
}

async fn what_is_told_of_a_customer_fills_what_is_empty(shop: TestShop) {
    shop.put("/v1/customers/anna", json!({"email": "anna@mail.example"})).await.created();
    let told = json!({"email": "other@mail.example", "phone": "+49 170 1", "name": "Anna Ahrens", "locale": "en"});
    let mut named = order("A-1", &told, json!({}));
    named["customer"] = json!("anna");
    shop.post("/v1/conversions", named).await.created();
    let anna = shop.get("/v1/customers/anna").await.ok();
    assert_eq!((&anna["email"], &anna["phone"]), (&json!("anna@mail.example"), &told["phone"]));
    assert_eq!((&anna["name"], &anna["locale"]), (&told["name"], &told["locale"]));
    let mut new = order("A-2", &told, json!({}));
    new["customer"] = json!("new");
    let ordered = shop.post("/v1/conversions", new).await.created();
    assert_eq!(ordered["customer"], "new");
    assert_eq!(shop.get("/v1/customers/new").await.ok()["email"], told["email"]);
}

async fn people_who_share_a_phone_have_their_own_accounts(shop: TestShop) {
    let ordered =
        |number: &str, details: Value| shop.post("/v1/conversions", order(number, &details, json!({}))).into_future();
    let gerd = ordered("A-1", json!({"email": "gerd@mail.example", "phone": "+49 30 1234"})).await.created();
    let gina = ordered("A-2", json!({"email": "gina@mail.example", "phone": "+49 (0)30 1234"})).await.created();
    assert_ne!(gerd["customer_id"], gina["customer_id"], "her order is not told to him");
    let again = ordered("A-3", json!({"email": "GINA@mail.example"})).await.created();
    assert_eq!(again["customer_id"], gina["customer_id"]);
    let program = shop.program(json!({"qualifying": {"new_customers_only": false}})).await;
    let share = json!({"program": program["id"], "customer": gerd["customer_id"], "channel": "sms"});
    let share = shop.post("/v1/shares", share).await.created();
    let evidence = json!({"token": share["token"]});
    let told = json!({"email": "gina@mail.example"});
    let own = shop.post("/v1/conversions", order("A-4", &told, evidence)).await.created();
    assert_eq!(own["attribution"]["considered"][0]["outcome"], "self_referral", "and yet they are one person");
}
