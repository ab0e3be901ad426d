//! A request on its way to its handler, and what a handler gets.

pub mod amounts;
pub mod body;
pub mod call;
pub mod encoding;
pub mod further;
pub mod guessing;
pub mod in_time;
pub mod operation;
pub mod page;
pub mod plain;
pub mod request_id;
pub mod strict;
pub mod told;
pub mod typed;
pub mod upload;
