//! How things stand now: what offers gave and what came of it, and what is owed, each against what the lists show.

use chrono::{DateTime, Utc};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng};

use crate::offers::{Town, code_of};
use crate::support::*;

on_both!(
    an_offer_says_what_it_gave_and_what_came_of_it,
    what_is_owed_is_told_by_kind_and_age,
    store_credit_is_as_old_as_what_is_left_of_it,
    whatever_happens_what_is_owed_is_what_the_lists_show,
    both_are_sheets_as_well,
);

async fn redeem(shop: &TestShop, order: &str, customer: &str, codes: Value) -> Value {
    let cart = json!({"codes": codes, "customer": customer, "order_id": order, "amount": 5_000, "currency": "EUR"});
    shop.post("/v1/redemptions", cart).await.created()
}

async fn reverse(shop: &TestShop, redemption: &Value, amount: Value) {
    let body = json!({"reversal_id": fresh("back"), "amount": amount, "reason": "it came back"});
    shop.post(&format!("{}/reversals", path("/v1/redemptions", &redemption["id"])), body).await.created();
}

async fn an_offer_says_what_it_gave_and_what_came_of_it(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({"capacity": 10, "reward": {"kind": "amount_off", "amount": 1_000}})).await;
    let other = town.offer(json!({"name": "Noch eins"})).await;
    let mut claims = Vec::new();
    for name in ["ben", "cleo", "dora", "emil"] {
        town.shop.customer(name).await;
        claims.push(town.claim(&offer, name, &town.private).await.created());
    }
    for (order, claim) in [("1", 0), ("2", 1)] {
        let code = code_of(&town.shop, &claims[claim]).await;
        redeem(&town.shop, order, &text(&claims[claim]["customer"]), json!([code])).await;
    }
    let code = code_of(&town.shop, &claims[2]).await;
    let undone = redeem(&town.shop, "3", "dora", json!([code])).await;
    reverse(&town.shop, &undone, Value::Null).await;
    let reward = path("/v1/rewards", &claims[3]["reward"]);
    town.shop.post(&format!("{reward}/void"), json!({"reason": "a mistake"})).await.ok();
    let report = town.shop.get("/v1/reports/offers").await.ok();
    let rows = elements(&report["data"]);
    let row = rows.iter().find(|row| row["offer"] == offer["id"]).expect("its row");
    let told = ["claims", "redeemed", "orders", "revenue", "cost", "left", "cost_per_order"].map(|name| &row[name]);
    assert_eq!(told, [3, 2, 2, 10_000, 3_000, 7, 1_500].map(|n| json!(n)).each_ref());
    for figure in ["claims", "redeemed"] {
        let listed = town.shop.list(row["rows_url"][figure].as_str().expect("a list")).await.len();
        assert_eq!(row[figure], listed, "{figure}");
    }
    let none = rows.iter().find(|row| row["offer"] == other["id"]).expect("its row");
    assert_eq!((&none["claims"], &none["capacity"], &none["left"]), (&json!(0), &Value::Null, &Value::Null));
    assert_eq!(none["cost_per_order"], Value::Null);
    assert_eq!((&report["totals"]["orders"], &report["totals"]["cost"]), (&json!(2), &json!(3_000)));
    // The same order is redeemed again.
    redeem(&town.shop, "3", "dora", json!([code])).await;
    let again = town.shop.get("/v1/reports/offers?status=active").await.ok();
    assert_eq!((&again["totals"]["orders"], &again["totals"]["revenue"]), (&json!(3), &json!(15_000)));
    town.shop.get("/v1/reports/offers?status=gone").await.refused(422, "invalid_field");
    town.shop.get("/v1/reports/offers?program=nowhere").await.refused(422, "program_unknown");
    town.shop.key(&["offers:read"]).await.get("/v1/reports/offers").await.refused(403, "forbidden");
    town.shop.books_balance().await;
}

