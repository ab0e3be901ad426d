//! The demo: a test shop walked along the main path over real HTTP, with mails that arrive.

pub mod eml;
pub mod receiver;
