//! A friend's referral in a program: which he has, and how it begins, changes hands, and converts.

use std::rc::Rc;

use crate::decide::draft::Draft;
use crate::decide::people::erasure_index;
use crate::decide::people::person::{self, Person};
use crate::decide::referrals::attribution::{self, Winner, gone};
use crate::decide::referrals::evidence::Candidate;
use crate::decide::sharing::advocate;
use crate::decide::{counter, customer_lookup};
use crate::records::program::Model;
use crate::records::referral::{Method, ReferralStatus, pair};
use crate::records::share::share_subjects;
use crate::records::trial::{Arm, Began};
use crate::records::{Conversion, Customer, EventKind, Id, Json, Program, Referral, Share, Timestamp};
use crate::views;
use crate::world::Stop;

/// Who brought a friend, by what, into which program.
pub struct Bringer<'a> {
    /// The program.
    pub program: &'a Program,
    /// Who recommended.
    pub advocate: &'a Customer,
    /// The share, when a link was followed.
    pub share: Option<&'a Share>,
    /// When the advocate began to recommend in the program, where that is known already.
    pub began: Option<Began>,
    /// By what.
    pub method: Method,
}

impl<'a> From<&'a Winner> for Bringer<'a> {
    fn from(winner: &'a Winner) -> Self {
        Self {
            program: &winner.program,
            advocate: &winner.advocate,
            share: winner.share.as_deref(),
            began: winner.began,
            method: winner.method,
        }
    }
}

/// The referral of a person in a program, at an instant.
pub fn find(draft: &Draft<'_>, program: Id, person: &Person, at: Timestamp) -> Result<Option<Rc<Referral>>, Stop> {
    let found: Vec<Option<Rc<Referral>>> =
        person.ids().map(|id| draft.find(&Referral::BY_PAIR, &pair(program, id))).collect::<Result<_, _>>()?;
    let found = found.into_iter().flatten().collect();
    Ok(one_in_each(draft, found, person, at)?.pop())
}

/// The referrals of a person at an instant, one in each program.
pub fn of_person(draft: &Draft<'_>, person: &Person, at: Timestamp) -> Result<Vec<Rc<Referral>>, Stop> {
    let found: Vec<Vec<Rc<Referral>>> =
        person.ids().map(|id| draft.list(&Referral::OF_PERSON, id)).collect::<Result<_, _>>()?;
    one_in_each(draft, found.into_iter().flatten().collect(), person, at)
}

/// Which of his referrals in a program one has who turned out to be several: the one that converted, else
/// the first of those that may still pay.
fn one_in_each(
    draft: &Draft<'_>,
    found: Vec<Rc<Referral>>,
    person: &Person,
    at: Timestamp,
) -> Result<Vec<Rc<Referral>>, Stop> {
    if person.is_alone(person.id) {
        return Ok(found);
    }
    let may_pay: Vec<_> = found.iter().map(|referral| may_pay(draft, referral, person, at)).collect();
    let may_pay: Vec<bool> = may_pay.into_iter().collect::<Result<_, _>>()?;
    let mut ranked: Vec<_> = may_pay.into_iter().zip(found).collect();
    ranked.sort_by_key(|(may_pay, one)| {
        (one.program, one.status != ReferralStatus::Converted, !may_pay, one.created_at, one.id)
    });
    ranked.dedup_by_key(|(_, one)| one.program);
    Ok(ranked.into_iter().map(|(_, one)| one).collect())
}

/// Whether a referral that has not converted may still pay: its time is not over, and somebody else than the
/// friend is behind it. Time decides, not whether the sweep has come by.
fn may_pay(draft: &Draft<'_>, referral: &Referral, person: &Person, at: Timestamp) -> Result<bool, Stop> {
    if referral.status == ReferralStatus::Rejected || referral.expires_at <= at {
        return Ok(false);
    }
    let advocate = customer_lookup::current(draft, referral.advocate)?;
    Ok(gone(&advocate).is_none() && !person.is(person::of(draft, &advocate)?.id))
}

/// Whether a referral converted, or may still.
pub fn is_live(draft: &Draft<'_>, referral: &Referral, person: &Person) -> Result<bool, Stop> {
    Ok(referral.status == ReferralStatus::Converted || may_pay(draft, referral, person, draft.at())?)
}

