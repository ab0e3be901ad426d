//! Who somebody is, by what he can say on the phone: an address, a number, an order, a code, a refund, a redemption. No
//! command: it changes nothing.

use serde::Deserialize;

use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::input::typed_code;
use crate::decide::people::person;
use crate::records::code::Typed;
use crate::records::text::{Reference, Text};
use crate::records::{Conversion, Customer, Hold, Id, Identity, OrderSlot, Redemption, Refund};
use crate::refusal::Rejection;
use crate::world::Stop;

/// What is known of somebody; exactly one of these.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindCustomer {
    /// An e-mail address, in any spelling.
    pub email: Option<Text<1, 254>>,
    /// A phone number, in any spelling.
    pub phone: Option<Text<1, 40>>,
    /// The shop's id of an order.
    pub order_id: Option<Reference>,
    /// A voucher's code or an advocate's.
    pub code: Option<Typed>,
    /// Any of these, or the shop's own id of a customer or a refund, or the id of a refund or a redemption, as somebody
    /// said it.
    pub q: Option<Text<1, 254>>,
}

/// Whom it led to, and by what.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The customer or guest; none: nobody is known by that.
    pub customer: Option<Id>,
    /// The ids of his person: others of them are he, too.
    pub persons: Vec<Id>,
    /// The order that was asked for.
    pub conversion: Option<Id>,
    /// The redemption of the order: the live one, else the last.
    pub redemption: Option<Id>,
    /// The voucher whose code was asked for.
    pub voucher: Option<Id>,
    /// Whether a code was asked for that nobody knows.
    pub is_unknown_code: bool,
}

/// What was tried for an order: its checkouts, also those that failed or are not over yet; and what came back under a
/// name.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tried {
    redemption: Option<Id>,
    customer: Option<Id>,
    refunded: Option<Id>,
}

impl Tried {
    /// Of an order's redemptions and holds, the newest of each first.
    pub fn of(redemptions: &[Redemption], holds: &[Hold]) -> Self {
        let redeemed = redemptions.iter().filter_map(|redemption| Some((redemption.created_at, redemption.customer?)));
        let held = holds.iter().filter_map(|hold| Some((hold.created_at, hold.customer?)));
        Self {
            redemption: redemptions.first().map(|redemption| redemption.id),
            customer: redeemed.chain(held).max().map(|(_, customer)| customer),
            refunded: None,
        }
    }

    /// With the refunds of a name, which lead to an order where they are of one.
    #[must_use]
    pub fn refunded(self, refunds: &[Refund]) -> Self {
        let first = refunds.first().map(|refund| refund.conversion);
        Self { refunded: first.filter(|first| refunds.iter().all(|refund| refund.conversion == *first)), ..self }
    }
}

/// Finds him; what was tried is of the order that is asked for.
pub fn find(draft: &Draft<'_>, ask: &FindCustomer, tried: Tried) -> Result<Found, Stop> {
    let (mut found, customer) = match (&ask.email, &ask.phone, &ask.order_id, &ask.code, &ask.q) {
        (Some(email), None, None, None, None) => by_address(draft, Some(email), None)?,
        (None, Some(phone), None, None, None) => by_address(draft, None, Some(phone))?,
        (None, None, Some(order), None, None) => by_order(draft, order, tried)?,
        (None, None, None, Some(code), None) => by_code(draft, code)?,
        (None, None, None, None, Some(said)) => by_anything(draft, said.trim(), tried)?,
        _ => return Err(Rejection::field("", "exactly one of q, email, phone, order_id and code is expected").into()),
    };
    if let Some(customer) = customer {
        let customer = customer_lookup::current(draft, customer)?;
        found.persons = person::of(draft, &customer)?.ids().collect();
        found.customer = Some(customer.id);
    }
    Ok(found)
}

type Led = (Found, Option<Id>);

