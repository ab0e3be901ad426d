//! Who fails to sign in is slowed, and nobody else: no throttle is anybody's weapon.

use crate::support::database::fresh_database;
use crate::support::process::{Process, command};
use crate::support::server::{block_on, own};
use crate::support::*;

on_both!(
    what_one_types_holds_nobody_else_up,
    an_account_is_slowed_and_never_locked,
    a_key_is_never_held_up,
    secrets_that_are_made_up_are_stopped_and_no_key_beside_them,
);

const PASSWORD: &str = "correct horse battery";
const PROXY: (&str, &str) = ("GRAPEVINE_TRUSTED_PROXIES", "127.0.0.1");
const THREE: (&str, &str) = ("GRAPEVINE_SIGN_IN_LIMIT", "3/3600");

/// A server with a shop, its operators Mia and Ann, and a proxy that tells where somebody comes from.
struct Installation {
    server: grapevine::server::Server,
    shop: Actor,
    id: Value,
}

impl Installation {
    async fn new(shop: &TestShop) -> Self {
        let server = own(&fresh_database(shop.backend), &[PROXY, THREE]).await;
        let shop = TestShop::in_server(&server).await;
        for email in ["mia@shop.example", "ann@shop.example"] {
            let operator = json!({"email": email, "role": "viewer", "password": PASSWORD});
            shop.post("/v1/operators", operator).await.created();
        }
        let id = shop.get("/v1/shop").await.ok()["id"].clone();
        Self { server, shop, id }
    }

    async fn sign_in(&self, from: &str, email: &str, password: &str) -> u16 {
        let login = json!({"email": email, "password": password, "shop": self.id});
        let ask = Actor::anonymous(self.shop.base()).post("/v1/operators/token", login);
        ask.header("x-forwarded-for", from).await.status()
    }

    async fn exchange(&self, from: &str, secret: &Value) -> u16 {
        let ask = Actor::anonymous(self.shop.base()).post("/v1/token", json!({"client_secret": secret}));
        ask.header("x-forwarded-for", from).await.status()
    }
}

async fn what_one_types_holds_nobody_else_up(shop: TestShop) {
    let installation = Installation::new(&shop).await;
    let key = installation.shop.post("/v1/keys", json!({"name": "till", "scopes": ["shop:read"]})).await.created();
    for typed in ["192.0.2.55", "address/192.0.2.55", "MIA@shop.example"] {
        let said = [(); 4].map(|()| installation.sign_in("198.51.100.1", typed, "wrong"));
        let said = futures_util::future::join_all(said).await;
        assert_eq!(said.iter().filter(|status| **status == 401).count(), 3, "{typed}: {said:?}");
        assert_eq!(said.iter().filter(|status| **status == 429).count(), 1, "{typed}: {said:?}");
    }
    assert_eq!(installation.exchange("192.0.2.55", &key["secret"]).await, 200);
    assert_eq!(installation.exchange("192.0.2.55", &json!("gvk_test_nothing")).await, 401, "it has not failed yet");
    assert_eq!(installation.sign_in("192.0.2.55", "mia@shop.example", PASSWORD).await, 200, "from everywhere else");
    assert_eq!(installation.sign_in("198.51.100.1", "mia@shop.example", PASSWORD).await, 429, "from there alone");
    installation.server.stop().await;
}

async fn an_account_is_slowed_and_never_locked(shop: TestShop) {
    let installation = Installation::new(&shop).await;
    assert_eq!(installation.sign_in("198.51.100.1", "mia@shop.example", PASSWORD).await, 200);
    for number in 0..12 {
        assert_eq!(installation.sign_in(&format!("203.0.113.{number}"), "mia@shop.example", "wrong").await, 401);
    }
    let stranger = "203.0.113.99";
    assert_eq!(installation.sign_in(stranger, "mia@shop.example", "wrong").await, 401);
    assert_eq!(installation.sign_in(stranger, "mia@shop.example", PASSWORD).await, 429, "one try in a window");
    assert_eq!(
        installation.sign_in(stranger, "ann@shop.example", "wrong").await,
        401,
        "another account is another one"
    );
    assert_eq!(installation.sign_in(stranger, "ann@shop.example", PASSWORD).await, 200);
    assert_eq!(installation.sign_in("198.51.100.2", "mia@shop.example", PASSWORD).await, 200, "from a new place");
    assert_eq!(installation.sign_in("198.51.100.1", "mia@shop.example", "mistyped").await, 401);
    assert_eq!(installation.sign_in("198.51.100.1", "mia@shop.example", PASSWORD).await, 200, "where she works");
    installation.server.stop().await;
}

