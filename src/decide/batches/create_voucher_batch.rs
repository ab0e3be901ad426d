//! Begins a batch of vouchers: they are made in the background. One that an operator asks for, and that is worth more
//! than one person gives alone, is made when a second operator has approved it.

use serde::Deserialize;

use crate::decide::access::four_eyes::{Gift, gives_alone, hand};
use crate::decide::answer::Answer;
use crate::decide::batches::batch::shown;
use crate::decide::batches::batch_code::{Pattern, Worth};
use crate::decide::draft::Draft;
use crate::decide::input::nullable::nullable;
use crate::decide::input::range::within;
use crate::decide::vouchers::create_voucher::{self, CreateVoucher};
use crate::records::audit::Actor;
use crate::records::benefit::BenefitKind;
use crate::records::job::{JobKind, JobStatus};
use crate::records::money::{Amount, Currency, MAX_AMOUNT};
use crate::records::text::{Reference, Text};
use crate::records::voucher::{AppliesTo, LegalKind, Stacking, TaxKind};
use crate::records::voucher_batch::BatchStatus;
use crate::records::voucher_terms::VoucherTerms;
use crate::records::{Id, Job, Json, Timestamp, VoucherBatch};
use crate::refusal::Rejection;
use crate::views::Mask;
use crate::world::Stop;

/// Most vouchers of a batch.
pub const COUNT: i64 = 1_000_000;

/// The batch's fields: those of a voucher, and how many.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateVoucherBatch {
    /// What the shop calls it.
    pub name: Text<1, 200>,
    /// How many, 1 to 1 000 000; not with `customers`.
    pub count: Option<i64>,
    /// What each code begins with.
    pub prefix: Option<Text<1, 24>>,
    /// Drawn characters of a code, 4 to 25; left out: 12.
    pub length: Option<i64>,
    /// The form of the codes, in place of both: letters, digits, hyphens, `#` for a drawn character.
    pub pattern: Option<Text<1, 64>>,
    /// One for each of these, at most 10 000: `external_id` or `cus_…`. More come as a file.
    pub customers: Option<Vec<Reference>>,
    /// What each is; store credit is granted, not a voucher.
    pub kind: BenefitKind,
    /// Minor units: `amount_off`, `gift_card`.
    pub amount: Option<Amount>,
    /// Hundredths of a per cent: `percent_off`.
    pub rate_bps: Option<i64>,
    /// Never more than this, minor units.
    pub max_amount: Option<Amount>,
    /// The shop's currency; may be left out.
    pub currency: Option<Currency>,
    /// Uses of each in all, 1 to 10⁹; left out: 1; `null`: no limit. Not for gift cards.
    #[serde(default, deserialize_with = "nullable")]
    pub max_redemptions: Option<Option<i64>>,
    /// Uses of each by one customer.
    pub per_customer: Option<i64>,
    /// The cart must be worth this much, minor units.
    pub min_order_amount: Option<Amount>,
    /// Good from here.
    pub valid_from: Option<Timestamp>,
    /// First instant too late.
    pub valid_until: Option<Timestamp>,
    /// What each may be combined with.
    pub stacking: Option<Stacking>,
    /// What the law calls them.
    pub legal_kind: Option<LegalKind>,
    /// How VAT treats them.
    pub tax_kind: Option<TaxKind>,
    /// Which items they are for; left out: all.
    pub applies_to: Option<AppliesTo>,
    /// Whether they count beside a `shop_discount` of the cart; left out: they do.
    pub with_shop_discounts: Option<bool>,
    /// The list of customers that is kept already; not from the body.
    #[serde(skip)]
    pub list: Option<List>,
}

