//! Spends the codes and the store credit of a cart in an order: all of them, or none.
//!
//! An order has one live redemption. The same cart again is answered with it; after it was wholly
//! reversed the order may be redeemed anew.

use super::answer::{Answer, Keep};
use super::draft::Draft;
use super::ledger::{Move, post_covered};
use super::parts::cart::Cart;
use super::parts::checkout::{Assessed, Line, assess, counts_by_customer, uses_subject};
use super::parts::customer;
use super::parts::reward::{Follow, follow};
use super::parts::voucher::plain;
use super::tally;
use crate::records::account::{EXPIRED, REDEEMED, SHOP, credit_account};
use crate::records::entry::EntryKind;
use crate::records::redemption::{MovedEntry, RedeemedLine, RedemptionStatus};
use crate::records::reward::RewardStatus;
use crate::records::{Id, Json, OrderSlot, Redemption, Voucher, VoucherUse};
use crate::refusal::{Code, Rejection};
use crate::vault::sha256_hex;
use crate::views::Mask;
use crate::views::redemption::redemption as view;
use crate::world::Stop;

/// The cart that is redeemed; it names its order.
#[derive(Clone, Debug)]
pub struct CreateRedemption {
    /// The cart.
    pub cart: Cart,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &CreateRedemption) -> Result<Answer, Stop> {
    let cart = &command.cart;
    let order_id = cart.order_id.as_deref().ok_or_else(|| Rejection::field("/order_id", "this field is required"))?;
    let slot_id = OrderSlot::id_of(draft.shop.id, order_id);
    let slot = draft.get::<OrderSlot>(slot_id);
    let assessed = assess(draft, cart);
    let print = fingerprint(draft, cart);
    let (slot, print) = (slot?, print?);
    if let Some(live) = slot.as_ref().and_then(|slot| slot.redemption) {
        return answer_again(draft, live, &print);
    }
    let assessed = assessed?;
    if let Some(refusal) = assessed.refusal() {
        return Err(refusal.into());
    }
    if assessed.price.discount + assessed.price.payment == 0 {
        return Err(Rejection::at(Code::NotApplicable, "/codes", "Nothing would be redeemed; give a code or store_credit.").into());
    }
    let redemption = spend_all(draft, cart, &assessed, order_id, print)?;
    let mut slot = slot.map_or_else(|| OrderSlot { id: slot_id, shop: draft.shop.id, version: 0, redemption: None }, |slot| (*slot).clone());
    slot.redemption = Some(redemption.id);
    draft.save(slot);
    draft.event("redemption.created", &view(&redemption, &draft.house.vault, Mask::Hint))?;
    let shown = view(&redemption, &draft.house.vault, Mask::Full);
    let answer = Answer::created(&shown, format!("/v1/redemptions/{}", redemption.id)).keep(Keep::Sealed);
    draft.save(redemption);
    Ok(answer)
}

/// The same cart again is answered as it is now; a different one in the same order is refused.
fn answer_again(draft: &Draft<'_>, live: Id, print: &str) -> Result<Answer, Stop> {
    let live = draft.expect::<Redemption>(live)?;
    if live.fingerprint != print {
        let detail = format!(
            "Order {} was redeemed with another cart ({}); reverse that redemption first, or repeat the same cart.",
            live.order_id, live.id
        );
        return Err(Rejection::new(Code::OrderDiffers, detail).into());
    }
    Ok(Answer::ok(&view(&live, &draft.house.vault, Mask::Full)).keep(Keep::Sealed))
}

/// Tells one cart from another. The order of the codes does not matter, nor how they were typed, nor
/// by which of his two ids the customer is named. What an unused code was worth cannot be found out of it.
fn fingerprint(draft: &Draft<'_>, cart: &Cart) -> Result<String, Stop> {
    let customer = match &cart.customer {
        Some(text) => customer::named(draft, text)?.map_or_else(|| text.to_string(), |known| known.id.to_string()),
        None => String::new(),
    };
    let mut codes: Vec<(String, Option<i64>)> = (cart.codes.iter())
        .map(|typed| (draft.house.vault.code_key(draft.shop.id, &plain(&typed.code)), typed.amount.map(|amount| amount.0)))
        .collect();
    codes.sort_unstable();
    let amounts = (cart.amount.0, cart.shipping(), cart.shop_discount(), cart.store_credit.map(|most| most.0));
    let items: Vec<_> = (cart.items.iter())
        .map(|item| (&*item.id, item.sku.as_deref(), item.quantity, item.amount.0, &item.categories, item.discounted == Some(true)))
        .collect();
    Ok(sha256_hex(format!("{customer:?} {} {codes:?} {amounts:?} {items:?}", cart.currency).as_bytes()))
}

