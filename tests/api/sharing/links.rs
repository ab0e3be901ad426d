//! Opening links: persons, preview robots, scanners, and what is kept of them.

use std::time::{Duration, Instant};

use grapevine::records::time::DAY_MS;
use grapevine::store::Target;
use grapevine::store::connection::Use;

use crate::support::database::fresh_database;
use crate::support::process::Process;
use crate::support::server::block_on;
use crate::support::*;

on_both!(
    a_person_is_sent_on_and_counted,
    the_landing_page_keeps_its_own_address,
    no_other_evidence_comes_before_ours,
    the_mark_stands_where_the_shop_wants_it,
    a_preview_robot_gets_a_page_and_is_no_visit,
    a_preview_tells_the_channel_of_a_copied_link,
    scanners_are_answered_like_persons_and_not_counted,
    a_visit_is_unique_once_a_day_for_a_browser,
    few_of_one_address_are_unique_visitors,
    a_share_is_sent_when_it_is_first_opened,
    an_ended_program_leads_home,
    links_that_never_were_are_told_kindly,
    the_age_of_a_visit_follows_the_shops_clock,
    links_take_get_and_head_alone,
    what_a_messenger_left_around_a_link_is_forgiven,
    a_codes_link_is_read_however_it_is_written,
    whatever_a_person_opens_is_answered_by_a_page,
    the_host_of_links_answers_browsers_and_robots,
    a_link_that_cannot_be_looked_up_says_so_on_a_page,
);

/// What comes at all comes before that.
const LIMIT: Duration = Duration::from_secs(60);

const BROWSER: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
const WHATSAPP: &str = "WhatsApp/2.23.20.0 A";

async fn open(shop: &Actor, share: &Value, agent: &str) -> Answer {
    let token = share["token"].as_str().expect("a token");
    Actor::anonymous(shop.base()).get(&format!("/s/{token}")).header("user-agent", agent).await
}

async fn counts(shop: &TestShop, share: &Value) -> Value {
    shop.settle_visits().await;
    shop.get(&path("/v1/shares", &share["id"])).await.ok()["counts"].clone()
}

async fn a_person_is_sent_on_and_counted(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "a").await;
    let answer = open(&shop, &share, BROWSER).await;
    let token = share["token"].as_str().expect("a token");
    let location = answer.found();
    assert!(location.starts_with(&format!("https://shop.example/welcome?gv={token}-")), "{location}");
    for pair in
        ["utm_source=whatsapp", "utm_medium=social", "utm_source_platform=dark_social", "utm_campaign=weitersagen"]
    {
        assert!(location.contains(pair), "{pair} in {location}");
    }
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("referrer-policy"), Some("strict-origin-when-cross-origin"));
    assert_eq!(answer.header("x-robots-tag"), Some("noindex, nofollow"));
    assert_eq!(answer.header("set-cookie"), None);
    let counted = counts(&shop, &share).await;
    assert_eq!(
        counted,
        json!({"previews": 0, "visits": 1, "unique_visits": 1, "referrals": 0, "conversions": 0, "naked": 0})
    );
}

async fn the_landing_page_keeps_its_own_address(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share =
        json!({"program": program["id"], "channel": "email", "landing_url": "https://shop.example/mug?color=blue#top"});
    let share = shop.post("/v1/shares", share).await.created();
    let answer = open(&shop, &share, BROWSER).await;
    let location = answer.found();
    assert!(location.starts_with("https://shop.example/mug?color=blue&gv="), "{location}");
    assert!(location.ends_with("#top") && location.contains("utm_medium=email"), "{location}");
}

/// However a landing page writes `gv` or what analytics reads, the page is told ours alone.
async fn no_other_evidence_comes_before_ours(shop: TestShop) {
    let program = shop.program(json!({})).await;
    for query in ["%67v=forged", "g%76=forged", "GV=forged", "gv[]=forged", "+gv=forged", "%67v", "utm%5Fsource=forged"]
    {
        let landing_url = format!("https://shop.example/mug?{query}&color=blue");
        let share = json!({"program": program["id"], "channel": "email", "landing_url": landing_url});
        let share = shop.post("/v1/shares", share).await.created();
        let answer = open(&shop, &share, BROWSER).await;
        let token = text(&share["token"]);
        let location = answer.found();
        assert!(location.starts_with(&format!("https://shop.example/mug?color=blue&gv={token}-")), "{location}");
        assert!(!location.contains("forged"), "{location}");
        let preview = open(&shop, &share, WHATSAPP).await;
        assert!(!preview.text().contains("forged"), "{query}: {preview:?}");
    }
}

