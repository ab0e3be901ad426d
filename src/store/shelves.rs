//! Loads and saves record kinds, several rows at a time, from their declaration alone.
//!
//! New records are inserted, and refused by their keys where somebody else was faster. Changed ones are saved by an insert
//! that becomes an update of exactly the version that was read: fewer rows touched than sent means that somebody else
//! was faster. Nothing of the batch is then kept.

use std::collections::HashMap;
use std::rc::Rc;

use super::Connection;
use super::error::{StoreError, StoreResult};
use super::owed::rows as owed_days;
use super::statement::{self, Bind, Sql, Statement};
use super::{advocate_counts, day_counts, month_tallies};
use crate::records::{Id, Kind, Record, ShopHead, Value, Values};
use crate::world::{Counted, PAGE, STEPS, Shelf, Visitor, Wanted, World};

/// SQL texts by table and purpose, made once for each connection.
#[derive(Default)]
pub struct Texts {
    single: HashMap<(&'static str, &'static str), Sql>,
    together: HashMap<Vec<(&'static str, bool)>, Sql>,
}

/// Sets of tables that are saved with one statement; those that come later are saved with one for each table, so that
/// no connection keeps plans without end.
const SETS: usize = 128;

impl Texts {
    fn get(&mut self, table: &'static str, purpose: &'static str, make: impl FnOnce() -> String) -> Sql {
        self.single.entry((table, purpose)).or_insert_with(|| make().into()).clone()
    }

    /// A text for several tables at once, of each for new or for changed rows; `None`: there are too many sets of them.
    fn get_together(&mut self, tables: Vec<(&'static str, bool)>, make: impl FnOnce() -> String) -> Option<Sql> {
        if self.together.len() >= SETS && !self.together.contains_key(&tables) {
            return None;
        }
        Some(self.together.entry(tables).or_insert_with(|| make().into()).clone())
    }
}

/// Loads what a world wants, and what that leads to; answers whether it wanted anything.
pub fn load(connection: &mut Connection, texts: &mut Texts, world: &mut World) -> StoreResult<bool> {
    for step in 0..STEPS {
        let mut loader = Loader { connection, texts, loaded: false };
        world.each(&mut loader)?;
        if !loader.loaded {
            return Ok(step > 0);
        }
        world.follow();
    }
    Ok(true)
}

/// The head of a shop, and how often its settings were changed.
pub struct Head {
    /// The head.
    pub head: ShopHead,
    /// The number of the last change of its settings and programs.
    pub settings: i64,
}

/// The heads of shops, in the order of their ids. `suffix` says how they are locked; PostgreSQL only.
pub fn heads(
    connection: &mut Connection,
    texts: &mut Texts,
    shops: &[Id],
    suffix: &'static str,
) -> StoreResult<Vec<Head>> {
    let mut ids: Vec<String> = shops.iter().map(Id::to_string).collect();
    ids.sort_unstable();
    let columns: Vec<&str> = ShopHead::COLUMNS.iter().map(|(name, _)| *name).chain(["settings"]).collect();
    let kinds: Vec<Kind> = ShopHead::COLUMNS.iter().map(|(_, kind)| *kind).chain([Kind::Int]).collect();
    let postgres = connection.is_postgres();
    let end = if postgres { format!("= ANY(?) ORDER BY id{suffix}") } else { "= ?".to_owned() };
    let make = || format!("SELECT {} FROM {} WHERE id {end}", columns.join(", "), ShopHead::TABLE);
    let sql = texts.get(ShopHead::TABLE, suffix, make);
    let rows = if postgres {
        connection.query(&Statement::new(sql).bind(Bind::Texts(ids.into_iter().map(Some).collect())), &kinds)?
    } else {
        let mut rows = Vec::new();
        for id in ids {
            rows.extend(connection.query(&Statement::new(sql.clone()).bind(id), &kinds)?);
        }
        rows
    };
    let read = |row| {
        let mut values = Values::new(row);
        Ok(Head { head: ShopHead::from_values(&mut values)?, settings: values.column()? })
    };
    rows.into_iter().map(read).collect()
}

/// Loads what every shelf wants. `loaded` tells whether anything was wanted at all.
struct Loader<'c> {
    connection: &'c mut Connection,
    texts: &'c mut Texts,
    loaded: bool,
}

impl Loader<'_> {
    fn load<R: Record>(&mut self, wanted: &Wanted) -> StoreResult<Vec<R>> {
        let mut found = Vec::new();
        let ids: Vec<_> = wanted.ids.iter().map(|(shop, id)| (*shop, id.text())).collect();
        self.load_by::<R>("id", &ids, &mut found)?;
        found.retain(|record| wanted.ids.binary_search(&(record.shop(), record.id())).is_ok());
        for (column, places) in R::KEYS.iter().zip(&wanted.keys) {
            self.load_by::<R>(column, places, &mut found)?;
        }
        for (column, parents) in R::LISTS.iter().zip(&wanted.lists) {
            let places: Vec<_> = parents.iter().map(|(shop, id)| (*shop, id.text())).collect();
            self.load_by::<R>(column, &places, &mut found)?;
        }
        Ok(found)
    }

