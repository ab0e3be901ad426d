//! What each kind of record loses when a customer is erased: all that tells who he is, and what
//! people wrote about him. Our own ids stay, so that the books and the counts stay whole.

use std::rc::Rc;

use crate::decide::customer_lookup::ERASED;
use crate::decide::draft::Draft;
use crate::decide::erasure::erasure_job::Erasure;
use crate::decide::input::typed_code;
use crate::decide::rewards::voiding::{Because, void_reward};
use crate::decide::vouchers::hold_ending;
use crate::records::audit::ActorKind;
use crate::records::grant::GrantStatus;
use crate::records::hold::HoldStatus;
use crate::records::message::{MessageStatus, Withheld};
use crate::records::redemption::RedeemedLine;
use crate::records::reward::Step;
use crate::records::*;
use crate::views;
use crate::world::{Shelved, Stop};

/// Whether a record still names the customer by his id when he is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// It does: his history can be told, whoever he was.
    Kept,
    /// It belongs to nobody any more.
    Cut,
}

/// Erases from a record what it tells of customers who are erased.
pub fn erase(draft: &mut Draft<'_>, id: Id, erasure: &Erasure) -> Result<Link, Stop> {
    match RecordKind::of(id).unwrap_or_else(|| panic!("{id} names no record")) {
        RecordKind::Code => code(draft, id, erasure),
        RecordKind::Share => share(draft, id, erasure),
        RecordKind::Referral => referral(draft, id, erasure),
        RecordKind::Conversion => conversion(draft, id, erasure),
        RecordKind::Reward => reward(draft, id, erasure),
        RecordKind::Voucher => voucher(draft, id, erasure),
        RecordKind::Redemption => redemption(draft, id, erasure),
        RecordKind::Hold => hold(draft, id, erasure),
        RecordKind::Grant => grant(draft, id, erasure),
        RecordKind::Message => message(draft, id, erasure),
        RecordKind::Claim => claim(draft, id, erasure),
        RecordKind::Member => member(draft, id, erasure),
        RecordKind::Suppression => suppression(draft, id, erasure),
        RecordKind::AnalyticsIds => analytics_ids(draft, id, erasure),
        // They name nobody, or are erased with the customer, or keep our own ids alone.
        RecordKind::ShopHead
        | RecordKind::Shop
        | RecordKind::StoredAnswer
        | RecordKind::ApiKey
        | RecordKind::Operator
        | RecordKind::Customer
        | RecordKind::Identity
        | RecordKind::Person
        | RecordKind::Program
        | RecordKind::OwnChannel
        | RecordKind::Offer
        | RecordKind::ClaimRate
        | RecordKind::Segment
        | RecordKind::History
        | RecordKind::TakenCode
        | RecordKind::ShareCount
        | RecordKind::VoucherBatch
        | RecordKind::VoucherUse
        | RecordKind::Tally
        | RecordKind::Account
        | RecordKind::Entry
        | RecordKind::OrderSlot
        | RecordKind::HoldSlot
        | RecordKind::HoldMark
        | RecordKind::Reversal
        | RecordKind::Refund
        | RecordKind::Mention
        | RecordKind::Job
        | RecordKind::JobFault
        | RecordKind::Event
        | RecordKind::EventPage
        | RecordKind::Forgotten
        | RecordKind::Admission
        | RecordKind::Endpoint
        | RecordKind::AnalyticsAccount
        | RecordKind::Delivery
        | RecordKind::Template
        | RecordKind::Announcement
        | RecordKind::AuditRow => panic!("an erasure does not go through records like {id}"),
    }
}

/// The record, whose story is erased with what it tells itself.
fn told<R: Shelved>(draft: &mut Draft<'_>, id: Id, erasure: &Erasure) -> Result<R, Stop> {
    let record: Rc<R> = draft.expect::<R>(id)?;
    draft.forget(erasure.job.id, id)?;
    Ok((*record).clone())
}

/// A code is made of a name; its id stands in its place, which nobody can type.
fn code(draft: &mut Draft<'_>, id: Id, erasure: &Erasure) -> Result<Link, Stop> {
    let code = told::<Code>(draft, id, erasure)?;
    typed_code::free(draft, &code.code, id)?;
    draft.save(Code { code: id.to_string(), plain: id.to_string(), folded: None, customer_ref: None, ..code });
    Ok(Link::Kept)
}

