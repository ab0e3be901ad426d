//! A page of events: those that one batch raised in a shop, packed into one row.
//!
//! An order raises several events, which tell much of the same; a row for each would be half of all that is written.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::record;
use crate::records::{BadColumn, Bytes, Event, EventKind, Id, Timestamp};

/// The most that a page may come to when it is unpacked, bytes; a batch raises far less.
const MOST: usize = 256 * 1024 * 1024;
/// By what a page says that it may tell of a record, without being unpacked.
pub type Mark = [u8; MARK];
const MARK: usize = 4;
/// What stands in the place of a subject where there is none.
const NONE: &str = "-";

record! {
    /// Events that follow one another without a gap. What they tell changes when it is erased, and never else.
    versioned EventPage in "event_pages" {
        /// The number of the first.
        first_seq: i64,
        /// The number of the last.
        last_seq: i64,
        /// A mark of each subject, four bytes each, in order: an erasure need not unpack what tells of nobody whom it
        /// erases.
        subjects: Bytes,
        /// A line for each event, packed (LZ4 block format, behind its unpacked size as four bytes).
        body: Bytes,
    }
}

impl EventPage {
    /// The id of the page that begins with a number; it lies beside what was written when the shop's time was `at`.
    pub fn id_of(shop: Id, first_seq: i64, at: Timestamp) -> Id {
        let beside = Id::new("evp", at.ms(), [0; 10]);
        Id::of("evp", &[&shop.to_string(), &first_seq.to_string()]).beside(Some(beside))
    }

    /// A page of events that follow one another; `None`: there are none.
    pub fn of(id: Id, events: &[impl AsRef<Event>]) -> Option<Self> {
        let (first, last) = (events.first()?.as_ref(), events.last()?.as_ref());
        let mut text = String::with_capacity(events.iter().map(|event| event.as_ref().data.len() + 96).sum());
        let mut marks = Vec::with_capacity(events.len());
        for event in events.iter().map(AsRef::as_ref) {
            write_line(&mut text, event);
            marks.extend(event.subject.map(Self::mark));
        }
        marks.sort_unstable();
        marks.dedup();
        Some(Self {
            id,
            shop: first.shop,
            version: 0,
            first_seq: first.seq,
            last_seq: last.seq,
            subjects: Bytes(marks.concat()),
            body: Bytes(lz4_flex::compress_prepend_size(text.as_bytes())),
        })
    }

    /// The events.
    ///
    /// # Errors
    ///
    /// The row was changed by other hands.
    pub fn events(&self) -> Result<Vec<Event>, BadColumn> {
        let text = self.text()?;
        let lines = text.lines().zip(self.first_seq..);
        let events = lines.map(|(line, seq)| read_line(line, self.shop, seq)).collect::<Option<Vec<_>>>();
        let is_whole = |events: &Vec<Event>| events.last().map(|event| event.seq) == Some(self.last_seq);
        events.filter(is_whole).ok_or_else(|| {
            BadColumn(format!("page {} is not of events {} to {}", self.id, self.first_seq, self.last_seq))
        })
    }

    /// The event of a number.
    ///
    /// # Errors
    ///
    /// The row was changed by other hands.
    pub fn event(&self, seq: i64) -> Result<Option<Event>, BadColumn> {
        let Some(place) = seq.checked_sub(self.first_seq).and_then(|place| usize::try_from(place).ok()) else {
            return Ok(None);
        };
        let text = self.text()?;
        let read =
            |line| read_line(line, self.shop, seq).ok_or_else(|| BadColumn(format!("event {seq} of {}", self.id)));
        text.lines().nth(place).map(read).transpose()
    }

    /// The mark of a record. Ids of one instant begin alike; they differ at their end.
    pub fn mark(subject: Id) -> Mark {
        let mut mark = [0; MARK];
        mark.copy_from_slice(&subject.to_bytes()[16 - MARK..]);
        mark
    }

    /// The same page without what it tells of these subjects, each up to a number; `None`: it tells nothing of them.
    ///
    /// # Errors
    ///
    /// The row was changed by other hands.
    pub fn without(&self, subjects: &HashMap<Id, i64>) -> Result<Option<Self>, BadColumn> {
        let mut events = self.events()?;
        let mut is_told = false;
        for event in &mut events {
            let Some(subject) = event.subject else { continue };
            if subjects.get(&subject).is_some_and(|until| event.seq <= *until) && !event.is_erased() {
                event.data = Event::erased_data(subject);
                is_told = true;
            }
        }
        let page = Self::of(self.id, &events).filter(|_| is_told);
        Ok(page.map(|page| Self { version: self.version, ..page }))
    }

    fn text(&self) -> Result<String, BadColumn> {
        let bad = |why: &dyn std::fmt::Display| BadColumn(format!("page {} cannot be unpacked: {why}", self.id));
        let size = self.body.first_chunk().map_or(0, |size| u32::from_le_bytes(*size));
        if usize::try_from(size).unwrap_or(usize::MAX) > MOST {
            return Err(bad(&"it says that it is too large"));
        }
        let bytes = lz4_flex::decompress_size_prepended(&self.body).map_err(|error| bad(&error))?;
        String::from_utf8(bytes).map_err(|error| bad(&error))
    }
}

