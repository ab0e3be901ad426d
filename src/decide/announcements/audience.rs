//! To whom an announcement is, as a request says it.

use serde::Deserialize;

use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::programs::program;
use crate::records::announcement::{Audience, Bought};
use crate::records::text::{Reference, Slug};
use crate::records::{Id, Segment, Timestamp, spelling};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// Customers of a list that stands in a body; more are imported as the list of a segment.
const CUSTOMERS: usize = 1_000;
/// Products of one announcement.
const SKUS: usize = 200;

/// One of these.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AudienceInput {
    /// `true`: every customer and guest.
    pub all: Option<bool>,
    /// A program's customers: its id or slug.
    pub program: Option<Reference>,
    /// A segment, by its key.
    pub segment: Option<Slug>,
    /// A list: `external_id` or `cus_…`.
    pub customers: Option<Vec<Reference>>,
    /// Whoever bought one of some products in a time.
    pub bought: Option<BoughtInput>,
}

/// Products, and when they were bought.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoughtInput {
    /// The products, as orders name them.
    pub skus: Vec<Reference>,
    /// The first instant.
    pub from: Timestamp,
    /// The first instant too late.
    pub to: Timestamp,
}

/// Reads it; what it names must be there.
pub fn read(draft: &Draft<'_>, input: &AudienceInput) -> Result<Audience, Stop> {
    match input {
        AudienceInput { all: Some(true), program: None, segment: None, customers: None, bought: None } => {
            Ok(Audience::All(true))
        }
        AudienceInput { all: None, program: Some(name), segment: None, customers: None, bought: None } => {
            Ok(Audience::Program(program::known(draft, name, "/audience/program")?.id))
        }
        AudienceInput { all: None, program: None, segment: Some(key), customers: None, bought: None } => {
            segment(draft, key)
        }
        AudienceInput { all: None, program: None, segment: None, customers: Some(names), bought: None } => {
            customers(draft, names)
        }
        AudienceInput { all: None, program: None, segment: None, customers: None, bought: Some(given) } => {
            Ok(Audience::Bought(bought(given)?))
        }
        _ => {
            let detail = "one of all (true), program, segment, customers and bought is expected, and no other with it";
            Err(Rejection::field("/audience", detail).into())
        }
    }
}

fn segment(draft: &Draft<'_>, key: &Slug) -> Result<Audience, Stop> {
    if draft.find(&Segment::BY_KEY, key)?.is_none() {
        let detail = format!("There is no segment {}; PUT /v1/segments/{{key}} makes one.", &**key);
        return Err(Rejection::at(Code::SegmentUnknown, "/audience/segment", detail).into());
    }
    Ok(Audience::Segment(key.clone()))
}

/// Our own ids are kept, which lead nowhere once somebody is erased.
fn customers(draft: &Draft<'_>, names: &[Reference]) -> Result<Audience, Stop> {
    if !(1..=CUSTOMERS).contains(&names.len()) {
        let detail =
            format!("1 to {CUSTOMERS} customers are expected; import more as the members of a segment, and name that");
        return Err(Rejection::field("/audience/customers", detail).into());
    }
    let pointer = |index: usize| format!("/audience/customers/{index}");
    let each = |(index, name): (usize, &Reference)| customer_lookup::known(draft, name, &pointer(index));
    let found: Vec<_> = names.iter().enumerate().map(each).collect();
    let mut ids: Vec<Id> = Vec::with_capacity(names.len());
    for customer in found {
        let id = customer?.id;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(Audience::Customers(ids))
}

fn bought(given: &BoughtInput) -> Result<Bought, Rejection> {
    if !(1..=SKUS).contains(&given.skus.len()) {
        return Err(Rejection::field("/audience/bought/skus", format!("1 to {SKUS} products are expected")));
    }
    if given.to <= given.from {
        let detail = "an instant after from is expected: the first one too late";
        return Err(Rejection::field("/audience/bought/to", detail));
    }
    let mut skus: Vec<Reference> = Vec::with_capacity(given.skus.len());
    for sku in &given.skus {
        if skus.iter().all(|other| spelling::product(other) != spelling::product(sku)) {
            skus.push(sku.clone());
        }
    }
    Ok(Bought { skus, from: given.from, to: given.to })
}
