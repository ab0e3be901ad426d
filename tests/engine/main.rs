//! The engine and the store against real databases, without HTTP.

mod kinds;
mod support;
