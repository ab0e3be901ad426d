//! Erases from some records what they tell of a customer who is erased: a chunk of that job.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::erasure::erase::{Erasure, Link, erase};
use crate::decide::erasure::parts::{Advance, advanced};
use crate::records::{Customer, Id, Job};
use crate::views;
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
    let first = Job::erased_by(command.job);
    let (job, merged) = (draft.expect::<Job>(command.job), draft.list(&Customer::MERGED_INTO, first));
    let (job, merged) = (job?, merged?);
    if job.is_over() || job.cursor != command.cursor {
        return Ok(Answer::no_content());
    }
    let who: Vec<Id> = [first].into_iter().chain(merged.iter().map(|one| one.id)).collect();
    let erasure = Erasure { job: job.id, who };
    let erased = draft.each(&command.records, |draft, record| erase(draft, *record, &erasure))?;
    let stay = erased.iter().filter(|link| **link == Link::Kept).count();
    let (_, passed) = job.part(Job::parts(erasure.who.len()));
    let passed = passed + i64::try_from(stay).unwrap_or(i64::MAX);
    let advance = Advance {
        before: &job,
        customers: erasure.who.len(),
        passed: (command.rest == Rest::More).then_some(passed),
        lease_ms: command.lease_ms,
    };
    let job = draft.save(advanced(draft, &advance));
    Ok(Answer::ok(&views::job::job(&job, &draft.installation.public_url)))
}
