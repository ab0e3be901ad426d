//! Records an order, decides whom it is credited to, and gives what is earned.
//!
//! Every order is recorded, referred or not: people become known by it, and the one who is not
//! paid can be told why.

use std::rc::Rc;

use serde::Deserialize;

use crate::decide::answer::{Answer, Keep};
use crate::decide::checkout::cart::{Item, list};
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::input::brought::Evidence;
use crate::decide::input::own_name;
use crate::decide::orders::order_items::ordered;
use crate::decide::orders::placing::{self, Buyer, Found, may_live_again, place_anew};
use crate::decide::orders::redeem_with_order::{Redeem, Told, redeem};
use crate::decide::people::customer::{self, CustomerDetails};
use crate::decide::people::person;
use crate::decide::referrals::analytics_ids::{self, AnalyticsInput, Came};
use crate::records::money::{Amount, Currency};
use crate::records::program::ORDER;
use crate::records::text::{NotSupported, Reference, Slug};
use crate::records::{Conversion, Customer, Id, Json, Program, Reward, Timestamp};
use crate::refusal::{Code, Rejection};
use crate::views::{self, Mask};
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
    pub evidence: Evidence,
    /// Only this program may be credited: id or slug.
    pub program: Option<Reference>,
    /// What it is paid with, redeemed in the same commit. Amounts and items are then the cart's, before that.
    pub redeem: Option<Redeem>,
    /// What the shop's analytics call the browser.
    pub analytics: Option<AnalyticsInput>,
    /// Later.
    pub signals: Option<NotSupported>,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &RecordConversion) -> Result<Answer, Stop> {
    let with = command.redeem.as_ref().filter(|with| with.names_something());
    let Some(with) = with else { return record(draft, command) };
    let earlier = draft.find(&Conversion::BY_ORDER, &command.order_id)?;
    let redeemed = redeem(draft, &command.told(), with, earlier.as_deref());
    if draft.is_guess() {
        // What recording it will look at is asked for together with what is redeemed.
        record(draft, command)?;
    }
    let (left, redemption) = redeemed?;
    let answer = record(draft, &command.of(left))?;
    let mask = if with.hold.is_some() { with.mask } else { Mask::Full };
    let shown = views::redemption::redemption(&redemption, &draft.installation.vault, mask);
    Ok(answer.with("redemption", &shown).keep(Keep::Sealed))
}

impl RecordConversion {
    /// What it says of its cart.
    pub fn told(&self) -> Told {
        Told {
            order_id: self.order_id.clone(),
            customer: self.customer.clone(),
            customer_details: self.customer_details.clone(),
            currency: self.currency,
            amount: self.amount,
            shipping_amount: self.shipping_amount,
            items: self.items.clone(),
        }
    }

    /// The same order of another cart.
    fn of(&self, cart: Told) -> Self {
        let Told { customer, customer_details, amount, shipping_amount, items, .. } = cart;
        Self { customer, customer_details, amount, shipping_amount, items, redeem: None, ..self.clone() }
    }
}

/// Records it, whatever it was paid with.
fn record(draft: &mut Draft<'_>, command: &RecordConversion) -> Result<Answer, Stop> {
    let earlier = draft.find(&Conversion::BY_ORDER, &command.order_id);
    let friend = customer::find(draft, command.customer.as_deref(), command.customer_details.as_ref(), "/customer");
    let brought = command.evidence.brought();
    let found = Found::of(draft, &command.order_id, &brought);
    let (earlier, found) = (earlier?, found?);
    if let Some(earlier) = earlier {
        return again(draft, &earlier, command, friend);
    }
    let friend = friend?;
    check(draft, command)?;
    // Who is not known yet is no newcomer, and a shop without programs pays nobody.
    draft.be_sure()?;
    let friend = friend.map(|friend| customer::keep(draft, friend)).transpose()?;
    let buyer = friend.map(|friend| Buyer::of(draft, friend)).transpose()?;
    let only = command.program.as_deref().map(|text| restricted(found.programs(), text)).transpose()?;
    let order = blank(draft, command, buyer.as_ref().map(|buyer| &buyer.customer))?;
    let brought = Some(Json(brought)).filter(|brought| !brought.is_empty());
    let order = Conversion { limited_to: only, brought, ..order };
    let credit = placing::judge(draft, &order, buyer.as_ref(), found)?;
    let placed = placing::place(draft, order, buyer.as_ref(), credit, Vec::new())?;
    let id = placed.conversion.id;
    keep_analytics_ids(draft, command, &placed.conversion)?;
    Ok(Answer::of_shown(201, id, placed.shown).at(format!("/v1/conversions/{id}")))
}

