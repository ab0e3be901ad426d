//! Undoes a redemption, or part of it.
//!
//! Balances get back what they paid, by amount: first the one that paid last. What was taken off is
//! undone last; uses come back when everything is undone. What gets anything back lives at least 30
//! more days, so that a failed payment does not cost the customer his voucher.

use super::answer::Answer;
use super::draft::Draft;
use super::ledger::{self, Move, post_covered};
use super::parts::checkout::{counts_by_customer, uses_subject};
use super::parts::person;
use super::parts::reward::{Follow, follow, foresee_voucher};
use super::parts::voucher::{release, revive};
use crate::records::entry::EntryKind;
use crate::records::money::Amount;
use crate::records::redemption::{MovedEntry, RedeemedLine, RedemptionStatus};
use crate::records::reversal::ReversedLine;
use crate::records::reward::RewardStatus;
use crate::records::text::{Reason, Reference};
use crate::records::voucher::VoucherStatus;
use crate::records::{Id, Json, OrderSlot, Redemption, Reversal, Tally, Voucher, VoucherUse};
use crate::refusal::{Code, Rejection};
use crate::views::redemption::reversal as view;
use crate::world::Stop;

/// How long what gets something back lives at least, days.
const GRACE_DAYS: i64 = 30;

/// What to undo.
#[derive(Clone, Debug)]
pub struct CreateReversal {
    /// The redemption.
    pub redemption: Id,
    /// The shop's id of the reversal.
    pub reversal_id: Reference,
    /// This reversal's own amount, minor units; `None`: all that is left.
    pub amount: Option<Amount>,
    /// Why.
    pub reason: Reason,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &CreateReversal) -> Result<Answer, Stop> {
    let once = format!("{}/{}", command.redemption, &*command.reversal_id);
    let redemption = draft.get::<Redemption>(command.redemption);
    let earlier = draft.find(&Reversal::BY_ONCE, &once);
    let (redemption, earlier) = (redemption?, earlier?);
    let redemption = redemption.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such redemption."))?;
    if let Some(earlier) = earlier {
        return answer_again(&earlier, &redemption, command.amount);
    }
    foresee(draft, &redemption);
    let amount = checked_amount(&redemption, command.amount)?;
    let mut undone = (*redemption).clone();
    undone.reversed_amount += amount;
    let is_whole = undone.reversed_amount == total(&redemption);
    undone.status = if is_whole { RedemptionStatus::Reversed } else { RedemptionStatus::PartlyReversed };
    let mut reversal = Reversal {
        id: draft.new_id("rev"),
        shop: draft.shop.id,
        version: 0,
        reversal_id: command.reversal_id.to_string(),
        redemption: redemption.id,
        once,
        amount,
        reason: command.reason.to_string(),
        lines: Json::default(),
        redemption_status: undone.status,
        created_at: draft.at(),
    };
    let before = given_back(&redemption.lines, redemption.reversed_amount);
    let after = given_back(&redemption.lines, undone.reversed_amount);
    let undoing = Undoing { reversal: reversal.id, redemption: &redemption, is_whole };
    for (line, back) in redemption.lines.iter().zip(after.iter().zip(&before).map(|(after, before)| after - before)) {
        reversal.lines.0.extend(undoing.undo(draft, line, back)?);
    }
    if is_whole {
        free_order(draft, &redemption)?;
    }
    let undone = draft.save(undone);
    let shown = view(&reversal, &undone);
    draft.event("redemption.reversed", &shown)?;
    draft.audit("create_reversal", reversal.id, Some(&reversal.reason));
    let answer = Answer::created(&shown, format!("/v1/redemptions/{}", redemption.id));
    draft.save(reversal);
    Ok(answer)
}

