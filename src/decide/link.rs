//! Where a link leads. No command: it changes nothing, and is consulted when a link is opened that
//! is not in memory.

use super::draft::Draft;
use super::parts::attribution::was_open;
use super::parts::{channel, share, share_words};
use crate::records::channel::{ChannelSpec, is_unnamed};
use crate::records::{Code, Id, Program, Share};
use crate::views::share::PreviewWords;
use crate::world::Stop;

/// A link, and all that its opening needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The shop.
    pub shop: Id,
    /// The share.
    pub share: Id,
    /// Its token.
    pub token: String,
    /// Where a person is sent.
    pub leads: Leads,
    /// What a preview shows.
    pub preview: PreviewWords,
    /// How far the shop's time is ahead of the real one, milliseconds.
    pub ahead_ms: i64,
    /// Whether it was opened before.
    pub sent: bool,
    /// Whether the next preview tells its channel.
    pub unnamed: bool,
}

/// Where a person is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leads {
    /// To a landing page.
    Landing {
        /// Its address.
        url: String,
        /// What analytics is told, in order.
        utm: Vec<(&'static str, String)>,
    },
    /// The program does not count now: to the shop's home, where it has one.
    Home(Option<String>),
}

/// The link with this token.
pub fn of_token(draft: &Draft<'_>, token: &str) -> Result<Option<Link>, Stop> {
    match draft.find(&Share::BY_TOKEN, token)? {
        Some(share) => link(draft, &share).map(Some),
        None => Ok(None),
    }
}

/// The link of a code, as it is compared.
pub fn of_code(draft: &Draft<'_>, plain: &str) -> Result<Option<Link>, Stop> {
    match draft.find(&Code::BY_PLAIN, plain)? {
        Some(code) => link(draft, &*draft.expect::<Share>(code.share)?).map(Some),
        None => Ok(None),
    }
}

fn link(draft: &Draft<'_>, share: &Share) -> Result<Link, Stop> {
    let (program, channel) =
        (draft.expect::<Program>(share.program), channel::known(draft, &share.channel, "/channel"));
    let (program, channel) = (program?, channel?);
    let leads = if was_open(&program, draft.at()) {
        let url = share.landing_url.as_ref().unwrap_or(&program.landing_url).clone();
        Leads::Landing { url, utm: utm(share, &program, &channel) }
    } else {
        Leads::Home(draft.shop.home_url.clone())
    };
    Ok(Link {
        shop: draft.shop.id,
        share: share.id,
        token: share.token.clone(),
        leads,
        preview: share_words::preview(&program, share, &draft.shop, share::link(draft, share)),
        ahead_ms: draft.at().ms() - draft.context.real_at.ms(),
        sent: share.sent_at.is_some(),
        unnamed: is_unnamed(&share.channel) && share.channel_inferred.is_none(),
    })
}

fn utm(share: &Share, program: &Program, channel: &ChannelSpec) -> Vec<(&'static str, String)> {
    let mut utm = vec![("utm_source", channel.utm.source.to_string()), ("utm_medium", channel.utm.medium.to_string())];
    utm.extend(channel.utm.source_platform.as_ref().map(|platform| ("utm_source_platform", platform.to_string())));
    utm.push(("utm_campaign", program.slug.clone()));
    utm.push(("utm_id", program.id.to_string()));
    utm.extend(share.placement.as_ref().map(|placement| ("utm_content", placement.clone())));
    utm
}
