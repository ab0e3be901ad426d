//! What is stored: one record kind per file, with its id, its states and the keys it is found by.
//!
//! A record kind is declared once, by [`record!`](crate::record); `store` writes its SQL from that declaration and
//! `world` keeps it by the same keys. Nothing here knows a database, a clock or a random generator.
//!
//! Every column is text or a 64-bit integer, in both databases: ids and states are text, money is
//! minor units, instants are milliseconds since 1970 (UTC), lists and settings are JSON text that is
//! never queried by key.

mod kind;

pub mod account;
pub mod api_key;
pub mod audit;
pub mod benefit;
pub mod channel;
pub mod code;
pub mod conversion;
pub mod country;
pub mod customer;
pub mod email;
pub mod entry;
pub mod event;
pub mod grant;
pub mod hold;
pub mod id;
pub mod identity;
pub mod job;
pub mod mention;
pub mod message;
pub mod money;
pub mod operator;
pub mod order_slot;
pub mod own_channel;
pub mod person;
pub mod program;
pub mod redemption;
pub mod referral;
pub mod refund;
pub mod reversal;
pub mod reward;
pub mod scope;
pub mod share;
pub mod share_count;
pub mod shop;
pub mod spelling;
pub mod stored_answer;
pub mod taken_code;
pub mod tally;
pub mod text;
pub mod time;
pub mod typed;
pub mod voucher;
pub mod why;

pub use account::Account;
pub use api_key::ApiKey;
pub use audit::AuditRow;

pub use code::Code;
pub use conversion::Conversion;
pub use customer::Customer;
pub use entry::Entry;
pub use event::{Event, EventKind};
pub use grant::Grant;
pub use hold::{Hold, HoldMark, HoldSlot};
pub use id::Id;
pub use identity::Identity;
pub use job::{Job, JobFault};
pub use kind::{AsKey, BadColumn, Column, Json, Key, Kind, List, Record, Value, Values};
pub use mention::Mention;
pub use message::Message;
pub use operator::Operator;
pub use order_slot::OrderSlot;
pub use own_channel::OwnChannel;
pub use person::Person;
pub use program::Program;
pub use redemption::Redemption;
pub use referral::Referral;
pub use refund::Refund;
pub use reversal::Reversal;
pub use reward::Reward;
pub use share::Share;
pub use share_count::ShareCount;
pub use shop::{Shop, ShopHead};
pub use stored_answer::StoredAnswer;
pub use taken_code::TakenCode;
pub use tally::Tally;
pub use time::Timestamp;
pub use voucher::{Voucher, VoucherUse};
pub use why::Why;
