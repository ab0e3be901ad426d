//! Mails: queued with what they are about, taken to be sent, and what became of them.

mod announced;
pub mod finish_message;
pub mod keep_message;
pub(crate) mod outbox;
pub mod resend_message;
pub mod take_message;

commands! {
    finish_message::FinishMessage,
    keep_message::KeepMessage,
    resend_message::ResendMessage,
    take_message::TakeMessage,
}