async fn a_key_is_never_held_up(shop: TestShop) {
    let installation = Installation::new(&shop).await;
    let key = installation.shop.post("/v1/keys", json!({"name": "till", "scopes": ["shop:read"]})).await.created();
    let from = "198.51.100.1";
    for number in 0..12 {
        installation.sign_in(from, &format!("{number}@shop.example"), "wrong").await;
    }
    assert_eq!(
        installation.sign_in(from, "mia@shop.example", PASSWORD).await,
        429,
        "the address failed for many accounts"
    );
    let wrong = json!("gvk_test_nothing");
    let mut said = Vec::new();
    for _ in 0..5 {
        said.push(installation.exchange(from, &wrong).await);
        assert_eq!(installation.exchange(from, &key["secret"]).await, 200);
    }
    assert_eq!(said, [401, 401, 401, 429, 429]);
    for _ in 0..10 {
        assert_eq!(
            installation.sign_in("198.51.100.7", "mia@shop.example", PASSWORD).await,
            200,
            "who is right is not counted"
        );
    }
    installation.server.stop().await;
}

async fn secrets_that_are_made_up_are_stopped_and_no_key_beside_them(shop: TestShop) {
    let installation = Installation::new(&shop).await;
    let secret = |key: &Value| text(&key["secret"]);
    let made =
        async || installation.shop.post("/v1/keys", json!({"name": "till", "scopes": ["shop:read"]})).await.created();
    let calls = async |from: &str, secret: &str| {
        let caller = Actor::bearer(installation.shop.base(), secret);
        caller.get("/v1/shop").header("x-forwarded-for", from).await
    };
    let (known, noisy) = (made().await, "198.51.100.1");
    let drawn = |number: usize| format!("gvk_test_{number:043}");
    assert_eq!(calls(noisy, &secret(&known)).await.status(), 200);
    let mut said = Vec::new();
    for made_up in [drawn(1), "gvk_x".to_owned(), drawn(2), drawn(3), drawn(1), "gvk_".to_owned()] {
        said.push(calls(noisy, &made_up).await.status());
        assert_eq!(calls(noisy, &secret(&known)).await.status(), 200);
    }
    assert_eq!(said, [401, 401, 401, 429, 429, 429]);
    let refused = calls(noisy, &drawn(4)).await;
    assert!(refused.header("retry-after").is_some());
    refused.refused(429, "rate_limited");
    let new = made().await;
    assert_eq!(calls(noisy, &secret(&new)).await.status(), 200, "a key that was never seen there");
    assert_eq!(installation.exchange(noisy, &new["secret"]).await, 200);
    assert_eq!(calls("198.51.100.2", &drawn(1)).await.status(), 401, "nobody else is slowed");
    installation.server.stop().await;
}

/// A proxy that is not trusted makes all callers one: the log says so once, and the doctor knows it beforehand.
#[test]
fn a_proxy_that_is_not_trusted_is_told_of() {
    let (database, setting) = (fresh_database(Backend::Sqlite), "GRAPEVINE_TRUSTED_PROXIES");
    for (trusted, header, is_told) in [
        ("10.0.0.0/8", "x-forwarded-for", true),
        ("10.0.0.0/8", "forwarded", true),
        ("127.0.0.1", "x-forwarded-for", false),
        ("10.0.0.0/8", "x-other", false),
    ] {
        let server = Process::start(&database, &[(setting, trusted)]);
        block_on(async {
            for number in 0..20 {
                let ask = Actor::anonymous(server.base()).get("/livez");
                ask.header(header, &format!("for=198.51.100.{number}")).await.ok();
            }
        });
        let told = server.log().matches(setting).count();
        assert_eq!(told, usize::from(is_told), "{trusted} {header}: {}", server.log());
    }
    for (settings, is_told) in [
        (&[("GRAPEVINE_PUBLIC_URL", "https://go.shop.example")][..], true),
        (&[("GRAPEVINE_PUBLIC_URL", "https://go.shop.example"), (setting, "10.0.0.1")], false),
        (&[("GRAPEVINE_PUBLIC_URL", "http://127.0.0.1:8080")], false),
    ] {
        let output = command(&database).args(["doctor", "--json"]).envs(settings.iter().copied()).output();
        let found: Value = serde_json::from_slice(&output.expect("the binary runs").stdout).expect("JSON");
        assert_eq!(found["warnings"].to_string().contains(setting), is_told, "{settings:?}: {}", found["warnings"]);
    }
}