/// A list of customers, whose lines are kept under the job that makes a batch's vouchers.
#[derive(Clone, Copy, Debug)]
pub struct List {
    /// The batch; new.
    pub batch: Id,
    /// Lines.
    pub lines: i64,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &CreateVoucherBatch) -> Result<Answer, Stop> {
    let (count, is_bound) = count(command)?;
    let voucher = voucher(command);
    create_voucher::check_benefit(draft, &voucher)?;
    let terms = create_voucher::terms(&voucher)?;
    check_worth(&terms, count)?;
    let [pattern, prefix] = [command.pattern.as_deref(), command.prefix.as_deref()];
    let pattern = Pattern::read(pattern, prefix, command.length)?;
    pattern.check(count, worth(&terms, is_bound))?;
    let asked_by = waits_for(draft, &terms, count, is_bound)?;
    let id = command.list.map_or_else(|| draft.new_id("bat"), |list| list.batch);
    let job = draft.save(job(draft, id, count, asked_by.is_some()));
    let batch = draft.save(VoucherBatch {
        id,
        shop: draft.shop.id,
        version: 0,
        name: command.name.to_string(),
        imported: false,
        bound: is_bound,
        terms: Json(Some(terms)),
        pattern: Some(pattern.to_string()),
        count,
        made: 0,
        next_code: 0,
        status: if asked_by.is_some() { BatchStatus::PendingApproval } else { BatchStatus::Making },
        asked_by: Json(asked_by),
        job: job.id,
        reason: None,
        voided_at: None,
        swept_at: None,
        swept: None,
        created_at: draft.at(),
    });
    draft.audit("create_voucher_batch", id, None);
    Ok(Answer::accepted(&shown(draft, &batch, &job)?, format!("/v1/voucher_batches/{id}")))
}

/// How many, and whether one for each customer of a list.
fn count(command: &CreateVoucherBatch) -> Result<(i64, bool), Rejection> {
    match command.list {
        Some(_) if command.count.is_some() => {
            Err(Rejection::field("/count", "each customer of the list gets one; leave the count out"))
        }
        Some(list) if list.lines > COUNT => {
            Err(Rejection::field("/customers", format!("a list has at most {COUNT} customers")))
        }
        Some(list) => Ok((list.lines, true)),
        None => Ok((within(command.count.unwrap_or(0), 1, COUNT, "/count")?, false)),
    }
}

/// One of its vouchers, as it would be asked for alone.
fn voucher(command: &CreateVoucherBatch) -> CreateVoucher {
    CreateVoucher {
        kind: command.kind,
        amount: command.amount,
        rate_bps: command.rate_bps,
        max_amount: command.max_amount,
        currency: command.currency,
        max_redemptions: command.max_redemptions,
        per_customer: command.per_customer,
        min_order_amount: command.min_order_amount,
        customer: None,
        valid_from: command.valid_from,
        valid_until: command.valid_until,
        stacking: command.stacking.clone(),
        legal_kind: command.legal_kind,
        tax_kind: command.tax_kind,
        code: None,
        reference: None,
        applies_to: command.applies_to.clone(),
        with_shop_discounts: command.with_shop_discounts,
        mask: Mask::Hint,
    }
}

/// What stands in the books of all together has a limit, as of one alone.
fn check_worth(terms: &VoucherTerms, count: i64) -> Result<(), Rejection> {
    let each = terms.face_amount.saturating_mul(terms.max_redemptions.unwrap_or(1));
    if each.saturating_mul(count) > MAX_AMOUNT {
        return Err(Rejection::field("/count", format!("all vouchers together are worth at most {MAX_AMOUNT}")));
    }
    Ok(())
}

fn worth(terms: &VoucherTerms, is_bound: bool) -> Worth {
    match terms.kind {
        BenefitKind::GiftCard => Worth::Cash,
        _ if is_bound => Worth::Owned,
        _ if terms.max_redemptions.is_none() => Worth::Cash,
        _ => Worth::Little,
    }
}

/// Whom a second operator is to look over the shoulder of; `None`: nobody waits. What many customers get by a list
/// could not be added up for each of them.
fn waits_for(draft: &mut Draft<'_>, terms: &VoucherTerms, count: i64, is_bound: bool) -> Result<Option<Actor>, Stop> {
    let Some(by) = hand(draft)? else { return Ok(None) };
    let worth = terms.worth().map(|worth| worth.saturating_mul(count));
    let is_given = !is_bound && gives_alone(draft, &Gift { worth, to: None })?;
    Ok((!is_given).then_some(by))
}

/// The job that makes them; one that waits for an operator waits for no worker.
fn job(draft: &Draft<'_>, batch: Id, total: i64, waits: bool) -> Job {
    Job {
        id: VoucherBatch::making(batch),
        shop: draft.shop.id,
        version: 0,
        kind: JobKind::MakeVouchers,
        status: JobStatus::Queued,
        cursor: 0,
        done: 0,
        total,
        known: 0,
        refused: 0,
        batch: Some(batch),
        passed: None,
        reason: None,
        created_at: draft.at(),
        finished_at: None,
        next_at: (!waits).then_some(draft.context.real_at),
    }
}
