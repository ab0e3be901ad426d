//! A person: the customers and guests who share an address.

use super::{Id, Json, Timestamp};
use crate::record;

record! {
    /// Persons who turned out to be one. A person who was never united with another has no record:
    /// his id stands with his customers and addresses alone.
    versioned Person in "persons" {
        /// Who this one turned out to be; what is counted from then on is counted there.
        merged_into: Option<Id>,
        /// Who turned out to be this one; what was counted for them before counts.
        aliases: Json<Vec<Id>>,
        /// When first united.
        created_at: Timestamp,
    }
}
