//! `reward_withdrawn`: a reward was taken back, or a part of it. It says never whose order it was, nor in whose words
//! it was decided.

use minijinja::context;

use super::gift::Gift;
use crate::delivery::mail::compose_error::ComposeError;
use crate::delivery::mail::facts::{Facts, Head, Topic};
use crate::records::Message;
use crate::records::benefit::BenefitKind;
use crate::records::message::{Withdrawal, WithdrawnBy};
use crate::records::money::shown;
use crate::records::program::Side;
use crate::store::{Connection, StoreResult};
use crate::vault::Vault;
use crate::wording::say;

pub(in crate::delivery::mail) struct Mail(pub Gift);

impl Mail {
    pub(super) fn read(connection: &mut Connection, message: &Message) -> StoreResult<Self> {
        Gift::read(connection, message).map(Self)
    }
}

impl Topic for Mail {
    fn facts(&self, head: &Head<'_>, _: &Vault) -> Result<Facts, ComposeError> {
        let Self(gift) = self;
        let withdrawal = head.message.withdrawal.as_ref().ok_or(ComposeError::Lacks("what was taken"))?;
        Ok(Facts {
            because: because(withdrawal, gift, head),
            thanks_key: so_key(withdrawal),
            automatic_key: automatic_key(gift),
            terms_url: gift.terms_url(head),
            own: context! {
                benefit => gift.benefit_of(withdrawal.taken.or(gift.reward.amount), head.language),
                notes => notes(withdrawal, gift, head),
            },
            ..Facts::default()
        })
    }
}

/// The words for why the customer gets the mail.
fn automatic_key(gift: &Gift) -> &'static str {
    match gift.reward.benefit.kind.is_handed_over() {
        true => "mail.automatic_gift_withdrawn",
        false => "mail.automatic_withdrawn",
    }
}

/// Why it was taken.
fn because(withdrawal: &Withdrawal, gift: &Gift, head: &Head<'_>) -> String {
    let key = match (withdrawal.by, gift.reward.to_side) {
        (WithdrawnBy::Hand, _) => "mail.because.review",
        (WithdrawnBy::Order, Some(Side::Advocate)) => "mail.because.order_advocate",
        (WithdrawnBy::Order, _) => "mail.because.order_friend",
    };
    say(head.language, key, &[("shop", head.name)])
}

/// The words for that all of it was taken, or a part.
fn so_key(withdrawal: &Withdrawal) -> &'static str {
    let is_part = withdrawal.left.is_some() || withdrawal.is_used;
    match (withdrawal.by, is_part) {
        (WithdrawnBy::Order, false) => "mail.withdrawn.so",
        (WithdrawnBy::Order, true) => "mail.withdrawn.so_part",
        (WithdrawnBy::Hand, false) => "mail.withdrawn.review",
        (WithdrawnBy::Hand, true) => "mail.withdrawn.review_part",
    }
}

/// What stays, and what becomes of the code, a paragraph each.
fn notes(withdrawal: &Withdrawal, gift: &Gift, head: &Head<'_>) -> Vec<String> {
    let language = head.language;
    let mut notes = Vec::new();
    if let Some(left) = withdrawal.left {
        let amount = shown(left, gift.reward.currency, language.code());
        notes.push(say(language, "mail.withdrawn.left", &[("amount", &amount)]));
    }
    if withdrawal.is_used {
        notes.push(say(language, "mail.withdrawn.used", &[]));
    }
    if gift.reward.benefit.kind == BenefitKind::StoreCredit {
        notes.push(say(language, "mail.withdrawn.credit", &[]));
    } else if let Some(voucher) = &gift.voucher {
        let key = if withdrawal.left.is_some() { "mail.withdrawn.code_stays" } else { "mail.withdrawn.code" };
        notes.push(say(language, key, &[("code", &voucher.code_hint)]));
    }
    notes.push(say(language, "mail.withdrawn.questions", &[("shop", head.name)]));
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::mail::letter::Letter;
    use crate::delivery::mail::samples::{self, CARD, CREDIT, VOUCHER, gift, written};
    use crate::demo::eml::Part;
    use crate::records::Json;
    use crate::records::message::MessageKind;

    fn letter(locale: &str, gift: Gift, withdrawal: Withdrawal) -> Letter {
        let mut letter = samples::letter(locale, MessageKind::RewardWithdrawn, Box::new(Mail(gift)));
        letter.message.withdrawal = Json(Some(withdrawal));
        letter
    }

    #[test]
    fn whole_mails_are_written_to_the_letter() {
        for language in ["de", "en"] {
            let part = Withdrawal { by: WithdrawnBy::Order, taken: Some(2_000), left: Some(3_000), is_used: true };
            samples::check("withdrawn_card", &letter(language, gift(CARD), part));
            let whole = Withdrawal { by: WithdrawnBy::Hand, taken: None, left: None, is_used: false };
            samples::check("withdrawn_voucher", &letter(language, gift(VOUCHER), whole));
        }
    }

    #[test]
    fn each_withdrawal_has_its_words() {
        let withdrawal = |by, left, is_used| Withdrawal { by, taken: Some(500), left, is_used };
        let table = [
            (
                WithdrawnBy::Order,
                Some(Side::Advocate),
                None,
                false,
                "through your recommendation was cancelled or returned",
            ),
            (
                WithdrawnBy::Order,
                Some(Side::Friend),
                Some(100),
                false,
                "part of the reward that you had been given for it",
            ),
            (WithdrawnBy::Hand, Some(Side::Advocate), None, false, "has looked again at a reward"),
            (WithdrawnBy::Hand, None, None, true, "What was left of it has been taken back."),
        ];
        for (by, to, left, is_used, words) in table {
            let mut gift = gift(CREDIT);
            gift.reward.to_side = to;
            let mail = Part::read(&written(&letter("en", gift, withdrawal(by, left, is_used))));
            assert_eq!(mail.header("subject"), Some("Taken back by Kaffeehaus Grün & Söhne: €5.00 store credit"));
            for kind in ["text/plain", "text/html"] {
                let text = mail.find(kind).expect("a part").text();
                assert!(text.contains(words) && text.contains("taken off your store credit"), "{kind}: {text}");
            }
        }
    }

    #[test]
    fn a_withdrawn_code_is_hinted_at_and_drawn_no_more() {
        let whole = Withdrawal { by: WithdrawnBy::Order, taken: None, left: None, is_used: false };
        let raw = written(&letter("en", gift(VOUCHER), whole));
        let mail = Part::read(&raw);
        assert!(mail.find("image/png").is_none());
        for kind in ["text/plain", "text/html"] {
            let text = mail.find(kind).expect("a part").text();
            assert!(text.contains("The code that ends in T2WD is no longer good."), "{kind}: {text}");
            assert!(!text.contains("K7QM"), "{kind}: {text}");
        }
    }
}
