//! Browsers: what a customer sees of himself there, that he sees nobody else, and which pages may ask.

use grapevine::api::routes::ME_OPERATIONS;
use reqwest::Method;

use crate::support::*;

on_both!(
    a_customer_sees_what_is_his_own,
    a_program_is_seen_at_a_glance,
    whom_a_customer_won_has_no_name,
    what_belongs_to_others_is_not_there,
    a_token_is_as_good_as_it_was_asked_for,
    who_was_merged_is_the_one_into_whom_he_was,
    who_stands_in_for_a_customer_is_noted,
    a_share_of_a_browser_is_the_customers,
    a_code_is_made_once_in_a_program,
    pages_that_the_shop_lists_may_ask,
    pages_that_it_does_not_list_may_not,
);

const PAGE: &str = "https://shop.example";

async fn list_origins(shop: &TestShop, origins: &[&str]) {
    let etag = shop.get("/v1/shop").await.etag();
    shop.patch("/v1/shop", json!({ "browser_origins": origins })).if_match(&etag).await.ok();
}

/// Anna won Ben, whose order has waited; the shop gave her a present, too.
async fn anna_won_ben(shop: &TestShop) -> Value {
    let program = shop.program(json!({"pending_days": 14})).await;
    let share = shop.share(&program, "anna").await;
    let ben = json!({"email": "ben.secret@mail.example", "name": "Benjamin Geheim", "first_name": "Benjamin",
                     "phone": "+49 151 2345678", "locale": "de"});
    shop.put("/v1/customers/ben-0815", ben).await.created();
    let evidence = json!({"token": share["token"]});
    shop.post("/v1/referrals", json!({"friend": "ben-0815", "evidence": evidence})).await.created();
    let order = json!({"order_id": "ORDER-4711", "customer": "ben-0815", "amount": 4990, "currency": "EUR",
                       "paid": true, "evidence": evidence});
    shop.post("/v1/conversions", order).await.created();
    shop.advance(15).await;
    let present = json!({"kind": "store_credit", "amount": 700});
    let grant =
        json!({"customer": "anna", "reward": present, "reason": "for winning Benjamin Geheim", "reference": "T-4712"});
    shop.post("/v1/grants", grant).await.created();
    program
}

async fn a_customer_sees_what_is_his_own(shop: TestShop) {
    let program = anna_won_ben(&shop).await;
    let anna = shop.browser("anna").await;
    let me = anna.get("/v1/me").await.ok();
    assert_eq!(
        (&me["customer"], &me["email"], &me["currency"]),
        (&json!("anna"), &json!("anna@mail.example"), &json!("EUR"))
    );
    let shares = anna.get("/v1/me/shares").await.ok();
    assert_eq!(shares["data"][0]["counts"]["conversions"], 1);
    let referrals = anna.get("/v1/me/referrals").await.ok();
    assert_eq!(
        (&referrals["data"][0]["status"], &referrals["data"][0]["share"]),
        (&json!("converted"), &shares["data"][0]["id"])
    );
    let rewards = anna.get("/v1/me/rewards?status=issued").await.ok();
    assert_eq!((&rewards["data"][0]["on"], &rewards["data"][1]["on"]), (&json!("grant"), &json!("conversion")));
    let slug = text(&program["slug"]);
    let earned = anna.get(&format!("/v1/me/rewards?program={slug}")).await.ok();
    assert_eq!(elements(&earned["data"]).len(), 1);
    let vouchers = anna.get("/v1/me/vouchers?status=active").await.ok();
    let voucher = shop.get(&path("/v1/vouchers", &earned["data"][0]["voucher"])).await.ok();
    assert_eq!((&vouchers["data"][0]["id"], &vouchers["data"][0]["code"]), (&voucher["id"], &voucher["code"]));
    assert_eq!(anna.get("/v1/me/balance").await.ok(), json!({"currency": "EUR", "balance": 700}));
}

