//! What a cart comes to, and every reason why not. Check and redemption use this very function, so
//! that what the one allows the other spends.

use std::rc::Rc;

use crate::decide::checkout::cart::{Cart, TypedCode};
use crate::decide::checkout::cart_line::CartLine;
use crate::decide::checkout::checkout_discount::{self, Beside, Named};
use crate::decide::checkout::fault::{Fault, Reason, fault, often};
use crate::decide::checkout::pricing::{Price, price};
use crate::decide::checkout::scope::scope;
use crate::decide::checkout::set_aside::SetAside;
use crate::decide::checkout::shopper::Shopper;
use crate::decide::draft::Draft;
use crate::decide::ledger;
use crate::decide::people::person;
use crate::decide::programs::budget;
use crate::decide::vouchers::balance;
use crate::decide::vouchers::uses::{counts_by_customer, uses_subject};
use crate::records::account::credit_account;
use crate::records::benefit::BenefitKind;
use crate::records::voucher::Standing;
use crate::records::{Customer, Voucher};
use crate::refusal::{Code, Fault as Refused, Rejection};
use crate::views::cart::{CartView, ProvisionalView};
use crate::world::Stop;

/// What a cart comes to.
pub struct Assessed {
    /// Who buys.
    pub customer: Option<Rc<Customer>>,
    /// The codes in the order given, then the discount that the evidence gives, then the store credit.
    pub lines: Vec<CartLine>,
    /// Their sum; only valid lines count.
    pub price: Price,
    /// What they would come to as soon as it is said who buys, where that must be said.
    provisional: Option<Price>,
    /// Who reads why a line does not count.
    shopper: Shopper,
}

/// What a typed code is.
enum Typed {
    Voucher(Rc<Voucher>),
    Advocate(Named),
    Nothing,
}

/// Finds out what a cart comes to for who buys, and for whom `held` was set aside. Refuses only what no
/// cart can be.
pub fn assess(
    draft: &Draft<'_>,
    cart: &Cart,
    customer: Option<Rc<Customer>>,
    held: &SetAside,
) -> Result<Assessed, Stop> {
    cart.check()?;
    let buyer = customer.as_deref();
    let typed: Vec<_> = cart.typed().map(|(index, typed)| (index, what_is(draft, index, typed))).collect();
    let evidence = checkout_discount::by_evidence(draft, cart, held);
    let credit = cart.store_credit.map(|most| credit_line(draft, cart, buyer, most.0)).transpose();
    let typed = typed.into_iter().map(|(index, typed)| Ok((index, typed?))).collect::<Result<Vec<_>, Stop>>();
    let (typed, evidence) = (typed?, evidence?);
    let by_code =
        typed.iter().filter_map(|(_, typed)| if let Typed::Advocate(named) = typed { Some(named) } else { None });
    let are_several = checkout_discount::are_several(draft, by_code.clone().chain(&evidence))?;
    let beside = Beside { are_several, held };
    // A code that was typed says what the link says; without one the strongest evidence counts.
    let evidence = if by_code.count() == 0 { evidence.into_iter().next() } else { None };
    let evidence = evidence.map(|named| checkout_discount::line(draft, cart, buyer, named, beside)).transpose();
    let lines: Vec<_> = (typed.into_iter())
        .map(|(index, typed)| match typed {
            Typed::Voucher(voucher) => line(draft, cart, buyer, (index, voucher), held),
            Typed::Advocate(named) => checkout_discount::line(draft, cart, buyer, named, beside),
            Typed::Nothing => Ok(unknown(index, &cart.codes[index])),
        })
        .collect();
    let (mut lines, evidence, credit) = (lines.into_iter().collect::<Result<Vec<_>, _>>()?, evidence?, credit?);
    lines.extend(evidence);
    lines.extend(credit);
    let provisional = if buyer.is_none() { provisional(draft, cart, &lines)? } else { None };
    let price = price_together(draft, cart, &mut lines)?;
    let shopper = Shopper::of(cart, buyer, draft.shop.locale());
    Ok(Assessed { customer, lines, price, provisional, shopper })
}

/// What the lines come to together.
fn price_together(draft: &Draft<'_>, cart: &Cart, lines: &mut [CartLine]) -> Result<Price, Stop> {
    refuse_combinations(lines);
    refuse_over_budget(draft, cart, lines)?;
    Ok(price_lines(cart, lines))
}

