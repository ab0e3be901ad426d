//! How people come to the shop's pages: counted by day, told by the shop or its pages, and nothing kept of who they are.

use std::process::{Command, Stdio};

use crate::support::*;

on_both!(
    views_are_counted_by_how_people_came,
    the_shop_says_which_pages_are_typed,
    what_is_too_much_or_names_somebody_is_refused,
    a_page_of_the_shop_tells_it_without_a_key,
    many_at_once_are_all_counted,
    the_snippet_tells_what_it_should_and_no_more,
    the_report_tells_what_was_dark_and_is,
    a_report_of_no_period_is_refused,
);

fn view(path: &str, referrer: &str, tagged: bool) -> Value {
    json!({"path": path, "referrer": referrer, "tagged": tagged})
}

/// The six counters of the shop, over all of the last days.
async fn counted(shop: &Actor) -> [i64; 6] {
    let totals = shop.get("/v1/reports/dark").await.ok()["totals"].clone();
    let counts = ["private", "suspected", "typed", "search", "social", "other"];
    let counts = counts.map(|source| totals[source].as_i64().expect("a number"));
    assert_eq!(totals["arrivals"], counts.iter().sum::<i64>());
    counts
}

async fn views_are_counted_by_how_people_came(shop: TestShop) {
    let views = [
        view("/mug", "none", true),
        view("/", "social", true),
        view("/mug", "none", false),
        view("/", "none", false),
        view("/mug", "search", false),
        view("/mug", "social", false),
        view("/mug", "other", false),
        view("/tee", "none", false),
    ];
    let told = shop.post("/v1/pageviews", json!({ "data": views })).without("idempotency-key").await;
    assert_eq!(told.accepted(), json!({"counted": 8}));
    assert_eq!(counted(&shop).await, [2, 2, 1, 1, 1, 1]);
    // Told again it is counted again: a view has no name by which one could know it.
    shop.post("/v1/pageviews", json!({ "data": views })).without("idempotency-key").await.accepted();
    assert_eq!(counted(&shop).await, [4, 4, 2, 2, 2, 2]);
    let other = shop.another().await;
    assert_eq!(counted(&other).await, [0; 6]);
}

async fn the_shop_says_which_pages_are_typed(shop: TestShop) {
    assert_eq!(shop.get("/v1/shop").await.ok()["typed_pages"], json!(["/"]));
    let change = async |pages: Value| {
        let etag = shop.get("/v1/shop").await.etag();
        shop.patch("/v1/shop", json!({ "typed_pages": pages })).if_match(&etag).await
    };
    for bad in [json!(["mug"]), json!(["/a?b"]), json!(["/*/a"]), json!(["/a b"]), json!(["https://shop.example/"])] {
        change(bad).await.refused(422, "invalid_field");
    }
    assert_eq!(change(json!(["/", "/de", "/sale*", "/de"])).await.ok()["typed_pages"], json!(["/", "/de", "/sale*"]));
    let views = ["/", "/de/", "/DE", "/sale/summer", "/de/mug"].map(|path| view(path, "none", false));
    shop.post("/v1/pageviews", json!({ "data": views })).without("idempotency-key").await.accepted();
    assert_eq!(counted(&shop).await, [0, 1, 4, 0, 0, 0]);
    change(json!([])).await.ok();
    shop.post("/v1/pageviews", json!({ "data": views })).without("idempotency-key").await.accepted();
    assert_eq!(counted(&shop).await, [0, 6, 4, 0, 0, 0], "what was counted stays as it was");
}

async fn what_is_too_much_or_names_somebody_is_refused(shop: TestShop) {
    let fine = view("/mug", "none", false);
    let long = format!("/{}", "x".repeat(500));
    let with = |name: &str, value: Value| {
        let mut view = fine.clone();
        view[name] = value;
        json!({ "data": [view] })
    };
    let table = [
        (json!({ "data": [] }), "invalid_field"),
        (json!({ "data": vec![fine.clone(); 1_001] }), "invalid_field"),
        (json!({}), "invalid_field"),
        (with("path", json!(long)), "invalid_field"),
        (with("path", json!("mug")), "invalid_field"),
        (with("path", json!("/mug?email=anna@mail.example")), "invalid_field"),
        (with("path", json!("/mug#anna")), "invalid_field"),
        (with("path", json!("/of/anna@mail.example")), "invalid_field"),
        (with("path", json!("/of/anna%40mail.example")), "invalid_field"),
        (with("path", json!("/mug\n")), "invalid_field"),
        (with("referrer", json!("https://mail.example/")), "invalid_field"),
        (with("tagged", json!("yes")), "invalid_field"),
        (with("ip", json!("198.51.100.7")), "unknown_field"),
        (with("user_agent", json!("Mozilla/5.0")), "unknown_field"),
        (with("visitor", json!("7")), "unknown_field"),
        (json!({ "data": [fine], "customer": "anna" }), "unknown_field"),
    ];
    for (body, code) in table {
        let refused = shop.post("/v1/pageviews", body.clone()).without("idempotency-key").await;
        refused.refused(422, code);
    }
    assert_eq!(counted(&shop).await, [0; 6]);
    let reader = shop.key(&["reports:read"]).await;
    let views = json!({ "data": [view("/", "none", false)] });
    reader.post("/v1/pageviews", views).without("idempotency-key").await.refused(403, "forbidden");
}

