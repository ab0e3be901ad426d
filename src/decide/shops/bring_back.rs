//! Brings back what was reckoned by a time that had not come, after the shop's time was brought back:
//! what waits does not wait for that time, and what was over by it is not.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::orders::order;
use crate::decide::rewards::voiding::Because;
use crate::decide::vouchers::balance::standing;
use crate::decide::vouchers::hold_ending;
use crate::decide::vouchers::update_voucher::live_again;
use crate::records::hold::HoldStatus;
use crate::records::referral::ReferralStatus;
use crate::records::voucher::VoucherStatus;
use crate::records::{Conversion, Hold, Id, Message, RecordKind, Referral, Timestamp, Voucher};
use crate::world::Stop;

/// A hold, a conversion, a message, a voucher or a referral.
#[derive(Clone, Debug)]
pub struct BringBack {
    /// The record.
    pub record: Id,
}

/// Decides it. Done twice, it is done once.
pub fn decide(draft: &mut Draft<'_>, command: &BringBack) -> Result<Answer, Stop> {
    let id = command.record;
    match RecordKind::of(id) {
        Some(RecordKind::Hold) => release(draft, id)?,
        Some(RecordKind::Conversion) => wait_from_now(draft, id)?,
        Some(RecordKind::Message) => send_now(draft, id)?,
        Some(RecordKind::Voucher) => revive(draft, id)?,
        Some(RecordKind::Referral) => open(draft, id)?,
        _ => {}
    }
    Ok(Answer::no_content())
}

/// A checkout that was under way then is not under way now.
fn release(draft: &mut Draft<'_>, id: Id) -> Result<(), Stop> {
    match draft.get::<Hold>(id)? {
        Some(hold) if hold.status == HoldStatus::Held && hold.created_at > draft.at() => {
            hold_ending::end(draft, &hold, HoldStatus::Released).map(drop)
        }
        _ => Ok(()),
    }
}

/// An order waits from now as long as it was to wait, and its rewards with it.
fn wait_from_now(draft: &mut Draft<'_>, id: Id) -> Result<(), Stop> {
    let Some(conversion) = draft.get::<Conversion>(id)? else { return Ok(()) };
    if conversion.due_at.is_none() {
        return Ok(());
    }
    let at = draft.at();
    let not_ahead = |instant: Option<Timestamp>| instant.map(|instant| instant.min(at));
    let mut waiting = (*conversion).clone();
    waiting.occurred_at = waiting.occurred_at.min(at);
    (waiting.paid_at, waiting.delivered_at) = (not_ahead(waiting.paid_at), not_ahead(waiting.delivered_at));
    let because = Because { cause: id, why: "the shop's time was brought back" };
    order::update_order(draft, &conversion, waiting, &because).map(drop)
}

