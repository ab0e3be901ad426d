//! "Where is my reward?": who somebody is, and what happened to him, in sentences.

use crate::support::*;

on_both!(
    support_answers_from_one_page,
    a_guest_has_a_timeline,
    sentences_are_in_the_language_that_is_asked_for,
    refusals_are_told_with_their_reasons,
    the_life_of_an_order_is_told_from_either_side,
    what_a_reward_waits_for_is_told,
    what_takes_a_reward_is_told,
    what_was_spent_of_a_reward_is_told_apart_from_what_was_taken_back,
    why_she_is_not_credited_is_told,
    a_mail_that_did_not_arrive_is_told,
    what_was_set_aside_is_told,
    pages_of_a_timeline_tell_each_moment_once,
    somebody_is_found_by_whatever_he_says,
    somebody_is_found_by_an_order_whose_checkout_failed,
    somebody_is_found_by_a_refund_or_a_redemption,
    accounts_of_one_person_are_found_together,
    a_lookup_asks_one_question,
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
    assert_eq!(next["at"], moment(&told, "conversion", "paid")["next"]["at"]);
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
    shop.put("/v1/customers/gerd", json!({"email": "GERD@mail.example", "email_verified": true})).await.created();
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
    assert!(csv.text().starts_with("id,at,"), "{}", csv.text());
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

/// Anna's code in a program with these fields.
async fn annas_code(shop: &TestShop, program: Value) -> String {
    let program = shop.program(program).await;
    shop.customer("anna").await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    text(&shop.post(&codes, json!({"customer": "anna"})).await.created()["code"])
}

/// An order of 50.00 with a code, by a customer who is made with his first one; with other fields.
async fn order(shop: &TestShop, id: &str, customer: &str, code: &str, fields: Value) -> Value {
    shop.put(&format!("/v1/customers/{customer}"), json!({"locale": "de"})).await;
    let mut order =
        json!({"order_id": id, "customer": customer, "amount": 5000, "currency": "EUR", "evidence": {"code": code}});
    for (name, value) in fields.as_object().into_iter().flatten() {
        order[name] = value.clone();
    }
    shop.post("/v1/conversions", order).await.created()
}

async fn report(shop: &TestShop, id: &str, what: &str, body: Value) {
    let answer = shop.post(&format!("/v1/conversions/{id}/{what}"), body).await;
    assert!(answer.status() < 300, "{what}: {}", answer.text());
}

/// What comes next after the newest moment of a kind; none where nothing does.
fn next_of(moments: &[Value], kind: &str) -> String {
    let next = moments.iter().filter(|moment| moment["kind"] == kind).find(|moment| !moment["next"].is_null());
    next.map(|moment| text(&moment["next"]["sentence"])).unwrap_or_default()
}

#[track_caller]
fn tells(moments: &[Value], wanted: &[&str]) {
    let said = sentences(moments);
    for sentence in wanted {
        assert!(said.iter().any(|told| told == sentence), "{sentence} is not told: {said:#?}");
    }
}

async fn in_german(shop: &Actor, customer: &str) -> Vec<Value> {
    elements(&shop.get(&format!("/v1/customers/{customer}/timeline?locale=de&limit=200")).await.ok()["data"])
}

async fn in_berlin(shop: &TestShop) {
    let etag = shop.get("/v1/shop").await.etag();
    shop.patch("/v1/shop", json!({"time_zone": "Europe/Berlin"})).if_match(&etag).await.ok();
    shop.post("/v1/test/clock", json!({"now": "2031-05-10T22:30:00.000Z"})).await.ok();
}

async fn the_life_of_an_order_is_told_from_either_side(shop: TestShop) {
    in_berlin(&shop).await;
    let rewards = json!([{"to": "advocate", "on": "conversion", "kind": "gift_card", "of_order_bps": 1000},
                         {"to": "friend", "on": "conversion", "kind": "amount_off", "amount": 500}]);
    let code = annas_code(&shop, json!({"pending_days": 14, "rewards": rewards})).await;
    order(&shop, "A-1", "gerd", &code, json!({"paid": false})).await;
    let told = timeline(&shop, "anna").await;
    assert_eq!(next_of(&told, "conversion"), "It waits until it is paid.");
    assert_eq!(next_of(&told, "reward"), "It is given when its order is paid and has waited.");
    report(&shop, "A-1", "paid", json!({})).await;
    let told = timeline(&shop, "anna").await;
    assert_eq!(next_of(&told, "conversion"), "Its wait ends on 25 May 2031; then what it earned is given.");
    assert_eq!(next_of(&told, "reward"), "It is given on 25 May 2031.");
    assert_eq!(next_of(&in_german(&shop, "anna").await, "reward"), "Wird am 25. Mai 2031 gegeben.");
    report(&shop, "A-1", "delivered", json!({})).await;
    shop.advance(1).await;
    report(
        &shop,
        "A-1",
        "refunds",
        json!({"refund_id": "R-1", "amount": 2000, "kind": "withdrawal", "reason": "too small"}),
    )
    .await;
    shop.advance(1).await;
    report(&shop, "A-1", "refunds", json!({"refund_id": "R-2", "kind": "refund"})).await;
    let anna = timeline(&shop, "anna").await;
    tells(
        &anna,
        &[
            "gerd ordered A-1 for €50.00, on this customer's recommendation (Weitersagen, by code).",
            "€5.00 gift card: earned, and waits.",
            "Order A-1 was paid.",
            "Order A-1 was delivered.",
            "€20.00 of order A-1 was refunded (withdrawal: too small). The reward falls from €5.00 to €3.00.",
            "€3.00 gift card: lowered from €5.00 (withdrawal R-1).",
            "With €30.00 all of order A-1 was refunded. The reward is taken back.",
            "€3.00 gift card: taken back (refund R-2).",
        ],
    );
    assert_eq!((next_of(&anna, "conversion"), next_of(&anna, "reward")), Default::default());
    let refund = moment(&anna, "conversion", "refunded");
    assert_eq!(
        (&refund["role"], &refund["at"].as_str().expect("an instant")[..10]),
        (&json!("advocate"), "2031-05-11")
    );
    tells(
        &timeline(&shop, "gerd").await,
        &[
            "€20.00 of order A-1 was refunded (withdrawal: too small). The reward stays.",
            "With €30.00 all of order A-1 was refunded. The reward is taken back.",
        ],
    );
    tells(
        &in_german(&shop, "anna").await,
        &[
            "20,00 € von Bestellung A-1 wurden erstattet (Widerruf: too small). Die Prämie sinkt von 5,00 € auf 3,00 €.",
            "Geschenkkarte über 3,00 €: gesenkt von 5,00 € (Widerruf R-1).",
            "Mit 30,00 € ist Bestellung A-1 ganz erstattet. Die Prämie wird zurückgenommen.",
        ],
    );
}

async fn what_a_reward_waits_for_is_told(shop: TestShop) {
    in_berlin(&shop).await;
    let table = [
        (
            json!({"pending_from": "delivery"}),
            "Its wait begins when it is delivered.",
            "Its wait begins when the order is delivered.",
            "",
        ),
        (
            json!({"approval": "manual"}),
            "Its wait ends on 25 May 2031; then an operator approves it.",
            "An operator gives it after 25 May 2031.",
            "Its wait is over; an operator has to approve its order.",
        ),
    ];
    let mut codes = Vec::new();
    for (place, (program, of_order, of_reward, _)) in table.iter().enumerate() {
        let mut program = program.clone();
        program["pending_days"] = json!(14);
        program["name"] = json!(format!("Program {place}"));
        let program = shop.program(program).await;
        let advocate = format!("anna-{place}");
        shop.customer(&advocate).await;
        let codes_of = format!("{}/codes", path("/v1/programs", &program["id"]));
        let code = text(&shop.post(&codes_of, json!({"customer": advocate})).await.created()["code"]);
        order(&shop, &format!("A-{place}"), &format!("gerd-{place}"), &code, json!({})).await;
        let told = timeline(&shop, &advocate).await;
        assert_eq!((next_of(&told, "conversion"), next_of(&told, "reward")), ((*of_order).into(), (*of_reward).into()));
        codes.push(advocate);
    }
    shop.advance(15).await;
    for (advocate, (.., later)) in codes.iter().zip(&table).filter(|(_, row)| !row.3.is_empty()) {
        assert_eq!(next_of(&timeline(&shop, advocate).await, "reward"), **later);
    }
}

async fn what_takes_a_reward_is_told(shop: TestShop) {
    let rewards = json!([{"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000, "max_per_customer": 3,
                          "valid": {"days": 10}}]);
    let code = annas_code(&shop, json!({"pending_days": 1, "rewards": rewards})).await;
    for place in 1..=3 {
        order(&shop, &format!("A-{place}"), &format!("gerd-{place}"), &code, json!({})).await;
    }
    order(&shop, "A-4", "gerd-4", &code, json!({})).await;
    report(&shop, "A-1", "cancelled", json!({"reason": "out of stock"})).await;
    report(&shop, "A-2", "reject", json!({"reason": "his own brother"})).await;
    shop.advance(2).await;
    let third = shop.get("/v1/conversions/A-3").await.ok()["rewards"][0]["id"].clone();
    order(&shop, "A-5", "gerd-5", &code, json!({})).await;
    shop.advance(2).await;
    shop.post(&format!("{}/void", path("/v1/rewards", &third)), json!({"reason": "by mistake"})).await.ok();
    let voucher = shop.list("/v1/customers/anna/vouchers").await;
    let live = voucher.iter().find(|voucher| voucher["status"] == "active").expect("a voucher");
    let cart =
        json!({"codes": [live["code"]], "order_id": "N-1", "amount": 4990, "currency": "EUR", "customer": "anna"});
    shop.post("/v1/redemptions", cart).await.created();
    order(&shop, "A-6", "gerd-6", &code, json!({})).await;
    shop.advance(2).await;
    shop.advance(20).await;
    tells(
        &timeline(&shop, "anna").await,
        &[
            "Order A-1 was cancelled (out of stock).",
            "€10.00 off: taken back (out of stock).",
            "Order A-2 was rejected by an operator (his own brother).",
            "€10.00 off: taken back (his own brother).",
            "No reward for order A-4: the limit is reached.",
            "€10.00 off: taken back (by mistake).",
            "Used €10.00 in order N-1.",
            "€10.00 off: used.",
            "€10.00 off: lapsed unused.",
        ],
    );
    tells(
        &in_german(&shop, "anna").await,
        &[
            "Bestellung A-1 wurde storniert (out of stock).",
            "10,00 € Rabatt: zurückgenommen (by mistake).",
            "Keine Prämie für Bestellung A-4: die Höchstzahl ist erreicht.",
            "10,00 € Rabatt: ungenutzt verfallen.",
        ],
    );
}

async fn what_was_spent_of_a_reward_is_told_apart_from_what_was_taken_back(shop: TestShop) {
    let credit = json!([{"to": "advocate", "on": "conversion", "kind": "store_credit", "amount": 900}]);
    let code = annas_code(&shop, json!({"pending_days": 0, "rewards": credit})).await;
    let pay = |order: &str, amount: i64| {
        let cart = json!({"codes": [], "store_credit": amount, "order_id": order, "amount": 4990, "currency": "EUR",
                          "customer": "anna"});
        shop.post("/v1/redemptions", cart)
    };
    order(&shop, "A-1", "gerd", &code, json!({"paid": true})).await;
    pay("N-1", 100).await.created();
    report(&shop, "A-1", "cancelled", json!({})).await;
    let partly = "€1.00 store credit: lowered from €9.00 to what was used already, which is not asked back \
                  (the order was cancelled).";
    tells(&timeline(&shop, "anna").await, &[partly]);
    order(&shop, "A-2", "hans", &code, json!({"paid": true})).await;
    pay("N-2", 900).await.created();
    report(&shop, "A-2", "refunds", json!({"refund_id": "R-2", "kind": "chargeback"})).await;
    tells(
        &timeline(&shop, "anna").await,
        &[partly, "€9.00 store credit: used already, and not asked back (chargeback R-2)."],
    );
    tells(
        &in_german(&shop, "anna").await,
        &[
            "1,00 € Guthaben: gesenkt von 9,00 € auf das, was schon eingelöst war; das wird nicht zurückgefordert \
             (die Bestellung wurde storniert).",
            "9,00 € Guthaben: schon eingelöst, wird nicht zurückgefordert (Rückbuchung R-2).",
        ],
    );
}

async fn why_she_is_not_credited_is_told(shop: TestShop) {
    let code = annas_code(&shop, json!({})).await;
    let share = shop.share(&shop.list("/v1/programs").await[0], "berta").await;
    let both = json!({"evidence": {"code": code, "token": share["token"]}});
    order(&shop, "A-1", "gerd", &code, both).await;
    order(&shop, "A-2", "hans", "", json!({"amount": 100, "evidence": {"token": share["token"]}})).await;
    let berta = timeline(&shop, "berta").await;
    tells(
        &berta,
        &[
            "Order A-1 of gerd is not credited to this customer: there was stronger evidence.",
            "Order A-2 of hans is not credited to this customer: the order is worth too little.",
        ],
    );
    assert_eq!(moment(&berta, "refusal", "evidence.0")["role"], "advocate");
    tells(&timeline(&shop, "hans").await, &["Ordered A-2 for €1.00; the order is credited to nobody."]);
    tells(
        &in_german(&shop, "hans").await,
        &[
            "Bestellte A-2 für 1,00 €; die Bestellung wird niemandem zugerechnet.",
            "berta wird Bestellung A-2 nicht zugerechnet: die Bestellung ist zu klein.",
        ],
    );
    tells(&timeline(&shop, "gerd").await, &["berta is not credited with order A-1: there was stronger evidence."]);
    tells(
        &in_german(&shop, "berta").await,
        &["Bestellung A-1 (gerd) wird diesem Kunden nicht zugerechnet: es gab einen stärkeren Nachweis."],
    );
    let named = json!([berta, timeline(&shop, "anna").await]).to_string();
    assert!(!named.contains("mail.example"), "others are named by the shop's ids alone: {named}");
}

async fn a_mail_that_did_not_arrive_is_told(shop: TestShop) {
    shop.put("/v1/customers/otto", json!({"locale": "de"})).await.created();
    let granted = json!({"customer": "otto", "reward": {"kind": "gift_card", "amount": 1500}, "reason": "late parcel"});
    shop.post("/v1/grants", granted).await.created();
    let otto = timeline(&shop, "otto").await;
    tells(&otto, &["A mail about a voucher waits for an address."]);
    assert_eq!(next_of(&otto, "mail"), "It leaves when an address is known.");
    shop.put("/v1/customers/otto", json!({"email": "otto@mail.example"})).await.ok();
    tells(
        &timeline(&shop, "otto").await,
        &["A mail about a voucher was not sent (a test shop writes to its test recipients only)."],
    );
    tells(
        &in_german(&shop, "otto").await,
        &["Eine Mail über einen Gutschein wurde nicht verschickt (ein Test-Shop schreibt nur an Test-Empfänger)."],
    );
}

async fn what_was_set_aside_is_told(shop: TestShop) {
    in_berlin(&shop).await;
    shop.customer("anna").await;
    let voucher = json!({"kind": "amount_off", "amount": 500, "customer": "anna", "max_redemptions": 9});
    let voucher = shop.post("/v1/vouchers", voucher).await.created();
    let hold = |name: &str, value: &str| {
        let mut cart = json!({"codes": [voucher["code"]], "amount": 4990, "currency": "EUR", "customer": "anna"});
        cart[name] = json!(value);
        shop.post("/v1/holds", cart)
    };
    let released = hold("cart_id", "C-1").await.created();
    shop.delete(&path("/v1/holds", &released["id"])).await.no_content();
    hold("cart_id", "C-2").await.created();
    let redeemed = hold("order_id", "N-1").await.created();
    shop.post("/v1/redemptions", json!({"hold": redeemed["id"], "order_id": "N-1"})).await.created();
    let live = timeline(&shop, "anna").await;
    tells(
        &live,
        &[
            "€5.00 was set aside for cart C-1 and released.",
            "€5.00 is set aside for cart C-2.",
            "€5.00 was set aside for order N-1 and used there.",
        ],
    );
    assert_eq!(next_of(&live, "hold"), "It is kept until 11 May 2031, 0:45.");
    tells(&in_german(&shop, "anna").await, &["5,00 € sind für Warenkorb C-2 zurückgelegt."]);
    shop.advance(1).await;
    let later = timeline(&shop, "anna").await;
    tells(&later, &["€5.00 was set aside for cart C-2 until the time was over."]);
    assert_eq!(next_of(&later, "hold"), "");
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

async fn somebody_is_found_by_a_refund_or_a_redemption(shop: TestShop) {
    let order = |order: &str, customer: &str| json!({"order_id": order, "customer": customer, "amount": 4990, "currency": "EUR"});
    let refund = |name: &str| json!({"refund_id": name, "kind": "withdrawal", "amount": 100});
    let mut orders = Vec::new();
    for (number, customer) in [("A-1", "bert"), ("A-2", "carl")] {
        orders.push(shop.post("/v1/conversions", order(number, customer)).await.created());
    }
    let of_bert = shop.post("/v1/conversions/A-1/refunds", refund("RF/1")).await.created();
    let again = shop.post("/v1/conversions/A-1/refunds", refund("RF/2")).await.created();
    let [first, second] = [of_bert, again].map(|answer| answer["refund"]["id"].clone());
    let voucher = shop.post("/v1/vouchers", json!({"kind": "amount_off", "amount": 500})).await.created();
    let cart = json!({"codes": [voucher["code"]], "order_id": "A-1", "amount": 4990, "currency": "EUR"});
    let redeemed = shop.post("/v1/redemptions", cart).await.created()["id"].clone();
    for said in [json!("RF/1"), json!(" RF/2 "), first, second, redeemed.clone()] {
        let found = lookup(&shop, json!({"q": said})).await;
        let (customer, conversion) = (&found["customers"][0]["external_id"], &found["conversion"]);
        assert_eq!((customer, conversion), (&json!("bert"), &orders[0]["id"]), "{said}");
        assert_eq!(found["redemption"], redeemed, "{said}");
    }
    // A name that two orders have leads to neither; an id that nothing has leads nowhere, and is no wrong code.
    shop.post("/v1/conversions/A-2/refunds", refund("RF/1")).await.created();
    for said in ["RF/1", "rdm_01kaskqz3m0d2w9xk7y5hd1v8r", "rfd_01kaskqz3m0d2w9xk7y5hd1v8r"] {
        let nobody = lookup(&shop, json!({"q": said})).await;
        assert_eq!((&nobody["customers"], &nobody["conversion"]), (&json!([]), &Value::Null), "{said}");
    }
    assert_eq!(
        lookup(&shop.another().await as &Actor, json!({"q": redeemed})).await["customers"],
        json!([]),
        "of another shop"
    );
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
        json!({"q": "anna@mail.EXAMPLE"}),
        json!({"q": "0049 (170) 123 45 67"}),
        json!({"q": " anna "}),
        json!({"q": code["code"]}),
        json!({"q": voucher["code"]}),
    ] {
        let found = lookup(&shop, asked.clone()).await;
        assert_eq!(found["customers"][0]["external_id"], "anna", "{asked}");
    }
    assert_eq!(lookup(&shop, json!({"code": voucher["code"]})).await["voucher"], voucher["id"]);
    let by_order = lookup(&shop, json!({"order_id": "A-1"})).await;
    assert_eq!((&by_order["customers"][0]["id"], &by_order["conversion"]), (&ordered["customer_id"], &ordered["id"]));
    assert_eq!(lookup(&shop, json!({"q": "A-1"})).await, by_order);
    shop.post("/v1/customers/lookup", json!({"q": "A-1", "order_id": "A-1"})).await.refused(422, "invalid_field");
    let free =
        shop.post("/v1/vouchers", json!({"kind": "amount_off", "amount": 500, "max_redemptions": 2})).await.created();
    let cart =
        json!({"codes": [free["code"]], "order_id": "A-9", "amount": 4990, "currency": "EUR", "customer": "anna"});
    let redeemed = shop.post("/v1/redemptions", cart).await.created();
    let by_order = lookup(&shop, json!({"order_id": "A-9"})).await;
    assert_eq!((&by_order["redemption"], &by_order["customers"][0]["external_id"]), (&redeemed["id"], &json!("anna")));
    let nobody = lookup(&shop, json!({"code": free["code"]})).await;
    assert_eq!((&nobody["voucher"], &nobody["customers"]), (&free["id"], &json!([])), "it is anybody's");
    for asked in [
        json!({"email": "nobody@mail.example"}),
        json!({"phone": "1"}),
        json!({"order_id": "A-7"}),
        json!({"q": "A-7"}),
    ] {
        let none = lookup(&shop, asked).await;
        assert_eq!(none, json!({"customers": [], "conversion": null, "redemption": null, "voucher": null}));
    }
    let other = shop.another().await;
    assert_eq!(lookup(&other, json!({"email": "anna@mail.example"})).await["customers"], json!([]));
}

async fn somebody_is_found_by_an_order_whose_checkout_failed(shop: TestShop) {
    shop.customer("anna").await;
    let voucher = json!({"kind": "amount_off", "amount": 500, "max_redemptions": 9});
    let code = shop.post("/v1/vouchers", voucher).await.created()["code"].clone();
    let cart = json!({"codes": [code], "order_id": "A-1", "amount": 4990, "currency": "EUR", "customer": "anna"});
    shop.post("/v1/holds", cart.clone()).await.created();
    let held = lookup(&shop, json!({"order_id": "A-1"})).await;
    assert_eq!((&held["customers"][0]["external_id"], &held["redemption"]), (&json!("anna"), &Value::Null));
    let redeemed = shop.post("/v1/redemptions", cart).await.created();
    let undo = json!({"reversal_id": "V-1", "reason": "the card was refused"});
    shop.post(&format!("{}/reversals", path("/v1/redemptions", &redeemed["id"])), undo).await.created();
    let failed = lookup(&shop, json!({"order_id": "A-1"})).await;
    assert_eq!((&failed["customers"][0]["external_id"], &failed["redemption"]), (&json!("anna"), &redeemed["id"]));
    let other = shop.another().await;
    assert_eq!(lookup(&other, json!({"order_id": "A-1"})).await["customers"], json!([]));
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
    assert_eq!(names[0], "phone", "who told it first");
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(!names.contains(&json!("third")), "who was merged is the other: {names:?}");
    shop.put("/v1/customers/second", json!({"phone_verified": true})).await.ok();
    let found = lookup(&shop, json!({"phone": "+49170 1"})).await;
    assert_eq!(found["customers"][0]["external_id"], "second", "for whom the shop vouches");
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
