//! What is stored: one record kind per file, with its id, its states and the keys it is found by.
//!
//! A record kind is declared once, by [`record!`](crate::record); `store` writes its SQL from that declaration and
//! `world` keeps it by the same keys. Its row in `every_kind!` below says the rest: how its ids begin, how an erasure
//! finds it, whether an export shows it. Nothing here knows a database, a clock or a random generator.
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
pub mod due;
pub mod email;
pub mod entry;
pub mod event;
pub mod grant;
pub mod hold;
pub mod id;
pub mod identity;
pub mod inventory;
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
pub use due::Due;
pub use entry::Entry;
pub use event::{Event, EventKind};
pub use grant::Grant;
pub use hold::{Hold, HoldMark, HoldSlot};
pub use id::Id;
pub use identity::Identity;
pub use inventory::RecordKind;
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

/// Every kind of record, a [`Row`](inventory::Row) each: its shelf in the [`World`](crate::world::World), its type, and
/// what all that goes through kinds is to know of it. Calls a macro with the whole list. They are loaded and saved in
/// this order; and an erasure that is under way stands at a place in it, so that a new kind through which one goes
/// comes behind the others.
macro_rules! every_kind {
    ($consumer:ident) => {
        $consumer! {
            heads: ShopHead { prefix: None, word: None, erased_by: &[], is_exported: false },
            shops: Shop { prefix: Some("shp"), word: Some("shop"), erased_by: &[], is_exported: false },
            stored_answers: StoredAnswer { prefix: Some("idm"), word: None, erased_by: &[], is_exported: false },
            api_keys: ApiKey { prefix: Some("key"), word: Some("key"), erased_by: &[], is_exported: false },
            operators: Operator { prefix: Some("opr"), word: Some("operator"), erased_by: &[], is_exported: false },
            customers: Customer { prefix: Some("cus"), word: Some("customer"), erased_by: &[], is_exported: true },
            identities: Identity { prefix: Some("idn"), word: None, erased_by: &[], is_exported: true },
            persons: Person { prefix: Some("prs"), word: None, erased_by: &[], is_exported: false },
            programs: Program { prefix: Some("prg"), word: Some("program"), erased_by: &[], is_exported: false },
            channels: OwnChannel { prefix: Some("chn"), word: Some("channel"), erased_by: &[], is_exported: false },
            codes: Code { prefix: Some("cod"), word: Some("code"), erased_by: CUSTOMER, is_exported: true },
            taken_codes: TakenCode { prefix: Some("tkn"), word: None, erased_by: &[], is_exported: false },
            shares: Share { prefix: Some("shr"), word: Some("share"), erased_by: CUSTOMER, is_exported: true },
            share_counts: ShareCount { prefix: None, word: None, erased_by: &[], is_exported: false },
            referrals: Referral {
                prefix: Some("ref"), word: Some("referral"), erased_by: &[("friend", "id"), ("advocate", "id")], is_exported: true
            },
            conversions: Conversion {
                prefix: Some("cnv"), word: Some("conversion"), erased_by: &[("customer", "id"), ("advocate", "id")], is_exported: true
            },
            rewards: Reward { prefix: Some("rwd"), word: Some("reward"), erased_by: CUSTOMER, is_exported: true },
            vouchers: Voucher { prefix: Some("vch"), word: Some("voucher"), erased_by: CUSTOMER, is_exported: true },
            voucher_uses: VoucherUse { prefix: Some("use"), word: None, erased_by: &[], is_exported: false },
            tallies: Tally { prefix: Some("tly"), word: None, erased_by: &[], is_exported: false },
            accounts: Account { prefix: Some("acc"), word: None, erased_by: &[], is_exported: false },
            entries: Entry { prefix: Some("ent"), word: None, erased_by: &[], is_exported: true },
            order_slots: OrderSlot { prefix: Some("slt"), word: None, erased_by: &[], is_exported: false },
            redemptions: Redemption { prefix: Some("rdm"), word: Some("redemption"), erased_by: CUSTOMER, is_exported: true },
            holds: Hold { prefix: Some("hld"), word: Some("hold"), erased_by: CUSTOMER, is_exported: true },
            hold_slots: HoldSlot { prefix: Some("hsl"), word: None, erased_by: &[], is_exported: false },
            hold_marks: HoldMark { prefix: Some("hmk"), word: None, erased_by: &[], is_exported: false },
            reversals: Reversal { prefix: Some("rev"), word: Some("reversal"), erased_by: &[], is_exported: false },
            refunds: Refund { prefix: Some("rfd"), word: Some("refund"), erased_by: &[], is_exported: true },
            grants: Grant { prefix: Some("grt"), word: Some("grant"), erased_by: CUSTOMER, is_exported: true },
            messages: Message { prefix: Some("msg"), word: Some("message"), erased_by: CUSTOMER, is_exported: true },
            mentions: Mention { prefix: Some("mnt"), word: None, erased_by: &[("customer", "record")], is_exported: false },
            jobs: Job { prefix: Some("job"), word: Some("job"), erased_by: &[], is_exported: false },
            job_faults: JobFault { prefix: Some("flt"), word: None, erased_by: &[], is_exported: false },
            events: Event { prefix: Some("evt"), word: None, erased_by: &[], is_exported: false },
            audit_log: AuditRow { prefix: Some("aud"), word: None, erased_by: &[], is_exported: false },
        }
    };
}
pub(crate) use every_kind;
