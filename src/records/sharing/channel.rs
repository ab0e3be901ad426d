//! Channels: where a share is sent, what opens there, and what analytics calls it.
//!
//! A channel's send-URL is a template. `{url}` stands for the link, `{text}` for the words without
//! it, `{message}` for the words with it, `{subject}` for the subject of a mail; each is inserted
//! percent-encoded. A channel without a template has no way to be opened with words in it: there the
//! page offers Web Share or copying.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// The largest number of channels of a shop's own.
pub const OWN_CHANNELS_MAX: i64 = 100;

/// What analytics calls the traffic of private channels.
pub const DARK_SOCIAL: &str = "dark_social";

type Word = Cow<'static, str>;

/// What opens a channel with words in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SendUrl {
    /// On a telephone; `null`: nothing does.
    #[serde(default)]
    pub mobile: Option<Word>,
    /// On a computer; `null`: nothing does.
    #[serde(default)]
    pub desktop: Option<Word>,
}

/// What analytics calls a channel's traffic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Utm {
    /// `utm_source`
    pub source: Word,
    /// `utm_medium`
    pub medium: Word,
    /// `utm_source_platform`
    #[serde(default)]
    pub source_platform: Option<Word>,
}

/// A channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelSpec {
    /// Its key.
    pub key: Word,
    /// What people call it.
    pub name: Word,
    /// Whether nobody else can watch what is sent there.
    pub private: bool,
    /// What opens it.
    pub send_url: SendUrl,
    /// What analytics calls it.
    pub utm: Utm,
}

const MAILTO: &str = "mailto:?subject={subject}&body={message}";
const SMS: &str = "sms:?&body={message}";
const WHATSAPP: &str = "https://wa.me/?text={message}";
const TELEGRAM: &str = "https://t.me/share/url?url={url}&text={text}";
const X: &str = "https://x.com/intent/post?text={text}&url={url}";
const FACEBOOK: &str = "https://www.facebook.com/sharer/sharer.php?u={url}";
const LINKEDIN: &str = "https://www.linkedin.com/sharing/share-offsite/?url={url}";
const REDDIT: &str = "https://www.reddit.com/submit?url={url}&title={subject}";

/// The channels that every shop has.
pub static BUILT_IN: &[ChannelSpec] = &[
    private("whatsapp", "WhatsApp", opens(Some(WHATSAPP), Some(WHATSAPP)), "social"),
    private("telegram", "Telegram", opens(Some(TELEGRAM), Some(TELEGRAM)), "social"),
    private("signal", "Signal", opens(None, None), "social"),
    private("messenger", "Messenger", opens(Some("fb-messenger://share/?link={url}"), None), "social"),
    private("imessage", "iMessage", opens(Some(SMS), None), "social"),
    private("sms", "SMS", opens(Some(SMS), None), "sms"),
    private("email", "E-Mail", opens(Some(MAILTO), Some(MAILTO)), "email"),
    private("threema", "Threema", opens(Some("threema://compose?text={message}"), None), "social"),
    private("viber", "Viber", opens(Some("viber://forward?text={message}"), None), "social"),
    private("line", "LINE", opens(Some(LINE_MOBILE), Some(LINE_DESKTOP)), "social"),
    private("teams", "Microsoft Teams", opens(None, Some(TEAMS)), "social"),
    private("slack", "Slack", opens(None, None), "social"),
    private("discord", "Discord", opens(None, None), "social"),
    private("instagram_dm", "Instagram DM", opens(None, None), "social"),
    private("group", "Group", opens(None, None), "social"),
    private("qr", "QR code", opens(None, None), "qr"),
    private("copy", "Copied link", opens(None, None), "social"),
    private("native", "Share menu", opens(None, None), "social"),
    public("facebook", "Facebook", opens(Some(FACEBOOK), Some(FACEBOOK)), "social"),
    public("x", "X", opens(Some(X), Some(X)), "social"),
    public("linkedin", "LinkedIn", opens(Some(LINKEDIN), Some(LINKEDIN)), "social"),
    public("reddit", "Reddit", opens(Some(REDDIT), Some(REDDIT)), "social"),
    public("public_web", "Public web page", opens(None, None), "referral"),
];

const LINE_MOBILE: &str = "https://line.me/R/share?text={message}";
const LINE_DESKTOP: &str = "https://social-plugins.line.me/lineit/share?url={url}";
const TEAMS: &str = "https://teams.microsoft.com/share?href={url}&msgText={text}&preview=true";

const fn opens(mobile: Option<&'static str>, desktop: Option<&'static str>) -> SendUrl {
    SendUrl { mobile: borrowed(mobile), desktop: borrowed(desktop) }
}

const fn borrowed(text: Option<&'static str>) -> Option<Word> {
    match text {
        Some(text) => Some(Cow::Borrowed(text)),
        None => None,
    }
}

const fn private(key: &'static str, name: &'static str, send_url: SendUrl, medium: &'static str) -> ChannelSpec {
    let utm = Utm {
        source: Cow::Borrowed(key),
        medium: Cow::Borrowed(medium),
        source_platform: Some(Cow::Borrowed(DARK_SOCIAL)),
    };
    ChannelSpec { key: Cow::Borrowed(key), name: Cow::Borrowed(name), private: true, send_url, utm }
}

const fn public(key: &'static str, name: &'static str, send_url: SendUrl, medium: &'static str) -> ChannelSpec {
    let utm = Utm { source: Cow::Borrowed(key), medium: Cow::Borrowed(medium), source_platform: None };
    ChannelSpec { key: Cow::Borrowed(key), name: Cow::Borrowed(name), private: false, send_url, utm }
}

/// The built-in channel with this key.
pub fn built_in(key: &str) -> Option<&'static ChannelSpec> {
    BUILT_IN.iter().find(|channel| channel.key == key)
}

/// Whether a share there says nothing of where it went, so that the first preview tells.
pub fn is_unnamed(key: &str) -> bool {
    matches!(key, "native" | "copy")
}

/// A shop's own channels, then the built-in ones that it did not change.
pub fn with_built_in(own: Vec<ChannelSpec>) -> Vec<ChannelSpec> {
    let others: Vec<ChannelSpec> =
        BUILT_IN.iter().filter(|known| own.iter().all(|own| own.key != known.key)).cloned().collect();
    own.into_iter().chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique_and_templates_carry_the_link() {
        for (index, channel) in BUILT_IN.iter().enumerate() {
            assert!(BUILT_IN[..index].iter().all(|other| other.key != channel.key), "{}", channel.key);
            assert!(crate::records::text::Slug::parse(&channel.key).is_ok(), "{}", channel.key);
            for template in [&channel.send_url.mobile, &channel.send_url.desktop].into_iter().flatten() {
                assert!(template.contains("{url}") || template.contains("{message}"), "{template}");
            }
        }
    }

    #[test]
    fn private_traffic_can_be_told_apart_in_analytics() {
        for channel in BUILT_IN {
            let platform = channel.utm.source_platform.as_deref();
            assert_eq!(platform, channel.private.then_some(DARK_SOCIAL), "{}", channel.key);
        }
    }
}