    fn load_by<R: Record>(
        &mut self,
        column: &'static str,
        places: &[(Id, String)],
        found: &mut Vec<R>,
    ) -> StoreResult<()> {
        if places.is_empty() {
            return Ok(());
        }
        let kinds: Vec<Kind> = R::COLUMNS.iter().map(|(_, kind)| *kind).collect();
        let postgres = self.connection.is_postgres();
        let sql = self.texts.get(R::TABLE, column, || load_sql::<R>(column, postgres));
        let binds = places.iter().map(|(shop, key)| bind_of(column, *shop, key));
        if postgres {
            return self.read(&Statement::new(sql).bind(Bind::Texts(binds.map(Some).collect())), &kinds, found);
        }
        for bind in binds {
            self.read(&Statement::new(sql.clone()).bind(bind), &kinds, found)?;
        }
        Ok(())
    }

    /// A page of a parent's records, soonest first.
    fn load_page<R: Record>(&mut self, shop: Id, parent: Id, page: usize) -> StoreResult<Vec<R>> {
        let mut found = Vec::new();
        let Some(order) = R::SOONEST else { return Ok(found) };
        let kinds: Vec<Kind> = R::COLUMNS.iter().map(|(_, kind)| *kind).collect();
        let sql = self.texts.get(R::TABLE, "soonest", || page_sql::<R>(order));
        let skipped = i64::try_from(page * PAGE).unwrap_or(i64::MAX);
        let statement = Statement::new(sql).bind(in_place(shop, &parent.to_string())).bind(skipped);
        self.read(&statement, &kinds, &mut found)?;
        Ok(found)
    }

    fn read<R: Record>(&mut self, statement: &Statement, kinds: &[Kind], found: &mut Vec<R>) -> StoreResult<()> {
        for row in self.connection.query(statement, kinds)? {
            found.push(R::from_values(&mut Values::new(row))?);
        }
        Ok(())
    }
}

/// How records of a kind are loaded by a column. Each way has one index that can serve it, so that
/// no planner can choose another, whatever it knows of the tables.
pub fn load_sql<R: Record>(column: &str, postgres: bool) -> String {
    let place = match column {
        "id" | "shop" => column.to_owned(),
        _ => place(column),
    };
    format!("{} WHERE {place} = {}", select::<R>(), if postgres { "ANY(?)" } else { "?" })
}

/// How a page of a parent's records is loaded, soonest first.
pub fn page_sql<R: Record>(order: &str) -> String {
    let place = place(R::LISTS[0]);
    format!("{} WHERE {place} = ? ORDER BY {order}, id LIMIT {PAGE} OFFSET ?", select::<R>())
}

