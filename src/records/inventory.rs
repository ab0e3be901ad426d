//! The inventory: what is said of every record kind to all that goes through kinds. The rows are in
//! `every_kind!` in `src/records/mod.rs`.

use super::{Id, Kind, Record};

/// What is said of a kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The three letters that its ids begin with; `None`: it has the id of what it belongs to.
    pub prefix: Option<&'static str>,
    /// What the audit log and entries call one; `None`: they never name one.
    pub word: Option<&'static str>,
    /// Where an erasure looks for records that tell of a customer: the column with the customer's id, and the one with
    /// the record's. What it takes from them is said in `src/decide/erasure/erase.rs`; our own ids stay.
    pub erased_by: &'static [(&'static str, &'static str)],
    /// Whether the export of what is held of a customer shows it.
    pub is_exported: bool,
}

/// One customer's, each record itself.
const CUSTOMER: &[(&str, &str)] = &[("customer", "id")];

/// A place where an erasure looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The kind of records.
    pub kind: RecordKind,
    /// The column with the customer's id.
    pub column: &'static str,
    /// The column with the id of the record that tells of them.
    pub record: &'static str,
}

/// Every place where an erasure looks, in the order in which it goes through them.
pub fn places() -> Vec<Place> {
    let mut places = Vec::new();
    for kind in RecordKind::ALL.iter().copied() {
        places.extend(kind.row().erased_by.iter().map(|(column, record)| Place { kind, column, record }));
    }
    places
}

macro_rules! kinds {
    ( $( $shelf:ident: $record:ident $row:tt, )* ) => {
        /// A kind of record.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum RecordKind {
            $( #[doc = concat!("See [`", stringify!($record), "`](super::", stringify!($record), ").")] $record, )*
        }

        impl RecordKind {
            /// Every kind, in the order in which they are loaded and saved.
            pub const ALL: &'static [RecordKind] = &[ $( RecordKind::$record, )* ];

            /// What is said of it.
            pub const fn row(self) -> Row {
                match self { $( Self::$record => Row $row, )* }
            }

            /// Its table.
            pub const fn table(self) -> &'static str {
                match self { $( Self::$record => <super::$record as Record>::TABLE, )* }
            }

            /// Whether it is a view of other tables, which nobody writes.
            pub const fn is_view(self) -> bool {
                match self { $( Self::$record => <super::$record as Record>::IS_VIEW, )* }
            }

            /// Its columns.
            pub const fn columns(self) -> &'static [(&'static str, Kind)] {
                match self { $( Self::$record => <super::$record as Record>::COLUMNS, )* }
            }
        }
    };
}

super::every_kind!(kinds);

impl RecordKind {
    /// What an id names; `None`: no record.
    pub fn of(id: Id) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.row().prefix == Some(id.prefix()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_names_its_kind_alone() {
        for kind in RecordKind::ALL {
            let row = kind.row();
            let others = || RecordKind::ALL.iter().filter(|other| *other != kind);
            assert!(others().all(|other| other.table() != kind.table()), "{kind:?}");
            assert!(row.prefix.is_none_or(|prefix| prefix.len() == 3), "{kind:?}");
            assert!(row.prefix.is_none() || others().all(|other| other.row().prefix != row.prefix), "{kind:?}");
            assert!(row.word.is_none() || others().all(|other| other.row().word != row.word), "{kind:?}");
        }
    }

    #[test]
    fn an_erasure_looks_in_columns_that_are_there() {
        for Place { kind, column, record } in places() {
            for column in [column, record, "created_at"] {
                assert!(kind.columns().iter().any(|(name, _)| *name == column), "{kind:?} has no {column}");
            }
        }
    }

    #[test]
    fn an_id_leads_to_its_kind() {
        for (prefix, kind) in [("shp", Some(RecordKind::Shop)), ("shr", Some(RecordKind::Share)), ("wrt", None)] {
            assert_eq!(RecordKind::of(Id::of(prefix, &["1"])), kind, "{prefix}");
        }
    }
}
