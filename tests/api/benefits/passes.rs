//! Passes for events: who is let in, once, and what doors without a network need.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use futures_util::future::join_all;
use serde_json::json;

use crate::offers::Town;
use crate::support::*;

on_both!(
    a_pass_is_a_voucher_that_no_cart_takes,
    people_are_let_in_once,
    a_pass_at_many_gates_lets_in_once,
    a_code_or_what_was_scanned_names_the_pass,
    nobody_is_let_in_at_the_wrong_time_or_event,
    what_is_void_lets_nobody_in,
    a_door_that_could_not_ask_reports_afterwards,
    what_was_let_in_before_it_lapsed_counts,
    a_door_tells_passes_from_forged_ones,
    passes_are_listed_and_sent_as_csv,
    an_event_is_changed_and_calendars_follow,
    a_program_pays_with_a_pass,
    what_no_pass_can_be_is_refused,
    who_may_let_in_and_who_may_look,
    an_export_tells_where_they_were,
    a_customer_sees_the_pass,
    an_offer_gives_passes_and_products,
);

/// The shop's time.
async fn now(shop: &TestShop) -> DateTime<Utc> {
    let probe = shop.put(&format!("/v1/customers/{}", fresh("probe")), json!({})).await.created();
    text(&probe["created_at"]).parse().expect("an instant")
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A tasting that begins in so many hours, and takes three.
async fn tasting(shop: &TestShop, hours: i64) -> Value {
    let starts = now(shop).await + Duration::hours(hours);
    json!({"name": "Tasting", "starts_at": instant(starts), "ends_at": instant(starts + Duration::hours(3)),
           "time_zone": "UTC", "place": "Cellar"})
}

/// Ann is granted a pass; answers it.
async fn granted(shop: &TestShop, event: Value) -> Value {
    shop.put("/v1/customers/ann", json!({"email": "ann@mail.example"})).await;
    let reward = json!({"kind": "event_pass", "event": event, "seats": 2, "cost_amount": 700});
    let grant = json!({"customer": "ann", "reward": reward, "reason": "thanks"});
    let grant = shop.post("/v1/grants", grant).await.created();
    let reward = shop.get(&path("/v1/rewards", &grant["reward_id"])).await.ok();
    shop.get(&path("/v1/passes", &reward["voucher"])).await.ok()
}

fn place(pass: &Value) -> String {
    path("/v1/passes", &pass["id"])
}

async fn events(shop: &TestShop, kind: &str) -> Vec<Value> {
    shop.list("/v1/events").await.into_iter().filter(|event| event["type"] == kind).collect()
}

async fn a_pass_is_a_voucher_that_no_cart_takes(shop: TestShop) {
    let event = tasting(&shop, 2).await;
    let pass = granted(&shop, event.clone()).await;
    assert_eq!((&pass["status"], &pass["seats"], &pass["admitted"]), (&json!("active"), &json!(2), &Value::Null));
    assert_eq!((&pass["event"], &pass["valid_until"]), (&event, &event["ends_at"]));
    let voucher = shop.get(&path("/v1/vouchers", &pass["id"])).await.ok();
    assert_eq!((&voucher["kind"], &voucher["pass"]["event"]), (&json!("event_pass"), &event));
    assert_eq!(voucher["code"], pass["code"]);
    let cart =
        json!({"codes": [pass["code"]], "customer": "ann", "currency": "EUR", "amount": 1000, "order_id": "A-1"});
    let checked = shop.post("/v1/vouchers/check", cart.clone()).await.ok();
    assert_eq!(checked["lines"][0]["reasons"][0], "not_applicable");
    assert!(text(&checked["lines"][0]["detail"]).contains("pass for Tasting"), "{checked}");
    shop.post("/v1/redemptions", cart).await.refused(422, "not_applicable");
    let etag = shop.get(&path("/v1/vouchers", &pass["id"])).await.etag();
    let longer = shop.patch(&path("/v1/vouchers", &pass["id"]), json!({"valid_until": null})).if_match(&etag);
    longer.await.refused(409, "illegal_transition");
    shop.books_balance().await;
}

async fn people_are_let_in_once(shop: TestShop) {
    let pass = granted(&shop, tasting(&shop, 2).await).await;
    let admit = format!("{}/admit", place(&pass));
    shop.post(&admit, json!({"gate": "north"}))
        .without("idempotency-key")
        .await
        .refused(400, "idempotency_key_required");
    let admitted = shop.operator("support").await.post(&admit, json!({"gate": "north"})).key("k").await.ok();
    assert_eq!((&admitted["status"], &admitted["admitted"]["gate"]), (&json!("spent"), &json!("north")));
    assert_eq!(admitted["admitted"]["by"]["name"], "support");
    let again = shop.post(&admit, json!({"gate": "south"})).await.refused(409, "already_admitted");
    let said = text(&again["detail"]);
    assert!(said.contains("north") && said.contains(&text(&admitted["admitted"]["at"])), "{said}");
    let reward = shop.list("/v1/rewards").await[0].clone();
    assert_eq!(reward["status"], "spent");
    let told = events(&shop, "pass.admitted").await;
    assert_eq!((told.len(), &told[0]["data"]["admitted"]), (1, &admitted["admitted"]));
    assert!(!told[0]["data"].to_string().contains(&text(&pass["code"])), "codes stand in no event");
    let void = shop.post(&format!("{}/void", path("/v1/vouchers", &pass["id"])), json!({"reason": "too late"}));
    void.await.refused(409, "illegal_transition");
    shop.books_balance().await;
}

/// One at each of sixty-four gates, at once.
pub async fn a_pass_at_many_gates_lets_in_once(shop: TestShop) {
    let pass = granted(&shop, tasting(&shop, 2).await).await;
    let admit = format!("{}/admit", place(&pass));
    let (by_id, by_code) = (json!({}), json!({"code": pass["code"]}));
    let tries = shop.everywhere().take(64).enumerate().map(|(number, door)| {
        let (place, mut body) =
            if number % 2 == 0 { (admit.as_str(), by_id.clone()) } else { ("/v1/passes/admit", by_code.clone()) };
        body["gate"] = json!(format!("gate {number}"));
        door.post(place, body).into_future()
    });
    let answers = join_all(tries).await;
    assert_eq!(answers.iter().filter(|answer| answer.status() == 200).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status() != 200) {
        answer.refused(409, "already_admitted");
    }
    let shown = shop.get(&place(&pass)).await.ok();
    assert_eq!((&shown["status"], &shown["conflicts"]), (&json!("spent"), &json!([])));
    assert_eq!(events(&shop, "pass.admitted").await.len(), 1);
    shop.books_balance().await;
}

async fn a_code_or_what_was_scanned_names_the_pass(shop: TestShop) {
    let event = tasting(&shop, 2).await;
    let (pass, other) = (granted(&shop, event.clone()).await, granted(&shop, event).await);
    let scan = async |code: &Value| shop.post("/v1/passes/admit", json!({"code": code, "gate": "north"})).await;
    scan(&json!("NO-SUCH-CODE")).await.refused(422, "voucher_unknown");
    let forged = text(&pass["scan"]).replace(&text(&pass["id"]), &text(&other["id"]));
    scan(&json!(forged)).await.refused(422, "voucher_unknown");
    let discount = shop.post("/v1/vouchers", json!({"kind": "amount_off", "amount": 500})).await.created();
    scan(&discount["code"]).await.refused(422, "not_applicable");
    let admit = format!("{}/admit", place(&pass));
    for wrong in [&other["code"], &other["scan"], &json!("NO-SUCH-CODE")] {
        shop.post(&admit, json!({"code": wrong, "gate": "north"})).await.refused(422, "voucher_unknown");
    }
    assert_eq!(scan(&pass["scan"]).await.ok()["id"], pass["id"]);
    let typed = text(&other["code"]).to_lowercase().replace('-', " ");
    assert_eq!(scan(&json!(typed)).await.ok()["id"], other["id"]);
    scan(&pass["code"]).await.refused(409, "already_admitted");
    shop.post(&format!("{}/admit", path("/v1/passes", &discount["id"])), json!({"gate": "g"}))
        .await
        .refused(404, "not_found");
    let stranger = shop.another().await;
    stranger.post(&admit, json!({"gate": "g"})).await.refused(404, "not_found");
    stranger.post("/v1/passes/admit", json!({"code": pass["scan"], "gate": "g"})).await.refused(422, "voucher_unknown");
}

async fn nobody_is_let_in_at_the_wrong_time_or_event(shop: TestShop) {
    let early = granted(&shop, tasting(&shop, 13).await).await;
    let admit = format!("{}/admit", place(&early));
    let refused = shop.post(&admit, json!({"gate": "north"})).await.refused(409, "voucher_not_yet_valid");
    assert!(text(&refused["detail"]).contains("people are let in from"), "{refused}");
    let pass = granted(&shop, tasting(&shop, 2).await).await;
    let admit = format!("{}/admit", place(&pass));
    let other = shop.post(&admit, json!({"gate": "north", "event": "Cinema"})).await.refused(422, "wrong_event");
    assert!(text(&other["detail"]).contains("Tasting") && other["errors"][0]["pointer"] == "/event", "{other}");
    shop.advance(1).await;
    shop.post(&admit, json!({"gate": "north"})).await.refused(409, "voucher_expired");
    assert_eq!(shop.get(&place(&pass)).await.ok()["status"], "expired");
    assert_eq!(shop.list("/v1/passes?admitted=true").await.len(), 0);
    let mut named = tasting(&shop, 2).await;
    named["reference"] = json!("E-7");
    let pass = granted(&shop, named).await;
    let admit = format!("{}/admit", place(&pass));
    shop.post(&admit, json!({"gate": "north", "event": "Tasting"})).await.refused(422, "wrong_event");
    shop.post(&admit, json!({"gate": "north", "event": "e-7"})).await.ok();
    shop.books_balance().await;
}

async fn what_is_void_lets_nobody_in(shop: TestShop) {
    let pass = granted(&shop, tasting(&shop, 2).await).await;
    let voucher = path("/v1/vouchers", &pass["id"]);
    let new = shop.post(&format!("{voucher}/replace"), json!({"reason": "lost"})).await.created();
    let admit = format!("{}/admit", place(&pass));
    let replaced = shop.post(&admit, json!({"gate": "north"})).await.refused(409, "voucher_void");
    assert!(text(&replaced["detail"]).contains("replaced"), "{replaced}");
    shop.post("/v1/passes/admit", json!({"code": pass["scan"], "gate": "g"})).await.refused(409, "voucher_void");
    let reward = path("/v1/rewards", &shop.list("/v1/rewards").await[0]["id"]);
    shop.post(&format!("{reward}/void"), json!({"reason": "not for her"})).await.ok();
    shop.post("/v1/passes/admit", json!({"code": new["code"], "gate": "g"})).await.refused(409, "voucher_void");
    let report = json!({"gate": "g", "admitted_at": instant(now(&shop).await)});
    shop.post(&format!("{}/admit", path("/v1/passes", &new["id"])), report).await.refused(409, "voucher_void");
    shop.books_balance().await;
}

async fn a_door_that_could_not_ask_reports_afterwards(shop: TestShop) {
    let pass = granted(&shop, tasting(&shop, 1).await).await;
    let admit = format!("{}/admit", place(&pass));
    let (at, pass_now) = (now(&shop).await, shop.get(&place(&pass)).await.ok());
    assert_eq!(pass_now["conflicts"], json!([]));
    let report = |gate: &str, minutes: i64| {
        shop.post(&admit, json!({"gate": gate, "admitted_at": instant(at - Duration::minutes(minutes))}))
    };
    let ahead = report("east", -60).await.refused(422, "invalid_field");
    assert_eq!(ahead["errors"][0]["pointer"], "/admitted_at");
    report("east", 12 * 60).await.refused(409, "voucher_not_yet_valid");
    shop.post(&admit, json!({"gate": "north"})).await.ok();
    // Two doors without a network let the same pass in before; one of them tells it twice.
    for (gate, minutes) in [("south", 5), ("west", 30), ("south", 5)] {
        assert_eq!(report(gate, minutes).await.ok()["id"], pass["id"]);
    }
    let shown = shop.get(&place(&pass)).await.ok();
    assert_eq!((&shown["admitted"]["gate"], elements(&shown["conflicts"]).len()), (&json!("west"), 2));
    let gates: Vec<_> = elements(&shown["conflicts"]).iter().map(|time| text(&time["gate"])).collect();
    assert_eq!(gates, ["south", "north"]);
    assert_eq!(shop.list("/v1/passes?conflicts=true").await.len(), 1);
    assert_eq!(shop.list("/v1/passes?conflicts=false").await.len(), 0);
    assert_eq!(events(&shop, "pass.admitted").await.len(), 3, "each time once");
    let again = shop.post(&admit, json!({"gate": "north"})).await.refused(409, "already_admitted");
    assert!(text(&again["detail"]).contains("west"), "{again}");
    shop.books_balance().await;
}

/// The door reports on the day after; the value of the pass had gone back meanwhile.
async fn what_was_let_in_before_it_lapsed_counts(shop: TestShop) {
    let pass = granted(&shop, tasting(&shop, 2).await).await;
    let at = now(&shop).await;
    shop.advance(1).await;
    assert_eq!(shop.list("/v1/rewards").await[0]["status"], "expired");
    let report = json!({"gate": "east", "admitted_at": instant(at)});
    let told = shop.post(
        "/v1/passes/admit",
        json!({"code": pass["scan"], "gate": "x", "admitted_at": instant(at + Duration::hours(6))}),
    );
    told.await.refused(409, "voucher_expired");
    let admitted = shop.post(&format!("{}/admit", place(&pass)), report).await.ok();
    assert_eq!((&admitted["status"], &admitted["admitted"]["gate"]), (&json!("spent"), &json!("east")));
    assert_eq!(shop.list("/v1/rewards").await[0]["status"], "spent");
    shop.books_balance().await;
}

async fn a_door_tells_passes_from_forged_ones(shop: TestShop) {
    let event = tasting(&shop, 2).await;
    let pass = granted(&shop, event.clone()).await;
    let keys = shop.get("/v1/passes/keys").await.ok();
    let key = URL_SAFE_NO_PAD.decode(text(&keys["keys"][0]["x"])).expect("a key");
    let scan = text(&pass["scan"]);
    let (said, signature) = scan.rsplit_once('.').expect("a signature");
    let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
    let holds =
        |key: &[u8], said: &str| UnparsedPublicKey::new(&ED25519, key).verify(said.as_bytes(), &signature).is_ok();
    let day = text(&event["starts_at"])[..10].replace('-', "");
    assert_eq!(said, format!("{}.{day}", text(&pass["id"])));
    assert!(holds(&key, said) && !holds(&key, &said.replace(&day, "20300101")));
    let others = shop.another().await.get("/v1/passes/keys").await.ok();
    let other = URL_SAFE_NO_PAD.decode(text(&others["keys"][0]["x"])).expect("a key");
    assert!(!holds(&other, said), "each shop has a key of its own");
    assert_eq!(shop.get("/v1/passes/keys").await.ok(), keys, "it stays");
}

async fn passes_are_listed_and_sent_as_csv(shop: TestShop) {
    let (event, mut cinema) = (tasting(&shop, 2).await, tasting(&shop, 3).await);
    cinema["name"] = json!("Cinema");
    let (one, other) = (granted(&shop, event.clone()).await, granted(&shop, event).await);
    granted(&shop, cinema).await;
    shop.post("/v1/vouchers", json!({"kind": "amount_off", "amount": 500})).await.created();
    shop.post(&format!("{}/admit", place(&one)), json!({"gate": "north"})).await.ok();
    let count = async |query: &str| shop.list(&format!("/v1/passes?{query}")).await.len();
    let table = [
        ("event=tasting", 2),
        ("event=TASTING&admitted=false", 1),
        ("admitted=true", 1),
        ("status=active", 2),
        ("status=spent", 1),
        ("status=void", 0),
        ("customer=ann", 3),
        ("customer=nobody", 0),
        ("event=Concert", 0),
        ("limit=200", 3),
    ];
    for (query, expected) in table {
        assert_eq!(count(query).await, expected, "{query}");
    }
    let listed = shop.list("/v1/passes?event=Tasting&admitted=false").await;
    assert_eq!((&listed[0]["id"], &listed[0]["scan"]), (&other["id"], &Value::Null));
    let sheet = shop.get("/v1/passes?format=csv&event=Tasting").await;
    let lines: Vec<&str> = sheet.text().lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].starts_with("id,code,status,event,seats,") && !lines[0].contains("scan"), "{}", lines[0]);
    shop.get("/v1/passes?admitted=perhaps").await.refused(422, "invalid_field");
    shop.get("/v1/passes?color=red").await.refused(422, "invalid_field");
}

