//! Pieces of decisions that several commands share.

pub(crate) mod customer;
pub(crate) mod mail;
