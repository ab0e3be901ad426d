//! Input that is no request: every kind gets a 4xx with a code and a sentence, and changes nothing.

use grapevine::api::{
    request::operation::Operation,
    routes::{ME_OPERATIONS, OPERATIONS},
};
use reqwest::Method;

use crate::support::client::Ask;
use crate::support::*;

on_both!(
    bodies_that_are_no_json,
    bodies_that_are_other_json,
    several_wrong_fields_are_told_at_once,
    content_types_other_than_json,
    a_body_that_is_too_large,
    a_compressed_body,
    paths_and_methods_that_are_none,
    ids_with_odd_characters_in_paths,
    a_customer_who_is_named_as_a_path_is,
    paths_that_cannot_be_decoded,
    queries_that_make_no_sense,
    bodies_that_nobody_reads,
    what_no_database_can_store_is_refused_where_it_comes_in,
    links_that_no_database_could_look_up,
);

const ORDER: &str = r#"{"order_id":"A-1","amount":100,"currency":"EUR"}"#;

/// An order with something in place of its amount, or behind it.
fn order(amount: &str) -> String {
    ORDER.replace("100", amount)
}

async fn bodies_that_are_no_json(shop: TestShop) {
    let bodies: [&[u8]; 9] = [
        b"{",
        b"}",
        b"{\"order_id\":\"A-1\"",
        b"{'order_id':'A-1'}",
        b"{\"order_id\":\"A-1\xff\",\"amount\":100,\"currency\":\"EUR\"}",
        b"\xef\xbb\xbf{}",
        b"{\"order_id\":\"A-1\",\"amount\":0100,\"currency\":\"EUR\"}",
        b"{\"order_id\":\"A-1\",\"amount\":NaN,\"currency\":\"EUR\"}",
        b"{\"order_id\":\"\\ud800\",\"amount\":100,\"currency\":\"EUR\"}",
    ];
    for body in bodies {
        shop.post("/v1/conversions", json!({})).raw(body).await.refused(400, "invalid_json");
    }
    shop.post("/v1/conversions", json!({})).raw(format!("{ORDER}{ORDER}")).await.refused(400, "invalid_json");
    let deep_in_field = format!("{}1{}", "{\"a\":".repeat(200), "}".repeat(200));
    let customer = format!("{{\"attributes\":{deep_in_field}}}");
    shop.put("/v1/customers/c", json!({})).raw(customer).await.refused(400, "invalid_json");
    assert!(shop.list("/v1/conversions").await.is_empty());
}

async fn bodies_that_are_other_json(shop: TestShop) {
    let table = [
        ("[]".to_owned(), "invalid_field"),
        ("null".to_owned(), "invalid_field"),
        ("7".to_owned(), "invalid_field"),
        ("{}".to_owned(), "invalid_field"),
        (order("\"100\""), "invalid_field"),
        (order("100.0"), "invalid_field"),
        (order("1e2"), "invalid_field"),
        (order("-1"), "invalid_field"),
        (order("9007199254740992"), "invalid_field"),
        (order("99999999999999999999999999"), "invalid_field"),
        (order("null"), "invalid_field"),
        (order("true"), "invalid_field"),
        (order("{}"), "invalid_field"),
        (order("100,\"amount\":100"), "invalid_field"),
        (order("100,\"amuont\":100"), "unknown_field"),
        (order("100,\"paid\":\"yes\""), "invalid_field"),
        (order("100,\"occurred_at\":\"yesterday\""), "invalid_field"),
        (order("100,\"occurred_at\":1790000000"), "invalid_field"),
        (order("100,\"evidence\":[]"), "invalid_field"),
        (order("100,\"customer_details\":{\"mail\":\"a@b.example\"}"), "unknown_field"),
        (order("100,\"customer_details\":{\"email\":[\"a\"]}"), "invalid_field"),
        (ORDER.replace("A-1", ""), "invalid_field"),
        (ORDER.replace("A-1", &"x".repeat(129)), "invalid_field"),
        (ORDER.replace("A-1", "\\u0000"), "invalid_field"),
        (ORDER.replace("A-1", "a\\nb"), "invalid_field"),
        (ORDER.replace("EUR", "eur"), "invalid_field"),
        (ORDER.replace("EUR", "XQX"), "invalid_field"),
    ];
    for (body, code) in table {
        let answer = shop.post("/v1/conversions", json!({})).raw(body).await;
        answer.refused(422, code);
    }
    shop.post("/v1/conversions", json!({})).raw(order("1e400")).await.refused(400, "invalid_json");
    assert!(shop.list("/v1/conversions").await.is_empty());
}

