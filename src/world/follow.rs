//! What a loaded record leads to: it is loaded with it, so that a decision need not be made anew to ask for it.
//!
//! Each arrow is one that most decisions follow. From a person they lead to the numbers that they gave and to those
//! who gave them, and no further.

use super::World;
use crate::records::account::{ISSUED, PENDING};
use crate::records::hold::HoldStatus;
use crate::records::offer::{OfferKind, claims_subject, share_claims_subject};
use crate::records::program::budget_account;
use crate::records::share::{naked_subject, share_subjects};
use crate::records::voucher::VoucherSource;
use crate::records::{Account, ClaimRate, Customer, Id, Offer, Person, Reward, Share, Tally, VoucherUse};

/// So many offers of a batch are looked at together with each of its shares.
const OFFERS: usize = 2;

/// As what a person's record was asked for by that of another.
#[derive(Clone, Copy)]
pub(super) enum Reached {
    /// A phone number that somebody gave.
    Number,
    /// Somebody who gave the same number.
    Neighbour,
}

impl World {
    /// A world in which nothing is to be changed: counters and accounts that a change would move are not followed.
    pub fn for_reading(self) -> Self {
        Self { reads_only: true, ..self }
    }

    /// Asks for what the records that were loaded last lead to, where most decisions ask for it next: who a customer
    /// is and who counts with them, whose a code, a link or a referral is, what was used of a voucher, what a grant
    /// gave, what a slot stands for, what a hold has set aside, what an order was rewarded with.
    pub fn follow(&mut self) {
        for customer in self.customers.take_fresh() {
            self.persons.want(customer.shop, customer.person);
            customer.merged_into.iter().for_each(|into| self.customers.want(customer.shop, *into));
        }
        for person in self.persons.take_fresh() {
            self.follow_person(&person);
        }
        for identity in self.identities.take_fresh() {
            self.persons.want(identity.shop, identity.person);
            identity.customer.iter().for_each(|customer| self.customers.want(identity.shop, *customer));
        }
        for code in self.codes.take_fresh() {
            self.customers.want(code.shop, code.customer);
            self.programs.want(code.shop, code.program);
            self.tallies.want(code.shop, Tally::id_of(code.shop, &naked_subject(code.share)));
        }
        for offer in self.offers.take_fresh() {
            self.follow_offer(&offer);
        }
        for share in self.shares.take_fresh() {
            self.follow_share(&share);
            self.follow_claims_by(&share);
        }
        for voucher in self.vouchers.take_fresh() {
            let (shop, is_grant) = (voucher.shop, voucher.source == VoucherSource::Grant);
            self.voucher_uses.want(shop, VoucherUse::id_of(voucher.id));
            voucher.batch.iter().for_each(|batch| self.voucher_batches.want(shop, *batch));
            for other in voucher.replaces.iter().chain(voucher.heir.iter()) {
                self.vouchers.want(shop, *other);
            }
            if voucher.replaced_by.is_some() {
                self.vouchers.want(shop, voucher.counted_as);
            }
            voucher.source_id.iter().filter(|_| is_grant).for_each(|grant| self.grants.want(shop, *grant));
            let is_reward = voucher.source == VoucherSource::Reward;
            voucher.source_id.iter().filter(|_| is_reward).for_each(|reward| self.rewards.want(shop, *reward));
        }
        for grant in self.grants.take_fresh() {
            grant.reward.iter().for_each(|reward| self.rewards.want(grant.shop, *reward));
        }
        self.follow_checkouts();
        for redemption in self.redemptions.take_fresh() {
            let shop = redemption.shop;
            redemption.customer.iter().for_each(|customer| self.customers.want(shop, *customer));
            let naked = redemption.recommendation().and_then(|noted| noted.naked);
            naked.iter().for_each(|share| self.tallies.want(shop, Tally::id_of(shop, &naked_subject(*share))));
        }
        for conversion in self.conversions.take_fresh() {
            conversion.customer.iter().for_each(|customer| self.customers.want(conversion.shop, *customer));
            conversion.referral.iter().for_each(|referral| self.referrals.want(conversion.shop, *referral));
            let naked = conversion.naked_share.map(|share| Tally::id_of(conversion.shop, &naked_subject(share)));
            naked.iter().for_each(|tally| self.tallies.want(conversion.shop, *tally));
            self.rewards.want_list(&Reward::OF_CONVERSION, conversion.shop, conversion.id);
        }
        for reward in self.rewards.take_fresh() {
            self.customers.want(reward.shop, reward.customer);
            reward.voucher.iter().for_each(|voucher| self.vouchers.want(reward.shop, *voucher));
        }
        for referral in self.referrals.take_fresh() {
            self.customers.want(referral.shop, referral.advocate);
            self.programs.want(referral.shop, referral.program);
            referral.share.iter().for_each(|share| self.shares.want(referral.shop, *share));
        }
    }

