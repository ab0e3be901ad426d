//! Hold-out: some advocates without an offer, and what the program adds by those with one.

use std::collections::BTreeMap;

use crate::support::*;

on_both!(
    who_is_held_out_shares_and_gets_nothing,
    what_a_program_adds_is_what_came_of_either_side,
    who_began_before_keeps_what_they_were_promised,
    what_cannot_be_held_out_is_refused,
);

/// A program with everything that can be promised, of which half is held out.
async fn with_everything(shop: &TestShop, percent: i64) -> Value {
    let rewards = json!([
        {"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000},
        {"to": "friend", "on": "conversion", "kind": "percent_off", "rate_bps": 1000},
        {"to": "friend", "on": "referral", "kind": "amount_off", "amount": 300},
        {"to": "friend", "on": "checkout", "kind": "percent_off", "rate_bps": 500},
        {"to": "advocate", "on": "milestone", "at": [1], "kind": "gift_card", "amount": 2500},
    ]);
    let words = json!({"de": {"title": "20 € für dich", "text": "Nimm {code}: {friend_reward}!"}});
    let program = json!({"pending_days": 0, "rewards": rewards, "content": words, "hold_out_percent": percent});
    shop.program(program).await
}

async fn share(shop: &TestShop, program: &Value, advocate: &str) -> Value {
    let share = json!({"program": program["id"], "customer": advocate, "channel": "whatsapp"});
    shop.post("/v1/shares", share).await.created()
}

async fn order(shop: &TestShop, friend: &str, share: &Value, amount: i64) -> Value {
    let details = json!({"email": format!("{friend}@mail.example")});
    let order = json!({"order_id": friend, "customer_details": details, "amount": amount, "currency": "EUR",
                       "evidence": {"token": share["token"]}});
    shop.post("/v1/conversions", order).await.created()
}

/// The first of these who is held out, and the first who is not, with their shares.
async fn one_of_each(shop: &TestShop, program: &Value) -> [(String, Value); 2] {
    let mut found: BTreeMap<bool, (String, Value)> = BTreeMap::new();
    for number in 0.. {
        let name = format!("advocate-{number}");
        shop.customer(&name).await;
        let share = share(shop, program, &name).await;
        found.entry(share["held_out"] == true).or_insert((name, share));
        if found.len() == 2 {
            break;
        }
    }
    [found.remove(&true).expect("one"), found.remove(&false).expect("one")]
}

async fn who_is_held_out_shares_and_gets_nothing(shop: TestShop) {
    let program = with_everything(&shop, 50).await;
    assert_eq!(program["hold_out_percent"], 50);
    let [(held_out, plain), (offered, promised)] = one_of_each(&shop, &program).await;
    assert!(text(&promised["text"]).contains("Rabatt"), "{promised}");
    let words = text(&plain["text"]);
    assert!(!words.contains("Rabatt") && !words.contains("Prämie") && words.contains(&text(&plain["url"])), "{words}");
    let summary = shop.browser(&held_out).await.get("/v1/me/summary").await.ok();
    assert_eq!((&summary["my_reward"], &summary["friend_reward"]), (&Value::Null, &Value::Null), "{summary}");
    assert_eq!((&summary["milestones"], &summary["program"]["title"]), (&json!([]), &program["name"]));
    let summary = shop.browser(&offered).await.get("/v1/me/summary").await.ok();
    assert_eq!(elements(&summary["milestones"]).len(), 1);
    // Neither the code nor the link of who is held out takes anything off, and a friend's sign-up earns nothing.
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    let code = shop.post(&codes, json!({"customer": held_out})).await.ok();
    assert_eq!(code["held_out"], true, "her words name it, so it is there");
    let cart = |code: &Value| json!({"codes": [code], "customer_details": {"email": "new@mail.example"}, "amount": 5000, "currency": "EUR"});
    let checked = shop.post("/v1/vouchers/check", cart(&code["code"])).await.ok();
    assert_eq!(
        (&checked["valid"], &checked["lines"][0]["reasons"][0]),
        (&json!(false), &json!("no_discount")),
        "{checked}"
    );
    let evidence = json!({"evidence": {"token": plain["token"]}, "friend_details": {"email": "fred@mail.example"}});
    let told = shop.post("/v1/referrals/check", evidence.clone()).await.ok();
    assert_eq!((&told["friend_rewards"], &told["content"]), (&json!([]), &Value::Null), "{told}");
    let referral = shop.post("/v1/referrals", evidence).await.created();
    assert_eq!(
        (&referral["rewards"], &referral["refused_rewards"]),
        (&json!([]), &json!([{"to": "friend", "reason": "held_out"}]))
    );
    let order_of_fred = order(&shop, "fred", &plain, 5_000).await;
    assert_eq!(order_of_fred["attribution"]["advocate"], held_out, "it is credited all the same");
    let refused = json!([{"to": "advocate", "reason": "held_out"}, {"to": "friend", "reason": "held_out"}]);
    assert_eq!(
        (&order_of_fred["rewards"], &order_of_fred["refused_rewards"]),
        (&json!([]), &refused),
        "{order_of_fred}"
    );
    let order_of_gina = order(&shop, "gina", &promised, 5_000).await;
    assert_eq!(elements(&order_of_gina["rewards"]).len(), 2, "{order_of_gina}");
    for (name, rewards) in [(&held_out, 0), (&offered, 2)] {
        let theirs = shop.list(&format!("/v1/rewards?customer={name}")).await;
        assert_eq!(theirs.len(), rewards, "an order and a milestone, or nothing: {theirs:?}");
    }
    // An operator who credits her with an order gives her no reward either.
    let nobodys = json!({"order_id": "harry", "customer": "harry", "amount": 5000, "currency": "EUR"});
    shop.post("/v1/conversions", nobodys).await.created();
    let body = json!({"advocate": held_out, "program": program["id"], "reason": "she said so"});
    let credited = shop.post("/v1/conversions/harry/attribute", body).await.ok();
    assert_eq!(credited["refused_rewards"], refused, "{credited}");
    shop.books_balance().await;
}

/// Figures of the report, by their words: offered, held out.
async fn figures(shop: &TestShop, program: &Value) -> BTreeMap<String, [i64; 2]> {
    let report = shop.get(&format!("/v1/reports/lift?program={}", text(&program["slug"]))).await.ok();
    let rows = elements(&report["data"]);
    let mut figures = BTreeMap::new();
    for row in rows.iter().filter(|row| row["trial"] == 1) {
        let sides = ["offered", "held_out"].map(|side| row[side].as_i64().expect("a number"));
        for (side, sum) in ["offered", "held_out"].iter().zip(sides) {
            let listed = shop.list(row["rows_url"][side].as_str().expect("a list")).await;
            let shown = match text(&row["figure"]).as_str() {
                "revenue" => listed
                    .iter()
                    .map(|order| order["amount"].as_i64().unwrap_or(0) - order["refunded_amount"].as_i64().unwrap_or(0))
                    .sum(),
                _ => i64::try_from(listed.len()).expect("few"),
            };
            assert_eq!(shown, sum, "{row}");
        }
        figures.insert(text(&row["figure"]), sides);
    }
    figures
}

async fn what_a_program_adds_is_what_came_of_either_side(shop: TestShop) {
    let program = with_everything(&shop, 50).await;
    let mut expected: BTreeMap<&str, [i64; 2]> =
        ["advocates", "friends", "orders", "revenue"].map(|name| (name, [0, 0])).into();
    let mut add = |name: &'static str, held_out: bool, more: i64| {
        expected.entry(name).or_default()[usize::from(held_out)] += more;
    };
    let mut orders = Vec::new();
    for number in 0..12_i64 {
        let name = format!("a{number}");
        shop.customer(&name).await;
        let share = share(&shop, &program, &name).await;
        let held_out = share["held_out"] == true;
        add("advocates", held_out, 1);
        for friend in 0..number % 3 {
            let (friend, amount) = (format!("{name}-f{friend}"), 1_000 * (number + 1));
            order(&shop, &friend, &share, amount).await;
            add("friends", held_out, 1);
            add("orders", held_out, 1);
            add("revenue", held_out, amount);
            orders.push((friend, held_out, amount));
        }
    }
    // One more order of a friend, one that is cancelled, one of which half comes back, and one of nobody's.
    let (friend, held_out, _) = &orders[0];
    let again = json!({"order_id": "again", "customer_details": {"email": format!("{friend}@mail.example")}, "amount": 700, "currency": "EUR"});
    shop.post("/v1/conversions", again).await.created();
    let credited = shop.get("/v1/conversions/again").await.ok()["attribution"]["advocate"] != Value::Null;
    if credited {
        add("orders", *held_out, 1);
        add("revenue", *held_out, 700);
    }
    let (friend, held_out, amount) = &orders[1];
    shop.post(&format!("/v1/conversions/{friend}/cancelled"), json!({})).await.ok();
    add("orders", *held_out, -1);
    add("revenue", *held_out, -amount);
    let (friend, held_out, amount) = &orders[2];
    let back = json!({"refund_id": "half", "kind": "refund", "amount": amount / 2});
    shop.post(&format!("/v1/conversions/{friend}/refunds"), back).await.created();
    add("revenue", *held_out, -amount / 2);
    shop.post("/v1/conversions", json!({"order_id": "nobody", "customer": "a1", "amount": 100, "currency": "EUR"}))
        .await
        .created();
    let told = figures(&shop, &program).await;
    let told: BTreeMap<&str, [i64; 2]> = told.iter().map(|(name, sides)| (name.as_str(), *sides)).collect();
    assert_eq!(told, expected);
    let both = shop.list("/v1/shares?trial=1&first=true").await;
    assert_eq!(both.len(), 12);
    assert!(shop.list("/v1/shares?trial=2").await.is_empty());
    shop.books_balance().await;
    let sheet = shop.get(&format!("/v1/reports/lift?program={}&format=csv", text(&program["slug"]))).await;
    assert!(
        sheet.text().starts_with("trial,hold_out_percent,began_at,ended_at,figure,offered,held_out,lift_bps,"),
        "{sheet:?}"
    );
    for gone in ["a1", "a2"] {
        shop.delete(&format!("/v1/customers/{gone}")).await.accepted();
    }
    shop.server().settle_jobs().await;
    let erased = shop.get(&format!("/v1/reports/lift?program={}", text(&program["slug"]))).await.ok();
    let sums = |figure: &str, side: &str| {
        let rows = elements(&erased["data"]);
        rows.iter().find(|row| row["figure"] == figure).map(|row| row[side].clone())
    };
    for (figure, [offered, held_out]) in &expected {
        assert_eq!([sums(figure, "offered"), sums(figure, "held_out")], [Some(json!(offered)), Some(json!(held_out))]);
    }
    shop.books_balance().await;
}

