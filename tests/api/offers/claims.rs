//! Claims: who may take an offer, what it gives, and what follows from it.

use super::{Town, code_of, unmet};
use crate::support::*;

on_both!(
    who_arrives_in_private_claims_and_redeems,
    who_arrives_in_public_is_told_why_not,
    nobody_claims_by_their_own_link_or_by_no_link,
    claiming_again_answers_the_same_claim,
    one_person_has_one_place_however_they_are_spelled,
    a_claim_is_of_somebody,
    who_shared_in_private_may_take_what_is_for_sharers,
    conditions_keep_out_and_say_so_in_the_customers_language,
    what_somebody_won_lets_them_in,
    what_somebody_is_about_to_order_counts,
    an_older_link_is_too_old,
    a_claim_makes_the_referral_and_credits_the_order,
    an_offer_does_not_make_an_old_customer_new,
    a_referral_lets_in_as_long_as_it_may_pay,
    a_claim_that_is_withdrawn_frees_its_place,
    an_offer_that_is_exhausted_says_so,
    what_an_offer_gives_is_issued_as_its_kind_is,
    a_browser_claims_for_its_customer,
    a_repeated_claim_is_one,
    who_is_erased_leaves_no_trace_in_claims,
    who_is_merged_keeps_what_they_claimed,
);

async fn who_arrives_in_private_claims_and_redeems(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({"capacity": 10})).await;
    town.shop.customer("ben").await;
    let claim = town.claim(&offer, "ben", &town.private).await.created();
    assert_eq!(
        (&claim["offer"], &claim["customer"], &claim["status"]),
        (&offer["id"], &json!("ben"), &json!("issued"))
    );
    assert_eq!(
        (&claim["share"], &claim["channel"], &claim["advocate"]),
        (&town.private["id"], &json!("whatsapp"), &json!("anna"))
    );
    let voucher = town.shop.get(&path("/v1/vouchers", &claim["voucher"])).await.ok();
    assert_eq!((&voucher["customer"], &voucher["max_redemptions"]), (&json!("ben"), &json!(1)));
    assert_eq!((&voucher["rate_bps"], &voucher["legal_kind"]), (&json!(2000), &json!("promotional")));
    let cart = |customer: &str| json!({"codes": [voucher["code"]], "customer": customer, "order_id": "1", "amount": 5000, "currency": "EUR"});
    town.shop.post("/v1/redemptions", cart("anna")).await.refused(422, "voucher_foreign");
    let redeemed = town.shop.post("/v1/redemptions", cart("ben")).await.created();
    assert_eq!(redeemed["discount"], 1000);
    assert_eq!(town.shop.get(&path("/v1/claims", &claim["id"])).await.ok()["status"], "spent");
    let mails = town.shop.list("/v1/messages?customer=ben").await;
    assert_eq!(mails.len(), 1);
    let events: Vec<String> = elements(&town.shop.get("/v1/events?after=0&limit=200").await.ok()["data"])
        .iter()
        .map(|event| text(&event["type"]))
        .collect();
    assert!(events.iter().any(|kind| kind == "offer.claimed"), "{events:?}");
    town.shop.books_balance().await;
}

async fn who_arrives_in_public_is_told_why_not(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({})).await;
    let ask =
        json!({"customer": "ben", "customer_details": {"locale": "en"}, "evidence": {"token": town.public["token"]}});
    let check = town.check(&offer, ask).await;
    assert_eq!((&check["eligible"], unmet(&check)), (&json!(false), vec!["arrived_in_private".to_owned()]));
    assert_eq!(check["near_miss"], "arrived_in_private");
    let message = check["conditions"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["met"] == false))
        .map(|one| text(&one["message"]));
    assert!(message.as_deref().is_some_and(|message| message.contains("private")), "{check}");
    let refused = town.claim(&offer, "ben", &town.public).await.refused(422, "not_eligible");
    assert_eq!(refused["errors"][0]["pointer"], "/conditions/arrived_in_private");
    // Nothing was changed by it.
    town.shop.get("/v1/customers/ben").await.refused(404, "not_found");
    assert!(town.shop.list("/v1/claims").await.is_empty());
}

