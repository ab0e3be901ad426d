//! How a PostgreSQL is reached: which hosts its URL names, whether what goes there can be read on its way, whether
//! what stands before it keeps sessions apart, and what a standby would lack of it.

pub(super) mod hosts;
pub mod pooling;
pub mod standby;
pub mod unprotected;
