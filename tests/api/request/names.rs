//! Names that people choose never have the form of ids, and what is looked up by "id or name" is decided by form.

use grapevine::decide::access::create_key::CreateKey;
use grapevine::engine::{Founding, NewShop};
use grapevine::records::money::Currency;
use grapevine::records::scope::Scope;
use grapevine::records::shop::Mode;
use grapevine::server::Server;

use crate::support::database::fresh_database;
use crate::support::*;

on_both!(
    a_shop_takes_no_others_name,
    a_slug_of_old_that_looks_like_an_id_leads_nobody_astray,
    a_word_that_looks_like_an_id_is_refused_wherever_it_is_chosen,
    the_shops_own_ids_are_told_from_ours,
    a_program_and_an_order_are_found_by_form,
);

/// What stands behind the prefix of an id that names nothing.
const REST: &str = "01arz3ndektsv4rrffq69g5fav";

/// The shop's operator, and how they sign in at a shop of this name.
async fn operator(actor: &Actor, email: &str) -> impl Fn(&str) -> Value {
    let body = json!({"email": email, "role": "owner", "password": "correct horse battery"});
    actor.post("/v1/operators", body).await.created();
    let email = email.to_owned();
    move |shop| json!({"email": email, "password": "correct horse battery", "shop": shop})
}

async fn a_shop_takes_no_others_name(shop: TestShop) {
    let other = shop.another().await;
    let login = operator(&shop, "mia@shop.example").await;
    let etag = other.get("/v1/shop").await.etag();
    for slug in [&shop.id, &other.id, &format!("shp_{REST}"), &format!("prg_{REST}")] {
        let problem = other.patch("/v1/shop", json!({ "slug": slug })).if_match(&etag).await;
        assert_eq!(problem.refused(422, "invalid_field")["errors"][0]["pointer"], "/slug", "{slug}");
    }
    shop.anonymous().post("/v1/operators/token", login(&shop.id)).await.ok();
    other.patch("/v1/shop", json!({"slug": format!("shp-{}", fresh("x").to_lowercase())})).if_match(&etag).await.ok();
}

/// A shop that was founded with this slug when any was good, and its key.
async fn founded(server: &Server, slug: &str) -> Actor {
    let new = NewShop {
        name: serde_json::from_value(json!("Shop of old")).expect("a name"),
        currency: Currency::parse("EUR").expect("a currency"),
        mode: Mode::Test,
        locale: serde_json::from_value(json!("de")).expect("a language"),
        landing_hosts: vec!["shop.example".to_owned()],
        slug: Some(serde_json::from_value(json!(slug)).expect("a slug")),
        country: None,
        time_zone: "UTC".to_owned(),
        grant_approval_above: None,
        test_recipients: Vec::new(),
    };
    let made = Founding::of(new, server.app.now()).found(&server.app.target).expect("it is founded");
    let scopes: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    let key: CreateKey = serde_json::from_value(json!({"name": "test", "scopes": scopes})).expect("a key");
    let key = CreateKey { giver: Scope::ALL.to_vec(), ..key };
    let key = server::command(server, made.expect("the slug is free").id, key).await;
    Actor::bearer(&format!("http://{}", server.address), &text(&key["secret"]))
}

async fn a_slug_of_old_that_looks_like_an_id_leads_nobody_astray(shop: TestShop) {
    let server = server::own(&fresh_database(shop.backend), &[]).await;
    let victim = TestShop::in_server(&server).await;
    let id = text(&victim.get("/v1/shop").await.ok()["id"]);
    let thief = founded(&server, &id).await;
    let (of_victim, of_thief) = (operator(&victim, "mia@a.example").await, operator(&thief, "mia@b.example").await);
    let stranger = Actor::anonymous(victim.base());
    stranger.post("/v1/operators/token", of_victim(&id)).await.ok();
    stranger.post("/v1/operators/token", of_thief(&id)).await.refused(401, "unauthenticated");
    let own = text(&thief.get("/v1/shop").await.ok()["id"]);
    stranger.post("/v1/operators/token", of_thief(&own)).await.ok();
    server.stop().await;
}

async fn a_word_that_looks_like_an_id_is_refused_wherever_it_is_chosen(shop: TestShop) {
    let named = |prefix: &str| format!("{prefix}_{REST}");
    let program = json!({"name": "Tell", "slug": named("prg"), "landing_url": "https://shop.example/"});
    let channel = json!({"name": "Flyer", "private": true});
    let program = shop.post("/v1/programs", program).await;
    let channel = shop.put(&format!("/v1/channels/{}", named("shr")), channel).await;
    for (answer, pointer) in [(program, "/slug"), (channel, "/key")] {
        assert_eq!(answer.refused(422, "invalid_field")["errors"][0]["pointer"], pointer);
    }
    shop.customer("anna").await;
    let program = shop.program(json!({"slug": "tell"})).await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    for code in [format!("CUS-{REST}"), format!("vch{REST}"), format!("K-E-Y-{REST}")] {
        let voucher = json!({"kind": "amount_off", "amount": 500, "code": code, "max_redemptions": 1});
        let voucher = shop.post("/v1/vouchers", voucher).await;
        let advocate = shop.post(&codes, json!({"customer": "anna", "code": code})).await;
        for answer in [voucher, advocate] {
            assert_eq!(answer.refused(422, "invalid_field")["errors"][0]["pointer"], "/code", "{code}");
        }
    }
    assert!(shop.list("/v1/vouchers").await.is_empty());
}

