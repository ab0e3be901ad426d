//! Who reads events by a name, who waits for them, and how it is proved that none is missing.

use std::process::Stdio;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use crate::support::hooks::Hooks;
use crate::support::process::{Process, command};
use crate::support::*;

on_both!(
    a_consumer_goes_on_where_it_stands,
    who_waits_is_told_at_once,
    so_many_may_wait,
    of_a_day_that_is_over_nothing_is_missing,
    a_desk_is_sent_what_happens,
);

/// Makes a voucher, of which the event `voucher.issued` tells.
async fn voucher(actor: &Actor) -> Value {
    let voucher = json!({"kind": "amount_off", "amount": 500, "currency": "EUR", "max_redemptions": 1});
    actor.post("/v1/vouchers", voucher).await.created()
}

fn seqs(page: &Value) -> Vec<i64> {
    elements(&page["data"]).iter().map(|event| event["seq"].as_i64().expect("a number")).collect()
}

async fn a_consumer_goes_on_where_it_stands(shop: TestShop) {
    for _ in 0..3 {
        voucher(&shop).await;
    }
    let place = "/v1/event_consumers/warehouse";
    shop.get(place).await.refused(404, "not_found");
    shop.get("/v1/events?consumer=warehouse").await.refused(422, "invalid_field");
    let made = shop.put(place, json!({"after": 0})).await.created();
    assert_eq!((&made["name"], &made["after"], &made["last_seq"]), (&json!("warehouse"), &json!(0), &json!(3)));
    let read = shop.get("/v1/events?consumer=warehouse&limit=2").await.ok();
    assert_eq!(seqs(&read), [1, 2]);
    assert_eq!(shop.get("/v1/events?consumer=warehouse&limit=2").await.ok(), read, "it is moved by nobody else");
    let moved = shop.put(place, json!({"after": read["seen"]})).await.ok();
    assert_eq!(shop.get(place).await.ok(), moved);
    assert_eq!(seqs(&shop.get("/v1/events?consumer=warehouse").await.ok()), [3]);
    shop.put(place, json!({"after": 1})).await.ok();
    assert_eq!(seqs(&shop.get("/v1/events?consumer=warehouse").await.ok()), [2, 3], "what it gives back comes again");
    for after in [json!(4), json!(-1), json!("1"), json!(1.5)] {
        shop.put(place, json!({ "after": after })).await.refused(422, "invalid_field");
    }
    shop.put("/v1/event_consumers/Not%20a%20name", json!({"after": 0})).await.refused(422, "invalid_field");
    shop.get("/v1/events?consumer=warehouse&after=1").await.refused(422, "invalid_field");
    let other = shop.another().await;
    other.get(place).await.refused(404, "not_found");
    shop.delete(place).await.no_content();
    shop.delete(place).await.refused(404, "not_found");
    for number in 0..50 {
        shop.put(&format!("/v1/event_consumers/c-{number}"), json!({"after": 0})).await.created();
    }
    shop.put(place, json!({"after": 0})).await.refused(409, "limit_reached");
    shop.put("/v1/event_consumers/c-7", json!({"after": 2})).await.ok();
}

async fn who_waits_is_told_at_once(shop: TestShop) {
    shop.put("/v1/event_consumers/till", json!({"after": 0})).await.created();
    let begun = Instant::now();
    let wait = shop.get("/v1/events?consumer=till&wait=20").into_future();
    let ((), page) = tokio::join!(
        async {
            voucher(&shop).await;
        },
        wait
    );
    assert_eq!(seqs(&page.ok()), [1]);
    // Of another type nothing is told, and it is said how far was looked.
    let none = shop.get("/v1/events?after=0&type=guessing&wait=1").await.ok();
    assert_eq!(none, json!({"data": [], "next": null, "seen": 1}));
    assert!(begun.elapsed() < Duration::from_secs(15), "it took {:?}", begun.elapsed());
    for wrong in ["21", "-1", "x", ""] {
        shop.get(&format!("/v1/events?wait={wrong}")).await.refused(422, "invalid_field");
    }
    shop.get("/v1/events?wait=1&format=csv").await.refused(422, "invalid_field");
}

async fn so_many_may_wait(shop: TestShop) {
    let ask = || shop.get("/v1/events?after=0&wait=20").into_future();
    let mut waiting: FuturesUnordered<_> = (0..40).map(|_| ask()).collect();
    // Nothing happens yet: only those are answered for whom there is no place.
    for _ in 0..8 {
        waiting.next().await.expect("there are forty").refused(429, "rate_limited");
    }
    voucher(&shop).await;
    while let Some(answer) = waiting.next().await {
        assert_eq!(seqs(&answer.ok()), [1]);
    }
}

