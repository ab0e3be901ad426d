//! A person: the customers and guests who share an e-mail address, and who counts with them for a number.

use crate::record;
use crate::records::{Id, Json, Timestamp};

record! {
    /// Persons who turned out to be one, or who gave a phone number. Who shares nothing with anybody has no
    /// record: his id stands with his customers and addresses alone.
    versioned Person in "persons" {
        /// Who this one turned out to be; what is counted from then on is counted there.
        merged_into: Option<Id>,
        /// Who turned out to be this one; what was counted for them before counts.
        aliases: Json<Vec<Id>>,
        /// The phone numbers that they gave, each a person of its own.
        phones: Json<Vec<Id>>,
        /// Of a phone number: who gave it.
        givers: Json<Vec<Id>>,
        /// Whether one of them is an account with an e-mail address: two such are two people, whatever number
        /// they share.
        is_account: bool,
        /// When first noted.
        created_at: Timestamp,
    }
}

impl Person {
    /// One of whom nothing is noted.
    pub fn blank(id: Id, shop: Id, at: Timestamp) -> Self {
        Self {
            id,
            shop,
            version: 0,
            merged_into: None,
            aliases: Json::default(),
            phones: Json::default(),
            givers: Json::default(),
            is_account: false,
            created_at: at,
        }
    }
}
