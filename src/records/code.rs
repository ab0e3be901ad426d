//! An advocate code: the short word that a customer can say aloud or type.

use super::{Id, Timestamp};
use crate::record;

record! {
    /// An advocate's code in a program; one for each (program, customer).
    versioned Code in "codes" {
        /// The program.
        program: Id,
        /// The advocate.
        customer: Id,
        /// His id at the shop.
        customer_ref: Option<String>,
        /// As it is shown: `ANNA-7K2M`.
        code: String,
        /// As it is compared: upper case, without blanks and hyphens; unique in the shop.
        plain: String,
        /// The share whose link the code's is: what is counted and what speaks for the advocate.
        share: Id,
        /// `program/customer`; unique in the shop.
        holder: String,
        /// When it was made.
        created_at: Timestamp,
    }
    keys { BY_PLAIN = plain, BY_HOLDER = holder }
}

/// The holder column of a customer in a program.
pub fn holder(program: Id, customer: Id) -> String {
    format!("{program}/{customer}")
}

/// A typed code as it is compared: upper case, only letters and digits.
pub fn plain(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}
