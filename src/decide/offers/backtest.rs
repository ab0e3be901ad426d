//! What an offer would have done: the very rules of a check, asked of those who came and shared in the last days.
//!
//! Who arrived is judged as they were when their referral was made; who shared, as they are now. Where a fact is known
//! only as it is today, or not at all, that is said.

use std::collections::BTreeSet;

use crate::decide::conditions::asker::Asker;
use crate::decide::conditions::fact::Past;
use crate::decide::conditions::fact_table;
use crate::decide::conditions::facts::find;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::offers::eligibility::{Judged, Terms, suits};
use crate::records::expression::FactName;
use crate::records::offer::{Audience, Condition};
use crate::records::referral::ReferralStatus;
use crate::records::text::Slug;
use crate::records::{Id, Offer, Referral};
use crate::views::backtest::{BacktestView, BeforeView, KeptOutView};
use crate::world::Stop;

/// What is told of a trial.
pub type Report = BacktestView;
/// What some people come to.
pub type Tallied = Result<Tally, Stop>;

/// What is tried.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The shop.
    pub shop: Id,
    /// The program by which they came.
    pub program: Id,
    /// Who is looked at, and what is asked of them.
    pub audience: Audience,
    /// Only members of one of these, where there are any.
    pub segments: Vec<Slug>,
    /// What must hold.
    pub conditions: Vec<Condition>,
    /// What had to hold before these, where there was something.
    pub before: Option<Vec<Condition>>,
    /// The last days.
    pub days: i64,
}

impl Trial {
    /// What an offer is now, beside what it was before.
    pub fn of(offer: &Offer, days: i64) -> Self {
        Self {
            shop: offer.shop,
            program: offer.program,
            audience: offer.audience,
            segments: offer.segments.0.clone(),
            conditions: offer.conditions.0.clone(),
            before: offer.conditions_before.0.clone(),
            days,
        }
    }

    /// Whether those who arrived are looked at.
    pub fn is_of_arrivals(&self) -> bool {
        self.audience != Audience::Share
    }

    /// Whether those who shared are looked at.
    pub fn is_of_sharers(&self) -> bool {
        self.audience != Audience::Arrive
    }

    fn terms<'t>(&'t self, conditions: &'t [Condition]) -> Terms<'t> {
        Terms { audience: self.audience, segments: &self.segments, conditions }
    }

    /// The facts that are asked for of which not all is known as it was then.
    fn facts(&self, past: Past) -> Vec<String> {
        let trees = self.conditions.iter().map(|condition| &condition.tree);
        let names: BTreeSet<&FactName> = trees.flat_map(|tree| tree.facts()).collect();
        let past_of = |name: &FactName| find(name.as_str()).map_or(fact_table::ATTRIBUTE.past, |fact| fact.past);
        names.into_iter().filter(|name| past_of(name) == past).map(ToString::to_string).collect()
    }
}

/// What came of it so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// People who arrived.
    pub arrivals: i64,
    /// People who shared.
    pub sharers: i64,
    /// Those who would have been let in.
    pub admitted: i64,
    /// Those whom what held before would have let in.
    pub admitted_before: i64,
    /// What keeps people out, in the order in which it is looked at: whom it kept out first, and whom it alone did.
    pub kept_out: Vec<KeptOutView>,
}

impl Tally {
    /// With another one.
    pub fn add(&mut self, other: Self) {
        self.arrivals += other.arrivals;
        self.sharers += other.sharers;
        self.admitted += other.admitted;
        self.admitted_before += other.admitted_before;
        if self.kept_out.is_empty() {
            self.kept_out = other.kept_out;
            return;
        }
        for (kept, other) in self.kept_out.iter_mut().zip(other.kept_out) {
            kept.count += other.count;
            kept.alone += other.alone;
        }
    }

    fn note(&mut self, judged: &[Judged]) {
        if self.kept_out.is_empty() {
            let codes = judged.iter().map(|judged| judged.view.code.clone());
            self.kept_out = codes.map(|code| KeptOutView { code, count: 0, alone: 0 }).collect();
        }
        let mut unmet = judged.iter().zip(&mut self.kept_out).filter(|(judged, _)| !judged.view.met);
        match (unmet.next(), unmet.next()) {
            (None, _) => self.admitted += 1,
            (Some((_, kept)), other) => {
                kept.count += 1;
                kept.alone += i64::from(other.is_none());
            }
        }
    }

    /// As the API shows it.
    pub fn view(self, trial: &Trial) -> Report {
        BacktestView {
            days: trial.days,
            considered: self.arrivals + self.sharers,
            arrivals: self.arrivals,
            sharers: self.sharers,
            admitted: self.admitted,
            refused: self.kept_out,
            before: trial.before.as_ref().map(|_| BeforeView { admitted: self.admitted_before }),
            as_of_today: trial.facts(Past::Today),
            unknown: trial.facts(Past::Nothing),
        }
    }
}

/// Judges those whom referrals brought. What was taken back brought nobody, and who was erased is nobody any more.
pub fn arrivals(draft: &mut Draft<'_>, trial: &Trial, referrals: &[Referral]) -> Tallied {
    let mut tally = Tally::default();
    let standing = referrals.iter().filter(|referral| referral.status != ReferralStatus::Rejected);
    let askers = draft.each(standing, |draft, referral| {
        let asker = Asker::of_arrival(draft, referral)?;
        judge(draft, trial, asker)
    })?;
    for (judged, before) in askers.iter().flatten() {
        tally.arrivals += 1;
        tally.note(judged);
        tally.admitted_before += i64::from(*before);
    }
    Ok(tally)
}

/// Judges customers who shared. Who was merged is counted as the one into whom they were.
pub fn sharers(draft: &mut Draft<'_>, trial: &Trial, customers: &[Id]) -> Tallied {
    let mut tally = Tally::default();
    let askers = draft.each(customers, |draft, id| {
        let customer = customer_lookup::current(draft, *id)?;
        if customer.id != *id {
            return Ok(None);
        }
        let asker = Asker::of_sharer(draft, customer)?;
        judge(draft, trial, asker)
    })?;
    for (judged, before) in askers.iter().flatten() {
        tally.sharers += 1;
        tally.note(judged);
        tally.admitted_before += i64::from(*before);
    }
    Ok(tally)
}

/// What keeps somebody out, and whether what held before would have let them in.
fn judge(draft: &Draft<'_>, trial: &Trial, asker: Asker) -> Result<Option<(Vec<Judged>, bool)>, Stop> {
    if asker.customer.as_ref().is_none_or(|customer| customer.is_erased()) {
        return Ok(None);
    }
    let judged = suits(draft, trial.terms(&trial.conditions), &asker);
    let before = trial.before.as_deref().map(|before| suits(draft, trial.terms(before), &asker)).transpose();
    let (judged, before) = (judged?, before?);
    let is_admitted = |judged: &Vec<Judged>| judged.iter().all(|judged| judged.view.met);
    Ok(Some((judged, before.as_ref().is_some_and(is_admitted))))
}
