//! What came with a friend, a token or a code, and for whom it speaks.
//!
//! Whether a candidate may win is decided in `attribution`; here is only found out who it is.

use std::rc::Rc;

use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::input::brought::{Evidence, nonblank};
use crate::decide::input::typed_code;
use crate::records::code::Typed;
use crate::records::conversion::{AgeFrom, MarkSeen};
use crate::records::referral::Method;
use crate::records::trial::{Began, is_held_out};
use crate::records::{Code, Id, Program, Share, ShareCount, Timestamp, Why};
use crate::visit_mark::{Mark, Reading, VisitMark};
use crate::world::Stop;

/// Somebody for whom a piece of evidence speaks.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// By what.
    pub method: Method,
    /// Of a discount that was redeemed: by what that was come by.
    pub redeemed_by: Option<Method>,
    /// In which program.
    pub program: Rc<Program>,
    /// Who.
    pub advocate: Id,
    /// Her id at the shop.
    pub advocate_ref: Option<String>,
    /// The share, when a link was followed.
    pub share: Option<Rc<Share>>,
    /// When the advocate began to recommend in the program, as the evidence tells.
    pub began: Option<Began>,
    /// When the evidence came to be; `None`: nobody knows, and it does not age.
    pub seen_at: Option<Timestamp>,
    /// By what that is known, where a link was followed.
    pub age_from: Option<AgeFrom>,
    /// The share of the link or of the code, where nothing shows that the friend opened one of the advocate's links.
    pub naked: Option<Id>,
}

impl Candidate {
    /// Whether the program keeps them without an offer.
    pub fn is_held_out(&self) -> bool {
        is_held_out(self.began.and_then(|began| began.arm))
    }
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
    pub outcome: Why,
}

/// What the evidence came to.
#[derive(Clone, Debug, Default)]
pub struct EvidenceFindings {
    /// For these it speaks.
    pub found: Vec<Candidate>,
    /// For nobody.
    pub lost: Vec<Lost>,
    /// What the mark of the link was worth, where one came.
    pub mark: Option<MarkSeen>,
}

impl EvidenceFindings {
    /// Notes that a token came which nobody can read.
    pub fn note_unreadable(&mut self) {
        self.mark = Some(MarkSeen::Unreadable);
        self.lost.push(Lost { method: Method::Token, program: None, advocate: None, outcome: Why::Unknown });
    }
}

/// Finds out for whom the evidence speaks.
pub fn candidates(draft: &Draft<'_>, evidence: &Evidence) -> Result<EvidenceFindings, Stop> {
    candidates_of(draft, evidence.token.as_deref(), evidence.code.as_deref())
}

/// The same of a token and a code.
pub fn candidates_of(draft: &Draft<'_>, token: Option<&str>, code: Option<&str>) -> Result<EvidenceFindings, Stop> {
    let typed = code.map(Typed::new).filter(|typed| !typed.is_blank());
    let reading = nonblank(token).map(|token| VisitMark::read(draft.installation.vault.visits(), token));
    let code = typed.map(|typed| typed_code::advocate(draft, &typed)).transpose();
    let share = reading.as_ref().map(|reading| draft.find(&Share::BY_TOKEN, &reading.token)).transpose();
    let (code, share) = (code?, share?);
    let mark = reading.as_ref().map(worth);
    let by_code = code.as_ref().map(|code| from_code(draft, code.as_deref()));
    let by_token = reading.zip(share).map(|(reading, share)| from_share(draft, &reading, share));
    let mut findings = EvidenceFindings { mark, ..EvidenceFindings::default() };
    for found in [by_code.transpose()?, by_token.transpose()?].into_iter().flatten() {
        match found {
            Ok(candidate) => findings.found.push(candidate),
            Err(lost) => findings.lost.push(lost),
        }
    }
    note_visits(draft, &mut findings.found)?;
    Ok(findings)
}

/// A genuine mark shows a visit for everything else, too, that speaks for the same advocate in the same program.
pub fn note_visits(draft: &Draft<'_>, found: &mut [Candidate]) -> Result<(), Stop> {
    let visited: Vec<Candidate> = found.iter().filter(|one| one.age_from == Some(AgeFrom::Mark)).cloned().collect();
    found.iter_mut().try_for_each(|one| note_visit(draft, one, &visited))
}

/// The same of one candidate, by others.
pub fn note_visit(draft: &Draft<'_>, one: &mut Candidate, others: &[Candidate]) -> Result<(), Stop> {
    if one.naked.is_none() {
        return Ok(());
    }
    let program = one.program.id;
    for other in others.iter().filter(|other| other.age_from == Some(AgeFrom::Mark) && other.program.id == program) {
        let [theirs, others] = [one.advocate, other.advocate].map(|advocate| customer_lookup::current(draft, advocate));
        if theirs?.id == others?.id {
            one.naked = None;
        }
    }
    Ok(())
}

fn worth(reading: &Reading) -> MarkSeen {
    match reading.mark {
        Mark::Absent => MarkSeen::Absent,
        Mark::Genuine { .. } => MarkSeen::Genuine,
        Mark::Forged => MarkSeen::Forged,
    }
}

type Found = Result<Candidate, Lost>;

