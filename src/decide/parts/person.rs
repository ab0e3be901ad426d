//! Persons: whatever counts per customer counts them. Two customers are one person when they share
//! a canonical e-mail address or phone number, or were merged by hand; and remain one for ever.
//!
//! Counts stand under a person's id. When two persons turn out to be one, the counts stay where they
//! are: they are summed up over all of his ids, and added to under the first.

use super::{canonical, merge};
use crate::decide::draft::Draft;
use crate::decide::tally::{self, Counted};
use crate::records::identity::IdentityKind;
use crate::records::{Customer, Id, Identity, Json, Person as United, Timestamp};
use crate::world::Stop;

/// Ids of one person. An address that a whole town shares makes no more of them one.
const ALIASES: usize = 100;

/// A person: his id, and those under which he was known before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// What is counted is counted here.
    pub id: Id,
    /// What was counted here counts too.
    pub aliases: Vec<Id>,
}

impl Person {
    /// One who is not known under another id.
    pub fn alone(id: Id) -> Self {
        Self { id, aliases: Vec::new() }
    }

    /// Whether it is somebody who is known under this id and no other.
    pub fn is_alone(&self, id: Id) -> bool {
        self.id == id && self.aliases.is_empty()
    }

    /// All of his ids.
    pub fn ids(&self) -> impl Iterator<Item = Id> {
        std::iter::once(self.id).chain(self.aliases.iter().copied())
    }
}

/// Who a customer is.
pub fn of(draft: &Draft<'_>, customer: &Customer) -> Result<Person, Stop> {
    whole(draft, customer.person)
}

/// Who the customer of an id is.
pub fn of_id(draft: &Draft<'_>, customer: Id) -> Result<Person, Stop> {
    of(draft, &*draft.expect::<Customer>(customer)?)
}

/// The person whom one of his ids names.
fn whole(draft: &Draft<'_>, id: Id) -> Result<Person, Stop> {
    let Some(united) = draft.get::<United>(id)? else { return Ok(Person::alone(id)) };
    match united.merged_into {
        None => Ok(Person { id, aliases: united.aliases.0.clone() }),
        Some(first) => {
            let first = draft.expect::<United>(first)?;
            Ok(Person { id: first.id, aliases: first.aliases.0.clone() })
        }
    }
}

/// Whether two customers are one person.
pub fn is_same(draft: &Draft<'_>, one: &Customer, other: &Customer) -> Result<bool, Stop> {
    if one.id == other.id || one.person == other.person {
        return Ok(true);
    }
    are_one(draft, one.person, other.person)
}

/// Whether two ids name one person.
pub fn are_one(draft: &Draft<'_>, one: Id, other: Id) -> Result<bool, Stop> {
    let (one, other) = (whole(draft, one), whole(draft, other));
    Ok(one?.id == other?.id)
}

/// The same of a customer's id, where there is one on each side or on none.
pub fn is_same_as(draft: &Draft<'_>, noted: Option<Id>, given: Option<&Customer>) -> Result<bool, Stop> {
    match (noted, given) {
        (Some(noted), Some(given)) if noted != given.id => is_same(draft, &*draft.expect::<Customer>(noted)?, given),
        (noted, given) => Ok(noted.is_some() == given.is_some()),
    }
}

/// How many of a person's are live; `subject` names the tally of one of his ids.
pub fn count(draft: &Draft<'_>, person: &Person, subject: impl Fn(Id) -> String) -> Result<i64, Stop> {
    let counts: Vec<_> = person.ids().map(|id| tally::count(draft, &subject(id))).collect();
    counts.into_iter().sum()
}

/// Counts one more of a person's, unless `cap` are live already.
pub fn add(
    draft: &mut Draft<'_>,
    person: &Person,
    subject: impl Fn(Id) -> String,
    cap: Option<i64>,
) -> Result<Counted, Stop> {
    if let Some(cap) = cap
        && count(draft, person, &subject)? >= cap
    {
        return Ok(Counted::Full);
    }
    tally::add(draft, &subject(person.id), cap)
}

/// Counts one less of a person's, wherever it was counted.
pub fn subtract(draft: &mut Draft<'_>, person: &Person, subject: impl Fn(Id) -> String) -> Result<(), Stop> {
    for id in person.ids() {
        if tally::count(draft, &subject(id))? > 0 {
            return tally::subtract(draft, &subject(id));
        }
    }
    Ok(())
}

/// Two persons turned out to be one: the later joins the earlier.
pub fn unite(draft: &mut Draft<'_>, one: Id, other: Id) -> Result<(), Stop> {
    if one == other {
        return Ok(());
    }
    let (one, other) = (whole(draft, one), whole(draft, other));
    let (one, other) = (one?, other?);
    if one.id == other.id || one.aliases.len() + other.aliases.len() + 1 > ALIASES {
        return Ok(());
    }
    let (first, later) = if one.id < other.id { (one, other) } else { (other, one) };
    let joined: Vec<Id> = later.ids().collect();
    let known: Result<Vec<_>, _> = joined.iter().map(|id| record(draft, *id)).collect();
    let (known, mut united) = (known?, record(draft, first.id)?);
    for mut alias in known {
        alias.merged_into = Some(first.id);
        alias.aliases = Json::default();
        draft.save(alias);
    }
    united.aliases.0.extend(joined);
    draft.save(united);
    Ok(())
}

