//! Issuing a reward: its voucher is made or its credit given, and its mail is queued.

use std::rc::Rc;

use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::ledger::{Move, post_covered};
use crate::decide::mail::outbox;
use crate::decide::rewards::due::make_due;
use crate::decide::rewards::voiding::{Because, void_reward};
use crate::decide::vouchers::reward_of::{source_account, step};
use crate::decide::vouchers::voucher::{self, NewVoucher};
use crate::records::account::{PENDING, credit_account};
use crate::records::benefit::{BenefitKind, EARNED};
use crate::records::entry::EntryKind;
use crate::records::pass::Pass;
use crate::records::reward::RewardStatus;
use crate::records::voucher::{AppliesTo, LegalKind, TaxKind, VoucherSource};
use crate::records::voucher_terms::VoucherTerms;
use crate::records::{Customer, EventKind, Offer, Reward};
use crate::views;
use crate::world::Stop;

/// Why a pass that nobody was given yet falls.
const EVENT_IS_OVER: &str = "event_over";

/// Whether the customer gets a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tell {
    /// He does.
    Customer,
    /// He does not.
    Nobody,
}

/// Issues a reward: makes its voucher or credits the balance, and queues the mail, all in one. What the shop hands
/// over itself is due.
pub fn issue(draft: &mut Draft<'_>, reward: &Reward, paid_from: &str, tell: Tell) -> Result<Rc<Reward>, Stop> {
    if reward.benefit.kind.is_handed_over() {
        return make_due(draft, reward, paid_from);
    }
    let customer = customer_lookup::current(draft, reward.customer)?;
    let mut issued = step(draft, reward.clone(), RewardStatus::Issued, None);
    issued.customer = customer.id;
    issued.customer_ref = customer.external_id.clone();
    issued.issued_at = Some(draft.at());
    if reward.benefit.kind == BenefitKind::StoreCredit {
        post_covered(
            draft,
            &Move {
                kind: EntryKind::Issued,
                debit: paid_from,
                credit: &credit_account(customer.id),
                amount: reward.cost_amount,
                currency: reward.currency,
                cause: reward.id,
                customer: Some(customer.id),
                reverses: None,
            },
        )?;
    } else {
        let (made, _) = voucher::make(draft, voucher_of(draft, reward, &customer)?, paid_from, EntryKind::Issued)?;
        issued.voucher = Some(made.id);
        issued.expires_at = made.valid_until;
    }
    if tell == Tell::Customer {
        issued.message = Some(outbox::queue_reward_mail(draft, &issued, &customer)?);
    }
    let issued = draft.save(issued);
    draft.event(EventKind::RewardIssued, &views::reward::reward(&issued))?;
    Ok(issued)
}

fn voucher_of(draft: &Draft<'_>, reward: &Reward, customer: &Customer) -> Result<NewVoucher, Stop> {
    let benefit = &reward.benefit;
    let pass = benefit.event.clone().map(|event| Pass { event, seats: benefit.seats(), sequence: 0, is_own: false });
    let offer = reward.offer().map(|offer| draft.expect::<Offer>(offer)).transpose()?;
    let lasts = || benefit.valid.unwrap_or(EARNED).until(draft.at(), draft.shop.zone());
    let valid_until = pass.as_ref().map_or_else(lasts, |pass| pass.event.over_at());
    let is_card = benefit.kind == BenefitKind::GiftCard;
    let (source, source_id) = match reward.grant_id {
        Some(grant) => (VoucherSource::Grant, grant),
        None => (VoucherSource::Reward, reward.id),
    };
    let terms = VoucherTerms {
        kind: benefit.kind,
        amount: reward.amount,
        rate_bps: benefit.rate_bps,
        max_amount: if is_card { None } else { benefit.max_amount.map(|max| max.0) },
        face_amount: reward.cost_amount,
        min_order_amount: benefit.min_order_amount.map_or(0, |least| least.0),
        max_redemptions: if is_card { None } else { Some(1) },
        per_customer: None,
        valid_from: pass.as_ref().map(|pass| pass.event.doors_at()),
        valid_until: Some(valid_until),
        applies_to: AppliesTo::default(),
        with_shop_discounts: true,
        stacking: offer.as_ref().map(|offer| offer.stacking.0.clone()).unwrap_or_default(),
        legal_kind: if offer.is_some() { LegalKind::Promotional } else { LegalKind::Earned },
        tax_kind: if is_card { TaxKind::Mpv } else { TaxKind::Discount },
    };
    Ok(NewVoucher {
        customer: Some((customer.id, customer.external_id.clone())),
        pass,
        source,
        source_id: Some(source_id),
        source_account: source_account(reward),
        ..NewVoucher::of_shop(terms)
    })
}

/// Issues a reward whose wait is over. A pass for an event that is over meanwhile falls.
pub fn issue_pending(draft: &mut Draft<'_>, reward: &Reward) -> Result<Rc<Reward>, Stop> {
    if reward.benefit.is_over(draft.at()) {
        return void_reward(draft, reward, &Because { cause: reward.id, why: EVENT_IS_OVER });
    }
    issue(draft, reward, PENDING, Tell::Customer)
}