async fn nobody_claims_by_their_own_link_or_by_no_link(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({})).await;
    let own = json!({"customer": "anna", "evidence": {"token": town.private["token"]}});
    let check = town.check(&offer, own).await;
    assert_eq!(unmet(&check), ["arrived_in_private"]);
    assert!(check.to_string().contains("Ihr eigener"), "{check}");
    for evidence in [json!({}), json!({"token": "4fT9bQx2LmZ"}), json!({"code": "NOBODY-1"}), json!({"token": ""})] {
        let check = town.check(&offer, json!({"customer": "ben", "evidence": evidence})).await;
        assert_eq!(unmet(&check), ["arrived_in_private"]);
    }
    // A code is said aloud: it does not show that somebody was told in private.
    let codes = format!("{}/codes", path("/v1/programs", &town.program["id"]));
    let code = town.shop.post(&codes, json!({"customer": "anna"})).await.created();
    let check = town.check(&offer, json!({"customer": "ben", "evidence": {"code": code["code"]}})).await;
    assert_eq!(unmet(&check), ["arrived_in_private"]);
}

async fn claiming_again_answers_the_same_claim(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({"capacity": 1})).await;
    let claim = town.claim(&offer, "ben", &town.private).await.created();
    assert_eq!(town.claim(&offer, "ben", &town.private).await.ok(), claim);
    // Also when everything is gone, by whichever link, and when the offer is over.
    assert_eq!(town.claim(&offer, "ben", &town.public).await.ok(), claim);
    town.shop.post(&format!("{}/end", path("/v1/offers", &offer["id"])), json!({})).await.ok();
    assert_eq!(town.claim(&offer, "ben", &town.private).await.ok(), claim);
    let twice = town.offer(json!({"per_customer": 2})).await;
    let first = town.claim(&twice, "ben", &town.private).await.created();
    let second = town.claim(&twice, "ben", &town.private).await.created();
    assert_ne!(first["voucher"], second["voucher"]);
    assert_eq!(town.claim(&twice, "ben", &town.private).await.ok(), second);
}

async fn one_person_has_one_place_however_they_are_spelled(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({})).await;
    let claims = format!("{}/claims", path("/v1/offers", &offer["id"]));
    let by = |who: Value| {
        let mut ask = json!({"evidence": {"token": town.private["token"]}});
        for (name, value) in who.as_object().into_iter().flatten() {
            ask[name] = value.clone();
        }
        town.shop.post(&claims, ask)
    };
    let guest = by(json!({"customer_details": {"email": "ben.berg@gmail.com"}})).await.created();
    for email in ["Ben.Berg@gmail.com", "benberg+shop@gmail.com", "BENBERG@googlemail.com"] {
        assert_eq!(by(json!({"customer_details": {"email": email}})).await.ok()["id"], guest["id"], "{email}");
    }
    // Who types the address of an account is not shown what its owner has.
    let conditions =
        json!([{"code": "old", "expression": "customer.orders > 7 && customer.attributes.tier == \"gold\""}]);
    let other = town.offer(json!({"conditions": conditions})).await;
    let vera = json!({"email": "vera@mail.example", "email_verified": true, "attributes": {"tier": "silver"}});
    town.shop.put("/v1/customers/vera", vera).await.created();
    town.claim(&offer, "vera", &town.private).await.created();
    by(json!({"customer_details": {"email": "vera@mail.example"}})).await.refused(409, "already_claimed");
    let typed =
        json!({"customer_details": {"email": "vera@mail.example"}, "evidence": {"token": town.private["token"]}});
    let check = town.check(&other, typed.clone()).await;
    assert!(!check.to_string().contains("silver") && check["hint"].is_null(), "{check}");
    // What they brought they are told, and whether they have what is its owner's is no way to find that out.
    let far = json!({"conditions": [{"code": "far", "expression": "arrival.depth >= 3"}]});
    let check = town.check(&town.offer(far).await, typed.clone()).await;
    assert!(check["hint"].as_str().is_some_and(|hint| hint.contains("1 Station")), "{check}");
    let far = json!({"conditions": [{"code": "far", "expression": "arrival.depth >= 3 && customer.attributes.tier == \"silver\""}]});
    let check = town.check(&town.offer(far).await, typed).await;
    assert!(check["hint"].is_null() && check.to_string().contains("1 Station"), "{check}");
    // Another customer who tells that address counts with them, and does not get at what is theirs.
    by(json!({"customer": "bernd", "customer_details": {"email": "ben.berg@gmail.com"}}))
        .await
        .refused(409, "already_claimed");
    assert_eq!(town.shop.list("/v1/claims").await.len(), 2);
}

