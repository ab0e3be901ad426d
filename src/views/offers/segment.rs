//! A segment and its members, as the API shows them.

use serde::Serialize;

use crate::records::{Id, Member, Segment, Timestamp};
use crate::views::Sentence;
use crate::views::View;

/// See the contract's `Segment`.
#[derive(Serialize)]
pub struct SegmentView<'a> {
    id: Id,
    key: &'a str,
    name: &'a str,
    condition: Option<&'a str>,
    sentence: Option<Sentence>,
    created_at: Timestamp,
}

impl View for SegmentView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

/// Shows a segment; `sentence` is its condition as people read it.
pub fn segment(segment: &Segment, sentence: Option<Sentence>) -> SegmentView<'_> {
    SegmentView {
        id: segment.id,
        key: &segment.key,
        name: &segment.name,
        condition: segment.expression.as_deref(),
        sentence,
        created_at: segment.created_at,
    }
}

/// See the contract's `Member`.
#[derive(Serialize)]
pub struct MemberView<'a> {
    #[serde(skip)]
    id: Id,
    segment: &'a str,
    customer: Option<&'a str>,
    customer_id: Id,
    created_at: Timestamp,
}

impl View for MemberView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

/// Shows a customer's place on the list of a segment with this key.
pub fn member<'a>(member: &'a Member, key: &'a str) -> MemberView<'a> {
    MemberView {
        id: member.id,
        segment: key,
        customer: member.customer_ref.as_deref(),
        customer_id: member.customer,
        created_at: member.created_at,
    }
}
