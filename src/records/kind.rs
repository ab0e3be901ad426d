//! How a record kind is declared, and how its fields become columns.

use std::marker::PhantomData;

use serde::{Serialize, de::DeserializeOwned};

use super::advocate_count::{AdvocateKey, Brought, brought};
use super::day_count::{Counts, DayKey};
use super::month_tally::Tallied;
use super::{Id, Shop, Timestamp};

/// The type of a column, the same in both databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `TEXT`
    Text,
    /// `BIGINT` (`INTEGER` on SQLite)
    Int,
    /// `BYTEA` (`BLOB` on SQLite)
    Bytes,
}

/// One column's content.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text or NULL.
    Text(Option<String>),
    /// An integer or NULL.
    Int(Option<i64>),
    /// Bytes or NULL.
    Bytes(Option<Vec<u8>>),
}

/// A stored column that cannot be what its record says: the database was changed by other hands.
#[derive(Debug, thiserror::Error)]
#[error("a stored column does not fit its record: {0}")]
pub struct BadColumn(pub String);

/// A field that can stand in a column.
pub trait Column: Sized {
    /// The column's type.
    const KIND: Kind;
    /// The words that it may hold, where these are the members of a [`words!`](crate::words) enumeration.
    const WORDS: &'static [&'static str] = &[];
    /// What to store.
    fn to_value(&self) -> Value;
    /// Reads back what was stored.
    fn from_value(value: Value) -> Result<Self, BadColumn>;
}

/// The values of a row, in the order of the record's columns.
pub struct Values(std::vec::IntoIter<Value>);

impl Values {
    /// Takes over a row.
    pub fn new(row: Vec<Value>) -> Self {
        Self(row.into_iter())
    }

    /// Columns that were not read yet.
    pub fn left(&self) -> usize {
        self.0.len()
    }

    /// The next column.
    pub fn column<C: Column>(&mut self) -> Result<C, BadColumn> {
        let value = self.0.next().ok_or_else(|| BadColumn("too few columns".into()))?;
        C::from_value(value)
    }
}

/// A second key of a record kind: text, unique within a shop, never changed.
pub struct Key<R>(pub usize, pub PhantomData<R>);

/// A list of records that share a parent; bounded by the rules that make them, or read soonest first.
pub struct List<R>(pub usize, pub PhantomData<R>);

/// A record: plain data with an id, of one shop.
pub trait Record: Clone + Sized + 'static {
    /// The table's name.
    const TABLE: &'static str;
    /// Its columns, in the order of [`Record::values`].
    const COLUMNS: &'static [(&'static str, Kind)];
    /// Its columns that hold words of a closed list, with these words.
    fn words() -> Vec<(&'static str, &'static [&'static str])>;
    /// Columns that are second keys.
    const KEYS: &'static [&'static str];
    /// Columns that name a parent whose children are listed.
    const LISTS: &'static [&'static str];
    /// Whether it is never changed once written (it then has no `version`).
    const APPEND_ONLY: bool;
    /// Whether it is a view of other tables, which nobody writes.
    const IS_VIEW: bool;

    /// Its id.
    fn id(&self) -> Id;
    /// Its shop.
    fn shop(&self) -> Id;
    /// How often it was saved; guards against lost updates. 0 before the first time.
    fn version(&self) -> i64;
    /// Sets what the next save writes as version.
    fn set_version(&mut self, version: i64);
    /// Its value in a second key.
    fn key(&self, index: usize) -> Option<String>;
    /// Whether nothing holds it any more: it is removed when it is saved.
    fn is_gone(&self) -> bool {
        false
    }
    /// Its parent in a list.
    fn parent(&self, index: usize) -> Option<Id>;
    /// The column by which a parent's records in the first list come in time, where they are asked for soonest
    /// first.
    const SOONEST: Option<&'static str> = None;
    /// Its place in that order.
    fn due_at(&self) -> Option<Timestamp> {
        None
    }
    /// Whether the counters of days count it, and in which turn among the kinds that they do.
    const COUNTED: Option<usize> = None;
    /// Whether what a shop owes follows from it.
    const IS_OWED: bool = false;
    /// When it was made, where it is counted.
    fn made_at(&self) -> Timestamp {
        Timestamp::default()
    }
    /// For what it counts, and where; `None`: for nothing.
    fn counts_for(&self, shop: &Shop) -> Option<(DayKey, Counts)> {
        let _ = shop;
        None
    }
    /// By whom it was brought, where it counts.
    fn advocate(&self) -> Option<Id> {
        None
    }
    /// For what of an advocate it counts.
    fn brought_by(&self, shop: &Shop) -> Option<(AdvocateKey, Brought)> {
        let (key, counts) = self.counts_for(shop)?;
        Some((AdvocateKey::of(&key, self.advocate()?)?, brought(&counts)))
    }
    /// For what of a month it counts.
    fn tallies_for(&self, shop: &Shop) -> Tallied {
        let _ = shop;
        Vec::new()
    }
    /// Its columns.
    fn values(&self) -> Vec<Value>;
    /// Reads it back.
    fn from_values(values: &mut Values) -> Result<Self, BadColumn>;
}

