//! Holds: codes, balances and discounts set aside for one checkout.
//!
//! What a hold has of a voucher's uses and of a person's limits is counted with what is used; what it
//! has of a balance or a budget lies in a purse of its own. A redemption gives it all back and spends
//! it in the same decision, so that nobody else can come between. Where there is room nobody looks at what others
//! have set aside, and where there is none at a few: what it costs does not grow with the number of holds.

use std::rc::Rc;

use crate::decide::checkout::cart::Cart;
use crate::decide::checkout::cart_line::CartLine;
use crate::decide::checkout::checkout_discount;
use crate::decide::checkout::discount_rule::{self, CheckoutDiscount};
use crate::decide::checkout::set_aside::SetAside;
use crate::decide::draft::Draft;
use crate::decide::ledger::{Move, post_covered};
use crate::decide::people::person::{self, Person};
use crate::decide::programs::budget;
use crate::decide::vouchers::hold_ending::{Contested, IN_THE_WAY, end, end_due, expire};
use crate::decide::vouchers::purse::credit;
use crate::decide::vouchers::uses::{counts_by_customer, uses_subject};
use crate::records::account::credit_account;
use crate::records::entry::EntryKind;
use crate::records::hold::{HoldStatus, held_account};
use crate::records::redemption::{MovedEntry, Recommendation, RedeemedLine};
use crate::records::{Account, Customer, Hold, HoldMark, HoldSlot, Id, Program, Tally, Timestamp, Voucher, VoucherUse};
use crate::world::Stop;

/// The slots of a cart's names.
pub fn slots(draft: &Draft<'_>, cart: &Cart) -> Vec<Id> {
    let order = cart.order_id.as_deref().map(|order_id| HoldSlot::of_order(draft.shop.id, order_id));
    let cart = cart.cart_id.as_deref().map(|cart_id| HoldSlot::of_cart(draft.shop.id, cart_id));
    order.into_iter().chain(cart).collect()
}

/// The holds that a cart has by its names, and that are not noted as over.
pub fn own(draft: &Draft<'_>, cart: &Cart) -> Result<Vec<Rc<Hold>>, Stop> {
    let found: Vec<Option<Rc<HoldSlot>>> =
        slots(draft, cart).into_iter().map(|slot| draft.get::<HoldSlot>(slot)).collect::<Result<_, _>>()?;
    let mut ids: Vec<Id> = found.into_iter().flatten().filter_map(|slot| slot.hold).collect();
    ids.dedup();
    let holds: Vec<_> = ids.into_iter().map(|id| draft.expect::<Hold>(id)).collect();
    let holds: Vec<Rc<Hold>> = holds.into_iter().collect::<Result<_, _>>()?;
    let own: Vec<_> = holds.into_iter().filter(|hold| hold.status == HoldStatus::Held).collect();
    Ok(own)
}

/// Ends the holds of the very order or cart, and answers what those that live had set aside.
pub fn take(draft: &mut Draft<'_>, own: &[Rc<Hold>], status: HoldStatus) -> Result<SetAside, Stop> {
    let mut set_aside = SetAside::default();
    draft.each(own, |draft, hold| {
        // It may have stood in its own way, and be over.
        let hold = &draft.expect::<Hold>(hold.id)?;
        if hold.status != HoldStatus::Held {
            return Ok(());
        }
        if !hold.is_live(draft.at()) {
            return expire(draft, hold);
        }
        set_aside.add(&hold.lines);
        end(draft, hold, status).map(drop)
    })?;
    Ok(set_aside)
}

/// Notes which redemption spent what holds had set aside.
pub fn note_redemption(draft: &mut Draft<'_>, own: &[Rc<Hold>], redemption: Id) -> Result<(), Stop> {
    for hold in own {
        let hold = draft.expect::<Hold>(hold.id)?;
        if hold.status == HoldStatus::Redeemed {
            draft.save(Hold { redemption: Some(redemption), ..(*hold).clone() });
        }
    }
    Ok(())
}

