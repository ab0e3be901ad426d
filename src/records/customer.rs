//! A customer: a person the shop knows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Id, Json, Timestamp};
use crate::record;

/// What a shop may note about a customer, for conditions later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Attribute {
    /// True or false.
    Flag(bool),
    /// A number.
    Number(i64),
    /// Up to 500 characters.
    Text(super::text::Text<0, 500>),
}

/// One declaration of consent; appended, never overwritten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// What for, for example `marketing_mail`.
    pub kind: String,
    /// Given or withdrawn.
    pub given: bool,
    /// When.
    pub at: Timestamp,
    /// Where it was declared.
    pub source: Option<String>,
    /// Which text was shown.
    pub text_version: Option<String>,
}

record! {
    /// A customer, or a guest.
    versioned Customer in "customers" {
        /// The shop's own id; never changes. None: a guest, who is found again by his addresses.
        external_id: Option<String>,
        /// The person, as first known; see `Person` for whom he turned out to be.
        person: Id,
        /// The customer into whom this one was merged, never one who was merged himself.
        merged_into: Option<Id>,
        /// Address for mails.
        email: Option<String>,
        /// Phone number as given.
        phone: Option<String>,
        /// Full name.
        name: Option<String>,
        /// First name, for greetings.
        first_name: Option<String>,
        /// Language; the shop's default when absent.
        locale: Option<String>,
        /// What the shop notes.
        attributes: Json<BTreeMap<String, Attribute>>,
        /// Declarations, oldest first.
        consents: Json<Vec<Consent>>,
        /// When first known.
        created_at: Timestamp,
        /// When last changed.
        updated_at: Timestamp,
    }
    keys { BY_EXTERNAL_ID = external_id }
    lists { MERGED_INTO = merged_into }
}

impl Customer {
    /// The person that a customer is as long as he shares no address with an earlier one.
    pub fn own_person(customer: Id) -> Id {
        customer.sibling("prs")
    }

    /// Somebody of whom nothing is known yet, a person of his own.
    pub fn blank(id: Id, shop: Id, external_id: Option<String>, at: Timestamp) -> Self {
        Self {
            id,
            shop,
            version: 0,
            external_id,
            person: Self::own_person(id),
            merged_into: None,
            email: None,
            phone: None,
            name: None,
            first_name: None,
            locale: None,
            attributes: Json::default(),
            consents: Json::default(),
            created_at: at,
            updated_at: at,
        }
    }
}
