//! Marks: what the age of a link's evidence is, and that what proves nothing counts for no more.

use crate::support::*;

on_both!(
    of_a_link_that_was_left_alone_nothing_counts_any_more,
    what_proves_no_visit_is_as_old_as_the_last_one,
    a_share_that_nobody_opened_is_as_old_as_it_was_made,
    only_people_open_a_link,
    every_door_asks_how_old_a_token_is,
);

const BROWSER: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
const WHATSAPP: &str = "WhatsApp/2.23.20.0 A";

/// Opens a share's link, and waits until that is written.
async fn open(shop: &TestShop, share: &Value, agent: &str) -> Answer {
    let link = format!("/s/{}", text(&share["token"]));
    let answer = shop.anonymous().get(&link).header("user-agent", agent).await;
    shop.settle_visits().await;
    answer
}

/// What a person brings to the landing page: `TOKEN-VISIT`.
async fn visit(shop: &TestShop, share: &Value) -> String {
    let answer = open(shop, share, BROWSER).await;
    let query = answer.found().split("gv=").nth(1).and_then(|rest| rest.split('&').next()).map(str::to_owned);
    query.expect("evidence")
}

/// A mark with something changed or cut off, each of which proves no visit any more.
fn unproved(mark: &str) -> Vec<String> {
    let (token, _) = mark.split_at(11);
    let last = if mark.ends_with('A') { 'B' } else { 'A' };
    let at = token.len() + 1;
    let other = if mark[at..].starts_with('A') { 'B' } else { 'A' };
    vec![
        token.to_owned(),
        format!("{token}."),
        mark[..mark.len() - 1].to_owned(),
        format!("{}{last}", &mark[..mark.len() - 1]),
        format!("{}{other}{}", &mark[..at], &mark[at + 1..]),
        format!("{mark}A"),
        format!("{token}.{}", "A".repeat(20)),
    ]
}

/// The attribution of a new friend's order with this token.
async fn attribution(shop: &TestShop, friend: &str, token: &str) -> Value {
    shop.customer(friend).await;
    let order = json!({"order_id": friend, "customer": friend, "amount": 4990, "currency": "EUR", "evidence": {"token": token}});
    shop.post("/v1/conversions", order).await.created()["attribution"].clone()
}

/// Why the only evidence lost, and what its age is counted from.
fn lost(attribution: &Value) -> [&Value; 3] {
    let loser = &attribution["considered"][0];
    [&attribution["method"], &loser["outcome"], &loser["age_from"]]
}

/// By what the winner won, and what its age is counted from.
fn won(attribution: &Value) -> [&Value; 2] {
    ["method", "age_from"].map(|field| &attribution[field])
}

async fn of_a_link_that_was_left_alone_nothing_counts_any_more(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "anna").await;
    let mark = visit(&shop, &share).await;
    let fresh = attribution(&shop, "fresh", &mark).await;
    assert_eq!(won(&fresh), ["token", "mark"], "{fresh}");
    shop.advance(400).await;
    let old = attribution(&shop, "true", &mark).await;
    assert_eq!(lost(&old), ["none", "expired", "mark"], "{old}");
    for (number, token) in unproved(&mark).iter().enumerate() {
        let none = attribution(&shop, &format!("friend-{number}"), token).await;
        assert_eq!(lost(&none), ["none", "expired", "opened"], "{token}: {none}");
    }
}

async fn what_proves_no_visit_is_as_old_as_the_last_one(shop: TestShop) {
    let program = shop.program(json!({"attribution": {"window_days": 10}})).await;
    let share = shop.share(&program, "anna").await;
    let old = visit(&shop, &share).await;
    shop.advance(11).await;
    let new = visit(&shop, &share).await;
    let expired = attribution(&shop, "true", &old).await;
    assert_eq!(lost(&expired), ["none", "expired", "mark"], "who else opened it makes an old visit no younger");
    for (number, token) in unproved(&new).iter().enumerate() {
        let credited = attribution(&shop, &format!("friend-{number}"), token).await;
        assert_eq!(won(&credited), ["token", "opened"], "{token}: {credited}");
        assert_eq!(credited["age_hours"], 0);
    }
    shop.advance(11).await;
    let late = attribution(&shop, "late", &text(&share["token"])).await;
    assert_eq!(lost(&late), ["none", "expired", "opened"]);
}

async fn a_share_that_nobody_opened_is_as_old_as_it_was_made(shop: TestShop) {
    let program = shop.program(json!({"attribution": {"window_days": 10}})).await;
    let share = shop.share(&program, "anna").await;
    let token = text(&share["token"]);
    shop.advance(9).await;
    let credited = attribution(&shop, "early", &token).await;
    assert_eq!(won(&credited), ["token", "made"], "{credited}");
    assert_eq!(credited["age_hours"], 9 * 24);
    shop.advance(2).await;
    let made_up = format!("{token}.{}", "A".repeat(20));
    for (friend, token) in [("late", &token), ("later", &made_up)] {
        let none = attribution(&shop, friend, token).await;
        assert_eq!(lost(&none), ["none", "expired", "made"], "{none}");
    }
}

async fn only_people_open_a_link(shop: TestShop) {
    let program = shop.program(json!({"attribution": {"window_days": 10}})).await;
    let (share, opened) = (shop.share(&program, "anna").await, shop.share(&program, "zoe").await);
    visit(&shop, &opened).await;
    shop.advance(11).await;
    for agent in [WHATSAPP, "curl/8.5.0", ""] {
        open(&shop, &share, agent).await;
        open(&shop, &opened, agent).await;
    }
    let none = attribution(&shop, "a", &text(&share["token"])).await;
    assert_eq!(lost(&none), ["none", "expired", "made"], "{none}");
    let none = attribution(&shop, "b", &text(&opened["token"])).await;
    assert_eq!(lost(&none), ["none", "expired", "opened"], "{none}");
}

/// An order is not the only thing that brings a token.
async fn every_door_asks_how_old_a_token_is(shop: TestShop) {
    let rewards = json!([{"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000},
                         {"to": "friend", "on": "checkout", "kind": "amount_off", "amount": 500}]);
    let program = shop.program(json!({"attribution": {"window_days": 10}, "rewards": rewards})).await;
    let share = shop.share(&program, "anna").await;
    let mark = visit(&shop, &share).await;
    let asks = |token: &str| {
        let (friend, evidence) = (fresh("friend"), json!({"token": token}));
        let cart = json!({"codes": [], "amount": 5000, "currency": "EUR", "customer": friend, "evidence": evidence});
        let check = shop.post("/v1/vouchers/check", cart).without("idempotency-key");
        let ask = json!({"evidence": evidence});
        let referred = shop.post("/v1/referrals/check", ask).without("idempotency-key");
        let made = shop.post("/v1/referrals", json!({"friend": friend, "evidence": evidence}));
        (friend, check, referred, made)
    };
    for is_old in [false, true] {
        for token in unproved(&mark) {
            let (friend, check, referred, made) = asks(&token);
            shop.customer(&friend).await;
            let discount = check.await.ok()["discount"].clone();
            let referred = referred.await.ok();
            assert_eq!(discount, if is_old { 0 } else { 500 }, "{token}");
            assert_eq!(referred["valid"], !is_old, "{token}: {referred}");
            let made = made.await;
            assert_eq!(made.status(), if is_old { 422 } else { 201 }, "{token}: {made:?}");
        }
        shop.advance(11).await;
    }
}
