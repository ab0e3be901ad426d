//! `confirm_consent`: somebody gave this address to have offers; whoever reads it says whether that was them. It offers
//! nothing itself.

use minijinja::context;

use crate::decide::mail::confirm_consent::token;
use crate::delivery::mail::compose_error::ComposeError;
use crate::delivery::mail::facts::{Facts, Head, Topic};
use crate::vault::Vault;
use crate::wording::say;

pub(in crate::delivery::mail) struct Mail;

impl Topic for Mail {
    fn facts(&self, head: &Head<'_>, vault: &Vault) -> Result<Facts, ComposeError> {
        Ok(Facts {
            because: say(head.language, "mail.confirm.because", &[("shop", head.name)]),
            thanks_key: "mail.confirm.thanks",
            automatic_key: "mail.automatic_confirm",
            own: context! { link => format!("{}/y/{}", head.links, token(vault, head.message.id)) },
            ..Facts::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::mail::samples;
    use crate::records::message::MessageKind;

    #[test]
    fn whole_mails_are_written_to_the_letter() {
        for language in ["de", "en"] {
            samples::check("confirm", &samples::letter(language, MessageKind::ConfirmConsent, Box::new(Mail)));
        }
    }
}