/// By whatever somebody said: an address is told by its @, and what can be read as an id is one; of the rest an order comes
/// first, then a code, then a customer's own id, then a phone number, then a refund. All are asked for at once.
fn by_anything(draft: &Draft<'_>, said: &str, tried: Tried) -> Result<Led, Stop> {
    if said.contains('@') {
        return by_address(draft, Some(said), None);
    }
    if let Some(id) = Id::parse("rdm", said) {
        return by_redemption(draft, id);
    }
    if let Some(id) = Id::parse("rfd", said) {
        let refund = draft.get::<Refund>(id)?;
        return refund.map_or(Ok(Led::default()), |refund| by_conversion(draft, refund.conversion));
    }
    let refund = tried.refunded.map(|order| by_conversion(draft, order)).transpose();
    let (order, code) = (by_order(draft, said, tried), by_code(draft, said));
    let (named, phone) = (customer_lookup::named(draft, said), by_address(draft, None, Some(said)));
    let (order, code, named, phone, refund) = (order?, code?, named?, phone?, refund?);
    if order.0.conversion.is_some() || order.0.redemption.is_some() || order.1.is_some() {
        return Ok(order);
    }
    if !code.0.is_unknown_code {
        return Ok(code);
    }
    if let Some(customer) = named {
        return Ok((Found::default(), Some(customer.id)));
    }
    // A code that nobody knows counts as one, whatever it was meant to be.
    Ok(if phone.1.is_some() { phone } else { refund.unwrap_or(code) })
}

fn by_redemption(draft: &Draft<'_>, id: Id) -> Result<Led, Stop> {
    let Some(redemption) = draft.get::<Redemption>(id)? else { return Ok(Led::default()) };
    let conversion = draft.find(&Conversion::BY_ORDER, &redemption.order_id)?;
    let customer = redemption.customer.or(conversion.as_ref().and_then(|conversion| conversion.customer));
    let conversion = conversion.map(|conversion| conversion.id);
    Ok((Found { conversion, redemption: Some(id), ..Found::default() }, customer))
}

fn by_conversion(draft: &Draft<'_>, id: Id) -> Result<Led, Stop> {
    let conversion = draft.expect::<Conversion>(id)?;
    by_order(draft, &conversion.order_id, Tried::default())
}

fn by_address(draft: &Draft<'_>, email: Option<&str>, phone: Option<&str>) -> Result<Led, Stop> {
    let given = person::addresses(draft, email, phone)?;
    let Some((_, id)) = given.first() else { return Ok((Found::default(), None)) };
    let identity = draft.get::<Identity>(*id)?;
    Ok((Found::default(), identity.and_then(|identity| identity.customer)))
}

fn by_order(draft: &Draft<'_>, order: &str, tried: Tried) -> Result<Led, Stop> {
    let conversion = draft.find(&Conversion::BY_ORDER, order)?;
    let slot = draft.get::<OrderSlot>(OrderSlot::id_of(draft.shop.id, order))?;
    let redemption = slot.and_then(|slot| slot.redemption).map(|live| draft.expect::<Redemption>(live)).transpose()?;
    let customer: Option<Id> = conversion.as_ref().and_then(|conversion| conversion.customer);
    let found = Found {
        conversion: conversion.map(|conversion| conversion.id),
        redemption: redemption.as_ref().map(|redemption| redemption.id).or(tried.redemption),
        ..Found::default()
    };
    let redeemed = redemption.and_then(|redemption| redemption.customer);
    Ok((found, customer.or(redeemed).or(tried.customer)))
}

fn by_code(draft: &Draft<'_>, typed: &str) -> Result<Led, Stop> {
    let (voucher, advocate) = (typed_code::voucher(draft, typed)?, typed_code::advocate(draft, typed)?);
    let is_unknown_code = voucher.is_none() && advocate.is_none();
    let customer = match &voucher {
        Some(voucher) => voucher.customer,
        None => advocate.map(|advocate| advocate.customer),
    };
    let found = Found { voucher: voucher.map(|voucher| voucher.id), is_unknown_code, ..Found::default() };
    Ok((found, customer))
}

