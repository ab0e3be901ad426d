//! For the tests of the rules: a shop in memory, with no database behind it.
//!
//! As in the engine each command begins with a world that knows nothing, and what it asks for is loaded
//! between its rounds; a command that needs many rounds is a fault.

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::rc::Rc;

use crate::decide::Command;
use crate::decide::answer::Answer;
use crate::decide::draft::{Context, Draft, Installation};
use crate::records::audit::Actor;
use crate::records::day_count::ALL;
use crate::records::money::Currency;
use crate::records::shop::Mode;
use crate::records::*;
use crate::refusal::Rejection;
use crate::vault::Vault;
use crate::world::{Changes, PAGE, STEPS, Shelf, Shelved, Stop, Visitor, Wanted, World};

/// A shop in memory and its clock.
pub(crate) struct Bench {
    /// The time of the next command, the shop's and the real one.
    pub(crate) at: Timestamp,
    /// The shop.
    pub(crate) shop: Id,
    /// Who asks.
    pub(crate) actor: Actor,
    stored: Stored,
    installation: Installation,
    loads: Vec<usize>,
    records: usize,
}

/// Loads that a command needs at most, beside that of its shop; the engine gives it sixteen. Half of a test's
/// commands need no more than [`USUAL_LOADS`].
const MOST_LOADS: usize = 6;
const USUAL_LOADS: usize = 3;

/// What is stored: by table, then by id.
#[derive(Default)]
struct Stored(HashMap<&'static str, Box<dyn Any>>);

impl Stored {
    fn of<R: Record>(&mut self) -> &mut BTreeMap<Id, Rc<R>> {
        let table = self.0.entry(R::TABLE).or_insert_with(|| Box::new(BTreeMap::<Id, Rc<R>>::new()));
        table.downcast_mut().expect("a table holds one kind")
    }

    fn all<R: Record>(&self) -> Vec<Rc<R>> {
        let table = self.0.get(R::TABLE).and_then(|table| table.downcast_ref::<BTreeMap<Id, Rc<R>>>());
        table.into_iter().flat_map(BTreeMap::values).cloned().collect()
    }
}

struct Loading<'a> {
    stored: &'a mut Stored,
    loaded: bool,
    records: usize,
    asked: Vec<&'static str>,
}

impl Visitor for Loading<'_> {
    type Error = Infallible;

    fn visit<R: Record>(&mut self, shelf: &mut Shelf<R>) -> Result<(), Infallible> {
        let wanted = shelf.take_wanted();
        if wanted.is_empty() {
            return Ok(());
        }
        let is_wanted = |record: &&Rc<R>| {
            let (shop, id) = (record.shop(), record.id());
            let by_key = |(index, places): (usize, &Vec<(Id, String)>)| {
                record.key(index).is_some_and(|key| places.contains(&(shop, key)))
            };
            let by_list = |(index, parents): (usize, &Vec<(Id, Id)>)| {
                record.parent(index).is_some_and(|parent| parents.contains(&(shop, parent)))
            };
            wanted.ids.contains(&(shop, id))
                || wanted.keys.iter().enumerate().any(by_key)
                || wanted.lists.iter().enumerate().any(by_list)
        };
        self.loaded = true;
        self.asked.push(R::TABLE);
        let stored = self.stored.of::<R>();
        let found: Vec<R> = stored.values().filter(is_wanted).map(|record| (**record).clone()).collect();
        self.records += found.len();
        shelf.fill(&wanted, found);
        shelf.complete_lists(&wanted);
        for (shop, parent, page) in wanted.soonest {
            let is_child = |record: &&Rc<R>| record.shop() == shop && record.parent(0) == Some(parent);
            let mut children: Vec<_> = self.stored.of::<R>().values().filter(is_child).cloned().collect();
            children.sort_by_key(|record| (record.due_at(), record.id()));
            let page = children.into_iter().skip(page * PAGE).take(PAGE);
            let found: Vec<R> = page.map(|record| (*record).clone()).collect();
            self.records += found.len();
            shelf.fill_page(shop, parent, found);
        }
        Ok(())
    }
}