/// What the lines would come to for a new customer whom nothing keeps out; `None`: who buys makes no difference. Credit is
/// an account's, and counts for nobody yet.
fn provisional(draft: &Draft<'_>, cart: &Cart, lines: &[CartLine]) -> Result<Option<Price>, Stop> {
    let asks = |fault: &Fault| fault.reason == Reason::CustomerRequired;
    let of_codes = lines.iter().filter(|line| line.kind != Some(BenefitKind::StoreCredit));
    let mut lines: Vec<CartLine> = of_codes.cloned().collect();
    if !lines.iter().any(|line| line.faults.iter().any(asks)) {
        return Ok(None);
    }
    lines.iter_mut().for_each(|line| line.faults.retain(|fault| !asks(fault)));
    price_together(draft, cart, &mut lines).map(Some)
}

fn what_is(draft: &Draft<'_>, index: usize, typed: &TypedCode) -> Result<Typed, Stop> {
    if let Some(voucher) = typed.voucher(draft)? {
        return Ok(Typed::Voucher(voucher));
    }
    // Most codes are vouchers': while that is not known, nobody looks for an advocate's.
    if draft.is_guess() {
        return Ok(Typed::Nothing);
    }
    Ok(checkout_discount::by_code(draft, index, &typed.code)?.map_or(Typed::Nothing, Typed::Advocate))
}

fn unknown(index: usize, typed: &TypedCode) -> CartLine {
    let mut line = CartLine::new(format!("/codes/{index}"), Some(&*typed.code));
    let detail = "There is no voucher and no advocate with this code; mind that it was typed in full.";
    line.faults.push(fault(Reason::Unknown, detail));
    line
}

fn line(
    draft: &Draft<'_>,
    cart: &Cart,
    customer: Option<&Customer>,
    (index, voucher): (usize, Rc<Voucher>),
    held: &SetAside,
) -> Result<CartLine, Stop> {
    let typed = &cart.codes[index];
    let mut line = CartLine::new(format!("/codes/{index}"), Some(&*typed.code));
    line.kind = Some(voucher.kind);
    line.most = typed.amount.map(|amount| amount.0);
    line.voucher = Some(voucher.clone());
    line.standing = balance::standing(draft, &voucher)?;
    let by_customer = match customer.filter(|_| counts_by_customer(&voucher)) {
        Some(customer) => person::of(draft, customer)
            .and_then(|person| person::count(draft, &person, |id| uses_subject(voucher.counted_as, id))),
        None => Ok(0),
    };
    let is_owner = is_owner(draft, &voucher, customer);
    let (by_customer, is_owner) = (by_customer?, is_owner?);
    line.scope = scope(&draft.shop, voucher.kind, &voucher.applies_to, cart);
    line.faults.extend(fault_of_pass(&voucher));
    let set_aside = held.of_voucher(voucher.id);
    line.faults.extend(fault_of_state(draft, &voucher, line.standing, set_aside.is_some()));
    if let Some(good) = set_aside.filter(|_| is_over(draft, &voucher) && voucher.is_balance()) {
        limit_to(&mut line, good);
    }
    line.faults.extend(fault_of_person(&voucher, customer, is_owner, by_customer));
    line.faults.extend(fault_of_cart(&voucher, cart));
    line.faults.extend(line.scope.fault());
    line.faults.extend(fault_of_balance(&voucher, &line));
    Ok(line)
}

/// A pass is for a door, and for no cart.
fn fault_of_pass(voucher: &Voucher) -> Option<Fault> {
    let pass = voucher.pass.as_ref()?;
    let event = pass.event.name.to_string();
    let detail = format!("The code is a pass for {event}: it is shown at the door, and takes nothing off.");
    Some(fault(Reason::NotApplicable, detail))
}

/// Whether who buys is the person to whom the voucher is bound, or it is bound to nobody.
fn is_owner(draft: &Draft<'_>, voucher: &Voucher, customer: Option<&Customer>) -> Result<bool, Stop> {
    match voucher.customer {
        Some(_) => person::is_same_as(draft, voucher.customer, customer),
        None => Ok(true),
    }
}

/// The voucher itself cannot be used now. What was set aside in time outlives its time.
fn fault_of_state(draft: &Draft<'_>, voucher: &Voucher, standing: Standing, is_held: bool) -> Option<Fault> {
    if standing.is_void(voucher) {
        let detail = match voucher.replaced_by {
            Some(_) => "The code was replaced by a new one; use that.",
            None => "The voucher was withdrawn.",
        };
        return Some(fault(Reason::Void, detail));
    }
    if voucher.needs_approval() {
        return Some(fault(Reason::NotYetValid, "The voucher waits for the approval of a second operator."));
    }
    if standing.is_spent(voucher) {
        return Some(match voucher.max_redemptions {
            Some(max) if max > 1 => fault(Reason::LimitReached, format!("All {max} uses of the voucher are taken.")),
            _ => fault(Reason::Spent, "The voucher is spent."),
        });
    }
    if let Some(until) = voucher.valid_until.filter(|_| is_over(draft, voucher) && !is_held) {
        return Some(fault(Reason::Expired, format!("The voucher was good until {until}.")));
    }
    if standing.is_held(voucher) {
        return Some(set_aside());
    }
    let from = voucher.valid_from.filter(|from| *from > draft.at())?;
    Some(fault(Reason::NotYetValid, format!("The voucher is good from {from}.")))
}

