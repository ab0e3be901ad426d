//! Share links: who opened one, where it leads, and what is kept of the visit.
//!
//! `open` answers over HTTP; `cache` keeps links in memory; `visitor` tells persons from robots by
//! what `known_visitors` lists; `landing` makes the address; `page` the previews; `recorder` writes
//! visits. Opening a link has no effect but a visit: nothing is claimed, confirmed or redeemed here.

mod cache;
pub mod known_visitors;
pub mod landing;
mod open;
mod page;
mod recorder;
pub mod visitor;

pub use open::{Opener, Parts, Refusals, configure};

/// Public operations of this module, for the contract's test.
pub const PUBLIC: &[(&str, &str, &str)] = &[
    ("open_share_link", "GET", "/s/{token}"),
    ("probe_share_link", "HEAD", "/s/{token}"),
    ("open_code_link", "GET", "/c/{slug}/{code}"),
    ("probe_code_link", "HEAD", "/c/{slug}/{code}"),
];
