//! `expires_soon`: what is left of a voucher is good for some days more. It is advertising, and goes to who agreed to that.

use minijinja::context;

use super::voucher_issued::conditions;
use crate::delivery::mail::compose_error::ComposeError;
use crate::delivery::mail::facts::{Facts, Head, Topic};
use crate::records::benefit::BenefitKind;
use crate::records::{Message, Voucher};
use crate::store::queries::records::named;
use crate::store::{Connection, StoreResult};
use crate::vault::Vault;
use crate::wording::{self, Worth, say};

pub(in crate::delivery::mail) struct Mail(pub Voucher);

impl Mail {
    pub(super) fn read(connection: &mut Connection, message: &Message) -> StoreResult<Self> {
        named(connection, message.shop, message.subject).map(Self)
    }
}

impl Topic for Mail {
    fn facts(&self, head: &Head<'_>, vault: &Vault) -> Result<Facts, ComposeError> {
        let Self(voucher) = self;
        let code = vault.open(&voucher.code_box).ok_or(ComposeError::Sealed)?;
        let end = voucher.valid_until.ok_or(ComposeError::Lacks("its end"))?;
        let until = wording::until(end, head.shop.zone(), head.language);
        let (because, subject_key) = match voucher.kind {
            BenefitKind::GiftCard => ("mail.expires.because_gift_card", "mail.expires.subject_gift_card"),
            _ => ("mail.expires.because", "mail.expires.subject"),
        };
        Ok(Facts {
            because: say(head.language, because, &[("shop", head.name), ("until", &until)]),
            thanks_key: "mail.expires.thanks",
            automatic_key: "mail.automatic_expires",
            code: Some(code),
            conditions: conditions(voucher, head),
            own: context! {
                benefit => wording::benefit(&Worth::from(voucher), voucher.currency, head.language),
                until,
                subject_key,
            },
            ..Facts::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::mail::samples::{self, CARD, VOUCHER, now};
    use crate::records::message::MessageKind;

    #[test]
    fn whole_mails_are_written_to_the_letter() {
        for language in ["de", "en"] {
            for (name, benefit) in [("voucher", VOUCHER), ("gift_card", CARD)] {
                let mut voucher = samples::gift(benefit).voucher.expect("a voucher");
                voucher.valid_until = Some(now().plus_days(7));
                let mut letter = samples::letter(language, MessageKind::ExpiresSoon, Box::new(Mail(voucher)));
                letter.is_marketing = true;
                samples::check(name, &letter);
            }
        }
    }
}
