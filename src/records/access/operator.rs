//! An operator: a person who works in the shop.

use crate::records::{Id, Timestamp};
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
        /// A disabled operator cannot sign in, and their tokens are refused.
        disabled: bool,
        /// The operator who let them in last: made the account, or gave it its password, its role or its way
        /// back in. Nobody where that was they themselves, a key or the command line.
        let_in_by: Option<Id>,
        /// When that was.
        let_in_at: Option<Timestamp>,
        /// Counts what was taken from them: a password, a role, the way in. Their tokens are good in the
        /// generation in which they were made.
        generation: i64,
        /// When they joined.
        created_at: Timestamp,
    }
    keys { BY_EMAIL = email }
    lists { OF_SHOP = shop }
}
