//! Every record kind against its table: saved, changed, found again by each of its keys, and guarded.

use std::rc::Rc;

use grapevine::records::*;
use grapevine::store::connection::Use;
use grapevine::store::shelves::{load_sql, page_sql};
use grapevine::store::writer::{Commit, Locking, WriterConnection};
use grapevine::store::{Connection, Statement, StoreError};
use grapevine::world::{Shelf, Stop, Visitor, World};

use crate::support::{Fresh, on_both};

on_both!(
    every_kind_is_saved_changed_and_found,
    a_lost_update_is_refused,
    what_is_written_stays,
    words_can_be_erased_and_nothing_else,
    limits_hold,
    every_load_goes_by_its_own_index,
);

fn every_kind_is_saved_changed_and_found(database: &Fresh) {
    let mut connection = open(database);
    save(&mut connection, &mut Samples { version: 1 }).expect("new records are saved");
    let mut world = World::default();
    load(&mut connection, &mut world, &mut Found { version: 1 });
    world.each(&mut Samples { version: 2 }).expect("samples");
    commit(&mut connection, &mut world).expect("changed records are saved");
    load(&mut connection, &mut World::default(), &mut Found { version: 2 });
}

fn a_lost_update_is_refused(database: &Fresh) {
    let (mut one, mut other) = (open(database), open(database));
    save(&mut one, &mut Samples { version: 1 }).expect("new records are saved");
    let (mut ours, mut theirs) = (World::default(), World::default());
    load(&mut one, &mut ours, &mut Found { version: 1 });
    load(&mut other, &mut theirs, &mut Found { version: 1 });
    for world in [&mut ours, &mut theirs] {
        world.each(&mut Change).expect("samples");
    }
    commit(&mut one, &mut ours).expect("the first is saved");
    let late = commit(&mut other, &mut theirs);
    assert!(matches!(late, Err(StoreError::Conflict(_))), "{late:?}");
}

fn what_is_written_stays(database: &Fresh) {
    save(&mut open(database), &mut Samples { version: 1 }).expect("new records are saved");
    let mut connection = database.connect();
    for table in ["entries", "events", "audit_log", "reversals", "refunds"] {
        let count = Statement::new(format!("SELECT COUNT(*) FROM {table}"));
        let id = format!("(SELECT MIN(id) FROM {table})");
        let mut attempts =
            vec![format!("UPDATE {table} SET created_at = 2"), format!("DELETE FROM {table} WHERE id = {id}")];
        if connection.is_postgres() {
            attempts.push(format!("TRUNCATE {table}"));
        } else {
            attempts.push(format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}"));
            attempts.push(format!("PRAGMA recursive_triggers=OFF; REPLACE INTO {table} SELECT * FROM {table}"));
        }
        for attempt in attempts {
            assert!(connection.batch(&attempt).is_err(), "{attempt}");
            assert_eq!(connection.number(&count).expect("a count"), Some(1), "{attempt}");
        }
    }
}

/// An erasure takes words, and nothing else.
fn words_can_be_erased_and_nothing_else(database: &Fresh) {
    save(&mut open(database), &mut Samples { version: 1 }).expect("new records are saved");
    let mut connection = database.connect();
    let erased = r#"'{"id":"' || subject || '","erased":true}'"#;
    for (table, refused, allowed) in [
        ("events", "data = '{}'".to_owned(), format!("data = {erased}")),
        ("events", format!("data = {erased}, seq = seq + 1"), format!("data = {erased}")),
        ("events", format!("data = {erased}, subject = NULL"), format!("data = {erased}")),
        ("audit_log", "reason = 'another'".to_owned(), "reason = NULL".to_owned()),
        ("audit_log", "reason = NULL, action = 'another'".to_owned(), "reason = NULL".to_owned()),
        ("refunds", "reason = 'another'".to_owned(), "reason = NULL".to_owned()),
        ("refunds", "reason = NULL, amount = 0".to_owned(), "reason = NULL".to_owned()),
        ("reversals", "reason = 'another'".to_owned(), "reason = 'erased'".to_owned()),
        ("reversals", "reason = 'erased', amount = 0".to_owned(), "reason = 'erased'".to_owned()),
    ] {
        assert!(connection.batch(&format!("UPDATE {table} SET {refused}")).is_err(), "{table}: {refused}");
        connection.batch(&format!("UPDATE {table} SET {allowed}")).unwrap_or_else(|error| panic!("{table}: {error}"));
    }
}

