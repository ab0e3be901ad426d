//! Keys.

use serde_json::json;

use crate::support::*;

on_both!(
    a_secret_is_shown_once,
    a_key_that_shows_its_secret_is_not_kept_for_repetitions,
    a_deleted_key_and_its_tokens_are_refused,
    a_rotated_key_keeps_the_idempotency_keys_of_its_client,
    nobody_gives_a_scope_that_he_lacks,
    a_key_that_lost_a_scope_lacks_it_at_once,
    a_key_touches_only_those_that_may_do_no_more,
    keys_of_another_shop_are_not_there,
);

async fn make(maker: &Actor, scopes: &[&str]) -> Value {
    maker.post("/v1/keys", json!({"name": "backend", "scopes": scopes})).await.created()
}

fn bearer(shop: &TestShop, key: &Value) -> Actor {
    Actor::bearer(shop.base(), key["secret"].as_str().expect("a secret"))
}

async fn a_secret_is_shown_once(shop: TestShop) {
    let key = make(&shop, &["shop:read", "keys:read"]).await;
    let secret = key["secret"].as_str().expect("a secret");
    assert!(secret.starts_with("gvk_test_"), "{secret}");
    let backend = bearer(&shop, &key);
    backend.get("/v1/shop").await.ok();
    backend.patch("/v1/shop", json!({})).await.refused(403, "forbidden");
    let one = backend.get(&path("/v1/keys", &key["id"])).await;
    let renamed = shop.patch(&path("/v1/keys", &key["id"]), json!({"name": "old"})).await;
    assert_eq!(renamed.ok()["name"], "old");
    let list = backend.get("/v1/keys").await;
    let secret = secret.trim_start_matches("gvk_test_");
    for answer in [&one, &renamed, &list] {
        assert!(!answer.text().contains(secret), "{answer:?}");
        assert!(!answer.text().contains("hash"), "{answer:?}");
    }
    assert_eq!(elements(&list.ok()["data"]).len(), 2, "this one and the shop's");
}

async fn a_key_that_shows_its_secret_is_not_kept_for_repetitions(shop: TestShop) {
    let body = json!({"name": "backend", "scopes": ["shop:read"]});
    let first = shop.post("/v1/keys", body.clone()).key("k").await.created();
    let second = shop.post("/v1/keys", body).key("k").await;
    assert_eq!(second.header("idempotent-replayed"), None);
    assert_ne!(second.created()["secret"], first["secret"]);
}

async fn a_deleted_key_and_its_tokens_are_refused(shop: TestShop) {
    let key = make(&shop, &["shop:read"]).await;
    let backend = bearer(&shop, &key);
    let login = json!({"grant_type": "client_credentials", "client_id": key["id"], "client_secret": key["secret"]});
    let token = shop.anonymous().post("/v1/token", login.clone()).await.ok();
    let by_token = Actor::bearer(shop.base(), token["access_token"].as_str().expect("a token"));
    backend.get("/v1/shop").await.ok();
    by_token.get("/v1/shop").await.ok();
    let place = path("/v1/keys", &key["id"]);
    shop.delete(&place).await.no_content();
    shop.delete(&place).await.no_content();
    backend.get("/v1/shop").await.refused(401, "unauthenticated");
    by_token.get("/v1/shop").await.refused(401, "unauthenticated");
    shop.anonymous().post("/v1/token", login).await.refused(401, "unauthenticated");
    shop.get(&place).await.refused(404, "not_found");
    shop.patch(&place, json!({"name": "again"})).await.refused(404, "not_found");
    assert_eq!(shop.list("/v1/keys").await.len(), 1, "the shop's alone");
}

