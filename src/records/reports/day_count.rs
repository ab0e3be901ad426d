//! What is counted of a day: by program, channel and placement. A placement counts where the shop has declared it: what
//! some page has sent may name somebody, and an erasure takes it.
//!
//! What a record counts for follows from the record alone, and so does what a change of it adds: what it counts for
//! now, less what it counted for before. So whatever is done to an order, and in whichever order, the counters are the
//! sum over what is stored; `grapevine verify` adds it up anew.

use std::collections::BTreeMap;

use crate::records::conversion::ConversionStatus;
use crate::records::month_tally::{self, Tallied};
use crate::records::program::Side;
use crate::records::reward::RewardStatus;
use crate::records::{Conversion, Id, Record, Referral, Reward, Share, Shop, Timestamp};
use crate::words;

/// The channel of what is credited in a program without a link: a code, a voucher, an operator's word. No channel of
/// a shop can be called so.
pub const CODE_ONLY: &str = "(code)";
/// The channel of orders that are credited to nobody; the placement of what nobody has said it of.
pub const NONE: &str = "(none)";
/// The placement of what was sent and not declared. No placement of a shop can be called so.
pub const OTHER: &str = "(other)";

words! {
    /// What is counted; the columns of `day_counts`, in order.
    Figure {
        /// Shares that were made.
        SharesMade = "shares_made",
        /// Those of them whose link somebody opened since.
        SharesSent = "shares_sent",
        /// Friends who became known.
        Referrals = "referrals",
        /// Orders that were not cancelled.
        Orders = "orders",
        /// Those of them that came without a visit.
        NakedOrders = "naked_orders",
        /// Those of them that were approved.
        Approved = "approved",
        /// Those of the approved that did not come back as a whole.
        Kept = "kept",
        /// What the orders were worth, minor units of the shop's currency.
        Revenue = "revenue",
        /// What of it came back.
        Refunded = "refunded",
        /// What the program took off the orders itself, at the checkout.
        Discounts = "discounts",
        /// What rewards cost that wait, are issued or were spent.
        RewardCost = "reward_cost",
        /// What vouchers that rewards gave took off, where they are spent.
        Redeemed = "redeemed",
    }
}

/// How many figures there are.
pub const FIGURES: usize = Figure::WORDS.len();

/// What each kind of record counts for, in their turn: none shares a figure with another, so that each is proved alone.
pub const OF_KINDS: [&[Figure]; 4] = [
    &[Figure::SharesMade, Figure::SharesSent],
    &[Figure::Referrals],
    &[
        Figure::Orders,
        Figure::NakedOrders,
        Figure::Approved,
        Figure::Kept,
        Figure::Revenue,
        Figure::Refunded,
        Figure::Discounts,
    ],
    &[Figure::RewardCost, Figure::Redeemed],
];

/// Where something is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayKey {
    /// Days since 1970, in the shop's time zone.
    pub day: i64,
    /// The program; an empty text: none.
    pub program: String,
    /// The channel's key, [`CODE_ONLY`] or [`NONE`].
    pub channel: String,
    /// The declared placement's key, or [`OTHER`]; an empty text: none.
    pub place: String,
}

impl DayKey {
    fn of(day: i64, program: Option<Id>, channel: Option<&String>, place: Option<&String>) -> Self {
        let channel = match (channel, program) {
            (Some(channel), _) => channel,
            (None, Some(_)) => CODE_ONLY,
            (None, None) => NONE,
        };
        Self {
            day,
            program: program.map_or(String::new(), |program| program.text()),
            channel: channel.to_owned(),
            place: place.cloned().unwrap_or_default(),
        }
    }
}

/// So much of each of some figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums<const N: usize>(pub [i64; N]);

/// So much of each figure.
pub type Counts = Sums<FIGURES>;

impl<const N: usize> Default for Sums<N> {
    fn default() -> Self {
        Self([0; N])
    }
}

impl<const N: usize> Sums<N> {
    /// Adds others.
    pub fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(many, more)| *many = many.saturating_add(more));
    }

    /// Takes others away.
    pub fn subtract(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(many, less)| *many = many.saturating_sub(less));
    }

    /// Whether there is nothing of any.
    pub fn is_nothing(&self) -> bool {
        self.0.iter().all(|many| *many == 0)
    }
}

impl Counts {
    fn of(figures: &[(Figure, i64)]) -> Self {
        let mut counts = Self::default();
        figures.iter().for_each(|(figure, many)| counts.0[*figure as usize] += many);
        counts
    }

    /// So much of a figure.
    pub fn get(&self, figure: Figure) -> i64 {
        self.0[figure as usize]
    }
}

/// What is counted of several days.
pub type DayCounts = BTreeMap<DayKey, Counts>;

