//! A shop, and what counts in it.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::records::country::Country;
use crate::records::day_count::OTHER;
use crate::records::money::Currency;
use crate::records::text::Reference;
use crate::records::time::{DAY_MS, day_number, day_of_number, midnight};
use crate::records::{Id, Json, Timestamp};
use crate::{record, words};

words! {
    /// Whether a shop is for trying or for real; for ever.
    Mode {
        Test = "test",
        Live = "live",
    }
}

words! {
    /// Whether a kind of mail leaves.
    MailSwitch {
        Send = "send",
        Off = "off",
    }
}

/// Who mails come from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sender {
    /// Name shown.
    pub name: Option<String>,
    /// Address.
    pub email: Option<String>,
}

/// How mails and pages look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Brand {
    /// Name; the shop's own when left out.
    pub name: Option<String>,
    /// `#rrggbb`.
    pub color: Option<String>,
    /// The legal notice under each mail.
    pub imprint: Option<String>,
    /// How German mails speak to people.
    pub german_address: GermanAddress,
}

words! {
    /// How German mails speak to people.
    #[derive(Default)]
    GermanAddress {
        /// As one speaks to customers:
        #[default]
        Sie = "sie",
        /// As one speaks to friends:
        Du = "du",
    }
}

/// Which kinds of mail leave. A shop that was stored before a switch was thought of has its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MailSettings {
    /// Vouchers, credit, and what the shop hands over.
    pub voucher_issued: MailSwitch,
    /// Rewards that were taken back, or part of them.
    pub reward_withdrawn: MailSwitch,
    /// Private links that got about, and those that stand in their place.
    pub link_replaced: MailSwitch,
    /// Rewards that are on their way.
    pub reward_pending: MailSwitch,
    /// Vouchers that are good for some days more, to who agreed to advertising.
    pub expires_soon: MailSwitch,
    /// For how many days more.
    pub expires_soon_days: i64,
}

impl Default for MailSettings {
    fn default() -> Self {
        let send = MailSwitch::Send;
        // What a shop never asked for nobody gets.
        let off = MailSwitch::Off;
        Self {
            voucher_issued: send,
            reward_withdrawn: send,
            link_replaced: send,
            reward_pending: off,
            expires_soon: off,
            expires_soon_days: 7,
        }
    }
}

/// What no discount may lower: books with fixed prices, medicines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NeverDiscounted {
    /// Products.
    pub skus: Vec<Reference>,
    /// Categories of products.
    pub categories: Vec<Reference>,
}

impl NeverDiscounted {
    /// Whether there is no such thing.
    pub fn is_empty(&self) -> bool {
        self.skus.is_empty() && self.categories.is_empty()
    }
}

/// The parameter of a landing page's address that carries the mark, unless the shop wants others.
pub const MARK_PARAMETER: &str = "gv";

/// The page whose address people type, unless the shop names others.
pub const TYPED_PAGE: &str = "/";

/// What one person grants alone unless the founder says otherwise, in the currency's major unit.
const GRANT_LIMIT_MAJOR: i64 = 50;

/// What one person grants alone in a shop of this currency, unless its founder says otherwise, minor units.
pub fn first_grant_limit(currency: Currency) -> i64 {
    currency.of_major(GRANT_LIMIT_MAJOR)
}

/// A higher limit for grants that one operator asked for; it counts when another asks for the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitRaise {
    /// The limit, minor units; `None`: none.
    pub above: Option<i64>,
    /// Who asked.
    pub by: Id,
    /// When.
    pub at: Timestamp,
}

