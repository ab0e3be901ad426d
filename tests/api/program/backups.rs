//! `grapevine backup`, `restore` and `copy`, as somebody who runs it asks for them.

use std::path::Path;
use std::process::Output;

use grapevine::store::Target;
use grapevine::store::connection::Use;

use crate::support::database::{fresh_database, fresh_folder};
use crate::support::process::{Process, command};
use crate::support::server::block_on;
use crate::support::*;

/// The installation keeps its secret itself; what is empty counts as not given.
const KEPT: (&str, &str) = ("GRAPEVINE_SECRET", "");

const CODE: &str = "SPRING-K7QM-3F9X";

/// What a command printed, and how it ended. `secret` is `GRAPEVINE_SECRET`.
fn ask(database: &str, secret: &str, arguments: &[&str]) -> (Value, Option<i32>) {
    let mut process = command(database);
    let Output { status, stdout, stderr } =
        process.args(arguments).arg("--json").env(KEPT.0, secret).output().expect("the binary runs");
    let said: Value = serde_json::from_slice(&stdout).unwrap_or_else(|error| {
        panic!("{arguments:?}: {error}: {}", String::from_utf8_lossy(&stderr));
    });
    (said, status.code())
}

#[track_caller]
fn done(database: &str, arguments: &[&str]) -> Value {
    let (said, code) = ask(database, "", arguments);
    assert_eq!(code, Some(0), "{arguments:?}: {said}");
    said
}

#[track_caller]
fn refused(database: &str, secret: &str, arguments: &[&str], words: &str) {
    let (said, code) = ask(database, secret, arguments);
    assert_eq!(code, Some(1), "{arguments:?}: {said}");
    assert!(text(&said["error"]).contains(words), "{arguments:?}: {said}");
}

/// A running server whose secret is kept with its database, a shop in it, and its backend.
fn shop(database: &str) -> (Process, Actor) {
    let server = Process::start(database, &[KEPT]);
    let create = ["shop", "create", "Tee", "--currency", "EUR", "--mode", "test", "--landing-host", "shop.example"];
    let shop = text(&done(database, &create)["shop"]);
    done(database, &["operator", "add", "mia@shop.example", "--shop", &shop, "--role", "owner"]);
    let key = done(database, &["key", "create", "--shop", &shop, "--scope", "all"]);
    let backend = Actor::bearer(server.base(), &text(&key["client_secret"]));
    block_on(async {
        let voucher = json!({"kind": "amount_off", "amount": 500, "code": CODE, "max_redemptions": 9});
        backend.post("/v1/vouchers", voucher).await.created();
    });
    (server, backend)
}

/// What was sealed opens, and what was there is there.
fn serves(database: &str, key: &Actor, customer: &str) {
    let server = Process::start(database, &[KEPT]);
    let backend = key.at(server.base());
    block_on(async {
        backend.get(customer).await.ok();
        assert_eq!(elements(&backend.get("/v1/vouchers").await.ok()["data"])[0]["code"], CODE);
        let cart = json!({"codes": [CODE], "order_id": "1", "amount": 5000, "currency": "EUR"});
        backend.post("/v1/redemptions", cart).await.created();
    });
    assert_eq!(done(database, &["verify"])["ok"], true);
}

fn other(backend: Backend) -> Backend {
    if backend == Backend::Sqlite { Backend::Postgres } else { Backend::Sqlite }
}

mod a_backup_under_load_is_restored_elsewhere {
    use super::*;

    #[test]
    fn sqlite() {
        is_restored(Backend::Sqlite);
    }

    #[test]
    fn postgres() {
        is_restored(Backend::Postgres);
    }
}

