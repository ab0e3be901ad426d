//! Who asks for an offer: who they are, by whose share they came, what they are about to order. What is asked of them
//! beyond that is read when a condition asks for it.

use std::rc::Rc;

use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::input::brought::Evidence;
use crate::decide::people::person::{self, Person};
use crate::decide::referrals::attribution::{self, Contest};
use crate::decide::referrals::evidence::{Candidate, EvidenceFindings};
use crate::decide::referrals::referral;
use crate::records::conversion::{AgeFrom, OrderItem};
use crate::records::expression::FactName;
use crate::records::money::Currency;
use crate::records::referral::{Method, ReferralStatus};
use crate::records::{Customer, History, Id, Program, Referral, Share, Timestamp, Why};
use crate::visit_mark::visit_of;
use crate::world::Stop;

/// Who asks.
#[derive(Clone, Debug)]
pub struct Asker {
    /// As they are known, with what was told of them; `None`: nobody knows who it is.
    pub customer: Option<Rc<Customer>>,
    /// The person.
    pub person: Option<Person>,
    /// By whom they came, as far as it counts.
    pub arrival: Option<Arrival>,
    /// Why what they came with speaks for nobody.
    pub astray: Option<Why>,
    /// Whether only an address tells who they are: whoever types one is judged by what counts against its owner, and has
    /// nothing of what is theirs.
    pub is_typed: bool,
    /// What they are about to order, where it was said.
    pub order: Option<Cart>,
    /// When they came, where it was not now: they are judged as they were then.
    pub then: Option<Timestamp>,
}

/// What somebody is about to order.
#[derive(Clone, Debug)]
pub struct Cart {
    /// Goods, minor units.
    pub amount: i64,
    /// Its currency.
    pub currency: Currency,
    /// What is ordered.
    pub items: Vec<OrderItem>,
}

/// By whom somebody came.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// By what.
    pub method: Method,
    /// The share, where a link was followed.
    pub share: Option<Rc<Share>>,
    /// Whose it was.
    pub advocate: Rc<Customer>,
    /// When the link was followed; `None`: nobody knows.
    pub seen_at: Option<Timestamp>,
    /// Whether a genuine mark, or the referral, shows that.
    pub is_proven: bool,
    /// The mark of the visit, where it is genuine.
    pub mark: Option<String>,
}

impl Asker {
    /// Somebody, with what they came with. Where they came with nothing that counts, the referral counts that they have
    /// in the program.
    pub fn find(
        draft: &Draft<'_>,
        program: &Program,
        customer: Option<(Rc<Customer>, Person)>,
        evidence: &Evidence,
        findings: &EvidenceFindings,
    ) -> Result<Self, Stop> {
        let (customer, person) = customer.unzip();
        let referral = person.as_ref().map(|person| referral::find(draft, program.id, person, draft.at())).transpose();
        let referral = referral?.flatten();
        let mut asker =
            Self { customer, person, arrival: None, astray: None, is_typed: false, order: None, then: None };
        let mut found: Vec<&Candidate> = findings.found.iter().collect();
        // What a link tells is more than what a code does.
        found.sort_by_key(|candidate| (candidate.share.is_none(), attribution::strength(candidate)));
        for candidate in found {
            match asker.arrival_by(draft, program, candidate, evidence)? {
                Ok(arrival) => {
                    asker.arrival = Some(arrival);
                    return Ok(asker);
                }
                Err(why) => asker.astray = asker.astray.or(Some(why)),
            }
        }
        asker.astray = asker.astray.or(findings.lost.first().map(|lost| lost.outcome));
        if let (Some(referral), None) = (referral, asker.astray) {
            asker.arrival = by_referral(draft, &referral)?;
        }
        Ok(asker)
    }

    /// A friend as they came.
    pub fn of_arrival(draft: &Draft<'_>, referral: &Referral) -> Result<Self, Stop> {
        let friend = customer_lookup::current(draft, referral.friend);
        let arrival = arrival_of(draft, referral);
        let (friend, arrival) = (friend?, arrival?);
        Ok(Self { arrival, then: Some(referral.created_at), ..Self::of_sharer(draft, friend)? })
    }

    /// A customer whom nobody brings.
    pub fn of_sharer(draft: &Draft<'_>, customer: Rc<Customer>) -> Result<Self, Stop> {
        let person = Some(person::of(draft, &customer)?);
        let customer = Some(customer);
        Ok(Self { customer, person, arrival: None, astray: None, is_typed: false, order: None, then: None })
    }

