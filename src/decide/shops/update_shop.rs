//! Changes a shop's settings: left out stays, `null` clears. Mode and currency never change and are
//! not among them.

use serde::Deserialize;

use crate::decide::access::four_eyes;
use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::input::if_match::IfMatch;
use crate::decide::input::nullable::nullable;
use crate::decide::input::range::within;
use crate::decide::input::{own_name, products};
use crate::decide::shops::settings;
use crate::records::audit::ActorKind;
use crate::records::country::Country;
use crate::records::day_count::ALL;
use crate::records::money::Amount;
use crate::records::shop::{GermanAddress, LimitRaise, MailSettings, MailSwitch};
use crate::records::text::{Email, Locale, Name, Prose, Reference, Slug, Text};
use crate::records::{Json, Shop, ShopHead, Timestamp};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// How often a shop may change its time zone: by each that it had some of its days are told for ever.
const PAST_ZONES: usize = 100;

/// An address on the web as it is given.
type Link = Text<1, 2000>;

/// The version that the caller read, and what to change.
#[derive(Clone, Debug)]
pub struct UpdateShop {
    /// The version that the caller read.
    pub if_match: IfMatch,
    /// What to change.
    pub body: ShopChange,
    /// Whether another shop has the slug that is asked for: seen at the edge, for a decision knows
    /// its own shop alone. The database has the last word.
    pub slug_is_taken: bool,
}

/// What may be changed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShopChange {
    /// Its name.
    pub name: Option<Name>,
    /// Part of its code links; the links with the old one are then dead.
    pub slug: Option<Slug>,
    /// IANA name.
    pub time_zone: Option<Text<1, 64>>,
    /// Where it is (ISO 3166-1 alpha-2); `null`: guessed of currency and time zone.
    #[serde(default, deserialize_with = "nullable")]
    pub country: Option<Option<Country>>,
    /// The first is the default.
    pub locales: Option<Vec<Locale>>,
    /// Where links may lead: `shop.example`, `localhost:3000`.
    pub landing_hosts: Option<Vec<Text<1, 260>>>,
    /// Which parameters of a landing page's address carry the mark.
    pub mark_parameters: Option<Vec<Text<1, 40>>>,
    /// Which of its pages people type the address of.
    pub typed_pages: Option<Vec<Text<1, 200>>>,
    /// The placements by which reports tell shares apart.
    pub placements: Option<Vec<Slug>>,
    /// Where visitors of ended programs go.
    #[serde(default, deserialize_with = "nullable")]
    pub home_url: Option<Option<Link>>,
    /// Where its share links begin.
    #[serde(default, deserialize_with = "nullable")]
    pub link_base_url: Option<Option<Link>>,
    /// Who mails come from.
    pub sender: Option<SenderChange>,
    /// How mails look.
    pub brand: Option<BrandChange>,
    /// Which web pages may call the browser's part of the API.
    pub browser_origins: Option<Vec<Link>>,
    /// Which mails leave.
    pub mail: Option<MailChange>,
    /// What is given by hand and worth more than this, minor units, needs a second operator; `null`: nothing
    /// does. A higher limit counts when two operators asked for it.
    #[serde(default, deserialize_with = "nullable")]
    pub grant_approval_above: Option<Option<Amount>>,
    /// Addresses that get mail although the shop is a test shop.
    pub test_recipients: Option<Vec<Email>>,
    /// What no discount lowers.
    pub never_discounted: Option<NeverDiscountedChange>,
}

/// What may be changed of what no discount lowers; a list replaces the earlier one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeverDiscountedChange {
    /// Products, at most 1 000.
    pub skus: Option<Vec<Reference>>,
    /// Categories, at most 1 000.
    pub categories: Option<Vec<Reference>>,
}

/// What may be changed of the sender.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SenderChange {
    /// Name shown.
    #[serde(default, deserialize_with = "nullable")]
    pub name: Option<Option<Name>>,
    /// Address.
    #[serde(default, deserialize_with = "nullable")]
    pub email: Option<Option<Email>>,
}

