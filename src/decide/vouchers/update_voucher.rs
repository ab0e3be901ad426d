//! Changes a voucher: when it is good, from what cart, how often. One that has expired and is
//! extended lives again.

use serde::Deserialize;

use crate::decide::access::four_eyes::{self, Gift, gives_alone};
use crate::decide::answer::{Answer, Keep};
use crate::decide::draft::Draft;
use crate::decide::input::if_match::IfMatch;
use crate::decide::input::nullable::nullable;
use crate::decide::input::range::within;
use crate::decide::ledger::{Move, Moved, post};
use crate::decide::vouchers::approve_voucher::needs_approval;
use crate::decide::vouchers::balance::{release, standing};
use crate::decide::vouchers::create_voucher::{USES, check_scope, check_times};
use crate::decide::vouchers::hold_ending;
use crate::decide::vouchers::remind_of_voucher::remind_at;
use crate::decide::vouchers::revive::revive;
use crate::decide::vouchers::reward_of::{of_voucher, step};
use crate::decide::vouchers::voucher::shown;
use crate::records::benefit::BenefitKind;
use crate::records::entry::EntryKind;
use crate::records::money::{Amount, MAX_AMOUNT};
use crate::records::reward::RewardStatus;
use crate::records::voucher::Standing;
use crate::records::voucher::{AppliesTo, LegalKind, Stacking, TaxKind, VoucherSource, VoucherStatus};
use crate::records::{Id, Json, Shop, Timestamp, Voucher, VoucherUse};
use crate::refusal::{Code, Rejection};
use crate::views::Mask;
use crate::world::Stop;

/// The voucher, the version that the caller read, and what to change.
#[derive(Clone, Debug)]
pub struct UpdateVoucher {
    /// The voucher.
    pub id: Id,
    /// The version that the caller read.
    pub if_match: IfMatch,
    /// What to change.
    pub body: VoucherBody,
    /// How much of the code the caller may see.
    pub mask: Mask,
}

/// The fields that may be changed; left out: unchanged; `null`: cleared.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoucherBody {
    /// Good from here.
    #[serde(default, deserialize_with = "nullable")]
    pub valid_from: Option<Option<Timestamp>>,
    /// First instant too late.
    #[serde(default, deserialize_with = "nullable")]
    pub valid_until: Option<Option<Timestamp>>,
    /// The cart must be worth this much, minor units.
    pub min_order_amount: Option<Amount>,
    /// Uses in all, not fewer than were taken; only where there is a limit already.
    #[serde(default, deserialize_with = "nullable")]
    pub max_redemptions: Option<Option<i64>>,
    /// Uses by one customer, 1 to 10⁹.
    #[serde(default, deserialize_with = "nullable")]
    pub per_customer: Option<Option<i64>>,
    /// What it may be combined with.
    pub stacking: Option<Stacking>,
    /// What the law calls it.
    pub legal_kind: Option<LegalKind>,
    /// How VAT treats it.
    pub tax_kind: Option<TaxKind>,
    /// Which items it is for; replaces the earlier one as a whole.
    pub applies_to: Option<AppliesTo>,
    /// Whether it counts beside a `shop_discount` of the cart.
    pub with_shop_discounts: Option<bool>,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &UpdateVoucher) -> Result<Answer, Stop> {
    let voucher = draft.get::<Voucher>(command.id)?;
    let voucher = voucher.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such voucher."))?;
    if standing(draft, &voucher)?.held > 0 {
        hold_ending::end_lapsed(draft, voucher.id)?;
    }
    let voucher = draft.expect::<Voucher>(voucher.id)?;
    let before = standing(draft, &voucher)?;
    command.if_match.check(voucher.version)?;
    if voucher.status == VoucherStatus::Void || before.is_withdrawn {
        return Err(Rejection::new(Code::IllegalTransition, "A voucher that was withdrawn cannot be changed.").into());
    }
    if voucher.needs_approval() {
        return Err(needs_approval().into());
    }
    if voucher.pass.is_some() {
        let detail = "A pass is good for its event; PATCH /v1/passes/{id} changes that.";
        return Err(Rejection::new(Code::IllegalTransition, detail).into());
    }
    let mut changed = (*voucher).clone();
    apply(&mut changed, &command.body, &draft.shop, draft.at())?;
    revive_what_is_good(draft, &mut changed)?;
    if let Some(uses) = command.body.max_redemptions {
        let uses =
            uses.ok_or_else(|| Rejection::field("/max_redemptions", "a limit can be changed, not taken away"))?;
        limit(draft, &voucher, &mut changed, before, uses)?;
    }
    check_gain(draft, &voucher, &changed, before)?;
    if changed.valid_until != voucher.valid_until {
        extend_reward(draft, &changed)?;
    }
    draft.audit("update_voucher", changed.id, None);
    let after = standing(draft, &changed)?;
    let view = shown(draft, &changed, after, command.mask);
    let answer = Answer::ok(&view).version(changed.version + 1).keep(Keep::Sealed);
    draft.save(changed);
    Ok(answer)
}

