//! All that knows the database, and the only place where diesel is named.
//!
//! `connection` opens and drives one connection of either kind; `database_file` and `room` watch over SQLite's
//! file and its disk, `server` over how a PostgreSQL is reached; `statement` is how text and values
//! become a prepared statement; `shelves` loads and saves whole record kinds for the engine;
//! `queries` are the lists and reports, and `counters` what reports are made of; `backup` takes all of it elsewhere; `visits`, `import_lines` and `webhooks` are the tables of the other writers.

pub mod arrivals;
pub mod backup;
pub mod clocks;
pub mod connection;
pub mod counters;
pub mod deadline;
pub mod error;
pub mod event_rows;
pub mod files;
pub mod forget;
pub mod health;
pub mod housekeeping;
pub mod import_lines;
pub mod installation;
pub mod leader;
pub mod migrate;
pub mod owed;
mod plans;
pub mod pool;
pub mod queries;
pub mod reader;
pub mod server;
pub mod shelves;
pub mod statement;
pub mod statistics;
pub mod verify;
pub mod visit_weeks;
pub mod visits;
pub mod webhooks;
pub mod writer;

pub use connection::{Connection, Target};
pub use counters::{advocate_counts, day_counts, day_fill, month_tallies};
pub use error::{StoreError, StoreResult};
pub use pool::Pool;
pub use statement::{Bind, Statement};
