//! Trials: a program may keep some of its advocates without an offer, to find out what it adds.
//!
//! Each advocate falls into one of [`PARTS`] parts of a program, by a hash of both, and stays there; the first so many
//! parts are held out. As parts are equally large by chance, what differs between those with an offer and those without
//! comes of the offer, and how much parts differ among themselves says how sure that is (N. Chamandy, O. Muralidharan,
//! A. Najmi and S. Naidu, "Estimating uncertainty for massive data streams", 2012).

use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};

use crate::records::{BadColumn, Column, Id, Kind, Timestamp, Value};

/// Parts into which the advocates of a program fall.
pub const PARTS: i64 = 200;
/// Parts that one percent is.
const PARTS_OF_PERCENT: i64 = PARTS / 100;
/// The least that is held out, percent: of fewer than four parts nobody can say how far they differ.
pub const LEAST_PERCENT: i64 = 2;
/// The most that is held out, percent.
pub const MOST_PERCENT: i64 = 50;
/// Trials of one program.
pub const TRIALS: usize = 50;

/// By how much an arm's number rises from one trial to the next.
const STRIDE: i64 = 1_000;

/// So much was held out, from one change of it to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// From 1, in the program.
    pub number: i64,
    /// Of all advocates, percent.
    pub percent: i64,
    /// Who began to recommend from here is in it.
    pub from: Timestamp,
    /// Until here (first instant too late).
    pub until: Option<Timestamp>,
}

impl Trial {
    /// Parts that are held out.
    pub fn held_out(&self) -> i64 {
        self.percent * PARTS_OF_PERCENT
    }

    /// Where an advocate stands.
    pub fn arm(&self, program: Id, advocate: Id) -> Arm {
        let hash = digest::digest(&digest::SHA256, format!("{program}/{advocate}").as_bytes());
        let number = hash.as_ref().iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        let part = i64::try_from(number % PARTS.unsigned_abs()).unwrap_or_default();
        Arm { trial: self.number, part, is_held_out: part < self.held_out() }
    }
}

/// Where an advocate stands in the trial in which they began to recommend; it stays so whatever becomes of the trial.
///
/// Stored as `trial × 1 000 + part`, and below zero where they are held out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Arm {
    /// The number of the trial.
    pub trial: i64,
    /// The part, from 0.
    pub part: i64,
    /// Whether they have no offer.
    pub is_held_out: bool,
}

impl Arm {
    /// As it is stored.
    pub fn number(self) -> i64 {
        let number = self.trial * STRIDE + self.part;
        if self.is_held_out { -number } else { number }
    }

    /// Reads it back; `None`: it is no arm.
    pub fn parse(number: i64) -> Option<Self> {
        let (trial, part) = (number.checked_abs()? / STRIDE, number.checked_abs()? % STRIDE);
        (trial > 0 && part < PARTS).then_some(Self { trial, part, is_held_out: number < 0 })
    }

    /// The least and the greatest number of those of a trial that are held out, or of the others.
    pub fn numbers(trial: i64, is_held_out: bool) -> (i64, i64) {
        let [first, last] = [0, PARTS - 1].map(|part| Self { trial, part, is_held_out }.number());
        (first.min(last), first.max(last))
    }
}

impl Column for Arm {
    const KIND: Kind = Kind::Int;
    fn to_value(&self) -> Value {
        self.number().to_value()
    }
    fn from_value(value: Value) -> Result<Self, BadColumn> {
        let number = i64::from_value(value)?;
        Self::parse(number).ok_or_else(|| BadColumn(format!("no arm of a trial: {number}")))
    }
}

/// When an advocate began to recommend in a program, and where they have stood since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Began {
    /// When they first shared.
    pub at: Timestamp,
    /// Where they stand in the trial of that time, where there was one.
    pub arm: Option<Arm>,
}

/// Whether that is somebody without an offer.
pub fn is_held_out(arm: Option<Arm>) -> bool {
    arm.is_some_and(|arm| arm.is_held_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trial(percent: i64) -> Trial {
        Trial { number: 3, percent, from: Timestamp::default(), until: None }
    }

    #[test]
    fn arms_are_read_back_and_those_of_a_trial_stand_together() {
        for is_held_out in [false, true] {
            let (first, last) = Arm::numbers(7, is_held_out);
            for part in 0..PARTS {
                let arm = Arm { trial: 7, part, is_held_out };
                assert_eq!(Arm::parse(arm.number()), Some(arm));
                assert!((first..=last).contains(&arm.number()), "{arm:?}");
            }
            for trial in [6, 8] {
                let (before, behind) = Arm::numbers(trial, is_held_out);
                assert!(behind < first || last < before, "{trial}");
            }
        }
        for number in [0, 999, -1, 7_200, i64::MIN] {
            assert_eq!(Arm::parse(number), None, "{number}");
        }
    }

    #[test]
    fn so_many_are_held_out_as_was_said_and_who_was_stays_so_when_more_are() {
        let program = Id::of("prg", &["tell"]);
        let advocates: Vec<Id> = (0..10_000).map(|n: i32| Id::of("cus", &[&n.to_string()])).collect();
        for percent in [LEAST_PERCENT, 5, 20, MOST_PERCENT] {
            let held = |percent| {
                let of = move |advocate: &&Id| trial(percent).arm(program, **advocate).is_held_out;
                advocates.iter().filter(of).copied().collect::<Vec<Id>>()
            };
            let (here, more) = (held(percent), held(percent + 5));
            let many = i64::try_from(here.len()).expect("small");
            // Six times the standard deviation of so many draws.
            assert!((many - percent * 100).abs() < 300, "{many} of 10 000 for {percent} %");
            assert!(here.iter().all(|advocate| more.contains(advocate)), "{percent} %");
        }
    }

    /// Who is held out in one program is not for that in the next.
    #[test]
    fn programs_have_parts_of_their_own() {
        let held = |program: &str| {
            let program = Id::of("prg", &[program]);
            let arm = move |n: &i32| trial(50).arm(program, Id::of("cus", &[&n.to_string()])).is_held_out;
            (0..2_000).filter(arm).collect::<Vec<i32>>()
        };
        let (one, other) = (held("one"), held("other"));
        let both = one.iter().filter(|n| other.contains(n)).count();
        assert!((350..650).contains(&both), "{both}, where 500 are expected of chance");
    }
}