/// Shops that cannot read `gv` get the mark where they look for it, and what was copied of a link is evidence.
async fn the_mark_stands_where_the_shop_wants_it(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "a").await;
    let etag = shop.get("/v1/shop").await.etag();
    let names = json!({"mark_parameters": ["gv", "campaignCode", "client_reference_id", "GV"]});
    let changed = shop.patch("/v1/shop", names).if_match(&etag).await.ok();
    assert_eq!(changed["mark_parameters"], json!(["gv", "campaignCode", "client_reference_id"]));
    let answer = open(&shop, &share, BROWSER).await;
    let landing = answer.found().to_owned();
    let value = |name: &str| {
        let value = landing.split(&format!("{name}=")).nth(1).and_then(|rest| rest.split('&').next());
        value.unwrap_or_else(|| panic!("no {name} in {landing}")).to_owned()
    };
    let mark = value("gv");
    assert_eq!((value("campaignCode"), value("client_reference_id")), (mark.clone(), mark.clone()));
    // What Stripe and Telegram take as it is.
    assert!(mark.len() == 32 && mark.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    let dotted = format!("{}.{}", &mark[..11], &mark[12..]);
    shop.settle_visits().await;
    for (friend, token) in
        [("f", landing.clone()), ("g", text(&share["url"])), ("h", dotted), ("i", format!("/x?campaignCode={mark}"))]
    {
        let order = json!({"order_id": friend, "customer": friend, "amount": 5000, "currency": "EUR", "evidence": {"token": token}});
        let order = shop.post("/v1/conversions", order).await.created();
        let from = if friend == "g" { "opened" } else { "mark" };
        let credit = &order["attribution"];
        assert_eq!((&credit["advocate"], &credit["age_from"]), (&json!("a"), &json!(from)), "{token}: {order}");
    }
}

async fn a_preview_robot_gets_a_page_and_is_no_visit(shop: TestShop) {
    let content = json!({"de": {"title": "Kaffee & \"Kuchen\"", "image_url": "https://shop.example/bild.jpg"}});
    let program = shop.program(json!({"content": content})).await;
    let share = shop.share(&program, "a").await;
    let answer = open(&shop, &share, WHATSAPP).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
    assert!(answer.header("vary").is_some_and(|vary| vary.contains("User-Agent")));
    let page = answer.text();
    for part in ["lang=\"de\"", "og:title\" content=\"Kaffee &amp; &quot;Kuchen&quot;\"", "content=\"de_DE\"", "5,00 €"]
    {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains(">a<"), "the advocate is named");
    let counted = counts(&shop, &share).await;
    assert_eq!((&counted["previews"], &counted["visits"]), (&json!(1), &json!(0)));
}

async fn a_preview_tells_the_channel_of_a_copied_link(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = json!({"program": program["id"], "channel": "copy"});
    let share = shop.post("/v1/shares", share).await.created();
    open(&shop, &share, "TelegramBot (like TwitterBot)").await.text();
    shop.settle_visits().await;
    open(&shop, &share, WHATSAPP).await.text();
    shop.settle_visits().await;
    let seen = shop.get(&path("/v1/shares", &share["id"])).await.ok();
    assert_eq!((&seen["channel"], &seen["channel_inferred"]), (&json!("copy"), &json!("telegram")));
    let named = shop.share(&program, "a").await;
    open(&shop, &named, "TelegramBot (like TwitterBot)").await.text();
    shop.settle_visits().await;
    assert!(shop.get(&path("/v1/shares", &named["id"])).await.ok()["channel_inferred"].is_null());
}

async fn scanners_are_answered_like_persons_and_not_counted(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "a").await;
    let link = format!("/s/{}", share["token"].as_str().expect("a token"));
    open(&shop, &share, "curl/8.5.0").await.found();
    open(&shop, &share, "").await.found();
    shop.anonymous().get(&link).header("user-agent", BROWSER).header("sec-purpose", "prefetch").await.found();
    let head = shop.anonymous().head(&link).header("user-agent", BROWSER).await;
    head.found();
    assert!(head.bytes().is_empty());
    let robot = shop.anonymous().head(&link).header("user-agent", WHATSAPP).await;
    assert_eq!((robot.status(), robot.bytes().len()), (200, 0));
    let counted = counts(&shop, &share).await;
    assert_eq!((&counted["previews"], &counted["visits"]), (&json!(0), &json!(0)));
    assert_eq!(shop.get(&path("/v1/shares", &share["id"])).await.ok()["status"], "made");
}