async fn several_wrong_fields_are_told_at_once(shop: TestShop) {
    let order = json!({"order_id": 1001, "amount": "49.90", "currency": "euro", "ammount": 4990,
                       "customer_details": {"phone": "n/a", "mail": "a@mail.example"},
                       "items": [{"id": "1", "amount": 100}, {"id": 2, "amount": 1.5}]});
    let said = shop.post("/v1/conversions", order).await.refused(422, "unknown_field");
    let errors = elements(&said["errors"]);
    assert_eq!((&said["code"], &said["detail"]), (&errors[0]["code"], &errors[0]["detail"]), "the first one is told");
    let mut told: Vec<_> = errors.iter().map(|fault| (text(&fault["pointer"]), text(&fault["code"]))).collect();
    told.sort();
    let expected = [
        ("/ammount", "unknown_field"),
        ("/amount", "invalid_field"),
        ("/currency", "invalid_field"),
        ("/customer_details/mail", "unknown_field"),
        ("/items/1/amount", "invalid_field"),
        ("/items/1/id", "invalid_field"),
        ("/order_id", "invalid_field"),
    ];
    assert_eq!(told, expected.map(|(place, code)| (place.to_owned(), code.to_owned())));
    assert!(errors.iter().any(|fault| fault["detail"] == "a text is expected; send \"1001\""), "{said}");
    let many: Vec<Value> = (0..100).map(|_| json!({"id": 1})).collect();
    let order = json!({"order_id": "A-1", "amount": 1, "currency": "EUR", "items": many});
    let said = shop.post("/v1/conversions", order).await.refused(422, "invalid_field");
    assert_eq!(elements(&said["errors"]).len(), 20);
    assert!(shop.list("/v1/conversions").await.is_empty());
}

async fn content_types_other_than_json(shop: TestShop) {
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json", ""] {
        let ask = shop.post("/v1/conversions", json!({})).raw(ORDER).header("content-type", kind);
        ask.await.refused(415, "unsupported_media_type");
    }
    for (number, kind) in
        ["application/json; charset=utf-8", "APPLICATION/JSON", "application/merge-patch+json"].into_iter().enumerate()
    {
        let order = ORDER.replace("A-1", &number.to_string());
        shop.post("/v1/conversions", json!({})).raw(order).header("content-type", kind).await.created();
    }
}

async fn a_body_that_is_too_large(shop: TestShop) {
    let body = order(&format!("100{}", " ".repeat(262_144)));
    shop.post("/v1/conversions", json!({})).raw(body).await.refused(413, "body_too_large");
    let body = order(&format!("100{}", " ".repeat(200_000)));
    shop.post("/v1/conversions", json!({})).raw(body).await.created();
}

async fn a_compressed_body(shop: TestShop) {
    let ask = shop.post("/v1/conversions", json!({})).raw(ORDER).header("content-encoding", "gzip");
    ask.await.refused(415, "unsupported_media_type");
}

async fn paths_and_methods_that_are_none(shop: TestShop) {
    for path in ["/v1", "/v1/", "/v1/nothing", "/v2/conversions", "/v1/conversions/", "/v1/customers/a/b", "//v1"] {
        shop.get(path).await.refused(404, "not_found");
    }
    let answer = shop.delete("/v1/conversions").await;
    answer.refused(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), Some("POST, GET"));
}

