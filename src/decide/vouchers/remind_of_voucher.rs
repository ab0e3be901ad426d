//! A voucher is good for some days more: its customer is reminded of it, once for each end that it has.

use crate::decide::answer::Answer;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::mail::announced;
use crate::decide::mail::outbox::{mail_to, suppress};
use crate::decide::vouchers::balance::standing;
use crate::records::message::{MessageKind, Withheld};
use crate::records::shop::MailSwitch;
use crate::records::voucher::VoucherStatus;
use crate::records::{Customer, Id, Shop, Timestamp, Voucher};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// The voucher that the sweep found due.
#[derive(Clone, Debug)]
pub struct RemindOfVoucher {
    /// The voucher.
    pub voucher: Id,
}

/// When the customer of a voucher is to be reminded of it; never where the shop does not want it, where it is nobody's, or
/// where its time is so short that its own mail is reminder enough.
pub fn remind_at(shop: &Shop, customer: Option<Id>, until: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    let wants = shop.mail.expires_soon == MailSwitch::Send && customer.is_some();
    let at = until.filter(|_| wants)?.plus_days(-shop.mail.expires_soon_days);
    (at > now).then_some(at)
}

/// Decides it. Whether it is due is decided by time; found twice, its customer is reminded once.
pub fn decide(draft: &mut Draft<'_>, command: &RemindOfVoucher) -> Result<Answer, Stop> {
    let voucher = draft.get::<Voucher>(command.voucher)?;
    let voucher = voucher.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such voucher."))?;
    if voucher.remind_at.is_none_or(|at| at > draft.at()) {
        return Ok(Answer::no_content());
    }
    let reminded = draft.save(Voucher { remind_at: None, ..(*voucher).clone() });
    let customer = reminded.customer.map(|customer| customer_lookup::current(draft, customer)).transpose()?;
    let Some(customer) = customer.filter(|customer| !customer.is_erased()) else { return Ok(Answer::no_content()) };
    if is_worth_it(draft, &reminded)? {
        remind(draft, &reminded, &customer);
    }
    Ok(Answer::no_content())
}

/// Whether anything of it can still be redeemed.
fn is_worth_it(draft: &Draft<'_>, voucher: &Voucher) -> Result<bool, Stop> {
    let is_over = voucher.valid_until.is_none_or(|until| until <= draft.at());
    if voucher.status != VoucherStatus::Active || is_over {
        return Ok(false);
    }
    let standing = standing(draft, voucher)?;
    Ok(!standing.is_void(voucher) && !standing.is_spent(voucher))
}

fn remind(draft: &mut Draft<'_>, voucher: &Voucher, customer: &Customer) {
    let mut message = mail_to(draft, customer, MessageKind::ExpiresSoon, voucher.id);
    if announced::agrees(customer) != Some(true) {
        suppress(&mut message, Withheld::NoConsent);
    }
    draft.save(message);
}
