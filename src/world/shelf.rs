//! The records of one kind that a batch knows, and what was asked for of them and is not known.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use super::{Map, PAGE, Place, Set, Stop, Wanted};
use crate::records::*;

/// What is known of a parent's records that are asked for soonest first.
#[derive(Default)]
struct Soonest {
    ids: Vec<Id>,
    pages: usize,
    /// Of the last one that was loaded; `None`: there are no more.
    last: Option<Timestamp>,
}

/// The records of one kind. One map, by id, owns them; second keys and lists lead to ids.
pub struct Shelf<R: Record> {
    pub(super) known: Map<(Id, Id), Option<Rc<R>>>,
    fresh: Vec<Rc<R>>,
    soonest: Map<(Id, Id), Soonest>,
    wanted_soonest: RefCell<BTreeSet<(Id, Id, usize)>>,
    keys: Vec<Map<Place, Option<Id>>>,
    lists: Vec<Map<(Id, Id), Vec<Id>>>,
    unsaved: Vec<(Id, Id)>,
    is_unsaved: Set<(Id, Id)>,
    /// What is to be saved, as it was stored, where the two are compared.
    pub(super) stored: Map<(Id, Id), Option<Rc<R>>>,
    wanted_ids: RefCell<BTreeSet<(Id, Id)>>,
    wanted_keys: Vec<RefCell<BTreeSet<Place>>>,
    wanted_lists: Vec<RefCell<BTreeSet<(Id, Id)>>>,
}

impl<R: Record> Default for Shelf<R> {
    fn default() -> Self {
        Self {
            known: Map::default(),
            fresh: Vec::new(),
            soonest: Map::default(),
            wanted_soonest: RefCell::default(),
            keys: R::KEYS.iter().map(|_| Map::default()).collect(),
            lists: R::LISTS.iter().map(|_| Map::default()).collect(),
            unsaved: Vec::new(),
            is_unsaved: Set::default(),
            stored: Map::default(),
            wanted_ids: RefCell::default(),
            wanted_keys: R::KEYS.iter().map(|_| RefCell::default()).collect(),
            wanted_lists: R::LISTS.iter().map(|_| RefCell::default()).collect(),
        }
    }
}

impl<R: Record> Shelf<R> {
    /// The record of an id; `None`: there is none.
    pub fn get(&self, shop: Id, id: Id) -> Result<Option<Rc<R>>, Stop> {
        if let Some(known) = self.known.get(&(shop, id)) {
            return Ok(known.clone());
        }
        self.wanted_ids.borrow_mut().insert((shop, id));
        Err(Stop::Missing)
    }

    /// The id of the record with this second key; `None`: there is none.
    pub fn find(&self, key: &Key<R>, place: &Place) -> Result<Option<Id>, Stop> {
        if let Some(known) = self.keys[key.0].get(place) {
            return Ok(*known);
        }
        self.wanted_keys[key.0].borrow_mut().insert(place.clone());
        Err(Stop::Missing)
    }

    /// The ids of the records of a parent, and perhaps of some that have left it in this batch.
    pub fn list(&self, list: &List<R>, shop: Id, parent: Id) -> Result<&[Id], Stop> {
        if let Some(known) = self.lists[list.0].get(&(shop, parent)) {
            return Ok(known);
        }
        self.wanted_lists[list.0].borrow_mut().insert((shop, parent));
        Err(Stop::Missing)
    }

    /// The ids of a parent's records that come first in time, and perhaps of some that have left it in this
    /// batch; from that instant on there may be more, which are asked for with [`Shelf::want_more`].
    pub fn soonest(&self, shop: Id, parent: Id) -> Result<(&[Id], Option<Timestamp>), Stop> {
        if let Some(known) = self.soonest.get(&(shop, parent)) {
            return Ok((&known.ids, known.last));
        }
        self.want_more(shop, parent);
        Err(Stop::Missing)
    }

    /// Asks for the next of a parent's records.
    pub fn want_more(&self, shop: Id, parent: Id) {
        let pages = self.soonest.get(&(shop, parent)).map_or(0, |known| known.pages);
        self.wanted_soonest.borrow_mut().insert((shop, parent, pages));
    }

