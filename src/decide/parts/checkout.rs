//! What a cart comes to, and every reason why not. Check and redemption use this very function, so
//! that what the one allows the other spends.

use std::rc::Rc;

use super::cart::{Cart, TypedCode};
use super::pricing::{Deduction, Part, Price, price};
use super::scope::{Scope, scope};
use super::{person, voucher};
use crate::decide::draft::Draft;
use crate::decide::ledger;
use crate::records::account::credit_account;
use crate::records::benefit::BenefitKind;
use crate::records::code;
use crate::records::redemption::RedeemedLine;
use crate::records::voucher::VoucherStatus;
use crate::records::{Code as AdvocateCode, Customer, Id, Voucher};
use crate::refusal::{Code, Fault as Refused, Rejection};
use crate::views::cart::{CartView, LineView, UNKNOWN, items, source};
use crate::views::voucher::Standing;
use crate::world::Stop;

/// Why a line does not count in a cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nobody knows the code.
    Unknown,
    /// It was withdrawn.
    Void,
    /// Its one use, or its balance, is spent.
    Spent,
    /// Its uses, or this customer's, are taken.
    LimitReached,
    /// Its time is over.
    Expired,
    /// Its time has not come.
    NotYetValid,
    /// It is bound to somebody else.
    Foreign,
    /// Who buys must be said.
    CustomerRequired,
    /// What is bought must be said.
    ItemsRequired,
    /// It is worth another currency.
    CurrencyMismatch,
    /// The cart is worth too little.
    MinOrderAmount,
    /// It does not stand beside another of the cart.
    NotCombinable,
    /// More was asked of a balance than there is.
    BalanceTooLow,
    /// There is nothing for it to do.
    NotApplicable,
}

impl Reason {
    /// The word of a check's answer, and the code with which a redemption is refused.
    fn names(self) -> (&'static str, Code) {
        match self {
            Reason::Unknown => (UNKNOWN, Code::VoucherUnknown),
            Reason::Void => ("void", Code::VoucherVoid),
            Reason::Spent => ("spent", Code::VoucherSpent),
            Reason::LimitReached => ("limit_reached", Code::LimitReached),
            Reason::Expired => ("expired", Code::VoucherExpired),
            Reason::NotYetValid => ("not_yet_valid", Code::VoucherNotYetValid),
            Reason::Foreign => ("foreign", Code::VoucherForeign),
            Reason::CustomerRequired => ("customer_required", Code::CustomerRequired),
            Reason::ItemsRequired => ("items_required", Code::ItemsRequired),
            Reason::CurrencyMismatch => ("currency_mismatch", Code::CurrencyMismatch),
            Reason::MinOrderAmount => ("min_order_amount", Code::NotApplicable),
            Reason::NotCombinable => ("not_combinable", Code::NotApplicable),
            Reason::BalanceTooLow => ("balance_too_low", Code::BalanceTooLow),
            Reason::NotApplicable => ("not_applicable", Code::NotApplicable),
        }
    }
}

/// One reason, and a sentence about it.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Why.
    pub reason: Reason,
    /// What to do about it.
    pub detail: String,
}

/// What one code, or the store credit, comes to.
pub struct Line {
    /// Its place in the cart.
    pub pointer: String,
    /// The code as it was typed; `None`: store credit.
    pub typed: Option<String>,
    /// The voucher, when it is known.
    pub voucher: Option<Rc<Voucher>>,
    /// What it is, when it is known.
    pub kind: Option<BenefitKind>,
    /// What counted of it before this cart.
    pub standing: Standing,
    /// The most that it may pay, minor units, where the cart says so.
    pub most: Option<i64>,
    /// For which items it is.
    pub scope: Scope,
    /// What it comes to.
    pub part: Part,
    /// Why it does not count; empty: it does.
    pub faults: Vec<Fault>,
}

/// What a cart comes to.
pub struct Assessed {
    /// Who buys.
    pub customer: Option<Rc<Customer>>,
    /// The codes in the order given, then the store credit.
    pub lines: Vec<Line>,
    /// Their sum; only valid lines count.
    pub price: Price,
}

