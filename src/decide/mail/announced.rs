//! What a mail announces, and what follows for the mail: its kind says what it stands and falls with.

use crate::decide::draft::Draft;
use crate::records::announcement::{AnnouncementKind, AnnouncementStatus};
use crate::records::grant::Purpose;
use crate::records::message::StandsWith;
use crate::records::reward::RewardStatus;
use crate::records::voucher::VoucherStatus;
use crate::records::{Announcement, Customer, Grant, Id, Message, RecordKind, Reward, Voucher};
use crate::world::Stop;

/// The consent that advertising by mail needs.
pub const MARKETING: &str = "marketing_mail";

/// Whether what a mail announces was withdrawn before it left.
pub fn is_withdrawn(draft: &Draft<'_>, message: &Message) -> Result<bool, Stop> {
    match message.kind.stands_with() {
        StandsWith::Reward => is_reward_gone(draft, message.subject),
        StandsWith::Pass => is_pass_gone(draft, message.subject),
        StandsWith::Wait => Ok(draft.expect::<Reward>(message.subject)?.status != RewardStatus::Pending),
        StandsWith::Voucher => is_voucher_over(draft, message.subject),
        StandsWith::Announcement => {
            Ok(draft.expect::<Announcement>(message.subject)?.status == AnnouncementStatus::Stopped)
        }
        StandsWith::Nothing => Ok(false),
    }
}

fn is_voucher_over(draft: &Draft<'_>, voucher: Id) -> Result<bool, Stop> {
    let voucher = draft.expect::<Voucher>(voucher)?;
    let is_over = voucher.valid_until.is_some_and(|until| until <= draft.at());
    Ok(voucher.status != VoucherStatus::Active || is_over)
}

/// A pass is named itself, or by the reward that gave it.
fn is_pass_gone(draft: &Draft<'_>, subject: Id) -> Result<bool, Stop> {
    match RecordKind::of(subject) {
        Some(RecordKind::Voucher) => Ok(draft.expect::<Voucher>(subject)?.status == VoucherStatus::Void),
        _ => is_reward_gone(draft, subject),
    }
}

fn is_reward_gone(draft: &Draft<'_>, reward: Id) -> Result<bool, Stop> {
    let reward = draft.expect::<Reward>(reward)?;
    if reward.status == RewardStatus::Voided {
        return Ok(true);
    }
    match reward.voucher {
        Some(voucher) => Ok(draft.expect::<Voucher>(voucher)?.status == VoucherStatus::Void),
        None => Ok(false),
    }
}

/// Whether a mail would be advertising to somebody who never agreed to that.
pub fn is_unasked(draft: &Draft<'_>, message: &Message, customer: &Customer) -> Result<bool, Stop> {
    match message.kind.stands_with() {
        StandsWith::Reward => is_reward_unasked(draft, &*draft.expect::<Reward>(message.subject)?, customer),
        StandsWith::Pass if is_reward(message) => {
            is_reward_unasked(draft, &*draft.expect::<Reward>(message.subject)?, customer)
        }
        StandsWith::Announcement => {
            let is_marketing = draft.expect::<Announcement>(message.subject)?.kind == AnnouncementKind::Marketing;
            Ok(is_marketing && agrees(customer) != Some(true))
        }
        StandsWith::Voucher => Ok(agrees(customer) != Some(true)),
        StandsWith::Pass | StandsWith::Wait | StandsWith::Nothing => Ok(false),
    }
}

/// Whether what a mail brings rests for now.
pub fn is_paused(draft: &Draft<'_>, message: &Message) -> Result<bool, Stop> {
    match message.kind.stands_with() {
        StandsWith::Announcement => {
            Ok(draft.expect::<Announcement>(message.subject)?.status == AnnouncementStatus::Paused)
        }
        StandsWith::Reward | StandsWith::Wait | StandsWith::Pass | StandsWith::Voucher | StandsWith::Nothing => {
            Ok(false)
        }
    }
}

/// The same of a mail that announces a reward.
pub fn is_reward_unasked(draft: &Draft<'_>, reward: &Reward, customer: &Customer) -> Result<bool, Stop> {
    let Some(grant) = reward.grant_id else { return Ok(false) };
    let is_promotion = draft.expect::<Grant>(grant)?.purpose == Some(Purpose::Promotion);
    Ok(is_promotion && agrees(customer) != Some(true))
}

/// Whether a customer agrees to advertising; `None`: they never said.
pub fn agrees(customer: &Customer) -> Option<bool> {
    let declared = customer.consents.iter().filter(|consent| consent.kind == MARKETING);
    declared.max_by_key(|consent| consent.at).map(|consent| consent.given)
}

/// Of several mails that announce the same, the one that was sent last is noted with it.
pub fn note(draft: &mut Draft<'_>, message: &Message) -> Result<(), Stop> {
    match message.kind.stands_with() {
        StandsWith::Reward => note_with_reward(draft, message)?,
        StandsWith::Pass if is_reward(message) => note_with_reward(draft, message)?,
        StandsWith::Pass | StandsWith::Wait | StandsWith::Voucher | StandsWith::Announcement | StandsWith::Nothing => {}
    }
    Ok(())
}

fn is_reward(message: &Message) -> bool {
    RecordKind::of(message.subject) == Some(RecordKind::Reward)
}

fn note_with_reward(draft: &mut Draft<'_>, message: &Message) -> Result<(), Stop> {
    let reward = draft.expect::<Reward>(message.subject)?;
    draft.save(Reward { message: Some(message.id), ..(*reward).clone() });
    Ok(())
}
