//! `grapevine verify`: proves the books, beside a running server.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::beside::{named, unreachable};
use super::{Outcome, complain};
use crate::config::Config;
use crate::store::connection::Use;
use crate::store::server::pooling;
use crate::store::verify::verify_with;

/// How long it works without a word.
const QUIET: Duration = Duration::from_secs(3);

#[derive(clap::Args)]
pub(super) struct Verify {
    /// Only this shop: its id (shp_…) or its slug
    #[arg(long)]
    shop: Option<String>,
}

impl Verify {
    pub(super) fn run(self, config: &Config) -> anyhow::Result<Outcome> {
        let target = &config.database.target;
        pooling::refuse_shared(target).with_context(|| unreachable(target))?;
        let mut connection = target.connect(Use::Tool).with_context(|| unreachable(target))?;
        let shop = self.shop.map(|name| named(&mut connection, &name)).transpose()?;
        let mut said = Instant::now();
        let report = verify_with(&mut connection, shop.map(|shop| shop.id), |progress| {
            if said.elapsed() > QUIET {
                complain(&format!("{} of {} steps are done", progress.done, progress.total));
                said = Instant::now();
            }
            ControlFlow::Continue(())
        });
        let report = report.with_context(|| unreachable(target))?;
        let rows: i64 = report.checked.values().sum();
        let text = match report.problems.len() {
            0 => format!("All is well: {rows} rows were checked."),
            many => format!("{}\n{many} things are wrong; {rows} rows were checked.", report.problems.join("\n")),
        };
        Ok(Outcome { json: Some(serde_json::to_value(&report)?), text, is_well: report.ok })
    }
}