async fn a_claim_is_of_somebody(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({})).await;
    let claims = format!("{}/claims", path("/v1/offers", &offer["id"]));
    let nobody = json!({"evidence": {"token": town.private["token"]}});
    let refused = town.shop.post(&claims, nobody.clone()).await.refused(422, "invalid_field");
    assert_eq!(refused["errors"][0]["pointer"], "/customer");
    assert_eq!(town.check(&offer, nobody).await["eligible"], true, "who it is may be asked later");
    town.shop
        .post(&claims, json!({"customer": "ben"}))
        .without("idempotency-key")
        .await
        .refused(400, "idempotency_key_required");
    let other = town.shop.another().await;
    other.post(&claims, json!({"customer": "ben"})).await.refused(404, "not_found");
}

async fn who_shared_in_private_may_take_what_is_for_sharers(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({"audience": "share"})).await;
    let by_anna = json!({"customer": "anna"});
    assert_eq!(unmet(&town.check(&offer, by_anna.clone()).await), ["shared_in_private"]);
    // Drawing a button is not sharing, and what is posted for all is not private.
    town.open(&town.public).await;
    assert_eq!(unmet(&town.check(&offer, by_anna.clone()).await), ["shared_in_private"]);
    town.open(&town.private).await;
    assert_eq!(town.check(&offer, by_anna).await["eligible"], true);
    let claims = format!("{}/claims", path("/v1/offers", &offer["id"]));
    // Bert once brought her; what she earned as a sharer is not his merit.
    let by_bert = town.shop.share(&town.program, "bert").await;
    town.shop.post("/v1/referrals", json!({"friend": "anna", "evidence": {"token": by_bert["token"]}})).await.created();
    let claim =
        town.shop.post(&claims, json!({"customer": "anna", "evidence": {"token": by_bert["token"]}})).await.created();
    assert_eq!((&claim["share"], &claim["advocate"]), (&json!(null), &json!(null)));
    town.shop
        .post(&claims, json!({"customer": "ben", "evidence": {"token": town.private["token"]}}))
        .await
        .refused(422, "not_eligible");
}

async fn conditions_keep_out_and_say_so_in_the_customers_language(shop: TestShop) {
    let town = Town::new(shop).await;
    let conditions = json!([
        {"code": "new", "expression": "customer.is_new"},
        {"code": "friends", "expression": "advocate.friends >= 3", "message": {"de": "Erst ab drei Freunden.", "en": "From three friends on."}},
    ]);
    let offer = town.offer(json!({"conditions": conditions})).await;
    let evidence = json!({"token": town.private["token"]});
    for (locale, said) in
        [("de-AT", "Erst ab drei Freunden."), ("en", "From three friends on."), ("fr", "Erst ab drei Freunden.")]
    {
        let ask = json!({"customer_details": {"email": format!("{locale}@mail.example"), "locale": locale}, "evidence": evidence});
        let check = town.check(&offer, ask).await;
        assert_eq!(unmet(&check), ["friends"]);
        assert!(check.to_string().contains(said), "{check}");
        assert_eq!(check["near_miss"], "friends");
    }
    town.friend_orders("ben", &town.private).await;
    let old = json!({"customer": "ben", "evidence": evidence});
    let check = town.check(&offer, old).await;
    assert_eq!(unmet(&check), ["new", "friends"]);
    assert_eq!(check["near_miss"], Value::Null);
    assert!(!check.to_string().contains("customer.is_new"), "a reason is read by a customer: {check}");
}

