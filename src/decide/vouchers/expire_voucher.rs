//! A voucher's time is over: what is left of its value lapses.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::vouchers::balance::{release, standing, value};
use crate::decide::vouchers::reward_of::{Follow, follow};
use crate::decide::vouchers::voucher::{tell, withdraw};
use crate::records::entry::EntryKind;
use crate::records::reward::RewardStatus;
use crate::records::time::DAY_MS;
use crate::records::voucher::Standing;
use crate::records::voucher::VoucherStatus;
use crate::records::{EventKind, Id, Voucher};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// How long a voucher that is set aside is left alone: as long as any hold lives.
const HOLD_MS: i64 = DAY_MS;

/// The voucher that the sweep found due.
#[derive(Clone, Debug)]
pub struct ExpireVoucher {
    /// The voucher.
    pub voucher: Id,
}

/// Decides it. Whether it is due is decided by time; found twice, it lapses once. A spent one has
/// nothing that could lapse.
pub fn decide(draft: &mut Draft<'_>, command: &ExpireVoucher) -> Result<Answer, Stop> {
    let voucher = draft.get::<Voucher>(command.voucher)?;
    let voucher = voucher.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such voucher."))?;
    if voucher.due_at.is_none_or(|due| due > draft.at()) {
        return Ok(Answer::no_content());
    }
    let standing = standing(draft, &voucher)?;
    if standing.is_void(&voucher) && voucher.status == VoucherStatus::Active {
        // Its batch was withdrawn before its time was over; the books are only on their way.
        withdraw(draft, &voucher)?;
        return Ok(Answer::no_content());
    }
    let mut lapsed = (*voucher).clone();
    lapsed.due_at = None;
    if voucher.status == VoucherStatus::Active && standing.held > 0 {
        // What is set aside may still be spent; the end of the hold brings the voucher back at once.
        lapsed.due_at = Some(draft.at().plus_ms(HOLD_MS));
        draft.save(lapsed);
        return Ok(Answer::no_content());
    }
    if voucher.status != VoucherStatus::Active || standing.is_spent(&voucher) {
        draft.save(lapsed);
        return Ok(Answer::no_content());
    }
    lapsed.lapsed_amount = value(&voucher, standing);
    release(draft, &voucher, lapsed.lapsed_amount, EntryKind::Expired, voucher.lapse_account())?;
    let lapsed = draft.save(lapsed);
    tell(draft, EventKind::VoucherExpired, &lapsed, Standing { balance: standing.balance.map(|_| 0), ..standing })?;
    follow(
        draft,
        &lapsed,
        &Follow {
            from: &[RewardStatus::Issued],
            to: RewardStatus::Expired,
            why: None,
            event: Some(EventKind::RewardExpired),
        },
    )?;
    Ok(Answer::no_content())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::decide::ledger::set_budget;
    use crate::decide::testing::till::{Till, day};
    use crate::records::account::{EXPIRED, ISSUED, SHOP};

    fn expire(till: &mut Till, voucher: Id) {
        till.bench.decide(ExpireVoucher { voucher }).expect("it is never refused");
        till.assert_books();
    }

    #[test]
    fn time_decides_and_it_lapses_once() {
        let mut till = Till::new();
        let until = day(&till, 3);
        let (id, code) =
            till.voucher(json!({"kind": "amount_off", "amount": 500, "max_redemptions": 3, "valid_until": until}));
        till.redeem(json!({"codes": [code]})).expect("the first use");
        expire(&mut till, id);
        assert_eq!(till.balance(EXPIRED), 0, "it is not due");
        till.bench.at = till.bench.at.plus_days(3);
        assert_eq!(till.shown(id)["status"], "expired", "before any sweep");
        expire(&mut till, id);
        expire(&mut till, id);
        assert_eq!((till.balance(EXPIRED), till.balance(ISSUED)), (1000, 0));
        assert_eq!(till.events().iter().filter(|event| *event == "voucher.expired").count(), 1);
    }

    #[test]
    fn a_reward_expires_with_its_voucher() {
        let mut till = Till::new();
        let (reward, _) = till.grant(json!({"kind": "gift_card", "amount": 500, "valid": {"days": 1}}));
        till.advance(5);
        let reward = till.bench.get::<crate::records::Reward>(reward);
        assert_eq!(reward.status, RewardStatus::Expired);
        assert_eq!(till.events()[till.events().len() - 2..], ["voucher.expired", "reward.expired"]);
    }

    #[test]
    fn a_budget_has_again_what_lapsed_and_the_shop_pays_when_it_was_used_meanwhile() {
        for (used_meanwhile, payer) in [(false, "budget:tell"), (true, SHOP)] {
            let mut till = Till::new();
            let until = day(&till, 3);
            let (id, _) = till.voucher(json!({"kind": "amount_off", "amount": 500, "valid_until": until}));
            till.bench.change::<Voucher>(id, |voucher| voucher.source_account = "budget:tell".to_owned());
            till.advance(3);
            assert_eq!((till.balance("budget:tell"), till.balance(ISSUED)), (500, 0));
            let (shop, euro) = (till.balance(SHOP), till.bench.get::<Voucher>(id).currency);
            let cap = if used_meanwhile { -500 } else { 0 };
            till.bench.run(|draft| set_budget(draft, "budget:tell", euro, Some(cap))).expect("never refused");
            let until = day(&till, 3);
            till.update(id, json!({"valid_until": until})).expect("it is extended");
            let paid = if used_meanwhile { shop - till.balance(SHOP) } else { 500 - till.balance("budget:tell") };
            assert_eq!((paid, till.balance(ISSUED)), (500, 500));
            assert_eq!(till.bench.get::<Voucher>(id).source_account, payer);
        }
    }
}
