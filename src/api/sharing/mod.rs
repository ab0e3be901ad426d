//! Programs, and how they are shared: codes, shares, channels, referrals.

pub mod channels;
pub mod codes;
pub mod pageviews;
pub mod programs;
pub mod referrals;
pub mod share_tree;
pub mod shares;
