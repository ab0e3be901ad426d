//! What is decided, and nothing else: a folder per subject, in it one command per file, the rules that they
//! share, and their tests.
//!
//! A command is a request that was understood; its fields are checked by their types. A decision
//! reads records through its [`Draft`](draft::Draft), refuses with a [`Rejection`](crate::refusal::Rejection), or
//! answers and leaves its changes in the draft. No clock, no randomness but the draft's, no database.
//! To add a command: a file in its subject's folder, a line in the folder's `mod.rs`, a line in `commands!`, a
//! handler in `api`.
//!
//! Arrows between subjects point one way: `orders → checkout → referrals → rewards, sharing → programs → vouchers
//! → access → people → mail → input`; `imports`, `erasure`, `support` and `shops` stand beside, and nobody uses
//! them. What stands in this folder itself (the draft, the ledger, counters) serves all. `tests/tidy/folders.rs` holds it.

pub mod access;
pub mod answer;
pub mod checkout;
pub mod counter;
pub(crate) mod customer_lookup;
pub mod draft;
pub mod erasure;
pub mod imports;
pub(crate) mod input;
pub mod ledger;
pub mod mail;
pub mod orders;
pub mod people;
pub mod programs;
pub mod referrals;
pub mod rewards;
pub mod sharing;
pub mod shops;
pub mod support;
#[cfg(test)]
pub(crate) mod testing;
pub mod vouchers;

use crate::records::program::ProgramStatus;
use crate::records::referral::ReferralStatus;
use crate::records::{Due, Id, RecordKind};

/// Names each command once, under its subject: the compiler makes of it what can be asked and how it is decided.
macro_rules! commands {
    ( $( $subject:ident { $( $module:ident :: $name:ident, )* } )* ) => {
        /// Everything that can be asked of a shop.
        #[derive(Clone, Debug)]
        pub enum Command {
            $($(
                #[doc = concat!(
                    "See [`", stringify!($module), "`](", stringify!($subject), "::", stringify!($module), ")."
                )]
                $name($subject::$module::$name),
            )*)*
        }

        impl Command {
            /// Its name, for logs.
            pub fn name(&self) -> &'static str {
                match self { $($( Command::$name(_) => stringify!($module), )*)* }
            }
        }

        $($(
            impl From<$subject::$module::$name> for Command {
                fn from(command: $subject::$module::$name) -> Self { Command::$name(command) }
            }
        )*)*

        /// Decides a command.
        pub fn decide(draft: &mut draft::Draft<'_>, command: &Command) -> Result<answer::Answer, crate::world::Stop> {
            match command { $($( Command::$name(command) => $subject::$module::decide(draft, command), )*)* }
        }
    };
}

commands! {
    orders {
        approve_due::ApproveDue,
        approve_reward::ApproveReward,
        attribute_conversion::AttributeConversion,
        create_redemption::CreateRedemption,
        create_refund::CreateRefund,
        judge_conversion::JudgeConversion,
        record_conversion::RecordConversion,
        redeem_hold::RedeemHold,
        report_fact::ReportFact,
        update_conversion::UpdateConversion,
    }
    checkout {
        create_hold::CreateHold,
        create_reversal::CreateReversal,
        expire_hold::ExpireHold,
        release_hold::ReleaseHold,
    }
    referrals {
        create_referral::CreateReferral,
        expire_referral::ExpireReferral,
    }
    rewards {
        approve_grant::ApproveGrant,
        create_grant::CreateGrant,
        reject_grant::RejectGrant,
        void_reward::VoidReward,
    }
    sharing {
        adopt_share::AdoptShare,
        create_code::CreateCode,
        create_shares::CreateShares,
        mark_share_sent::MarkShareSent,
        upsert_channel::UpsertChannel,
    }
    programs {
        change_program_status::ChangeProgramStatus,
        create_program::CreateProgram,
        end_program::EndProgram,
        update_program::UpdateProgram,
    }
    vouchers {
        approve_voucher::ApproveVoucher,
        create_voucher::CreateVoucher,
        expire_voucher::ExpireVoucher,
        replace_voucher::ReplaceVoucher,
        reveal_voucher::RevealVoucher,
        update_voucher::UpdateVoucher,
        void_voucher::VoidVoucher,
    }
    access {
        approve_key::ApproveKey,
        create_key::CreateKey,
        create_operator::CreateOperator,
        delete_key::DeleteKey,
        delete_operator::DeleteOperator,
        note_guessing::NoteGuessing,
        update_key::UpdateKey,
        update_operator::UpdateOperator,
    }
    people {
        export_customer::ExportCustomer,
        merge_customers::MergeCustomers,
        note_customer_token::NoteCustomerToken,
        upsert_customer::UpsertCustomer,
    }
    mail {
        finish_message::FinishMessage,
        keep_message::KeepMessage,
        resend_message::ResendMessage,
        take_message::TakeMessage,
    }
    imports {
        create_import::CreateImport,
        finish_import::FinishImport,
        import_lines::ImportLines,
    }
    erasure {
        erase_customer::EraseCustomer,
        erase_records::EraseRecords,
    }
    shops {
        bring_back::BringBack,
        move_clock::MoveClock,
        rewind_clock::RewindClock,
        update_shop::UpdateShop,
    }
}

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
        due: Due { kind: RecordKind::Referral, at: "expires_at", states: &[ReferralStatus::Open.as_str()] },
        command: |id| referrals::expire_referral::ExpireReferral { referral: id }.into(),
    },
    DueWork {
        due: Due {
            kind: RecordKind::Program,
            at: "ends_at",
            states: &[ProgramStatus::Active.as_str(), ProgramStatus::Paused.as_str()],
        },
        command: |id| programs::end_program::EndProgram { program: id }.into(),
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