/// A voucher that had lapsed is good again, and the reward that it came from.
pub(crate) fn live_again(draft: &mut Draft<'_>, voucher: &mut Voucher) -> Result<(), Stop> {
    revive_what_is_good(draft, voucher)?;
    extend_reward(draft, voucher)
}

fn revive_what_is_good(draft: &mut Draft<'_>, voucher: &mut Voucher) -> Result<(), Stop> {
    match voucher.lapsed_amount > 0 && is_good(draft, voucher) {
        true => revive(draft, voucher),
        false => Ok(()),
    }
}

/// What an operator makes a voucher worth more is given by hand, as a new one would be.
fn check_gain(draft: &mut Draft<'_>, before: &Voucher, after: &Voucher, standing: Standing) -> Result<(), Stop> {
    let has_more_uses = after.max_redemptions > before.max_redemptions;
    let is_uncapped = after.kind == BenefitKind::PercentOff && after.max_amount.is_none();
    let revived = before.lapsed_amount - after.lapsed_amount;
    let used = standing.used;
    let gain = match after.is_balance() {
        true => revived,
        false => after.held(used) - before.held(used),
    };
    let gift = Gift { worth: (!has_more_uses || !is_uncapped).then_some(gain.max(0)), to: after.customer };
    if four_eyes::hand(draft)?.is_none() || gives_alone(draft, &gift)? {
        return Ok(());
    }
    let detail = "The voucher would be worth more than one operator gives alone; make another one with POST \
                  /v1/vouchers, which is good when a second operator has approved it.";
    Err(four_eyes::refused(detail).into())
}

fn apply(voucher: &mut Voucher, body: &VoucherBody, shop: &Shop, at: Timestamp) -> Result<(), Rejection> {
    voucher.valid_from = body.valid_from.unwrap_or(voucher.valid_from);
    if let Some(until) = body.valid_until {
        voucher.valid_until = until;
        voucher.due_at = until;
        voucher.remind_at = remind_at(shop, voucher.customer, until, at);
        check_times(at, voucher.valid_from, until)?;
    }
    voucher.min_order_amount = body.min_order_amount.map_or(voucher.min_order_amount, |least| least.0);
    if let Some(uses) = body.per_customer {
        voucher.per_customer = uses.map(|uses| within(uses, 1, USES, "/per_customer")).transpose()?;
    }
    if let Some(stacking) = &body.stacking {
        voucher.stacking = Json(stacking.clone());
    }
    check_scope(voucher.kind, body.applies_to.as_ref(), body.with_shop_discounts)?;
    if let Some(applies_to) = &body.applies_to {
        voucher.applies_to = Json(applies_to.clone());
    }
    voucher.with_shop_discounts = body.with_shop_discounts.unwrap_or(voucher.with_shop_discounts);
    voucher.legal_kind = body.legal_kind.unwrap_or(voucher.legal_kind);
    voucher.tax_kind = body.tax_kind.unwrap_or(voucher.tax_kind);
    Ok(())
}

