//! Shows a voucher's code in full to somebody who else sees its end, and notes who asked and why.

use crate::decide::answer::{Answer, Keep};
use crate::decide::draft::Draft;
use crate::decide::vouchers::balance::standing;
use crate::decide::vouchers::voucher::shown;
use crate::records::text::Reason;
use crate::records::{Id, Voucher};
use crate::refusal::{Code, Rejection};
use crate::views::Mask;
use crate::world::Stop;

/// The voucher, and why.
#[derive(Clone, Debug)]
pub struct RevealVoucher {
    /// The voucher.
    pub id: Id,
    /// Why.
    pub reason: Reason,
}

/// Decides it. The answer is not stored, so that each showing is noted.
pub fn decide(draft: &mut Draft<'_>, command: &RevealVoucher) -> Result<Answer, Stop> {
    let voucher = draft.get::<Voucher>(command.id)?;
    let voucher = voucher.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such voucher."))?;
    let standing = standing(draft, &voucher)?;
    draft.audit("reveal_voucher", voucher.id, Some(&command.reason));
    Ok(Answer::ok(&shown(draft, &voucher, standing, Mask::Full)).version(voucher.version).keep(Keep::Never))
}
