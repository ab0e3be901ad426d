//! An account of the shop's at an analytics, which is told of the orders that private sharing brought. Like an endpoint it
//! is a cursor on the shop's events, and how far it has got is delivery's.

use crate::records::endpoint::{DisabledBy, EndpointStatus};
use crate::records::{EventKind, Id, Timestamp};
use crate::{record, words};

words! {
    /// Whose it is.
    Analytics {
        /// Google Analytics 4, by its Measurement Protocol.
        Ga4 = "ga4",
        /// Plausible, by its Events API.
        Plausible = "plausible",
        /// Matomo, by its Tracking API.
        Matomo = "matomo",
    }
}

record! {
    /// An account; one of each kind.
    versioned AnalyticsAccount in "analytics_accounts" {
        /// Whose it is.
        kind: Analytics,
        /// Where its server is, without a slash at the end.
        url: String,
        /// Which of its sites: GA4's measurement id, Plausible's domain, Matomo's number of the site.
        property: String,
        /// What lets us write to it, sealed: GA4's API secret, Matomo's `token_auth`.
        secret: Option<String>,
        /// Whether it is told.
        status: EndpointStatus,
        /// Why not.
        disabled_by: Option<DisabledBy>,
        /// Since when not, by the real clock.
        disabled_at: Option<Timestamp>,
        /// When it was enabled last, by the real clock.
        enabled_at: Timestamp,
        /// The last event of before it was there.
        from_seq: i64,
        /// When it was made.
        created_at: Timestamp,
        /// When it was deleted; nothing is told since.
        deleted_at: Option<Timestamp>,
    }
}

/// What it is told of. An order that came back as a whole has been told of as it came back.
pub const TOLD: [EventKind; 4] = [
    EventKind::ReferralCreated,
    EventKind::ConversionRecorded,
    EventKind::ConversionRefunded,
    EventKind::ConversionCancelled,
];

impl AnalyticsAccount {
    /// The id of a shop's account of a kind.
    pub fn id_of(shop: Id, kind: Analytics) -> Id {
        Id::of("ana", &[&shop.to_string(), kind.as_str()])
    }

    /// Whether it is told.
    pub fn is_live(&self) -> bool {
        self.deleted_at.is_none() && self.status == EndpointStatus::Enabled
    }
}
