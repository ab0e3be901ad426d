//! Redeeming a line of a cart: its use is counted, its balance or budget pays, and the ledger says so.

use crate::decide::checkout::cart::Cart;
use crate::decide::checkout::cart_line::CartLine;
use crate::decide::checkout::checkout_discount;
use crate::decide::checkout::discount_rule::CheckoutDiscount;
use crate::decide::checkout::shopper::Shopper;
use crate::decide::counter;
use crate::decide::draft::Draft;
use crate::decide::ledger::{Move, post_covered};
use crate::decide::offers::group;
use crate::decide::people::person;
use crate::decide::vouchers::reward_of::{of_voucher, spend};
use crate::decide::vouchers::uses::{counts_by_customer, uses_subject};
use crate::records::account::{EXPIRED, REDEEMED, SHOP, credit_account};
use crate::records::entry::EntryKind;
use crate::records::program::RewardOn;
use crate::records::redemption::{MovedEntry, Recommendation, RedeemedLine};
use crate::records::voucher::VoucherSource;
use crate::records::voucher_batch::redeemed_subject;
use crate::records::{Claim, Customer, Id, Voucher, VoucherUse};
use crate::world::Stop;

/// A redemption that spends.
pub struct Redeemer {
    /// The redemption.
    pub redemption: Id,
    /// Who buys.
    pub customer: Option<Id>,
    /// Who reads why a line does not count.
    pub shopper: Shopper,
}

impl Redeemer {
    /// Spends a line that counts; answers what it did, or why it does not.
    pub fn redeem_line(&self, draft: &mut Draft<'_>, cart: &Cart, line: &CartLine) -> Result<RedeemedLine, Stop> {
        if let Some(refused) = line.refused(self.shopper) {
            return Ok(refused);
        }
        let mut redeemed = line.redeemed(cart, &draft.installation.vault, draft.random());
        if !line.counts() {
            return Ok(redeemed);
        }
        redeemed.entries = match (&line.voucher, self.customer) {
            (Some(voucher), _) => {
                self.count_use(draft, voucher)?;
                (redeemed.offer, redeemed.claim) = claim_of(draft, voucher)?;
                redeemed.claim.map_or(Ok(()), |claim| group::note_order(draft, claim))?;
                let entries = self.enter(draft, voucher, line)?;
                if line.after().is_spent(voucher) {
                    let redeemed =
                        entries.iter().find(|entry| entry.credit == REDEEMED && entry.debit == voucher.account());
                    spend(draft, voucher, redeemed.map_or(0, |entry| entry.amount))?;
                }
                entries
            }
            (None, Some(customer)) if line.checkout_discount.is_none() => {
                let credit = credit_account(customer);
                self.moved(draft, EntryKind::Spent, &credit, REDEEMED, line.part.payment)?.into_iter().collect()
            }
            (None, _) => match &line.checkout_discount {
                Some(checkout_discount) => self.recommend(draft, checkout_discount, &mut redeemed)?,
                None => Vec::new(),
            },
        };
        Ok(redeemed)
    }

    /// The program pays what was really taken off; who recommended has a referral.
    fn recommend(
        &self,
        draft: &mut Draft<'_>,
        by: &CheckoutDiscount,
        line: &mut RedeemedLine,
    ) -> Result<Vec<MovedEntry>, Stop> {
        let Some(friend) = self.customer else { return Ok(Vec::new()) };
        let friend = draft.expect::<Customer>(friend)?;
        let entry = self.moved(draft, EntryKind::Spent, &by.program().account(), REDEEMED, line.discount)?;
        let counted_by = checkout_discount::count_discount(draft, by, &friend, line.discount)?;
        line.recommendation = Some(Recommendation { counted_by, ..by.noted() });
        checkout_discount::introduce(draft, by, &friend)?;
        Ok(entry.into_iter().collect())
    }

    fn count_use(&self, draft: &mut Draft<'_>, voucher: &Voucher) -> Result<(), Stop> {
        let id = VoucherUse::id_of(voucher.id);
        let mut uses = draft
            .get::<VoucherUse>(id)?
            .map_or_else(|| VoucherUse::none(draft.shop.id, voucher.id), |uses| (*uses).clone());
        uses.used += 1;
        uses.cap = voucher.max_redemptions;
        draft.save(uses);
        if let Some(batch) = voucher.batch {
            counter::add(draft, &redeemed_subject(batch), None)?;
        }
        if let Some(customer) = self.customer.filter(|_| counts_by_customer(voucher)) {
            let person = person::of_id(draft, customer)?;
            person::add(draft, &person, |id| uses_subject(voucher.counted_as, id), voucher.per_customer)?;
        }
        Ok(())
    }

    /// What a use does in the books. A balance pays. A discount comes out of the face that was issued
    /// for this use; what it takes beyond, or without a face, the shop gives; what it leaves is lost.
    fn enter(&self, draft: &mut Draft<'_>, voucher: &Voucher, line: &CartLine) -> Result<Vec<MovedEntry>, Stop> {
        let account = voucher.account();
        if voucher.is_balance() {
            return Ok(self
                .moved(draft, EntryKind::Spent, &account, REDEEMED, line.part.payment)?
                .into_iter()
                .collect());
        }
        let face = if voucher.max_redemptions.is_some() { voucher.face_amount } else { 0 };
        let covered = line.part.discount.min(face);
        let spent = self.moved(draft, EntryKind::Spent, &account, REDEEMED, covered)?;
        let beyond = self.moved(draft, EntryKind::Spent, SHOP, REDEEMED, line.part.discount - covered)?;
        let unused = self.moved(draft, EntryKind::Unused, &account, EXPIRED, face - covered)?;
        Ok([spent, beyond, unused].into_iter().flatten().collect())
    }

    fn moved(
        &self,
        draft: &mut Draft<'_>,
        kind: EntryKind,
        debit: &str,
        credit: &str,
        amount: i64,
    ) -> Result<Option<MovedEntry>, Stop> {
        post_covered(
            draft,
            &Move {
                kind,
                debit,
                credit,
                amount,
                currency: draft.shop.currency,
                cause: self.redemption,
                customer: self.customer,
                reverses: None,
            },
        )
    }
}

/// The offer that gave a voucher, where one did, and the claim that it was given for; an organiser has claimed nothing.
fn claim_of(draft: &Draft<'_>, voucher: &Voucher) -> Result<(Option<Id>, Option<Id>), Stop> {
    if voucher.source != VoucherSource::Reward {
        return Ok((None, None));
    }
    let reward = of_voucher(draft, voucher)?.filter(|reward| reward.on_what == RewardOn::Offer);
    let claim = reward.as_ref().map(|reward| draft.find(&Claim::BY_PLACE, &reward.once)).transpose()?;
    let claim = claim.flatten().map(|claim| claim.id);
    Ok((reward.and_then(|reward| reward.offer()).filter(|_| claim.is_some()), claim))
}
