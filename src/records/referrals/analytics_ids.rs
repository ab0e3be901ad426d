//! What the shop's analytics call a browser: it came with an order or a referral, and is handed on with it.

use serde::{Deserialize, Serialize};

use crate::record;
use crate::records::time::DAY_MS;
use crate::records::typed::Typed;
use crate::records::{Id, Json, Timestamp};

/// How long they are kept, milliseconds: GA4 takes nothing that is older (Measurement Protocol, `timestamp_micros`).
pub const KEPT_MS: i64 = 3 * DAY_MS;

record! {
    /// The ids that came with an order or a referral, kept for 72 hours from when it happened and with consent alone.
    versioned AnalyticsIds in "analytics_ids" {
        /// The conversion or referral.
        subject: Id,
        /// Whose browser it is, where that is known.
        customer: Option<Id>,
        /// The ids; none: their time is over, or he was erased, and this record with them.
        ids: Json<Option<Ids>>,
        /// When it was made.
        created_at: Timestamp,
        /// Until when it is kept (first instant too late).
        kept_until: Timestamp,
    }
    kept_while { ids }
}

/// The ids, as each analytics has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ids {
    /// GA4: the browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ga_client_id: Option<GaClientId>,
    /// GA4: its session. Without it GA4 files an order under nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ga_session_id: Option<GaSessionId>,
    /// Matomo: the browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matomo_visitor_id: Option<MatomoVisitorId>,
}

impl Ids {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl AnalyticsIds {
    /// The id of those that came with something.
    pub fn id_of(subject: Id) -> Id {
        Id::of("anl", &[&subject.to_string()]).beside(Some(subject))
    }
}

macro_rules! ids {
    ($( $(#[$meta:meta])* $name:ident = $read:ident; )*) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl std::ops::Deref for $name {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl Typed for $name {
            fn read(text: &str) -> Result<Self, String> {
                $read(text).map(Self)
            }
        }
    )* };
}

ids! {
    /// `1234567890.1700000000`; the cookie `_ga` is taken as well.
    GaClientId = ga_client_id;
    /// `1700000000`; the cookie `_ga_…` is taken as well, in both of its forms.
    GaSessionId = ga_session_id;
    /// 16 hexadecimal digits; the cookie `_pk_id…` is taken as well.
    MatomoVisitorId = matomo_visitor_id;
}

/// Digits of each part of an id at most.
const DIGITS: usize = 20;

fn are_digits(text: &str) -> bool {
    (1..=DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `GA1.1.A.B`, of which the client is `A.B`.
fn ga_client_id(text: &str) -> Result<String, String> {
    let mut parts = text.rsplitn(3, '.');
    let (last, first) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let is_cookie = parts.next().is_none_or(|before| before.starts_with("GA"));
    match is_cookie && are_digits(first) && are_digits(last) {
        true => Ok(format!("{first}.{last}")),
        false => Err("two numbers with a dot between are expected, as in the cookie _ga".to_owned()),
    }
}

/// `GS1.1.SESSION.…`, or since 2025 `GS2.1.sSESSION$o…`.
fn ga_session_id(text: &str) -> Result<String, String> {
    let session = match text.split('.').collect::<Vec<_>>()[..] {
        ["GS1", _, session, ..] => session,
        ["GS2", _, fields, ..] => fields.split('$').find_map(|field| field.strip_prefix('s')).unwrap_or_default(),
        _ => text,
    };
    match are_digits(session) {
        true => Ok(session.to_owned()),
        false => Err("a number is expected, as in the cookie _ga_…".to_owned()),
    }
}

/// `VISITOR.CREATED.…`.
fn matomo_visitor_id(text: &str) -> Result<String, String> {
    let visitor = text.split('.').next().unwrap_or_default();
    match visitor.len() == 16 && visitor.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => Ok(visitor.to_ascii_lowercase()),
        false => Err("16 hexadecimal digits are expected, as in the cookie _pk_id…".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_they_stand_in_cookies() {
        for (read, text, expected) in [
            (ga_client_id as fn(&str) -> Result<String, String>, "123.1700000000", Some("123.1700000000")),
            (ga_client_id, "GA1.1.123.1700000000", Some("123.1700000000")),
            (ga_client_id, "GA1.3-2.123.1700000000", Some("123.1700000000")),
            (ga_client_id, "XX1.1.123.1700000000", None),
            (ga_client_id, "123", None),
            (ga_client_id, "anna@mail.example", None),
            (ga_client_id, "1.222222222222222222222", None),
            (ga_session_id, "1700000000", Some("1700000000")),
            (ga_session_id, "GS1.1.1700000000.3.1.1700000100.0.0.0", Some("1700000000")),
            (ga_session_id, "GS2.1.s1700000000$o3$g1$t1700000100", Some("1700000000")),
            (ga_session_id, "GS2.1.o3$s1700000000", Some("1700000000")),
            (ga_session_id, "GS2.1.o3", None),
            (ga_session_id, "GS1", None),
            (ga_session_id, "first", None),
            (matomo_visitor_id, "0123456789ABCDEF", Some("0123456789abcdef")),
            (matomo_visitor_id, "0123456789abcdef.1700000000.", Some("0123456789abcdef")),
            (matomo_visitor_id, "0123456789abcde", None),
            (matomo_visitor_id, "0123456789abcdeg", None),
        ] {
            assert_eq!(read(text).ok().as_deref(), expected, "{text}");
        }
    }
}
