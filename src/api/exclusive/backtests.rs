//! What an offer would have done in the last days.

use actix_web::web;
use serde::Deserialize;

use crate::api::answer::inquiry;
use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::Call;
use crate::decide::input::range::within;
use crate::decide::offers::backtest::Trial;
use crate::decide::offers::offer::{ConditionInput, TargetingInput, check_targeting, compile_all};
use crate::decide::programs::program;
use crate::records::Offer;
use crate::records::offer::Audience;
use crate::records::text::Reference;

/// Days that are looked at where none are named.
const DAYS: i64 = 30;
/// The most.
const MAX_DAYS: i64 = 366;

/// What is tried, before there is an offer of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    program: Reference,
    #[serde(default)]
    conditions: Vec<ConditionInput>,
    audience: Option<Audience>,
    targeting: Option<TargetingInput>,
    days: Option<i64>,
}

/// The days alone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Days {
    days: Option<i64>,
}

impl Days {
    fn checked(&self) -> Result<i64, Problem> {
        Ok(within(self.days.unwrap_or(DAYS), 1, MAX_DAYS, "/days")?)
    }
}

pub(in crate::api) async fn backtest_draft(call: Call) -> Result<Reply, Problem> {
    let body: Draft = call.body()?;
    let days = Days { days: body.days }.checked()?;
    let given = body.conditions;
    let compiled = web::block(move || compile_all(&given)).await;
    let conditions = compiled.map_err(|_| Problem::internal())??;
    let (name, targeting) = (body.program, body.targeting.clone());
    let program = call.dry_run(move |draft| {
        let (program, segments) =
            (program::known(draft, &name, "/program"), check_targeting(draft, targeting.as_ref()));
        segments.and(program).map(|program| program.id)
    });
    let trial = Trial {
        shop: call.shop(),
        program: program.await?,
        audience: body.audience.unwrap_or(Audience::Arrive),
        segments: body.targeting.map(|targeting| targeting.segments).unwrap_or_default(),
        conditions,
        before: None,
        days,
    };
    inquiry::answer(call.app.backtests.ask(trial).await?)
}

pub(in crate::api) async fn backtest_offer(call: Call) -> Result<Reply, Problem> {
    let id = call.id("ofr")?;
    let days = call.body::<Days>()?.checked()?;
    let offer: Offer = call.record(id).await?;
    inquiry::answer(call.app.backtests.ask(Trial::of(&offer, days)).await?)
}
