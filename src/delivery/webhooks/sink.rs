//! Where a shop's events go: an endpoint of its own, or an account at an analytics.

use crate::decide::endpoints::disable_analytics_account::DisableAnalyticsAccount;
use crate::decide::endpoints::disable_endpoint::DisableEndpoint;
use crate::delivery::analytics;
use crate::engine::Request;
use crate::records::analytics_account::TOLD;
use crate::records::endpoint::{DeliveryOrder, DisabledBy};
use crate::records::{AnalyticsAccount, Endpoint, EventKind, Id, RecordKind, Timestamp};
use crate::store::queries::records::get;
use crate::store::{Connection, StoreResult};
use crate::vault::Vault;

/// Where events go.
#[derive(Clone, Debug)]
pub(super) enum Sink {
    /// To an endpoint, signed.
    Endpoint(Box<Endpoint>),
    /// To an analytics, in its own form.
    Analytics(Box<AnalyticsAccount>),
}

impl Sink {
    /// The one with an id.
    pub(super) fn read(connection: &mut Connection, shop: Id, id: Id) -> StoreResult<Option<Self>> {
        Ok(match RecordKind::of(id) {
            Some(RecordKind::AnalyticsAccount) => get(connection, shop, id)?.map(Box::new).map(Self::Analytics),
            _ => get(connection, shop, id)?.map(Box::new).map(Self::Endpoint),
        })
    }

    /// Its id.
    pub(super) fn id(&self) -> Id {
        match self {
            Self::Endpoint(endpoint) => endpoint.id,
            Self::Analytics(account) => account.id,
        }
    }

    /// Its shop.
    pub(super) fn shop(&self) -> Id {
        match self {
            Self::Endpoint(endpoint) => endpoint.shop,
            Self::Analytics(account) => account.shop,
        }
    }

    /// The last event of before it was there.
    pub(super) fn last_before(&self) -> i64 {
        match self {
            Self::Endpoint(endpoint) => endpoint.from_seq,
            Self::Analytics(account) => account.from_seq,
        }
    }

    /// When it was enabled last.
    pub(super) fn enabled_at(&self) -> Timestamp {
        match self {
            Self::Endpoint(endpoint) => endpoint.enabled_at,
            Self::Analytics(account) => account.enabled_at,
        }
    }

    /// Whether events go there.
    pub(super) fn is_live(&self) -> bool {
        match self {
            Self::Endpoint(endpoint) => endpoint.is_live(),
            Self::Analytics(account) => account.is_live(),
        }
    }

    /// Whether each waits for the one before.
    pub(super) fn is_fifo(&self) -> bool {
        matches!(self, Self::Endpoint(endpoint) if endpoint.order == DeliveryOrder::Fifo)
    }

    /// Which events; none named: every one.
    pub(super) fn kinds(&self) -> &[EventKind] {
        match self {
            Self::Endpoint(endpoint) => &endpoint.kinds,
            Self::Analytics(_) => &TOLD,
        }
    }

    /// Where all of its events go.
    pub(super) fn url(&self, vault: &Vault) -> String {
        match self {
            Self::Endpoint(endpoint) => endpoint.url.clone(),
            Self::Analytics(account) => analytics::url(account, vault),
        }
    }

    /// The command that leaves it alone.
    pub(super) fn disable(&self, why: DisabledBy) -> Request {
        let (id, enabled_at) = (self.id(), self.enabled_at());
        match self {
            Self::Endpoint(endpoint) => Request::system(endpoint.shop, DisableEndpoint { id, enabled_at, why }),
            Self::Analytics(account) => Request::system(account.shop, DisableAnalyticsAccount { id, enabled_at, why }),
        }
    }
}
