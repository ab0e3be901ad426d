//! An advocate code, as the API shows it.

use serde::Serialize;

use super::View;
use super::event::Payload;
use crate::records::event::EventData;
use crate::records::trial::is_held_out;
use crate::records::{Code, Id, Timestamp};

/// See the contract's `AdvocateCode`.
#[derive(Serialize)]
pub struct CodeView<'a> {
    id: Id,
    code: &'a str,
    url: String,
    program: Id,
    customer: Option<&'a str>,
    customer_id: Id,
    share: Id,
    naked: i64,
    held_out: bool,
    created_at: Timestamp,
}

impl View for CodeView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for CodeView<'_> {
    const DATA: EventData = EventData::AdvocateCode;
}

/// Shows a code. `naked` is how many orders it brought without any visit, `links` is what the shop's links begin with, `slug` the shop's.
pub fn code<'a>(code: &'a Code, naked: i64, links: &str, slug: &str) -> CodeView<'a> {
    CodeView {
        id: code.id,
        code: &code.code,
        url: code.url(links, slug),
        program: code.program,
        customer: code.customer_ref.as_deref(),
        customer_id: code.customer,
        share: code.share,
        naked,
        held_out: is_held_out(code.arm),
        created_at: code.created_at,
    }
}