/// Its link goes on leading to the shop, and speaks for nobody.
fn share(draft: &mut Draft<'_>, id: Id, erasure: &Erasure) -> Result<Link, Stop> {
    let share = told::<Share>(draft, id, erasure)?;
    let first_of = share.first_of.as_ref().map(|_| id.to_string());
    draft.save(Share { customer: None, customer_ref: None, spot: None, placement: None, first_of, ..share });
    Ok(Link::Cut)
}

fn referral(draft: &mut Draft<'_>, id: Id, erasure: &Erasure) -> Result<Link, Stop> {
    let who = &erasure.who;
    let mut referral = told::<Referral>(draft, id, erasure)?;
    blank(&mut referral.friend_ref, who.contains(&referral.friend));
    blank(&mut referral.advocate_ref, who.contains(&referral.advocate));
    draft.save(referral);
    Ok(Link::Kept)
}

fn conversion(draft: &mut Draft<'_>, id: Id, erasure: &Erasure) -> Result<Link, Stop> {
    let (refunds, rewards) = (draft.list(&Refund::OF_CONVERSION, id)?, draft.list(&Reward::OF_CONVERSION, id)?);
    let mut conversion = told::<Conversion>(draft, id, erasure)?;
    for refund in refunds {
        draft.forget(erasure.job.id, refund.id)?;
    }
    for reward in rewards.iter().filter(|reward| !erasure.who.contains(&reward.customer)) {
        forget_words(draft, erasure.job.id, reward)?;
    }
    conversion.reason = None;
    conversion.brought = None;
    let is_one = |given: Option<Id>| given.is_some_and(|given| erasure.who.contains(&given));
    blank(&mut conversion.customer_ref, is_one(conversion.customer));
    blank(&mut conversion.advocate_ref, is_one(conversion.advocate));
    for loser in &mut conversion.considered.0 {
        blank(&mut loser.advocate, is_one(loser.advocate_id));
    }
    draft.save(conversion);
    Ok(Link::Kept)
}

/// What was said of an order stands with the rewards of the others as well; theirs is all else.
fn forget_words(draft: &mut Draft<'_>, job: Id, reward: &Reward) -> Result<(), Stop> {
    if reward.history.iter().any(is_said) {
        draft.forget(job, reward.id)?;
        let mut reward = reward.clone();
        unsay(&mut reward);
        draft.save(reward);
    }
    Ok(())
}

/// Whether somebody gave a reason in words of his own.
fn is_said(step: &Step) -> bool {
    step.why.is_some() && step.who.kind != ActorKind::System
}

fn unsay(reward: &mut Reward) {
    for step in reward.history.0.iter_mut().filter(|step| is_said(step)) {
        step.why = None;
    }
}

fn blank(text: &mut Option<String>, is_his: bool) {
    if is_his {
        *text = None;
    }
}

/// What waits, or is due, is voided; what was issued stays.
fn reward(draft: &mut Draft<'_>, id: Id, erasure: &Erasure) -> Result<Link, Stop> {
    let mut reward = told::<Reward>(draft, id, erasure)?;
    reward.customer_ref = None;
    unsay(&mut reward);
    match reward.status {
        status if status.waits() => drop(void_reward(draft, &reward, &Because { cause: id, why: ERASED })?),
        _ => drop(draft.save(reward)),
    }
    Ok(Link::Kept)
}

/// Good for whoever has the code. One that was his to use without end is good for nobody: it stays
/// bound.
fn voucher(draft: &mut Draft<'_>, id: Id, erasure: &Erasure) -> Result<Link, Stop> {
    let mut voucher = told::<Voucher>(draft, id, erasure)?;
    voucher.customer_ref = None;
    if voucher.max_redemptions.is_none() && !voucher.is_balance() {
        draft.save(voucher);
        return Ok(Link::Kept);
    }
    voucher.customer = None;
    // A limit for each customer asks who it is; where it limits nothing more than the uses do, nobody is asked.
    let is_idle = voucher.max_redemptions.is_none_or(|uses| voucher.per_customer >= Some(uses));
    voucher.per_customer = voucher.per_customer.filter(|_| !is_idle);
    draft.save(voucher);
    Ok(Link::Cut)
}

/// A typed code of an advocate is made of her name. Answers whether one was there.
fn forget_advocate(lines: &mut [RedeemedLine], who: &[Id]) -> bool {
    let mut is_named = false;
    for line in lines {
        let Some(recommendation) = line.recommendation.as_mut() else { continue };
        let is_his = who.contains(&recommendation.advocate);
        blank(&mut recommendation.advocate_ref, is_his);
        blank(&mut line.code_box, is_his);
        blank(&mut line.code_hint, is_his);
        is_named |= is_his;
    }
    is_named
}

