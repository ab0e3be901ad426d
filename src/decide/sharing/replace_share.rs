//! Another share in the place of one whose link has got about: who shares there again gets that. The old link goes on
//! leading to the shop, and what came of it stays its own.

use std::rc::Rc;

use crate::decide::draft::Draft;
use crate::decide::sharing::token::token;
use crate::records::Share;
use crate::world::Stop;

/// Notes that a share's link has got about, and makes the one that stands in its place; none where the share is nobody's,
/// or has no place of its own.
pub fn replace(draft: &mut Draft<'_>, share: &Share) -> Result<Option<Rc<Share>>, Stop> {
    let place = share.spot.as_deref().filter(|_| share.customer.is_some()).map(place_of);
    let holder = place.as_ref().map(|(place, _)| draft.find(&Share::BY_SPOT, place)).transpose()?.flatten();
    let fresh = match (&place, &holder) {
        (Some((place, number)), Some(_)) => Some(draft.save(fresh(draft, share, format!("{place}/{}", number + 1)))),
        _ => None,
    };
    let stands = fresh.as_ref().map(|fresh| fresh.id);
    draft.save(Share { leaked_at: Some(draft.at()), fresh: stands, ..share.clone() });
    if let Some(holder) = holder.filter(|holder| holder.id != share.id) {
        draft.save(Share { fresh: stands, ..(*holder).clone() });
    }
    Ok(fresh)
}

/// The share that stands in the place of one now: itself, unless its link has got about.
pub fn standing(draft: &Draft<'_>, share: Rc<Share>) -> Result<Rc<Share>, Stop> {
    match share.fresh {
        Some(fresh) => draft.expect::<Share>(fresh),
        None => Ok(share),
    }
}

/// What makes a share the same, and the how manieth it is that stands there.
fn place_of(spot: &str) -> (String, u32) {
    let (place, number) = spot.split_once('/').unwrap_or((spot, "1"));
    (place.to_owned(), number.parse().unwrap_or(1))
}

fn fresh(draft: &Draft<'_>, share: &Share, spot: String) -> Share {
    let id = draft.new_id("shr");
    Share {
        id,
        version: 0,
        token: token(draft),
        spot: Some(spot),
        channel_inferred: None,
        first_of: None,
        after_ms: None,
        root: if share.root == share.id { id } else { share.root },
        sent_at: None,
        leaked_at: None,
        fresh: None,
        created_at: draft.at(),
        ..share.clone()
    }
}
