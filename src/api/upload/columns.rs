//! The columns of each kind of import, and how a line of fields becomes an object.

use serde_json::{Map, Value};

use crate::records::job::JobKind;
use crate::refusal::{Code, Rejection};

/// What the cells of a column hold. Empty cells are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Text.
    Text,
    /// A whole number, or `null`.
    Number,
    /// `true` or `false`.
    Flag,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name: that of the field.
    pub name: &'static str,
    /// What its cells hold.
    pub cell: Cell,
    /// Whether every file has it.
    pub required: bool,
}

use Cell::{Flag, Number, Text};

const fn needed(name: &'static str, cell: Cell) -> Column {
    Column { name, cell, required: true }
}

const fn also(name: &'static str, cell: Cell) -> Column {
    Column { name, cell, required: false }
}

const CUSTOMERS: &[Column] = &[
    needed("external_id", Text),
    also("email", Text),
    also("phone", Text),
    also("name", Text),
    also("first_name", Text),
    also("locale", Text),
];

const ORDERS: &[Column] = &[
    needed("order_id", Text),
    needed("occurred_at", Text),
    needed("amount", Number),
    also("currency", Text),
    also("shipping_amount", Number),
    also("kind", Text),
    also("customer", Text),
    also("email", Text),
    also("phone", Text),
    also("name", Text),
    also("locale", Text),
    also("cancelled", Flag),
];

const CODES: &[Column] = &[needed("code", Text), needed("customer", Text), also("program", Text)];

const VOUCHERS: &[Column] = &[
    needed("code", Text),
    needed("kind", Text),
    also("amount", Number),
    also("rate_bps", Number),
    also("max_amount", Number),
    also("currency", Text),
    also("max_redemptions", Number),
    also("per_customer", Number),
    also("min_order_amount", Number),
    also("customer", Text),
    also("valid_from", Text),
    also("valid_until", Text),
    also("legal_kind", Text),
    also("tax_kind", Text),
    also("reference", Text),
];

const REFERRALS: &[Column] = &[
    needed("created_at", Text),
    also("friend", Text),
    also("email", Text),
    also("phone", Text),
    also("name", Text),
    also("locale", Text),
    also("advocate", Text),
    also("code", Text),
    also("program", Text),
    also("converted", Flag),
];

/// The columns of a kind of import.
pub fn columns(kind: JobKind) -> &'static [Column] {
    match kind {
        JobKind::ImportCustomers => CUSTOMERS,
        JobKind::ImportOrders => ORDERS,
        JobKind::ImportCodes => CODES,
        JobKind::ImportVouchers => VOUCHERS,
        JobKind::ImportReferrals => REFERRALS,
        JobKind::Erasure => &[],
    }
}

/// The columns of a file, in its order.
pub struct Header(Vec<Column>);

impl Header {
    /// Reads the first line.
    pub fn read(fields: &[&[u8]], known: &[Column]) -> Result<Self, Rejection> {
        let mut columns: Vec<Column> = Vec::with_capacity(fields.len());
        for field in fields {
            let name = String::from_utf8_lossy(field).trim().to_owned();
            let Some(column) = known.iter().find(|column| column.name == name) else {
                let names: Vec<&str> = known.iter().map(|column| column.name).collect();
                let detail = format!("There is no column {name}; there are: {}.", names.join(", "));
                return Err(Rejection::at(Code::UnknownField, format!("/{name}"), detail));
            };
            if columns.iter().any(|other| other.name == name) {
                return Err(Rejection::field(format!("/{name}"), "the column is there twice"));
            }
            columns.push(*column);
        }
        let is_there = |name: &str| columns.iter().any(|column| column.name == name);
        match known.iter().find(|column| column.required && !is_there(column.name)) {
            Some(missing) => Err(Rejection::field(format!("/{}", missing.name), "this column is required")),
            None => Ok(Self(columns)),
        }
    }

    /// A line as a JSON object; `Err` says why it is none.
    pub fn object(&self, fields: &[&[u8]]) -> Result<Vec<u8>, String> {
        if fields.len() != self.0.len() {
            let (expected, given) = (self.0.len(), fields.len());
            return Err(format!("{expected} fields are expected, as in the first line; there are {given}."));
        }
        let mut object = Map::new();
        for (column, field) in self.0.iter().zip(fields) {
            let text = std::str::from_utf8(field).map_err(|_| format!("/{}: the text is not UTF-8.", column.name))?;
            let text = text.trim();
            if !text.is_empty() {
                object.insert(column.name.to_owned(), value(column.cell, text));
            }
        }
        serde_json::to_vec(&object).map_err(|error| format!("The line cannot be read: {error}."))
    }
}

/// What does not fit stays text, and is refused as what it is.
fn value(cell: Cell, text: &str) -> Value {
    match (cell, text) {
        (Number, "null") => Value::Null,
        (Number, _) => text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from),
        (Flag, "true") => Value::Bool(true),
        (Flag, "false") => Value::Bool(false),
        (Flag | Text, _) => Value::from(text),
    }
}
