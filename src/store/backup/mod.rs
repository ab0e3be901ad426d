//! Backups: all that is stored, as it was at one moment, in a file that both databases read; and from one database
//! into another without a file.
//!
//! `tables` says what is taken along, `snapshot` reads it, `row` is a row as text, `file` is the file, `load` fills an
//! empty database, `moving` puts it together. What goes over is proved: each table by its rows and a checksum over
//! them, in one order for both databases, read back before anything is committed.

pub mod file;
mod load;
pub mod moving;
pub mod row;
pub mod snapshot;
pub mod tables;
