//! Webhooks: that events arrive and are known to be ours, what becomes of those that are not taken, and where none may go.

use std::time::Duration;

use grapevine::server::Server;
use grapevine::store::Target;
use grapevine::store::connection::Use;
use tokio::net::TcpListener;

use crate::support::hooks::{Hook, Hooks, Manner};
use crate::support::process::Process;
use crate::support::server::own;
use crate::support::*;

on_both!(
    an_event_arrives_signed_and_as_it_is_listed,
    what_is_asked_for_is_sent,
    what_is_not_taken_is_tried_again_until_it_is,
    what_is_never_taken_is_given_up_and_nobody_waits_for_it,
    in_order_each_waits_for_the_one_before,
    a_receiver_that_is_gone_is_left_alone_until_somebody_enables_it,
    five_days_of_failures_end_it,
    a_secret_that_is_replaced_signs_on_for_a_while,
    a_key_of_which_the_receiver_knows_half_signs_as_well_where_that_is_asked_for,
    what_was_sent_can_be_sent_once_more,
    who_was_erased_is_sent_no_more,
    an_endpoint_is_its_shops_alone,
    nothing_leads_into_the_house,
    two_servers_send_each_event_once,
    what_a_killed_server_had_in_hand_is_sent_by_the_next,
    a_deleted_endpoint_is_sent_nothing,
);

/// A test that is tried again is tried again this long after.
pub const SLOW: (&str, &str) = ("GRAPEVINE_WEBHOOK_SCHEDULE", "0,3600,3600,3600,3600,3600");
/// The longest that delivery leaves an endpoint alone, and more.
pub const LONG: i64 = 50_000_000;

pub async fn endpoint(actor: &Actor, url: &str, changes: Value) -> Value {
    let mut body = json!({ "url": url });
    for (name, value) in changes.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    actor.post("/v1/webhook_endpoints", body).await.created()
}

/// Makes a voucher, of which the event `voucher.issued` tells.
pub async fn voucher(actor: &Actor) -> Value {
    let voucher = json!({"kind": "amount_off", "amount": 500, "currency": "EUR", "max_redemptions": 1});
    actor.post("/v1/vouchers", voucher).await.created()
}

pub async fn a_server(shop: &TestShop, settings: &[(&str, &str)]) -> (Server, Actor) {
    let server = own(&database::fresh_database(shop.backend), settings).await;
    let actor = TestShop::in_server(&server).await;
    (server, actor)
}

/// Lets time pass for delivery, and all that is then due be sent.
pub async fn later(server: &Server, ms: i64) {
    let mut connection = server.app.target.connect(Use::Tool).expect("a connection");
    for sql in [
        "UPDATE webhook_deliveries SET next_at = next_at - MS, created_at = created_at - MS WHERE next_at IS NOT NULL",
        "UPDATE webhook_cursors SET late_at = late_at - MS WHERE late_at IS NOT NULL",
        "UPDATE webhook_cursors SET failing_since = failing_since - MS, failed_at = failed_at - MS",
        "UPDATE webhook_cursors SET rest_until = rest_until - MS, lease_until = lease_until - MS",
        "UPDATE webhook_endpoints SET enabled_at = enabled_at - MS, old_until = old_until - MS",
    ] {
        connection.batch(&sql.replace("MS", &ms.to_string())).expect("time passes");
    }
    server.settle_webhooks().await;
}

fn seqs(hooks: &[Hook]) -> Vec<i64> {
    hooks.iter().map(|hook| hook.json()["seq"].as_i64().expect("a number")).collect()
}

