//! Merges a customer into another by hand: they turned out to be one.

use serde::Deserialize;

use crate::decide::answer::Answer;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::people::merge;
use crate::records::text::{Reason, Reference};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// Who stays, who is merged into him, and why.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergeCustomers {
    /// Who stays, from the path: `external_id` or `cus_…`.
    #[serde(skip)]
    pub into: String,
    /// Who is merged into him: `external_id` or `cus_…`.
    pub from: Reference,
    /// Why.
    pub reason: Reason,
}

/// Decides it. Who was merged there already is answered as it is.
pub fn decide(draft: &mut Draft<'_>, command: &MergeCustomers) -> Result<Answer, Stop> {
    let into = customer_lookup::named(draft, &command.into);
    let from = customer_lookup::named(draft, &command.from);
    let (into, from) = (into?, from?);
    let into = into.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such customer."))?;
    let from = from.ok_or_else(|| customer_lookup::unknown(&command.from, "/from"))?;
    let (into, from) = (customer_lookup::living(into, "")?, customer_lookup::living(from, "/from")?);
    if from.id == into.id {
        return Err(Rejection::field("/from", "another customer than the one in the path is expected").into());
    }
    if from.merged_into == Some(into.id) {
        return Ok(Answer::ok(&views::customer::customer(&into)));
    }
    for (one, place) in [(&into, ""), (&from, "/from")] {
        if let Some(other) = one.merged_into {
            let detail = format!("{} was merged into {other} before; name that one.", one.id);
            return Err(Rejection::at(Code::IllegalTransition, place, detail).into());
        }
    }
    let into = merge::merge(draft, &from, into)?;
    draft.audit("merge_customers", into.id, Some(&command.reason));
    Ok(Answer::ok(&views::customer::customer(&into)))
}
