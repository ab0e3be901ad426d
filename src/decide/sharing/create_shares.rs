//! Makes shares, one for each channel: the one that is there already, or a new one.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::decide::answer::{Answer, Keep};
use crate::decide::draft::Draft;
use crate::decide::input::url;
use crate::decide::people::customer::{self, CustomerDetails};
use crate::decide::people::person;
use crate::decide::programs::program;
use crate::decide::sharing::replace_share::standing;
use crate::decide::sharing::share::{self, show_to};
use crate::decide::sharing::{advocate, channel, code, create_code, share_words, token};
use crate::records::channel::ChannelSpec;
use crate::records::share::Preview;
use crate::records::text::{Locale, Reference, Slug, Text};
use crate::records::typed::typed;
use crate::records::{Customer, Id, Json, Program, Share};
use crate::refusal::{Code as Refusal, Rejection};
use crate::views::{View, Viewer};
use crate::visit_mark::VisitMark;
use crate::world::Stop;

/// Channels of one call.
const CHANNELS: usize = 50;

/// What is shared, by whom and where.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateShares {
    /// The program: id or slug.
    pub program: Reference,
    /// Who shares: `external_id` or `cus_…`; left out: somebody who is not logged in.
    #[serde(default)]
    pub customer: Option<Reference>,
    /// What is told of him; without `customer` he is a guest.
    #[serde(default)]
    pub customer_details: Option<CustomerDetails>,
    /// One channel's key.
    #[serde(default)]
    pub channel: Option<Slug>,
    /// Or several.
    #[serde(default)]
    pub channels: Option<Vec<Slug>>,
    /// Where the link leads; left out: where the program's do.
    #[serde(default)]
    pub landing_url: Option<Text<1, 2000>>,
    /// What a preview of the link shows.
    #[serde(default)]
    pub preview: Option<Preview>,
    /// Where in the shop the button is.
    #[serde(default)]
    pub placement: Option<Text<1, 64>>,
    /// The token by which the sharer came, with or without its visit.
    #[serde(default)]
    pub parent_token: Option<Text<1, 200>>,
    /// Language of the words; left out: the customer's, else the shop's.
    #[serde(default, deserialize_with = "typed")]
    pub locale: Option<Locale>,
    /// Who asks; not from the body.
    #[serde(skip)]
    pub viewer: Viewer,
}

/// What all channels of a call share.
struct Sharing<'c> {
    command: &'c CreateShares,
    program: Rc<Program>,
    customer: Option<Rc<Customer>>,
    parent: Option<Rc<Share>>,
    locale: String,
}

impl Sharing<'_> {
    /// Where a known customer's share stands; `None`: nobody is known, and each share is a new one.
    fn share_key(&self, channel: &ChannelSpec) -> Option<String> {
        let (landing_url, placement) = (self.command.landing_url.as_deref(), self.command.placement.as_deref());
        let customer = self.customer.as_deref()?;
        Some(token::share_key(self.program.id, customer.id, &channel.key, landing_url, placement))
    }
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &CreateShares) -> Result<Answer, Stop> {
    let channels = channels(draft, command);
    let program = program::known(draft, &command.program, "/program");
    let (named, told) = (command.customer.as_deref(), command.customer_details.as_ref());
    let customer = customer::find(draft, named, told, "/customer");
    let parent = command.parent_token.as_deref().map(|token| parent(draft, token)).transpose();
    let (channels, program, customer, parent) = (channels?, program?, customer?, parent?);
    check_parent(parent.as_deref(), &program)?;
    program::check_open(draft, &program)?;
    check_links(draft, command)?;
    let customer = customer.map(|customer| customer::keep(draft, customer)).transpose()?;
    let given = command.locale.as_deref().or(customer.as_deref().and_then(|customer| customer.locale.as_deref()));
    let locale = given.unwrap_or(draft.shop.locale()).to_owned();
    // Who opened his own link and shares again is no child of himself.
    let is_own = match parent.as_ref().and_then(|parent| parent.customer) {
        Some(owner) => person::is_same_as(draft, Some(owner), customer.as_deref())?,
        None => false,
    };
    let parent = parent.filter(|_| !is_own);
    let sharing = Sharing { command, program, customer, parent, locale };
    ensure_code(draft, &sharing, &channels)?;
    let made = draft.each(&channels, |draft, channel| share_in(draft, &sharing, channel))?;
    answer(draft, command, &made)
}