async fn the_shops_own_ids_are_told_from_ours(shop: TestShop) {
    let named = |prefix: &str| format!("{prefix}_{REST}");
    let at = |problem: Value| problem["errors"][0]["pointer"].clone();
    shop.put(&format!("/v1/customers/{}", named("cus")), json!({})).await.refused(422, "invalid_field");
    shop.customer("anna").await;
    let order = |order_id: &str| json!({"order_id": order_id, "amount": 4990, "currency": "EUR"});
    let refused = shop.post("/v1/conversions", order(&named("cnv"))).await;
    assert_eq!(at(refused.refused(422, "invalid_field")), "/order_id");
    let voucher =
        |prefix: &str| json!({"kind": "amount_off", "amount": 500, "max_redemptions": 2, "reference": named(prefix)});
    let grant = json!({"customer": "anna", "reward": {"kind": "store_credit", "amount": 5}, "reason": "r", "reference": named("grt")});
    assert_eq!(at(shop.post("/v1/vouchers", voucher("vch")).await.refused(422, "invalid_field")), "/reference");
    assert_eq!(at(shop.post("/v1/grants", grant).await.refused(422, "invalid_field")), "/reference");
    // A shop that forms its ids as we do keeps them: of other kinds than ours they are its own.
    let code = shop.post("/v1/vouchers", voucher("inv")).await.created()["code"].clone();
    shop.put(&format!("/v1/customers/{}", named("usr")), json!({})).await.created();
    let cart = |name: &str, value: &str| {
        let mut cart = json!({"codes": [code], "currency": "EUR", "amount": 4990, "order_id": named("ord")});
        cart[name] = json!(value);
        cart
    };
    for (name, prefix) in [("order_id", "cnv"), ("cart_id", "hld")] {
        for place in ["/v1/vouchers/check", "/v1/holds", "/v1/redemptions"] {
            let answer = shop.post(place, cart(name, &named(prefix))).await;
            assert_eq!(at(answer.refused(422, "invalid_field")), format!("/{name}"), "{place}");
        }
    }
    let redemption = shop.post("/v1/redemptions", cart("order_id", &named("ord"))).await.created();
    let conversion = shop.post("/v1/conversions", order(&named("ord"))).await.created();
    let reversals = format!("{}/reversals", path("/v1/redemptions", &redemption["id"]));
    // What we undo for an order or a refund is named by its id.
    for name in [text(&conversion["id"]), named("rfd"), named("rev")] {
        let reversal = shop.post(&reversals, json!({"reversal_id": name, "reason": "payment failed"})).await;
        assert_eq!(at(reversal.refused(422, "invalid_field")), "/reversal_id", "{name}");
    }
    let refunds = format!("{}/refunds", path("/v1/conversions", &conversion["id"]));
    let refund = shop.post(&refunds, json!({"refund_id": named("rfd"), "kind": "refund"})).await;
    assert_eq!(at(refund.refused(422, "invalid_field")), "/refund_id");
    let job = shop.imported("customers", &format!("external_id\n{}\n{}\n", named("cus"), named("per"))).await;
    assert_eq!((&job["refused"], &job["done"]), (&json!(1), &json!(2)), "{job}");
    shop.books_balance().await;
}

async fn a_program_and_an_order_are_found_by_form(shop: TestShop) {
    let program = shop.program(json!({"slug": "tell"})).await;
    let mut order = json!({"order_id": "A-1", "amount": 4990, "currency": "EUR", "program": "tell"});
    let made = shop.post("/v1/conversions", order.clone()).await.created();
    for (number, name) in [("A-2", text(&program["id"])), ("A-3", "tell".to_owned())] {
        (order["order_id"], order["program"]) = (json!(number), json!(name));
        shop.post("/v1/conversions", order.clone()).await.created();
    }
    for name in [text(&program["id"]), "tell".to_owned()] {
        let place = format!("/v1/programs/{name}");
        let seen = shop.get(&place).await;
        assert_eq!(seen.ok()["id"], program["id"]);
        let changed = shop.patch(&place, json!({"name": name})).if_match(&seen.etag()).await.ok();
        assert_eq!((&changed["id"], &changed["name"]), (&program["id"], &json!(name)));
        for status in ["pause", "activate"] {
            assert_eq!(shop.post(&format!("{place}/{status}"), json!({})).await.ok()["id"], program["id"]);
        }
    }
    shop.get("/v1/programs/nothing").await.refused(404, "not_found");
    (order["order_id"], order["program"]) = (json!("A-4"), json!(format!("prg_{REST}")));
    shop.post("/v1/conversions", order).await.refused(422, "program_unknown");
    for name in [text(&made["id"]), "A-1".to_owned()] {
        assert_eq!(shop.get(&format!("/v1/conversions/{name}")).await.ok()["id"], made["id"]);
    }
    shop.get(&format!("/v1/conversions/cnv_{REST}")).await.refused(404, "not_found");
}
