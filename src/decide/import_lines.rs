//! Takes the next lines of an import: what they make known, and how far the job has come, are saved
//! together.

use std::rc::Rc;

use super::answer::Answer;
use super::draft::Draft;
use super::parts::import::{Content, Taken};
use crate::records::job::{JobFault, JobStatus};
use crate::records::{Id, Job};
use crate::refusal::Rejection;
use crate::views;
use crate::world::Stop;

/// The lines that follow.
#[derive(Clone, Debug)]
pub struct ImportLines {
    /// The job.
    pub job: Id,
    /// The last line that was done before these: who comes too late or twice changes nothing.
    pub after: i64,
    /// The lines, in their order.
    pub lines: Vec<Line>,
    /// How long the job is left to who sent these, milliseconds.
    pub lease_ms: i64,
}

/// A line.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its number, from 1.
    pub number: i64,
    /// What it says, or why it says nothing.
    pub content: Result<Content, Fault>,
}

/// Why a line is refused.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Code of the refusal.
    pub code: String,
    /// What to do about it.
    pub detail: String,
}

impl From<&Rejection> for Fault {
    fn from(rejection: &Rejection) -> Self {
        Self { code: rejection.code.as_str().to_owned(), detail: rejection.detail.clone() }
    }
}

/// Decides it. Answers the job, or nothing when it is no longer where it was thought to be.
pub fn decide(draft: &mut Draft<'_>, command: &ImportLines) -> Result<Answer, Stop> {
    draft.foresee::<Job>(command.job);
    for content in command.lines.iter().filter_map(|line| line.content.as_ref().ok()) {
        content.foresee(draft);
    }
    let job = draft.expect::<Job>(command.job)?;
    if job.is_over() || job.cursor != command.after {
        return Ok(Answer::no_content());
    }
    let counts = take_all(draft, &command.lines, job.id)?;
    let job = advance(draft, &job, command, counts);
    Ok(Answer::ok(&views::job::job(&job, &draft.house.public_url)))
}

#[derive(Default)]
struct Counts {
    known: i64,
    refused: i64,
}

/// Decides every line, also when records are missing for one before: so all that is missing is loaded
/// at once. For the same reason each line draws ids of its own.
fn take_all(draft: &mut Draft<'_>, lines: &[Line], job: Id) -> Result<Counts, Stop> {
    let mut counts = Counts::default();
    let mut faults = Vec::new();
    let mut misses = false;
    for line in lines {
        draft.begin_part(u64::try_from(line.number).unwrap_or(0));
        let fault = match &line.content {
            Err(fault) => fault.clone(),
            Ok(content) => match content.take(draft) {
                Ok(taken) => {
                    counts.known += i64::from(taken == Taken::Known);
                    continue;
                }
                Err(Stop::Missing) => {
                    misses = true;
                    continue;
                }
                Err(Stop::Refused(rejection)) => Fault::from(&rejection),
            },
        };
        faults.push((line.number, fault));
    }
    if misses {
        return Err(Stop::Missing);
    }
    counts.refused = i64::try_from(faults.len()).unwrap_or(i64::MAX);
    for (line, Fault { code, detail }) in faults {
        let shop = draft.shop.id;
        draft.save(JobFault { id: JobFault::id_of(job, line), shop, version: 0, job, line, code, detail });
    }
    Ok(counts)
}

fn advance(draft: &mut Draft<'_>, job: &Job, command: &ImportLines, counts: Counts) -> Rc<Job> {
    let lines = i64::try_from(command.lines.len()).unwrap_or(i64::MAX);
    draft.save(Job {
        status: JobStatus::Running,
        cursor: command.lines.last().map_or(job.cursor, |line| line.number),
        done: job.done + lines,
        known: job.known + counts.known,
        refused: job.refused + counts.refused,
        next_at: Some(draft.context.real_at.plus_ms(command.lease_ms)),
        ..job.clone()
    })
}