    pub(super) fn lacks_anything(&self) -> bool {
        let is_empty = self.wanted_ids.borrow().is_empty()
            && self.wanted_keys.iter().all(|keys| keys.borrow().is_empty())
            && self.wanted_lists.iter().all(|lists| lists.borrow().is_empty())
            && self.wanted_soonest.borrow().is_empty();
        !is_empty
    }

    /// Takes what was asked for and not known.
    pub fn take_wanted(&mut self) -> Wanted {
        let take = |set: &RefCell<BTreeSet<_>>| std::mem::take(&mut *set.borrow_mut());
        Wanted {
            ids: take(&self.wanted_ids).into_iter().collect(),
            keys: self
                .wanted_keys
                .iter()
                .map(|set| std::mem::take(&mut *set.borrow_mut()).into_iter().collect())
                .collect(),
            lists: self.wanted_lists.iter().map(|set| take(set).into_iter().collect()).collect(),
            soonest: std::mem::take(&mut *self.wanted_soonest.borrow_mut()).into_iter().collect(),
        }
    }

    /// Fills in what was found of what was wanted. Known records stay as they are.
    pub fn fill(&mut self, wanted: &Wanted, found: Vec<R>) {
        for (index, parents) in wanted.lists.iter().enumerate() {
            for parent in parents {
                self.lists[index].entry(*parent).or_default();
            }
        }
        for record in found {
            let place = (record.shop(), record.id());
            self.note_in_lists(&record, &wanted.lists);
            if !self.known.contains_key(&place) {
                self.note_keys(&record);
                self.learn(Rc::new(record));
            }
        }
        for place in &wanted.ids {
            self.known.entry(*place).or_insert(None);
        }
        for (index, places) in wanted.keys.iter().enumerate() {
            for place in places {
                self.keys[index].entry(place.clone()).or_insert(None);
            }
        }
    }

    /// Fills in a page of a parent's records, soonest first.
    pub fn fill_page(&mut self, shop: Id, parent: Id, found: Vec<R>) {
        let last = found.last().filter(|_| found.len() >= PAGE).and_then(Record::due_at);
        let of_this_batch = self.unsaved.iter().filter_map(|place| self.known.get(place).and_then(Option::as_ref));
        let of_this_batch = of_this_batch.filter(|record| record.shop() == shop && record.parent(0) == Some(parent));
        let ids: Vec<Id> = found.iter().map(Record::id).chain(of_this_batch.map(|record| record.id())).collect();
        for record in found {
            if !self.known.contains_key(&(shop, record.id())) {
                self.note_keys(&record);
                self.learn(Rc::new(record));
            }
        }
        let known = self.soonest.entry((shop, parent)).or_default();
        known.ids.extend(ids);
        known.ids.sort_unstable();
        known.ids.dedup();
        known.pages += 1;
        known.last = last;
    }

    /// Asks for a record that is needed with one that was loaded.
    pub fn want(&self, shop: Id, id: Id) {
        let _not_yet = self.get(shop, id);
    }

    /// Asks for records that are needed with their parent, which was loaded.
    pub fn want_list(&self, list: &List<R>, shop: Id, parent: Id) {
        let _not_yet = self.list(list, shop, parent);
    }

    /// What was loaded since this was asked last.
    pub(super) fn take_fresh(&mut self) -> Vec<Rc<R>> {
        std::mem::take(&mut self.fresh)
    }

    fn learn(&mut self, record: Rc<R>) {
        self.fresh.push(record.clone());
        self.known.entry((record.shop(), record.id())).or_insert(Some(record));
    }

    /// Takes over a new or a changed record, which is then to be saved.
    pub fn put(&mut self, record: Rc<R>) {
        let place = (record.shop(), record.id());
        let before = self.known.get(&place).cloned().flatten();
        let version = before.as_ref().map_or(0, |known| known.version());
        let mut record = record;
        if self.is_unsaved.insert(place) {
            self.unsaved.push(place);
            if Self::compares() {
                self.stored.insert(place, before.clone());
            }
            Rc::make_mut(&mut record).set_version(version + 1);
        } else {
            Rc::make_mut(&mut record).set_version(version.max(1));
        }
        if let Some(before) = &before {
            self.forget_keys(before, &record);
        }
        self.note_keys(&record);
        self.note_new_in_lists(&record);
        self.known.insert(place, Some(record));
    }