async fn an_event_arrives_signed_and_as_it_is_listed(shop: TestShop) {
    let hooks = Hooks::start().await;
    voucher(&shop).await;
    let made = endpoint(&shop, &hooks.url("/a?b=c"), json!({})).await;
    assert_eq!((&made["events"], &made["status"], &made["from_seq"]), (&json!(["*"]), &json!("enabled"), &json!(1)));
    let secret = text(&made["secret"]);
    voucher(&shop).await;
    voucher(&shop).await;
    let arrived = hooks.wait_for("/a?b=c", 2).await;
    let mut listed = shop.list("/v1/events?after=1").await;
    assert_eq!(listed.len(), 2);
    let mut sent: Vec<Value> = arrived.iter().map(Hook::json).collect();
    for list in [&mut listed, &mut sent] {
        list.sort_by_key(|event| event["seq"].as_i64());
    }
    assert_eq!(sent, listed);
    for hook in &arrived {
        assert_eq!(hook.json()["id"], hook.header("webhook-id"));
        assert!(hook.is_signed_by(&secret) && hook.signatures() == 1, "{hook:?}");
        assert_eq!(hook.header("content-type"), "application/json");
        assert!(hook.header("user-agent").starts_with("Grapevine/"));
    }
    shop.server().settle_webhooks().await;
    assert_eq!(shop.list("/v1/deliveries").await, Vec::<Value>::new(), "what arrives at once leaves nothing");
    let shown = shop.get(&path("/v1/webhook_endpoints", &made["id"])).await;
    assert!(!shown.text().contains("whsec_"), "its secret is shown once");
}

async fn what_is_asked_for_is_sent(shop: TestShop) {
    let hooks = Hooks::start().await;
    endpoint(&shop, &hooks.url("/thin"), json!({"payload": "thin"})).await;
    endpoint(&shop, &hooks.url("/codes"), json!({"include_codes": true})).await;
    let narrow = endpoint(&shop, &hooks.url("/narrow"), json!({"events": ["voucher.voided"]})).await;
    let voucher = voucher(&shop).await;
    shop.post(&format!("{}/void", path("/v1/vouchers", &voucher["id"])), json!({"reason": "wrong"})).await.ok();
    let thin = hooks.wait_for("/thin", 2).await;
    let event = thin.iter().map(Hook::json).find(|event| event["type"] == "voucher.issued").expect("it was told");
    let place = path("/v1/vouchers", &voucher["id"]);
    let about = json!({"object": "voucher", "id": voucher["id"], "url": format!("{}{place}", shop.base())});
    assert_eq!(event["data"], about);
    for hook in hooks.wait_for("/codes", 2).await {
        assert_eq!(hook.json()["data"]["code"], voucher["code"]);
    }
    let types: Vec<Value> = hooks.wait_for("/narrow", 1).await.iter().map(|hook| hook.json()["type"].clone()).collect();
    assert_eq!(types, [json!("voucher.voided")]);
    // Who may not see codes has none sent.
    let blind = shop.key(&["webhooks:write", "webhooks:read"]).await;
    let codes = json!({"url": hooks.url("/x"), "include_codes": true});
    blind.post("/v1/webhook_endpoints", codes).await.refused(403, "forbidden");
    let place = path("/v1/webhook_endpoints", &narrow["id"]);
    blind.patch(&place, json!({"include_codes": true})).await.refused(403, "forbidden");
    let changed = blind.patch(&place, json!({"events": ["*"], "order": "fifo", "payload": "thin"})).await.ok();
    assert_eq!((&changed["events"], &changed["order"]), (&json!(["*"]), &json!("fifo")));
    for wrong in [json!({"events": []}), json!({"events": ["*", "guessing"]}), json!({"events": ["voucher"]})] {
        blind.patch(&place, wrong).await.refused(422, "invalid_field");
    }
}

