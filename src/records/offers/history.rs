//! What a customer did as a sharer and as a buyer, counted by the database when it is asked for. Nobody writes it: it
//! is a view of shares, of what came of them, and of orders.
//!
//! Only the newest records of each kind are looked at, so that it costs no more for who has a hundred thousand: see
//! [`NEWEST`] and [`TIMES`].

use crate::record;
use crate::records::Timestamp;

/// Shares, and orders that were won, that are counted.
pub const NEWEST: i64 = 1000;
/// Orders of which it is told when they were placed.
pub const TIMES: usize = 200;

record! {
    /// What a customer did; its id is the customer's.
    view History in "histories" {
        /// Private shares whose link somebody else opened, or a preview robot did.
        sent_private: i64,
        /// People who came by private shares, each once a day.
        visits_private: i64,
        /// Different people whose paid orders are credited to them.
        friends: i64,
        /// Paid orders that are credited to them.
        conversions: i64,
        /// When the newest of those were placed, and when they were recorded: `placed:recorded`, milliseconds since 1970,
        /// with commas between.
        won_times: String,
        /// The same of their own orders that were not taken back.
        order_times: String,
    }
}

impl History {
    /// Orders that are credited to them and were placed from an instant on, of those that were recorded before another.
    pub fn won_between(&self, from: Timestamp, recorded_before: Timestamp) -> i64 {
        count(&self.won_times, |placed, recorded| from <= placed && recorded < recorded_before)
    }

    /// Orders that are credited to them and were recorded from an instant on.
    pub fn won_since(&self, at: Timestamp) -> i64 {
        count(&self.won_times, |_, recorded| recorded >= at)
    }

    /// Their own orders that were recorded from an instant on.
    pub fn ordered_since(&self, at: Timestamp) -> i64 {
        count(&self.order_times, |_, recorded| recorded >= at)
    }
}

fn count(times: &str, fits: impl Fn(Timestamp, Timestamp) -> bool) -> i64 {
    let instant = |ms: &str| ms.parse().ok().map(Timestamp::from_ms);
    let times = times.split(',').filter_map(|both| both.split_once(':'));
    let times = times.filter_map(|(placed, recorded)| Some((instant(placed)?, instant(recorded)?)));
    i64::try_from(times.filter(|(placed, recorded)| fits(*placed, *recorded)).count()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Id;

    #[test]
    fn what_was_when_is_counted() {
        let history = History {
            id: Id::of("cus", &["anna"]),
            shop: Id::of("shp", &["shop"]),
            version: 0,
            sent_private: 0,
            visits_private: 0,
            friends: 0,
            conversions: 3,
            won_times: "30:31,20:29,10:10".to_owned(),
            order_times: String::new(),
        };
        let at = Timestamp::from_ms;
        for (from, before, won) in [(0, 32, 3), (10, 31, 2), (11, 29, 0), (11, 30, 1), (31, 99, 0)] {
            assert_eq!(history.won_between(at(from), at(before)), won, "{from} to {before}");
        }
        for (since, won) in [(10, 3), (11, 2), (29, 2), (31, 1), (32, 0)] {
            assert_eq!(history.won_since(at(since)), won, "since {since}");
        }
        assert_eq!(history.ordered_since(at(0)), 0);
    }
}
