//! A message: a mail with its fate.

use serde::{Deserialize, Serialize};

use super::{Id, Json, Timestamp};
use crate::{record, words};

words! {
    /// What a mail is about.
    MessageKind {
        VoucherIssued = "voucher_issued",
        CreditIssued = "credit_issued",
        RewardWithdrawn = "reward_withdrawn",
    }
}

words! {
    /// Where a mail stands.
    MessageStatus {
        Queued = "queued",
        Sending = "sending",
        Sent = "sent",
        Retrying = "retrying",
        Failed = "failed",
        Uncertain = "uncertain",
        NoAddress = "no_address",
        Suppressed = "suppressed",
    }
}

words! {
    /// What took a reward away.
    WithdrawnBy {
        Order = "order",
        Hand = "hand",
    }
}

/// What was taken of a reward of which its customer had been told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// Whether its order came back, or somebody of the shop took it.
    pub by: WithdrawnBy,
    /// What was taken, minor units; `None`: it has no amount.
    pub taken: Option<i64>,
    /// What can still be spent, minor units; `None`: nothing.
    pub left: Option<i64>,
    /// Whether something of it was spent before.
    pub is_used: bool,
}

record! {
    /// A message. Its content is made of its records when it leaves.
    versioned Message in "messages" {
        /// What about.
        kind: MessageKind,
        /// To whom.
        customer: Id,
        /// His id at the shop.
        customer_ref: Option<String>,
        /// The address; none: it waits until there is one.
        recipient: Option<String>,
        /// Language.
        locale: String,
        /// Where it stands.
        status: MessageStatus,
        /// Why it was suppressed or failed.
        reason: Option<String>,
        /// How often it was tried.
        tries: i64,
        /// When it is tried next, by the real clock.
        next_at: Option<Timestamp>,
        /// When it left.
        sent_at: Option<Timestamp>,
        /// `Message-ID`, without brackets: the same at every try.
        message_id: String,
        /// The message that this one repeats.
        resend_of: Option<Id>,
        /// Whether what it says was told before: a mail that it repeats had left, or may have.
        was_told: bool,
        /// Whether it was sent once more after an outcome that nobody knows.
        repeated: bool,
        /// The customer, while it waits for his address.
        waiting_for: Option<Id>,
        /// The reward that it tells of.
        reward: Id,
        /// What was taken of it, where the mail tells that.
        withdrawal: Json<Option<Withdrawal>>,
        /// When it was made.
        created_at: Timestamp,
    }
    lists { WAITING_FOR = waiting_for }
}
