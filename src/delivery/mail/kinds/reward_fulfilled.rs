//! `reward_fulfilled`: the shop has handed over what it hands over itself, a free product or something of its own.

use minijinja::context;

use super::gift::Gift;
use crate::delivery::mail::compose_error::ComposeError;
use crate::delivery::mail::facts::{Facts, Head, Topic};
use crate::records::Message;
use crate::store::{Connection, StoreResult};
use crate::vault::Vault;

pub(in crate::delivery::mail) struct Mail(pub Gift);

impl Mail {
    pub(super) fn read(connection: &mut Connection, message: &Message) -> StoreResult<Self> {
        Gift::read(connection, message).map(Self)
    }
}

impl Topic for Mail {
    fn facts(&self, head: &Head<'_>, _: &Vault) -> Result<Facts, ComposeError> {
        let Self(gift) = self;
        let description = gift.reward.benefit.description.as_deref().filter(|text| !text.is_empty());
        Ok(Facts {
            because: gift.because(head),
            thanks_key: if gift.is_grant() { "mail.fulfilled.thanks_grant" } else { "mail.fulfilled.thanks" },
            automatic_key: "mail.automatic_fulfilled",
            prose: gift.prose(head),
            terms_url: gift.terms_url(head),
            own: context! { benefit => gift.benefit_of(None, head.language), description },
            ..Facts::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::mail::samples;
    use crate::demo::eml::Part;
    use crate::records::message::MessageKind;

    const MUG: &str =
        r#"{"kind":"free_product","sku":"mug-7","name":"Tasse <7>","description":"Aus Ton.\nHandgemacht."}"#;
    const TOUR: &str = r#"{"kind":"custom","name":"Tour"}"#;

    #[test]
    fn whole_mails_are_written_to_the_letter() {
        for language in ["de", "en"] {
            let topic = Box::new(Mail(samples::gift(MUG)));
            samples::check("product", &samples::letter(language, MessageKind::RewardFulfilled, topic));
        }
    }

    #[test]
    fn what_has_no_more_words_is_told_by_its_name() {
        let topic = Box::new(Mail(samples::gift(TOUR)));
        let mail = Part::read(&samples::written(&samples::letter("en", MessageKind::RewardFulfilled, topic)));
        assert_eq!(mail.header("subject"), Some("For you from Kaffeehaus Grün & Söhne: Tour"));
        let text = mail.find("text/plain").expect("a text").text();
        assert!(text.contains("For you: Tour\n\nThere is nothing more"), "{text}");
    }
}
