//! The command line: the real binary, on databases of its own.

use std::io::Write as _;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use grapevine::store::connection::Use;
use grapevine::store::{Statement, Target};
use serde_json::json;

use crate::support::database::fresh_database;
use crate::support::process::{Process, Signal, command, run, send};
use crate::support::server::block_on;
use crate::support::*;

/// Makes two tests of each function, one for each database, which it gets the URL of.
macro_rules! on_fresh_databases {
    ( $( $name:ident ),* $(,)? ) => { $(
        mod $name {
            use crate::support::Backend;
            use crate::support::database::fresh_database;

            #[test]
            fn sqlite() {
                super::$name(&fresh_database(Backend::Sqlite));
            }

            #[test]
            fn postgres() {
                super::$name(&fresh_database(Backend::Postgres));
            }
        }
    )* };
}

on_fresh_databases!(
    from_nothing_to_a_first_request,
    commands_get_in_beside_a_busy_server,
    a_shop_has_a_slug_of_its_own,
    a_shop_has_a_country_and_a_currency_that_people_pay_in,
    what_goes_wrong_is_a_sentence_and_an_exit_code,
    books_that_were_tampered_with_do_not_verify,
    the_doctor_looks_and_keeps_secrets,
    whoever_has_the_database_says_what_one_person_grants,
    a_shop_comes_with_its_key_and_who_gets_its_mail,
);

/// What comes at all comes before that.
const LIMIT: Duration = Duration::from_secs(60);

const CREATE: &[&str] = &["shop", "create", "Kaffee Haus", "--currency", "EUR", "--locale", "de", "--mode", "test"];