async fn a_program_is_seen_at_a_glance(shop: TestShop) {
    let program = anna_won_ben(&shop).await;
    let place = format!("/v1/me/summary?program={}", text(&program["slug"]));
    let anna = shop.browser("anna").await;
    let seen = anna.get(&place).await.ok();
    assert_eq!(
        (&seen["code"], &seen["url"], &seen["qr_svg"], &seen["send_urls"]),
        (&Value::Null, &Value::Null, &Value::Null, &json!([]))
    );
    let code = anna.post("/v1/me/code", json!({"program": program["id"]})).await.created();
    shop.put("/v1/customers/anna", json!({"locale": "en"})).await.ok();
    let seen = anna.get(&place).await.ok();
    assert_eq!((&seen["code"], &seen["url"]), (&code["code"], &code["url"]));
    assert!(text(&seen["qr_svg"]).starts_with("<svg"), "{seen}");
    let ways = elements(&seen["send_urls"]);
    let whatsapp = ways.iter().find(|way| way["channel"] == "whatsapp").expect("a way");
    let link = text(&code["url"]).replace(':', "%3A").replace('/', "%2F");
    assert!(text(&whatsapp["mobile"]).contains(&link), "{whatsapp} {link}");
    assert_eq!((&seen["program"]["slug"], &seen["program"]["open"]), (&program["slug"], &json!(true)));
    assert!(text(&seen["my_reward"]).contains('€'), "{seen}");
    // One link for Ben, and that of the code.
    assert_eq!(seen["progress"], json!({"shares": 2, "visitors": 0, "friends_open": 0, "friends_won": 1}));
    let totals = &seen["totals"];
    assert_eq!(
        (&totals["issued"]["count"], &totals["pending"]["count"], &totals["balance"]),
        (&json!(1), &json!(0), &json!(700))
    );
    let reward = &seen["rewards"][0];
    assert!(text(&reward["status_text"]).starts_with("good until "), "{reward}");
    assert_eq!(reward["id"], anna.get("/v1/me/rewards?status=issued").await.ok()["data"][1]["id"]);
    let german = shop.browser("ben-0815").await.get(&place).await.ok();
    assert_eq!((&german["progress"]["friends_won"], &german["totals"]["balance"]), (&json!(0), &json!(0)));
    anna.get("/v1/me/summary?program=nothing").await.refused(404, "not_found");
    assert_eq!(anna.get("/v1/me/summary").await.ok(), anna.get(&place).await.ok(), "the only program there is");
    let other = shop.program(json!({"name": "Zweites", "slug": "zweites"})).await;
    assert_eq!(anna.get("/v1/me/summary").await.ok()["program"]["id"], program["id"], "the only one of hers");
    let refused = shop.browser("ben-0815").await.get("/v1/me/summary").await.refused(422, "invalid_field");
    let named = format!("?program: one of {}, zweites is expected", text(&program["slug"]));
    assert!(text(&refused["detail"]).starts_with(&named), "{refused}");
    anna.post("/v1/me/code", json!({"program": "zweites"})).await.created();
    anna.get("/v1/me/summary").await.refused(422, "invalid_field");
    shop.post(&format!("{}/end", path("/v1/programs", &program["id"])), json!({})).await.ok();
    assert_eq!(anna.get("/v1/me/summary").await.ok()["program"]["id"], other["id"], "the only one that is open");
    shop.post(&format!("{}/end", path("/v1/programs", &other["id"])), json!({})).await.ok();
    anna.get("/v1/me/summary").await.refused(422, "invalid_field");
    anna.get(&format!("{place}&customer=ben-0815")).await.refused(422, "invalid_field");
}