/// Finds out what a cart comes to for who buys. Refuses only what no cart can be.
pub fn assess(draft: &Draft<'_>, cart: &Cart, customer: Option<Rc<Customer>>) -> Result<Assessed, Stop> {
    cart.check()?;
    let found: Vec<_> = cart.codes.iter().map(|typed| voucher::typed(draft, &typed.code)).collect();
    let found = found.into_iter().collect::<Result<Vec<_>, _>>()?;
    let with_place = cart.codes.iter().zip(found).enumerate();
    let lines: Vec<_> =
        with_place.map(|(index, (typed, found))| line(draft, cart, customer.as_deref(), index, typed, found)).collect();
    let credit = cart.store_credit.map(|most| credit_line(draft, cart, customer.as_deref(), most.0)).transpose();
    let (mut lines, credit) = (lines.into_iter().collect::<Result<Vec<_>, _>>()?, credit?);
    lines.extend(credit);
    refuse_combinations(&mut lines);
    let price = price_lines(cart, &mut lines);
    Ok(Assessed { customer, lines, price })
}

fn line(
    draft: &Draft<'_>,
    cart: &Cart,
    customer: Option<&Customer>,
    index: usize,
    typed: &TypedCode,
    found: Option<Rc<Voucher>>,
) -> Result<Line, Stop> {
    let mut line = Line {
        pointer: format!("/codes/{index}"),
        typed: Some(typed.code.to_string()),
        kind: found.as_ref().map(|voucher| voucher.kind),
        voucher: found.clone(),
        standing: Standing::default(),
        most: typed.amount.map(|amount| amount.0),
        scope: Scope::All,
        part: Part::default(),
        faults: Vec::new(),
    };
    let Some(voucher) = found else {
        line.faults.push(unknown(draft, &typed.code)?);
        return Ok(line);
    };
    let standing = voucher::standing(draft, &voucher);
    let by_customer = match customer.filter(|_| counts_by_customer(&voucher)) {
        Some(customer) => person::of(draft, customer)
            .and_then(|person| person::count(draft, &person, |id| uses_subject(voucher.counted_as, id))),
        None => Ok(0),
    };
    let is_owner = is_owner(draft, &voucher, customer);
    let (by_customer, is_owner) = (by_customer?, is_owner?);
    line.standing = standing?;
    line.scope = scope(&draft.shop, voucher.kind, &voucher.applies_to, cart);
    line.faults.extend(fault_of_state(draft, &voucher, line.standing));
    line.faults.extend(fault_of_person(&voucher, customer, is_owner, by_customer));
    line.faults.extend(fault_of_cart(&voucher, cart));
    line.faults.extend(fault_of_scope(&line.scope));
    line.faults.extend(fault_of_balance(&voucher, &line));
    Ok(line)
}

/// A code that is no voucher's; an advocate's code says so.
fn unknown(draft: &Draft<'_>, typed: &str) -> Result<Fault, Stop> {
    let advocate = draft.find(&AdvocateCode::BY_PLAIN, &code::plain(typed))?;
    Ok(match advocate {
        Some(_) => fault(
            Reason::NotApplicable,
            "This is an advocate's code, which takes nothing off a cart yet; send it as evidence with the conversion.",
        ),
        None => fault(Reason::Unknown, "There is no voucher with this code; mind that it was typed in full."),
    })
}

fn fault(reason: Reason, detail: impl Into<String>) -> Fault {
    Fault { reason, detail: detail.into() }
}

/// Whether uses are counted by customer: a voucher with one use needs no such count, unless it stands
/// for one that had more.
pub fn counts_by_customer(voucher: &Voucher) -> bool {
    voucher.max_redemptions != Some(1) || voucher.replaces.is_some()
}

/// The tally of a person's uses of a voucher.
pub fn uses_subject(voucher: Id, person: Id) -> String {
    format!("voucher:{voucher}:customer:{person}")
}

/// Whether who buys is the person to whom the voucher is bound, or it is bound to nobody.
fn is_owner(draft: &Draft<'_>, voucher: &Voucher, customer: Option<&Customer>) -> Result<bool, Stop> {
    match voucher.customer {
        Some(_) => person::is_same_as(draft, voucher.customer, customer),
        None => Ok(true),
    }
}

