//! The places that a discount at the checkout took among a person's, and gives back when it is undone.

use crate::decide::draft::Draft;
use crate::decide::tally;
use crate::records::Tally;
use crate::records::redemption::Recommendation;
use crate::world::Stop;

/// Gives the place back that was taken, in every count that took it: a limit that the program got
/// later never did.
pub fn free_place(draft: &mut Draft<'_>, noted: &Recommendation) -> Result<(), Stop> {
    for subject in &noted.counted_by {
        tally::subtract(draft, subject)?;
    }
    Ok(())
}

/// Asks for what a place is counted in.
pub fn foresee_place(draft: &Draft<'_>, noted: &Recommendation) {
    for subject in &noted.counted_by {
        draft.foresee::<Tally>(Tally::id_of(draft.shop.id, subject));
    }
}
