//! Notes whom an announcement would reach, for who approves it.

use crate::decide::announcements::announcement::{answer, illegal, is_open, minutes, named};
use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::announcement::Rehearsal;
use crate::records::{Announcement, Id, Json};
use crate::world::Stop;

/// What was counted.
#[derive(Clone, Debug)]
pub struct NoteRehearsal {
    /// The announcement.
    pub id: Id,
    /// Of which revision.
    pub revision: i64,
    /// What was counted.
    pub counted: Rehearsal,
}

/// Decides it. What was written anew meanwhile is to be counted anew; what is sent already is answered as it is.
pub fn decide(draft: &mut Draft<'_>, command: &NoteRehearsal) -> Result<Answer, Stop> {
    let known = named(draft, command.id)?;
    if known.revision != command.revision {
        return Err(illegal(&known, "it was changed while it was counted. Rehearse it again."));
    }
    if !is_open(&known) {
        return Ok(answer(&known));
    }
    let minutes = minutes(command.counted.told, known.per_hour);
    let counted = Rehearsal { minutes, ..command.counted.clone() };
    Ok(answer(&draft.save(Announcement { rehearsal: Json(Some(counted)), ..(*known).clone() })))
}
