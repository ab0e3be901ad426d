//! A statement: SQL text with `?` for its values.
//!
//! diesel's `sql_query` and `update` are parsed and planned at every call. This fragment leaves out
//! the mark that forbids caching, so that diesel prepares each text once for each connection; for
//! that to hold, the text must not depend on the number of rows (arrays carry them on PostgreSQL).

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use diesel::backend::Backend;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::{Error as DieselError, QueryResult};
use diesel::sql_types::{Array, BigInt, Binary, Nullable, Text, Untyped};
use diesel::sqlite::Sqlite;

use crate::records::{Id, Timestamp, Value};

/// A value, or on PostgreSQL a column of values.
#[derive(Clone, Debug)]
pub enum Bind {
    /// Text or NULL.
    Text(Option<String>),
    /// An integer or NULL.
    Int(Option<i64>),
    /// Bytes or NULL.
    Bytes(Option<Vec<u8>>),
    /// A column of texts; PostgreSQL only.
    Texts(Vec<Option<String>>),
    /// A column of integers; PostgreSQL only.
    Ints(Vec<Option<i64>>),
    /// A column of bytes; PostgreSQL only.
    Blobs(Vec<Option<Vec<u8>>>),
}

/// SQL text, cut at the `?` that stand for its values: once, however often it is run.
#[derive(Clone, Debug)]
pub struct Sql(Arc<[Cow<'static, str>]>);

impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Self {
        Self(text.split('?').map(Cow::Borrowed).collect())
    }
}

impl From<String> for Sql {
    fn from(text: String) -> Self {
        Self(text.split('?').map(|piece| Cow::Owned(piece.to_owned())).collect())
    }
}

/// SQL text and its values.
#[derive(Clone, Debug)]
pub struct Statement {
    sql: Sql,
    binds: Vec<Bind>,
}

impl Statement {
    /// A statement; each `?` in it stands for the next value.
    pub fn new(sql: impl Into<Sql>) -> Self {
        Self { sql: sql.into(), binds: Vec::new() }
    }

    /// Adds the next value.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Bind>) -> Self {
        self.binds.push(value.into());
        self
    }

    /// Adds several values.
    #[must_use]
    pub fn binds(mut self, values: impl IntoIterator<Item = Bind>) -> Self {
        self.binds.extend(values);
        self
    }

    fn walk<'b, DB: Backend>(
        &'b self,
        out: &mut AstPass<'_, 'b, DB>,
        push: impl Fn(&mut AstPass<'_, 'b, DB>, &'b Bind) -> QueryResult<()>,
    ) -> QueryResult<()> {
        let Some((first, rest)) = self.sql.0.split_first() else { return Ok(()) };
        out.push_sql(first);
        for (piece, bind) in rest.iter().zip(&self.binds) {
            push(out, bind)?;
            out.push_sql(piece);
        }
        Ok(())
    }
}

/// Its text, without a value.
impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, piece) in self.sql.0.iter().enumerate() {
            f.write_str(if number > 0 { "?" } else { "" })?;
            f.write_str(piece)?;
        }
        Ok(())
    }
}

impl Query for Statement {
    type SqlType = Untyped;
}

impl QueryId for Statement {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for Statement {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.walk(&mut out, |out, bind| match bind {
            Bind::Text(value) => out.push_bind_param::<Nullable<Text>, _>(value),
            Bind::Int(value) => out.push_bind_param::<Nullable<BigInt>, _>(value),
            Bind::Bytes(value) => out.push_bind_param::<Nullable<Binary>, _>(value),
            Bind::Texts(values) => out.push_bind_param::<Array<Nullable<Text>>, _>(values),
            Bind::Ints(values) => out.push_bind_param::<Array<Nullable<BigInt>>, _>(values),
            Bind::Blobs(values) => out.push_bind_param::<Array<Nullable<Binary>>, _>(values),
        })
    }
}

impl QueryFragment<Sqlite> for Statement {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.walk(&mut out, |out, bind| match bind {
            Bind::Text(value) => out.push_bind_param::<Nullable<Text>, _>(value),
            Bind::Int(value) => out.push_bind_param::<Nullable<BigInt>, _>(value),
            Bind::Bytes(value) => out.push_bind_param::<Nullable<Binary>, _>(value),
            Bind::Texts(_) | Bind::Ints(_) | Bind::Blobs(_) => {
                Err(DieselError::QueryBuilderError("SQLite has no arrays".into()))
            }
        })
    }
}

impl<C> diesel::query_dsl::RunQueryDsl<C> for Statement {}

/// Rows as columns, for `unnest`.
pub fn columns<R: IntoIterator<Item = Bind>>(rows: Vec<R>) -> Vec<Bind> {
    let mut columns: Vec<Bind> = Vec::new();
    for row in rows {
        for (place, value) in row.into_iter().enumerate() {
            match (columns.get_mut(place), value) {
                (Some(Bind::Texts(texts)), Bind::Text(text)) => texts.push(text),
                (Some(Bind::Ints(numbers)), Bind::Int(number)) => numbers.push(number),
                (None, Bind::Text(text)) => columns.push(Bind::Texts(vec![text])),
                (None, Bind::Int(number)) => columns.push(Bind::Ints(vec![number])),
                _ => unreachable!("each column has one kind, a text or a number"),
            }
        }
    }
    columns
}

impl From<Value> for Bind {
    fn from(value: Value) -> Self {
        match value {
            Value::Text(text) => Bind::Text(text),
            Value::Int(number) => Bind::Int(number),
            Value::Bytes(bytes) => Bind::Bytes(bytes),
        }
    }
}

impl From<&str> for Bind {
    fn from(text: &str) -> Self {
        Bind::Text(Some(text.to_owned()))
    }
}

impl From<String> for Bind {
    fn from(text: String) -> Self {
        Bind::Text(Some(text))
    }
}

impl From<Id> for Bind {
    fn from(id: Id) -> Self {
        Bind::Text(Some(id.text()))
    }
}

impl From<i64> for Bind {
    fn from(number: i64) -> Self {
        Bind::Int(Some(number))
    }
}

impl From<Timestamp> for Bind {
    fn from(at: Timestamp) -> Self {
        Bind::Int(Some(at.ms()))
    }
}
