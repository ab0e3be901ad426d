//! The API's behaviour over HTTP, on both databases. `support` says how to write a test.

mod support;

mod benefits;
mod door;
mod faults;
mod offers;
mod orders;
mod people;
mod program;
mod reports;
mod request;
mod sharing;
mod shops;
