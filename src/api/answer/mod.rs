//! An answer on its way out: resources, lists, CSV, refusals.

pub mod columns;
pub mod contract;
pub mod fixed;
pub mod format;
pub(crate) mod formula;
pub mod inquiry;
pub mod last_word;
pub mod list;
pub mod problem;
pub mod reply;
pub(crate) mod sheet;
