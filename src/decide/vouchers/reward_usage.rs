//! For which limits a reward counts, and when it no longer does.

use std::rc::Rc;

use crate::decide::counter;
use crate::decide::draft::Draft;
use crate::records::reward::RewardStatus;
use crate::records::{Conversion, Reward, Voucher, VoucherUse};
use crate::world::Stop;

/// The reward no longer counts for its friend, because the order that earned it was cancelled or wholly returned;
/// but who was paid once is not paid again: where something of the reward was spent, it goes on counting.
pub fn free_friend(draft: &mut Draft<'_>, reward: &Rc<Reward>) -> Result<Rc<Reward>, Stop> {
    let Some(place) = reward.place.as_ref().filter(|_| reward.status == RewardStatus::Voided) else {
        return Ok(reward.clone());
    };
    if was_used(draft, reward)? {
        return Ok(reward.clone());
    }
    counter::subtract(draft, place)?;
    let mut free = (**reward).clone();
    free.place = None;
    Ok(draft.save(free))
}

/// Whether something of a reward's voucher was redeemed, or of those that it was replaced by.
pub fn was_used(draft: &Draft<'_>, reward: &Reward) -> Result<bool, Stop> {
    let mut next = reward.voucher;
    while let Some(id) = next {
        let (voucher, uses) = (draft.expect::<Voucher>(id), draft.get::<VoucherUse>(VoucherUse::id_of(id)));
        let (voucher, uses) = (voucher?, uses?);
        if uses.is_some_and(|uses| uses.used > 0) {
            return Ok(true);
        }
        next = voucher.replaces;
    }
    Ok(false)
}

/// Everything that was spent of a voucher came back: a reward that was voided with it counts for no
/// limit any more.
pub fn free_unused(draft: &mut Draft<'_>, reward: &Rc<Reward>) -> Result<(), Stop> {
    if reward.status != RewardStatus::Voided || was_used(draft, reward)? {
        return Ok(());
    }
    let mut free = (**reward).clone();
    free_usage(draft, &mut free)?;
    let free = draft.save(free);
    if let Some(order) = free.conversion
        && draft.expect::<Conversion>(order)?.is_undone()
    {
        free_friend(draft, &free)?;
    }
    Ok(())
}

/// A reward that was voided counts for no limit of its customer any more; for one that its program
/// got later it never did. It goes on counting for the friend, unless the order was cancelled or wholly
/// returned.
pub fn free_usage(draft: &mut Draft<'_>, reward: &mut Reward) -> Result<(), Stop> {
    for subject in std::mem::take(&mut reward.counted_by.0) {
        counter::subtract(draft, &subject)?;
    }
    Ok(())
}