/// The voucher itself cannot be used now.
fn fault_of_state(draft: &Draft<'_>, voucher: &Voucher, standing: Standing) -> Option<Fault> {
    if voucher.status == VoucherStatus::Void {
        return Some(fault(Reason::Void, "The voucher was withdrawn."));
    }
    if standing.is_spent(voucher) {
        return Some(match voucher.max_redemptions {
            Some(max) if max > 1 => fault(Reason::LimitReached, format!("All {max} uses of the voucher are taken.")),
            _ => fault(Reason::Spent, "The voucher is spent."),
        });
    }
    if let Some(until) = voucher.valid_until.filter(|until| *until <= draft.at()) {
        return Some(fault(Reason::Expired, format!("The voucher was good until {until}.")));
    }
    let from = voucher.valid_from.filter(|from| *from > draft.at())?;
    Some(fault(Reason::NotYetValid, format!("The voucher is good from {from}.")))
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
    Some(fault(Reason::LimitReached, format!("A customer may use the voucher {max} times, and this one has.")))
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
    Some(fault(Reason::MinOrderAmount, format!("The voucher counts from {least} of goods (minor units).")))
}

/// It is for some items alone, and they are not there.
fn fault_of_scope(scope: &Scope) -> Option<Fault> {
    if *scope == Scope::ItemsRequired {
        let detail = "Not everything may be discounted; send the items of the cart, with sku and categories.";
        return Some(fault(Reason::ItemsRequired, detail));
    }
    scope.is_empty().then(|| fault(Reason::NotApplicable, "Nothing in the cart is what it is for."))
}

/// More is asked of its balance than there is.
fn fault_of_balance(voucher: &Voucher, line: &Line) -> Option<Fault> {
    let asked = line.most?;
    match line.standing.balance {
        Some(balance) if asked > balance && line.faults.is_empty() => {
            Some(fault(Reason::BalanceTooLow, format!("The balance is {balance}, {asked} was asked for.")))
        }
        None if !voucher.is_balance() => {
            Some(fault(Reason::NotApplicable, "An amount can be given only for a code with a balance; leave it out."))
        }
        _ => None,
    }
}

