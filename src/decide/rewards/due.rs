//! What the shop hands over itself: it is due once its wait is over, and until then and until it is handed over its
//! cost lies with what waits.

use std::rc::Rc;

use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::ledger::{Move, post_covered};
use crate::decide::vouchers::reward_of::step;
use crate::records::account::PENDING;
use crate::records::entry::EntryKind;
use crate::records::reward::RewardStatus;
use crate::records::{EventKind, Reward};
use crate::views;
use crate::world::Stop;

/// The wait of a reward is over, or there was none: the shop is to hand it over.
pub fn make_due(draft: &mut Draft<'_>, reward: &Reward, paid_from: &str) -> Result<Rc<Reward>, Stop> {
    let customer = customer_lookup::current(draft, reward.customer)?;
    if paid_from != PENDING {
        let entry = Move {
            kind: EntryKind::Pending,
            debit: paid_from,
            credit: PENDING,
            amount: reward.cost_amount,
            currency: reward.currency,
            cause: reward.id,
            customer: Some(customer.id),
            reverses: None,
        };
        post_covered(draft, &entry)?;
    }
    let mut due = step(draft, reward.clone(), RewardStatus::Due, None);
    due.customer = customer.id;
    due.customer_ref = customer.external_id.clone();
    let due = draft.save(due);
    draft.event(EventKind::RewardDue, &views::reward::reward(&due))?;
    Ok(due)
}
