//! The program itself: its command line and its demo.

pub mod backups;
pub mod command_line;
pub mod demo;
pub mod live;
pub mod sender_dns;
