//! Records an order, decides whom it is credited to, and gives what is earned.
//!
//! Every order is recorded, referred or not: people become known by it, and the one who is not
//! paid can be told why.

use std::rc::Rc;

use serde::Deserialize;

use super::answer::Answer;
use super::attribute_conversion::earn_for;
use super::draft::Draft;
use super::parts::attribution::{self, Contest, Credit};
use super::parts::cart::{Item, list};
use super::parts::customer::CustomerDetails;
use super::parts::evidence::Claims;
use super::parts::order_items::ordered;
use super::parts::person::{self, Person};
use super::parts::reward::Earned;
use super::parts::{customer, evidence, life, recommended, referral, reward};
use crate::records::conversion::{ConversionStatus, Terms};
use crate::records::money::{Amount, Currency};
use crate::records::program::{ORDER, RewardOn};
use crate::records::referral::pair;
use crate::records::text::{NotSupported, Reference, Slug};
use crate::records::{Conversion, Customer, Id, Json, Program, Referral, Reward, Share, Tally, Timestamp};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// How far in the future an order may lie, milliseconds: clocks differ.
const AHEAD_MS: i64 = 300_000;

/// An order, as the shop reports it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordConversion {
    /// The shop's id of the order.
    pub order_id: Reference,
    /// Who ordered: `external_id` or `cus_…`.
    pub customer: Option<Reference>,
    /// What is told of him; without `customer` he is a guest.
    pub customer_details: Option<CustomerDetails>,
    /// Goods, VAT included, after discounts, minor units.
    pub amount: Amount,
    /// The order's currency.
    pub currency: Currency,
    /// Shipping, minor units.
    #[serde(default)]
    pub shipping_amount: Amount,
    /// What it is worth in the shop's currency, at the shop's own rate, minor units; only where the
    /// order is in another one.
    pub base_amount: Option<Amount>,
    /// `order` unless said otherwise; `renewal`, `subscription`, or a word of the shop's.
    pub kind: Option<Slug>,
    /// Whether it is paid; left out: it is.
    pub paid: Option<bool>,
    /// What was ordered.
    #[serde(default, deserialize_with = "list")]
    pub items: Vec<Item>,
    /// When it was ordered; left out: now.
    pub occurred_at: Option<Timestamp>,
    /// `false` denies that it is the person's first order; newness cannot be asserted.
    pub first_order: Option<bool>,
    /// What came with the order.
    #[serde(default)]
    pub evidence: evidence::Evidence,
    /// Only this program may be credited: id or slug.
    pub program: Option<Reference>,
    /// Later.
    pub signals: Option<NotSupported>,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &RecordConversion) -> Result<Answer, Stop> {
    let earlier = draft.find(&Conversion::BY_ORDER, &command.order_id);
    let friend = customer::find(draft, command.customer.as_deref(), command.customer_details.as_ref(), "/customer");
    let programs = draft.list(&Program::OF_SHOP, draft.shop.id);
    let claims = evidence::candidates(draft, &command.evidence);
    let given = recommended::in_order(draft, &command.order_id);
    let (earlier, friend, programs, mut claims, given) = (earlier?, friend?, programs?, claims?, given?);
    if let Some(earlier) = earlier {
        return answer_again(draft, &earlier, command, friend.as_ref().map(|friend| &*friend.customer));
    }
    check(draft, command)?;
    let discount = given.as_ref().map_or(0, |given| given.discount);
    if let Some(given) = given {
        given.claim(draft, friend.as_ref().map(|friend| &*friend.customer), &mut claims)?;
    }
    if let Some(friend) = &friend {
        foresee(draft, &friend.customer, &claims);
    }
    let friend = friend.map(|friend| customer::keep(draft, friend)).transpose()?;
    let buyer = friend.map(|friend| known_as(draft, friend)).transpose()?;
    let (referrals, is_new) = match &buyer {
        Some(buyer) => history(draft, buyer, command)?,
        None => (Vec::new(), false),
    };
    for referral in &referrals {
        let program = programs.iter().find(|program| program.id == referral.program);
        if let (Some(buyer), Some(program)) = (&buyer, program) {
            foresee_winner(draft, &buyer.customer, program, referral.advocate, referral.share);
        }
    }
    let only = command.program.as_deref().map(|text| restricted(&programs, text)).transpose()?;
    let contest = Contest {
        friend: buyer.as_ref().map(|buyer| &*buyer.customer),
        is_new,
        is_denied: command.first_order == Some(false),
        amount: if command.currency == draft.shop.currency {
            Some(command.amount.0)
        } else {
            command.base_amount.map(|base| base.0)
        },
        discount,
        occurred_at: occurred_at(draft, command),
        only,
        programs: &programs,
        referrals: &referrals,
    };
    let credit = attribution::decide(draft, &contest, claims)?;
    record(draft, command, buyer.as_ref(), only, credit)
}

