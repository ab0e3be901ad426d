//! That people were let in by a pass: once, or more often where doors could not ask.

use serde::{Deserialize, Serialize};

use crate::record;
use crate::records::audit::Actor;
use crate::records::{Id, Json, Timestamp};

/// Further times of one pass that are kept.
pub const CONFLICTS: usize = 100;

/// One time that people were let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrance {
    /// When.
    pub at: Timestamp,
    /// Where.
    pub gate: String,
    /// Who told of it.
    pub by: Actor,
    /// When that was told.
    pub told_at: Timestamp,
}

record! {
    /// An admission, named after its pass: there is one.
    versioned Admission in "admissions" {
        /// The pass.
        voucher: Id,
        /// The earliest time.
        first: Json<Entrance>,
        /// Further times, the earliest first: doors that could not ask let the same pass in again.
        others: Json<Vec<Entrance>>,
        /// When it was first told of.
        created_at: Timestamp,
    }
}

/// What became of a time that was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    /// It was known.
    Known,
    /// It is noted.
    New,
    /// So many are noted that no more is kept.
    Full,
}

impl Admission {
    /// The id of a pass's admission.
    pub fn id_of(voucher: Id) -> Id {
        voucher.sibling("adm")
    }

    /// Notes one more time. In whichever order they are told, the earliest is the one that counts.
    pub fn note(&mut self, entrance: Entrance) -> Noted {
        let is_it = |known: &Entrance| (known.at, known.gate.as_str()) == (entrance.at, entrance.gate.as_str());
        if is_it(&self.first) || self.others.iter().any(is_it) {
            return Noted::Known;
        }
        if self.others.len() >= CONFLICTS {
            return Noted::Full;
        }
        self.others.0.push(entrance);
        self.others.0.push(self.first.0.clone());
        self.others.0.sort_by(|one, other| (one.at, &one.gate).cmp(&(other.at, &other.gate)));
        self.first.0 = self.others.0.remove(0);
        Noted::New
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::records::audit::ActorKind;

    fn entrance(at: i64, gate: &str) -> Entrance {
        let by = Actor { kind: ActorKind::System, id: None, name: "grapevine".to_owned() };
        Entrance { at: Timestamp::from_ms(at), gate: gate.to_owned(), by, told_at: Timestamp::from_ms(9) }
    }

    fn told(times: &[(i64, &str)]) -> Admission {
        let (first, others) = times.split_first().expect("a time");
        let voucher = Id::of("vch", &["pass"]);
        let mut admission = Admission {
            id: Admission::id_of(voucher),
            shop: Id::of("shp", &["shop"]),
            version: 0,
            voucher,
            first: Json(entrance(first.0, first.1)),
            others: Json::default(),
            created_at: Timestamp::from_ms(9),
        };
        for (at, gate) in others {
            admission.note(entrance(*at, gate));
        }
        admission
    }

    #[test]
    fn no_more_are_kept_than_somebody_looks_at() {
        let times: Vec<(i64, &str)> = (0..=101).map(|at| (at, "north")).collect();
        let mut full = told(&times[..=CONFLICTS]);
        assert_eq!(full.others.len(), CONFLICTS);
        assert_eq!(full.note(entrance(500, "north")), Noted::Full);
        assert_eq!(full.note(entrance(7, "north")), Noted::Known);
    }

    proptest! {
        #[test]
        fn in_whichever_order_and_however_often_they_are_told_they_come_to_the_same(
            times in prop::collection::vec((0..5i64, prop::sample::select(vec!["north", "south"])), 1..8),
            again in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        ) {
            let mut other = times.clone();
            other.reverse();
            let again: Vec<_> = again.iter().map(|index| *index.get(&times)).collect();
            other.extend(again);
            let (one, other) = (told(&times), told(&other));
            prop_assert_eq!(&one.first.0, &other.first.0);
            prop_assert_eq!(&one.others.0, &other.others.0);
            prop_assert!(one.others.iter().all(|later| (later.at, &later.gate) > (one.first.at, &one.first.gate)));
        }
    }
}
