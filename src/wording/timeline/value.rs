//! What somebody is owed, was sent, has used and was granted.

use super::{Moment, Next, Teller};
use crate::records::benefit::Benefit;
use crate::records::grant::GrantStatus;
use crate::records::message::MessageStatus;
use crate::records::money::Currency;
use crate::records::reward::RewardStatus;
use crate::records::{Grant, Message, Redemption, Reversal, Reward};
use crate::wording::{Worth, benefit};

impl Teller<'_> {
    /// Each step of a reward.
    pub fn reward(&self, reward: &Reward) -> Vec<Moment> {
        let what = self.what(&reward.benefit, reward.amount, reward.currency);
        let mut moments: Vec<Moment> = (reward.history.iter())
            .map(|step| {
                let key = format!("reward.{}", step.status);
                let told = self.moment(&key, step.at, reward.id, &[("benefit", &what)]);
                let sentence = self.because(told.sentence, step.why.as_deref());
                Moment { role: reward.to_side, sentence, ..told }
            })
            .collect();
        if let Some(last) = moments.last_mut() {
            last.next = self.after_reward(reward);
        }
        moments
    }

    fn after_reward(&self, reward: &Reward) -> Option<Next> {
        match (reward.status, reward.pending_until, reward.expires_at) {
            (RewardStatus::Pending, Some(until), _) => Some(self.next_on("reward.next.pending", until)),
            (RewardStatus::Pending, None, _) => Some(self.next("reward.next.open", None, &[])),
            (RewardStatus::Issued, _, Some(end)) => {
                let last = self.day(end.plus_ms(-1));
                Some(self.next("reward.next.issued", Some(end), &[("day", &last)]))
            }
            _ => None,
        }
    }

    /// What became of a mail.
    pub fn message(&self, message: &Message) -> Moment {
        let about = self.word("mail.about", message.kind.as_str());
        let address = message.recipient.as_deref().unwrap_or_default();
        let at = message.sent_at.unwrap_or(message.created_at);
        let values = [("about", about.as_str()), ("address", address)];
        let told = self.moment(&format!("mail.{}", message.status), at, message.id, &values);
        let next = match (message.status, message.next_at) {
            (MessageStatus::NoAddress, _) => Some(self.next("mail.next.no_address", None, &[])),
            (MessageStatus::Failed, _) => Some(self.next("mail.next.failed", None, &[])),
            (MessageStatus::Queued | MessageStatus::Retrying, Some(at)) => Some(self.next_on("mail.next.tried", at)),
            _ => None,
        };
        Moment { sentence: self.because(told.sentence, message.reason.as_deref()), next, ..told }
    }

    /// What was used in an order.
    pub fn redemption(&self, redemption: &Redemption) -> Moment {
        let amount = self.money(redemption.discount + redemption.payment, redemption.currency);
        let values = [("amount", amount.as_str()), ("order", &redemption.order_id)];
        self.moment("redemption.made", redemption.created_at, redemption.id, &values)
    }

    /// What of it was given back.
    pub fn reversal(&self, reversal: &Reversal, redemption: &Redemption) -> Moment {
        let amount = self.money(reversal.amount, redemption.currency);
        let values = [("amount", amount.as_str()), ("order", &redemption.order_id)];
        let told = self.moment("redemption.reversed", reversal.created_at, reversal.id, &values);
        Moment { sentence: self.because(told.sentence, Some(&reversal.reason)), ..told }
    }

    /// What was asked for by hand, and what was decided.
    pub fn grant(&self, grant: &Grant) -> Vec<Moment> {
        let what = self.what(&grant.benefit, None, grant.currency);
        let moment = |status: GrantStatus, at| {
            let told = self.moment(&format!("grant.{status}"), at, grant.id, &[("benefit", &what)]);
            Moment { sentence: self.because(told.sentence, Some(&grant.reason)), ..told }
        };
        let decided_at = grant.decided_at.unwrap_or(grant.created_at);
        if grant.status == GrantStatus::PendingApproval || decided_at == grant.created_at {
            let next = (grant.status == GrantStatus::PendingApproval).then(|| self.next("grant.next", None, &[]));
            return vec![Moment { next, ..moment(grant.status, grant.created_at) }];
        }
        vec![moment(GrantStatus::PendingApproval, grant.created_at), moment(grant.status, decided_at)]
    }

    /// A benefit in words; of a share of an order what it came to.
    fn what(&self, of: &Benefit, amount: Option<i64>, currency: Currency) -> String {
        let worth = Worth::from(of);
        benefit(&Worth { amount: amount.or(worth.amount), ..worth }, currency, self.language)
    }
}

#[cfg(test)]
mod tests {
    use crate::records::grant::GrantStatus;
    use crate::records::message::{MessageKind, MessageStatus};
    use crate::records::referral::Method;
    use crate::records::reward::RewardStatus;
    use crate::wording::{Language, find};

    #[test]
    fn every_state_has_a_sentence() {
        let lists = [
            ("reward", RewardStatus::WORDS),
            ("mail", MessageStatus::WORDS),
            ("mail.about", MessageKind::WORDS),
            ("grant", GrantStatus::WORDS),
            ("method", Method::WORDS),
        ];
        for (list, words) in lists {
            for word in words {
                let key = format!("timeline.{list}.{word}");
                assert!(find(Language::German, &key, &[]).is_some(), "{key}");
            }
        }
    }
}
