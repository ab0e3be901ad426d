//! An operator: a person who works in the shop.

use super::Timestamp;
use crate::{record, words};

words! {
    /// What an operator may do; each role may do what those before it may.
    Role {
        Viewer = "viewer",
        Support = "support",
        Manager = "manager",
        Owner = "owner",
    }
}

record! {
    /// An operator.
    versioned Operator in "operators" {
        /// Address by which they sign in, lower case.
        email: String,
        /// Name shown.
        name: String,
        /// Role.
        role: Role,
        /// Argon2id, PHC string.
        password_hash: String,
        /// A disabled operator cannot sign in, and his tokens are refused.
        disabled: bool,
        /// When they joined.
        created_at: Timestamp,
    }
    keys { BY_EMAIL = email }
    lists { OF_SHOP = shop }
}
