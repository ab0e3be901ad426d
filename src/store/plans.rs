//! Plans that keep up with the tables. PostgreSQL keeps the plan of a prepared statement, made for
//! the tables as they were: on empty ones every index looks as good as any other, and what was
//! chosen then would read a whole shop for each record later, for as long as nobody analyses.

use std::time::{Duration, Instant};

/// A plan is thrown away at the latest after so long: others fill the tables too.
const LONGEST: Duration = Duration::from_secs(30);

/// When to make plans anew: often while the tables are young, seldom later.
pub(super) struct Plans {
    transactions: u64,
    made: Instant,
}

impl Plans {
    pub(super) fn new() -> Self {
        Self { transactions: 0, made: Instant::now() }
    }

    /// The statement that throws the plans away, when it is time.
    pub(super) fn renewal(&mut self) -> Option<&'static str> {
        self.transactions += 1;
        if !self.transactions.is_power_of_two() && self.made.elapsed() < LONGEST {
            return None;
        }
        self.made = Instant::now();
        Some("DISCARD PLANS")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_are_renewed_as_the_tables_double() {
        let mut plans = Plans::new();
        let renewed: Vec<u32> = (1..=100).filter(|_| plans.renewal().is_some()).collect();
        assert_eq!(renewed, [1, 2, 4, 8, 16, 32, 64]);
        plans.made -= LONGEST;
        assert!(plans.renewal().is_some());
    }
}
