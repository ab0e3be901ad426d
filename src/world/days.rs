//! What the records that are to be saved add to the counters of days and of months.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::rc::Rc;

use super::{Shelf, Visitor, World};
use crate::records::advocate_count::AdvocateCounts;
use crate::records::day_count::{ALL, DayCounts, turn};
use crate::records::month_tally::MonthTallies;
use crate::records::{Id, Record, Shop, ShopHead, Timestamp};

impl World {
    /// What is to be saved counts for now, less what it counted for as it was stored: of each shop, of the records up to
    /// the one to which it is counted. To be said when all is decided.
    pub fn count(&mut self) -> Counted {
        let heads = self.heads.known.values().flatten();
        let known = heads.filter(|head| !head.counted.is_empty() || !head.tallied.is_empty()).filter_map(|head| {
            let shop = self.shops.known.get(&(head.shop, head.shop))?.clone()?;
            Some((head.shop, (shop, head.clone())))
        });
        let mut counter = Counter { shops: known.collect(), changes: Counted::default() };
        let Ok(()) = self.each(&mut counter);
        for changes in counter.changes.days.values_mut() {
            changes.retain(|_, counts| !counts.is_nothing());
        }
        for changes in counter.changes.months.values_mut() {
            changes.retain(|_, many| *many != 0);
        }
        for (_, changes) in counter.changes.advocates.values_mut() {
            changes.retain(|_, brought| !brought.is_nothing());
        }
        counter.changes
    }
}

/// What is added to the counters of shops.
#[derive(Debug, Default)]
pub struct Counted {
    /// Those of days.
    pub days: BTreeMap<Id, DayCounts>,
    /// Those of months.
    pub months: BTreeMap<Id, MonthTallies>,
    /// Those of advocates, and the shop's time.
    pub advocates: BTreeMap<Id, (Timestamp, AdvocateCounts)>,
}

struct Counter {
    /// The shops whose records are counted, and in their heads how far.
    shops: HashMap<Id, (Rc<Shop>, Rc<ShopHead>)>,
    changes: Counted,
}

/// Whether counters that have all up to a turn have this one.
fn has(counted: &str, turn: &str) -> bool {
    counted == ALL || turn <= counted
}

impl Visitor for Counter {
    type Error = Infallible;

    fn visit<R: Record>(&mut self, shelf: &mut Shelf<R>) -> Result<(), Infallible> {
        let Some(kind) = R::COUNTED else { return Ok(()) };
        for (before, after) in shelf.changes() {
            let Some((shop, head)) = self.shops.get(&after.shop()) else { continue };
            let turn = turn(kind, after.made_at(), after.id());
            if has(&head.counted, &turn) {
                let changes = self.changes.days.entry(shop.id).or_default();
                if let Some((key, counts)) = before.and_then(|before| before.counts_for(shop)) {
                    changes.entry(key).or_default().subtract(&counts);
                }
                if let Some((key, counts)) = after.counts_for(shop) {
                    changes.entry(key).or_default().add(&counts);
                }
            }
            if has(&head.tallied, &turn) {
                let changes = self.changes.months.entry(shop.id).or_default();
                for (key, less) in before.iter().flat_map(|before| before.tallies_for(shop)) {
                    *changes.entry(key).or_default() -= less;
                }
                for (key, more) in after.tallies_for(shop) {
                    *changes.entry(key).or_default() += more;
                }
                let (_, brought) =
                    self.changes.advocates.entry(shop.id).or_insert((head.last_at, AdvocateCounts::new()));
                if let Some((key, less)) = before.and_then(|before| before.brought_by(shop)) {
                    brought.entry(key).or_default().subtract(&less);
                }
                if let Some((key, more)) = after.brought_by(shop) {
                    brought.entry(key).or_default().add(&more);
                }
            }
        }
        Ok(())
    }
}
