//! What shares have in common: their tokens, their links, and how they are shown.

use serde::Serialize;

use super::attribution::share_subjects;
use super::{channel, code, share_words};
use crate::decide::draft::Draft;
use crate::decide::tally;
use crate::records::{Code, Customer, Id, Program, Share, ShareCount};
use crate::views;
use crate::views::Viewer;
use crate::views::me::MyShareView;
use crate::views::share::{Counts, Face, ShareView};
use crate::world::Stop;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Characters of a token: 65 bits, so that nobody finds one by trying.
const TOKEN_CHARS: usize = 11;

/// A new token.
pub fn token(draft: &Draft<'_>) -> String {
    let mut number = u128::from_be_bytes(draft.random());
    let mut token = String::with_capacity(TOKEN_CHARS);
    for _ in 0..TOKEN_CHARS {
        let place = usize::try_from(number % 62).unwrap_or(0);
        token.push(char::from(BASE62[place]));
        number /= 62;
    }
    token
}

/// What the shop's links begin with, without a slash at the end.
pub fn links<'a>(draft: &'a Draft<'_>) -> &'a str {
    let own = draft.shop.link_base_url.as_deref().map(|base| base.trim_end_matches('/'));
    own.unwrap_or(&draft.house.public_url)
}

/// A share's link.
pub fn link(draft: &Draft<'_>, share: &Share) -> String {
    format!("{}/s/{}", links(draft), share.token)
}

/// What makes it the same share: the same customer, channel, landing page and placement.
pub fn spot(program: Id, customer: Id, channel: &str, landing_url: Option<&str>, placement: Option<&str>) -> String {
    let (program, customer) = (program.to_string(), customer.to_string());
    let parts = [&program, &customer, channel, landing_url.unwrap_or_default(), placement.unwrap_or_default()];
    Id::of("spt", &parts).to_string()
}

/// The same of the share whose link is a code's: no placement that a shop gives leads to it.
pub fn spot_of_code(program: Id, customer: Id) -> String {
    Id::of("spt", &[&program.to_string(), &customer.to_string(), "code"]).to_string()
}

/// A share as somebody may see it.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Shown<'s> {
    /// The shop.
    Whole(Box<ShareView<'s>>),
    /// The sharer himself.
    Own(Box<MyShareView<'s>>),
}

/// Shows a share to the one who looks.
pub fn show_to<'s>(draft: &Draft<'_>, share: &'s Share, viewer: Viewer) -> Result<Shown<'s>, Stop> {
    match viewer {
        Viewer::Shop => Ok(Shown::Whole(Box::new(show(draft, share)?))),
        Viewer::Customer => {
            let (face, counts) = (face(draft, share), counts(draft, share.id));
            Ok(Shown::Own(Box::new(views::me::share(share, face?, counts?))))
        }
    }
}

/// Shows a share with its words and its counts.
pub fn show<'s>(draft: &Draft<'_>, share: &'s Share) -> Result<ShareView<'s>, Stop> {
    let (face, counts) = (face(draft, share), counts(draft, share.id));
    let (face, counts) = (face?, counts?);
    Ok(views::share::share(share, face, counts))
}

fn face(draft: &Draft<'_>, share: &Share) -> Result<Face, Stop> {
    let program = draft.expect::<Program>(share.program);
    let customer = share.customer.map(|customer| draft.expect::<Customer>(customer)).transpose();
    let code = share.customer.map(|customer| code::held(draft, share.program, customer)).transpose();
    let channel = channel::known(draft, &share.channel, "/channel");
    let (program, customer, code, channel) = (program?, customer?, code?.flatten(), channel?);
    let link = link(draft, share);
    let facts = share_words::Facts {
        link: &link,
        code: code.as_deref().map_or("", |code: &Code| &code.code),
        first_name: customer.as_deref().and_then(|customer| customer.first_name.as_deref()).unwrap_or_default(),
        shop_name: draft.shop.brand.name.as_deref().unwrap_or(&draft.shop.name),
        currency: draft.shop.currency,
        locale: &share.locale,
        shop_locale: draft.shop.locale(),
    };
    Ok(share_words::face(&program, &channel, &facts))
}

fn counts(draft: &Draft<'_>, share: Id) -> Result<Counts, Stop> {
    let opened = draft.get::<ShareCount>(share);
    let [referrals, conversions] = share_subjects(share).map(|subject| tally::count(draft, &subject));
    let (opened, referrals, conversions) = (opened?, referrals?, conversions?);
    let opened = opened.as_deref();
    Ok(Counts {
        previews: opened.map_or(0, |count| count.previews),
        visits: opened.map_or(0, |count| count.visits),
        unique_visits: opened.map_or(0, |count| count.unique_visits),
        referrals,
        conversions,
    })
}
