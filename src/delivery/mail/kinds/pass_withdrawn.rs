//! `pass_withdrawn`: a pass is no longer good, because it was taken back or its event is cancelled; calendars take the entry out.

use super::attendance::Attendance;
use crate::delivery::mail::compose_error::ComposeError;
use crate::delivery::mail::facts::{Facts, Head, Topic};
use crate::records::Message;
use crate::store::{Connection, StoreResult};
use crate::vault::Vault;
use crate::wording::say;

pub(in crate::delivery::mail) struct Mail(pub Attendance);

impl Mail {
    pub(super) fn read(connection: &mut Connection, message: &Message) -> StoreResult<Self> {
        Attendance::read(connection, message).map(Self)
    }
}

impl Topic for Mail {
    fn facts(&self, head: &Head<'_>, _: &Vault) -> Result<Facts, ComposeError> {
        let because = say(head.language, "mail.because.pass_withdrawn", &[("shop", head.name)]);
        Ok(Facts { because, thanks_key: "mail.pass.withdrawn", ..self.0.withdrawn(head)? })
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
            let topic = Box::new(Mail(samples::attendance()));
            samples::check("pass_withdrawn", &samples::letter(language, MessageKind::PassWithdrawn, topic));
        }
    }
}
