//! What a shop owes, as it is counted, against the records from which it follows, and against the ledger's accounts.

use std::collections::{BTreeMap, BTreeSet};

use super::{SENTENCES, Verifier};
use crate::records::owed::{Owed, OwedDays};
use crate::records::{Id, Kind, Values};
use crate::store::owed::records;
use crate::store::{Statement, StoreResult};

impl Verifier<'_> {
    /// Whether it is counted right; of a shop that is not counted yet, there is nothing to be proved.
    pub(super) fn add_up_owed(&mut self, shop: Id) -> StoreResult<()> {
        if !records::is_counted(self.connection, shop)? {
            return Ok(());
        }
        let counted = records::counted(self.connection, shop)?;
        let came_to = records::of_records(self.connection, shop)?;
        let keys: BTreeSet<_> = counted.keys().chain(came_to.keys()).copied().collect();
        let of = |days: &OwedDays, key| days.get(&key).copied().unwrap_or(0);
        let wrong = keys.into_iter().filter(|key| of(&counted, *key) != of(&came_to, *key));
        for key in wrong.take(SENTENCES) {
            let (is, should) = (of(&counted, key), of(&came_to, key));
            self.report.problems.push(format!(
                "Of day {} shop {shop} counts {is} as owed in {}, its records come to {should}.",
                key.0, key.1
            ));
        }
        self.hold_against_accounts(shop, &came_to)
    }

    /// Each kind is what one kind of account holds.
    fn hold_against_accounts(&mut self, shop: Id, owed: &OwedDays) -> StoreResult<()> {
        let sql = "SELECT CASE WHEN name = 'pending' THEN 'pending_rewards' WHEN name = 'issued' THEN 'vouchers'
                               WHEN name LIKE '%voucher:%' THEN 'gift_cards' ELSE 'store_credit' END AS kind,
                          CAST(SUM(balance) AS BIGINT) FROM accounts
                   WHERE shop = ? AND (name IN ('pending', 'issued') OR name LIKE 'voucher:%' OR name LIKE 'credit:%'
                         OR name LIKE 'held:voucher:%' OR name LIKE 'held:credit:%') GROUP BY 1";
        let mut held: BTreeMap<Owed, i64> = BTreeMap::new();
        for row in self.connection.query(&Statement::new(sql).bind(shop), &[Kind::Text, Kind::Int])? {
            let mut row = Values::new(row);
            let (kind, amount): (Owed, i64) = (row.column()?, row.column()?);
            held.insert(kind, amount);
        }
        for kind in Owed::WORDS.iter().filter_map(|word| Owed::parse(word)) {
            let sum: i64 = owed.iter().filter(|((_, of), _)| *of == kind).map(|(_, amount)| amount).sum();
            let balance = held.get(&kind).copied().unwrap_or(0);
            if sum != balance {
                self.report
                    .problems
                    .push(format!("Shop {shop} owes {sum} in {kind}, the ledger's accounts hold {balance}."));
            }
        }
        Ok(())
    }
}
