//! Whether somebody could take an offer now. No command: it changes nothing, and judges by the very rules of
//! [`claim_offer`](super::claim_offer).

use crate::decide::draft::Draft;
use crate::decide::offers::claims::{Ask, asker};
use crate::decide::offers::eligibility::judge;
use crate::decide::offers::offer::named;
use crate::records::{Id, Program};
use crate::views::claim::CheckView;
use crate::world::Stop;

/// Checks it. Who is not known becomes known to this draft alone, which is thrown away.
pub fn check(draft: &Draft<'_>, id: Id, ask: &Ask) -> Result<CheckView, Stop> {
    let offer = named(draft, id)?;
    let program = draft.expect::<Program>(offer.program)?;
    let (asker, _) = asker(draft, &program, ask)?;
    Ok(judge(draft, &offer, &program, &asker)?.view())
}
