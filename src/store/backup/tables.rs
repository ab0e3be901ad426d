//! Which tables there are, in what order they are filled, and what their columns are. The kinds of records follow from
//! their inventory; the tables of others are listed here, and a test compares both with the database's own list.

use crate::records::{Kind, RecordKind, Value};
use crate::store::writer::text;
use crate::store::{Connection, Statement, StoreError, StoreResult};

/// How far a table goes along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goes {
    /// Into files and other databases.
    Everywhere,
    /// Into other databases, and into no file: what is to die after a day must not live on in one.
    IntoDatabases,
    /// Not as rows: it belongs to processes that run, or is told in the head.
    Nowhere,
}

/// The tables of others than the engine's records.
pub const BESIDE: &[(&str, Goes)] = &[
    ("visits", Goes::Everywhere),
    ("arrivals", Goes::Everywhere),
    ("day_counts", Goes::Everywhere),
    ("day_visits", Goes::Everywhere),
    ("place_counts", Goes::Everywhere),
    ("place_visits", Goes::Everywhere),
    ("month_tallies", Goes::Everywhere),
    ("owed_days", Goes::Everywhere),
    ("advocate_counts", Goes::Everywhere),
    ("advocate_lines", Goes::Everywhere),
    ("import_lines", Goes::Everywhere),
    ("event_consumers", Goes::Everywhere),
    ("webhook_cursors", Goes::Everywhere),
    ("webhook_replays", Goes::Everywhere),
    ("visit_salts", Goes::IntoDatabases),
    ("visitor_hashes", Goes::IntoDatabases),
    ("engine_writers", Goes::Nowhere),
    ("installation", Goes::Nowhere),
    ("__diesel_schema_migrations", Goes::Nowhere),
];

/// Behind the others: what follows a shop's programs counts in the heads that are there by then.
const LAST: RecordKind = RecordKind::ShopHead;

/// What is left out where secrets are: a password's hash, at which one could guess. What is sealed stays: without the
/// secret nobody opens it.
const SECRETS: &[(&str, &str)] = &[("operators", "password_hash")];

/// Where rows go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A file.
    File,
    /// A file without secrets.
    FileWithoutSecrets,
    /// Another database.
    Database,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, those of its key first.
    pub columns: Vec<(String, Kind)>,
    /// How many columns its key has.
    pub keys: usize,
}

impl Table {
    /// The names of its columns, with commas.
    pub fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The kinds of its columns.
    pub fn kinds(&self) -> Vec<Kind> {
        self.columns.iter().map(|(_, kind)| *kind).collect()
    }

    /// The column that is emptied on the way to a destination.
    pub fn secret(&self, destination: Destination) -> Option<usize> {
        let (_, column) = SECRETS.iter().find(|(table, _)| *table == self.name)?;
        let place = self.columns.iter().position(|(name, _)| name == column)?;
        (destination == Destination::FileWithoutSecrets).then_some(place)
    }
}

/// The tables whose rows go to a destination, in the order in which they can be filled.
pub fn names(destination: Destination) -> Vec<&'static str> {
    let kinds = RecordKind::ALL.iter().copied().filter(|kind| !kind.is_view());
    let (last, mut first): (Vec<_>, Vec<_>) = kinds.partition(|kind| *kind == LAST);
    first.extend(last);
    let beside = BESIDE.iter().filter(|(_, goes)| match goes {
        Goes::Everywhere => true,
        Goes::IntoDatabases => destination == Destination::Database,
        Goes::Nowhere => false,
    });
    first.into_iter().map(RecordKind::table).chain(beside.map(|(table, _)| *table)).collect()
}

/// The tables with the columns that they have in a database.
pub fn of(connection: &mut Connection, destination: Destination) -> StoreResult<Vec<Table>> {
    names(destination).into_iter().map(|name| table(connection, name)).collect()
}

const SQLITE_COLUMNS: &str = "SELECT name, lower(type), nullif(pk, 0) FROM pragma_table_info(?)";
/// What a table is split by stands in its key there, and tells no row from another.
const POSTGRES_COLUMNS: &str = "
    SELECT CAST(a.attname AS TEXT), format_type(a.atttypid, NULL),
        CAST(CASE WHEN a.attnum = p.partattrs[0] THEN NULL ELSE array_position(CAST(i.indkey AS SMALLINT[]), a.attnum) END AS BIGINT)
    FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
        LEFT JOIN pg_partitioned_table p ON p.partrelid = a.attrelid
    WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped";

fn table(connection: &mut Connection, name: &'static str) -> StoreResult<Table> {
    let sql = if connection.is_postgres() { POSTGRES_COLUMNS } else { SQLITE_COLUMNS };
    let rows = connection.query(&Statement::new(sql).bind(name), &[Kind::Text, Kind::Text, Kind::Int])?;
    let mut columns = Vec::with_capacity(rows.len());
    for row in rows {
        let column = text(row.first()).unwrap_or_default();
        let kind = match text(row.get(1)).unwrap_or_default().as_str() {
            "text" => Kind::Text,
            "integer" | "bigint" => Kind::Int,
            "blob" | "bytea" => Kind::Bytes,
            other => return Err(StoreError::Failed(format!("{name}.{column} is {other}, which no backup knows"))),
        };
        let place = match row.get(2) {
            Some(Value::Int(Some(place))) => Some(*place),
            _ => None,
        };
        columns.push((place.is_none(), place, column, kind));
    }
    let keys = columns.iter().filter(|(is_no_key, ..)| !is_no_key).count();
    if keys == 0 {
        return Err(StoreError::Failed(format!("the table {name} is not there, or has no key")));
    }
    // The columns of the key in its order, the others by name: both databases have the same order then.
    columns.sort_unstable_by(|one, other| (one.0, one.1, &one.2).cmp(&(other.0, other.1, &other.2)));
    Ok(Table {
        name: name.to_owned(),
        columns: columns.into_iter().map(|(.., name, kind)| (name, kind)).collect(),
        keys,
    })
}

/// The tables that a database has itself, without views and the parts of tables.
pub fn present(connection: &mut Connection) -> StoreResult<Vec<String>> {
    let sql = if connection.is_postgres() {
        "SELECT CAST(relname AS TEXT) FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = CAST(current_schema() AS regnamespace) ORDER BY 1"
    } else {
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1"
    };
    let rows = connection.query(&Statement::new(sql), &[Kind::Text])?;
    Ok(rows.iter().filter_map(|row| text(row.first())).collect())
}

/// The first table that holds rows of somebody's; `None`: the database is as new.
pub fn occupied(connection: &mut Connection) -> StoreResult<Option<&'static str>> {
    let there = present(connection)?;
    for name in names(Destination::Database).into_iter().filter(|name| there.iter().any(|table| table == name)) {
        let any = Statement::new(format!("SELECT COUNT(*) FROM (SELECT 1 FROM {name} LIMIT 1) AS found"));
        if connection.number(&any)? != Some(0) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}