/// A test shop's id.
fn shop(database: &str) -> String {
    let created = run(database, &[CREATE, &["--landing-host", "shop.example"]].concat());
    text(&created["shop"])
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// The backend of a shop, with every scope.
fn backend(database: &str, base: &str, shop: &str) -> Actor {
    let key = run(database, &["key", "create", "--shop", shop, "--scope", "all"]);
    Actor::bearer(base, &text(&key["client_secret"]))
}

/// Runs a command that may fail, with something on its standard input.
fn attempt(database: &str, arguments: &[&str], input: &str) -> Output {
    let mut process = command(database);
    process.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = process.spawn().expect("the binary runs");
    let mut stdin = child.stdin.take().expect("its input was asked for");
    // A command that fails early does not read it.
    let _unread = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

fn a_shop_has_a_country_and_a_currency_that_people_pay_in(database: &str) {
    let create = |more: &[&str]| {
        let start = ["shop", "create", "Shop", "--landing-host", "shop.example", "--mode", "test"];
        attempt(database, &[start.as_slice(), more, &["--json"]].concat(), "")
    };
    let table: &[(&[&str], Value)] = &[
        (&["--currency", "EUR", "--time-zone", "Europe/Berlin"], json!("DE")),
        (&["--currency", "EUR", "--time-zone", "Europe/Berlin", "--country", "AT"], json!("AT")),
        (&["--currency", "DKK"], json!("DK")),
        (&["--currency", "EUR"], Value::Null),
    ];
    for (more, country) in table {
        let made: Value = serde_json::from_slice(&create(more).stdout).expect("JSON");
        assert_eq!(made["country"], *country, "{more:?}");
    }
    for more in [["--currency", "XXX"], ["--currency", "XTS"], ["--currency", "XAU"], ["--currency", "eur"]] {
        let output = create(&more);
        assert_eq!(output.status.code(), Some(2), "{more:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("an ISO 4217 code is expected"), "{said}");
    }
    for country in ["de", "UK", "EU", "Germany"] {
        assert_eq!(create(&["--currency", "EUR", "--country", country]).status.code(), Some(2), "{country}");
    }
    let shop = ["operator", "add", "\"q q\"@example.org", "--shop", "shop", "--role", "viewer"];
    assert_eq!(attempt(database, &shop, "").status.code(), Some(2), "nobody can be written to there");
}

fn from_nothing_to_a_first_request(database: &str) {
    assert!(run(database, &["migrate"])["migrations"].as_i64().expect("a number") > 0);
    assert_eq!(run(database, &["migrate"]), json!({"migrations": 0, "finished": true}));
    assert_eq!(
        run(database, &["migrate", "--finish"]),
        json!({"migrations": 0, "events": 0, "counted": 0, "finished": true})
    );
    let shop = shop(database);
    let key = run(database, &["key", "create", "--shop", "kaffee-haus", "--scope", "shop:read,operators:read"]);
    assert!(text(&key["client_id"]).starts_with("key_"), "{key}");
    assert_eq!(key["scope"], "shop:read operators:read");
    let owner = ["operator", "add", "Mia@shop.example", "--shop", &shop, "--role", "owner"];
    let made_up = run(database, &owner);
    assert!(text(&made_up["operator"]).starts_with("opr_"), "{made_up}");
    let viewer =
        ["operator", "add", "ben@shop.example", "--shop", &shop, "--role", "viewer", "--password-stdin", "--json"];
    let output = attempt(database, &viewer, "a long password\n");
    let added: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((output.status.code(), &added["password"]), (Some(0), &Value::Null), "{added}");

    let server = Process::start(database, &[]);
    let actor = Actor::bearer(server.base(), &text(&key["client_secret"]));
    block_on(async {
        let settings = actor.get("/v1/shop").await.ok();
        assert_eq!((&settings["id"], &settings["mode"]), (&json!(shop), &json!("test")));
        assert_eq!(settings["locales"], json!(["de"]));
        assert_eq!(settings["landing_hosts"], json!(["shop.example"]));
        actor.get("/v1/customers").await.refused(403, "forbidden");
        for (email, password, role) in [
            ("mia@shop.example", text(&made_up["password"]), "owner"),
            ("ben@shop.example", "a long password".into(), "viewer"),
        ] {
            let login = json!({"email": email, "password": password, "shop": shop});
            let token = Actor::anonymous(server.base()).post("/v1/operators/token", login).await.ok();
            assert_eq!(token["role"], role);
        }
    });
}

fn a_shop_comes_with_its_key_and_who_gets_its_mail(database: &str) {
    let recipients = ["--test-recipient", "ben@example.org", "--test-recipient", "anna@example.org"];
    let host = ["--landing-host", "shop.example", "--with-key"];
    let made = run(database, &[CREATE, &host, &recipients].concat());
    assert_eq!(
        (&made["slug"], made["client_id"].as_str().map(|id| id.starts_with("key_"))),
        (&json!("kaffee-haus"), Some(true))
    );
    assert!(text(&made["scope"]).contains("vouchers:redeem"), "{made}");
    let server = Process::start(database, &[]);
    let actor = Actor::bearer(server.base(), &text(&made["client_secret"]));
    block_on(async {
        let settings = actor.get("/v1/shop").await.ok();
        assert_eq!(settings["id"], made["shop"]);
        assert_eq!(settings["test_recipients"], json!(["anna@example.org", "ben@example.org"]));
    });
    let live = ["shop", "create", "Tee", "--currency", "EUR", "--mode", "live"];
    let output = attempt(database, &[&live[..], &host, &recipients].concat(), "");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--mode test"), "{output:?}");
    assert_eq!(elements(&run(database, &["shop", "list"])["shops"]).len(), 1, "nothing was made");
    let output = attempt(database, &[&live[..], &host].concat(), "");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("slug tee") && said.contains("client secret: gvk_live_"), "{said}");
}

fn commands_get_in_beside_a_busy_server(database: &str) {
    let shop = shop(database);
    let server = Process::start(database, &[]);
    let actor = backend(database, server.base(), &shop);
    let write = async |client: usize| {
        for number in 0.. {
            actor.put(&format!("/v1/customers/c-{client}-{number}"), json!({})).await.created();
        }
    };
    let (base, database) = (server.base().to_owned(), database.to_owned());
    block_on(async {
        let beside = tokio::task::spawn_blocking(move || backend(&database, &base, &shop));
        let busy = futures_util::future::join_all((0..16).map(write));
        let made = tokio::select! {
            made = beside => made.expect("the key is made"),
            _ = busy => unreachable!("it never ends"),
        };
        made.get("/v1/shop").await.ok();
    });
}

fn a_shop_has_a_slug_of_its_own(database: &str) {
    let (first, second) = (shop(database), shop(database));
    let listed = run(database, &["shop", "list"]);
    let slugs: Vec<String> = elements(&listed["shops"]).iter().map(|shop| text(&shop["slug"])).collect();
    assert_eq!(slugs[0], "kaffee-haus");
    assert!(slugs[1].starts_with("kaffee-haus-"), "{slugs:?}");
    assert_ne!(first, second);
    let named = [CREATE, &["--landing-host", "shop.example", "--slug", "tee", "--time-zone", "Europe/Berlin"]].concat();
    assert_eq!(run(database, &named)["slug"], "tee");
    let output = attempt(database, &named, "");
    assert_eq!(output.status.code(), Some(1), "the slug is taken");
}

fn whoever_has_the_database_says_what_one_person_grants(database: &str) {
    let found = |currency: &str, more: &[&str]| {
        let start =
            ["shop", "create", "Tee", "--currency", currency, "--mode", "test", "--landing-host", "shop.example"];
        text(&run(database, &[start.as_slice(), more].concat())["shop"])
    };
    let limit = |shop: &str| {
        let shops = run(database, &["shop", "list"])["shops"].as_array().expect("shops").clone();
        shops.iter().find(|other| other["id"] == shop).expect("the shop")["grant_approval_above"].clone()
    };
    let table = [("EUR", [].as_slice(), json!(5_000)), ("JPY", &[], json!(50)), ("KWD", &[], json!(50_000))];
    let said = [
        ("EUR", ["--grant-approval-above", "700"], json!(700)),
        ("EUR", ["--grant-approval-above", "none"], json!(null)),
    ];
    let said = said.iter().map(|(currency, more, limit)| (*currency, more.as_slice(), limit.clone()));
    for (currency, more, expected) in table.into_iter().chain(said) {
        assert_eq!(limit(&found(currency, more)), expected, "{currency} {more:?}");
    }
    let shop = found("EUR", &[]);
    for (above, expected) in [("90000", json!(90_000)), ("none", json!(null)), ("0", json!(0))] {
        assert_eq!(run(database, &["shop", "grant-limit", &shop, above])["grant_approval_above"], expected);
        assert_eq!(limit(&shop), expected);
    }
    assert_eq!(attempt(database, &["shop", "grant-limit", &shop, "-1"], "").status.code(), Some(2));
}

fn what_goes_wrong_is_a_sentence_and_an_exit_code(database: &str) {
    let shop = shop(database);
    let asked_wrongly: &[&[&str]] = &[
        &[],
        &["shop", "create", "X", "--currency", "EUR", "--mode", "test"],
        &[CREATE, &["--landing-host", "shop.example", "--currency", "euro"]].concat(),
        &["shop", "create", "X", "--currency", "XYZ", "--landing-host", "shop.example", "--mode", "test"],
        &["key", "create", "--shop", &shop, "--scope", "everything"],
        &[CREATE, &["--landing-host", "shop.example", "--slug", "shp_01arz3ndektsv4rrffq69g5fav"]].concat(),
        &["operator", "add", "nobody", "--shop", &shop, "--role", "owner"],
        &["operator", "add", "a@b.example", "--shop", &shop, "--role", "king"],
    ];
    for arguments in asked_wrongly {
        let output = attempt(database, arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
    let failed: &[(&[&str], &str, &str)] = &[
        (&["key", "create", "--shop", "tee", "--scope", "all"], "", "there is no shop tee"),
        (
            &["operator", "add", "a@b.example", "--shop", &shop, "--role", "owner", "--password-stdin"],
            "short\n",
            "12 to 200",
        ),
        (&[CREATE, &["--landing-host", "https://shop.example"]].concat(), "", "a host is expected"),
        (&[CREATE, &["--landing-host", "shop.example", "--time-zone", "Mars/Base"]].concat(), "", "time zone"),
    ];
    for (arguments, input, sentence) in failed {
        let output = attempt(database, &[*arguments, &["--json"]].concat(), input);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let said: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
        assert!(text(&said["error"]).contains(sentence), "{said}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(sentence), "{arguments:?}");
    }
    let wrong = command("mysql://nowhere").args(["migrate", "--json"]).output().expect("the binary runs");
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("DATABASE_URL"));
}

fn books_that_were_tampered_with_do_not_verify(database: &str) {
    let shop = shop(database);
    let server = Process::start(database, &[]);
    let actor = backend(database, server.base(), &shop);
    block_on(async {
        actor.put("/v1/customers/ann", json!({})).await.created();
        let grant = json!({"customer": "ann", "reward": {"kind": "store_credit", "amount": 500}, "reason": "r"});
        actor.post("/v1/grants", grant).await.created();
    });
    let proof = run(database, &["verify"]);
    assert_eq!((&proof["ok"], &proof["problems"]), (&json!(true), &json!([])));
    assert_eq!(proof["checked"]["entries"], 1);
    let mut connection = Target::parse(database).expect("a URL").connect(Use::Tool).expect("it is there");
    connection.batch("UPDATE accounts SET balance = balance + 1 WHERE name LIKE 'credit:%'").expect("it is changed");
    let output = attempt(database, &["verify", "--json"], "");
    let proof: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!((output.status.code(), &proof["ok"]), (Some(1), &json!(false)), "{proof}");
    assert!(proof["problems"][0].as_str().is_some_and(|sentence| sentence.contains("holds 501 EUR")), "{proof}");
}

fn the_doctor_looks_and_keeps_secrets(database: &str) {
    let found = run(database, &["doctor"]);
    assert_eq!((&found["ok"], &found["database"]["schema_is_current"]), (&json!(true), &json!(false)), "{found}");
    run(database, &["migrate"]);
    let found = run(database, &["doctor"]);
    assert_eq!(found["database"]["schema_is_current"], true);
    let secret = "another secret that is long enough to be one";
    let mail = "smtp://me:pass-word@127.0.0.1:1?tls=none";
    let mut process = command(database);
    let output = process.arg("doctor").envs([("GRAPEVINE_SECRET", secret), ("MAIL_URL", mail)]).output();
    let output = output.expect("the binary runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("does not work") && said.contains("MAIL_URL"), "{said}");
    assert!(!said.contains(secret) && !said.contains("pass-word"), "{said}");
    let elsewhere = "postgres://me:pass-word@127.0.0.1:1/shop?sslpassword=pass-word";
    let output = command(elsewhere).arg("doctor").output().expect("the binary runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("postgres://me:***@127.0.0.1:1/shop") && !said.contains("pass-word"), "{said}");
}

/// Another process brings the schema up to date for as long as it likes.
#[test]
fn who_waits_for_his_turn_can_be_told_to_stop() {
    let waiting = Statement::new(
        "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    );
    for name in ["serve", "deliver"] {
        let database = fresh_database(Backend::Postgres);
        let mut other = Target::parse(&database).expect("a URL").connect(Use::Tool).expect("a connection");
        other.batch("SELECT pg_advisory_lock(7011986)").expect("it is its turn");
        let begun = Instant::now();
        let mut child = command(&database).arg(name).stdout(Stdio::null()).spawn().expect("the binary runs");
        while other.number(&waiting).expect("a count") == Some(0) && begun.elapsed() < LIMIT {}
        send(&child, Signal::TERM);
        let mut ended = None;
        while ended.is_none() && begun.elapsed() < LIMIT {
            ended = child.try_wait().expect("it is ours");
        }
        // Both matter only when it has not ended.
        let _gone = child.kill();
        let _reaped = child.wait();
        assert!(ended.is_some_and(|status| status.success()), "{name}: {ended:?}");
    }
}
