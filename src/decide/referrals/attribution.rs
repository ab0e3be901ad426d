//! Whom an order is credited to: one winner at most, and for everybody else why not.
//!
//! Strongest first: who gave a discount in this very order; with `model: first` the friend's referral,
//! then a code, then a link's token; with `model: last` the referral comes last. In one rank the higher
//! priority of the program decides, then its earlier activation. A discount that is redeemed only after
//! its order was reported wins in `reattribute`.

use std::cmp::Reverse;
use std::rc::Rc;

use crate::decide::draft::Draft;
use crate::decide::people::erasure_index;
use crate::decide::people::person::{self};
use crate::decide::referrals::evidence::{Candidate, EvidenceFindings};
use crate::decide::{counter, customer_lookup};
use crate::records::conversion::{AgeFrom, Considered};
use crate::records::program::Model;
use crate::records::referral::{Method, ReferralStatus};
use crate::records::share::{naked_subject, share_subjects};
use crate::records::time::DAY_MS;
use crate::records::trial::Began;
use crate::records::{Conversion, Customer, EventKind, Id, Json, Program, Referral, Share, Timestamp, Why};
use crate::views;
use crate::world::Stop;

/// The order that is contested.
pub struct Contest<'a> {
    /// Who ordered.
    pub friend: Option<&'a Customer>,
    /// Whether it is the person's first order.
    pub is_new: bool,
    /// Whether the shop denies that it is.
    pub is_denied: bool,
    /// Goods, minor units of the shop's currency; `None` in another one, which is never converted.
    pub amount: Option<i64>,
    /// What the discount `on: checkout` that was redeemed in it took off the goods, minor units; nobody but
    /// who gave it is measured by it.
    pub discount: i64,
    /// Whether what was redeemed in it is the voucher of an offer: that may be open to who is not new.
    pub is_claimed: bool,
    /// When it was ordered.
    pub occurred_at: Timestamp,
    /// The only program that may win.
    pub only: Option<Id>,
    /// The shop's programs.
    pub programs: &'a [Rc<Program>],
    /// The referrals of the friend's person.
    pub referrals: &'a [Rc<Referral>],
}

/// Who won, by what.
pub struct Winner {
    /// By what.
    pub method: Method,
    /// Of a discount that was redeemed: by what that was come by.
    pub redeemed_by: Option<Method>,
    /// The program.
    pub program: Rc<Program>,
    /// The advocate.
    pub advocate: Rc<Customer>,
    /// The share, when a link was followed.
    pub share: Option<Rc<Share>>,
    /// When the advocate began to recommend in the program, as the evidence tells.
    pub began: Option<Began>,
    /// When the evidence came to be.
    pub seen_at: Option<Timestamp>,
    /// By what that is known, where a link was followed.
    pub age_from: Option<AgeFrom>,
    /// The share that counts the order as naked.
    pub naked: Option<Id>,
    /// What the program took off the goods of the order itself, minor units.
    pub discount: i64,
}

/// The winner and the losers.
pub struct Credit {
    /// Nobody: no evidence was good.
    pub winner: Option<Winner>,
    /// Everybody else, and why.
    pub considered: Vec<Considered>,
}

struct Entrant {
    strength: Strength,
    winner: Winner,
}

/// What decides between candidates; the least is the strongest.
type Strength = (u8, Reverse<i64>, Option<Timestamp>, Id);

/// How strong a candidate is: by its rank, its program's priority, its program's age.
pub fn strength(candidate: &Candidate) -> Strength {
    let program = &candidate.program;
    let rank = rank(candidate.method, program.rules.attribution.model);
    (rank, Reverse(program.priority), program.activated_at, program.id)
}