    /// What is to be saved, in the order of its ids.
    pub fn unsaved(&self) -> Vec<Rc<R>> {
        let mut places = self.unsaved.clone();
        places.sort_unstable();
        places.iter().filter_map(|place| self.known.get(place).cloned().flatten()).collect()
    }

    /// What is to be saved of a kind that is compared: as it was stored, and as it is now.
    pub(super) fn changes(&self) -> impl Iterator<Item = (Option<&Rc<R>>, &Rc<R>)> {
        self.stored.iter().filter_map(|(place, before)| {
            let after = self.known.get(place)?.as_ref()?;
            Some((before.as_ref(), after))
        })
    }

    /// Whether something is to be saved.
    pub(super) fn has_unsaved(&self) -> bool {
        !self.unsaved.is_empty()
    }

    /// Takes over a record that is as the database has it.
    pub(super) fn know(&mut self, record: Rc<R>) {
        self.note_keys(&record);
        self.known.entry((record.shop(), record.id())).or_insert(Some(record));
    }

    /// Takes over which records a parent has, all of which are known.
    pub(super) fn know_list(&mut self, list: &List<R>, place: (Id, Id), ids: impl Iterator<Item = Id>) {
        self.lists[list.0].insert(place, ids.collect());
    }

    /// The records of a parent, where all are known.
    pub(super) fn known_list(&self, list: &List<R>, shop: Id, parent: Id) -> Option<Vec<Rc<R>>> {
        let ids = self.lists[list.0].get(&(shop, parent))?;
        ids.iter().map(|id| self.known.get(&(shop, *id)).cloned().flatten()).collect()
    }

    /// The same, of which nothing is to be saved any more.
    pub(super) fn take_unsaved(&mut self) -> Vec<Rc<R>> {
        let unsaved = self.unsaved();
        self.unsaved.clear();
        self.is_unsaved.clear();
        unsaved
    }

    fn note_keys(&mut self, record: &R) {
        for index in 0..R::KEYS.len() {
            if let Some(key) = record.key(index) {
                self.keys[index].insert((record.shop(), key), Some(record.id()));
            }
        }
    }

    /// What a changed record no longer is found by.
    fn forget_keys(&mut self, before: &R, after: &R) {
        for index in 0..R::KEYS.len() {
            let (old, new) = (before.key(index), after.key(index));
            if let Some(old) = old.filter(|old| new.as_ref() != Some(old)) {
                self.keys[index].insert((before.shop(), old), None);
            }
        }
    }

    fn note_in_lists(&mut self, record: &R, wanted: &[Vec<(Id, Id)>]) {
        for (index, parents) in wanted.iter().enumerate() {
            let Some(parent) = record.parent(index) else { continue };
            let place = (record.shop(), parent);
            if parents.binary_search(&place).is_ok() {
                let list = self.lists[index].entry(place).or_default();
                if !list.contains(&record.id()) {
                    list.push(record.id());
                }
            }
        }
    }

    /// A new or changed record joins the lists that are known; the others are loaded with it, once
    /// saved, or are asked for in this batch and get it from here. One that left its parent stays
    /// listed: who reads a list looks at the records.
    fn note_new_in_lists(&mut self, record: &R) {
        for index in 0..R::LISTS.len() {
            let Some(parent) = record.parent(index) else { continue };
            if let Some(list) = self.lists[index].get_mut(&(record.shop(), parent))
                && !list.contains(&record.id())
            {
                list.push(record.id());
            }
        }
        let soonest = record.parent(0).and_then(|parent| self.soonest.get_mut(&(record.shop(), parent)));
        if let Some(soonest) = soonest
            && !soonest.ids.contains(&record.id())
        {
            soonest.ids.push(record.id());
        }
    }

    /// Ids of unsaved records of a parent: what a load of the list cannot find.
    pub fn complete_lists(&mut self, wanted: &Wanted) {
        for (index, parents) in wanted.lists.iter().enumerate() {
            for parent in parents {
                let fresh: Vec<Id> = self
                    .unsaved
                    .iter()
                    .filter(|place| place.0 == parent.0)
                    .filter_map(|place| self.known.get(place).and_then(Option::as_ref))
                    .filter(|record| record.parent(index) == Some(parent.1))
                    .map(|record| record.id())
                    .collect();
                let list = self.lists[index].entry(*parent).or_default();
                for id in fresh {
                    if !list.contains(&id) {
                        list.push(id);
                    }
                }
            }
        }
    }
}
