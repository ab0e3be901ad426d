//! The schema: made by several processes at once, and undone.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Barrier;

use grapevine::decide::support::find_customer::{FindCustomer, Tried, find};
use grapevine::records::Timestamp;
use grapevine::records::money::Currency;
use grapevine::records::shop::first_grant_limit;
use grapevine::store::Statement;
use grapevine::store::connection::Use;
use grapevine::store::housekeeping::{forget_answers, forget_writers};
use grapevine::store::migrate::{is_pending, migrate};

use crate::rig::{self, Start, block_on, number, stop, submit};
use crate::support::{Fresh, on_both};

/// Processes that start at once.
const PROCESSES: usize = 4;

/// New files that are opened by several at once.
const ROUNDS: usize = 50;

on_both!(
    every_migration_can_be_undone,
    what_nobody_needs_is_forgotten,
    addresses_from_before_lead_where_they_may,
    codes_from_before_go_on_working,
    a_shop_of_old_has_a_limit_for_grants,
);

mod several_processes_make_it_once {
    use crate::support::Fresh;

    #[test]
    fn sqlite() {
        super::several_processes_make_it_once(&Fresh::empty_sqlite());
    }

    #[test]
    fn postgres() {
        super::several_processes_make_it_once(&Fresh::empty_postgres());
    }
}

/// SQLite asks nobody to wait when two turn a new file to its log at once.
#[test]
fn a_new_file_can_be_opened_by_several_at_once() {
    for _ in 0..ROUNDS {
        let (database, together) = (Fresh::empty_sqlite(), Barrier::new(PROCESSES));
        std::thread::scope(|scope| {
            for _ in 0..PROCESSES {
                scope.spawn(|| {
                    together.wait();
                    database.target.connect(Use::Migrate).expect("it is opened");
                });
            }
        });
    }
}

/// The folders of the migrations of a database, in order.
pub fn folders(database: &Fresh) -> Vec<PathBuf> {
    let tree = if database.connect().is_postgres() { "migrations/postgres" } else { "migrations/sqlite" };
    let entries = fs::read_dir(tree).expect("the migrations").map(|entry| entry.expect("a folder").path());
    let mut folders: Vec<PathBuf> = entries.collect();
    folders.sort_unstable();
    folders
}

fn several_processes_make_it_once(database: &Fresh) {
    let done: Vec<usize> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..PROCESSES).map(|_| scope.spawn(|| migrate(&database.target))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic").expect("it is made")).collect()
    });
    assert_eq!(done.iter().sum::<usize>(), folders(database).len(), "{done:?}");
    assert!(!is_pending(&database.target).expect("an answer"));
}

fn every_migration_can_be_undone(database: &Fresh) {
    let mut connection = database.connect();
    for folder in folders(database).iter().rev() {
        connection.batch(&way_back(folder)).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    }
    let left = if connection.is_postgres() {
        "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_\\_diesel%'"
    } else {
        "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_\\_diesel%' ESCAPE '\\'
         AND name NOT LIKE 'sqlite%'"
    };
    assert_eq!(number(database, left), 0);
}

/// How a migration is undone: as its `down.sql` says. One that only makes tables needs none: they go.
fn way_back(folder: &Path) -> String {
    let up = || fs::read_to_string(folder.join("up.sql")).expect("a migration");
    fs::read_to_string(folder.join("down.sql")).unwrap_or_else(|_| without_tables(&up()))
}

fn without_tables(up: &str) -> String {
    let made: Vec<_> = up.split("CREATE TABLE ").skip(1).filter_map(|rest| rest.split_once(' ')).collect();
    made.iter().rev().map(|(table, _)| format!("DROP TABLE {table};")).collect()
}

#[test]
fn what_only_makes_tables_is_undone_without_being_told_how() {
    let up = "-- Writer: engine\nCREATE TABLE a (id TEXT);\nCREATE INDEX a_id ON a (id);\nCREATE TABLE b (id TEXT);";
    assert_eq!(without_tables(up), "DROP TABLE b;DROP TABLE a;");
}

/// Before codes were compared folded, two advocates could have codes that are the same so.
fn codes_from_before_go_on_working(database: &Fresh) {
    let shop = rig::shop(database);
    let engine = Start::on(database).engine();
    let makes = async |number: i64, code: &str| {
        submit(&engine, shop, rig::customer(&format!("c-{number}")), None).await.expect("a customer");
        submit(&engine, shop, rig::code(&format!("c-{number}"), code), None).await
    };
    block_on(async {
        let (program, _) = rig::program_with_code("c-0");
        submit(&engine, shop, program, None).await.expect("a program");
        for (number, code) in (0..).zip(["FIRST-A", "SECOND-B", "THIRD-C"]) {
            makes(number, code).await.expect("a code");
        }
    });
    let mut connection = database.connect();
    let folder = folders(database).into_iter().find(|folder| folder.ends_with("2026-11-29-000030_taken_codes"));
    let down = fs::read_to_string(folder.expect("the migration").join("down.sql")).expect("a way back");
    let before = "DELETE FROM __diesel_schema_migrations WHERE version = '20261129000030';
        UPDATE codes SET code = 'OLIVE-1', plain = 'OLIVE1', created_at = 1 WHERE plain = 'FIRSTA';
        UPDATE codes SET code = '0LIVE-1', plain = '0LIVE1', created_at = 2 WHERE plain = 'SECONDB';
        UPDATE codes SET code = id, plain = id WHERE plain = 'THIRDC'";
    connection.batch(&format!("{down};{before}")).expect("as it was before");
    migrate(&database.target).expect("it is migrated again");
    let found = |typed: &str| {
        let typed = typed.to_owned();
        let ask: FindCustomer = rig::from(serde_json::json!({"code": typed}));
        let found = block_on(engine.dry_run(shop, move |draft| find(draft, &ask, Tried::default())));
        let customer = found.expect("an answer").customer;
        customer.and_then(|id| number_of(database, &id.to_string()))
    };
    let expected =
        [("OLIVE-1", Some(0)), ("olive1", Some(0)), ("0LIVE-1", Some(1)), ("0l1ve-i", Some(0)), ("THIRD-C", None)];
    for (typed, whose) in expected {
        assert_eq!(found(typed), whose, "{typed}");
    }
    block_on(async {
        for taken in ["OLIVE-I", "0LIVE1", "o1ive1"] {
            assert!(makes(3, taken).await.is_err(), "{taken}");
            assert!(submit(&engine, shop, rig::voucher(taken), None).await.is_err(), "{taken}");
        }
        makes(3, "THIRD-C").await.expect("nobody has it");
        stop(engine.clone()).await;
    });
}