async fn what_is_not_taken_is_tried_again_until_it_is(shop: TestShop) {
    let hooks = Hooks::start().await;
    let (server, actor) = a_server(&shop, &[SLOW]).await;
    let made = endpoint(&actor, &hooks.url("/a"), json!({})).await;
    hooks.answer("/a", &[Manner::Status(500), Manner::Status(302), Manner::Status(404), Manner::Status(503)]);
    voucher(&actor).await;
    for tries in 1..=4 {
        server.settle_webhooks().await;
        let delivery = actor.list("/v1/deliveries?status=waiting").await.remove(0);
        let status = [500, 302, 404, 503][tries - 1];
        assert_eq!((&delivery["tries"], &delivery["http_status"]), (&json!(tries), &json!(status)));
        assert_eq!(delivery["response"], format!("answered {status}"));
        assert!(delivery["next_at"].is_string());
        later(&server, LONG).await;
    }
    let arrived = hooks.at("/a");
    assert_eq!(arrived.len(), 5, "{arrived:?}");
    assert!(arrived.iter().all(|hook| hook.header("webhook-id") == arrived[0].header("webhook-id")));
    assert!(arrived.iter().all(|hook| hook.is_signed_by(made["secret"].as_str().expect("a secret"))));
    assert_eq!(hooks.at("/elsewhere").len(), 0, "no redirect is followed");
    let list = format!("{}/deliveries", path("/v1/webhook_endpoints", &made["id"]));
    let ended = actor.list(&list).await.remove(0);
    assert_eq!((&ended["status"], &ended["tries"], &ended["next_at"]), (&json!("delivered"), &json!(5), &Value::Null));
    assert_eq!(actor.get(&path("/v1/deliveries", &ended["id"])).await.ok(), ended);
    server.stop().await;
}

async fn what_is_never_taken_is_given_up_and_nobody_waits_for_it(shop: TestShop) {
    let hooks = Hooks::start().await;
    let (server, actor) = a_server(&shop, &[("GRAPEVINE_WEBHOOK_SCHEDULE", "0,3600")]).await;
    endpoint(&actor, &hooks.url("/dead"), json!({})).await;
    endpoint(&actor, &hooks.url("/well"), json!({})).await;
    hooks.usually("/dead", Manner::Status(500));
    for _ in 0..20 {
        voucher(&actor).await;
    }
    server.settle_webhooks().await;
    assert_eq!(hooks.at("/well").len(), 20);
    let tried = hooks.at("/dead").len();
    assert!((3..12).contains(&tried), "one that fails is left alone: {tried}");
    for _ in 0..6 {
        later(&server, LONG).await;
    }
    let failed = actor.list("/v1/deliveries?status=failed").await;
    assert!(!failed.is_empty() && failed.iter().all(|delivery| delivery["tries"] == 2), "{failed:?}");
    // It recovers: what it was not sent yet comes, and what was given up can be asked for.
    hooks.usually("/dead", Manner::Status(200));
    for _ in 0..3 {
        later(&server, LONG).await;
    }
    let endpoint = text(&failed[0]["endpoint"]);
    let span = json!({"from_seq": 1, "only": "failed"});
    actor.post(&format!("/v1/webhook_endpoints/{endpoint}/replay"), span).await.accepted();
    server.settle_webhooks().await;
    assert_eq!(actor.list("/v1/deliveries?status=failed").await, Vec::<Value>::new());
    let mut seen = seqs(&hooks.at("/dead"));
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen, (1..=20).collect::<Vec<i64>>(), "nothing is lost");
    server.stop().await;
}

async fn in_order_each_waits_for_the_one_before(shop: TestShop) {
    let hooks = Hooks::start().await;
    let (server, actor) = a_server(&shop, &[SLOW]).await;
    endpoint(&actor, &hooks.url("/a"), json!({"order": "fifo"})).await;
    hooks.answer("/a", &[Manner::Status(200), Manner::Status(500), Manner::Status(500)]);
    for _ in 0..5 {
        voucher(&actor).await;
    }
    server.settle_webhooks().await;
    assert_eq!(seqs(&hooks.at("/a")), [1, 2]);
    later(&server, LONG).await;
    assert_eq!(seqs(&hooks.at("/a")), [1, 2, 2]);
    later(&server, LONG).await;
    assert_eq!(seqs(&hooks.at("/a")), [1, 2, 2, 2, 3, 4, 5]);
    server.stop().await;
}

