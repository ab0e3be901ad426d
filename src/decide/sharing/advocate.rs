//! Since when a customer recommends in a program: from their first share on, which a code has as well.

use crate::decide::draft::Draft;
use crate::records::code::holder;
use crate::records::day_count::{ALL, turn};
use crate::records::{Id, Share, ShopHead, Timestamp};
use crate::world::Stop;

/// Since when somebody does; none: they have shared nothing.
pub fn since(draft: &Draft<'_>, program: Id, customer: Id) -> Result<Option<Timestamp>, Stop> {
    let first = draft.find(&Share::BY_FIRST, &holder(program, customer))?;
    Ok(first.map(|first| first.created_at))
}

/// Notes at a share that is about to be a customer's since when they recommend, and whether it is their first. As long as
/// shares of before wait to be looked through, those that are behind them wait as well.
pub fn note(draft: &Draft<'_>, share: &mut Share) -> Result<(), Stop> {
    let Some(customer) = share.customer else { return Ok(()) };
    let (head, since) = (draft.expect::<ShopHead>(draft.shop.id), since(draft, share.program, customer));
    let (head, since) = (head?, since?);
    let kind = <Share as crate::records::Record>::COUNTED.unwrap_or_default();
    if head.tallied != ALL && turn(kind, share.created_at, share.id) > head.tallied {
        return Ok(());
    }
    share.advocate_since = Some(since.unwrap_or(share.created_at));
    share.first_of = since.is_none().then(|| holder(share.program, customer));
    Ok(())
}
