//! What shares have in common: their links, how many of them a customer makes, and how they are shown.

use serde::Serialize;

use crate::decide::counter::{self, Counted};
use crate::decide::draft::Draft;
use crate::decide::people::person;
use crate::decide::sharing::{channel, code, share_words};
use crate::records::share::Counts;
use crate::records::share::share_subjects;
use crate::records::trial::is_held_out;
use crate::records::{Code, Customer, Id, Program, Share, ShareCount};
use crate::refusal::{Code as Refusal, Rejection};
use crate::views;
use crate::views::me::MyShareView;
use crate::views::share::{Face, ShareView};
use crate::views::{View, Viewer};
use crate::world::Stop;

/// New shares that a person makes within a day by browsers: all channels of a good many pages.
const NEW_BY_BROWSER: i64 = 200;
/// The same by the shop's backend, which has reasons of its own; those made by browsers are among them.
const NEW_BY_SHOP: i64 = 2_000;

/// What the shop's links begin with, without a slash at the end.
pub fn links<'a>(draft: &'a Draft<'_>) -> &'a str {
    let own = draft.shop.link_base_url.as_deref().map(|base| base.trim_end_matches('/'));
    own.unwrap_or(&draft.installation.public_url)
}

/// A share's link.
pub fn link(draft: &Draft<'_>, share: &Share) -> String {
    format!("{}/s/{}", links(draft), share.token)
}

/// Counts one more new share of a person's day, or refuses it.
pub fn count_new(draft: &mut Draft<'_>, customer: &Customer, viewer: Viewer) -> Result<(), Stop> {
    let (by, most) = match viewer {
        Viewer::Customer => ("in the browser", NEW_BY_BROWSER),
        Viewer::Shop => ("through the shop", NEW_BY_SHOP),
    };
    let (person, today) = (person::of(draft, customer)?, today(draft));
    match person::add(draft, &person, |id| new_shares(id, &today), Some(most))? {
        Counted::Yes => Ok(()),
        Counted::Full => {
            let detail = format!(
                "A customer makes at most {most} new shares a day {by}; there are more tomorrow. Those that are there \
                 already, for the same channel, landing page and placement, are answered as ever."
            );
            Err(Rejection::new(Refusal::LimitReached, detail).into())
        }
    }
}

fn new_shares(person: Id, day: &str) -> String {
    format!("new_shares:{person}:{day}")
}

fn today(draft: &Draft<'_>) -> String {
    draft.at().day_in(draft.shop.zone()).to_string()
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

impl View for Shown<'_> {
    fn subject(&self) -> Option<Id> {
        match self {
            Self::Whole(share) => share.subject(),
            Self::Own(share) => share.subject(),
        }
    }
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
        is_held_out: is_held_out(share.arm),
    };
    Ok(share_words::face(&program, &channel, &facts))
}

fn counts(draft: &Draft<'_>, share: Id) -> Result<Counts, Stop> {
    let opened = draft.get::<ShareCount>(share)?;
    let [referrals, conversions, naked] = share_subjects(share).map(|subject| counter::count(draft, &subject));
    let (referrals, conversions, naked) = (referrals?, conversions?, naked?);
    let opened = opened.as_deref();
    Ok(Counts {
        previews: opened.map_or(0, |count| count.previews),
        visits: opened.map_or(0, |count| count.visits),
        unique_visits: opened.map_or(0, |count| count.unique_visits),
        referrals,
        conversions,
        naked,
    })
}
