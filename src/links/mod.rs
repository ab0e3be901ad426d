//! Share links: who opened one, where it leads, and the mark that the visit leaves in the address.
//!
//! These parts are pure: they know no database and no web framework. Opening a link has no effect
//! but a visit; nothing is claimed, confirmed or redeemed here.

pub mod known_visitors;
pub mod visitor;
