//! The passes that an offer gives: who has one, who was let in, and how they follow the event when it is changed.

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use futures_util::future::join_all;

use super::Town;
use crate::support::*;

on_both!(
    the_passes_of_an_offer_are_listed,
    who_may_look_at_the_passes_of_an_offer,
    passes_follow_the_event_of_their_offer,
    a_later_change_overtakes_an_earlier_one,
    what_was_over_stays_over,
    many_passes_follow_each_once,
    what_an_event_cannot_become_is_refused,
);

/// An evening that begins so many hours from the shop's time, and takes three.
async fn evening(town: &Town, hours: i64, place: &str) -> Value {
    let probe = town.shop.put(&format!("/v1/customers/{}", fresh("probe")), json!({})).await.created();
    let now: DateTime<Utc> = text(&probe["created_at"]).parse().expect("an instant");
    let instant = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let starts = now + Duration::hours(hours);
    json!({"name": "Tasting", "starts_at": instant(starts), "ends_at": instant(starts + Duration::hours(3)),
           "time_zone": "UTC", "place": place})
}

fn pass_for(event: &Value) -> Value {
    json!({"kind": "event_pass", "event": event, "seats": 2, "cost_amount": 700})
}

/// An open offer of passes.
async fn offer(town: &Town, event: &Value) -> Value {
    let offer =
        json!({"name": "Tasting", "status": "active", "program": town.program["id"], "reward": pass_for(event)});
    town.shop.post("/v1/offers", offer).await.created()
}

/// Somebody with an address claims; answers the path of the pass.
async fn claim(town: &Town, offer: &Value, who: &str) -> String {
    town.shop.put(&format!("/v1/customers/{who}"), json!({"email": format!("{who}@mail.example")})).await.created();
    let claim = town.claim(offer, who, &town.private).await.created();
    path("/v1/passes", &claim["voucher"])
}

fn passes(offer: &Value) -> String {
    format!("{}/passes", path("/v1/offers", &offer["id"]))
}

/// The event of an offer is changed.
async fn change(town: &Town, offer: &Value, event: &Value) -> Answer {
    let place = path("/v1/offers", &offer["id"]);
    let etag = town.shop.get(&place).await.etag();
    town.shop.patch(&place, json!({"reward": pass_for(event)})).if_match(&etag).await
}

/// How often customers were told that something had changed.
async fn told(shop: &TestShop) -> usize {
    shop.list("/v1/messages?kind=pass_changed").await.len()
}

async fn the_passes_of_an_offer_are_listed(shop: TestShop) {
    let town = Town::new(shop).await;
    let event = evening(&town, 2, "Cellar").await;
    let (one, other) = (offer(&town, &event).await, offer(&town, &event).await);
    let ben = claim(&town, &one, "ben").await;
    let cleo = claim(&town, &one, "cleo").await;
    claim(&town, &other, "dora").await;
    let grant = json!({"customer": "ben", "reward": pass_for(&event), "reason": "thanks"});
    town.shop.post("/v1/grants", grant).await.created();
    let admitted = town.shop.post(&format!("{ben}/admit"), json!({"gate": "north"})).await.ok();
    let all = town.shop.list(&passes(&one)).await;
    let customers: Vec<_> = all.iter().map(|pass| text(&pass["customer"])).collect();
    assert_eq!(customers, ["cleo", "ben"], "the newest first");
    assert_eq!((&all[1]["admitted"], &all[0]["admitted"]), (&admitted["admitted"], &Value::Null));
    assert_eq!(all[1], town.shop.list("/v1/passes?admitted=true").await[0], "as they are shown elsewhere");
    for (asked, customer) in [(true, "ben"), (false, "cleo")] {
        let some = town.shop.list(&format!("{}?admitted={asked}", passes(&one))).await;
        assert_eq!((some.len(), &some[0]["customer"]), (1, &json!(customer)));
    }
    // One by one.
    let first = town.shop.get(&format!("{}?limit=1", passes(&one))).await.ok();
    assert_eq!((elements(&first["data"]).len(), &first["data"][0]["customer"]), (1, &json!("cleo")));
    let second = town.shop.get(&format!("{}?limit=1&after={}", passes(&one), text(&first["next"]))).await.ok();
    assert_eq!((&second["data"][0]["customer"], &second["next"]), (&json!("ben"), &Value::Null));
    let sheet = town.shop.get(&format!("{}?format=csv", passes(&one))).await;
    let lines: Vec<&str> = sheet.text().lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].starts_with("id,code,status,event,seats,") && lines[2].contains("north"), "{lines:?}");
    // A pass that was lost is there as the one that stands for it.
    let voucher = cleo.replace("/v1/passes", "/v1/vouchers");
    let new = town.shop.post(&format!("{voucher}/replace"), json!({"reason": "lost"})).await.created();
    let all = town.shop.list(&passes(&one)).await;
    assert_eq!((all.len(), &all[0]["id"], &all[0]["customer"]), (2, &new["id"], &json!("cleo")));
    // What gives no passes has none.
    let discount = town.offer(json!({})).await;
    town.claim(&discount, "ben", &town.private).await.created();
    assert!(town.shop.list(&passes(&discount)).await.is_empty());
    town.shop.get(&format!("{}?color=red", passes(&one))).await.refused(422, "invalid_field");
    town.shop.get(&format!("{}?admitted=perhaps", passes(&one))).await.refused(422, "invalid_field");
}

