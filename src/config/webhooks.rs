//! How webhooks leave, and where they may go.

use std::time::Duration;

use super::Environment;
use super::mail::parse_schedule;
use super::outbound::Outbound;
use super::server::parse_networks;

/// Webhooks.
#[derive(Clone, Debug)]
pub struct WebhookConfig {
    /// Waits before the tries: the first is before the first one.
    pub schedule: Vec<Duration>,
    /// Longest wait for a receiver, from its name to the end of its answer, milliseconds.
    pub timeout_ms: u64,
    /// Where they may go.
    pub outbound: Outbound,
}

impl WebhookConfig {
    pub(super) fn read(environment: &mut Environment) -> Option<Self> {
        let schedule =
            environment.read("GRAPEVINE_WEBHOOK_SCHEDULE", "0,5,300,1800,7200,18000,36000,36000", parse_schedule);
        let timeout_ms = environment.number("GRAPEVINE_WEBHOOK_TIMEOUT_MS", 15_000, 100, 15_000);
        let allowed = environment.read("GRAPEVINE_OUTBOUND_ALLOW", "", parse_networks);
        Some(Self { schedule: schedule?, timeout_ms: timeout_ms?, outbound: Outbound::new(allowed?) })
    }
}
