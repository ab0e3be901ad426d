//! What is counted of a month, by program, beside the counters of days: how fast it goes from hand to hand, how many
//! friends advocates win in their first days, and what comes of those with an offer and of those without. As there, what a
//! record counts for follows from the record alone.

use std::collections::BTreeMap;
use std::fmt;

use crate::records::time::DAY_MS;
use crate::records::trial::Arm;
use crate::records::{Conversion, Id, Referral, Share, Shop};
use crate::words;

/// The days within which friends are counted, from when their advocate began.
pub const WITHIN_DAYS: [i64; 3] = [7, 30, 90];

/// Where a class of times ends and the next one begins, minutes: none is longer than the time before it. Below the first
/// is the first class, above the last the last.
pub const BOUNDS_MINUTES: [i64; 38] = [
    1, 2, 3, 5, 8, 12, 20, 30, 45, 60, 90, 120, 180, 240, 360, 540, 720, 1_080, 1_440, 2_160, 2_880, 4_320, 5_760,
    7_200, 8_640, 10_080, 14_400, 20_160, 30_240, 43_200, 64_800, 86_400, 129_600, 172_800, 259_200, 388_800, 525_600,
    1_051_200,
];

const MINUTE_MS: i64 = 60_000;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// Customers who shared for the first time.
    Advocates,
    /// Friends of theirs who became known within so many days: the place in [`WITHIN_DAYS`].
    Won(usize),
    /// Shares that were sent by who came by another one, a class of times after that was made.
    Shared(usize),
    /// First orders of friends, a class of times after the share by which they came was made.
    Ordered(usize),
    /// A figure of one arm of a trial.
    Tried(Figure, Arm),
}

words! {
    /// What is compared between those with an offer and those without.
    Figure {
        /// Customers who began to recommend.
        Advocates = "advocates",
        /// Friends of theirs who became known.
        Friends = "friends",
        /// Orders that are credited to them.
        Orders = "orders",
        /// What is left of these, minor units.
        Revenue = "revenue",
    }
}

impl Figure {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Advocates, Self::Friends, Self::Orders, Self::Revenue];
}

impl What {
    /// Its word in the table; those of one kind stand together, in order.
    pub fn text(self) -> String {
        self.to_string()
    }

    /// Reads it back; `None`: nothing is called so.
    pub fn parse(text: &str) -> Option<Self> {
        let (word, number) = text.split_once('/').unwrap_or((text, ""));
        match word {
            "advocates" => Some(Self::Advocates),
            "won" => WITHIN_DAYS.iter().position(|days| number.parse() == Ok(*days)).map(Self::Won),
            "shared" => number.parse().ok().map(Self::Shared),
            "ordered" => number.parse().ok().map(Self::Ordered),
            "tried" => {
                let (figure, arm) = number.split_once('/')?;
                Some(Self::Tried(Figure::parse(figure)?, Arm::parse(arm.parse().ok()?)?))
            }
            _ => None,
        }
    }

    /// Which kind of records counts for it, by its turn among those that are counted.
    pub fn kind(self) -> usize {
        match self {
            Self::Advocates | Self::Shared(_) | Self::Tried(Figure::Advocates, _) => 0,
            Self::Won(_) | Self::Tried(Figure::Friends, _) => 1,
            Self::Ordered(_) | Self::Tried(Figure::Orders | Figure::Revenue, _) => 2,
        }
    }
}

/// Kinds of records that count for anything.
pub const KINDS: usize = 3;

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Advocates => f.write_str("advocates"),
            Self::Won(place) => write!(f, "won/{:02}", WITHIN_DAYS.get(*place).copied().unwrap_or_default()),
            Self::Shared(class) => write!(f, "shared/{class:02}"),
            Self::Ordered(class) => write!(f, "ordered/{class:02}"),
            Self::Tried(figure, arm) => write!(f, "tried/{figure}/{}", arm.number()),
        }
    }
}

/// Where something is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthKey {
    /// The first day of the month in the shop's time zone, days since 1970.
    pub month: i64,
    /// The program.
    pub program: String,
    /// What.
    pub what: What,
}

/// What a record counts for, and how much.
pub type Tallied = Vec<(MonthKey, i64)>;

/// So much of each.
pub type MonthTallies = BTreeMap<MonthKey, i64>;

/// In which class a time is.
pub fn class_of(ms: i64) -> usize {
    BOUNDS_MINUTES.partition_point(|bound| bound * MINUTE_MS <= ms)
}