/// The data of an event is JSON without a line break.
fn write_line(text: &mut String, event: &Event) {
    let Event { id, kind, created_at, data, .. } = event;
    let written = match event.subject {
        Some(subject) => writeln!(text, "{id} {kind} {subject} {} {data}", created_at.ms()),
        None => writeln!(text, "{id} {kind} {NONE} {} {data}", created_at.ms()),
    };
    written.expect("a text takes what is written to it");
}

fn read_line(line: &str, shop: Id, seq: i64) -> Option<Event> {
    let mut words = line.splitn(5, ' ');
    let id = words.next()?.parse().ok()?;
    let kind = EventKind::parse(words.next()?)?;
    let subject = words.next().filter(|word| *word != NONE).map(str::parse).transpose().ok()?;
    let created_at = Timestamp::from_ms(words.next()?.parse().ok()?);
    let data = words.next()?.to_owned();
    Some(Event { id, shop, version: 1, seq, kind, subject, data, created_at })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event(seq: i64, subject: Option<Id>, data: &str) -> Event {
        Event {
            id: Id::of("evt", &[&seq.to_string()]),
            shop: Id::of("shp", &["shop"]),
            version: 0,
            seq,
            kind: EventKind::RewardPending,
            subject,
            data: data.to_owned(),
            created_at: Timestamp::from_ms(1_795_521_600_000 + seq),
        }
    }

    fn page(events: &[Event]) -> EventPage {
        EventPage::of(Id::of("evp", &["page"]), events).expect("there are some")
    }

    fn told(page: &EventPage) -> Vec<(i64, Option<Id>, String)> {
        let events = page.events().expect("it can be read");
        events.into_iter().map(|event| (event.seq, event.subject, event.data)).collect()
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(data in proptest::collection::vec("[^\\n\\r]{0,200}", 1..40), subjects in any::<[bool; 40]>()) {
            let subject = |place: usize| subjects[place].then(|| Id::of("rwd", &[&place.to_string()]));
            let events: Vec<Event> = data.iter().zip(7..).enumerate()
                .map(|(place, (data, seq))| event(seq, subject(place), data)).collect();
            let page = page(&events);
            let wrote: Vec<_> = events.iter().map(|event| (event.seq, event.subject, event.data.clone())).collect();
            prop_assert_eq!(told(&page), wrote);
            for event in &events {
                let read = page.event(event.seq).expect("it can be read").expect("it is there");
                prop_assert_eq!((&read.data, read.id, read.subject), (&event.data, event.id, event.subject));
            }
            prop_assert!(page.event(6).expect("it can be read").is_none() && page.event(page.last_seq + 1).expect("it can be read").is_none());
            prop_assert_eq!((page.first_seq, page.last_seq), (7, 6 + i64::try_from(data.len()).expect("few")));
            for subject in events.iter().filter_map(|event| event.subject) {
                prop_assert!(page.subjects.as_chunks().0.contains(&EventPage::mark(subject)));
            }
        }

        #[test]
        fn whatever_stands_there_is_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let page = EventPage { body: Bytes(body), ..page(&[event(1, None, "{}")]) };
            prop_assert!(page.events().is_err());
        }
    }

    #[test]
    fn what_is_erased_is_told_no_more() {
        let (his, hers) = (Id::of("cnv", &["his"]), Id::of("cnv", &["hers"]));
        let events =
            [event(1, Some(his), r#"{"a":1}"#), event(2, Some(hers), r#"{"b":1}"#), event(3, Some(his), r#"{"c":1}"#)];
        let page = EventPage { version: 4, ..page(&events) };
        let left = page.without(&HashMap::from([(his, 2)])).expect("it can be read").expect("something is told");
        let told: Vec<String> = told(&left).into_iter().map(|(_, _, data)| data).collect();
        assert_eq!(told, [Event::erased_data(his), r#"{"b":1}"#.to_owned(), r#"{"c":1}"#.to_owned()]);
        assert_eq!((left.id, left.version, left.subjects.clone()), (page.id, 4, page.subjects.clone()));
        assert_eq!(left.without(&HashMap::from([(his, 2)])).expect("it can be read").map(|page| page.id), None);
        let other = Id::of("cnv", &["others"]);
        assert!(page.without(&HashMap::from([(other, 9)])).expect("it can be read").is_none());
    }

    #[test]
    fn what_tells_much_of_the_same_is_small() {
        let data = format!(r#"{{"order_id":"o-1","items":"{}"}}"#, "x".repeat(2_000));
        let events: Vec<Event> = (1..=100).map(|seq| event(seq, None, &data)).collect();
        assert!(page(&events).body.len() < 20_000);
    }
}
