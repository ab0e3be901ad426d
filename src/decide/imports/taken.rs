//! What the lines of every kind share: what they came to, and whom they name.

use std::rc::Rc;

use crate::decide::draft::Draft;
use crate::decide::people::customer::{CustomerDetails, Found, find};
use crate::decide::programs::program;
use crate::records::Program;
use crate::records::program::ProgramStatus;
use crate::refusal::Rejection;
use crate::world::Stop;

/// What a line came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Something became known by it.
    News,
    /// It was known already.
    Known,
}

/// The customer of an `external_id`, who becomes known by it when nobody knows him.
pub fn anybody(draft: &Draft<'_>, name: &str, pointer: &str) -> Result<Found, Stop> {
    match find(draft, Some(name), Some(&CustomerDetails::default()), pointer)? {
        Some(found) => Ok(found),
        None => unreachable!("a name names somebody"),
    }
}

/// The program that a line names; it may be left out where there is only one.
pub fn the_program(draft: &Draft<'_>, name: Option<&str>) -> Result<Rc<Program>, Stop> {
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
