//! A customer: a person the shop knows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::record;
use crate::records::account::{credit_account, lapsed_account};
use crate::records::{Id, Json, Timestamp};

/// What a shop may note about a customer, for conditions later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a text of at most 500 characters, a whole number, or true or false is expected")]
pub enum Attribute {
    /// True or false.
    Flag(bool),
    /// A number.
    Number(i64),
    /// Up to 500 characters.
    Text(crate::records::text::Text<0, 500>),
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

/// Where a consent was withdrawn by the button of a mail.
pub const UNSUBSCRIBED: &str = "unsubscribe";
/// Where the shop asked for a consent by mail, and nothing was given yet.
pub const ASKED: &str = "asked by mail";
/// Where it was given by the button of that mail.
pub const CONFIRMED: &str = "confirmed by mail";

/// Letters from which on a text tells who somebody is; shorter ones stand everywhere.
const WORD_CHARS: usize = 3;

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
        /// Whether the shop vouches that the address is his.
        email_verified: bool,
        /// Phone number as given.
        phone: Option<String>,
        /// Whether the shop vouches that the number is his.
        phone_verified: bool,
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
        /// When he was erased: nothing of him is known since then.
        erased_at: Option<Timestamp>,
    }
    keys { BY_EXTERNAL_ID = external_id }
    lists { MERGED_INTO = merged_into, OF_PERSON = person }
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
            email_verified: false,
            phone: None,
            phone_verified: false,
            name: None,
            first_name: None,
            locale: None,
            attributes: Json::default(),
            consents: Json::default(),
            created_at: at,
            updated_at: at,
            erased_at: None,
        }
    }

    /// The same without anything that tells who he is; our own ids stay, and lead nowhere.
    pub fn erased(&self, at: Timestamp) -> Self {
        let blank = Self::blank(self.id, self.shop, None, self.created_at);
        Self {
            version: self.version,
            person: self.person,
            merged_into: self.merged_into,
            updated_at: at,
            erased_at: Some(at),
            ..blank
        }
    }

    /// The texts by which others would know him.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let fields = [&self.external_id, &self.email, &self.phone, &self.name, &self.first_name];
        fields.into_iter().filter_map(|field| field.as_deref()).filter(|word| word.chars().count() >= WORD_CHARS)
    }

    /// The account of his store credit; once he is erased, that of what lapsed of it.
    pub fn credit_account(&self) -> String {
        if self.is_erased() { lapsed_account(self.id) } else { credit_account(self.id) }
    }

    /// Whether he was erased.
    pub fn is_erased(&self) -> bool {
        self.erased_at.is_some()
    }
}