fn redemption(draft: &mut Draft<'_>, id: Id, erasure: &Erasure) -> Result<Link, Stop> {
    let undone = draft.list(&Reversal::OF_REDEMPTION, id)?;
    let mut redemption = told::<Redemption>(draft, id, erasure)?;
    for reversal in undone {
        draft.forget(erasure.job.id, reversal.id)?;
    }
    blank(&mut redemption.customer_ref, redemption.customer.is_some_and(|customer| erasure.who.contains(&customer)));
    forget_advocate(&mut redemption.lines.0, &erasure.who);
    draft.save(redemption);
    Ok(Link::Kept)
}

/// What was set aside for him is free again. Of an advocate whose code
/// somebody typed, the code goes.
fn hold(draft: &mut Draft<'_>, id: Id, erasure: &Erasure) -> Result<Link, Stop> {
    let mut hold = told::<Hold>(draft, id, erasure)?;
    let is_his = hold.customer.is_some_and(|customer| erasure.who.contains(&customer));
    if is_his && hold.status == HoldStatus::Held {
        hold = (*hold_ending::end(draft, &hold, HoldStatus::Released)?).clone();
    }
    blank(&mut hold.customer_ref, is_his);
    let is_named = forget_advocate(&mut hold.lines.0, &erasure.who);
    if is_his || is_named {
        hold.cart_box.clear();
    }
    draft.save(hold);
    Ok(Link::Kept)
}

/// What nobody has decided yet is rejected.
fn grant(draft: &mut Draft<'_>, id: Id, erasure: &Erasure) -> Result<Link, Stop> {
    let grant = told::<Grant>(draft, id, erasure)?;
    let mut left = Grant { customer_ref: None, reason: ERASED.to_owned(), ..grant };
    if left.status == GrantStatus::PendingApproval {
        left.status = GrantStatus::Rejected;
        left.decided_by = Json(Some(draft.context.actor.clone()));
        left.decided_at = Some(draft.at());
        draft.event(EventKind::GrantRejected, &views::grant::grant(&left))?;
    }
    draft.save(left);
    Ok(Link::Kept)
}

/// What has not left stays. One that is just being sent cannot be called back; what became of it is
/// not noted any more.
fn message(draft: &mut Draft<'_>, id: Id, erasure: &Erasure) -> Result<Link, Stop> {
    let message = told::<Message>(draft, id, erasure)?;
    let is_over = matches!(message.status, MessageStatus::Sent | MessageStatus::Failed | MessageStatus::Suppressed);
    draft.save(Message {
        customer_ref: None,
        recipient: None,
        waiting_for: None,
        next_at: None,
        tries: message.tries + i64::from(message.status == MessageStatus::Sending),
        status: if is_over { message.status } else { MessageStatus::Suppressed },
        reason: (message.status != MessageStatus::Sent).then(|| Withheld::Erased.into()),
        ..message
    });
    Ok(Link::Kept)
}

fn claim(draft: &mut Draft<'_>, id: Id, erasure: &Erasure) -> Result<Link, Stop> {
    let who = &erasure.who;
    let mut claim = told::<Claim>(draft, id, erasure)?;
    blank(&mut claim.customer_ref, who.contains(&claim.customer));
    blank(&mut claim.advocate_ref, claim.advocate.is_some_and(|advocate| who.contains(&advocate)));
    draft.save(claim);
    Ok(Link::Kept)
}

/// Nobody is on a list any more.
fn member(draft: &mut Draft<'_>, id: Id, erasure: &Erasure) -> Result<Link, Stop> {
    let member = told::<Member>(draft, id, erasure)?;
    draft.save(Member { customer_ref: None, is_in: false, ..member });
    Ok(Link::Kept)
}

/// What analytics call a browser is kept of nobody who is forgotten.
fn analytics_ids(draft: &mut Draft<'_>, id: Id, erasure: &Erasure) -> Result<Link, Stop> {
    let known = told::<AnalyticsIds>(draft, id, erasure)?;
    draft.save(AnalyticsIds { ids: Json(None), ..known });
    Ok(Link::Cut)
}

/// Whether an address takes mails is known of nobody who is forgotten.
fn suppression(draft: &mut Draft<'_>, id: Id, erasure: &Erasure) -> Result<Link, Stop> {
    let suppression = told::<Suppression>(draft, id, erasure)?;
    draft.save(Suppression { customer: None, ..suppression });
    Ok(Link::Cut)
}
