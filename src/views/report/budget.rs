//! What programs may spend, and what they spent.

use serde::Serialize;

use super::figures::Figures;
use super::rows_url::{RowsUrl, Scope};
use crate::records::program::ProgramStatus;
use crate::records::{Account, Id, Program};

/// See the contract's `BudgetFigures`.
#[derive(Serialize)]
pub struct BudgetRow {
    program: Id,
    slug: String,
    name: String,
    status: ProgramStatus,
    budget: Option<i64>,
    used: i64,
    left: Option<i64>,
    orders: i64,
    kept: i64,
    discounts: i64,
    reward_cost: i64,
    redeemed: i64,
    cost_per_kept_order: Option<i64>,
    rows_url: RowsUrl,
}

/// Shows a program, its account, and what is counted of it.
pub fn budget(scope: &Scope, program: &Program, account: Option<&Account>, figures: &Figures) -> BudgetRow {
    let used = account.map_or(0, |account| -account.balance);
    let budget = account.and_then(|account| account.floor).map(|floor| -floor);
    BudgetRow {
        program: program.id,
        slug: program.slug.clone(),
        name: program.name.clone(),
        status: program.status,
        budget,
        used,
        left: budget.map(|budget| budget - used),
        orders: figures.orders,
        kept: figures.kept,
        discounts: figures.discounts,
        reward_cost: figures.reward_cost,
        redeemed: figures.redeemed,
        cost_per_kept_order: for_each(figures.discounts + figures.reward_cost, figures.kept),
        rows_url: RowsUrl::of(scope),
    }
}

/// So much for each of so many, rounded up.
fn for_each(cost: i64, many: i64) -> Option<i64> {
    (many > 0).then(|| (cost + many - 1).div_euclid(many))
}