fn record(draft: &Draft<'_>, id: Id) -> Result<United, Stop> {
    let known = draft.get::<United>(id)?;
    Ok(known.map_or_else(|| blank(id, draft.shop.id, draft.at()), |known| (*known).clone()))
}

fn blank(id: Id, shop: Id, at: Timestamp) -> United {
    United { id, shop, version: 0, merged_into: None, aliases: Json::default(), created_at: at }
}

/// The ids of the identities that an address and a number make.
pub fn addresses(draft: &Draft<'_>, email: Option<&str>, phone: Option<&str>) -> Vec<(IdentityKind, Id)> {
    let zone = draft.shop.zone();
    let email = email.map(|email| (IdentityKind::Email, canonical::email(email)));
    let phone = phone.map(|phone| (IdentityKind::Phone, canonical::phone(phone, zone)));
    let given = email.into_iter().chain(phone).filter(|(_, canonical)| !canonical.is_empty());
    given
        .map(|(kind, canonical)| {
            let hash = draft.house.vault.identity_hash(draft.shop.id, &canonical);
            (kind, Identity::id_of(draft.shop.id, kind, &hash))
        })
        .collect()
}

/// Notes a customer's addresses: they lead to him from now on, and whoever gave them before is the
/// same person. The customer himself is the caller's to save; a new one becomes the person that his
/// address names. Answers to whom his addresses led before.
pub fn note_addresses(draft: &mut Draft<'_>, customer: &mut Customer) -> Result<Vec<Id>, Stop> {
    let given = addresses(draft, customer.email.as_deref(), customer.phone.as_deref());
    let known: Vec<_> = given.iter().map(|(_, id)| draft.get::<Identity>(*id)).collect();
    let known: Vec<_> = known.into_iter().collect::<Result<_, _>>()?;
    if customer.version == 0
        && let Some(first) = known.iter().flatten().next()
    {
        customer.person = first.person;
    }
    draft.foresee::<United>(customer.person);
    for known in known.iter().flatten() {
        foresee(draft, known, customer.id);
    }
    let mut before = Vec::new();
    for ((kind, id), known) in given.into_iter().zip(known) {
        let Some(known) = known else {
            let new = Identity {
                id,
                shop: draft.shop.id,
                version: 0,
                kind,
                person: customer.person,
                customer: Some(customer.id),
                created_at: draft.at(),
            };
            draft.save(new);
            continue;
        };
        unite(draft, known.person, customer.person)?;
        if known.customer != Some(customer.id) && may_take(draft, customer, known.customer)? {
            before.extend(known.customer);
            let mut led = (*known).clone();
            led.customer = Some(customer.id);
            draft.save(led);
        }
    }
    Ok(before)
}

/// Asks for what will be looked at of whom an address leads to, when it is given by this customer.
pub fn foresee(draft: &Draft<'_>, identity: &Identity, customer: Id) {
    draft.foresee::<United>(identity.person);
    if let Some(other) = identity.customer.filter(|other| *other != customer) {
        merge::foresee(draft, other, customer);
    }
}