async fn what_somebody_won_lets_them_in(shop: TestShop) {
    let town = Town::new(shop).await;
    let conditions =
        json!([{"code": "friends", "expression": "advocate.friends >= 2 && advocate.conversions_30d >= 2"}]);
    let offer = town.offer(json!({"conditions": conditions})).await;
    let own = town.offer(json!({"audience": "both", "conditions": [{"code": "two", "expression": "sharer.friends == 2 && sharer.conversions == 2"}]})).await;
    for friend in ["ben", "cleo"] {
        town.claim(&offer, "dora", &town.private).await.refused(422, "not_eligible");
        town.friend_orders(friend, &town.private).await;
    }
    town.claim(&offer, "dora", &town.private).await.created();
    town.open(&town.private).await;
    let by_anna = json!({"customer": "anna"});
    assert_eq!(town.check(&own, by_anna.clone()).await["eligible"], true);
    // What was taken back is not won.
    town.shop.post("/v1/conversions/order-ben/cancelled", json!({})).await.ok();
    assert_eq!(unmet(&town.check(&own, by_anna).await), ["two"]);
    town.shop.advance(31).await;
    town.claim(&offer, "emil", &town.private).await.refused(422, "not_eligible");
}

async fn what_somebody_is_about_to_order_counts(shop: TestShop) {
    let town = Town::new(shop).await;
    let conditions = json!([{"code": "cart", "expression": "order.amount >= 3000 && \"mug\" in order.skus"}]);
    let offer = town.offer(json!({"conditions": conditions})).await;
    let ask = |order: Value| json!({"customer": "ben", "evidence": {"token": town.private["token"]}, "order": order});
    for (order, eligible) in [
        (json!(null), false),
        (json!({"amount": 3000}), false),
        (json!({"amount": 2999, "items": [{"sku": "mug"}]}), false),
        (json!({"amount": 3000, "items": [{"sku": " MUG "}, {}]}), true),
    ] {
        assert_eq!(town.check(&offer, ask(order.clone())).await["eligible"], eligible, "{order}");
    }
    let items = vec![json!({"sku": "mug"}); 501];
    let place = format!("{}/check", path("/v1/offers", &offer["id"]));
    town.shop.post(&place, ask(json!({"amount": 3000, "items": items}))).await.refused(422, "invalid_field");
}

async fn an_older_link_is_too_old(shop: TestShop) {
    let town = Town::new(shop).await;
    let conditions = json!([{"code": "young", "expression": "arrival.age_hours < 48"}]);
    let offer = town.offer(json!({"conditions": conditions})).await;
    let ask = json!({"customer": "ben", "evidence": {"token": town.private["token"]}});
    assert_eq!(town.check(&offer, ask.clone()).await["eligible"], true);
    town.shop.advance(3).await;
    assert_eq!(unmet(&town.check(&offer, ask.clone()).await), ["young"]);
    town.shop.advance(90).await;
    let check = town.check(&offer, ask).await;
    assert_eq!(unmet(&check), ["arrived_in_private", "young"], "what is too old for the program speaks for nobody");
}

async fn a_claim_makes_the_referral_and_credits_the_order(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({})).await;
    let claim = town.claim(&offer, "ben", &town.private).await.created();
    let referral = town.shop.get(&path("/v1/referrals", &claim["referral"])).await.ok();
    assert_eq!(
        (&referral["advocate"], &referral["friend"], &referral["share"]),
        (&json!("anna"), &json!("ben"), &town.private["id"])
    );
    // Cleo's code is typed as evidence; what was redeemed in the order is stronger.
    town.shop.customer("cleo").await;
    let codes = format!("{}/codes", path("/v1/programs", &town.program["id"]));
    let code = town.shop.post(&codes, json!({"customer": "cleo"})).await.created();
    let order = json!({"order_id": "1", "customer": "ben", "amount": 4000, "currency": "EUR", "paid": true,
                       "redeem": {"codes": [code_of(&town.shop, &claim).await]}, "evidence": {"code": code["code"]}});
    let order = town.shop.post("/v1/conversions", order).await;
    let order = if order.status() == 422 {
        // Codes are redeemed apart.
        let cart = json!({"codes": [code_of(&town.shop, &claim).await], "customer": "ben", "order_id": "1", "amount": 5000, "currency": "EUR"});
        town.shop.post("/v1/redemptions", cart).await.created();
        let order = json!({"order_id": "1", "customer": "ben", "amount": 4000, "currency": "EUR", "paid": true, "evidence": {"code": code["code"]}});
        town.shop.post("/v1/conversions", order).await.created()
    } else {
        order.created()
    };
    let attribution = &order["attribution"];
    assert_eq!((&attribution["method"], &attribution["advocate"]), (&json!("voucher"), &json!("anna")), "{order}");
    assert_eq!((&attribution["share"], &attribution["private"]), (&town.private["id"], &json!(true)));
    town.shop.books_balance().await;
}