/// Two shares of one program, each with a link of its own.
async fn two_shares(shop: &Actor) -> [Value; 2] {
    let program =
        json!({"name": "Weitersagen", "status": "active", "landing_url": "https://shop.example/", "rewards": []});
    let program = shop.post("/v1/programs", program).await.created();
    let share = json!({"program": program["id"], "channel": "sms"});
    let first = shop.post("/v1/shares", share.clone()).await.created();
    [first, shop.post("/v1/shares", share).await.created()]
}

/// A visit's day is the server's, which no test can move: each has a server of its own, whose clock
/// begins at a noon.
async fn a_visit_is_unique_once_a_day_for_a_browser(shop: TestShop) {
    let database = fresh_database(shop.backend);
    let today = until_noon();
    let server = server::own(&database, &[("GRAPEVINE_CLOCK_SKEW_MS", &today.to_string())]).await;
    let shop = TestShop::in_server(&server).await;
    let [first, second] = two_shares(&shop).await;
    for _ in 0..3 {
        open(&shop, &first, BROWSER).await.found();
    }
    server.app.links.settle().await;
    open(&shop, &first, BROWSER).await.found();
    open(&shop, &first, &BROWSER.replace("17_5", "17_4")).await.found();
    open(&shop, &second, BROWSER).await.found();
    server.app.links.settle().await;
    assert_eq!(visits(&shop, &first).await, (5, 2));
    assert_eq!(visits(&shop, &second).await, (1, 1));
    server.stop().await;
    let server = server::own(&database, &[("GRAPEVINE_CLOCK_SKEW_MS", &(today + DAY_MS).to_string())]).await;
    let shop = shop.at(&format!("http://{}", server.address));
    for _ in 0..2 {
        open(&shop, &first, BROWSER).await.found();
    }
    server.app.links.settle().await;
    assert_eq!(visits(&shop, &first).await, (7, 3), "another day");
    server.stop().await;
}

/// However many browsers somebody claims to have, in one batch or many, before the server is started anew or
/// after; who comes from elsewhere, or opens another share, is counted all the same.
async fn few_of_one_address_are_unique_visitors(shop: TestShop) {
    const EACH: i64 = 100;
    let skew = until_noon().to_string();
    let settings = [("GRAPEVINE_CLOCK_SKEW_MS", skew.as_str()), ("GRAPEVINE_TRUSTED_PROXIES", "127.0.0.1")];
    let database = fresh_database(shop.backend);
    let server = server::own(&database, &settings).await;
    let shop = TestShop::in_server(&server).await;
    let [first, second] = two_shares(&shop).await;
    let flood = async |base: &str, share: &Value, from: &str, browsers: std::ops::Range<i64>| {
        let (visitor, link) = (Actor::anonymous(base), format!("/s/{}", text(&share["token"])));
        let openings = browsers.map(|number| {
            let agent = BROWSER.replace("17_5", &format!("17_{number}"));
            visitor.get(&link).header("user-agent", &agent).header("x-forwarded-for", from).into_future()
        });
        let answers = futures_util::future::join_all(openings).await;
        assert!(answers.iter().all(|answer| answer.status() == 302));
    };
    flood(shop.base(), &first, "198.51.100.1", 0..3).await;
    server.app.links.settle().await;
    assert_eq!(visits(&shop, &first).await, (3, 3));
    for batch in 0..2 {
        flood(shop.base(), &first, "198.51.100.1", batch * EACH..(batch + 1) * EACH).await;
        server.app.links.settle().await;
        assert_eq!(visits(&shop, &first).await, (3 + (batch + 1) * EACH, 8));
    }
    flood(shop.base(), &first, "198.51.100.2", 0..2).await;
    flood(shop.base(), &first, "2001:db8::1", 0..5).await;
    flood(shop.base(), &first, "2001:db8::2", 5..15).await;
    flood(shop.base(), &second, "198.51.100.1", 0..EACH).await;
    server.app.links.settle().await;
    assert_eq!(visits(&shop, &first).await, (220, 18));
    assert_eq!(visits(&shop, &second).await, (EACH, 8));
    server.stop().await;
    let server = server::own(&database, &settings).await;
    let shop = shop.at(&format!("http://{}", server.address));
    flood(shop.base(), &first, "198.51.100.1", 500..550).await;
    server.app.links.settle().await;
    assert_eq!(visits(&shop, &first).await, (270, 18));
    server.stop().await;
}