/// What may be changed of the brand.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrandChange {
    /// Name; the shop's own when cleared.
    #[serde(default, deserialize_with = "nullable")]
    pub name: Option<Option<Name>>,
    /// `#rrggbb`.
    #[serde(default, deserialize_with = "nullable")]
    pub color: Option<Option<Text<7, 7>>>,
    /// The legal notice under each mail.
    #[serde(default, deserialize_with = "nullable")]
    pub imprint: Option<Option<Prose>>,
    /// How German mails speak to people.
    pub german_address: Option<GermanAddress>,
}

/// What may be changed of the mails that leave.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailChange {
    /// Vouchers and credit.
    pub voucher_issued: Option<MailSwitch>,
    /// Rewards that were taken back, or part of them.
    pub reward_withdrawn: Option<MailSwitch>,
    /// Private links that got about.
    pub link_replaced: Option<MailSwitch>,
    /// Rewards that are on their way.
    pub reward_pending: Option<MailSwitch>,
    /// Vouchers that are good for some days more.
    pub expires_soon: Option<MailSwitch>,
    /// For how many: 1 to 90.
    pub expires_soon_days: Option<i64>,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &UpdateShop) -> Result<Answer, Stop> {
    command.if_match.check(draft.shop.version)?;
    let body = &command.body;
    if command.slug_is_taken {
        return Err(Rejection::at(Code::CodeTaken, "/slug", "Another shop has this slug; choose another one.").into());
    }
    let mut changed = (*draft.shop).clone();
    apply_names(&mut changed, body, draft.at())?;
    apply_links(&mut changed, body)?;
    apply_mail(&mut changed, body)?;
    if let Some(placements) = &body.placements {
        apply_placements(draft, &mut changed, placements)?;
    }
    if let Some(never) = &body.never_discounted {
        apply_never(&mut changed, never)?;
    }
    if let Some(limit) = body.grant_approval_above {
        apply_limit(draft, &mut changed, limit.map(|amount| amount.0))?;
    }
    let answer = Answer::ok(&views::shop::shop(&changed)).version(changed.version + 1);
    draft.audit("update_shop", changed.id, None);
    draft.save(changed);
    Ok(answer)
}

/// A lower limit counts at once; a higher one when a second operator asks for the same, or by the command line.
fn apply_limit(draft: &Draft<'_>, shop: &mut Shop, above: Option<i64>) -> Result<(), Stop> {
    let is_raise = shop.grant_approval_above.is_some_and(|limit| above.is_none_or(|above| above > limit));
    let asked = shop.grant_limit_raise.0.take().filter(|asked| asked.above == above);
    if !is_raise || draft.context.actor.kind == ActorKind::System {
        shop.grant_approval_above = above;
        return Ok(());
    }
    let operator = four_eyes::operator(draft)?;
    match asked.filter(|asked| asked.by != operator.id) {
        Some(asked) => {
            four_eyes::check_another(draft, &operator, asked.by)?;
            shop.grant_approval_above = above;
        }
        None => shop.grant_limit_raise = Json(Some(LimitRaise { above, by: operator.id, at: draft.at() })),
    }
    Ok(())
}

fn apply_names(shop: &mut Shop, body: &ShopChange, at: Timestamp) -> Result<(), Rejection> {
    if let Some(name) = &body.name {
        shop.name = name.to_string();
    }
    if let Some(slug) = &body.slug {
        own_name::check_word(slug, "/slug")?;
        shop.slug = slug.to_string();
    }
    // What was guessed stays when the time zone changes: by it the numbers are read that people gave.
    shop.country = body.country.unwrap_or_else(|| shop.country());
    if let Some(zone) = &body.time_zone {
        let zone = settings::time_zone(zone, "/time_zone")?;
        shop.take_zone(zone, at);
        if shop.past_zones.len() > PAST_ZONES {
            return Err(Rejection::field("/time_zone", "it was changed too often; it stays as it is"));
        }
    }
    if let Some(locales) = &body.locales {
        shop.locales = Json(settings::locales(locales, "/locales")?);
    }
    Ok(())
}

