//! Pages of lists, newest first, and opaque cursors.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use crate::api::answer::format::Format;
use crate::records::{Id, Timestamp};
use crate::refusal::Rejection;
use crate::store::queries::records::Part;

/// Rows of a page, unless asked otherwise.
const DEFAULT_LIMIT: usize = 50;
/// Most rows of a page.
const MAX_LIMIT: usize = 200;
/// The parameter that names records.
pub const IDS: &str = "ids";
/// Most records that are asked for by their ids.
pub const MAX_IDS: usize = 100;
/// Bytes of the cursor's mark.
const MARK: usize = 12;

/// Which page of a list is asked for.
#[derive(Clone, Debug)]
pub struct Page {
    /// Which part.
    pub part: Part,
    /// How it is written.
    pub format: Format,
    /// Only these records; `None`: all.
    pub ids: Option<Vec<Id>>,
}

/// Reads `ids`: those of records, with commas between, each once.
pub fn ids(text: &str) -> Result<Vec<Id>, Rejection> {
    let fault = |detail: String| Rejection::field("?ids", detail);
    let mut ids: Vec<Id> = Vec::new();
    for word in text.split(',') {
        let id = word.trim().parse().map_err(|_| fault(format!("{word:?} is no id; several have commas between")))?;
        if !ids.contains(&id) {
            ids.push(id);
        }
        if ids.len() > MAX_IDS {
            return Err(fault(format!("at most {MAX_IDS} ids are expected")));
        }
    }
    Ok(ids)
}

/// Reads `limit`. A CSV has no pages: it says how many rows are read at once.
pub fn limit(text: Option<&str>, format: Format) -> Result<usize, Rejection> {
    let Some(text) = text else {
        return Ok(match format {
            Format::Json => DEFAULT_LIMIT,
            Format::Csv => MAX_LIMIT,
        });
    };
    let limit = text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
    limit.ok_or_else(|| Rejection::field("?limit", format!("1 to {MAX_LIMIT} is expected")))
}

/// The cursor that stands for a row. Its mark shows whether it was changed.
pub fn cursor(key: &hmac::Key, at: Timestamp, id: Id) -> String {
    let place = format!("{}.{id}", at.ms());
    let mark = hmac::sign(key, place.as_bytes());
    let mut bytes = mark.as_ref()[..MARK].to_vec();
    bytes.extend_from_slice(place.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads a cursor.
pub fn read_cursor(key: &hmac::Key, text: &str) -> Result<(Timestamp, Id), Rejection> {
    let fault = || Rejection::field("?after", "a cursor is expected: the `next` of the page before");
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| fault())?;
    let (mark, place) = bytes.split_at_checked(MARK).ok_or_else(fault)?;
    let own = hmac::sign(key, place);
    if aws_lc_rs::constant_time::verify_slices_are_equal(&own.as_ref()[..MARK], mark).is_err() {
        return Err(fault());
    }
    let place = std::str::from_utf8(place).map_err(|_| fault())?;
    let (at, id) = place.split_once('.').ok_or_else(fault)?;
    let at = at.parse().map_err(|_| fault())?;
    Ok((Timestamp::from_ms(at), id.parse().map_err(|_| fault())?))
}

/// A list as JSON.
pub fn json<V: Serialize>(rows: &[V], next: Option<String>) -> String {
    #[derive(Serialize)]
    struct List<'a, V> {
        data: &'a [V],
        next: Option<String>,
    }
    serde_json::to_string(&List { data: rows, next }).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::Vault;

    #[test]
    fn a_cursor_reads_back_and_cannot_be_made_up() {
        let vault = Vault::new(b"one");
        let (at, id) = (Timestamp::from_ms(5), Id::new("cus", 5, [1; 10]));
        let text = cursor(vault.cursors(), at, id);
        assert_eq!(read_cursor(vault.cursors(), &text).ok(), Some((at, id)));
        assert!(read_cursor(Vault::new(b"two").cursors(), &text).is_err());
        for bad in ["", "x", "AAAA", "%"] {
            assert!(read_cursor(vault.cursors(), bad).is_err());
        }
    }
}
