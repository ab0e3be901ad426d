//! Due and background work.

use super::Environment;

/// Due and background work.
#[derive(Clone, Debug)]
pub struct WorkConfig {
    /// How often due work and waiting mails are looked for, milliseconds.
    pub tick_ms: u64,
    /// How long visits are gathered before they are written together, milliseconds.
    pub visits_ms: u64,
    /// How long answers of idempotency keys are kept, days.
    pub answer_days: i64,
    /// How long each visit is kept, days; what was counted of it stays.
    pub visit_days: i64,
    /// Whether this process delivers mails; the command line says so, not the environment.
    pub delivers: bool,
}

impl WorkConfig {
    pub(super) fn read(environment: &mut Environment) -> Option<Self> {
        let tick_ms = environment.number("GRAPEVINE_TICK_MS", 1_000, 10, 3_600_000);
        let visits_ms = environment.number("GRAPEVINE_VISITS_MS", 100, 0, 60_000);
        let answer_days = environment.number("GRAPEVINE_ANSWER_DAYS", 30, 1, 365);
        let visit_days = environment.number("GRAPEVINE_VISIT_DAYS", 90, 1, 3_650);
        Some(Self {
            tick_ms: tick_ms?,
            visits_ms: visits_ms?,
            answer_days: i64::try_from(answer_days?).ok()?,
            visit_days: i64::try_from(visit_days?).ok()?,
            delivers: true,
        })
    }
}
