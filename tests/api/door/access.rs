//! Strangers, forged tokens, and the ids of another shop: on every operation of the table.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grapevine::api::{
    door::tokens::Client,
    request::operation::Operation,
    routes::{ME_OPERATIONS, OPERATIONS},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};

use crate::shops::bounces::came_back;
use crate::support::*;

on_both!(
    without_a_key_nothing_is_to_be_had,
    forged_tokens_are_refused,
    each_kind_of_token_is_good_in_its_own_place,
    what_is_wrong_with_a_credential_is_told,
    ids_of_another_shop_name_nothing,
    what_a_body_names_is_looked_for_in_the_own_shop,
);

async fn without_a_key_nothing_is_to_be_had(shop: TestShop) {
    let stranger = shop.anonymous();
    for operation in OPERATIONS.iter().chain(ME_OPERATIONS) {
        let answer = ask(&stranger, operation, "x").await;
        answer.refused(401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{answer:?}");
    }
    let secret = shop.authorization().expect("a key").trim_start_matches("Bearer ");
    let (short, long) = (&secret[..secret.len() - 1], format!("{secret}x"));
    let credentials =
        ["", "Bearer", "Bearer ", "Bearer gvk_test_x", &format!("Bearer {short}"), &format!("Bearer {long}")];
    for given in credentials.into_iter().chain([format!("Basic {secret}").as_str(), secret]) {
        stranger.get("/v1/shop").header("authorization", given).await.refused(401, "unauthenticated");
    }
    stranger.get("/v1/shop").header("authorization", &format!("bearer {secret}")).await.ok();
}

async fn forged_tokens_are_refused(shop: TestShop) {
    let key = shop.post("/v1/keys", json!({"name": "till", "scopes": ["programs:read"]})).await.created();
    let login = json!({"grant_type": "client_credentials", "client_id": key["id"], "client_secret": key["secret"]});
    let token = text(&shop.anonymous().post("/v1/token", login).await.ok()["access_token"]);
    Actor::bearer(shop.base(), &token).get("/v1/programs").await.ok();
    let parts: Vec<&str> = token.split('.').collect();
    let [head, claims, signature] = parts[..] else { panic!("a token has three parts: {token}") };
    let mut wider = read(claims);
    wider["scope"] = json!("programs:read shop:read keys:write");
    let mut later = read(claims);
    later["exp"] = json!(later["exp"].as_i64().expect("an instant") + 3600);
    let keys = shop.anonymous().get("/.well-known/jwks.json").await.ok();
    let public = text(&keys["keys"][0]["x"]);
    let unsigned = write(&json!({"alg": "none", "typ": "at+jwt"}));
    let forged = [
        format!("{head}.{}.{signature}", write(&wider)),
        format!("{head}.{}.{signature}", write(&later)),
        format!("{head}.{claims}."),
        format!("{head}.{claims}.{}", &signature[..signature.len() - 2]),
        format!("{unsigned}.{claims}."),
        format!("{unsigned}.{}.{signature}", write(&wider)),
        signed_with_public_key(&read(head), &wider, public.as_bytes()),
        signed_with_public_key(&read(head), &wider, &URL_SAFE_NO_PAD.decode(&public).expect("a key")),
        format!("{claims}.{head}.{signature}"),
        "a.b.c".to_owned(),
        "..".to_owned(),
    ];
    for token in forged {
        Actor::bearer(shop.base(), &token).get("/v1/programs").await.refused(401, "unauthenticated");
    }
    Actor::bearer(shop.base(), &token).get("/v1/shop").await.refused(403, "forbidden");
}

async fn each_kind_of_token_is_good_in_its_own_place(shop: TestShop) {
    shop.customer("anna").await;
    let browser = shop.browser("anna").await;
    for operation in OPERATIONS {
        ask(&browser, operation, "anna").await.refused(401, "unauthenticated");
    }
    let secret = shop.authorization().expect("a key").trim_start_matches("Bearer ");
    let login = json!({"grant_type": "client_credentials", "client_secret": secret});
    let token = text(&shop.anonymous().post("/v1/token", login).await.ok()["access_token"]);
    let others =
        [shop.key(&["customers:token"]).await, Actor::bearer(shop.base(), &token), shop.operator("owner").await];
    for operation in ME_OPERATIONS {
        for other in &others {
            ask(other, operation, "anna").await.refused(401, "unauthenticated");
        }
        assert_ne!(ask(&browser, operation, "anna").await.status(), 401, "{}", operation.id);
    }
}

/// Its holder learns what to mend; the code stays one.
async fn what_is_wrong_with_a_credential_is_told(shop: TestShop) {
    let customer = shop.customer("anna").await;
    let secret = shop.authorization().expect("a key").trim_start_matches("Bearer ").to_owned();
    let key = shop.post("/v1/keys", json!({"name": "till", "scopes": ["shop:read"]})).await.created();
    let login = |secret: &Value| json!({"grant_type": "client_credentials", "client_secret": secret});
    let token = text(&shop.anonymous().post("/v1/token", login(&key["secret"])).await.ok()["access_token"]);
    shop.delete(&path("/v1/keys", &key["id"])).await.no_content();
    let app = &shop.server().app;
    let (id, at) = (shop.id.parse().expect("an id"), app.now().plus_ms(-3_600_000));
    let owner = Client { id: text(&key["id"]).parse().expect("an id"), shop: id, generation: 0, role: None };
    let expired = app.tokens.issue(at, owner, "shop:read".to_owned()).expect("a token");
    let anna = text(&customer["id"]).parse().expect("an id");
    let late = app.tokens.issue_for_browser(at, anna, id, 60).expect("a token");
    let browser = shop.browser("anna").await.authorization().expect("a token").trim_start_matches("Bearer ").to_owned();
    let altered = format!("{}.{}.{}", token.split('.').next().unwrap_or_default(), write(&json!({})), "x");
    let stranger = format!("gvk_live_{}", "x".repeat(43));
    let (cut, revoked) = (&secret[..secret.len() - 1], text(&key["secret"]));
    let table = [
        ("/v1/shop", "", "no credential: send `Authorization: Bearer …` with a key's secret"),
        ("/v1/shop", "Bearer ", "no credential"),
        ("/v1/shop", &format!("Basic {secret}"), "no credential"),
        ("/v1/shop", &secret, "no credential"),
        ("/v1/shop", "Bearer hunter2", "neither a key's secret nor a token"),
        ("/v1/shop", &format!("Bearer {cut}"), "not the form of a key's secret"),
        ("/v1/shop", &format!("Bearer {stranger}"), "a key of another installation, or one that was revoked"),
        ("/v1/shop", &format!("Bearer {revoked}"), "a key of another installation, or one that was revoked"),
        ("/v1/shop", &format!("Bearer {token}"), "its key was revoked"),
        ("/v1/shop", &format!("Bearer {altered}"), "of another installation, or was altered"),
        ("/v1/shop", &format!("Bearer {expired}"), "has expired; POST /v1/token"),
        ("/v1/shop", &format!("Bearer {browser}"), "good for /v1/me alone"),
        ("/v1/me", "", "no credential: send `Authorization: Bearer …` with a token of POST /v1/customers/{id}/tokens"),
        ("/v1/me", "Bearer hunter2", "neither a key's secret nor a token"),
        ("/v1/me", &format!("Bearer {secret}"), "does not belong into a browser"),
        ("/v1/me", &format!("Bearer {token}"), "does not belong into a browser"),
        ("/v1/me", &format!("Bearer {late}"), "has expired; POST /v1/customers/{id}/tokens"),
    ];
    for (place, given, told) in table {
        let said = shop.anonymous().get(place).header("authorization", given).await.refused(401, "unauthenticated");
        let detail = text(&said["detail"]);
        assert!(detail.contains(told), "{given} at {place}: {detail}");
        let sent = given.rsplit(' ').next().filter(|sent| !sent.is_empty());
        assert!(sent.is_none_or(|sent| !detail.contains(sent)), "what came is not repeated: {detail}");
    }
    shop.delete("/v1/customers/anna").await.accepted();
    let gone = Actor::bearer(shop.base(), &browser).get("/v1/me").await.refused(401, "unauthenticated");
    assert!(text(&gone["detail"]).contains("nobody is known any more"), "{gone}");
    for (sent, told) in [
        (json!({"grant_type": "client_credentials"}), "Send client_id and client_secret"),
        (login(&json!("hunter2")), "not the form of a key's secret"),
        (login(&key["secret"]), "one that was revoked"),
        (json!({"client_id": key["id"], "client_secret": secret}), "that of another key than client_id names"),
    ] {
        let said = shop.anonymous().post("/v1/token", sent).await.refused(401, "unauthenticated");
        assert_eq!(said["error"], "invalid_client");
        assert!(text(&said["detail"]).contains(told), "{said}");
    }
}

/// The confusion of algorithms: the public key taken for a shared secret.
fn signed_with_public_key(head: &Value, claims: &Value, public: &[u8]) -> String {
    let header = Header {
        typ: Some("at+jwt".to_owned()),
        kid: head["kid"].as_str().map(str::to_owned),
        ..Header::new(Algorithm::HS256)
    };
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(public)).expect("a token can be made")
}

