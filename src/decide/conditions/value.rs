//! What a fact is found to be.

use std::collections::BTreeSet;

use crate::records::Timestamp;
use crate::records::customer::Attribute;

/// The value of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A whole number; money in minor units.
    Number(i64),
    /// A text.
    Text(String),
    /// Texts, each once.
    List(BTreeSet<String>),
    /// An instant.
    Instant(Timestamp),
}

impl From<&Attribute> for Value {
    fn from(attribute: &Attribute) -> Self {
        match attribute {
            Attribute::Flag(flag) => Self::Flag(*flag),
            Attribute::Number(number) => Self::Number(*number),
            Attribute::Text(text) => Self::Text(text.to_string()),
        }
    }
}
