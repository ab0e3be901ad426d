//! Erases from some pages of events what they tell of records that an erasure has gone through: the last part of it.

use std::collections::HashMap;

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::erasure::erase_records::Rest;
use crate::decide::erasure::erasure_job::Erasure;
use crate::records::{EventPage, Forgotten, Id};
use crate::world::Stop;

/// Which pages, and where the job stood when they were looked up.
#[derive(Clone, Debug)]
pub struct EraseEvents {
    /// The job.
    pub job: Id,
    /// Its cursor.
    pub cursor: i64,
    /// Pages that may tell of some, each with those of whom.
    pub pages: Vec<TellingPage>,
    /// The number of the event up to which all is looked at then.
    pub passed: i64,
    /// What nobody need remember any more, because all events are looked at.
    pub done_with: Vec<Id>,
    /// Whether more is left.
    pub rest: Rest,
    /// How long whoever asks has the job for himself, milliseconds.
    pub lease_ms: i64,
}

/// A page that may tell of records whose story is erased.
#[derive(Clone, Debug)]
pub struct TellingPage {
    /// The page.
    pub page: Id,
    /// The records, each with the number of the last event that is not to tell of it.
    pub subjects: HashMap<Id, i64>,
}

/// Decides it: the job, or 204 when somebody else was faster.
pub fn decide(draft: &mut Draft<'_>, command: &EraseEvents) -> Result<Answer, Stop> {
    let Some(erasure) = Erasure::at(draft, command.job, command.cursor)? else { return Ok(Answer::no_content()) };
    draft.each(&command.pages, blank)?;
    draft.each(&command.done_with, |draft, id| {
        if let Some(forgotten) = draft.get::<Forgotten>(*id)? {
            draft.save(Forgotten { job: None, ..(*forgotten).clone() });
        }
        Ok(())
    })?;
    Ok(erasure.come_to(draft, (command.rest == Rest::More).then_some(command.passed), command.lease_ms))
}

fn blank(draft: &mut Draft<'_>, telling: &TellingPage) -> Result<(), Stop> {
    let page = draft.expect::<EventPage>(telling.page)?;
    let left = page.without(&telling.subjects).unwrap_or_else(|error| panic!("{error}"));
    if let Some(left) = left {
        draft.save(left);
    }
    Ok(())
}
