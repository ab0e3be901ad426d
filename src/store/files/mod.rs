//! Files on a disk: SQLite's file and whether it is still the one that was opened, the room that is left, and who
//! may read what we keep.

pub mod database_file;
pub mod private;
pub mod room;
