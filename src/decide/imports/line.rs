//! The lines of an import, by kind. History makes people known; it pays nothing, sends nothing and
//! raises no event.
//!
//! A line is decided whole: it looks at everything before it keeps anything, so that one that is
//! refused leaves no trace. The same line again finds what it made and changes nothing.

use crate::decide::draft::Draft;
use crate::decide::imports::code::CodeLine;
use crate::decide::imports::customer::CustomerLine;
use crate::decide::imports::member::MemberLine;
use crate::decide::imports::order::OrderLine;
use crate::decide::imports::referral::ReferralLine;
use crate::decide::imports::taken::Taken;
use crate::decide::imports::voucher::VoucherLine;
use crate::records::Id;
use crate::records::job::JobKind;
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
    /// A place on a segment's list.
    Member(MemberLine),
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
            JobKind::ImportMembers => Content::Member(serde_json::from_str(json)?),
            JobKind::Erasure | JobKind::MakeVouchers | JobKind::VoidVouchers | JobKind::ChangePasses => {
                return Err(serde::de::Error::custom("no import has such lines"));
            }
        })
    }

    /// Decides the line; a voucher is one of a batch, where the job has one.
    pub fn take(&self, draft: &mut Draft<'_>, batch: Option<Id>) -> Result<Taken, Stop> {
        match self {
            Content::Customer(line) => line.take(draft),
            Content::Order(line) => line.take(draft),
            Content::Code(line) => line.take(draft),
            Content::Voucher(line) => line.take(draft, batch),
            Content::Referral(line) => line.take(draft),
            Content::Member(line) => line.take(draft),
        }
    }
}
