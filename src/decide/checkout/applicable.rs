//! What a customer could use in a cart now: every voucher of theirs that carts take, judged by the very rules of the check.

use std::cmp::Reverse;

use crate::decide::checkout::assess::assess;
use crate::decide::checkout::cart::{Cart, TypedCode};
use crate::decide::checkout::cart_line::CartLine;
use crate::decide::checkout::hold;
use crate::decide::checkout::shopper::Shopper;
use crate::decide::draft::Draft;
use crate::decide::people::customer;
use crate::records::benefit::Effect;
use crate::records::hold::HoldStatus;
use crate::records::voucher::ShownStatus;
use crate::records::{Id, Voucher};
use crate::refusal::{Code, Rejection};
use crate::views::cart::ApplicableView;
use crate::world::Stop;

/// Refuses a cart of which this cannot be asked: what is somebody's is told to who names their account.
pub fn check(cart: &Cart) -> Result<(), Rejection> {
    cart.refuse_ttl()?;
    cart.refuse_applied()?;
    if cart.typed().next().is_some() {
        let detail = "the cart is given without codes; POST /v1/vouchers/check says what codes would do";
        return Err(Rejection::field("/codes", detail));
    }
    if cart.customer.is_none() {
        let detail =
            "Name the customer with customer; an address that was typed does not show whose vouchers these are.";
        return Err(Rejection::at(Code::CustomerRequired, "/customer", detail));
    }
    cart.check()
}

/// Judges vouchers of the customer, each alone in the cart, best first. What is spent, over or withdrawn is left out,
/// unless it is set aside for this very cart.
pub fn applicable(draft: &mut Draft<'_>, cart: &Cart, vouchers: &[Id]) -> Result<Vec<ApplicableView>, Stop> {
    check(cart)?;
    let own = hold::own(draft, cart);
    let buyer = customer::resolve(draft, cart.customer.as_deref(), cart.customer_details.as_ref(), "/customer");
    let (own, buyer) = (own?, buyer?);
    let vouchers = draft.each(vouchers, |draft, id| draft.expect::<Voucher>(*id))?;
    let alone = |voucher: &Voucher| Cart { codes: vec![TypedCode::of_voucher(voucher)], ..cart.clone() };
    let carts: Vec<Cart> = vouchers.iter().map(|voucher| alone(voucher)).collect();
    draft.each(&carts, |draft, cart| hold::make_room(draft, cart, buyer.as_deref()))?;
    let held = hold::take(draft, &own, HoldStatus::Redeemed)?;
    let shopper = Shopper::of(cart, buyer.as_deref(), draft.shop.locale());
    let judged = draft.each(&carts, |draft, cart| {
        let lines = assess(draft, cart, buyer.clone(), &held)?.lines;
        Ok(lines.into_iter().next().filter(|line| is_shown(draft, line, held.of_voucher(line_id(line)).is_some())))
    })?;
    let mut judged: Vec<CartLine> = judged.into_iter().flatten().collect();
    judged.sort_by_key(|line| {
        let until = line.voucher.as_ref().and_then(|voucher| voucher.valid_until);
        let worth = line.part.discount + line.part.payment;
        (!line.faults.is_empty(), Reverse(worth), until.is_none(), until, line_id(line))
    });
    Ok(judged.iter().filter_map(|line| line.applicable(shopper)).collect())
}

fn line_id(line: &CartLine) -> Id {
    line.voucher.as_ref().map_or_else(|| Id::of("vch", &[]), |voucher| voucher.id)
}

fn is_shown(draft: &Draft<'_>, line: &CartLine, is_aside: bool) -> bool {
    let Some(voucher) = line.voucher.as_ref().filter(|voucher| voucher.kind.effect() != Effect::Nothing) else {
        return false;
    };
    is_aside || line.standing.status(voucher, draft.at()) == ShownStatus::Active
}
