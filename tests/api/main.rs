//! The API's behaviour over HTTP, on both databases. `support` says how to write a test.

mod support;

mod access;
mod channels;
mod checkout;
mod codes;
mod command_line;
mod demo;
mod due;
mod etags;
mod grants;
mod guests;
mod idempotency;
mod imports;
mod items;
mod keys;
mod kill;
mod links;
mod lists;
mod malformed;
mod merging;
mod me;
mod messages;
mod operators;
mod races;
mod records;
mod redemptions;
mod referrals;
mod rewards;
mod shares;
mod shop;
mod sockets;
mod timeline;
mod tour;
mod two_servers;
mod vouchers;
