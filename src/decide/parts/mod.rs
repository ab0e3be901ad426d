//! Pieces of decisions that several commands share.

pub(crate) mod arrival;
pub(crate) mod attribution;
pub(crate) mod canonical;
pub(crate) mod cart;
pub(crate) mod checkout;
pub(crate) mod channel;
pub(crate) mod code;
pub(crate) mod customer;
pub(crate) mod evidence;
pub(crate) mod grant;
pub(crate) mod mail;
pub(crate) mod merge;
pub(crate) mod permission;
pub(crate) mod person;
pub(crate) mod pricing;
pub(crate) mod program;
pub(crate) mod reversal;
pub(crate) mod reward;
pub(crate) mod scope;
pub mod settings;
pub(crate) mod take_back;
pub(crate) mod share;
pub(crate) mod share_words;
pub(crate) mod url;
pub(crate) mod voucher;
