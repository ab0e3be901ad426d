//! What goes wrong around a server: files, disks, clocks, databases, connections, kills, races.

pub mod clocks;
pub mod failover;
pub mod files;
pub mod full_disk;
pub mod kill;
pub mod lost_files;
pub mod pools;
pub mod races;
pub mod recalls;
pub mod replicas;
pub mod rolling;
pub mod slow_clients;
pub mod sockets;
pub mod standstill;
pub mod two_servers;