/// The shop's own pages may call, and its address for that.
async fn with_pages(shop: &TestShop) -> String {
    let read = shop.get("/v1/shop").await;
    let origins = json!({"browser_origins": ["https://shop.example"]});
    let changed = shop.patch("/v1/shop", origins).if_match(&read.etag()).await.ok();
    format!("/v1/shops/{}/pageviews", text(&changed["slug"]))
}

async fn a_page_of_the_shop_tells_it_without_a_key(shop: TestShop) {
    let place = with_pages(&shop).await;
    let views = json!({ "data": [view("/mug", "none", false)] });
    let tell = |place: &str, origin: &str| {
        let ask = shop.anonymous().post(place, views.clone()).without("idempotency-key");
        ask.raw(views.to_string()).header("content-type", "text/plain;charset=UTF-8").header("origin", origin)
    };
    assert_eq!(tell(&place, "https://shop.example").await.accepted(), json!({"counted": 1}));
    tell(&place, "https://other.example").await.refused(403, "forbidden");
    tell(&place, "null").await.refused(403, "forbidden");
    tell("/v1/shops/nobody-has-this/pageviews", "https://shop.example").await.refused(404, "not_found");
    let unnamed = shop.anonymous().post(&place, views.clone()).without("idempotency-key").await;
    unnamed.refused(403, "forbidden");
    let personal = json!({ "data": [view("/mug?a=b", "none", false)] });
    let refused = shop.anonymous().post(&place, personal).without("idempotency-key");
    refused.header("origin", "https://shop.example").await.refused(422, "invalid_field");
    let other = shop.another().await;
    with_pages(&other).await;
    assert_eq!((counted(&shop).await, counted(&other).await), ([0, 1, 0, 0, 0, 0], [0; 6]));
}

async fn many_at_once_are_all_counted(shop: TestShop) {
    let views = json!({ "data": vec![view("/mug", "none", false); 100] });
    let ask = || shop.post("/v1/pageviews", views.clone()).without("idempotency-key").into_future();
    let answers = futures_util::future::join_all((0..32).map(|_| ask())).await;
    assert!(answers.iter().all(|answer| answer.status() == 202));
    assert_eq!(counted(&shop).await, [0, 3_200, 0, 0, 0, 0]);
}

/// What the pages of `docs/integrate.md` have between the tags.
fn snippet() -> String {
    let guide = include_str!("../../../docs/integrate.md");
    let block = guide.split("```html\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a snippet");
    block.trim().to_owned()
}

/// What it sends from a page, by a browser that has nothing but what it may look at.
fn sent(url: &str, page: (&str, &str), referrer: &str, navigation: &str) -> Option<Value> {
    let script = snippet().replace("<script>", "").replace("</script>", "");
    let script = script.replace("https://go.example/v1/shops/kaffee/pageviews", url);
    let browser = format!(
        "let sent = null; const location = {{host: 'shop.example', pathname: {:?}, search: {:?}}}; \
         const document = {{referrer: {referrer:?}}}; \
         const performance = {{getEntriesByType: () => [{{type: {navigation:?}}}]}}; \
         const navigator = {{sendBeacon: (to, body) => {{ sent = [to, JSON.parse(body)]; }}}}; \
         new Function('location', 'document', 'performance', 'navigator', {}) (location, document, performance, navigator); \
         console.log(JSON.stringify(sent));",
        page.0,
        page.1,
        Value::from(script),
    );
    let mut node = Command::new("node");
    let ended = node.arg("-e").arg(browser).stdin(Stdio::null()).output().expect("node is there");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let sent: Value = serde_json::from_slice(&ended.stdout).expect("what it sent");
    (!sent.is_null()).then(|| {
        assert_eq!(sent[0], url);
        sent[1].clone()
    })
}