/// Whether an address that led to somebody else leads to this one now: a guest does not take it from
/// a customer.
fn may_take(draft: &Draft<'_>, customer: &Customer, from: Option<Id>) -> Result<bool, Stop> {
    let Some(from) = from.filter(|_| customer.external_id.is_none()) else { return Ok(true) };
    let owner = draft.expect::<Customer>(from)?;
    Ok(owner.external_id.is_none() && owner.merged_into.is_none())
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::decide::bench::{Bench, customer};
    use crate::decide::merge_customers::MergeCustomers;
    use crate::decide::upsert_customer::UpsertCustomer;
    use crate::records::AuditRow;

    fn put(bench: &mut Bench, name: &str, email: Option<&str>, phone: Option<&str>) -> Rc<Customer> {
        let mut fields = serde_json::Map::new();
        fields.extend(email.map(|email| ("email".to_owned(), email.into())));
        fields.extend(phone.map(|phone| ("phone".to_owned(), phone.into())));
        let fields: UpsertCustomer = serde_json::from_value(fields.into()).expect("fields");
        bench.decide(UpsertCustomer { external_id: name.to_owned(), ..fields }).expect("a customer");
        let found = bench.run(|draft| draft.find(&Customer::BY_EXTERNAL_ID, name)).expect("no refusal");
        found.expect("the customer")
    }

    fn person(bench: &mut Bench, customer: &Customer) -> Person {
        let id = customer.id;
        bench.run(|draft| of_id(draft, id)).expect("a person")
    }

    fn counted(bench: &mut Bench, customer: &Customer) -> i64 {
        let person = person(bench, customer);
        bench.run(|draft| count(draft, &person, subject)).expect("a count")
    }

    fn subject(person: Id) -> String {
        format!("test:{person}")
    }

    fn counts_one(bench: &mut Bench, customer: &Customer, cap: Option<i64>) -> Counted {
        let person = person(bench, customer);
        bench.run(|draft| add(draft, &person, subject, cap)).expect("a count")
    }

    #[test]
    fn accounts_with_one_address_are_one_person_from_the_start() {
        let mut bench = Bench::new();
        let one = put(&mut bench, "one", Some("anna@gmail.com"), None);
        let other = put(&mut bench, "other", Some("A.N.N.A+2@googlemail.com"), None);
        assert_eq!(one.person, other.person);
        assert!(bench.all::<United>().is_empty(), "nobody had to be united");
        assert_eq!(counts_one(&mut bench, &one, Some(1)), Counted::Yes);
        assert_eq!(counts_one(&mut bench, &other, Some(1)), Counted::Full);
    }

    #[test]
    fn what_was_counted_apart_counts_together() {
        let mut bench = Bench::new();
        let one = put(&mut bench, "one", Some("anna@mail.example"), None);
        let other = put(&mut bench, "other", None, Some("+49 170 1"));
        for customer in [&one, &other, &other] {
            assert_eq!(counts_one(&mut bench, customer, Some(2)), Counted::Yes);
        }
        put(&mut bench, "one", None, Some("0170 1"));
        assert_eq!(counted(&mut bench, &one), 3);
        assert_eq!(counted(&mut bench, &other), 3);
        assert_eq!(counts_one(&mut bench, &one, Some(3)), Counted::Full);
        for left in [2, 1, 0, 0] {
            let person = person(&mut bench, &other);
            bench.run(|draft| subtract(draft, &person, subject)).expect("a count");
            assert_eq!(counted(&mut bench, &one), left);
        }
    }

    #[test]
    fn persons_become_one_in_any_order_and_remain_it() {
        let mut bench = Bench::new();
        let people: Vec<_> = ["a", "b", "c", "d"].map(|name| put(&mut bench, name, None, None)).into();
        for customer in &people {
            counts_one(&mut bench, customer, None);
        }
        let merge = |bench: &mut Bench, one: usize, other: usize| {
            let (one, other) = (people[one].person, people[other].person);
            bench.run(|draft| unite(draft, one, other)).expect("they are one");
        };
        merge(&mut bench, 0, 1);
        merge(&mut bench, 3, 2);
        merge(&mut bench, 1, 2);
        merge(&mut bench, 0, 3);
        let first = person(&mut bench, &people[0]);
        for customer in &people {
            assert_eq!(person(&mut bench, customer).id, first.id);
            assert_eq!(counted(&mut bench, customer), 4);
        }
        assert_eq!(first.ids().collect::<std::collections::BTreeSet<_>>().len(), 4);
    }

    #[test]
    fn an_address_that_a_town_shares_unites_no_more_than_a_hundred() {
        let mut bench = Bench::new();
        let first = put(&mut bench, "first", Some("none@mail.example"), None);
        for number in 0..120 {
            let name = format!("c-{number}");
            put(&mut bench, &name, None, None);
            put(&mut bench, &name, Some("none@mail.example"), None);
        }
        assert_eq!(person(&mut bench, &first).aliases.len(), ALIASES);
    }

    #[test]
    fn no_address_stands_in_what_is_kept_of_it() {
        let mut bench = Bench::new();
        let anna = put(&mut bench, "anna", Some("anna@mail.example"), Some("+49 170 1234567"));
        let kept = bench.all::<Identity>();
        assert_eq!(kept.len(), 2);
        for identity in kept {
            let columns = format!("{identity:?}");
            assert!(!columns.contains("anna") && !columns.contains("1234567"), "{columns}");
            assert_eq!(identity.customer, Some(anna.id));
        }
    }

    #[test]
    fn one_who_was_merged_counts_as_the_other() {
        let mut bench = Bench::new();
        let (from, into) = (customer(&bench, "from", "old@mail.example"), customer(&bench, "into", ""));
        bench.put(from.clone());
        bench.put(into.clone());
        for customer in [&from, &into] {
            counts_one(&mut bench, customer, None);
        }
        let reference = |text: &str| serde_json::from_value(text.into()).expect("a text");
        let merge = MergeCustomers {
            into: "into".to_owned(),
            from: reference("from"),
            reason: serde_json::from_value("one person".into()).expect("a reason"),
        };
        bench.decide(merge.clone()).expect("they are merged");
        bench.decide(merge).expect("they are merged already");
        assert_eq!((counted(&mut bench, &from), counted(&mut bench, &into)), (2, 2));
        assert_eq!(bench.all::<AuditRow>().len(), 1);
        assert_eq!(bench.get::<Customer>(into.id).email.as_deref(), Some("old@mail.example"));
    }
}
