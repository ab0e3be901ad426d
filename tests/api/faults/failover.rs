//! The primary is lost and its standby takes over: the server goes on by itself, and nothing that was answered is lost
//! where commits wait for the standby. Where they do not, the doctor says so.

use std::time::Instant;

use crate::support::accident::{Installation, Reads};
use crate::support::cluster::Cluster;
use crate::support::process::run;
use crate::support::server::block_on;
use crate::support::*;

mod the_server_goes_on_with_the_standby {
    #[test]
    fn postgres() {
        super::goes_on();
    }
}

/// In which it serves again once the standby was promoted, on a machine that does nothing else.
const PROMISED: u64 = 10;

fn goes_on() {
    let mut primary = Cluster::start();
    let standby = primary.standby();
    let both = primary.url_with(&standby);
    primary.is_followed();
    assert!(may_lose(&both), "commits wait for nobody, and a failover is meant");
    assert!(may_lose(&primary.url()), "a standby follows");
    primary.wait_for_standby(&printed());
    assert!(!may_lose(&both) && !may_lose(&primary.url()), "commits wait for it");
    block_on(async {
        let mut installation = Installation::new(&both, &[]).await;
        let said = installation.happens(Reads::Lost, || primary.crash()).await;
        assert!(said.contains("database"), "{said}");
        standby.promote();
        let begun = Instant::now();
        installation.until_ready(true).await;
        assert!(!is_soak() || begun.elapsed().as_secs() < PROMISED, "it serves after {:?}", begun.elapsed());
        installation.is_whole().await;
        let order = json!({"order_id": "A-1", "customer": "advocate", "amount": 4990, "currency": "EUR"});
        installation.shop.post("/v1/conversions", order).await.created();
    });
    assert!(may_lose(&both), "the new primary has no standby yet");
}

/// What the page says to do, so that commits wait.
fn printed() -> Vec<String> {
    let page = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/production.md"));
    let page = page.expect("there is a page");
    let block = page.split("```sql\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block of SQL");
    assert!(block.contains("synchronous_standby_names"), "{block}");
    block.lines().map(str::to_owned).collect()
}

/// Whether the doctor says that a failover may lose something.
fn may_lose(database: &str) -> bool {
    let found = run(database, &["doctor"]);
    let warnings: Vec<String> = elements(&found["warnings"]).iter().map(text).collect();
    warnings.iter().any(|warning| warning.contains("may be lost") && warning.contains("synchronous_standby_names"))
}