async fn whom_a_customer_won_has_no_name(shop: TestShop) {
    let program = anna_won_ben(&shop).await;
    let (anna, ben) = (shop.browser("anna").await, shop.browser("ben-0815").await);
    let ids = |customer: Value, orders: Value| [text(&customer["id"]), text(&orders["data"][0]["id"])];
    let of_ben = ids(shop.get("/v1/customers/ben-0815").await.ok(), shop.get("/v1/conversions").await.ok());
    let words = ["ben-0815", "Benjamin", "Geheim", "ben.secret", "2345678", "ORDER-4711", "T-4712"].map(str::to_owned);
    let of_anna = ["\"anna\"", "anna@mail.example"].map(str::to_owned);
    let id_of_anna = text(&shop.get("/v1/customers/anna").await.ok()["id"]);
    anna.post("/v1/me/code", json!({"program": program["id"]})).await.created();
    let parent = text(&shop.get("/v1/customers/anna/shares").await.ok()["data"][1]["token"]);
    let came = json!({"program": program["id"], "channel": "signal", "parent_token": parent});
    let parent = text(&ben.post("/v1/me/shares", came).await.created()["id"]);
    assert_eq!(shop.get(&format!("/v1/shares/{parent}")).await.ok()["depth"], 2);
    let code = format!("/v1/me/code?program={}", text(&program["id"]));
    let summary = format!("/v1/me/summary?program={}", text(&program["id"]));
    let group = group_of_anna(&shop, &program).await;
    for operation in ME_OPERATIONS.iter().filter(|operation| operation.method == "GET") {
        let place = match operation.path {
            "/v1/me/code" => &code,
            "/v1/me/summary" => &summary,
            "/v1/me/offers/{id}/groups/{share}" => &group,
            plain => plain,
        };
        for accept in ["application/json", "text/csv"] {
            let shown = anna.get(place).header("accept", accept).await;
            assert_eq!(shown.status(), 200, "{shown:?}");
            for secret in words.iter().chain(&of_ben) {
                assert!(!shown.text().contains(secret), "{secret} is told: {shown:?}");
            }
            let shown = ben.get(place).header("accept", accept).await;
            for secret in of_anna.iter().chain([&id_of_anna]) {
                assert!(!shown.text().contains(secret), "{secret} is told: {shown:?}");
            }
        }
    }
}

/// Ben takes an offer for groups by Anna's share; answers where she sees how hers fills.
async fn group_of_anna(shop: &TestShop, program: &Value) -> String {
    let share = json!({"program": program["id"], "customer": "anna", "channel": "signal"});
    let share = shop.post("/v1/shares", share).await.created();
    let offer = json!({"name": "Choir", "status": "active", "program": program["id"], "kind": "group",
                       "group": {"places": 5}, "reward": {"kind": "amount_off", "amount": 500}});
    let offer = shop.post("/v1/offers", offer).await.created();
    let claim = json!({"customer": "ben-0815", "evidence": {"token": share["token"]}});
    shop.post(&format!("{}/claims", path("/v1/offers", &offer["id"])), claim).await.created();
    format!("/v1/me/offers/{}/groups/{}", text(&offer["id"]), text(&share["id"]))
}

async fn what_belongs_to_others_is_not_there(shop: TestShop) {
    let program = anna_won_ben(&shop).await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    shop.post(&codes, json!({"customer": "anna"})).await.created();
    shop.customer("cleo").await;
    let cleo = shop.browser("cleo").await;
    for list in ["shares", "rewards", "referrals", "vouchers"] {
        assert_eq!(cleo.get(&format!("/v1/me/{list}")).await.ok()["data"], json!([]), "{list}");
        cleo.get(&format!("/v1/me/{list}?customer=anna")).await.refused(422, "invalid_field");
    }
    let place = format!("/v1/me/code?program={}", text(&program["id"]));
    cleo.get(&place).await.refused(404, "not_found");
    cleo.get("/v1/me/code?program=nothing").await.refused(404, "not_found");
    cleo.get("/v1/me/code").await.refused(422, "invalid_field");
    assert_eq!(cleo.get("/v1/me/balance").await.ok()["balance"], 0);
    let other = shop.another().await;
    other.customer("anna").await;
    let foreign = other.browser("anna").await;
    assert_eq!(foreign.get("/v1/me/vouchers").await.ok()["data"], json!([]));
    foreign.post("/v1/me/code", json!({"program": program["id"]})).await.refused(422, "program_unknown");
    foreign.get(&place).await.refused(404, "not_found");
}

