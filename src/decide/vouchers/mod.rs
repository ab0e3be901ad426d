//! Codes that are worth something: made, changed, withdrawn, replaced; what counts of them, and how what holds
//! have set aside of anything returns.

pub mod approve_voucher;
pub(crate) mod balance;
pub mod create_voucher;
pub(crate) mod discount_usage;
pub mod expire_voucher;
pub mod remind_of_voucher;
pub(crate) mod hold_ending;
pub(crate) mod purse;
pub mod replace_voucher;
pub mod reveal_voucher;
pub(crate) mod revive;
pub(crate) mod reward_of;
pub(crate) mod reward_usage;
pub mod update_voucher;
pub(crate) mod uses;
pub mod void_voucher;
pub(crate) mod voucher;
pub(crate) mod voucher_code;

commands! {
    approve_voucher::ApproveVoucher,
    create_voucher::CreateVoucher,
    expire_voucher::ExpireVoucher,
    remind_of_voucher::RemindOfVoucher,
    replace_voucher::ReplaceVoucher,
    reveal_voucher::RevealVoucher,
    update_voucher::UpdateVoucher,
    void_voucher::VoidVoucher,
}
