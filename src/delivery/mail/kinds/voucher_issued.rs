//! `voucher_issued`: the customer was given a voucher, or a gift card.

use minijinja::context;

use super::gift::Gift;
use crate::delivery::mail::compose_error::ComposeError;
use crate::delivery::mail::facts::{Facts, Head, Topic};
use crate::records::benefit::BenefitKind;
use crate::records::money::shown;
use crate::records::{Message, Voucher};
use crate::store::{Connection, StoreResult};
use crate::vault::Vault;
use crate::wording::{self, Language, Worth, say};

pub(in crate::delivery::mail) struct Mail(pub Gift);

impl Mail {
    pub(super) fn read(connection: &mut Connection, message: &Message) -> StoreResult<Self> {
        Gift::read(connection, message).map(Self)
    }
}

impl Topic for Mail {
    fn facts(&self, head: &Head<'_>, vault: &Vault) -> Result<Facts, ComposeError> {
        let Self(gift) = self;
        let voucher = gift.voucher.as_ref().ok_or(ComposeError::Lacks("its voucher"))?;
        let code = vault.open(&voucher.code_box).ok_or(ComposeError::Sealed)?;
        Ok(Facts {
            because: gift.because(head),
            thanks_key: thanks_key(gift),
            automatic_key: "mail.automatic",
            code: Some(code),
            scan: None,
            calendar: None,
            conditions: conditions(voucher, head),
            prose: gift.prose(head),
            terms_url: gift.terms_url(head),
            is_bare: false,
            own: context! {
                subject_key => subject_key(gift),
                benefit => wording::benefit(&Worth::from(voucher), gift.reward.currency, head.language),
                amount => gift.money(voucher.amount, head.language),
            },
        })
    }
}

fn thanks_key(gift: &Gift) -> &'static str {
    match (gift.reward.benefit.kind, gift.is_grant()) {
        _ if gift.is_replaced() => "mail.voucher.replaces",
        (BenefitKind::GiftCard, false) => "mail.voucher.thanks_gift_card",
        (BenefitKind::GiftCard, true) => "mail.voucher.thanks_grant_gift_card",
        (_, false) => "mail.voucher.thanks",
        (_, true) => "mail.voucher.thanks_grant",
    }
}

fn subject_key(gift: &Gift) -> &'static str {
    match (gift.reward.benefit.kind, gift.is_replaced()) {
        (BenefitKind::GiftCard, false) => "mail.voucher.subject_gift_card",
        (BenefitKind::GiftCard, true) => "mail.voucher.subject_replaced_gift_card",
        (_, false) => "mail.voucher.subject",
        (_, true) => "mail.voucher.subject_replaced",
    }
}

/// The conditions beside the benefit, a sentence each.
pub(super) fn conditions(voucher: &Voucher, head: &Head<'_>) -> Vec<String> {
    let language = head.language;
    let until = voucher.valid_until.map(|end| wording::until(end, head.shop.zone(), language));
    let until = match &until {
        Some(until) => say(language, "mail.voucher.until", &[("until", until)]),
        None => say(language, "mail.voucher.no_end", &[]),
    };
    let mut conditions = vec![until];
    if voucher.min_order_amount > 0 {
        let least = shown(voucher.min_order_amount, voucher.currency, language.code());
        conditions.push(say(language, "mail.voucher.min_order", &[("amount", &least)]));
    }
    conditions.extend(uses(voucher, language));
    if voucher.customer.is_some() {
        conditions.push(say(language, "mail.voucher.bound", &[]));
    }
    if voucher.stacking.exclusive {
        conditions.push(say(language, "mail.voucher.exclusive", &[]));
    }
    conditions
}

fn uses(voucher: &Voucher, language: Language) -> Option<String> {
    match voucher.max_redemptions {
        _ if voucher.is_balance() => Some(say(language, "mail.voucher.balance", &[])),
        Some(1) => Some(say(language, "mail.voucher.once", &[])),
        Some(count) => Some(say(language, "mail.voucher.several", &[("count", &count.to_string())])),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::mail::letter::Letter;
    use crate::delivery::mail::samples::{self, CARD, VOUCHER, gift, vault, written};
    use crate::demo::eml::Part;
    use crate::records::message::MessageKind;
    use crate::records::program::{RewardOn, Side};

    fn letter(locale: &str, gift: Gift) -> Letter {
        samples::letter(locale, MessageKind::VoucherIssued, Box::new(Mail(gift)))
    }

    #[test]
    fn whole_mails_are_written_to_the_letter() {
        for language in ["de", "en"] {
            samples::check("voucher", &letter(language, gift(VOUCHER)));
            samples::check("gift_card", &letter(language, gift(CARD)));
        }
    }

    #[test]
    fn each_reason_has_its_words() {
        let table = [
            (RewardOn::Conversion, Some(Side::Advocate), "Thank you for recommending us!"),
            (RewardOn::Conversion, Some(Side::Friend), "Thank you for your order!"),
            (RewardOn::Referral, Some(Side::Friend), "Welcome to "),
            (RewardOn::Grant, None, "would like to say thank you."),
        ];
        for (on, to, words) in table {
            let mut gift = gift(VOUCHER);
            (gift.reward.on_what, gift.reward.to_side) = (on, to);
            let mail = Part::read(&written(&letter("en", gift)));
            for kind in ["text/plain", "text/html"] {
                let text = mail.find(kind).expect("a part").text();
                assert!(text.contains(words), "{on} in {kind}: {text}");
            }
        }
    }

    #[test]
    fn a_code_that_came_instead_of_another_is_not_told_as_a_reward() {
        let table = [
            (VOUCHER, "en", "A new code for your voucher from ", "The code of your voucher from "),
            (CARD, "en", "A new code for your gift card from ", "The code of your gift card from "),
            (VOUCHER, "de", "Ein neuer Code für Ihren Gutschein von ", "der Code Ihres Gutscheins von "),
            (CARD, "de", "Ein neuer Code für Ihre Geschenkkarte von ", "der Code Ihrer Geschenkkarte von "),
        ];
        for (benefit, language, subject, first) in table {
            let mut gift = gift(benefit);
            let voucher = gift.voucher.as_mut().expect("a voucher");
            voucher.replaces = Some(voucher.id);
            let mail = Part::read(&written(&letter(language, gift)));
            let said = mail.header("subject").unwrap_or_default();
            assert!(said.starts_with(subject), "{said}");
            for kind in ["text/plain", "text/html"] {
                let text = mail.find(kind).expect("a part").text();
                assert!(text.contains(first), "{kind}: {text}");
                for praise in ["recommending", "Empfehlung!", "In return", "Dafür"] {
                    assert!(!text.contains(praise), "{praise} in {kind}: {text}");
                }
            }
        }
    }

    #[test]
    fn a_mail_without_its_voucher_is_not_made() {
        let letter = letter("de", Gift { voucher: None, ..gift(VOUCHER) });
        let fault = crate::delivery::mail::compose::compose(&letter, &vault(), samples::now()).expect_err("no voucher");
        assert!(matches!(fault, ComposeError::Lacks(_)) && !fault.is_passing());
    }
}