/// Sets aside what the lines of a cart come to.
pub struct Holding<'a> {
    hold: Id,
    until: Timestamp,
    customer: Option<&'a Rc<Customer>>,
    /// Marks on what it has something of.
    pub marks: Vec<Id>,
}

impl<'a> Holding<'a> {
    /// For a hold that lives until then, and for who buys.
    pub fn new(hold: Id, until: Timestamp, customer: Option<&'a Rc<Customer>>) -> Self {
        Self { hold, until, customer, marks: Vec::new() }
    }

    /// Sets aside what a line comes to, and notes it.
    pub fn set_aside(&mut self, draft: &mut Draft<'_>, cart: &Cart, line: &CartLine) -> Result<RedeemedLine, Stop> {
        let mut held = line.redeemed(cart, &draft.installation.vault, draft.random());
        if !line.counts() {
            return Ok(held);
        }
        match (&line.voucher, &line.checkout_discount, self.customer) {
            (Some(voucher), ..) => {
                self.hold_use(draft, voucher)?;
                if voucher.is_balance() {
                    held.entries = self.move_aside(draft, &voucher.account(), line.part.payment)?;
                }
            }
            (None, Some(checkout_discount), Some(friend)) => {
                self.hold_discount(draft, checkout_discount, friend, &mut held)?;
            }
            (None, None, Some(customer)) => {
                let account = credit_account(customer.id);
                held.entries = self.move_aside(draft, &account, line.part.payment)?;
                self.mark(draft, Account::id_of(draft.shop.id, &account, draft.shop.currency));
            }
            (None, _, None) => {}
        }
        Ok(held)
    }

    fn hold_use(&mut self, draft: &mut Draft<'_>, voucher: &Voucher) -> Result<(), Stop> {
        let uses = draft.get::<VoucherUse>(VoucherUse::id_of(voucher.id))?;
        let mut uses = uses.map_or_else(|| VoucherUse::none(draft.shop.id, voucher.id), |uses| (*uses).clone());
        uses.held += 1;
        uses.cap = voucher.max_redemptions;
        draft.save(uses);
        self.mark(draft, voucher.id);
        let Some(customer) = self.customer.filter(|_| counts_by_customer(voucher)) else { return Ok(()) };
        let person = person::of(draft, customer)?;
        person::add(draft, &person, |id| uses_subject(voucher.counted_as, id), voucher.per_customer)?;
        if voucher.per_customer.is_some() {
            self.mark(draft, Tally::id_of(draft.shop.id, &uses_subject(voucher.counted_as, person.id)));
        }
        Ok(())
    }

    fn hold_discount(
        &mut self,
        draft: &mut Draft<'_>,
        checkout_discount: &CheckoutDiscount,
        friend: &Customer,
        held: &mut RedeemedLine,
    ) -> Result<(), Stop> {
        let account = checkout_discount.program().account();
        let (entries, person) = (self.move_aside(draft, &account, held.discount)?, person::of(draft, friend)?);
        held.entries = entries;
        let counted_by = checkout_discount::count_discount(draft, checkout_discount, friend, held.discount)?;
        held.recommendation = Some(Recommendation { counted_by, ..checkout_discount.noted() });
        self.mark(draft, Account::id_of(draft.shop.id, &account, draft.shop.currency));
        self.mark(draft, checkout_discount.counter_id(draft, person.id));
        Ok(())
    }

    /// Notes that it has something of a voucher, an account or a count.
    fn mark(&mut self, draft: &mut Draft<'_>, subject: Id) {
        let id = draft.new_id("hmk");
        let (shop, hold, due_at) = (draft.shop.id, self.hold, self.until);
        draft.save(HoldMark { id, shop, version: 0, hold, subject: Some(subject), due_at });
        self.marks.push(id);
    }

