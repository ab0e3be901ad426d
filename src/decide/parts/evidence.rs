//! What came with a friend, a token or a code, and for whom it speaks.
//!
//! Whether a candidate may win is decided in `attribution`; here is only found out who it is.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::typed_code;
use crate::decide::draft::Draft;
use crate::records::code::Typed;
use crate::records::conversion::Brought;
use crate::records::referral::Method;
use crate::records::text::Text;
use crate::records::typed::typed;
use crate::records::{Code, Id, Program, Share, Timestamp};
use crate::visit_mark::{Reading, VisitMark};
use crate::world::Stop;

/// What came with an order, a sign-up or a cart. A field that is blank counts as left out, so that a
/// shop may pass on what it found in its form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// `TOKEN.VISIT` from the landing page's address, or the token alone.
    #[serde(default, deserialize_with = "typed")]
    pub token: Option<Text<1, 2000>>,
    /// An advocate's code as it was typed.
    #[serde(default, deserialize_with = "typed")]
    pub code: Option<Typed>,
}

impl Evidence {
    /// The code that was typed; a field that was left empty is none.
    pub fn typed(&self) -> Option<&Typed> {
        self.code.as_ref().filter(|typed| !typed.is_blank())
    }

    /// How many codes of it are nobody's.
    pub fn unknown_codes(&self, draft: &Draft<'_>) -> Result<usize, Stop> {
        let known = self.typed().map(|typed| typed_code::advocate(draft, typed)).transpose()?;
        Ok(usize::from(known.is_some_and(|known| known.is_none())))
    }

    /// As it is kept with an order.
    pub fn brought(&self) -> Brought {
        let kept = |text: Option<&str>| given(text).map(str::to_owned);
        Brought { token: kept(self.token.as_deref()), code: kept(self.code.as_deref()) }
    }
}

/// Somebody for whom a piece of evidence speaks.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// By what.
    pub method: Method,
    /// In which program.
    pub program: Rc<Program>,
    /// Who.
    pub advocate: Id,
    /// Her id at the shop.
    pub advocate_ref: Option<String>,
    /// The share, when a link was followed.
    pub share: Option<Rc<Share>>,
    /// When the evidence came to be; `None`: nobody knows, and it does not age.
    pub seen_at: Option<Timestamp>,
}

/// Evidence that speaks for nobody, and why.
#[derive(Clone, Debug)]
pub struct Lost {
    /// What kind of evidence.
    pub method: Method,
    /// Its program, when known.
    pub program: Option<Id>,
    /// Whom it spoke for: the shop's id.
    pub advocate: Option<String>,
    /// Why it lost.
    pub outcome: &'static str,
}

/// What the evidence came to.
#[derive(Clone, Debug, Default)]
pub struct Claims {
    /// For these it speaks.
    pub found: Vec<Candidate>,
    /// For nobody.
    pub lost: Vec<Lost>,
}

/// Finds out for whom the evidence speaks.
pub fn candidates(draft: &Draft<'_>, evidence: &Evidence) -> Result<Claims, Stop> {
    candidates_of(draft, evidence.token.as_deref(), evidence.code.as_deref())
}

/// The same of a token and a code.
pub fn candidates_of(draft: &Draft<'_>, token: Option<&str>, code: Option<&str>) -> Result<Claims, Stop> {
    let typed = code.map(Typed::new).filter(|typed| !typed.is_blank());
    let reading = given(token).map(|token| VisitMark::read(draft.house.vault.visits(), token));
    let code = typed.map(|typed| typed_code::advocate(draft, &typed)).transpose();
    let share = reading.as_ref().map(|reading| draft.find(&Share::BY_TOKEN, &reading.token)).transpose();
    let (code, share) = (code?, share?);
    let by_code = code.as_ref().map(|code| from_code(draft, code.as_deref()));
    let by_token = reading.zip(share).map(|(reading, share)| from_share(draft, &reading, share));
    let mut claims = Claims::default();
    for found in [by_code.transpose()?, by_token.transpose()?].into_iter().flatten() {
        match found {
            Ok(candidate) => claims.found.push(candidate),
            Err(lost) => claims.lost.push(lost),
        }
    }
    Ok(claims)
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

type Found = Result<Candidate, Lost>;

fn from_code(draft: &Draft<'_>, code: Option<&Code>) -> Result<Found, Stop> {
    Ok(match code {
        Some(code) => Ok(of_code(draft, code)?),
        None => Err(Lost { method: Method::Code, program: None, advocate: None, outcome: "unknown" }),
    })
}

/// For whom an advocate's code speaks.
pub fn of_code(draft: &Draft<'_>, code: &Code) -> Result<Candidate, Stop> {
    Ok(Candidate {
        method: Method::Code,
        program: draft.expect::<Program>(code.program)?,
        advocate: code.customer,
        advocate_ref: code.customer_ref.clone(),
        share: None,
        seen_at: None,
    })
}

/// A share that nobody owns is counted and speaks for nobody.
fn from_share(draft: &Draft<'_>, reading: &Reading, share: Option<Rc<Share>>) -> Result<Found, Stop> {
    let program = share.as_ref().map(|share| share.program);
    let owned = share.and_then(|share| share.customer.map(|customer| (share, customer)));
    let Some((share, advocate)) = owned else {
        return Ok(Err(Lost { method: Method::Token, program, advocate: None, outcome: "unknown" }));
    };
    Ok(Ok(Candidate {
        method: Method::Token,
        program: draft.expect::<Program>(share.program)?,
        advocate,
        advocate_ref: share.customer_ref.clone(),
        share: Some(share),
        seen_at: reading.visited_at_ms().map(Timestamp::from_ms),
    }))
}
