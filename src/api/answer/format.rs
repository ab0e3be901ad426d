//! How a list is to be written: as the address says, else as `Accept` prefers by its weights (RFC 9110,
//! 12.5.1).

use actix_web::http::header::{ACCEPT, HeaderMap, Quality, QualityItem, from_comma_delimited};
use mime::Mime;

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `application/json`
    Json,
    /// `text/csv`
    Csv,
}

/// How much a media type is wanted: by its weight, then by how closely it is named. Where it stands in the list says
/// nothing: a client that was generated lists whatever the contract has.
type Wanted = (Quality, u8);

impl Format {
    /// The formats, as `format` names them.
    pub const WORDS: &[&str] = &["json", "csv"];

    /// The format of `format`, when that is given, else of `Accept`; JSON, unless CSV is wanted more.
    pub fn of(word: Option<&str>, headers: &HeaderMap) -> Self {
        match word {
            Some("csv") => Format::Csv,
            Some(_) => Format::Json,
            None => Self::accepted(headers),
        }
    }

    fn accepted(headers: &HeaderMap) -> Self {
        let ranges: Vec<QualityItem<Mime>> = from_comma_delimited(headers.get_all(ACCEPT)).unwrap_or_default();
        let (csv, json) = (wanted(&ranges, &mime::TEXT_CSV), wanted(&ranges, &mime::APPLICATION_JSON));
        if csv > json && csv.0 > Quality::ZERO { Format::Csv } else { Format::Json }
    }
}

/// The closest of the ranges that a media type fits into says how much it is wanted.
fn wanted(ranges: &[QualityItem<Mime>], media: &Mime) -> Wanted {
    let fitting = ranges.iter().filter_map(|range| Some((range.quality, closeness(&range.item, media)?)));
    fitting.max_by_key(|(quality, closeness)| (*closeness, *quality)).unwrap_or((Quality::ZERO, 0))
}

fn closeness(range: &Mime, media: &Mime) -> Option<u8> {
    match (range.type_(), range.subtype()) {
        (mime::STAR, mime::STAR) => Some(1),
        (kind, mime::STAR) if kind == media.type_() => Some(2),
        (kind, form) if kind == media.type_() && form == media.subtype() => Some(3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn of(word: Option<&str>, accept: &'static str) -> Format {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        Format::of(word, &headers)
    }

    #[test]
    fn csv_is_given_to_who_prefers_it() {
        for accept in [
            "text/csv",
            "text/csv; charset=utf-8",
            "TEXT/CSV",
            "text/*",
            "text/csv;q=0.5",
            "text/csv, */*",
            "*/*, text/csv",
            "application/json;q=0.5, text/csv;q=0.9",
            "application/*, text/csv",
            "application/json;q=0, */*",
            "text/html, text/csv;q=0.9, */*;q=0.1",
        ] {
            assert_eq!(of(None, accept), Format::Csv, "{accept}");
            assert_eq!(of(Some("json"), accept), Format::Json, "{accept}");
        }
    }

    #[test]
    fn json_is_given_to_everybody_else() {
        for accept in [
            "",
            "*/*",
            "application/json",
            "application/json, text/csv",
            "application/json, text/csv;q=0.9",
            "application/json,text/csv;q=0.8",
            "text/csv, application/json",
            "text/csv;q=0.5, application/json;q=0.5, application/problem+json",
            "text/*, application/*",
            "text/csv;q=0.1, application/json;q=0.2",
            "text/csv;q=0",
            "text/csv;q=0, */*",
            "text/csv;q=0, text/*",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "application/json, text/plain, */*",
            "text/html",
            "csv",
        ] {
            assert_eq!(of(None, accept), Format::Json, "{accept}");
            assert_eq!(of(Some("csv"), accept), Format::Csv, "{accept}");
        }
        assert_eq!(Format::of(None, &HeaderMap::new()), Format::Json);
    }
}
