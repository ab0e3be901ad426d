//! `credit_issued`: store credit was added to the customer's account.

use minijinja::context;

use super::gift::Gift;
use crate::delivery::mail::compose_error::ComposeError;
use crate::delivery::mail::facts::{Facts, Head, Topic};
use crate::records::Message;
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
        Ok(Facts {
            because: gift.because(head),
            thanks_key: if gift.is_grant() { "mail.credit.thanks_grant" } else { "mail.credit.thanks" },
            automatic_key: "mail.automatic",
            conditions: vec![say(head.language, "mail.credit.no_end", &[])],
            prose: gift.prose(head),
            terms_url: gift.terms_url(head),
            own: context! { amount => gift.money(gift.reward.amount, head.language) },
            ..Facts::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::mail::samples::{self, CREDIT};
    use crate::records::message::MessageKind;

    #[test]
    fn whole_mails_are_written_to_the_letter() {
        for language in ["de", "en"] {
            let topic = Box::new(Mail(samples::gift(CREDIT)));
            samples::check("credit", &samples::letter(language, MessageKind::CreditIssued, topic));
        }
    }
}