/// Whether a friend keeps the referral that he has in a program when an advocate recommends him: with
/// `model: last` until his first order, and with either only as long as it may still pay.
pub fn stays(
    draft: &Draft<'_>,
    known: &Referral,
    person: &Person,
    program: &Program,
    advocate: &Customer,
) -> Result<bool, Stop> {
    let keeps = known.status == ReferralStatus::Converted || program.rules.attribution.model == Model::First;
    let (is_live, has) = (is_live(draft, known, person), customer_lookup::current(draft, known.advocate));
    Ok(is_live? && (keeps || has?.id == advocate.id))
}

/// A referral that begins; the caller's to save.
pub fn begin(draft: &mut Draft<'_>, bringer: &Bringer<'_>, friend: &Customer, person: Id) -> Result<Referral, Stop> {
    count(draft, bringer)?;
    let began = began(draft, bringer)?;
    Ok(Referral {
        id: draft.new_id("ref"),
        shop: draft.shop.id,
        version: 0,
        program: bringer.program.id,
        friend: friend.id,
        friend_ref: friend.external_id.clone(),
        person,
        advocate: bringer.advocate.id,
        advocate_ref: bringer.advocate.external_id.clone(),
        share: bringer.share.map(|share| share.id),
        channel: bringer.share.map(|share| share.channel.clone()),
        placed: bringer.share.and_then(|share| share.placed.clone()),
        advocate_since: began.map(|began| began.at),
        arm: began.and_then(|began| began.arm),
        method: bringer.method,
        status: ReferralStatus::Open,
        conversions: 0,
        refused_rewards: Json::default(),
        pair: pair(bringer.program.id, person),
        created_at: draft.at(),
        expires_at: expires_at(draft, bringer),
    })
}

/// A referral of which another advocate takes over, or that begins anew where its time was over; the caller's
/// to save.
pub fn take_over(draft: &mut Draft<'_>, known: &Referral, bringer: &Bringer<'_>) -> Result<Referral, Stop> {
    uncount(draft, known)?;
    count(draft, bringer)?;
    erasure_index::note(draft, known.advocate, known.id)?;
    let began = began(draft, bringer)?;
    Ok(Referral {
        advocate: bringer.advocate.id,
        advocate_ref: bringer.advocate.external_id.clone(),
        share: bringer.share.map(|share| share.id),
        channel: bringer.share.map(|share| share.channel.clone()),
        placed: bringer.share.and_then(|share| share.placed.clone()),
        advocate_since: began.map(|began| began.at),
        arm: began.and_then(|began| began.arm),
        method: bringer.method,
        status: ReferralStatus::Open,
        refused_rewards: known.refused_to_friend(),
        expires_at: expires_at(draft, bringer),
        ..known.clone()
    })
}

fn began(draft: &Draft<'_>, bringer: &Bringer<'_>) -> Result<Option<Began>, Stop> {
    match bringer.began {
        None => advocate::began(draft, bringer.program.id, bringer.advocate.id),
        known => Ok(known),
    }
}

/// Where a winner stands in a trial; of programs that never had one nothing is loaded.
fn arm(draft: &Draft<'_>, winner: &Winner) -> Result<Option<Arm>, Stop> {
    if winner.program.trials.is_empty() {
        return Ok(None);
    }
    Ok(began(draft, &winner.into())?.and_then(|began| began.arm))
}

fn expires_at(draft: &Draft<'_>, bringer: &Bringer<'_>) -> Timestamp {
    draft.at().plus_days(bringer.program.rules.attribution.credit_window_days)
}

fn count(draft: &mut Draft<'_>, bringer: &Bringer<'_>) -> Result<(), Stop> {
    if let Some(share) = bringer.share {
        let [referrals, ..] = share_subjects(share.id);
        counter::add(draft, &referrals, None)?;
    }
    Ok(())
}

/// One that was taken back is not counted any more.
fn uncount(draft: &mut Draft<'_>, referral: &Referral) -> Result<(), Stop> {
    if let Some(share) = referral.share.filter(|_| referral.status != ReferralStatus::Rejected) {
        let [referrals, ..] = share_subjects(share);
        counter::subtract(draft, &referrals)?;
    }
    Ok(())
}