async fn of_a_day_that_is_over_nothing_is_missing(shop: TestShop) {
    shop.to_mid_month().await;
    let before = shop.list("/v1/events").await.len();
    voucher(&shop).await;
    voucher(&shop).await;
    let now = shop.post("/v1/test/clock", json!({"advance_days": 1})).await.ok();
    voucher(&shop).await;
    let today = text(&now["now"])[..10].to_owned();
    let day = chrono::NaiveDate::parse_from_str(&today, "%Y-%m-%d").expect("a day").pred_opt().expect("a day before");
    let proof = shop.get(&format!("/v1/events/proof?day={day}")).await.ok();
    let events: Vec<Value> = shop
        .list("/v1/events")
        .await
        .into_iter()
        .filter(|event| text(&event["timestamp"]).starts_with(&day.to_string()))
        .collect();
    assert_eq!(events.len(), 2);
    let lines: String = events
        .iter()
        .map(|event| {
            format!("{} {} {} {}\n", event["seq"], text(&event["id"]), text(&event["type"]), text(&event["timestamp"]))
        })
        .collect();
    assert_eq!(proof["sha256"], grapevine::vault::sha256_hex(lines.as_bytes()));
    assert_eq!(
        (&proof["from_seq"], &proof["to_seq"], &proof["count"]),
        (&json!(before + 1), &json!(before + 2), &json!(2))
    );
    let signed: Vec<String> = text(&proof["signature"]).split('.').map(str::to_owned).collect();
    let keys = shop.anonymous().get("/.well-known/jwks.json").await.ok();
    let public = elements(&keys["keys"]).into_iter().map(|key| URL_SAFE_NO_PAD.decode(text(&key["x"])).expect("a key"));
    let signature = URL_SAFE_NO_PAD.decode(&signed[2]).expect("base64");
    let input = format!("{}.{}", signed[0], signed[1]);
    let good = |key: Vec<u8>| {
        let key = aws_lc_rs::signature::UnparsedPublicKey::new(&aws_lc_rs::signature::ED25519, key);
        key.verify(input.as_bytes(), &signature).is_ok()
    };
    assert_eq!(public.filter(|key| good(key.clone())).count(), 1);
    let mut claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(&signed[1]).expect("base64")).expect("JSON");
    claims["signature"] = proof["signature"].clone();
    assert_eq!(claims, proof);
    Actor::bearer(shop.base(), &text(&proof["signature"])).get("/v1/shop").await.refused(401, "unauthenticated");
    let empty = shop.get("/v1/events/proof?day=2020-01-01").await.ok();
    assert_eq!((&empty["from_seq"], &empty["to_seq"], &empty["count"]), (&json!(1), &json!(0), &json!(0)));
    for wrong in [today.as_str(), "2999-01-01", "", "yesterday"] {
        shop.get(&format!("/v1/events/proof?day={wrong}")).await.refused(422, "invalid_field");
    }
    shop.get("/v1/events/proof").await.refused(422, "invalid_field");
}

async fn a_desk_is_sent_what_happens(shop: TestShop) {
    let hooks = Hooks::start().await;
    let database = database::fresh_database(shop.backend);
    let server = Process::start(&database, &[]);
    let shop = TestShop::through(&database, std::slice::from_ref(&server)).await;
    voucher(&shop).await;
    let secret = format!("whsec_{}", STANDARD.encode([7; 32]));
    let listen = |url: &str, secret: &str| {
        let arguments = ["listen", "--forward", url, "--shop", &shop.id, "--secret", secret, "--after", "0"];
        command(&database)
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts")
    };
    let mut child = listen(&hooks.url("/desk"), &secret);
    hooks.wait_for("/desk", 1).await;
    voucher(&shop).await;
    let arrived = hooks.wait_for("/desk", 2).await;
    assert!(arrived.iter().all(|hook| hook.is_signed_by(&secret)), "{arrived:?}");
    let listed = shop.list("/v1/events").await;
    assert_eq!(arrived.iter().map(|hook| hook.json()).collect::<Vec<_>>(), listed);
    process::send(&child, process::Signal::TERM);
    assert!(child.wait().expect("it is ours").success());
    for (url, secret) in
        [("https://10.0.0.1/", secret.as_str()), ("http://shop.example/", &secret), (&hooks.url("/x"), "whsec_AAAA")]
    {
        assert!(!listen(url, secret).wait().expect("it is ours").success(), "{url} {secret}");
    }
}