async fn a_token_is_as_good_as_it_was_asked_for(shop: TestShop) {
    shop.customer("anna").await;
    let place = "/v1/customers/anna/tokens";
    assert_eq!(shop.post(place, json!({})).await.ok()["expires_in"], 900);
    assert_eq!(shop.post(place, json!({"expires_in": 3600})).await.ok()["expires_in"], 3600);
    for wrong in [json!(3601), json!(0), json!(-1), json!("900")] {
        shop.post(place, json!({ "expires_in": wrong })).await.refused(422, "invalid_field");
    }
    shop.post(place, json!({"scope": "shop:read"})).await.refused(422, "unknown_field");
    shop.post("/v1/customers/nobody/tokens", json!({})).await.refused(404, "not_found");
    shop.another().await.post(place, json!({})).await.refused(404, "not_found");
    shop.key(&["customers:read", "customers:write"]).await.post(place, json!({})).await.refused(403, "forbidden");
    let token = text(&shop.post(place, json!({})).await.ok()["access_token"]);
    // Another letter of the signature; its last one says too little.
    let (start, end) = token.split_at(token.len() - 9);
    let other = if end.starts_with('A') { 'B' } else { 'A' };
    let forged = format!("{start}{other}{}", &end[1..]);
    Actor::bearer(shop.base(), &forged).get("/v1/me").await.refused(401, "unauthenticated");
}

#[test]
fn a_token_ends_with_its_time_and_a_customer_may_ask_so_often() {
    let database = database::fresh_database(Backend::Sqlite);
    let ahead = [("GRAPEVINE_CLOCK_SKEW_MS", "3600000"), ("GRAPEVINE_BROWSER_RATE_LIMIT", "3/3600")];
    let servers = [process::Process::start(&database, &[]), process::Process::start(&database, &ahead)];
    server::block_on(async {
        let shop = TestShop::through(&database, &servers[..1]).await;
        for name in ["anna", "ben"] {
            shop.customer(name).await;
        }
        let anna = shop.browser("anna").await;
        anna.get("/v1/me").await.ok();
        anna.at(servers[1].base()).get("/v1/me").await.refused(401, "unauthenticated");
        let place = |name: &str| format!("/v1/customers/{name}/tokens");
        let late = shop.at(servers[1].base());
        let token = text(&late.post(&place("anna"), json!({})).await.ok()["access_token"]);
        let anna = Actor::bearer(servers[1].base(), &token);
        for left in ["2", "1", "0"] {
            let answer = anna.get("/v1/me").await;
            assert_eq!(answer.header("ratelimit"), Some(format!("\"customer\";r={left};t=3600").as_str()));
        }
        let refused = anna.get("/v1/me").await;
        refused.refused(429, "rate_limited");
        let token = text(&late.post(&place("ben"), json!({})).await.ok()["access_token"]);
        Actor::bearer(servers[1].base(), &token).get("/v1/me").await.ok();
    });
}

async fn who_was_merged_is_the_one_into_whom_he_was(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "anna").await;
    let voucher = json!({"kind": "amount_off", "amount": 500, "customer": "anna"});
    let voucher = shop.post("/v1/vouchers", voucher).await.created();
    shop.customer("anna-new").await;
    let (old, new) = (shop.browser("anna").await, shop.browser("anna-new").await);
    let code = old.post("/v1/me/code", json!({"program": program["id"]})).await.created();
    shop.post("/v1/customers/anna-new/merge", json!({"from": "anna", "reason": "two accounts"})).await.ok();
    for anna in [old, new, shop.browser("anna").await] {
        assert_eq!(anna.get("/v1/me").await.ok()["customer"], "anna-new");
        let shares = elements(&anna.get("/v1/me/shares?channel=whatsapp").await.ok()["data"]);
        assert_eq!((shares.len(), &shares[0]["id"]), (1, &share["id"]));
        assert_eq!(anna.get("/v1/me/vouchers").await.ok()["data"][0]["code"], voucher["code"]);
        let place = format!("/v1/me/code?program={}", text(&program["id"]));
        assert_eq!(anna.get(&place).await.ok()["code"], code["code"]);
    }
}

