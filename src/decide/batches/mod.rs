//! Vouchers by the million: a batch of them is made in the background, exported, and withdrawn at once.

pub mod approve_voucher_batch;
pub(crate) mod batch;
pub mod batch_code;
pub mod cancel_voucher_batch;
pub mod create_voucher_batch;
pub mod end_voucher_batch;
pub mod export_voucher_batch;
pub mod make_vouchers;
pub mod void_voucher_batch;
pub mod void_vouchers;

commands! {
    approve_voucher_batch::ApproveVoucherBatch,
    cancel_voucher_batch::CancelVoucherBatch,
    create_voucher_batch::CreateVoucherBatch,
    end_voucher_batch::EndVoucherBatch,
    export_voucher_batch::ExportVoucherBatch,
    make_vouchers::MakeVouchers,
    void_voucher_batch::VoidVoucherBatch,
    void_vouchers::VoidVouchers,
}