struct Saving<'a>(&'a mut Stored);

impl Visitor for Saving<'_> {
    type Error = Infallible;

    fn visit<R: Record>(&mut self, shelf: &mut Shelf<R>) -> Result<(), Infallible> {
        let table = self.0.of::<R>();
        for record in shelf.unsaved() {
            match record.is_gone() {
                true => drop(table.remove(&record.id())),
                false => drop(table.insert(record.id(), record)),
            }
        }
        Ok(())
    }
}

impl Bench {
    /// A live shop in Berlin that sells in euros and speaks German first, at noon of 24 November 2026.
    pub(crate) fn new() -> Self {
        let at = Timestamp::from_ms(1_795_521_600_000);
        let shop = Id::new("shp", 0, [0; 10]);
        let public_url = "https://grapevine.example".to_owned();
        let installation = Installation { vault: Vault::new(b"bench"), public_url, answer_days: 30, visit_days: 90 };
        let mut bench = Self {
            at,
            shop,
            actor: Actor::system(),
            stored: Stored::default(),
            installation,
            loads: Vec::new(),
            records: 0,
        };
        bench.put(ShopHead {
            id: shop,
            shop,
            version: 0,
            seq: 0,
            last_at: at,
            clock_offset_ms: 0,
            counted: ALL.to_owned(),
            tallied: ALL.to_owned(),
            owing: ALL.to_owned(),
        });
        bench.put(shop_record(shop, at));
        bench
    }

    /// What stays the same for every command.
    pub(crate) fn installation(&self) -> &Installation {
        &self.installation
    }

    /// Puts a record there.
    pub(crate) fn put<R: Shelved>(&mut self, record: R) {
        let before = self.stored.of::<R>().get(&record.id()).map_or(0, |before| before.version());
        let mut record = record;
        record.set_version(before + 1);
        self.stored.of::<R>().insert(record.id(), Rc::new(record));
    }

    /// Changes a record that is there.
    pub(crate) fn change<R: Shelved>(&mut self, id: Id, change: impl FnOnce(&mut R)) {
        let mut record = (*self.get::<R>(id)).clone();
        change(&mut record);
        self.put(record);
    }

    /// A record that must be there.
    pub(crate) fn get<R: Shelved>(&mut self, id: Id) -> Rc<R> {
        let found = self.stored.of::<R>().get(&id).cloned();
        found.unwrap_or_else(|| panic!("{id} is not in {}", R::TABLE))
    }

    /// Records that the last command loaded.
    pub(crate) fn records_loaded(&self) -> usize {
        self.records
    }

    /// Everything of a kind that was put there or changed, in the order of the ids.
    pub(crate) fn all<R: Shelved>(&self) -> Vec<Rc<R>> {
        self.stored.all::<R>()
    }

    /// Decides a command.
    pub(crate) fn decide(&mut self, command: impl Into<Command>) -> Result<Answer, Rejection> {
        let command = command.into();
        self.run(|draft| command.decide(draft))
    }