fn is_restored(backend: Backend) {
    const CLIENTS: usize = 8;
    let (database, folder) = (fresh_database(backend), fresh_folder());
    let (server, key) = shop(&database);
    let file = folder.join("backup").display().to_string();
    let write = async |client: usize| {
        for number in 0.. {
            let order = json!({"order_id": format!("{client}/{number}"), "customer": format!("c-{client}"),
                               "amount": 4990, "currency": "EUR"});
            key.post("/v1/conversions", order).await.created();
        }
    };
    let told = block_on(async {
        key.put("/v1/customers/before", json!({})).await.created();
        let (database, file) = (database.clone(), file.clone());
        let saving = tokio::task::spawn_blocking(move || done(&database, &["backup", &file]));
        let busy = futures_util::future::join_all((0..CLIENTS).map(write));
        tokio::select! {
            told = saving => told.expect("the backup is made"),
            _ = busy => unreachable!("it never ends"),
        }
    });
    assert_eq!((&told["secret"], &told["tables"]["shops"]), (&json!("included"), &json!(1)), "{told}");
    assert!(told["rows"].as_u64() > Some(5) && told["bytes"].as_u64() > Some(100), "{told}");
    server.stop();
    let elsewhere = fresh_database(other(backend));
    refused(&elsewhere, "another secret, long enough to be one", &["restore", &file], "another secret");
    let restored = done(&elsewhere, &["restore", &file]);
    assert_eq!((&restored["ok"], &restored["tables"]), (&json!(true), &told["tables"]), "{restored}");
    serves(&elsewhere, &key, "/v1/customers/before");
    refused(&elsewhere, "", &["restore", &file], "is not empty");
    refused(&database, "", &["backup", &file], "is there already");
}

#[test]
fn without_secrets_the_secret_must_be_known_elsewhere() {
    let (database, folder) = (fresh_database(Backend::Sqlite), fresh_folder());
    let (server, key) = shop(&database);
    block_on(async { key.put("/v1/customers/before", json!({})).await.created() });
    let file = folder.join("backup").display().to_string();
    assert_eq!(done(&database, &["backup", "--without-secrets", &file])["secret"], "left_out");
    server.stop();
    let path = database.strip_prefix("sqlite:").expect("a file").to_owned();
    let secret = std::fs::read_to_string(format!("{path}.secret")).expect("the secret");

    let elsewhere = fresh_database(Backend::Sqlite);
    refused(&elsewhere, "", &["restore", &file], "the secret is not in this file");
    refused(&elsewhere, "another secret, long enough to be one", &["restore", &file], "another secret");
    let made = elsewhere.strip_prefix("sqlite:").expect("a file");
    assert!(!Path::new(made).exists(), "nothing was touched");
    let (restored, code) = ask(&elsewhere, &secret, &["restore", &file]);
    assert_eq!((code, &restored["without_secrets"]), (Some(0), &json!(true)), "{restored}");
    assert!(!Path::new(&format!("{made}.secret")).exists(), "the secret is kept where it was");
    let kept = fresh_folder().join("kept");
    std::fs::rename(made, &kept).expect("a file can be moved");
    std::fs::write(format!("{}.secret", kept.display()), secret).expect("the secret is put beside it");
    serves(&format!("sqlite:{}", kept.display()), &key, "/v1/customers/before");
    // Under another secret nothing opens: such a backup would be good for nothing.
    let again = folder.join("again").display().to_string();
    refused(
        &database,
        "another secret, long enough to be one",
        &["backup", &again],
        "is another secret than that by which",
    );

    refused("sqlite:nowhere.db", "", &["backup", &again], "there is no sqlite:nowhere.db");
    assert!(!Path::new(&again).exists());
}

/// Under another secret no code opens, and who ordered before would be new: nothing serves it, and the doctor says so.
#[test]
fn another_secret_serves_nothing_that_is_there() {
    const OTHER: &str = "another secret, long enough to be one";
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let database = fresh_database(backend);
        let (server, key) = shop(&database);
        block_on(async { key.put("/v1/customers/before", json!({})).await.created() });
        server.stop();
        let words = "is another secret than that by which";
        refused(&database, OTHER, &["serve"], words);
        refused(&database, OTHER, &["key", "create", "--shop", "tee", "--scope", "all"], words);
        let (found, code) = ask(&database, OTHER, &["doctor"]);
        assert_eq!(code, Some(1), "{found}");
        assert!(found["warnings"].to_string().contains(words), "{found}");
        if let Some(path) = database.strip_prefix("sqlite:") {
            // One that was lost is not made anew where something was sealed by it.
            let (file, aside) = (format!("{path}.secret"), format!("{path}.aside"));
            std::fs::rename(&file, &aside).expect("the secret can be moved");
            refused(&database, "", &["serve"], "was written by a secret that is not kept with it");
            assert!(!Path::new(&file).exists(), "none was made");
            std::fs::rename(&aside, &file).expect("the secret can be put back");
        }
        serves(&database, &key, "/v1/customers/before");
    }
}