/// Asks for what undoing will look at, as far as it is known.
fn foresee(draft: &Draft<'_>, redemption: &Redemption) {
    draft.foresee::<OrderSlot>(OrderSlot::id_of(draft.shop.id, &redemption.order_id));
    for line in redemption.lines.iter() {
        for entry in &line.entries {
            ledger::foresee(draft, &entry.debit, redemption.currency);
            ledger::foresee(draft, &entry.credit, redemption.currency);
        }
        let Some(voucher) = line.voucher else { continue };
        draft.foresee::<VoucherUse>(VoucherUse::id_of(voucher));
        if let Some(customer) = redemption.customer {
            draft.foresee::<Tally>(Tally::id_of(draft.shop.id, &uses_subject(voucher, customer)));
        }
        if let Ok(Some(voucher)) = draft.get::<Voucher>(voucher) {
            foresee_voucher(draft, &voucher);
        }
    }
}

fn answer_again(earlier: &Reversal, redemption: &Redemption, amount: Option<Amount>) -> Result<Answer, Stop> {
    if amount.is_some_and(|amount| amount.0 != earlier.amount) {
        let detail = format!(
            "Reversal {} was made with {}; another amount needs another reversal_id.",
            earlier.reversal_id, earlier.amount
        );
        return Err(Rejection::field("/amount", detail).into());
    }
    Ok(Answer::ok(&view(earlier, redemption)))
}

fn checked_amount(redemption: &Redemption, amount: Option<Amount>) -> Result<i64, Rejection> {
    let left = total(redemption) - redemption.reversed_amount;
    let amount = amount.map_or(left, |amount| amount.0);
    if left == 0 || amount > left {
        let detail = format!("{left} of the redemption can still be reversed (minor units), {amount} was asked for.");
        return Err(Rejection::at(Code::ReversalExceedsRedemption, "/amount", detail));
    }
    if amount == 0 {
        return Err(Rejection::field("/amount", "an amount above 0 is expected; leave it out to reverse all that is left"));
    }
    Ok(amount)
}

fn total(redemption: &Redemption) -> i64 {
    redemption.discount + redemption.payment
}

/// How much of each line is undone when so much of the whole is: payments first, the last line
/// first; then discounts.
fn given_back(lines: &[RedeemedLine], reversed: i64) -> Vec<i64> {
    let mut left = reversed;
    let mut back = vec![0; lines.len()];
    for of in [|line: &RedeemedLine| line.payment, |line: &RedeemedLine| line.discount] {
        for (index, line) in lines.iter().enumerate().rev() {
            let part = of(line).min(left);
            back[index] += part;
            left -= part;
        }
    }
    back
}

/// The order may be redeemed anew.
fn free_order(draft: &mut Draft<'_>, redemption: &Redemption) -> Result<(), Stop> {
    let slot = draft.expect::<OrderSlot>(OrderSlot::id_of(draft.shop.id, &redemption.order_id))?;
    if slot.redemption == Some(redemption.id) {
        let mut slot = (*slot).clone();
        slot.redemption = None;
        draft.save(slot);
    }
    Ok(())
}

struct Undoing<'a> {
    reversal: Id,
    redemption: &'a Redemption,
    is_whole: bool,
}

impl Undoing<'_> {
    /// Undoes a line, or part of it; `None`: nothing of it changes.
    fn undo(&self, draft: &mut Draft<'_>, line: &RedeemedLine, back: i64) -> Result<Option<ReversedLine>, Stop> {
        let was_used = line.voucher.is_some() && line.discount + line.payment > 0;
        let uses = i64::from(was_used && self.is_whole);
        if back == 0 && uses == 0 {
            return Ok(None);
        }
        if line.payment > 0 {
            for entry in &line.entries {
                self.return_entry(draft, entry, back)?;
            }
        } else if self.is_whole {
            for entry in &line.entries {
                self.return_entry(draft, entry, entry.amount)?;
            }
        }
        if let Some(voucher) = line.voucher.filter(|_| uses > 0 || line.payment > 0) {
            let voucher = draft.expect::<Voucher>(voucher)?;
            if uses > 0 {
                self.return_use(draft, &voucher)?;
            }
            let value = if line.payment > 0 { back } else { in_books(line, &voucher) };
            restore(draft, &voucher, value)?;
        }
        Ok(Some(ReversedLine { voucher: line.voucher, code_hint: line.code_hint.clone(), amount: back, uses }))
    }

    fn return_entry(&self, draft: &mut Draft<'_>, entry: &MovedEntry, amount: i64) -> Result<(), Stop> {
        post_covered(draft, &Move {
            kind: EntryKind::Reversed,
            debit: &entry.credit,
            credit: &entry.debit,
            amount,
            currency: self.redemption.currency,
            cause: self.reversal,
            customer: self.redemption.customer,
            reverses: Some(entry.id),
        })?;
        Ok(())
    }

    fn return_use(&self, draft: &mut Draft<'_>, voucher: &Voucher) -> Result<(), Stop> {
        let mut uses = (*draft.expect::<VoucherUse>(VoucherUse::id_of(voucher.id))?).clone();
        uses.used -= 1;
        draft.save(uses);
        match self.redemption.customer.filter(|_| counts_by_customer(voucher)) {
            Some(customer) => {
                let person = person::of_id(draft, customer)?;
                person::subtract(draft, &person, |id| uses_subject(voucher.id, id))
            }
            None => Ok(()),
        }
    }
}