async fn who_may_look_at_the_passes_of_an_offer(shop: TestShop) {
    let town = Town::new(shop).await;
    let event = evening(&town, 2, "Cellar").await;
    let offer = offer(&town, &event).await;
    claim(&town, &offer, "ben").await;
    let list = passes(&offer);
    let seen = town.shop.operator("viewer").await.get(&list).await.ok();
    assert!(text(&seen["data"][0]["code"]).starts_with("****"), "{seen}");
    assert_eq!(elements(&town.shop.key(&["vouchers:read"]).await.get(&list).await.ok()["data"]).len(), 1);
    town.shop.key(&["offers:read"]).await.get(&list).await.refused(403, "forbidden");
    town.shop.anonymous().get(&list).await.refused(401, "unauthenticated");
    town.shop.another().await.get(&list).await.refused(404, "not_found");
    town.shop.get("/v1/offers/ofr_01kaskqz3m0d2w9xk7y5hd1v8r/passes").await.refused(404, "not_found");
}

async fn passes_follow_the_event_of_their_offer(shop: TestShop) {
    let town = Town::new(shop).await;
    let shop = &town.shop;
    let event = evening(&town, 2, "Cellar").await;
    let offer = offer(&town, &event).await;
    let ben = claim(&town, &offer, "ben").await;
    let cleo = claim(&town, &offer, "cleo").await;
    let dora = claim(&town, &offer, "dora").await;
    let emil = claim(&town, &offer, "emil").await;
    // Cleo was let in, Dora's is for another hall, Emil's was withdrawn.
    shop.post(&format!("{cleo}/admit"), json!({"gate": "north"})).await.ok();
    let hall = evening(&town, 5, "Hall").await;
    let etag = shop.get(&dora).await.etag();
    shop.patch(&dora, json!({"event": hall})).if_match(&etag).await.ok();
    let void = format!("{}/void", emil.replace("/v1/passes", "/v1/vouchers"));
    shop.post(&void, json!({"reason": "not for him"})).await.ok();
    assert_eq!(told(shop).await, 1);
    let garden = evening(&town, 26, "Garden").await;
    let changed = change(&town, &offer, &garden).await.ok();
    assert_eq!(changed["reward"]["event"], garden);
    shop.server().settle_jobs().await;
    let moved = shop.get(&ben).await.ok();
    assert_eq!((&moved["event"], &moved["sequence"], &moved["status"]), (&garden, &json!(1), &json!("active")));
    assert_eq!(moved["valid_until"], garden["ends_at"]);
    for (pass, stays) in [(&cleo, &event), (&dora, &hall), (&emil, &event)] {
        assert_eq!(&shop.get(pass).await.ok()["event"], stays, "{pass}");
    }
    assert_eq!(told(shop).await, 2, "Ben was told, and Dora before");
    let reward = shop.list("/v1/rewards?customer=ben").await[0].clone();
    assert_eq!((&reward["event"], &reward["expires_at"]), (&garden, &garden["ends_at"]));
    let jobs = shop.list("/v1/jobs?kind=change_passes").await;
    assert_eq!((jobs.len(), &jobs[0]["status"], &jobs[0]["done"]), (1, &json!("finished"), &jobs[0]["total"]));
    // Who comes now has one for the event as it is; the same event again is told to nobody.
    let finn = claim(&town, &offer, "finn").await;
    change(&town, &offer, &garden).await.ok();
    shop.server().settle_jobs().await;
    assert_eq!((&shop.get(&finn).await.ok()["sequence"], told(shop).await), (&json!(0), 2));
    // Ben's is changed by hand now, and goes its own way; an offer that ends cancels nothing.
    let etag = shop.get(&ben).await.etag();
    shop.patch(&ben, json!({"event": hall})).if_match(&etag).await.ok();
    let roof = evening(&town, 50, "Roof").await;
    change(&town, &offer, &roof).await.ok();
    shop.post(&format!("{}/end", path("/v1/offers", &offer["id"])), json!({})).await.ok();
    shop.server().settle_jobs().await;
    assert_eq!(shop.get(&ben).await.ok()["event"], hall);
    let follows = shop.get(&finn).await.ok();
    assert_eq!((&follows["event"], &follows["status"]), (&roof, &json!("active")));
    assert_eq!(shop.list("/v1/jobs?kind=change_passes").await.len(), 1, "an offer has one job of these");
    shop.books_balance().await;
}