/// Milliseconds until tomorrow's noon.
fn until_noon() -> i64 {
    let now = chrono::Utc::now().timestamp_millis();
    DAY_MS + DAY_MS / 2 - now.rem_euclid(DAY_MS)
}

/// All, and unique ones.
async fn visits(shop: &Actor, share: &Value) -> (i64, i64) {
    let counts = shop.get(&path("/v1/shares", &share["id"])).await.ok()["counts"].clone();
    let count = |name: &str| counts[name].as_i64().expect("a count");
    (count("visits"), count("unique_visits"))
}

async fn a_share_is_sent_when_it_is_first_opened(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "a").await;
    open(&shop, &share, WHATSAPP).await.text();
    shop.settle_visits().await;
    let sent = shop.get(&path("/v1/shares", &share["id"])).await.ok();
    assert_eq!(sent["status"], "sent");
    open(&shop, &share, BROWSER).await.found();
    shop.settle_visits().await;
    assert_eq!(shop.get(&path("/v1/shares", &share["id"])).await.ok()["sent_at"], sent["sent_at"]);
    let events = elements(&shop.get("/v1/events?after=0").await.ok()["data"]);
    let told: Vec<_> = events.iter().filter(|event| event["type"] == "share.sent").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["data"]["id"], share["id"]);
}

/// The database keeps the engine from noting it, longer than a command is patient. Nobody opens another
/// link, and yet it is noted when it can be.
#[test]
fn a_share_is_sent_though_the_database_was_slow() {
    let database = fresh_database(Backend::Postgres);
    let mut other = Target::parse(&database).expect("a URL").connect(Use::Tool).expect("a connection");
    let server = Process::start(&database, &[("GRAPEVINE_LOG", "info,grapevine::links=debug")]);
    block_on(async {
        let shop = TestShop::through(&database, std::slice::from_ref(&server)).await;
        let program = shop.program(json!({})).await;
        let share = shop.share(&program, "a").await;
        let place = path("/v1/shares", &share["id"]);
        other.batch("BEGIN; LOCK TABLE shares IN SHARE MODE").expect("a lock");
        assert_eq!(open(&shop, &share, WHATSAPP).await.status(), 200);
        let begun = Instant::now();
        while !server.log().contains("marked as sent later") {
            assert!(shop.get(&place).await.ok()["sent_at"].is_null());
            assert!(begun.elapsed() < LIMIT, "nothing is said of it");
        }
        other.batch("COMMIT").expect("an end");
        let begun = Instant::now();
        while shop.get(&place).await.ok()["sent_at"].is_null() {
            assert!(begun.elapsed() < LIMIT, "nothing keeps it any more");
        }
    });
}

async fn an_ended_program_leads_home(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "a").await;
    let place = path("/v1/programs", &program["id"]);
    open(&shop, &share, BROWSER).await.found();
    shop.post(&format!("{place}/pause"), json!({})).await.ok();
    assert_eq!(open(&shop, &share, BROWSER).await.found(), "https://shop.example");
    let settings = shop.get("/v1/shop").await;
    shop.patch("/v1/shop", json!({"home_url": null})).if_match(&settings.etag()).await.ok();
    let over = open(&shop, &share, BROWSER).await;
    assert!(over.status() == 200 && over.text().contains("vorbei"), "{over:?}");
    shop.post(&format!("{place}/activate"), json!({})).await.ok();
    assert!(open(&shop, &share, BROWSER).await.found().starts_with("https://shop.example/welcome"));
    shop.post(&format!("{place}/end"), json!({})).await.ok();
    assert_eq!(open(&shop, &share, BROWSER).await.status(), 200);
    assert_eq!(open(&shop, &share, WHATSAPP).await.status(), 200);
}

