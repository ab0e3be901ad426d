//! Proofs that of a day no event is missing: which numbers it has, and a digest of what each is. What an erasure takes
//! from an event is not part of it, so that a proof is the same for ever.

use std::ops::ControlFlow;

use aws_lc_rs::digest::{Context, SHA256};
use chrono::NaiveDate;
use serde::Serialize;

use super::inquiries::{Inquiry, Note};
use crate::records::time::midnight;
use crate::records::{Event, Id, Shop, ShopHead, Timestamp};
use crate::store::connection::Use;
use crate::store::queries::{events, records};
use crate::store::{Connection, StoreError, StoreResult, Target};
use crate::vault::hex;

/// Events that are read at once.
const AT_ONCE: usize = 1_000;

/// Where events are.
pub struct Proofs {
    /// The database.
    pub target: Target,
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Progress {
    /// Events that were looked at.
    pub done: i64,
}

/// What a day had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// The shop.
    pub shop: Id,
    /// The day, in the shop's time zone: `2026-11-30`.
    pub day: String,
    /// The number of its first event; of a day without one, that of the next.
    pub from_seq: i64,
    /// The number of its last; of a day without one, the one before `from_seq`.
    pub to_seq: i64,
    /// How many it has.
    pub count: i64,
    /// SHA-256, hexadecimal, of a line for each: `SEQ ID TYPE TIMESTAMP` and a line feed.
    pub sha256: String,
}

impl Inquiry for Proofs {
    const NAME: &'static str = "proofs";
    type Question = (Id, NaiveDate);
    type Progress = Progress;
    type Report = Proof;

    fn key((shop, day): &(Id, NaiveDate)) -> String {
        format!("{shop} {day}")
    }

    fn work_out(&self, (shop, day): &(Id, NaiveDate), note: Note<'_, Progress>) -> StoreResult<Proof> {
        let mut connection = self.target.connect(Use::Read)?;
        let found = records::get::<Shop>(&mut connection, *shop, *shop)?;
        let head = records::get::<ShopHead>(&mut connection, *shop, *shop)?;
        let (Some(found), Some(head)) = (found, head) else {
            return Err(StoreError::Failed(format!("there is no shop {shop}")));
        };
        let next = day.succ_opt().unwrap_or(*day);
        let (from, to) = (midnight(*day, found.zone()), midnight(next, found.zone()));
        let mut at = |seq: i64| Ok(event(&mut connection, *shop, seq)?.created_at);
        let (first, end) = (first_from(&mut at, head.seq, from)?, first_from(&mut at, head.seq, to)?);
        let mut digest = Context::new(&SHA256);
        let mut seq = first - 1;
        while seq < end - 1 {
            let read = events::after(&mut connection, *shop, seq, AT_ONCE)?;
            let before = seq;
            for event in read.into_iter().take_while(|event| event.seq < end) {
                digest.update(line(&event).as_bytes());
                seq = event.seq;
            }
            if seq == before || note(Progress { done: seq - first + 1 }) == ControlFlow::Break(()) {
                return Err(StoreError::Failed("the events of a day could not be read".to_owned()));
            }
        }
        let sha256 = hex(digest.finish().as_ref());
        Ok(Proof { shop: *shop, day: day.to_string(), from_seq: first, to_seq: end - 1, count: end - first, sha256 })
    }
}

/// What of an event is proved.
fn line(event: &Event) -> String {
    let at = serde_json::to_string(&event.created_at).unwrap_or_default();
    format!("{} {} {} {}\n", event.seq, event.id, event.kind, at.trim_matches('"'))
}

fn event(connection: &mut Connection, shop: Id, seq: i64) -> StoreResult<Event> {
    let found = events::after(connection, shop, seq - 1, 1)?.pop().filter(|event| event.seq == seq);
    found.ok_or_else(|| StoreError::Failed(format!("event {seq} of {shop} cannot be read")))
}

/// The number of the first event that is not before an instant; one more than the last where all are. A shop's time
/// never goes back, and so its events are in the order of their times.
fn first_from(at: &mut impl FnMut(i64) -> StoreResult<Timestamp>, last: i64, instant: Timestamp) -> StoreResult<i64> {
    let (mut low, mut high) = (1, last + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        if at(middle)? < instant {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_event_of_a_day_is_found() {
        let times = [10, 10, 20, 30, 30, 30, 40];
        let find = |instant: i64| {
            let mut at = |seq: i64| Ok(Timestamp::from_ms(times[usize::try_from(seq - 1).expect("a place")]));
            first_from(&mut at, 7, Timestamp::from_ms(instant)).expect("it is found")
        };
        let found: Vec<i64> = [0, 10, 11, 20, 25, 30, 31, 40, 41].map(find).to_vec();
        assert_eq!(found, [1, 1, 3, 3, 4, 4, 7, 7, 8]);
        let mut none = |_: i64| panic!("there is none");
        assert_eq!(first_from(&mut none, 0, Timestamp::from_ms(5)).expect("none"), 1);
    }
}
