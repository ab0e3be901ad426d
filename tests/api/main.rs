//! The API's behaviour over HTTP, on both databases. `support` says how to write a test.

mod support;

mod due;
mod command_line;
mod demo;
mod grants;
mod idempotency;
mod keys;
mod kill;
mod lists;
mod malformed;
mod messages;
mod operators;
mod races;

mod records;
mod redemptions;
mod rewards;
mod shop;
mod tour;
mod two_servers;
mod vouchers;
