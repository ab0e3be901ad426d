//! Credits an order to whom an operator says. It overrides everything; what is not yet issued moves:
//! rewards of the old advocate are voided and new ones made. A side that already has something issued
//! keeps it, even where it expired, and gets nothing new; nor does a friend who was erased meanwhile.

use std::rc::Rc;

use serde::Deserialize;

use crate::decide::answer::Answer;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::orders::order::named;
use crate::decide::orders::order_status::{self, Act, permit};
use crate::decide::people::person;
use crate::decide::programs::program;
use crate::decide::referrals::attribution::{self, Winner};
use crate::decide::referrals::referral;
use crate::decide::rewards::earn_for_order::earn_for;
use crate::decide::rewards::milestone;
use crate::decide::rewards::voiding::{Because, void_pending};
use crate::records::conversion::{Considered, ConversionStatus, Terms};
use crate::records::referral::Method;
use crate::records::text::{Reason, Reference};
use crate::records::{Conversion, Customer, EventKind, Json, Reward, Why};
use crate::refusal::{Code, Rejection};
use crate::views::conversion::conversion as view;
use crate::world::Stop;

/// The order, and whom to credit.
#[derive(Clone, Debug)]
pub struct AttributeConversion {
    /// The conversion's id, or the shop's id of the order.
    pub order: String,
    /// Whom to credit, and why.
    pub body: AttributionBody,
}

/// Whom to credit, and why.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributionBody {
    /// Who recommended: `external_id` or `cus_…`.
    pub advocate: Reference,
    /// The program that pays: id or slug.
    pub program: Reference,
    /// Why.
    pub reason: Reason,
}

/// Decides it. Credited so already, it is answered as it is.
pub fn decide(draft: &mut Draft<'_>, command: &AttributeConversion) -> Result<Answer, Stop> {
    let body = &command.body;
    let (advocate, program) =
        (customer_lookup::known(draft, &body.advocate, "/advocate"), program::known(draft, &body.program, "/program"));
    let before = named(draft, &command.order)?;
    let (advocate, program) = (advocate?, program?);
    permit(Act::Attribute, &before)?;
    let rewards = draft.list(&Reward::OF_CONVERSION, before.id)?;
    if attribution::is_credited_to(draft, &before, &program, &advocate)? {
        return Ok(Answer::ok(&view(&before, &rewards)));
    }
    let friend = friend(draft, &before, &advocate)?;
    let because = Because { cause: before.id, why: &body.reason };
    let kept = void_pending(draft, rewards, &because)?;
    let discount = if before.program == Some(program.id) { before.discount_amount } else { 0 };
    let winner = Winner {
        method: Method::Operator,
        redeemed_by: None,
        program,
        advocate,
        share: None,
        began: None,
        seen_at: None,
        age_from: None,
        naked: None,
        discount,
    };
    let mut after = (*before).clone();
    attribution::take_credit_away(draft, &mut after)?;
    referral::leave(draft, &before, winner.program.id)?;
    credit(draft, &mut after, &winner, &friend)?;
    let earned = earn_for(draft, &after, &winner.program, &winner.advocate, &friend, &kept)?;
    after.refused_rewards = Json(earned.refused);
    milestone::recount(draft, &mut after, &because)?;
    let rewards: Vec<Rc<Reward>> = kept.into_iter().chain(earned.rewards).collect();
    attribution::mention_losers(draft, &after)?;
    let after = draft.save(after);
    let shown = view(&after, &rewards);
    if after.status == ConversionStatus::Approved && (before.status != after.status || before.program.is_none()) {
        draft.event(EventKind::ConversionApproved, &shown)?;
    }
    draft.audit("attribute_conversion", after.id, Some(&body.reason));
    Ok(Answer::ok(&shown))
}

/// Who ordered; nobody is credited with himself, nor with somebody unknown.
pub fn friend(draft: &Draft<'_>, order: &Conversion, advocate: &Customer) -> Result<Rc<Customer>, Stop> {
    let Some(friend) = order.customer else {
        let detail = "The order names no customer, so nobody can have recommended the shop to him.";
        return Err(Rejection::new(Code::CustomerRequired, detail).into());
    };
    let friend = customer_lookup::current(draft, friend)?;
    if friend.id == advocate.id {
        let detail = "The advocate is the one who ordered; name somebody else.";
        return Err(Rejection::at(Code::SelfReferral, "/advocate", detail).into());
    }
    Ok(friend)
}

/// Notes the new winner, by the program's terms of now. An order that was credited to nobody begins
/// its wait.
fn credit(draft: &mut Draft<'_>, order: &mut Conversion, winner: &Winner, friend: &Customer) -> Result<(), Stop> {
    if order.program.is_some() {
        order.considered.0.push(Considered {
            method: order.method,
            program: order.program,
            advocate: order.advocate_ref.clone(),
            advocate_id: order.advocate,
            outcome: Why::Weaker,
            age_from: order.age_from,
            mark: None,
        });
    } else {
        order.approved_at = None;
    }
    attribution::note_winner(order, winner);
    let mut terms = Terms::of(&winner.program.rules);
    if order.measured(draft.shop.currency).is_some_and(|measured| measured < terms.min_order_amount) {
        terms.min_order_amount = 0;
    }
    order.terms = Json(Some(terms));
    order.round += 1;
    let person = person::of(draft, friend)?;
    referral::give_credit(draft, order, winner, friend, &person)?;
    order_status::set_status(order, draft.at());
    Ok(())
}
