//! What is decided: one command per file, pure. The rules' tests stand beside them.
//!
//! A command is a request that was understood; its fields are checked by their types. A decision
//! reads records through its [`Draft`](draft::Draft), refuses with a [`Rejection`](crate::refusal::Rejection), or
//! answers and leaves its changes in the draft. No clock, no randomness but the draft's, no database.
//! To add a command: a file here, a line in `commands!`, a handler in `api`.

pub mod answer;
#[cfg(test)]
pub(crate) mod bench;
pub mod check_cart;
pub mod check_referral;
pub mod draft;
pub mod find_customer;
pub mod ledger;
pub mod link;
pub mod tally;
#[cfg(test)]
mod credits;
#[cfg(test)]
mod erasures;
#[cfg(test)]
mod stories;
#[cfg(test)]
pub(crate) mod till;

pub use parts::settings;

pub(crate) mod parts;

macro_rules! commands {
    ( $( $module:ident :: $name:ident, )* ) => {
        $( pub mod $module; )*

        /// Everything that can be asked of a shop.
        #[derive(Clone, Debug)]
        pub enum Command {
            $( #[doc = concat!("See [`", stringify!($module), "`].")] $name($module::$name), )*
        }

        impl Command {
            /// Its name, for logs.
            pub fn name(&self) -> &'static str {
                match self { $( Command::$name(_) => stringify!($module), )* }
            }
        }

        $(
            impl From<$module::$name> for Command {
                fn from(command: $module::$name) -> Self { Command::$name(command) }
            }
        )*

        /// Decides a command.
        pub fn decide(draft: &mut draft::Draft<'_>, command: &Command) -> Result<answer::Answer, crate::world::Stop> {
            match command { $( Command::$name(command) => $module::decide(draft, command), )* }
        }
    };
}

commands! {
    adopt_share::AdoptShare,
    approve_due::ApproveDue,
    approve_grant::ApproveGrant,
    approve_key::ApproveKey,
    approve_reward::ApproveReward,
    approve_voucher::ApproveVoucher,
    attribute_conversion::AttributeConversion,
    bring_back::BringBack,
    change_program_status::ChangeProgramStatus,
    create_grant::CreateGrant,
    create_hold::CreateHold,
    create_import::CreateImport,
    create_key::CreateKey,
    create_operator::CreateOperator,
    create_program::CreateProgram,
    create_redemption::CreateRedemption,
    create_refund::CreateRefund,
    create_reversal::CreateReversal,
    create_voucher::CreateVoucher,
    create_code::CreateCode,
    create_referral::CreateReferral,
    create_shares::CreateShares,
    delete_key::DeleteKey,
    delete_operator::DeleteOperator,
    end_program::EndProgram,
    erase_customer::EraseCustomer,
    erase_records::EraseRecords,
    export_customer::ExportCustomer,
    expire_hold::ExpireHold,
    expire_voucher::ExpireVoucher,
    expire_referral::ExpireReferral,
    move_clock::MoveClock,
    finish_import::FinishImport,
    finish_message::FinishMessage,
    import_lines::ImportLines,
    judge_conversion::JudgeConversion,
    keep_message::KeepMessage,
    mark_share_sent::MarkShareSent,
    merge_customers::MergeCustomers,
    note_customer_token::NoteCustomerToken,
    note_guessing::NoteGuessing,
    record_conversion::RecordConversion,
    redeem_hold::RedeemHold,
    reject_grant::RejectGrant,
    release_hold::ReleaseHold,
    replace_voucher::ReplaceVoucher,
    report_fact::ReportFact,
    resend_message::ResendMessage,
    reveal_voucher::RevealVoucher,
    rewind_clock::RewindClock,
    take_message::TakeMessage,
    update_conversion::UpdateConversion,
    update_key::UpdateKey,
    update_operator::UpdateOperator,
    update_program::UpdateProgram,
    update_shop::UpdateShop,
    update_voucher::UpdateVoucher,
    upsert_channel::UpsertChannel,
    upsert_customer::UpsertCustomer,
    void_reward::VoidReward,
    void_voucher::VoidVoucher,
}