/// The row of a kind: all, and by age.
fn owed(report: &Value, kind: &str) -> Vec<i64> {
    let rows = elements(&report["data"]);
    let row = rows.iter().find(|row| row["kind"] == kind).unwrap_or_else(|| panic!("no {kind}: {report}"));
    by_age(row)
}

fn by_age(row: &Value) -> Vec<i64> {
    let ages = ["amount", "days_0_30", "days_31_90", "days_91_365", "days_over_365"];
    ages.map(|age| row[age].as_i64().expect("an amount")).to_vec()
}

async fn voucher(shop: &TestShop, changes: Value) -> Value {
    let mut voucher = json!({"kind": "amount_off", "amount": 1_000, "currency": "EUR", "max_redemptions": 1});
    for (name, value) in changes.as_object().into_iter().flatten() {
        voucher[name] = value.clone();
    }
    shop.post("/v1/vouchers", voucher).await.created()
}

async fn credit(shop: &TestShop, customer: &str, amount: i64) {
    let body = json!({"customer": customer, "reward": {"kind": "store_credit", "amount": amount}, "reason": "a parcel was late",
                      "notify": false});
    shop.post("/v1/grants", body).await.created();
}

async fn what_is_owed_is_told_by_kind_and_age(shop: TestShop) {
    shop.to_mid_month().await;
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "anna").await;
    let old = voucher(&shop, json!({"max_redemptions": 3})).await;
    let card = json!({"kind": "gift_card", "amount": 2_500, "currency": "EUR", "legal_kind": "paid"});
    let card = shop.post("/v1/vouchers", card).await.created();
    shop.advance(40).await;
    credit(&shop, "anna", 700).await;
    let lapses = voucher(&shop, json!({"valid_until": null})).await;
    shop.customer("ben").await;
    let order = json!({"order_id": "1", "customer": "ben", "amount": 5_000, "currency": "EUR",
                       "evidence": {"token": share["token"]}});
    shop.post("/v1/conversions", order).await.created();
    let report = shop.get("/v1/reports/liability").await.ok();
    assert_eq!(owed(&report, "pending_rewards"), [1_500, 1_500, 0, 0, 0]);
    assert_eq!(owed(&report, "vouchers"), [4_000, 1_000, 3_000, 0, 0]);
    assert_eq!(owed(&report, "gift_cards"), [2_500, 0, 2_500, 0, 0]);
    assert_eq!(owed(&report, "store_credit"), [700, 700, 0, 0, 0]);
    assert_eq!(by_age(&report["totals"]), [8_700, 3_200, 5_500, 0, 0]);
    // What is spent is taken off where it was; what is set aside is owed all the same.
    let spent = redeem(&shop, "2", "ben", json!([old["code"]])).await;
    let hold = json!({"codes": [card["code"]], "cart_id": "c", "amount": 1_500, "currency": "EUR", "ttl_seconds": 600});
    shop.post("/v1/holds", hold).await.created();
    let report = shop.get("/v1/reports/liability").await.ok();
    assert_eq!(owed(&report, "vouchers"), [3_000, 1_000, 2_000, 0, 0]);
    assert_eq!(owed(&report, "gift_cards"), [2_500, 0, 2_500, 0, 0]);
    reverse(&shop, &spent, Value::Null).await;
    shop.post(&format!("{}/void", path("/v1/vouchers", &lapses["id"])), json!({"reason": "a mistake"})).await.ok();
    shop.post("/v1/conversions/1/cancelled", json!({})).await.ok();
    shop.advance(60).await;
    let report = shop.get("/v1/reports/liability").await.ok();
    assert_eq!(owed(&report, "pending_rewards"), [0; 5]);
    assert_eq!(owed(&report, "vouchers"), [3_000, 0, 0, 3_000, 0]);
    assert_eq!(owed(&report, "store_credit"), [700, 0, 700, 0, 0]);
    shop.advance(300).await;
    let report = shop.get("/v1/reports/liability").await.ok();
    assert_eq!(owed(&report, "gift_cards"), [2_500, 0, 0, 0, 2_500]);
    // Of another shop nothing is told.
    let other = shop.another().await;
    assert_eq!(by_age(&other.get("/v1/reports/liability").await.ok()["totals"]), [0; 5]);
    shop.key(&["vouchers:read"]).await.get("/v1/reports/liability").await.refused(403, "forbidden");
    shop.get("/v1/reports/liability?from=2026-01-01").await.refused(422, "invalid_field");
    shop.books_balance().await;
}

