//! Pages and documents: what browsers are told of a page, and that whatever is read has a head.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::support::*;

on_both!(a_page_loads_nothing_and_stands_in_no_frame, what_is_read_has_a_head);

const BROWSER: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
const WHATSAPP: &str = "WhatsApp/2.23.20.0 A";

/// Demands of a page what ASVS 3.4 does; its own style is the only one that its policy lets through.
fn is_guarded(page: &Answer) {
    let policy = page.header("content-security-policy").unwrap_or_else(|| panic!("no policy: {page:?}"));
    let rules: Vec<&str> = policy.split("; ").collect();
    for rule in ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"] {
        assert!(rules.contains(&rule), "{rule} in {policy}");
    }
    for source in ["unsafe", "*", "http", "self"] {
        assert!(!policy.contains(source), "{source} in {policy}");
    }
    assert_eq!(page.header("x-frame-options"), Some("DENY"));
    assert_eq!(page.header("cross-origin-opener-policy"), Some("same-origin"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert!(page.header("referrer-policy").is_some());
    let html = page.text();
    for inline in ["style=", "<script", "onclick", "onload"] {
        assert!(!html.contains(inline), "{inline} in {html}");
    }
    if let Some((_, style)) = html.split_once("<style>") {
        let style = style.split("</style>").next().expect("its end");
        let hash = STANDARD.encode(digest::digest(&digest::SHA256, style.as_bytes()));
        assert!(rules.contains(&format!("style-src 'sha256-{hash}'").as_str()), "{style} by {policy}");
    }
}

async fn a_page_loads_nothing_and_stands_in_no_frame(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "anna").await;
    let (link, stranger) = (format!("/s/{}", text(&share["token"])), shop.anonymous());
    is_guarded(&stranger.get(&link).header("user-agent", WHATSAPP).await);
    for path in
        ["/", "/s/nothing", "/c/nobody/ANNA-1234", "/nothing", "/docs/errors/invalid_field", "/docs/errors/nothing"]
    {
        is_guarded(&stranger.get(path).header("user-agent", BROWSER).await);
        let head = stranger.head(path).header("user-agent", BROWSER).await;
        assert_eq!(head.header("x-frame-options"), Some("DENY"), "{path}");
    }
    let settings = shop.get("/v1/shop").await;
    shop.patch("/v1/shop", json!({"home_url": null})).if_match(&settings.etag()).await.ok();
    shop.post(&format!("{}/end", path("/v1/programs", &program["id"])), json!({})).await.ok();
    let over = stranger.get(&link).header("user-agent", BROWSER).await;
    assert_eq!(over.status(), 200);
    is_guarded(&over);
    let sent_on = shop.share(&shop.program(json!({"name": "Other"})).await, "zoe").await;
    let sent_on = stranger.get(&format!("/s/{}", text(&sent_on["token"]))).header("user-agent", BROWSER).await;
    sent_on.found();
    assert_eq!(sent_on.header("content-security-policy"), None, "what is no page has nothing to guard");
}

async fn what_is_read_has_a_head(shop: TestShop) {
    let stranger = shop.anonymous();
    let documents =
        ["/openapi.yaml", "/openapi.json", "/docs/errors/invalid_field", "/.well-known/jwks.json", "/livez", "/readyz"];
    for path in documents {
        let (head, whole) = (stranger.head(path).await, stranger.get(path).await);
        assert_eq!((head.status(), whole.status()), (200, 200), "{path}");
        assert!(head.bytes().is_empty() && !whole.bytes().is_empty(), "{path}");
        for header in ["content-type", "content-length", "cache-control"] {
            assert_eq!(head.header(header), whole.header(header), "{header} of {path}");
        }
        let refused = stranger.post(path, json!({})).await;
        refused.refused(405, "method_not_allowed");
        assert_eq!(refused.header("allow"), Some("GET, HEAD"), "{path}");
    }
    let plain = stranger.get("/openapi.yaml").await;
    let compressed = stranger.get("/openapi.yaml").header("accept-encoding", "br, gzip").await;
    assert_eq!((plain.header("content-encoding"), compressed.header("content-encoding")), (None, Some("gzip")));
    assert_eq!(compressed.header("vary"), Some("Accept-Encoding"));
    assert!(compressed.bytes().starts_with(b"\x1f\x8b") && compressed.bytes().len() < plain.bytes().len() / 2);
    let as_json = stranger.get("/openapi.json").await.ok();
    let written: Value = serde_norway::from_slice(plain.bytes()).expect("YAML");
    assert_eq!(as_json, written);
    assert_eq!(written["servers"][0]["url"], shop.base(), "where the server is reached");
    for path in ["/v1/shop", "/v1/customers", "/v1/channels"] {
        assert_eq!(shop.head(path).await.status(), 200, "{path}");
    }
}
