//! `reward_pending`: a reward was earned, and is on its way until what it was earned by is certain.

use minijinja::context;

use super::gift::Gift;
use crate::delivery::mail::compose_error::ComposeError;
use crate::delivery::mail::facts::{Facts, Head, Topic};
use crate::records::Message;
use crate::store::{Connection, StoreResult};
use crate::vault::Vault;
use crate::wording::day;

pub(in crate::delivery::mail) struct Mail(pub Gift);

impl Mail {
    pub(super) fn read(connection: &mut Connection, message: &Message) -> StoreResult<Self> {
        Gift::read(connection, message).map(Self)
    }
}

impl Topic for Mail {
    fn facts(&self, head: &Head<'_>, _: &Vault) -> Result<Facts, ComposeError> {
        let Self(gift) = self;
        let certain = gift.reward.pending_until.map(|at| day(at.day_in(head.shop.zone()), head.language, None));
        Ok(Facts {
            because: gift.because(head),
            thanks_key: "mail.pending.thanks",
            automatic_key: "mail.automatic_pending",
            prose: gift.prose(head),
            terms_url: gift.terms_url(head),
            own: context! { benefit => gift.benefit_of(gift.reward.amount, head.language), certain },
            ..Facts::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::mail::samples::{self, VOUCHER, now};
    use crate::demo::eml::Part;
    use crate::records::message::MessageKind;

    #[test]
    fn whole_mails_are_written_to_the_letter() {
        for language in ["de", "en"] {
            let mut gift = samples::gift(VOUCHER);
            (gift.voucher, gift.reward.pending_until) = (None, Some(now().plus_days(30)));
            samples::check("voucher", &samples::letter(language, MessageKind::RewardPending, Box::new(Mail(gift))));
        }
    }

    #[test]
    fn of_what_waits_for_a_payment_no_day_is_told() {
        let mut gift = samples::gift(VOUCHER);
        gift.reward.pending_until = None;
        let letter = samples::letter("en", MessageKind::RewardPending, Box::new(Mail(gift)));
        let text = Part::read(&samples::written(&letter)).find("text/plain").expect("a text").text();
        assert!(text.contains("as soon as the order is certain"), "{text}");
    }
}
