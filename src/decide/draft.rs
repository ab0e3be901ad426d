//! One command's work in progress: what it reads of the world, and what it would change.
//!
//! A draft sees its own changes over the world's records. Nothing of it counts until the engine
//! applies the whole; a refusal leaves no trace.
//!
//! What the world does not know yet is read **as if it were not there**, and noted as wanted. So a decision
//! goes on and asks at once for all that it will look at; [`Draft::attempt`] throws away what it came to, and it is
//! made anew when that is loaded. A rule is written once, and its author knows this much of it:
//!
//! - What is read may not fit together the first time. What must be there is read with [`Draft::expect`], which stops
//!   (and panics, once nothing is a guess any more); a list is gone through with [`Draft::each`], which goes on with
//!   the next. A rule must not panic while [`Draft::is_guess`].
//! - Nothing is a guess, too: who finds too little asks for what that leads to. Where this may be much, look at
//!   [`Draft::is_guess`] first.
//! - It has no effect but in its draft, however often it is made.
//! - A batch has its rounds together: where each command changes what the next one looks at, each may cost one. Ask for
//!   what the others will need, too, where many come for the same.
//! - A refusal leaves no trace, because the whole draft is thrown away. Where one draft serves several (an import), who
//!   may refuse does so before they save.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::decide::answer::shown;
use crate::records::audit::Actor;
use crate::records::*;
use crate::vault::Vault;
use crate::views::event::Payload;
use crate::world::{Changes, ErasedWord, Shelved, Stop, World};

/// What stays the same for all commands of an installation.
pub struct Installation {
    /// The keys.
    pub vault: Vault,
    /// What links and mails begin with, without a slash at the end.
    pub public_url: String,
    /// How long the answers of idempotency keys are kept, days.
    pub answer_days: i64,
    /// How long each visit is kept, days; what was counted of it stays.
    pub visit_days: i64,
}

/// When and by whom a command is decided. The same at every attempt, so that a re-run names the
/// same things.
#[derive(Clone, Debug)]
pub struct Context {
    /// The shop's time: never before that of its last command.
    pub at: Timestamp,
    /// The real time; mails are sent by it.
    pub real_at: Timestamp,
    /// Where ids and codes come from; from the operating system, one for each command.
    pub seed: [u8; 32],
    /// Who asks.
    pub actor: Actor,
    /// The request, for the audit log.
    pub request_id: Option<String>,
}

/// A command's work in progress.
pub struct Draft<'w> {
    world: &'w World,
    changes: Changes,
    /// What stays the same.
    pub installation: &'w Installation,
    /// When and by whom.
    pub context: &'w Context,
    /// The shop.
    pub shop: Rc<Shop>,
    random: RefCell<StdRng>,
    drawn: RefCell<HashSet<[u8; 16]>>,
    is_guess: Cell<bool>,
    is_history: bool,
    is_rewound: bool,
}

impl<'w> Draft<'w> {
    /// Decides something: what it came to, and what that would change. `Err(Stop::Missing)`: something that it read
    /// is not known yet, and is noted as wanted; it is to be decided anew when that is loaded.
    pub fn attempt<T>(
        world: &'w World,
        installation: &'w Installation,
        context: &'w Context,
        shop: Id,
        work: impl FnOnce(&mut Self) -> Result<T, Stop>,
    ) -> Result<(T, Changes), Stop> {
        let head = ShopHead::shelf(world).get(shop, shop);
        let shop = Shop::shelf(world).get(shop, shop)?.ok_or(Stop::Missing)?;
        head?;
        let mut draft = Self {
            world,
            changes: Changes::default(),
            installation,
            context,
            shop,
            random: RefCell::new(StdRng::from_seed(context.seed)),
            drawn: RefCell::default(),
            is_guess: Cell::new(false),
            is_history: false,
            is_rewound: false,
        };
        let came_to = work(&mut draft);
        if draft.is_guess() {
            return Err(Stop::Missing);
        }
        Ok((came_to?, draft.into_changes()?))
    }

