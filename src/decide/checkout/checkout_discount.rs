//! Discounts `on: checkout`, which an advocate's code, typed where vouchers are typed, or the link by which
//! somebody came gives the friend on their own order: who has one, every reason why not, and what follows when
//! it is redeemed. How much it takes off is not computed here: see `cart_line` and `pricing`.
//!
//! The discount is paid out of the program's budget when it is redeemed, at what was really taken off.
//! Who gave it has recommended the friend: that makes the referral, and is the strongest evidence
//! when the order is credited.

use std::rc::Rc;

use crate::decide::checkout::cart::{Cart, TypedCode};
use crate::decide::checkout::cart_line::CartLine;
use crate::decide::checkout::discount_rule::{CheckoutDiscount, PER_PERSON, rule_for};
use crate::decide::checkout::fault::{Fault, Reason, fault, often};
use crate::decide::checkout::scope::scope;
use crate::decide::checkout::set_aside::SetAside;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::input::typed_code;
use crate::decide::people::person::{self, Person, orders_subject};
use crate::decide::programs::budget::warn_of_budget;
use crate::decide::referrals::evidence::{self, Candidate};
use crate::decide::referrals::{attribution, referral};
use crate::records::program::RewardRule;
use crate::records::referral::{Method, ReferralStatus};
use crate::records::time::DAY_MS;
use crate::records::voucher::AppliesTo;
use crate::records::{Conversion, Customer, Program};
use crate::world::Stop;

/// Somebody for whom something in a cart speaks.
pub struct Named {
    pointer: String,
    typed: Option<String>,
    candidate: Candidate,
}

/// The advocate of a typed code; `None`: it is nobody's.
pub fn by_code(draft: &Draft<'_>, index: usize, typed: &str) -> Result<Option<Named>, Stop> {
    let Some(code) = typed_code::advocate(draft, typed)? else { return Ok(None) };
    let candidate = evidence::of_code(draft, &code)?;
    Ok(Some(Named { pointer: format!("/codes/{index}"), typed: Some(typed.to_owned()), candidate }))
}

/// For whom the evidence speaks and what gives something, the strongest first. Evidence that gives
/// nothing anyway, because it is old or its program is over, is as good as none.
pub fn by_evidence(draft: &Draft<'_>, cart: &Cart, held: &SetAside) -> Result<Vec<Named>, Stop> {
    let Some(evidence) = &cart.evidence else { return Ok(Vec::new()) };
    let mut found = evidence::candidates(draft, evidence)?.found;
    found.retain(|candidate| held.has_program(candidate.program.id) || gives(draft, candidate));
    found.sort_by_key(attribution::strength);
    let named = found.into_iter().map(|candidate| {
        let is_code = candidate.method == Method::Code;
        let typed = evidence.code.as_deref().filter(|_| is_code).map(str::to_owned);
        let pointer = if is_code { "/evidence/code" } else { "/evidence/token" };
        Named { pointer: pointer.to_owned(), typed, candidate }
    });
    Ok(named.collect())
}

/// The programs whose advocates a cart names.
pub fn programs(draft: &Draft<'_>, cart: &Cart) -> Result<Vec<Rc<Program>>, Stop> {
    let by_code: Vec<_> = cart.typed().map(|(_, typed)| program_of(draft, typed)).collect();
    let findings = cart.evidence.as_ref().map(|evidence| evidence::candidates(draft, evidence)).transpose();
    let (by_code, findings) = (by_code.into_iter().collect::<Result<Vec<_>, _>>()?, findings?);
    let by_evidence = findings.into_iter().flat_map(|findings| findings.found).map(|candidate| candidate.program);
    Ok(by_code.into_iter().flatten().chain(by_evidence).collect())
}

fn program_of(draft: &Draft<'_>, typed: &TypedCode) -> Result<Option<Rc<Program>>, Stop> {
    // Most codes are vouchers': while that is not known, nobody looks for an advocate's.
    if typed.voucher(draft)?.is_some() || draft.is_guess() {
        return Ok(None);
    }
    let code = typed_code::advocate(draft, &typed.code)?;
    code.map(|code| draft.expect::<Program>(code.program)).transpose()
}

fn gives(draft: &Draft<'_>, candidate: &Candidate) -> bool {
    let program = &candidate.program;
    let oldest = draft.at().ms() - program.rules.attribution.window_days * DAY_MS;
    let is_fresh = candidate.seen_at.is_none_or(|seen_at| seen_at.ms() >= oldest);
    is_fresh && program.is_open(draft.at()) && rule_for(candidate).is_some()
}

