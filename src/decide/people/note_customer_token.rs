//! Notes that an operator had a browser's token made, by which one stands in for a customer.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::Id;
use crate::world::Stop;

/// Whose token it is.
#[derive(Clone, Debug)]
pub struct NoteCustomerToken {
    /// The customer.
    pub customer: Id,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &NoteCustomerToken) -> Result<Answer, Stop> {
    draft.audit("create_customer_token", command.customer, None);
    Ok(Answer::no_content())
}