/// Notes who recommended a friend by a discount in his own order; he may keep whom he has. `unmade` is a
/// referral that is as good as none.
pub fn introduce(
    draft: &mut Draft<'_>,
    candidate: &Candidate,
    advocate: &Customer,
    friend: &Customer,
    unmade: Option<Id>,
) -> Result<(), Stop> {
    let person = person::of(draft, friend)?;
    let Candidate { program, share, began, method, .. } = candidate;
    let bringer = Bringer { program, advocate, share: share.as_deref(), began: *began, method: *method };
    let (made, event) = match find(draft, program.id, &person, draft.at())? {
        None => (begin(draft, &bringer, friend, person.id)?, EventKind::ReferralCreated),
        Some(known) if unmade != Some(known.id) && stays(draft, &known, &person, program, advocate)? => return Ok(()),
        Some(known) => (take_over(draft, &known, &bringer)?, EventKind::ReferralChanged),
    };
    let made = draft.save(made);
    draft.event(event, &views::referral::referral(&made, &[]))
}

/// An order whose credit was taken away is credited in this program now: a referral that nothing but the order
/// made, or made anew, is taken back where it is in another one. Answers which that is, in any program.
pub fn leave(draft: &mut Draft<'_>, order: &Conversion, program: Id) -> Result<Option<Id>, Stop> {
    let Some(id) = order.referral else { return Ok(None) };
    let referral = draft.expect::<Referral>(id)?;
    let window_days = draft.expect::<Program>(referral.program)?.rules.attribution.credit_window_days;
    let began_at = referral.created_at.max(referral.expires_at.plus_days(-window_days));
    if referral.conversions > 0 || referral.method != order.method || began_at < order.created_at {
        return Ok(None);
    }
    if referral.program != program {
        uncount(draft, &referral)?;
        let unmade = draft.save(Referral { status: ReferralStatus::Rejected, ..(*referral).clone() });
        draft.event(EventKind::ReferralChanged, &views::referral::referral(&unmade, &[]))?;
    }
    Ok(Some(id))
}

/// Counts an order for its winner's share and referral, which begins by it where there is none.
pub fn give_credit(
    draft: &mut Draft<'_>,
    order: &mut Conversion,
    winner: &Winner,
    friend: &Customer,
    person: &Person,
) -> Result<(), Stop> {
    order.arm = arm(draft, winner)?;
    let converted = convert(draft, winner, friend, person, order.occurred_at)?;
    let share = winner.share.as_ref().filter(|_| converted.conversions == 1);
    order.after_ms = share.map(|share| (order.occurred_at.ms() - share.created_at.ms()).max(0));
    order.referral = Some(converted.id);
    order.is_credited = true;
    attribution::count_naked(draft, order, winner.naked)
}

/// Notes that an order of an instant converted the referral of its winner, which begins by it where there is
/// none; answers it.
fn convert(
    draft: &mut Draft<'_>,
    winner: &Winner,
    friend: &Customer,
    person: &Person,
    at: Timestamp,
) -> Result<Rc<Referral>, Stop> {
    let known = find(draft, winner.program.id, person, at)?;
    if let Some(share) = &winner.share {
        let [_, conversions, _] = share_subjects(share.id);
        counter::add(draft, &conversions, None)?;
    }
    let (referral, event) = match &known {
        None => (begin(draft, &winner.into(), friend, person.id)?, Some(EventKind::ReferralCreated)),
        Some(known) if known.status == ReferralStatus::Converted => ((**known).clone(), None),
        Some(known) if is_by(draft, known, winner, at)? => ((**known).clone(), Some(EventKind::ReferralChanged)),
        Some(known) => (take_over(draft, known, &winner.into())?, Some(EventKind::ReferralChanged)),
    };
    let conversions = referral.conversions + 1;
    let converted = draft.save(Referral { status: ReferralStatus::Converted, conversions, ..referral });
    if let Some(event) = event {
        draft.event(event, &views::referral::referral(&converted, &[]))?;
    }
    Ok(converted)
}

/// Whether a winner won by the very referral, or had it when he did.
fn is_by(draft: &Draft<'_>, known: &Referral, winner: &Winner, at: Timestamp) -> Result<bool, Stop> {
    let is_over = known.status == ReferralStatus::Rejected || known.expires_at <= at;
    let is_hers = customer_lookup::current(draft, known.advocate)?.id == winner.advocate.id;
    Ok(winner.method == Method::Referral || (is_hers && !is_over))
}
