//! An order is placed: somebody is credited with it, it earns, and it counts among its person's orders. An
//! order that was cancelled and is placed or paid after all is placed anew, with its evidence, for places and
//! budgets as they are then.

use std::rc::Rc;

use crate::decide::checkout::given_discount::{self, GivenDiscount};
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::orders::order_status;
use crate::decide::people::person::{self, Person, orders_subject};
use crate::decide::referrals::attribution::{self, Contest, Credit, Winner};
use crate::decide::referrals::evidence::{self, EvidenceFindings};
use crate::decide::referrals::referral;
use crate::decide::rewards::earn_for_order::earn_for;
use crate::decide::rewards::milestone;
use crate::decide::rewards::reward::Earned;
use crate::decide::rewards::voiding::Because;
use crate::records::conversion::{Brought, ConversionStatus, Terms};
use crate::records::referral::Method;
use crate::records::{Conversion, Customer, EventKind, Json, Program, Referral, Reward, Timestamp};
use crate::views;
use crate::world::Stop;

/// Who orders, and who that is.
pub struct Buyer {
    /// The customer.
    pub customer: Rc<Customer>,
    /// The person.
    pub person: Person,
}

impl Buyer {
    /// A customer, as the person who is known by now.
    pub fn of(draft: &Draft<'_>, customer: Rc<Customer>) -> Result<Self, Stop> {
        Ok(Self { person: person::of(draft, &customer)?, customer })
    }
}

/// What speaks for somebody, before it is judged.
pub struct Found {
    programs: Vec<Rc<Program>>,
    findings: EvidenceFindings,
    given: Option<GivenDiscount>,
}

impl Found {
    /// What the evidence says, and the discount that was given in the very order.
    pub fn of(draft: &Draft<'_>, order_id: &str, brought: &Brought) -> Result<Self, Stop> {
        let programs = draft.list(&Program::OF_SHOP, draft.shop.id);
        let findings = evidence::candidates_of(draft, brought.token.as_deref(), brought.code.as_deref());
        let given = given_discount::of_order(draft, order_id);
        let (programs, mut findings, given) = (programs?, findings?, given?);
        if brought.is_unreadable {
            findings.note_unreadable();
        }
        Ok(Self { programs, findings, given })
    }

    /// The shop's programs.
    pub fn programs(&self) -> &[Rc<Program>] {
        &self.programs
    }
}

/// Decides who is credited with an order that is credited to nobody yet.
pub fn judge(draft: &Draft<'_>, order: &Conversion, buyer: Option<&Buyer>, found: Found) -> Result<Credit, Stop> {
    let Found { programs, mut findings, given } = found;
    let friend = buyer.map(|buyer| &*buyer.customer);
    let discount = given.as_ref().map_or(0, |given| given.discount);
    let is_claimed = given.as_ref().is_some_and(|given| given.is_claimed);
    if let Some(given) = given {
        given.put_first(draft, friend, &mut findings)?;
    }
    let (referrals, is_new) = match buyer {
        Some(buyer) => history(draft, buyer, order)?,
        None => (Vec::new(), false),
    };
    let contest = Contest {
        friend,
        is_new,
        is_denied: order.is_denied,
        amount: order.whole(draft.shop.currency),
        discount,
        is_claimed,
        occurred_at: order.occurred_at,
        only: order.limited_to,
        programs: &programs,
        referrals: &referrals,
    };
    attribution::decide(draft, &contest, findings)
}

/// A person's referrals, and whether this is his first order.
fn history(draft: &Draft<'_>, buyer: &Buyer, order: &Conversion) -> Result<(Vec<Rc<Referral>>, bool), Stop> {
    let referrals = referral::of_person(draft, &buyer.person, order.occurred_at)?;
    let orders = person::count(draft, &buyer.person, orders_subject)?;
    Ok((referrals, orders == 0 && !order.is_denied))
}

/// An order as it stands once it is placed.
pub struct Placed {
    /// The order.
    pub conversion: Rc<Conversion>,
    /// Its rewards, also of the times when it was placed before.
    pub rewards: Vec<Rc<Reward>>,
    /// How the API shows it.
    pub shown: String,
}

