//! How a discount at the checkout counts for its person's limits, and no longer does when it is undone.

use crate::decide::counter;
use crate::decide::draft::Draft;
use crate::records::redemption::Recommendation;
use crate::world::Stop;

/// Counts a discount for no limit any more, in every counter that counted it: a limit that the program got
/// later never did.
pub fn free_usage(draft: &mut Draft<'_>, noted: &Recommendation) -> Result<(), Stop> {
    for subject in &noted.counted_by {
        counter::subtract(draft, subject)?;
    }
    Ok(())
}
