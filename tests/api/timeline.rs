//! "Where is my reward?": who somebody is, and what happened to him, in sentences.

use crate::support::*;

on_both!(
    support_answers_from_one_page,
    a_guest_has_a_timeline,
    sentences_are_in_the_language_that_is_asked_for,
    refusals_are_told_with_their_reasons,
    pages_of_a_timeline_tell_each_moment_once,
    somebody_is_found_by_whatever_he_says,
    accounts_of_one_person_are_found_together,
    a_lookup_asks_one_question,
    who_guesses_codes_is_not_told_whose_they_are,
);

async fn lookup(shop: &Actor, asked: Value) -> Value {
    shop.post("/v1/customers/lookup", asked).without("idempotency-key").await.ok()
}

async fn timeline(shop: &Actor, customer: &str) -> Vec<Value> {
    elements(&shop.get(&format!("/v1/customers/{customer}/timeline?locale=en&limit=200")).await.ok()["data"])
}

fn sentences(moments: &[Value]) -> Vec<String> {
    moments.iter().map(|moment| moment["sentence"].as_str().expect("a sentence").to_owned()).collect()
}

fn moment<'a>(moments: &'a [Value], kind: &str, step: &str) -> &'a Value {
    let found = moments.iter().find(|moment| moment["kind"] == kind && moment["step"] == step);
    found.unwrap_or_else(|| panic!("no {kind} {step} among {moments:#?}"))
}

/// Anna recommended the shop to Gerd, who ordered as a guest.
async fn recommended(shop: &TestShop, program: Value) -> Value {
    let program = shop.program(program).await;
    let share = shop.share(&program, "anna").await;
    let order = json!({"order_id": "A-1", "amount": 4990, "currency": "EUR", "paid": true,
                       "customer_details": {"email": "gerd@mail.example", "locale": "de"},
                       "evidence": {"token": share["token"]}});
    shop.post("/v1/conversions", order).await.created()
}

async fn support_answers_from_one_page(shop: TestShop) {
    recommended(&shop, json!({"pending_days": 14})).await;
    let support = shop.operator("support").await;
    let anna = lookup(&support, json!({"email": "ANNA@mail.example"})).await;
    let id = anna["customers"][0]["id"].as_str().expect("an id").to_owned();
    let told = timeline(&support, &id).await;
    let reward = moment(&told, "reward", "pending");
    assert_eq!((&reward["role"], &reward["sentence"]), (&json!("advocate"), &json!("€10.00 off: earned, and waits.")));
    let next = &reward["next"];
    assert!(next["sentence"].as_str().is_some_and(|sentence| sentence.starts_with("It is given on ")), "{next}");
    assert_eq!(next["at"], moment(&told, "conversion", "recorded")["next"]["at"]);
    assert_eq!(moment(&told, "share", "made")["next"]["sentence"], "It counts as sent when somebody opens it.");
    shop.advance(15).await;
    let told = timeline(&support, &id).await;
    assert_eq!(moment(&told, "reward", "pending")["next"], Value::Null, "it is over");
    let given = moment(&told, "reward", "issued");
    assert!(given["next"]["sentence"].as_str().is_some_and(|sentence| sentence.starts_with("Good until 31 December ")));
    moment(&told, "conversion", "approved");
    moment(&told, "mail", "suppressed");
    let times: Vec<_> = told.iter().map(|moment| moment["at"].as_str().expect("an instant")).collect();
    assert!(times.is_sorted_by(|one, other| one >= other), "newest first: {times:?}");
    assert_eq!(told.last().expect("the first moment")["sentence"], "Became known.");
}

