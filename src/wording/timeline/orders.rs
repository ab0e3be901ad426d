//! Who recommended whom, what was ordered, what came of the order, and why somebody got nothing for it.

use super::{Moment, Next, Teller};
use crate::records::conversion::{Considered, ConversionStatus};
use crate::records::program::{Approval, Side};
use crate::records::referral::ReferralStatus;
use crate::records::refund::{Outcome, RefundKind, RewardOutcome};
use crate::records::{Conversion, Referral, Refund, Reward, Why};

/// An order, with what came back of it.
pub struct Order<'a> {
    /// The order.
    pub conversion: &'a Conversion,
    /// What came back of it, oldest first.
    pub refunds: Vec<&'a Refund>,
}

impl Teller<'_> {
    /// A recommendation, from either side.
    pub fn referral(&self, referral: &Referral) -> Vec<Moment> {
        let (role, side, other) = match self.is_own(Some(referral.friend)) {
            true => (Side::Friend, "friend", &referral.advocate_ref),
            false => (Side::Advocate, "advocate", &referral.friend_ref),
        };
        let who = self.who(other.as_deref());
        let values = [("who", who.as_str()), ("program", self.program(Some(referral.program)))];
        let moment = |step: &str, at| Moment {
            role: Some(role),
            ..self.moment(&format!("referral.{side}.{step}"), at, referral.id, &values)
        };
        let mut made = moment("made", referral.created_at);
        let is_over = referral.expires_at <= self.now && referral.status != ReferralStatus::Converted;
        if referral.status == ReferralStatus::Open && !is_over {
            made.next = Some(self.next_on("referral.next", referral.expires_at));
        }
        let mut moments = vec![made];
        if is_over && referral.status != ReferralStatus::Rejected {
            moments.push(moment("expired", referral.expires_at));
        }
        moments.extend(self.refused_by_referral(referral, role));
        moments
    }

    /// Rewards for a referral that this side did not get.
    fn refused_by_referral(&self, referral: &Referral, role: Side) -> Vec<Moment> {
        let refused = referral.refused_rewards.iter().enumerate().filter(|(_, refused)| refused.to == role);
        let told = refused.map(|(place, refused)| {
            let reason = self.word("reason", refused.reason.as_str());
            let values = [("program", self.program(Some(referral.program))), ("reason", reason.as_str())];
            let told = self.moment("refusal.referral", referral.created_at, referral.id, &values);
            Moment { step: format!("reward.{place}"), role: Some(role), ..told }
        });
        told.collect()
    }

    /// An order, from either side: its facts, what came back of it and what that did to these rewards of
    /// the customer's, and what was refused to that side.
    pub fn order(&self, order: &Order<'_>, rewards: &[Reward]) -> Vec<Moment> {
        let conversion = order.conversion;
        if !self.is_own(conversion.customer) && !self.is_own(conversion.advocate) {
            return self.passed_over(conversion);
        }
        let role = if self.is_own(conversion.customer) { Side::Friend } else { Side::Advocate };
        let mut moments = vec![self.ordered(conversion, role)];
        moments.extend(self.facts(conversion));
        moments.extend(order.refunds.iter().enumerate().map(|(place, refund)| {
            let is_last = place + 1 == order.refunds.len();
            self.refund(conversion, refund, is_last && conversion.returned_at.is_some(), rewards)
        }));
        for moment in &mut moments {
            moment.role = Some(role);
        }
        let last = moments.iter().enumerate().max_by_key(|(place, moment)| (moment.at, *place)).map(|(place, _)| place);
        if let Some(last) = last {
            moments[last].next = self.after_order(conversion);
        }
        moments.extend(self.refusals(conversion, role));
        moments
    }

    fn ordered(&self, conversion: &Conversion, role: Side) -> Moment {
        let other = if role == Side::Friend { &conversion.advocate_ref } else { &conversion.customer_ref };
        let (who, method) = (self.who(other.as_deref()), self.word("method", conversion.told_method().as_str()));
        let amount = self.money(conversion.amount, conversion.currency);
        let key = match (role, conversion.advocate) {
            (Side::Friend, None) => "conversion.friend.recorded",
            (Side::Friend, Some(_)) => "conversion.friend.credited",
            (Side::Advocate, _) => "conversion.advocate.credited",
        };
        let values = [
            ("order", conversion.order_id.as_str()),
            ("amount", &amount),
            ("who", &who),
            ("method", &method),
            ("program", self.program(conversion.program)),
        ];
        Moment { step: "recorded".to_owned(), ..self.moment(key, conversion.created_at, conversion.id, &values) }
    }

    /// What the shop reported of an order and what operators decided about it. What was reported along
    /// with the order was known when that was; an order of the past has no life here.
    fn facts(&self, conversion: &Conversion) -> Vec<Moment> {
        if conversion.imported {
            return Vec::new();
        }
        let order = [("order", conversion.order_id.as_str())];
        let paid_at =
            conversion.paid_at.map(|at| if at == conversion.occurred_at { conversion.created_at } else { at });
        let was_credited = conversion.program.is_some();
        let facts = [
            ("paid", paid_at, None),
            ("delivered", conversion.delivered_at, None),
            ("approved", conversion.approved_at.filter(|_| was_credited), None),
            ("lifted", conversion.lifted_at, None),
            ("cancelled", conversion.cancelled_at, conversion.reason.as_deref()),
            ("rejected", conversion.rejected_at, conversion.reason.as_deref()),
        ];
        let has_two = conversion.cancelled_at.is_some() && conversion.rejected_at.is_some();
        let told = facts.into_iter().filter_map(|(step, at, why)| {
            let why = why.filter(|_| step == "rejected" || !has_two);
            let told = self.moment(&format!("conversion.{step}"), at?, conversion.id, &order);
            Some(Moment { sentence: self.because(told.sentence, why), ..told })
        });
        told.collect()
    }

    /// What came back, and what that did to the customer's own rewards.
    fn refund(&self, conversion: &Conversion, refund: &Refund, is_whole: bool, rewards: &[Reward]) -> Moment {
        let amount = self.money(refund.amount, refund.currency);
        let values = [("amount", amount.as_str()), ("order", &conversion.order_id)];
        let key = if is_whole { "conversion.reversed" } else { "conversion.refunded" };
        let told = self.moment(key, refund.created_at, refund.id, &values);
        let kind = (refund.kind != RefundKind::Refund).then(|| self.word("refund", refund.kind.as_str()));
        let why: Vec<String> = kind.into_iter().chain(refund.reason.clone()).collect();
        let mut sentence = self.because(told.sentence, (!why.is_empty()).then(|| why.join(": ")).as_deref());
        for outcome in refund.rewards.iter() {
            if let Some(reward) = rewards.iter().find(|reward| reward.id == outcome.id) {
                sentence.push_str(&self.fate(outcome, reward));
            }
        }
        Moment { sentence, ..told }
    }

    /// What became of a reward, in sentences that follow others.
    fn fate(&self, outcome: &RewardOutcome, reward: &Reward) -> String {
        let money = |amount: i64| self.money(amount, reward.currency);
        let (before, after, forgiven) = (money(outcome.before), money(outcome.after), money(outcome.forgiven));
        let values = [("before", before.as_str()), ("after", &after), ("amount", &forgiven)];
        let fell = outcome.after < outcome.before;
        let told: &[&str] = match outcome.outcome {
            Outcome::Gone => &[],
            Outcome::Kept => &["kept"],
            Outcome::Voided => &["voided"],
            Outcome::Reduced => &["reduced"],
            Outcome::Forgiven if outcome.forgiven == 0 => &["used"],
            Outcome::Forgiven if fell => &["reduced", "forgiven"],
            Outcome::Forgiven => &["forgiven"],
        };
        told.iter().map(|word| format!(" {}", self.words(&format!("fate.{word}"), &values))).collect()
    }

    /// What comes after what happened to an order last.
    fn after_order(&self, conversion: &Conversion) -> Option<Next> {
        conversion.program?;
        self.waiting("conversion.next", conversion)
    }

    /// What an order waits for, in the words of a list.
    pub(super) fn waiting(&self, list: &str, conversion: &Conversion) -> Option<Next> {
        let is_manual = conversion.terms.as_ref().is_some_and(|terms| terms.approval == Approval::Manual);
        let (word, until) = match (conversion.status, conversion.pending_until) {
            (ConversionStatus::Unpaid, _) => ("unpaid", None),
            (ConversionStatus::Review, _) => ("review", None),
            (ConversionStatus::Pending, _) if conversion.overdue => ("overdue", None),
            (ConversionStatus::Pending, None) => ("open", None),
            (ConversionStatus::Pending, until) if is_manual => ("manual", until),
            (ConversionStatus::Pending, until) => ("pending", until),
            _ => return None,
        };
        let key = format!("{list}.{word}");
        Some(until.map_or_else(|| self.next(&key, None, &[]), |until| self.next_on(&key, until)))
    }

    /// Rewards that this side did not get, and evidence of the friend's that did not count.
    fn refusals(&self, conversion: &Conversion, role: Side) -> Vec<Moment> {
        let rewards = conversion.refused_rewards.iter().enumerate().filter(|(_, refused)| refused.to == role);
        let mut moments: Vec<Moment> = rewards
            .map(|(place, refused)| {
                self.refusal("refusal.reward", format!("reward.{place}"), conversion, "", refused.reason)
            })
            .collect();
        if role == Side::Friend {
            moments.extend(losers(conversion).map(|(place, lost)| {
                let key = if lost.advocate.is_some() { "refusal.evidence" } else { "refusal.nobody" };
                let who = lost.advocate.as_deref().unwrap_or_default();
                self.refusal(key, format!("evidence.{place}"), conversion, who, lost.outcome)
            }));
        }
        for moment in &mut moments {
            moment.role = Some(role);
        }
        moments
    }

    /// An order for which the customer's own evidence was brought, and that is not credited to him.
    fn passed_over(&self, conversion: &Conversion) -> Vec<Moment> {
        let who = self.who(conversion.customer_ref.as_deref());
        let own = losers(conversion).filter(|(_, lost)| self.is_own(lost.advocate_id));
        own.map(|(place, lost)| Moment {
            role: Some(Side::Advocate),
            ..self.refusal("refusal.advocate", format!("evidence.{place}"), conversion, &who, lost.outcome)
        })
        .collect()
    }

    fn refusal(&self, key: &str, step: String, conversion: &Conversion, who: &str, reason: Why) -> Moment {
        let reason = self.word("reason", reason.as_str());
        let values = [("order", conversion.order_id.as_str()), ("who", who), ("reason", &reason)];
        Moment { step, ..self.moment(key, conversion.created_at, conversion.id, &values) }
    }
}

/// Evidence that lost, and not to better evidence of the same advocate.
fn losers(conversion: &Conversion) -> impl Iterator<Item = (usize, &Considered)> {
    let lost = conversion.considered.iter().enumerate();
    lost.filter(|(_, lost)| lost.advocate_id.is_none() || lost.advocate_id != conversion.advocate)
}
