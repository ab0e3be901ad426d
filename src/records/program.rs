//! A program: rules, rewards, budget and dates of one referral campaign.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::benefit::Benefit;
use super::{Id, Json, Timestamp};
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
        Grant = "grant",
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
    /// For whom.
    pub to: Side,
    /// For what.
    pub on: RewardOn,
    /// What.
    #[serde(flatten)]
    pub benefit: Benefit,
    /// Kinds of conversions that count; only on conversion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kinds: Option<Vec<super::text::Slug>>,
    /// At most this many live rewards for one friend's conversions; only on conversion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_per_friend: Option<i64>,
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
    /// Cap on pending, issued and spent rewards at their cost, minor units; `None`: no cap.
    pub budget_amount: Option<i64>,
}

/// Words of a program in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Title of the preview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<super::text::Name>,
    /// Subject of a mail that the advocate sends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<super::text::Name>,
    /// Words to share, with `{link} {code} {advocate_reward} {friend_reward} {first_name}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<super::text::Prose>,
    /// Words by channel.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<String, super::text::Prose>,
    /// Picture of the preview, absolute https.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<super::text::Text<1, 2000>>,
    /// Conditions beside the benefit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<super::text::Prose>,
    /// The terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms_url: Option<super::text::Text<1, 2000>>,
}

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

    /// How many live rewards one friend's conversions may have.
    pub fn friend_cap(&self) -> i64 {
        self.max_per_friend.unwrap_or(1)
    }
}

impl Program {
    /// Whether it counts at an instant: it is active and inside its dates.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.status == ProgramStatus::Active
            && self.starts_at.is_none_or(|start| start <= at)
            && self.ends_at.is_none_or(|end| at < end)
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
