//! Recommending: codes, links, and whom an order is credited to.

pub mod attribution;
pub mod canaries;
pub mod channels;
pub mod codes;
pub mod links;
pub mod marks;
pub mod naked;
pub mod pageviews;
pub mod referrals;
pub mod share_limits;
pub mod shares;
pub mod stories;
pub mod trees;
pub mod typed_codes;