    /// Whether something that was read so far is not known yet: what it comes to will not count.
    pub fn is_guess(&self) -> bool {
        self.is_guess.get()
    }

    /// Stops where something that was read so far is not known yet: for where what follows would ask in vain.
    pub fn be_sure(&self) -> Result<(), Stop> {
        if self.is_guess() { Err(Stop::Missing) } else { Ok(()) }
    }

    /// Takes what is not known for what is not there.
    fn guess<T>(&self, read: Result<T, Stop>, absent: T) -> Result<T, Stop> {
        if let Err(Stop::Missing) = read {
            self.is_guess.set(true);
            return Ok(absent);
        }
        read
    }

    /// Does something with each, and goes on with the next where one cannot be gone on with yet.
    pub fn each<I: IntoIterator, T>(
        &mut self,
        items: I,
        mut work: impl FnMut(&mut Self, I::Item) -> Result<T, Stop>,
    ) -> Result<Vec<T>, Stop> {
        let mut done = Vec::new();
        let mut is_missing = false;
        for item in items {
            match work(self, item) {
                Ok(one) => done.push(one),
                Err(_) if self.is_guess() => is_missing = true,
                Err(refused) => return Err(refused),
            }
        }
        if is_missing { Err(Stop::Missing) } else { Ok(done) }
    }

    /// The shop's time.
    pub fn at(&self) -> Timestamp {
        self.context.at
    }

    /// The record of an id, in this shop.
    pub fn get<R: Shelved>(&self, id: Id) -> Result<Option<Rc<R>>, Stop> {
        match self.changed::<R>(id) {
            None if !self.is_new(id) => self.guess(R::shelf(self.world).get(self.shop.id, id), None),
            changed => Ok(changed),
        }
    }

    /// The record of an id as it was made or changed here.
    pub fn changed<R: Shelved>(&self, id: Id) -> Option<Rc<R>> {
        R::changed(&self.changes).iter().rev().find(|record| record.id() == id).cloned()
    }

    /// The record of an id that another record names: it must be there, once it is known.
    pub fn expect<R: Shelved>(&self, id: Id) -> Result<Rc<R>, Stop> {
        match self.get(id)? {
            Some(record) => Ok(record),
            None if self.is_guess() => Err(Stop::Missing),
            None => panic!("{id} is named by a record and does not exist in {}", R::TABLE),
        }
    }

    /// The record with this second key, in this shop.
    pub fn find<R: Shelved>(&self, key: &Key<R>, text: &str) -> Result<Option<Rc<R>>, Stop> {
        let changed = R::changed(&self.changes).iter().rev().find(|record| record.key(key.0).as_deref() == Some(text));
        if let Some(changed) = changed {
            return Ok(Some(changed.clone()));
        }
        if self.names_new(text) {
            return Ok(None);
        }
        match self.guess(R::shelf(self.world).find(key, &(self.shop.id, text.to_owned())), None)? {
            // It may have lost its key here.
            Some(id) => Ok(self.get::<R>(id)?.filter(|found| found.key(key.0).as_deref() == Some(text))),
            None => Ok(None),
        }
    }

    /// The records of a parent, in the order of their ids.
    pub fn list<R: Shelved>(&self, list: &List<R>, parent: Id) -> Result<Vec<Rc<R>>, Stop> {
        let mut ids = Vec::new();
        if !self.is_new(parent) {
            ids.extend_from_slice(self.guess(R::shelf(self.world).list(list, self.shop.id, parent), &[])?);
        }
        let fresh = R::changed(&self.changes).iter().filter(|record| record.parent(list.0) == Some(parent));
        ids.extend(fresh.map(|record| record.id()));
        ids.sort_unstable();
        ids.dedup();
        let found: Result<Vec<_>, _> = ids.into_iter().map(|id| self.get::<R>(id)).collect();
        let is_child = |record: &Rc<R>| record.parent(list.0) == Some(parent);
        Ok(found?.into_iter().flatten().filter(is_child).collect())
    }