async fn a_guest_has_a_timeline(shop: TestShop) {
    let ordered = recommended(&shop, json!({"pending_days": 0})).await;
    let gerd = ordered["customer_id"].as_str().expect("an id");
    let voucher = shop.list(&format!("/v1/customers/{gerd}/vouchers")).await[0]["code"].clone();
    let cart = json!({"codes": [voucher], "order_id": "A-2", "amount": 4990, "currency": "EUR",
                      "customer_details": {"email": "gerd@mail.example"}});
    let redeemed = shop.post("/v1/redemptions", cart).await.created();
    let reversal = json!({"reversal_id": "R-1", "reason": "the card was refused"});
    shop.post(&format!("{}/reversals", path("/v1/redemptions", &redeemed["id"])), reversal).await.created();
    let granted = json!({"customer": gerd, "reward": {"kind": "gift_card", "amount": 1500}, "reason": "late parcel"});
    shop.post("/v1/grants", granted).await.created();
    let told = timeline(&shop, gerd).await;
    let said = sentences(&told);
    for sentence in [
        "Came on the recommendation of anna (Weitersagen).",
        "Ordered A-1 for €49.90, on the recommendation of anna (Weitersagen, by link).",
        "€5.00 off: given.",
        "€5.00 off: used.",
        "Used €5.00 in order A-2.",
        "€5.00 that was used in order A-2 was given back (the card was refused).",
        "€15.00 gift card: granted by hand (late parcel).",
        "€15.00 gift card: given.",
    ] {
        assert!(said.iter().any(|told| told == sentence), "{sentence} is not told: {said:#?}");
    }
    let anna = timeline(&shop, "anna").await;
    let ordered = &moment(&anna, "conversion", "recorded")["sentence"];
    assert_eq!(ordered, "a guest ordered A-1 for €49.90, on this customer's recommendation (Weitersagen, by link).");
    shop.put("/v1/customers/gerd", json!({"email": "GERD@mail.example"})).await.created();
    let later = timeline(&shop, "gerd").await;
    moment(&later, "customer", "merged");
    assert!(sentences(&later).contains(&"€15.00 gift card: given.".to_owned()));
    assert_eq!(sentences(&timeline(&shop, gerd).await), sentences(&later), "a guest's id leads there, too");
    shop.get("/v1/customers/nobody/timeline").await.refused(404, "not_found");
}

async fn sentences_are_in_the_language_that_is_asked_for(shop: TestShop) {
    recommended(&shop, json!({"pending_days": 14})).await;
    let told = |query: &str| {
        let path = format!("/v1/customers/anna/timeline{query}");
        let shop = &*shop;
        async move { sentences(&elements(&shop.get(&path).await.ok()["data"])) }
    };
    let german = "10,00 € Rabatt: verdient, in Wartezeit.".to_owned();
    assert!(told("").await.contains(&german), "the shop's own");
    assert!(told("?locale=de-AT").await.contains(&german));
    assert!(told("?locale=fr").await.contains(&german), "the shop's, where it is not written out");
    assert!(told("?locale=en").await.contains(&"€10.00 off: earned, and waits.".to_owned()));
    let csv = shop.get("/v1/customers/anna/timeline").header("accept", "text/csv").await;
    assert!(csv.text().starts_with("id,at,kind,next,role,sentence,step"), "{}", csv.text());
}

async fn refusals_are_told_with_their_reasons(shop: TestShop) {
    let ordered = recommended(&shop, json!({"pending_days": 0, "budget": {"amount": 600}})).await;
    let gerd = ordered["customer_id"].as_str().expect("an id");
    let anna = timeline(&shop, "anna").await;
    let refused = "No reward for order A-1: the budget of the program is exhausted.";
    assert!(sentences(&anna).contains(&refused.to_owned()), "{anna:#?}");
    assert!(!sentences(&timeline(&shop, gerd).await).contains(&refused.to_owned()), "his own was given");
    let again = json!({"order_id": "A-2", "amount": 4990, "currency": "EUR", "customer": "anna",
                       "evidence": {"token": shop.list("/v1/shares").await[0]["token"]}});
    shop.post("/v1/conversions", again).await.created();
    let said = sentences(&timeline(&shop, "anna").await);
    let own = "anna is not credited with order A-2: one cannot recommend oneself.";
    assert!(said.contains(&own.to_owned()), "{said:#?}");
}