/// A record that counts for a day.
pub trait Countable: Record {
    /// When it was made; with its id, its place among its kind.
    fn made_at(&self) -> Timestamp;
    /// For what it counts, and where; `None`: for nothing.
    fn counts_for(&self, shop: &Shop) -> Option<(DayKey, Counts)>;
    /// By whom it was brought, where it counts.
    fn advocate(&self) -> Option<Id>;
    /// For what of a month it counts.
    fn tallies_for(&self, shop: &Shop) -> Tallied;
}

impl Countable for Share {
    fn made_at(&self) -> Timestamp {
        self.created_at
    }

    fn counts_for(&self, shop: &Shop) -> Option<(DayKey, Counts)> {
        let day = shop.day_of(self.created_at);
        let key = DayKey::of(day, Some(self.program), Some(&self.channel), self.placed.as_ref());
        let sent = i64::from(self.sent_at.is_some());
        Some((key, Counts::of(&[(Figure::SharesMade, 1), (Figure::SharesSent, sent)])))
    }

    /// A share brings nothing by itself.
    fn advocate(&self) -> Option<Id> {
        None
    }

    fn tallies_for(&self, shop: &Shop) -> Tallied {
        month_tally::of_share(self, shop)
    }
}

impl Countable for Referral {
    fn made_at(&self) -> Timestamp {
        self.created_at
    }

    fn counts_for(&self, shop: &Shop) -> Option<(DayKey, Counts)> {
        if !self.is_counted() {
            return None;
        }
        let day = shop.day_of(self.created_at);
        let key = DayKey::of(day, Some(self.program), self.channel.as_ref(), self.placed.as_ref());
        Some((key, Counts::of(&[(Figure::Referrals, 1)])))
    }

    fn advocate(&self) -> Option<Id> {
        Some(self.advocate)
    }

    fn tallies_for(&self, shop: &Shop) -> Tallied {
        month_tally::of_referral(self, shop)
    }
}

impl Countable for Conversion {
    fn made_at(&self) -> Timestamp {
        self.created_at
    }

    fn counts_for(&self, shop: &Shop) -> Option<(DayKey, Counts)> {
        if !self.is_counted() {
            return None;
        }
        let day = shop.day_of(self.occurred_at);
        let key = DayKey::of(day, self.program, self.channel.as_ref(), self.placed.as_ref());
        let whole = self.whole(shop.currency).unwrap_or(0);
        let left = self.worth(shop.currency).unwrap_or(0);
        Some((
            key,
            Counts::of(&[
                (Figure::Orders, 1),
                (Figure::NakedOrders, i64::from(self.is_credited && self.naked_share.is_some())),
                (Figure::Approved, i64::from(self.approved_at.is_some() && self.rejected_at.is_none())),
                (Figure::Kept, i64::from(self.status == ConversionStatus::Approved)),
                (Figure::Revenue, whole),
                (Figure::Refunded, whole.saturating_sub(left)),
                (Figure::Discounts, self.discount_amount),
            ]),
        ))
    }

    fn advocate(&self) -> Option<Id> {
        self.advocate
    }

    fn tallies_for(&self, shop: &Shop) -> Tallied {
        month_tally::of_conversion(self, shop)
    }
}

impl Countable for Reward {
    fn made_at(&self) -> Timestamp {
        self.created_at
    }

    fn counts_for(&self, shop: &Shop) -> Option<(DayKey, Counts)> {
        let cost = match self.status {
            RewardStatus::Pending | RewardStatus::Due | RewardStatus::Issued | RewardStatus::Spent => self.cost_amount,
            RewardStatus::Voided | RewardStatus::Expired => 0,
        };
        let day = shop.day_of(self.counted_at.unwrap_or(self.created_at));
        let key = DayKey::of(day, self.program, self.channel.as_ref(), self.placed.as_ref());
        Some((key, Counts::of(&[(Figure::RewardCost, cost), (Figure::Redeemed, self.redeemed_amount)])))
    }

    /// Of rewards her own: those of her friends are theirs.
    fn advocate(&self) -> Option<Id> {
        (self.to_side == Some(Side::Advocate)).then_some(self.customer)
    }

    fn tallies_for(&self, _: &Shop) -> Tallied {
        Vec::new()
    }
}

/// The text that says that all of a shop is counted; it comes behind every turn.
pub const ALL: &str = "all";

/// Before the turn of the first record of a kind.
pub fn before(kind: usize) -> String {
    format!("{kind}/")
}

/// The turn of a record: kind by kind, in the order in which they were made. Up to the one that a shop's head names,
/// records are counted.
pub fn turn(kind: usize, made_at: Timestamp, id: Id) -> String {
    format!("{kind}/{:015}/{id}", made_at.ms())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_come_one_after_the_other_and_all_is_behind_them() {
        let id = |last: u8| Id::new("shr", 0, [last; 10]);
        let at = |ms: i64| Timestamp::from_ms(ms);
        let turns = [
            String::new(),
            turn(0, at(999), id(9)),
            turn(0, at(1_000), id(1)),
            turn(0, at(1_000), id(2)),
            turn(1, at(5), id(0)),
            ALL.to_owned(),
        ];
        assert!(turns.is_sorted(), "{turns:?}");
    }
}