fn limits_hold(database: &Fresh) {
    save(&mut open(database), &mut Samples { version: 1 }).expect("new records are saved");
    assert_limits(&mut database.connect());
}

/// The database refuses what the code must never do to the samples.
pub fn assert_limits(connection: &mut Connection) {
    for (table, change) in [
        ("accounts", "balance = floor - 1"),
        ("tallies", "count = cap + 1"),
        ("tallies", "count = -1"),
        ("voucher_uses", "used = cap + 1"),
        ("voucher_uses", "used = -1"),
        ("voucher_uses", "held = cap"),
        ("voucher_uses", "held = -1"),
        ("holds", "set_aside_amount = -1"),
        ("conversions", "amount = -1"),
        ("conversions", "refunded_amount = amount + 1"),
        ("conversions", "amount = 9007199254740992"),
        ("rewards", "cost_amount = -1"),
        ("redemptions", "reversed_amount = discount + payment + 1"),
        ("vouchers", "rate_bps = 10001"),
    ] {
        assert!(connection.batch(&format!("UPDATE {table} SET {change}")).is_err(), "{table}: {change}");
    }
    if !connection.is_postgres() {
        for (table, column) in [("conversions", "amount"), ("accounts", "balance"), ("rewards", "cost_amount")] {
            assert!(connection.batch(&format!("UPDATE {table} SET {column} = 1.5")).is_err(), "{table}.{column}");
        }
    }
}

/// On empty tables, where nothing is known of them yet: what is chosen there is used for long.
fn every_load_goes_by_its_own_index(database: &Fresh) {
    let mut connection = database.target.connect(Use::Write).expect("a connection");
    World::default().each(&mut Plans { connection: &mut connection }).expect("plans");
}

struct Plans<'c> {
    connection: &'c mut Connection,
}

impl Visitor for Plans<'_> {
    type Error = StoreError;

    fn visit<R: Record>(&mut self, _: &mut Shelf<R>) -> Result<(), StoreError> {
        if R::IS_VIEW {
            return Ok(());
        }
        for column in ["id"].iter().chain(R::KEYS).chain(R::LISTS) {
            let sql = load_sql::<R>(column, self.connection.is_postgres());
            let name = format!("{}_{column}", R::TABLE);
            self.check(&sql, &format!("{name}(text[])"), "'{a,b}'")?;
        }
        if let Some(order) = R::SOONEST {
            self.check(&page_sql::<R>(order), &format!("{}_soonest(text, bigint)", R::TABLE), "'a', 32")?;
        }
        Ok(())
    }
}

impl Plans<'_> {
    /// Demands that a statement seeks by an index alone, in its order. `signature` and `values` are those of its
    /// prepared form.
    fn check(&mut self, sql: &str, signature: &str, values: &str) -> Result<(), StoreError> {
        let plan = if self.connection.is_postgres() {
            let numbered = sql.replacen('?', "$1", 1).replacen('?', "$2", 1);
            self.connection.batch(&format!("PREPARE {signature} AS {numbered}"))?;
            let name = signature.split('(').next().unwrap_or_default();
            self.plan(&format!("EXPLAIN EXECUTE {name}({values})"), &[Kind::Text])?
        } else {
            let columns = [Kind::Int, Kind::Int, Kind::Int, Kind::Text];
            self.plan(&format!("EXPLAIN QUERY PLAN {}", sql.replacen('?', "'a'", 1).replace('?', "32")), &columns)?
        };
        let sought = plan.contains("Index Cond:") || plan.contains("SEARCH");
        let all = ["Filter:", "Seq Scan", "SCAN", "Sort", "B-TREE"].iter().any(|word| plan.contains(word));
        assert!(sought && !all, "{sql}\n{plan}");
        Ok(())
    }

    fn plan(&mut self, sql: &str, kinds: &[Kind]) -> Result<String, StoreError> {
        let rows = self.connection.query(&Statement::new(sql.to_owned()), kinds)?;
        let lines = rows.into_iter().filter_map(|mut row| match row.pop() {
            Some(Value::Text(line)) => line,
            _ => None,
        });
        Ok(lines.collect::<Vec<_>>().join("\n"))
    }
}