async fn an_event_is_changed_and_calendars_follow(shop: TestShop) {
    let event = tasting(&shop, 2).await;
    let pass = granted(&shop, event.clone()).await;
    let read = shop.get(&place(&pass)).await;
    let mut later = tasting(&shop, 26).await;
    later["place"] = json!("Garden");
    let change = json!({"event": later});
    shop.patch(&place(&pass), change.clone()).await.refused(428, "precondition_required");
    shop.patch(&place(&pass), change.clone()).if_match("\"99\"").await.refused(412, "stale");
    let over = json!({"event": tasting(&shop, -5).await});
    shop.patch(&place(&pass), over).if_match(&read.etag()).await.refused(422, "invalid_field");
    let mut wrong = later.clone();
    wrong["time_zone"] = json!("Europe/Atlantis");
    let refused = shop.patch(&place(&pass), json!({"event": wrong})).if_match(&read.etag()).await;
    assert_eq!(refused.refused(422, "invalid_field")["errors"][0]["pointer"], "/event/time_zone");
    let answer = shop.patch(&place(&pass), change.clone()).if_match(&read.etag()).await;
    let changed = answer.ok();
    assert_eq!((&changed["event"], &changed["sequence"]), (&later, &json!(1)));
    assert_eq!(changed["valid_until"], later["ends_at"]);
    let same = shop.patch(&place(&pass), change).if_match(&answer.etag()).await;
    assert_eq!((same.ok()["sequence"].clone(), same.etag()), (json!(1), answer.etag()), "nothing is new");
    let kinds = async || {
        let mut kinds: Vec<_> = shop.list("/v1/messages").await.iter().map(|mail| text(&mail["kind"])).collect();
        kinds.sort();
        kinds
    };
    assert_eq!(kinds().await, ["pass_changed", "pass_issued"]);
    shop.post(&format!("{}/admit", place(&pass)), json!({"gate": "g"})).await.refused(409, "voucher_not_yet_valid");
    let reward = shop.list("/v1/rewards").await[0].clone();
    assert_eq!((&reward["event"]["place"], &reward["expires_at"]), (&json!("Garden"), &later["ends_at"]));
    shop.advance(1).await;
    shop.post(&format!("{}/void", path("/v1/vouchers", &pass["id"])), json!({"reason": "cancelled"})).await.ok();
    assert_eq!(kinds().await, ["pass_changed", "pass_issued", "pass_withdrawn"]);
    let etag = shop.get(&place(&pass)).await.etag();
    let late = shop.patch(&place(&pass), json!({"event": tasting(&shop, 9).await})).if_match(&etag);
    late.await.refused(409, "illegal_transition");
    shop.books_balance().await;
}