    /// What a slot stands for, and what a hold has set aside.
    fn follow_checkouts(&mut self) {
        for slot in self.order_slots.take_fresh() {
            slot.redemption.iter().for_each(|redemption| self.redemptions.want(slot.shop, *redemption));
        }
        for slot in self.hold_slots.take_fresh() {
            slot.hold.iter().for_each(|hold| self.holds.want(slot.shop, *hold));
        }
        let mut marks = self.hold_marks.take_fresh();
        marks.retain(|mark| mark.subject.is_some());
        marks.sort_by_key(|mark| (mark.shop, mark.subject, mark.due_at));
        // Where the one that is over first is not over yet, none of the others is.
        marks.dedup_by_key(|mark| (mark.shop, mark.subject));
        marks.iter().for_each(|mark| self.holds.want(mark.shop, mark.hold));
        for hold in self.holds.take_fresh().iter().filter(|hold| hold.status == HoldStatus::Held) {
            hold.customer.iter().for_each(|customer| self.customers.want(hold.shop, *customer));
            hold.marks.iter().for_each(|mark| self.hold_marks.want(hold.shop, *mark));
            let vouchers = hold.lines.iter().filter_map(|line| line.voucher);
            vouchers.for_each(|voucher| self.vouchers.want(hold.shop, voucher));
        }
    }

    /// Whose a share is, what came of it, and what an order is paid from that it brings.
    fn follow_share(&mut self, share: &Share) {
        let shop = share.shop;
        if let Some(advocate) = &share.customer {
            self.customers.want(shop, *advocate);
            if self.judges_advocates {
                self.histories.want(shop, *advocate);
                self.customers.want_list(&Customer::MERGED_INTO, shop, *advocate);
            }
        }
        self.programs.want(shop, share.program);
        self.share_counts.want(shop, share.id);
        if !self.reads_only {
            let counted = share_subjects(share.id).map(|subject| Tally::id_of(shop, &subject));
            counted.iter().for_each(|tally| self.tallies.want(shop, *tally));
        }
        self.follow_program(shop, share.program);
    }

    /// How many took an offer by a share. Which of the two a command names together is not told here: where a batch is of
    /// many offers, decisions ask for themselves.
    fn follow_claims_by(&mut self, share: &Share) {
        if self.offers.known.len() > OFFERS {
            return;
        }
        for offer in self.offers.known.values().flatten().filter(|offer| offer.shop == share.shop) {
            if offer.kind == OfferKind::Group {
                let places = share_claims_subject(offer.id, share.id);
                self.tallies.want(share.shop, Tally::id_of(share.shop, &places));
            } else if !self.reads_only {
                self.claim_rates.want(share.shop, ClaimRate::id_of(offer.id, share.id));
            }
        }
    }

    /// What is left of an offer, what it is paid from, and whether it asks what those did who sent people.
    fn follow_offer(&mut self, offer: &Offer) {
        let asked = offer.conditions.iter().flat_map(|condition| condition.tree.facts());
        self.judges_advocates |= asked.into_iter().any(|fact| fact.as_str().starts_with("advocate."));
        self.programs.want(offer.shop, offer.program);
        self.tallies.want(offer.shop, Tally::id_of(offer.shop, &claims_subject(offer.id)));
        self.follow_program(offer.shop, offer.program);
        if let (Some(Some(settings)), false) = (self.shops.known.get(&(offer.shop, offer.shop)), self.reads_only) {
            self.accounts.want(offer.shop, Account::id_of(offer.shop, &offer.account(), settings.currency));
        }
    }

    /// What an order that a program rewards is paid from, and where that goes.
    fn follow_program(&mut self, shop: Id, program: Id) {
        if self.reads_only {
            return;
        }
        let Some(Some(settings)) = self.shops.known.get(&(shop, shop)) else { return };
        for name in [&budget_account(program), PENDING, ISSUED] {
            self.accounts.want(shop, Account::id_of(shop, name, settings.currency));
        }
    }

    /// Who counts with a person: those who gave one of their numbers, and nobody whom these know in turn. What it
    /// costs does not grow with the town.
    fn follow_person(&mut self, person: &Person) {
        let reached = self.reached.remove(&(person.shop, person.id));
        let mut others = Vec::new();
        if reached.is_none() {
            others.extend(person.phones.iter().map(|number| (*number, Some(Reached::Number))));
        }
        if !matches!(reached, Some(Reached::Neighbour)) {
            others.extend(person.givers.iter().map(|giver| (*giver, Some(Reached::Neighbour))));
        }
        others.extend(person.merged_into.iter().map(|first| (*first, reached)));
        for (other, reached) in others {
            let place = (person.shop, other);
            if let Some(reached) = reached.filter(|_| !self.persons.known.contains_key(&place)) {
                self.reached.entry(place).or_insert(reached);
            }
            self.persons.want(person.shop, other);
        }
    }
}
