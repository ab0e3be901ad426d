//! Who sees the metrics: nobody, unless they have an address of their own, or a bearer.

use grapevine::api::measures::{Kind, MEASURES};

use crate::support::database::fresh_database;
use crate::support::process::METRICS_TOKEN;
use crate::support::server::own;
use crate::support::*;

on_both!(the_metrics_are_for_who_has_the_bearer, the_metrics_have_an_address_of_their_own);

/// As if it were not set.
const NO_TOKEN: (&str, &str) = ("GRAPEVINE_METRICS_TOKEN", "");
const OWN_ADDRESS: (&str, &str) = ("GRAPEVINE_METRICS_LISTEN", "127.0.0.1:0");

async fn the_metrics_are_for_who_has_the_bearer(shop: TestShop) {
    let (stranger, collector) = (shop.anonymous(), Actor::bearer(shop.base(), METRICS_TOKEN));
    for other in [stranger, Actor::bearer(shop.base(), &METRICS_TOKEN[1..]), shop.key(&["shop:read"]).await] {
        let refused = other.get("/metrics").await;
        assert!(!refused.text().contains("grapevine_"), "{refused:?}");
        refused.refused(401, "unauthenticated");
    }
    shop.get("/v1/shop").await.ok();
    assert!(collector.get("/metrics").await.text().contains("grapevine_requests_total"));
    // Each says what it is, with its unit at its end; those without a label from the start.
    let answer = collector.get("/metrics").await;
    let shown: Vec<&str> = answer.text().lines().filter_map(|line| line.strip_prefix("# TYPE ")).collect();
    for (name, kind, help) in MEASURES {
        let (word, is_always_there) = match kind {
            Kind::Counter => ("counter", true),
            Kind::CounterBy(_) => ("counter", false),
            Kind::Seconds => ("histogram", false),
        };
        let (is_typed, is_told) =
            (shown.contains(&&*format!("{name} {word}")), answer.text().contains(&format!("# HELP {name} {help}\n")));
        assert!(is_typed == is_told && (is_typed || !is_always_there), "{name}: {is_typed} {is_told}");
    }
    let names = shown.iter().filter_map(|line| line.split(' ').next()).filter(|name| name.starts_with("grapevine_"));
    let unknown: Vec<&str> = names.filter(|name| MEASURES.iter().all(|(known, ..)| known != name)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    // The key above was made by a batch, and its statements were counted.
    let answer = collector.get("/metrics").await;
    for counter in ["batches", "commands", "rounds", "statements"] {
        let name = format!("grapevine_{counter}_total");
        let counted = answer.text().lines().find_map(|line| line.strip_prefix(&name)?.trim().parse::<u64>().ok());
        assert!(counted > Some(0), "{name}: {counted:?}");
    }
    collector.get("/v1/shop").await.refused(401, "unauthenticated");
    let server = own(&fresh_database(shop.backend), &[NO_TOKEN]).await;
    for base in [Actor::anonymous(""), Actor::bearer("", METRICS_TOKEN), Actor::bearer("", "")] {
        let told = base.at(&format!("http://{}", server.address)).get("/metrics").await.refused(404, "not_found");
        assert!(text(&told["detail"]).contains("GRAPEVINE_METRICS_LISTEN"), "{told}");
    }
    server.stop().await;
}

async fn the_metrics_have_an_address_of_their_own(shop: TestShop) {
    for (settings, is_open) in [(&[OWN_ADDRESS, NO_TOKEN][..], true), (&[OWN_ADDRESS], false)] {
        let server = own(&fresh_database(shop.backend), settings).await;
        let address = server.metrics_address.expect("an address of their own");
        let own = format!("http://{address}");
        let (stranger, collector) = (Actor::anonymous(&own), Actor::bearer(&own, METRICS_TOKEN));
        assert_eq!(stranger.get("/metrics").await.status(), if is_open { 200 } else { 401 });
        assert!(collector.get("/metrics").await.text().contains("grapevine_"));
        stranger.ask(reqwest::Method::POST, "/metrics").await.refused(405, "method_not_allowed");
        for path in ["/livez", "/v1/shop", "/"] {
            let answer = collector.get(path).attempt().await.expect("an answer");
            assert_eq!(answer.status(), 404, "{path}");
        }
        collector.at(&format!("http://{}", server.address)).get("/metrics").await.refused(404, "not_found");
        server.stop().await;
        assert!(tokio::net::TcpStream::connect(address).await.is_err(), "nobody listens any more");
    }
}