async fn a_program_pays_with_a_pass(shop: TestShop) {
    let event = tasting(&shop, 40 * 24).await;
    let soon = tasting(&shop, 20 * 24).await;
    let rule = |event: &Value| {
        json!({"to": "advocate", "on": "conversion", "kind": "event_pass", "event": event, "cost_amount": 300,
               "max_per_customer": 1})
    };
    let program = shop.program(json!({"rewards": [rule(&event), rule(&soon)], "budget": {"amount": 5000}})).await;
    let share = shop.share(&program, "ann").await;
    let order = |number: i64| {
        json!({"order_id": format!("A-{number}"), "customer": format!("friend-{number}"), "amount": 4990,
               "currency": "EUR", "evidence": {"token": share["token"]}})
    };
    let first = shop.post("/v1/conversions", order(1)).await.created();
    assert_eq!(elements(&first["rewards"]).len(), 2);
    assert_eq!(first["rewards"][0]["event"], event);
    let second = shop.post("/v1/conversions", order(2)).await.created();
    assert_eq!(second["refused_rewards"].as_array().map(Vec::len), Some(2), "one for each person");
    shop.advance(31).await;
    let status = async |index: usize| shop.get(&path("/v1/rewards", &first["rewards"][index]["id"])).await.ok();
    assert_eq!(status(0).await["status"], "issued");
    let gone = status(1).await;
    assert_eq!((&gone["status"], &gone["voucher"]), (&json!("voided"), &Value::Null), "its event is over");
    let late = shop.post("/v1/conversions", order(3)).await.created();
    assert!(elements(&late["refused_rewards"]).contains(&json!({"to": "advocate", "reason": "expired"})), "{late}");
    let refund = json!({"refund_id": "R-1", "kind": "withdrawal"});
    shop.post("/v1/conversions/A-1/refunds", refund).await.created();
    assert_eq!(shop.list("/v1/passes?status=void").await.len(), 1);
    shop.books_balance().await;
}

