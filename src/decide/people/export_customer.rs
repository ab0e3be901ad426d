//! Notes that all that is held of a customer was handed out.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::Id;
use crate::world::Stop;

/// Whose.
#[derive(Clone, Debug)]
pub struct ExportCustomer {
    /// The customer.
    pub customer: Id,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &ExportCustomer) -> Result<Answer, Stop> {
    draft.audit("export_customer", command.customer, None);
    Ok(Answer::no_content())
}