/// Whether these are several persons.
pub fn are_several<'a>(draft: &Draft<'_>, named: impl Iterator<Item = &'a Named>) -> Result<bool, Stop> {
    let advocates: Vec<_> = named.map(|named| customer_lookup::current(draft, named.candidate.advocate)).collect();
    let advocates: Vec<_> = advocates.into_iter().collect::<Result<_, _>>()?;
    let persons: Vec<_> = advocates.iter().map(|advocate| person::of(draft, advocate)).collect::<Result<_, _>>()?;
    Ok(persons.iter().any(|person| !persons[0].is(person.id)))
}

/// What a recommendation stands beside in a cart.
#[derive(Clone, Copy)]
pub struct Beside<'a> {
    /// Whether several advocates are named.
    pub are_several: bool,
    /// What was set aside for the very order or cart.
    pub held: &'a SetAside,
}

/// What a recommendation comes to in a cart, before it is priced.
pub fn line(
    draft: &Draft<'_>,
    cart: &Cart,
    friend: Option<&Customer>,
    named: Named,
    beside: Beside<'_>,
) -> Result<CartLine, Stop> {
    let mut line = CartLine::new(named.pointer, named.typed.as_deref());
    let program = named.candidate.program.clone();
    line.recommended = Some((program.id, named.candidate.advocate_ref.clone()));
    let Some(rule) = rule_for(&named.candidate).cloned() else {
        line.faults.push(without_discount(draft, friend, &named.candidate)?);
        return Ok(line);
    };
    let mut candidate = named.candidate;
    if let Some(evidence) = &cart.evidence {
        evidence::note_visit(draft, &mut candidate, &evidence::candidates(draft, evidence)?.found)?;
    }
    let checkout_discount = CheckoutDiscount { candidate, rule };
    line.kind = Some(checkout_discount.rule().benefit.kind);
    line.scope = scope(&draft.shop, checkout_discount.rule().benefit.kind, &AppliesTo::default(), cart);
    if beside.are_several {
        let detail =
            "The cart names more than one advocate; an order has one. Leave the other codes or the evidence out.";
        line.faults.push(fault(Reason::SeveralAdvocates, detail));
    }
    let is_held = beside.held.has_program(program.id);
    if !is_held && !program.is_open(draft.at()) {
        line.faults.push(not_active(&program));
    }
    let fault_of_friend = fault_of_friend(draft, cart, friend, &checkout_discount)?;
    line.faults.extend(fault_of_friend.filter(|fault| !(is_held && fault.reason == Reason::NotNew)));
    line.faults.extend(fault_of_cart(draft, cart, checkout_discount.rule(), &program));
    line.faults.extend(line.scope.fault());
    line.checkout_discount = Some(checkout_discount);
    Ok(line)
}

/// Why nothing is taken off by a recommendation that gives no discount `on: checkout`.
fn without_discount(draft: &Draft<'_>, friend: Option<&Customer>, candidate: &Candidate) -> Result<Fault, Stop> {
    let advocate = customer_lookup::current(draft, candidate.advocate)?;
    if !candidate.program.is_open(draft.at()) {
        return Ok(not_active(&candidate.program));
    }
    if let Some(friend) = friend
        && person::is_same(draft, &advocate, friend)?
    {
        return Ok(own());
    }
    let why = match candidate.is_held_out() {
        true => "and its program keeps the advocate without an offer",
        false => "and its program gives no discount at the checkout",
    };
    let detail = format!(
        "The code is an advocate's, {why}: leave it out of the cart, and send it as evidence with the conversion, where \
         it counts."
    );
    Ok(fault(Reason::NoDiscount, detail))
}

fn not_active(program: &Program) -> Fault {
    fault(Reason::ProgramNotActive, format!("The program {} does not count at present.", program.slug))
}

fn own() -> Fault {
    fault(Reason::SelfReferral, "The code is the customer's own; nobody recommends the shop to himself.")
}

