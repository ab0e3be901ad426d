//! Who is let in, and what of: callers, tokens, throttles.

pub mod access;
pub mod ended_tokens;
pub mod forwarded;
pub mod fronts;
pub mod guessing;
pub mod keys;
pub mod logs;
pub mod metrics;
pub mod operators;
pub mod passwords;
pub mod throttles;
pub mod traces;