    /// When it is for them.
    pub fn at(&self, draft: &Draft<'_>) -> Timestamp {
        self.then.unwrap_or_else(|| draft.at())
    }

    fn arrival_by(
        &self,
        draft: &Draft<'_>,
        program: &Program,
        candidate: &Candidate,
        evidence: &Evidence,
    ) -> Result<Result<Arrival, Why>, Stop> {
        let advocate = customer_lookup::current(draft, candidate.advocate)?;
        let friend = self.customer.as_deref();
        let is_self = friend.map(|friend| person::is_same(draft, &advocate, friend)).transpose()?.unwrap_or(false);
        let contest = Contest {
            friend,
            is_new: true,
            is_denied: false,
            amount: None,
            discount: 0,
            is_claimed: false,
            occurred_at: draft.at(),
            only: None,
            programs: &[],
            referrals: &[],
        };
        let fault = (candidate.program.id != program.id)
            .then_some(Why::Foreign)
            .or_else(|| attribution::gone(&advocate))
            .or_else(|| is_self.then_some(Why::SelfReferral))
            .or_else(|| attribution::closed(&contest, candidate))
            .or_else(|| attribution::too_old(&contest, candidate));
        Ok(match fault {
            Some(why) => Err(why),
            None => Ok(Arrival {
                method: candidate.method,
                share: candidate.share.clone(),
                advocate,
                seen_at: candidate.seen_at,
                is_proven: candidate.age_from == Some(AgeFrom::Mark),
                mark: evidence
                    .token
                    .as_deref()
                    .filter(|_| candidate.age_from == Some(AgeFrom::Mark))
                    .and_then(visit_of)
                    .map(str::to_owned),
            }),
        })
    }

    /// The customer whom the shop names.
    pub fn vouched(&self) -> Option<&Rc<Customer>> {
        self.customer.as_ref().filter(|_| !self.is_typed)
    }

    /// Whether they may be told a fact of themselves. Who only typed an address may be told what they brought, and
    /// nothing of what its owner has.
    pub fn may_be_told(&self, fact: &FactName) -> bool {
        let brought = |place: &str| match place {
            "order" | "today" | "now" => true,
            "arrival" => self.arrival.as_ref().is_some_and(|arrival| arrival.method != Method::Referral),
            _ => false,
        };
        !self.is_typed || fact.as_str().split('.').next().is_some_and(brought)
    }

    /// Whether they came by a private share.
    pub fn came_in_private(&self) -> bool {
        self.arrival.as_ref().and_then(|arrival| arrival.share.as_ref()).is_some_and(|share| share.private)
    }

    /// Whether somebody else has opened one of their own private shares.
    pub fn shared_in_private(&self, draft: &Draft<'_>) -> Result<bool, Stop> {
        let Some(customer) = self.vouched() else { return Ok(false) };
        Ok(history_of(draft, customer, |history| history.sent_private)? > 0)
    }
}

/// What a referral says of how somebody came, as long as it may pay.
fn by_referral(draft: &Draft<'_>, referral: &Referral) -> Result<Option<Arrival>, Stop> {
    if referral.status == ReferralStatus::Rejected || referral.expires_at <= draft.at() {
        return Ok(None);
    }
    arrival_of(draft, referral)
}

/// What a referral says of how somebody came.
fn arrival_of(draft: &Draft<'_>, referral: &Referral) -> Result<Option<Arrival>, Stop> {
    let advocate = customer_lookup::current(draft, referral.advocate);
    let share = referral.share.map(|share| draft.get::<Share>(share)).transpose();
    let (advocate, share) = (advocate?, share?.flatten());
    if attribution::gone(&advocate).is_some() {
        return Ok(None);
    }
    let seen_at = Some(referral.created_at);
    Ok(Some(Arrival { method: Method::Referral, share, advocate, seen_at, is_proven: true, mark: None }))
}

/// What a customer did, with those who were merged into them. Who only shares an address with somebody does not have what
/// they did: it would be to their good.
pub fn history_of(draft: &Draft<'_>, customer: &Customer, count: impl Fn(&History) -> i64) -> Result<i64, Stop> {
    let merged = draft.list(&Customer::MERGED_INTO, customer.id);
    let own = draft.get::<History>(customer.id);
    let others: Vec<Id> = merged?.iter().map(|merged| merged.id).collect();
    let others: Vec<_> = others.into_iter().map(|id| draft.get::<History>(id)).collect();
    let mut all = own?.map_or(0, |history| count(&history));
    for other in others {
        all += other?.map_or(0, |history| count(&history));
    }
    Ok(all)
}
