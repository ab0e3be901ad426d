//! Private links that get about: who is told, what is held back, and that nobody honest loses anything.

use super::{BROWSER, Town, unmet};
use crate::support::database::fresh_database;
use crate::support::server;
use crate::support::*;

on_both!(
    a_rush_of_claims_is_noticed_once,
    visits_from_public_pages_are_noticed,
    a_share_that_got_about_is_held_back_and_honest_claims_go_on,
    who_shares_there_again_gets_the_fresh_link,
    a_group_is_no_leak,
);

/// So many people claim by Anna's private share.
async fn rush(town: &Town, offer: &Value, from: usize, to: usize) -> Vec<Answer> {
    let asks = (from..to).map(|number| town.claim(offer, &format!("friend-{number}"), &town.private).into_future());
    futures_util::future::join_all(asks).await
}

async fn leaks(town: &Town) -> Vec<Value> {
    let (mut events, mut after) = (Vec::new(), 0);
    loop {
        let page = elements(&town.shop.get(&format!("/v1/events?after={after}&limit=200")).await.ok()["data"]);
        let Some(last) = page.last() else { break };
        after = last["seq"].as_i64().expect("a number");
        events.extend(page);
    }
    events.retain(|event| event["type"] == "offer.leaking");
    events.into_iter().map(|event| event["data"].clone()).collect()
}

async fn a_rush_of_claims_is_noticed_once(shop: TestShop) {
    let town = Town::new(shop).await;
    town.shop.to_mid_month().await;
    let offer = town.offer(json!({})).await;
    rush(&town, &offer, 0, 30).await;
    assert!(leaks(&town).await.is_empty(), "a large circle of friends");
    let more = rush(&town, &offer, 30, 50).await;
    assert!(more.iter().all(|answer| answer.status() == 201), "it only warns");
    let leaks = leaks(&town).await;
    assert_eq!(leaks.len(), 1);
    assert_eq!(
        (&leaks[0]["share"], &leaks[0]["customer"], &leaks[0]["claims_today"]),
        (&town.private["id"], &json!("anna"), &json!(31))
    );
    let mails = town.shop.list("/v1/messages?kind=link_replaced").await;
    assert_eq!((mails.len(), &mails[0]["customer"]), (1, &json!("anna")));
    town.shop.books_balance().await;
}

/// Each from an address of their own, in a server that believes its proxy.
async fn visits_from_public_pages_are_noticed(shop: TestShop) {
    let database = fresh_database(shop.backend);
    let server = server::own(&database, &[("GRAPEVINE_TRUSTED_PROXIES", "127.0.0.1")]).await;
    let shop = TestShop::in_server(&server).await;
    let program =
        json!({"name": "P", "slug": "p", "status": "active", "landing_url": "https://shop.example/", "rewards": []});
    shop.post("/v1/programs", program).await.created();
    let share = json!({"program": "p", "customer_details": {"email": "anna@mail.example"}, "channel": "whatsapp"});
    let share = shop.post("/v1/shares", share).await.created();
    let offer = json!({"name": "O", "status": "active", "program": "p", "reward": {"kind": "free_shipping"}, "per_customer": 9});
    let offer = shop.post("/v1/offers", offer).await.created();
    let open = async |number: usize, from: &str| {
        let link = format!("/s/{}", text(&share["token"]));
        let ask = Actor::anonymous(shop.base()).get(&link).header("user-agent", BROWSER).header("referer", from);
        ask.header("x-forwarded-for", &format!("198.51.100.{number}")).await.found();
    };
    let claim = async || {
        let ask = json!({"customer": "ben", "evidence": {"token": share["token"]}});
        shop.post(&format!("{}/claims", path("/v1/offers", &offer["id"])), ask).await.created();
        let events = elements(&shop.get("/v1/events?after=0&limit=200").await.ok()["data"]);
        events.into_iter().filter(|event| event["type"] == "offer.leaking").collect::<Vec<_>>()
    };
    // What one visitor says is no proof, however often, and what stands before every link of a private message tells
    // nothing.
    for number in 1..20 {
        open(1, "https://www.mydealz.de/gutscheine/kaffee").await;
        open(number, "https://l.instagram.com/?u=x").await;
    }
    server.app.links.settle().await;
    assert!(claim().await.is_empty());
    for number in 20..30 {
        open(number, "https://www.mydealz.de/gutscheine/kaffee").await;
    }
    server.app.links.settle().await;
    let leaks = claim().await;
    assert_eq!((&leaks[0]["data"]["public_visits"], &leaks[0]["data"]["visits"]), (&json!(11), &json!(48)));
    server.stop().await;
}

