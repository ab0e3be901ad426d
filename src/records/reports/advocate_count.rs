//! What is counted of an advocate in a program, for each month and for all time: what of the counters of days her records
//! count for, told apart by her instead of by channel.
//!
//! Each order is another advocate's, so these counters are not written with it: what a batch adds to them is noted as one
//! line, and lines are merged into the counters a little later. Counted and waiting together are the sum over the records.

use std::collections::BTreeMap;

use crate::records::Id;
use crate::records::day_count::{Counts, DayKey, Figure, Sums};
use crate::records::time::{day_number, day_of_number};
use chrono::Datelike;

/// The figures that are kept, as columns are called.
pub const FIGURES: [Figure; 6] =
    [Figure::Referrals, Figure::Orders, Figure::Kept, Figure::Revenue, Figure::Refunded, Figure::RewardCost];

/// The month under which everything of all time stands.
pub const ALL_TIME: i64 = 0;

/// Where something is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AdvocateKey {
    /// The first day of the month in the shop's time zone, days since 1970, or [`ALL_TIME`].
    pub month: i64,
    /// The program.
    pub program: String,
    /// The advocate, as the record names her.
    pub advocate: Id,
}

impl AdvocateKey {
    /// Of what counts on a day; `None`: it is credited in no program.
    pub fn of(day: &DayKey, advocate: Id) -> Option<Self> {
        let month = day_of_number(day.day).and_then(|day| day.with_day(1)).map_or(day.day, day_number);
        (!day.program.is_empty()).then(|| Self { month, program: day.program.clone(), advocate })
    }

    /// The same of all time.
    #[must_use]
    pub fn of_all_time(&self) -> Self {
        Self { month: ALL_TIME, ..self.clone() }
    }
}

/// So much of each of the [`FIGURES`].
pub type Brought = Sums<{ FIGURES.len() }>;

/// What of counts is kept.
pub fn brought(counts: &Counts) -> Brought {
    Sums(FIGURES.map(|figure| counts.get(figure)))
}

/// So much of each advocate.
pub type AdvocateCounts = BTreeMap<AdvocateKey, Brought>;

/// Changes as one line tells them.
pub fn packed(counts: &AdvocateCounts) -> String {
    let rows: Vec<_> =
        counts.iter().map(|(key, brought)| (key.month, &key.program, key.advocate.text(), brought.0)).collect();
    serde_json::to_string(&rows).unwrap_or_default()
}

/// Reads them back.
pub fn unpacked(line: &str) -> Option<AdvocateCounts> {
    let rows: Vec<(i64, String, String, [i64; FIGURES.len()])> = serde_json::from_str(line).ok()?;
    let mut counts = AdvocateCounts::new();
    for (month, program, advocate, brought) in rows {
        let key = AdvocateKey { month, program, advocate: advocate.parse().ok()? };
        counts.entry(key).or_default().add(&Sums(brought));
    }
    Some(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_back() {
        let key = |advocate: u8| AdvocateKey {
            month: 20_000,
            program: "prg".to_owned(),
            advocate: Id::new("cus", 1, [advocate; 10]),
        };
        let counts =
            AdvocateCounts::from([(key(1), Sums([1, -2, 3, i64::MAX, 0, 0])), (key(2), Sums([0, 0, 0, 0, 0, -7]))]);
        assert_eq!(unpacked(&packed(&counts)), Some(counts));
        for line in ["", "[[1]]", r#"[[1,"p","nobody",[0,0,0,0,0,0]]]"#] {
            assert_eq!(unpacked(line), None, "{line}");
        }
    }
}
