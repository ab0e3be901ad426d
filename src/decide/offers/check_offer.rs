//! Whether somebody could take an offer now. No command: it changes nothing, and judges by the very rules of
//! [`claim_offer`](super::claim_offer).

use crate::decide::draft::Draft;
use crate::decide::offers::claims::{Ask, Asked, asked};
use crate::decide::offers::eligibility::judge;
use crate::records::Id;
use crate::views::claim::CheckView;
use crate::world::Stop;

/// Checks it. Who is not known becomes known to this draft alone, which is thrown away.
pub fn check(draft: &Draft<'_>, id: Id, ask: &Ask) -> Result<CheckView, Stop> {
    let Asked { offer, program, asker, .. } = asked(draft, id, ask)?;
    Ok(judge(draft, &offer, &program, &asker)?.view())
}
