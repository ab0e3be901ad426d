//! The engine and the store against real databases, without HTTP.

mod backups;
mod day_counts;
mod event_pages;
mod faults;
mod kinds;
mod proof;
mod proxy;
mod races;
mod rig;
mod schema;
mod support;
mod taken;
mod visits;
mod words;
mod world;