/// The account that was found, then the others of the same person; those who were merged are history.
pub fn in_order(accounts: Vec<Customer>, first: Id) -> Vec<Customer> {
    let mut accounts: Vec<Customer> = accounts.into_iter().filter(|account| account.merged_into.is_none()).collect();
    accounts.sort_by_key(|account| account.id != first);
    accounts
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::decide::people::upsert_customer::UpsertCustomer;
    use crate::decide::testing::till::{Till, id};

    fn ask(till: &mut Till, ask: Value, tried: Tried) -> Found {
        let ask: FindCustomer = serde_json::from_value(ask).expect("a question");
        till.bench.dry_run(|draft| find(draft, &ask, tried)).expect("an answer")
    }

    /// The shop's own name of whom a question leads to.
    fn name(till: &mut Till, found: &Found) -> Option<String> {
        till.bench.get::<Customer>(found.customer?).external_id.clone()
    }

    #[test]
    fn somebody_is_found_by_whatever_they_can_say() {
        let mut till = Till::new();
        let told = json!({"email": "Anna@Mail.example", "phone": "+49 170 1234567"});
        let told: UpsertCustomer = serde_json::from_value(told).expect("fields");
        till.bench.decide(UpsertCustomer { external_id: "anna".to_owned(), ..told }).expect("she is known");
        let program = till.program(json!({}));
        let advocates = till.code(program, "anna");
        let (bound, hers) = till.voucher(json!({"kind": "amount_off", "amount": 500, "customer": "bert"}));
        let (_, anybodys) = till.voucher(json!({"kind": "amount_off", "amount": 500}));
        till.order(json!({"order_id": "O-1", "customer": "bert"})).expect("an order");
        let cart = json!({"order_id": "R-1", "codes": [anybodys], "customer": "anna"});
        let redemption = id(&till.redeem(cart).expect("it is good").1);
        let table = [
            (json!({"email": "anna@mail.example"}), Some("anna")),
            (json!({"phone": "0049 170 123 45 67"}), Some("anna")),
            (json!({"email": "nobody@mail.example"}), None),
            (json!({"order_id": "O-1"}), Some("bert")),
            (json!({"order_id": "R-1"}), Some("anna")),
            (json!({"order_id": "O-9"}), None),
            (json!({"code": hers.to_lowercase()}), Some("bert")),
            (json!({"code": anybodys}), None),
            (json!({"code": advocates}), Some("anna")),
            (json!({"code": "NOBODYS"}), None),
        ];
        for (question, expected) in table {
            let found = ask(&mut till, question.clone(), Tried::default());
            assert_eq!(name(&mut till, &found).as_deref(), expected, "{question}");
            assert_eq!(found.is_unknown_code, question["code"] == "NOBODYS", "{question}");
            assert_eq!(found.persons.is_empty(), expected.is_none(), "{question}");
        }
        assert_eq!(ask(&mut till, json!({"order_id": "R-1"}), Tried::default()).redemption, Some(redemption));
        assert_eq!(ask(&mut till, json!({"code": hers}), Tried::default()).voucher, Some(bound));
    }

    /// A redemption that was undone, of an order that was never told.
    #[test]
    fn what_was_tried_for_an_order_leads_to_who_tried() {
        let mut till = Till::new();
        let (_, code) = till.voucher(json!({"kind": "amount_off", "amount": 500}));
        let redemption = id(&till.redeem(json!({"codes": [code], "customer": "anna"})).expect("it is good").1);
        till.reverse(redemption, "undo", None).expect("it is undone");
        let redeemed = till.bench.get::<Redemption>(redemption);
        let tried = Tried::of(&[(*redeemed).clone()], &[]);
        let found = ask(&mut till, json!({"order_id": "A-1"}), tried);
        assert_eq!((name(&mut till, &found).as_deref(), found.redemption), (Some("anna"), Some(redemption)));
    }

    #[test]
    fn a_question_names_one_thing() {
        let mut till = Till::new();
        for question in [json!({}), json!({"order_id": "A-1", "code": "ANNA-1"})] {
            let question: FindCustomer = serde_json::from_value(question).expect("fields");
            let refused = till.bench.dry_run(|draft| find(draft, &question, Tried::default())).expect_err("which?");
            assert_eq!(refused.code.as_str(), "invalid_field");
        }
    }

    #[test]
    fn who_was_found_comes_first_and_who_was_merged_is_history() {
        let till = Till::new();
        let blank = |name: &str| crate::decide::testing::bench::customer(&till.bench, name, "");
        let (first, other, gone) = (blank("a"), blank("b"), blank("c"));
        let gone = Customer { merged_into: Some(first.id), ..gone };
        let ids = |all: Vec<Customer>| all.iter().map(|one| one.id).collect::<Vec<_>>();
        let expected = [first.id, other.id];
        assert_eq!(ids(in_order(vec![other, gone, first.clone()], first.id)), expected);
    }
}
