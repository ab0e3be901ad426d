//! A reward that a customer was given: what the kinds of mails have in common that tell of one.

use crate::delivery::mail::facts::{Head, is_web};
use crate::records::benefit::BenefitKind;
use crate::records::money::shown;
use crate::records::program::{self, RewardOn, Side};
use crate::records::{Message, Offer, Program, Reward, Voucher};
use crate::store::queries::records::named;
use crate::store::{Connection, StoreResult};
use crate::wording::{self, Language, Worth, say};

/// A reward, with all that is told of it.
#[derive(Clone, Debug)]
pub(in crate::delivery::mail) struct Gift {
    pub reward: Reward,
    /// The voucher that was made of it.
    pub voucher: Option<Voucher>,
    /// The program that gave it, unless it was granted.
    pub program: Option<Program>,
    /// The offer that gave it, where one was taken.
    pub offer: Option<Offer>,
}

impl Gift {
    /// Reads the one that a message tells of.
    pub(super) fn read(connection: &mut Connection, message: &Message) -> StoreResult<Self> {
        let reward: Reward = named(connection, message.shop, message.subject)?;
        Ok(Self {
            voucher: reward.voucher.map(|id| named(connection, message.shop, id)).transpose()?,
            program: reward.program.map(|id| named(connection, message.shop, id)).transpose()?,
            offer: reward.offer().map(|id| named(connection, message.shop, id)).transpose()?,
            reward,
        })
    }

    /// Whether the voucher has a code that came instead of an earlier one.
    pub(super) fn is_replaced(&self) -> bool {
        self.voucher.as_ref().is_some_and(|voucher| voucher.replaces.is_some())
    }

    /// Whether somebody gave it by hand.
    pub(super) fn is_grant(&self) -> bool {
        self.reward.on_what == RewardOn::Grant
    }

    /// Whether it thanks the organiser of a group.
    fn is_organisers(&self) -> bool {
        self.reward.once.ends_with(crate::records::offer::ORGANISER)
    }

    /// Why it was given.
    pub(super) fn because(&self, head: &Head<'_>) -> String {
        let is_card = self.reward.benefit.kind == BenefitKind::GiftCard;
        let key = match (self.reward.on_what, self.reward.to_side) {
            _ if self.is_replaced() && is_card => "mail.because.replaced_gift_card",
            _ if self.is_replaced() => "mail.because.replaced",
            (RewardOn::Grant, _) => "mail.because.grant",
            (RewardOn::Offer, _) if self.is_organisers() => "mail.because.organiser",
            (RewardOn::Offer, _) => "mail.because.offer",
            (RewardOn::Milestone, _) => "mail.because.milestone",
            (_, Some(Side::Advocate)) => "mail.because.advocate",
            (RewardOn::Referral | RewardOn::Checkout, _) => "mail.because.welcome",
            (RewardOn::Conversion, _) => "mail.because.friend",
        };
        let friends = self.reward.friends().unwrap_or_default().to_string();
        say(head.language, key, &[("shop", head.name), ("friends", &friends)])
    }

    /// What is worth so much, in words; `amount` instead of the reward's.
    pub(super) fn benefit_of(&self, amount: Option<i64>, language: Language) -> String {
        let worth = Worth { amount, ..Worth::from(&self.reward.benefit.0) };
        wording::benefit(&worth, self.reward.currency, language)
    }

    /// An amount of its money; empty where it is a rate or the shipping.
    pub(super) fn money(&self, amount: Option<i64>, language: Language) -> String {
        amount.map(|minor| shown(minor, self.reward.currency, language.code())).unwrap_or_default()
    }

    /// Conditions in the program's own words.
    pub(super) fn prose(&self, head: &Head<'_>) -> Option<String> {
        self.words(head)?.conditions.as_deref().filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Where the program's terms are.
    pub(super) fn terms_url(&self, head: &Head<'_>) -> Option<String> {
        self.words(head)?.terms_url.as_deref().filter(|url| is_web(url)).map(str::to_owned)
    }

    /// The program's words in the mail's language: the very locale first, then the language.
    fn words(&self, head: &Head<'_>) -> Option<&program::Content> {
        let content = match (&self.offer, &self.program) {
            // An offer's words are of what those get who take it.
            (Some(_), _) if self.is_organisers() => return None,
            (Some(offer), _) => &offer.content,
            (None, program) => &program.as_ref()?.content,
        };
        content.get(&head.message.locale).or_else(|| content.get(head.language.code()))
    }
}
