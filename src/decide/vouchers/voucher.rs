//! Making vouchers, and moving their value out of the books and back.

use std::rc::Rc;

use crate::decide::counter;
use crate::decide::draft::Draft;
use crate::decide::input::typed_code;
use crate::decide::ledger::{Move, post_covered};
use crate::decide::vouchers::balance::{release, standing, value};
use crate::decide::vouchers::remind_of_voucher::remind_at;
use crate::decide::vouchers::voucher_code::{drawn, hint};
use crate::records::account::SHOP;
use crate::records::audit::Actor;
use crate::records::entry::EntryKind;
use crate::records::pass::Pass;
use crate::records::voucher::Standing;
use crate::records::voucher::{VoucherSource, VoucherStatus};
use crate::records::voucher_batch::withdrawn_subject;
use crate::records::voucher_terms::VoucherTerms;
use crate::records::{EventKind, Id, Json, Voucher};
use crate::views::Mask;
use crate::views::voucher::{VoucherView, voucher as view};
use crate::world::Stop;

/// A voucher to be made.
pub struct NewVoucher {
    /// What it is.
    pub terms: VoucherTerms,
    /// Whose it is, when bound: our id and the shop's.
    pub customer: Option<(Id, Option<String>)>,
    /// The shop's own id of it.
    pub reference: Option<String>,
    /// Hash of what was asked for, to tell the same request from another under its name.
    pub content: Option<String>,
    /// Who makes it, where it waits for a second operator.
    pub asked_by: Option<Actor>,
    /// What it lets people attend, where it is a pass.
    pub pass: Option<Pass>,
    /// What it comes from.
    pub source: VoucherSource,
    /// The reward or grant.
    pub source_id: Option<Id>,
    /// The account that its value returns to.
    pub source_account: String,
    /// A code that the shop chose, found free by the caller; `None`: one is drawn.
    pub code: Option<String>,
}

impl NewVoucher {
    /// One that the shop makes, for whoever has its code.
    pub fn of_shop(terms: VoucherTerms) -> Self {
        Self {
            terms,
            customer: None,
            reference: None,
            content: None,
            asked_by: None,
            pass: None,
            source: VoucherSource::Shop,
            source_id: None,
            source_account: SHOP.to_owned(),
            code: None,
        }
    }
}

/// Makes a voucher, pays its value out of an account and tells; answers it with its code. One that waits
/// for a second operator is told of when it is good.
pub fn make(
    draft: &mut Draft<'_>,
    new: NewVoucher,
    paid_from: &str,
    kind: EntryKind,
) -> Result<(Rc<Voucher>, String), Stop> {
    let (voucher, code, value) = put_in_books(draft, new, paid_from, kind)?;
    let standing = Standing { balance: voucher.is_balance().then_some(value), ..Standing::default() };
    if !voucher.needs_approval() {
        tell(draft, EventKind::VoucherIssued, &voucher, standing)?;
    }
    Ok((draft.save(voucher), code))
}

/// Takes over a voucher that was issued before, with a batch or without: its value is put in the books, and nobody is
/// told.
pub fn take_over(draft: &mut Draft<'_>, new: NewVoucher, batch: Option<Id>) -> Result<Rc<Voucher>, Stop> {
    let (voucher, _, _) = put_in_books(draft, new, SHOP, EntryKind::Issued)?;
    Ok(draft.save(Voucher { batch, ..voucher }))
}

/// Makes a voucher of a batch; its code was found free. Answers what is to be put in the books for it, which is the
/// caller's.
pub fn make_of_batch(draft: &mut Draft<'_>, new: NewVoucher, batch: Id, code: &str) -> (Rc<Voucher>, i64) {
    let voucher = Voucher { batch: Some(batch), ..blank(draft, new, code) };
    let value = first_value(&voucher);
    (draft.save(voucher), value)
}

/// What a voucher that nobody has used stands for in the books, minor units.
fn first_value(voucher: &Voucher) -> i64 {
    if voucher.is_balance() { voucher.face_amount } else { voucher.held(0) }
}

/// A voucher that is still to be saved, with its code and its value in the books.
fn put_in_books(
    draft: &mut Draft<'_>,
    new: NewVoucher,
    paid_from: &str,
    kind: EntryKind,
) -> Result<(Voucher, String, i64), Stop> {
    // A drawn code is not looked for: two equal ones among 60 bits would be refused by the database.
    let code = new.code.clone().unwrap_or_else(|| drawn(u64::from_be_bytes(draft.random())));
    let is_chosen = new.code.is_some();
    let voucher = blank(draft, new, &code);
    if is_chosen {
        typed_code::take(draft, &code, voucher.id)?;
    }
    let value = first_value(&voucher);
    post_covered(
        draft,
        &Move {
            kind,
            debit: paid_from,
            credit: &voucher.account(),
            amount: value,
            currency: voucher.currency,
            cause: voucher.id,
            customer: voucher.customer,
            reverses: None,
        },
    )?;
    Ok((voucher, code, value))
}

