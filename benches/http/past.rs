//! A past of a shop: customers, shares, orders and openings of links over a year. Its records are like those that the
//! engine made of one order, written and counted as the engine does, and decided by nobody: books do not bear it out.

use std::collections::BTreeMap;
use std::rc::Rc;

use anyhow::Context as _;
use grapevine::records::code::holder;
use grapevine::records::conversion::ConversionStatus;
use grapevine::records::day_count::DayKey;
use grapevine::records::time::DAY_MS;
use grapevine::records::trial::Trial;
use grapevine::records::{Conversion, Customer, Id, Record, Referral, Reward, Share, Shop as ShopRecord, Timestamp};
use grapevine::store::connection::Use;
use grapevine::store::queries::records::read;
use grapevine::store::shelves::{Texts, heads, load, save, select};
use grapevine::store::visits::{self, Class, Visit};
use grapevine::store::{Connection, Statement, StoreResult};
use grapevine::world::{Changes, Shelved, Wanted, World};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng};

use crate::order_kinds::KINDS;
use crate::requests::post;
use crate::shop::Shop;

/// Days of it.
pub const DAYS: i64 = 365;
/// Records of a transaction, roughly.
const AT_ONCE: u64 = 1_000;
/// Openings of a transaction.
const OPENINGS: u64 = 5_000;
/// Advocates without an offer, percent.
const HELD_OUT: i64 = 10;
/// What the numbers of the shop's own orders begin behind.
const OWN: u64 = 900_000_000;

const CHANNELS: [&str; 12] = [
    "whatsapp",
    "telegram",
    "signal",
    "messenger",
    "imessage",
    "sms",
    "email",
    "threema",
    "qr",
    "copy",
    "facebook",
    "x",
];

/// How much there is to be.
pub struct Past {
    /// Advocates, each with a share.
    pub advocates: u64,
    /// Orders, two of five by a share.
    pub orders: u64,
    /// Openings of links, nine of ten by persons.
    pub visits: u64,
}

/// What one order left, by a share and without.
struct Example {
    share: Share,
    referral: Referral,
    order: Conversion,
    rewards: Vec<Reward>,
    plain: Conversion,
}

/// Writes a past.
pub struct Writer {
    connection: Connection,
    texts: Texts,
    shop: ShopRecord,
    example: Example,
    trial: Trial,
    random: StdRng,
    begins: i64,
}

impl Writer {
    /// Has two orders made, to go by.
    pub async fn new(shop: &Shop) -> anyhow::Result<Self> {
        shop.send_one("an order to go by", OWN, &KINDS[1].make(shop)).await?;
        let plain = |_| {
            r#"{"order_id":"plain","customer_details":{"email":"plain@mail.example"},"amount":4990,"currency":"EUR"}"#
                .to_owned()
        };
        shop.send_one("an order of nobody's friend", 0, &post(&shop.secret, "/v1/conversions", plain)).await?;
        let mut connection = shop.target.connect(Use::Tool)?;
        let example = Example::read(&mut connection, shop.id)?;
        let of_shop = all::<ShopRecord>(&mut connection, shop.id, "id = ?", shop.id)?.pop().context("no shop")?;
        let random = StdRng::seed_from_u64(15);
        let begins = example.order.created_at.ms() - (DAYS - 1) * DAY_MS;
        let trial = Trial { number: 1, percent: HELD_OUT, from: Timestamp::from_ms(begins), until: None };
        let known = Statement::new("UPDATE programs SET trials = ? WHERE id = ?");
        connection.execute(&known.bind(serde_json::to_string(&[trial])?).bind(example.share.program))?;
        Ok(Self { connection, texts: Texts::default(), shop: of_shop, example, trial, random, begins })
    }

    /// Writes all of it.
    pub fn write(&mut self, past: &Past) -> anyhow::Result<()> {
        let shares = self.advocates(past.advocates)?;
        for first in (0..past.orders).step_by(usize::try_from(AT_ONCE / 4)?) {
            let mut changes = Changes::default();
            for number in first..(first + AT_ONCE / 4).min(past.orders) {
                let at = self.at(number, past.orders);
                self.order(&mut changes, at, number, &shares);
            }
            self.save(changes)?;
        }
        for first in (0..past.visits).step_by(usize::try_from(OPENINGS)?) {
            self.visits(first..(first + OPENINGS).min(past.visits), past.visits, &shares)?;
        }
        Ok(())
    }