async fn an_offer_does_not_make_an_old_customer_new(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({})).await;
    town.shop.customer("ben").await;
    let before = json!({"order_id": "0", "customer": "ben", "amount": 4000, "currency": "EUR", "paid": true});
    town.shop.post("/v1/conversions", before).await.created();
    let claim = town.claim(&offer, "ben", &town.private).await.created();
    assert_eq!(claim["referral"], Value::Null, "the program is for new customers");
    let cart = json!({"codes": [code_of(&town.shop, &claim).await], "customer": "ben", "order_id": "1", "amount": 5000, "currency": "EUR"});
    let order = json!({"order_id": "1", "customer": "ben", "amount": 4000, "currency": "EUR", "paid": true});
    // In either order of the two.
    town.shop.post("/v1/redemptions", cart).await.created();
    let first = town.shop.post("/v1/conversions", order).await.created();
    assert_eq!(first["attribution"]["method"], "none", "{first}");
    let twice = town.offer(json!({})).await;
    let claim = town.claim(&twice, "ben", &town.private).await.created();
    let order = json!({"order_id": "2", "customer": "ben", "amount": 4000, "currency": "EUR", "paid": true});
    town.shop.post("/v1/conversions", order).await.created();
    let cart = json!({"codes": [code_of(&town.shop, &claim).await], "customer": "ben", "order_id": "2", "amount": 5000, "currency": "EUR"});
    town.shop.post("/v1/redemptions", cart).await.created();
    let second = town.shop.get("/v1/conversions/2").await.ok();
    assert_eq!(second["attribution"]["method"], "none", "{second}");
    assert_eq!(second["attribution"]["considered"][0]["outcome"], "not_new", "{second}");
}

async fn a_referral_lets_in_as_long_as_it_may_pay(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({"per_customer": 2})).await;
    town.friend_orders("ben", &town.private).await;
    let ask = json!({"customer": "ben"});
    assert_eq!(town.check(&offer, ask.clone()).await["eligible"], true);
    town.shop.advance(91).await;
    assert_eq!(unmet(&town.check(&offer, ask).await), ["arrived_in_private"]);
}

async fn a_claim_that_is_withdrawn_frees_its_place(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({"capacity": 1})).await;
    let claim = town.claim(&offer, "ben", &town.private).await.created();
    town.claim(&offer, "cleo", &town.private).await.refused(409, "offer_exhausted");
    town.shop
        .post(&format!("{}/void", path("/v1/rewards", &claim["reward"])), json!({"reason": "by mistake"}))
        .await
        .ok();
    // It is free for another one; who had it keeps what became of theirs.
    assert_eq!(town.claim(&offer, "ben", &town.private).await.ok()["status"], "voided");
    town.claim(&offer, "cleo", &town.private).await.created();
    town.claim(&offer, "dora", &town.private).await.refused(409, "offer_exhausted");
    town.shop.books_balance().await;
}

async fn an_offer_that_is_exhausted_says_so(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({"capacity": 2})).await;
    for friend in ["ben", "cleo"] {
        town.claim(&offer, friend, &town.private).await.created();
    }
    let check = town.check(&offer, json!({"customer": "dora", "evidence": {"token": town.private["token"]}})).await;
    assert_eq!((unmet(&check), &check["remaining"]), (vec!["capacity".to_owned()], &json!(0)));
    let events = elements(&town.shop.get("/v1/events?after=0&limit=200").await.ok()["data"]);
    let exhausted: Vec<_> = events.iter().filter(|event| event["type"] == "offer.exhausted").collect();
    assert_eq!(exhausted.len(), 1);
    assert_eq!((&exhausted[0]["data"]["id"], &exhausted[0]["data"]["claimed"]), (&offer["id"], &json!(2)));
}

