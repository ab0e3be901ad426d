//! Whom an order is credited to, in sentences: who, by what, and of everybody else why not. Pure, like all words.

use std::collections::HashMap;

use super::{Language, say};
use crate::records::conversion::{AgeFrom, Considered, MarkSeen};
use crate::records::referral::Method;
use crate::records::time::DAY_MS;
use crate::records::{Conversion, Id, Why};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// What is known of an order's credit.
pub struct Credit<'a> {
    /// The order.
    pub order: &'a Conversion,
    /// The programs' names.
    pub programs: &'a HashMap<Id, String>,
    /// What people call the channel of the winning share.
    pub channel: Option<&'a str>,
}

impl Credit<'_> {
    /// Whom the order is credited to, and why.
    pub fn sentence(&self, language: Language) -> String {
        let order = self.order;
        let word = |key: &str, values: &[(&str, &str)]| say(language, &format!("credit.{key}"), values);
        if order.method == Method::None {
            let key = match (order.imported, order.considered.is_empty()) {
                (true, _) => "imported",
                (false, true) => "nobody",
                (false, false) => "nobody_counts",
            };
            return word(key, &[("order", &order.order_id)]);
        }
        let (who, program) = (who(order.advocate_ref.as_deref(), language), self.program(order.program));
        let age = order.age_ms.map(|ms| age(ms, language)).unwrap_or_default();
        let channel = self.channel.map(|name| word("channel", &[("channel", name)])).unwrap_or_default();
        let values =
            [("order", order.order_id.as_str()), ("who", &who), ("program", program), ("age", &age), ("via", &channel)];
        let mut told = vec![word(&format!("by.{}", order.method), &values)];
        if let Some(from) = order.age_from.filter(|_| order.method == Method::Token) {
            told.push(word(&format!("age.{from}"), &values));
        }
        if order.method == Method::Referral && order.age_ms.is_some() {
            told.push(word("age.referral", &values));
        }
        if let Some(depth) = order.depth.filter(|depth| *depth > 1) {
            told.push(word("hands", &[("depth", &depth.to_string()), ("who", &who)]));
        }
        told.join(" ")
    }

    /// Of each loser, in their order, why.
    pub fn losers(&self, language: Language) -> Vec<String> {
        self.order.considered.iter().map(|loser| self.loser(loser, language)).collect()
    }

    fn loser(&self, loser: &Considered, language: Language) -> String {
        let reason = say(language, &self.reason(loser), &[]);
        let who = who(loser.advocate.as_deref(), language);
        let values = [("who", who.as_str()), ("program", self.program(loser.program)), ("reason", &reason)];
        let kind = if loser.advocate_id.is_some() { "lost" } else { "lost_of_nobody" };
        say(language, &format!("credit.{kind}.{}", loser.method), &values)
    }

    /// The key of why somebody lost: in more words than the list of reasons has, where more is known.
    fn reason(&self, loser: &Considered) -> String {
        let order = self.order;
        match loser.outcome {
            Why::Unknown if loser.mark == Some(MarkSeen::Unreadable) => "credit.why.unreadable".to_owned(),
            Why::Unknown if loser.advocate_id.is_some() => "credit.why.gone".to_owned(),
            Why::Unknown if loser.program.is_some() => "credit.why.nobodys".to_owned(),
            Why::Unknown => format!("credit.why.unknown_{}", if is_link(loser) { "token" } else { "code" }),
            Why::Expired => match (loser.mark, loser.age_from) {
                (Some(MarkSeen::Forged), _) => "credit.why.forged".to_owned(),
                (_, Some(AgeFrom::Opened)) => "credit.why.unopened".to_owned(),
                (_, Some(AgeFrom::Made)) => "credit.why.unseen".to_owned(),
                (_, Some(AgeFrom::Mark) | None) => "timeline.reason.expired".to_owned(),
            },
            Why::Weaker if order.method == Method::Operator => "credit.why.operator".to_owned(),
            Why::Weaker if loser.advocate_id.is_some() && loser.advocate_id == order.advocate => {
                "credit.why.hers".to_owned()
            }
            Why::Weaker if loser.method == order.method => "credit.why.priority".to_owned(),
            Why::Weaker if order.method != Method::None => format!("credit.why.weaker_{}", order.method),
            other => format!("timeline.reason.{other}"),
        }
    }

    fn program(&self, id: Option<Id>) -> &str {
        id.and_then(|id| self.programs.get(&id)).map_or("–", String::as_str)
    }
}

