//! How the uses of a voucher are counted by person.

use crate::records::voucher::VoucherSource;
use crate::records::{Id, Voucher};

/// Whether uses are counted by customer: a voucher with one use needs no such count, unless it stands
/// for one that had more, or is the shop's own, which may get another limit.
pub fn counts_by_customer(voucher: &Voucher) -> bool {
    voucher.max_redemptions != Some(1) || voucher.replaces.is_some() || voucher.source == VoucherSource::Shop
}

/// The counter of a person's uses of a voucher.
pub fn uses_subject(voucher: Id, person: Id) -> String {
    format!("voucher:{voucher}:customer:{person}")
}
