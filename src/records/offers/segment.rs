//! A segment: a named set of customers, by list or by condition.

use crate::record;
use crate::records::expression::Expression;
use crate::records::{Id, Json, Timestamp};

record! {
    /// A segment.
    versioned Segment in "segments" {
        /// Unique in the shop.
        key: String,
        /// Its name.
        name: String,
        /// Who belongs to it beside its list, as it was written.
        expression: Option<String>,
        /// As it is evaluated.
        tree: Json<Option<Expression>>,
        /// When it was made.
        created_at: Timestamp,
    }
    keys { BY_KEY = key }
    lists { OF_SHOP = shop }
}

record! {
    /// A place in a segment's list. One that was taken out stays, and says so.
    versioned Member in "members" {
        /// The segment.
        segment: Id,
        /// Who.
        customer: Id,
        /// Their id at the shop.
        customer_ref: Option<String>,
        /// Whether they are in it.
        is_in: bool,
        /// When they were put in last.
        created_at: Timestamp,
    }
    lists { OF_CUSTOMER = customer }
}

impl Member {
    /// The id of a customer's place in a segment.
    pub fn id_of(segment: Id, customer: Id) -> Id {
        Id::of("mbr", &[&segment.to_string(), &customer.to_string()]).beside(Some(customer))
    }
}
