//! For the tests of the rules: a shop in memory, with no database behind it. What is unknown is
//! absent.

use std::convert::Infallible;
use std::rc::Rc;

use super::answer::Answer;
use super::draft::{Context, Draft, House};
use super::{Command, decide};
use crate::records::audit::Actor;
use crate::records::money::Currency;
use crate::records::shop::Mode;
use crate::records::*;
use crate::refusal::Rejection;
use crate::vault::Vault;
use crate::world::{Changes, Shelf, Shelved, Stop, Visitor, World};

/// A shop in memory and its clock.
pub(crate) struct Bench {
    /// The time of the next command, the shop's and the real one.
    pub(crate) at: Timestamp,
    /// The shop.
    pub(crate) shop: Id,
    /// Who asks.
    pub(crate) actor: Actor,
    world: World,
    house: House,
    commands: u32,
}

/// Rounds of loading after which the engine gives a command up.
const ROUNDS: usize = 8;

struct Nothing;

impl Visitor for Nothing {
    type Error = Infallible;

    fn visit<R: Record>(&mut self, shelf: &mut Shelf<R>) -> Result<(), Infallible> {
        let wanted = shelf.take_wanted();
        shelf.fill(&wanted, Vec::new());
        shelf.complete_lists(&wanted);
        Ok(())
    }
}

impl Bench {
    /// A live shop in Berlin that sells in euros and speaks German first, at noon of 24 November 2026.
    pub(crate) fn new() -> Self {
        let at = Timestamp::from_ms(1_795_521_600_000);
        let shop = Id::new("shp", 0, [0; 10]);
        let public_url = "https://grapevine.example".to_owned();
        let house = House { vault: Vault::new(b"bench"), public_url, answer_days: 30 };
        let mut bench = Self { at, shop, actor: Actor::system(), world: World::default(), house, commands: 0 };
        bench.put(ShopHead { id: shop, shop, version: 0, seq: 0, last_at: at, clock_offset_ms: 0 });
        bench.put(shop_record(shop, at));
        bench
    }

    /// What stays the same for every command.
    pub(crate) fn house(&self) -> &House {
        &self.house
    }

    /// Puts a record there.
    pub(crate) fn put<R: Shelved>(&mut self, record: R) {
        let mut changes = Changes::default();
        R::changed_mut(&mut changes).push(Rc::new(record));
        self.world.apply(changes);
    }

    /// Changes a record that is there.
    pub(crate) fn change<R: Shelved>(&mut self, id: Id, change: impl FnOnce(&mut R)) {
        let mut record = (*self.get::<R>(id)).clone();
        change(&mut record);
        self.put(record);
    }

    /// A record that must be there.
    pub(crate) fn get<R: Shelved>(&mut self, id: Id) -> Rc<R> {
        let found = self.run(|draft| draft.get::<R>(id)).unwrap_or_else(|refusal| panic!("{refusal}"));
        found.unwrap_or_else(|| panic!("{id} is not in {}", R::TABLE))
    }

    /// Everything of a kind that was put there or changed, in the order of the ids.
    pub(crate) fn all<R: Shelved>(&self) -> Vec<Rc<R>> {
        R::shelf(&self.world).unsaved()
    }

    /// Decides a command.
    pub(crate) fn decide(&mut self, command: impl Into<Command>) -> Result<Answer, Rejection> {
        let command = command.into();
        self.run(|draft| decide(draft, &command))
    }

    /// Decides a part of a command, and keeps what it changes.
    pub(crate) fn run<T>(&mut self, work: impl Fn(&mut Draft<'_>) -> Result<T, Stop>) -> Result<T, Rejection> {
        let (answer, changes) = self.attempt(work)?;
        self.world.apply(changes);
        Ok(answer)
    }

    /// Finds something out, and keeps nothing.
    pub(crate) fn consult<T>(&mut self, work: impl Fn(&mut Draft<'_>) -> Result<T, Stop>) -> Result<T, Rejection> {
        self.attempt(work).map(|(answer, _)| answer)
    }

    fn attempt<T>(&mut self, work: impl Fn(&mut Draft<'_>) -> Result<T, Stop>) -> Result<(T, Changes), Rejection> {
        self.commands = self.commands.wrapping_add(1);
        let mut seed = [0; 32];
        seed[..4].copy_from_slice(&self.commands.to_be_bytes());
        let context = Context { at: self.at, real_at: self.at, seed, actor: self.actor.clone(), request_id: None };
        for _ in 0..ROUNDS {
            let decided = Draft::new(&self.world, &self.house, &context, self.shop)
                .and_then(|mut draft| work(&mut draft).and_then(|answer| Ok((answer, draft.into_changes()?))));
            match decided {
                Ok(decided) => return Ok(decided),
                Err(Stop::Refused(rejection)) => return Err(rejection),
                Err(Stop::Missing) => {
                    let Ok(()) = self.world.each(&mut Nothing);
                }
            }
        }
        panic!("records are missing after {ROUNDS} rounds; ask for them at once");
    }
}

/// A customer of the bench's shop, with an address unless it is empty.
pub(crate) fn customer(bench: &Bench, name: &str, email: &str) -> Customer {
    let blank = Customer::blank(Id::of("cus", &[name]), bench.shop, Some(name.to_owned()), bench.at);
    Customer { email: (!email.is_empty()).then(|| email.to_owned()), ..blank }
}

fn shop_record(id: Id, at: Timestamp) -> Shop {
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
        sender: Json::default(),
        brand: Json::default(),
        browser_origins: Json::default(),
        mail: Json::default(),
        grant_approval_above: None,
        grant_limit_raise: Json(None),
        test_recipients: Json::default(),
        never_discounted: Json::default(),
        created_at: at,
    }
}
