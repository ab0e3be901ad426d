//! What is stored: one record kind per file, with its id, its states and the keys it is found by; in folders by the
//! subjects of `decide`, with what serves all subjects beside them, and values that kinds are made of. Each module is
//! reached by its own name, wherever its file stands: `records::reward`, `records::money`.
//!
//! A record kind is declared once, by [`record!`](crate::record); `store` writes its SQL from that declaration and
//! `world` keeps it by the same keys. Its row in `every_kind!` below says the rest: how its ids begin, how an erasure
//! finds it, whether an export shows it. Nothing here knows a database, a clock or a random generator.
//!
//! Every column is text, a 64-bit integer or bytes, in both databases: ids and states are text, money is
//! minor units, instants are milliseconds since 1970 (UTC), lists and settings are JSON text that is
//! never queried by key.

mod kind;

pub mod account;
pub mod due;
pub mod entry;
pub mod inventory;
#[cfg(test)]
mod stored_before;

mod access {
    pub mod api_key;
    pub mod audit;
    pub mod operator;
    pub mod scope;
}
mod checkout {
    pub mod hold;
    pub mod redemption;
    pub mod reversal;
}
mod mail {
    pub mod announcement;
    pub mod message;
    pub mod suppression;
    pub mod template;
}
mod offers {
    pub mod claim;
    pub mod claim_rate;
    pub mod expression;
    pub mod history;
    pub mod offer;
    pub mod segment;
}
mod orders {
    pub mod conversion;
    pub mod order_slot;
    pub mod refund;
}
mod people {
    pub mod customer;
    pub mod forgotten;
    pub mod identity;
    pub mod mention;
    pub mod person;
}
mod programs {
    pub mod program;
    pub mod tally;
    pub mod trial;
}
mod referrals {
    pub mod analytics_ids;
    pub mod referral;
    pub mod why;
}
mod reports {
    pub mod advocate_count;
    pub mod day_count;
    pub mod month_tally;
    pub mod owed;
}
mod rewards {
    pub mod benefit;
    pub mod grant;
    pub mod reward;
}
mod sharing {
    pub mod arrival;
    pub mod channel;
    pub mod code;
    pub mod own_channel;
    pub mod share;
    pub mod share_count;
    pub mod taken_code;
}
mod shops {
    pub mod analytics_account;
    pub mod delivery;
    pub mod endpoint;
    pub mod event;
    pub mod event_page;
    pub mod job;
    pub mod shop;
    pub mod stored_answer;
}
mod values {
    pub mod bytes;
    pub mod country;
    pub mod email;
    pub mod id;
    pub mod money;
    pub mod spelling;
    pub mod text;
    pub mod time;
    pub mod typed;
}
mod vouchers {
    pub mod admission;
    pub mod pass;
    pub mod voucher;
    pub mod voucher_batch;
    pub mod voucher_terms;
}

pub use access::{api_key, audit, operator, scope};
pub use checkout::{hold, redemption, reversal};
pub use mail::{announcement, message, suppression, template};
pub use offers::{claim, claim_rate, expression, history, offer, segment};
pub use orders::{conversion, order_slot, refund};
pub use people::{customer, forgotten, identity, mention, person};
pub use programs::{program, tally, trial};
pub use referrals::{analytics_ids, referral, why};
pub use reports::{advocate_count, day_count, month_tally, owed};
pub use rewards::{benefit, grant, reward};
pub use sharing::{arrival, channel, code, own_channel, share, share_count, taken_code};
pub use shops::{analytics_account, delivery, endpoint, event, event_page, job, shop, stored_answer};
pub use values::{bytes, country, email, id, money, spelling, text, time, typed};
pub use vouchers::{admission, pass, voucher, voucher_batch, voucher_terms};

pub use account::Account;
pub use admission::Admission;
pub use analytics_account::AnalyticsAccount;
pub use analytics_ids::AnalyticsIds;
pub use announcement::Announcement;
pub use api_key::ApiKey;
pub use audit::AuditRow;