    /// Writes orders that nobody recommended, numbered from `first` on.
    pub fn plain_orders(&mut self, first: u64, count: u64) -> anyhow::Result<()> {
        for first in (first..first + count).step_by(usize::try_from(AT_ONCE)?) {
            let mut changes = Changes::default();
            for number in first..first + AT_ONCE {
                let at = self.at(number - first, AT_ONCE);
                add(&mut changes, self.plain(at, number, None));
            }
            self.save(changes)?;
        }
        Ok(())
    }

    /// The instant of the n-th of so many things that are spread over the time.
    fn at(&self, number: u64, of: u64) -> Timestamp {
        let passed = (DAYS * DAY_MS) as f64 * (number as f64 / of as f64);
        Timestamp::from_ms(self.begins + passed as i64)
    }

    fn id(&mut self, prefix: &'static str, at: Timestamp) -> Id {
        Id::new(prefix, at.ms(), self.random.random())
    }

    fn advocates(&mut self, count: u64) -> anyhow::Result<Vec<Share>> {
        let mut shares = Vec::new();
        for first in (0..count).step_by(usize::try_from(AT_ONCE)?) {
            let mut changes = Changes::default();
            for number in first..(first + AT_ONCE).min(count) {
                let at = self.at(number, count);
                let customer = self.customer(at, format!("past-advocate-{number}"));
                let channel = CHANNELS[self.random.random_range(0..CHANNELS.len())];
                let id = self.id("shr", at);
                let share = Share {
                    id,
                    version: 0,
                    customer: Some(customer.id),
                    customer_ref: customer.external_id.clone(),
                    channel: channel.to_owned(),
                    token: format!("{:011}", OWN + number),
                    spot: Some(format!("past/{number}")),
                    root: id,
                    first_of: Some(holder(self.example.share.program, customer.id)),
                    advocate_since: Some(at),
                    arm: Some(self.trial.arm(self.example.share.program, customer.id)),
                    sent_at: Some(at.plus_ms(60_000)),
                    created_at: at,
                    ..self.example.share.clone()
                };
                shares.push(share.clone());
                add(&mut changes, customer);
                add(&mut changes, share);
            }
            self.save(changes)?;
        }
        Ok(shares)
    }

    fn customer(&mut self, at: Timestamp, name: String) -> Customer {
        let id = self.id("cus", at);
        let email = Some(format!("{name}@mail.example"));
        Customer { email, external_id: Some(name), ..Customer::blank(id, self.shop.id, None, at) }
    }

    fn plain(&mut self, at: Timestamp, number: u64, customer: Option<Id>) -> Conversion {
        let amount = self.random.random_range(500..20_000);
        let approved_at = Some(at.plus_days(14));
        Conversion {
            id: self.id("cnv", at),
            version: 0,
            order_id: format!("past-{number:012}"),
            customer,
            amount,
            reported_amount: amount,
            occurred_at: at,
            created_at: at,
            approved_at: self.example.plain.approved_at.and(approved_at),
            ..self.example.plain.clone()
        }
    }

    fn order(&mut self, changes: &mut Changes, at: Timestamp, number: u64, shares: &[Share]) {
        let customer = self.customer(at, format!("past-{number}"));
        // Who shared before.
        let known = usize::try_from(shares.len() as u64 * self.passed(at) / 1_000).unwrap_or(0);
        let plain = self.plain(at, number, Some(customer.id));
        if known == 0 || self.random.random_range(0..5) > 1 {
            add(changes, customer);
            return add(changes, plain);
        }
        let share = &shares[self.random.random_range(0..known)];
        let (channel, advocate) = (Some(share.channel.clone()), share.customer.expect("a sharer"));
        let referral = Referral {
            id: self.id("ref", at),
            version: 0,
            friend: customer.id,
            person: customer.person,
            advocate,
            share: Some(share.id),
            channel: channel.clone(),
            advocate_since: share.advocate_since,
            arm: share.arm,
            pair: format!("{}/{}", share.program, customer.person),
            created_at: at,
            expires_at: at.plus_days(30),
            ..self.example.referral.clone()
        };
        let status = match number % 20 {
            0 => ConversionStatus::Cancelled,
            1 => ConversionStatus::Reversed,
            _ => ConversionStatus::Approved,
        };
        let order = Conversion {
            status,
            cancelled_at: (status == ConversionStatus::Cancelled).then(|| at.plus_days(1)),
            refunded_amount: if status == ConversionStatus::Reversed { plain.amount } else { 0 },
            referral: Some(referral.id),
            advocate: Some(advocate),
            share: Some(share.id),
            arm: share.arm,
            channel: channel.clone(),
            id: plain.id,
            order_id: plain.order_id,
            customer: plain.customer,
            amount: plain.amount,
            reported_amount: plain.amount,
            occurred_at: at,
            created_at: at,
            approved_at: Some(at.plus_days(14)),
            version: 0,
            ..self.example.order.clone()
        };
        for (rule, example) in self.example.rewards.clone().into_iter().enumerate() {
            let gets = if example.customer == self.example.referral.advocate { advocate } else { customer.id };
            let reward = Reward {
                id: self.id("rwd", at),
                version: 0,
                customer: gets,
                conversion: Some(order.id),
                referral: Some(referral.id),
                channel: channel.clone(),
                once: format!("{}/{rule}", order.id),
                voucher: None,
                message: None,
                counted_at: example.counted_at.map(|_| at),
                created_at: at,
                ..example
            };
            add(changes, reward);
        }
        add(changes, customer);
        add(changes, referral);
        add(changes, order);
    }

