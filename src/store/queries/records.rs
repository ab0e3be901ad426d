//! Single records and lists of any kind.

use std::borrow::Cow;

use crate::records::{Id, Key, Kind, List, Record, Timestamp, Value, Values};
use crate::store::deadline::IN_TIME;
use crate::store::shelves::{in_place, place, select};
use crate::store::{Bind, Connection, Statement, StoreError, StoreResult};

/// Texts that are looked for with one statement.
const AT_ONCE: usize = 500;

/// What a list is narrowed to; column names come from code, never from a request.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    conditions: Vec<(&'static str, String)>,
    empty: Vec<&'static str>,
    others: Vec<(Cow<'static, str>, Vec<Bind>)>,
}

impl Filter {
    /// Everything of the shop.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only where a column equals a text, when one is given.
    #[must_use]
    pub fn equals(mut self, column: &'static str, value: Option<impl Into<String>>) -> Self {
        if let Some(value) = value {
            self.conditions.push((column, value.into()));
        }
        self
    }

    /// Only where the state is this one, when one is given. `usual` is the one that most records come to: all others have
    /// an index, which is taken where the statement says that it is another one.
    #[must_use]
    pub fn status(self, value: Option<&str>, usual: &'static str) -> Self {
        match value.filter(|value| *value != usual) {
            Some(_) => self.equals("status", value).when(format!("status <> '{usual}'"), []),
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
                self.when(format!("{column} IN ({places})"), ids.iter().map(|id| Bind::from(*id)))
            }
        }
    }

    /// Only where a column is empty.
    #[must_use]
    pub fn is_empty(mut self, column: &'static str) -> Self {
        self.empty.push(column);
        self
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
    pub fn when(mut self, sql: impl Into<Cow<'static, str>>, binds: impl IntoIterator<Item = Bind>) -> Self {
        self.others.push((sql.into(), binds.into_iter().collect()));
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

/// A part of the list of a kind, newest first.
pub fn list<R: Record>(connection: &mut Connection, shop: Id, filter: &Filter, part: &Part) -> StoreResult<Listed<R>> {
    let mut sql = format!("{} WHERE shop = ?", select::<R>());
    let mut binds: Vec<Bind> = vec![shop.into()];
    for (column, text) in &filter.conditions {
        let has_place = R::KEYS.contains(column) || R::LISTS.contains(column);
        let (sought, text) =
            if has_place { (place(column), in_place(shop, text)) } else { ((*column).to_owned(), text.clone()) };
        sql.push_str(&format!(" AND {sought} = ?"));
        binds.push(text.into());
    }
    for column in &filter.empty {
        sql.push_str(&format!(" AND {column} IS NULL"));
    }
    for (condition, values) in &filter.others {
        sql.push_str(&format!(" AND {condition}"));
        binds.extend(values.iter().cloned());
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
    if !connection.is_postgres() {
        // However few of many rows fit.
        sql.push_str(&format!(" AND {IN_TIME}"));
    }
    sql.push_str(" ORDER BY created_at DESC, id DESC LIMIT ?");
    binds.push(i64::try_from(part.limit + 1).unwrap_or(i64::MAX).into());
    let mut rows: Vec<R> = read(connection, &Statement::new(sql).binds(binds))?;
    let more = rows.len() > part.limit;
    rows.truncate(part.limit);
    let last = rows.last().and_then(|row| Some((created_at(row)?, row.id())));
    Ok(Listed { rows, last, more })
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
