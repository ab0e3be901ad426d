//! Whether somebody may take an offer, and for each thing that must hold whether it does. Checks, claims and back-tests
//! ask this, and nothing else.

use std::rc::Rc;

use crate::decide::conditions::asker::Asker;
use crate::decide::conditions::evaluate::{Outcome, evaluate};
use crate::decide::conditions::known;
use crate::decide::conditions::near_miss::near_miss;
use crate::decide::conditions::reason::reason;
use crate::decide::counter;
use crate::decide::draft::Draft;
use crate::decide::offers::leak;
use crate::decide::people::person;
use crate::records::expression::Expression;
use crate::records::offer::{Audience, Condition, OfferKind, claims_subject, person_subject, share_claims_subject};
use crate::records::text::{Slug, language_of};
use crate::records::{Offer, Program, Share};
use crate::refusal::Code;
use crate::views::claim::{CheckView, JudgedView};
use crate::wording::{Language, say};
use crate::world::Stop;

/// One thing that must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// What it is, and whether it does.
    pub view: JudgedView,
    /// What a claim is refused with when it does not.
    pub refusal: Code,
}

impl Judged {
    fn is_met(&self) -> bool {
        self.view.met
    }
}

/// The code of a condition, and what would meet it, in words.
type Hint = (String, String);

/// What an offer is to somebody.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// What must hold, in the order in which it is looked at.
    pub judged: Vec<Judged>,
    /// The one thing that keeps them out, where it is one.
    pub near_miss: Option<String>,
    /// What would let them in, in words, where one fact would.
    pub hint: Option<String>,
    /// Claims that are left to all; `None`: no limit.
    pub remaining: Option<i64>,
}

impl Verdict {
    /// Whether they may take it.
    pub fn is_eligible(&self) -> bool {
        self.judged.iter().all(Judged::is_met)
    }

    /// As the API shows it.
    pub fn view(self) -> CheckView {
        CheckView {
            eligible: self.is_eligible(),
            conditions: self.judged.into_iter().map(|judged| judged.view).collect(),
            near_miss: self.near_miss,
            hint: self.hint,
            remaining: self.remaining,
        }
    }
}

/// The language in which somebody is told why not: their own, else the shop's.
pub fn language(draft: &Draft<'_>, asker: &Asker) -> Language {
    Language::choose(locales(draft, asker))
}

fn locales<'a>(draft: &'a Draft<'_>, asker: &'a Asker) -> impl Iterator<Item = &'a str> {
    let own = asker.customer.as_ref().and_then(|customer| customer.locale.as_deref());
    own.into_iter().chain(std::iter::once(draft.shop.locale()))
}

/// Whom an offer is for.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// How they come to it.
    pub audience: Audience,
    /// Only members of one of these, where there are any.
    pub segments: &'a [Slug],
    /// What must hold.
    pub conditions: &'a [Condition],
}

impl<'a> Terms<'a> {
    /// Those of an offer.
    pub fn of(offer: &'a Offer) -> Self {
        Self { audience: offer.audience, segments: &offer.segments, conditions: &offer.conditions }
    }
}

/// Whether an offer on these terms is for somebody, whatever is left of it.
pub fn suits(draft: &Draft<'_>, terms: Terms<'_>, asker: &Asker) -> Result<Vec<Judged>, Stop> {
    let told = Told { draft, asker, language: language(draft, asker) };
    Ok(told.terms(terms)?.0)
}

/// Judges somebody.
pub fn judge(draft: &Draft<'_>, offer: &Offer, program: &Program, asker: &Asker) -> Result<Verdict, Stop> {
    let told = Told { draft, asker, language: language(draft, asker) };
    let (open, terms) = (told.open(offer, program), told.terms(Terms::of(offer)));
    let (person, group) = (told.person(offer), told.group(offer));
    let (claimed, held_back) = (counter::count(draft, &claims_subject(offer.id)), told.held_back(offer));
    let (terms, hint) = terms?;
    let (person, group, claimed, held_back) = (person?, group?, claimed?, held_back?);
    let remaining = offer.capacity.map(|capacity| (capacity - claimed).max(0));
    let mut judged = vec![open];
    judged.extend(terms);
    judged.push(person);
    judged.extend(group);
    judged.extend(held_back);
    judged.extend(remaining.map(|left| told.judged("capacity", Code::OfferExhausted, left > 0)));
    let mut unmet = judged.iter().filter(|judged| !judged.is_met());
    let near_miss = unmet.next().filter(|_| unmet.next().is_none()).map(|judged| judged.view.code.clone());
    let hint = hint.filter(|(code, _)| near_miss.as_ref() == Some(code)).map(|(_, hint)| hint);
    Ok(Verdict { judged, near_miss, hint, remaining })
}

/// Who is told, and in which language.
struct Told<'t, 'w> {
    draft: &'t Draft<'w>,
    asker: &'t Asker,
    language: Language,
}

impl Told<'_, '_> {
    fn judged(&self, code: &str, refusal: Code, met: bool) -> Judged {
        let message = (!met).then(|| say(self.language, &format!("offer.{code}"), &[]));
        Judged { view: JudgedView { code: code.to_owned(), met, message }, refusal }
    }

