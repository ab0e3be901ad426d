//! Takes a reward back, as long as nothing of it was spent. What the shop handed over is taken back when it has come
//! back to the shop, whatever became of its order meanwhile.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::rewards::voiding::{Because, named, void_reward};
use crate::decide::vouchers::reward_usage::free_unused;
use crate::records::Id;
use crate::records::reward::RewardStatus;
use crate::records::text::Reason;
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The reward and why.
#[derive(Clone, Debug)]
pub struct VoidReward {
    /// The reward.
    pub id: Id,
    /// Why.
    pub reason: Reason,
}

/// Decides it. What is voided already is answered as it is.
pub fn decide(draft: &mut Draft<'_>, command: &VoidReward) -> Result<Answer, Stop> {
    let reward = named(draft, command.id)?;
    match reward.status {
        RewardStatus::Pending | RewardStatus::Due | RewardStatus::Issued => {}
        RewardStatus::Spent if reward.benefit.kind.is_handed_over() => {}
        RewardStatus::Voided => return Ok(Answer::ok(&views::reward::reward(&reward))),
        other => {
            let detail = format!("A reward that is {other} cannot be taken back.");
            return Err(Rejection::new(Code::IllegalTransition, detail).into());
        }
    }
    let voided = void_reward(draft, &reward, &Because { cause: reward.id, why: &command.reason })?;
    if reward.benefit.kind.is_handed_over() {
        free_unused(draft, &voided)?;
    }
    draft.audit("void_reward", voided.id, Some(&command.reason));
    Ok(Answer::ok(&views::reward::reward(&voided)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::counter;
    use crate::decide::draft::Draft;
    use crate::decide::ledger::{self, Move, post};
    use crate::decide::rewards::create_grant::CreateGrant;
    use crate::decide::testing::bench::{Bench, customer};
    use crate::records::account::{GRANTS, PENDING, REDEEMED, credit_account};
    use crate::records::entry::EntryKind;
    use crate::records::message::{MessageKind, MessageStatus, Withdrawal, WithdrawnBy};
    use crate::records::program::{RewardOn, Side, budget_account};
    use crate::records::shop::MailSwitch;
    use crate::records::voucher::VoucherStatus;
    use crate::records::{Customer, Json, Message, Reward, Shop, Voucher, VoucherUse};

    fn bench() -> Bench {
        let mut bench = Bench::new();
        let ann = customer(&bench, "ann", "ann@example.org");
        bench.put(ann);
        bench
    }

    fn granted(bench: &mut Bench, benefit: &str) -> Id {
        let body = format!(r#"{{"customer":"ann","reward":{benefit},"reason":"late"}}"#);
        bench.decide(serde_json::from_str::<CreateGrant>(&body).expect("a grant")).expect("it is given");
        bench.all::<Reward>()[0].id
    }

    fn void(bench: &mut Bench, id: Id) -> Result<Answer, Rejection> {
        bench.decide(VoidReward { id, reason: serde_json::from_str("\"by mistake\"").expect("a reason") })
    }

    fn balance(bench: &mut Bench, name: &str) -> i64 {
        let read = |draft: &mut Draft<'_>| ledger::account(draft, name, draft.shop.currency);
        bench.run(read).expect("no refusal").balance
    }

    #[test]
    fn an_unused_voucher_is_void_and_its_value_back() {
        let mut bench = bench();
        let id = granted(&mut bench, r#"{"kind":"gift_card","amount":1500}"#);
        assert_eq!(balance(&mut bench, GRANTS), -1500);
        for _ in 0..2 {
            void(&mut bench, id).expect("nothing was spent");
            assert_eq!(balance(&mut bench, GRANTS), 0, "it returns once");
        }
        let reward = bench.get::<Reward>(id);
        assert_eq!(reward.status, RewardStatus::Voided);
        assert_eq!(reward.history.last().and_then(|step| step.why.as_deref()), Some("by mistake"));
        let voucher = bench.get::<Voucher>(reward.voucher.expect("a voucher"));
        assert_eq!(voucher.status, VoucherStatus::Void);
    }

    #[test]
    fn who_was_told_of_it_is_told_that_it_is_gone() {
        let told = |status: MessageStatus, reason: Option<&str>, prepare: fn(&mut Bench)| {
            let mut bench = bench();
            let id = granted(&mut bench, r#"{"kind":"gift_card","amount":1500}"#);
            let message = bench.get::<Reward>(id).message.expect("a mail");
            bench.change::<Message>(message, |message| {
                (message.status, message.reason) = (status, reason.map(|word| word.to_owned().into()));
            });
            prepare(&mut bench);
            for _ in 0..2 {
                void(&mut bench, id).expect("nothing was spent");
            }
            let mut mails = bench.all::<Message>();
            mails.retain(|message| message.kind == MessageKind::RewardWithdrawn);
            assert!(mails.len() < 2, "once");
            mails.first().map(|mail| (mail.status, mail.withdrawal.0.clone().expect("what was taken")))
        };
        let taken = Withdrawal { by: WithdrawnBy::Hand, taken: Some(1500), left: None, is_used: false };
        let as_they_are = |_: &mut Bench| {};
        for status in [MessageStatus::Sending, MessageStatus::Sent, MessageStatus::Uncertain] {
            assert_eq!(told(status, None, as_they_are), Some((MessageStatus::Queued, taken.clone())), "{status}");
        }
        for status in [MessageStatus::Queued, MessageStatus::Retrying, MessageStatus::NoAddress, MessageStatus::Failed]
        {
            assert_eq!(told(status, None, as_they_are), None, "{status}");
        }
        assert_eq!(told(MessageStatus::Suppressed, Some("mail_off"), as_they_are), None);
        let would_have = told(MessageStatus::Suppressed, Some("test_shop"), as_they_are);
        assert_eq!(would_have, Some((MessageStatus::Queued, taken.clone())));
        let off = |bench: &mut Bench| {
            let shop = bench.shop;
            bench.change::<Shop>(shop, |shop| shop.mail.0.reward_withdrawn = MailSwitch::Off);
        };
        assert_eq!(told(MessageStatus::Sent, None, off), Some((MessageStatus::Suppressed, taken)));
        let erased = |bench: &mut Bench| {
            let (ann, at) = (bench.all::<Customer>()[0].id, bench.at);
            bench.change::<Customer>(ann, |ann| *ann = ann.erased(at));
        };
        assert_eq!(told(MessageStatus::Sent, None, erased), None);
    }

    #[test]
    fn what_was_used_is_not_taken_back() {
        let mut bench = bench();
        let id = granted(&mut bench, r#"{"kind":"amount_off","amount":1500}"#);
        let voucher = bench.get::<Reward>(id).voucher.expect("a voucher");
        let used =
            VoucherUse { id: VoucherUse::id_of(voucher), shop: bench.shop, version: 0, used: 1, held: 0, cap: Some(1) };
        bench.put(used);
        assert_eq!(void(&mut bench, id).expect_err("it was used").code, Code::IllegalTransition);
        assert_eq!(balance(&mut bench, GRANTS), -1500);
    }

    #[test]
    fn credit_is_taken_back_while_it_is_there() {
        let mut bench = bench();
        let id = granted(&mut bench, r#"{"kind":"store_credit","amount":1500}"#);
        let credit = credit_account(bench.get::<Reward>(id).customer);
        let spend = |draft: &mut Draft<'_>| {
            let entry = Move {
                kind: EntryKind::Spent,
                debit: &credit,
                credit: REDEEMED,
                amount: 1,
                currency: draft.shop.currency,
                cause: id,
                customer: None,
                reverses: None,
            };
            post(draft, &entry)
        };
        bench.run(spend).expect("it is spent");
        assert_eq!(void(&mut bench, id).expect_err("a cent is missing").code, Code::BalanceTooLow);
        assert_eq!(balance(&mut bench, &credit), 1499);
    }

    #[test]
    fn a_pending_reward_returns_to_its_budget_and_frees_the_customers_place() {
        let mut bench = bench();
        let program = Id::of("prg", &["tell"]);
        let given = granted(&mut bench, r#"{"kind":"amount_off","amount":1000}"#);
        let mut pending = (*bench.get::<Reward>(given)).clone();
        pending.id = Id::of("rwd", &["pending"]);
        (pending.version, pending.grant_id, pending.voucher) = (0, None, None);
        (pending.program, pending.to_side, pending.on_what) =
            (Some(program), Some(Side::Advocate), RewardOn::Conversion);
        (pending.status, pending.once) = (RewardStatus::Pending, "cnv_1/2".to_owned());
        pending.history = Json(Vec::new());
        let id = pending.id;
        let place = format!("reward:{program}:3:customer:{}", pending.customer.sibling("prs"));
        pending.counted_by = Json(vec![place.clone()]);
        let budget = budget_account(program);
        let earn = |draft: &mut Draft<'_>| {
            let entry = Move {
                kind: EntryKind::Pending,
                debit: &budget,
                credit: PENDING,
                amount: pending.cost_amount,
                currency: pending.currency,
                cause: id,
                customer: None,
                reverses: None,
            };
            post(draft, &entry)?;
            counter::add(draft, &place, Some(1))?;
            draft.save(pending.clone());
            Ok(())
        };
        bench.run(earn).expect("it is earned");
        assert_eq!((balance(&mut bench, &budget), balance(&mut bench, PENDING)), (-1000, 1000));
        void(&mut bench, id).expect("it is pending");
        assert_eq!((balance(&mut bench, &budget), balance(&mut bench, PENDING)), (0, 0));
        assert_eq!(bench.run(|draft| counter::count(draft, &place)).ok(), Some(0));
    }
}
