//! What an order earns for its advocate and its friend.

use std::rc::Rc;

use crate::decide::draft::Draft;
use crate::decide::rewards::reward::{Earned, Earning, Order, Origin, Wait, earn};
use crate::records::conversion::ConversionStatus;
use crate::records::program::{RewardOn, Side};
use crate::records::reward::RewardStatus;
use crate::records::{Conversion, Customer, Program, Reward, Why};
use crate::world::Stop;

/// Gives what an order earns in a program, as far as the sides have nothing of it yet among what it was
/// rewarded with before.
pub(crate) fn earn_for(
    draft: &mut Draft<'_>,
    order: &Conversion,
    program: &Program,
    advocate: &Customer,
    friend: &Customer,
    rewards: &[Rc<Reward>],
) -> Result<Earned, Stop> {
    let Some(worth) = order.worth(draft.shop.currency) else {
        return Ok(Earned::refused(program, &order.kind, Why::CurrencyMismatch));
    };
    let served = sides_served(rewards, advocate, friend);
    let waits = order.status != ConversionStatus::Approved;
    earn(
        draft,
        &Earning {
            program,
            on: RewardOn::Conversion,
            advocate: Some(advocate),
            friend,
            order: Some(Order {
                conversion: order.id,
                kind: &order.kind,
                worth,
                is_part: order.refunded_amount > 0,
                round: order.round,
                served: &served,
            }),
            referral: order.referral,
            arm: order.arm,
            wait: if waits { Wait::Until(order.pending_until) } else { Wait::Over },
            origin: Origin { at: order.occurred_at, channel: order.channel.clone(), placed: order.placed.clone() },
        },
    )
}

/// The sides that get nothing new: what they have is issued, spent, or expired and may be extended; or nobody
/// is there any more to have it.
fn sides_served(rewards: &[Rc<Reward>], advocate: &Customer, friend: &Customer) -> Vec<Side> {
    let has_it = |reward: &&Rc<Reward>| reward.status != RewardStatus::Voided;
    let sides = [(Side::Advocate, advocate), (Side::Friend, friend)];
    let gone = sides.into_iter().filter(|(_, customer)| customer.is_erased()).map(|(side, _)| side);
    rewards.iter().filter(has_it).filter_map(|reward| reward.to_side).chain(gone).collect()
}
