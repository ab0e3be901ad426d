//! Announcements: a word of the shop to many. One operator writes it, it is rehearsed, another approves it; then people are
//! told, some at a time, each once.

pub mod announcement;
pub mod approve_announcement;
pub mod audience;
pub mod begin_announcement;
mod content;
pub mod create_announcement;
pub mod halt_announcement;
pub mod note_rehearsal;
pub mod recipient;
pub mod resume_announcement;
pub mod send_announcement;
pub mod tell_recipients;
pub mod update_announcement;

commands! {
    approve_announcement::ApproveAnnouncement,
    begin_announcement::BeginAnnouncement,
    create_announcement::CreateAnnouncement,
    halt_announcement::HaltAnnouncement,
    note_rehearsal::NoteRehearsal,
    resume_announcement::ResumeAnnouncement,
    send_announcement::SendAnnouncement,
    tell_recipients::TellRecipients,
    update_announcement::UpdateAnnouncement,
}
