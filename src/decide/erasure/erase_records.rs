//! Erases from some records what they tell of a customer who is erased: a chunk of that job.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::erasure::erase::{Link, erase};
use crate::decide::erasure::erasure_job::Erasure;
use crate::records::Id;
use crate::world::Stop;

/// Which records, and where the job stood when they were looked up.
#[derive(Clone, Debug)]
pub struct EraseRecords {
    /// The job.
    pub job: Id,
    /// Its cursor.
    pub cursor: i64,
    /// Records of the part at hand.
    pub records: Vec<Id>,
    /// Whether more may be left of the part.
    pub rest: Rest,
    /// How long whoever asks has the job for himself, milliseconds.
    pub lease_ms: i64,
}

/// What is left of the part at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// More, perhaps.
    More,
    /// Nothing.
    Nothing,
}

/// Decides it: the job, or 204 when somebody else was faster.
pub fn decide(draft: &mut Draft<'_>, command: &EraseRecords) -> Result<Answer, Stop> {
    let Some(erasure) = Erasure::at(draft, command.job, command.cursor)? else { return Ok(Answer::no_content()) };
    let erased = draft.each(&command.records, |draft, record| erase(draft, *record, &erasure))?;
    let stay = erased.iter().filter(|link| **link == Link::Kept).count();
    let passed = erasure.passed() + i64::try_from(stay).unwrap_or(i64::MAX);
    Ok(erasure.come_to(draft, (command.rest == Rest::More).then_some(passed), command.lease_ms))
}
