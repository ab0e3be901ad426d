//! A grant, as the API shows it.

use serde::Serialize;

use super::View;
use super::event::Payload;
use crate::records::audit::Actor;
use crate::records::benefit::Benefit;
use crate::records::event::EventData;
use crate::records::grant::{GrantStatus, Purpose};
use crate::records::money::Currency;
use crate::records::{Grant, Id, Timestamp};

/// See the contract's `Grant`.
#[derive(Serialize)]
pub struct GrantView<'a> {
    id: Id,
    status: GrantStatus,
    customer: Option<&'a str>,
    customer_id: Id,
    reward: &'a Benefit,
    reward_id: Option<Id>,
    currency: Currency,
    cost_amount: i64,
    reason: &'a str,
    reference: Option<&'a str>,
    purpose: Option<Purpose>,
    notify: bool,
    by: &'a Actor,
    approved_by: Option<&'a Actor>,
    decided_by: Option<&'a Actor>,
    created_at: Timestamp,
    decided_at: Option<Timestamp>,
}

impl View for GrantView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for GrantView<'_> {
    const DATA: EventData = EventData::Grant;
}

/// Shows a grant.
pub fn grant(grant: &Grant) -> GrantView<'_> {
    GrantView {
        id: grant.id,
        status: grant.status,
        customer: grant.customer_ref.as_deref(),
        customer_id: grant.customer,
        reward: &grant.benefit,
        reward_id: grant.reward,
        currency: grant.currency,
        cost_amount: grant.cost_amount,
        reason: &grant.reason,
        reference: grant.reference.as_deref(),
        purpose: grant.purpose,
        notify: grant.notify,
        by: &grant.by_actor,
        approved_by: grant.approved_by.as_ref(),
        decided_by: grant.decided_by.as_ref(),
        created_at: grant.created_at,
        decided_at: grant.decided_at,
    }
}