    /// How much of the time has passed, of a thousand.
    fn passed(&self, at: Timestamp) -> u64 {
        u64::try_from((at.ms() - self.begins) * 1_000 / (DAYS * DAY_MS)).unwrap_or(0).min(1_000)
    }

    fn save(&mut self, changes: Changes) -> StoreResult<()> {
        let Self { connection, texts, shop, .. } = self;
        connection.transaction(|connection| {
            let mut world = World::default();
            let ids = vec![(shop.id, shop.id)];
            let heads = heads(connection, texts, &[shop.id], "")?.into_iter().map(|known| known.head).collect();
            world.fill_heads(&Wanted { ids, ..Wanted::default() }, heads);
            let _wanted = ShopRecord::shelf(&world).get(shop.id, shop.id);
            load(connection, texts, &mut world)?;
            world.apply(changes);
            save(connection, texts, &mut world)
        })
    }

    fn visits(&mut self, numbers: std::ops::Range<u64>, of: u64, shares: &[Share]) -> anyhow::Result<()> {
        let mut opened = Vec::new();
        for number in numbers {
            let at = self.at(number, of);
            let known = usize::try_from(shares.len() as u64 * self.passed(at) / 1_000)?.max(1);
            let share = &shares[self.random.random_range(0..known)];
            let (key, _) = share.counts_for(&self.shop).context("a share counts")?;
            let class = if number % 10 == 0 { Class::Preview(None) } else { Class::Person("mobile") };
            let fresh = i64::from(number % 10 > 1);
            let key = DayKey { day: self.shop.day_of(at), ..key };
            opened.push((Visit { shop: self.shop.id, share: share.id, at, class, count: 1, key }, fresh));
        }
        let (opened, fresh): (Vec<_>, Vec<_>) = opened.into_iter().unzip();
        Ok(self.connection.transaction(|connection| visits::keep(connection, opened, &fresh, &BTreeMap::new()))?)
    }
}

impl Example {
    fn read(connection: &mut Connection, shop: Id) -> anyhow::Result<Self> {
        let order = all::<Conversion>(connection, shop, "order_id = ?", format!("{}-{OWN}", KINDS[1].program.slug))?;
        let order = order.into_iter().next().context("no order")?;
        let share = order.share.context("no share")?;
        let referral = order.referral.context("no referral")?;
        Ok(Self {
            share: one(connection, shop, share)?,
            referral: one(connection, shop, referral)?,
            rewards: all(connection, shop, "conversion = ?", order.id)?,
            plain: all(connection, shop, "order_id = ?", "plain")?.pop().context("no plain order")?,
            order,
        })
    }
}

fn add<R: Shelved>(changes: &mut Changes, record: R) {
    R::changed_mut(changes).push(Rc::new(record));
}

fn one<R: Record>(connection: &mut Connection, shop: Id, id: Id) -> anyhow::Result<R> {
    all(connection, shop, "id = ?", id)?.pop().with_context(|| format!("no {id}"))
}

fn all<R: Record>(
    connection: &mut Connection,
    shop: Id,
    which: &str,
    value: impl Into<grapevine::store::Bind>,
) -> anyhow::Result<Vec<R>> {
    let sql = format!("{} WHERE shop = ? AND {which}", select::<R>());
    Ok(read(connection, &Statement::new(sql).bind(shop).bind(value))?)
}
