//! What the records that are to be saved change of what their shop owes.

use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use super::{Shelf, World};
use crate::records::day_count::ALL;
use crate::records::owed::{Owed, OwedDays, of_account, of_reward, of_voucher};
use crate::records::{Id, Record, Reward, Voucher, VoucherUse};

impl World {
    /// What is owed for what is to be saved, less what was owed for it as it was stored: of each shop of which that is counted.
    /// To be said when all is decided.
    pub fn add_up_owed(&self) -> BTreeMap<Id, OwedDays> {
        let heads = self.heads.known.values().flatten();
        let shops: HashSet<Id> = heads.filter(|head| head.owing == ALL).map(|head| head.shop).collect();
        let mut changes = Changes { shops, of_shops: BTreeMap::new() };
        for (before, after) in self.rewards.changes() {
            changes.add(after.shop, -1, before.and_then(|before| of_reward(before)));
            changes.add(after.shop, 1, of_reward(after));
        }
        for (before, after) in self.accounts.changes() {
            changes.add(after.shop, -1, before.map(|before| of_account(before)).unwrap_or_default());
            changes.add(after.shop, 1, of_account(after));
        }
        for place in self.changed_vouchers() {
            let Some(voucher) = self.vouchers.known.get(&place).and_then(Option::as_ref) else { continue };
            let (was, is) = self.uses_of(place);
            let before = self.vouchers.stored.get(&place).map_or(Some(voucher), Option::as_ref);
            changes.add(place.0, -1, before.and_then(|before| of_voucher(before, was)));
            changes.add(place.0, 1, of_voucher(voucher, is));
        }
        for days in changes.of_shops.values_mut() {
            days.retain(|_, amount| *amount != 0);
        }
        changes.of_shops
    }

    /// Vouchers that change, or whose uses do. Whoever counts a use, or takes a voucher's value, has read both.
    fn changed_vouchers(&self) -> HashSet<(Id, Id)> {
        let vouchers = self.vouchers.changes().map(|(_, after)| (after.shop, after.id));
        let uses = self.voucher_uses.changes().map(|(_, after)| (after.shop, after.id.sibling("vch")));
        vouchers.chain(uses).collect()
    }

    /// How often a voucher was used: as it was stored, and now.
    fn uses_of(&self, (shop, voucher): (Id, Id)) -> (i64, i64) {
        let place = (shop, VoucherUse::id_of(voucher));
        let used = |uses: Option<&Rc<VoucherUse>>| uses.map_or(0, |uses| uses.used);
        let is = used(self.voucher_uses.known.get(&place).and_then(Option::as_ref));
        (self.voucher_uses.stored.get(&place).map_or(is, |stored| used(stored.as_ref())), is)
    }
}

struct Changes {
    /// The shops of which it is known what they owe.
    shops: HashSet<Id>,
    of_shops: BTreeMap<Id, OwedDays>,
}

impl Changes {
    fn add(&mut self, shop: Id, sign: i64, owed: impl IntoIterator<Item = ((i64, Owed), i64)>) {
        if !self.shops.contains(&shop) {
            return;
        }
        for (key, amount) in owed {
            let days = self.of_shops.entry(shop).or_default();
            *days.entry(key).or_default() += sign * amount;
        }
    }
}

/// The kinds of records from which it follows what a shop owes.
const _: () = assert!(Reward::IS_OWED && Voucher::IS_OWED && VoucherUse::IS_OWED);

impl<R: Record> Shelf<R> {
    /// Whether what is to be saved of it is compared with what was stored.
    pub(super) fn compares() -> bool {
        R::COUNTED.is_some() || R::IS_OWED
    }
}