async fn a_receiver_that_is_gone_is_left_alone_until_somebody_enables_it(shop: TestShop) {
    let hooks = Hooks::start().await;
    let (server, actor) = a_server(&shop, &[SLOW]).await;
    let made = endpoint(&actor, &hooks.url("/gone"), json!({"order": "fifo"})).await;
    endpoint(&actor, &hooks.url("/other"), json!({"events": ["endpoint.disabled"]})).await;
    hooks.answer("/gone", &[Manner::Status(410)]);
    voucher(&actor).await;
    let told = hooks.wait_for("/other", 1).await.remove(0).json();
    assert_eq!((&told["data"]["id"], &told["data"]["disabled_by"]), (&made["id"], &json!("receiver")));
    let place = path("/v1/webhook_endpoints", &made["id"]);
    assert_eq!(actor.get(&place).await.ok()["status"], "disabled");
    actor.post(&format!("{place}/test"), json!({})).await.refused(409, "illegal_transition");
    voucher(&actor).await;
    later(&server, LONG).await;
    assert_eq!(hooks.at("/gone").len(), 1);
    let enabled = actor.post(&format!("{place}/enable"), json!({})).await.ok();
    assert_eq!((&enabled["status"], &enabled["disabled_by"]), (&json!("enabled"), &Value::Null));
    later(&server, LONG).await;
    assert_eq!(seqs(&hooks.at("/gone")), [1, 1, 2, 3], "it goes on where it stood");
    server.stop().await;
}

async fn five_days_of_failures_end_it(shop: TestShop) {
    let hooks = Hooks::start().await;
    let (server, actor) = a_server(&shop, &[("GRAPEVINE_WEBHOOK_SCHEDULE", "0,36000,36000,36000")]).await;
    let made = endpoint(&actor, &hooks.url("/dead"), json!({"order": "fifo"})).await;
    hooks.usually("/dead", Manner::Status(500));
    voucher(&actor).await;
    server.settle_webhooks().await;
    let place = path("/v1/webhook_endpoints", &made["id"]);
    let mut days = 0;
    while actor.get(&place).await.ok()["status"] == "enabled" {
        assert!(days < 7, "it is never disabled");
        later(&server, 43_200_000).await;
        later(&server, 43_200_000).await;
        days += 1;
    }
    assert_eq!((days, &actor.get(&place).await.ok()["disabled_by"]), (5, &json!("failing")));
    let events = actor.list("/v1/events?type=endpoint.disabled").await;
    assert_eq!((events.len(), &events[0]["data"]["id"]), (1, &made["id"]));
    server.stop().await;
}

async fn a_secret_that_is_replaced_signs_on_for_a_while(shop: TestShop) {
    let hooks = Hooks::start().await;
    let (server, actor) = a_server(&shop, &[SLOW]).await;
    let made = endpoint(&actor, &hooks.url("/a"), json!({})).await;
    let place = format!("{}/rotate_secret", path("/v1/webhook_endpoints", &made["id"]));
    for wrong in [-1, 604_801] {
        actor.post(&place, json!({"grace_seconds": wrong})).await.refused(422, "invalid_field");
    }
    let rotated = actor.post(&place, json!({"grace_seconds": 3600})).await.ok();
    let (old, new) = (text(&made["secret"]), text(&rotated["secret"]));
    assert!(old != new && rotated["previous_secret_until"].is_string());
    voucher(&actor).await;
    server.settle_webhooks().await;
    later(&server, 3_600_000).await;
    voucher(&actor).await;
    server.settle_webhooks().await;
    let arrived = hooks.at("/a");
    assert!(arrived[0].is_signed_by(&old) && arrived[0].is_signed_by(&new) && arrived[0].signatures() == 2);
    assert!(!arrived[1].is_signed_by(&old) && arrived[1].is_signed_by(&new) && arrived[1].signatures() == 1);
    server.stop().await;
}