/// Shares that were asked for together. They are one customer's, so that what is erased of the first is of all.
#[derive(Serialize)]
struct Several<'v, V> {
    data: &'v [V],
}

impl<V: View> View for Several<'_, V> {
    fn subject(&self) -> Option<Id> {
        self.data.first().and_then(View::subject)
    }
}

fn answer(draft: &Draft<'_>, command: &CreateShares, made: &[(Rc<Share>, Made)]) -> Result<Answer, Stop> {
    let is_new = made.iter().any(|(_, made)| *made == Made::New);
    let views: Vec<_> = made.iter().map(|(made, _)| show_to(draft, made, command.viewer)).collect();
    let views = views.into_iter().collect::<Result<Vec<_>, Stop>>()?;
    match (views.as_slice(), &command.channel) {
        ([view], Some(_)) if is_new && command.viewer == Viewer::Customer => {
            Ok(Answer { status: 201, ..Answer::ok(view) })
        }
        ([view], Some(_)) if is_new => Ok(Answer::created(view, format!("/v1/shares/{}", made[0].0.id))),
        ([view], Some(_)) => Ok(Answer::ok(view).keep(keep_of(command.viewer))),
        (views, _) if is_new => Ok(Answer { status: 201, ..Answer::ok(&Several { data: views }) }),
        (views, _) => Ok(Answer::ok(&Several { data: views }).keep(keep_of(command.viewer))),
    }
}

/// How an answer is stored that made nothing: none of a browser's, whose customer would fill the database by
/// asking for the same share again and again.
fn keep_of(viewer: Viewer) -> Keep {
    match viewer {
        Viewer::Shop => Keep::Plain,
        Viewer::Customer => Keep::Never,
    }
}

fn channels(draft: &Draft<'_>, command: &CreateShares) -> Result<Vec<ChannelSpec>, Stop> {
    let (keys, several): (&[Slug], bool) = match (&command.channel, &command.channels) {
        (Some(one), None) => (std::slice::from_ref(one), false),
        (None, Some(several)) if (1..=CHANNELS).contains(&several.len()) => (several, true),
        (None, Some(_)) => {
            return Err(Rejection::field("/channels", format!("1 to {CHANNELS} channels are expected")).into());
        }
        (Some(_), Some(_)) => return Err(Rejection::field("/channels", "either channel or channels, not both").into()),
        (None, None) => return Err(Rejection::field("/channel", "channel or channels is required").into()),
    };
    let pointer = |index: usize| if several { format!("/channels/{index}") } else { "/channel".to_owned() };
    let asked: Vec<_> =
        keys.iter().enumerate().map(|(index, key)| channel::known(draft, key, &pointer(index))).collect();
    asked.into_iter().collect()
}

fn parent(draft: &Draft<'_>, token: &str) -> Result<Rc<Share>, Stop> {
    let token = VisitMark::read(draft.installation.vault.visits(), token).token;
    draft.find(&Share::BY_TOKEN, &token)?.ok_or_else(|| {
        let detail =
            "There is no share with this token; leave parent_token out when the sharer did not come by a link.";
        Rejection::at(Refusal::ShareUnknown, "/parent_token", detail).into()
    })
}

/// A tree is of one program: what another one pays for, or how it grows, is no concern of it.
fn check_parent(parent: Option<&Share>, program: &Program) -> Result<(), Rejection> {
    match parent {
        Some(parent) if parent.program != program.id => {
            let detail = "The share with this token belongs to another program; leave parent_token out, or share in \
                          that program.";
            Err(Rejection::at(Refusal::ShareUnknown, "/parent_token", detail))
        }
        _ => Ok(()),
    }
}