fn bind_of(column: &str, shop: Id, key: &str) -> String {
    if matches!(column, "id" | "shop") { key.to_owned() } else { in_place(shop, key) }
}

/// A second key or a parent together with its shop: the expression that its index is made of.
pub fn place(column: &str) -> String {
    format!("(shop || '/' || {column})")
}

/// What stands in such a place.
pub fn in_place(shop: Id, key: &str) -> String {
    format!("{shop}/{key}")
}

/// `SELECT` of every column of a kind, up to the table's name.
pub fn select<R: Record>() -> String {
    let columns: Vec<&str> = R::COLUMNS.iter().map(|(name, _)| *name).collect();
    format!("SELECT {} FROM {}", columns.join(", "), R::TABLE)
}

impl Visitor for Loader<'_> {
    type Error = StoreError;

    fn visit<R: Record>(&mut self, shelf: &mut Shelf<R>) -> StoreResult<()> {
        let wanted = shelf.take_wanted();
        if wanted.is_empty() {
            return Ok(());
        }
        self.loaded = true;
        let found = self.load::<R>(&wanted)?;
        shelf.fill(&wanted, found);
        shelf.complete_lists(&wanted);
        for (shop, parent, page) in wanted.soonest {
            let found = self.load_page::<R>(shop, parent, page)?;
            shelf.fill_page(shop, parent, found);
        }
        Ok(())
    }
}

/// New rows that SQLite takes with one statement.
const ROWS: usize = 8;

/// Saves what every shelf has new and changed.
pub struct Saver<'c> {
    connection: &'c mut Connection,
    texts: &'c mut Texts,
    /// On PostgreSQL, what is saved together at the end: each statement is a way there and back.
    parts: Vec<Part>,
}

/// New or changed rows of one table, to be saved.
struct Part {
    table: &'static str,
    is_new: bool,
    save: fn(bool) -> String,
    binds: Vec<Bind>,
    rows: usize,
}

/// Saves what a world has new and changed.
pub fn save(connection: &mut Connection, texts: &mut Texts, world: &mut World) -> StoreResult<()> {
    let (counted, owed) = (world.count(), owed_days::rows(world.add_up_owed()));
    let mut saver = Saver { connection, texts, parts: Vec::new() };
    world.each(&mut saver)?;
    saver.count(&counted)?;
    saver.add_to(owed_days::TABLE, owed_days::add_sql, owed)?;
    saver.finish()
}

