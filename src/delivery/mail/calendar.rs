//! The file for calendars that goes with mails about events (RFC 5545, RFC 5546): the same pass is the same entry, and
//! what has a higher number takes its place.

use chrono::Offset as _;
use icalendar::{Calendar, Component as _, Event, EventLike as _, EventStatus, Parameter, Property};

use crate::records::Timestamp;
use crate::records::pass::{EventDetails, Pass};

/// How times are written.
const LOCAL: &str = "%Y%m%dT%H%M%S";

/// What a calendar does with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// It keeps it, as it is now.
    Publish,
    /// It takes it out.
    Cancel,
}

impl Method {
    /// Its word.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Method::Publish => "PUBLISH",
            Method::Cancel => "CANCEL",
        }
    }
}

/// Who sends the entry.
pub(super) struct Organizer<'a> {
    /// The shop's name, as customers know it.
    pub(super) name: &'a str,
    /// Its address.
    pub(super) email: &'a str,
}

/// An entry.
pub(super) struct Entry<'a> {
    /// What tells it from all others, for ever.
    pub(super) uid: String,
    /// What it is for.
    pub(super) pass: &'a Pass,
    /// More words about it.
    pub(super) description: String,
    /// Who sends it.
    pub(super) organizer: Organizer<'a>,
    /// When it was written.
    pub(super) written_at: Timestamp,
}

/// A file for calendars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CalendarFile {
    /// What a calendar does with it.
    pub(super) method: Method,
    /// What stands in it, with CR LF at the ends of lines.
    pub(super) text: String,
}

/// Writes an entry.
pub(super) fn file(entry: &Entry<'_>, method: Method) -> CalendarFile {
    let Pass { event, sequence, .. } = entry.pass;
    let mut made = Event::new();
    made.uid(&entry.uid).timestamp(entry.written_at.utc()).summary(&event.name).location(&place(event));
    made.description(&plain(&entry.description));
    made.append_property(time("DTSTART", event.starts_at, event));
    made.append_property(time("DTEND", event.over_at(), event));
    made.append_property(organizer(&entry.organizer));
    if let Some(url) = &event.url {
        made.url(url);
    }
    match method {
        Method::Publish => made.sequence(*sequence).status(EventStatus::Confirmed),
        Method::Cancel => made.sequence(sequence.saturating_add(1)).status(EventStatus::Cancelled),
    };
    let mut calendar = Calendar::empty();
    for (name, value) in [("VERSION", "2.0"), ("PRODID", "-//Grapevine//Passes//EN"), ("METHOD", method.as_str())] {
        calendar.append_property(Property::new(name, value));
    }
    calendar.push(made.done());
    CalendarFile { method, text: with_zone(&calendar.to_string(), event) }
}

/// A time at the event's place; one that its zone's hour at the beginning does not fit, in UTC.
fn time(name: &str, at: Timestamp, event: &EventDetails) -> Property {
    let zone = event.zone();
    let local = at.utc().with_timezone(&zone);
    let begins = event.starts_at.utc().with_timezone(&zone);
    if local.offset().fix() != begins.offset().fix() {
        return Property::new(name, format!("{}Z", at.utc().format(LOCAL)));
    }
    Property::new(name, local.format(LOCAL).to_string()).append_parameter(Parameter::new("TZID", zone.name())).done()
}

/// What the zone is at the event's time: a file that names a zone says what it is (RFC 5545, 3.6.5).
fn with_zone(calendar: &str, event: &EventDetails) -> String {
    let zone = event.zone();
    let seconds = event.starts_at.utc().with_timezone(&zone).offset().fix().local_minus_utc();
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs() / 60);
    let offset = format!("{sign}{:02}{:02}", minutes / 60, minutes % 60);
    let said = format!(
        "BEGIN:VTIMEZONE\r\nTZID:{}\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:{offset}\r\n\
         TZOFFSETTO:{offset}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n",
        zone.name()
    );
    calendar.replacen("BEGIN:VEVENT", &format!("{said}BEGIN:VEVENT"), 1)
}