async fn a_key_of_which_the_receiver_knows_half_signs_as_well_where_that_is_asked_for(shop: TestShop) {
    let hooks = Hooks::start().await;
    let (server, actor) = a_server(&shop, &[SLOW]).await;
    let made = endpoint(&actor, &hooks.url("/a"), json!({"asymmetric": true, "order": "fifo"})).await;
    let place = path("/v1/webhook_endpoints", &made["id"]);
    let key = text(&made["public_key"]);
    assert!(key.starts_with("whpk_") && key.len() == 5 + 44, "32 bytes: {key}");
    assert_eq!(actor.get(&place).await.ok()["public_key"], key);
    let other = endpoint(&actor, &hooks.url("/b"), json!({"events": ["guessing"], "asymmetric": true})).await;
    assert_ne!(other["public_key"], key, "each endpoint has its own");
    voucher(&actor).await;
    server.settle_webhooks().await;
    // A new secret has a new key; both sign for a while.
    let rotated = actor.post(&format!("{place}/rotate_secret"), json!({"grace_seconds": 3600})).await.ok();
    let new = text(&rotated["public_key"]);
    assert_ne!(new, key);
    voucher(&actor).await;
    server.settle_webhooks().await;
    later(&server, 3_600_000).await;
    voucher(&actor).await;
    server.settle_webhooks().await;
    let off = actor.patch(&place, json!({"asymmetric": false})).await.ok();
    assert_eq!(off["public_key"], Value::Null);
    voucher(&actor).await;
    server.settle_webhooks().await;
    let arrived = hooks.at("/a");
    let by_keys: Vec<_> = arrived.iter().map(|hook| [&key, &new].map(|key| hook.is_signed_by_key(key))).collect();
    assert_eq!(by_keys, [[true, false], [true, true], [false, true], [false, false]]);
    assert_eq!(arrived.iter().map(Hook::signatures).collect::<Vec<_>>(), [2, 4, 2, 1]);
    assert!(arrived[0].is_signed_by(&text(&made["secret"])) && arrived[3].is_signed_by(&text(&rotated["secret"])));
    let on = actor.patch(&place, json!({"asymmetric": true})).await.ok();
    assert_eq!(on["public_key"], new, "it is of the secret, and comes back with it");
    server.stop().await;
}

async fn what_was_sent_can_be_sent_once_more(shop: TestShop) {
    let hooks = Hooks::start().await;
    let (server, actor) = a_server(&shop, &[SLOW]).await;
    voucher(&actor).await;
    voucher(&actor).await;
    let made = endpoint(&actor, &hooks.url("/a"), json!({"order": "fifo"})).await;
    voucher(&actor).await;
    server.settle_webhooks().await;
    let place = path("/v1/webhook_endpoints", &made["id"]);
    let replay = format!("{place}/replay");
    let missing = actor.post(&replay, json!({"from_seq": 1, "only": "missing"})).await.accepted();
    assert_eq!(missing, json!({"from_seq": 1, "to_seq": 2}));
    server.settle_webhooks().await;
    assert_eq!(seqs(&hooks.at("/a")), [3, 1, 2]);
    actor.post(&replay, json!({"from_seq": 2, "to_seq": 900})).await.accepted();
    server.settle_webhooks().await;
    assert_eq!(seqs(&hooks.at("/a")), [3, 1, 2, 2, 3]);
    let none = actor.post(&replay, json!({"from_seq": 4})).await.accepted();
    assert_eq!(none["to_seq"], Value::Null);
    actor.post(&replay, json!({"from_seq": 0})).await.refused(422, "invalid_field");
    // A test, which fails, and is sent once more by hand.
    hooks.answer("/a", &[Manner::Status(500)]);
    let test = actor.post(&format!("{place}/test"), json!({})).await.accepted();
    server.settle_webhooks().await;
    let test = actor.get(&path("/v1/deliveries", &test["id"])).await.ok();
    assert_eq!(
        (&test["type"], &test["status"], &test["seq"]),
        (&json!("endpoint.test"), &json!("waiting"), &Value::Null)
    );
    actor.post(&format!("{}/redeliver", path("/v1/deliveries", &test["id"])), json!({})).await.accepted();
    server.settle_webhooks().await;
    let sent = hooks.at("/a").split_off(5);
    assert_eq!(sent.len(), 2);
    for hook in sent {
        assert!(
            hook.is_signed_by(made["secret"].as_str().expect("a secret")) && hook.json()["type"] == "endpoint.test"
        );
    }
    assert_eq!(actor.get(&path("/v1/deliveries", &test["id"])).await.ok()["status"], "delivered");
    server.stop().await;
}