/// Decides who is credited.
pub fn decide(draft: &Draft<'_>, contest: &Contest<'_>, findings: EvidenceFindings) -> Result<Credit, Stop> {
    let mark = findings.mark;
    let mut considered: Vec<Considered> = findings
        .lost
        .into_iter()
        .map(|lost| Considered {
            method: lost.method,
            program: lost.program,
            advocate: lost.advocate,
            advocate_id: None,
            outcome: lost.outcome,
            age_from: None,
            mark: None,
        })
        .collect();
    let mut entrants = Vec::new();
    let candidates: Vec<Candidate> = findings.found.into_iter().chain(from_referrals(contest)).collect();
    let seen: Vec<_> = candidates.iter().map(|candidate| look(draft, contest, candidate)).collect();
    let seen: Vec<Seen> = seen.into_iter().collect::<Result<_, _>>()?;
    for (candidate, seen) in candidates.into_iter().zip(seen) {
        match enter(contest, &candidate, seen) {
            Err(outcome) => considered.push(loser(&candidate, outcome)),
            Ok(winner) => entrants.push(Entrant { strength: strength(&candidate), winner }),
        }
    }
    entrants.sort_by_key(|entrant| entrant.strength);
    let mut entrants = entrants.into_iter();
    let winner = entrants.next().map(|entrant| entrant.winner);
    considered.extend(entrants.map(|entrant| Considered {
        method: entrant.winner.method,
        program: Some(entrant.winner.program.id),
        advocate: entrant.winner.advocate.external_id.clone(),
        advocate_id: Some(entrant.winner.advocate.id),
        outcome: Why::Weaker,
        age_from: entrant.winner.age_from,
        mark: None,
    }));
    for loser in considered.iter_mut().filter(|loser| loser.method == Method::Token) {
        loser.mark = mark;
    }
    if let Some(winner) = &winner {
        considered.retain(|loser| !speaks_for(winner, loser));
    }
    Ok(Credit { winner, considered })
}

/// Whether one candidate would win if it stood alone, and if not, why.
pub fn judge(draft: &Draft<'_>, contest: &Contest<'_>, candidate: &Candidate) -> Result<Result<Winner, Why>, Stop> {
    Ok(enter(contest, candidate, look(draft, contest, candidate)?))
}

/// Whether a candidate may win.
fn enter(contest: &Contest<'_>, candidate: &Candidate, seen: Seen) -> Result<Winner, Why> {
    let Seen { advocate, share, is_friend } = seen;
    match gone(&advocate).or_else(|| fault(contest, candidate, is_friend)) {
        Some(outcome) => Err(outcome),
        None => Ok(Winner {
            method: candidate.method,
            redeemed_by: candidate.redeemed_by,
            program: candidate.program.clone(),
            advocate,
            share,
            began: candidate.began,
            seen_at: candidate.seen_at,
            age_from: candidate.age_from,
            naked: candidate.naked,
            discount: discount(contest, candidate),
        }),
    }
}

/// What a candidate took off the goods of the order itself.
fn discount(contest: &Contest<'_>, candidate: &Candidate) -> i64 {
    if candidate.method == Method::Voucher { contest.discount } else { 0 }
}

/// Whether a loser speaks for the very one who won by a discount in the order: nobody loses to herself.
pub fn speaks_for(winner: &Winner, loser: &Considered) -> bool {
    let is_hers = loser.advocate_id == Some(winner.advocate.id) && loser.program == Some(winner.program.id);
    let is_less = matches!(loser.outcome, Why::Weaker | Why::MinOrderAmount) || loser.method == Method::Voucher;
    winner.method == Method::Voucher && is_hers && is_less
}

/// Whom a candidate speaks for.
struct Seen {
    advocate: Rc<Customer>,
    share: Option<Rc<Share>>,
    /// Whether that is the friend himself.
    is_friend: bool,
}

fn look(draft: &Draft<'_>, contest: &Contest<'_>, candidate: &Candidate) -> Result<Seen, Stop> {
    let advocate = customer_lookup::current(draft, candidate.advocate);
    let share = share_of(draft, contest, candidate);
    let (advocate, share) = (advocate?, share?);
    let is_friend = match contest.friend {
        Some(friend) => person::is_same(draft, &advocate, friend)?,
        None => false,
    };
    Ok(Seen { advocate, share, is_friend })
}

/// Whether a referral is over is decided by its time, not by whether the sweep has come by; so an
/// order that is reported late still counts.
fn from_referrals(contest: &Contest<'_>) -> Vec<Candidate> {
    let not_rejected = contest.referrals.iter().filter(|referral| referral.status != ReferralStatus::Rejected);
    not_rejected
        .filter_map(|referral| {
            let program = contest.programs.iter().find(|program| program.id == referral.program)?;
            let window_days = program.rules.attribution.credit_window_days;
            Some(Candidate {
                method: Method::Referral,
                redeemed_by: None,
                program: program.clone(),
                advocate: referral.advocate,
                advocate_ref: referral.advocate_ref.clone(),
                share: None,
                began: referral.began(),
                seen_at: Some(referral.expires_at.plus_days(-window_days)),
                age_from: None,
                naked: None,
            })
        })
        .collect()
}

