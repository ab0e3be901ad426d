//! The counters of months against what they count, as those of days are.

use std::collections::BTreeMap;

use super::days::told_only;
use super::{PAGE, Verifier};
use crate::records::month_tally::{MonthTallies, What};
use crate::records::{Conversion, Id, Record, Referral, Share};
use crate::store::month_tallies;
use crate::store::{StoreResult, queries::identity};

/// Rows by their keys: month, program, word.
type Rows = BTreeMap<(i64, String, String), i64>;

impl Verifier<'_> {
    /// Whether the counters of a shop have what its records of a kind come to.
    pub(super) fn tally_months(&mut self, id: Id, kind: usize) -> StoreResult<()> {
        let tallied = self.counted_up_to(id, "tallied")?;
        let Some(shop) = identity::shop(self.connection, id)? else { return Ok(()) };
        let mut sums = MonthTallies::new();
        match kind {
            0 => self.each_counted(id, &tallied, |share: &Share| add(&mut sums, share, &shop))?,
            1 => self.each_counted(id, &tallied, |referral: &Referral| add(&mut sums, referral, &shop))?,
            _ => self.each_counted(id, &tallied, |order: &Conversion| add(&mut sums, order, &shop))?,
        }
        let of_row = |(key, many): (crate::records::month_tally::MonthKey, i64)| {
            ((key.month, key.program, key.what.text()), many)
        };
        self.compare_months(id, kind, sums.into_iter().map(of_row).collect())
    }

    fn compare_months(&mut self, shop: Id, kind: usize, mut came_to: Rows) -> StoreResult<()> {
        let (mut behind, mut wrong) = ((i64::MIN, String::new(), String::new()), Vec::new());
        let mut tell = |(month, program, what): &(i64, String, String), count: i64, sum: i64| {
            if count != sum {
                wrong.push(format!(
                    "In the month of day {month} shop {shop} counts {count} {what} of program {program}, its records come to {sum}."
                ));
            }
        };
        loop {
            let most = i64::try_from(PAGE).unwrap_or(i64::MAX);
            let page = month_tallies::page(self.connection, shop, &behind, most)?;
            let Some((month, program, what, _)) = page.last() else { break };
            behind = (*month, program.clone(), what.clone());
            for (month, program, what, count) in page {
                // A word that nothing counts for is told with the first kind.
                if What::parse(&what).map_or(0, What::kind) == kind {
                    let key = (month, program, what);
                    let sum = came_to.remove(&key).unwrap_or(0);
                    tell(&key, count, sum);
                }
            }
        }
        for (key, sum) in came_to {
            tell(&key, 0, sum);
        }
        self.report.problems.append(&mut told_only(wrong, "counters of months"));
        Ok(())
    }
}

fn add<R: Record>(sums: &mut MonthTallies, record: &R, shop: &crate::records::Shop) {
    for (key, more) in record.tallies_for(shop) {
        *sums.entry(key).or_default() += more;
    }
}
