//! Single records and lists of any kind.

use std::borrow::Cow;

use crate::records::{Id, Key, Kind, List, Record, Timestamp, Value, Values};
use crate::store::deadline::IN_TIME;
use crate::store::shelves::{in_place, place, select};
use crate::store::{Bind, Connection, Statement, StoreError, StoreResult};

/// Texts that are looked for with one statement.
const AT_ONCE: usize = 500;

/// Rows that are looked at for one page, where no index leads to those that fit: some ten milliseconds.
pub const LOOKED_AT: usize = 20_000;

/// Columns behind which an index stands beside those of second keys and lists, newest first, by table: what equals one
/// of them is found, and everything else is looked for among what was found.
const INDEXED: &[(&str, &[&str])] = &[
    ("audit_log", &["subject_id"]),
    ("claims", &["offer", "customer", "share", "advocate"]),
    ("codes", &["customer"]),
    ("conversions", &["customer", "advocate"]),
    ("customers", &["email"]),
    ("entries", &["customer"]),
    ("grants", &["customer", "status"]),
    ("holds", &["order_id", "cart_id", "customer"]),
    ("job_faults", &["job"]),
    ("members", &["segment", "customer"]),
    ("messages", &["customer"]),
    ("redemptions", &["order_id", "customer"]),
    ("refunds", &["refund_id"]),
    ("referrals", &["friend", "advocate"]),
    ("rewards", &["customer"]),
    ("shares", &["customer", "root", "parent"]),
    ("vouchers", &["customer", "batch", "event", "source_id"]),
];

/// What a list is narrowed to; column names come from code, never from a request.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    conditions: Vec<Condition>,
    ids: Option<Vec<Id>>,
}

/// One thing that holds of every row.
#[derive(Clone, Debug)]
struct Condition {
    /// The column, where it is one that an index may stand behind.
    column: Option<&'static str>,
    /// Whether the index stands behind the condition itself.
    is_indexed: bool,
    sql: Cow<'static, str>,
    binds: Vec<Bind>,
}

impl Filter {
    /// Everything of the shop.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only where a column equals a text, when one is given.
    #[must_use]
    pub fn equals(self, column: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.by(column, format!("{column} = ?"), [Bind::from(value.into())]),
            None => self,
        }
    }

    /// Only where the state is this one, when one is given. `usual` is the one that most records come to: all others have
    /// an index, which is taken where the statement says that it is another one.
    #[must_use]
    pub fn status(self, value: Option<&str>, usual: &'static str) -> Self {
        match value.filter(|value| *value != usual) {
            Some(value) => self.indexed(format!("status = ? AND status <> '{usual}'"), [value.into()]),
            None => self.equals("status", value),
        }
    }

    /// Only where a column is one of these, when some are given; none of them filters everything out.
    #[must_use]
    pub fn among(self, column: &'static str, ids: Option<Vec<Id>>) -> Self {
        match ids.as_deref() {
            None => self,
            Some([id]) => self.equals_id(column, Some(*id)),
            Some([]) => self.when("1 = 0", []),
            Some(ids) => {
                let places = vec!["?"; ids.len()].join(", ");
                self.by(column, format!("{column} IN ({places})"), ids.iter().map(|id| Bind::from(*id)))
            }
        }
    }

    /// Only these records, when some are named.
    #[must_use]
    pub fn ids(self, ids: Option<Vec<Id>>) -> Self {
        Self { ids, ..self }
    }

    /// Only where a column is empty.
    #[must_use]
    pub fn is_empty(self, column: &'static str) -> Self {
        self.when(format!("{column} IS NULL"), [])
    }

    /// Only where a yes or no is the one that is asked for, when one is.
    #[must_use]
    pub fn is(self, column: &'static str, value: Option<bool>) -> Self {
        match value {
            Some(value) => self.when(format!("{column} = ?"), [i64::from(value).into()]),
            None => self,
        }
    }

    /// Only where a condition of SQL holds; each `?` in it stands for the next value.
    #[must_use]
    pub fn when(self, sql: impl Into<Cow<'static, str>>, binds: impl IntoIterator<Item = Bind>) -> Self {
        self.with(None, false, sql.into(), binds.into_iter().collect())
    }

    /// The same for one by which there is an index of its own, newest first.
    #[must_use]
    pub fn indexed(self, sql: impl Into<Cow<'static, str>>, binds: impl IntoIterator<Item = Bind>) -> Self {
        self.with(None, true, sql.into(), binds.into_iter().collect())
    }

    /// The same for a column.
    fn by(self, column: &'static str, sql: String, binds: impl IntoIterator<Item = Bind>) -> Self {
        self.with(Some(column), false, sql.into(), binds.into_iter().collect())
    }

    fn with(
        mut self,
        column: Option<&'static str>,
        is_indexed: bool,
        sql: Cow<'static, str>,
        binds: Vec<Bind>,
    ) -> Self {
        self.conditions.push(Condition { column, is_indexed, sql, binds });
        self
    }

    /// Only where a column names a record, when one is given.
    #[must_use]
    pub fn equals_id(self, column: &'static str, id: Option<Id>) -> Self {
        self.equals(column, id.map(|id| id.to_string()))
    }
}