pub use bytes::Bytes;
pub use claim::Claim;
pub use claim_rate::ClaimRate;
pub use code::Code;
pub use conversion::Conversion;
pub use customer::Customer;
pub use delivery::Delivery;
pub use due::Due;
pub use endpoint::Endpoint;
pub use entry::Entry;
pub use event::{Event, EventKind};
pub use event_page::EventPage;
pub use forgotten::Forgotten;
pub use grant::Grant;
pub use history::History;
pub use hold::{Hold, HoldMark, HoldSlot};
pub use id::Id;
pub use identity::Identity;
pub use inventory::RecordKind;
pub use job::{Job, JobFault};
pub use kind::{AsKey, BadColumn, Column, Json, Key, Kind, List, Record, Value, Values};
pub use mention::Mention;
pub use message::Message;
pub use offer::Offer;
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
pub use segment::{Member, Segment};
pub use share::Share;
pub use share_count::ShareCount;
pub use shop::{Shop, ShopHead};
pub use stored_answer::StoredAnswer;
pub use suppression::Suppression;
pub use taken_code::TakenCode;
pub use tally::Tally;
pub use template::Template;
pub use time::Timestamp;
pub use voucher::{Voucher, VoucherUse};
pub use voucher_batch::VoucherBatch;
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
            voucher_batches: VoucherBatch { prefix: Some("bat"), word: Some("voucher_batch"), erased_by: &[], is_exported: false },
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
            offers: Offer { prefix: Some("ofr"), word: Some("offer"), erased_by: &[], is_exported: false },
            claims: Claim {
                prefix: Some("clm"), word: Some("claim"), erased_by: &[("customer", "id"), ("advocate", "id")], is_exported: true
            },
            claim_rates: ClaimRate { prefix: Some("rat"), word: None, erased_by: &[], is_exported: false },
            segments: Segment { prefix: Some("sgm"), word: Some("segment"), erased_by: &[], is_exported: false },
            members: Member { prefix: Some("mbr"), word: None, erased_by: CUSTOMER, is_exported: true },
            histories: History { prefix: None, word: None, erased_by: &[], is_exported: false },
            jobs: Job { prefix: Some("job"), word: Some("job"), erased_by: &[], is_exported: false },
            job_faults: JobFault { prefix: Some("flt"), word: None, erased_by: &[], is_exported: false },
            events: Event { prefix: Some("evt"), word: None, erased_by: &[], is_exported: false },
            event_pages: EventPage { prefix: Some("evp"), word: None, erased_by: &[], is_exported: false },
            forgotten: Forgotten { prefix: Some("fgt"), word: None, erased_by: &[], is_exported: false },
            admissions: Admission { prefix: Some("adm"), word: None, erased_by: &[], is_exported: true },
            endpoints: Endpoint { prefix: Some("whe"), word: Some("webhook_endpoint"), erased_by: &[], is_exported: false },
            analytics_accounts: AnalyticsAccount { prefix: Some("ana"), word: Some("analytics_account"), erased_by: &[], is_exported: false },
            deliveries: Delivery { prefix: Some("dlv"), word: Some("delivery"), erased_by: &[], is_exported: false },
            suppressions: Suppression { prefix: Some("sup"), word: Some("suppression"), erased_by: CUSTOMER, is_exported: true },
            analytics_ids: AnalyticsIds { prefix: Some("anl"), word: None, erased_by: CUSTOMER, is_exported: true },
            templates: Template { prefix: Some("tpl"), word: Some("template"), erased_by: &[], is_exported: false },
            announcements: Announcement { prefix: Some("ann"), word: Some("announcement"), erased_by: &[], is_exported: false },
            audit_log: AuditRow { prefix: Some("aud"), word: None, erased_by: &[], is_exported: false },
        }
    };
}
pub(crate) use every_kind;
