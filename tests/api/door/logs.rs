//! The log: a line for each request that is refused or fails, and for each write where that is asked for; found by the
//! id that the answer shows; and nothing of what was sent in any of them.

use crate::support::database::fresh_database;
use crate::support::process::Process;
use crate::support::server::block_on;
use crate::support::*;

/// What must never be in a log.
const ADDRESS: &str = "canary.address@mail.example";
const NAME: &str = "Canary Name";
const PASSWORD: &str = "canary password of mia";
const SECRET: &str = "gvk_CanaryCanaryCanaryCanaryCanaryCanaryCanaryCan";
const CODE: &str = "CANARY-K7QM-3F9X";
const UNKNOWN: &str = "CANARY-NOBODY-HAS";
const ORDER: &str = "canary-order";

mod each_request_is_found_by_its_id {
    use super::*;

    #[test]
    fn sqlite() {
        is_found(Backend::Sqlite);
    }

    #[test]
    fn postgres() {
        is_found(Backend::Postgres);
    }
}

/// At its most talkative.
fn is_found(backend: Backend) {
    let database = fresh_database(backend);
    let settings = [("GRAPEVINE_LOG", "trace"), ("GRAPEVINE_LOG_FORMAT", "json"), ("GRAPEVINE_LOG_WRITES", "on")];
    let servers = [Process::start(&database, &settings)];
    let (answers, secrets) = block_on(async {
        let shop = TestShop::through(&database, &servers).await;
        let key = shop.key(&["customers:read"]).await;
        let viewer = shop.operator("viewer").await;
        let anonymous = shop.anonymous();
        let stranger = Actor::bearer(shop.base(), SECRET);
        let sign_in = json!({"email": ADDRESS, "password": PASSWORD, "shop": shop.id});
        let customer = json!({"email": ADDRESS, "name": NAME});
        let voucher = json!({"kind": "amount_off", "amount": 500, "code": CODE, "max_redemptions": 1});
        let cart = json!({"codes": [UNKNOWN], "order_id": ORDER, "amount": 5000, "currency": "EUR"});
        let bad = json!({"email": ADDRESS, "canary_field": PASSWORD});
        let answers = [
            (shop.put("/v1/customers/ann", customer).await, "upsert_customer", Some("")),
            (shop.post("/v1/vouchers", voucher).await, "create_voucher", Some("")),
            (shop.put(&format!("/v1/customers/{ADDRESS}"), bad).await, "upsert_customer", None),
            (shop.post("/v1/redemptions", cart).await, "create_redemption", None),
            (shop.get(&format!("/v1/customers/{ADDRESS}")).await, "get_customer", None),
            (shop.get(&format!("/v1/vouchers/{CODE}")).await, "get_voucher", None),
            (key.put("/v1/customers/ann", json!({})).await, "upsert_customer", None),
            (viewer.delete("/v1/customers/ann").await, "delete_customer", None),
            (stranger.get("/v1/customers").await, "list_customers", None),
            (anonymous.post("/v1/operators/token", sign_in).await, "create_operator_token", None),
            (
                anonymous.post("/v1/token", json!({"client_id": ADDRESS, "client_secret": SECRET})).await,
                "create_token",
                None,
            ),
        ];
        // What succeeds and writes nothing has no line.
        let silent = shop.get("/v1/customers/ann").await;
        assert_eq!(lines(&servers[0].log(), silent.header("x-request-id").expect("an id")), Vec::<Value>::new());
        let secrets: Vec<String> = [&*shop, &key, &viewer]
            .iter()
            .filter_map(|actor| actor.authorization().map(|said| said.trim_start_matches("Bearer ").to_owned()))
            .collect();
        (answers, secrets)
    });
    let log = servers[0].log();
    for (answer, operation, written) in &answers {
        let id = answer.header("x-request-id").expect("an id");
        let [line] = lines(&log, id).try_into().unwrap_or_else(|lines| panic!("{operation}: {lines:?}"));
        assert_eq!((&line["operation"], &line["status"]), (&json!(operation), &json!(answer.status())), "{line}");
        assert!(line["ms"].is_u64(), "{line}");
        let is_known = answer.status() != 401;
        assert_eq!((line["by"].is_string(), line["shop"].is_string()), (is_known, is_known), "{line}");
        match written {
            Some(_) => assert!(line["message"] == "a write was done" && answer.status() < 300, "{line}"),
            None => {
                let code = (&line["code"], &line["message"]);
                assert_eq!(code, (&answer.json()["code"], &json!("a request was refused")), "{line}");
            }
        }
    }
    assert!(log.contains("TRACE"), "it does not talk");
    let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
    assert!(secrets.len() == 3 && secrets.iter().all(|secret| secret.len() > 20), "{secrets:?}");
    let canaries =
        [ADDRESS, NAME, PASSWORD, SECRET, CODE, UNKNOWN, ORDER, "CANARYNOBODYHAS", "CANARYK7QM3F9X", "canary_field"];
    for canary in canaries.iter().copied().chain(secrets) {
        let told = log.to_lowercase().lines().find(|line| line.contains(&canary.to_lowercase())).map(str::to_owned);
        assert_eq!(told, None, "{canary}");
    }
}

/// The fields of the lines that a request has.
fn lines(log: &str, id: &str) -> Vec<Value> {
    let all =
        log.lines().filter(|line| line.contains(id)).map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    all.map(|line| line["fields"].clone()).filter(|fields| fields["request_id"] == id).collect()
}

/// Unless it is asked for, what goes well has no line, however much is written.
#[test]
fn writes_are_told_when_that_is_asked_for() {
    let database = fresh_database(Backend::Sqlite);
    let servers = [Process::start(&database, &[])];
    block_on(async {
        let shop = TestShop::through(&database, &servers).await;
        shop.customer("ann").await;
        shop.get("/v1/customers/nobody").await.refused(404, "not_found");
    });
    let log = servers[0].log();
    assert!(!log.contains("a write was done"), "{log}");
    assert_eq!(log.matches("a request was refused").count(), 1, "{log}");
}
