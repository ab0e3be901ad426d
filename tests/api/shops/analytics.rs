//! Analytics: what they are told of orders, of whom they are told nothing, and what becomes of what they do not take.

use grapevine::store::connection::Use;

use crate::support::hooks::{Hook, Hooks, Manner};
use crate::support::server::own;
use crate::support::*;

on_both!(
    ga4_is_told_of_an_order_and_of_what_came_back,
    plausible_and_matomo_say_what_they_left_aside,
    what_is_not_taken_is_tried_again_and_given_up_alone,
    nothing_is_told_of_before_and_nothing_behind_its_end,
    what_cannot_be_an_account_is_refused,
);

const COLLECT: &str = "/mp/collect?measurement_id=G-ABC1&api_secret=hush";

async fn order(actor: &Actor, order_id: &str, share: &Value, consent: bool) -> Value {
    let analytics = json!({"consent": consent, "ga_client_id": "GA1.1.77.88", "ga_session_id": "GS2.1.s99$o1",
                           "matomo_visitor_id": "0123456789abcdef"});
    let order = json!({"order_id": order_id, "customer_details": {"email": format!("{order_id}@mail.example")},
        "amount": 4990, "currency": "EUR", "items": [{"id": "1", "sku": "mug", "quantity": 2, "amount": 4990}],
        "evidence": {"token": share["token"]}, "analytics": analytics});
    actor.post("/v1/conversions", order).await.created()
}

async fn shared(shop: &TestShop) -> Value {
    let program = shop.program(json!({"pending_days": 0})).await;
    shop.share(&program, "anna").await
}

async fn ga4(actor: &Actor, hooks: &Hooks) -> Value {
    let body = json!({"property": "G-ABC1", "secret": "hush", "url": hooks.url("")});
    actor.put("/v1/analytics/ga4", body).await.created()
}

/// What Google's documents say that an event must be (Measurement Protocol: limitations, validation).
fn as_google_takes_it(hook: &Hook) -> Value {
    let told = hook.json();
    let name = |text: &str| {
        text.len() <= 40
            && text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && !["_", "firebase_", "ga_", "google_", "gtag."].iter().any(|reserved| text.starts_with(reserved))
    };
    let events = elements(&told["events"]);
    assert!(hook.body.len() < 130_000 && (1..=25).contains(&events.len()), "{hook:?}");
    let (first, second) = told["client_id"].as_str().and_then(|id| id.split_once('.')).expect("a client");
    assert!(first.parse::<u64>().is_ok() && second.parse::<u64>().is_ok(), "{told}");
    let now = chrono::Utc::now().timestamp_micros();
    let at = told["timestamp_micros"].as_i64().expect("an instant");
    assert!(at <= now + 5_000_000 && at > now - 72 * 3_600 * 1_000_000, "{at} at {now}");
    for event in events {
        assert!(name(&text(&event["name"])), "{event}");
        let params = event["params"].as_object().cloned().expect("parameters");
        assert!(params.len() <= 25, "{event}");
        for (param, value) in params {
            assert!(name(&param), "{param}");
            assert!(value.as_str().is_none_or(|text| text.chars().count() <= 100), "{param}: {value}");
        }
        if ["purchase", "refund"].iter().any(|one| event["name"] == *one) {
            for needed in ["transaction_id", "currency", "value"] {
                assert!(!event["params"][needed].is_null(), "{needed}: {event}");
            }
        }
    }
    told
}

