//! An event is changed or cancelled: its passes follow, and those who have them are told, with a file for their
//! calendars that takes the place of the earlier one.

use std::rc::Rc;

use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::mail::outbox;
use crate::decide::rewards::voiding::{Because, void_reward};
use crate::decide::vouchers::balance::standing;
use crate::decide::vouchers::revive::revive;
use crate::decide::vouchers::reward_of::{of_voucher, step};
use crate::decide::vouchers::voucher::withdraw;
use crate::records::message::MessageKind;
use crate::records::pass::{EventDetails, Pass};
use crate::records::reward::RewardStatus;
use crate::records::voucher::VoucherStatus;
use crate::records::{Json, Reward, Voucher};
use crate::world::Stop;

/// Why passes fall with their event.
pub const CANCELLED: &str = "event_cancelled";

/// Who changed an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangedBy {
    /// Somebody changed that of the pass: from now on it goes its own way.
    Hand,
    /// It is that of the offer which gave the pass.
    Offer,
}

/// The event of a pass is changed: the pass is good for it as it is now, and its customer is told. What is void, or was
/// admitted, stays as it is; and so does a pass whose event is the same.
pub fn announce_event_change(
    draft: &mut Draft<'_>,
    voucher: &Rc<Voucher>,
    event: &EventDetails,
    by: ChangedBy,
) -> Result<Rc<Voucher>, Stop> {
    let Some(pass) = voucher.pass.as_ref().filter(|pass| pass.event != *event) else { return Ok(voucher.clone()) };
    if voucher.status == VoucherStatus::Void || standing(draft, voucher)?.is_spent(voucher) {
        return Ok(voucher.clone());
    }
    let mut changed = (**voucher).clone();
    let over = event.over_at();
    changed.valid_from = Some(event.doors_at());
    changed.valid_until = Some(over);
    changed.event = Some(event.key());
    changed.pass = Some(Json(Pass {
        event: event.clone(),
        seats: pass.seats,
        sequence: pass.sequence.saturating_add(1),
        is_own: pass.is_own || by == ChangedBy::Hand,
    }));
    if changed.lapsed_amount > 0 && over > draft.at() {
        revive(draft, &mut changed)?;
    }
    changed.due_at = (changed.lapsed_amount == 0).then_some(over);
    let changed = draft.save(changed);
    let reward = of_voucher(draft, &changed)?.filter(|reward| reward.voucher == Some(changed.id));
    if let Some(reward) = &reward {
        move_reward(draft, reward, &changed, event);
    }
    tell(draft, &changed, reward.as_deref(), MessageKind::PassChanged)?;
    Ok(changed)
}

/// Its reward lives as long as the pass.
fn move_reward(draft: &mut Draft<'_>, reward: &Reward, voucher: &Voucher, event: &EventDetails) {
    let is_good_again = reward.status == RewardStatus::Expired && voucher.due_at > Some(draft.at());
    let mut moved = match is_good_again {
        true => step(draft, reward.clone(), RewardStatus::Issued, Some("event_changed")),
        false => reward.clone(),
    };
    moved.benefit.0.event = Some(event.clone());
    moved.expires_at = voucher.valid_until;
    draft.save(moved);
}

/// The event of a pass is cancelled: the pass is void, what it cost returns, and its customer is told. What was admitted
/// stays.
pub fn announce_cancellation(draft: &mut Draft<'_>, voucher: &Rc<Voucher>) -> Result<(), Stop> {
    if voucher.status == VoucherStatus::Void || standing(draft, voucher)?.is_spent(voucher) {
        return Ok(());
    }
    let reward = of_voucher(draft, voucher)?.filter(|reward| reward.voucher == Some(voucher.id));
    match reward.filter(|reward| reward.status == RewardStatus::Issued) {
        Some(reward) => drop(void_reward(draft, &reward, &Because { cause: reward.id, why: CANCELLED })?),
        None => {
            let withdrawn = withdraw(draft, voucher)?;
            tell(draft, &withdrawn, None, MessageKind::PassWithdrawn)?;
        }
    }
    Ok(())
}

