//! Where requests come from, when a proxy that is trusted says so: callers are counted by their own address,
//! whatever they say before it.

use crate::support::database::fresh_database;
use crate::support::server::own;
use crate::support::*;

on_both!(a_caller_is_counted_by_what_the_proxy_says, visitors_are_counted_by_their_network);

const TRUSTED: (&str, &str) = ("GRAPEVINE_TRUSTED_PROXIES", "127.0.0.0/8, 10.0.0.0/8");
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// What the proxy sends on, for one caller who says something else each time (`#`).
const CALLERS: &[&[(&str, &str)]] = &[
    &[("x-forwarded-for", "203.0.113.#, 198.51.100.1:44#")],
    &[("x-forwarded-for", "203.0.113.#, [2001:db8:1::#]:4711")],
    &[("x-forwarded-for", "203.0.113.#, 2001:db8:2:0:#::1, 10.0.0.#:80")],
    &[("x-forwarded-for", "203.0.113.#, ::ffff:198.51.100.2")],
    &[("forwarded", "for=203.0.113.#, for=\"[2001:db8:3::#]:4711\";proto=https")],
    &[("forwarded", "for=203.0.113.#, for=198.51.100.3;by=10.0.0.#")],
    &[("forwarded", "for=203.0.113.#, for=198.51.100.4"), ("x-forwarded-for", "203.0.113.#, 198.51.100.4:#")],
    // These end at the proxy, so all of them are one.
    &[("x-forwarded-for", "203.0.113.#, unknown")],
];

const NOBODYS: &[&[(&str, &str)]] = &[
    &[("x-forwarded-for", "203.0.113.7, 198.51.100.9:port")],
    &[("x-forwarded-for", "203.0.113.7, ")],
    &[("forwarded", "for=203.0.113.7, for=_hidden")],
    &[("forwarded", "for=203.0.113.7, for=\"198.51.100.9")],
    &[("forwarded", "for=203.0.113.7"), ("x-forwarded-for", "198.51.100.9")],
    &[],
];

async fn a_caller_is_counted_by_what_the_proxy_says(shop: TestShop) {
    let server = own(&fresh_database(shop.backend), &[TRUSTED, ("GRAPEVINE_SIGN_IN_LIMIT", "2/3600")]).await;
    let caller = Actor::anonymous(&format!("http://{}", server.address));
    let ask = async |headers: &[(&str, &str)], number: u32| {
        let login = json!({"grant_type": "client_credentials", "client_secret": "gvk_test_nothing"});
        let mut ask = caller.post("/v1/token", login);
        for (name, value) in headers {
            ask = ask.header(name, &value.replace('#', &number.to_string()));
        }
        ask.await.status()
    };
    for headers in CALLERS {
        let said = [ask(headers, 1).await, ask(headers, 2).await, ask(headers, 3).await];
        assert_eq!(said, [401, 401, 429], "{headers:?}");
    }
    for headers in NOBODYS {
        assert_eq!(ask(headers, 1).await, 429, "{headers:?} is the proxy's own");
    }
    assert_eq!(ask(&[("x-forwarded-for", "198.51.100.1, 198.51.100.77")], 1).await, 401, "somebody else");
    server.stop().await;
}

async fn visitors_are_counted_by_their_network(shop: TestShop) {
    let server = own(&fresh_database(shop.backend), &[TRUSTED]).await;
    let shop = TestShop::in_server(&server).await;
    let program =
        json!({"name": "Weitersagen", "status": "active", "landing_url": "https://shop.example/", "rewards": []});
    let program = shop.post("/v1/programs", program).await.created();
    let share = shop.post("/v1/shares", json!({"program": program["id"], "channel": "sms"})).await.created();
    let link = format!("/s/{}", text(&share["token"]));
    for from in ["2001:db8::1", "[2001:db8::2]:443", "2001:db8:0:1::1", "198.51.100.1:1", "198.51.100.1:2"] {
        let visitor = Actor::anonymous(shop.base()).get(&link).header("user-agent", BROWSER);
        visitor.header("x-forwarded-for", &format!("203.0.113.9, {from}")).await.found();
    }
    server.app.links.settle().await;
    let counts = shop.get(&path("/v1/shares", &share["id"])).await.ok()["counts"].clone();
    assert_eq!((&counts["visits"], &counts["unique_visits"]), (&json!(5), &json!(3)));
    server.stop().await;
}
