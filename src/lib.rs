//! Grapevine: a self-hosted referral and rewards engine for recommendations that are made in private.
//!
//! The map of the code, in reading order. `ARCHITECTURE.md` walks an order through the house.
//!
//! | where | what |
//! |---|---|
//! | [`config`] | what is set from outside, read once |
//! | [`records`] | what is stored: one record kind per file |
//! | [`refusal`] | every reason to refuse, with its code, status and help |
//! | [`world`] | the records that a batch of commands knows; never sees a connection |
//! | [`decide`] | what is decided: a folder per subject, in it one command per file; pure; **the rules are here** |
//! | [`views`] | how each resource is shown in JSON; `openapi.yaml` is the contract |
//! | [`engine`] | one writer at a time per shop: gather, load, decide, save, answer |
//! | [`store`] | all SQL, for both databases |
//! | [`background`] | the worker that looks, works and looks again: of due work, mails and jobs |
//! | [`links`], [`visit_mark`] | share links: who comes, where they are sent on, what is noted |
//! | [`delivery`], [`wording`], [`qr`] | mails that leave, and their words |
//! | [`jobs`] | set work in the background: imports and erasures, chunk by chunk; audits and back-tests |
//! | [`connections`] | who is connected, for how long, and who must go |
//! | [`api`], [`server`] | HTTP: the table of operations, handlers that decide nothing |
//! | [`vault`], [`password`] | keys, seals and hashes |
//! | [`telemetry`] | traces, where a collector is named |
//! | `untrusted` | what holds of every parser of strangers' words, for the fuzzer |
//!
//! Arrows point one way: `api, links, jobs, delivery → engine → decide → world → records`, and
//! `engine, delivery, api → store → records`; `background` serves the engine and those above it. `tests/tidy.rs`
//! fails when one points back.

pub mod api;
pub mod background;
pub mod cli;
pub mod config;
pub mod connections;
pub mod decide;
pub mod delivery;
pub mod demo;
pub mod engine;
pub mod jobs;
pub mod links;
pub mod password;
pub mod qr;
pub mod records;
pub mod refusal;
pub mod server;
pub mod store;
pub mod telemetry;
#[doc(hidden)]
pub mod untrusted;
pub mod vault;
pub mod views;
pub mod visit_mark;
pub mod wording;
pub mod world;