async fn what_no_pass_can_be_is_refused(shop: TestShop) {
    shop.customer("ann").await;
    let event = tasting(&shop, 2).await;
    let with = |name: &str, value: Value| {
        let mut event = event.clone();
        event[name] = value;
        json!({"kind": "event_pass", "event": event})
    };
    let over = json!({"kind": "event_pass", "event": tasting(&shop, -4).await});
    let table = [
        (json!({"kind": "event_pass"}), "/reward/event"),
        (with("time_zone", json!("Mars/Base")), "/reward/event/time_zone"),
        (with("ends_at", event["starts_at"].clone()), "/reward/event/ends_at"),
        (with("url", json!("javascript:alert(1)")), "/reward/event/url"),
        (with("place", json!("")), "/reward/event/place"),
        (with("colour", json!("red")), "/reward/event/colour"),
        (over, "/reward/event/starts_at"),
        (json!({"kind": "event_pass", "event": event, "seats": 0}), "/reward/seats"),
        (json!({"kind": "event_pass", "event": event, "seats": 21}), "/reward/seats"),
        (json!({"kind": "event_pass", "event": event, "amount": 5}), "/reward/amount"),
        (json!({"kind": "event_pass", "event": event, "valid": {"days": 5}}), "/reward/valid"),
        (json!({"kind": "gift_card", "amount": 5, "event": event}), "/reward/event"),
        (json!({"kind": "gift_card", "amount": 5, "seats": 1}), "/reward/seats"),
    ];
    for (reward, pointer) in table {
        let grant = json!({"customer": "ann", "reward": reward, "reason": "r"});
        let answer = shop.post("/v1/grants", grant).await;
        let refused = answer.json();
        assert_eq!((answer.status(), &refused["errors"][0]["pointer"]), (422, &json!(pointer)), "{refused}");
    }
    for kind in ["event_pass", "free_product", "custom"] {
        shop.post("/v1/vouchers", json!({"kind": kind})).await.refused(422, "invalid_field");
        let batch = json!({"name": "Flyer", "count": 5, "kind": kind});
        shop.post("/v1/voucher_batches", batch).await.refused(422, "invalid_field");
    }
    let checkout = json!({"to": "friend", "on": "checkout", "kind": "event_pass", "event": event});
    let program = json!({"name": "P", "landing_url": "https://shop.example/", "rewards": [checkout]});
    shop.post("/v1/programs", program).await.refused(422, "invalid_field");
    assert!(shop.list("/v1/passes").await.is_empty());
}

