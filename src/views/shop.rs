//! A shop's settings, as the API shows them.

use serde::Serialize;

use super::View;
use crate::records::country::Country;
use crate::records::money::Currency;
use crate::records::shop::{Brand, LimitRaise, MailSettings, Mode, NeverDiscounted, Sender};
use crate::records::{Id, Shop, Timestamp};

/// See the contract's `Shop`.
#[derive(Serialize)]
pub struct ShopView<'a> {
    id: Id,
    name: &'a str,
    mode: Mode,
    currency: Currency,
    slug: &'a str,
    time_zone: &'a str,
    country: Option<Country>,
    locales: &'a [String],
    landing_hosts: &'a [String],
    mark_parameters: Vec<&'a str>,
    typed_pages: Vec<&'a str>,
    placements: &'a [String],
    home_url: Option<&'a str>,
    link_base_url: Option<&'a str>,
    sender: &'a Sender,
    brand: &'a Brand,
    browser_origins: &'a [String],
    mail: &'a MailSettings,
    grant_approval_above: Option<i64>,
    grant_limit_raise: Option<&'a LimitRaise>,
    test_recipients: &'a [String],
    never_discounted: &'a NeverDiscounted,
    created_at: Timestamp,
}

impl View for ShopView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

/// Shows a shop.
pub fn shop(shop: &Shop) -> ShopView<'_> {
    ShopView {
        id: shop.id,
        name: &shop.name,
        mode: shop.mode,
        currency: shop.currency,
        slug: &shop.slug,
        time_zone: &shop.time_zone,
        country: shop.country(),
        locales: &shop.locales,
        landing_hosts: &shop.landing_hosts,
        mark_parameters: shop.mark_parameters().collect(),
        typed_pages: shop.typed_pages().collect(),
        placements: shop.placements(),
        home_url: shop.home_url.as_deref(),
        link_base_url: shop.link_base_url.as_deref(),
        sender: &shop.sender,
        brand: &shop.brand,
        browser_origins: &shop.browser_origins,
        mail: &shop.mail,
        grant_approval_above: shop.grant_approval_above,
        grant_limit_raise: shop.grant_limit_raise.as_ref(),
        test_recipients: &shop.test_recipients,
        never_discounted: &shop.never_discounted,
        created_at: shop.created_at,
    }
}