    fn open(&self, offer: &Offer, program: &Program) -> Judged {
        let at = self.draft.at();
        let is_open = offer.is_open(at) && program.is_open(at) && !offer.reward.is_over(at);
        self.judged("open", Code::OfferNotActive, is_open)
    }

    /// Whom it is for; and what would let them in whom one condition alone keeps out, with its code.
    fn terms(&self, terms: Terms<'_>) -> Result<(Vec<Judged>, Option<Hint>), Stop> {
        let (audience, segment) = (self.audience(terms.audience), self.segment(terms.segments));
        let conditions = self.conditions(terms.conditions);
        let (audience, segment, (conditions, hint)) = (audience?, segment?, conditions?);
        Ok((std::iter::once(audience).chain(segment).chain(conditions).collect(), hint))
    }

    fn audience(&self, audience: Audience) -> Result<Judged, Stop> {
        let arrived = self.asker.came_in_private();
        let (code, met) = match audience {
            Audience::Arrive => ("arrived_in_private", arrived),
            Audience::Share => ("shared_in_private", self.asker.shared_in_private(self.draft)?),
            Audience::Both => ("in_private", arrived || self.asker.shared_in_private(self.draft)?),
        };
        let mut judged = self.judged(code, Code::NotEligible, met);
        if let Some(why) = self.asker.astray.filter(|_| !met && audience != Audience::Share) {
            let own = crate::wording::find(self.language, &format!("offer.astray.{why}"), &[]);
            judged.view.message = own.or(judged.view.message);
        }
        Ok(judged)
    }

    fn segment(&self, segments: &[Slug]) -> Result<Option<Judged>, Stop> {
        if segments.is_empty() {
            return Ok(None);
        }
        let own = known::segments(self.draft, self.asker)?;
        let is_in = segments.iter().any(|segment| own.iter().any(|own| **own == **segment));
        Ok(Some(self.judged("segment", Code::NotEligible, is_in)))
    }

    /// The offer's own conditions; and what would let them in whom one of them alone keeps out, with its code.
    fn conditions(&self, conditions: &[Condition]) -> Result<(Vec<Judged>, Option<Hint>), Stop> {
        let trees: Vec<_> = conditions.iter().map(|condition| &condition.tree).collect();
        let facts = known::facts(self.draft, self.asker, &trees)?;
        let met: Vec<bool> = trees.iter().map(|tree| evaluate(tree, &facts) == Outcome::Met).collect();
        let judged = |condition: &Condition, met, message| Judged {
            view: JudgedView { code: condition.code.clone(), met, message },
            refusal: Code::NotEligible,
        };
        if met.iter().all(|met| *met) {
            return Ok((conditions.iter().map(|condition| judged(condition, true, None)).collect(), None));
        }
        let told = facts.only(|fact| self.asker.may_be_told(fact));
        let why_not = |condition: &Condition| {
            let own = locales(self.draft, self.asker).find_map(|locale| words_in(condition, locale));
            own.unwrap_or_else(|| reason(&condition.tree, &told, self.language))
        };
        let all = conditions.iter().zip(met);
        let judged = all.map(|(condition, met)| judged(condition, met, (!met).then(|| why_not(condition)))).collect();
        // That one fact alone is missing says that all others are there.
        let may_be_told = |tree: &Expression| tree.facts().into_iter().all(|fact| self.asker.may_be_told(fact));
        let miss = near_miss(&trees, &facts).filter(|miss| may_be_told(trees[miss.condition]));
        let hint = miss.map(|miss| (conditions[miss.condition].code.clone(), miss.sentence(&told, self.language)));
        Ok((judged, hint))
    }

    fn person(&self, offer: &Offer) -> Result<Judged, Stop> {
        let taken = match &self.asker.person {
            Some(person) => person::count(self.draft, person, |id| person_subject(offer.id, id))?,
            None => 0,
        };
        Ok(self.judged("per_customer", Code::AlreadyClaimed, taken < offer.per_customer))
    }

    /// Whether the share's link has got about, and the offer holds it back.
    fn held_back(&self, offer: &Offer) -> Result<Option<Judged>, Stop> {
        let (Some(arrival), Some(share)) = (&self.asker.arrival, share_of(self.asker)) else { return Ok(None) };
        if offer.audience == Audience::Share {
            return Ok(None);
        }
        let is_held = leak::holds_back(self.draft, offer, share, arrival)?;
        Ok(is_held.then(|| self.judged("held_back", Code::LimitReached, false)))
    }

    fn group(&self, offer: &Offer) -> Result<Option<Judged>, Stop> {
        let (OfferKind::Group, Some(terms)) = (offer.kind, &offer.group_terms.0) else { return Ok(None) };
        let Some(share) = share_of(self.asker) else {
            return Ok(Some(self.judged("group", Code::NotEligible, false)));
        };
        let taken = counter::count(self.draft, &share_claims_subject(offer.id, share.id))?;
        Ok(Some(self.judged("group_places", Code::OfferExhausted, taken < terms.places)))
    }
}

/// The share by which somebody came.
pub fn share_of(asker: &Asker) -> Option<&Rc<Share>> {
    asker.arrival.as_ref()?.share.as_ref()
}

fn words_in(condition: &Condition, locale: &str) -> Option<String> {
    let own = condition.message.get(locale);
    let of_language = || condition.message.get(language_of(locale));
    own.or_else(of_language).map(|text| text.to_string()).filter(|text| !text.is_empty())
}