async fn a_share_that_got_about_is_held_back_and_honest_claims_go_on(shop: TestShop) {
    let town = Town::new(shop).await;
    town.shop.to_mid_month().await;
    let offer = town.offer(json!({"leak": "throttle"})).await;
    // Dora followed the link before; her mark shows it.
    let link = format!("/s/{}", text(&town.private["token"]));
    let landing = town.shop.anonymous().get(&link).header("user-agent", BROWSER).await.found().to_owned();
    let mark = landing.split("gv=").nth(1).and_then(|rest| rest.split('&').next()).expect("a mark").to_owned();
    town.shop.post("/v1/test/clock", json!({"advance_days": 1})).await.ok();
    assert!(rush(&town, &offer, 0, 31).await.iter().all(|answer| answer.status() == 201));
    assert_eq!(leaks(&town).await.len(), 1);
    let after = rush(&town, &offer, 31, 60).await;
    assert_eq!(after.iter().filter(|answer| answer.status() == 201).count(), 5, "so many an hour");
    for answer in after.iter().filter(|answer| answer.status() != 201) {
        let refused = answer.refused(409, "limit_reached");
        assert_eq!(refused["errors"][0]["pointer"], "/conditions/held_back");
    }
    let honest = json!({"customer": "dora", "evidence": {"token": mark.clone()}});
    assert_eq!(town.check(&offer, honest.clone()).await["eligible"], true);
    town.shop.post(&format!("{}/claims", path("/v1/offers", &offer["id"])), honest).await.created();
    // The mark speaks for one person: it stands in an address that can be handed on.
    let copied = json!({"customer": "emil", "evidence": {"token": mark}});
    assert_eq!(unmet(&town.check(&offer, copied).await), ["held_back"]);
    let late = json!({"customer": "late", "evidence": {"token": town.private["token"]}});
    assert_eq!(unmet(&town.check(&offer, late).await), ["held_back"]);
    // An offer that only warns lets them in.
    let warns = town.offer(json!({})).await;
    town.claim(&warns, "late", &town.private).await.created();
}

async fn who_shares_there_again_gets_the_fresh_link(shop: TestShop) {
    let town = Town::new(shop).await;
    town.shop.to_mid_month().await;
    let offer = town.offer(json!({"leak": "throttle"})).await;
    rush(&town, &offer, 0, 31).await;
    let ask = json!({"program": town.program["id"], "customer": "anna", "channel": "whatsapp"});
    let fresh = town.shop.post("/v1/shares", ask.clone()).await.ok();
    assert_ne!(fresh["token"], town.private["token"]);
    assert_eq!((&fresh["id"], &fresh["counts"]["visits"]), (&leaks(&town).await[0]["fresh_share"], &json!(0)));
    town.claim(&offer, "friend-by-fresh", &fresh).await.created();
    // It may get about as well, and so on.
    let asks = (100..131).map(|number| town.claim(&offer, &format!("friend-{number}"), &fresh).into_future());
    futures_util::future::join_all(asks).await;
    let third = town.shop.post("/v1/shares", ask).await.ok();
    let told = leaks(&town).await;
    assert_eq!(third["id"], told[1]["fresh_share"], "{told:?}");
    assert_ne!(third["token"], fresh["token"]);
    // The old link still leads to the shop.
    town.open(&town.private).await;
}

async fn a_group_is_no_leak(shop: TestShop) {
    let town = Town::new(shop).await;
    town.shop.to_mid_month().await;
    let offer = town.offer(json!({"kind": "group", "group": {"places": 100}})).await;
    assert!(rush(&town, &offer, 0, 50).await.iter().all(|answer| answer.status() == 201));
    assert!(leaks(&town).await.is_empty());
}
