//! A customer: a person the shop knows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Json, Timestamp};
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
    /// A customer.
    versioned Customer in "customers" {
        /// The shop's own id; never changes.
        external_id: Option<String>,
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
}