async fn who_was_erased_is_sent_no_more(shop: TestShop) {
    let hooks = Hooks::start().await;
    let (server, actor) = a_server(&shop, &[SLOW]).await;
    let made = endpoint(&actor, &hooks.url("/a"), json!({"events": ["grant.given"]})).await;
    hooks.answer("/a", &[Manner::Status(500)]);
    actor.put("/v1/customers/anna", json!({"email": "anna@mail.example", "name": "Anna"})).await.created();
    let grant =
        json!({"customer": "anna", "reward": {"kind": "store_credit", "amount": 100}, "reason": "Anna was kind"});
    actor.post("/v1/grants", grant).await.created();
    server.settle_webhooks().await;
    assert!(hooks.at("/a")[0].body.contains("anna"));
    let delivery = actor.list("/v1/deliveries").await.remove(0);
    assert_eq!(delivery["response"], "answered 500");
    actor.delete("/v1/customers/anna").await;
    server.settle_jobs().await;
    let delivery = actor.get(&path("/v1/deliveries", &delivery["id"])).await.ok();
    assert_eq!(delivery["response"], Value::Null, "it may have repeated what it was told");
    later(&server, LONG).await;
    let sent = hooks.at("/a").remove(1);
    assert!(sent.json()["data"]["erased"] == true && !sent.body.contains("anna"), "{sent:?}");
    assert!(sent.is_signed_by(made["secret"].as_str().expect("a secret")));
    server.stop().await;
}

async fn an_endpoint_is_its_shops_alone(shop: TestShop) {
    let (hooks, other) = (Hooks::start().await, shop.another().await);
    let made = endpoint(&shop, &hooks.url("/a"), json!({})).await;
    voucher(&other).await;
    let place = path("/v1/webhook_endpoints", &made["id"]);
    other.get(&place).await.refused(404, "not_found");
    other.patch(&place, json!({"status": "disabled"})).await.refused(404, "not_found");
    other.delete(&place).await.refused(404, "not_found");
    for verb in ["enable", "test", "rotate_secret"] {
        other.post(&format!("{place}/{verb}"), json!({})).await.refused(404, "not_found");
    }
    other.post(&format!("{place}/replay"), json!({"from_seq": 1})).await.refused(404, "not_found");
    other.get(&format!("{place}/deliveries")).await.refused(404, "not_found");
    shop.server().settle_webhooks().await;
    assert_eq!(hooks.at("/a").len(), 0);
    assert_eq!(other.list("/v1/webhook_endpoints").await, Vec::<Value>::new());
}

async fn nothing_leads_into_the_house(shop: TestShop) {
    let (server, actor) = a_server(&shop, &[SLOW, ("GRAPEVINE_OUTBOUND_ALLOW", "")]).await;
    let guarded = TcpListener::bind(("127.0.0.1", 0)).await.expect("a listener");
    let port = guarded.local_addr().expect("an address").port();
    let plain = format!("http://127.0.0.1:{port}/");
    let private = [
        "https://127.0.0.1:9443/",
        "https://localhost:9443/",
        "https://[::1]:9443/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/",
        "https://[::ffff:7f00:1]/",
        "https://0x7f000001/",
        "http://shop.example/",
        "https://me:secret@shop.example/",
        "https://1:2@[::1]:9876",
        "ftp://shop.example/",
        "not an address",
        &plain,
    ];
    for url in private {
        let refused = actor.post("/v1/webhook_endpoints", json!({ "url": url })).await.refused(422, "url_not_allowed");
        assert_eq!(refused["errors"][0]["pointer"], "/url", "{url}");
    }
    // What is saved is looked at again at each try, whatever stands there by then.
    let made = endpoint(&actor, "https://shop.example/hook", json!({})).await;
    let mut connection = server.app.target.connect(Use::Tool).expect("a connection");
    connection.batch(&format!("UPDATE webhook_endpoints SET url = '{plain}'")).expect("it is changed");
    actor
        .patch(&path("/v1/webhook_endpoints", &made["id"]), json!({"url": plain}))
        .await
        .refused(422, "url_not_allowed");
    voucher(&actor).await;
    server.settle_webhooks().await;
    let delivery = actor.list("/v1/deliveries").await.remove(0);
    assert_eq!((&delivery["status"], &delivery["http_status"]), (&json!("waiting"), &Value::Null));
    assert!(delivery["fault"].is_string(), "{delivery}");
    let nobody = tokio::time::timeout(Duration::from_millis(1), guarded.accept()).await;
    assert!(nobody.is_err(), "somebody was connected to");
    server.stop().await;
}