async fn a_rotated_key_keeps_the_idempotency_keys_of_its_client(shop: TestShop) {
    let scopes = ["customers:write", "grants:write"];
    let old = make(&shop, &scopes).await;
    let (customer, grant) =
        (json!({}), json!({"customer": "c-1", "reward": {"kind": "store_credit", "amount": 5}, "reason": "r"}));
    bearer(&shop, &old).put("/v1/customers/c-1", customer).await.created();
    let given = bearer(&shop, &old).post("/v1/grants", grant.clone()).key("k").await;
    let new = json!({"name": "new", "scopes": scopes, "rotates": old["id"]});
    let new = shop.post("/v1/keys", new).await.created();
    assert_eq!(new["client"], old["client"]);
    shop.delete(&path("/v1/keys", &old["id"])).await.no_content();
    let again = bearer(&shop, &new).post("/v1/grants", grant.clone()).key("k").await;
    assert_eq!((again.header("idempotent-replayed"), again.bytes()), (Some("true"), given.bytes()));
    let stranger = make(&shop, &scopes).await;
    let other = bearer(&shop, &stranger).post("/v1/grants", grant).key("k").await;
    assert_ne!(other.created()["id"], given.created()["id"], "another client's keys are its own");
    let unknown = json!({"name": "new", "scopes": scopes, "rotates": "key_00000000000000000000000000"});
    shop.post("/v1/keys", unknown).await.refused(422, "invalid_field");
}

async fn nobody_gives_a_scope_that_he_lacks(shop: TestShop) {
    let narrow = shop.key(&["keys:write", "operators:write", "shop:read"]).await;
    let made = make(&narrow, &["shop:read"]).await;
    let wide = json!({"name": "wide", "scopes": ["shop:read", "grants:write"]});
    narrow.post("/v1/keys", wide.clone()).await.refused(403, "forbidden");
    narrow.patch(&path("/v1/keys", &made["id"]), wide).await.refused(403, "forbidden");
    narrow.patch(&path("/v1/keys", &made["id"]), json!({"name": "mine"})).await.ok();
    narrow.delete(&path("/v1/keys", &made["id"])).await.no_content();
    let owner = json!({"email": "owner@shop.example", "role": "owner"});
    narrow.post("/v1/operators", owner).await.refused(403, "forbidden");
    shop.post("/v1/keys", json!({"name": "none", "scopes": []})).await.refused(422, "invalid_field");
    shop.post("/v1/keys", json!({"name": "odd", "scopes": ["everything"]})).await.refused(422, "invalid_field");
}

async fn a_key_touches_only_those_that_may_do_no_more(shop: TestShop) {
    let wide = make(&shop, &["shop:read", "grants:write"]).await;
    let backend = bearer(&shop, &wide);
    let narrow = shop.key(&["keys:write", "keys:read", "shop:read"]).await;
    let place = path("/v1/keys", &wide["id"]);
    narrow.delete(&place).await.refused(403, "forbidden");
    for change in [json!({"name": "mine"}), json!({"scopes": ["shop:read"]}), json!({})] {
        narrow.patch(&place, change).await.refused(403, "forbidden");
    }
    let heir = json!({"name": "heir", "scopes": ["shop:read"], "rotates": wide["id"]});
    narrow.post("/v1/keys", heir).await.refused(403, "forbidden");
    let shown = narrow.get(&place).await.ok();
    assert_eq!((&shown["name"], &shown["scopes"]), (&wide["name"], &wide["scopes"]));
    backend.get("/v1/shop").await.ok();
    shop.delete(&place).await.no_content();
    narrow.delete(&place).await.refused(403, "forbidden");
}

async fn a_key_that_lost_a_scope_lacks_it_at_once(shop: TestShop) {
    let key = make(&shop, &["shop:read", "keys:read"]).await;
    let backend = bearer(&shop, &key);
    backend.get("/v1/keys").await.ok();
    shop.patch(&path("/v1/keys", &key["id"]), json!({"scopes": ["shop:read"]})).await.ok();
    backend.get("/v1/keys").await.refused(403, "forbidden");
    backend.get("/v1/shop").await.ok();
}

async fn keys_of_another_shop_are_not_there(shop: TestShop) {
    let other = shop.another().await;
    let foreign = path("/v1/keys", &make(&other, &["shop:read"]).await["id"]);
    shop.get(&foreign).await.refused(404, "not_found");
    shop.patch(&foreign, json!({"name": "mine"})).await.refused(404, "not_found");
    shop.delete(&foreign).await.refused(404, "not_found");
}
