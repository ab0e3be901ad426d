//! The time of a scheduled announcement has come: people are told from now on, and programs rest that are to rest with it.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::announcement::{AnnouncementStatus, PausePrograms};
use crate::records::program::ProgramStatus;
use crate::records::{Announcement, Id, Json, Program};
use crate::views::announcement::announcement as view;
use crate::world::Stop;

/// The announcement.
#[derive(Clone, Debug)]
pub struct BeginAnnouncement {
    /// The announcement.
    pub id: Id,
}

/// Decides it. Answers nothing when it is not its time.
pub fn decide(draft: &mut Draft<'_>, command: &BeginAnnouncement) -> Result<Answer, Stop> {
    match draft.get::<Announcement>(command.id)? {
        Some(known) if known.starts_at.is_some_and(|at| at <= draft.at()) => {
            Ok(Answer::ok(&view(&*begin(draft, (*known).clone())?)))
        }
        _ => Ok(Answer::no_content()),
    }
}

/// People are told from now on.
pub fn begin(draft: &mut Draft<'_>, announcement: Announcement) -> Result<Rc<Announcement>, Stop> {
    if let Some(pause) = &announcement.pause_programs.0 {
        rest(draft, pause)?;
    }
    Ok(draft.save(Announcement {
        status: AnnouncementStatus::Sending,
        starts_at: None,
        started_at: Some(draft.at()),
        next_at: Some(draft.context.real_at),
        ..announcement
    }))
}

/// Programs that are named rest, or every one that is active; what rests already, and is not named, stays as it is.
fn rest(draft: &mut Draft<'_>, pause: &PausePrograms) -> Result<(), Stop> {
    let notice: BTreeMap<String, String> =
        pause.notice.iter().map(|(locale, text)| (locale.clone(), text.to_string())).collect();
    for program in draft.list(&Program::OF_SHOP, draft.shop.id)? {
        let is_named = pause.programs.as_ref().map(|named| named.contains(&program.id));
        let is_meant = match program.status {
            ProgramStatus::Active => is_named != Some(false),
            ProgramStatus::Paused => is_named == Some(true),
            ProgramStatus::Draft | ProgramStatus::Ended => false,
        };
        if is_meant {
            let mut resting: Program = (*program).clone();
            if program.status == ProgramStatus::Active {
                resting.take(ProgramStatus::Paused, draft.at());
                draft.audit("pause_program", resting.id, None);
            }
            draft.save(Program { notice: Json(notice.clone()), ..resting });
        }
    }
    Ok(())
}
