//! `pass_issued`: the customer was given a pass for an event: its code, what its QR code says and a file for calendars.

use super::attendance::Attendance;
use crate::delivery::mail::compose_error::ComposeError;
use crate::delivery::mail::facts::{Facts, Head, Topic};
use crate::records::Message;
use crate::store::{Connection, StoreResult};
use crate::vault::Vault;

pub(in crate::delivery::mail) struct Mail(pub Attendance);

impl Mail {
    pub(super) fn read(connection: &mut Connection, message: &Message) -> StoreResult<Self> {
        Attendance::read(connection, message).map(Self)
    }
}

impl Topic for Mail {
    fn facts(&self, head: &Head<'_>, vault: &Vault) -> Result<Facts, ComposeError> {
        let Self(attendance) = self;
        let thanks_key = match &attendance.gift {
            _ if attendance.is_replaced() => "mail.voucher.replaces",
            Some(gift) if !gift.is_grant() => "mail.pass.thanks",
            _ => "mail.pass.thanks_grant",
        };
        Ok(Facts { because: attendance.because(head), thanks_key, ..attendance.shown(head, vault)? })
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
            samples::check("pass_issued", &samples::letter(language, MessageKind::PassIssued, topic));
        }
    }
}
