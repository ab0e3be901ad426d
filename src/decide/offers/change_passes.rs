//! The event of an offer was changed: the passes that it gave follow, some at a time, and those who have them are told.
//! How far that is, is saved with it.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::passes::event_change::{ChangedBy, announce_event_change};
use crate::records::job::{JobKind, JobStatus};
use crate::records::pass::EventDetails;
use crate::records::{Claim, Id, Job, Offer, Reward, Timestamp, Voucher};
use crate::views;
use crate::world::Stop;

/// The claims whose passes follow.
#[derive(Clone, Debug)]
pub struct ChangePasses {
    /// The offer.
    pub offer: Id,
    /// The job.
    pub job: Id,
    /// The version of the job for which the claims were looked up: who comes too late or twice changes nothing.
    pub version: i64,
    /// The claims, in the order in which they were made.
    pub claims: Vec<Id>,
    /// Whether there may be more behind them.
    pub rest: Rest,
    /// How long the job is left to who sent these, milliseconds.
    pub lease_ms: i64,
}

/// Whether there is more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// There may be.
    More,
    /// There is nothing.
    Nothing,
}

/// Has the passes follow that so many claims gave. Where they are still at an earlier change, they begin anew: the offer
/// says what they come to.
pub fn begin(draft: &mut Draft<'_>, offer: Id, claimed: i64) -> Result<(), Stop> {
    let known = draft.get::<Job>(Job::of_offer(offer))?;
    // What was good at a change that they had not come to is not lost by another one.
    let going = known.as_ref().filter(|known| !known.is_over());
    let created_at = going.map_or(draft.at(), |going| going.created_at);
    draft.save(Job {
        id: Job::of_offer(offer),
        shop: draft.shop.id,
        version: known.map_or(0, |known| known.version),
        kind: JobKind::ChangePasses,
        status: JobStatus::Queued,
        cursor: 0,
        done: 0,
        total: claimed,
        known: 0,
        refused: 0,
        batch: None,
        passed: None,
        reason: None,
        created_at,
        finished_at: None,
        next_at: Some(draft.context.real_at),
    });
    Ok(())
}

/// Decides it. Answers the job, or nothing when it is no longer where it was thought to be.
pub fn decide(draft: &mut Draft<'_>, command: &ChangePasses) -> Result<Answer, Stop> {
    let (offer, job) = (draft.get::<Offer>(command.offer), draft.get::<Job>(command.job));
    let (offer, job) = (offer?, job?);
    if job.as_ref().is_some_and(|job| job.is_over() || job.version != command.version) {
        return Ok(Answer::no_content());
    }
    // While the offer is not known yet, the claims are, and ask for what they need.
    let change =
        offer.as_ref().zip(job.as_ref()).and_then(|(offer, job)| Some((offer.reward.event.as_ref()?, job.created_at)));
    draft.each(&command.claims, |draft, id| follow(draft, *id, change))?;
    let job = job.map_or_else(|| draft.expect::<Job>(command.job), Ok)?;
    let passed = i64::try_from(command.claims.len()).unwrap_or(0);
    let going = Job {
        status: JobStatus::Running,
        cursor: job.cursor + passed,
        // Claims may be withdrawn, or made, meanwhile.
        done: (job.done + passed).min(job.total),
        passed: command.claims.last().copied().or(job.passed),
        next_at: Some(draft.context.real_at.plus_ms(command.lease_ms)),
        ..(*job).clone()
    };
    let job = draft.save(match command.rest {
        Rest::More => going,
        Rest::Nothing => {
            Job { status: JobStatus::Finished, done: job.total, finished_at: Some(draft.at()), next_at: None, ..going }
        }
    });
    Ok(Answer::ok(&views::job::job(&job, &draft.installation.public_url)))
}

/// What was good when the event was changed is good for the event as it is now; unless it goes its own way.
fn follow(draft: &mut Draft<'_>, claim: Id, change: Option<(&EventDetails, Timestamp)>) -> Result<(), Stop> {
    let claim = draft.expect::<Claim>(claim)?;
    let reward = draft.expect::<Reward>(claim.reward)?;
    let Some(voucher) = reward.voucher else { return Ok(()) };
    let voucher = draft.expect::<Voucher>(voucher)?;
    let Some((event, at)) = change else { return Ok(()) };
    let was_good = voucher.valid_until.is_none_or(|until| until > at);
    if was_good && voucher.pass.as_ref().is_some_and(|pass| !pass.is_own) {
        announce_event_change(draft, &voucher, event, ChangedBy::Offer)?;
    }
    Ok(())
}
