//! A place on a segment's list: who is in it becomes known by it.

use serde::Deserialize;

use crate::decide::draft::Draft;
use crate::decide::imports::taken::{Taken, anybody};
use crate::decide::people::customer::keep;
use crate::decide::segments::change_member::put;
use crate::records::Segment;
use crate::records::text::{Reference, Slug};
use crate::refusal::{Code as Refusal, Rejection};
use crate::world::Stop;

/// A place on a list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberLine {
    /// The segment's key.
    pub segment: Slug,
    /// Who: `external_id` or `cus_…`.
    pub customer: Reference,
    /// `false`: they are taken off it.
    #[serde(default = "yes")]
    pub is_in: bool,
}

fn yes() -> bool {
    true
}

impl MemberLine {
    /// Decides the line.
    pub fn take(&self, draft: &mut Draft<'_>) -> Result<Taken, Stop> {
        let (segment, found) =
            (draft.find(&Segment::BY_KEY, &self.segment), anybody(draft, &self.customer, "/customer"));
        let (segment, found) = (segment?, found?);
        let segment = segment.ok_or_else(|| {
            let detail = format!("There is no segment {}; PUT /v1/segments/{{key}} makes one.", &*self.segment);
            Rejection::at(Refusal::SegmentUnknown, "/segment", detail)
        })?;
        let customer = keep(draft, found)?;
        let (_, is_news) = put(draft, &segment, &customer, self.is_in)?;
        Ok(if is_news { Taken::News } else { Taken::Known })
    }
}