async fn what_an_offer_gives_is_issued_as_its_kind_is(shop: TestShop) {
    let town = Town::new(shop).await;
    for (number, (reward, has_voucher)) in [
        (json!({"kind": "amount_off", "amount": 700}), true),
        (json!({"kind": "free_shipping"}), true),
        (json!({"kind": "gift_card", "amount": 900}), true),
        (json!({"kind": "store_credit", "amount": 300}), false),
    ]
    .into_iter()
    .enumerate()
    {
        let offer = town.offer(json!({"reward": reward, "valid": null})).await;
        let claim = town.claim(&offer, &format!("friend-{number}"), &town.private).await.created();
        assert_eq!((&claim["kind"], claim["voucher"].is_string()), (&reward["kind"], has_voucher));
        assert_eq!(claim["status"], "issued");
    }
    let credit = town.shop.get("/v1/customers/friend-3/balance").await.ok();
    assert_eq!(credit["balance"], 300);
    town.shop.books_balance().await;
}

async fn a_browser_claims_for_its_customer(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({})).await;
    town.shop.customer("ben").await;
    let ben = town.shop.browser("ben").await;
    let place = path("/v1/me/offers", &offer["id"]);
    let ask = json!({"evidence": {"token": town.private["token"]}});
    assert_eq!(ben.post(&format!("{place}/check"), ask.clone()).await.ok()["eligible"], true);
    let claim = ben.post(&format!("{place}/claims"), ask.clone()).await.created();
    assert!(!claim.to_string().contains("anna"), "nobody else is named: {claim}");
    assert_eq!(ben.post(&format!("{place}/claims"), ask.clone()).await.ok(), claim);
    assert_eq!(elements(&ben.get("/v1/me/claims").await.ok()["data"]), std::slice::from_ref(&claim));
    assert_eq!(elements(&ben.get("/v1/me/vouchers").await.ok()["data"])[0]["id"], claim["voucher"]);
    town.shop.customer("cleo").await;
    let cleo = town.shop.browser("cleo").await;
    assert!(elements(&cleo.get("/v1/me/claims").await.ok()["data"]).is_empty());
    cleo.post(&format!("{place}/claims"), json!({})).await.refused(422, "not_eligible");
}

async fn a_repeated_claim_is_one(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({"per_customer": 5})).await;
    let first = town.claim(&offer, "ben", &town.private).key("once").await;
    let again = town.claim(&offer, "ben", &town.private).key("once").await;
    assert_eq!((first.bytes(), again.header("idempotent-replayed")), (again.bytes(), Some("true")));
    town.claim(&offer, "cleo", &town.private).key("once").await.refused(422, "idempotency_key_reused");
    assert_eq!(town.shop.list("/v1/claims").await.len(), 1);
}

async fn who_is_erased_leaves_no_trace_in_claims(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({})).await;
    town.shop.customer("canary-friend").await;
    town.shop.put("/v1/segments/regulars", json!({})).await.created();
    town.shop.put("/v1/segments/regulars/members/canary-friend", json!({})).await.created();
    let claim = town.claim(&offer, "canary-friend", &town.private).await.created();
    let export = town.shop.get("/v1/customers/canary-friend/export").await.ok();
    assert_eq!((&export["claims"][0]["id"], &export["members"][0]["segment"]), (&claim["id"], &json!("regulars")));
    for customer in ["canary-friend", "anna"] {
        town.shop.delete(&format!("/v1/customers/{customer}")).await.accepted();
        town.shop.server().settle_jobs().await;
    }
    for list in ["/v1/claims", "/v1/segments/regulars/members", "/v1/events?after=0&limit=200"] {
        let text = town.shop.get(list).await.ok().to_string();
        assert!(!text.contains("canary") && !text.contains("\"anna\""), "{list}: {text}");
    }
    assert!(town.shop.list("/v1/segments/regulars/members").await.is_empty());
    let after = town.shop.get(&path("/v1/claims", &claim["id"])).await.ok();
    assert_eq!(
        (&after["customer"], &after["advocate"], &after["status"]),
        (&json!(null), &json!(null), &json!("issued"))
    );
}

async fn who_is_merged_keeps_what_they_claimed(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({})).await;
    let claim = town.claim(&offer, "ben-old", &town.private).await.created();
    town.shop.customer("ben").await;
    town.shop.post("/v1/customers/ben/merge", json!({"from": "ben-old", "reason": "the same person"})).await.ok();
    assert_eq!(town.claim(&offer, "ben", &town.private).await.ok()["id"], claim["id"]);
    let ben = town.shop.browser("ben").await;
    assert_eq!(elements(&ben.get("/v1/me/claims").await.ok()["data"])[0]["id"], claim["id"]);
}