/// Sets the number of uses. What that makes the voucher worth more is paid, what less returns.
fn limit(
    draft: &mut Draft<'_>,
    before: &Voucher,
    after: &mut Voucher,
    standing: Standing,
    uses: i64,
) -> Result<(), Stop> {
    let place = "/max_redemptions";
    within(uses, 1, USES, place)?;
    if before.source != VoucherSource::Shop || before.max_redemptions.is_none() {
        return Err(
            Rejection::field(place, "only a voucher that the shop made with a limit can get another one").into()
        );
    }
    let taken = standing.used + standing.held;
    if uses < taken {
        return Err(Rejection::field(place, format!("{taken} uses are taken, or set aside, already")).into());
    }
    if !is_good(draft, after) {
        return Err(
            Rejection::new(Code::VoucherExpired, "The voucher has expired; extend it with valid_until first.").into()
        );
    }
    if after.face_amount.saturating_mul(uses) > MAX_AMOUNT {
        return Err(Rejection::field(place, format!("all uses together are worth at most {MAX_AMOUNT}")).into());
    }
    let held = after.held(standing.used);
    after.max_redemptions = Some(uses);
    let more = after.held(standing.used) - held;
    if more < 0 {
        release(draft, after, -more, EntryKind::Voided, &after.source_account)?;
    } else {
        pay(draft, after, more)?;
    }
    if let Some(count) = draft.get::<VoucherUse>(VoucherUse::id_of(after.id))? {
        let mut count = (*count).clone();
        count.cap = Some(uses);
        draft.save(count);
    }
    Ok(())
}

fn pay(draft: &mut Draft<'_>, voucher: &Voucher, amount: i64) -> Result<(), Stop> {
    let moved = post(
        draft,
        &Move {
            kind: EntryKind::Issued,
            debit: &voucher.source_account,
            credit: &voucher.account(),
            amount,
            currency: voucher.currency,
            cause: voucher.id,
            customer: voucher.customer,
            reverses: None,
        },
    )?;
    match moved {
        Moved::Done(_) => Ok(()),
        Moved::TooLow { available } => {
            let detail = format!("{available} is left in the budget, {amount} is needed (minor units).");
            Err(Rejection::new(Code::BudgetExhausted, detail).into())
        }
    }
}

/// Whether its time is not over.
fn is_good(draft: &Draft<'_>, voucher: &Voucher) -> bool {
    voucher.valid_until.is_none_or(|until| until > draft.at())
}