async fn who_stands_in_for_a_customer_is_noted(shop: TestShop) {
    let anna = shop.customer("anna").await;
    let place = "/v1/customers/anna/tokens";
    shop.operator("support").await.post(place, json!({})).await.refused(403, "forbidden");
    shop.post(place, json!({})).await.ok();
    assert_eq!(shop.get("/v1/audit_log?action=create_customer_token").await.ok()["data"], json!([]));
    shop.operator("manager").await.post(place, json!({})).await.ok();
    let noted = shop.get("/v1/audit_log?action=create_customer_token").await.ok();
    assert_eq!(
        (&noted["data"][0]["subject"]["id"], &noted["data"][0]["actor"]["name"]),
        (&anna["id"], &json!("manager"))
    );
}

async fn a_share_of_a_browser_is_the_customers(shop: TestShop) {
    let program = shop.program(json!({})).await;
    shop.customer("anna").await;
    let anna = shop.browser("anna").await;
    let wanted = json!({"program": program["slug"], "channel": "whatsapp", "landing_url": "https://shop.example/mug"});
    let made = anna.post("/v1/me/shares", wanted.clone()).key("k").await;
    let again = anna.post("/v1/me/shares", wanted.clone()).key("k").await;
    assert_eq!((made.created(), again.header("idempotent-replayed")), (again.created(), Some("true")));
    let share = anna.post("/v1/me/shares", wanted).await.ok();
    assert_eq!(shop.get(&path("/v1/shares", &share["id"])).await.ok()["customer"], "anna");
    let several = json!({"program": program["slug"], "channels": ["email", "whatsapp"]});
    assert_eq!(elements(&anna.post("/v1/me/shares", several).await.created()["data"]).len(), 2);
    let table = [
        (json!({"customer": "ben"}), "unknown_field"),
        (json!({"preview": {"title": "You have won"}}), "unknown_field"),
        (json!({"landing_url": "https://evil.example/"}), "url_not_allowed"),
        (json!({"channel": "pigeon"}), "channel_unknown"),
        (json!({"program": "nothing"}), "program_unknown"),
    ];
    for (changes, code) in table {
        let mut share = json!({"program": program["slug"], "channel": "whatsapp"});
        for (name, value) in changes.as_object().into_iter().flatten() {
            share[name] = value.clone();
        }
        anna.post("/v1/me/shares", share).await.refused(422, code);
    }
}

async fn a_code_is_made_once_in_a_program(shop: TestShop) {
    let program = shop.program(json!({})).await;
    shop.put("/v1/customers/c-7", json!({"first_name": "Anna"})).await.created();
    let anna = shop.browser("c-7").await;
    let made = anna.post("/v1/me/code", json!({"program": program["id"]})).await.created();
    assert!(text(&made["code"]).starts_with("ANNA-"), "{made}");
    assert_eq!(anna.post("/v1/me/code", json!({"program": program["slug"]})).await.ok(), made);
    assert_eq!(shop.get(&path("/v1/codes", &made["code"])).await.ok()["customer"], "c-7");
    anna.post("/v1/me/code", json!({"program": program["id"], "code": "KAFFEE"})).await.refused(422, "unknown_field");
    anna.post("/v1/me/code", json!({"program": "nothing"})).await.refused(422, "program_unknown");
    shop.post(&format!("{}/pause", path("/v1/programs", &program["id"])), json!({})).await.ok();
    assert_eq!(anna.post("/v1/me/code", json!({"program": program["id"]})).await.ok(), made);
    shop.customer("ben").await;
    let ben = shop.browser("ben").await;
    ben.post("/v1/me/code", json!({"program": program["id"]})).await.refused(409, "program_not_active");
}

