//! Withdraws a voucher: what is left of its value returns to where it came from.

use crate::decide::answer::{Answer, Keep};
use crate::decide::draft::Draft;
use crate::decide::mail::outbox::queue_withdrawal;
use crate::decide::vouchers::balance::standing;
use crate::decide::vouchers::reward_of::{Follow, follow, of_voucher};
use crate::decide::vouchers::reward_usage::free_unused;
use crate::decide::vouchers::voucher::{shown, withdraw};
use crate::records::message::{Withdrawal, WithdrawnBy};
use crate::records::reward::RewardStatus;
use crate::records::text::Reason;
use crate::records::voucher::Standing;
use crate::records::{EventKind, Id, Voucher};
use crate::refusal::{Code, Rejection};
use crate::views::Mask;
use crate::world::Stop;

/// The voucher, and why.
#[derive(Clone, Debug)]
pub struct VoidVoucher {
    /// The voucher.
    pub id: Id,
    /// Why.
    pub reason: Reason,
    /// How much of the code the caller may see.
    pub mask: Mask,
}

/// Decides it. One that is withdrawn already is answered again.
pub fn decide(draft: &mut Draft<'_>, command: &VoidVoucher) -> Result<Answer, Stop> {
    let voucher = draft.get::<Voucher>(command.id)?;
    let voucher = voucher.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such voucher."))?;
    let before = standing(draft, &voucher)?;
    if before.is_void(&voucher) {
        return Ok(answer(draft, &voucher, before, command.mask).version(voucher.version));
    }
    if before.is_spent(&voucher) {
        let detail = "The voucher is spent; to undo that, reverse its redemption.";
        return Err(Rejection::new(Code::IllegalTransition, detail).into());
    }
    let reward = of_voucher(draft, &voucher)?;
    let withdrawn = withdraw(draft, &voucher)?;
    let from = &[RewardStatus::Issued, RewardStatus::Expired];
    let fall =
        Follow { from, to: RewardStatus::Voided, why: Some(&command.reason), event: Some(EventKind::RewardVoided) };
    if let Some(voided) = follow(draft, &withdrawn, &fall)? {
        free_unused(draft, &voided)?;
    }
    if let Some(reward) = reward.filter(|reward| reward.status == RewardStatus::Issued) {
        queue_withdrawal(draft, &reward, taken(&voucher, &before))?;
    }
    draft.audit("void_voucher", withdrawn.id, Some(&command.reason));
    let after = standing(draft, &withdrawn)?;
    Ok(answer(draft, &withdrawn, after, command.mask).version(voucher.version + 1))
}

/// What is taken with it: of a card what is left.
fn taken(voucher: &Voucher, before: &Standing) -> Withdrawal {
    let is_used = before.balance.map_or(before.used > 0, |left| left < voucher.face_amount);
    Withdrawal { by: WithdrawnBy::Hand, taken: before.balance.or(voucher.amount), left: None, is_used }
}

fn answer(draft: &Draft<'_>, voucher: &Voucher, standing: Standing, mask: Mask) -> Answer {
    Answer::ok(&shown(draft, voucher, standing, mask)).keep(Keep::Sealed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::decide::testing::till::Till;
    use crate::records::account::{GRANTS, SHOP};
    use crate::records::{AuditRow, Reward};

    #[test]
    fn what_is_left_returns_to_where_it_came_from() {
        let mut till = Till::new();
        let (id, code) = till.voucher(json!({"kind": "gift_card", "amount": 500}));
        till.redeem(json!({"codes": [code], "amount": 200, "shipping_amount": 0})).expect("it pays");
        for _ in 0..2 {
            let (_, shown) = till.void(id).expect("it is withdrawn, once");
            assert_eq!((&shown["status"], &shown["balance"]), (&json!("void"), &json!(0)));
            assert_eq!(till.balance(SHOP), -200);
        }
        assert_eq!(till.events().iter().filter(|event| *event == "voucher.voided").count(), 1);
        let reasons: Vec<_> = till.bench.all::<AuditRow>().iter().filter_map(|row| row.reason.clone()).collect();
        assert_eq!(reasons, ["by mistake"]);
    }

    #[test]
    fn its_reward_falls_with_it() {
        let mut till = Till::new();
        let (reward, _) = till.grant(json!({"kind": "amount_off", "amount": 500}));
        let voucher = till.bench.get::<Reward>(reward).voucher.expect("a voucher");
        till.void(voucher).expect("it is withdrawn");
        assert_eq!((till.bench.get::<Reward>(reward).status, till.balance(GRANTS)), (RewardStatus::Voided, 0));
    }

    #[test]
    fn what_is_spent_stays_spent() {
        let mut till = Till::new();
        let (id, code) = till.voucher(json!({"kind": "amount_off", "amount": 500}));
        till.redeem(json!({"codes": [code]})).expect("it is good");
        assert_eq!(till.void(id).expect_err("it is spent").code, Code::IllegalTransition);
    }
}