fn credit_line(draft: &Draft<'_>, cart: &Cart, customer: Option<&Customer>, most: i64) -> Result<Line, Stop> {
    let mut line = Line {
        pointer: "/store_credit".to_owned(),
        typed: None,
        voucher: None,
        kind: Some(BenefitKind::StoreCredit),
        standing: Standing::default(),
        most: Some(most),
        scope: Scope::All,
        part: Part::default(),
        faults: Vec::new(),
    };
    let Some(customer) = customer else {
        line.faults
            .push(fault(Reason::CustomerRequired, "Store credit is a customer's; send the customer with the cart."));
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
fn refuse_combinations(lines: &mut [Line]) {
    let discounts: Vec<(usize, Rc<Voucher>)> = (lines.iter().enumerate())
        .filter(|(_, line)| line.faults.is_empty())
        .filter_map(|(index, line)| Some((index, line.voucher.clone()?)))
        .filter(|(_, voucher)| !voucher.is_balance())
        .collect();
    for (index, voucher) in &discounts {
        let group = voucher.stacking.group.as_ref();
        let is_beside = |other: &Rc<Voucher>| group.is_some() && other.stacking.group.as_ref() == group;
        let detail = if voucher.stacking.exclusive && discounts.len() > 1 {
            "The voucher cannot be combined with another discount; give it alone.".to_owned()
        } else if discounts.iter().filter(|(_, other)| is_beside(other)).count() > 1 {
            let group = group.map_or("", |group| &**group);
            format!("Only one voucher of the group {group} can be used in a cart.")
        } else {
            continue;
        };
        lines[*index].faults.push(fault(Reason::NotCombinable, detail));
    }
}

/// Prices the lines that count. A discount that would take off nothing does not count: it would be
/// spent for nothing.
fn price_lines(cart: &Cart, lines: &mut [Line]) -> Price {
    let counted: Vec<usize> = (0..lines.len()).filter(|index| lines[*index].faults.is_empty()).collect();
    let deductions: Vec<Deduction> = counted.iter().map(|index| deduction(&lines[*index])).collect();
    let priced = price(&cart.goods(), &deductions);
    for (index, part) in counted.into_iter().zip(&priced.parts) {
        let line = &mut lines[index];
        line.part = part.clone();
        if part.discount == 0 && line.standing.balance.is_none() {
            line.faults.push(fault(Reason::NotApplicable, "There is nothing left in the cart that it could take off."));
        }
    }
    priced
}

fn deduction(line: &Line) -> Deduction {
    let voucher = line.voucher.as_deref();
    let balance = line.standing.balance.map(|balance| line.most.map_or(balance, |most| most.min(balance)));
    Deduction {
        kind: line.kind.unwrap_or(BenefitKind::StoreCredit),
        amount: balance.or(voucher.and_then(|voucher| voucher.amount)).unwrap_or(0),
        rate_bps: voucher.and_then(|voucher| voucher.rate_bps).unwrap_or(0),
        max_amount: voucher.filter(|voucher| !voucher.is_balance()).and_then(|voucher| voucher.max_amount),
        is_for: line.scope.marks(),
        valid_until: voucher.and_then(|voucher| voucher.valid_until),
        id: voucher.map(|voucher| voucher.id),
    }
}

impl Line {
    /// Whether it takes off or pays anything.
    pub fn counts(&self) -> bool {
        self.faults.is_empty() && self.part.discount + self.part.payment > 0
    }

    /// What counts of it after this cart.
    pub fn after(&self) -> Standing {
        Standing {
            used: self.standing.used + i64::from(self.counts()),
            balance: self.standing.balance.map(|balance| balance - self.part.payment),
        }
    }

    /// The discount by item: the items' ids and their parts, where it has one.
    fn items(&self, cart: &Cart) -> Vec<(String, i64)> {
        let parts = cart.items.iter().zip(&self.part.items).filter(|(_, part)| **part > 0);
        parts.map(|(item, part)| (item.id.to_string(), *part)).collect()
    }

    /// As it is noted when it is redeemed, without the entries.
    pub fn redeemed(&self, cart: &Cart) -> RedeemedLine {
        let voucher = self.voucher.as_deref();
        RedeemedLine {
            voucher: voucher.map(|voucher| voucher.id),
            code_box: voucher.map(|voucher| voucher.code_box.clone()),
            code_hint: voucher.map(|voucher| voucher.code_hint.clone()),
            kind: self.kind.unwrap_or(BenefitKind::StoreCredit),
            discount: self.part.discount,
            payment: self.part.payment,
            items: self.items(cart),
            remaining_uses: voucher.and_then(|voucher| self.after().remaining_uses(voucher)),
            balance: self.after().balance,
            entries: Vec::new(),
        }
    }

    fn view(&self, cart: &Cart) -> LineView {
        let id = self.voucher.as_ref().map(|voucher| voucher.id);
        LineView {
            code: self.typed.clone(),
            voucher: id,
            source: source(self.kind),
            kind: self.kind,
            valid: self.faults.is_empty(),
            discount: self.part.discount,
            payment: self.part.payment,
            items: items(&self.items(cart)),
            remaining_uses: self.voucher.as_deref().and_then(|voucher| self.after().remaining_uses(voucher)),
            balance: self.after().balance,
            reasons: self.faults.iter().map(|fault| fault.reason.names().0).collect(),
            detail: self.faults.first().map(|fault| fault.detail.clone()),
            program: None,
            advocate: None,
        }
    }
}

impl Assessed {
    /// The refusal of a cart that cannot be redeemed: every line's first fault, with its place.
    pub fn refusal(&self) -> Option<Rejection> {
        let first = |line: &Line| {
            let fault = line.faults.first()?;
            let (_, code) = fault.reason.names();
            let pointer = line.pointer.clone();
            Some((code, Refused { pointer, code: code.as_str().to_owned(), detail: fault.detail.clone() }))
        };
        Rejection::all(self.lines.iter().filter_map(first).collect())
    }

    /// Shows what the cart comes to.
    pub fn view(&self, cart: &Cart) -> CartView {
        let needs = |word: &'static str, reason: Reason| {
            let asks = |line: &Line| line.faults.iter().any(|fault| fault.reason == reason);
            self.lines.iter().any(asks).then_some(word)
        };
        CartView {
            valid: self.lines.iter().all(|line| line.faults.is_empty()),
            discount: self.price.discount,
            payment: self.price.payment,
            payable: self.price.payable,
            needs: [needs("customer", Reason::CustomerRequired), needs("items", Reason::ItemsRequired)]
                .into_iter()
                .flatten()
                .collect(),
            lines: self.lines.iter().map(|line| line.view(cart)).collect(),
        }
    }
}