/// Credits an order, gives what it earns, and tells. `kept` is what it was rewarded with before.
pub fn place(
    draft: &mut Draft<'_>,
    mut order: Conversion,
    buyer: Option<&Buyer>,
    credit: Credit,
    kept: Vec<Rc<Reward>>,
) -> Result<Placed, Stop> {
    order.considered = Json(credit.considered);
    if let (Some(winner), Some(buyer)) = (&credit.winner, buyer) {
        attribution::note_winner(&mut order, winner);
        order.terms = Json(Some(Terms::of(&winner.program.rules)));
        referral::give_credit(draft, &mut order, winner, &buyer.customer, &buyer.person)?;
    }
    order_status::set_status(&mut order, draft.at());
    let mut earned = Earned::default();
    if let (Some(winner), Some(buyer)) = (&credit.winner, buyer) {
        earned = earn_for(draft, &order, &winner.program, &winner.advocate, &buyer.customer, &kept)?;
    }
    order.refused_rewards = Json(earned.refused);
    let id = order.id;
    milestone::recount(draft, &mut order, &Because { cause: id, why: "ordered" })?;
    if let Some(buyer) = buyer {
        person::add(draft, &buyer.person, orders_subject, None)?;
        order.counted_in = Some(orders_subject(buyer.person.id));
    }
    let rewards: Vec<Rc<Reward>> = kept.into_iter().chain(earned.rewards).collect();
    let view = views::conversion::conversion(&order, &rewards);
    let is_approved = order.status == ConversionStatus::Approved && order.program.is_some();
    let happened = [EventKind::ConversionRecorded, EventKind::ConversionApproved];
    let shown = draft.events(&happened[..1 + usize::from(is_approved)], &view)?;
    attribution::mention_losers(draft, &order)?;
    Ok(Placed { conversion: draft.save(order), rewards, shown })
}

/// Whether an order may live again: it was cancelled, and nobody rejected it, nor did all of it come back.
pub fn may_live_again(order: &Conversion) -> bool {
    order.cancelled_at.is_some() && order.rejected_at.is_none() && order.returned_at.is_none()
}

/// Places a cancelled order anew. `paid_at`: when it was paid after all, if it was. Whom an operator credited is
/// credited again.
pub fn place_anew(
    draft: &mut Draft<'_>,
    before: &Conversion,
    paid_at: Option<Timestamp>,
    brought: Brought,
) -> Result<Placed, Stop> {
    let found = Found::of(draft, &before.order_id, &brought);
    let buyer = before.customer.map(|customer| customer_lookup::current(draft, customer)).transpose();
    let rewards = draft.list(&Reward::OF_CONVERSION, before.id);
    let (found, buyer, mut rewards) = (found?, buyer?, rewards?);
    rewards.sort_by_key(|reward| (reward.rule(), reward.created_at));
    let buyer = buyer.map(|buyer| Buyer::of(draft, buyer)).transpose()?;
    let order = revived(before, paid_at, brought);
    let credit = match decided(draft, before)? {
        Some(credit) => credit,
        None => judge(draft, &order, buyer.as_ref(), found)?,
    };
    place(draft, order, buyer.as_ref(), credit, rewards)
}

/// The order without its cancellation, and credited to nobody yet.
fn revived(before: &Conversion, paid_at: Option<Timestamp>, brought: Brought) -> Conversion {
    let mut order = before.clone();
    order.lifted_at = order.cancelled_at.take();
    order.delivered_at = order.delivered_at.filter(|delivered| Some(*delivered) > order.lifted_at);
    order.paid_at = paid_at;
    order.approved_at = None;
    order.reason = None;
    order.imported = false;
    order.round += 1;
    order.brought = Some(Json(brought)).filter(|brought| !brought.is_empty());
    order.clear_credit();
    order
}

/// What an operator decided holds, unless the advocate was erased since.
fn decided(draft: &Draft<'_>, before: &Conversion) -> Result<Option<Credit>, Stop> {
    let (Method::Operator, Some(program), Some(advocate)) = (before.method, before.program, before.advocate) else {
        return Ok(None);
    };
    let (program, advocate) = (draft.expect::<Program>(program), customer_lookup::current(draft, advocate));
    let (program, advocate) = (program?, advocate?);
    if attribution::gone(&advocate).is_some() {
        return Ok(None);
    }
    let discount = before.discount_amount;
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
    Ok(Some(Credit { winner: Some(winner), considered: before.considered.0.clone() }))
}

#[cfg(test)]
#[path = "placing_tests.rs"]
mod tests;
