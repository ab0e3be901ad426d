//! A row as a line of JSON, the same whatever database it came from: text, whole numbers, bytes as base64. And what
//! proves that rows are the same: how many there are, and a checksum over their lines.

use std::fmt;

use aws_lc_rs::digest::{Context, SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::{Serialize, Serializer};

use crate::records::{Kind, Value};

/// What proves the rows of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Proof {
    /// How many.
    pub rows: u64,
    /// SHA-256 over their lines, hexadecimal.
    pub sha256: String,
}

/// Counts rows and adds up their checksum.
pub struct Sum {
    rows: u64,
    context: Context,
}

impl Default for Sum {
    fn default() -> Self {
        Self { rows: 0, context: Context::new(&SHA256) }
    }
}

impl Sum {
    /// Takes in the line of a row, with its end.
    pub fn add(&mut self, line: &[u8]) {
        self.rows += 1;
        self.context.update(line);
    }

    /// What it comes to.
    pub fn finish(self) -> Proof {
        let digest = self.context.finish();
        let sha256 = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        Proof { rows: self.rows, sha256 }
    }
}

/// Writes a row as a line behind what is there.
pub fn write(row: &[Value], line: &mut Vec<u8>) {
    let cells: Vec<Written<'_>> = row.iter().map(Written).collect();
    serde_json::to_writer(&mut *line, &cells).expect("memory takes it, and every value is JSON");
    line.push(b'\n');
}

/// Reads the line of a row with columns of these kinds.
pub fn read(line: &[u8], kinds: &[Kind]) -> Result<Vec<Value>, String> {
    let cells: Vec<Cell> = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    if cells.len() != kinds.len() {
        return Err(format!("a row has {} values, and its table {} columns", cells.len(), kinds.len()));
    }
    cells.into_iter().zip(kinds).map(|(cell, kind)| cell.into_value(*kind)).collect()
}

struct Written<'v>(&'v Value);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Text(Some(text)) => serializer.serialize_str(text),
            Value::Int(Some(number)) => serializer.serialize_i64(*number),
            Value::Bytes(Some(bytes)) => serializer.serialize_str(&STANDARD.encode(bytes)),
            Value::Text(None) | Value::Int(None) | Value::Bytes(None) => serializer.serialize_none(),
        }
    }
}

enum Cell {
    Nothing,
    Text(String),
    Number(i64),
}

impl Cell {
    fn into_value(self, kind: Kind) -> Result<Value, String> {
        match (kind, self) {
            (Kind::Text, Cell::Text(text)) => Ok(Value::Text(Some(text))),
            (Kind::Text, Cell::Nothing) => Ok(Value::Text(None)),
            (Kind::Int, Cell::Number(number)) => Ok(Value::Int(Some(number))),
            (Kind::Int, Cell::Nothing) => Ok(Value::Int(None)),
            (Kind::Bytes, Cell::Text(text)) => match STANDARD.decode(text) {
                Ok(bytes) => Ok(Value::Bytes(Some(bytes))),
                Err(error) => Err(format!("bytes cannot be read: {error}")),
            },
            (Kind::Bytes, Cell::Nothing) => Ok(Value::Bytes(None)),
            (kind, _) => Err(format!("a value is not of its column's kind, {kind:?}")),
        }
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl Visitor<'_> for Read {
            type Value = Cell;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text, a whole number or null")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Cell, E> {
                Ok(Cell::Text(text.to_owned()))
            }
            fn visit_string<E: Error>(self, text: String) -> Result<Cell, E> {
                Ok(Cell::Text(text))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Cell, E> {
                Ok(Cell::Number(number))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Cell, E> {
                i64::try_from(number).map(Cell::Number).map_err(E::custom)
            }
            fn visit_unit<E: Error>(self) -> Result<Cell, E> {
                Ok(Cell::Nothing)
            }
        }
        deserializer.deserialize_any(Read)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            proptest::option::of(any::<String>()).prop_map(Value::Text),
            proptest::option::of(any::<i64>()).prop_map(Value::Int),
            proptest::option::of(any::<Vec<u8>>()).prop_map(Value::Bytes),
        ]
    }

    proptest! {
        #[test]
        fn a_row_is_read_as_it_was_written(row in proptest::collection::vec(value(), 0..6)) {
            let kinds: Vec<Kind> = row.iter().map(|value| match value {
                Value::Text(_) => Kind::Text,
                Value::Int(_) => Kind::Int,
                Value::Bytes(_) => Kind::Bytes,
            }).collect();
            let mut line = Vec::new();
            write(&row, &mut line);
            prop_assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1, "a row is one line");
            prop_assert_eq!(read(&line, &kinds), Ok(row));
        }
    }

    #[test]
    fn what_is_no_row_is_not_read() {
        for (line, kinds) in [
            ("[1]", [Kind::Text].as_slice()),
            ("[\"1\"]", &[Kind::Int]),
            ("[9223372036854775808]", &[Kind::Int]),
            ("[1.5]", &[Kind::Int]),
            ("[\"?\"]", &[Kind::Bytes]),
            ("[1]", &[Kind::Int, Kind::Int]),
            ("[1", &[Kind::Int]),
            ("[[1]]", &[Kind::Int]),
        ] {
            assert!(read(line.as_bytes(), kinds).is_err(), "{line}");
        }
    }
}
