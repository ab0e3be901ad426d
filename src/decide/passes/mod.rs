//! Events that people attend: who is let in, and what becomes of a pass when its event is changed or cancelled.

pub mod admit_pass;
pub mod event_change;
pub mod update_pass;

commands! {
    admit_pass::AdmitPass,
    update_pass::UpdatePass,
}