fn place(event: &EventDetails) -> String {
    match &event.address {
        Some(address) => format!("{}, {}", &*event.place, &**address),
        None => event.place.to_string(),
    }
}

/// A value of a parameter cannot hold a quote.
fn organizer(organizer: &Organizer<'_>) -> Property {
    let name: String = organizer.name.chars().filter(|c| *c != '"' && !c.is_control()).collect();
    let mut property = Property::new("ORGANIZER", format!("mailto:{}", organizer.email));
    if !name.is_empty() {
        property.add_parameter("CN", &name);
    }
    property.done()
}

/// The library writes a line feed as calendars want it, and leaves a carriage return as it is.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass(more: &str) -> Pass {
        let text = format!(
            r#"{{"event":{{"name":"Tasting; \"late\", long","starts_at":"2026-12-24T17:00:00.000Z",
                "time_zone":"Europe/Berlin","place":"Cellar"{more}}},"seats":2,"sequence":3}}"#
        );
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn written(pass: &Pass, method: Method) -> String {
        let organizer = Organizer { name: "Kaffee \"Grün\", GmbH", email: "hallo@shop.example" };
        let (uid, description) = ("vch_1@shop.example".to_owned(), "Two\r\nlines".to_owned());
        let written_at = Timestamp::from_ms(1_795_514_400_000);
        file(&Entry { uid, pass, description, organizer, written_at }, method).text
    }

    /// The lines as they were before they were folded.
    fn lines(text: &str) -> Vec<String> {
        text.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn an_entry_says_when_and_where_at_its_place() {
        let event = r#","ends_at":"2026-12-24T20:30:00.000Z","address":"Lindenstraße 5, 10969 Berlin","url":"https://shop.example/e?a=1,2;3""#;
        let text = written(&pass(event), Method::Publish);
        let lines = lines(&text);
        let expected = [
            "METHOD:PUBLISH",
            "TZID:Europe/Berlin",
            "TZOFFSETTO:+0100",
            "UID:vch_1@shop.example",
            "DTSTAMP:20261124T100000Z",
            "DTSTART;TZID=Europe/Berlin:20261224T180000",
            "DTEND;TZID=Europe/Berlin:20261224T213000",
            "SEQUENCE:3",
            "STATUS:CONFIRMED",
            r#"SUMMARY:Tasting\; "late"\, long"#,
            r"LOCATION:Cellar\, Lindenstraße 5\, 10969 Berlin",
            r"DESCRIPTION:Two\nlines",
            "URL:https://shop.example/e?a=1,2;3",
            r#"ORGANIZER;CN="Kaffee Grün, GmbH":mailto:hallo@shop.example"#,
        ];
        for line in expected {
            assert!(lines.iter().any(|written| written == line), "{line} is missing:\n{text}");
        }
        assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{text}");
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    }

    #[test]
    fn what_is_cancelled_takes_the_place_of_what_was_there() {
        let lines = lines(&written(&pass(""), Method::Cancel));
        for line in ["METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:4", "UID:vch_1@shop.example"] {
            assert!(lines.iter().any(|written| written == line), "{line}");
        }
    }

    #[test]
    fn an_end_behind_a_change_of_the_clock_is_told_in_utc() {
        let text = r#"{"event":{"name":"Night","starts_at":"2026-10-24T20:00:00.000Z","ends_at":"2026-10-25T02:00:00.000Z",
                       "time_zone":"Europe/Berlin","place":"Cellar"},"seats":1,"sequence":0}"#;
        let lines = lines(&written(&serde_json::from_str(text).expect("a pass"), Method::Publish));
        for line in ["DTSTART;TZID=Europe/Berlin:20261024T220000", "TZOFFSETTO:+0200", "DTEND:20261025T020000Z"] {
            assert!(lines.iter().any(|written| written == line), "{line}: {lines:?}");
        }
    }
}
