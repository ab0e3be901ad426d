//! Ids: `prefix_` and 26 lower-case ULID characters.
//!
//! An id names, it gives no order: no cursor, worker or cache may rely on one.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::digest;
use serde::{Serialize, Serializer};
use ulid::Ulid;

use super::time::Timestamp;

/// Length of an id's text: the prefix, an underscore and the ULID.
const TEXT_LEN: usize = 4 + ulid::ULID_LEN;

/// The bytes of an id that tell when it was made.
const TIME_LEN: usize = 6;

/// The name of one record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id {
    prefix: [u8; 3],
    ulid: [u8; 16],
}

/// The random part tells ids apart; the prefix would only make hashing longer.
impl std::hash::Hash for Id {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write_u128(u128::from_be_bytes(self.ulid));
    }
}

/// A text that is no id.
#[derive(Debug, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

impl Id {
    /// A new id from the instant (milliseconds since 1970) and 10 random bytes.
    pub fn new(prefix: &'static str, at_ms: i64, random: [u8; 10]) -> Self {
        let mut ulid = [0u8; 16];
        let at = u64::try_from(at_ms).unwrap_or(0).to_be_bytes();
        ulid[..TIME_LEN].copy_from_slice(&at[2..]);
        ulid[TIME_LEN..].copy_from_slice(&random);
        Self { prefix: letters(prefix), ulid }
    }

    /// The instant that it was made of; of one that lies beside another, that of the other.
    pub fn made_at(self) -> Timestamp {
        let mut at = [0u8; 8];
        at[2..].copy_from_slice(&self.ulid[..TIME_LEN]);
        Timestamp::from_ms(i64::from_be_bytes(at))
    }

    /// The id of something of which there can be only one: derived from what it is about.
    pub fn of(prefix: &'static str, parts: &[&str]) -> Self {
        let mut context = digest::Context::new(&digest::SHA256);
        for part in parts {
            context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(part.as_bytes());
        }
        let mut ulid = [0u8; 16];
        ulid.copy_from_slice(&context.finish().as_ref()[..16]);
        Self { prefix: letters(prefix), ulid }
    }

    /// The same, lying beside another in every index, as if both were made at the same instant: what
    /// counts for one record is written together, and what is written lately is found together.
    #[must_use]
    pub fn beside(mut self, other: Option<Self>) -> Self {
        if let Some(other) = other {
            self.ulid[..TIME_LEN].copy_from_slice(&other.ulid[..TIME_LEN]);
        }
        self
    }

    /// The same name under another prefix: a record that belongs to this one alone.
    pub fn sibling(self, prefix: &'static str) -> Self {
        Self { prefix: letters(prefix), ulid: self.ulid }
    }

    /// What tells it from others of its prefix.
    pub fn to_bytes(self) -> [u8; 16] {
        self.ulid
    }

    /// Writes its text: an answer or a row has many, and formatting each would show.
    fn write<'b>(&self, text: &'b mut [u8; TEXT_LEN]) -> &'b str {
        let (prefix, rest) = text.split_at_mut(self.prefix.len() + 1);
        prefix[..self.prefix.len()].copy_from_slice(&self.prefix);
        prefix[self.prefix.len()] = b'_';
        if let Ok(ulid) = <&mut [u8; ulid::ULID_LEN]>::try_from(rest) {
            Ulid::from_bytes(self.ulid).array_to_str(ulid).make_ascii_lowercase();
        }
        std::str::from_utf8(text).unwrap_or("???")
    }

    /// Its text.
    pub fn text(&self) -> String {
        self.write(&mut [0u8; TEXT_LEN]).to_owned()
    }

    /// The three letters before the underscore.
    pub fn prefix(&self) -> &str {
        std::str::from_utf8(&self.prefix).unwrap_or("???")
    }

    /// The last id that a text names, whose words are parted by `:` and `/`.
    pub fn last_in(text: &str) -> Option<Self> {
        text.rsplit([':', '/']).find_map(|word| word.parse().ok())
    }

    /// Whether a text has the form of an id: three letters, an underscore, 26 letters and digits, in upper or
    /// lower case. That is more than can be read as one.
    pub fn is_form_of(text: &str) -> bool {
        let Some((prefix, rest)) = text.split_once('_') else { return false };
        let is_prefix = prefix.len() == 3 && prefix.bytes().all(|byte| byte.is_ascii_alphabetic());
        is_prefix && rest.len() == ulid::ULID_LEN && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    }

    /// Reads an id that must have this prefix.
    pub fn parse(prefix: &str, text: &str) -> Option<Self> {
        text.parse().ok().filter(|id: &Self| id.prefix() == prefix)
    }
}

fn letters(prefix: &'static str) -> [u8; 3] {
    prefix.as_bytes().try_into().expect("prefixes have three letters")
}

impl FromStr for Id {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let (prefix, rest) = text.split_once('_').ok_or(NotAnId)?;
        let prefix = prefix.as_bytes().try_into().map_err(|_| NotAnId)?;
        if rest.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(NotAnId);
        }
        let ulid = Ulid::from_string(rest).map_err(|_| NotAnId)?;
        Ok(Self { prefix, ulid: ulid.to_bytes() })
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.write(&mut [0u8; TEXT_LEN]))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.write(&mut [0u8; TEXT_LEN]))
    }
}

impl<'de> serde::Deserialize<'de> for Id {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use crate::records::Id;

    #[test]
    fn an_id_reads_back_and_keeps_its_prefix() {
        let id = Id::new("cus", 1_790_000_000_000, [7; 10]);
        assert_eq!(id.to_string().parse::<Id>().ok(), Some(id));
        assert_eq!(Id::parse("cus", &id.to_string()), Some(id));
        assert_eq!(Id::parse("shr", &id.to_string()), None);
        assert_eq!(id.to_string().len(), 30);
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in [
            "",
            "cus_",
            "cus",
            "cus_01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "cus_01arz3ndektsv4rrffq69g5fa",
            "cusx_01arz3ndektsv4rrffq69g5fav",
        ] {
            assert!(text.parse::<Id>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_derived_may_lie_beside_what_it_is_about() {
        let person = Id::new("prs", 1_790_000_000_000, [7; 10]);
        let about = |word: &str| format!("{word}/{person}/2026-11");
        let [one, other] = ["a", "b"].map(|word| Id::of("tly", &[&about(word)]).beside(Id::last_in(&about(word))));
        assert_ne!(one, other);
        assert_eq!(one.to_string()[4..14], person.to_string()[4..14]);
        assert_eq!(other.to_string()[4..14], person.to_string()[4..14]);
        assert_eq!(Id::of("tly", &["a"]).beside(Id::last_in("a")), Id::of("tly", &["a"]));
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(Id::of("tly", &["ab", "c"]), Id::of("tly", &["a", "bc"]));
    }
}
