//! What receivers of webhooks do that they should not, and what becomes of the events: told truly, none lost, none given up
//! before its time. What answers, but not with 2xx, is in `webhooks`.

use grapevine::store::Target;
use grapevine::store::connection::Use;

use super::webhooks::{LONG, SLOW, a_server, endpoint, later, voucher};
use crate::support::hooks::{Hooks, Manner};
use crate::support::process::Process;
use crate::support::*;

on_both!(
    who_asks_to_be_spared_is_spared_for_as_long,
    who_says_nothing_is_tried_again_and_delays_nobody,
    of_ten_megabytes_the_beginning_is_kept,
    a_schedule_goes_on_in_the_next_process,
);

/// Milliseconds between two instants of a delivery.
#[track_caller]
fn between(delivery: &Value, from: &str, to: &str) -> i64 {
    let at = |name: &str| {
        let text = delivery[name].as_str().unwrap_or_else(|| panic!("no {name}: {delivery}"));
        chrono::DateTime::parse_from_rfc3339(text).expect("an instant").timestamp_millis()
    };
    at(to) - at(from)
}

async fn who_asks_to_be_spared_is_spared_for_as_long(shop: TestShop) {
    let hooks = Hooks::start().await;
    let (server, actor) = a_server(&shop, &[SLOW]).await;
    endpoint(&actor, &hooks.url("/a"), json!({})).await;
    // An hour, more or less, is what it would be; up to twice that is heard.
    hooks.answer("/a", &[Manner::Spare(429, 5_000), Manner::Spare(503, 1), Manner::Spare(429, 900_000)]);
    voucher(&actor).await;
    let mut waits = Vec::new();
    for status in [429, 503, 429] {
        server.settle_webhooks().await;
        let delivery = actor.list("/v1/deliveries?status=waiting").await.remove(0);
        assert_eq!(delivery["http_status"], status);
        waits.push(between(&delivery, "tried_at", "next_at") / 1_000);
        // What is new is spared it as well.
        voucher(&actor).await;
        server.settle_webhooks().await;
        assert_eq!(hooks.at("/a").len(), waits.len(), "{waits:?}");
        later(&server, LONG).await;
        hooks.usually("/a", Manner::Status(200));
    }
    assert_eq!(waits[0], 5_000);
    assert!((2_880..=4_320).contains(&waits[1]) && (5_760..=8_640).contains(&waits[2]), "{waits:?}");
    server.stop().await;
}

async fn who_says_nothing_is_tried_again_and_delays_nobody(shop: TestShop) {
    let hooks = Hooks::start().await;
    let (server, actor) = a_server(&shop, &[SLOW, ("GRAPEVINE_WEBHOOK_TIMEOUT_MS", "100")]).await;
    endpoint(&actor, &hooks.url("/hangs"), json!({})).await;
    endpoint(&actor, &hooks.url("/well"), json!({})).await;
    hooks.answer("/hangs", &[Manner::Silent]);
    voucher(&actor).await;
    server.settle_webhooks().await;
    assert_eq!(hooks.at("/well").len(), 1);
    let delivery = actor.list("/v1/deliveries?status=waiting").await.remove(0);
    assert_eq!((&delivery["http_status"], &delivery["response"]), (&Value::Null, &Value::Null));
    assert_eq!(delivery["fault"], "no answer within 0.1 s");
    later(&server, LONG).await;
    let ended = actor.get(&path("/v1/deliveries", &delivery["id"])).await.ok();
    assert_eq!((&ended["status"], &ended["tries"], &ended["fault"]), (&json!("delivered"), &json!(2), &Value::Null));
    let arrived = hooks.at("/hangs");
    assert_eq!(arrived.len(), 2);
    assert_eq!(arrived[0].header("webhook-id"), arrived[1].header("webhook-id"));
    server.stop().await;
}

async fn of_ten_megabytes_the_beginning_is_kept(shop: TestShop) {
    let hooks = Hooks::start().await;
    let (server, actor) = a_server(&shop, &[SLOW]).await;
    endpoint(&actor, &hooks.url("/a"), json!({"order": "fifo"})).await;
    hooks.answer("/a", &[Manner::Flood(500), Manner::Flood(200)]);
    voucher(&actor).await;
    server.settle_webhooks().await;
    let delivery = actor.list("/v1/deliveries?status=waiting").await.remove(0);
    assert_eq!((&delivery["http_status"], &delivery["tries"]), (&json!(500), &json!(1)));
    assert_eq!(delivery["response"], "x".repeat(1_024));
    later(&server, LONG).await;
    let ended = actor.get(&path("/v1/deliveries", &delivery["id"])).await.ok();
    assert_eq!((&ended["status"], &ended["http_status"]), (&json!("delivered"), &json!(200)), "2xx is 2xx");
    // The connection that was cut is not used again.
    voucher(&actor).await;
    server.settle_webhooks().await;
    assert_eq!(hooks.at("/a").len(), 3);
    server.stop().await;
}

async fn a_schedule_goes_on_in_the_next_process(shop: TestShop) {
    let hooks = Hooks::start().await;
    let database = database::fresh_database(shop.backend);
    let server = Process::start(&database, &[SLOW]);
    let shop = TestShop::through(&database, std::slice::from_ref(&server)).await;
    hooks.answer("/a", &[Manner::Status(500), Manner::Status(500)]);
    endpoint(&shop, &hooks.url("/a"), json!({})).await;
    voucher(&shop).await;
    let target = Target::parse(&database).expect("a database");
    let mut connection = target.connect(Use::Tool).expect("a connection");
    let (mut server, mut shop) = (Some(server), shop);
    for tries in 1..=2 {
        let noted = loop {
            let noted = shop.list("/v1/deliveries").await;
            if noted.first().is_some_and(|noted| noted["tries"] == tries) {
                break noted;
            }
        };
        assert_eq!((&noted[0]["status"], hooks.at("/a").len()), (&json!("waiting"), tries));
        server.take().expect("a server").kill();
        for sql in [
            "UPDATE webhook_deliveries SET next_at = 0",
            "UPDATE webhook_cursors SET late_at = 0, rest_until = 0, lease_until = 0",
        ] {
            connection.batch(sql).expect("time passes");
        }
        let next = Process::start(&database, &[SLOW]);
        shop = shop.moved_to(std::slice::from_ref(&next));
        server = Some(next);
    }
    let arrived = hooks.wait_for("/a", 3).await;
    assert!(arrived.iter().all(|hook| hook.header("webhook-id") == arrived[0].header("webhook-id")));
    let ended = loop {
        let noted = shop.list("/v1/deliveries").await.remove(0);
        if noted["status"] != "waiting" {
            break noted;
        }
    };
    assert_eq!((&ended["status"], &ended["tries"]), (&json!("delivered"), &json!(3)));
    voucher(&shop).await;
    assert_eq!(hooks.wait_for("/a", 4).await.len(), 4);
}
