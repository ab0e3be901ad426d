//! A share, as the API shows it.

use serde::Serialize;

use super::View;
use super::event::Payload;
use crate::records::event::EventData;
use crate::records::share::{Counts, Preview};
use crate::records::trial::is_held_out;
use crate::records::{Id, Share, Timestamp};

/// What a share is sent with: made of the program's words when it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// Its link.
    pub url: String,
    /// Words with the link in them.
    pub text: String,
    /// Subject of a mail.
    pub subject: String,
    /// What opens the channel on a telephone.
    pub mobile: Option<String>,
    /// What opens it on a computer.
    pub desktop: Option<String>,
}

/// What a preview of a share's link shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PreviewWords {
    /// The link.
    pub url: String,
    /// Title.
    pub title: String,
    /// Description.
    pub description: String,
    /// Picture, absolute https.
    pub image_url: Option<String>,
    /// What the shop calls itself.
    pub shop_name: String,
    /// Language of these words.
    pub locale: String,
}

/// See the contract's `Share`.
#[derive(Serialize)]
pub struct ShareView<'a> {
    id: Id,
    token: &'a str,
    url: String,
    text: String,
    subject: String,
    send_url: SendUrlView,
    program: Id,
    customer: Option<&'a str>,
    customer_id: Option<Id>,
    channel: &'a str,
    private: bool,
    channel_inferred: Option<&'a str>,
    landing_url: Option<&'a str>,
    preview: Option<&'a Preview>,
    placement: Option<&'a str>,
    locale: &'a str,
    parent: Option<Id>,
    root: Id,
    depth: i64,
    status: &'static str,
    held_out: bool,
    sent_at: Option<Timestamp>,
    counts: Counts,
    created_at: Timestamp,
}

impl View for ShareView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for ShareView<'_> {
    const DATA: EventData = EventData::Share;
}

#[derive(Serialize)]
pub(super) struct SendUrlView {
    pub(super) mobile: Option<String>,
    pub(super) desktop: Option<String>,
}

/// Shows a share.
pub fn share(share: &Share, face: Face, counts: Counts) -> ShareView<'_> {
    ShareView {
        id: share.id,
        token: &share.token,
        url: face.url,
        text: face.text,
        subject: face.subject,
        send_url: SendUrlView { mobile: face.mobile, desktop: face.desktop },
        program: share.program,
        customer: share.customer_ref.as_deref(),
        customer_id: share.customer,
        channel: &share.channel,
        private: share.private,
        channel_inferred: share.channel_inferred.as_deref(),
        landing_url: share.landing_url.as_deref(),
        preview: share.preview.as_ref(),
        placement: share.placement.as_deref(),
        locale: &share.locale,
        parent: share.parent,
        root: share.root,
        depth: share.depth,
        status: share.status(),
        held_out: is_held_out(share.arm),
        sent_at: share.sent_at,
        counts,
        created_at: share.created_at,
    }
}

/// See the contract's `ShareTree`.
#[derive(Serialize)]
pub struct TreeView<S, F> {
    /// The share that was asked for.
    pub share: S,
    /// Those that came by it.
    pub children: Vec<NodeView<S>>,
    /// Where the next page of its children begins.
    pub next: Option<String>,
    /// What the tree comes to.
    #[serde(flatten)]
    pub figures: F,
    /// The first share of the whole tree.
    pub root: Id,
    /// Whether there are more shares than were looked at.
    pub cut: bool,
    /// What the figures mean.
    pub definitions: Vec<Definition>,
}

/// What a figure means. See the contract's `Definition`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Definition {
    /// The figure's name.
    pub figure: &'static str,
    /// What it means.
    pub means: &'static str,
}

/// See the contract's `ShareNode`.
#[derive(Serialize)]
pub struct NodeView<S> {
    /// The share.
    pub share: S,
    /// Those that came by it, as far as they are shown.
    pub children: Vec<Self>,
    /// Shares in its branch.
    pub size: i64,
    /// The longest way through it.
    pub depth: i64,
    /// Children that are not shown.
    pub more: i64,
}
