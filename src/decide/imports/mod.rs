//! What a shop had before: customers, orders, codes, vouchers and referrals, line by line. History pays nothing
//! and tells nobody.

pub(crate) mod code;
pub mod create_import;
pub(crate) mod customer;
pub mod finish_import;
pub mod import_lines;
pub(crate) mod line;
pub mod member;
pub(crate) mod order;
pub(crate) mod referral;
pub(crate) mod taken;
pub(crate) mod voucher;

commands! {
    create_import::CreateImport,
    finish_import::FinishImport,
    import_lines::ImportLines,
}
