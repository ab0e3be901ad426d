//! Share links: who opened one, where it leads, and what is kept of the visit.
//!
//! `open` answers over HTTP; `address` reads what was opened, `languages` what who opened it can read;
//! `cache` keeps links in memory; `visitor` tells persons from robots by what `known_visitors` lists;
//! `landing` makes the address of the page; `page` the previews, `style` what browsers are told of them;
//! `recorder` writes visits. `buttons` are those of mails. Opening a link
//! has no effect but a visit: nothing is claimed, confirmed or redeemed here.

pub(crate) mod address;
pub mod buttons;
mod cache;
pub mod known_visitors;
pub mod landing;
mod languages;
mod open;
mod page;
mod recorder;
mod referrer;
pub mod style;
pub mod visitor;

pub use open::{MethodNotAllowed, Opener, Parts, configure, open_link};

/// Public operations of this module, for the contract's test.
pub const PUBLIC: &[(&str, &str, &str)] = &[
    ("open_share_link", "GET", "/s/{token}"),
    ("probe_share_link", "HEAD", "/s/{token}"),
    ("open_code_link", "GET", "/c/{slug}/{code}"),
    ("probe_code_link", "HEAD", "/c/{slug}/{code}"),
    ("open_unsubscribe", "GET", "/u/{token}"),
    ("unsubscribe", "POST", "/u/{token}"),
    ("open_confirmation", "GET", "/y/{token}"),
    ("confirm_consent", "POST", "/y/{token}"),
    ("open_house", "GET", "/"),
    ("get_robots", "GET", "/robots.txt"),
    ("get_icon", "GET", "/favicon.ico"),
];
