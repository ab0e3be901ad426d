//! Asks a customer by mail whether they want advertising (double opt-in): nothing is given until they press the button.

use serde::Deserialize;

use crate::decide::answer::Answer;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::mail::announced::{MARKETING, agrees};
use crate::decide::mail::outbox::mail_to;
use crate::decide::people::upsert_customer::check_size;
use crate::records::Customer;
use crate::records::customer::{ASKED, Consent};
use crate::records::message::MessageKind;
use crate::records::text::Text;
use crate::records::time::DAY_MS;
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// Wait before somebody is asked again, milliseconds.
const AGAIN_MS: i64 = DAY_MS / 24;

/// Who is asked, and which text they were shown.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskConsent {
    /// Whom, from the path.
    #[serde(skip)]
    pub customer: String,
    /// Which text was shown when they asked for it.
    pub text_version: Option<Text<1, 200>>,
}

/// Decides it: 201 and the mail.
pub fn decide(draft: &mut Draft<'_>, command: &AskConsent) -> Result<Answer, Stop> {
    let customer = customer_lookup::named(draft, &command.customer)?;
    let customer = customer.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such customer."))?;
    let customer = customer_lookup::merged(draft, customer)?;
    let customer = customer_lookup::living(customer, "")?;
    let refused = |detail: &str| Rejection::new(Code::IllegalTransition, detail);
    if customer.email.is_none() {
        return Err(refused("The customer has no e-mail address; give them one first.").into());
    }
    if agrees(&customer) == Some(true) {
        return Err(refused("The customer agreed to it already.").into());
    }
    let asked = customer.consents.iter().filter(|consent| consent.source.as_deref() == Some(ASKED));
    if asked.map(|consent| consent.at).max().is_some_and(|asked| asked.plus_ms(AGAIN_MS) > draft.at()) {
        return Err(refused("The customer was asked within the last hour.").into());
    }
    let mut changed: Customer = (*customer).clone();
    changed.consents.0.push(Consent {
        kind: MARKETING.to_owned(),
        given: false,
        at: draft.at(),
        source: Some(ASKED.to_owned()),
        text_version: command.text_version.as_ref().map(|text| text.to_string()),
    });
    check_size(&changed)?;
    changed.updated_at = draft.at();
    let customer = draft.save(changed);
    let message = mail_to(draft, &customer, MessageKind::ConfirmConsent, customer.id);
    let message = draft.save(message);
    Ok(Answer::created(&views::message::message(&message), format!("/v1/messages/{}", message.id)))
}