impl Saver<'_> {
    /// Saves what was put aside, with one statement where there is more than one table.
    fn finish(self) -> StoreResult<()> {
        let Self { connection, texts, parts } = self;
        let tables: Vec<_> = parts.iter().map(|part| (part.table, part.is_new)).collect();
        let together = match parts.len() {
            0 | 1 => None,
            _ => texts.get_together(tables, || together_sql(&parts)),
        };
        let Some(sql) = together else {
            return parts.into_iter().try_for_each(|part| {
                let purpose = if part.is_new { "insert" } else { "save" };
                let sql = texts.get(part.table, purpose, || (part.save)(true));
                let saved = connection.execute(&Statement::new(sql).binds(part.binds))?;
                all_saved(part.table, saved, part.rows)
            });
        };
        let kinds = vec![Kind::Int; parts.len()];
        let rows: Vec<(&'static str, usize)> = parts.iter().map(|part| (part.table, part.rows)).collect();
        let binds = parts.into_iter().flat_map(|part| part.binds);
        let counts = connection.query(&Statement::new(sql).binds(binds), &kinds)?;
        let counts = counts.into_iter().next().unwrap_or_default();
        rows.into_iter().zip(counts).try_for_each(|((table, rows), saved)| match saved {
            Value::Int(Some(saved)) => all_saved(table, usize::try_from(saved).unwrap_or(0), rows),
            _ => all_saved(table, 0, rows),
        })
    }

    /// What the records add to the counters.
    fn count(&mut self, Counted { days, months, advocates }: &Counted) -> StoreResult<()> {
        for table in day_counts::Table::ALL {
            self.add_to(table.name(), table.adding(), table.rows(days))?;
        }
        self.add_to(month_tallies::TABLE, month_tallies::add_sql, month_tallies::rows(months))?;
        self.add_to(advocate_counts::LINES, advocate_counts::note_sql, advocate_counts::rows(advocates))
    }

    /// Adds rows to a table of counters.
    fn add_to(&mut self, table: &'static str, save: fn(bool) -> String, rows: Vec<Vec<Bind>>) -> StoreResult<()> {
        if rows.is_empty() {
            return Ok(());
        }
        if self.connection.is_postgres() {
            let many = rows.len();
            self.parts.push(Part { table, is_new: false, save, binds: statement::columns(rows), rows: many });
            return Ok(());
        }
        let sql = self.texts.get(table, "add", || save(false));
        for row in rows {
            self.connection.execute(&Statement::new(sql.clone()).binds(row))?;
        }
        Ok(())
    }

    /// Rows that are saved together at the end; PostgreSQL only.
    fn put_aside<R: Record>(&mut self, records: &[&Rc<R>], is_new: bool, save: fn(bool) -> String) {
        if !records.is_empty() {
            let (binds, rows) = (columns(records), records.len());
            self.parts.push(Part { table: R::TABLE, is_new, save, binds, rows });
        }
    }

    /// New rows, several with each statement; SQLite only, where nobody else can have made them meanwhile.
    fn insert_rows<R: Record>(&mut self, records: &[&Rc<R>]) -> StoreResult<()> {
        let (many, rest) = records.as_chunks::<ROWS>();
        for (purpose, rows) in
            many.iter().map(|rows| ("insert many", &rows[..])).chain(rest.chunks(1).map(|row| ("insert", row)))
        {
            let sql = self.texts.get(R::TABLE, purpose, || insert_sql::<R>(rows.len()));
            let binds = rows.iter().flat_map(|record| row::<R>(record)).map(Bind::from);
            self.connection.execute(&Statement::new(sql).binds(binds))?;
        }
        Ok(())
    }

    /// Removes records that nothing holds any more. One of this very batch was never there.
    fn remove<R: Record>(&mut self, gone: &[Rc<R>]) -> StoreResult<()> {
        let sql = format!("DELETE FROM {} WHERE id = ? AND shop = ? AND version = ?", R::TABLE);
        for record in gone.iter().filter(|record| record.version() > 1) {
            let statement = Statement::new(sql.clone()).bind(record.id()).bind(record.shop());
            if self.connection.execute(&statement.bind(record.version() - 1))? == 0 {
                return Err(StoreError::Conflict(format!("{}: {} was no longer as read", R::TABLE, record.id())));
            }
        }
        Ok(())
    }
}

impl Visitor for Saver<'_> {
    type Error = StoreError;

    fn visit<R: Record>(&mut self, shelf: &mut Shelf<R>) -> StoreResult<()> {
        let (gone, records): (Vec<_>, Vec<_>) = shelf.unsaved().into_iter().partition(|record| record.is_gone());
        self.remove::<R>(&gone)?;
        if records.is_empty() {
            return Ok(());
        }
        let postgres = self.connection.is_postgres();
        let (new, changed): (Vec<_>, Vec<_>) = records.iter().partition(|record| record.version() <= 1);
        if postgres {
            // What a changed one gave up, a new one may have taken. New rows need not be looked for: one that is there is
            // refused by its key.
            self.put_aside(&changed, false, save_sql::<R>);
            self.put_aside(&new, true, insert_all_sql::<R>);
            return Ok(());
        }
        let sql = self.texts.get(R::TABLE, "save", || save_sql::<R>(postgres));
        let mut saved = new.len();
        for record in changed {
            let binds = row::<R>(record).into_iter().map(Bind::from);
            saved += self.connection.execute(&Statement::new(sql.clone()).binds(binds))?;
        }
        // What a changed one gave up, a new one may have taken.
        self.insert_rows::<R>(&new)?;
        all_saved(R::TABLE, saved, records.len())
    }
}