record! {
    /// A shop as its operators set it up; its version is its ETag.
    versioned Shop in "shops" {
        /// Test or live.
        mode: Mode,
        /// Its name.
        name: String,
        /// Its one currency.
        currency: Currency,
        /// IANA name of its time zone.
        time_zone: String,
        /// Where it is; none: guessed.
        country: Option<Country>,
        /// Its languages; the first is the default.
        locales: Json<Vec<String>>,
        /// Part of its code links; unique among all shops.
        slug: String,
        /// Where its share links begin, when not at the server's public URL.
        link_base_url: Option<String>,
        /// Where visitors of ended programs go.
        home_url: Option<String>,
        /// Where links may lead.
        landing_hosts: Json<Vec<String>>,
        /// Which parameters of a landing page's address carry the mark; none: [`MARK_PARAMETER`].
        mark_parameters: Option<Json<Vec<String>>>,
        /// Which of its pages people type the address of; none: [`TYPED_PAGE`].
        typed_pages: Option<Json<Vec<String>>>,
        /// The placements by which reports tell shares apart; none: they do not.
        placements: Option<Json<Vec<String>>>,
        /// Who mails come from.
        sender: Json<Sender>,
        /// How mails look.
        brand: Json<Brand>,
        /// Which web pages may call the browser's part of the API.
        browser_origins: Json<Vec<String>>,
        /// Which mails leave.
        mail: Json<MailSettings>,
        /// What is given by hand and worth more than this, minor units, needs a second operator.
        grant_approval_above: Option<i64>,
        /// A higher limit that waits for a second operator.
        grant_limit_raise: Json<Option<LimitRaise>>,
        /// Addresses that get mail although the shop is a test shop.
        test_recipients: Json<Vec<String>>,
        /// What no discount lowers.
        never_discounted: Json<NeverDiscounted>,
        /// The time zones by which its days were told before, oldest first.
        past_zones: Json<Vec<PastZone>>,
        /// When it was made.
        created_at: Timestamp,
    }
}

/// How long days are still told by the zone of before when a shop changes it: nothing is reported to have happened
/// later than that, so that whatever was counted on a day stays on it.
const ZONE_STAYS_MS: i64 = DAY_MS;

/// A time zone of before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastZone {
    /// Days before this instant are told by it.
    pub until: Timestamp,
    /// Its IANA name.
    pub zone: String,
}

/// The time zones of a shop, by which its days are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zones {
    past: Vec<(Timestamp, chrono_tz::Tz)>,
    now: chrono_tz::Tz,
}

impl Zones {
    /// Of a shop that had one zone all the time.
    pub fn of(zone: chrono_tz::Tz) -> Self {
        Self { past: Vec::new(), now: zone }
    }

    /// When a calendar day begins.
    pub fn begin_of(&self, day: NaiveDate) -> Timestamp {
        let begins = self.past.iter().map(|(until, zone)| (midnight(day, *zone), *until));
        begins.into_iter().find(|(at, until)| at < until).map_or_else(|| midnight(day, self.now), |(at, _)| at)
    }

    /// The calendar day of an instant, days since 1970.
    pub fn day_of(&self, at: Timestamp) -> i64 {
        let past = self.past.iter().find(|(until, _)| at < *until);
        day_number(at.day_in(past.map_or(self.now, |(_, zone)| *zone)))
    }
}

impl Shop {
    /// Its time zone; what is stored was checked.
    pub fn zone(&self) -> chrono_tz::Tz {
        self.time_zone.parse().unwrap_or(chrono_tz::UTC)
    }

    /// The calendar day of an instant by which it is counted, days since 1970: for ever the same one, whichever zone the
    /// shop has later.
    pub fn day_of(&self, at: Timestamp) -> i64 {
        self.zones().day_of(at)
    }

    /// The first day of the month of an instant, days since 1970.
    pub fn month_of(&self, at: Timestamp) -> i64 {
        let day = self.day_of(at);
        day_of_number(day).and_then(|day| day.with_day(1)).map_or(day, day_number)
    }

    /// By which its days are told.
    pub fn zones(&self) -> Zones {
        let past = self.past_zones.iter().map(|past| (past.until, past.zone.parse().unwrap_or(chrono_tz::UTC)));
        Zones { past: past.collect(), now: self.zone() }
    }

    /// Takes another time zone at an instant.
    pub fn take_zone(&mut self, zone: String, at: Timestamp) {
        if zone == self.time_zone {
            return;
        }
        let before = std::mem::replace(&mut self.time_zone, zone);
        let until = self.past_zones.last().map_or(at, |past| past.until.max(at)).plus_ms(ZONE_STAYS_MS);
        self.past_zones.0.push(PastZone { until, zone: before });
    }

    /// Where it is, by which numbers are read that tell no country; guessed where nobody has said it.
    pub fn country(&self) -> Option<Country> {
        self.country.or_else(|| Country::guess(self.currency, self.zone()))
    }

