//! Words in columns: the types hold their lists, and the schema takes any.

use std::fs;

use grapevine::records::{Kind, Record, Value, Values};
use grapevine::store::connection::Use;
use grapevine::store::migrate::migrate;
use grapevine::store::shelves::select;
use grapevine::store::{Bind, Connection, Statement, StoreError, StoreResult};
use grapevine::world::{Shelf, Visitor, World};

use crate::kinds::{Found, Samples, assert_limits, load, open, sample, save};
use crate::schema::folders;
use crate::support::{Fresh, on_both};

on_both!(the_schema_lists_no_words, words_are_those_of_their_types, a_database_from_before_comes_along,);

/// The migration since which the types alone hold the lists of words.
const MIGRATION: &str = "2026-11-30-000030_words";

fn the_schema_lists_no_words(database: &Fresh) {
    assert_eq!(lists(&mut database.connect()), Vec::<String>::new());
}

fn words_are_those_of_their_types(database: &Fresh) {
    save(&mut open(database), &mut Samples { version: 2 }).expect("what others name is saved");
    let (mut connection, mut columns) = (database.connect(), 0);
    World::default().each(&mut Words { connection: &mut connection, columns: &mut columns }).expect("an open database");
    assert!(columns > 25, "{columns} columns hold words");
}

/// Stores every word of each column and reads it again; one that no type knows is stored, and not read.
struct Words<'c> {
    connection: &'c mut Connection,
    columns: &'c mut usize,
}

impl Visitor for Words<'_> {
    type Error = StoreError;

    fn visit<R: Record>(&mut self, _: &mut Shelf<R>) -> StoreResult<()> {
        for (column, words) in R::words() {
            *self.columns += 1;
            for word in words {
                assert_eq!(self.said::<R>(column, word)?, None, "{}.{column}: {word}", R::TABLE);
            }
            let said = self.said::<R>(column, "another")?.unwrap_or_default();
            assert!(said.contains("another"), "{}.{column}: {said}", R::TABLE);
        }
        Ok(())
    }
}

impl Words<'_> {
    /// What is said when a word is stored in a column and read from it.
    fn said<R: Record>(&mut self, column: &str, word: &str) -> StoreResult<Option<String>> {
        self.connection.batch("BEGIN")?;
        self.connection.execute(&stored::<R>(column, word))?;
        let kinds: Vec<Kind> = R::COLUMNS.iter().map(|(_, kind)| *kind).collect();
        let row = Statement::new(format!("{} WHERE {column} = ?", select::<R>())).bind(word);
        let mut rows = self.connection.query(&row, &kinds)?;
        self.connection.batch("ROLLBACK")?;
        Ok(R::from_values(&mut Values::new(rows.remove(0))).err().map(|error| error.to_string()))
    }
}

/// Stores a word in a column of the sample; of what is only ever added to, in a new one.
fn stored<R: Record>(column: &str, word: &str) -> Statement {
    if !R::APPEND_ONLY {
        return Statement::new(format!("UPDATE {} SET {column} = ?", R::TABLE)).bind(word);
    }
    let mut row: Vec<(&str, Value)> = R::COLUMNS.iter().map(|(name, _)| *name).zip(sample::<R>(1).values()).collect();
    row.retain(|(name, _)| *name != "CAST(1 AS BIGINT)");
    let names: Vec<&str> = row.iter().map(|(name, _)| *name).collect();
    let marks = vec!["?"; names.len()].join(", ");
    let binds = row.iter().map(|(name, value)| if *name == column { word.into() } else { Bind::from(value.clone()) });
    Statement::new(format!("INSERT INTO {} ({}) VALUES ({marks})", R::TABLE, names.join(", "))).binds(binds)
}

/// With its rows, on both databases, and for those who were connected already.
fn a_database_from_before_comes_along(database: &Fresh) {
    save(&mut open(database), &mut Samples { version: 1 }).expect("new records are saved");
    let mut connection = database.connect();
    connection.batch(&format!("INSERT INTO visits ({VISIT}, 'person', 1)")).expect("a visit");
    go_back(&mut connection, database);
    assert_eq!(lists(&mut connection), lists_of_before(database), "it is as it was before");
    for (column, change) in NEW_WORDS {
        assert!(connection.batch(change).is_err(), "{column} was listed");
    }
    assert_eq!(migrate(&database.target).expect("it is migrated"), 1);
    assert_eq!(lists(&mut connection), Vec::<String>::new());
    load(&mut open(database), &mut World::default(), &mut Found { version: 1 });
    for (column, change) in NEW_WORDS {
        connection.batch(change).unwrap_or_else(|error| panic!("{column}: {error}"));
    }
    assert_limits(&mut connection);
    assert!(connection.batch("UPDATE visits SET count = 0").is_err(), "counts are still checked");
    if !connection.is_postgres() {
        assert_eq!(texts(&mut connection, "PRAGMA integrity_check"), ["ok"]);
        assert_eq!(texts(&mut connection, "PRAGMA foreign_key_check"), Vec::<String>::new());
    }
}

