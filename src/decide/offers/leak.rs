//! Private links that get about. What is usual of a share is told by its own past: far more claims in a day than it has had
//! a day so far, or visits to which pages led that everybody can read, mean that its link stands where it was not meant to.
//! The shop is told, and the advocate, who gets a fresh link. Nobody who came honestly loses anything: what was claimed
//! stays, and where an offer holds back such a share, who followed its link before goes on.

use crate::decide::conditions::asker::Arrival;
use crate::decide::counter;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::mail::outbox;
use crate::decide::sharing::replace_share::replace;
use crate::records::message::MessageKind;
use crate::records::offer::{Leak, OfferKind, share_claims_subject};
use crate::records::time::DAY_MS;
use crate::records::{ClaimRate, EventKind, Offer, Share, ShareCount, Timestamp};
use crate::views::offer::LeakView;
use crate::world::Stop;

/// Claims of a share in a day that nobody wonders about, whatever it had before: a large circle of friends.
const CIRCLE: i64 = 30;
/// So many times the usual is far above it.
const FAR: i64 = 5;
/// Visitors from public pages that are no accident, and which part of all visitors they must be.
const PUBLIC_VISITS: i64 = 10;
const PUBLIC_PART: i64 = 4;
/// Claims in an hour by a share that is held back.
const TRICKLE: i64 = 5;

/// Whether an offer holds a share back now: its link has got about, this hour has had its claims, and who asks followed
/// the link after that, or cannot show when.
pub fn holds_back(draft: &Draft<'_>, offer: &Offer, share: &Share, arrival: &Arrival) -> Result<bool, Stop> {
    let Some(leaked_at) = share.leaked_at.filter(|_| offer.leak == Leak::Throttle) else { return Ok(false) };
    if is_honest(draft, offer, arrival, leaked_at)? {
        return Ok(false);
    }
    Ok(counter::count(draft, &hour_subject(draft, offer, share))? >= TRICKLE)
}

/// Whether they followed the link before it got about. A mark speaks for one person: it stands in the address of a page, which
/// can be handed on as well.
fn is_honest(draft: &Draft<'_>, offer: &Offer, arrival: &Arrival, leaked_at: Timestamp) -> Result<bool, Stop> {
    let is_before = arrival.is_proven && arrival.seen_at.is_some_and(|seen_at| seen_at < leaked_at);
    match &arrival.mark {
        Some(mark) if is_before => Ok(counter::count(draft, &mark_subject(offer, mark))? == 0),
        _ => Ok(is_before),
    }
}

/// Counts a claim by a share, and notices when its link has got about. A group has its places, and needs none of this.
pub fn note_claim(draft: &mut Draft<'_>, offer: &Offer, share: &Share, arrival: &Arrival) -> Result<(), Stop> {
    if !share.private || offer.kind == OfferKind::Group {
        return Ok(());
    }
    if let Some(mark) = &arrival.mark {
        counter::add(draft, &mark_subject(offer, mark), None)?;
    }
    if share.leaked_at.is_some() {
        return counter::add(draft, &hour_subject(draft, offer, share), None).map(drop);
    }
    let (rate, opened) =
        (draft.get::<ClaimRate>(ClaimRate::id_of(offer.id, share.id)), draft.get::<ShareCount>(share.id));
    let (rate, opened) = (rate?, opened?);
    let rate = rate.map_or_else(|| ClaimRate::none(draft.shop.id, offer.id, share.id), |rate| (*rate).clone());
    let rate = draft.save(rate.with_one_on(draft.at().day_in(draft.shop.zone())));
    let past_days = ((draft.at().ms() - share.created_at.ms()) / DAY_MS).max(1);
    let seen = Seen {
        today: rate.today,
        usual: rate.earlier / past_days,
        visits: opened.as_ref().map_or(0, |opened| opened.visits),
        unique_visits: opened.as_ref().map_or(0, |opened| opened.unique_visits),
        public_visits: opened.as_ref().map_or(0, |opened| opened.public_visits),
    };
    if seen.is_leak() { tell(draft, offer, share, seen) } else { Ok(()) }
}

/// What is known of a share.
#[derive(Clone, Copy, Debug)]
struct Seen {
    /// Claims of the offer by it today.
    today: i64,
    /// Claims a day before.
    usual: i64,
    visits: i64,
    /// Of those by persons, each once a day; of one address not many count.
    unique_visits: i64,
    /// Of these those to which a public page led.
    public_visits: i64,
}

impl Seen {
    fn is_leak(self) -> bool {
        let is_rush = self.today > CIRCLE && self.today > FAR * self.usual.max(1);
        let is_public = self.public_visits >= PUBLIC_VISITS && self.public_visits * PUBLIC_PART >= self.unique_visits;
        is_rush || is_public
    }
}

fn tell(draft: &mut Draft<'_>, offer: &Offer, share: &Share, seen: Seen) -> Result<(), Stop> {
    let fresh = replace(draft, share)?;
    if let (Some(fresh), Some(advocate)) = (&fresh, share.customer) {
        let advocate = customer_lookup::current(draft, advocate)?;
        if !advocate.is_erased() {
            let message = outbox::mail_to(draft, &advocate, MessageKind::LinkReplaced, fresh.id);
            draft.save(message);
        }
    }
    let view = LeakView {
        offer: offer.id,
        share: share.id,
        customer: share.customer_ref.clone(),
        customer_id: share.customer,
        channel: share.channel.clone(),
        claims_today: seen.today,
        usual_claims: seen.usual,
        visits: seen.visits,
        public_visits: seen.public_visits,
        fresh_share: fresh.map(|fresh| fresh.id),
    };
    draft.event(EventKind::OfferLeaking, &view)
}

fn mark_subject(offer: &Offer, mark: &str) -> String {
    format!("claims:{}:mark:{mark}", offer.id)
}

fn hour_subject(draft: &Draft<'_>, offer: &Offer, share: &Share) -> String {
    let hour = draft.at().utc().format("%Y-%m-%dT%H");
    format!("{}:hour:{hour}", share_claims_subject(offer.id, share.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_far_above_the_usual_is_a_leak() {
        let table = [
            (0, 0, 0, 0, false),
            (30, 0, 40, 0, false),
            (31, 0, 40, 0, true),
            (31, 10, 400, 0, false),
            (51, 10, 400, 0, true),
            (1, 0, 9, 9, false),
            (1, 0, 10, 10, true),
            (1, 0, 40, 10, true),
            (1, 0, 41, 10, false),
        ];
        for (today, usual, unique_visits, public_visits, expected) in table {
            let seen = Seen { today, usual, visits: 2 * unique_visits, unique_visits, public_visits };
            assert_eq!(seen.is_leak(), expected, "{seen:?}");
        }
    }
}