async fn a_later_change_overtakes_an_earlier_one(shop: TestShop) {
    let town = Town::new(shop).await;
    let event = evening(&town, 2, "Cellar").await;
    let offer = offer(&town, &event).await;
    let (ben, cleo) = (claim(&town, &offer, "ben").await, claim(&town, &offer, "cleo").await);
    for (hours, place) in [(20, "Hall"), (30, "Garden"), (40, "Roof")] {
        change(&town, &offer, &evening(&town, hours, place).await).await.ok();
    }
    town.shop.server().settle_jobs().await;
    for pass in [ben, cleo] {
        let pass = town.shop.get(&pass).await.ok();
        assert_eq!(pass["event"]["place"], "Roof");
        assert!(pass["sequence"].as_i64().is_some_and(|changes| (1..=3).contains(&changes)), "{pass}");
    }
    town.shop.books_balance().await;
}

/// The offer is for another evening now; what was good for the last one and not used is not good again.
async fn what_was_over_stays_over(shop: TestShop) {
    let town = Town::new(shop).await;
    let event = evening(&town, 2, "Cellar").await;
    let offer = offer(&town, &event).await;
    let ben = claim(&town, &offer, "ben").await;
    town.shop.advance(1).await;
    assert_eq!(town.shop.get(&ben).await.ok()["status"], "expired");
    let next = evening(&town, 20, "Cellar").await;
    change(&town, &offer, &next).await.ok();
    town.shop.server().settle_jobs().await;
    let pass = town.shop.get(&ben).await.ok();
    assert_eq!((&pass["status"], &pass["event"]), (&json!("expired"), &event));
    assert_eq!(told(&town.shop).await, 0);
    town.shop.books_balance().await;
}

/// More than one chunk of a job takes.
async fn many_passes_follow_each_once(shop: TestShop) {
    const MANY: usize = 60;
    let town = Town::new(shop).await;
    let event = evening(&town, 2, "Cellar").await;
    let offer = offer(&town, &event).await;
    let names: Vec<String> = (0..MANY).map(|number| format!("friend-{number}")).collect();
    join_all(names.iter().map(|name| claim(&town, &offer, name))).await;
    let garden = evening(&town, 26, "Garden").await;
    change(&town, &offer, &garden).await.ok();
    town.shop.server().settle_jobs().await;
    let all = town.shop.list(&passes(&offer)).await;
    assert_eq!(all.len(), MANY);
    assert!(all.iter().all(|pass| pass["event"] == garden && pass["sequence"] == 1), "{all:?}");
    assert_eq!(told(&town.shop).await, MANY);
    town.shop.books_balance().await;
}

async fn what_an_event_cannot_become_is_refused(shop: TestShop) {
    let town = Town::new(shop).await;
    let event = evening(&town, 2, "Cellar").await;
    let offer = offer(&town, &event).await;
    let over = change(&town, &offer, &evening(&town, -5, "Cellar").await).await;
    assert_eq!(over.refused(422, "invalid_field")["errors"][0]["pointer"], "/reward/event/starts_at");
    let place = path("/v1/offers", &offer["id"]);
    let mug = json!({"reward": {"kind": "free_product", "sku": "mug", "cost_amount": 400}});
    let etag = town.shop.get(&place).await.etag();
    // As long as nobody has one, it may give something else.
    let answer = town.shop.patch(&place, mug.clone()).if_match(&etag).await;
    answer.ok();
    let back = json!({"reward": pass_for(&event)});
    town.shop.patch(&place, back).if_match(&answer.etag()).await.ok();
    claim(&town, &offer, "ben").await;
    let etag = town.shop.get(&place).await.etag();
    let refused = town.shop.patch(&place, mug).if_match(&etag).await.refused(422, "invalid_field");
    assert_eq!(refused["errors"][0]["pointer"], "/reward/kind");
    assert!(town.shop.list("/v1/jobs?kind=change_passes").await.is_empty());
}
