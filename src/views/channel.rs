//! A channel, as the API shows it.

use serde::Serialize;

use super::View;
use crate::records::Id;
use crate::records::channel::{ChannelSpec, SendUrl, Utm, built_in};

/// See the contract's `Channel`.
#[derive(Serialize)]
pub struct ChannelView<'a> {
    key: &'a str,
    name: &'a str,
    private: bool,
    send_url: &'a SendUrl,
    utm: &'a Utm,
    built_in: bool,
}

impl View for ChannelView<'_> {
    fn subject(&self) -> Option<Id> {
        None
    }
}

/// Shows a channel. Its send-URLs are the templates.
pub fn channel(channel: &ChannelSpec) -> ChannelView<'_> {
    ChannelView {
        key: &channel.key,
        name: &channel.name,
        private: channel.private,
        send_url: &channel.send_url,
        utm: &channel.utm,
        built_in: built_in(&channel.key).is_some_and(|known| known == channel),
    }
}