/// A connection that loads and saves.
pub fn open(database: &Fresh) -> WriterConnection {
    WriterConnection::open(&database.target, Locking::On).expect("a connection")
}

/// Saves samples.
pub fn save(connection: &mut WriterConnection, samples: &mut Samples) -> Result<(), StoreError> {
    let mut world = World::default();
    world.each(samples).expect("samples");
    commit(connection, &mut world)
}

fn commit(connection: &mut WriterConnection, world: &mut World) -> Result<(), StoreError> {
    connection.begin()?;
    if let Err(error) = connection.save(world) {
        connection.rollback();
        return Err(error);
    }
    match connection.commit() {
        Commit::Done => Ok(()),
        Commit::Refused(error) => panic!("no error was dropped: {error}"),
        Commit::Unknown(error) => Err(error),
    }
}

/// Asks until everything is there: ids first, then what the keys and lists lead to.
pub fn load(connection: &mut WriterConnection, world: &mut World, found: &mut Found) {
    connection.begin().expect("a transaction");
    while world.each(found).is_err() {
        assert!(connection.load(world).expect("a load"), "something is wanted");
    }
    connection.rollback();
}

fn the_shop() -> Id {
    Id::of("shp", &["sample"])
}

fn sample_id(table: &str) -> Id {
    if matches!(table, "shops" | "shop_heads") { the_shop() } else { Id::of("smp", &[table]) }
}

/// A record of the kind with something in every column: the first of what a column may hold that it takes.
pub fn sample<R: Record>(version: i64) -> R {
    let mut tries = vec![0; R::COLUMNS.len()];
    loop {
        let columns = R::COLUMNS.iter().zip(&tries);
        let row = columns.map(|((column, kind), tries)| match (*column, kind) {
            ("version" | "CAST(1 AS BIGINT)", _) => Value::Int(Some(version)),
            ("created_at", Kind::Int) => Value::Int(Some(version)),
            // What is used and what is held are together no more than the cap.
            ("held", Kind::Int) => Value::Int(Some(0)),
            // Its page has another event than the one that stands in a row of its own.
            ("first_seq" | "last_seq", Kind::Int) => Value::Int(Some(2)),
            // The first part of the first trial.
            ("arm", Kind::Int) => Value::Int(Some(1_000)),
            (_, Kind::Int) => Value::Int(Some(1)),
            (_, Kind::Bytes) => Value::Bytes(Some(vec![0, 255])),
            // What is forgotten is none of the samples.
            ("subject", Kind::Text) if R::TABLE == "forgotten" => {
                Value::Text(Some(Id::of("smp", &["none"]).to_string()))
            }
            (column, Kind::Text) => Value::Text(Some(sample_text::<R>(column, *tries))),
        });
        let mut values = Values::new(row.collect());
        match R::from_values(&mut values) {
            Ok(record) => return record,
            Err(error) => {
                let at = R::COLUMNS.len() - values.left() - 1;
                tries[at] += 1;
                let column = R::COLUMNS[at].0;
                assert!(tries[at] < TEXTS.len() + 2, "{}.{column} takes none of TEXTS: {error}", R::TABLE);
            }
        }
    }
}

/// What a column of text may hold: the first word of its kind or its own name, an id, or one of [`TEXTS`].
fn sample_text<R: Record>(column: &str, tries: usize) -> String {
    let id = match column {
        "id" => return sample_id(R::TABLE).to_string(),
        "shop" => return the_shop().to_string(),
        "program" => sample_id("programs"),
        "customer" => sample_id("customers"),
        "person" => sample_id("persons"),
        "share" | "parent" | "root" => sample_id("shares"),
        _ => sample_id("others"),
    };
    let word = R::words().into_iter().find(|(named, _)| *named == column).map(|(_, words)| words[0]);
    match tries {
        0 => word.unwrap_or(column).to_owned(),
        1 => id.to_string(),
        more => TEXTS[more - 2].to_owned(),
    }
}