async fn ids_with_odd_characters_in_paths(shop: TestShop) {
    for (id, encoded) in [
        ("A/10+01%", "A%2F10%2B01%25"),
        ("a?b#c", "a%3Fb%23c"),
        ("Jürgen & Söhne", "J%C3%BCrgen%20&%20S%C3%B6hne"),
        ("100%25", "100%2525"),
        ("a;b=c", "a;b=c"),
        ("'\"\\", "'%22%5C"),
    ] {
        let path = format!("/v1/customers/{encoded}");
        let made = shop.put(&path, json!({"name": "Odd"})).await.created();
        assert_eq!(made["external_id"], id);
        assert_eq!(shop.get(&path).await.ok()["id"], made["id"]);
        let order = json!({"order_id": id, "customer": id, "amount": 100, "currency": "EUR"});
        let order = shop.post("/v1/conversions", order).await.created();
        assert_eq!((&order["order_id"], &order["customer"]), (&json!(id), &json!(id)));
        assert_eq!(shop.get(&format!("/v1/conversions/{encoded}")).await.ok()["id"], order["id"]);
    }
}

/// A shop may name its customers as it likes, also by the last word of a path.
async fn a_customer_who_is_named_as_a_path_is(shop: TestShop) {
    let path = "/v1/customers/lookup";
    let made = shop.put(path, json!({"email": "look.up@mail.example"})).await.created();
    assert_eq!(made["external_id"], "lookup");
    assert_eq!(shop.get(path).await.ok(), made);
    let found = shop.post(path, json!({"email": "look.up@mail.example"})).without("idempotency-key").await.ok();
    assert_eq!(found["customers"][0]["id"], made["id"]);
    shop.get(&format!("{path}/export")).await.ok();
    let answer = shop.patch(path, json!({})).await;
    answer.refused(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), Some("POST, PUT, GET, DELETE"));
    shop.delete(path).await.accepted();
    shop.get(path).await.refused(404, "not_found");
}

async fn paths_that_cannot_be_decoded(shop: TestShop) {
    for path in ["/v1/customers/%ff", "/v1/conversions/%c3%28", "/v1/customers/a%00b", "/v1/conversions?order_id=%00"] {
        shop.get(path).await.refused(400, "invalid_request");
    }
    shop.put("/v1/customers/a%00b", json!({})).await.refused(400, "invalid_request");
    assert!(shop.list("/v1/customers").await.is_empty());
}

async fn queries_that_make_no_sense(shop: TestShop) {
    for query in ["limit=0", "limit=201", "limit=-1", "limit=x", "limit=", "created_from=yesterday", "created_to=1"] {
        let answer = shop.get(&format!("/v1/conversions?{query}")).await;
        answer.refused(422, "invalid_field");
    }
    for cursor in ["x", "AAAA", "cnv_01arz3ndektsv4rrffq69g5fav"] {
        let answer = shop.get(&format!("/v1/conversions?after={cursor}")).await;
        answer.refused(422, "invalid_field");
    }
}

/// Orders that need no body refuse one that says something, and whoever only reads does, too.
async fn bodies_that_nobody_reads(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let place = path("/v1/programs", &program["id"]);
    let said = ["{\"at\":\"2026-01-01\"}", "[]", "null", "7", "{", "x"];
    for body in said {
        for order in ["activate", "pause", "end"] {
            shop.post(&format!("{place}/{order}"), json!({})).raw(body).await.refused(400, "invalid_request");
        }
        shop.get(&place).raw(body).await.refused(400, "invalid_request");
        shop.get("/v1/customers").raw(body).await.refused(400, "invalid_request");
    }
    assert_eq!(shop.get(&place).await.ok()["status"], "active", "nothing happened");
    shop.customer("anna").await;
    let key = shop.post("/v1/keys", json!({"name": "k", "scopes": ["shop:read"]})).await.created();
    for gone in ["/v1/customers/anna", &path("/v1/keys", &key["id"])] {
        shop.delete(gone).raw("{\"reason\":\"x\"}").await.refused(400, "invalid_request");
        assert_eq!(shop.get(gone).await.status(), 200, "{gone}");
    }
    for (order, body) in [("pause", "{}"), ("activate", ""), ("end", " { } ")] {
        shop.post(&format!("{place}/{order}"), json!({})).raw(body).await.ok();
    }
}