async fn who_began_before_keeps_what_they_were_promised(shop: TestShop) {
    let program = with_everything(&shop, 0).await;
    let place = path("/v1/programs", &program["id"]);
    let change = async |percent: i64| {
        let version = shop.get(&place).await.ok()["version"].clone();
        shop.patch(&place, json!({"hold_out_percent": percent})).if_match(&format!("\"{version}\"")).await.ok()
    };
    for number in 0..8 {
        shop.customer(&format!("early-{number}")).await;
        assert_eq!(share(&shop, &program, &format!("early-{number}")).await["held_out"], false);
    }
    change(50).await;
    shop.advance(1).await;
    let [(held_out, _), (offered, _)] = one_of_each(&shop, &program).await;
    for number in 0..8 {
        let again = json!({"program": program["id"], "customer": format!("early-{number}"), "channel": "sms"});
        assert_eq!(shop.post("/v1/shares", again).await.created()["held_out"], false);
    }
    // What is promised today holds tomorrow, whatever becomes of the trial.
    assert_eq!(change(0).await["hold_out_percent"], 0);
    for (name, expected) in [(&held_out, true), (&offered, false)] {
        let again = json!({"program": program["id"], "customer": name, "channel": "sms"});
        assert_eq!(shop.post("/v1/shares", again).await.created()["held_out"], expected);
    }
    shop.customer("late").await;
    assert_eq!(share(&shop, &program, "late").await["held_out"], false);
    change(10).await;
    let report = shop.get(&format!("/v1/reports/lift?program={}", text(&program["slug"]))).await.ok();
    let trials: Vec<_> = elements(&report["data"])
        .iter()
        .filter(|row| row["figure"] == "advocates")
        .map(|row| format!("{} {} {}", row["trial"], row["hold_out_percent"], row["ended_at"] == Value::Null))
        .collect();
    assert_eq!(trials, ["1 50 false", "2 10 true"]);
    // Codes that a shop brings along were promised elsewhere.
    change(50).await;
    let lines: Vec<String> = (0..8)
        .map(|n| {
            json!({"customer": format!("old-{n}"), "code": format!("OLD{n}00X"), "program": program["slug"]})
                .to_string()
        })
        .collect();
    shop.imported("codes", &lines.join("\n")).await;
    for number in 0..8 {
        assert_eq!(shop.get(&format!("/v1/codes/OLD{number}00X")).await.ok()["held_out"], false);
    }
    shop.books_balance().await;
}

