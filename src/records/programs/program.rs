//! A program: rules, rewards, budget and dates of one referral campaign.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::records::benefit::Benefit;
use crate::records::trial::Trial;
use crate::records::{Id, Json, Timestamp};
use crate::{record, words};

words! {
    /// `draft → active ⇄ paused → ended`
    ProgramStatus {
        Draft = "draft",
        Active = "active",
        Paused = "paused",
        Ended = "ended",
    }
}

words! {
    /// Which advocate keeps a friend.
    Model {
        First = "first",
        Last = "last",
    }
}

words! {
    /// The two sides of a referral.
    Side {
        Advocate = "advocate",
        Friend = "friend",
    }
}

words! {
    /// What a reward is earned by.
    RewardOn {
        Conversion = "conversion",
        Referral = "referral",
        Checkout = "checkout",
        Milestone = "milestone",
        Grant = "grant",
        Offer = "offer",
    }
}

words! {
    /// From when the wait counts.
    PendingFrom {
        Order = "order",
        Payment = "payment",
        Delivery = "delivery",
    }
}

words! {
    /// Who approves when the wait is over.
    Approval {
        Auto = "auto",
        Manual = "manual",
    }
}

/// Who gets the credit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution {
    /// Age of the evidence at which it is too old, days.
    pub window_days: i64,
    /// Age of the referral at which it may no longer pay, days.
    pub credit_window_days: i64,
    /// First or last advocate.
    pub model: Model,
}

/// Which orders count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Qualifying {
    /// Least amount of the order, minor units.
    pub min_order_amount: i64,
    /// Only a person's first order.
    pub new_customers_only: bool,
}

/// What one side gets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RewardRule {
    /// Under which its program counts what it gave, from 1; it stays whatever becomes of the list.
    pub number: u32,
    /// For whom.
    pub to: Side,
    /// For what.
    pub on: RewardOn,
    /// What.
    #[serde(flatten)]
    pub benefit: Benefit,
    /// Kinds of conversions that count; only on conversion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kinds: Option<Vec<crate::records::text::Slug>>,
    /// At most this many live rewards for one friend's conversions; only on conversion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_per_friend: Option<i64>,
    /// Numbers of friends at which it is given, ascending; only on milestone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Vec<i64>>,
    /// After how many friends it is given, again and again; only on milestone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<i64>,
    /// At most this many live rewards a customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_per_customer: Option<i64>,
    /// At most this many a customer and calendar month of the shop's zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_per_customer_per_month: Option<i64>,
}

/// What a program decides by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// Who gets the credit.
    pub attribution: Attribution,
    /// Which orders count.
    pub qualifying: Qualifying,
    /// Wait before a conversion is approved, days; 0: at once.
    pub pending_days: i64,
    /// From when the wait counts.
    pub pending_from: PendingFrom,
    /// Who approves when the wait is over.
    pub approval: Approval,
    /// What is paid, in this order.
    pub rewards: Vec<RewardRule>,
    /// Rewards that were taken out, in the order of their numbers: one that is put in again counts on.
    pub former: Vec<RewardRule>,
    /// Cap on pending, issued and spent rewards at their cost, minor units; `None`: no cap.
    pub budget_amount: Option<i64>,
}

/// Words of a program in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Title of the preview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<crate::records::text::Name>,
    /// Subject of a mail that the advocate sends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<crate::records::text::Name>,
    /// Words to share, with `{link} {code} {advocate_reward} {friend_reward} {first_name}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<crate::records::text::Prose>,
    /// Words by channel.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<String, crate::records::text::Prose>,
    /// Picture of the preview, absolute https.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<crate::records::text::Text<1, 2000>>,
    /// Conditions beside the benefit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<crate::records::text::Prose>,
    /// The terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms_url: Option<crate::records::text::Text<1, 2000>>,
}

/// A time in which a program rested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// When it was paused.
    pub from: Timestamp,
    /// When it went on (first instant of that); `None`: it did not.
    pub until: Option<Timestamp>,
}

/// Pauses that are remembered, the last ones.
const PAUSES: usize = 100;

