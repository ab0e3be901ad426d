//! What is decided, and nothing else: a folder per subject, in it one command per file, the rules that they
//! share, and their tests.
//!
//! A command is a request that was understood; its fields are checked by their types. A decision
//! reads records through its [`Draft`](draft::Draft), refuses with a [`Rejection`](crate::refusal::Rejection), or
//! answers and leaves its changes in the draft. No clock, no randomness but the draft's, no database.
//! To add a command: a file in its subject's folder, its module and its line in the folder's `mod.rs`, a handler in
//! `api`.
//!
//! Arrows between subjects point one way: `orders → checkout → offers, segments → conditions → referrals → passes →
//! rewards, sharing → programs → vouchers → access → people → mail → input`; `announcements`, `batches`, `imports`, `erasure`, `support`, `shops` and `endpoints` stand
//! beside, and nobody uses them. What stands in this folder itself (the draft, the ledger, counters) serves all.
//! `tests/tidy/folders.rs` holds it.

#[macro_use]
mod command;

pub mod access;
pub mod announcements;
pub mod answer;
pub mod batches;
pub mod checkout;
pub mod conditions;
pub mod counter;
pub(crate) mod customer_lookup;
pub mod draft;
pub mod endpoints;
pub mod erasure;
pub mod imports;
pub(crate) mod input;
pub mod ledger;
pub mod mail;
pub mod offers;
pub mod orders;
pub mod passes;
pub mod people;
pub mod programs;
pub mod referrals;
pub mod rewards;
pub mod segments;
pub mod sharing;
pub mod shops;
pub mod support;
#[cfg(test)]
pub(crate) mod testing;
pub mod vouchers;

use crate::records::offer::OfferStatus;
use crate::records::program::ProgramStatus;
use crate::records::referral::ReferralStatus;
use crate::records::{Due, Id, RecordKind};

pub use command::{Command, Decide};

/// Work that is done by itself when its time comes. The command decides by time whether it has.
#[derive(Debug)]
pub struct DueWork {
    /// What comes due.
    pub due: Due,
    /// What is then asked.
    pub command: fn(Id) -> Command,
}

/// All of it, in the order in which it is worked off.
pub const DUE: &[DueWork] = &[
    DueWork {
        due: Due { kind: RecordKind::Conversion, at: "due_at", states: &[] },
        command: |id| orders::approve_due::ApproveDue { conversion: id }.into(),
    },
    DueWork {
        due: Due { kind: RecordKind::Hold, at: "due_at", states: &[] },
        command: |id| checkout::expire_hold::ExpireHold { hold: id }.into(),
    },
    DueWork {
        due: Due { kind: RecordKind::Voucher, at: "due_at", states: &[] },
        command: |id| vouchers::expire_voucher::ExpireVoucher { voucher: id }.into(),
    },
    DueWork {
        due: Due { kind: RecordKind::Voucher, at: "remind_at", states: &[] },
        command: |id| vouchers::remind_of_voucher::RemindOfVoucher { voucher: id }.into(),
    },
    DueWork {
        due: Due { kind: RecordKind::Referral, at: "expires_at", states: &[ReferralStatus::Open.as_str()] },
        command: |id| referrals::expire_referral::ExpireReferral { referral: id }.into(),
    },
    DueWork {
        due: Due { kind: RecordKind::AnalyticsIds, at: "kept_until", states: &[] },
        command: |id| referrals::forget_analytics_ids::ForgetAnalyticsIds { ids: id }.into(),
    },
    DueWork {
        due: Due {
            kind: RecordKind::Program,
            at: "ends_at",
            states: &[ProgramStatus::Active.as_str(), ProgramStatus::Paused.as_str()],
        },
        command: |id| programs::end_program::EndProgram { program: id }.into(),
    },
    DueWork {
        due: Due {
            kind: RecordKind::Offer,
            at: "ends_at",
            states: &[OfferStatus::Active.as_str(), OfferStatus::Paused.as_str()],
        },
        command: |id| offers::end_offer::EndOffer { offer: id }.into(),
    },
    DueWork {
        due: Due { kind: RecordKind::Announcement, at: "starts_at", states: &[] },
        command: |id| announcements::begin_announcement::BeginAnnouncement { id }.into(),
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Kind;

    #[test]
    fn what_comes_due_says_when_in_a_column_that_is_there() {
        for DueWork { due, .. } in DUE {
            let has = |column: &str, kind: Kind| due.kind.columns().contains(&(column, kind));
            assert!(has(due.at, Kind::Int), "{due:?}");
            assert!(due.states.is_empty() || has("status", Kind::Text), "{due:?}");
        }
    }
}