    /// The records of a parent in the first list that are due at an instant, soonest first, at most so many; what
    /// it costs does not grow with those that are due later.
    pub fn due<R: Shelved>(&self, parent: Id, at: Timestamp, most: usize) -> Result<Vec<Rc<R>>, Stop> {
        let (ids, more_from) = self.guess(R::shelf(self.world).soonest(self.shop.id, parent), (&[], None))?;
        let fresh = R::changed(&self.changes).iter().filter(|record| record.parent(0) == Some(parent));
        let mut ids: Vec<Id> = ids.iter().copied().chain(fresh.map(|record| record.id())).collect();
        ids.sort_unstable();
        ids.dedup();
        let found: Result<Vec<_>, _> = ids.into_iter().map(|id| self.get::<R>(id)).collect();
        let is_due = |record: &Rc<R>| record.parent(0) == Some(parent) && record.due_at().is_some_and(|due| due <= at);
        let mut due: Vec<Rc<R>> = found?.into_iter().flatten().filter(is_due).collect();
        if due.len() < most && more_from.is_some_and(|from| from <= at) {
            R::shelf(self.world).want_more(self.shop.id, parent);
            self.is_guess.set(true);
        }
        due.sort_by_key(|record| (record.due_at(), record.id()));
        due.truncate(most);
        Ok(due)
    }

    /// Notes a new or changed record.
    pub fn save<R: Shelved>(&mut self, record: R) -> Rc<R> {
        let record = Rc::new(record);
        let changed = R::changed_mut(&mut self.changes);
        let place = changed.iter().position(|other| other.id() == record.id());
        match place {
            Some(place) if !R::APPEND_ONLY => changed[place] = record.clone(),
            _ => changed.push(record.clone()),
        }
        record
    }

    /// Begins a part of a large command: it draws ids and codes of its own, whatever the parts before
    /// it drew.
    pub fn begin_part(&mut self, part: u64) {
        let mut seed = self.context.seed;
        for (byte, part) in seed.iter_mut().zip(part.to_be_bytes()) {
            *byte ^= part;
        }
        self.random = RefCell::new(StdRng::from_seed(seed));
    }

    /// What is done from now on was before: it raises no event.
    pub fn begin_history(&mut self) {
        self.is_history = true;
    }

    /// A new id.
    pub fn new_id(&self, prefix: &'static str) -> Id {
        debug_assert!(RecordKind::ALL.iter().any(|kind| kind.row().prefix == Some(prefix)), "{prefix} names no kind");
        let id = Id::new(prefix, self.at().ms(), self.random());
        self.drawn.borrow_mut().insert(id.to_bytes());
        id
    }

    /// Whether an id was drawn here, or is a sibling of one: nothing was stored under it before, and nothing that is
    /// stored names it.
    pub fn is_new(&self, id: Id) -> bool {
        self.drawn.borrow().contains(&id.to_bytes())
    }

    /// The record of an id that is made of a name; of a name with an id that was drawn here nothing was stored.
    pub fn get_named<R: Shelved>(&self, id: Id, name: &str) -> Result<Option<Rc<R>>, Stop> {
        if self.names_new(name) { Ok(self.changed::<R>(id)) } else { self.get::<R>(id) }
    }

    fn names_new(&self, text: &str) -> bool {
        !self.drawn.borrow().is_empty() && Id::last_in(text).is_some_and(|named| self.is_new(named))
    }

