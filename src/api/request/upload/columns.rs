//! The columns of each kind of import, and how a line of fields becomes an object.

use serde_json::{Map, Value};

use crate::api::answer::formula::unquoted;
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
    /// JSON.
    Json,
    /// What our own list shows and an import does not take.
    Shown,
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

use Cell::{Flag, Json, Number, Shown, Text};

const fn needed(name: &'static str, cell: Cell) -> Column {
    Column { name, cell, required: true }
}

const fn also(name: &'static str, cell: Cell) -> Column {
    Column { name, cell, required: false }
}

const CUSTOMERS: &[Column] = &[
    needed("external_id", Text),
    also("email", Text),
    also("email_verified", Flag),
    also("phone", Text),
    also("phone_verified", Flag),
    also("name", Text),
    also("first_name", Text),
    also("locale", Text),
    also("attributes", Json),
    also("consents", Json),
    also("id", Shown),
    also("merged_into", Shown),
    also("created_at", Shown),
    also("updated_at", Shown),
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
    also("items", Json),
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
    also("applies_to", Json),
    also("with_shop_discounts", Flag),
    also("stacking", Json),
    also("legal_kind", Text),
    also("tax_kind", Text),
    also("reference", Text),
    also("id", Shown),
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

const MEMBERS: &[Column] = &[needed("segment", Text), needed("customer", Text), also("is_in", Flag)];
const OWNERS: &[Column] = &[needed("customer", Text)];

/// The columns of a kind of import, and of a list of customers.
pub fn columns(kind: JobKind) -> &'static [Column] {
    match kind {
        JobKind::ImportCustomers => CUSTOMERS,
        JobKind::ImportOrders => ORDERS,
        JobKind::ImportCodes => CODES,
        JobKind::ImportVouchers => VOUCHERS,
        JobKind::ImportReferrals => REFERRALS,
        JobKind::ImportMembers => MEMBERS,
        JobKind::MakeVouchers => OWNERS,
        JobKind::Erasure | JobKind::VoidVouchers | JobKind::ChangePasses => &[],
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
            let Some(column) = known.iter().find(|column| column.name == folded(&name)) else {
                let names = known.iter().filter(|column| column.cell != Shown).map(|column| column.name);
                let names: Vec<&str> = names.collect();
                let wrong = match name.as_str() {
                    "" => "A column has no name".to_owned(),
                    name => format!("There is no column {name}"),
                };
                let detail = format!("{wrong}; there are: {}.", names.join(", "));
                return Err(Rejection::at(Code::UnknownField, format!("/{name}"), detail));
            };
            if columns.iter().any(|other| other.name == column.name) {
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
            let text = std::str::from_utf8(field).map_err(|_| {
                let remedy = "say in Content-Type how the file is written, for example charset=windows-1252";
                format!("/{}: the text is not UTF-8; {remedy}.", column.name)
            })?;
            let text = unquoted(text.trim());
            if !text.is_empty() && column.cell != Shown {
                object.insert(column.name.to_owned(), value(column.cell, &text));
            }
        }
        serde_json::to_vec(&object).map_err(|error| format!("The line cannot be read: {error}."))
    }
}

/// A column's name however it is written: `Order ID`.
fn folded(name: &str) -> String {
    name.to_lowercase().replace([' ', '-'], "_")
}

/// What does not fit stays text, and is refused as what it is. Spreadsheets write flags and `null` in
/// capitals, and flags in their own language.
pub fn value(cell: Cell, text: &str) -> Value {
    let read = match cell {
        Number if text.eq_ignore_ascii_case("null") => Some(Value::Null),
        Number => text.parse::<i64>().ok().map(Value::from),
        Flag => flag(text).map(Value::Bool),
        Json => serde_json::from_str(text).ok(),
        Text | Shown => None,
    };
    read.unwrap_or_else(|| Value::from(text))
}

fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "wahr" | "1" => Some(true),
        "false" | "falsch" | "0" => Some(false),
        _ => None,
    }
}