/// Where a class begins and ends, minutes; the last one never ends.
pub fn bounds_of(class: usize) -> (i64, Option<i64>) {
    let begins = class.checked_sub(1).and_then(|before| BOUNDS_MINUTES.get(before)).copied().unwrap_or(0);
    (begins, BOUNDS_MINUTES.get(class).copied())
}

/// Whether a share is its customer's first in the program, and how long after another one it was sent on.
pub fn of_share(share: &Share, shop: &Shop) -> Tallied {
    let after_ms = share.after_ms.filter(|_| share.sent_at.is_some());
    let first = share.first_of.is_some().then_some(What::Advocates);
    let tried = share.arm.filter(|_| first.is_some()).map(|arm| What::Tried(Figure::Advocates, arm));
    let whats = first.into_iter().chain(tried).chain(after_ms.map(|ms| What::Shared(class_of(ms))));
    in_month(shop.month_of(share.created_at), share.program, whats.map(|what| (what, 1)))
}

fn in_month(month: i64, program: Id, whats: impl Iterator<Item = (What, i64)>) -> Tallied {
    let program = program.text();
    whats.map(|(what, many)| (MonthKey { month, program: program.clone(), what }, many)).collect()
}

/// How soon a friend became known after their advocate began, and in the month of that; in the month in which they did,
/// of those who take part in a trial.
pub fn of_referral(referral: &Referral, shop: &Shop) -> Tallied {
    let Some(since) = referral.advocate_since.filter(|_| referral.is_counted()) else { return Vec::new() };
    let age_ms = referral.created_at.ms() - since.ms();
    let within = WITHIN_DAYS.iter().enumerate().filter(|(_, days)| (0..**days * DAY_MS).contains(&age_ms));
    let won = within.map(|(place, _)| (What::Won(place), 1));
    let tried = referral.arm.map(|arm| (What::Tried(Figure::Friends, arm), 1));
    let mut all = in_month(shop.month_of(since), referral.program, won);
    all.extend(in_month(shop.month_of(referral.created_at), referral.program, tried.into_iter()));
    all
}

/// How long after a share the first order of a friend came; and what orders of those come to who take part in a trial.
pub fn of_conversion(order: &Conversion, shop: &Shop) -> Tallied {
    let Some(program) = order.program.filter(|_| order.is_counted()) else { return Vec::new() };
    let first = order.after_ms.map(|ms| (What::Ordered(class_of(ms)), 1));
    let worth = order.worth(shop.currency).unwrap_or(0);
    let tried =
        order.arm.map(|arm| [(What::Tried(Figure::Orders, arm), 1), (What::Tried(Figure::Revenue, arm), worth)]);
    let whats = first.into_iter().chain(tried.into_iter().flatten());
    in_month(shop.month_of(order.occurred_at), program, whats)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_is_in_one_class_and_none_is_longer_than_what_is_before_it() {
        for pair in BOUNDS_MINUTES.windows(2) {
            assert!(pair[0] < pair[1] && pair[1] <= 2 * pair[0], "{pair:?}");
        }
        for (ms, bounds) in [
            (0, (0, Some(1))),
            (59_999, (0, Some(1))),
            (60_000, (1, Some(2))),
            (DAY_MS - 1, (1_080, Some(1_440))),
            (DAY_MS, (1_440, Some(2_160))),
            (800 * DAY_MS, (1_051_200, None)),
        ] {
            assert_eq!(bounds_of(class_of(ms)), bounds, "{ms}");
        }
    }

    #[test]
    fn words_are_read_back_and_stand_in_order() {
        let all = (0..=BOUNDS_MINUTES.len()).flat_map(|class| [What::Shared(class), What::Ordered(class)]);
        let all: Vec<What> = all.chain((0..WITHIN_DAYS.len()).map(What::Won)).chain([What::Advocates]).collect();
        let arms = [true, false].map(|is_held_out| Arm { trial: 2, part: 17, is_held_out });
        let tried = Figure::ALL.into_iter().flat_map(|figure| arms.map(|arm| What::Tried(figure, arm)));
        let all: Vec<What> = all.into_iter().chain(tried).collect();
        for what in all {
            assert_eq!(What::parse(&what.text()), Some(what));
        }
        for text in
            ["", "won", "won/8", "shared", "shared/x", "others/1", "tried/orders", "tried/orders/17", "tried/x/2017"]
        {
            assert_eq!(What::parse(text), None, "{text}");
        }
        assert!(What::Shared(9).text() < What::Shared(10).text());
    }
}
