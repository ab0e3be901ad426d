//! Sets the codes and the store credit of a cart aside for a checkout: all of them, or none.
//!
//! An order or a cart has one hold: its name met again replaces what it holds.

use std::rc::Rc;

use crate::decide::answer::{Answer, Keep};
use crate::decide::checkout::assess::{Assessed, assess};
use crate::decide::checkout::cart::Cart;
use crate::decide::checkout::hold::{Holding, make_room, own, slots, take};
use crate::decide::checkout::set_aside::SetAside;
use crate::decide::draft::Draft;
use crate::decide::input::range::within;
use crate::decide::people::{customer, erasure_index};
use crate::records::hold::HoldStatus;
use crate::records::text::Reference;
use crate::records::{Hold, HoldSlot, Id, Json, OrderSlot, Timestamp};
use crate::refusal::{Code, Rejection};
use crate::views::Mask;
use crate::views::hold::hold as view;
use crate::world::Stop;

/// How long a hold lives where nothing is said, seconds.
const TTL_SECONDS: i64 = 900;
/// How long it lives at most, seconds.
const LONGEST_SECONDS: i64 = 86_400;

/// The cart; it names its order, itself, or both.
#[derive(Clone, Debug)]
pub struct CreateHold {
    /// The cart, and how long it is held.
    pub cart: Cart,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &CreateHold) -> Result<Answer, Stop> {
    let cart = &command.cart;
    if cart.order_id.is_none() && cart.cart_id.is_none() {
        return Err(Rejection::field("/cart_id", "cart_id or order_id is required: a hold is found by it").into());
    }
    cart.refuse_applied()?;
    let ttl_seconds = within(cart.ttl_seconds.unwrap_or(TTL_SECONDS), 1, LONGEST_SECONDS, "/ttl_seconds")?;
    let order = cart.order_id.as_deref().map(|order_id| OrderSlot::id_of(draft.shop.id, order_id));
    let order = order.map(|slot| draft.get::<OrderSlot>(slot)).transpose();
    let own = own(draft, cart);
    let buyer = customer::find(draft, cart.customer.as_deref(), cart.customer_details.as_ref(), "/customer");
    let (order, own, buyer) = (order?, own?, buyer?);
    if let Some(live) = order.flatten().and_then(|slot| slot.redemption) {
        let detail = format!("The order is redeemed already ({live}); reverse that redemption first.");
        return Err(Rejection::new(Code::IllegalTransition, detail).into());
    }
    let buyer = buyer.map(|buyer| customer::keep(draft, buyer)).transpose()?;
    make_room(draft, cart, buyer.as_deref())?;
    let replaced = own.iter().find(|hold| hold.is_live(draft.at())).map(|hold| hold.id);
    take(draft, &own, HoldStatus::Released)?;
    let assessed = assess(draft, cart, buyer, &SetAside::default())?
        .accepted("Nothing would be set aside; give a code or store_credit.")?;
    let replaced = replaced.map(|id| draft.expect::<Hold>(id)).transpose()?;
    let until = draft.at().plus_ms(ttl_seconds * 1_000);
    let hold = set_aside(draft, cart, &assessed, replaced.as_deref(), until)?;
    let shown = view(&hold, draft.at(), &draft.installation.vault, Mask::Full);
    let answer = match replaced {
        Some(_) => Answer::ok(&shown),
        None => Answer::created(&shown, format!("/v1/holds/{}", hold.id)),
    };
    Ok(answer.keep(Keep::Sealed))
}

fn set_aside(
    draft: &mut Draft<'_>,
    cart: &Cart,
    assessed: &Assessed,
    replaced: Option<&Hold>,
    until: Timestamp,
) -> Result<Rc<Hold>, Stop> {
    let id = replaced.map_or_else(|| draft.new_id("hld"), |replaced| replaced.id);
    let buyer = assessed.customer.as_ref();
    let mut holding = Holding::new(id, until, buyer);
    let lines = draft.each(&assessed.lines, |draft, line| holding.set_aside(draft, cart, line))?;
    let name = |given: &Option<Reference>, earlier: Option<&String>| {
        given.as_deref().map(str::to_owned).or_else(|| earlier.cloned())
    };
    let hold = Hold {
        id,
        shop: draft.shop.id,
        version: 0,
        order_id: name(&cart.order_id, replaced.and_then(|replaced| replaced.order_id.as_ref())),
        cart_id: name(&cart.cart_id, replaced.and_then(|replaced| replaced.cart_id.as_ref())),
        customer: buyer.map(|buyer| buyer.id),
        customer_ref: buyer.and_then(|buyer| buyer.external_id.clone()),
        currency: cart.currency,
        amount: cart.amount.0,
        shipping_amount: cart.shipping(),
        discount: assessed.price.discount,
        payment: assessed.price.payment,
        payable: assessed.price.payable,
        set_aside_amount: lines.iter().flat_map(|line| &line.entries).map(|entry| entry.amount).sum(),
        lines: Json(lines),
        marks: Json(holding.marks),
        cart_box: sealed(draft, cart, buyer.map(|buyer| buyer.id)),
        status: HoldStatus::Held,
        held_at: draft.at(),
        expires_at: until,
        due_at: Some(until),
        redemption: None,
        created_at: replaced.map_or(draft.at(), |replaced| replaced.created_at),
    };
    for slot in slots(draft, cart) {
        let known = draft.get::<HoldSlot>(slot)?;
        let blank = HoldSlot { id: slot, shop: draft.shop.id, version: 0, hold: None };
        draft.save(HoldSlot { hold: Some(id), ..known.map_or(blank, |known| (*known).clone()) });
    }
    if let Some(noted) = hold.lines.iter().find_map(|line| line.recommendation.as_ref()) {
        erasure_index::note(draft, noted.advocate, hold.id)?;
    }
    Ok(draft.save(hold))
}

/// The cart as it is redeemed by naming the hold: who buys is named by our id, and nothing of what was
/// told of him is kept here.
fn sealed(draft: &Draft<'_>, cart: &Cart, buyer: Option<Id>) -> String {
    let customer = buyer.and_then(|buyer| Reference::parse(&buyer.to_string()).ok());
    let cart = Cart { customer, ..cart.clone() };
    let text = serde_json::to_string(&cart).expect("plain data with text keys always serializes");
    draft.installation.vault.seal(&text, draft.random())
}