async fn ga4_is_told_of_an_order_and_of_what_came_back(shop: TestShop) {
    let hooks = Hooks::start().await;
    let share = shared(&shop).await;
    let made = ga4(&shop, &hooks).await;
    assert_eq!((&made["has_secret"], &made["secret"]), (&json!(true), &Value::Null));
    order(&shop, "A-1", &share, true).await;
    order(&shop, "A-2", &share, false).await;
    shop.post("/v1/conversions", json!({"order_id": "A-3", "customer": "zoe", "amount": 100, "currency": "EUR"}))
        .await
        .created();
    let refund = json!({"refund_id": "r-1", "kind": "refund", "amount": 990});
    shop.post("/v1/conversions/A-1/refunds", refund).await.created();
    shop.post("/v1/conversions/A-2/cancelled", json!({})).await.ok();
    let arrived = hooks.wait_for(COLLECT, 2).await;
    shop.server().settle_webhooks().await;
    let told: Vec<Value> = hooks.at(COLLECT).iter().map(as_google_takes_it).collect();
    assert_eq!(told.len(), 2, "of whom no consent is known nothing is told: {arrived:?}");
    let of = |name: &str| {
        let one = told.iter().find(|told| told["events"][0]["name"] == name);
        one.cloned().unwrap_or_else(|| panic!("no {name}: {told:?}"))
    };
    let purchase = of("purchase");
    let params = &purchase["events"][0]["params"];
    assert_eq!((&purchase["client_id"], &params["session_id"]), (&json!("77.88"), &json!("99")));
    assert_eq!((&params["transaction_id"], &params["value"]), (&json!("A-1"), &json!(49.9)));
    assert_eq!(
        (&params["share_channel"], &params["debug_mode"]),
        (&json!("whatsapp"), &json!(1)),
        "a test shop says so"
    );
    assert_eq!(of("refund")["events"][0]["params"]["value"], json!(9.9));
    for hook in hooks.at(COLLECT) {
        for secret in ["mail.example", &text(&share["token"]), "anna"] {
            assert!(!hook.body.contains(secret), "{secret}: {hook:?}");
        }
    }
    assert!(shop.list(&format!("/v1/deliveries?endpoint={}", text(&made["id"]))).await.is_empty());
    assert!(shop.list("/v1/webhook_endpoints").await.is_empty(), "it is no endpoint");
}

/// The delivery of a test, once it was tried.
async fn tried(shop: &TestShop, kind: &str) -> Value {
    let test = shop.post(&format!("/v1/analytics/{kind}/test"), json!({})).await.accepted();
    let place = path("/v1/deliveries", &test["id"]);
    loop {
        let now = shop.get(&place).await.ok();
        if now["status"] != "waiting" || now["tries"] != 0 {
            return now;
        }
    }
}

