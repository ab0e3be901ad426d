//! What somebody is owed, was sent, has used and was granted.

use super::{Moment, Next, Order, Teller};
use crate::records::benefit::Benefit;
use crate::records::grant::GrantStatus;
use crate::records::hold::HoldStatus;
use crate::records::message::MessageStatus;
use crate::records::money::Currency;
use crate::records::reward::{RewardStatus, Step};
use crate::records::{Grant, Hold, Message, Redemption, Refund, Reversal, Reward};
use crate::wording::{Worth, benefit, until};

impl Teller<'_> {
    /// Each step of a reward; its order is that for which it waits, and whose refunds changed it.
    pub fn reward(&self, reward: &Reward, order: Option<&Order<'_>>) -> Vec<Moment> {
        let refunds = order.map_or(&[][..], |order| &order.refunds);
        let mut moments = Vec::new();
        let mut before: Option<&Step> = None;
        for step in reward.history.iter() {
            moments.push(self.step(reward, before, step, refunds));
            before = Some(step);
        }
        if let Some(last) = moments.last_mut() {
            last.next = self.after_reward(reward, order);
        }
        moments
    }

    /// One step, told by the state that it left and the one that it took.
    fn step(&self, reward: &Reward, before: Option<&Step>, step: &Step, refunds: &[&Refund]) -> Moment {
        let what = self.what(&reward.benefit, step.amount, reward.currency);
        let earlier = before.and_then(|before| before.amount).map(|amount| self.money(amount, reward.currency));
        let word = match before {
            Some(before) if before.status == step.status => again(before, step),
            Some(before) if step.status == RewardStatus::Spent && step.why.is_some() => settled(before, step),
            Some(before) if step.status == RewardStatus::Issued && before.status == RewardStatus::Due => "handed_over",
            Some(before) if step.status == RewardStatus::Issued && !before.status.waits() => "restored",
            _ => step.status.as_str(),
        };
        let values = [("benefit", what.as_str()), ("before", earlier.as_deref().unwrap_or_default())];
        let told = self.moment(&format!("reward.{word}"), step.at, reward.id, &values);
        let why = step.why.as_deref().map(|why| self.why(why, refunds));
        Moment { role: reward.to_side, sentence: self.because(told.sentence, why.as_deref()), ..told }
    }

    /// Why a step was taken; for a refund's sake with the word for its kind.
    fn why(&self, why: &str, refunds: &[&Refund]) -> String {
        match refunds.iter().find(|refund| refund.why() == why) {
            Some(refund) => format!("{} {}", self.word("refund", refund.kind.as_str()), refund.refund_id),
            None => self.word("why", why),
        }
    }

    fn after_reward(&self, reward: &Reward, order: Option<&Order<'_>>) -> Option<Next> {
        match (reward.status, reward.expires_at) {
            (RewardStatus::Pending, _) => match order {
                Some(order) => self.waiting("reward.next", order.conversion),
                None => reward.pending_until.map(|until| self.next_on("reward.next.pending", until)),
            },
            (RewardStatus::Due, _) => Some(self.next("reward.next.due", None, &[])),
            (RewardStatus::Issued, Some(end)) => {
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
        let why = message.reason.as_ref().map(|why| self.word("why", why.as_str()));
        Moment { sentence: self.because(told.sentence, why.as_deref()), next, ..told }
    }

    /// What was set aside for a checkout, and what became of that.
    pub fn hold(&self, hold: &Hold) -> Moment {
        let amount = self.money(hold.discount + hold.payment, hold.currency);
        let (word, name) = match (&hold.order_id, &hold.cart_id) {
            (Some(order), _) => ("order", order.as_str()),
            (None, cart) => ("cart", cart.as_deref().unwrap_or_default()),
        };
        let place = self.words(&format!("hold.{word}"), &[("name", name)]);
        let status = hold.status_at(self.now);
        let values = [("amount", amount.as_str()), ("place", &place)];
        let told = self.moment(&format!("hold.{status}"), hold.held_at, hold.id, &values);
        let end = until(hold.expires_at, self.zone, self.language);
        let next = || self.next("hold.next", Some(hold.expires_at), &[("until", &end)]);
        Moment { next: (status == HoldStatus::Held).then(next), ..told }
    }

    /// What was used in an order.
    pub fn redemption(&self, redemption: &Redemption) -> Moment {
        let amount = self.money(redemption.discount + redemption.payment, redemption.currency);
        let values = [("amount", amount.as_str()), ("order", &redemption.order_id)];
        self.moment("redemption.made", redemption.created_at, redemption.id, &values)
    }

    /// What of it was given back; the refund is the one for whose sake that was.
    pub fn reversal(&self, reversal: &Reversal, redemption: &Redemption, refund: Option<&Refund>) -> Moment {
        let amount = self.money(reversal.amount, redemption.currency);
        let values = [("amount", amount.as_str()), ("order", &redemption.order_id)];
        let told = self.moment("redemption.reversed", reversal.created_at, reversal.id, &values);
        let why = self.why(&reversal.reason, &Vec::from_iter(refund));
        Moment { sentence: self.because(told.sentence, Some(&why)), ..told }
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

/// The word for a step that was not a redemption, and after which nothing of a reward is left to spend:
/// its order came back, and what was not spent was taken.
fn settled(before: &Step, step: &Step) -> &'static str {
    if step.amount < before.amount { "lowered_to_used" } else { "forgiven" }
}

/// The word for a step in which a reward stays where it is.
fn again(before: &Step, step: &Step) -> &'static str {
    match (before.amount, step.amount) {
        (Some(more), Some(less)) if less < more => "lowered",
        (Some(less), Some(more)) if more > less => "raised",
        _ if step.status == RewardStatus::Spent => "forgiven",
        _ => "changed",
    }
}

#[cfg(test)]
mod tests {
    use crate::records::Why;
    use crate::records::grant::GrantStatus;
    use crate::records::hold::HoldStatus;
    use crate::records::message::{MessageKind, MessageStatus};
    use crate::records::referral::Method;
    use crate::records::refund::RefundKind;
    use crate::records::reward::RewardStatus;
    use crate::wording::{Language, find};

    #[test]
    fn everything_that_an_order_may_wait_for_has_a_sentence() {
        for list in ["conversion.next", "reward.next"] {
            for word in ["unpaid", "review", "overdue", "open", "manual", "pending"] {
                let key = format!("timeline.{list}.{word}");
                assert!(find(Language::German, &key, &[]).is_some(), "{key}");
            }
        }
    }

    #[test]
    fn every_state_has_a_sentence() {
        let lists = [
            ("reward", RewardStatus::WORDS),
            ("mail", MessageStatus::WORDS),
            ("mail.about", MessageKind::WORDS),
            ("grant", GrantStatus::WORDS),
            ("hold", HoldStatus::WORDS),
            ("refund", RefundKind::WORDS),
            ("method", Method::WORDS),
            ("reason", Why::WORDS),
        ];
        for (list, words) in lists {
            for word in words {
                let key = format!("timeline.{list}.{word}");
                assert!(find(Language::German, &key, &[]).is_some(), "{key}");
            }
        }
    }
}