async fn who_may_let_in_and_who_may_look(shop: TestShop) {
    let pass = granted(&shop, tasting(&shop, 2).await).await;
    let (viewer, support) = (shop.operator("viewer").await, shop.operator("support").await);
    let admit = format!("{}/admit", place(&pass));
    viewer.post(&admit, json!({"gate": "g"})).await.refused(403, "forbidden");
    shop.key(&["vouchers:read"]).await.post(&admit, json!({"gate": "g"})).await.refused(403, "forbidden");
    let seen = viewer.get(&place(&pass)).await.ok();
    assert_eq!((&seen["scan"], text(&seen["code"]).starts_with("****")), (&Value::Null, true));
    support.patch(&place(&pass), json!({})).if_match("*").await.refused(403, "forbidden");
    shop.anonymous().get("/v1/passes").await.refused(401, "unauthenticated");
    let door = shop.key(&["vouchers:redeem"]).await;
    let admitted = door.post(&admit, json!({"gate": "g"})).await.ok();
    assert_eq!(admitted["admitted"]["by"]["type"], "key");
}

async fn an_export_tells_where_they_were(shop: TestShop) {
    let pass = granted(&shop, tasting(&shop, 2).await).await;
    shop.post(&format!("{}/admit", place(&pass)), json!({"gate": "north"})).await.ok();
    let export = shop.get("/v1/customers/ann/export").await.ok();
    assert_eq!((&export["admissions"][0]["gate"], &export["admissions"][0]["voucher"]), (&json!("north"), &pass["id"]));
    assert_eq!(export["vouchers"][0]["pass"]["seats"], 2);
    shop.delete("/v1/customers/ann").await.accepted();
    shop.server().settle_jobs().await;
    let left = shop.get(&place(&pass)).await.ok();
    assert_eq!((&left["customer"], &left["customer_id"]), (&Value::Null, &Value::Null));
    let told = events(&shop, "pass.admitted").await;
    assert_eq!(told[0]["data"]["erased"], true, "{}", told[0]);
}