/// The reward that the voucher was made of lives as long as it.
fn extend_reward(draft: &mut Draft<'_>, voucher: &Voucher) -> Result<(), Stop> {
    let Some(reward) = of_voucher(draft, voucher)? else { return Ok(()) };
    let mut extended = match reward.status {
        RewardStatus::Issued => (*reward).clone(),
        RewardStatus::Expired => step(draft, (*reward).clone(), RewardStatus::Issued, Some("voucher extended")),
        _ => return Ok(()),
    };
    extended.expires_at = voucher.valid_until;
    draft.save(extended);
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::decide::testing::till::{Till, day};
    use crate::records::Reward;
    use crate::records::account::{EXPIRED, ISSUED, SHOP};

    #[test]
    fn extending_revives_what_lapsed() {
        let mut till = Till::new();
        let (reward, _) = till.grant(json!({"kind": "amount_off", "amount": 500, "valid": {"days": 3}}));
        let voucher = till.bench.get::<Reward>(reward).voucher.expect("a voucher");
        till.advance(9);
        assert_eq!((&till.shown(voucher)["status"], till.balance(EXPIRED)), (&json!("expired"), 500));
        let until = day(&till, 9);
        let (_, shown) = till.update(voucher, json!({"valid_until": until})).expect("it is extended");
        assert_eq!((&shown["status"], &shown["valid_until"]), (&json!("active"), &json!(until)));
        assert_eq!((till.balance(ISSUED), till.balance(EXPIRED)), (500, 0));
        let reward = till.bench.get::<Reward>(reward);
        assert_eq!((reward.status, reward.expires_at.map(|at| at.to_string())), (RewardStatus::Issued, Some(until)));
    }

    #[test]
    fn more_uses_are_paid_and_fewer_return() {
        let mut till = Till::new();
        let (id, code) = till.voucher(json!({"kind": "amount_off", "amount": 100, "max_redemptions": 2}));
        till.redeem(json!({"codes": [code]})).expect("the first use");
        for (uses, issued) in [(5, 400), (1, 0), (2, 100)] {
            till.update(id, json!({"max_redemptions": uses})).expect("it may");
            assert_eq!((till.balance(ISSUED), till.balance(SHOP)), (issued, -issued - 100), "{uses}");
        }
        till.redeem(json!({"codes": [code], "order_id": "A-2"})).expect("the second use");
        let refused = till.update(id, json!({"max_redemptions": 1})).expect_err("two are taken");
        assert_eq!(refused.errors[0].pointer, "/max_redemptions");
    }

    #[test]
    fn one_that_expired_gets_more_uses_only_with_more_time() {
        for is_spent in [true, false] {
            let mut till = Till::new();
            let fields = json!({"kind": "amount_off", "amount": 100, "valid_until": day(&till, 3)});
            let (id, code) = till.voucher(fields);
            if is_spent {
                till.redeem(json!({"codes": [code]})).expect("its use");
            }
            till.advance(5);
            let refused = till.update(id, json!({"max_redemptions": 3})).expect_err("its time is over");
            assert_eq!(refused.code, Code::VoucherExpired, "{is_spent}");
            let until = day(&till, 3);
            till.update(id, json!({"max_redemptions": 3, "valid_until": until})).expect("it lives again");
            let left = if is_spent { 200 } else { 300 };
            assert_eq!(till.balance(ISSUED), left);
            till.advance(5);
            assert_eq!((till.balance(ISSUED), till.balance(EXPIRED)), (0, left), "{is_spent}");
        }
    }

    #[test]
    fn a_hold_that_is_over_takes_no_use() {
        let mut till = Till::new();
        let (id, code) = till.voucher(json!({"kind": "amount_off", "amount": 100, "max_redemptions": 3}));
        for cart in ["C-1", "C-2"] {
            till.hold(json!({"codes": [code], "order_id": null, "cart_id": cart})).expect("it is set aside");
        }
        till.update(id, json!({"max_redemptions": 1})).expect_err("two are set aside");
        till.wait(20);
        let (_, shown) = till.update(id, json!({"max_redemptions": 1})).expect("nobody came by to sweep");
        assert_eq!([&shown["held"], &shown["remaining_uses"]], [&json!(0), &json!(1)]);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let mut till = Till::new();
        let (id, _) = till.voucher(json!({"kind": "amount_off", "amount": 100, "max_redemptions": null}));
        let past = day(&till, -1);
        let table = [
            (json!({"max_redemptions": 5}), "/max_redemptions"),
            (json!({"max_redemptions": null}), "/max_redemptions"),
            (json!({"valid_until": past}), "/valid_until"),
            (json!({"per_customer": 0}), "/per_customer"),
        ];
        for (fields, place) in table {
            let refused = till.update(id, fields).expect_err(place);
            assert_eq!((refused.code, refused.errors[0].pointer.as_str()), (Code::InvalidField, place));
        }
        let old = UpdateVoucher { id, if_match: 0.into(), body: VoucherBody::default(), mask: Mask::Hint };
        assert_eq!(till.bench.decide(old).expect_err("it read another version").code, Code::Stale);
        till.void(id).expect("it is withdrawn");
        assert_eq!(till.update(id, json!({})).expect_err("it is void").code, Code::IllegalTransition);
    }
}