fn apply_links(shop: &mut Shop, body: &ShopChange) -> Result<(), Rejection> {
    if let Some(hosts) = &body.landing_hosts {
        shop.landing_hosts = Json(settings::hosts(hosts, "/landing_hosts")?);
    }
    if let Some(names) = &body.mark_parameters {
        shop.mark_parameters = Some(Json(settings::mark_parameters(names, "/mark_parameters")?));
    }
    if let Some(pages) = &body.typed_pages {
        shop.typed_pages = Some(Json(settings::typed_pages(pages, "/typed_pages")?));
    }
    if let Some(home) = &body.home_url {
        shop.home_url = home.as_deref().map(|link| settings::web(link, "/home_url")).transpose()?;
    }
    if let Some(base) = &body.link_base_url {
        shop.link_base_url = base.as_deref().map(|link| settings::base(link, "/link_base_url")).transpose()?;
    }
    if let Some(origins) = &body.browser_origins {
        shop.browser_origins = Json(settings::origins(origins, "/browser_origins")?);
    }
    Ok(())
}

/// What was counted at one that is taken from the list stays there; what comes is counted with those that are not
/// declared.
fn apply_placements(draft: &Draft<'_>, shop: &mut Shop, placements: &[Slug]) -> Result<(), Stop> {
    let placements = settings::placements(placements, "/placements")?;
    if draft.expect::<ShopHead>(shop.id)?.tallied != ALL {
        let detail = "Processes of the release before may be running, which do not know of placements; \
                      `grapevine migrate --finish` says that none does.";
        return Err(Rejection::at(Code::IllegalTransition, "/placements", detail).into());
    }
    shop.placements = Some(Json(placements));
    Ok(())
}

fn apply_mail(shop: &mut Shop, body: &ShopChange) -> Result<(), Rejection> {
    if let Some(sender) = &body.sender {
        set(&mut shop.sender.0.name, sender.name.as_ref());
        set(&mut shop.sender.0.email, sender.email.as_ref());
    }
    if let Some(brand) = &body.brand {
        set(&mut shop.brand.0.name, brand.name.as_ref());
        set(&mut shop.brand.0.color, brand.color.as_ref());
        set(&mut shop.brand.0.imprint, brand.imprint.as_ref());
        shop.brand.0.german_address = brand.german_address.unwrap_or(shop.brand.german_address);
        if let Some(color) = &shop.brand.color {
            settings::color(color, "/brand/color")?;
        }
    }
    if let Some(mail) = &body.mail {
        apply_switches(&mut shop.mail.0, mail)?;
    }
    if let Some(recipients) = &body.test_recipients {
        shop.test_recipients = Json(settings::recipients(recipients, "/test_recipients")?);
    }
    Ok(())
}

/// A change of reminders is for vouchers that are made or extended from then on.
fn apply_switches(settings: &mut MailSettings, change: &MailChange) -> Result<(), Rejection> {
    let switches = [
        (&mut settings.voucher_issued, change.voucher_issued),
        (&mut settings.reward_withdrawn, change.reward_withdrawn),
        (&mut settings.link_replaced, change.link_replaced),
        (&mut settings.reward_pending, change.reward_pending),
        (&mut settings.expires_soon, change.expires_soon),
    ];
    for (switch, to) in switches {
        *switch = to.unwrap_or(*switch);
    }
    if let Some(days) = change.expires_soon_days {
        settings.expires_soon_days = within(days, 1, 90, "/mail/expires_soon_days")?;
    }
    Ok(())
}