fn is_link(loser: &Considered) -> bool {
    loser.method == Method::Token
}

fn who(external_id: Option<&str>, language: Language) -> String {
    external_id.map_or_else(|| say(language, "timeline.guest", &[]), str::to_owned)
}

/// How long something is, in the largest unit of which it has at least two, or one of the smallest.
fn age(ms: i64, language: Language) -> String {
    let (count, unit) = match ms {
        ms if ms >= 2 * DAY_MS => (ms / DAY_MS, "days"),
        ms if ms >= 2 * HOUR_MS => (ms / HOUR_MS, "hours"),
        ms if ms >= 2 * MINUTE_MS => (ms / MINUTE_MS, "minutes"),
        _ => (0, "moments"),
    };
    say(language, &format!("credit.for.{unit}"), &[("count", &count.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Timestamp;
    use crate::records::money::Currency;
    use crate::wording::Language::{English, German};
    use crate::wording::find;

    fn order() -> Conversion {
        let euro = Currency::parse("EUR").expect("a currency");
        let id = |prefix| Id::new(prefix, 0, [0; 10]);
        Conversion::blank(id("cnv"), id("shp"), "A-1", (4990, euro), Timestamp::from_ms(0))
    }

    #[test]
    fn every_reason_and_every_method_has_words() {
        let id = Id::new("cus", 0, [0; 10]);
        let methods = Method::WORDS.iter().filter_map(|word| Method::parse(word));
        for method in methods {
            let winner = Conversion { method, age_ms: Some(3 * DAY_MS), depth: Some(2), ..order() };
            for outcome in Why::WORDS.iter().filter_map(|word| Why::parse(word)) {
                for (advocate_id, age_from, mark) in [
                    (None, None, Some(MarkSeen::Unreadable)),
                    (None, None, Some(MarkSeen::Absent)),
                    (Some(id), Some(AgeFrom::Opened), Some(MarkSeen::Forged)),
                    (Some(id), Some(AgeFrom::Opened), Some(MarkSeen::Absent)),
                    (Some(id), Some(AgeFrom::Made), Some(MarkSeen::Absent)),
                    (Some(id), Some(AgeFrom::Mark), Some(MarkSeen::Genuine)),
                ] {
                    for method in [Method::Token, Method::Code, Method::Voucher, Method::Referral, Method::Operator] {
                        let loser =
                            Considered { method, program: None, advocate: None, advocate_id, outcome, age_from, mark };
                        let credit = Credit { order: &winner, programs: &HashMap::new(), channel: Some("WhatsApp") };
                        for language in [German, English] {
                            let key = credit.reason(&loser);
                            assert!(find(language, &key, &[]).is_some(), "{key}");
                            let told = [credit.loser(&loser, language), credit.sentence(language)];
                            assert!(told.iter().all(|told| told.contains(' ') && !told.contains('{')), "{told:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn ages_are_told_in_units_that_one_can_picture() {
        for (ms, expected) in [
            (0, "moments"),
            (2 * MINUTE_MS, "2 minutes"),
            (2 * HOUR_MS - 1, "119 minutes"),
            (47 * HOUR_MS, "47 hours"),
            (400 * DAY_MS, "400 days"),
        ] {
            assert_eq!(age(ms, English), expected);
        }
    }
}
