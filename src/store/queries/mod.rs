//! Lists, single records and reports, for reading only. Every query names the shop.

pub mod announcements;
pub mod arrivals;
pub mod audiences;
pub mod claims;
pub mod due;
pub mod erasure;
pub mod events;
pub mod identity;
pub mod jobs;
pub mod messages;
pub mod own_totals;
pub mod links;
pub mod records;
pub mod reports;
pub mod shares;
pub mod timeline;
pub mod vouchers;
