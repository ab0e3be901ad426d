//! What a kind of mail adds to what every mail shows.

use minijinja::Value;

use super::calendar::CalendarFile;
use super::compose_error::ComposeError;
use crate::records::{Message, Shop};
use crate::vault::Vault;
use crate::wording::Language;

/// What a mail speaks of: the records that its kind has drawn.
pub(super) trait Topic: Send {
    /// What its templates show.
    fn facts(&self, head: &Head<'_>, vault: &Vault) -> Result<Facts, ComposeError>;
}

/// For which mail, by whom and in which language facts are told.
pub(super) struct Head<'a> {
    pub(super) message: &'a Message,
    pub(super) shop: &'a Shop,
    /// The shop's name, as customers know it.
    pub(super) name: &'a str,
    pub(super) language: Language,
    /// What the shop's links begin with, without a slash at the end.
    pub(super) links: &'a str,
}

/// What a kind of mail shows.
#[derive(Default)]
pub(super) struct Facts {
    /// The first sentence: why there is something to tell.
    pub(super) because: String,
    /// The words for the second: what follows from it.
    pub(super) thanks_key: &'static str,
    /// The words for why the customer gets the mail.
    pub(super) automatic_key: &'static str,
    /// A code in full, which is drawn as well.
    pub(super) code: Option<String>,
    /// What is drawn in place of the code.
    pub(super) scan: Option<String>,
    /// A file for calendars.
    pub(super) calendar: Option<CalendarFile>,
    /// Conditions, a sentence each.
    pub(super) conditions: Vec<String>,
    /// Conditions in the program's own words.
    pub(super) prose: Option<String>,
    pub(super) terms_url: Option<String>,
    /// Whether nothing in it may invite to the shop.
    pub(super) is_bare: bool,
    /// What its own templates show besides, by the names that they know it by.
    pub(super) own: Value,
}

/// Whether a text is an address that a mail may lead to.
pub(super) fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}