record! {
    /// A program as people edit it; what counts against its budget is in its account.
    versioned Program in "programs" {
        /// Unique in the shop; names the campaign in links.
        slug: String,
        /// Its name.
        name: String,
        /// Where it stands.
        status: ProgramStatus,
        /// Which of several programs wins in one rank; the higher.
        priority: i64,
        /// Where its links lead, unless a share says otherwise.
        landing_url: String,
        /// What it decides by.
        rules: Json<Rules>,
        /// Words by locale.
        content: Json<BTreeMap<String, Content>>,
        /// Counts from here.
        starts_at: Option<Timestamp>,
        /// Counts until here (first instant too late).
        ends_at: Option<Timestamp>,
        /// When it was made.
        created_at: Timestamp,
        /// When it was first activated.
        activated_at: Option<Timestamp>,
        /// When it ended.
        ended_at: Option<Timestamp>,
        /// When it rested, oldest first: an order is judged by when it was placed.
        pauses: Json<Vec<Pause>>,
        /// When it kept advocates without an offer, oldest first.
        trials: Json<Vec<Trial>>,
        /// What its links say while an announcement has it rest, by locale.
        notice: Json<BTreeMap<String, String>>,
    }
    keys { BY_SLUG = slug }
    lists { OF_SHOP = shop }
}

/// The kind of a conversion that is an order.
pub const ORDER: &str = "order";

impl RewardRule {
    /// Whether conversions of this kind count; unless said otherwise only orders do.
    pub fn counts(&self, kind: &str) -> bool {
        self.kinds.as_ref().map_or(kind == ORDER, |kinds| kinds.iter().any(|counted| **counted == *kind))
    }

    /// The numbers of friends behind `from` and up to `to` at which it is given.
    pub fn milestones(&self, from: i64, to: i64) -> impl Iterator<Item = i64> {
        let at = self.at.iter().flatten().copied().filter(move |at| (from + 1..=to).contains(at));
        let every =
            self.every.into_iter().flat_map(move |every| (from / every + 1..=to / every).map(move |n| n * every));
        at.chain(every)
    }

    /// The next number of friends at which it is given, behind so many.
    pub fn next_milestone(&self, friends: i64) -> Option<i64> {
        let at = self.at.iter().flatten().copied().find(|at| *at > friends);
        at.or_else(|| self.every.map(|every| (friends / every + 1) * every))
    }

    /// How many live rewards one friend's conversions may have.
    pub fn friend_cap(&self) -> i64 {
        self.max_per_friend.unwrap_or(1)
    }
}

impl Rules {
    /// Rewards for so many friends.
    pub fn milestones(&self) -> impl Iterator<Item = &RewardRule> {
        self.rewards.iter().filter(|rule| rule.on == RewardOn::Milestone)
    }

    /// The same with those that were taken out: what they gave can still be taken back.
    pub fn milestones_of_ever(&self) -> impl Iterator<Item = &RewardRule> {
        self.milestones().chain(self.former.iter().filter(|rule| rule.on == RewardOn::Milestone))
    }
}

impl Program {
    /// Whether it counts, or counted, at an instant, as far as is known now: it was begun, did not rest,
    /// had not ended, and is inside its dates.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.activated_at.is_some_and(|activated| activated <= at)
            && !self.pauses.iter().any(|pause| pause.from <= at && pause.until.is_none_or(|until| at < until))
            && self.ended_at.is_none_or(|ended| at < ended)
            && self.starts_at.is_none_or(|start| start <= at)
            && self.ends_at.is_none_or(|end| at < end)
    }

    /// Takes a state, and notes since when.
    pub fn take(&mut self, status: ProgramStatus, at: Timestamp) {
        self.status = status;
        match status {
            ProgramStatus::Draft => {}
            ProgramStatus::Active => {
                self.activated_at = self.activated_at.or(Some(at));
                self.notice = Json::default();
                if let Some(last) = self.pauses.0.last_mut() {
                    last.until = last.until.or(Some(at));
                }
            }
            ProgramStatus::Paused => {
                let forgotten = (self.pauses.len() + 1).saturating_sub(PAUSES);
                self.pauses.0.drain(..forgotten);
                self.pauses.0.push(Pause { from: at, until: None });
            }
            ProgramStatus::Ended => self.ended_at = Some(at),
        }
    }

    /// The trial that goes on.
    pub fn trial(&self) -> Option<&Trial> {
        self.trials.last().filter(|trial| trial.until.is_none())
    }

    /// Holds out so many advocates, percent, of those who begin from an instant on.
    pub fn hold_out(&mut self, percent: i64, at: Timestamp) {
        if self.trial().map_or(0, |trial| trial.percent) == percent {
            return;
        }
        let last = self.trials.0.last_mut();
        let number = last.as_ref().map_or(0, |last| last.number) + 1;
        if let Some(last) = last {
            last.until = last.until.or(Some(at));
        }
        if percent > 0 {
            self.trials.0.push(Trial { number, percent, from: at, until: None });
        }
    }

    /// The account that its rewards are paid from.
    pub fn account(&self) -> String {
        budget_account(self.id)
    }
}

