//! Operators, and what each role may do.

use std::collections::BTreeSet;

use grapevine::api::{request::operation::Operation, routes::OPERATIONS};
use grapevine::records::operator::Role;
use grapevine::records::scope::Scope;
use serde_json::json;

use crate::support::*;

on_both!(
    an_operator_signs_in_with_a_password_that_is_never_shown,
    a_password_that_was_made_up_is_shown_once,
    a_disabled_operator_is_refused,
    one_owner_stays,
    an_address_is_one_operator,
    operators_of_another_shop_are_not_there,
    each_role_may_do_what_its_scopes_allow,
    each_operation_needs_its_scope,
);

async fn sign_in(shop: &TestShop, email: &str, password: &str) -> Answer {
    let slug = shop.get("/v1/shop").await.ok()["slug"].clone();
    let login = json!({"email": email, "password": password, "shop": slug});
    shop.anonymous().post("/v1/operators/token", login).await
}

async fn an_operator_signs_in_with_a_password_that_is_never_shown(shop: TestShop) {
    let password = "correct horse battery";
    let body = json!({"email": "Mia@Shop.example", "name": "Mia", "role": "support", "password": password});
    let added = shop.post("/v1/operators", body).await;
    let place = path("/v1/operators", &added.created()["id"]);
    let token = sign_in(&shop, "mia@shop.example", password).await.ok();
    assert_eq!(token["role"], "support");
    sign_in(&shop, "mia@shop.example", "correct horse batterx").await.refused(401, "unauthenticated");
    sign_in(&shop, "mia@other.example", password).await.refused(401, "unauthenticated");
    for answer in [added, shop.get(&place).await, shop.get("/v1/operators").await] {
        assert!(!answer.text().contains(password) && !answer.text().contains("argon2"), "{answer:?}");
    }
    let changed = json!({"password": "another one, and longer", "role": "manager", "name": "Mia M."});
    assert_eq!(shop.patch(&place, changed).await.ok()["role"], "manager");
    sign_in(&shop, "mia@shop.example", password).await.refused(401, "unauthenticated");
    assert_eq!(sign_in(&shop, "mia@shop.example", "another one, and longer").await.ok()["role"], "manager");
    let short = json!({"email": "ann@shop.example", "role": "viewer", "password": "short"});
    shop.post("/v1/operators", short).await.refused(422, "invalid_field");
}

async fn a_password_that_was_made_up_is_shown_once(shop: TestShop) {
    let added = shop.post("/v1/operators", json!({"email": "mia@shop.example", "role": "viewer"})).key("k").await;
    let password = added.created()["password"].as_str().expect("a password").to_owned();
    sign_in(&shop, "mia@shop.example", &password).await.ok();
    let again = shop.post("/v1/operators", json!({"email": "mia@shop.example", "role": "viewer"})).key("k").await;
    again.refused(409, "code_taken");
    assert!(!shop.get("/v1/operators").await.text().contains(&password));
}

async fn a_disabled_operator_is_refused(shop: TestShop) {
    let mia = shop.operator("support").await;
    mia.get("/v1/shop").await.ok();
    let place = path("/v1/operators", &shop.list("/v1/operators").await[0]["id"]);
    shop.delete(&place).await.no_content();
    mia.get("/v1/shop").await.refused(401, "unauthenticated");
    assert_eq!(shop.get(&place).await.ok()["disabled"], true);
    shop.patch(&place, json!({"disabled": false})).await.ok();
    mia.get("/v1/shop").await.refused(401, "unauthenticated");
}

async fn one_owner_stays(shop: TestShop) {
    let anton = shop.operator("owner").await;
    let place = path("/v1/operators", &shop.list("/v1/operators").await[0]["id"]);
    anton.delete(&place).await.refused(409, "illegal_transition");
    anton.patch(&place, json!({"role": "manager"})).await.refused(409, "illegal_transition");
    anton.patch(&place, json!({"disabled": true})).await.refused(409, "illegal_transition");
    shop.operator("owner").await;
    anton.patch(&place, json!({"role": "manager"})).await.ok();
    anton.get("/v1/operators").await.refused(401, "unauthenticated");
}

async fn an_address_is_one_operator(shop: TestShop) {
    let body = json!({"email": "mia@shop.example", "role": "viewer"});
    shop.post("/v1/operators", body.clone()).await.created();
    let problem = shop.post("/v1/operators", json!({"email": "MIA@shop.example", "role": "owner"})).await;
    assert_eq!(problem.refused(409, "code_taken")["errors"][0]["pointer"], "/email");
    shop.another().await.post("/v1/operators", body).await.created();
}

async fn operators_of_another_shop_are_not_there(shop: TestShop) {
    let other = shop.another().await;
    other.operator("viewer").await;
    let foreign = path("/v1/operators", &other.list("/v1/operators").await[0]["id"]);
    shop.get(&foreign).await.refused(404, "not_found");
    shop.patch(&foreign, json!({"role": "owner"})).await.refused(404, "not_found");
    shop.delete(&foreign).await.refused(404, "not_found");
}

/// Asks for an operation with nothing that could make it succeed.
async fn try_out(actor: &Actor, operation: &Operation) -> Answer {
    let path = operation.path.split('/').map(|part| if part.starts_with('{') { "nothing" } else { part });
    let path = path.collect::<Vec<_>>().join("/");
    let ask = actor.ask(operation.method.parse().expect("a method"), &path);
    if operation.method == "GET" { ask.await } else { ask.json(&json!({"nothing": true})).key("k").await }
}

async fn each_role_may_do_what_its_scopes_allow(shop: TestShop) {
    for role in Role::WORDS.iter().filter_map(|word| Role::parse(word)) {
        let operator = shop.operator(role.as_str()).await;
        for operation in OPERATIONS {
            let answer = try_out(&operator, operation).await;
            let allowed = !matches!(answer.status(), 401 | 403);
            assert_eq!(
                allowed,
                operation.least_role().is_some_and(|least| role >= least),
                "{role} asks for {}: {answer:?}",
                operation.id
            );
        }
    }
}

async fn each_operation_needs_its_scope(shop: TestShop) {
    let needed: BTreeSet<Vec<Scope>> = OPERATIONS.iter().map(Operation::scopes).collect();
    for scopes in needed {
        let others = Scope::ALL.iter().filter(|other| !scopes.contains(other));
        let lacking = shop.key(&others.map(|other| other.as_str()).collect::<Vec<_>>()).await;
        for operation in OPERATIONS.iter().filter(|operation| operation.scopes() == scopes) {
            try_out(&lacking, operation).await.refused(403, "forbidden");
            assert_ne!(try_out(&shop, operation).await.status(), 403, "{}", operation.id);
            try_out(&shop.anonymous(), operation).await.refused(401, "unauthenticated");
        }
    }
}
