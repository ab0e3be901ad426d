//! `grapevine doctor --live`: what should not be so where shops are live; a server says the same as it starts.

use grapevine::store::Target;
use grapevine::store::connection::Use;

use crate::support::database::fresh_database;
use crate::support::pgbouncer::PgBouncer;
use crate::support::process::{Process, command, run};
use crate::support::server::receiver;
use crate::support::*;

/// What a shop that is live needs, but for a mail server.
const MADE: &[(&str, &str)] =
    &[("GRAPEVINE_PUBLIC_URL", "https://go.shop.example"), ("GRAPEVINE_TRUSTED_PROXIES", "127.0.0.1")];

fn create(database: &str, mode: &str) -> String {
    let create = ["shop", "create", "Tee", "--currency", "EUR", "--mode", mode, "--landing-host", "shop.example"];
    text(&run(database, &create)["slug"])
}

/// The names of what was found, and how it ended. Whether the tests' own cluster is durable is theirs to say.
fn findings(database: &str, settings: &[(&str, &str)]) -> (Vec<String>, Option<i32>) {
    let output = command(database).args(["doctor", "--live", "--json"]).envs(settings.iter().copied()).output();
    let output = output.expect("the binary runs");
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let codes = elements(&found["live"]["findings"]).iter().map(|finding| text(&finding["code"])).collect::<Vec<_>>();
    let codes = codes.into_iter().filter(|code| code != "not_durable").collect();
    (codes, output.status.code())
}

mod what_is_not_made_for_it_is_said {
    use super::*;

    #[test]
    fn sqlite() {
        is_said(Backend::Sqlite);
    }

    #[test]
    fn postgres() {
        is_said(Backend::Postgres);
    }
}

fn is_said(backend: Backend) {
    let database = fresh_database(backend);
    let (codes, code) = findings(&database, MADE);
    assert!(codes.contains(&"old_schema".to_owned()) && code == Some(1), "{codes:?}");
    create(&database, "test");
    assert_eq!(findings(&database, MADE).0, ["mails_into_folder"], "a test shop is not live");
    create(&database, "live");
    let secret = ("GRAPEVINE_SECRET", "");
    let all = ["mails_into_folder", "secret_beside_database", "links_local", "sender", "utc_days"];
    assert_eq!(findings(&database, &[secret]), (all.map(str::to_owned).to_vec(), Some(1)));
    let change = |sql: &str| {
        let mut connection = Target::parse(&database).expect("a URL").connect(Use::Tool).expect("a connection");
        connection.batch(sql).expect("it is changed");
    };
    change("UPDATE shop_heads SET last_at = last_at - 3456000000");
    assert_eq!(
        findings(&database, MADE).0,
        ["mails_into_folder", "clock", "utc_days"],
        "nothing was written for 40 days"
    );
    change("UPDATE shop_heads SET last_at = last_at + 3456000000");
    assert_eq!(run(&database, &["doctor"])["ok"], true, "who does not ask is not told");
    if backend == Backend::Postgres {
        let pool = PgBouncer::start("session", "");
        let (codes, _) = findings(&pool.url(&database), MADE);
        assert_eq!(codes, ["mails_into_folder", "pool", "utc_days"]);
    }
    let server = Process::start(&database, &[]);
    for word in ["mails_into_folder", "links_local", "sender", "utc_days"] {
        server.until_logged(word);
    }
}

/// With a mail server, a time zone and a sender there is nothing left to be said, but of what nobody knows here.
#[test]
fn what_is_made_for_it_is_well() {
    let database = fresh_database(Backend::Sqlite);
    let slug = create(&database, "live");
    let set = format!(
        "UPDATE shops SET time_zone = 'Europe/Berlin', sender = '{{\"name\":null,\"email\":\"tee@shop.example\"}}' WHERE slug = '{slug}'"
    );
    let mut connection = Target::parse(&database).expect("a URL").connect(Use::Tool).expect("a connection");
    connection.batch(&set).expect("the shop has a time zone and a sender");
    let mail = receiver().url();
    let settings = [MADE, &[("MAIL_URL", mail.as_str())]].concat();
    let output = command(&database).args(["doctor", "--live"]).envs(settings.iter().copied()).output();
    let output = output.expect("the binary runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("does not sign mails (DKIM)") && said.contains("shop.example"), "{said}");
}