fn occurred_at(draft: &Draft<'_>, command: &RecordConversion) -> Timestamp {
    command.occurred_at.unwrap_or(draft.at())
}

/// Who orders, and who that is.
struct Buyer {
    customer: Rc<Customer>,
    person: Person,
}

fn known_as(draft: &Draft<'_>, customer: Rc<Customer>) -> Result<Buyer, Stop> {
    Ok(Buyer { person: person::of(draft, &customer)?, customer })
}

/// A person's referrals, and whether this is his first order.
fn history(draft: &Draft<'_>, buyer: &Buyer, command: &RecordConversion) -> Result<(Vec<Rc<Referral>>, bool), Stop> {
    let referrals = referral::of_person(draft, &buyer.person, occurred_at(draft, command));
    let orders = person::count(draft, &buyer.person, orders_subject);
    let (referrals, orders) = (referrals?, orders?);
    Ok((referrals, orders == 0 && command.first_order != Some(false)))
}

/// Asks at once for what the rest will look at: without this each count would take a load of its own.
/// Most people are known under one id, so it is that of which is asked.
fn foresee(draft: &Draft<'_>, friend: &Customer, claims: &Claims) {
    attribution::foresee_person(draft, friend);
    for candidate in &claims.found {
        let share = candidate.share.as_ref().map(|share| share.id);
        foresee_winner(draft, friend, &candidate.program, candidate.advocate, share);
    }
}

/// The same for one who may win.
fn foresee_winner(draft: &Draft<'_>, friend: &Customer, program: &Program, advocate: Id, share: Option<Id>) {
    attribution::foresee_advocate(draft, advocate);
    let _not_yet = draft.find(&Referral::BY_PAIR, &pair(program.id, friend.person));
    if let Some(share) = share {
        draft.foresee::<Share>(share);
    }
    for subject in share.into_iter().flat_map(attribution::share_subjects) {
        draft.foresee::<Tally>(Tally::id_of(draft.shop.id, &subject));
    }
    reward::foresee(draft, program, RewardOn::Conversion, advocate, friend);
}

fn check(draft: &Draft<'_>, command: &RecordConversion) -> Result<(), Rejection> {
    check_time(draft, command.occurred_at, "/occurred_at")?;
    check_base(draft, command.currency, command.amount.0, command.base_amount.map(|base| base.0))
}

/// Refuses what is said to have happened in the future.
pub fn check_time(draft: &Draft<'_>, at: Option<Timestamp>, pointer: &str) -> Result<(), Rejection> {
    if at.is_some_and(|at| at > draft.at().plus_ms(AHEAD_MS)) {
        return Err(Rejection::field(pointer, "nothing can have happened in the future"));
    }
    Ok(())
}

/// Refuses a worth in the shop's currency that is not what the order says it is.
pub fn check_base(draft: &Draft<'_>, currency: Currency, amount: i64, base: Option<i64>) -> Result<(), Rejection> {
    if currency == draft.shop.currency && base.is_some_and(|base| base != amount) {
        let detail = format!("the order is in {currency}, the shop's currency; leave base_amount out");
        return Err(Rejection::field("/base_amount", detail));
    }
    Ok(())
}

fn restricted(programs: &[Rc<Program>], text: &str) -> Result<Id, Rejection> {
    let found = programs.iter().find(|program| program.slug == text || program.id.to_string() == text);
    found.map(|program| program.id).ok_or_else(|| {
        Rejection::at(
            Code::ProgramUnknown,
            "/program",
            format!("There is no program {text}; GET /v1/programs lists them."),
        )
    })
}

/// The tally of a person's orders, by which newness is known.
pub fn orders_subject(person: Id) -> String {
    format!("orders:{person}")
}

