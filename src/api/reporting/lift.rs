//! The report of trials: what a program adds.

use std::collections::BTreeMap;

use super::answer::answer;
use super::months::Asked;
use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::Call;
use crate::records::Program;
use crate::records::month_tally::{Figure, What};
use crate::records::trial::{Arm, PARTS, Trial};
use crate::refusal::Rejection;
use crate::views::report::definitions;
use crate::views::report::lift::{LiftReportView, LiftRow, row};

pub(in crate::api) async fn get_lift_report(call: Call) -> Result<Reply, Problem> {
    let asked = Asked::read(&call).await?;
    let Some(program) = asked.program() else {
        let detail = "this parameter is required: each program is compared with itself";
        return Err(Rejection::field("?program", detail).into());
    };
    let trials = call.dry_run(move |draft| Ok(draft.expect::<Program>(program)?.trials.0.clone())).await?;
    let (whole, scope) = asked.whole();
    let mut sums: BTreeMap<(Figure, Arm), i64> = BTreeMap::new();
    for (what, many) in asked.tallied() {
        if let What::Tried(figure, arm) = what {
            *sums.entry((figure, arm)).or_default() += many;
        }
    }
    let rows = |trial: &Trial| -> Vec<LiftRow> {
        let of_figure = |figure: Figure| {
            let part = |part: i64| {
                let arm = Arm { trial: trial.number, part, is_held_out: part < trial.held_out() };
                sums.get(&(figure, arm)).copied().unwrap_or(0)
            };
            let held_out: Vec<i64> = (0..trial.held_out()).map(part).collect();
            let offered: Vec<i64> = (trial.held_out()..PARTS).map(part).collect();
            row(&scope, trial, figure, (&offered, &held_out))
        };
        Figure::ALL.into_iter().map(of_figure).collect()
    };
    let data = trials.iter().filter(|trial| trial.from < scope.ends).flat_map(rows).collect();
    let definitions = definitions::of(&["offered", "held_out", "lift_bps", "added", "hold_out_percent"]);
    let (from, to) = whole;
    let view = LiftReportView { from, to, program, data, definitions, as_of: asked.as_of() };
    answer(&call, asked.format(), view).await
}
