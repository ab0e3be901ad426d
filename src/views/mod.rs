//! What is shown: the JSON of each resource, the same in answers, events and lists. Pure functions
//! over records; the contract is `openapi.yaml`.

pub mod cart;
pub mod conversion;
pub mod channel;
pub mod code;
pub mod customer;
pub mod event;
pub mod grant;
pub mod key;
pub mod ledger;
pub mod message;
pub mod operator;
pub mod program;
pub mod redemption;
pub mod referral;
pub mod reward;
pub mod share;
pub mod shop;
pub mod voucher;

/// How much of a voucher's code the viewer may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    /// All of it: keys, managers, owners.
    Full,
    /// The last four characters: support and viewers.
    Hint,
}