fn blank(draft: &Draft<'_>, new: NewVoucher, code: &str) -> Voucher {
    let (customer, customer_ref) = new.customer.map_or((None, None), |(id, external_id)| (Some(id), external_id));
    let (id, terms) = (draft.new_id("vch"), new.terms);
    Voucher {
        id,
        shop: draft.shop.id,
        version: 0,
        code_key: typed_code::key(draft, code),
        code_box: draft.installation.vault.seal(code, draft.random()),
        code_hint: hint(code),
        kind: terms.kind,
        amount: terms.amount,
        rate_bps: terms.rate_bps,
        max_amount: terms.max_amount,
        face_amount: terms.face_amount,
        currency: draft.shop.currency,
        min_order_amount: terms.min_order_amount,
        max_redemptions: terms.max_redemptions,
        per_customer: terms.per_customer,
        customer,
        customer_ref,
        valid_from: terms.valid_from,
        valid_until: terms.valid_until,
        due_at: terms.valid_until,
        remind_at: remind_at(&draft.shop, customer, terms.valid_until, draft.at()),
        lapsed_amount: 0,
        applies_to: Json(terms.applies_to),
        with_shop_discounts: terms.with_shop_discounts,
        stacking: Json(terms.stacking),
        legal_kind: terms.legal_kind,
        tax_kind: terms.tax_kind,
        reference: new.reference,
        content: new.content,
        asked_by: Json(new.asked_by),
        event: new.pass.as_ref().map(|pass| pass.event.key()),
        pass: new.pass.map(Json),
        source: new.source,
        source_id: new.source_id,
        source_account: new.source_account,
        counted_as: id,
        replaces: None,
        replaced_by: None,
        heir: None,
        batch: None,
        status: VoucherStatus::Active,
        created_at: draft.at(),
    }
}

/// Shows a voucher as it is now.
pub fn shown<'a>(draft: &Draft<'_>, voucher: &'a Voucher, standing: Standing, mask: Mask) -> VoucherView<'a> {
    view(voucher, standing, draft.at(), &draft.installation.vault, mask)
}

/// Notes what happened to a voucher; its code is masked.
pub fn tell(draft: &mut Draft<'_>, event: EventKind, voucher: &Voucher, standing: Standing) -> Result<(), Stop> {
    let data = shown(draft, voucher, standing, Mask::Hint);
    draft.event(event, &data)
}

/// Withdraws a voucher: what is left of its value returns to the account that it came from. Its
/// reward is the caller's.
pub fn withdraw(draft: &mut Draft<'_>, voucher: &Voucher) -> Result<Rc<Voucher>, Stop> {
    let standing = standing(draft, voucher)?;
    release(draft, voucher, value(voucher, standing), EntryKind::Voided, &voucher.source_account)?;
    let withdrawn = save_withdrawn(draft, voucher);
    if let Some(batch) = voucher.batch {
        counter::add_up(draft, &withdrawn_subject(batch), 1)?;
    }
    let standing = Standing { balance: standing.balance.map(|_| 0), ..standing };
    tell(draft, EventKind::VoucherVoided, &withdrawn, standing)?;
    Ok(withdrawn)
}

/// Notes that a voucher was withdrawn; its value is the caller's.
pub fn save_withdrawn(draft: &mut Draft<'_>, voucher: &Voucher) -> Rc<Voucher> {
    draft.save(Voucher { status: VoucherStatus::Void, due_at: None, lapsed_amount: 0, ..voucher.clone() })
}

/// Makes a voucher with a new code that stands for another, which is void from now on: the same
/// value, the uses that are left, the same conditions. The shop's `reference` stays with the old one.
pub fn replace(draft: &mut Draft<'_>, old: &Voucher, standing: Standing) -> Result<Rc<Voucher>, Stop> {
    let code = drawn(u64::from_be_bytes(draft.random()));
    let new = Voucher {
        id: draft.new_id("vch"),
        version: 0,
        code_key: typed_code::key(draft, &code),
        code_box: draft.installation.vault.seal(&code, draft.random()),
        code_hint: hint(&code),
        max_redemptions: standing.remaining_uses(old),
        reference: None,
        content: None,
        replaces: Some(old.id),
        heir: None,
        created_at: draft.at(),
        ..old.clone()
    };
    move_balance(draft, old, &new, standing.balance.unwrap_or(0))?;
    let mut void = old.clone();
    void.status = VoucherStatus::Void;
    void.due_at = None;
    void.replaced_by = Some(new.id);
    if old.id == old.counted_as {
        void.heir = Some(new.id);
    } else {
        let first = draft.expect::<Voucher>(old.counted_as)?;
        draft.save(Voucher { heir: Some(new.id), ..(*first).clone() });
    }
    let void = draft.save(void);
    tell(draft, EventKind::VoucherVoided, &void, Standing { balance: standing.balance.map(|_| 0), ..standing })?;
    tell(draft, EventKind::VoucherIssued, &new, Standing { balance: standing.balance, ..Standing::default() })?;
    Ok(draft.save(new))
}

/// Moves a balance to the voucher that stands for another; discounts have none.
pub fn move_balance(draft: &mut Draft<'_>, old: &Voucher, heir: &Voucher, balance: i64) -> Result<(), Stop> {
    if !old.is_balance() {
        return Ok(());
    }
    post_covered(
        draft,
        &Move {
            kind: EntryKind::Issued,
            debit: &old.account(),
            credit: &heir.account(),
            amount: balance,
            currency: old.currency,
            cause: heir.id,
            customer: heir.customer,
            reverses: None,
        },
    )?;
    Ok(())
}

/// The voucher that stands for this one now: itself, unless it was replaced. However often it was, the
/// first one knows the newest.
pub fn newest_replacement(draft: &Draft<'_>, voucher: &Rc<Voucher>) -> Result<Rc<Voucher>, Stop> {
    if voucher.replaced_by.is_none() {
        return Ok(voucher.clone());
    }
    let first = draft.expect::<Voucher>(voucher.counted_as)?;
    match first.heir {
        Some(newest) => draft.expect::<Voucher>(newest),
        None => Ok(voucher.clone()),
    }
}