/// Which part of a list.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// Rows at most.
    pub limit: usize,
    /// Only what stands behind this one.
    pub after: Option<(Timestamp, Id)>,
    /// Only from here.
    pub created_from: Option<Timestamp>,
    /// Only until here (first instant too late).
    pub created_to: Option<Timestamp>,
}

/// A part of a list, and whether there is more.
#[derive(Debug)]
pub struct Listed<R> {
    /// The rows, newest first.
    pub rows: Vec<R>,
    /// When the last of them was made, and its id: where the next part begins.
    pub last: Option<(Timestamp, Id)>,
    /// Whether more stand behind them.
    pub more: bool,
}

/// The record of an id.
pub fn get<R: Record>(connection: &mut Connection, shop: Id, id: Id) -> StoreResult<Option<R>> {
    let statement = Statement::new(format!("{} WHERE id = ? AND shop = ?", select::<R>())).bind(id).bind(shop);
    Ok(read(connection, &statement)?.pop())
}

/// A record that another names, and that is therefore there.
pub fn named<R: Record>(connection: &mut Connection, shop: Id, id: Id) -> StoreResult<R> {
    get(connection, shop, id)?.ok_or_else(|| StoreError::Failed(format!("{id} is not in {}", R::TABLE)))
}

/// The record with a second key.
pub fn find<R: Record>(connection: &mut Connection, shop: Id, key: &Key<R>, text: &str) -> StoreResult<Option<R>> {
    let sql = format!("{} WHERE {} = ?", select::<R>(), place(R::KEYS[key.0]));
    Ok(read(connection, &Statement::new(sql).bind(in_place(shop, text)))?.pop())
}

/// The records of several ids, in the order of these, read a few hundred at a time.
pub fn get_all<R: Record>(connection: &mut Connection, shop: Id, ids: &[Id]) -> StoreResult<Vec<R>> {
    let wanted: Vec<String> = ids.iter().map(Id::to_string).collect();
    let found: Vec<R> = read_among(connection, "id", &wanted)?;
    Ok(found.into_iter().filter(|record| record.shop() == shop).collect())
}

/// The records of a parent, in the order in which they were made.
pub fn children<R: Record>(connection: &mut Connection, shop: Id, list: &List<R>, parent: Id) -> StoreResult<Vec<R>> {
    children_of(connection, shop, list, &[parent])
}

/// The records of several parents, in the order in which they were made; read a few hundred parents at a time.
pub fn children_of<R: Record>(
    connection: &mut Connection,
    shop: Id,
    list: &List<R>,
    parents: &[Id],
) -> StoreResult<Vec<R>> {
    let places: Vec<String> = parents.iter().map(|parent| in_place(shop, &parent.to_string())).collect();
    let mut found: Vec<R> = read_among(connection, &place(R::LISTS[list.0]), &places)?;
    found.sort_by_key(Record::id);
    Ok(found)
}

/// The records in whose column stands one of these texts.
fn read_among<R: Record>(connection: &mut Connection, column: &str, texts: &[String]) -> StoreResult<Vec<R>> {
    let mut found = Vec::new();
    for some in texts.chunks(AT_ONCE) {
        let statement = if connection.is_postgres() {
            let sql = format!("{} WHERE {column} = ANY(?)", select::<R>());
            Statement::new(sql).bind(Bind::Texts(some.iter().cloned().map(Some).collect()))
        } else {
            let places = vec!["?"; some.len()].join(", ");
            let sql = format!("{} WHERE {column} IN ({places})", select::<R>());
            Statement::new(sql).binds(some.iter().map(|text| Bind::from(text.as_str())))
        };
        found.extend(read(connection, &statement)?);
    }
    Ok(found)
}

/// A part of the list of a kind, newest first. Where few rows fit that no index leads to, it has fewer than were asked
/// for, or none, and says all the same that there may be more.
pub fn list<R: Record>(connection: &mut Connection, shop: Id, filter: &Filter, part: &Part) -> StoreResult<Listed<R>> {
    list_among(connection, shop, filter, part, LOOKED_AT)
}

