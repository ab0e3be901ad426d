//! The counters of advocates, and the lines that wait to be merged into them, against what they count. So that memory does
//! not grow with a shop, its advocates are taken in parts, and its records are read once for each.

use std::collections::BTreeMap;

use super::days::told_only;
use super::{PAGE, Verifier};
use crate::records::advocate_count::{AdvocateCounts, AdvocateKey, Brought, FIGURES};
use crate::records::{Conversion, Id, Record, Referral, Reward, Shop};
use crate::store::advocate_counts;
use crate::store::{StoreResult, queries::identity};

/// Counters that are kept in memory at once.
const PART: i64 = 200_000;

impl Verifier<'_> {
    /// Whether counters and lines of a shop have what its records come to.
    pub(super) fn count_advocates(&mut self, id: Id) -> StoreResult<()> {
        let Some(shop) = identity::shop(self.connection, id)? else { return Ok(()) };
        let parts = u8::try_from(advocate_counts::many(self.connection, id)? / PART + 1).unwrap_or(u8::MAX);
        for part in 0..parts {
            let has = |advocate: Id| advocate.to_bytes()[15] % parts == part;
            self.compare_advocates(&shop, has)?;
        }
        Ok(())
    }

    fn compare_advocates(&mut self, shop: &Shop, has: impl Fn(Id) -> bool) -> StoreResult<()> {
        let mut left = self.sums_of(shop, &has)?;
        let mut take = |key: AdvocateKey, brought: &Brought| {
            if has(key.advocate) {
                left.entry(key).or_default().subtract(brought);
            }
        };
        let (most, mut behind) = (i64::try_from(PAGE).unwrap_or(i64::MAX), (i64::MIN, String::new(), String::new()));
        loop {
            let page = advocate_counts::page(self.connection, shop.id, &behind, most)?;
            let Some((last, _)) = page.last() else { break };
            behind = (last.month, last.program.clone(), last.advocate.text());
            page.into_iter().for_each(|(key, brought)| take(key, &brought));
        }
        let mut behind = i64::MIN;
        loop {
            let lines = advocate_counts::lines(self.connection, shop.id, behind, most)?;
            let Some((last, _)) = lines.last() else { break };
            behind = *last;
            for (key, brought) in lines.into_iter().flat_map(|(_, counts)| counts) {
                take(key.of_all_time(), &brought);
                take(key, &brought);
            }
        }
        let wrong =
            left.into_iter().filter(|(_, rest)| !rest.is_nothing()).map(|(key, rest)| told(shop.id, &key, &rest));
        let wrong = told_only(wrong.collect(), "counters of advocates");
        self.report.problems.extend(wrong);
        Ok(())
    }

    fn sums_of(&mut self, shop: &Shop, has: impl Fn(Id) -> bool) -> StoreResult<AdvocateCounts> {
        let tallied = self.counted_up_to(shop.id, "tallied")?;
        let mut sums = AdvocateCounts::new();
        self.each_counted(shop.id, &tallied, |referral: &Referral| add(&mut sums, referral, shop, &has))?;
        self.each_counted(shop.id, &tallied, |order: &Conversion| add(&mut sums, order, shop, &has))?;
        self.each_counted(shop.id, &tallied, |reward: &Reward| add(&mut sums, reward, shop, &has))?;
        Ok(sums)
    }
}

fn add<R: Record>(sums: &mut AdvocateCounts, record: &R, shop: &Shop, has: impl Fn(Id) -> bool) {
    if let Some((key, brought)) = record.brought_by(shop).filter(|(key, _)| has(key.advocate)) {
        sums.entry(key.of_all_time()).or_default().add(&brought);
        sums.entry(key).or_default().add(&brought);
    }
}

fn told(shop: Id, key: &AdvocateKey, rest: &Brought) -> String {
    let AdvocateKey { month, program, advocate } = key;
    let figures: BTreeMap<&str, i64> = FIGURES
        .iter()
        .zip(rest.0)
        .filter(|(_, many)| *many != 0)
        .map(|(figure, many)| (figure.as_str(), many))
        .collect();
    format!(
        "In the month of day {month} (0: of all time) shop {shop} counts of advocate {advocate} in program {program} not \
         what her records come to: these have more by {figures:?}."
    )
}