fn check_links(draft: &Draft<'_>, command: &CreateShares) -> Result<(), Rejection> {
    if let Some(landing_url) = command.landing_url.as_deref() {
        url::check_landing(landing_url, &draft.shop, "/landing_url")?;
    }
    let picture = command.preview.as_ref().and_then(|preview| preview.image_url.as_deref());
    if picture.is_some_and(|picture| !url::is_web(picture)) {
        return Err(Rejection::field("/preview/image_url", "an absolute https URL is expected"));
    }
    Ok(())
}

/// Words that name the advocate's code need one.
fn ensure_code(draft: &mut Draft<'_>, sharing: &Sharing<'_>, channels: &[ChannelSpec]) -> Result<(), Stop> {
    let named = channels.iter().any(|channel| share_words::names_code(&sharing.program, &channel.key));
    let Some(customer) = sharing.customer.as_deref().filter(|_| named) else { return Ok(()) };
    if code::held(draft, sharing.program.id, customer.id)?.is_none() {
        let free = code::free(draft, customer)?;
        let made = code::make(draft, &sharing.program, customer, free, sharing.program.trial())?;
        create_code::announce(draft, &made)?;
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    New,
    Before,
}

fn share_in(draft: &mut Draft<'_>, sharing: &Sharing<'_>, channel: &ChannelSpec) -> Result<(Rc<Share>, Made), Stop> {
    let command = sharing.command;
    let spot = sharing.share_key(channel);
    let known = spot.as_deref().map(|spot| draft.find(&Share::BY_SPOT, spot)).transpose()?.flatten();
    if let Some(known) = known {
        let known = standing(draft, known)?;
        return Ok((refreshed(draft, known, command), Made::Before));
    }
    if let Some(customer) = &sharing.customer {
        share::count_new(draft, customer, command.viewer)?;
    }
    let mut made = new_share(draft, sharing, channel, spot);
    advocate::note(draft, &mut made, sharing.program.trial())?;
    Ok((draft.save(made), Made::New))
}

/// What a share shows may be given anew; the rest of it stays.
fn refreshed(draft: &mut Draft<'_>, known: Rc<Share>, command: &CreateShares) -> Rc<Share> {
    let preview = command.preview.clone().or_else(|| known.preview.0.clone());
    let locale = command.locale.as_deref().unwrap_or(&known.locale);
    if preview == known.preview.0 && locale == known.locale {
        return known;
    }
    let mut changed = (*known).clone();
    changed.locale = locale.to_owned();
    changed.preview = Json(preview);
    draft.save(changed)
}

fn new_share(draft: &Draft<'_>, sharing: &Sharing<'_>, channel: &ChannelSpec, spot: Option<String>) -> Share {
    let id: Id = draft.new_id("shr");
    let (command, customer) = (sharing.command, sharing.customer.as_deref());
    let parent = sharing.parent.as_deref();
    Share {
        id,
        shop: draft.shop.id,
        version: 0,
        program: sharing.program.id,
        customer: customer.map(|customer| customer.id),
        customer_ref: customer.and_then(|customer| customer.external_id.clone()),
        channel: channel.key.clone().into_owned(),
        private: channel.private,
        channel_inferred: None,
        token: token::token(draft),
        spot,
        landing_url: command.landing_url.as_deref().map(str::to_owned),
        preview: Json(command.preview.clone()),
        placement: command.placement.as_deref().map(str::to_owned),
        placed: draft.shop.place_of(command.placement.as_deref()),
        first_of: None,
        advocate_since: None,
        arm: None,
        locale: sharing.locale.clone(),
        parent: parent.map(|parent| parent.id),
        after_ms: parent.map(|parent| (draft.at().ms() - parent.created_at.ms()).max(0)),
        root: parent.map_or(id, |parent| parent.root),
        depth: parent.map_or(1, |parent| parent.depth + 1),
        sent_at: None,
        leaked_at: None,
        fresh: None,
        created_at: draft.at(),
    }
}