    /// Random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0u8; N];
        self.random.borrow_mut().fill_bytes(&mut bytes);
        bytes
    }

    /// Notes that something happened: `data` is the resource as the API shows it.
    pub fn event<P: Payload>(&mut self, kind: EventKind, data: &P) -> Result<(), Stop> {
        if !self.is_history {
            self.events(&[kind], data)?;
        }
        Ok(())
    }

    /// The same of several things that happened at once, which all carry the same; answers how the API shows it.
    pub fn events<P: Payload>(&mut self, kinds: &[EventKind], data: &P) -> Result<String, Stop> {
        // A guess is told to nobody, and need not be written out.
        let text = if self.is_guess() { String::new() } else { shown(data) };
        for kind in if self.is_history { &[] } else { kinds } {
            debug_assert_eq!(kind.data(), P::DATA, "what {kind} carries");
            self.raise(*kind, data.subject(), text.clone())?;
        }
        Ok(text)
    }

    fn raise(&mut self, kind: EventKind, subject: Option<Id>, data: String) -> Result<(), Stop> {
        let mut head = (*self.expect::<ShopHead>(self.shop.id)?).clone();
        head.seq += 1;
        let event = Event {
            id: self.new_id("evt"),
            shop: self.shop.id,
            version: 0,
            seq: head.seq,
            kind,
            subject,
            data,
            created_at: self.at(),
        };
        self.save(head);
        self.save(event);
        Ok(())
    }

    /// Notes that what was told of a record so far is to be erased: the data of its events, the stored
    /// answers that show it, the reasons that were given for what was done to it. `erasure` is the job that goes
    /// through the events.
    pub fn forget(&mut self, erasure: Id, subject: Id) -> Result<(), Stop> {
        let id = Forgotten::id_of(erasure, subject);
        let (head, before) = (self.expect::<ShopHead>(self.shop.id), self.get::<Forgotten>(id));
        let version = before?.map_or(0, |before| before.version);
        let (shop, until_seq) = (self.shop.id, head?.seq);
        self.save(Forgotten { id, shop, version, job: Some(erasure), subject, until_seq });
        Ok(())
    }

    /// The page and the number of an event that is raised here and tells just this, where events come in pages.
    pub fn told(&self, body: &str) -> Option<(Id, i64)> {
        let page = self.world.page_of(self.shop.id)?;
        let event = Event::changed(&self.changes).iter().find(|event| event.data == body)?;
        Some((page, event.seq))
    }

    /// The event of a number, which stands in a page, or will when this batch is saved.
    pub fn event_in(&self, page: Id, seq: i64) -> Result<Rc<Event>, Stop> {
        let event = match self.world.page_of(self.shop.id) == Some(page) {
            true => self.world.raised(self.shop.id, seq),
            false => self.expect::<EventPage>(page)?.event(seq).unwrap_or_else(|error| panic!("{error}")).map(Rc::new),
        };
        Ok(event.unwrap_or_else(|| panic!("{page} has no event {seq}")))
    }

    /// Notes that a text is to be erased from the reports of imports, which repeat what could not be.
    pub fn erase_word(&mut self, word: &str) {
        self.changes.erase_word(ErasedWord { shop: self.shop.id, word: word.to_owned() });
    }

    /// Notes who did what to what.
    pub fn audit(&mut self, action: &str, subject: Id, reason: Option<&str>) {
        let row = AuditRow {
            id: self.new_id("aud"),
            shop: self.shop.id,
            version: 0,
            created_at: self.at(),
            actor: Json(self.context.actor.clone()),
            action: action.to_owned(),
            subject_type: subject_type(subject).to_owned(),
            subject_id: subject.to_string(),
            reason: reason.map(str::to_owned),
            request_id: self.context.request_id.clone(),
        };
        self.save(row);
    }

    /// Notes a head whose time was brought back.
    pub fn rewind(&mut self, head: ShopHead) {
        self.is_rewound = true;
        self.save(head);
    }

    /// What it would change, with the shop's time noted.
    fn into_changes(mut self) -> Result<Changes, Stop> {
        let head = self.expect::<ShopHead>(self.shop.id)?;
        if head.last_at < self.at() && !self.is_rewound {
            let mut head = (*head).clone();
            head.last_at = self.at();
            self.save(head);
        }
        Ok(self.changes)
    }
}

/// The word for what an id names.
pub fn subject_type(id: Id) -> &'static str {
    RecordKind::of(id).and_then(|kind| kind.row().word).unwrap_or("record")
}
