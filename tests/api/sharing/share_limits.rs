//! How many new shares a customer makes in a day: few by browsers, more by the shop's backend.

use grapevine::records::{Kind, Values};
use grapevine::store::Statement;
use grapevine::store::connection::Use;

use crate::support::*;

on_both!(
    a_browser_makes_few_new_shares_a_day,
    the_shops_backend_makes_more,
    one_person_has_one_days_shares,
    the_same_share_again_leaves_nothing_behind,
);

const BY_BROWSER: usize = 200;
const BY_SHOP: usize = 2_000;

/// The keys of all channels.
async fn channels(shop: &TestShop) -> Vec<Value> {
    elements(&shop.get("/v1/channels").await.ok()["data"]).into_iter().map(|channel| channel["key"].clone()).collect()
}

fn page(program: &Value, channels: &[Value], number: usize) -> Value {
    json!({"program": program["id"], "channels": channels, "landing_url": format!("https://shop.example/{number}")})
}

fn named(mut share: Value, customer: &str) -> Value {
    share["customer"] = json!(customer);
    share
}

async fn a_browser_makes_few_new_shares_a_day(shop: TestShop) {
    let (program, channels) = (shop.program(json!({})).await, channels(&shop).await);
    for customer in ["anna", "ben"] {
        shop.customer(customer).await;
    }
    let (anna, ben) = (shop.browser("anna").await, shop.browser("ben").await);
    let whole = BY_BROWSER / channels.len();
    for number in 0..whole {
        anna.post("/v1/me/shares", page(&program, &channels, number)).await.created();
    }
    let refused = anna.post("/v1/me/shares", page(&program, &channels, whole)).await.refused(409, "limit_reached");
    assert!(text(&refused["detail"]).contains("at most 200 new shares a day"), "{refused}");
    let rest = &channels[..BY_BROWSER % channels.len()];
    assert!(!rest.is_empty(), "the call that was refused made none");
    anna.post("/v1/me/shares", page(&program, rest, whole)).await.created();
    for again in [0, 1, whole - 1] {
        anna.post("/v1/me/shares", page(&program, &channels, again)).await.ok();
    }
    let one = |number: usize| json!({"program": program["id"], "channel": "sms", "placement": format!("p{number}")});
    for number in 0..3 {
        anna.post("/v1/me/shares", one(number)).await.refused(409, "limit_reached");
    }
    ben.post("/v1/me/shares", one(0)).await.created();
    shop.post("/v1/shares", named(one(0), "anna")).await.created();
    anna.post("/v1/me/code", json!({"program": program["id"]})).await.created();
    shop.advance(1).await;
    shop.browser("anna").await.post("/v1/me/shares", one(1)).await.created();
}

async fn the_shops_backend_makes_more(shop: TestShop) {
    let (program, channels) = (shop.program(json!({})).await, channels(&shop).await);
    shop.customer("anna").await;
    let whole = BY_SHOP / channels.len();
    for number in 0..whole {
        shop.post("/v1/shares", named(page(&program, &channels, number), "anna")).await.created();
    }
    let one = page(&program, &channels, whole);
    shop.post("/v1/shares", named(one.clone(), "anna")).await.refused(409, "limit_reached");
    shop.post("/v1/shares", named(page(&program, &channels, 0), "anna")).await.ok();
    shop.post("/v1/shares", named(one.clone(), "ben")).await.created();
    shop.post("/v1/shares", one).await.created();
}

/// Under another id of the shop's, and with the address that leads to her.
async fn one_person_has_one_days_shares(shop: TestShop) {
    let (program, channels) = (shop.program(json!({})).await, channels(&shop).await);
    let (anna, other) = (json!({"email": "anna@mail.example"}), json!({"email": "Anna@mail.example"}));
    shop.put("/v1/customers/anna", anna).await.created();
    shop.put("/v1/customers/anna-2", other).await.created();
    let whole = BY_BROWSER / channels.len();
    let (first, second) = (shop.browser("anna").await, shop.browser("anna-2").await);
    for number in 0..whole {
        let browser = if number % 2 == 0 { &first } else { &second };
        browser.post("/v1/me/shares", page(&program, &channels, number)).await.created();
    }
    for browser in [&first, &second] {
        browser.post("/v1/me/shares", page(&program, &channels, whole)).await.refused(409, "limit_reached");
    }
}

/// Each time with another `Idempotency-Key`.
async fn the_same_share_again_leaves_nothing_behind(shop: TestShop) {
    let program = shop.program(json!({})).await;
    shop.customer("anna").await;
    let anna = shop.browser("anna").await;
    let share = json!({"program": program["id"], "channel": "sms"});
    let made = anna.post("/v1/me/shares", share.clone()).key("first").await.created();
    assert_eq!(anna.post("/v1/me/shares", share.clone()).key("first").await.created(), made, "it is repeated");
    anna.post("/v1/me/code", json!({"program": program["id"]})).await.created();
    let stored = async || {
        let mut connection = shop.server().app.target.connect(Use::Tool).expect("a connection");
        let sql = "SELECT CAST(count(*) AS BIGINT) FROM stored_answers WHERE shop = ?";
        let shop = shop.get("/v1/shop").await.ok();
        let rows = connection.query(&Statement::new(sql).bind(text(&shop["id"])), &[Kind::Int]).expect("it is read");
        rows.into_iter().find_map(|row| Values::new(row).column::<i64>().ok()).expect("a number")
    };
    let before = stored().await;
    for _ in 0..5 {
        assert_eq!(anna.post("/v1/me/shares", share.clone()).await.ok(), made);
        anna.post("/v1/me/shares", json!({"program": program["id"], "channels": ["sms"]})).await.ok();
        anna.post("/v1/me/code", json!({"program": program["id"]})).await.ok();
    }
    assert_eq!(stored().await, before);
}