/// Declares a record kind: the struct, its table, its second keys and its lists.
///
/// `append` makes it append-only; `versioned` gives it a `version`; a `view` is read and never written. The fields `id` and `shop` are
/// added to every kind. `soonest` names the field by which the first list can be read soonest first, a page at a
/// time, however long it is. `kept_while` names a field without whose content the record is removed; `counted`, which
/// turn a kind has that the counters of days count ([`Countable`](crate::records::day_count::Countable)); `owed`, that what
/// a shop owes follows from it ([`owed`](crate::records::owed)). A field stands
/// in the column of its name, or in one that is named behind it: `subject in "reward": Id`.
#[macro_export]
macro_rules! record {
    (
        $(#[$meta:meta])*
        $mode:ident $name:ident in $table:literal {
            $( $(#[$fmeta:meta])* $field:ident $(in $column:literal)?: $type:ty, )*
        }
        $( keys { $( $key:ident = $kcol:ident ),* $(,)? } )?
        $( lists { $( $list:ident = $lcol:ident ),* $(,)? } )?
        $( soonest { $due:ident } )?
        $( kept_while { $kept:ident } )?
        $( counted { $turn:literal } )?
        $( owed { $owed:literal } )?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name {
            /// Its id.
            pub id: $crate::records::Id,
            /// The shop that it belongs to.
            pub shop: $crate::records::Id,
            /// How often it was saved; set by the world.
            pub version: i64,
            $( $(#[$fmeta])* pub $field: $type, )*
        }

        impl $crate::records::Record for $name {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [(&'static str, $crate::records::Kind)] = &[
                ("id", $crate::records::Kind::Text),
                ("shop", $crate::records::Kind::Text),
                $( ($crate::record!(@column $field $($column)?), <$type as $crate::records::Column>::KIND), )*
                $crate::record!(@version $mode),
            ];
            fn words() -> Vec<(&'static str, &'static [&'static str])> {
                let all = [ $( ($crate::record!(@column $field $($column)?), <$type as $crate::records::Column>::WORDS), )* ];
                all.into_iter().filter(|(_, words)| !words.is_empty()).collect()
            }
            const KEYS: &'static [&'static str] = &[ $( $( stringify!($kcol), )* )? ];
            const LISTS: &'static [&'static str] = &[ $( $( stringify!($lcol), )* )? ];
            const APPEND_ONLY: bool = $crate::record!(@append $mode);
            const IS_VIEW: bool = $crate::record!(@view $mode);

            fn id(&self) -> $crate::records::Id { self.id }
            fn shop(&self) -> $crate::records::Id { self.shop }
            fn version(&self) -> i64 { self.version }
            fn set_version(&mut self, version: i64) { self.version = version; }

            fn key(&self, index: usize) -> Option<String> {
                let _ = index;
                $( $crate::record!(@pick self, index, String, $($kcol),*); )?
                None
            }

            fn parent(&self, index: usize) -> Option<$crate::records::Id> {
                let _ = index;
                $( $crate::record!(@pick self, index, $crate::records::Id, $($lcol),*); )?
                None
            }

            $(
                const SOONEST: Option<&'static str> = Some(stringify!($due));
                fn due_at(&self) -> Option<$crate::records::Timestamp> { Some(self.$due) }
            )?

            $( fn is_gone(&self) -> bool { self.$kept.is_none() } )?

            $(
                const COUNTED: Option<usize> = Some($turn);
                fn made_at(&self) -> $crate::records::Timestamp {
                    $crate::records::day_count::Countable::made_at(self)
                }
                fn counts_for(
                    &self,
                    shop: &$crate::records::Shop,
                ) -> Option<($crate::records::day_count::DayKey, $crate::records::day_count::Counts)> {
                    $crate::records::day_count::Countable::counts_for(self, shop)
                }
                fn advocate(&self) -> Option<$crate::records::Id> {
                    $crate::records::day_count::Countable::advocate(self)
                }
                fn tallies_for(&self, shop: &$crate::records::Shop) -> $crate::records::month_tally::Tallied {
                    $crate::records::day_count::Countable::tallies_for(self, shop)
                }
            )?

            $( const IS_OWED: bool = $owed; )?

            fn values(&self) -> Vec<$crate::records::Value> {
                use $crate::records::Column;
                vec![
                    self.id.to_value(),
                    self.shop.to_value(),
                    $( self.$field.to_value(), )*
                    self.version.to_value(),
                ]
            }

            fn from_values(values: &mut $crate::records::Values) -> Result<Self, $crate::records::BadColumn> {
                Ok(Self {
                    id: values.column()?,
                    shop: values.column()?,
                    $( $field: values.column()?, )*
                    version: values.column()?,
                })
            }
        }

        impl $name {
            $crate::record!(@consts Key $name, 0usize, $($($key,)*)?);
            $crate::record!(@consts List $name, 0usize, $($($list,)*)?);
        }
    };
    (@column $field:ident) => { stringify!($field) };
    (@column $field:ident $column:literal) => { $column };
    (@version versioned) => { ("version", $crate::records::Kind::Int) };
    (@version append) => { ("CAST(1 AS BIGINT)", $crate::records::Kind::Int) };
    (@version view) => { ("CAST(1 AS BIGINT)", $crate::records::Kind::Int) };
    (@append versioned) => { false };
    (@append append) => { true };
    (@append view) => { true };
    (@view view) => { true };
    (@view append) => { false };
    (@view versioned) => { false };
    (@pick $self:ident, $index:ident, $as:ty, $($col:ident),*) => {
        let mut place = 0usize;
        $(
            if place == $index {
                return $crate::records::AsKey::<$as>::as_key(&$self.$col);
            }
            place += 1;
        )*
        let _ = place;
    };
    (@consts $kind:ident $name:ident, $place:expr,) => {};
    (@consts $kind:ident $name:ident, $place:expr, $first:ident, $($rest:ident,)*) => {
        #[doc = "A way to find it."]
        pub const $first: $crate::records::$kind<$name> =
            $crate::records::$kind($place, std::marker::PhantomData);
        $crate::record!(@consts $kind $name, $place + 1usize, $($rest,)*);
    };
}

/// A field that may serve as a second key or as a parent.
pub trait AsKey<T> {
    /// The key, when the field has one.
    fn as_key(&self) -> Option<T>;
}

impl<T: Clone> AsKey<T> for T {
    fn as_key(&self) -> Option<T> {
        Some(self.clone())
    }
}

impl<T: Clone> AsKey<T> for Option<T> {
    fn as_key(&self) -> Option<T> {
        self.clone()
    }
}

impl Column for String {
    const KIND: Kind = Kind::Text;
    fn to_value(&self) -> Value {
        Value::Text(Some(self.clone()))
    }
    fn from_value(value: Value) -> Result<Self, BadColumn> {
        match value {
            Value::Text(Some(text)) => Ok(text),
            other => Err(BadColumn(format!("text expected, found {other:?}"))),
        }
    }
}

impl Column for i64 {
    const KIND: Kind = Kind::Int;
    fn to_value(&self) -> Value {
        Value::Int(Some(*self))
    }
    fn from_value(value: Value) -> Result<Self, BadColumn> {
        match value {
            Value::Int(Some(number)) => Ok(number),
            other => Err(BadColumn(format!("a number expected, found {other:?}"))),
        }
    }
}

impl Column for bool {
    const KIND: Kind = Kind::Int;
    fn to_value(&self) -> Value {
        Value::Int(Some(i64::from(*self)))
    }
    fn from_value(value: Value) -> Result<Self, BadColumn> {
        Ok(i64::from_value(value)? != 0)
    }
}

impl Column for Timestamp {
    const KIND: Kind = Kind::Int;
    fn to_value(&self) -> Value {
        Value::Int(Some(self.ms()))
    }
    fn from_value(value: Value) -> Result<Self, BadColumn> {
        Ok(Timestamp::from_ms(i64::from_value(value)?))
    }
}

impl Column for Id {
    const KIND: Kind = Kind::Text;
    fn to_value(&self) -> Value {
        Value::Text(Some(self.text()))
    }
    fn from_value(value: Value) -> Result<Self, BadColumn> {
        let text = String::from_value(value)?;
        text.parse().map_err(|_| BadColumn(format!("not an id: {text}")))
    }
}

impl<C: Column> Column for Option<C> {
    const KIND: Kind = C::KIND;
    const WORDS: &'static [&'static str] = C::WORDS;
    fn to_value(&self) -> Value {
        match (self, C::KIND) {
            (Some(content), _) => content.to_value(),
            (None, Kind::Text) => Value::Text(None),
            (None, Kind::Int) => Value::Int(None),
            (None, Kind::Bytes) => Value::Bytes(None),
        }
    }
    fn from_value(value: Value) -> Result<Self, BadColumn> {
        match value {
            Value::Text(None) | Value::Int(None) | Value::Bytes(None) => Ok(None),
            other => C::from_value(other).map(Some),
        }
    }
}

/// A part of a record that is stored as JSON text. A field that comes to it later is an `Option` or has a
/// `#[serde(default)]`, for rows of before lack it; `stored_before` holds it to that. Only settings have a default for
/// all: of a fact, what is missing and was never left out is damage, and is not read as nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Json<T>(pub T);

impl<T> std::ops::Deref for Json<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Serialize + DeserializeOwned> Column for Json<T> {
    const KIND: Kind = Kind::Text;
    fn to_value(&self) -> Value {
        let text = serde_json::to_string(&self.0).expect("plain data with text keys always serializes");
        Value::Text(Some(text))
    }
    fn from_value(value: Value) -> Result<Self, BadColumn> {
        let text = String::from_value(value)?;
        serde_json::from_str(&text).map(Json).map_err(|error| BadColumn(format!("JSON: {error}")))
    }
}

/// Declares an enumeration whose members are stored and shown as fixed lower-case words. The type alone holds the
/// list: the schema takes any word, so that a new one needs no migration.
#[macro_export]
macro_rules! words {
    ( $(#[$meta:meta])* $name:ident { $( $(#[$vmeta:meta])* $variant:ident = $word:literal, )* } ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $( $(#[$vmeta])* #[doc = concat!("`", $word, "`")] #[serde(rename = $word)] $variant, )*
        }

        impl $name {
            /// Every word, in order.
            pub const WORDS: &'static [&'static str] = &[ $( $word, )* ];

            /// The word that is stored and shown.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word, )* }
            }

            /// Reads the word.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $( $word => Some(Self::$variant), )* _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::records::Column for $name {
            const KIND: $crate::records::Kind = $crate::records::Kind::Text;
            const WORDS: &'static [&'static str] = $name::WORDS;
            fn to_value(&self) -> $crate::records::Value {
                $crate::records::Value::Text(Some(self.as_str().to_owned()))
            }
            fn from_value(value: $crate::records::Value) -> Result<Self, $crate::records::BadColumn> {
                let word = String::from_value(value)?;
                Self::parse(&word).ok_or_else(|| $crate::records::BadColumn(format!("unknown word: {word}")))
            }
        }
    };
}
