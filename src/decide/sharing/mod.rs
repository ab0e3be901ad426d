//! What advocates recommend with: codes, links, channels, words.

pub mod adopt_share;
pub mod advocate;
pub(crate) mod channel;
pub(crate) mod code;
pub mod create_code;
pub mod create_shares;
pub mod link;
pub mod mark_share_sent;
pub(crate) mod replace_share;
pub(crate) mod share;
pub(crate) mod share_words;
pub(crate) mod token;
pub mod tree;
pub mod upsert_channel;

commands! {
    adopt_share::AdoptShare,
    create_code::CreateCode,
    create_shares::CreateShares,
    mark_share_sent::MarkShareSent,
    upsert_channel::UpsertChannel,
}
