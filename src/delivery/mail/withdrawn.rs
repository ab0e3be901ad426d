//! What the mail says that tells of a reward which was taken back, or of a part of it: never whose order
//! it was, nor in whose words it was decided.

use crate::records::Reward;
use crate::records::benefit::BenefitKind;
use crate::records::message::{Withdrawal, WithdrawnBy};
use crate::records::money::shown;
use crate::records::program::Side;
use crate::store::queries::messages::Letter;
use crate::wording::{Language, say};

/// Why it was taken.
pub(super) fn because(withdrawal: &Withdrawal, reward: &Reward, language: Language, shop: &str) -> String {
    let key = match (withdrawal.by, reward.to_side) {
        (WithdrawnBy::Hand, _) => "mail.because.review",
        (WithdrawnBy::Order, Some(Side::Advocate)) => "mail.because.order_advocate",
        (WithdrawnBy::Order, _) => "mail.because.order_friend",
    };
    say(language, key, &[("shop", shop)])
}

/// The words for that all of it was taken, or a part.
pub(super) fn so_key(withdrawal: &Withdrawal) -> &'static str {
    let is_part = withdrawal.left.is_some() || withdrawal.is_used;
    match (withdrawal.by, is_part) {
        (WithdrawnBy::Order, false) => "mail.withdrawn.so",
        (WithdrawnBy::Order, true) => "mail.withdrawn.so_part",
        (WithdrawnBy::Hand, false) => "mail.withdrawn.review",
        (WithdrawnBy::Hand, true) => "mail.withdrawn.review_part",
    }
}

/// What stays, and what becomes of the code.
pub(super) fn notes(withdrawal: &Withdrawal, letter: &Letter, language: Language, shop: &str) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(left) = withdrawal.left {
        let amount = shown(left, letter.reward.currency, language.code());
        notes.push(say(language, "mail.withdrawn.left", &[("amount", &amount)]));
    }
    if withdrawal.is_used {
        notes.push(say(language, "mail.withdrawn.used", &[]));
    }
    if letter.reward.benefit.kind == BenefitKind::StoreCredit {
        notes.push(say(language, "mail.withdrawn.credit", &[]));
    } else if let Some(voucher) = &letter.voucher {
        let key = if withdrawal.left.is_some() { "mail.withdrawn.code_stays" } else { "mail.withdrawn.code" };
        notes.push(say(language, key, &[("code", &voucher.code_hint)]));
    }
    notes.push(say(language, "mail.withdrawn.questions", &[("shop", shop)]));
    notes
}