async fn two_servers_send_each_event_once(shop: TestShop) {
    let hooks = Hooks::start().await;
    let database = database::fresh_database(shop.backend);
    let (one, other) = (own(&database, &[SLOW]).await, own(&database, &[SLOW]).await);
    let actor = TestShop::in_server(&one).await;
    for path in ["/a", "/b", "/c"] {
        endpoint(&actor, &hooks.url(path), json!({})).await;
    }
    for _ in 0..30 {
        voucher(&actor).await;
    }
    for path in ["/a", "/b", "/c"] {
        hooks.wait_for(path, 30).await;
    }
    tokio::join!(one.settle_webhooks(), other.settle_webhooks());
    for path in ["/a", "/b", "/c"] {
        let mut seen = seqs(&hooks.at(path));
        seen.sort_unstable();
        assert_eq!(seen, (1..=30).collect::<Vec<i64>>(), "{path}");
    }
    one.stop().await;
    other.stop().await;
}

async fn what_a_killed_server_had_in_hand_is_sent_by_the_next(shop: TestShop) {
    let hooks = Hooks::start().await;
    let database = database::fresh_database(shop.backend);
    let server = Process::start(&database, &[SLOW]);
    let shop = TestShop::through(&database, std::slice::from_ref(&server)).await;
    hooks.answer("/a", &[Manner::Silent]);
    endpoint(&shop, &hooks.url("/a"), json!({})).await;
    voucher(&shop).await;
    hooks.wait_for("/a", 1).await;
    server.kill();
    // Its lease is still its own; when that has run out, the next one takes over.
    let target = Target::parse(&database).expect("a database");
    let mut connection = target.connect(Use::Tool).expect("a connection");
    connection.batch("UPDATE webhook_cursors SET lease_until = 0").expect("time passes");
    let server = Process::start(&database, &[SLOW]);
    let shop = shop.moved_to(std::slice::from_ref(&server));
    let arrived = hooks.wait_for("/a", 2).await;
    assert_eq!(arrived[0].header("webhook-id"), arrived[1].header("webhook-id"));
    voucher(&shop).await;
    assert_eq!(seqs(&hooks.wait_for("/a", 3).await), [1, 1, 2]);
}

async fn a_deleted_endpoint_is_sent_nothing(shop: TestShop) {
    let hooks = Hooks::start().await;
    let (server, actor) = a_server(&shop, &[SLOW]).await;
    let made = endpoint(&actor, &hooks.url("/a"), json!({})).await;
    hooks.answer("/a", &[Manner::Status(500)]);
    voucher(&actor).await;
    server.settle_webhooks().await;
    let delivery = actor.list("/v1/deliveries").await.remove(0);
    let place = path("/v1/webhook_endpoints", &made["id"]);
    actor.delete(&place).await.no_content();
    actor.delete(&place).await.no_content();
    actor.get(&place).await.refused(404, "not_found");
    actor.get(&path("/v1/deliveries", &delivery["id"])).await.refused(404, "not_found");
    voucher(&actor).await;
    later(&server, LONG).await;
    assert_eq!(hooks.at("/a").len(), 1);
    assert_eq!(actor.list("/v1/webhook_endpoints").await, Vec::<Value>::new());
    server.stop().await;
}
