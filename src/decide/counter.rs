//! Counters of what a rule limits: n of n, never n + 1.

use crate::records::*;
use crate::world::Stop;

use crate::decide::draft::Draft;

/// Whether one more fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// It did and is counted.
    Yes,
    /// The limit is reached.
    Full,
}

/// How many of a subject are live.
pub fn count(draft: &Draft<'_>, subject: &str) -> Result<i64, Stop> {
    let tally = draft.get_named::<Tally>(Tally::id_of(draft.shop.id, subject), subject)?;
    Ok(tally.map_or(0, |tally| tally.count))
}

/// Counts one more of a subject, unless `cap` are live already.
pub fn add(draft: &mut Draft<'_>, subject: &str, cap: Option<i64>) -> Result<Counted, Stop> {
    let mut tally = current(draft, subject)?;
    if cap.is_some_and(|cap| tally.count >= cap) {
        return Ok(Counted::Full);
    }
    tally.count += 1;
    tally.cap = cap;
    draft.save(tally);
    Ok(Counted::Yes)
}

/// Counts so much more of a subject that is measured, not counted: what it is a sum of has no cap of its own.
pub fn add_up(draft: &mut Draft<'_>, subject: &str, much: i64) -> Result<(), Stop> {
    let mut tally = current(draft, subject)?;
    tally.count = tally.count.saturating_add(much);
    draft.save(tally);
    Ok(())
}

/// Counts one less.
pub fn subtract(draft: &mut Draft<'_>, subject: &str) -> Result<(), Stop> {
    let mut tally = current(draft, subject)?;
    tally.count = (tally.count - 1).max(0);
    draft.save(tally);
    Ok(())
}

fn current(draft: &Draft<'_>, subject: &str) -> Result<Tally, Stop> {
    let id = Tally::id_of(draft.shop.id, subject);
    Ok(draft.get_named::<Tally>(id, subject)?.map_or_else(
        || Tally { id, shop: draft.shop.id, version: 0, subject: subject.to_owned(), count: 0, cap: None },
        |tally| (*tally).clone(),
    ))
}
