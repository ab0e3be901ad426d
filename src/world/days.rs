//! What the records that are to be saved add to the counters of days.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::rc::Rc;

use super::{Shelf, Visitor, World};
use crate::records::day_count::{ALL, DayCounts, turn};
use crate::records::{Id, Record, Shop};

impl World {
    /// What is to be saved counts for now, less what it counted for as it was stored: of each shop, of the records up to
    /// the one to which it is counted. To be said when all is decided.
    pub fn count_days(&mut self) -> BTreeMap<Id, DayCounts> {
        let heads = self.heads.known.values().flatten();
        let known = heads.filter(|head| !head.counted.is_empty()).filter_map(|head| {
            let shop = self.shops.known.get(&(head.shop, head.shop))?.clone()?;
            Some((head.shop, (shop, head.counted.clone())))
        });
        let mut counter = Counter { shops: known.collect(), changes: BTreeMap::new() };
        let Ok(()) = self.each(&mut counter);
        for changes in counter.changes.values_mut() {
            changes.retain(|_, counts| !counts.is_nothing());
        }
        counter.changes
    }
}

struct Counter {
    /// The shops whose records are counted, and how far.
    shops: HashMap<Id, (Rc<Shop>, String)>,
    changes: BTreeMap<Id, DayCounts>,
}

impl Visitor for Counter {
    type Error = Infallible;

    fn visit<R: Record>(&mut self, shelf: &mut Shelf<R>) -> Result<(), Infallible> {
        let Some(kind) = R::COUNTED else { return Ok(()) };
        for (before, after) in shelf.changes() {
            let Some((shop, counted)) = self.shops.get(&after.shop()) else { continue };
            if counted != ALL && turn(kind, after.made_at(), after.id()) > *counted {
                continue;
            }
            let changes = self.changes.entry(shop.id).or_default();
            if let Some((key, counts)) = before.and_then(|before| before.counts_for(shop)) {
                changes.entry(key).or_default().subtract(&counts);
            }
            if let Some((key, counts)) = after.counts_for(shop) {
                changes.entry(key).or_default().add(&counts);
            }
        }
        Ok(())
    }
}