async fn plausible_and_matomo_say_what_they_left_aside(shop: TestShop) {
    let hooks = Hooks::start().await;
    let share = shared(&shop).await;
    let plausible = json!({"property": "shop.example", "url": hooks.url("")});
    shop.put("/v1/analytics/plausible", plausible).await.created();
    let matomo = json!({"property": "1", "url": hooks.url("/matomo/"), "secret": "token"});
    shop.put("/v1/analytics/matomo", matomo).await.created();
    ga4(&shop, &hooks).await;
    hooks.usually("/matomo/matomo.php", Manner::Says("x: y", r#"{"status":"success","tracked":1,"invalid":0}"#));
    order(&shop, "A-1", &share, true).await;
    let told: Vec<Value> = hooks.wait_for("/api/event", 2).await.iter().map(Hook::json).collect();
    for name in ["Referral", "Referral order"] {
        let is_one = |told: &&Value| told["name"] == name && told["domain"] == "shop.example";
        assert_eq!(told.iter().filter(is_one).count(), 1, "{told:?}");
    }
    let [matomo] = &hooks.wait_for("/matomo/matomo.php", 1).await[..] else { panic!("one") };
    assert_eq!(matomo.json()["token_auth"], "token");
    let request = text(&matomo.json()["requests"][0]);
    for part in ["_id=0123456789abcdef", "ec_id=A-1", "_rck=whatsapp", "idgoal=0", "revenue=49.9"] {
        assert!(request.contains(part), "{part}: {request}");
    }
    for kind in ["plausible", "matomo", "ga4"] {
        assert_eq!(tried(&shop, kind).await["status"], "delivered", "{kind}");
    }
    hooks.answer("/api/event", &[Manner::Says("X-Plausible-Dropped: 1", "ok")]);
    hooks.answer("/matomo/matomo.php", &[Manner::Says("x: y", r#"{"status":"error","invalid":1}"#)]);
    let wrong = r#"{"validationMessages":[{"fieldPath":"events","description":"no such thing","validationCode":"NAME_INVALID"}]}"#;
    hooks.answer("/debug/mp/collect?measurement_id=G-ABC1&api_secret=hush", &[Manner::Says("x: y", wrong)]);
    for (kind, words) in
        [("plausible", "data centres"), ("matomo", "did not take it"), ("ga4", "NAME_INVALID: no such thing")]
    {
        let tried = tried(&shop, kind).await;
        assert!(tried["status"] == "failed" && text(&tried["fault"]).contains(words), "{tried}");
    }
}

async fn what_is_not_taken_is_tried_again_and_given_up_alone(shop: TestShop) {
    let hooks = Hooks::start().await;
    let server = own(&database::fresh_database(shop.backend), &[("GRAPEVINE_WEBHOOK_SCHEDULE", "0,3600,3600")]).await;
    let actor = TestShop::in_server(&server).await;
    actor.put("/v1/customers/anna", json!({"email": "anna@mail.example"})).await.created();
    let program = json!({"name": "Tell", "status": "active", "landing_url": "https://shop.example/",
                         "rewards": [{"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 100}]});
    let program = actor.post("/v1/programs", program).await.created();
    let share = json!({"program": program["id"], "customer": "anna", "channel": "whatsapp"});
    let share = actor.post("/v1/shares", share).await.created();
    let made = ga4(&actor, &hooks).await;
    hooks.answer(COLLECT, &[Manner::Status(503), Manner::Status(500)]);
    order(&actor, "A-1", &share, true).await;
    hooks.wait_for(COLLECT, 1).await;
    server.settle_webhooks().await;
    let list = format!("/v1/deliveries?endpoint={}", text(&made["id"]));
    let [late] = &actor.list(&list).await[..] else { panic!("one is late") };
    assert_eq!((&late["status"], &late["http_status"]), (&json!("waiting"), &json!(503)));
    // What is told late and is known no more is given up, and says why.
    let forget = |sql: &str| {
        let mut connection = server.app.target.connect(Use::Tool).expect("a connection");
        connection.batch(sql).expect("it is forgotten");
    };
    forget("DELETE FROM analytics_ids");
    let again = actor.post(&format!("{}/redeliver", path("/v1/deliveries", &late["id"])), json!({})).await.accepted();
    server.settle_webhooks().await;
    let given_up = actor.get(&path("/v1/deliveries", &again["id"])).await.ok();
    assert_eq!((&given_up["status"], hooks.at(COLLECT).len()), (&json!("failed"), 1), "{given_up}");
    assert!(text(&given_up["fault"]).contains("nothing to tell"), "{given_up}");
    // Five days of failures end it, and a change of hands begins it anew.
    hooks.usually(COLLECT, Manner::Status(500));
    order(&actor, "A-2", &share, true).await;
    hooks.wait_for(COLLECT, 2).await;
    server.settle_webhooks().await;
    forget(
        "UPDATE webhook_cursors SET failing_since = failing_since - 432000000, failed_at = failed_at - 3600000, rest_until = 0;
         UPDATE analytics_accounts SET enabled_at = enabled_at - 432000001",
    );
    order(&actor, "A-3", &share, true).await;
    hooks.wait_for(COLLECT, 3).await;
    server.settle_webhooks().await;
    let disabled = actor.get("/v1/analytics/ga4").await.ok();
    assert_eq!((&disabled["status"], &disabled["disabled_by"]), (&json!("disabled"), &json!("failing")));
    let told = actor.list("/v1/events?type=analytics.disabled").await;
    assert_eq!((told.len(), &told[0]["data"]["id"]), (1, &made["id"]));
    actor.post("/v1/analytics/ga4/test", json!({})).await.refused(409, "illegal_transition");
    hooks.usually(COLLECT, Manner::Status(204));
    let enabled = actor.put("/v1/analytics/ga4", json!({"status": "enabled"})).await.ok();
    assert_eq!(
        (&enabled["status"], &enabled["property"], &enabled["disabled_by"]),
        (&json!("enabled"), &json!("G-ABC1"), &Value::Null)
    );
    order(&actor, "A-4", &share, true).await;
    hooks.wait_for(COLLECT, 4).await;
}

async fn nothing_is_told_of_before_and_nothing_behind_its_end(shop: TestShop) {
    let hooks = Hooks::start().await;
    let share = shared(&shop).await;
    order(&shop, "A-1", &share, true).await;
    let made = ga4(&shop, &hooks).await;
    order(&shop, "A-2", &share, true).await;
    hooks.wait_for(COLLECT, 1).await;
    shop.delete("/v1/analytics/ga4").await.no_content();
    shop.get("/v1/analytics/ga4").await.refused(404, "not_found");
    order(&shop, "A-3", &share, true).await;
    shop.server().settle_webhooks().await;
    // A turn that was on its way meanwhile notes how far it has got.
    let late = format!(
        "INSERT INTO webhook_cursors (endpoint, shop, seq, lease, lease_until, turn_at, rest_until, failures) \
         VALUES ('{}', '{}', 1, 1, 0, 0, 0, 0)",
        text(&made["id"]),
        shop.id
    );
    shop.server().app.target.connect(Use::Tool).expect("a connection").batch(&late).expect("it is noted");
    ga4(&shop, &hooks).await;
    order(&shop, "A-4", &share, true).await;
    hooks.wait_for(COLLECT, 2).await;
    shop.server().settle_webhooks().await;
    let told: Vec<String> =
        hooks.at(COLLECT).iter().map(|hook| text(&hook.json()["events"][0]["params"]["transaction_id"])).collect();
    assert_eq!(told, ["A-2", "A-4"]);
    shop.another().await.get("/v1/analytics/ga4").await.refused(404, "not_found");
}

async fn what_cannot_be_an_account_is_refused(shop: TestShop) {
    for (kind, body, code, pointer) in [
        ("ga4", json!({"secret": "x"}), "invalid_field", "/property"),
        ("ga4", json!({"property": "UA-1", "secret": "x"}), "invalid_field", "/property"),
        ("ga4", json!({"property": "G-ABC1"}), "invalid_field", "/secret"),
        ("ga4", json!({"property": "G-ABC1", "secret": "x", "url": "http://shop.example"}), "url_not_allowed", "/url"),
        ("ga4", json!({"property": "G-ABC1", "secret": "x", "url": "https://10.1.2.3"}), "url_not_allowed", "/url"),
        ("ga4", json!({"property": "G-ABC1", "secret": "x", "url": "https://a.example/?b=c"}), "invalid_field", "/url"),
        ("plausible", json!({"property": "a b"}), "invalid_field", "/property"),
        ("plausible", json!({"property": "shop.example", "secret": "x"}), "invalid_field", "/secret"),
        ("matomo", json!({"property": "0", "url": "https://m.example"}), "invalid_field", "/property"),
        ("matomo", json!({"property": "1"}), "invalid_field", "/url"),
        ("matomo", json!({"property": "1", "url": "https://m.example", "api": 1}), "unknown_field", "/api"),
    ] {
        let refused = shop.put(&format!("/v1/analytics/{kind}"), body).await.refused(422, code);
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
        shop.get(&format!("/v1/analytics/{kind}")).await.refused(404, "not_found");
    }
    shop.delete("/v1/analytics/ga4").await.refused(404, "not_found");
    let body = json!({"property": "G-ABC1", "secret": "x"});
    shop.key(&["webhooks:read"]).await.put("/v1/analytics/ga4", body.clone()).await.refused(403, "forbidden");
    let made = shop.put("/v1/analytics/ga4", body).await.created();
    assert_eq!(made["url"], "https://region1.google-analytics.com");
    let off = shop.put("/v1/analytics/ga4", json!({"status": "disabled"})).await.ok();
    assert_eq!((&off["status"], &off["disabled_by"]), (&json!("disabled"), &json!("hand")));
    shop.delete("/v1/analytics/ga4").await.no_content();
}
