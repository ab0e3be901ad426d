//! A message: a mail with its fate.

use serde::{Deserialize, Serialize};

use crate::records::kind::{BadColumn, Column, Kind, Value};
use crate::records::shop::{MailSettings, MailSwitch};
use crate::records::{Id, Json, Timestamp};
use crate::{record, words};

words! {
    /// What a mail is about.
    MessageKind {
        VoucherIssued = "voucher_issued",
        CreditIssued = "credit_issued",
        RewardWithdrawn = "reward_withdrawn",
        RewardFulfilled = "reward_fulfilled",
        LinkReplaced = "link_replaced",
        PassIssued = "pass_issued",
        PassChanged = "pass_changed",
        PassWithdrawn = "pass_withdrawn",
        ConfirmConsent = "confirm_consent",
        RewardPending = "reward_pending",
        ExpiresSoon = "expires_soon",
        Announcement = "announcement",
    }
}

/// What a mail stands and falls with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandsWith {
    /// The reward that it announces: when that is gone it does not leave, and who looks at the reward finds the mail.
    Reward,
    /// The reward that waits: when it waits no longer, what it came to is told instead.
    Wait,
    /// The pass that it tells of, and the reward that gave it, where one did.
    Pass,
    /// The voucher, as long as its time is not over.
    Voucher,
    /// The announcement that it brings: when that is stopped it does not leave, and while that is paused it waits.
    Announcement,
    /// Nothing: it tells what has happened, and that stays true.
    Nothing,
}

impl MessageKind {
    /// What mails of this kind stand and fall with.
    pub fn stands_with(self) -> StandsWith {
        match self {
            Self::VoucherIssued | Self::CreditIssued | Self::RewardFulfilled => StandsWith::Reward,
            Self::PassIssued | Self::PassChanged => StandsWith::Pass,
            Self::RewardPending => StandsWith::Wait,
            Self::ExpiresSoon => StandsWith::Voucher,
            Self::Announcement => StandsWith::Announcement,
            Self::RewardWithdrawn | Self::LinkReplaced | Self::PassWithdrawn | Self::ConfirmConsent => {
                StandsWith::Nothing
            }
        }
    }

    /// Whether the shop has them leave.
    pub fn switch(self, mail: &MailSettings) -> MailSwitch {
        match self {
            Self::VoucherIssued | Self::CreditIssued | Self::RewardFulfilled => mail.voucher_issued,
            Self::PassIssued | Self::PassChanged => mail.voucher_issued,
            Self::RewardWithdrawn | Self::PassWithdrawn => mail.reward_withdrawn,
            Self::LinkReplaced => mail.link_replaced,
            Self::RewardPending => mail.reward_pending,
            Self::ExpiresSoon => mail.expires_soon,
            // They leave when the shop asks for it.
            Self::ConfirmConsent | Self::Announcement => MailSwitch::Send,
        }
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
    /// Why a mail does not leave.
    Withheld {
        /// The shop has switched its kind off:
        MailOff = "mail_off",
        /// A test shop writes to its test recipients alone:
        TestShop = "test_shop",
        /// It would be advertising, and the customer never asked for that:
        NoConsent = "no_consent",
        /// What it tells of was withdrawn meanwhile:
        Withdrawn = "withdrawn",
        /// A mail to the same address came back for good:
        AddressSuppressed = "address_suppressed",
        /// Its customer was erased:
        Erased = "erased",
    }
}

/// Why a mail was suppressed, has failed, or is tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It does not leave.
    Withheld(Withheld),
    /// It could not be handed over: what the mail server said, or what went wrong here.
    Said(String),
}

impl Reason {
    /// What is stored and shown.
    pub fn as_str(&self) -> &str {
        match self {
            Reason::Withheld(why) => why.as_str(),
            Reason::Said(text) => text,
        }
    }
}

impl From<Withheld> for Reason {
    fn from(why: Withheld) -> Self {
        Reason::Withheld(why)
    }
}

impl From<String> for Reason {
    fn from(text: String) -> Self {
        Withheld::parse(&text).map_or(Reason::Said(text), Reason::Withheld)
    }
}

impl Column for Reason {
    const KIND: Kind = Kind::Text;
    fn to_value(&self) -> Value {
        Value::Text(Some(self.as_str().to_owned()))
    }
    fn from_value(value: Value) -> Result<Self, BadColumn> {
        String::from_value(value).map(Self::from)
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
        reason: Option<Reason>,
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
        /// The record that it tells of, a reward or a pass; its column is from when that was always a reward.
        subject in "reward": Id,
        /// What was taken of it, where the mail tells that.
        withdrawal: Json<Option<Withdrawal>>,
        /// When it was made.
        created_at: Timestamp,
    }
    lists { WAITING_FOR = waiting_for }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_reads_back_as_what_it_was() {
        for word in Withheld::WORDS {
            let why = Withheld::parse(word).expect("a word");
            assert_eq!(Reason::from_value(Reason::from(why).to_value()).ok(), Some(Reason::Withheld(why)));
        }
        for said in ["451 come again", "", "Withdrawn", "mail_off "] {
            let reason = Reason::Said(said.to_owned());
            assert_eq!(Reason::from_value(reason.to_value()).ok(), Some(reason));
        }
    }
}
