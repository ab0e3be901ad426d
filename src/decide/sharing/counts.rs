//! The counts of a share: its referrals and its conversions.

use crate::records::Id;

/// The counters of a share: its referrals and its conversions.
pub fn share_subjects(share: Id) -> [String; 2] {
    [format!("share:{share}:referrals"), format!("share:{share}:conversions")]
}