fn from_code(draft: &Draft<'_>, code: Option<&Code>) -> Result<Found, Stop> {
    Ok(match code {
        Some(code) => Ok(of_code(draft, code)?),
        None => Err(Lost { method: Method::Code, program: None, advocate: None, outcome: Why::Unknown }),
    })
}

/// For whom an advocate's code speaks.
pub fn of_code(draft: &Draft<'_>, code: &Code) -> Result<Candidate, Stop> {
    Ok(Candidate {
        method: Method::Code,
        redeemed_by: None,
        program: draft.expect::<Program>(code.program)?,
        advocate: code.customer,
        advocate_ref: code.customer_ref.clone(),
        share: None,
        began: code.began(),
        seen_at: None,
        age_from: None,
        naked: Some(code.share),
    })
}

/// A share that nobody owns is counted and speaks for nobody.
fn from_share(draft: &Draft<'_>, reading: &Reading, share: Option<Rc<Share>>) -> Result<Found, Stop> {
    let program = share.as_ref().map(|share| share.program);
    let owned = share.and_then(|share| share.customer.map(|customer| (share, customer)));
    let Some((share, advocate)) = owned else {
        return Ok(Err(Lost { method: Method::Token, program, advocate: None, outcome: Why::Unknown }));
    };
    let (program, seen) = (draft.expect::<Program>(share.program), seen(draft, reading, &share));
    let (program, (seen_at, age_from)) = (program?, seen?);
    Ok(Ok(Candidate {
        method: Method::Token,
        redeemed_by: None,
        program,
        advocate,
        advocate_ref: share.customer_ref.clone(),
        naked: (age_from != AgeFrom::Mark).then_some(share.id),
        began: share.began(),
        share: Some(share),
        seen_at: Some(seen_at),
        age_from: Some(age_from),
    }))
}

/// When the link was followed: as a genuine mark says. Without one it was no later than somebody last opened
/// it, and where nobody did, the token is as old as the share. So a mark that is cut off or changed never
/// makes an old visit of a link that was left alone young.
fn seen(draft: &Draft<'_>, reading: &Reading, share: &Share) -> Result<(Timestamp, AgeFrom), Stop> {
    if let Some(visited_at_ms) = reading.visited_at_ms() {
        return Ok((Timestamp::from_ms(visited_at_ms), AgeFrom::Mark));
    }
    let count = draft.get::<ShareCount>(share.id)?;
    let opened = count.and_then(|count| count.opened_at).map(|opened_at| (opened_at, AgeFrom::Opened));
    Ok(opened.unwrap_or((share.created_at, AgeFrom::Made)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::programs::create_program::CreateProgram;
    use crate::decide::sharing::create_shares::CreateShares;
    use crate::decide::testing::bench::{Bench, customer};
    use crate::records::time::DAY_MS;

    /// A share that was made at noon and last opened so many days later, if at all.
    fn shared(opened_after: Option<i64>) -> (Bench, Rc<Share>) {
        let mut bench = Bench::new();
        bench.put(customer(&bench, "anna", "anna@mail.example"));
        let program = r#"{"name":"W","slug":"w","status":"active","landing_url":"https://shop.example/","rewards":[]}"#;
        bench.decide(serde_json::from_str::<CreateProgram>(program).expect("a command")).expect("a program");
        let share = r#"{"program":"w","customer":"anna","channel":"whatsapp"}"#;
        bench.decide(serde_json::from_str::<CreateShares>(share).expect("a command")).expect("a share");
        let share = bench.all::<Share>()[0].clone();
        if let Some(days) = opened_after {
            let opened_at = Some(bench.at.plus_days(days));
            let (id, shop) = (share.id, share.shop);
            let counts = ShareCount {
                id,
                shop,
                version: 1,
                previews: 0,
                visits: 1,
                unique_visits: 1,
                public_visits: 0,
                opened_at,
            };
            bench.put(counts);
        }
        (bench, share)
    }

    #[test]
    fn what_proves_no_visit_is_as_old_as_the_last_one_or_the_share() {
        for (opened_after, days, age_from) in
            [(None, 0, AgeFrom::Made), (Some(3), 3, AgeFrom::Opened), (Some(400), 400, AgeFrom::Opened)]
        {
            let (mut bench, share) = shared(opened_after);
            let (made_at, key) = (bench.at, bench.installation().vault.visits().clone());
            let visit = VisitMark::mint(&key, &share.token, made_at.ms() + DAY_MS, [7; 5]);
            let genuine = format!("{}.{visit}", share.token);
            let unproved = [share.token.clone(), format!("{}.", share.token), genuine[..genuine.len() - 1].to_owned()];
            let mut seen = |token: &str| {
                let findings = bench.dry_run(|draft| candidates_of(draft, Some(token), None)).expect("claims");
                (findings.found[0].seen_at, findings.found[0].age_from)
            };
            for token in unproved {
                assert_eq!(seen(&token), (Some(made_at.plus_days(days)), Some(age_from)), "{token}");
            }
            let (seen_at, age_from) = seen(&genuine);
            assert_eq!(seen_at.map(|at| (made_at.ms() + DAY_MS - at.ms()) / 60_000), Some(0), "to the minute");
            assert_eq!(age_from, Some(AgeFrom::Mark));
        }
    }
}
