//! `grapevine shop create | list`

use clap::Subcommand;
use serde_json::json;

use super::Outcome;
use super::beside::{Beside, database, patiently, unreachable};
use super::key;
use crate::config::Config;
use crate::decide::input::own_name;
use crate::decide::shops::settings;
use crate::decide::shops::update_shop::{ShopChange, UpdateShop};
use crate::engine::{self, Founding, NewShop};
use crate::records::Shop;
use crate::records::country::Country;
use crate::records::money::{self, Amount, Currency, MAX_AMOUNT};
use crate::records::shop::Mode;
use crate::records::text::{Email, Locale, Name, Slug};
use crate::store::connection::Use;
use crate::store::queries::identity;
use anyhow::{Context as _, anyhow, bail};

#[derive(Subcommand)]
pub(super) enum ShopCommand {
    /// Make a shop; currency and mode are for ever, all else is set later with PATCH /v1/shop
    Create(Create),
    /// Print the shops of this database
    List,
    /// Set above which worth a second operator looks at what is granted
    GrantLimit(SetLimit),
}

#[derive(clap::Args)]
pub(super) struct Create {
    /// Its name, as mails and pages show it
    #[arg(value_parser = Name::parse)]
    name: Name,
    /// Its one currency (ISO 4217), for example EUR
    #[arg(long, value_parser = currency)]
    currency: Currency,
    /// Its default language, for example de or de-AT
    #[arg(long, value_parser = Locale::parse, default_value = "en")]
    locale: Locale,
    /// A host that links may lead to, for example shop.example; may be given several times
    #[arg(long = "landing-host", value_name = "HOST", required = true)]
    landing_hosts: Vec<String>,
    /// test: a clock that can be moved, no mail to strangers; live: for real
    #[arg(long, value_parser = mode)]
    mode: Mode,
    /// Part of its code links; made of the name when left out
    #[arg(long, value_parser = slug)]
    slug: Option<Slug>,
    /// IANA name of the time zone in which its days begin and end
    #[arg(long, default_value = "UTC")]
    time_zone: String,
    /// Country (ISO 3166-1 alpha-2), for example DE: phone numbers that tell none are read as there; guessed of time
    /// zone and currency when left out
    #[arg(long, value_parser = Country::parse)]
    country: Option<Country>,
    /// What one operator grants alone, in minor units (5000: 50.00), or `none` for no limit; 50.00 when left out
    #[arg(long, value_parser = limit, value_name = "AMOUNT")]
    grant_approval_above: Option<Limit>,
    /// An address that gets mail although it is a test shop, which writes to nobody else; may be given several times
    #[arg(long = "test-recipient", value_name = "ADDRESS", value_parser = Email::parse)]
    test_recipients: Vec<Email>,
    /// Make its first key as well, with every scope; its secret is printed this once
    #[arg(long)]
    with_key: bool,
}

/// A limit for grants, minor units; `None`: there is none.
#[derive(Clone, Copy)]
struct Limit(Option<i64>);

fn limit(text: &str) -> Result<Limit, String> {
    if text == "none" {
        return Ok(Limit(None));
    }
    let amount = text.parse().ok().filter(|amount| (0..=MAX_AMOUNT).contains(amount));
    amount.map(|amount| Limit(Some(amount))).ok_or_else(|| "an amount in minor units is expected, or none".to_owned())
}

#[derive(clap::Args)]
pub(super) struct SetLimit {
    /// The shop: its id (shp_…) or its slug
    shop: String,
    /// The amount in minor units (5000: 50.00), or `none` for no limit
    #[arg(value_parser = limit, value_name = "AMOUNT")]
    above: Limit,
}

fn currency(code: &str) -> Result<Currency, String> {
    Currency::parse(code).ok_or_else(|| "an ISO 4217 code is expected, for example EUR".to_owned())
}

fn slug(text: &str) -> Result<Slug, String> {
    let slug = Slug::parse(text)?;
    own_name::check_word(&slug, "/slug").map_err(|refused| refused.detail)?;
    Ok(slug)
}

fn mode(word: &str) -> Result<Mode, String> {
    Mode::parse(word).ok_or_else(|| "test or live is expected".to_owned())
}

impl ShopCommand {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<Outcome> {
        match self {
            ShopCommand::Create(create) => create.run(config).await,
            ShopCommand::List => list(config),
            ShopCommand::GrantLimit(limit) => limit.run(config).await,
        }
    }
}

