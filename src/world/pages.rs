//! The events of a batch, gathered into a page of each shop when all is decided.

use std::rc::Rc;

use super::World;
use crate::records::{Event, EventPage, Id};

impl World {
    /// A world that knows a new page, which is to be saved.
    pub fn with_page(page: EventPage) -> Self {
        let mut world = Self::default();
        world.event_pages.put(Rc::new(page));
        world
    }

    /// From now on the events of each shop go into one page. To be said when the heads are known and nothing else is.
    pub fn begin_pages(&mut self) {
        let heads = self.heads.known.values().flatten();
        self.pages = heads.map(|head| (head.shop, EventPage::id_of(head.shop, head.seq + 1, head.last_at))).collect();
    }

    /// The page into which the events of a shop go; `None`: each is a row of its own.
    pub fn page_of(&self, shop: Id) -> Option<Id> {
        self.pages.get(&shop).copied()
    }

    /// The event of a number that this batch has raised.
    pub fn raised(&self, shop: Id, seq: i64) -> Option<Rc<Event>> {
        self.events.unsaved().into_iter().find(|event| event.shop == shop && event.seq == seq)
    }

    /// Gathers what was raised into pages. To be said when all is decided.
    pub fn gather_events(&mut self) {
        if self.pages.is_empty() {
            return;
        }
        let mut events = self.events.take_unsaved();
        events.sort_unstable_by_key(|event| (event.shop, event.seq));
        for of_shop in events.chunk_by(|one, other| one.shop == other.shop) {
            let id = self.pages.get(&of_shop[0].shop).copied();
            if let Some(page) = id.and_then(|id| EventPage::of(id, of_shop)) {
                self.event_pages.put(Rc::new(page));
            }
        }
    }
}
