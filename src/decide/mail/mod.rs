//! Mails: queued with what they are about, taken to be sent, and what became of them, at once or when they come back.

pub(crate) mod announced;
pub mod bounce;
pub mod confirm_consent;
pub mod delay_messages;
pub mod delete_template;
pub mod finish_message;
pub mod keep_message;
pub mod lift_suppression;
pub mod note_bounce;
pub(crate) mod outbox;
pub mod resend_message;
pub mod save_template;
pub(crate) mod suppression;
pub mod take_message;
pub mod unsubscribe;

commands! {
    confirm_consent::ConfirmConsent,
    delay_messages::DelayMessages,
    delete_template::DeleteTemplate,
    finish_message::FinishMessage,
    keep_message::KeepMessage,
    lift_suppression::LiftSuppression,
    note_bounce::NoteBounce,
    resend_message::ResendMessage,
    save_template::SaveTemplate,
    take_message::TakeMessage,
    unsubscribe::Unsubscribe,
}
