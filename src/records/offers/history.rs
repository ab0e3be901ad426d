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
        /// When those were placed, the newest first: milliseconds since 1970 with commas between.
        won_times: String,
        /// When their own orders were placed that were not taken back, the same way.
        order_times: String,
    }
}

impl History {
    /// Orders that are credited to them and were placed from an instant on, before another.
    pub fn won_between(&self, from: Timestamp, until: Timestamp) -> i64 {
        count(&self.won_times, |at| from <= at && at < until)
    }

    /// Their own orders that were placed before an instant.
    pub fn ordered_before(&self, until: Timestamp) -> i64 {
        count(&self.order_times, |at| at < until)
    }
}

fn count(times: &str, fits: impl Fn(Timestamp) -> bool) -> i64 {
    let times = times.split(',').filter_map(|ms| ms.parse().ok()).map(Timestamp::from_ms);
    i64::try_from(times.filter(|at| fits(*at)).count()).unwrap_or(i64::MAX)
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
            won_times: "30,20,10".to_owned(),
            order_times: String::new(),
        };
        let at = Timestamp::from_ms;
        for (from, until, won) in [(0, 31, 3), (10, 30, 2), (11, 20, 0), (30, 30, 0)] {
            assert_eq!(history.won_between(at(from), at(until)), won, "{from} to {until}");
        }
        assert_eq!(history.ordered_before(at(99)), 0);
    }
}