/// Asks as a browser does before it asks; the contract does not list what browsers do by themselves.
async fn preflight(actor: &Actor, place: &str, page: &str) -> Answer {
    let ask = actor.ask(Method::OPTIONS, place).without("authorization").header("origin", page);
    ask.header("access-control-request-method", "POST").attempt().await.expect("the server answers")
}

async fn pages_that_the_shop_lists_may_ask(shop: TestShop) {
    list_origins(&shop, &[PAGE, "https://www.shop.example"]).await;
    shop.customer("anna").await;
    let anna = shop.browser("anna").await;
    for operation in ME_OPERATIONS {
        let asked = preflight(&anna, operation.path, PAGE).await;
        asked.no_content();
        assert_eq!(asked.header("access-control-allow-origin"), Some(PAGE));
        let allowed = |name: &str| asked.header(name).unwrap_or_default().to_owned();
        assert!(allowed("access-control-allow-methods").contains(operation.method), "{asked:?}");
        assert!(allowed("access-control-allow-headers").contains("authorization"), "{asked:?}");
        assert_eq!(asked.header("access-control-allow-credentials"), None, "no cookies");
        assert_eq!(asked.header("vary"), Some("origin"));
    }
    for page in [PAGE, "https://www.shop.example"] {
        let shown = anna.get("/v1/me").header("origin", page).await;
        shown.ok();
        assert_eq!((shown.header("access-control-allow-origin"), shown.header("vary")), (Some(page), Some("origin")));
    }
    // A page must be able to read that its token is no longer good, and why something was refused.
    let stranger = shop.anonymous().get("/v1/me").header("origin", PAGE).await;
    stranger.refused(401, "unauthenticated");
    assert_eq!(stranger.header("access-control-allow-origin"), Some(PAGE));
    let refused = anna.post("/v1/me/code", json!({"program": "nothing"})).header("origin", PAGE).await;
    refused.refused(422, "program_unknown");
    assert_eq!(refused.header("access-control-allow-origin"), Some(PAGE));
}

async fn pages_that_it_does_not_list_may_not(shop: TestShop) {
    let other = shop.another().await;
    let (own, foreign) = (format!("https://{}.example", fresh("own")), format!("https://{}.example", fresh("foreign")));
    let (own, foreign) = (own.to_ascii_lowercase(), foreign.to_ascii_lowercase());
    list_origins(&shop, &[&own]).await;
    list_origins(&other, &[&foreign]).await;
    shop.customer("anna").await;
    let anna = shop.browser("anna").await;
    let nobodys = format!("https://{}.example", fresh("nobody")).to_ascii_lowercase();
    for page in [
        nobodys.as_str(),
        "null",
        "https://own.example.evil.example",
        &format!("{own}:8443"),
        &own.to_ascii_uppercase(),
    ] {
        let asked = preflight(&anna, "/v1/me/shares", page).await;
        assert_eq!((asked.status(), asked.header("access-control-allow-origin")), (204, None), "{page}");
    }
    // A preflight has no token; the answer itself is for the pages of the token's shop alone.
    for page in [foreign.as_str(), &nobodys, "null"] {
        let shown = anna.get("/v1/me").header("origin", page).await;
        assert_eq!(
            (shown.header("access-control-allow-origin"), shown.header("vary")),
            (None, Some("origin")),
            "{page}"
        );
    }
    assert_eq!(anna.get("/v1/me").await.header("vary"), Some("origin"), "an answer for one is not kept for another");
    // Elsewhere no page may ask at all, not even the shop's.
    let elsewhere = shop.get("/v1/shop").header("origin", &own).await;
    assert_eq!(elsewhere.header("access-control-allow-origin"), None);
    let asked = preflight(&anna, "/v1/shop", &own).await;
    assert_eq!((asked.status(), asked.header("access-control-allow-origin")), (405, None));
    assert_eq!(anna.ask(Method::OPTIONS, "/v1/me").attempt().await.expect("an answer").status(), 405, "no preflight");
    list_origins(&shop, &[]).await;
    let shown = anna.get("/v1/me").header("origin", &own).await;
    assert_eq!(shown.header("access-control-allow-origin"), None, "taken from the list");
}
