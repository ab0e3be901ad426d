//! Erases a customer, with all who were merged into him: what tells who he is, at once; what else
//! names him, by a job, record by record.

use std::rc::Rc;

use crate::decide::answer::Answer;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::people::credit::lapse_credit;
use crate::decide::people::{leads, person};
use crate::records::job::{JobKind, JobStatus};
use crate::records::{Customer, EventKind, Id, Identity, Job, Json, Shop};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// Whom.
#[derive(Clone, Debug)]
pub struct EraseCustomer {
    /// `external_id` or `cus_…`, from the path.
    pub customer: String,
    /// How long whoever asks has the job for himself, milliseconds.
    pub lease_ms: i64,
}

/// Decides it: 202 and the job. Who is erased already is answered the job that did it.
pub fn decide(draft: &mut Draft<'_>, command: &EraseCustomer) -> Result<Answer, Stop> {
    let found = customer_lookup::named(draft, &command.customer)?;
    let found = found.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such customer."))?;
    let known = customer_lookup::merged(draft, found)?;
    if known.is_erased() {
        return Ok(answer(draft, &*draft.expect::<Job>(Job::erasure_of(known.id))?));
    }
    let family = family(draft, known)?;
    let led = identities(draft, &family)?;
    let others = others(draft, &family, &led)?;
    leave_test_recipients(draft, &family);
    let first = family[0].id;
    let erasure = Job::erasure_of(first);
    draft.each(&family, |draft, one| {
        lapse_credit(draft, one.id)?;
        for word in one.words() {
            draft.erase_word(word);
        }
        draft.forget(erasure, one.id)?;
        draft.save(one.erased(draft.at()));
        draft.event(EventKind::CustomerErased, &views::customer::erased(one))
    })?;
    for identity in led {
        hand_over(draft, &identity, &others);
    }
    draft.audit("erase_customer", first, None);
    let job = draft.save(job(draft, first, Job::parts(family.len()), command.lease_ms));
    Ok(answer(draft, &job))
}

fn answer(draft: &Draft<'_>, job: &Job) -> Answer {
    Answer::accepted(&views::job::job(job, &draft.installation.public_url), format!("/v1/jobs/{}", job.id))
}

/// The customer, and those who were merged into him.
fn family(draft: &Draft<'_>, first: Rc<Customer>) -> Result<Vec<Rc<Customer>>, Stop> {
    let merged = draft.list(&Customer::MERGED_INTO, first.id)?;
    Ok([first].into_iter().chain(merged).collect())
}

/// Customers who count with them and stay, and whoever gave a number of theirs: an address may be theirs as
/// well.
fn others(draft: &Draft<'_>, family: &[Rc<Customer>], led: &[Rc<Identity>]) -> Result<Vec<Rc<Customer>>, Stop> {
    let persons: Vec<_> = family.iter().map(|one| one.person).chain(led.iter().map(|one| one.person)).collect();
    let persons: Vec<_> = persons.into_iter().map(|id| person::with_neighbours(draft, id)).collect::<Result<_, _>>()?;
    let mut ids: Vec<Id> = persons.iter().flat_map(person::Person::ids).collect();
    ids.sort_unstable();
    ids.dedup();
    let found: Vec<_> = ids.into_iter().map(|id| draft.list(&Customer::OF_PERSON, id)).collect::<Result<_, _>>()?;
    let stays = |other: &Rc<Customer>| other.merged_into.is_none() && !family.iter().any(|one| one.id == other.id);
    Ok(found.into_iter().flatten().filter(stays).collect())
}

fn identities(draft: &Draft<'_>, family: &[Rc<Customer>]) -> Result<Vec<Rc<Identity>>, Stop> {
    let led: Vec<_> = family.iter().map(|one| draft.list(&Identity::OF_CUSTOMER, one.id)).collect::<Result<_, _>>()?;
    Ok(led.into_iter().flatten().collect())
}

/// An address leads to somebody else who has it, or is forgotten.
fn hand_over(draft: &mut Draft<'_>, identity: &Identity, others: &[Rc<Customer>]) {
    let has_it = |other: &&Rc<Customer>| {
        person::may_be_known_by(draft, other.email.as_deref(), other.phone.as_deref(), identity.id)
    };
    let mut holders: Vec<_> = others.iter().filter(has_it).collect();
    holders.sort_by_key(|holder| !leads::leads(holder, identity.kind));
    let holder = holders.first();
    let leads = holder.is_some_and(|holder| leads::leads(holder, identity.kind));
    draft.save(Identity { customer: holder.map(|holder| holder.id), leads, ..identity.clone() });
}

/// A test shop writes to nobody whom it has been told to forget.
fn leave_test_recipients(draft: &mut Draft<'_>, family: &[Rc<Customer>]) {
    let is_his = |address: &String| {
        family.iter().filter_map(|one| one.email.as_ref()).any(|his| his.eq_ignore_ascii_case(address))
    };
    if draft.shop.test_recipients.iter().any(is_his) {
        let mut shop: Shop = (*draft.shop).clone();
        shop.test_recipients = Json(shop.test_recipients.0.into_iter().filter(|address| !is_his(address)).collect());
        draft.save(shop);
    }
}

fn job(draft: &Draft<'_>, customer: Id, parts: i64, lease_ms: i64) -> Job {
    Job {
        id: Job::erasure_of(customer),
        shop: draft.shop.id,
        version: 0,
        kind: JobKind::Erasure,
        status: JobStatus::Running,
        cursor: 0,
        done: 0,
        total: parts,
        known: 0,
        refused: 0,
        batch: None,
        passed: None,
        reason: None,
        created_at: draft.at(),
        finished_at: None,
        next_at: Some(draft.context.real_at.plus_ms(lease_ms)),
    }
}
