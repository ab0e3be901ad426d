//! Bytes as they are stored.

use crate::records::{BadColumn, Column, Kind, Value};

/// Bytes that no column of text could hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl std::ops::Deref for Bytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl Column for Bytes {
    const KIND: Kind = Kind::Bytes;
    fn to_value(&self) -> Value {
        Value::Bytes(Some(self.0.clone()))
    }
    fn from_value(value: Value) -> Result<Self, BadColumn> {
        match value {
            Value::Bytes(Some(bytes)) => Ok(Self(bytes)),
            other => Err(BadColumn(format!("bytes expected, found {other:?}"))),
        }
    }
}