fn read(part: &str) -> Value {
    let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64");
    serde_json::from_slice(&bytes).expect("JSON")
}

fn write(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

#[test]
fn a_token_ends_with_its_time() {
    let database = database::fresh_database(Backend::Sqlite);
    // The second server's clock goes one hour ahead: there the token is past its 15 minutes.
    let public = ("GRAPEVINE_PUBLIC_URL", "https://go.shop.example");
    let ahead = [public, ("GRAPEVINE_CLOCK_SKEW_MS", "3600000")];
    let servers = [process::Process::start(&database, &[public]), process::Process::start(&database, &ahead)];
    server::block_on(async {
        let shop = TestShop::through(&database, &servers[..1]).await;
        let secret = shop.authorization().expect("a key").trim_start_matches("Bearer ");
        let login = json!({"grant_type": "client_credentials", "client_secret": secret});
        let token = text(&shop.anonymous().post("/v1/token", login).await.ok()["access_token"]);
        let holder = Actor::bearer(servers[0].base(), &token);
        holder.get("/v1/shop").await.ok();
        holder.at(servers[1].base()).get("/v1/shop").await.refused(401, "unauthenticated");
    });
}

async fn ids_of_another_shop_name_nothing(shop: TestShop) {
    let other = shop.another().await;
    let ids = one_of_each(&other).await;
    // An own name for a customer makes one; the keys of channels and segments are names, too.
    let names_own =
        ["upsert_customer", "upsert_channel", "upsert_segment", "upsert_event_consumer", "put_analytics_account"];
    let named =
        OPERATIONS.iter().filter(|operation| operation.path.contains('{') && !names_own.contains(&operation.id));
    for operation in named {
        let resource = operation.path.split('/').nth(2).unwrap_or_default();
        let id = ids.iter().find(|(name, _)| *name == resource);
        let (_, id) = id.unwrap_or_else(|| panic!("make one of the {resource} for {}", operation.id));
        ask(&shop, operation, id).await.refused(404, "not_found");
    }
    other.books_balance().await;
}

/// Nobody listens there.
fn endpoint() -> Value {
    json!({"url": "http://127.0.0.1:1/", "events": ["guessing"]})
}

fn announcement() -> Value {
    json!({"kind": "service", "audience": {"all": true}, "content": {"de": {"subject": "A", "text": "B"}}})
}

/// A shop in which there is one of each resource; their ids, by the first word of their paths.
async fn one_of_each(shop: &TestShop) -> Vec<(&'static str, String)> {
    let program = shop.program(json!({"pending_days": 0})).await;
    let share = shop.share(&program, "anna").await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    let code = shop.post(&codes, json!({"customer": "anna"})).await.json();
    let friend = shop.customer("ben").await;
    let order = json!({"order_id": "1", "customer": "ben", "amount": 4990, "currency": "EUR", "paid": true,
                       "evidence": {"token": share["token"]}});
    let conversion = shop.post("/v1/conversions", order).await.created();
    let voucher = json!({"kind": "amount_off", "amount": 500, "currency": "EUR", "max_redemptions": 2});
    let voucher = shop.post("/v1/vouchers", voucher).await.created();
    let batch = json!({"name": "Flyer", "count": 2, "kind": "amount_off", "amount": 500});
    let batch = shop.post("/v1/voucher_batches", batch).await.accepted();
    let starts_at = (chrono::Utc::now() + chrono::TimeDelta::days(1)).to_rfc3339();
    let event = json!({"name": "Tasting", "place": "Roastery", "time_zone": "UTC", "starts_at": starts_at});
    let offer = json!({"name": "Tasting", "status": "active", "program": program["id"],
                       "reward": {"kind": "event_pass", "event": event, "cost_amount": 500}});
    let offer = shop.post("/v1/offers", offer).await.created();
    let claim = json!({"customer": "carl", "evidence": {"token": share["token"]}});
    let claim = shop.post(&format!("{}/claims", path("/v1/offers", &offer["id"])), claim).await.created();
    let segment = shop.put("/v1/segments/elsewhere", json!({"name": "Elsewhere"})).await.created();
    let cart = json!({"codes": [voucher["code"]], "order_id": "1", "amount": 4990, "currency": "EUR"});
    let held = json!({"codes": [voucher["code"]], "cart_id": "held", "currency": "EUR", "amount": 4990});
    let hold = shop.post("/v1/holds", held).await.created();
    let redemption = shop.post("/v1/redemptions", cart).await.created();
    let grant = json!({"customer": "ben", "reward": {"kind": "gift_card", "amount": 100}, "reason": "late parcel"});
    let grant = shop.post("/v1/grants", grant).await.created();
    let key = shop.post("/v1/keys", json!({"name": "till", "scopes": ["shop:read"]})).await.created();
    let operator = json!({"email": "mia@other.example", "role": "support"});
    let operator = shop.post("/v1/operators", operator).await.created();
    let job = shop.import("customers", "external_id\nanna\n").await.accepted();
    shop.put("/v1/event_consumers/elsewhere", json!({"after": 0})).await.created();
    shop.put("/v1/analytics/ga4", json!({"property": "G-ABC1", "secret": "hush"})).await.created();
    let endpoint = shop.post("/v1/webhook_endpoints", endpoint()).await.created();
    let test = format!("{}/test", path("/v1/webhook_endpoints", &endpoint["id"]));
    let delivery = shop.post(&test, json!({})).await.accepted();
    came_back(shop, "zoe").await.ok();
    let announcement = shop.post("/v1/announcements", announcement()).await.created();
    let suppressions = shop.list("/v1/suppressions").await;
    let (referrals, messages) = (shop.list("/v1/referrals").await, shop.list("/v1/messages").await);
    vec![
        ("analytics", "ga4".to_owned()),
        ("programs", text(&program["id"])),
        ("shares", text(&share["id"])),
        ("codes", text(&code["code"])),
        ("customers", text(&friend["id"])),
        ("conversions", text(&conversion["id"])),
        ("rewards", text(&conversion["rewards"][0]["id"])),
        ("referrals", text(&referrals[0]["id"])),
        ("messages", text(&messages[0]["id"])),
        ("announcements", text(&announcement["id"])),
        ("templates", "elsewhere".to_owned()),
        ("suppressions", text(&suppressions[0]["id"])),
        ("vouchers", text(&voucher["id"])),
        ("voucher_batches", text(&batch["id"])),
        ("offers", text(&offer["id"])),
        ("claims", text(&claim["id"])),
        ("passes", text(&claim["voucher"])),
        ("segments", text(&segment["key"])),
        ("holds", text(&hold["id"])),
        ("redemptions", text(&redemption["id"])),
        ("grants", text(&grant["id"])),
        ("jobs", text(&job["id"])),
        ("keys", text(&key["id"])),
        ("operators", text(&operator["id"])),
        ("webhook_endpoints", text(&endpoint["id"])),
        ("deliveries", text(&delivery["id"])),
        ("event_consumers", "elsewhere".to_owned()),
    ]
}

async fn what_a_body_names_is_looked_for_in_the_own_shop(shop: TestShop) {
    let other = shop.another().await;
    let program = other.program(json!({})).await;
    let share = other.share(&program, "anna").await;
    let anna = text(&share["customer_id"]);
    let voucher = json!({"kind": "amount_off", "amount": 500, "currency": "EUR"});
    let voucher = other.post("/v1/vouchers", voucher).await.created();
    shop.customer("ben").await;
    let order = json!({"order_id": "1", "customer": anna, "amount": 4990, "currency": "EUR"});
    shop.post("/v1/conversions", order).await.refused(422, "customer_unknown");
    let order =
        json!({"order_id": "1", "customer": "ben", "amount": 4990, "currency": "EUR", "program": program["id"]});
    shop.post("/v1/conversions", order).await.refused(422, "program_unknown");
    let order = json!({"order_id": "1", "customer": "ben", "amount": 4990, "currency": "EUR",
                       "evidence": {"token": share["token"]}});
    let order = shop.post("/v1/conversions", order).await.created();
    assert_eq!(order["attribution"]["method"], "none", "{order}");
    let cart = json!({"codes": [voucher["code"]], "order_id": "1", "amount": 4990, "currency": "EUR"});
    shop.post("/v1/redemptions", cart).await.refused(422, "voucher_unknown");
    let wanted = json!({"program": program["id"], "customer": "ben", "channel": "whatsapp"});
    shop.post("/v1/shares", wanted).await.refused(422, "program_unknown");
    let grant = json!({"customer": anna, "reward": {"kind": "gift_card", "amount": 100}, "reason": "none of ours"});
    shop.post("/v1/grants", grant).await.refused(422, "customer_unknown");
    assert_eq!(other.get(&path("/v1/vouchers", &voucher["id"])).await.ok()["used"], 0);
}

/// Asks an operation about an id, with a body that it understands.
async fn ask(actor: &Actor, operation: &Operation, id: &str) -> Answer {
    let start = operation.path.find('{').unwrap_or(operation.path.len());
    let end = operation.path.find('}').map_or(start, |end| end + 1);
    let named = if start < end { id } else { "" };
    let path = format!("{}{named}{}", &operation.path[..start], &operation.path[end..]);
    let body = match operation.id {
        "approve_reward" | "void_reward" | "reject_grant" | "void_voucher" | "void_voucher_batch"
        | "replace_voucher" | "reveal_voucher" | "clear_conversion" | "approve_conversion" | "reject_conversion" => {
            json!({"reason": "to see whether it goes"})
        }
        "update_pass" => {
            json!({"event": {"name": "Tasting", "place": "Cellar", "time_zone": "UTC", "starts_at": "2040-01-01T18:00:00Z"}})
        }
        "admit_pass" => json!({"gate": "north"}),
        "fulfil_reward" => json!({"reference": "P-1"}),
        "replay_events" => json!({"from_seq": 1}),
        "resend_message" => json!({"to": "original"}),
        "create_reversal" => json!({"reversal_id": "r-1", "reason": "to see whether it goes"}),
        "create_refund" => json!({"refund_id": "r-1", "kind": "refund"}),
        "attribute_conversion" => {
            json!({"advocate": "anna", "program": "weitersagen", "reason": "to see whether it goes"})
        }
        "create_code" | "adopt_share" => json!({"customer": "anna"}),
        "merge_customers" => json!({"from": "anna", "reason": "to see whether it goes"}),
        _ => json!({}),
    };
    let method = operation.method.parse().expect("a method");
    let ask = actor.ask(method, &path).key(&fresh("key")).if_match("\"1\"");
    if operation.method == "GET" { ask.await } else { ask.json(&body).await }
}
