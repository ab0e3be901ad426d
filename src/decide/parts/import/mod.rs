//! The lines of an import, by kind. History makes people known; it pays nothing, sends nothing and
//! raises no event.
//!
//! A line is decided whole: it looks at everything before it keeps anything, so that one that is
//! refused leaves no trace. The same line again finds what it made and changes nothing.

mod code;
mod customer;
mod order;
mod referral;
mod voucher;

use std::rc::Rc;

pub use code::CodeLine;
pub use customer::CustomerLine;
pub use order::OrderLine;
pub use referral::ReferralLine;
pub use voucher::VoucherLine;

use super::customer::{CustomerDetails, Found, find};
use super::program;
use crate::decide::draft::Draft;
use crate::records::Program;
use crate::records::job::JobKind;
use crate::records::program::ProgramStatus;
use crate::refusal::Rejection;
use crate::world::Stop;

/// What a line says.
#[derive(Clone, Debug)]
pub enum Content {
    /// A customer.
    Customer(Box<CustomerLine>),
    /// An order.
    Order(Box<OrderLine>),
    /// An advocate's code.
    Code(CodeLine),
    /// A voucher.
    Voucher(Box<VoucherLine>),
    /// A referral.
    Referral(Box<ReferralLine>),
}

/// What a line came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Something became known by it.
    News,
    /// It was known already.
    Known,
}

impl Content {
    /// Reads a line that was found to fit its kind when it came in.
    pub fn read(kind: JobKind, json: &str) -> serde_json::Result<Self> {
        Ok(match kind {
            JobKind::ImportCustomers => Content::Customer(serde_json::from_str(json)?),
            JobKind::ImportOrders => Content::Order(serde_json::from_str(json)?),
            JobKind::ImportCodes => Content::Code(serde_json::from_str(json)?),
            JobKind::ImportVouchers => Content::Voucher(serde_json::from_str(json)?),
            JobKind::ImportReferrals => Content::Referral(serde_json::from_str(json)?),
            JobKind::Erasure => return Err(serde::de::Error::custom("an erasure has no lines")),
        })
    }

    /// Asks for what the line will need, as far as it can be told from the line alone.
    pub fn foresee(&self, draft: &Draft<'_>) {
        match self {
            Content::Customer(line) => line.foresee(draft),
            Content::Order(line) => line.foresee(draft),
            Content::Code(line) => line.foresee(draft),
            Content::Voucher(line) => line.foresee(draft),
            Content::Referral(line) => line.foresee(draft),
        }
    }

    /// Decides the line.
    pub fn take(&self, draft: &mut Draft<'_>) -> Result<Taken, Stop> {
        match self {
            Content::Customer(line) => line.take(draft),
            Content::Order(line) => line.take(draft),
            Content::Code(line) => line.take(draft),
            Content::Voucher(line) => line.take(draft),
            Content::Referral(line) => line.take(draft),
        }
    }
}

/// The customer of an `external_id`, who becomes known by it when nobody knows him.
fn anybody(draft: &Draft<'_>, name: &str, pointer: &str) -> Result<Found, Stop> {
    match find(draft, Some(name), Some(&CustomerDetails::default()), pointer)? {
        Some(found) => Ok(found),
        None => unreachable!("a name names somebody"),
    }
}

/// Asks for the customer of an `external_id`, and for his person.
fn foresee_customer(draft: &Draft<'_>, name: &str) {
    let _not_yet = super::customer::named(draft, name);
}

/// The program that a line names; it may be left out where there is only one.
fn the_program(draft: &Draft<'_>, name: Option<&str>) -> Result<Rc<Program>, Stop> {
    if let Some(name) = name {
        return program::known(draft, name, "/program");
    }
    let mut programs = draft.list(&Program::OF_SHOP, draft.shop.id)?;
    programs.retain(|program| program.status != ProgramStatus::Ended);
    match programs.as_slice() {
        [only] => Ok(only.clone()),
        programs => {
            let detail = format!("the shop has {} programs that have not ended; name one", programs.len());
            Err(Rejection::field("/program", detail).into())
        }
    }
}
