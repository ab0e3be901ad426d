//! Nothing identifies who opens a link: what tells of a visitor contains a word that stands nowhere else, and every
//! column of every table, the log at its most talkative, and every answer are searched for it.

use grapevine::store::Target;

use crate::people::erasure::places_of;
use crate::support::database::fresh_database;
use crate::support::process::Process;
use crate::support::server::block_on;
use crate::support::*;

/// What a visitor's browser says beside the address, each with the word that is looked for.
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 CanaryBrowser/7.3";
const PREVIEW: &str = "WhatsApp/2.23.20.0 A CanaryPreview/7.3";
const TOOL: &str = "CanaryTool/7.3";
const REFERRER: &str = "https://canary-referrer.example/canary-page?canary-query=1";
const COOKIE: &str = "canary-cookie=canary-crumb";
const LANGUAGE: &str = "de, x-canary;q=0.5";
/// From where they come, as the proxy says.
const ADDRESSES: [&str; 3] = ["198.51.100.77", "203.0.113.178", "2001:db8:77:178::99"];

mod a_visitor_is_found_nowhere {
    use super::*;

    #[test]
    fn sqlite() {
        is_found_nowhere(Backend::Sqlite);
    }

    #[test]
    fn postgres() {
        is_found_nowhere(Backend::Postgres);
    }
}

/// Somebody opens a link, as this browser or robot.
async fn open(shop: &TestShop, link: &str, agent: &str, address: &str) -> Answer {
    let ask = shop.anonymous().get(link).header("user-agent", agent).header("x-forwarded-for", address);
    ask.header("referer", REFERRER).header("cookie", COOKIE).header("accept-language", LANGUAGE).await
}

/// All that an answer says.
fn said(answer: &Answer) -> String {
    format!("{answer:?} {:?} {:?}", answer.header("location"), answer.header("set-cookie"))
}

/// Links are opened, one of them is ordered by, and everybody who may ask does.
async fn visits(shop: &TestShop) -> Vec<String> {
    let program = shop.program(json!({"pending_days": 0})).await;
    let share = shop.share(&program, "anna").await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    let code = shop.post(&codes, json!({"customer": "anna"})).await.created();
    let code_link = text(&code["url"]);
    let code_link = code_link.find("/c/").map(|at| code_link[at..].to_owned()).expect("a code's link");
    let link = format!("/s/{}", text(&share["token"]));
    let (mut answers, mut mark) = (Vec::new(), String::new());
    for address in ADDRESSES {
        for agent in [BROWSER, PREVIEW, TOOL] {
            for link in [link.as_str(), &code_link, "/s/00000000000", "/", "/v1/shares"] {
                let answer = open(shop, link, agent, address).await;
                if let Some(landing) = answer.header("location") {
                    mark =
                        landing.split("gv=").nth(1).and_then(|rest| rest.split('&').next()).expect("a mark").to_owned();
                }
                answers.push(said(&answer));
            }
        }
    }
    let etag = shop.get("/v1/shop").await.etag();
    let origins = json!({"browser_origins": ["https://shop.example"]});
    let changed = shop.patch("/v1/shop", origins).if_match(&etag).await.ok();
    let place = format!("/v1/shops/{}/pageviews", text(&changed["slug"]));
    for address in ADDRESSES {
        let views = json!({"data": [{"path": "/canary-page", "referrer": "other", "tagged": false}]});
        let ask = shop.anonymous().post(&place, views).without("idempotency-key").header("x-forwarded-for", address);
        let ask = ask.header("user-agent", BROWSER).header("referer", REFERRER).header("cookie", COOKIE);
        assert_eq!(ask.header("origin", "https://shop.example").await.accepted(), json!({"counted": 1}));
    }
    let order =
        json!({"order_id": "A-1", "customer": "ben", "amount": 4990, "currency": "EUR", "evidence": {"token": mark}});
    answers.push(said(&shop.post("/v1/conversions", order).await));
    let place = path("/v1/shares", &share["id"]);
    loop {
        let counts = shop.get(&place).await.ok()["counts"].clone();
        if counts["visits"] == 3 && counts["previews"] == 3 {
            assert_eq!(counts["unique_visits"], 3, "addresses tell them apart as long as the day is");
            break;
        }
    }
    let tree = format!("{place}/tree");
    for path in [
        place.as_str(),
        &tree,
        "/v1/shares",
        "/v1/conversions/A-1",
        "/v1/conversions",
        "/v1/referrals",
        "/v1/events?after=0&limit=200",
        "/v1/customers/ben/export",
        "/v1/customers/anna/export",
        "/v1/customers/ben/timeline",
        "/v1/customers/anna/timeline",
        "/v1/shares?format=csv",
        "/v1/reports/dark",
        "/readyz",
    ] {
        let answer = shop.get(path).await;
        assert_eq!(answer.status(), 200, "{path}");
        answers.push(said(&answer));
    }
    answers
}

fn is_found_nowhere(backend: Backend) {
    let database = fresh_database(backend);
    let settings =
        [("GRAPEVINE_LOG", "trace"), ("GRAPEVINE_LOG_WRITES", "on"), ("GRAPEVINE_TRUSTED_PROXIES", "127.0.0.1")];
    let servers = [Process::start(&database, &settings)];
    let answers = block_on(async {
        let shop = TestShop::through(&database, &servers).await;
        visits(&shop).await
    });
    let log = servers[0].log().to_lowercase();
    assert!(log.contains("trace"), "it does not talk");
    let target = Target::parse(&database).expect("a database");
    assert!(!places_of(&target, "weitersagen").is_empty(), "what is there is found");
    for word in ["canary"].into_iter().chain(ADDRESSES).chain(["2001:db8:77:178", "firefox", "whatsapp/"]) {
        assert_eq!(places_of(&target, word), Vec::<String>::new(), "{word}");
        let line = log.lines().find(|line| line.contains(word));
        assert_eq!(line, None, "{word}");
        let answer = answers.iter().find(|answer| answer.to_lowercase().contains(word));
        assert_eq!(answer, None, "{word}");
    }
}
