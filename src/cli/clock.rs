//! `grapevine clock show | trust | rewind`: for when a clock was wrong.

use anyhow::{Context as _, bail};
use clap::Subcommand;
use serde_json::json;

use super::Outcome;
use super::beside::{Beside, database, unreachable};
use crate::config::Config;
use crate::decide::shops::bring_back::BringBack;
use crate::decide::shops::rewind_clock::RewindClock;
use crate::engine::{self, Clock, State};
use crate::records::{Id, Shop, Timestamp};
use crate::store::connection::Use;
use crate::store::queries::identity;
use crate::store::{Connection, StoreResult, clocks};

/// Records that are brought back between two words about it.
const PAGE: i64 = 200;

#[derive(Subcommand)]
pub(super) enum ClockCommand {
    /// Print what the clocks show, and which shops' time lies ahead of them
    Show,
    /// Say that this machine's clock is right, though nothing was written for long
    Trust,
    /// Bring a shop's time back to this machine's clock, after somebody wrote in it whose clock was ahead
    ///
    /// What happened keeps its date. Holds that were made ahead of time are released, orders and mails wait
    /// no longer than they were to, vouchers and referrals that expired too early are good again.
    Rewind(Rewind),
}

#[derive(clap::Args)]
pub(super) struct Rewind {
    /// The shop: its id (shp_…) or its slug
    shop: String,
}

impl ClockCommand {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<Outcome> {
        match self {
            ClockCommand::Show => show(config),
            ClockCommand::Trust => trust(config),
            ClockCommand::Rewind(rewind) => rewind.run(config).await,
        }
    }
}

fn look(config: &Config) -> anyhow::Result<(Connection, State)> {
    let target = database(config)?;
    let clock = Clock::machine(config.server.clock_skew_ms);
    let opened = target.connect(Use::Tool).and_then(|mut connection| {
        let state = engine::state(&mut connection, &clock)?;
        Ok((connection, state))
    });
    opened.with_context(|| unreachable(&target))
}

fn show(config: &Config) -> anyhow::Result<Outcome> {
    let (mut connection, state) = look(config)?;
    let ahead = ahead(&mut connection, state.shown).context("shops cannot be read")?;
    let fault = state.distrust().map(|distrust| distrust.to_string());
    let mut lines = vec![format!("this machine  {}", state.shown)];
    lines.extend(state.database.map(|database| format!("the database  {database}")));
    lines.extend(state.newest.map(|newest| format!("last written  {newest}")));
    lines.extend(ahead.iter().map(|(shop, at)| {
        format!(
            "ahead         {at}  {} ({}); `grapevine clock rewind {}` brings it back",
            shop.slug, shop.name, shop.id
        )
    }));
    lines.extend(fault.clone());
    let shops: Vec<_> = ahead.iter().map(|(shop, at)| json!({ "shop": shop.id, "at": at })).collect();
    let json = json!({
        "ok": fault.is_none() && ahead.is_empty(), "machine": state.shown, "database": state.database,
        "last_written": state.newest, "shops_ahead": shops, "fault": fault,
    });
    Ok(Outcome { json: Some(json), text: lines.join("\n"), is_well: fault.is_none() && ahead.is_empty() })
}

/// Shops whose real time lies ahead of the clock by more than clocks differ.
fn ahead(connection: &mut Connection, shown: Timestamp) -> StoreResult<Vec<(Shop, Timestamp)>> {
    let heads = clocks::shops_ahead(connection, shown.plus_ms(1_000))?;
    let mut shops = Vec::with_capacity(heads.len());
    for head in heads {
        let at = head.last_at.plus_ms(-head.clock_offset_ms);
        shops.extend(identity::shop(connection, head.id)?.map(|shop| (shop, at)));
    }
    Ok(shops)
}

fn trust(config: &Config) -> anyhow::Result<Outcome> {
    let (mut connection, state) = look(config)?;
    if let Some(distrust @ engine::Distrust::Database { .. }) = state.distrust() {
        bail!("{distrust}");
    }
    clocks::trust(&mut connection, state.shown).context("it cannot be noted")?;
    let text = format!("The clock of this machine is right: it is {}.", state.shown);
    Ok(Outcome::done(json!({ "machine": state.shown }), text))
}

impl Rewind {
    async fn run(self, config: &Config) -> anyhow::Result<Outcome> {
        let beside = Beside::start(config)?;
        let outcome = self.rewind(&beside).await;
        beside.stop().await;
        outcome
    }

    /// What was begun and broke off is gone on with.
    async fn rewind(&self, beside: &Beside) -> anyhow::Result<Outcome> {
        let shop = beside.shop(&self.shop)?;
        let now = beside.engine().now();
        let is_ahead = beside.engine().shops_ahead().iter().any(|(ahead, _)| *ahead == shop.id);
        if is_ahead {
            beside.submit(shop.id, RewindClock { now }).await?;
        }
        let brought_back = bring_back(beside, shop.id, now).await?;
        if !is_ahead && brought_back == 0 {
            bail!("the time of {} is not ahead of this machine's clock; `grapevine clock show` prints both", shop.slug);
        }
        let text =
            format!("The time of {} is {now} again; {brought_back} records were brought back with it.", shop.slug);
        Ok(Outcome::done(json!({ "shop": shop.id, "now": now, "brought_back": brought_back }), text))
    }
}

async fn bring_back(beside: &Beside, shop: Id, now: Timestamp) -> anyhow::Result<usize> {
    let (mut connection, mut after, mut done) = (beside.connect()?, None, 0);
    loop {
        let page = clocks::waiting(&mut connection, shop, now, after, PAGE).context("what waits cannot be read")?;
        let Some(last) = page.last().copied() else { return Ok(done) };
        for (_, record) in &page {
            beside.submit(shop, BringBack { record: *record }).await?;
        }
        done += page.len();
        after = Some(last);
        tracing::info!(done, "records were brought back");
    }
}