/// What a discount's reversal puts back into the voucher's account, minor units.
fn in_books(line: &RedeemedLine, voucher: &Voucher) -> i64 {
    let account = voucher.account();
    line.entries.iter().filter(|entry| entry.debit == account).map(|entry| entry.amount).sum()
}

/// A voucher that got something back: it lives on, and its reward with it. One that was withdrawn
/// meanwhile keeps nothing.
fn restore(draft: &mut Draft<'_>, voucher: &Voucher, value: i64) -> Result<(), Stop> {
    if voucher.status == VoucherStatus::Void {
        return release(draft, voucher, value, EntryKind::Voided, &voucher.source_account);
    }
    let mut restored = voucher.clone();
    if let Some(until) = voucher.valid_until {
        let until = until.max(draft.at().plus_days(GRACE_DAYS));
        restored.valid_until = Some(until);
        restored.due_at = Some(until);
    }
    if restored.lapsed_amount > 0 {
        revive(draft, &mut restored)?;
    }
    if restored.valid_until != voucher.valid_until || restored.due_at != voucher.due_at {
        draft.save(restored.clone());
    }
    follow(draft, &restored, &Follow {
        from: &[RewardStatus::Spent, RewardStatus::Expired],
        to: RewardStatus::Issued,
        why: Some("redemption reversed"),
        event: None,
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::decide::till::{Till, day, id};
    use crate::records::Reward;
    use crate::records::account::{ISSUED, REDEEMED, credit_account};
    use crate::records::voucher::voucher_account;

    fn redeemed(till: &mut Till, cart: Value) -> Id {
        id(&till.redeem(cart).expect("the cart is good").1)
    }

    #[test]
    fn an_order_whose_payment_failed_is_redeemed_anew() {
        let mut till = Till::new();
        let (voucher, code) = till.voucher(json!({"kind": "amount_off", "amount": 500}));
        let cart = json!({"codes": [code]});
        let first = redeemed(&mut till, cart.clone());
        let (status, reversal) = till.reverse(first, "R-1", None).expect("it is undone");
        assert_eq!((status, &reversal["amount"], &reversal["redemption_status"]), (201, &json!(500), &json!("reversed")));
        assert_eq!(reversal["lines"][0]["uses"], 1);
        assert_eq!((&till.shown(voucher)["status"], till.balance(REDEEMED)), (&json!("active"), 0));
        let (status, again) = till.redeem(cart).expect("anew");
        assert_eq!(status, 201);
        assert_ne!(id(&again), first);
    }

    #[test]
    fn several_reversals_never_exceed_the_whole() {
        let mut till = Till::new();
        let (card, code) = till.voucher(json!({"kind": "gift_card", "amount": 3000}));
        till.grant(json!({"kind": "store_credit", "amount": 1000}));
        let (off, off_code) = till.voucher(json!({"kind": "amount_off", "amount": 500}));
        let cart = json!({"codes": [off_code, code], "store_credit": 1000, "customer": "anna"});
        let made = redeemed(&mut till, cart);
        let credit = credit_account(crate::decide::bench::customer(&till.bench, "anna", "").id);
        let steps = [
            ("R-1", Some(600), Ok((600, 0, 0))),
            ("R-1", Some(600), Ok((600, 0, 0))),
            ("R-2", Some(900), Ok((1000, 500, 0))),
            ("R-3", Some(3001), Err("reversal_exceeds_redemption")),
            ("R-3", Some(2600), Ok((1000, 3000, 0))),
            ("R-4", None, Ok((1000, 3000, 1))),
            ("R-5", None, Err("reversal_exceeds_redemption")),
        ];
        for (reversal_id, amount, expected) in steps {
            let said = till.reverse(made, reversal_id, amount);
            match expected {
                Err(code) => assert_eq!(said.expect_err(code).code.as_str(), code),
                Ok((on_credit, on_card, free)) => {
                    said.expect("it is undone");
                    let free_uses = till.shown(off)["remaining_uses"].as_i64();
                    let balances = (till.balance(&credit), till.balance(&voucher_account(card)));
                    assert_eq!((balances, free_uses), ((on_credit, on_card), Some(free)), "{reversal_id}");
                }
            }
        }
    }

    #[test]
    fn a_reversal_id_names_one_reversal() {
        let mut till = Till::new();
        let (_, code) = till.voucher(json!({"kind": "amount_off", "amount": 500}));
        let made = redeemed(&mut till, json!({"codes": [code]}));
        let first = till.reverse(made, "R-1", Some(200)).expect("it is undone").1;
        assert_eq!(till.reverse(made, "R-1", None).expect("the same"), (200, first));
        assert_eq!(till.reverse(made, "R-1", Some(201)).expect_err("another amount").code, Code::InvalidField);
    }

    #[test]
    fn what_comes_back_lives_thirty_days_more() {
        let mut till = Till::new();
        let (soon, far) = (day(&till, 2), day(&till, 90));
        let (short, code) = till.voucher(json!({"kind": "amount_off", "amount": 500, "valid_until": soon}));
        let (long, other) = till.voucher(json!({"kind": "amount_off", "amount": 500, "valid_until": far}));
        let made = redeemed(&mut till, json!({"codes": [code, other]}));
        till.advance(10);
        assert_eq!(till.shown(short)["status"], "spent", "what is spent does not expire");
        till.reverse(made, "R-1", None).expect("it is undone");
        let (in_thirty, far) = (json!(day(&till, 30)), json!(far));
        assert_eq!((&till.shown(short)["valid_until"], &till.shown(long)["valid_until"]), (&in_thirty, &far));
        till.advance(30);
        assert_eq!(till.shown(short)["status"], "expired");
        assert_eq!(till.balance(ISSUED), 500);
    }

    #[test]
    fn a_card_that_lapsed_comes_back_whole() {
        let mut till = Till::new();
        let (reward, code) = till.grant(json!({"kind": "gift_card", "amount": 1500, "valid": {"days": 5}}));
        let made = redeemed(&mut till, json!({"codes": [code], "amount": 500, "shipping_amount": 0, "customer": "anna"}));
        till.advance(7);
        assert_eq!(till.bench.get::<Reward>(reward).status, RewardStatus::Expired);
        till.reverse(made, "R-1", Some(200)).expect("it is undone");
        let reward = till.bench.get::<Reward>(reward);
        assert_eq!(reward.status, RewardStatus::Issued);
        assert_eq!(till.balance(&voucher_account(reward.voucher.expect("a voucher"))), 1200);
    }

    #[test]
    fn what_was_withdrawn_meanwhile_returns_to_its_source() {
        let mut till = Till::new();
        let (id, code) = till.voucher(json!({"kind": "amount_off", "amount": 500, "max_redemptions": 2}));
        let made = redeemed(&mut till, json!({"codes": [code]}));
        till.void(id).expect("it is withdrawn");
        till.reverse(made, "R-1", None).expect("it is undone");
        assert_eq!((till.balance(ISSUED), till.balance(crate::records::account::SHOP)), (0, 0));
        assert_eq!(till.shown(id)["status"], "void");
    }
}
