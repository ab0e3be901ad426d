//! `grapevine migrate`

use anyhow::Context as _;
use serde_json::json;

use super::Outcome;
use super::beside::unreachable;
use crate::config::Config;
use crate::store::migrate::migrate;

pub(super) fn run(config: &Config) -> anyhow::Result<Outcome> {
    let target = &config.database.target;
    let done = migrate(target).with_context(|| unreachable(target))?;
    let text = match done {
        0 => "The schema is up to date.".to_owned(),
        done => format!("{done} migrations were run; the schema is up to date."),
    };
    Ok(Outcome::done(json!({ "migrations": done }), text))
}