/// What was told before was not vouched for: it leads to guests by what is their own, and to no account.
fn addresses_from_before_lead_where_they_may(database: &Fresh) {
    let shop = rig::shop(database);
    let mut connection = database.connect();
    let people = [("a", "'anna'", "'a@mail.example'"), ("g", "NULL", "'g@mail.example'"), ("p", "NULL", "NULL")];
    for (id, external_id, email) in people {
        let columns = "id, shop, external_id, person, email, attributes, consents, created_at, updated_at, version";
        let values = format!("'{id}', '{shop}', {external_id}, 'prs', {email}, '{{}}', '[]', 1, 1, 1");
        connection.batch(&format!("INSERT INTO customers ({columns}) VALUES ({values})")).expect("a customer");
        for kind in ["email", "phone"] {
            let columns = "id, shop, kind, person, customer, created_at, version";
            let values = format!("'{id}-{kind}', '{shop}', '{kind}', 'prs', '{id}', 1, 1");
            connection.batch(&format!("INSERT INTO identities ({columns}) VALUES ({values})")).expect("an address");
        }
    }
    let folder = folders(database).into_iter().find(|folder| folder.ends_with("2026-11-29-000050_vouched_addresses"));
    let folder = folder.expect("the migration");
    for file in ["down.sql", "up.sql"] {
        let sql = fs::read_to_string(folder.join(file)).expect("a migration");
        connection.batch(&sql).unwrap_or_else(|error| panic!("{file}: {error}"));
    }
    for (address, leads) in
        [("a-email", 0), ("a-phone", 0), ("g-email", 1), ("g-phone", 0), ("p-email", 1), ("p-phone", 1)]
    {
        let read = format!("SELECT leads FROM identities WHERE id = '{address}'");
        assert_eq!(number(database, &read), leads, "{address}");
    }
}

/// The number of the customer `c-…` with an id.
fn number_of(database: &Fresh, id: &str) -> Option<i64> {
    (0..4).find(|number| {
        let his = format!("SELECT COUNT(*) FROM customers WHERE id = '{id}' AND external_id = 'c-{number}'");
        rig::number(database, &his) == 1
    })
}

/// Shops that never said above which worth a second operator looks at a grant.
fn a_shop_of_old_has_a_limit_for_grants(database: &Fresh) {
    let wanted = [("EUR", 5_000), ("JPY", 50), ("KWD", 50_000)];
    let mut connection = database.connect();
    for (currency, limit) in wanted {
        let slug = currency.to_lowercase();
        let shop = rig::found(&rig::founding(&slug), database);
        let currency = Currency::parse(currency).expect("a currency");
        assert_eq!(first_grant_limit(currency), limit, "{currency}");
        let statement = Statement::new("UPDATE shops SET grant_approval_above = NULL, currency = ? WHERE id = ?");
        connection.execute(&statement.bind(currency.as_str()).bind(shop.id)).expect("a shop of old");
    }
    let folders = folders(database);
    let first = folders.iter().position(|folder| folder.ends_with("2026-11-29-000041_four_eyes")).expect("it is there");
    let later = &folders[first..];
    let again = |folder: &PathBuf| fs::read_to_string(folder.join("up.sql")).expect("a migration");
    let ways = later.iter().rev().map(|folder| way_back(folder)).chain(later.iter().map(again));
    for sql in ways {
        connection.batch(&sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    for (currency, limit) in wanted {
        let read = format!("SELECT grant_approval_above FROM shops WHERE currency = '{currency}'");
        assert_eq!(number(database, &read), limit, "{currency}");
    }
}

fn what_nobody_needs_is_forgotten(database: &Fresh) {
    let mut connection = database.connect();
    let now = Timestamp::from_ms(1_000_000_000_000);
    for (number, at) in [now.plus_ms(-1), now, now.plus_ms(1)].into_iter().enumerate() {
        let answer = Statement::new(
            "INSERT INTO stored_answers (id, shop, fingerprint, status, body, sealed, expires_at, version)
             VALUES (?, 'shp', '', 200, '', 0, ?, 1)",
        );
        connection.execute(&answer.bind(number.to_string()).bind(at)).expect("an answer");
        let writer = Statement::new("INSERT INTO engine_writers (id, batch, at) VALUES (?, 1, ?)");
        connection.execute(&writer.bind(number.to_string()).bind(at.plus_days(-7))).expect("a writer");
    }
    assert!(!forget_answers(&mut connection, now).expect("forgotten"), "one page was enough");
    forget_writers(&mut connection, now).expect("forgotten");
    assert_eq!(number(database, "SELECT COUNT(*) FROM stored_answers"), 1);
    assert_eq!(number(database, "SELECT COUNT(*) FROM engine_writers"), 2);
}