/// What columns hold that take no word of their own and no id.
const TEXTS: &[&str] = &[
    "[]",
    "{}",
    "null",
    "EUR",
    "Europe/Berlin",
    "DE",
    r#"{"type":"system","id":null,"name":"grapevine"}"#,
    r#"{"token":null,"code":null}"#,
    r#"{"all":true}"#,
    r#"{"told":0,"no_address":0,"suppressed":0}"#,
    r#"{"kind":"free_shipping"}"#,
    r#"{"event":{"name":"A","starts_at":"2026-12-24T17:00:00.000Z","time_zone":"UTC","place":"B"},"seats":1,"sequence":0}"#,
    r#"{"at":"2026-12-24T17:00:00.000Z","gate":"A","by":{"type":"system","id":null,"name":"grapevine"},
        "told_at":"2026-12-24T17:00:00.000Z"}"#,
    r#"{"key":"a","name":"A","private":true,"send_url":{"mobile":null,"desktop":null},
        "utm":{"source":"a","medium":"b","source_platform":null}}"#,
    r#"{"attribution":{"window_days":90,"credit_window_days":90,"model":"first"},"qualifying":{"min_order_amount":0,
        "new_customers_only":true},"pending_days":30,"pending_from":"order","approval":"auto","rewards":[],"former":[],
        "budget_amount":null}"#,
];

/// Puts one record on every shelf; those that can change, again for later versions.
pub struct Samples {
    /// Which version.
    pub version: i64,
}

impl Visitor for Samples {
    type Error = Stop;

    fn visit<R: Record>(&mut self, shelf: &mut Shelf<R>) -> Result<(), Stop> {
        if !R::IS_VIEW && (self.version == 1 || !R::APPEND_ONLY) {
            shelf.put(Rc::new(sample::<R>(self.version)));
        }
        Ok(())
    }
}

/// Changes one kind of record: the heads of shops.
struct Change;

impl Visitor for Change {
    type Error = Stop;

    fn visit<R: Record>(&mut self, shelf: &mut Shelf<R>) -> Result<(), Stop> {
        if R::TABLE == "shop_heads" {
            shelf.put(Rc::new(sample::<R>(2)));
        }
        Ok(())
    }
}

/// Looks for the sample on every shelf by its id and by each of its keys and parents.
pub struct Found {
    /// Which version.
    pub version: i64,
}

impl Visitor for Found {
    type Error = Stop;

    fn visit<R: Record>(&mut self, shelf: &mut Shelf<R>) -> Result<(), Stop> {
        if R::IS_VIEW {
            return Ok(());
        }
        let version = if R::APPEND_ONLY { 1 } else { self.version };
        let expected = sample::<R>(version);
        let by_id = shelf.get(expected.shop(), expected.id());
        let by_keys: Vec<_> = (0..R::KEYS.len())
            .map(|index| {
                let text = expected.key(index).expect("every sample has every key");
                shelf.find(&Key(index, std::marker::PhantomData), &(expected.shop(), text))
            })
            .collect();
        let by_parents: Vec<_> = (0..R::LISTS.len())
            .map(|index| {
                let parent = expected.parent(index).expect("every sample has every parent");
                shelf.list(&List(index, std::marker::PhantomData), expected.shop(), parent).map(<[Id]>::to_vec)
            })
            .collect();
        let found = by_id?.unwrap_or_else(|| panic!("{}: nothing is found", R::TABLE));
        assert_eq!(found.values(), expected.values(), "{}", R::TABLE);
        for found in by_keys {
            assert_eq!(found?, Some(expected.id()), "{}", R::TABLE);
        }
        for found in by_parents {
            assert_eq!(found?, [expected.id()], "{}", R::TABLE);
        }
        Ok(())
    }
}