/// A referral remembers its share by id.
fn share_of(draft: &Draft<'_>, contest: &Contest<'_>, candidate: &Candidate) -> Result<Option<Rc<Share>>, Stop> {
    if candidate.share.is_some() || candidate.method != Method::Referral {
        return Ok(candidate.share.clone());
    }
    let referral = contest.referrals.iter().find(|referral| referral.program == candidate.program.id);
    match referral.and_then(|referral| referral.share) {
        Some(share) => draft.get::<Share>(share),
        None => Ok(None),
    }
}

/// The advocate was erased: nobody is behind the evidence any more.
pub fn gone(advocate: &Customer) -> Option<Why> {
    advocate.is_erased().then_some(Why::Unknown)
}

/// Why a candidate cannot win; `None`: it can.
fn fault(contest: &Contest<'_>, candidate: &Candidate, is_friend: bool) -> Option<Why> {
    if contest.friend.is_none() {
        return Some(Why::CustomerRequired);
    }
    let least = candidate.program.rules.qualifying.min_order_amount;
    let measured = contest.amount.map(|amount| amount + discount(contest, candidate));
    closed(contest, candidate)
        .or_else(|| is_friend.then_some(Why::SelfReferral))
        .or_else(|| too_old(contest, candidate))
        .or_else(|| measured.is_some_and(|measured| measured < least).then_some(Why::MinOrderAmount))
        .or_else(|| not_new(contest, candidate))
}

/// The candidate's program may not win, or did not count.
pub fn closed(contest: &Contest<'_>, candidate: &Candidate) -> Option<Why> {
    let may_win = contest.only.is_none_or(|only| only == candidate.program.id);
    (!may_win || !candidate.program.is_open(contest.occurred_at)).then_some(Why::ProgramNotActive)
}

/// The friend has ordered before, in a program for new customers, and was not won by it. Who was given
/// the discount of new customers in this order was new, unless the shop denies it.
pub fn not_new(contest: &Contest<'_>, candidate: &Candidate) -> Option<Why> {
    let is_known = !contest.is_new && candidate.program.rules.qualifying.new_customers_only;
    let was_converted = contest
        .referrals
        .iter()
        .any(|referral| referral.program == candidate.program.id && referral.status == ReferralStatus::Converted);
    let was_given = candidate.method == Method::Voucher && !contest.is_denied && !contest.is_claimed;
    (is_known && !was_converted && !was_given).then_some(Why::NotNew)
}

/// The evidence is older than the program's windows allow.
pub fn too_old(contest: &Contest<'_>, candidate: &Candidate) -> Option<Why> {
    let seen_at = candidate.seen_at?;
    let age_ms = contest.occurred_at.ms() - seen_at.ms();
    let attribution = &candidate.program.rules.attribution;
    if candidate.method == Method::Referral {
        return (age_ms > attribution.credit_window_days * DAY_MS).then_some(Why::CreditExpired);
    }
    (age_ms > attribution.window_days * DAY_MS).then_some(Why::Expired)
}

fn rank(method: Method, model: Model) -> u8 {
    match (method, model) {
        (Method::Operator, _) => 0,
        (Method::Voucher, _) => 1,
        (Method::Referral, Model::First) => 2,
        (Method::Code, _) => 3,
        (Method::Token, _) => 4,
        (Method::Referral, Model::Last) => 5,
        (Method::None, _) => 9,
    }
}

/// Notes whom an order speaks of without crediting it to them.
pub fn mention_losers(draft: &mut Draft<'_>, order: &Conversion) -> Result<(), Stop> {
    let losers = order.considered.iter().filter_map(|loser| loser.advocate_id);
    let losers = losers.filter(|loser| order.advocate != Some(*loser));
    losers.into_iter().try_for_each(|loser| erasure_index::note(draft, loser, order.id))
}

fn loser(candidate: &Candidate, outcome: Why) -> Considered {
    Considered {
        method: candidate.method,
        program: Some(candidate.program.id),
        advocate: candidate.advocate_ref.clone(),
        advocate_id: Some(candidate.advocate),
        outcome,
        age_from: candidate.age_from,
        mark: None,
    }
}