impl Create {
    async fn run(self, config: &Config) -> anyhow::Result<Outcome> {
        let with_key = self.with_key;
        let shop = self.found(config)?;
        let text = format!("The shop {} is {} (slug {}). {}", shop.name, shop.id, shop.slug, numbers_of(shop.country));
        let mut outcome = Outcome::done(json!({ "shop": shop.id, "slug": shop.slug, "country": shop.country }), text);
        if with_key {
            let made = first_key(config, &shop).await.with_context(|| {
                let slug = &shop.slug;
                format!("the shop {slug} is made, and its key is not; `grapevine key create --shop {slug} --scope all` makes one")
            })?;
            outcome.add(made);
        }
        Ok(outcome)
    }

    fn found(self, config: &Config) -> anyhow::Result<Shop> {
        let hosts = settings::hosts(&self.landing_hosts, "--landing-host").map_err(|fault| anyhow!(fault.detail))?;
        let time_zone = settings::time_zone(&self.time_zone, "--time-zone").map_err(|fault| anyhow!(fault.detail))?;
        let recipients = settings::recipients(&self.test_recipients, "--test-recipient");
        let recipients = recipients.map_err(|fault| anyhow!(fault.detail))?;
        if self.mode == Mode::Live && !recipients.is_empty() {
            bail!("a live shop writes to its customers; --test-recipient is for --mode test");
        }
        let target = database(config)?;
        // From the first shop on what is stored depends on the secret.
        engine::secret::secret(&target, config.database.secret.as_deref()).context("the secret cannot be used")?;
        let new = NewShop {
            name: self.name,
            currency: self.currency,
            mode: self.mode,
            locale: self.locale,
            landing_hosts: hosts,
            slug: self.slug,
            time_zone,
            grant_approval_above: self.grant_approval_above.map(|Limit(above)| above),
            test_recipients: recipients,
            country: self.country,
        };
        let slug = new.slug.clone().map(Slug::into_string).unwrap_or_default();
        let founding = Founding::of(new, engine::trusted(&target, config.server.clock_skew_ms)?.now());
        let shop = patiently(|| founding.found(&target)).with_context(|| unreachable(&target))?;
        shop.ok_or_else(|| anyhow!("there is a shop with the slug {slug} already; choose another one"))
    }
}

async fn first_key(config: &Config, shop: &Shop) -> anyhow::Result<Outcome> {
    let beside = Beside::start(config)?;
    let made = key::make(&beside, shop.id, key::first()?).await;
    beside.stop().await;
    made
}

/// How phone numbers are read, and what to do where that is wrong.
fn numbers_of(country: Option<Country>) -> String {
    let change = "country in PATCH /v1/shop changes that";
    match country {
        Some(country) => format!("Phone numbers are read as in {country}; {change}."),
        None => format!("Its country is not known: only phone numbers with + and a country are read; {change}."),
    }
}

impl SetLimit {
    /// Whoever has the database decides alone.
    async fn run(self, config: &Config) -> anyhow::Result<Outcome> {
        let beside = Beside::start(config)?;
        let shop = beside.shop(&self.shop)?;
        let Limit(above) = self.above;
        let body = ShopChange { grant_approval_above: Some(above.map(Amount)), ..ShopChange::default() };
        let set =
            beside.submit(shop.id, UpdateShop { if_match: shop.version.into(), body, slug_is_taken: false }).await;
        beside.stop().await;
        let above = set?["grant_approval_above"].clone();
        let text = match above.as_i64() {
            Some(limit) => format!("Above {} a second operator decides.", money::shown(limit, shop.currency, "en")),
            None => "Every operator grants alone, whatever it is worth.".to_owned(),
        };
        Ok(Outcome::done(json!({ "shop": shop.id, "grant_approval_above": above }), text))
    }
}

fn list(config: &Config) -> anyhow::Result<Outcome> {
    let target = database(config)?;
    let mut connection = target.connect(Use::Tool).with_context(|| unreachable(&target))?;
    let shops = identity::shops(&mut connection).with_context(|| unreachable(&target))?;
    let lines = shops
        .iter()
        .map(|shop| format!("{}  {:4}  {}  {}  {}", shop.id, shop.mode, shop.currency, shop.slug, shop.name));
    let text = lines.collect::<Vec<_>>().join("\n");
    let views: Vec<_> = shops.iter().map(crate::views::shop::shop).collect();
    Ok(Outcome::done(json!({ "shops": views }), text))
}