fn spend_all(draft: &mut Draft<'_>, cart: &Cart, assessed: &Assessed, order_id: &str, print: String) -> Result<Redemption, Stop> {
    let id = draft.new_id("rdm");
    let buyer = assessed.customer.as_ref();
    let spending = Spending { redemption: id, customer: buyer.map(|buyer| buyer.id) };
    let mut lines = Vec::with_capacity(assessed.lines.len());
    for line in &assessed.lines {
        lines.push(spending.spend(draft, cart, line)?);
    }
    Ok(Redemption {
        id,
        shop: draft.shop.id,
        version: 0,
        order_id: order_id.to_owned(),
        customer: spending.customer,
        customer_ref: buyer.and_then(|buyer| buyer.external_id.clone()),
        currency: cart.currency,
        amount: cart.amount.0,
        shipping_amount: cart.shipping(),
        discount: assessed.price.discount,
        payment: assessed.price.payment,
        payable: assessed.price.payable,
        lines: Json(lines),
        fingerprint: print,
        status: RedemptionStatus::Redeemed,
        reversed_amount: 0,
        created_at: draft.at(),
    })
}

struct Spending {
    redemption: Id,
    customer: Option<Id>,
}

impl Spending {
    fn spend(&self, draft: &mut Draft<'_>, cart: &Cart, line: &Line) -> Result<RedeemedLine, Stop> {
        let mut redeemed = line.redeemed(cart);
        if !line.counts() {
            return Ok(redeemed);
        }
        redeemed.entries = match (&line.voucher, self.customer) {
            (Some(voucher), _) => {
                self.count_use(draft, voucher)?;
                let entries = self.enter(draft, voucher, line)?;
                if line.after().is_spent(voucher) {
                    self.spend_reward(draft, voucher)?;
                }
                entries
            }
            (None, Some(customer)) => {
                let credit = credit_account(customer);
                self.moved(draft, EntryKind::Spent, &credit, REDEEMED, line.part.payment)?.into_iter().collect()
            }
            (None, None) => Vec::new(),
        };
        Ok(redeemed)
    }

    fn count_use(&self, draft: &mut Draft<'_>, voucher: &Voucher) -> Result<(), Stop> {
        let id = VoucherUse::id_of(voucher.id);
        let mut uses = draft.get::<VoucherUse>(id)?.map_or_else(
            || VoucherUse { id, shop: draft.shop.id, version: 0, used: 0, cap: None },
            |uses| (*uses).clone(),
        );
        uses.used += 1;
        uses.cap = voucher.max_redemptions;
        draft.save(uses);
        if let Some(customer) = self.customer.filter(|_| counts_by_customer(voucher)) {
            tally::add(draft, &uses_subject(voucher.id, customer), voucher.per_customer)?;
        }
        Ok(())
    }

    /// What a use does in the books. A balance pays. A discount comes out of the face that was issued
    /// for this use; what it takes beyond, or without a face, the shop gives; what it leaves is lost.
    fn enter(&self, draft: &mut Draft<'_>, voucher: &Voucher, line: &Line) -> Result<Vec<MovedEntry>, Stop> {
        let account = voucher.account();
        if voucher.is_balance() {
            return Ok(self.moved(draft, EntryKind::Spent, &account, REDEEMED, line.part.payment)?.into_iter().collect());
        }
        let face = if voucher.max_redemptions.is_some() { voucher.face_amount } else { 0 };
        let covered = line.part.discount.min(face);
        let spent = self.moved(draft, EntryKind::Spent, &account, REDEEMED, covered)?;
        let beyond = self.moved(draft, EntryKind::Spent, SHOP, REDEEMED, line.part.discount - covered)?;
        let unused = self.moved(draft, EntryKind::Unused, &account, EXPIRED, face - covered)?;
        Ok([spent, beyond, unused].into_iter().flatten().collect())
    }

    fn moved(&self, draft: &mut Draft<'_>, kind: EntryKind, debit: &str, credit: &str, amount: i64) -> Result<Option<MovedEntry>, Stop> {
        post_covered(draft, &Move {
            kind,
            debit,
            credit,
            amount,
            currency: draft.shop.currency,
            cause: self.redemption,
            customer: self.customer,
            reverses: None,
        })
    }

    fn spend_reward(&self, draft: &mut Draft<'_>, voucher: &Voucher) -> Result<(), Stop> {
        follow(draft, voucher, &Follow {
            from: &[RewardStatus::Issued],
            to: RewardStatus::Spent,
            why: None,
            event: Some("reward.spent"),
        })?;
        Ok(())
    }
}
