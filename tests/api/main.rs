//! The API's behaviour over HTTP, on both databases. `support` says how to write a test.

mod support;

mod idempotency;
mod lists;
mod malformed;
mod races;