/// The same of so many rows that are looked at.
pub fn list_among<R: Record>(
    connection: &mut Connection,
    shop: Id,
    filter: &Filter,
    part: &Part,
    looked_at: usize,
) -> StoreResult<Listed<R>> {
    let Found { sql: found, binds, is_all } = found::<R>(shop, filter, part, connection.is_postgres());
    let newest = "ORDER BY created_at DESC, id DESC";
    let mut end: Option<(Timestamp, Id)> = None;
    let (mut sql, mut values) = (found.clone(), binds.clone());
    if !is_all {
        let (others, of_others) = others::<R>(filter);
        sql.push_str(&format!(" AND {others}"));
        values.extend(of_others);
        let skipped = i64::try_from(looked_at).unwrap_or(i64::MAX).saturating_sub(1);
        let last = Statement::new(format!("SELECT created_at, id {found} {newest} LIMIT 1 OFFSET ?"));
        for row in connection.query(&last.binds(binds).bind(skipped), &[Kind::Int, Kind::Text])? {
            let mut row = Values::new(row);
            end = Some((row.column()?, row.column()?));
        }
    }
    if let Some((at, id)) = end {
        sql.push_str(" AND (created_at, id) >= (?, ?)");
        values.extend([at.into(), id.into()]);
    }
    let columns: Vec<&str> = R::COLUMNS.iter().map(|(name, _)| *name).collect();
    let limit = i64::try_from(part.limit + 1).unwrap_or(i64::MAX);
    let statement = Statement::new(format!("SELECT {} {sql} {newest} LIMIT ?", columns.join(", ")));
    let mut rows: Vec<R> = read(connection, &statement.binds(values).bind(limit))?;
    let more = rows.len() > part.limit;
    rows.truncate(part.limit);
    let last = rows.last().and_then(|row| Some((created_at(row)?, row.id())));
    // Where no more of them fit than were asked for, the next part begins behind all that was looked at.
    Ok(match end.filter(|_| !more) {
        Some(end) => Listed { rows, last: Some(end), more: true },
        None => Listed { rows, last, more },
    })
}

/// What an index leads to.
struct Found {
    /// From the table's name on, without an order.
    sql: String,
    binds: Vec<Bind>,
    /// Whether that is all that was asked for.
    is_all: bool,
}

fn found<R: Record>(shop: Id, filter: &Filter, part: &Part, postgres: bool) -> Found {
    let mut sql = format!("FROM {} WHERE shop = ?", R::TABLE);
    let mut binds: Vec<Bind> = vec![shop.into()];
    if let Some(ids) = &filter.ids {
        // The few that are named are found by their ids: SQLite must not go through the shop for the sake of the order.
        let places = vec!["?"; ids.len()].join(", ");
        let own = if postgres { "shop" } else { "+shop" };
        sql = format!("FROM {} WHERE {own} = ? AND id IN ({places})", R::TABLE);
        binds.extend(ids.iter().map(|id| Bind::from(*id)));
    }
    let mut is_all = true;
    for condition in &filter.conditions {
        if !is_indexed::<R>(condition) {
            is_all = false;
            continue;
        }
        match (condition.column.filter(|column| has_place::<R>(column)), condition.binds.as_slice()) {
            (Some(column), [Bind::Text(Some(text))]) => {
                sql.push_str(&format!(" AND {} = ?", place(column)));
                binds.push(in_place(shop, text).into());
            }
            _ => {
                sql.push_str(&format!(" AND {}", condition.sql));
                binds.extend(condition.binds.iter().cloned());
            }
        }
    }
    if let Some(from) = part.created_from {
        sql.push_str(" AND created_at >= ?");
        binds.push(from.into());
    }
    if let Some(to) = part.created_to {
        sql.push_str(" AND created_at < ?");
        binds.push(to.into());
    }
    if let Some((at, id)) = part.after {
        sql.push_str(" AND (created_at, id) < (?, ?)");
        binds.push(at.into());
        binds.push(id.into());
    }
    if !postgres {
        sql.push_str(&format!(" AND {IN_TIME}"));
    }
    Found { sql, binds, is_all }
}

/// What no index leads to.
fn others<R: Record>(filter: &Filter) -> (String, Vec<Bind>) {
    let others: Vec<_> = filter.conditions.iter().filter(|condition| !is_indexed::<R>(condition)).collect();
    let sql: Vec<&str> = others.iter().map(|condition| condition.sql.as_ref()).collect();
    (sql.join(" AND "), others.iter().flat_map(|condition| condition.binds.iter().cloned()).collect())
}

fn is_indexed<R: Record>(condition: &Condition) -> bool {
    let of_table = INDEXED.iter().find(|(table, _)| *table == R::TABLE).map_or(&[][..], |(_, columns)| columns);
    let by_column = |column: &str| column == "id" || of_table.contains(&column) || has_place::<R>(column);
    condition.is_indexed || condition.column.is_some_and(by_column)
}

fn has_place<R: Record>(column: &str) -> bool {
    R::KEYS.contains(&column) || R::LISTS.contains(&column)
}

/// When a record was made, by which lists are ordered.
fn created_at<R: Record>(record: &R) -> Option<Timestamp> {
    let column = R::COLUMNS.iter().position(|(name, _)| *name == "created_at")?;
    match record.values().get(column) {
        Some(Value::Int(Some(ms))) => Some(Timestamp::from_ms(*ms)),
        _ => None,
    }
}

/// Reads rows of a kind.
pub fn read<R: Record>(connection: &mut Connection, statement: &Statement) -> StoreResult<Vec<R>> {
    let kinds: Vec<Kind> = R::COLUMNS.iter().map(|(_, kind)| *kind).collect();
    let rows = connection.query(statement, &kinds)?;
    rows.into_iter().map(|row| Ok(R::from_values(&mut Values::new(row))?)).collect()
}