/// Queues a mail about a pass to whom it belongs. One of a reward stands with that; who was never told of it is told
/// nothing more: the mail that has not left yet tells of it as it is.
fn tell(draft: &mut Draft<'_>, voucher: &Voucher, reward: Option<&Reward>, kind: MessageKind) -> Result<(), Stop> {
    let Some(owner) = voucher.customer else { return Ok(()) };
    let customer = customer_lookup::current(draft, owner)?;
    if customer.is_erased() || reward.is_some_and(|reward| reward.message.is_none()) {
        return Ok(());
    }
    if let Some(reward) = reward
        && !outbox::was_told(draft, reward)?
    {
        return Ok(());
    }
    let message = outbox::mail_to(draft, &customer, kind, reward.map_or(voucher.id, |reward| reward.id));
    draft.save(message);
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::decide::testing::till::Till;
    use crate::records::account::{GRANTS, ISSUED, SHOP};
    use crate::records::message::MessageKind;
    use crate::records::{Id, Message, Shop};

    fn event(till: &Till, hours: i64) -> Value {
        let starts = till.bench.at.plus_ms(hours * 3_600_000);
        json!({"name": "Tasting", "starts_at": starts.to_string(), "ends_at": starts.plus_ms(3_600_000).to_string(),
               "time_zone": "UTC", "place": "Cellar"})
    }

    fn details(event: Value) -> EventDetails {
        serde_json::from_value(event).expect("an event")
    }

    /// A pass of Anna's for an event in three hours.
    fn granted(till: &mut Till) -> Id {
        till.bench.change::<Shop>(till.bench.shop, |shop| shop.mode = crate::records::shop::Mode::Test);
        let event = event(till, 3);
        let (reward, _) = till.grant(json!({"kind": "event_pass", "event": event, "cost_amount": 700}));
        till.bench.get::<Reward>(reward).voucher.expect("a pass")
    }

    fn change(till: &mut Till, pass: Id, event: &EventDetails) -> Rc<Voucher> {
        let voucher = till.bench.get::<Voucher>(pass);
        till.bench
            .run(|draft| announce_event_change(draft, &voucher, event, ChangedBy::Hand))
            .expect("it is never refused");
        till.assert_books();
        till.bench.get::<Voucher>(pass)
    }

    fn mails(till: &Till) -> Vec<MessageKind> {
        let mut mails = till.bench.all::<Message>();
        mails.sort_by_key(|mail| mail.kind);
        mails.iter().map(|mail| mail.kind).collect()
    }

    #[test]
    fn a_pass_that_had_lapsed_is_good_for_the_event_on_another_day() {
        let mut till = Till::new();
        let pass = granted(&mut till);
        let (reward, free) = (till.bench.all::<Reward>()[0].id, till.balance(GRANTS));
        till.advance(2);
        assert_eq!((till.bench.get::<Reward>(reward).status, till.balance(ISSUED)), (RewardStatus::Expired, 0));
        let over = details(event(&till, -9));
        assert_eq!(change(&mut till, pass, &over).lapsed_amount, 700, "it stays lapsed");
        let later = details(event(&till, 30));
        let changed = change(&mut till, pass, &later);
        assert_eq!((changed.valid_until, changed.due_at), (later.ends_at, later.ends_at));
        assert_eq!(changed.pass.as_ref().map(|pass| pass.sequence), Some(2));
        let reward = till.bench.get::<Reward>(reward);
        assert_eq!(
            (reward.status, reward.expires_at, till.balance(ISSUED)),
            (RewardStatus::Issued, later.ends_at, 700)
        );
        assert_eq!(free, -700);
    }

    #[test]
    fn an_event_that_stays_the_same_is_told_to_nobody() {
        let mut till = Till::new();
        let pass = granted(&mut till);
        let same = till.bench.get::<Voucher>(pass).pass.clone().expect("an event").0.event;
        let version = till.bench.get::<Voucher>(pass).version;
        assert_eq!(change(&mut till, pass, &same).version, version);
        assert!(!mails(&till).contains(&MessageKind::PassChanged));
    }

    #[test]
    fn a_cancelled_event_takes_its_passes_and_gives_back_what_they_cost() {
        let mut till = Till::new();
        let pass = granted(&mut till);
        for _ in 0..2 {
            let voucher = till.bench.get::<Voucher>(pass);
            till.bench.run(|draft| announce_cancellation(draft, &voucher)).expect("it is never refused");
            till.assert_books();
        }
        let reward = till.bench.all::<Reward>()[0].clone();
        assert_eq!((reward.status, till.balance(GRANTS), till.balance(ISSUED)), (RewardStatus::Voided, 0, 0));
        assert_eq!(reward.history.last().and_then(|step| step.why.as_deref()), Some(CANCELLED));
        let moved = details(event(&till, 50));
        assert_eq!(change(&mut till, pass, &moved).status, VoucherStatus::Void, "it stays void");
    }

    #[test]
    fn a_pass_that_no_reward_gave_is_withdrawn_itself() {
        let mut till = Till::new();
        let (id, _) = till.voucher(json!({"kind": "amount_off", "amount": 300, "customer": "anna"}));
        let event = details(event(&till, 3));
        till.bench.change::<Voucher>(id, |voucher| {
            voucher.event = Some(event.key());
            voucher.pass = Some(Json(Pass { event: event.clone(), seats: 1, sequence: 0, is_own: false }));
        });
        let later = EventDetails { ends_at: None, ..event };
        assert_eq!(change(&mut till, id, &later).valid_until, Some(later.over_at()));
        let voucher = till.bench.get::<Voucher>(id);
        till.bench.run(|draft| announce_cancellation(draft, &voucher)).expect("it is never refused");
        till.assert_books();
        assert_eq!((till.balance(SHOP), till.balance(ISSUED)), (0, 0));
        assert_eq!(mails(&till), [MessageKind::PassChanged, MessageKind::PassWithdrawn]);
        assert!(till.bench.all::<Message>().iter().all(|mail| mail.subject == id));
    }
}