    fn move_aside(&self, draft: &mut Draft<'_>, account: &str, amount: i64) -> Result<Vec<MovedEntry>, Stop> {
        let moved = post_covered(
            draft,
            &Move {
                kind: EntryKind::Held,
                debit: account,
                credit: &held_account(account),
                amount,
                currency: draft.shop.currency,
                cause: self.hold,
                customer: self.customer.map(|customer| customer.id),
                reverses: None,
            },
        )?;
        Ok(moved.into_iter().collect())
    }
}

/// Ends the holds whose time is over that keep a cart from what it asks for.
pub fn make_room(draft: &mut Draft<'_>, cart: &Cart, buyer: Option<&Customer>) -> Result<(), Stop> {
    let contested = contested(draft, cart, buyer)?;
    end_due(draft, &contested)
}

/// What a cart asks for, where holds may be in its way.
fn contested(draft: &Draft<'_>, cart: &Cart, buyer: Option<&Customer>) -> Result<Vec<Contested>, Stop> {
    let person = buyer.map(|buyer| person::of(draft, buyer)).transpose();
    let typed: Vec<_> = cart.codes.iter().map(|typed| typed.voucher(draft)).collect();
    let programs = checkout_discount::programs(draft, cart);
    let vouchers: Vec<Option<Rc<Voucher>>> = typed.into_iter().collect::<Result<_, _>>()?;
    let (programs, person) = (programs?, person?);
    let of_vouchers: Vec<_> =
        vouchers.iter().flatten().map(|voucher| scarce(draft, voucher, person.as_ref())).collect();
    let of_programs: Vec<_> = programs.iter().map(|program| short(draft, cart, program, person.as_ref())).collect();
    let of_credit = buyer.filter(|_| cart.store_credit.is_some()).map(|buyer| credit(draft, buyer));
    let found: Vec<Vec<Contested>> =
        of_vouchers.into_iter().chain(of_programs).chain(of_credit).collect::<Result<_, _>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// What holds may keep from a cart of a voucher: the last use of all, the last of the person, or a part of a balance.
fn scarce(draft: &Draft<'_>, voucher: &Voucher, person: Option<&Person>) -> Result<Vec<Contested>, Stop> {
    let uses = draft.get::<VoucherUse>(VoucherUse::id_of(voucher.id))?;
    let person = person.filter(|_| counts_by_customer(voucher));
    let subject = |id: Id| uses_subject(voucher.counted_as, id);
    let by_person = person.map(|person| person::count(draft, person, subject)).transpose()?;
    let Some(uses) = uses.filter(|uses| uses.held > 0) else { return Ok(Vec::new()) };
    let is_full = voucher.max_redemptions.is_some_and(|max| uses.used + uses.held >= max);
    let mut contested = Vec::new();
    if voucher.is_balance() {
        contested.push(Contested { subject: voucher.id, most: IN_THE_WAY });
    } else if is_full {
        contested.push(Contested { subject: voucher.id, most: 1 });
    }
    if voucher.per_customer.is_some_and(|max| by_person.is_some_and(|taken| taken >= max)) {
        let ids = person.into_iter().flat_map(Person::ids);
        contested.extend(ids.map(|id| Contested { subject: Tally::id_of(draft.shop.id, &subject(id)), most: 1 }));
    }
    Ok(contested)
}

/// What holds may keep from a cart of a program: a part of its budget, or the last of the person's discounts.
fn short(draft: &Draft<'_>, cart: &Cart, program: &Program, person: Option<&Person>) -> Result<Vec<Contested>, Stop> {
    let left = budget::budget_left(draft, program);
    let full = person.map(|person| discount_rule::full_counters(draft, program, person)).transpose();
    let (left, full) = (left?, full?);
    let asked = cart.amount.0.saturating_add(cart.shipping());
    let budget = left.filter(|left| *left < asked);
    let budget = budget.map(|_| Account::id_of(draft.shop.id, &program.account(), draft.shop.currency));
    let full = full.into_iter().flatten();
    Ok(budget.into_iter().chain(full).map(|subject| Contested { subject, most: IN_THE_WAY }).collect())
}

#[cfg(test)]
#[path = "hold_tests.rs"]
mod tests;
