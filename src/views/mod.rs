//! What is shown: the JSON of each resource, the same in answers, events and lists. Pure functions
//! over records; the contract is `openapi.yaml`.

pub mod cart;
pub mod conversion;
pub mod channel;
pub mod code;
pub mod customer;
pub mod endpoint;
pub mod event;
pub mod export;
pub mod grant;
pub mod hold;
pub mod job;
pub mod key;
pub mod ledger;
pub mod me;
pub mod message;
mod offers;
pub mod operator;
pub mod pass;
pub mod program;
pub mod redemption;
pub mod referral;
pub mod report;
pub mod refund;
pub mod reward;
pub mod share;
pub mod shop;
pub mod voucher;

pub use message::announcement;
pub use offers::{backtest, claim, offer, segment};

use serde::Serialize;

use crate::records::Id;

/// What the API shows, as answers and events have it.
pub trait View: Serialize {
    /// The record that it is about; an erasure of that record takes what was shown.
    fn subject(&self) -> Option<Id>;
}

/// What people read, in every language that is written out.
#[derive(Clone, Debug, Serialize)]
pub struct Sentence {
    /// In German.
    pub de: String,
    /// In English.
    pub en: String,
}

/// Who looks: the shop sees all, a customer in his browser what is his own, and nobody's name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Viewer {
    /// A key or an operator.
    #[default]
    Shop,
    /// The customer himself.
    Customer,
}

/// How much of a voucher's code the viewer may see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mask {
    /// All of it: keys, managers and owners that may redeem, the customer to whom it belongs, and who made it, in
    /// the answer to that.
    Full,
    /// The last four characters: everybody else.
    #[default]
    Hint,
}
