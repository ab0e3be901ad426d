//! An advocate's code of an import: what was printed or told before keeps speaking for her.

use serde::Deserialize;

use crate::decide::draft::Draft;
use crate::decide::imports::taken::{Taken, anybody, the_program};
use crate::decide::input::typed_code;
use crate::decide::people::customer::keep;
use crate::decide::sharing::code;
use crate::decide::vouchers::voucher_code;
use crate::records::code::Typed;
use crate::records::text::Reference;
use crate::refusal::{Code as Refusal, Rejection};
use crate::world::Stop;

/// An advocate's code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeLine {
    /// The code, as it was printed.
    pub code: Typed,
    /// The advocate: `external_id` or `cus_…`.
    pub customer: Reference,
    /// The program, by id or slug; may be left out where there is only one.
    pub program: Option<Reference>,
}

impl CodeLine {
    /// Decides the line.
    pub fn take(&self, draft: &mut Draft<'_>) -> Result<Taken, Stop> {
        let text = typed_code::chosen(&self.code)?;
        let known = typed_code::advocate(draft, &text);
        let program = the_program(draft, self.program.as_deref());
        let advocate = anybody(draft, &self.customer, "/customer");
        let (known, program, advocate) = (known?, program?, advocate?);
        if let Some(known) = known {
            let is_same = (known.program, known.customer) == (program.id, advocate.customer.id);
            return if is_same { Ok(Taken::Known) } else { Err(taken(&text).into()) };
        }
        let is_taken = typed_code::is_taken(draft, &text);
        let held = code::held(draft, program.id, advocate.customer.id);
        if is_taken? {
            return Err(taken(&text).into());
        }
        if let Some(held) = held? {
            let detail = format!("The customer has the code {} in this program; a code stays.", held.code);
            return Err(Rejection::at(Refusal::CodeTaken, "/customer", detail).into());
        }
        let advocate = keep(draft, advocate)?;
        // What they were promised before holds: nobody who comes along is tried out.
        code::make(draft, &program, &advocate, text, None)?;
        Ok(Taken::News)
    }
}

fn taken(code: &str) -> Rejection {
    // It may be a voucher's, and who reads what an import refused may not spend it.
    let hint = voucher_code::hint(code);
    let detail = format!("The code ****{hint} is another customer's, another program's or a voucher's.");
    Rejection::at(Refusal::CodeTaken, "/code", detail)
}
