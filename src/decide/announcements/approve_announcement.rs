//! An operator approves an announcement that another person wrote, and of which it was counted whom it would reach. What the
//! shop's backend wrote two of them approve.

use crate::decide::access::four_eyes;
use crate::decide::announcements::announcement::{answer, illegal, named};
use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::announcement::{AnnouncementStatus, Approval, Rehearsal};
use crate::records::text::Reason;
use crate::records::{Announcement, Id};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// Persons who have had a say before anything is sent.
const EYES: usize = 2;

/// The announcement.
#[derive(Clone, Debug)]
pub struct ApproveAnnouncement {
    /// The announcement.
    pub id: Id,
    /// Which revision was looked at; `None`: whichever there is.
    pub revision: Option<i64>,
    /// Why, for the audit log.
    pub reason: Option<Reason>,
}

/// Decides it. What is approved already is answered as it is.
pub fn decide(draft: &mut Draft<'_>, command: &ApproveAnnouncement) -> Result<Answer, Stop> {
    let (known, operator) = (named(draft, command.id), four_eyes::operator(draft));
    let (known, operator) = (known?, operator?);
    match known.status {
        AnnouncementStatus::Draft => {}
        AnnouncementStatus::Stopped => return Err(illegal(&known, "write another one.")),
        _ => return Ok(answer(&known)),
    }
    if command.revision.is_some_and(|revision| revision != known.revision) {
        return Err(illegal(&known, "and it was changed after you looked at it. Read it again."));
    }
    let writer = known.written_by.as_ref().and_then(|by| by.id);
    let earlier: Vec<Id> = writer.into_iter().chain(known.approvals.iter().filter_map(|seen| seen.by.id)).collect();
    for earlier in &earlier {
        four_eyes::check_another(draft, &operator, *earlier)?;
    }
    check_counted(known.rehearsal.as_ref())?;
    let mut approved: Announcement = (*known).clone();
    approved.approvals.0.push(Approval { by: draft.context.actor.clone(), at: draft.at() });
    if earlier.len() + 1 >= EYES {
        approved.status = AnnouncementStatus::Approved;
    }
    draft.audit("approve_announcement", approved.id, command.reason.as_deref());
    Ok(answer(&draft.save(approved)))
}

/// Refuses what nobody has counted, what reaches nobody, and a product that nobody bought: it may be a slip.
fn check_counted(counted: Option<&Rehearsal>) -> Result<(), Rejection> {
    let Some(counted) = counted else {
        let detail = "Nobody has counted whom it would reach; POST /v1/announcements/{id}/rehearse first.";
        return Err(Rejection::new(Code::RehearsalRequired, detail));
    };
    if let Some(sku) = counted.skus.iter().find(|sku| sku.count == 0) {
        let detail = format!("No order of that time has {}; mind the spelling, or leave it out.", sku.name);
        return Err(Rejection::at(Code::SkuUnknown, "/audience/bought/skus", detail));
    }
    if counted.told == 0 {
        let detail = format!("Of {} people nobody would be told; the rehearsal says why.", counted.people);
        return Err(Rejection::new(Code::NobodyToTell, detail));
    }
    Ok(())
}