async fn store_credit_is_as_old_as_what_is_left_of_it(shop: TestShop) {
    shop.to_mid_month().await;
    for name in ["anna", "ben"] {
        shop.customer(name).await;
    }
    credit(&shop, "anna", 1_000).await;
    shop.advance(50).await;
    credit(&shop, "anna", 400).await;
    let told = async || owed(&shop.get("/v1/reports/liability").await.ok(), "store_credit");
    assert_eq!(told().await, [1_400, 400, 1_000, 0, 0]);
    let pay = |order: &str, amount: i64| json!({"store_credit": amount, "customer": "anna", "order_id": order, "amount": 5_000, "currency": "EUR"});
    let paid = shop.post("/v1/redemptions", pay("1", 1_100)).await.created();
    assert_eq!(told().await, [300, 300, 0, 0, 0], "the oldest is spent first");
    // What comes back is as old as that.
    reverse(&shop, &paid, json!(200)).await;
    assert_eq!(told().await, [500, 500, 0, 0, 0]);
    shop.advance(40).await;
    let mut hold = pay("2", 450);
    hold["ttl_seconds"] = json!(600);
    let hold = shop.post("/v1/holds", hold).await.created();
    assert_eq!(told().await, [500, 0, 500, 0, 0], "what is set aside stays as old as it was");
    shop.delete(&path("/v1/holds", &hold["id"])).await.no_content();
    credit(&shop, "ben", 30).await;
    let merge = json!({"from": "anna", "reason": "one and the same"});
    shop.post("/v1/customers/ben/merge", merge).await.ok();
    assert_eq!(told().await, [530, 30, 500, 0, 0], "and so does what is another account's");
    shop.books_balance().await;
}

/// A year of everything that can become of what is owed, drawn by lot.
async fn whatever_happens_what_is_owed_is_what_the_lists_show(shop: TestShop) {
    shop.to_mid_month().await;
    let mut random = StdRng::seed_from_u64(15);
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "anna").await;
    let (mut vouchers, mut redemptions) = (Vec::<Value>::new(), Vec::<Value>::new());
    for step in 0..80 {
        let customer = format!("c-{}", random.random_range(0..5));
        match random.random_range(0..9) {
            0 | 1 => {
                let now: DateTime<Utc> =
                    text(&shop.get("/v1/reports/liability").await.ok()["as_of"]).parse().expect("now");
                let until = now + chrono::Days::new(random.random_range(5..200));
                let until = until.format("%Y-%m-%dT%H:%M:%S.000Z").to_string();
                let uses = random.random_range(1..4);
                let made = voucher(&shop, json!({"max_redemptions": uses, "valid_until": until})).await;
                vouchers.push(made);
            }
            2 => {
                let amount = random.random_range(100..3_000);
                let card = json!({"kind": "gift_card", "amount": amount, "currency": "EUR", "legal_kind": "paid"});
                vouchers.push(shop.post("/v1/vouchers", card).await.created());
            }
            3 => {
                if shop.get(&format!("/v1/customers/{customer}")).await.status() == 404 {
                    shop.customer(&customer).await;
                }
                credit(&shop, &customer, random.random_range(1..900)).await;
            }
            4 | 5 if !vouchers.is_empty() => {
                let code = &vouchers[random.random_range(0..vouchers.len())]["code"];
                let cart = json!({"codes": [code], "order_id": format!("r-{step}"), "currency": "EUR",
                                  "amount": random.random_range(200..2_000), "store_credit": 50, "customer": customer});
                let answer = shop.post("/v1/redemptions", cart).await;
                if answer.status() == 201 {
                    redemptions.push(answer.created());
                }
            }
            6 if !redemptions.is_empty() => {
                let one = redemptions.remove(random.random_range(0..redemptions.len()));
                reverse(&shop, &one, Value::Null).await;
            }
            7 if !vouchers.is_empty() => {
                let one = path("/v1/vouchers", &vouchers[random.random_range(0..vouchers.len())]["id"]);
                let shown = shop.get(&one).await;
                let tag = shown.header("etag").expect("an ETag").to_owned();
                let longer = json!({"valid_until": null});
                shop.patch(&one, longer).header("if-match", &tag).await;
            }
            8 if !vouchers.is_empty() => {
                let one = path("/v1/vouchers", &vouchers[random.random_range(0..vouchers.len())]["id"]);
                shop.post(&format!("{one}/void"), json!({"reason": "by lot"})).await;
            }
            _ => {
                let order = json!({"order_id": format!("o-{step}"), "customer": format!("new-{step}"), "amount": 4_000,
                                   "currency": "EUR", "paid": true, "evidence": {"token": share["token"]}});
                shop.post("/v1/conversions", order).await.created();
            }
        }
        shop.advance(random.random_range(0..10)).await;
    }
    let report = shop.get("/v1/reports/liability").await.ok();
    recount(&shop, &report).await;
    let ages = by_age(&report["totals"]).into_iter().filter(|amount| *amount > 0).count();
    assert!(ages >= 4, "all, and most ages: {report}");
    shop.books_balance().await;
}

