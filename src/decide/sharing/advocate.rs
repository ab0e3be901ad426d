//! Since when a customer recommends in a program: from their first share on, which a code has as well.

use crate::decide::draft::Draft;
use crate::records::code::holder;
use crate::records::day_count::{ALL, turn};
use crate::records::trial::{Began, Trial};
use crate::records::{Id, Record, Share, ShopHead};
use crate::world::Stop;

/// When somebody began; none: they have shared nothing.
pub fn began(draft: &Draft<'_>, program: Id, customer: Id) -> Result<Option<Began>, Stop> {
    let first = draft.find(&Share::BY_FIRST, &holder(program, customer))?;
    Ok(first.map(|first| Began { at: first.created_at, arm: first.arm }))
}

/// Notes at a share that is about to be a customer's since when they recommend, and whether it is their first: then they
/// take part in the trial that goes on. As long as shares of before wait to be looked through, those that are behind them
/// wait as well.
pub fn note(draft: &Draft<'_>, share: &mut Share, trial: Option<&Trial>) -> Result<(), Stop> {
    let Some(customer) = share.customer else { return Ok(()) };
    let (head, began) = (draft.expect::<ShopHead>(draft.shop.id), began(draft, share.program, customer));
    let (head, began) = (head?, began?);
    let kind = Share::COUNTED.unwrap_or_default();
    if head.tallied != ALL && turn(kind, share.created_at, share.id) > head.tallied {
        return Ok(());
    }
    let arm = trial.map(|trial| trial.arm(share.program, customer));
    let now = began.unwrap_or(Began { at: share.created_at, arm });
    (share.advocate_since, share.arm) = (Some(now.at), now.arm);
    share.first_of = began.is_none().then(|| holder(share.program, customer));
    Ok(())
}
