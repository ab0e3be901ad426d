//! Has an analytics told of the orders that private sharing brings from now on, or changes how.

use serde::Deserialize;

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::analytics_account::Analytics;
use crate::records::endpoint::{DisabledBy, EndpointStatus};
use crate::records::text::Text;
use crate::records::{AnalyticsAccount, ShopHead};
use crate::refusal::Rejection;
use crate::views;
use crate::world::Stop;

/// Where GA4 takes events of the EU.
const GA4: &str = "https://region1.google-analytics.com";
/// Plausible's own cloud.
const PLAUSIBLE: &str = "https://plausible.io";

/// The account, as it is to be; what is left out stays, or is as usual.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountBody {
    /// Which of its sites; needed when it is made.
    pub property: Option<Text<1, 200>>,
    /// What lets us write to it.
    pub secret: Option<Text<1, 200>>,
    /// Where its server is; looked at before.
    pub url: Option<Text<1, 2048>>,
    /// Whether it is told; left out: it is.
    pub status: Option<EndpointStatus>,
}

/// An account of a kind, and how it is to be.
#[derive(Clone, Debug)]
pub struct PutAnalyticsAccount {
    /// Whose it is.
    pub kind: Analytics,
    /// How it is to be.
    pub body: AccountBody,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &PutAnalyticsAccount) -> Result<Answer, Stop> {
    let PutAnalyticsAccount { kind, body } = command;
    let id = AnalyticsAccount::id_of(draft.shop.id, *kind);
    let (known, head) = (draft.get::<AnalyticsAccount>(id), draft.expect::<ShopHead>(draft.shop.id));
    let (known, head) = (known?, head?);
    let living = known.as_deref().filter(|known| known.deleted_at.is_none());
    let property = body.property.as_deref().map(str::to_owned).or(living.map(|living| living.property.clone()));
    let property = property.ok_or_else(|| Rejection::field("/property", "this field is required"))?;
    check_property(*kind, &property)?;
    let url = body.url.as_deref().map(|url| url.trim_end_matches('/').to_owned());
    let url = url.or(living.map(|living| living.url.clone())).or(usual(*kind).map(str::to_owned));
    let url = url.ok_or_else(|| Rejection::field("/url", "this field is required: where your Matomo is"))?;
    let sealed = body.secret.as_deref().map(|plain| draft.installation.vault.seal(plain, draft.random()));
    let secret = sealed.or(living.and_then(|living| living.secret.clone()));
    check_secret(*kind, secret.is_some())?;
    let now = draft.context.real_at;
    let status = body.status.or(living.map(|living| living.status)).unwrap_or(EndpointStatus::Enabled);
    let is_on = status == EndpointStatus::Enabled;
    let was_on = living.is_some_and(AnalyticsAccount::is_live);
    let account = AnalyticsAccount {
        id,
        shop: draft.shop.id,
        version: known.as_ref().map_or(0, |known| known.version),
        kind: *kind,
        url,
        property,
        secret,
        status,
        disabled_by: match living {
            _ if is_on => None,
            Some(living) if !was_on => living.disabled_by,
            _ => Some(DisabledBy::Hand),
        },
        disabled_at: if is_on { None } else { living.and_then(|living| living.disabled_at).or(Some(now)) },
        enabled_at: living.filter(|_| was_on || !is_on).map_or(now, |living| living.enabled_at),
        from_seq: living.map_or(head.seq, |living| living.from_seq),
        created_at: living.map_or(draft.at(), |living| living.created_at),
        deleted_at: None,
    };
    let view = views::endpoint::account::account(&account);
    let answer = if living.is_some() { Answer::ok(&view) } else { Answer { status: 201, ..Answer::ok(&view) } };
    draft.audit("put_analytics_account", id, None);
    draft.save(account);
    Ok(answer)
}

fn usual(kind: Analytics) -> Option<&'static str> {
    match kind {
        Analytics::Ga4 => Some(GA4),
        Analytics::Plausible => Some(PLAUSIBLE),
        Analytics::Matomo => None,
    }
}

fn check_property(kind: Analytics, property: &str) -> Result<(), Rejection> {
    let is_word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let (fits, expected) = match kind {
        Analytics::Ga4 => {
            (property.strip_prefix("G-").is_some_and(is_word), "a measurement id is expected, such as G-ABC123DEF4")
        }
        Analytics::Plausible => {
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b".-_/:".contains(&byte);
            (property.bytes().all(is_name), "the site's domain is expected, as Plausible shows it")
        }
        Analytics::Matomo => {
            (property.parse::<u32>().is_ok_and(|number| number > 0), "the number of the site is expected, such as 1")
        }
    };
    if fits { Ok(()) } else { Err(Rejection::field("/property", expected)) }
}

fn check_secret(kind: Analytics, has_one: bool) -> Result<(), Rejection> {
    match (kind, has_one) {
        (Analytics::Ga4, false) => {
            Err(Rejection::field("/secret", "this field is required: an API secret of the stream"))
        }
        (Analytics::Plausible, true) => Err(Rejection::field("/secret", "Plausible takes none; leave this out")),
        _ => Ok(()),
    }
}
