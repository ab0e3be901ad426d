//! The kinds of mails, a file each: the records that a mail of this kind speaks of, and the facts that its templates
//! show. They are in the folder of its name in `templates/mail`, and what comes of them in its folder of samples.

pub(super) mod announcement;
pub(super) mod attendance;
pub(super) mod confirm_consent;
pub(super) mod credit_issued;
pub(super) mod expires_soon;
pub(super) mod gift;
pub(super) mod link_replaced;
pub(super) mod pass_changed;
pub(super) mod pass_issued;
pub(super) mod pass_withdrawn;
pub(super) mod reward_fulfilled;
pub(super) mod reward_pending;
pub(super) mod reward_withdrawn;
pub(super) mod voucher_issued;

use super::facts::Topic;
use crate::records::Message;
use crate::records::message::MessageKind;
use crate::store::{Connection, StoreResult};

/// Reads what a message speaks of.
pub(super) fn read(connection: &mut Connection, message: &Message) -> StoreResult<Box<dyn Topic>> {
    Ok(match message.kind {
        MessageKind::VoucherIssued => Box::new(voucher_issued::Mail::read(connection, message)?),
        MessageKind::CreditIssued => Box::new(credit_issued::Mail::read(connection, message)?),
        MessageKind::RewardWithdrawn => Box::new(reward_withdrawn::Mail::read(connection, message)?),
        MessageKind::PassIssued => Box::new(pass_issued::Mail::read(connection, message)?),
        MessageKind::PassChanged => Box::new(pass_changed::Mail::read(connection, message)?),
        MessageKind::PassWithdrawn => Box::new(pass_withdrawn::Mail::read(connection, message)?),
        MessageKind::RewardFulfilled => Box::new(reward_fulfilled::Mail::read(connection, message)?),
        MessageKind::Announcement => Box::new(announcement::Mail::read(connection, message)?),
        MessageKind::ConfirmConsent => Box::new(confirm_consent::Mail),
        MessageKind::RewardPending => Box::new(reward_pending::Mail::read(connection, message)?),
        MessageKind::ExpiresSoon => Box::new(expires_soon::Mail::read(connection, message)?),
        MessageKind::LinkReplaced => Box::new(link_replaced::Mail::read(connection, message)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::mail::samples::folder;

    #[test]
    fn each_kind_has_samples_in_each_language() {
        for kind in MessageKind::WORDS {
            let files =
                std::fs::read_dir(folder(kind)).unwrap_or_else(|error| panic!("the samples of {kind}: {error}"));
            let names: Vec<_> = files.map(|file| file.expect("a file").file_name().into_string()).collect();
            for ending in [".de.eml", ".en.eml"] {
                assert!(names.iter().flatten().any(|name| name.ends_with(ending)), "{kind} has no sample {ending}");
            }
        }
    }
}
