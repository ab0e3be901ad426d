//! Which version of a record a change is meant for (RFC 9110, 13.1.1).

use crate::refusal::{Code, Rejection};

/// Versions that whoever asks for a change has read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IfMatch {
    /// Whichever there is.
    Any,
    /// One of these.
    OneOf(Vec<i64>),
}

impl From<i64> for IfMatch {
    fn from(version: i64) -> Self {
        Self::OneOf(vec![version])
    }
}

impl IfMatch {
    /// Reads the header: `*`, or entity tags with commas between. One that we never gave names no version. A weak tag
    /// names the version that it was: proxies that compress answers make our tags weak, and what they name stays the
    /// same.
    pub fn read(header: &str) -> Self {
        match header.trim() {
            "*" => Self::Any,
            tags => Self::OneOf(tags.split(',').filter_map(version).collect()),
        }
    }

    /// Refuses a change of a version that was not read.
    pub fn check(&self, version: i64) -> Result<(), Rejection> {
        match self {
            Self::Any => Ok(()),
            Self::OneOf(versions) if versions.contains(&version) => Ok(()),
            Self::OneOf(versions) if versions.is_empty() => Err(Rejection::new(
                Code::Stale,
                "If-Match names no version; send the ETag as you got it, for example \"3\", or * for whichever there is.",
            )),
            Self::OneOf(_) => Err(Rejection::new(
                Code::Stale,
                "It was changed meanwhile; read it again, and send If-Match with the ETag that you get.",
            )),
        }
    }
}

/// The version that an entity tag names.
fn version(tag: &str) -> Option<i64> {
    let tag = tag.trim();
    tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_meant_for_what_was_read() {
        let table = [
            ("\"3\"", true),
            (" \"3\" ", true),
            ("\"2\", \"3\"", true),
            ("\"2\",\"3\"", true),
            ("*", true),
            ("3", true),
            ("\"2\"", false),
            ("W/\"3\"", true),
            ("W/\"2\", W/\"3\"", true),
            ("W/\"2\"", false),
            ("W/*", false),
            ("W/", false),
            ("w/\"3\"", false),
            ("\"x\"", false),
            ("\"*\"", false),
            ("", false),
        ];
        for (header, is_meant) in table {
            assert_eq!(IfMatch::read(header).check(3).is_ok(), is_meant, "{header}");
        }
        assert_eq!(IfMatch::read("W/\"x\", \"3\""), IfMatch::from(3));
    }
}
