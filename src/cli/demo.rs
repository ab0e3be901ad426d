//! `grapevine demo`

use serde_json::json;

use super::Outcome;
use crate::config::Config;
use crate::demo::{Audience, Then, run};

#[derive(clap::Args)]
pub(super) struct Demo {
    /// End after the last step, with 1 when a step failed; without it the server stays up
    #[arg(long)]
    once: bool,
}

impl Demo {
    pub(super) async fn run(self, config: Config, json: bool) -> anyhow::Result<Outcome> {
        let then = if self.once { Then::End } else { Then::Stay };
        let audience = if json { Audience::Program } else { Audience::Person };
        let shown = run(config, then, audience).await?;
        let text = format!("\nAll {} steps of the main path succeeded.", shown.steps.len());
        Ok(Outcome::done(json!({ "ok": true, "steps": shown.steps, "url": shown.url }), text))
    }
}
