//! What was taken away is gone: each token is of a generation, and ends with it, on every process.

use std::time::{Duration, Instant};

use crate::support::database::fresh_database;
use crate::support::process::Process;
use crate::support::server::block_on;
use crate::support::*;

on_both!(
    what_is_taken_from_an_operator_ends_their_tokens,
    what_is_given_to_an_operator_ends_nothing,
    a_narrowed_key_ends_its_tokens_and_a_wider_one_does_not,
);

/// The longest that another process remembers who may do what: the contract promises it.
const MEMORY: Duration = Duration::from_secs(1);
const PASSWORD: &str = "correct horse battery";

/// An operator with a role; where they are found.
async fn operator(shop: &TestShop, role: &str) -> (String, String) {
    let email = format!("{}@shop.example", fresh(role));
    let body = json!({"email": email, "role": role, "password": PASSWORD});
    (path("/v1/operators", &shop.post("/v1/operators", body).await.created()["id"]), email)
}

async fn signed_in(shop: &TestShop, base: &str, email: &str, password: &str) -> Actor {
    let login = json!({"email": email, "password": password, "shop": shop.id});
    let token = Actor::anonymous(base).post("/v1/operators/token", login).await.ok();
    Actor::bearer(base, &text(&token["access_token"]))
}

async fn exchanged(base: &str, secret: &Value, scope: &str) -> Actor {
    let wanted = json!({"grant_type": "client_credentials", "client_secret": secret, "scope": scope});
    let token = Actor::anonymous(base).post("/v1/token", wanted).await.ok();
    Actor::bearer(base, &text(&token["access_token"]))
}

async fn what_is_taken_from_an_operator_ends_their_tokens(shop: TestShop) {
    let another = "another one, and longer";
    let cases = [
        (json!({"password": another}), json!({"password": PASSWORD})),
        (json!({"role": "viewer"}), json!({"role": "manager"})),
        (json!({"disabled": true}), json!({"disabled": false})),
    ];
    for (taken, given_back) in cases {
        let (place, email) = operator(&shop, "manager").await;
        let mia = signed_in(&shop, shop.base(), &email, PASSWORD).await;
        mia.get("/v1/shop").await.ok();
        shop.patch(&place, taken.clone()).await.ok();
        mia.get("/v1/shop").await.refused(401, "unauthenticated");
        shop.patch(&place, given_back).await.ok();
        mia.get("/v1/shop").await.refused(401, "unauthenticated");
        signed_in(&shop, shop.base(), &email, PASSWORD).await.get("/v1/shop").await.ok();
        mia.get("/v1/shop").await.refused(401, "unauthenticated");
    }
    let (place, email) = operator(&shop, "support").await;
    let mia = signed_in(&shop, shop.base(), &email, PASSWORD).await;
    shop.delete(&place).await.no_content();
    shop.patch(&place, json!({"disabled": false})).await.ok();
    mia.get("/v1/shop").await.refused(401, "unauthenticated");
    // They may change their own password; the other sessions end, this one too.
    let (place, email) = operator(&shop, "owner").await;
    let (one, two) = (signed_in(&shop, shop.base(), &email, PASSWORD), signed_in(&shop, shop.base(), &email, PASSWORD));
    let (one, two) = (one.await, two.await);
    one.patch(&place, json!({"password": another})).await.ok();
    for session in [one, two] {
        session.get("/v1/shop").await.refused(401, "unauthenticated");
    }
    signed_in(&shop, shop.base(), &email, another).await.get("/v1/shop").await.ok();
}

async fn what_is_given_to_an_operator_ends_nothing(shop: TestShop) {
    let (place, email) = operator(&shop, "support").await;
    let mia = signed_in(&shop, shop.base(), &email, PASSWORD).await;
    for change in [json!({"name": "Mia"}), json!({"role": "manager"}), json!({"disabled": false}), json!({})] {
        shop.patch(&place, change.clone()).await.ok();
        mia.get("/v1/shop").await.ok();
    }
    mia.get("/v1/keys").await.refused(403, "forbidden");
    signed_in(&shop, shop.base(), &email, PASSWORD).await.get("/v1/keys").await.ok();
}

async fn a_narrowed_key_ends_its_tokens_and_a_wider_one_does_not(shop: TestShop) {
    let key = shop.post("/v1/keys", json!({"name": "till", "scopes": ["shop:read", "keys:read"]})).await.created();
    let (place, backend) = (path("/v1/keys", &key["id"]), Actor::bearer(shop.base(), &text(&key["secret"])));
    let holder = exchanged(shop.base(), &key["secret"], "shop:read").await;
    for change in [json!({"name": "Till"}), json!({"scopes": ["shop:read", "keys:read", "programs:read"]})] {
        shop.patch(&place, change).await.ok();
        holder.get("/v1/shop").await.ok();
    }
    shop.patch(&place, json!({"scopes": ["shop:read", "programs:read"]})).await.ok();
    holder.get("/v1/shop").await.refused(401, "unauthenticated");
    backend.get("/v1/shop").await.ok();
    backend.get("/v1/keys").await.refused(403, "forbidden");
    let later = exchanged(shop.base(), &key["secret"], "shop:read").await;
    later.get("/v1/shop").await.ok();
    shop.patch(&place, json!({"scopes": ["shop:read", "keys:read", "programs:read"]})).await.ok();
    holder.get("/v1/shop").await.refused(401, "unauthenticated");
    later.get("/v1/shop").await.ok();
}

#[test]
fn on_another_process_they_end_within_a_second() {
    let database = fresh_database(Backend::Postgres);
    // A token is good where it says that it is.
    let public = [("GRAPEVINE_PUBLIC_URL", "https://go.shop.example")];
    let servers = [Process::start(&database, &public), Process::start(&database, &public)];
    block_on(async {
        let shop = TestShop::through(&database, &servers).await;
        let other = servers[1].base();
        let (place, email) = operator(&shop, "manager").await;
        let mia = signed_in(&shop, other, &email, PASSWORD).await;
        let key = shop.post("/v1/keys", json!({"name": "till", "scopes": ["shop:read", "keys:read"]})).await.created();
        let till = exchanged(other, &key["secret"], "shop:read").await;
        let secret = Actor::bearer(other, &text(&key["secret"]));
        let key = path("/v1/keys", &key["id"]);
        mia.get("/v1/shop").await.ok();
        shop.patch(&place, json!({"password": "another one, and longer"})).await.ok();
        ends(&mia).await;
        // Who signs in anew is known at once to a process that remembers them as they were.
        signed_in(&shop, servers[0].base(), &email, "another one, and longer")
            .await
            .at(other)
            .get("/v1/shop")
            .await
            .ok();
        till.get("/v1/shop").await.ok();
        shop.patch(&key, json!({"scopes": ["shop:read"]})).await.ok();
        ends(&till).await;
        secret.get("/v1/shop").await.ok();
        shop.delete(&key).await.no_content();
        ends(&secret).await;
    });
}

/// Asks until it is refused. Whatever began later than the memory lasts is refused.
async fn ends(actor: &Actor) {
    let taken = Instant::now();
    loop {
        let begun = taken.elapsed();
        let answer = actor.get("/v1/shop").await;
        if answer.status() != 200 {
            answer.refused(401, "unauthenticated");
            return;
        }
        assert!(begun <= MEMORY, "it is still good after {begun:?}");
    }
}