fn all_saved(table: &str, saved: usize, rows: usize) -> StoreResult<()> {
    if saved == rows {
        return Ok(());
    }
    Err(StoreError::Conflict(format!("{table}: {saved} of {rows} rows were still as read")))
}

/// The columns that are written: all but the version of what is never changed.
fn written<R: Record>() -> &'static [(&'static str, Kind)] {
    if R::APPEND_ONLY { &R::COLUMNS[..R::COLUMNS.len() - 1] } else { R::COLUMNS }
}

fn row<R: Record>(record: &R) -> Vec<Value> {
    let mut values = record.values();
    values.truncate(written::<R>().len());
    values
}

/// Rows as columns, for `unnest`.
fn columns<R: Record>(records: &[&Rc<R>]) -> Vec<Bind> {
    let mut columns: Vec<Bind> = written::<R>()
        .iter()
        .map(|(_, kind)| match kind {
            Kind::Text => Bind::Texts(Vec::with_capacity(records.len())),
            Kind::Int => Bind::Ints(Vec::with_capacity(records.len())),
            Kind::Bytes => Bind::Blobs(Vec::with_capacity(records.len())),
        })
        .collect();
    for record in records {
        for (column, value) in columns.iter_mut().zip(row::<R>(record)) {
            match (column, value) {
                (Bind::Texts(texts), Value::Text(text)) => texts.push(text),
                (Bind::Ints(numbers), Value::Int(number)) => numbers.push(number),
                (Bind::Blobs(blobs), Value::Bytes(bytes)) => blobs.push(bytes),
                _ => unreachable!("a column's kind is declared once, for its field and its values"),
            }
        }
    }
    columns
}

/// One statement for several tables; answers how many rows of each were touched.
fn together_sql(parts: &[Part]) -> String {
    let inserts: Vec<String> = parts
        .iter()
        .enumerate()
        .map(|(number, part)| format!("s{number} AS ({} RETURNING 1)", (part.save)(true)))
        .collect();
    let counts: Vec<String> = (0..parts.len()).map(|number| format!("(SELECT COUNT(*) FROM s{number})")).collect();
    format!("WITH {} SELECT {}", inserts.join(", "), counts.join(", "))
}

fn insert_sql<R: Record>(rows: usize) -> String {
    let names: Vec<&str> = written::<R>().iter().map(|(name, _)| *name).collect();
    let marks = format!("({})", vec!["?"; names.len()].join(", "));
    format!("INSERT INTO {} ({}) VALUES {}", R::TABLE, names.join(", "), vec![marks; rows].join(", "))
}

/// New rows, as columns on PostgreSQL.
fn insert_all_sql<R: Record>(postgres: bool) -> String {
    let names: Vec<&str> = written::<R>().iter().map(|(name, _)| *name).collect();
    let marks = vec!["?"; names.len()].join(", ");
    let source = if postgres { format!("SELECT * FROM unnest({marks})") } else { format!("VALUES ({marks})") };
    format!("INSERT INTO {} ({}) {source}", R::TABLE, names.join(", "))
}

fn save_sql<R: Record>(postgres: bool) -> String {
    let names: Vec<&str> = written::<R>().iter().map(|(name, _)| *name).collect();
    let insert = insert_all_sql::<R>(postgres);
    if R::APPEND_ONLY {
        return insert;
    }
    let sets: Vec<String> = names
        .iter()
        .filter(|name| !matches!(**name, "id" | "shop"))
        .map(|name| format!("{name} = excluded.{name}"))
        .collect();
    format!(
        "{insert} ON CONFLICT (id) DO UPDATE SET {} WHERE {table}.version = excluded.version - 1 AND {table}.shop = excluded.shop",
        sets.join(", "),
        table = R::TABLE
    )
}
