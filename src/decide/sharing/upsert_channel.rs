//! Adds a channel of the shop's own, or changes a built-in one for this shop.

use std::borrow::Cow;

use serde::Deserialize;

use crate::decide::answer::Answer;
use crate::decide::counter::{self, Counted};
use crate::decide::draft::Draft;
use crate::decide::input::own_name;
use crate::decide::sharing::channel::id_of;
use crate::records::channel::{ChannelSpec, DARK_SOCIAL, OWN_CHANNELS_MAX, SendUrl, Utm, built_in};
use crate::records::text::{Name, Slug, Text};
use crate::records::{Json, OwnChannel};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The channel's fields. `send_url` and `utm` are, when left out, as in the built-in channel of this
/// key, if there is one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpsertChannel {
    /// Its key, from the path.
    #[serde(skip)]
    pub key: String,
    /// What people call it.
    pub name: Name,
    /// Whether nobody else can watch what is sent there.
    pub private: bool,
    /// What opens it.
    #[serde(default)]
    pub send_url: Option<SendUrlInput>,
    /// What analytics calls it.
    #[serde(default)]
    pub utm: Option<UtmInput>,
}

/// Templates with `{url} {text} {message} {subject}`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SendUrlInput {
    /// On a telephone.
    #[serde(default)]
    pub mobile: Option<Text<1, 2000>>,
    /// On a computer.
    #[serde(default)]
    pub desktop: Option<Text<1, 2000>>,
}

/// UTM values.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UtmInput {
    /// `utm_source`
    pub source: Text<1, 64>,
    /// `utm_medium`
    pub medium: Text<1, 64>,
    /// `utm_source_platform`; left out: `dark_social` when the channel is private.
    #[serde(default)]
    pub source_platform: Option<Text<1, 64>>,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &UpsertChannel) -> Result<Answer, Stop> {
    let key = Slug::parse(&command.key).map_err(|fault| Rejection::field("/key", fault))?;
    own_name::check_word(&key, "/key")?;
    let known = draft.get::<OwnChannel>(id_of(draft, &key))?;
    let spec = spec(command, &key)?;
    let is_new = known.is_none();
    let own = match known {
        Some(known) => OwnChannel { spec: Json(spec), ..(*known).clone() },
        None => {
            if counter::add(draft, "channels", Some(OWN_CHANNELS_MAX))? == Counted::Full {
                let detail = format!("A shop has at most {OWN_CHANNELS_MAX} channels of its own.");
                return Err(Rejection::new(Code::LimitReached, detail).into());
            }
            let id = id_of(draft, &key);
            let name = key.into_string();
            OwnChannel { id, shop: draft.shop.id, version: 0, name, spec: Json(spec), created_at: draft.at() }
        }
    };
    draft.audit("upsert_channel", own.id, None);
    let view = views::channel::channel(&own.spec);
    let answer = if is_new { Answer::created(&view, "/v1/channels".to_owned()) } else { Answer::ok(&view) };
    draft.save(own);
    Ok(answer)
}

fn spec(command: &UpsertChannel, key: &str) -> Result<ChannelSpec, Rejection> {
    let like = built_in(key);
    let same = like.filter(|like| like.private == command.private).map(|like| like.utm.clone());
    let utm = command.utm.as_ref().map(|utm| given_utm(utm, command.private)).or(same);
    Ok(ChannelSpec {
        key: owned(key),
        name: owned(&command.name),
        private: command.private,
        send_url: send_url(command.send_url.as_ref(), like)?,
        utm: utm.unwrap_or_else(|| Utm {
            source: owned(key),
            medium: Cow::Borrowed("social"),
            source_platform: command.private.then_some(Cow::Borrowed(DARK_SOCIAL)),
        }),
    })
}

fn given_utm(given: &UtmInput, private: bool) -> Utm {
    let platform = given.source_platform.as_deref().map(owned);
    Utm {
        source: owned(&given.source),
        medium: owned(&given.medium),
        source_platform: platform.or(private.then_some(Cow::Borrowed(DARK_SOCIAL))),
    }
}

fn send_url(given: Option<&SendUrlInput>, like: Option<&ChannelSpec>) -> Result<SendUrl, Rejection> {
    let Some(given) = given else { return Ok(like.map(|like| like.send_url.clone()).unwrap_or_default()) };
    check_template(given.mobile.as_deref(), "/send_url/mobile")?;
    check_template(given.desktop.as_deref(), "/send_url/desktop")?;
    Ok(SendUrl { mobile: given.mobile.as_deref().map(owned), desktop: given.desktop.as_deref().map(owned) })
}

/// A template is put in a page's `href`: it names an app or a web page, never a script.
fn check_template(template: Option<&str>, pointer: &str) -> Result<(), Rejection> {
    let Some(template) = template else { return Ok(()) };
    let scheme = template.split_once(':').map_or("", |(scheme, _)| scheme);
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "+-.".contains(c));
    let runs = ["javascript", "data", "vbscript", "blob", "file", "http", "about"].contains(&scheme);
    if !is_scheme || runs || template.contains(|c: char| c.is_whitespace() || "\"'<>\\".contains(c)) {
        return Err(Rejection::field(
            pointer,
            "an address that begins with https: or with an app's scheme is expected",
        ));
    }
    if !template.contains("{url}") && !template.contains("{message}") {
        return Err(Rejection::field(pointer, "the template must hold {url} or {message}, else the link is not sent"));
    }
    Ok(())
}

fn owned(text: &str) -> Cow<'static, str> {
    Cow::Owned(text.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::decide::sharing::upsert_channel::check_template;

    #[test]
    fn templates_open_apps_and_pages_alone() {
        let table = [
            ("https://chat.example/?text={message}", true),
            ("chat-app://send?link={url}", true),
            ("javascript:alert({url})", false),
            ("JavaScript:alert({url})", false),
            ("data:text/html,{message}", false),
            ("http://chat.example/?text={message}", false),
            ("//chat.example/?text={message}", false),
            ("https://chat.example/\" onclick={url}", false),
            ("https://chat.example/", false),
        ];
        for (template, fits) in table {
            assert_eq!(check_template(Some(template), "/send_url/mobile").is_ok(), fits, "{template}");
        }
    }
}