/// Every operation, as whoever may ask for it asks, with something in place of what its path names.
fn each_operation(shop: &TestShop, browser: &Actor, name: &str) -> Vec<(&'static Operation, Ask)> {
    let of_shop = OPERATIONS.iter().map(|operation| (operation, &**shop));
    let of_browser = ME_OPERATIONS.iter().map(|operation| (operation, browser));
    let asks = of_shop.chain(of_browser).map(|(operation, actor)| {
        let words = operation.path.split('/').map(|word| if word.starts_with('{') { name } else { word });
        let method: Method = operation.method.parse().expect("a method");
        let ask = actor.ask(method, &words.collect::<Vec<_>>().join("/"));
        (operation, ask.key(&fresh("key")).if_match("\"1\""))
    });
    asks.collect()
}

/// By whichever way it comes: the path, the query, the body, a form. PostgreSQL takes no U+0000, and no
/// database an index row of any length.
async fn what_no_database_can_store_is_refused_where_it_comes_in(shop: TestShop) {
    // A browser for each way: one alone would have asked too often.
    let names = ["anna", "ben", "cleo"];
    for name in names {
        shop.customer(name).await;
    }
    let [by_path, by_query, by_body] =
        [shop.browser(names[0]).await, shop.browser(names[1]).await, shop.browser(names[2]).await];
    let long = "%C3%BC".repeat(1_000);
    for name in ["%00", "a%00b", "a%00", long.as_str()] {
        for (operation, ask) in
            each_operation(&shop, &by_path, name).into_iter().filter(|(each, _)| each.path.contains('{'))
        {
            let answer = ask.await;
            assert!((400..429).contains(&answer.status()), "{} of {name:.9}: {answer:?}", operation.id);
        }
    }
    for query in ["external_id=%00", "order_id=a%00b", "program=%00", "%00=1", "after=%00", "kind=%00", "visitor=%00"] {
        for (operation, ask) in each_operation(&shop, &by_query, "anna") {
            let answer = ask.with_query(query).await;
            assert!((400..429).contains(&answer.status()), "{} of {query}: {answer:?}", operation.id);
        }
    }
    for body in ["{\"\\u0000\":1}", "{\"name\":\"\\u0000\"}", "{\"code\":\"a\\u0000b\"}", "\0", "{\"a\":\"\0\"}"] {
        for (operation, ask) in
            each_operation(&shop, &by_body, "anna").into_iter().filter(|(each, _)| each.method != "GET")
        {
            let answer = ask.raw(body).await;
            assert!((400..429).contains(&answer.status()), "{} of {body:?}: {answer:?}", operation.id);
        }
    }
    let stranger = shop.anonymous();
    for (path, kind, body) in [
        ("/v1/token", "application/json", "{\"client_secret\":\"\\u0000\"}"),
        ("/v1/token", "application/x-www-form-urlencoded", "client_id=%00&client_secret=gvk_%00"),
        ("/v1/operators/token", "application/json", "{\"email\":\"a\\u0000\",\"password\":\"x\",\"shop\":\"\\u0000\"}"),
    ] {
        let answer = stranger.post(path, json!({})).raw(body).header("content-type", kind).await;
        assert!((400..429).contains(&answer.status()), "{path}: {answer:?}");
    }
    for file in ["{\"external_id\":\"a\\u0000b\"}", "external_id,name\nx,a\0b"] {
        let job = shop.imported("customers", file).await;
        assert_eq!((&job["done"], &job["refused"]), (&json!(1), &json!(1)), "{job}");
    }
    assert_eq!(shop.list("/v1/customers").await.len(), names.len());
}

async fn links_that_no_database_could_look_up(shop: TestShop) {
    let long = "x".repeat(5_000);
    let paths = [
        "/c/%00/x",
        "/c/a%00b/x",
        "/c/a%00b/ANNA-7K2M",
        "/c/kaffee/a%00b",
        "/c/kaffee/%00",
        "/c/%F0%9F%98%80a/x",
        "/c/a%ffb/x",
        "/s/%00",
        "/s/a%00b",
        "/s/a1B2c3%00d4e5F",
        "/a%00b/c/a%00b/x",
        "/docs/errors/%00",
        "/docs/errors/a%00b",
        &format!("/c/{long}/x"),
        &format!("/c/kaffee/{long}"),
        &format!("/s/{long}"),
    ];
    for path in paths {
        for ask in [shop.anonymous().get(path), shop.anonymous().head(path)] {
            assert_eq!(ask.await.status(), 404, "{path:.60}");
        }
    }
}