/// Adds up what each list shows that a figure leads to.
async fn recount(shop: &TestShop, report: &Value) {
    let now: DateTime<Utc> = text(&report["as_of"]).parse().expect("an instant");
    for row in elements(&report["data"]) {
        let Some(urls) = row["rows_url"].as_object() else {
            assert_eq!(row["kind"], "store_credit");
            let mut sum = 0;
            for customer in shop.list("/v1/customers").await {
                let balance = shop.get(&format!("{}/balance", path("/v1/customers", &customer["id"]))).await.ok();
                sum += balance["balance"].as_i64().unwrap_or_else(|| panic!("{balance}"));
            }
            assert_eq!(row["amount"], sum, "{row}");
            continue;
        };
        for (age, list) in urls {
            let (mut sum, list) = (0, list.as_str().expect("a list"));
            for one in shop.list(list).await {
                sum += match text(&row["kind"]).as_str() {
                    "pending_rewards" => one["cost_amount"].as_i64().expect("an amount"),
                    "vouchers" => {
                        let [most, used, amount] =
                            ["max_redemptions", "used", "amount"].map(|name| one[name].as_i64().expect("a number"));
                        (most - used) * amount
                    }
                    _ => one["balance"].as_i64().expect("a balance"),
                };
                let made: DateTime<Utc> = text(&one["created_at"]).parse().expect("an instant");
                assert!(made <= now);
            }
            assert_eq!(row[age], sum, "{age} of {row}");
        }
    }
}

async fn both_are_sheets_as_well(shop: TestShop) {
    let town = Town::new(shop).await;
    town.offer(json!({})).await;
    let sheet = town.shop.get("/v1/reports/offers?format=csv").await;
    assert!(sheet.text().starts_with("offer,name,kind,status,program,capacity,claims,redeemed,orders,"), "{sheet:?}");
    assert_eq!(sheet.text().lines().count(), 2);
    let sheet = town.shop.get("/v1/reports/liability?format=csv").await;
    assert!(sheet.text().starts_with("kind,amount,days_0_30,days_31_90,days_91_365,days_over_365,"), "{sheet:?}");
    assert_eq!(sheet.text().lines().count(), 5);
    let sheet = town.shop.get("/v1/reports/dark?format=csv&interval=day&from=2026-11-01&to=2026-11-03").await;
    assert!(sheet.text().starts_with("from,to,arrivals,private,suspected,"), "{sheet:?}");
    assert_eq!(sheet.text().lines().count(), 4);
}
