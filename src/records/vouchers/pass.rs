//! A pass: the right to attend an event, once. It is a voucher that no cart takes and that is shown at a door.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::records::Timestamp;
use crate::records::spelling::caseless;
use crate::records::text::{Name, Reference, Text};
use crate::records::time::DAY_MS;

/// How long before it begins people are let in, milliseconds: 12 hours.
const DOORS_MS: i64 = DAY_MS / 2;
/// How long an event takes of which nobody said when it ends, milliseconds; at least to the end of its day.
const UNSAID_MS: i64 = DAY_MS / 2;
/// The longest event, days.
const LONGEST_DAYS: i64 = 366;
/// Seats of one pass.
const SEATS: std::ops::RangeInclusive<i64> = 1..=20;

/// An event that people attend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventDetails {
    /// What it is called.
    pub name: Name,
    /// The shop's own id of it; left out: it is known by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it is over (first instant too late), at most 366 days later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// The zone of its place, by which people read its times: `Europe/Berlin`.
    pub time_zone: Text<1, 64>,
    /// Where it is.
    pub place: Name,
    /// How one gets there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Text<1, 500>>,
    /// More about it, absolute https.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Text<1, 2000>>,
}

impl EventDetails {
    /// What is wrong with it: the field and a sentence.
    pub fn fault(&self) -> Option<(&'static str, &'static str)> {
        if self.time_zone.parse::<chrono_tz::Tz>().is_err() {
            return Some(("event/time_zone", "an IANA time zone is expected, for example Europe/Berlin"));
        }
        match self.ends_at {
            Some(end) if end <= self.starts_at => return Some(("event/ends_at", "an event ends after it begins")),
            Some(end) if end > self.starts_at.plus_days(LONGEST_DAYS) => {
                return Some(("event/ends_at", "an event takes 366 days at most"));
            }
            _ => {}
        }
        let is_web = |link: &str| {
            let url =
                Url::parse(link).ok().filter(|_| !link.contains(['\\', '"']) && !link.contains(char::is_whitespace));
            url.is_some_and(|url| url.scheme() == "https" && url.username().is_empty() && url.password().is_none())
        };
        let is_wrong = self.url.as_deref().is_some_and(|link| !is_web(link));
        is_wrong.then_some(("event/url", "an absolute https URL is expected"))
    }

    /// Its zone; what is stored was checked.
    pub fn zone(&self) -> chrono_tz::Tz {
        self.time_zone.parse().unwrap_or(chrono_tz::UTC)
    }

    /// From when people are let in.
    pub fn doors_at(&self) -> Timestamp {
        self.starts_at.plus_ms(-DOORS_MS)
    }

    /// The first instant at which nobody is let in any more.
    pub fn over_at(&self) -> Timestamp {
        let unsaid = || self.starts_at.plus_ms(UNSAID_MS).max(self.starts_at.end_of_day_after(0, self.zone()));
        self.ends_at.unwrap_or_else(unsaid)
    }

    /// By what it is known: the shop's own id of it, or its name, in any case.
    pub fn key(&self) -> String {
        event_key(self.reference.as_deref().unwrap_or(&self.name))
    }

    /// The day on which it begins, at its place: `20261224`.
    pub fn day(&self) -> String {
        self.starts_at.day_in(self.zone()).format("%Y%m%d").to_string()
    }
}

/// What an event is known by, as it is compared.
pub fn event_key(text: &str) -> String {
    caseless(text.trim())
}

/// What a pass lets people attend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    /// The event.
    pub event: EventDetails,
    /// How many people it lets in, together.
    pub seats: i64,
    /// How often its event was changed: what calendars go by.
    pub sequence: u32,
    /// Whether its event was changed by hand: it no longer follows that of its offer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_own: bool,
}

/// What is wrong with a number of seats.
pub fn fault_in_seats(seats: i64) -> Option<(&'static str, &'static str)> {
    (!SEATS.contains(&seats)).then_some(("seats", "1 to 20 seats are expected"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(more: &str) -> EventDetails {
        let text = format!(
            r#"{{"name":"Tasting","starts_at":"2026-12-24T17:00:00.000Z","time_zone":"Europe/Berlin","place":"Cellar"{more}}}"#
        );
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn an_event_has_a_place_in_time() {
        let table = [
            (r#","ends_at":"2026-12-24T17:00:00.000Z""#, Some("event/ends_at")),
            (r#","ends_at":"2026-12-24T17:00:00.001Z""#, None),
            (r#","ends_at":"2027-12-25T17:00:00.000Z""#, None),
            (r#","ends_at":"2027-12-25T17:00:00.001Z""#, Some("event/ends_at")),
            (r#","url":"https://shop.example/tasting""#, None),
            (r#","url":"http://shop.example/""#, Some("event/url")),
            (r#","url":"javascript:alert(1)""#, Some("event/url")),
            (r#","url":"https://a@shop.example/""#, Some("event/url")),
        ];
        for (more, fault) in table {
            assert_eq!(event(more).fault().map(|(field, _)| field), fault, "{more}");
        }
        let zone = Text::parse("Europe/Atlantis").expect("a text");
        assert_eq!(
            EventDetails { time_zone: zone, ..event("") }.fault().map(|(field, _)| field),
            Some("event/time_zone")
        );
    }

    #[test]
    fn people_are_let_in_from_twelve_hours_before_until_it_is_over() {
        let times = |event: &EventDetails| (event.doors_at().to_string(), event.over_at().to_string());
        let at = |doors: &str, over: &str| (doors.to_owned(), over.to_owned());
        assert_eq!(times(&event("")), at("2026-12-24T05:00:00.000Z", "2026-12-25T05:00:00.000Z"));
        let said = event(r#","ends_at":"2026-12-24T20:00:00.000Z""#);
        assert_eq!(times(&said), at("2026-12-24T05:00:00.000Z", "2026-12-24T20:00:00.000Z"));
        let early = Timestamp::from_ms(said.starts_at.ms() - 16 * 3_600_000);
        let early = EventDetails { starts_at: early, ends_at: None, ..said };
        assert_eq!(early.over_at().to_string(), "2026-12-24T23:00:00.000Z", "to the end of its day at its place");
    }

    #[test]
    fn an_event_is_known_by_its_id_or_its_name() {
        assert_eq!(event("").key(), event_key(" TASTING "));
        assert_eq!(event(r#","reference":"E-7""#).key(), event_key("e-7"));
        assert_eq!(event("").day(), "20261224");
    }
}
