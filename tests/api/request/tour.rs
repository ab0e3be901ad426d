//! One walk through every operation of the contract, and a page for each code. What an operation is
//! for is tested in the file of its resource; here is noticed when one is forgotten.

use std::collections::BTreeSet;

use grapevine::decide::mail::{confirm_consent, unsubscribe};
use grapevine::refusal::Code;

use crate::shops::bounces::came_back;
use crate::shops::messages::allow;
use crate::support::client::Answer;
use crate::support::process::METRICS_TOKEN;
use crate::support::*;

on_both!(every_operation_is_called, every_code_has_a_page);

/// What was called so far, with success.
#[derive(Default)]
struct Tour(BTreeSet<&'static str>);

impl Tour {
    /// Notes the operation of an answer.
    #[track_caller]
    fn note(&mut self, answer: Answer) -> Answer {
        assert!(answer.status() < 400, "refused: {answer:?}");
        self.0.insert(answer.operation().unwrap_or_else(|| panic!("not in the contract: {answer:?}")));
        answer
    }
}

async fn every_operation_is_called(shop: TestShop) {
    let mut tour = Tour::default();
    the_house(&mut tour, &shop).await;
    keys(&mut tour, &shop).await;
    operators(&mut tour, &shop).await;
    settings_and_customers(&mut tour, &shop).await;
    let program = programs(&mut tour, &shop).await;
    codes_and_channels(&mut tour, &shop, &program).await;
    let token = shares(&mut tour, &shop, &program).await;
    links(&mut tour, &shop, &token).await;
    referrals(&mut tour, &shop, &token).await;
    orders_and_rewards(&mut tour, &shop, &token).await;
    grants(&mut tour, &shop).await;
    offers(&mut tour, &shop, &program, &token).await;
    let code = vouchers(&mut tour, &shop).await;
    batches(&mut tour, &shop).await;
    passes(&mut tour, &shop).await;
    checkout(&mut tour, &shop, &code).await;
    browsers(&mut tour, &shop, &program).await;
    arrivals(&mut tour, &shop).await;
    imports(&mut tour, &shop).await;
    records(&mut tour, &shop).await;
    webhooks(&mut tour, &shop).await;
    announcements(&mut tour, &shop).await;
    let forgotten: Vec<_> = contract::operation_ids().into_iter().filter(|id| !tour.0.contains(id)).collect();
    assert!(forgotten.is_empty(), "no test calls {forgotten:?}");
}

async fn the_house(tour: &mut Tour, shop: &TestShop) {
    let stranger = shop.anonymous();
    for path in ["/livez", "/readyz"] {
        assert_eq!(tour.note(stranger.get(path).await).ok()["status"], "ok");
    }
    let collector = Actor::bearer(shop.base(), METRICS_TOKEN);
    assert!(tour.note(collector.get("/metrics").await).text().contains("grapevine_"));
    assert!(tour.note(stranger.get("/openapi.yaml").await).text().contains("openapi: 3.1.0"));
    assert_eq!(tour.note(stranger.get("/openapi.json").await).ok()["openapi"], "3.1.0");
    assert!(tour.note(stranger.get("/docs/errors/stale").await).text().contains("If-Match"));
    let keys = tour.note(stranger.get("/.well-known/jwks.json").await).ok();
    assert!(!elements(&keys["keys"]).is_empty());
}

async fn keys(tour: &mut Tour, shop: &TestShop) {
    let key = tour.note(shop.post("/v1/keys", json!({"name": "till", "scopes": ["shop:read"]})).await).created();
    let place = path("/v1/keys", &key["id"]);
    let login = json!({"grant_type": "client_credentials", "client_id": key["id"], "client_secret": key["secret"]});
    let token = tour.note(shop.anonymous().post("/v1/token", login).await).ok();
    let till = Actor::bearer(shop.base(), token["access_token"].as_str().expect("a token"));
    assert_eq!(tour.note(till.get("/v1/shop").await).ok()["mode"], "test");
    assert_eq!(tour.note(shop.get("/v1/keys").await).ok()["data"][0]["id"], key["id"]);
    assert_eq!(tour.note(shop.get(&place).await).ok()["name"], "till");
    assert_eq!(tour.note(shop.patch(&place, json!({"name": "old till"})).await).ok()["name"], "old till");
    let owner = shop.operator("owner").await;
    let approved = tour.note(owner.post(&format!("{place}/approve"), json!({})).await).ok();
    assert_eq!(approved["asked_by"], Value::Null);
    tour.note(shop.delete(&place).await).no_content();
}

async fn operators(tour: &mut Tour, shop: &TestShop) {
    let mia = json!({"email": "mia@shop.example", "role": "support"});
    let mia = tour.note(shop.post("/v1/operators", mia).await).created();
    let place = path("/v1/operators", &mia["id"]);
    let login = json!({"email": "mia@shop.example", "password": mia["password"], "shop": shop.id});
    assert_eq!(tour.note(shop.anonymous().post("/v1/operators/token", login).await).ok()["role"], "support");
    assert_eq!(tour.note(shop.get("/v1/operators").await).ok()["data"][0]["id"], mia["id"]);
    assert_eq!(tour.note(shop.get(&place).await).ok()["disabled"], false);
    assert_eq!(tour.note(shop.patch(&place, json!({"role": "viewer"})).await).ok()["role"], "viewer");
    tour.note(shop.delete(&place).await).no_content();
}

async fn settings_and_customers(tour: &mut Tour, shop: &TestShop) {
    let etag = tour.note(shop.get("/v1/shop").await).etag();
    let changes = json!({"home_url": "https://shop.example/", "grant_approval_above": 2000, "placements": ["footer"]});
    tour.note(shop.patch("/v1/shop", changes).if_match(&etag).await).ok();
    for name in ["anna", "ben", "cleo"] {
        let customer =
            json!({"email": format!("{name}@mail.example"), "first_name": name, "attributes": {"vip": true}});
        tour.note(shop.put(&format!("/v1/customers/{name}"), customer).await).created();
    }
    assert_eq!(tour.note(shop.get("/v1/customers/anna").await).ok()["first_name"], "anna");
    assert_eq!(elements(&tour.note(shop.get("/v1/customers").await).ok()["data"]).len(), 3);
    shop.put("/v1/customers/ben-2", json!({})).await.created();
    let same = json!({"from": "ben-2", "reason": "the same person"});
    let asked = json!({"email": "BEN@mail.example"});
    let found = tour.note(shop.post("/v1/customers/lookup", asked).without("idempotency-key").await).ok();
    assert_eq!(found["customers"][0]["external_id"], "ben");
    assert!(!elements(&tour.note(shop.get("/v1/customers/ben/timeline").await).ok()["data"]).is_empty());
    assert_eq!(tour.note(shop.post("/v1/customers/ben/merge", same).await).ok()["external_id"], "ben");
    let guest = shop.put("/v1/customers/guest", json!({"first_name": "Gerd"})).await.created();
    let export = tour.note(shop.get("/v1/customers/guest/export").await).ok();
    assert_eq!(export["customer"]["id"], guest["id"]);
    assert_eq!(tour.note(shop.delete("/v1/customers/guest").await).accepted()["kind"], "erasure");
}

/// A program that pays the friend at once and both after the wait.
async fn programs(tour: &mut Tour, shop: &TestShop) -> Value {
    let program = json!({
        "name": "Weitersagen", "landing_url": "https://shop.example/welcome", "budget": {"amount": 100_000},
        "rewards": [{"to": "friend", "on": "referral", "kind": "amount_off", "amount": 300},
                    {"to": "advocate", "on": "conversion", "kind": "gift_card", "amount": 1000},
                    {"to": "friend", "on": "conversion", "kind": "percent_off", "rate_bps": 1000, "max_amount": 500}]});
    let made = tour.note(shop.post("/v1/programs", program.clone()).await);
    let (etag, made) = (made.etag(), made.created());
    let place = path("/v1/programs", &made["id"]);
    tour.note(shop.patch(&place, json!({"pending_days": 14})).if_match(&etag).await).ok();
    for (verb, status) in [("activate", "active"), ("pause", "paused"), ("activate", "active")] {
        let answer = tour.note(shop.post(&format!("{place}/{verb}"), json!({})).await).ok();
        assert_eq!(answer["status"], status);
    }
    let other = shop.program(json!({"name": "Vorbei"})).await;
    tour.note(shop.post(&format!("{}/end", path("/v1/programs", &other["id"])), json!({})).await).ok();
    assert_eq!(elements(&tour.note(shop.get("/v1/programs").await).ok()["data"]).len(), 2);
    tour.note(shop.get(&place).await).ok()
}

async fn codes_and_channels(tour: &mut Tour, shop: &TestShop, program: &Value) {
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    let code = tour.note(shop.post(&codes, json!({"customer": "anna", "code": "ANNA-2026"})).await).created();
    assert_eq!(tour.note(shop.get("/v1/codes/anna2026").await).ok()["id"], code["id"]);
    assert!(elements(&tour.note(shop.get("/v1/channels").await).ok()["data"]).len() > 20);
    let channel = json!({"name": "Mastodon", "private": false});
    assert_eq!(tour.note(shop.put("/v1/channels/mastodon", channel).await).created()["private"], false);
    let address = code["url"].as_str().and_then(|url| url.find("/c/").map(|at| &url[at..])).expect("a link").to_owned();
    tour.note(shop.anonymous().head(&address).await).found();
    tour.note(shop.anonymous().get(&address).header("user-agent", PERSON).await).found();
}

/// Anna's share; answers its token.
async fn shares(tour: &mut Tour, shop: &TestShop, program: &Value) -> String {
    let share = json!({"program": program["id"], "customer": "anna", "channel": "whatsapp"});
    let share = tour.note(shop.post("/v1/shares", share).await).created();
    let place = path("/v1/shares", &share["id"]);
    assert_eq!(tour.note(shop.get(&place).await).ok()["status"], "made");
    assert_eq!(tour.note(shop.get(&format!("{place}/tree")).await).ok()["size"], 1);
    assert!(tour.note(shop.get(&format!("{place}/qr.svg")).await).text().contains("<svg"));
    assert!(tour.note(shop.get(&format!("{place}/qr.png")).await).bytes().starts_with(b"\x89PNG"));
    let nobodys = json!({"program": program["id"], "channels": ["email", "mastodon"]});
    let nobodys = tour.note(shop.post("/v1/shares", nobodys).await).created();
    let adoption = format!("{}/adopt", path("/v1/shares", &nobodys["data"][0]["id"]));
    assert_eq!(tour.note(shop.post(&adoption, json!({"customer": "anna"})).await).ok()["customer"], "anna");
    assert!(elements(&tour.note(shop.get("/v1/shares?channel=whatsapp").await).ok()["data"]).len() == 1);
    assert!(elements(&tour.note(shop.get("/v1/customers/anna/shares").await).ok()["data"]).len() >= 2);
    share["token"].as_str().expect("a token").to_owned()
}

/// How people came to the shop's pages, told by the shop and by a page of it.
async fn arrivals(tour: &mut Tour, shop: &TestShop) {
    let views = json!({"data": [{"path": "/mug", "referrer": "none", "tagged": false}]});
    let told = shop.post("/v1/pageviews", views.clone()).without("idempotency-key").await;
    assert_eq!(tour.note(told).accepted()["counted"], 1);
    let read = shop.get("/v1/shop").await;
    let origins = json!({"browser_origins": ["https://shop.example"]});
    let changed = shop.patch("/v1/shop", origins).if_match(&read.etag()).await.ok();
    let place = format!("/v1/shops/{}/pageviews", text(&changed["slug"]));
    let told = shop.anonymous().post(&place, views).without("idempotency-key").header("origin", "https://shop.example");
    assert_eq!(tour.note(told.await).accepted()["counted"], 1);
    assert_eq!(tour.note(shop.get("/v1/reports/dark").await).ok()["totals"]["suspected"], 2);
}

const PERSON: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
const ROBOT: &str = "WhatsApp/2.23.20.0 A";

async fn links(tour: &mut Tour, shop: &TestShop, token: &str) {
    let (link, stranger) = (format!("/s/{token}"), shop.anonymous());
    tour.note(stranger.head(&link).header("user-agent", PERSON).await).found();
    let landing = tour.note(stranger.get(&link).header("user-agent", PERSON).await);
    assert!(landing.found().starts_with("https://shop.example/welcome?"), "{landing:?}");
    let preview = tour.note(stranger.get(&link).header("user-agent", ROBOT).await);
    assert!(preview.text().contains("og:title"), "{preview:?}");
    assert!(tour.note(stranger.get("/").await).text().contains("recommendation"));
    assert!(tour.note(stranger.get("/robots.txt").await).text().contains("Allow: /s/"));
    tour.note(stranger.get("/favicon.ico").await).no_content();
}

async fn referrals(tour: &mut Tour, shop: &TestShop, token: &str) {
    let evidence = json!({"token": token});
    let check = tour.note(shop.post("/v1/referrals/check", json!({"friend": "cleo", "evidence": evidence})).await).ok();
    assert_eq!(check["valid"], true, "{check}");
    let made = tour.note(shop.post("/v1/referrals", json!({"friend": "cleo", "evidence": evidence})).await).created();
    assert_eq!(tour.note(shop.get(&path("/v1/referrals", &made["id"])).await).ok()["advocate"], "anna");
    assert_eq!(elements(&tour.note(shop.get("/v1/referrals").await).ok()["data"]).len(), 1);
}

async fn orders_and_rewards(tour: &mut Tour, shop: &TestShop, token: &str) {
    let order =
        json!({"order_id": "A/1", "customer": "ben", "amount": 4990, "currency": "EUR", "evidence": {"token": token}});
    let order = tour.note(shop.post("/v1/conversions", order).await).created();
    assert_eq!(tour.note(shop.get("/v1/conversions/A%2F1").await).ok()["id"], order["id"]);
    assert_eq!(elements(&tour.note(shop.get("/v1/conversions").await).ok()["data"]).len(), 1);
    let (card, percent) = (&order["rewards"][0]["id"], &order["rewards"][1]["id"]);
    assert_eq!(tour.note(shop.get(&path("/v1/rewards", card)).await).ok()["status"], "pending");
    assert_eq!(elements(&tour.note(shop.get("/v1/rewards?order_id=A%2F1").await).ok()["data"]).len(), 2);
    assert_eq!(elements(&tour.note(shop.get("/v1/customers/anna/rewards").await).ok()["data"]).len(), 1);
    let approval = shop.post(&format!("{}/approve", path("/v1/rewards", card)), json!({"reason": "well known"}));
    assert_eq!(tour.note(approval.await).ok()["status"], "issued");
    let voiding = shop.post(&format!("{}/void", path("/v1/rewards", percent)), json!({"reason": "a test"}));
    assert_eq!(tour.note(voiding.await).ok()["status"], "voided");
    let mug = json!({"customer": "anna", "reward": {"kind": "free_product", "sku": "mug", "cost_amount": 400}, "reason": "thanks"});
    let mug = path("/v1/rewards", &shop.post("/v1/grants", mug).await.created()["reward_id"]);
    let handed = tour.note(shop.post(&format!("{mug}/fulfil"), json!({"reference": "P-1"})).await).ok();
    assert_eq!(handed["status"], "issued");
    lives_of_orders(tour, shop, token).await;
}

/// What becomes of orders: paid, delivered, cleared and approved; changed, credited to another and
/// rejected; sent back; cancelled.
async fn lives_of_orders(tour: &mut Tour, shop: &TestShop, token: &str) {
    let program = shop.get("/v1/programs").await.ok()["data"][0]["id"].clone();
    for (id, steps) in [
        ("B/1", vec![("paid", "pending"), ("delivered", "pending"), ("clear", "pending"), ("approve", "approved")]),
        ("B/2", vec![("attribute", "unpaid"), ("reject", "rejected")]),
        ("B/3", vec![("refunds", "reversed")]),
        ("B/4", vec![("cancelled", "cancelled")]),
    ] {
        let friend = format!("friend-{}", &id[2..]);
        shop.customer(&friend).await;
        let order = json!({"order_id": id, "customer": friend, "amount": 4990, "currency": "EUR", "paid": false,
            "evidence": {"token": token}});
        shop.post("/v1/conversions", order).await.created();
        let place = format!("/v1/conversions/{}", id.replace('/', "%2F"));
        let changed = tour.note(shop.patch(&place, json!({"amount": 5000})).await).ok();
        assert_eq!((&changed["amount"], &changed["status"]), (&json!(5000), &json!("unpaid")));
        for (step, status) in steps {
            let body = match step {
                "attribute" => json!({"advocate": "friend-1", "program": program, "reason": "she wrote to us"}),
                "refunds" => json!({"refund_id": "R-1", "kind": "withdrawal"}),
                "paid" | "delivered" | "cancelled" => json!({}),
                _ => json!({"reason": "looked into it"}),
            };
            let answer = tour.note(shop.post(&format!("{place}/{step}"), body).await);
            assert_eq!(answer.json()["status"], status, "{answer:?}");
        }
    }
}

/// Two that are above the limit of 20.00, one below it.
async fn grants(tour: &mut Tour, shop: &TestShop) {
    let (mia, max) = (shop.operator("support").await, shop.operator("manager").await);
    let grant = |amount: i64| {
        let reward = json!({"kind": "store_credit", "amount": amount});
        mia.post("/v1/grants", json!({"customer": "ben", "reward": reward, "reason": "late parcel"}))
    };
    assert_eq!(tour.note(grant(500).await).created()["status"], "given");
    for (verb, status) in [("approve", "given"), ("reject", "rejected")] {
        let asked = tour.note(grant(3000).await).created();
        let place = path("/v1/grants", &asked["id"]);
        assert_eq!(tour.note(shop.get(&place).await).ok()["status"], "pending_approval");
        let decision = max.post(&format!("{place}/{verb}"), json!({"reason": "looked into it"}));
        assert_eq!(tour.note(decision.await).ok()["status"], status);
    }
    assert_eq!(elements(&tour.note(shop.get("/v1/grants?customer=ben").await).ok()["data"]).len(), 3);
    assert_eq!(tour.note(shop.get("/v1/customers/ben/balance").await).ok()["balance"], 3500);
    assert!(!elements(&tour.note(shop.get("/v1/customers/ben/entries").await).ok()["data"]).is_empty());
}

/// Vouchers that the shop makes; answers the code of one that is good twice.
/// An offer for a group that comes by a link, and a segment.
async fn offers(tour: &mut Tour, shop: &TestShop, program: &Value, token: &str) {
    assert!(!elements(&tour.note(shop.get("/v1/offers/facts").await).ok()["data"]).is_empty());
    tour.note(shop.put("/v1/segments/choir", json!({"condition": "customer.orders > 3"})).await).created();
    assert_eq!(tour.note(shop.get("/v1/segments").await).ok()["data"][0]["key"], "choir");
    assert_eq!(tour.note(shop.get("/v1/segments/choir").await).ok()["name"], "choir");
    tour.note(shop.put("/v1/segments/choir/members/cleo", json!({})).await).created();
    assert_eq!(tour.note(shop.get("/v1/segments/choir/members").await).ok()["data"][0]["customer"], "cleo");
    let offer = json!({
        "name": "Choir", "program": program["id"], "kind": "group", "group": {"places": 5}, "targeting": {"segments": ["choir"]},
        "reward": {"kind": "amount_off", "amount": 500}, "conditions": [{"code": "private", "expression": "arrival.private"}],
    });
    let made = tour.note(shop.post("/v1/offers", offer).await);
    let (etag, offer) = (made.etag(), made.created());
    let place = path("/v1/offers", &offer["id"]);
    tour.note(shop.patch(&place, json!({"capacity": 9})).if_match(&etag).await).ok();
    for (verb, status) in [("activate", "active"), ("pause", "paused"), ("activate", "active")] {
        assert_eq!(tour.note(shop.post(&format!("{place}/{verb}"), json!({})).await).ok()["status"], status);
    }
    assert_eq!(tour.note(shop.get(&place).await).ok()["capacity"], 9);
    assert_eq!(tour.note(shop.get("/v1/offers").await).ok()["data"][0]["id"], offer["id"]);
    let tried = json!({"program": program["id"], "conditions": [{"code": "new", "expression": "customer.is_new"}]});
    assert_eq!(tour.note(shop.post("/v1/offers/backtest", tried).await).ok()["before"], json!(null));
    tour.note(shop.post(&format!("{place}/backtest"), json!({"days": 7})).await).ok();
    let ask = json!({"customer": "cleo", "evidence": {"token": token}});
    assert_eq!(tour.note(shop.post(&format!("{place}/check"), ask.clone()).await).ok()["eligible"], true);
    let claim = tour.note(shop.post(&format!("{place}/claims"), ask.clone()).await).created();
    assert_eq!(tour.note(shop.get(&path("/v1/claims", &claim["id"])).await).ok()["customer"], "cleo");
    assert_eq!(tour.note(shop.get("/v1/claims").await).ok()["data"][0]["id"], claim["id"]);
    assert!(elements(&tour.note(shop.get(&format!("{place}/passes")).await).ok()["data"]).is_empty());
    let group = format!("groups/{}", text(&claim["share"]));
    assert_eq!(tour.note(shop.get(&format!("{place}/{group}")).await).ok()["claimed"], 1);
    let place = path("/v1/me/offers", &offer["id"]);
    let (cleo, anna) = (shop.browser("cleo").await, shop.browser("anna").await);
    let own = json!({"evidence": {"token": token}});
    assert_eq!(tour.note(cleo.post(&format!("{place}/check"), own.clone()).await).ok()["near_miss"], "per_customer");
    assert_eq!(tour.note(cleo.post(&format!("{place}/claims"), own).await).ok()["id"], claim["id"]);
    assert_eq!(tour.note(cleo.get("/v1/me/claims").await).ok()["data"][0]["id"], claim["id"]);
    assert_eq!(tour.note(anna.get(&format!("{place}/{group}")).await).ok()["claimed"], 1);
    tour.note(shop.delete("/v1/segments/choir/members/cleo").await).no_content();
    assert_eq!(
        tour.note(shop.post(&format!("{}/end", path("/v1/offers", &offer["id"])), json!({})).await).ok()["status"],
        "ended"
    );
}

async fn vouchers(tour: &mut Tour, shop: &TestShop) -> String {
    let voucher =
        json!({"kind": "amount_off", "amount": 500, "currency": "EUR", "max_redemptions": 2, "customer": "ben"});
    let made = tour.note(shop.post("/v1/vouchers", voucher.clone()).await);
    let (etag, made) = (made.etag(), made.created());
    let place = path("/v1/vouchers", &made["id"]);
    tour.note(shop.patch(&place, json!({"min_order_amount": 1000})).if_match(&etag).await).ok();
    assert_eq!(tour.note(shop.get(&place).await).ok()["min_order_amount"], 1000);
    assert_eq!(tour.note(shop.post("/v1/vouchers/lookup", json!({"code": made["code"]})).await).ok()["id"], made["id"]);
    let (one, other) = (shop.operator("manager").await, shop.operator("manager").await);
    let large = one.post("/v1/vouchers", json!({"kind": "gift_card", "amount": 9000})).await.created();
    let approve = format!("{}/approve", path("/v1/vouchers", &large["id"]));
    assert_eq!(tour.note(other.post(&approve, json!({})).await).ok()["status"], "active");
    let other = shop.post("/v1/vouchers", voucher).await.created();
    let voiding = shop.post(&format!("{}/void", path("/v1/vouchers", &other["id"])), json!({"reason": "a test"}));
    assert_eq!(tour.note(voiding.await).ok()["status"], "void");
    let lost = shop.post("/v1/vouchers", json!({"kind": "gift_card", "amount": 500})).await.created();
    let place = path("/v1/vouchers", &lost["id"]);
    let new = tour.note(shop.post(&format!("{place}/replace"), json!({"reason": "a test"})).await).created();
    let place = format!("{}/reveal", path("/v1/vouchers", &new["id"]));
    assert_eq!(tour.note(shop.post(&place, json!({"reason": "a test"})).await).ok()["code"], new["code"]);
    assert!(elements(&tour.note(shop.get("/v1/vouchers").await).ok()["data"]).len() >= 3);
    assert!(!elements(&tour.note(shop.get("/v1/customers/ben/vouchers").await).ok()["data"]).is_empty());
    made["code"].as_str().expect("a code").to_owned()
}

async fn announcements(tour: &mut Tour, shop: &TestShop) {
    let (one, other) = (shop.operator("manager").await, shop.operator("manager").await);
    let words = json!({"de": {"subject": "Umzug", "text": "Wir sind umgezogen."}});
    allow(shop, &["one@mail.example", "other@mail.example"]).await;
    for id in ["one", "other"] {
        let customer = json!({"email": format!("{id}@mail.example")});
        shop.put(&format!("/v1/customers/told-{id}"), customer).await.created();
    }
    let body = json!({"kind": "service", "audience": {"customers": ["told-one", "told-other"]}, "content": words});
    let written = tour.note(one.post("/v1/announcements", body).await).created();
    let place = path("/v1/announcements", &written["id"]);
    let at = |verb: &str| format!("{place}/{verb}");
    let slow = tour.note(one.patch(&place, json!({"per_hour": 1})).if_match("\"1\"").await).ok();
    assert_eq!(slow["revision"], 2);
    while tour.note(one.post(&at("rehearse"), json!({})).await).status() == 202 {}
    assert_eq!(tour.note(other.post(&at("approve"), json!({})).await).ok()["status"], "approved");
    assert_eq!(tour.note(one.post(&at("send"), json!({})).await).ok()["status"], "sending");
    shop.server().settle_announcements().await;
    for (verb, status) in [("pause", "paused"), ("resume", "sending"), ("stop", "stopped")] {
        assert_eq!(tour.note(one.post(&at(verb), json!({})).await).ok()["status"], status);
    }
    let over = tour.note(shop.get(&place).await).ok();
    assert!(over["reached"]["told"].as_i64().is_some_and(|told| told >= 1), "{over}");
    assert!(tour.note(shop.get(&at("proof.csv")).await).text().lines().count() >= 2);
    assert_eq!(elements(&tour.note(shop.get("/v1/announcements").await).ok()["data"]).len(), 1);
}

async fn batches(tour: &mut Tour, shop: &TestShop) {
    let batch = |actor: &Actor, count: u64| {
        actor.post("/v1/voucher_batches", json!({"name": "Flyer", "count": count, "kind": "amount_off", "amount": 500}))
    };
    let (one, other) = (shop.operator("manager").await, shop.operator("manager").await);
    let large = tour.note(batch(&one, 100).await).accepted();
    let place = path("/v1/voucher_batches", &large["id"]);
    let approve = format!("{place}/approve");
    assert_eq!(tour.note(other.post(&approve, json!({})).await).ok()["status"], "making");
    let cancelled = batch(&one, 100).await.accepted();
    let cancel = format!("{}/cancel", path("/v1/voucher_batches", &cancelled["id"]));
    assert_eq!(tour.note(one.post(&cancel, json!({})).await).ok()["status"], "cancelled");
    shop.server().settle_jobs().await;
    assert_eq!(tour.note(shop.get(&place).await).ok()["made"], 100);
    assert_eq!(tour.note(shop.get(&format!("{place}/export.csv")).await).text().lines().count(), 101);
    let voiding = shop.post(&format!("{place}/void"), json!({"reason": "a test"}));
    assert_eq!(tour.note(voiding.await).ok()["status"], "void");
    let file = |place: &str, text: &str| shop.post(place, json!({})).raw(text).header("content-type", "text/csv");
    let listed = "/v1/voucher_batches/for_customers?name=Regulars&kind=amount_off&amount=500";
    assert_eq!(tour.note(file(listed, "customer\nben\n").await).accepted()["bound"], true);
    let import = file("/v1/voucher_batches/import?name=Old", "code,kind,amount\nFLYER-2020,amount_off,500\n");
    assert!(tour.note(import.await).accepted()["batch"].is_string());
    assert_eq!(elements(&tour.note(shop.get("/v1/voucher_batches").await).ok()["data"]).len(), 4);
    let cart = json!({"customer": "ben", "currency": "EUR", "amount": 4990});
    let applicable = tour.note(shop.post("/v1/vouchers/applicable", cart).await).ok();
    assert_eq!(applicable["data"][0]["valid"], true, "{applicable}");
    shop.server().settle_jobs().await;
}

/// Two passes for an event that begins within the hour.
async fn passes(tour: &mut Tour, shop: &TestShop) {
    let soon = |minutes: i64| (chrono::Utc::now() + chrono::Duration::minutes(minutes)).to_rfc3339();
    let event =
        |minutes: i64| json!({"name": "Tasting", "starts_at": soon(minutes), "time_zone": "UTC", "place": "Cellar"});
    let reward = json!({"kind": "event_pass", "event": event(30), "cost_amount": 100});
    for _ in 0..2 {
        shop.post("/v1/grants", json!({"customer": "anna", "reward": reward, "reason": "thanks"})).await.created();
    }
    let made = elements(&tour.note(shop.get("/v1/passes?event=tasting").await).ok()["data"]);
    assert_eq!(elements(&tour.note(shop.get("/v1/passes/keys").await).ok()["keys"]).len(), 1);
    let [one, other] = [0, 1].map(|index| path("/v1/passes", &made[index]["id"]));
    let etag = tour.note(shop.get(&one).await).etag();
    tour.note(shop.patch(&one, json!({"event": event(40)})).if_match(&etag).await).ok();
    tour.note(shop.post(&format!("{one}/admit"), json!({"gate": "north"})).await).ok();
    let code = shop.get(&other).await.ok()["code"].clone();
    tour.note(shop.post("/v1/passes/admit", json!({"code": code, "gate": "north"})).await).ok();
}

async fn checkout(tour: &mut Tour, shop: &TestShop, code: &str) {
    let cart = json!({"codes": [code], "store_credit": 1000, "customer": "ben", "order_id": "A/2", "currency": "EUR",
                      "amount": 4990, "shipping_amount": 490, "items": [{"id": "1", "sku": "mug", "quantity": 1, "amount": 4990}]});
    let hold = tour.note(shop.post("/v1/holds", cart.clone()).await).created();
    assert_eq!(tour.note(shop.get("/v1/holds?order_id=A%2F2").await).ok()["data"], json!([hold]));
    assert_eq!(tour.note(shop.get(&path("/v1/holds", &hold["id"])).await).ok()["status"], "held");
    tour.note(shop.delete(&path("/v1/holds", &hold["id"])).await).no_content();
    let check = tour.note(shop.post("/v1/vouchers/check", cart.clone()).await).ok();
    assert_eq!((&check["valid"], &check["payable"]), (&json!(true), &json!(3980)), "{check}");
    let redeemed = tour.note(shop.post("/v1/redemptions", cart).await).created();
    assert_eq!(redeemed["payable"], 3980);
    let place = path("/v1/redemptions", &redeemed["id"]);
    assert_eq!(tour.note(shop.get(&place).await).ok()["status"], "redeemed");
    assert_eq!(elements(&tour.note(shop.get("/v1/redemptions?order_id=A%2F2").await).ok()["data"]).len(), 1);
    let reversal = json!({"reversal_id": "S/1", "reason": "payment failed"});
    let reversed = tour.note(shop.post(&format!("{place}/reversals"), reversal).await).created();
    assert_eq!(reversed["redemption_status"], "reversed");
}

/// A file of which one line cannot be.
async fn imports(tour: &mut Tour, shop: &TestShop) {
    let job =
        tour.note(shop.import("customers", "external_id\nzoe\ncus_01kaskqz3m0d2w9xk7y5hd1v8r\n").await).accepted();
    shop.server().settle_jobs().await;
    let place = path("/v1/jobs", &job["id"]);
    let done = tour.note(shop.get(&place).await).ok();
    assert_eq!((&done["status"], &done["done"], &done["refused"]), (&json!("finished"), &json!(2), &json!(1)));
    assert!(!elements(&tour.note(shop.get("/v1/jobs").await).ok()["data"]).is_empty());
    assert!(tour.note(shop.get(&format!("{place}/errors")).await).text().contains("invalid_field"));
}

/// What Ben sees of himself.
async fn browsers(tour: &mut Tour, shop: &TestShop, program: &Value) {
    let token = tour.note(shop.post("/v1/customers/ben/tokens", json!({"expires_in": 600})).await).ok();
    let ben = Actor::bearer(shop.base(), token["access_token"].as_str().expect("a token"));
    assert_eq!(tour.note(ben.get("/v1/me").await).ok()["customer"], "ben");
    let share = json!({"program": program["id"], "channel": "signal"});
    let share = tour.note(ben.post("/v1/me/shares", share).await).created();
    assert_eq!(tour.note(ben.get("/v1/me/shares?channel=signal").await).ok()["data"][0]["id"], share["id"]);
    let code = tour.note(ben.post("/v1/me/code", json!({"program": program["id"]})).await).created();
    let place = format!("/v1/me/code?program={}", program["slug"].as_str().expect("a slug"));
    assert_eq!(tour.note(ben.get(&place).await).ok()["code"], code["code"]);
    let place = format!("/v1/me/summary?program={}", program["slug"].as_str().expect("a slug"));
    assert_eq!(tour.note(ben.get(&place).await).ok()["code"], code["code"]);
    assert!(!elements(&tour.note(ben.get("/v1/me/rewards").await).ok()["data"]).is_empty());
    assert!(elements(&tour.note(ben.get("/v1/me/referrals").await).ok()["data"]).is_empty());
    assert!(!elements(&tour.note(ben.get("/v1/me/vouchers").await).ok()["data"]).is_empty());
    assert_eq!(tour.note(ben.get("/v1/me/balance").await).ok()["balance"], 3500);
}

async fn records(tour: &mut Tour, shop: &TestShop) {
    tour.note(shop.post("/v1/test/clock", json!({"advance_days": 31})).await).ok();
    let message = tour.note(shop.get("/v1/messages").await).ok()["data"][0].clone();
    let place = path("/v1/messages", &message["id"]);
    assert_eq!(tour.note(shop.get(&place).await).ok()["status"], "suppressed");
    tour.note(shop.post(&format!("{place}/resend"), json!({"to": "current"})).await).created();
    let id = text(&message["id"]).parse().expect("an id");
    let button = format!("/u/{}", unsubscribe::token(&shop.server().app.installation.vault, id));
    assert!(tour.note(shop.anonymous().get(&button).await).text().contains("<button"));
    let press = shop.anonymous().ask(reqwest::Method::POST, &button).raw("List-Unsubscribe=One-Click");
    let pressed = tour.note(press.header("content-type", "application/x-www-form-urlencoded").await);
    assert_eq!(pressed.status(), 200);
    shop.put("/v1/customers/mila", json!({"email": "mila@mail.example"})).await.created();
    let question = tour.note(shop.post("/v1/customers/mila/ask_consent", json!({})).await).created();
    let id = text(&question["id"]).parse().expect("an id");
    let button = format!("/y/{}", confirm_consent::token(&shop.server().app.installation.vault, id));
    assert!(tour.note(shop.anonymous().get(&button).await).text().contains("<button"));
    let press = shop.anonymous().ask(reqwest::Method::POST, &button).raw("Confirm=Yes");
    tour.note(press.header("content-type", "application/x-www-form-urlencoded").await);
    let place = format!("/v1/templates/{}/de", text(&message["kind"]));
    let words = tour.note(shop.get(&place).await).ok();
    let words = json!({"subject": words["subject"], "text": words["text"], "html": words["html"]});
    tour.note(shop.put(&place, words).await).created();
    let tried = json!({"message": message["id"]});
    tour.note(shop.post(&format!("{place}/preview"), tried).await).ok();
    assert_eq!(tour.note(shop.get("/v1/templates").await).ok()["data"][0]["is_own"], true);
    tour.note(shop.delete(&place).await).no_content();
    let back = tour.note(came_back(shop, "yara").await).ok();
    assert_eq!(back["outcome"], "suppressed");
    let suppressed = tour.note(shop.get("/v1/suppressions").await).ok()["data"][0].clone();
    tour.note(shop.delete(&path("/v1/suppressions", &suppressed["id"])).await).no_content();
    let events = elements(&tour.note(shop.get("/v1/events?limit=200").await).ok()["data"]);
    for (index, event) in events.iter().enumerate() {
        assert_eq!(event["seq"], index + 1, "{event}");
    }
    let audit = elements(&tour.note(shop.get("/v1/audit_log").await).ok()["data"]);
    assert!(audit.iter().any(|line| line["action"] == "void_voucher"), "{audit:?}");
    for report in ["funnel", "channels", "placements", "cycle", "cohorts", "budget", "offers", "liability"] {
        tour.note(shop.get(&format!("/v1/reports/{report}")).await).ok();
    }
    let program = text(&shop.list("/v1/programs").await[0]["id"]);
    for report in ["advocates", "lift"] {
        tour.note(shop.get(&format!("/v1/reports/{report}?program={program}")).await).ok();
    }
    let mut audit = tour.note(shop.get("/v1/ledger/audit").await);
    while audit.status() == 202 {
        audit = tour.note(shop.get("/v1/ledger/audit").await);
    }
    assert_eq!(audit.ok()["ok"], true);
}

async fn webhooks(tour: &mut Tour, shop: &TestShop) {
    let consumer = "/v1/event_consumers/tour";
    tour.note(shop.put(consumer, json!({"after": 1})).await).created();
    assert_eq!(tour.note(shop.get(consumer).await).ok()["after"], 1);
    tour.note(shop.delete(consumer).await).no_content();
    let proof = tour.note(shop.get("/v1/events/proof?day=2020-01-01").await).ok();
    assert_eq!(proof["count"], 0);
    let endpoint = json!({"url": "http://127.0.0.1:1/", "events": ["guessing"]});
    let endpoint = tour.note(shop.post("/v1/webhook_endpoints", endpoint).await).created();
    let account = json!({"property": "G-ABC123DEF4", "secret": "hush", "url": "http://127.0.0.1:9"});
    let account = tour.note(shop.put("/v1/analytics/ga4", account).await).created();
    assert_eq!(tour.note(shop.get("/v1/analytics/ga4").await).ok()["id"], account["id"]);
    tour.note(shop.post("/v1/analytics/ga4/test", json!({})).await).accepted();
    tour.note(shop.delete("/v1/analytics/ga4").await).no_content();
    let place = path("/v1/webhook_endpoints", &endpoint["id"]);
    assert_eq!(tour.note(shop.get("/v1/webhook_endpoints").await).ok()["data"][0]["id"], endpoint["id"]);
    assert_eq!(tour.note(shop.patch(&place, json!({"order": "fifo"})).await).ok()["order"], "fifo");
    assert_eq!(tour.note(shop.get(&place).await).ok()["status"], "enabled");
    tour.note(shop.post(&format!("{place}/enable"), json!({})).await).ok();
    tour.note(shop.post(&format!("{place}/rotate_secret"), json!({})).await).ok();
    tour.note(shop.post(&format!("{place}/replay"), json!({"from_seq": 1})).await).accepted();
    let test = tour.note(shop.post(&format!("{place}/test"), json!({})).await).accepted();
    let delivery = path("/v1/deliveries", &test["id"]);
    assert_eq!(tour.note(shop.get(&delivery).await).ok()["type"], "endpoint.test");
    tour.note(shop.post(&format!("{delivery}/redeliver"), json!({})).await).accepted();
    assert_eq!(tour.note(shop.get("/v1/deliveries").await).ok()["data"][0]["id"], test["id"]);
    assert_eq!(tour.note(shop.get(&format!("{place}/deliveries")).await).ok()["data"][0]["id"], test["id"]);
    tour.note(shop.delete(&place).await).no_content();
}

async fn every_code_has_a_page(shop: TestShop) {
    for code in Code::ALL {
        let page = shop.anonymous().get(&format!("/docs/errors/{}", code.as_str())).await;
        assert!(page.text().contains(code.title()), "{page:?}");
    }
    let unknown = shop.anonymous().get("/docs/errors/no_such_code").await;
    assert!(unknown.status() == 404 && unknown.text().contains("<html"), "{unknown:?}");
}