async fn the_snippet_tells_what_it_should_and_no_more(shop: TestShop) {
    let (snippet, place) = (snippet(), with_pages(&shop).await);
    assert!(snippet.len() < 1_024, "{} bytes", snippet.len());
    for word in ["cookie", "storage", "userAgent", "screen", "language", "Date", "random"] {
        assert!(!snippet.contains(word), "{word}");
    }
    let url = format!("{}{place}", shop.base());
    let table = [
        (("/mug", ""), "", Some(view("/mug", "none", false))),
        (("/mug", "?gv=a1B2c3D4e5F-x&utm_source=whatsapp"), "", Some(view("/mug", "none", true))),
        (("/mug", "?color=blue"), "https://www.google.de/", Some(view("/mug", "search", false))),
        (("/mug", ""), "https://l.facebook.com/", Some(view("/mug", "social", false))),
        (("/mug", ""), "https://blog.example/post", Some(view("/mug", "other", false))),
        (("/mug", "?utm_source=news"), "", Some(view("/mug", "other", false))),
        (("/mug", "?gclid=1"), "https://www.google.de/", Some(view("/mug", "other", false))),
        (("/mug", ""), "https://shop.example/", None),
    ];
    for (page, referrer, expected) in table {
        let sent = sent(&url, page, referrer, "navigate");
        assert_eq!(sent, expected.map(|view| json!({ "data": [view] })), "{page:?} {referrer}");
        if let Some(sent) = sent {
            let ask = shop.anonymous().post(&place, sent.clone()).without("idempotency-key");
            ask.header("origin", "https://shop.example").await.accepted();
        }
    }
    for navigation in ["reload", "back_forward"] {
        assert_eq!(sent(&url, ("/mug", ""), "", navigation), None);
    }
    assert_eq!(counted(&shop).await, [1, 1, 0, 1, 1, 3]);
}

async fn the_report_tells_what_was_dark_and_is(shop: TestShop) {
    shop.to_mid_month().await;
    let empty = shop.get("/v1/reports/dark").await.ok();
    assert_eq!((&empty["totals"]["arrivals"], &empty["totals"]["dark_before_bps"]), (&json!(0), &json!(null)));
    let tell = async |count: usize, view: Value| {
        let views = json!({ "data": vec![view; count] });
        shop.post("/v1/pageviews", views).without("idempotency-key").await.accepted();
    };
    tell(30, view("/mug", "none", true)).await;
    tell(50, view("/mug", "none", false)).await;
    tell(20, view("/mug", "social", false)).await;
    tell(7, view("/", "none", false)).await;
    let report = shop.get("/v1/reports/dark").await.ok();
    let totals = &report["totals"];
    assert_eq!((&totals["dark_before_bps"], &totals["dark_after_bps"]), (&json!(8_000), &json!(5_000)));
    assert!(text(&report["rule"]).contains("Chartbeat") && report["typed_pages"] == json!(["/"]), "{report}");
    for figure in ["private", "suspected", "dark_before_bps"] {
        assert!(elements(&report["definitions"]).iter().any(|told| told["figure"] == figure), "{figure}");
    }
    shop.advance(1).await;
    tell(1, view("/mug", "search", false)).await;
    let to = text(&shop.get("/v1/reports/dark").await.ok()["to"]);
    let from = format!("{}-01", &to[..7]);
    let by_day = shop.get(&format!("/v1/reports/dark?from={from}&to={to}&interval=day")).await.ok();
    let days = elements(&by_day["data"]);
    assert_eq!((days.len(), &days[14]["arrivals"], &days[15]["arrivals"]), (16, &json!(107), &json!(1)));
    assert_eq!((&days[15]["from"], &days[15]["to"]), (&json!(to), &json!(to)));
    let by_month = shop.get(&format!("/v1/reports/dark?from={from}&to={to}&interval=month")).await.ok();
    assert_eq!(by_month["data"][0]["arrivals"], 108);
    let before = shop.get(&format!("/v1/reports/dark?from={from}&to={}-14", &to[..7])).await.ok();
    assert_eq!(before["totals"]["arrivals"], 0);
}

async fn a_report_of_no_period_is_refused(shop: TestShop) {
    for bad in [
        "from=2026-11-30&to=2026-11-29",
        "from=2010-01-01&to=2026-01-01",
        "from=yesterday",
        "from=2026-1-1",
        "interval=hour",
        "from=2020-01-01&to=2025-01-01&interval=day",
        "channel=whatsapp",
    ] {
        shop.get(&format!("/v1/reports/dark?{bad}")).await.refused(422, "invalid_field");
    }
    shop.key(&["shares:read"]).await.get("/v1/reports/dark").await.refused(403, "forbidden");
}