/// Writes the winner into the conversion.
pub fn note_winner(conversion: &mut Conversion, winner: &Winner) {
    conversion.program = Some(winner.program.id);
    conversion.program_version = Some(winner.program.version);
    conversion.method = winner.method;
    conversion.redeemed_by = winner.redeemed_by;
    conversion.advocate = Some(winner.advocate.id);
    conversion.advocate_ref = winner.advocate.external_id.clone();
    conversion.share = winner.share.as_ref().map(|share| share.id);
    conversion.channel = winner.share.as_ref().map(|share| share.channel.clone());
    conversion.placed = winner.share.as_ref().and_then(|share| share.placed.clone());
    conversion.private = winner.share.as_ref().map(|share| share.private);
    conversion.depth = winner.share.as_ref().map(|share| share.depth);
    conversion.discount_amount = winner.discount;
    conversion.age_ms = winner.seen_at.map(|seen_at| (conversion.occurred_at.ms() - seen_at.ms()).max(0));
    conversion.age_from = winner.age_from;
}

/// Counts a conversion as naked at this share, and at no other one any more.
pub fn count_naked(draft: &mut Draft<'_>, conversion: &mut Conversion, share: Option<Id>) -> Result<(), Stop> {
    let before = std::mem::replace(&mut conversion.naked_share, share);
    if before == share {
        return Ok(());
    }
    if let Some(before) = before {
        counter::subtract(draft, &naked_subject(before))?;
    }
    if let Some(share) = share {
        counter::add(draft, &naked_subject(share), None)?;
    }
    Ok(())
}

/// Takes the credit for a conversion away from its share and its referral, which is open again when
/// nothing else converted it.
pub fn take_credit_away(draft: &mut Draft<'_>, conversion: &mut Conversion) -> Result<(), Stop> {
    if !std::mem::take(&mut conversion.is_credited) {
        return Ok(());
    }
    conversion.after_ms = None;
    if let Some(share) = conversion.share {
        let [_, conversions, _] = share_subjects(share);
        counter::subtract(draft, &conversions)?;
    }
    count_naked(draft, conversion, None)?;
    let Some(referral) = conversion.referral else { return Ok(()) };
    let mut referral = (*draft.expect::<Referral>(referral)?).clone();
    referral.conversions = (referral.conversions - 1).max(0);
    let opens = referral.conversions == 0 && referral.status == ReferralStatus::Converted;
    if opens {
        referral.status = ReferralStatus::Open;
    }
    let referral = draft.save(referral);
    if opens {
        draft.event(EventKind::ReferralChanged, &views::referral::referral(&referral, &[]))?;
    }
    Ok(())
}

/// Whether an order is credited to an advocate in a program; she may have been merged since.
pub fn is_credited_to(
    draft: &Draft<'_>,
    order: &Conversion,
    program: &Program,
    advocate: &Customer,
) -> Result<bool, Stop> {
    let Some(credited) = order.advocate.filter(|_| order.program == Some(program.id)) else { return Ok(false) };
    Ok(customer_lookup::current(draft, credited)?.id == advocate.id)
}

/// Whether an order is credited to the person who made it: the two turned out to be one. What an operator
/// decided of two customers holds as long as they are two.
pub fn credits_himself(draft: &Draft<'_>, order: &Conversion) -> Result<bool, Stop> {
    let (Some(friend), Some(advocate)) = (order.customer, order.advocate) else { return Ok(false) };
    let (friend, advocate) = (customer_lookup::current(draft, friend), customer_lookup::current(draft, advocate));
    let (friend, advocate) = (friend?, advocate?);
    if order.method == Method::Operator {
        return Ok(friend.id == advocate.id);
    }
    person::is_same(draft, &advocate, &friend)
}

/// Credits an order to nobody after all: whoever had won is one of the losers, and why.
pub fn credit_nobody(draft: &mut Draft<'_>, order: &mut Conversion, outcome: Why) -> Result<(), Stop> {
    take_credit_away(draft, order)?;
    let mut considered = std::mem::take(&mut order.considered.0);
    let loser = Considered {
        method: order.method,
        program: order.program,
        advocate: order.advocate_ref.take(),
        advocate_id: order.advocate.take(),
        outcome,
        age_from: order.age_from,
        mark: None,
    };
    considered.insert(0, loser);
    order.clear_credit();
    order.considered = Json(considered);
    mention_losers(draft, order)
}
