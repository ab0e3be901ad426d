//! Who may do what: operators and keys, and what nobody gives alone.

pub mod approve_key;
pub mod create_key;
pub mod create_operator;
pub mod delete_key;
pub mod delete_operator;
pub(crate) mod four_eyes;
pub mod note_guessing;
pub(crate) mod permission;
pub mod update_key;
pub mod update_operator;