fn apply_never(shop: &mut Shop, body: &NeverDiscountedChange) -> Result<(), Rejection> {
    if let Some(skus) = &body.skus {
        products::products(skus, "/never_discounted/skus")?;
        shop.never_discounted.0.skus = skus.clone();
    }
    if let Some(categories) = &body.categories {
        products::products(categories, "/never_discounted/categories")?;
        shop.never_discounted.0.categories = categories.clone();
    }
    Ok(())
}

fn set<T: std::ops::Deref<Target = str>>(field: &mut Option<String>, given: Option<&Option<T>>) {
    if let Some(given) = given {
        *field = given.as_deref().map(str::to_owned);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::testing::bench::Bench;

    fn change(bench: &mut Bench, body: &str) -> Result<Shop, Rejection> {
        let shop = bench.shop;
        let if_match = bench.get::<Shop>(shop).version.into();
        let body = serde_json::from_str(body).expect("settings");
        bench.decide(UpdateShop { if_match, body, slug_is_taken: false })?;
        Ok((*bench.get::<Shop>(shop)).clone())
    }

    #[test]
    fn left_out_stays_and_null_clears() {
        let mut bench = Bench::new();
        let shop = change(
            &mut bench,
            r##"{"sender":{"name":"Kaffee","email":"hi@shop.example"},"brand":{"color":"#aabbcc"}}"##,
        );
        assert_eq!(shop.expect("it fits").sender.email.as_deref(), Some("hi@shop.example"));
        let shop = change(&mut bench, r#"{"home_url":null,"sender":{"name":null},"grant_approval_above":5000}"#);
        let shop = shop.expect("it fits");
        assert_eq!((shop.home_url, shop.sender.0.name), (None, None));
        assert_eq!(shop.sender.0.email.as_deref(), Some("hi@shop.example"));
        assert_eq!((shop.grant_approval_above, shop.brand.color.as_deref()), (Some(5000), Some("#aabbcc")));
        assert_eq!(shop.time_zone, "Europe/Berlin");
    }

    #[test]
    fn what_cannot_be_is_refused_at_its_place() {
        let mut bench = Bench::new();
        let table = [
            (r#"{"time_zone":"Mars/Base"}"#, Code::InvalidField, "/time_zone"),
            (r#"{"locales":[]}"#, Code::InvalidField, "/locales"),
            (r#"{"landing_hosts":["shop.example","https://x.example"]}"#, Code::InvalidField, "/landing_hosts/1"),
            (r#"{"placements":["footer","shp_01arz3ndektsv4rrffq69g5fav"]}"#, Code::InvalidField, "/placements/1"),
            (r#"{"home_url":"javascript:alert(1)"}"#, Code::UrlNotAllowed, "/home_url"),
            (r#"{"link_base_url":"https://go.example/?x"}"#, Code::UrlNotAllowed, "/link_base_url"),
            (r#"{"browser_origins":["https://shop.example/x"]}"#, Code::InvalidField, "/browser_origins/0"),
            (r##"{"brand":{"color":"#crimso"}}"##, Code::InvalidField, "/brand/color"),
        ];
        for (body, code, pointer) in table {
            let refusal = change(&mut bench, body).expect_err(body);
            assert_eq!((refusal.code, refusal.errors[0].pointer.as_str()), (code, pointer), "{body}");
        }
    }

    #[test]
    fn a_stale_version_and_a_taken_slug_change_nothing() {
        let mut bench = Bench::new();
        let body = ShopChange { slug: Some(Slug::parse("tee").expect("a slug")), ..ShopChange::default() };
        for (if_match, slug_is_taken, code) in
            [(0, false, Code::Stale), (2, false, Code::Stale), (1, true, Code::CodeTaken)]
        {
            let command = UpdateShop { if_match: IfMatch::from(if_match), body: body.clone(), slug_is_taken };
            assert_eq!(bench.decide(command).expect_err("refused").code, code);
        }
        let id = bench.shop;
        assert_eq!(bench.get::<Shop>(id).slug, "kaffee");
    }
}
