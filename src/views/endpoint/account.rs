//! An account at an analytics, as the API shows it: never its secret.

use serde::Serialize;

use crate::records::analytics_account::Analytics;
use crate::records::endpoint::{DisabledBy, EndpointStatus};
use crate::records::event::EventData;
use crate::records::{AnalyticsAccount, Id, Timestamp};
use crate::views::View;
use crate::views::event::Payload;

/// See the contract's `AnalyticsAccount`.
#[derive(Serialize)]
pub struct AnalyticsAccountView<'a> {
    id: Id,
    kind: Analytics,
    url: &'a str,
    property: &'a str,
    has_secret: bool,
    status: EndpointStatus,
    disabled_by: Option<DisabledBy>,
    disabled_at: Option<Timestamp>,
    from_seq: i64,
    created_at: Timestamp,
}

impl View for AnalyticsAccountView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for AnalyticsAccountView<'_> {
    const DATA: EventData = EventData::AnalyticsAccount;
}

/// Shows an account.
pub fn account(account: &AnalyticsAccount) -> AnalyticsAccountView<'_> {
    AnalyticsAccountView {
        id: account.id,
        kind: account.kind,
        url: &account.url,
        property: &account.property,
        has_secret: account.secret.is_some(),
        status: account.status,
        disabled_by: account.disabled_by,
        disabled_at: account.disabled_at,
        from_seq: account.from_seq,
        created_at: account.created_at,
    }
}
