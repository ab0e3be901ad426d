//! Budgets of programs: what is left of one, and who is told when it runs low.

use crate::decide::draft::Draft;
use crate::decide::{counter, ledger};
use crate::records::event::EventData;
use crate::records::program::{RewardOn, Side};
use crate::records::{EventKind, Id, Program};
use crate::views::View;
use crate::views::event::Payload;
use crate::world::Stop;

/// What the budget of a program could still give, minor units; `None`: it has no cap.
pub fn budget_left(draft: &Draft<'_>, program: &Program) -> Result<Option<i64>, Stop> {
    let budget = ledger::account(draft, &program.account(), draft.shop.currency)?;
    Ok(budget.floor.map(|floor| (budget.balance - floor).max(0)))
}

/// Which rules of a referral its program's budget has no room for: their places, and for whom they are.
pub fn beyond_budget(draft: &Draft<'_>, program: &Program) -> Result<Vec<(usize, Side)>, Stop> {
    let budget = ledger::account(draft, &program.account(), draft.shop.currency)?;
    let Some(floor) = budget.floor else { return Ok(Vec::new()) };
    let (mut room, mut beyond) = (budget.balance - floor, Vec::new());
    let rules = program.rules.rewards.iter().enumerate().filter(|(_, rule)| rule.on == RewardOn::Referral);
    for (place, rule) in rules {
        let cost = rule.benefit.cost_for(0);
        if cost > room {
            beyond.push((place, rule.to));
        } else {
            room -= cost;
        }
    }
    Ok(beyond)
}

/// Tells when a budget from which `cost` was just taken runs low.
pub fn warn_of_budget(draft: &mut Draft<'_>, program: &Program, cost: i64) -> Result<(), Stop> {
    let budget = ledger::account(draft, &program.account(), draft.shop.currency)?;
    warn(draft, program, -budget.balance - cost, -budget.balance, budget.floor.map(|floor| -floor))
}

#[derive(serde::Serialize)]
struct BudgetNews {
    program: Id,
    used: i64,
    amount: Option<i64>,
    percent: i64,
}

impl View for BudgetNews {
    fn subject(&self) -> Option<Id> {
        Some(self.program)
    }
}

impl Payload for BudgetNews {
    const DATA: EventData = EventData::Budget;
}

/// Tells that what was used of a budget, minor units, passed 80 % or all of its cap.
pub fn warn(draft: &mut Draft<'_>, program: &Program, before: i64, after: i64, cap: Option<i64>) -> Result<(), Stop> {
    let Some(cap) = cap.filter(|cap| *cap > 0) else { return Ok(()) };
    for percent in [80, 100] {
        let mark = i128::from(cap) * percent;
        if i128::from(before) * 100 < mark && i128::from(after) * 100 >= mark {
            let percent = i64::try_from(percent).unwrap_or(100);
            draft.event(
                EventKind::BudgetWarning,
                &BudgetNews { program: program.id, used: after, amount: Some(cap), percent },
            )?;
        }
    }
    Ok(())
}

/// The first refusal for the budget's sake is told once for each cap.
pub fn exhausted(draft: &mut Draft<'_>, program: &Program, _cost: i64) -> Result<(), Stop> {
    let cap = program.rules.budget_amount;
    let subject = format!("budget:{}:exhausted:{}", program.id, cap.unwrap_or(0));
    if counter::add(draft, &subject, Some(1))? == counter::Counted::Yes {
        let used = -ledger::account(draft, &program.account(), draft.shop.currency)?.balance;
        draft
            .event(EventKind::BudgetExhausted, &BudgetNews { program: program.id, used, amount: cap, percent: 100 })?;
    }
    Ok(())
}