    /// Which parameters of a landing page's address carry the mark.
    pub fn mark_parameters(&self) -> impl Iterator<Item = &str> {
        let chosen = self.mark_parameters.as_ref();
        let usual = chosen.is_none().then_some(MARK_PARAMETER);
        chosen.into_iter().flat_map(|chosen| chosen.iter().map(String::as_str)).chain(usual)
    }

    /// Which of its pages people type the address of.
    pub fn typed_pages(&self) -> impl Iterator<Item = &str> {
        let chosen = self.typed_pages.as_ref();
        let usual = chosen.is_none().then_some(TYPED_PAGE);
        chosen.into_iter().flat_map(|chosen| chosen.iter().map(String::as_str)).chain(usual)
    }

    /// The placements that it has declared.
    pub fn placements(&self) -> &[String] {
        self.placements.as_ref().map_or(&[], |declared| declared)
    }

    /// At which placement a share that is made now is counted, by what was sent; none: nobody said it, or none is
    /// declared.
    pub fn place_of(&self, placement: Option<&str>) -> Option<String> {
        let sent = placement.filter(|_| !self.placements().is_empty())?;
        let is_declared = self.placements().iter().any(|declared| declared == sent);
        Some(if is_declared { sent.to_owned() } else { OTHER.to_owned() })
    }

    /// Its default language.
    pub fn locale(&self) -> &str {
        self.locales.first().map_or("en", String::as_str)
    }
}

record! {
    /// The row that a writer locks: one writer at a time holds it, in whichever process.
    versioned ShopHead in "shop_heads" {
        /// The number of the shop's last event.
        seq: i64,
        /// The instant of its last command; its time never goes back.
        last_at: Timestamp,
        /// How far a test shop's clock was moved forward, milliseconds.
        clock_offset_ms: i64,
        /// The last record that the counters of days have, or that they have all.
        counted: String,
        /// The same of the numbers of days. Placements count when it is all: before, processes of the release before may
        /// count what has one elsewhere.
        tallied: String,
        /// Whether it is counted what it owes: that it is, or nothing.
        owing: String,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::{Column, Value};

    /// What shops of old were given by a migration.
    const MIGRATIONS: [&str; 2] = [
        include_str!("../../../migrations/sqlite/2026-11-29-000041_four_eyes/up.sql"),
        include_str!("../../../migrations/postgres/2026-11-29-000041_four_eyes/up.sql"),
    ];

    #[test]
    fn a_shop_of_before_a_switch_has_its_default() {
        let table = [
            ("{}", MailSwitch::Send, MailSwitch::Send),
            (r#"{"voucher_issued":"off"}"#, MailSwitch::Off, MailSwitch::Send),
            (r#"{"reward_withdrawn":"off"}"#, MailSwitch::Send, MailSwitch::Off),
        ];
        for (stored, voucher_issued, reward_withdrawn) in table {
            let read = Json::<MailSettings>::from_value(Value::Text(Some(stored.to_owned())));
            assert_eq!(
                read.expect(stored).0,
                MailSettings { voucher_issued, reward_withdrawn, ..MailSettings::default() },
                "{stored}"
            );
        }
    }

    #[test]
    fn old_shops_and_new_ones_have_the_same_limit() {
        for sql in MIGRATIONS {
            let mut named = 0;
            for line in sql.lines().filter(|line| line.contains("WHEN currency IN")) {
                let limit: i64 = line.rsplit(' ').next().and_then(|limit| limit.parse().ok()).expect("a limit");
                for code in line.split('\'').skip(1).step_by(2) {
                    // Also funds, in which shops of before may sell.
                    let currency = Currency::from_value(Value::Text(Some(code.to_owned()))).expect("a currency");
                    assert_eq!(first_grant_limit(currency), limit, "{code}");
                    named += 1;
                }
            }
            assert!(named > 20, "the migration names currencies");
        }
        for code in ["EUR", "USD", "CHF", "GBP", "PLN", "SEK", "MXN"] {
            assert_eq!(first_grant_limit(Currency::parse(code).expect("a currency")), 5_000, "{code}");
        }
    }
}
