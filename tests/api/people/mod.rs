//! Who is who, what they see, and how they are forgotten.

pub mod erasure;
pub mod guests;
pub mod me;
pub mod merging;
pub mod persons;
pub mod sign_ups;
pub mod timeline;