/// This person cannot have it.
fn fault_of_friend(
    draft: &Draft<'_>,
    cart: &Cart,
    friend: Option<&Customer>,
    checkout_discount: &CheckoutDiscount,
) -> Result<Option<Fault>, Stop> {
    let Some(friend) = friend else {
        let detail = "The discount is for a friend of the advocate; send who buys with customer or customer_details.";
        return Ok(Some(fault(Reason::CustomerRequired, detail)));
    };
    let (advocate, person) =
        (customer_lookup::current(draft, checkout_discount.candidate.advocate), person::of(draft, friend));
    let (advocate, person) = (advocate?, person?);
    let is_self = person::is_same(draft, &advocate, friend);
    let is_known = is_known(draft, cart, &person);
    let was_won = referral::find(draft, checkout_discount.program().id, &person, draft.at());
    let limits = checkout_discount.limits(draft);
    let taken: Vec<_> = limits.iter().map(|(usage, _)| person::count(draft, &person, |id| usage.subject(id))).collect();
    let (is_self, is_known, was_won) = (is_self?, is_known?, was_won?);
    let taken: Vec<i64> = taken.into_iter().collect::<Result<_, _>>()?;
    if is_self {
        return Ok(Some(own()));
    }
    let was_won = was_won.is_some_and(|referral| referral.status == ReferralStatus::Converted);
    let may_come_again = was_won && checkout_discount.rule().max_per_customer.is_some_and(|max| max > PER_PERSON);
    if is_known && !may_come_again && checkout_discount.program().rules.qualifying.new_customers_only {
        let detail = "The discount is for new customers, and this one has ordered before; leave the code out.";
        return Ok(Some(fault(Reason::NotNew, detail)));
    }
    let full = limits.iter().zip(&taken).find(|((_, cap), taken)| **taken >= *cap);
    Ok(full.map(|((_, cap), _)| {
        let cap = often(*cap);
        let detail = format!("A customer may have the discount {cap}, and this one has, or has set it aside.");
        fault(Reason::LimitReached, detail)
    }))
}

/// Whether somebody has ordered before; the order of the cart itself may have been reported already, and
/// cancelled since, and the shop have denied with it that it is his first.
fn is_known(draft: &Draft<'_>, cart: &Cart, person: &Person) -> Result<bool, Stop> {
    let orders = person::count(draft, person, orders_subject)?;
    let this = cart.order_id.as_deref().map(|order_id| draft.find(&Conversion::BY_ORDER, order_id)).transpose()?;
    let this = this.flatten();
    let is_denied = this.as_ref().is_some_and(|this| this.is_denied);
    let is_counted = this.as_ref().is_some_and(|this| this.counted_in.is_some());
    let buyer = this.and_then(|this| this.customer).map(|buyer| person::of_id(draft, buyer)).transpose()?;
    let is_his = buyer.is_some_and(|buyer| person.is(buyer.id));
    Ok(orders > i64::from(is_his && is_counted) || (is_his && is_denied))
}

/// It does not fit this cart.
fn fault_of_cart(draft: &Draft<'_>, cart: &Cart, rule: &RewardRule, program: &Program) -> Option<Fault> {
    if cart.currency != draft.shop.currency {
        let detail = format!("The discount is in {}, the cart is in {}.", draft.shop.currency, cart.currency);
        return Some(fault(Reason::CurrencyMismatch, detail));
    }
    let least = rule.benefit.min_order_amount.map_or(0, |least| least.0).max(program.rules.qualifying.min_order_amount);
    let detail = || format!("The discount is given from {least} of goods on (minor units).");
    (cart.amount.0 < least).then(|| fault(Reason::MinOrderAmount, detail()).least(least))
}

/// Counts one more of the person's discounts, and tells when the budget runs low; answers the counters
/// that count it. `cost` has been taken from the budget before.
pub fn count_discount(
    draft: &mut Draft<'_>,
    checkout_discount: &CheckoutDiscount,
    friend: &Customer,
    cost: i64,
) -> Result<Vec<String>, Stop> {
    let person = person::of(draft, friend)?;
    let mut counted_by = Vec::new();
    for (usage, cap) in checkout_discount.limits(draft) {
        person::add(draft, &person, |id| usage.subject(id), Some(cap))?;
        counted_by.push(usage.subject(person.id));
    }
    warn_of_budget(draft, checkout_discount.program(), cost)?;
    Ok(counted_by)
}

/// Notes that the friend was recommended.
pub fn introduce(draft: &mut Draft<'_>, checkout_discount: &CheckoutDiscount, friend: &Customer) -> Result<(), Stop> {
    let advocate = customer_lookup::current(draft, checkout_discount.candidate.advocate)?;
    referral::introduce(draft, &checkout_discount.candidate, &advocate, friend, None)
}

#[cfg(test)]
#[path = "checkout_discount_tests.rs"]
mod tests;