const VISIT: &str = "shop, share, at, class, count) VALUES ('shp', 'shr', 1";

/// Words that the release before does not know.
const NEW_WORDS: &[(&str, &str)] = &[
    ("messages.kind", "UPDATE messages SET kind = 'another'"),
    ("rewards.status", "UPDATE rewards SET status = 'another'"),
    ("rewards.to_side", "UPDATE rewards SET to_side = 'another'"),
    ("conversions.age_from", "UPDATE conversions SET age_from = 'another'"),
    ("grants.purpose", "UPDATE grants SET purpose = 'another'"),
    ("vouchers.kind", "UPDATE vouchers SET kind = 'another'"),
    ("jobs.kind", "UPDATE jobs SET kind = 'another'"),
    ("visits.class", "UPDATE visits SET class = 'another'"),
];

/// Undoes the migration, and no other.
fn go_back(connection: &mut Connection, database: &Fresh) {
    let folder = folders(database).into_iter().find(|folder| folder.ends_with(MIGRATION)).expect("the migration");
    connection.batch(&fs::read_to_string(folder.join("down.sql")).expect("a way back")).expect("it is undone");
    let version: String = MIGRATION.chars().filter(char::is_ascii_digit).collect();
    let run = Statement::new("DELETE FROM __diesel_schema_migrations WHERE version = ?").bind(version);
    assert_eq!(connection.execute(&run).expect("the list of migrations"), 1);
}

/// The lists of words in a database that all other migrations have made.
fn lists_of_before(like: &Fresh) -> Vec<String> {
    let fresh = if like.connect().is_postgres() { Fresh::empty_postgres() } else { Fresh::empty_sqlite() };
    let mut connection = fresh.target.connect(Use::Migrate).expect("a connection");
    for folder in folders(like).iter().filter(|folder| !folder.ends_with(MIGRATION)) {
        let up = fs::read_to_string(folder.join("up.sql")).expect("a migration");
        connection.batch(&up).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    }
    let lists = lists(&mut connection);
    assert!(lists.len() > 25, "{lists:#?}");
    lists
}

/// The CHECKs of the schema that list words, each behind the name of its table.
fn lists(connection: &mut Connection) -> Vec<String> {
    let mut found = if connection.is_postgres() {
        let all =
            "SELECT CAST(CAST(conrelid AS regclass) AS TEXT) || ': ' || pg_get_constraintdef(oid) FROM pg_constraint
             WHERE contype = 'c' AND conrelid <> 0 AND connamespace = CAST('public' AS regnamespace)";
        let mut checks = texts(connection, all);
        checks.retain(|check| check.contains("'::text"));
        checks
    } else {
        let tables = texts(connection, "SELECT name || ': ' || sql FROM sqlite_schema WHERE type = 'table'");
        tables.iter().flat_map(|table| checks_of(table)).filter(|check| check.contains('\'')).collect()
    };
    found.sort_unstable();
    found
}

/// The CHECKs of a table's declaration.
fn checks_of(table: &str) -> Vec<String> {
    let name = table.split(':').next().unwrap_or_default();
    table.split("CHECK ").skip(1).map(|rest| format!("{name}: {}", in_brackets(rest))).collect()
}

fn in_brackets(text: &str) -> &str {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' if depth == 1 => return &text[..=at],
            ')' => depth -= 1,
            _ => {}
        }
    }
    text
}

fn texts(connection: &mut Connection, sql: &str) -> Vec<String> {
    let rows = connection.query(&Statement::new(sql.to_owned()), &[Kind::Text]).expect("a list");
    let texts = rows.into_iter().flatten().filter_map(|value| match value {
        Value::Text(text) => text,
        Value::Int(_) | Value::Bytes(_) => None,
    });
    texts.collect()
}
