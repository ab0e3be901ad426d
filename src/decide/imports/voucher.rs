//! A voucher of an import: people have its code, and what is left of it is still good.

use serde::Deserialize;

use crate::decide::draft::Draft;
use crate::decide::imports::taken::{Taken, anybody};
use crate::decide::input::typed_code;
use crate::decide::people::customer::keep;
use crate::decide::vouchers::create_voucher::{self, CreateVoucher};
use crate::decide::vouchers::{voucher, voucher_code};
use crate::records::code::folded;
use crate::records::{Id, Voucher};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// Least letters and digits of a code that anybody may use who knows it, where it is worth cash or
/// has no limit.
const GUESSABLE: usize = 8;

/// A voucher with the code that it has: the fields are those of a new one, for what is left of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct VoucherLine(CreateVoucher);

impl VoucherLine {
    /// Decides the line.
    pub fn take(&self, draft: &mut Draft<'_>, batch: Option<Id>) -> Result<Taken, Stop> {
        let line = &self.0;
        let code = line.code.as_deref().ok_or_else(|| Rejection::field("/code", "this field is required"))?;
        let same_code = typed_code::voucher(draft, code);
        let reference = line.reference.as_deref();
        let same_reference = reference.map(|text| draft.find(&Voucher::BY_REFERENCE, text)).transpose();
        let owner = line.customer.as_deref().map(|name| anybody(draft, name, "/customer")).transpose();
        let (same_code, same_reference, owner) = (same_code?, same_reference?.flatten(), owner?);
        if let Some(known) = same_code {
            let owner = owner.map(|owner| owner.customer);
            create_voucher::check_again(draft, line, &known, Ok(owner), Code::CodeTaken)?;
            return Ok(Taken::Known);
        }
        if same_reference.is_some() {
            let detail = "Another voucher has this reference; leave it out, or give the voucher one of its own.";
            return Err(Rejection::at(Code::ReferenceDiffers, "/reference", detail).into());
        }
        if typed_code::is_taken(draft, code)? {
            return Err(taken(code).into());
        }
        create_voucher::check_benefit(draft, line)?;
        typed_code::chosen(code)?;
        self.check_guessable(code)?;
        let new = create_voucher::new(draft, line, owner.as_ref().map(|owner| &*owner.customer))?;
        if let Some(owner) = owner {
            keep(draft, owner)?;
        }
        voucher::take_over(draft, new, batch)?;
        Ok(Taken::News)
    }

    /// A short code that is worth cash is found by trying, unless it is bound to somebody.
    fn check_guessable(&self, code: &str) -> Result<(), Rejection> {
        let line = &self.0;
        if folded(code).len() >= GUESSABLE || line.customer.is_some() || line.is_capped() {
            return Ok(());
        }
        let detail = format!(
            "a code of fewer than {GUESSABLE} letters and digits can be guessed: bind the voucher to a customer or give max_redemptions; a gift card must be bound"
        );
        Err(Rejection::field("/code", detail))
    }
}

fn taken(code: &str) -> Rejection {
    Rejection::at(
        Code::CodeTaken,
        "/code",
        format!("The code ****{} is another voucher's, or an advocate's.", voucher_code::hint(code)),
    )
}
