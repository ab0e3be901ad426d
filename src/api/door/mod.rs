//! Who is let in: keys, tokens, origins of pages, and who comes or fails too often.

pub mod auth;
pub mod callers;
pub mod cors;
pub mod crowd;
pub mod doubts;
pub mod guesses;
pub mod hashing;
pub mod limits;
pub mod origins;
pub mod proxies;
pub mod sign_ins;
pub mod tokens;