fn occurred_at(draft: &Draft<'_>, command: &RecordConversion) -> Timestamp {
    command.occurred_at.unwrap_or(draft.at())
}

fn check(draft: &Draft<'_>, command: &RecordConversion) -> Result<(), Rejection> {
    own_name::check_order_id(&command.order_id)?;
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
    let id = Id::parse("prg", text);
    let found = programs.iter().find(|program| id.map_or(program.slug == text, |id| program.id == id));
    found.map(|program| program.id).ok_or_else(|| {
        Rejection::at(
            Code::ProgramUnknown,
            "/program",
            format!("There is no program {text}; GET /v1/programs lists them."),
        )
    })
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
        analytics_consent: command.analytics.as_ref().is_some_and(|analytics| analytics.consent),
        base_amount: command.base_amount.map(|base| base.0),
        shipping_amount: command.shipping_amount.0,
        items: Json(ordered(&command.items)?),
        occurred_at,
        paid_at: (command.paid != Some(false)).then_some(occurred_at),
        ..blank
    })
}

/// The same order again is answered as it is now; one that was cancelled is placed anew; a different one under
/// its id is refused.
fn again(
    draft: &mut Draft<'_>,
    earlier: &Conversion,
    command: &RecordConversion,
    friend: Result<Option<customer::Found>, Stop>,
) -> Result<Answer, Stop> {
    if let Some(differs) = difference(draft, earlier, command, friend)? {
        return Err(Rejection::new(Code::OrderDiffers, format!("Order {} {differs}", earlier.order_id)).into());
    }
    if may_live_again(earlier) && !customer_lookup::was_erased(draft, earlier.customer)? {
        let told_at = command.occurred_at.filter(|at| Some(*at) > earlier.cancelled_at).unwrap_or(draft.at());
        let paid_at = (command.paid != Some(false)).then_some(told_at);
        let placed = place_anew(draft, earlier, paid_at, command.evidence.brought())?;
        keep_analytics_ids(draft, command, &placed.conversion)?;
        return Ok(Answer::of_shown(200, placed.conversion.id, placed.shown));
    }
    keep_analytics_ids(draft, command, earlier)?;
    let rewards = draft.list(&Reward::OF_CONVERSION, earlier.id)?;
    Ok(Answer::ok(&views::conversion::conversion(earlier, &rewards)))
}

/// Of who is erased nothing is kept anew.
fn keep_analytics_ids(draft: &mut Draft<'_>, command: &RecordConversion, order: &Conversion) -> Result<(), Stop> {
    let Some(analytics) = &command.analytics else { return Ok(()) };
    if customer_lookup::was_erased(draft, order.customer)? {
        return Ok(());
    }
    if analytics.consent != order.analytics_consent {
        draft.save(Conversion { analytics_consent: analytics.consent, ..order.clone() });
    }
    let came = Came { subject: order.id, customer: order.customer, at: order.occurred_at };
    analytics_ids::keep(draft, Some(analytics), &came)
}

/// What is told of an order otherwise than before, and what to do about it.
fn difference(
    draft: &Draft<'_>,
    earlier: &Conversion,
    command: &RecordConversion,
    friend: Result<Option<customer::Found>, Stop>,
) -> Result<Option<String>, Stop> {
    let is_same = || person::is_same_as(draft, earlier.customer, friend?.as_ref().map(|friend| &*friend.customer));
    // Whose an order was that is told again after its customer was erased, nobody knows: by an id that is free again
    // somebody else would be meant.
    Ok(if !customer_lookup::was_erased(draft, earlier.customer)? && !is_same()? {
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
