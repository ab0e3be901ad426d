//! `link_replaced`: an advocate's private link has got about; here is a fresh one.

use minijinja::context;

use crate::delivery::mail::compose_error::ComposeError;
use crate::delivery::mail::facts::{Facts, Head, Topic};
use crate::records::{Message, Share};
use crate::store::queries::records::named;
use crate::store::{Connection, StoreResult};
use crate::vault::Vault;
use crate::wording::say;

pub(in crate::delivery::mail) struct Mail {
    /// The share that stands in the place of the old one.
    pub fresh: Share,
}

impl Mail {
    pub(super) fn read(connection: &mut Connection, message: &Message) -> StoreResult<Self> {
        Ok(Self { fresh: named(connection, message.shop, message.subject)? })
    }
}

impl Topic for Mail {
    fn facts(&self, head: &Head<'_>, _: &Vault) -> Result<Facts, ComposeError> {
        Ok(Facts {
            because: say(head.language, "mail.link.because", &[("shop", head.name)]),
            thanks_key: "mail.link.thanks",
            automatic_key: "mail.automatic_link",
            own: context! { link => format!("{}/s/{}", head.links, self.fresh.token) },
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
            let topic = Box::new(Mail { fresh: samples::share() });
            samples::check("link", &samples::letter(language, MessageKind::LinkReplaced, topic));
        }
    }
}
