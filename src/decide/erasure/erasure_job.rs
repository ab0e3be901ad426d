//! An erasure under way: its job, whom it erases, and how it comes on through each kind of records that may name one
//! of them, and through the events at the end.

use std::rc::Rc;

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::job::JobStatus;
use crate::records::{Customer, Id, Job};
use crate::views;
use crate::world::Stop;

/// An erasure: its job, and the customers whom it erases.
pub struct Erasure {
    /// The job.
    pub job: Rc<Job>,
    /// The customer, and those who were merged into him.
    pub who: Vec<Id>,
}

impl Erasure {
    /// The erasure of a job, where it still stands at a cursor; `None`: somebody else was faster.
    pub fn at(draft: &Draft<'_>, job: Id, cursor: i64) -> Result<Option<Self>, Stop> {
        let first = Job::erased_by(job);
        let (job, merged) = (draft.expect::<Job>(job), draft.list(&Customer::MERGED_INTO, first));
        let (job, merged) = (job?, merged?);
        let who = [first].into_iter().chain(merged.iter().map(|one| one.id)).collect();
        Ok(Some(Self { job, who }).filter(|erasure| !erasure.job.is_over() && erasure.job.cursor == cursor))
    }

    /// How far it is in the part at hand.
    pub fn passed(&self) -> i64 {
        self.job.part(self.parts()).1
    }

    /// Notes how far it has come in the part at hand, `None`: nothing is left of it; and that whoever asks has the job
    /// for himself for so long, milliseconds. Answers the job.
    pub fn come_to(&self, draft: &mut Draft<'_>, passed: Option<i64>, lease_ms: i64) -> Answer {
        let parts = self.parts();
        let (part, _) = self.job.part(parts);
        let next_at = Some(draft.context.real_at.plus_ms(lease_ms));
        // One that the release before began knows of no part of events.
        let mut job = Job { next_at, total: parts, ..(*self.job).clone() };
        match passed {
            Some(passed) => job.cursor = Job::cursor_at(parts, part, passed),
            None => {
                job.done = part + 1;
                job.cursor = Job::cursor_at(parts, part + 1, 0);
            }
        }
        if job.done >= job.total {
            job.status = JobStatus::Finished;
            job.finished_at = Some(draft.at());
            job.next_at = None;
        }
        Answer::ok(&views::job::job(&draft.save(job), &draft.installation.public_url))
    }

    fn parts(&self) -> i64 {
        Job::parts(self.who.len())
    }
}