async fn what_cannot_be_held_out_is_refused(shop: TestShop) {
    let program = with_everything(&shop, 0).await;
    let place = path("/v1/programs", &program["id"]);
    let version = format!("\"{}\"", shop.get(&place).await.ok()["version"]);
    for percent in [json!(1), json!(51), json!(-5), json!(1_000_000)] {
        let refused = shop.patch(&place, json!({"hold_out_percent": percent})).if_match(&version).await;
        let refused = refused.refused(422, "invalid_field");
        assert_eq!(refused["errors"][0]["pointer"], "/hold_out_percent", "{refused}");
    }
    shop.get("/v1/reports/lift").await.refused(422, "invalid_field");
    shop.get("/v1/reports/lift?program=nowhere").await.refused(422, "program_unknown");
    for query in ["trial=0", "trial=51", "trial=x", "held_out=perhaps"] {
        for list in ["shares", "referrals", "conversions"] {
            shop.get(&format!("/v1/{list}?{query}")).await.refused(422, "invalid_field");
        }
    }
    let report = shop.get(&format!("/v1/reports/lift?program={}", text(&program["slug"]))).await.ok();
    assert_eq!(report["data"], json!([]), "there was no trial");
    // The fiftieth change is the last.
    for number in 0..51 {
        let version = format!("\"{}\"", shop.get(&place).await.ok()["version"]);
        let changed = shop.patch(&place, json!({"hold_out_percent": 5 + number % 2})).if_match(&version).await;
        if number == 50 {
            changed.refused(422, "invalid_field");
        } else {
            changed.ok();
        }
    }
}
