//! Founding a shop: the one write that waits in no shop's queue, for the shop is not there yet.

use std::rc::Rc;

use crate::records::country::Country;
use crate::records::day_count::ALL;
use crate::records::money::Currency;
use crate::records::shop::{Mode, first_grant_limit};
use crate::records::text::{Locale, Name, Slug};
use crate::records::{Id, Json, Shop, ShopHead, Timestamp};
use crate::store::day_fill::Book;
use crate::store::queries::identity;
use crate::store::writer::{Commit, Locking, WriterConnection};
use crate::store::{StoreError, StoreResult, Target};
use crate::world::{Changes, Shelved, World};

/// What is known of a shop at its founding; the rest is set later.
#[derive(Clone, Debug)]
pub struct NewShop {
    /// Its name.
    pub name: Name,
    /// Its currency, for ever.
    pub currency: Currency,
    /// Test or live, for ever.
    pub mode: Mode,
    /// Its default language.
    pub locale: Locale,
    /// Where links may lead.
    pub landing_hosts: Vec<String>,
    /// Its slug, instead of the one that is made of its name.
    pub slug: Option<Slug>,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// Where it is; `None`: guessed.
    pub country: Option<Country>,
    /// What one person grants alone, minor units, or that there is no limit; left out: 50.00.
    pub grant_approval_above: Option<Option<i64>>,
    /// Addresses that get mail although it is a test shop.
    pub test_recipients: Vec<String>,
}

/// A shop that is to be made: once, however often it is tried.
pub struct Founding {
    shop: Shop,
    /// What it is called where another shop has the slug that is made of its name.
    second_slug: Option<String>,
}

impl Founding {
    /// Of what is known, at an instant.
    pub fn of(new: NewShop, at: Timestamp) -> Self {
        let mut random = [0u8; 10];
        rand::Rng::fill_bytes(&mut rand::rng(), &mut random);
        let is_given = new.slug.is_some();
        let shop = shop(new, Id::new("shp", at.ms(), random), at);
        // The end of an id is random, so two shops of one name differ by it.
        let id = shop.id.to_string();
        let second_slug = (!is_given).then(|| format!("{}-{}", shop.slug, &id[id.len() - 8..]));
        Self { shop, second_slug }
    }

    /// Makes it in a database whose schema is up to date, unless an earlier try has. `None`: another
    /// shop has the slug that was given. After an error it can be tried again.
    pub fn found(&self, target: &Target) -> StoreResult<Option<Shop>> {
        match self.attempt(target) {
            // Meanwhile another shop took the slug, or the end of an earlier try came late.
            Err(StoreError::Conflict(_) | StoreError::Taken(_)) => self.attempt(target),
            settled => settled,
        }
    }

    fn attempt(&self, target: &Target) -> StoreResult<Option<Shop>> {
        let mut writer = WriterConnection::open(target, Locking::On)?;
        writer.begin()?;
        if let Some(made) = identity::shop(writer.lend(), self.shop.id)? {
            return Ok(Some(made));
        }
        let mut shop = self.shop.clone();
        if identity::shop_by_slug(writer.lend(), &shop.slug)?.is_some() {
            let Some(second) = &self.second_slug else { return Ok(None) };
            shop.slug.clone_from(second);
        }
        save(writer, shop).map(Some)
    }
}

fn save(mut writer: WriterConnection, shop: Shop) -> StoreResult<Shop> {
    let (id, at) = (shop.id, shop.created_at);
    // Processes of the release before, which may be at work beside this one, count nothing.
    let begun = |has_begun: bool| if has_begun { ALL.to_owned() } else { String::new() };
    let counted = begun(Book::Counts.has_begun(writer.lend())?);
    let tallied = begun(Book::Tallies.has_begun(writer.lend())?);
    let owing = begun(Book::Owed.has_begun(writer.lend())?);
    let mut world = World::default();
    put(
        &mut world,
        ShopHead { id, shop: id, version: 0, seq: 0, last_at: at, clock_offset_ms: 0, counted, tallied, owing },
    );
    put(&mut world, shop.clone());
    writer.save(&mut world)?;
    match writer.commit() {
        Commit::Done => Ok(Shop { version: 1, ..shop }),
        Commit::Refused(error) | Commit::Unknown(error) => Err(error),
    }
}

fn shop(new: NewShop, id: Id, at: Timestamp) -> Shop {
    let slug = new.slug.map_or_else(|| Slug::of(&new.name, "shop"), Slug::into_string);
    let mut shop = Shop {
        id,
        shop: id,
        version: 0,
        mode: new.mode,
        name: new.name.to_string(),
        currency: new.currency,
        time_zone: new.time_zone,
        country: new.country,
        locales: Json(vec![new.locale.to_string()]),
        slug,
        link_base_url: None,
        home_url: new.landing_hosts.first().map(|host| format!("https://{host}")),
        landing_hosts: Json(new.landing_hosts),
        mark_parameters: None,
        typed_pages: None,
        placements: None,
        sender: Json::default(),
        brand: Json::default(),
        browser_origins: Json::default(),
        mail: Json::default(),
        grant_approval_above: new.grant_approval_above.unwrap_or(Some(first_grant_limit(new.currency))),
        grant_limit_raise: Json(None),
        test_recipients: Json(new.test_recipients),
        never_discounted: Json::default(),
        past_zones: Json::default(),
        created_at: at,
    };
    shop.country = shop.country();
    shop
}

fn put<R: Shelved>(world: &mut World, record: R) {
    let mut changes = Changes::default();
    R::changed_mut(&mut changes).push(Rc::new(record));
    world.apply(changes);
}