fn send_now(draft: &mut Draft<'_>, id: Id) -> Result<(), Stop> {
    let real_at = draft.context.real_at;
    match draft.get::<Message>(id)? {
        Some(message) if message.next_at.is_some_and(|next| next > real_at) => {
            let mut waiting = (*message).clone();
            waiting.next_at = Some(real_at);
            draft.save(waiting);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// A voucher that lapsed before its time lives again, and the reward that it came from.
fn revive(draft: &mut Draft<'_>, id: Id) -> Result<(), Stop> {
    let Some(voucher) = draft.get::<Voucher>(id)? else { return Ok(()) };
    let lapsed_early = voucher.due_at.is_none() && voucher.valid_until.is_some_and(|until| until > draft.at());
    if voucher.status != VoucherStatus::Active || !lapsed_early || standing(draft, &voucher)?.is_withdrawn {
        return Ok(());
    }
    let mut again = (*voucher).clone();
    again.due_at = again.valid_until;
    live_again(draft, &mut again)?;
    draft.audit("bring_back", again.id, None);
    draft.save(again);
    Ok(())
}

fn open(draft: &mut Draft<'_>, id: Id) -> Result<(), Stop> {
    match draft.get::<Referral>(id)? {
        Some(referral) if referral.status == ReferralStatus::Expired && referral.expires_at > draft.at() => {
            let mut again = (*referral).clone();
            again.status = ReferralStatus::Open;
            draft.audit("bring_back", id, None);
            draft.save(again);
            Ok(())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::decide::referrals::create_referral::CreateReferral;
    use crate::decide::referrals::expire_referral::ExpireReferral;
    use crate::decide::testing::bench::customer;
    use crate::decide::testing::till::{Till, id};
    use crate::records::VoucherUse;
    use crate::records::time::DAY_MS;

    /// By how much a clock was wrong.
    const AHEAD_DAYS: i64 = 400;

    /// A till whose clock is ahead for what is done with it, and right again then; what was made is brought back, twice.
    fn ahead(till: &mut Till, make: impl FnOnce(&mut Till) -> Id) -> Id {
        let real = till.bench.at;
        till.bench.at = real.plus_days(AHEAD_DAYS);
        let record = make(till);
        till.bench.at = real;
        for _ in 0..2 {
            till.bench.decide(BringBack { record }).expect("it is never refused");
            till.assert_books();
        }
        record
    }

    #[test]
    fn a_checkout_that_was_under_way_then_is_not_under_way_now() {
        let mut till = Till::new();
        let (voucher, code) = till.voucher(json!({"kind": "gift_card", "amount": 5_000}));
        let hold = ahead(&mut till, |till| id(&till.hold(json!({"codes": [code]})).expect("it is set aside").1));
        assert_eq!(till.bench.get::<Hold>(hold).status, HoldStatus::Released);
        assert_eq!(till.shown(voucher)["balance"], 5_000);
        assert_eq!(till.bench.get::<VoucherUse>(VoucherUse::id_of(voucher)).held, 0);
    }

    #[test]
    fn an_order_waits_from_now_as_long_as_it_was_to_wait() {
        let mut till = Till::new();
        let program = till.program(json!({"pending_days": 30}));
        let code = till.code(program, "anna");
        let order = json!({"customer": "bert", "paid": true, "evidence": {"code": code}});
        let order = ahead(&mut till, |till| id(&till.order(order).expect("an order").1));
        let order = till.bench.get::<Conversion>(order);
        assert_eq!((order.due_at, order.paid_at), (Some(till.bench.at.plus_days(30)), Some(till.bench.at)));
    }

    #[test]
    fn a_mail_that_was_to_leave_then_leaves_now() {
        let mut till = Till::new();
        till.bench.put(customer(&till.bench, "anna", "anna@mail.example"));
        let mail = ahead(&mut till, |till| {
            till.grant(json!({"kind": "store_credit", "amount": 500}));
            till.bench.all::<Message>()[0].id
        });
        assert_eq!(till.bench.get::<Message>(mail).next_at, Some(till.bench.at));
    }

    #[test]
    fn a_voucher_that_lapsed_before_its_time_lives_again() {
        let mut till = Till::new();
        let until = till.bench.at.plus_days(10);
        let (voucher, _) =
            till.voucher(json!({"kind": "gift_card", "amount": 5_000, "valid_until": until.to_string()}));
        ahead(&mut till, |till| {
            till.sweep();
            assert_eq!(till.bench.get::<Voucher>(voucher).lapsed_amount, 5_000);
            voucher
        });
        assert_eq!(till.shown(voucher)["status"], "active");
        assert_eq!(till.shown(voucher)["balance"], 5_000);
        assert_eq!(till.bench.get::<Voucher>(voucher).due_at, Some(until));
    }

    #[test]
    fn a_referral_that_expired_before_its_time_is_open_again() {
        let mut till = Till::new();
        let program = till.program(json!({"attribution": {"credit_window_days": 90}}));
        let code = till.code(program, "anna");
        let told: CreateReferral =
            serde_json::from_value(json!({"friend": "bert", "evidence": {"code": code}})).expect("a referral");
        till.bench.decide(told).expect("it begins");
        let referral = till.bench.all::<Referral>()[0].id;
        ahead(&mut till, |till| {
            till.bench.decide(ExpireReferral { referral }).expect("it is never refused");
            assert_eq!(till.bench.get::<Referral>(referral).status, ReferralStatus::Expired);
            referral
        });
        let again = till.bench.get::<Referral>(referral);
        assert_eq!((again.status, again.expires_at.ms() - till.bench.at.ms()), (ReferralStatus::Open, 90 * DAY_MS));
    }

    #[test]
    fn what_is_not_ahead_stays_as_it_is() {
        let mut till = Till::new();
        let (voucher, code) = till.voucher(json!({"kind": "amount_off", "amount": 500, "max_redemptions": 2}));
        let hold = id(&till.hold(json!({"codes": [code]})).expect("it is set aside").1);
        let unpaid = id(&till.order(json!({"customer": "bert"})).expect("an order").1);
        let nobody = ["hld", "cnv", "msg", "vch", "ref", "prg"].map(|prefix| Id::of(prefix, &["nobody"]));
        for record in [hold, voucher, unpaid].into_iter().chain(nobody) {
            let events = till.events();
            let said = till.bench.decide(BringBack { record }).expect("it is never refused");
            assert_eq!((said.status, till.events()), (204, events), "{record}");
        }
        assert_eq!(till.bench.get::<Hold>(hold).status, HoldStatus::Held);
    }
}