async fn a_customer_sees_the_pass(shop: TestShop) {
    let pass = granted(&shop, tasting(&shop, 2).await).await;
    let ann = shop.browser("ann").await;
    let seen = ann.get("/v1/me/vouchers").await.ok()["data"][0].clone();
    assert_eq!((&seen["scan"], &seen["pass"]["event"]), (&pass["scan"], &pass["event"]));
    assert_eq!(ann.get("/v1/me/rewards").await.ok()["data"][0]["event"]["name"], "Tasting");
}

/// One of each is left: who comes second gets nothing.
async fn an_offer_gives_passes_and_products(shop: TestShop) {
    let event = tasting(&shop, 2).await;
    let town = Town::new(shop).await;
    let shop = &town.shop;
    let pass = json!({"kind": "event_pass", "event": event, "seats": 2, "cost_amount": 700});
    let mug = json!({"kind": "free_product", "sku": "mug", "cost_amount": 400});
    for (name, reward) in [("Tasting", pass), ("Mug", mug)] {
        let offer =
            json!({"name": name, "status": "active", "program": town.program["id"], "reward": reward, "capacity": 1});
        let offer = shop.post("/v1/offers", offer).await.created();
        town.claim(&offer, "ben", &town.private).await.created();
        town.claim(&offer, "cleo", &town.private).await.refused(409, "offer_exhausted");
        shop.books_balance().await;
    }
    let pass = shop.list("/v1/passes").await[0].clone();
    assert_eq!((&pass["event"], &pass["customer"], &pass["source"]), (&event, &json!("ben"), &json!("reward")));
    shop.post(&format!("{}/admit", place(&pass)), json!({"gate": "north"})).await.ok();
    let due = shop.list("/v1/rewards?status=due").await;
    assert_eq!((due.len(), &due[0]["sku"]), (1, &json!("mug")));
    shop.post(&format!("{}/fulfil", path("/v1/rewards", &due[0]["id"])), json!({"reference": "P-1"})).await.ok();
    shop.books_balance().await;
    let void = format!("{}/void", path("/v1/rewards", &due[0]["id"]));
    assert_eq!(shop.post(&void, json!({"reason": "it came back"})).await.ok()["status"], "voided");
    shop.books_balance().await;
}