/// The account of a program's budget.
pub fn budget_account(program: Id) -> String {
    format!("budget:{program}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i64) -> Timestamp {
        Timestamp::from_ms(0).plus_days(day)
    }

    /// A program that took these states, each on a day.
    fn program(steps: &[(i64, ProgramStatus)]) -> Program {
        let rules = Rules {
            attribution: Attribution { window_days: 90, credit_window_days: 90, model: Model::First },
            qualifying: Qualifying { min_order_amount: 0, new_customers_only: true },
            pending_days: 30,
            pending_from: PendingFrom::Order,
            approval: Approval::Auto,
            rewards: Vec::new(),
            former: Vec::new(),
            budget_amount: None,
        };
        let mut program = Program {
            id: Id::of("prg", &["tell"]),
            shop: Id::of("shp", &["shop"]),
            version: 1,
            slug: "tell".to_owned(),
            name: "Tell".to_owned(),
            status: ProgramStatus::Draft,
            priority: 0,
            landing_url: "https://shop.example/".to_owned(),
            rules: Json(rules),
            content: Json::default(),
            starts_at: None,
            ends_at: None,
            created_at: day(0),
            activated_at: None,
            ended_at: None,
            pauses: Json::default(),
            trials: Json::default(),
            notice: Json::default(),
        };
        for (at, status) in steps {
            program.take(*status, day(*at));
        }
        program
    }

    #[test]
    fn whether_it_counted_is_known_of_every_day() {
        use ProgramStatus::{Active, Ended, Paused};
        // The states and their days; the days of 0 to 9 on which it counted.
        let table: &[(&[(i64, ProgramStatus)], &str)] = &[
            (&[], ""),
            (&[(2, Active)], "23456789"),
            (&[(2, Active), (5, Paused)], "234"),
            (&[(2, Active), (5, Paused), (7, Active)], "234789"),
            (&[(2, Active), (3, Paused), (4, Active), (6, Paused), (8, Active)], "24589"),
            (&[(2, Active), (5, Paused), (5, Active)], "23456789"),
            (&[(2, Active), (5, Ended)], "234"),
            (&[(2, Active), (3, Paused), (5, Active), (7, Ended)], "256"),
            (&[(2, Active), (4, Paused), (7, Ended)], "23"),
            (&[(5, Ended)], ""),
        ];
        for (steps, expected) in table {
            let program = program(steps);
            let open: String = (0..10)
                .filter(|at| program.is_open(day(*at)))
                .map(|at| char::from(b'0' + u8::try_from(at).unwrap_or(0)))
                .collect();
            assert_eq!(open, *expected, "{steps:?}");
        }
        let mut dated = program(&[(1, Active), (4, Paused), (5, Active)]);
        (dated.starts_at, dated.ends_at) = (Some(day(2)), Some(day(8)));
        let open: Vec<i64> = (0..10).filter(|at| dated.is_open(day(*at))).collect();
        assert_eq!(open, [2, 3, 5, 6, 7]);
    }

    #[test]
    fn the_last_pauses_are_remembered() {
        let steps: Vec<_> =
            (0..300).map(|at| (at, if at % 2 == 0 { ProgramStatus::Active } else { ProgramStatus::Paused })).collect();
        let program = program(&steps);
        assert_eq!(program.pauses.len(), PAUSES);
        assert!(!program.is_open(day(297)) && program.is_open(day(298)) && !program.is_open(day(299)));
    }
}