    /// Decides a part of a command, and keeps what it changes.
    pub(crate) fn run<T>(&mut self, work: impl Fn(&mut Draft<'_>) -> Result<T, Stop>) -> Result<T, Rejection> {
        let (answer, changes, mut world) = self.attempt(work)?;
        world.apply(changes);
        let Ok(()) = world.each(&mut Saving(&mut self.stored));
        Ok(answer)
    }

    /// Finds something out, and keeps nothing.
    pub(crate) fn dry_run<T>(&mut self, work: impl Fn(&mut Draft<'_>) -> Result<T, Stop>) -> Result<T, Rejection> {
        self.attempt(work).map(|(answer, ..)| answer)
    }

    fn attempt<T>(
        &mut self,
        work: impl Fn(&mut Draft<'_>) -> Result<T, Stop>,
    ) -> Result<(T, Changes, World), Rejection> {
        let mut seed = [0; 32];
        // The first bytes are those by which the parts of a command differ.
        seed[24..].copy_from_slice(&self.loads.len().to_be_bytes());
        let context = Context { at: self.at, real_at: self.at, seed, actor: self.actor.clone(), request_id: None };
        let (mut world, mut asked) = (self.opened(), Vec::new());
        for loads in 0..=MOST_LOADS {
            let decided = Draft::attempt(&world, &self.installation, &context, self.shop, &work);
            if !matches!(decided, Err(Stop::Missing)) {
                self.loads.push(loads);
            }
            match decided {
                Ok((answer, changes)) => return Ok((answer, changes, world)),
                Err(Stop::Refused(rejection)) => return Err(rejection),
                Err(Stop::Missing) => asked.push(self.load(&mut world)),
            }
        }
        panic!("records are missing after {MOST_LOADS} loads; go through them with `each`: {asked:#?}");
    }

    /// A world that knows the shop, and nothing else.
    fn opened(&mut self) -> World {
        self.records = 0;
        let mut world = World::default();
        let ids = vec![(self.shop, self.shop)];
        let heads = self.stored.all::<ShopHead>().iter().map(|head| (**head).clone()).collect();
        world.fill_heads(&Wanted { ids, ..Wanted::default() }, heads);
        Shop::shelf(&world).want(self.shop, self.shop);
        self.load(&mut world);
        world
    }

    /// Loads what is wanted, and what that leads to; answers which tables were asked, in which steps.
    fn load(&mut self, world: &mut World) -> Vec<String> {
        let mut steps = Vec::new();
        for _ in 0..STEPS {
            let mut loading = Loading { stored: &mut self.stored, loaded: false, records: 0, asked: Vec::new() };
            let Ok(()) = world.each(&mut loading);
            let (loaded, asked) = (loading.loaded, loading.asked.join(" "));
            self.records += loading.records;
            if !loaded {
                break;
            }
            steps.push(asked);
            world.follow();
        }
        steps
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.loads.sort_unstable();
        let median = self.loads.get(self.loads.len().saturating_sub(1) / 2).copied().unwrap_or(0);
        if !std::thread::panicking() {
            assert!(
                median <= USUAL_LOADS,
                "more than half of the commands need {median} loads or more: {:?}",
                self.loads
            );
        }
    }
}

/// A customer of the bench's shop, with an address unless it is empty.
pub(crate) fn customer(bench: &Bench, name: &str, email: &str) -> Customer {
    let blank = Customer::blank(Id::of("cus", &[name]), bench.shop, Some(name.to_owned()), bench.at);
    Customer { email: (!email.is_empty()).then(|| email.to_owned()), ..blank }
}

pub(crate) fn shop_record(id: Id, at: Timestamp) -> Shop {
    Shop {
        id,
        shop: id,
        version: 0,
        mode: Mode::Live,
        name: "Kaffeehaus".to_owned(),
        currency: Currency::parse("EUR").expect("a currency"),
        time_zone: "Europe/Berlin".to_owned(),
        country: None,
        locales: Json(vec!["de".to_owned(), "en".to_owned()]),
        slug: "kaffee".to_owned(),
        link_base_url: None,
        home_url: Some("https://shop.example".to_owned()),
        landing_hosts: Json(vec!["shop.example".to_owned()]),
        mark_parameters: None,
        typed_pages: None,
        placements: None,
        sender: Json::default(),
        brand: Json::default(),
        browser_origins: Json::default(),
        mail: Json::default(),
        grant_approval_above: None,
        grant_limit_raise: Json(None),
        test_recipients: Json::default(),
        never_discounted: Json::default(),
        past_zones: Json::default(),
        created_at: at,
    }
}