/// Of a card whose time is over only what was set aside in time is good, minor units.
fn limit_to(line: &mut CartLine, good: i64) {
    let asked = line.most.replace(line.most.map_or(good, |most| most.min(good)));
    if asked.is_some_and(|asked| asked > good) {
        let detail = format!(
            "The voucher has expired; {good} of it (minor units) were set aside in time: ask for no more than that."
        );
        line.faults.push(fault(Reason::Expired, detail));
    }
}

fn is_over(draft: &Draft<'_>, voucher: &Voucher) -> bool {
    voucher.valid_until.is_some_and(|until| until <= draft.at())
}

fn set_aside() -> Fault {
    let detail = "What is left of the voucher is set aside for another checkout; try again when that is over.";
    fault(Reason::Held, detail)
}

/// This person cannot use it.
fn fault_of_person(voucher: &Voucher, customer: Option<&Customer>, is_owner: bool, uses: i64) -> Option<Fault> {
    if customer.is_none() {
        let is_personal = voucher.customer.is_some() || voucher.per_customer.is_some();
        return is_personal.then(|| {
            fault(Reason::CustomerRequired, "The voucher asks who redeems it; send the customer with the cart.")
        });
    }
    if !is_owner {
        return Some(fault(Reason::Foreign, "The voucher is bound to another customer."));
    }
    let max = voucher.per_customer.filter(|max| uses >= *max)?;
    let max = often(max);
    let detail = format!("A customer may use the voucher {max}, and this one has, or has set it aside.");
    Some(fault(Reason::LimitReached, detail))
}

/// It does not fit this cart.
fn fault_of_cart(voucher: &Voucher, cart: &Cart) -> Option<Fault> {
    if voucher.currency != cart.currency {
        let detail = format!("The voucher is worth {}, the cart is in {}.", voucher.currency, cart.currency);
        return Some(fault(Reason::CurrencyMismatch, detail));
    }
    if !voucher.with_shop_discounts && cart.shop_discount() > 0 {
        let detail = "The voucher does not stand beside a discount that the shop gives on the whole cart.";
        return Some(fault(Reason::NotCombinable, detail));
    }
    let least = Some(voucher.min_order_amount).filter(|least| cart.amount.0 < *least)?;
    Some(fault(Reason::MinOrderAmount, format!("The voucher counts from {least} of goods (minor units).")).least(least))
}

/// More is asked of its balance than there is.
fn fault_of_balance(voucher: &Voucher, line: &CartLine) -> Option<Fault> {
    let asked = line.most?;
    match line.standing.balance {
        Some(balance) if asked > balance && line.faults.is_empty() && line.standing.held > 0 => Some(set_aside()),
        Some(balance) if asked > balance && line.faults.is_empty() => {
            Some(fault(Reason::BalanceTooLow, format!("The balance is {balance}, {asked} was asked for.")))
        }
        None if !voucher.is_balance() => {
            Some(fault(Reason::NotApplicable, "An amount can be given only for a code with a balance; leave it out."))
        }
        _ => None,
    }
}

fn credit_line(draft: &Draft<'_>, cart: &Cart, customer: Option<&Customer>, most: i64) -> Result<CartLine, Stop> {
    let mut line = CartLine::new("/store_credit".to_owned(), None);
    line.kind = Some(BenefitKind::StoreCredit);
    line.most = Some(most);
    let Some(customer) = customer.filter(|_| cart.customer.is_some()) else {
        let detail = "Store credit is spent by an account that the shop names: send customer with the cart; an address \
                      that was typed does not show whose it is.";
        line.faults.push(fault(Reason::CustomerRequired, detail));
        return Ok(line);
    };
    let account = ledger::account(draft, &credit_account(customer.id), draft.shop.currency)?;
    line.standing.balance = Some(account.balance);
    if cart.currency != draft.shop.currency {
        let detail = format!("Store credit is in {}, the cart is in {}.", draft.shop.currency, cart.currency);
        line.faults.push(fault(Reason::CurrencyMismatch, detail));
    } else if most > account.balance {
        let detail = format!("The customer's store credit is {}, {most} was asked for.", account.balance);
        line.faults.push(fault(Reason::BalanceTooLow, detail));
    }
    Ok(line)
}

