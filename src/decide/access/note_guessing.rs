//! Tells the shop that codes are guessed through one of its keys: very many were unknown in a short time.

use serde::Serialize;

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::event::EventData;
use crate::records::{EventKind, Id};
use crate::views::View;
use crate::views::event::Payload;
use crate::world::Stop;

/// Through which key, and how many.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct NoteGuessing {
    /// The key, or the operator or customer who guessed.
    pub caller: Id,
    /// Unknown codes in a window.
    pub unknown: u32,
    /// The window, seconds.
    pub seconds: u64,
}

impl View for NoteGuessing {
    fn subject(&self) -> Option<Id> {
        Some(self.caller)
    }
}

impl Payload for NoteGuessing {
    const DATA: EventData = EventData::Guessing;
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &NoteGuessing) -> Result<Answer, Stop> {
    draft.event(EventKind::Guessing, command)?;
    Ok(Answer::no_content())
}
