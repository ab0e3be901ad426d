//! Who recommended whom, what was ordered, and why somebody got nothing for it.

use super::{Moment, Next, Teller};
use crate::records::conversion::ConversionStatus;
use crate::records::program::Side;
use crate::records::referral::ReferralStatus;
use crate::records::{Conversion, Referral};

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
        match is_over && referral.status != ReferralStatus::Rejected {
            true => vec![made, moment("expired", referral.expires_at)],
            false => vec![made],
        }
    }

    /// An order, from either side, and what was refused to that side.
    pub fn conversion(&self, conversion: &Conversion) -> Vec<Moment> {
        let role = if self.is_own(conversion.customer) { Side::Friend } else { Side::Advocate };
        let order = [("order", conversion.order_id.as_str())];
        let step = |step: &str, at| self.moment(&format!("conversion.{step}"), at, conversion.id, &order);
        let mut moments = vec![self.ordered(conversion, role)];
        if let Some(approved_at) = conversion.approved_at.filter(|at| *at != conversion.created_at) {
            moments.push(step("approved", approved_at));
        }
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
        let (who, method) = (self.who(other.as_deref()), self.word("method", conversion.method.as_str()));
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

    /// What comes after what happened to an order last.
    fn after_order(&self, conversion: &Conversion) -> Option<Next> {
        conversion.program?;
        match (conversion.status, conversion.pending_until) {
            (ConversionStatus::Pending, Some(until)) => Some(self.next_on("conversion.next.pending", until)),
            (ConversionStatus::Pending, None) => Some(self.next("conversion.next.open", None, &[])),
            _ => None,
        }
    }

    /// Rewards that this side did not get, and evidence of the friend's that did not count.
    fn refusals(&self, conversion: &Conversion, role: Side) -> Vec<Moment> {
        let order = conversion.order_id.as_str();
        let refusal = |key: &str, step: String, who: &str, reason: &str| {
            let reason = self.word("reason", reason);
            let values = [("order", order), ("who", who), ("reason", &reason)];
            Moment { role: Some(role), step, ..self.moment(key, conversion.created_at, conversion.id, &values) }
        };
        let rewards = conversion.refused_rewards.iter().enumerate().filter(|(_, refused)| refused.to == role);
        let mut moments: Vec<Moment> = rewards
            .map(|(place, refused)| refusal("refusal.reward", format!("reward.{place}"), "", &refused.reason))
            .collect();
        if role == Side::Friend {
            moments.extend(conversion.considered.iter().enumerate().map(|(place, lost)| {
                let key = if lost.advocate.is_some() { "refusal.evidence" } else { "refusal.nobody" };
                refusal(key, format!("evidence.{place}"), lost.advocate.as_deref().unwrap_or_default(), &lost.outcome)
            }));
        }
        moments
    }
}