/// What may not stand beside each other. Each of a group is named, whichever was typed first.
fn refuse_combinations(lines: &mut [CartLine]) {
    let is_live = |line: &&CartLine| line.faults.is_empty() && line.is_discount();
    let discounts = lines.iter().filter(is_live).count();
    let advocates = lines.iter().filter(is_live).filter(|line| line.checkout_discount.is_some()).count();
    let groups: Vec<String> =
        lines.iter().filter(is_live).filter_map(|line| group(line).map(ToString::to_string)).collect();
    for line in lines.iter_mut().filter(|line| is_live(&&**line)) {
        let is_alone = line.voucher.as_ref().is_some_and(|voucher| voucher.stacking.exclusive);
        let is_beside = |group: &&str| groups.iter().filter(|other| other == group).count() > 1;
        let detail = if is_alone && discounts > 1 {
            "The voucher cannot be combined with another discount; give it alone.".to_owned()
        } else if let Some(group) = group(line).filter(is_beside) {
            format!("Only one voucher of the group {group} can be used in a cart.")
        } else if line.checkout_discount.is_some() && advocates > 1 {
            "An order has one advocate's discount; give one of the codes.".to_owned()
        } else {
            continue;
        };
        line.faults.push(fault(Reason::NotCombinable, detail));
    }
}

fn group(line: &CartLine) -> Option<&str> {
    line.voucher.as_ref()?.stacking.group.as_deref()
}

/// A discount `on: checkout` is given whole, or not at all where the budget has no room for it.
fn refuse_over_budget(draft: &Draft<'_>, cart: &Cart, lines: &mut [CartLine]) -> Result<(), Stop> {
    let (counted, priced) = priced(cart, lines);
    for (index, part) in counted.into_iter().zip(&priced.parts) {
        let Some(checkout_discount) = &lines[index].checkout_discount else { continue };
        let left = budget::budget_left(draft, checkout_discount.program())?;
        if left.is_some_and(|left| part.discount > left) {
            let detail = "The budget of the advocate's program has no room for this discount; go on without the code.";
            lines[index].faults.push(fault(Reason::BudgetExhausted, detail));
        }
    }
    Ok(())
}

/// The lines that count, and what they come to.
fn priced(cart: &Cart, lines: &[CartLine]) -> (Vec<usize>, Price) {
    let counted: Vec<usize> = (0..lines.len()).filter(|index| lines[*index].faults.is_empty()).collect();
    let deductions: Vec<_> = counted.iter().map(|index| lines[*index].deduction()).collect();
    let priced = price(&cart.goods(), &deductions);
    (counted, priced)
}

/// Prices the lines that count. A discount that would take off nothing does not count: it would be
/// spent for nothing.
fn price_lines(cart: &Cart, lines: &mut [CartLine]) -> Price {
    let (counted, priced) = priced(cart, lines);
    for (index, part) in counted.into_iter().zip(&priced.parts) {
        let line = &mut lines[index];
        line.part = part.clone();
        if part.discount == 0 && line.standing.balance.is_none() {
            line.faults.push(fault(Reason::NotApplicable, "There is nothing left in the cart that it could take off."));
        }
    }
    priced
}

impl Assessed {
    /// The lines for who reads them.
    pub fn shopper(&self) -> Shopper {
        self.shopper
    }

    /// Refuses a cart of which something does not count, by every line's first fault with its place, and
    /// one that comes to nothing: `nothing` says what to do.
    pub fn accepted(self, nothing: &str) -> Result<Self, Stop> {
        let first = |line: &CartLine| {
            let fault = line.faults.first()?;
            let code = fault.reason.code();
            let pointer = line.pointer.clone();
            Some((code, Refused { pointer, code: code.as_str().to_owned(), detail: fault.detail.clone() }))
        };
        if let Some(refusal) = Rejection::all(self.lines.iter().filter_map(first).collect()) {
            return Err(refusal.into());
        }
        if self.price.discount + self.price.payment == 0 {
            return Err(Rejection::at(Code::NotApplicable, "/codes", nothing).into());
        }
        Ok(self)
    }

    /// Shows what the cart comes to.
    pub fn view(&self, cart: &Cart) -> CartView {
        let needs = |word: &'static str, reason: Reason| {
            let asks = |line: &CartLine| line.faults.iter().any(|fault| fault.reason == reason);
            self.lines.iter().any(asks).then_some(word)
        };
        CartView {
            valid: self.lines.iter().all(|line| line.faults.is_empty()),
            discount: self.price.discount,
            payment: self.price.payment,
            payable: self.price.payable,
            provisional: self.provisional.as_ref().map(|price| ProvisionalView {
                discount: price.discount,
                payment: price.payment,
                payable: price.payable,
            }),
            needs: [needs("customer", Reason::CustomerRequired), needs("items", Reason::ItemsRequired)]
                .into_iter()
                .flatten()
                .collect(),
            lines: self.lines.iter().map(|line| line.view(cart, self.shopper)).collect(),
        }
    }
}