async fn links_that_never_were_are_told_kindly(shop: TestShop) {
    for link in ["/s/00000000000", "/s/x", "/s/%00%ff", "/s/..%2F..%2Fv1", "/c/nobody/ANNA-1234", "/c/%20/%20"] {
        let answer =
            shop.anonymous().get(link).header("user-agent", BROWSER).header("accept-language", "de-DE,de").await;
        assert_eq!(answer.status(), 404, "{link}");
        assert!(answer.text().contains("Diesen Link gibt es nicht"), "{link}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}

async fn the_age_of_a_visit_follows_the_shops_clock(shop: TestShop) {
    let program =
        shop.program(json!({"attribution": {"window_days": 10, "credit_window_days": 90, "model": "first"}})).await;
    let share = shop.share(&program, "a").await;
    let evidence = |answer: &Answer| {
        let location = answer.found().to_owned();
        let mark = location.split("gv=").nth(1).and_then(|rest| rest.split('&').next()).map(str::to_owned);
        mark.expect("evidence")
    };
    let early = evidence(&open(&shop, &share, BROWSER).await);
    shop.advance(20).await;
    let late = evidence(&open(&shop, &share, BROWSER).await);
    for (friend, token, method) in [("f", &early, "none"), ("g", &late, "token")] {
        shop.customer(friend).await;
        let order = json!({"order_id": friend, "customer": friend, "amount": 5000, "currency": "EUR", "evidence": {"token": token}});
        let order = shop.post("/v1/conversions", order).await.created();
        assert_eq!(order["attribution"]["method"], method, "{order}");
    }
}

async fn links_take_get_and_head_alone(shop: TestShop) {
    let refused = shop.anonymous().post("/s/00000000000", json!({})).await;
    refused.refused(405, "method_not_allowed");
    assert_eq!(refused.header("allow"), Some("GET, HEAD"));
    for path in ["/", "/robots.txt", "/favicon.ico"] {
        let refused = shop.anonymous().post(path, json!({})).await;
        refused.refused(405, "method_not_allowed");
        assert_eq!(refused.header("allow"), Some("GET, HEAD"));
    }
    shop.anonymous().post("/s/a/b", json!({})).await.refused(405, "method_not_allowed");
    shop.anonymous().post("/nothing", json!({})).await.refused(404, "not_found");
}

async fn what_a_messenger_left_around_a_link_is_forgiven(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "anna").await;
    let token = text(&share["token"]);
    let address = format!("https://shop.example/welcome?gv={token}-");
    let mut opened = 0;
    for around in [
        "/s/{}.",
        "/s/{})",
        "/s/{}/",
        "/s/{},",
        "/s/{}%20",
        "/s/{}%0A",
        "/s/%3C{}%3E",
        "/s/*{}*",
        "/s/{}%E2%80%9D",
        "/s/{}.%20Schau%20mal",
        "/s/{}&fbclid=1",
        "/s/{}?fbclid=1",
        "/s/{}/a/b",
        "//s/{}",
        "/S/{}",
        "/https://g.example/s/{}",
    ] {
        let link = around.replace("{}", &token);
        let answer = shop.anonymous().get(&link).header("user-agent", BROWSER).await;
        assert!(answer.found().starts_with(&address), "{link}: {answer:?}");
        opened += 1;
        let head = shop.anonymous().head(&link).header("user-agent", BROWSER).await;
        assert!(head.found().starts_with(&address), "{link}: {head:?}");
    }
    let robot = shop.anonymous().get(&format!("/s/{token})")).header("user-agent", WHATSAPP).await;
    assert!(robot.status() == 200 && robot.text().contains("og:title"), "{robot:?}");
    assert_eq!(counts(&shop, &share).await["visits"], opened, "each of them is the visit that it is");
    let cut = shop.anonymous().get(&format!("/s/{}", &token[1..])).header("user-agent", BROWSER).await;
    assert_eq!(cut.status(), 404);
}

async fn a_codes_link_is_read_however_it_is_written(shop: TestShop) {
    let program = shop.program(json!({})).await;
    shop.customer("anna").await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    let code = shop.post(&codes, json!({"customer": "anna", "code": "ANNA-2026"})).await.created();
    let (_, link) = code["url"].as_str().and_then(|url| url.split_once("/c/")).expect("a link");
    let (slug, code) = link.split_once('/').expect("a code");
    let (loud, quiet) = (slug.to_uppercase(), code.to_lowercase());
    for link in [
        format!("/c/{loud}/{code}"),
        format!("/C/{loud}/{code}"),
        format!("/c/{slug}/{quiet}."),
        format!("/c/{slug}/{code})"),
        format!("/c/{slug}/{code}/"),
        format!("/c/{slug}/%22{code}%22"),
        format!("/c/{slug}/{code}&utm_source=x"),
        format!("/c/{slug}//{quiet}/hallo"),
    ] {
        let answer = shop.anonymous().get(&link).header("user-agent", BROWSER).await;
        assert!(answer.found().starts_with("https://shop.example/welcome?gv="), "{link}: {answer:?}");
    }
}

async fn whatever_a_person_opens_is_answered_by_a_page(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "anna").await;
    for link in [
        "/s",
        "/s/",
        "/s/a/b",
        "/c",
        "/c/x",
        "/c/x/",
        "/nothing",
        "/index.html",
        "/apple-touch-icon.png",
        "/s/%ff",
        "/%",
        "/v10",
    ] {
        for (languages, word) in [
            ("de-DE,de;q=0.9,en;q=0.8", "Diesen Link gibt es nicht"),
            ("en;q=0.1, de;q=0.9", "Diesen Link gibt es nicht"),
            ("fr-FR,en;q=0.5,de;q=0.3", "There is no such link"),
            ("de;q=0", "There is no such link"),
        ] {
            let ask = shop.anonymous().get(link).header("user-agent", BROWSER).header("accept-language", languages);
            let answer = ask.await;
            assert_eq!(
                (answer.status(), answer.header("content-type")),
                (404, Some("text/html; charset=utf-8")),
                "{link}"
            );
            assert!(answer.text().contains(word), "{link} {languages}: {}", answer.text());
        }
        let head = shop.anonymous().head(link).header("user-agent", BROWSER).await;
        assert_eq!((head.status(), head.bytes().len()), (404, 0), "{link}");
    }
    for path in ["/v1", "/v1/", "/v1/nothing", "/v1/s/x"] {
        shop.anonymous().get(path).header("accept", "text/html").await.refused(404, "not_found");
    }
    shop.get("/v2/conversions").await.refused(404, "not_found");
    let settings = shop.get("/v1/shop").await;
    shop.patch("/v1/shop", json!({"home_url": null})).if_match(&settings.etag()).await.ok();
    shop.post(&format!("{}/end", path("/v1/programs", &program["id"])), json!({})).await.ok();
    let link = format!("/s/{}", text(&share["token"]));
    for (languages, word) in
        [("en", "This campaign is over"), ("de", "Diese Aktion ist vorbei"), ("fr", "Diese Aktion ist vorbei")]
    {
        let over = shop.anonymous().get(&link).header("user-agent", BROWSER).header("accept-language", languages).await;
        assert!(over.status() == 200 && over.text().contains(word), "{languages}: {over:?}");
    }
}

async fn the_host_of_links_answers_browsers_and_robots(shop: TestShop) {
    let stranger = shop.anonymous();
    for (languages, word) in [("de", "Empfehlungen"), ("en", "recommendations"), ("", "recommendations")] {
        let installation = stranger.get("/").header("accept-language", languages).await;
        assert_eq!(
            (installation.status(), installation.header("content-type")),
            (200, Some("text/html; charset=utf-8"))
        );
        assert!(installation.text().contains(word), "{languages}: {}", installation.text());
    }
    let robots = stranger.get("/robots.txt").header("user-agent", WHATSAPP).await;
    assert_eq!((robots.status(), robots.header("content-type")), (200, Some("text/plain; charset=utf-8")));
    assert_eq!(robots.text(), "User-agent: *\nAllow: /s/\nAllow: /c/\nDisallow: /\n");
    stranger.get("/favicon.ico").await.no_content();
    for (path, status) in [("/", 200), ("/robots.txt", 200), ("/favicon.ico", 204)] {
        let head = stranger.head(path).await;
        assert_eq!((head.status(), head.bytes().len()), (status, 0), "{path}");
    }
}

/// The table of shares is away for a while.
async fn a_link_that_cannot_be_looked_up_says_so_on_a_page(shop: TestShop) {
    let database = fresh_database(shop.backend);
    let server = server::own(&database, &[]).await;
    let stranger = Actor::anonymous(&format!("http://{}", server.address));
    let mut other = Target::parse(&database).expect("a URL").connect(Use::Tool).expect("a connection");
    other.batch("ALTER TABLE shares RENAME TO shares_away").expect("the table goes");
    for (languages, word) in [("de", "gerade nicht"), ("en", "cannot be opened at present")] {
        let answer =
            stranger.get("/s/a1B2c3D4e5F.").header("user-agent", BROWSER).header("accept-language", languages).await;
        assert_eq!((answer.status(), answer.header("content-type")), (503, Some("text/html; charset=utf-8")));
        assert!(answer.text().contains(word) && answer.header("retry-after") == Some("1"), "{answer:?}");
    }
    assert_eq!(stranger.head("/s/a1B2c3D4e5F").await.status(), 503);
    other.batch("ALTER TABLE shares_away RENAME TO shares").expect("the table comes back");
    assert_eq!(stranger.get("/s/a1B2c3D4e5F").header("user-agent", BROWSER).await.status(), 404);
    server.stop().await;
}