/// A shop that has sealed nothing yet depends on its secret all the same, and so does what is made of its backup. One that
/// the release before wrote is marked by the first that comes.
#[test]
fn another_secret_serves_no_shop_without_vouchers() {
    const FIRST: &str = "the first secret, long enough to be one";
    const OTHER: &str = "another secret, long enough to be one";
    let words = "is another secret than that by which";
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let (database, second, third) = (fresh_database(backend), fresh_database(backend), fresh_database(backend));
        let named = |secret: &str, name: &str| {
            ask(
                &database,
                secret,
                &[
                    "shop",
                    "create",
                    name,
                    "--currency",
                    "EUR",
                    "--locale",
                    "de",
                    "--landing-host",
                    "shop.example",
                    "--mode",
                    "test",
                ],
            )
        };
        // Before there is a shop another secret may be set.
        Process::start(&database, &[("GRAPEVINE_SECRET", OTHER)]).stop();
        assert_eq!(named(FIRST, "Tee").1, Some(0));
        let create = [
            "shop",
            "create",
            "Rum",
            "--currency",
            "EUR",
            "--locale",
            "de",
            "--landing-host",
            "shop.example",
            "--mode",
            "test",
        ];
        refused(&database, OTHER, &create, words);
        refused(&database, OTHER, &["serve"], words);
        assert!(ask(&database, OTHER, &["doctor"]).0["warnings"].to_string().contains(words));
        assert_eq!(named(FIRST, "Salz").1, Some(0));
        // Its backup and its copy are guarded by the same.
        let file = format!("{}/{}", std::env::temp_dir().display(), fresh("backup"));
        assert_eq!(ask(&database, FIRST, &["backup", &file]).1, Some(0));
        refused(&second, OTHER, &["restore", &file], "another secret");
        assert_eq!(ask(&second, FIRST, &["restore", &file]).1, Some(0));
        assert_eq!(ask("sqlite:unused.db", FIRST, &["copy", "--from", &database, "--to", &third]).1, Some(0));
        std::fs::remove_file(&file).expect("it was made");
        for filled in [&second, &third] {
            refused(filled, OTHER, &create, words);
        }
        // As the release before has left it.
        let mut connection = Target::parse(&database).expect("a URL").connect(Use::Tool).expect("a connection");
        connection.batch("DELETE FROM installation WHERE name = 'secret_mark'").expect("it is changed");
        drop(connection);
        assert_eq!(named(FIRST, "Pfeffer").1, Some(0));
        refused(&database, OTHER, &create, words);
    }
}

#[test]
fn a_database_moves_to_postgres_and_back() {
    let (first, second, third) =
        (fresh_database(Backend::Sqlite), fresh_database(Backend::Postgres), fresh_database(Backend::Sqlite));
    let (server, key) = shop(&first);
    block_on(async { key.put("/v1/customers/before", json!({})).await.created() });
    server.stop();
    let copied = |from: &str, to: &str| done("sqlite:unused.db", &["copy", "--from", from, "--to", to]);
    let over = copied(&first, &second);
    assert_eq!((&over["ok"], &over["written_meanwhile"]), (&json!(true), &json!(false)), "{over}");
    refused("sqlite:unused.db", "", &["copy", "--from", &first, "--to", &second], "is not empty");
    refused("sqlite:unused.db", "", &["copy", "--from", &first, "--to", &first], "is not empty");
    assert_eq!(copied(&second, &third)["tables"], over["tables"]);
    for database in [&second, &third] {
        serves(database, &key, "/v1/customers/before");
    }
}

#[test]
fn a_file_is_checked_without_a_database() {
    let (database, folder) = (fresh_database(Backend::Sqlite), fresh_folder());
    drop(shop(&database));
    let file = folder.join("backup").display().to_string();
    let told = done(&database, &["backup", &file]);
    assert_eq!(done("sqlite:unused.db", &["restore", "--check", &file])["tables"], told["tables"]);
    let whole = std::fs::read(&file).expect("the file");
    std::fs::write(&file, &whole[..whole.len() - 9]).expect("a file");
    for arguments in [["restore", "--check", &file].as_slice(), &["restore", &file]] {
        refused("sqlite:unused.db", "", arguments, "is torn or was changed");
    }
}