async fn pages_of_a_timeline_tell_each_moment_once(shop: TestShop) {
    recommended(&shop, json!({"pending_days": 0})).await;
    let all = sentences(&timeline(&shop, "anna").await);
    assert!(all.len() > 4, "{all:?}");
    let (mut paged, mut after) = (Vec::new(), String::new());
    loop {
        let page = shop.get(&format!("/v1/customers/anna/timeline?locale=en&limit=2{after}")).await.ok();
        paged.extend(sentences(&elements(&page["data"])));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(paged, all);
}

async fn somebody_is_found_by_whatever_he_says(shop: TestShop) {
    let ordered = recommended(&shop, json!({"pending_days": 0})).await;
    shop.put("/v1/customers/anna", json!({"phone": "+49 170 1234567"})).await.ok();
    let codes = format!("{}/codes", path("/v1/programs", &shop.list("/v1/programs").await[0]["id"]));
    let code = shop.post(&codes, json!({"customer": "anna"})).await.json();
    let voucher = shop.list("/v1/customers/anna/vouchers").await[0].clone();
    for asked in [
        json!({"email": " ANNA@Mail.Example"}),
        json!({"phone": "0049 (170) 123 45 67"}),
        json!({"code": code["code"].as_str().expect("a code").to_lowercase()}),
        json!({"code": voucher["code"]}),
    ] {
        let found = lookup(&shop, asked.clone()).await;
        assert_eq!(found["customers"][0]["external_id"], "anna", "{asked}");
    }
    assert_eq!(lookup(&shop, json!({"code": voucher["code"]})).await["voucher"], voucher["id"]);
    let by_order = lookup(&shop, json!({"order_id": "A-1"})).await;
    assert_eq!((&by_order["customers"][0]["id"], &by_order["conversion"]), (&ordered["customer_id"], &ordered["id"]));
    let free =
        shop.post("/v1/vouchers", json!({"kind": "amount_off", "amount": 500, "max_redemptions": 2})).await.created();
    let cart =
        json!({"codes": [free["code"]], "order_id": "A-9", "amount": 4990, "currency": "EUR", "customer": "anna"});
    let redeemed = shop.post("/v1/redemptions", cart).await.created();
    let by_order = lookup(&shop, json!({"order_id": "A-9"})).await;
    assert_eq!((&by_order["redemption"], &by_order["customers"][0]["external_id"]), (&redeemed["id"], &json!("anna")));
    let nobody = lookup(&shop, json!({"code": free["code"]})).await;
    assert_eq!((&nobody["voucher"], &nobody["customers"]), (&free["id"], &json!([])), "it is anybody's");
    for asked in [json!({"email": "nobody@mail.example"}), json!({"phone": "1"}), json!({"order_id": "A-7"})] {
        let none = lookup(&shop, asked).await;
        assert_eq!(none, json!({"customers": [], "conversion": null, "redemption": null, "voucher": null}));
    }
    let other = shop.another().await;
    assert_eq!(lookup(&other, json!({"email": "anna@mail.example"})).await["customers"], json!([]));
}

async fn accounts_of_one_person_are_found_together(shop: TestShop) {
    for name in ["first", "second", "third"] {
        shop.put(&format!("/v1/customers/{name}"), json!({"email": "otto@mail.example"})).await.created();
    }
    shop.put("/v1/customers/phone", json!({"phone": "+49 170 1"})).await.created();
    shop.put("/v1/customers/second", json!({"phone": "+49 170 1"})).await.ok();
    shop.post("/v1/customers/first/merge", json!({"from": "third", "reason": "asked for it"})).await.ok();
    let found = lookup(&shop, json!({"phone": "+49170 1"})).await;
    let names: Vec<_> = elements(&found["customers"]).iter().map(|one| one["external_id"].clone()).collect();
    assert_eq!(names[0], "second", "who gave it last");
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(!names.contains(&json!("third")), "who was merged is the other: {names:?}");
}

async fn a_lookup_asks_one_question(shop: TestShop) {
    for asked in
        [json!({}), json!({"email": "a@b.example", "phone": "1"}), json!({"email": ""}), json!({"email": null})]
    {
        shop.post("/v1/customers/lookup", asked).await.refused(422, "invalid_field");
    }
    shop.post("/v1/customers/lookup", json!({"name": "Anna"})).await.refused(422, "unknown_field");
    let till = shop.key(&["vouchers:redeem"]).await;
    till.post("/v1/customers/lookup", json!({"email": "a@b.example"})).await.refused(403, "forbidden");
}

async fn who_guesses_codes_is_not_told_whose_they_are(shop: TestShop) {
    shop.customer("anna").await;
    let guesser = shop.key(&["customers:read"]).await;
    let mut last = 200;
    for number in 0..40 {
        let asked = json!({"code": format!("GUESS-{number}")});
        last = guesser.post("/v1/customers/lookup", asked).without("idempotency-key").await.status();
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429);
    assert_eq!(lookup(&guesser, json!({"email": "anna@mail.example"})).await["customers"][0]["external_id"], "anna");
}