fn record(
    draft: &mut Draft<'_>,
    command: &RecordConversion,
    buyer: Option<&Buyer>,
    limited_to: Option<Id>,
    credit: Credit,
) -> Result<Answer, Stop> {
    let friend = buyer.map(|buyer| &buyer.customer);
    let mut conversion = Conversion { limited_to, ..blank(draft, command, friend)? };
    conversion.considered = Json(credit.considered);
    if let (Some(winner), Some(buyer)) = (&credit.winner, buyer) {
        attribution::note_winner(&mut conversion, winner);
        conversion.terms = Json(Some(Terms::of(&winner.program.rules)));
        conversion.referral =
            Some(referral::convert(draft, winner, &buyer.customer, &buyer.person, conversion.occurred_at)?);
        conversion.is_credited = true;
    }
    life::settle(&mut conversion, draft.at());
    let mut earned = Earned::default();
    if let (Some(winner), Some(buyer)) = (&credit.winner, buyer) {
        earned = earn_for(draft, &conversion, &winner.program, &winner.advocate, &buyer.customer, &[])?;
    }
    conversion.refused_rewards = Json(earned.refused);
    if let Some(buyer) = buyer {
        person::add(draft, &buyer.person, orders_subject, None)?;
        conversion.counted_in = Some(orders_subject(buyer.person.id));
    }
    let view = views::conversion::conversion(&conversion, &earned.rewards);
    let answer = Answer::created(&view, format!("/v1/conversions/{}", conversion.id));
    draft.event("conversion.recorded", &view)?;
    if conversion.status == ConversionStatus::Approved && conversion.program.is_some() {
        draft.event("conversion.approved", &view)?;
    }
    attribution::mention_losers(draft, &conversion)?;
    draft.save(conversion);
    Ok(answer)
}

fn blank(
    draft: &Draft<'_>,
    command: &RecordConversion,
    friend: Option<&Rc<Customer>>,
) -> Result<Conversion, Rejection> {
    let occurred_at = occurred_at(draft, command);
    let worth = (command.amount.0, command.currency);
    let blank = Conversion::blank(draft.new_id("cnv"), draft.shop.id, &command.order_id, worth, draft.at());
    Ok(Conversion {
        customer: friend.map(|friend| friend.id),
        customer_ref: friend.and_then(|friend| friend.external_id.clone()),
        kind: command.kind.as_deref().unwrap_or(ORDER).to_owned(),
        is_denied: command.first_order == Some(false),
        base_amount: command.base_amount.map(|base| base.0),
        shipping_amount: command.shipping_amount.0,
        items: Json(ordered(&command.items)?),
        occurred_at,
        paid_at: (command.paid != Some(false)).then_some(occurred_at),
        ..blank
    })
}

/// The same order again is answered as it is now; a different one under its id is refused.
fn answer_again(
    draft: &Draft<'_>,
    earlier: &Conversion,
    command: &RecordConversion,
    friend: Option<&Customer>,
) -> Result<Answer, Stop> {
    if let Some(differs) = difference(draft, earlier, command, friend)? {
        return Err(Rejection::new(Code::OrderDiffers, format!("Order {} {differs}", earlier.order_id)).into());
    }
    let rewards = draft.list(&Reward::OF_CONVERSION, earlier.id)?;
    Ok(Answer::ok(&views::conversion::conversion(earlier, &rewards)))
}

/// What is told of an order otherwise than before, and what to do about it.
fn difference(
    draft: &Draft<'_>,
    earlier: &Conversion,
    command: &RecordConversion,
    friend: Option<&Customer>,
) -> Result<Option<String>, Stop> {
    Ok(if !person::is_same_as(draft, earlier.customer, friend)? {
        Some("was reported for another customer; give an order that is another one an order_id of its own.".to_owned())
    } else if earlier.currency != command.currency {
        let currency = earlier.currency;
        Some(format!("was reported in {currency}; give an order that is another one an order_id of its own."))
    } else if ![earlier.amount, earlier.reported_amount].contains(&command.amount.0) {
        let amount = earlier.amount;
        let change = "change it with PATCH /v1/conversions/{id}, and tell what was sent back as a refund.";
        Some(format!("was reported with the amount {amount}; {change}"))
    } else {
        None
    })
}
