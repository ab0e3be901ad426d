//! What a check and a claim have in common: who asks, and which claims they have already.

use std::rc::Rc;

use serde::Deserialize;

use crate::decide::conditions::asker::{Asker, Cart};
use crate::decide::draft::Draft;
use crate::decide::input::brought::Evidence;
use crate::decide::offers::offer::named;
use crate::decide::people::customer::{self, CustomerDetails, Found};
use crate::decide::people::person::Person;
use crate::decide::referrals::evidence::{self, EvidenceFindings};
use crate::decide::{counter, customer_lookup};
use crate::records::claim::place;
use crate::records::conversion::OrderItem;
use crate::records::money::{Amount, Currency};
use crate::records::offer::person_subject;
use crate::records::text::{Reference, Text};
use crate::records::{Claim, Id, Offer, Program};
use crate::refusal::Rejection;
use crate::world::Stop;

/// Items of an order that is told of.
const ITEMS: usize = 500;
/// Categories of one of them.
const CATEGORIES: usize = 50;
/// Claims that are looked at to find the last one of a customer.
const LAST: usize = 10;

/// Who asks for an offer, and with what.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Who: `external_id` or `cus_…`.
    #[serde(default)]
    pub customer: Option<Reference>,
    /// What is told of them; without `customer` they are a guest.
    #[serde(default)]
    pub customer_details: Option<CustomerDetails>,
    /// What they came with.
    #[serde(default)]
    pub evidence: Evidence,
    /// What they are about to order.
    #[serde(default)]
    pub order: Option<OrderInput>,
    /// The session in which a code was typed: by whom wrong codes are counted. Never stored.
    #[serde(default)]
    pub visitor: Option<Text<0, 128>>,
}

/// What somebody is about to order.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderInput {
    /// Goods, minor units.
    pub amount: Amount,
    /// The shop's currency when left out.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// At most 500.
    #[serde(default)]
    pub items: Vec<OrderItemInput>,
}

/// One line of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderItemInput {
    /// The product.
    #[serde(default)]
    pub sku: Option<Reference>,
    /// The product's categories.
    #[serde(default)]
    pub categories: Vec<Reference>,
}

impl OrderInput {
    fn cart(&self, draft: &Draft<'_>) -> Result<Cart, Rejection> {
        if self.items.len() > ITEMS {
            return Err(Rejection::field("/order/items", format!("at most {ITEMS} items are expected")));
        }
        if let Some(index) = self.items.iter().position(|item| item.categories.len() > CATEGORIES) {
            let pointer = format!("/order/items/{index}/categories");
            return Err(Rejection::field(pointer, format!("at most {CATEGORIES} categories are expected")));
        }
        let item = |item: &OrderItemInput| OrderItem {
            id: String::new(),
            sku: item.sku.as_ref().map(|sku| sku.to_string()),
            quantity: 1,
            amount: 0,
            categories: item.categories.iter().map(|category| category.to_string()).collect(),
            discounted: false,
        };
        let currency = self.currency.unwrap_or(draft.shop.currency);
        Ok(Cart { amount: self.amount.0, currency, items: self.items.iter().map(item).collect() })
    }
}

/// An offer that somebody asks for.
pub struct Asked {
    /// The offer.
    pub offer: Rc<Offer>,
    /// The program whose shares count.
    pub program: Rc<Program>,
    /// Who asks, as they are known.
    pub asker: Asker,
    /// What of them is to be kept when they take it.
    pub found: Option<Found>,
    /// What they came with, as far as it speaks for somebody.
    pub findings: EvidenceFindings,
}

/// Finds out who asks for what. All that a request names is asked for at once.
pub fn asked(draft: &Draft<'_>, id: Id, ask: &Ask) -> Result<Asked, Stop> {
    let offer = named(draft, id);
    let found = customer::find(draft, ask.customer.as_deref(), ask.customer_details.as_ref(), "/customer");
    let findings = evidence::candidates(draft, &ask.evidence);
    let who = match &found {
        Ok(Some(found)) => Some(found.person(draft).map(|person| (found.customer.clone(), person))),
        _ => None,
    };
    let (offer, found, findings, who) = (offer?, found?, findings?, who.transpose()?);
    let program = draft.expect::<Program>(offer.program)?;
    let mut asker = Asker::find(draft, &program, who, &ask.evidence, &findings)?;
    asker.is_typed = ask.customer.is_none();
    asker.order = ask.order.as_ref().map(|order| order.cart(draft)).transpose()?;
    Ok(Asked { offer, program, asker, found, findings })
}

/// The last claim that a customer has of an offer, under whichever id of their person it was made.
pub fn last_of(draft: &Draft<'_>, offer: Id, person: &Person, customer: Id) -> Result<Option<Rc<Claim>>, Stop> {
    let counts: Vec<_> = person.ids().map(|id| (id, counter::count(draft, &person_subject(offer, id)))).collect();
    let mut found = Vec::new();
    for (id, count) in counts {
        let numbers = (1..=count?).rev().take(LAST);
        found.extend(numbers.map(|number| draft.find(&Claim::BY_PLACE, &place(offer, id, number))));
    }
    let found: Vec<Option<Rc<Claim>>> = found.into_iter().collect::<Result<_, _>>()?;
    let claims: Vec<Rc<Claim>> = found.into_iter().flatten().collect();
    let owners: Vec<_> = claims.iter().map(|claim| customer_lookup::current(draft, claim.customer)).collect();
    let owners: Vec<_> = owners.into_iter().collect::<Result<_, _>>()?;
    let own = claims.into_iter().zip(owners).filter(|(_, owner)| owner.id == customer).map(|(claim, _)| claim);
    Ok(own.max_by_key(|claim| (claim.created_at, claim.id)))
}
