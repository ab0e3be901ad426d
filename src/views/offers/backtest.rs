//! What an offer would have done, as the API shows it.

use serde::Serialize;

/// See the contract's `Backtest`.
#[derive(Debug, Serialize)]
pub struct BacktestView {
    /// The last days that were looked at.
    pub days: i64,
    /// People who were judged.
    pub considered: i64,
    /// Those of them who arrived.
    pub arrivals: i64,
    /// Those of them who shared.
    pub sharers: i64,
    /// Those who would have been let in.
    pub admitted: i64,
    /// What keeps people out.
    pub refused: Vec<KeptOutView>,
    /// What held before.
    pub before: Option<BeforeView>,
    /// Facts that are known only as they are today.
    pub as_of_today: Vec<String>,
    /// Facts of which nothing is known of then.
    pub unknown: Vec<String>,
}

/// Whom one thing kept out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeptOutView {
    /// What it is.
    pub code: String,
    /// Whom it kept out first.
    pub count: i64,
    /// Those of them whom nothing else would have kept out.
    pub alone: i64,
}

/// What held before.
#[derive(Debug, Serialize)]
pub struct BeforeView {
    /// Whom it would have let in.
    pub admitted: i64,
}
