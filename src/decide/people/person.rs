//! Persons: whatever counts per customer counts them. Two customers are one person when they share a
//! canonical e-mail address, or were merged by hand; and remain one for ever. A phone number is a person of
//! its own, for those who give nothing else; whoever gives it beside an e-mail address counts with it, and
//! with everybody else who gave it: but two accounts with e-mail addresses of their own are two people in one
//! household. So who counts with whom follows from what was told, in whichever order.
//!
//! Counts stand under a person's id. When two persons turn out to be one, the counts stay where they
//! are: they are summed up over all of his ids, and added to under the first.

use std::rc::Rc;

use crate::decide::counter::{self, Counted};
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::people::canonical;
use crate::records::identity::IdentityKind;
use crate::records::{Customer, Id, Identity, Person as United};
use crate::world::Stop;

/// Ids of one person. An address that a whole town shares makes no more of them one.
const ALIASES: usize = 100;
/// Numbers of one person, and persons of one number; more count with nobody.
const TIES: usize = 100;

/// A person: his id, those under which he was known before, and those of others who count with him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// What is counted is counted here.
    pub id: Id,
    /// What was counted here counts too.
    pub aliases: Vec<Id>,
    /// What is counted here of those who gave the same phone number counts too.
    pub neighbours: Vec<Id>,
}

impl Person {
    /// Whether it is somebody who is known under this id and no other.
    pub fn is_alone(&self, id: Id) -> bool {
        self.id == id && self.aliases.is_empty() && self.neighbours.is_empty()
    }

    /// All ids under which is counted what counts for him.
    pub fn ids(&self) -> impl Iterator<Item = Id> {
        self.own_ids().chain(self.neighbours.iter().copied())
    }

    /// Whether an id names him, or somebody who counts with him.
    pub fn is(&self, id: Id) -> bool {
        self.ids().any(|own| own == id)
    }

    fn own_ids(&self) -> impl Iterator<Item = Id> {
        std::iter::once(self.id).chain(self.aliases.iter().copied())
    }

    /// The same with those who count with another one, who turned out to be he.
    pub fn with(mut self, other: &Person) -> Self {
        let more: Vec<Id> = other.ids().filter(|id| !self.is(*id)).collect();
        self.neighbours.extend(more);
        self
    }
}

/// Who a customer is.
pub fn of(draft: &Draft<'_>, customer: &Customer) -> Result<Person, Stop> {
    with_neighbours(draft, customer.person)
}

/// Who the customer of an id is.
pub fn of_id(draft: &Draft<'_>, customer: Id) -> Result<Person, Stop> {
    of(draft, &*draft.expect::<Customer>(customer)?)
}

/// Who counts together with a person, by one of his ids.
pub fn with_neighbours(draft: &Draft<'_>, id: Id) -> Result<Person, Stop> {
    let own = noted(draft, id)?;
    let mut person = Person { id: own.id, aliases: own.aliases.0.clone(), neighbours: Vec::new() };
    let numbers = all_noted(draft, &own.phones)?;
    let givers = numbers.iter().flat_map(|number| number.givers.iter()).chain(own.givers.iter());
    let givers: Vec<Id> = givers.copied().collect();
    for other in numbers.into_iter().chain(all_noted(draft, &givers)?) {
        let are_two_accounts = own.is_account && other.is_account;
        if !are_two_accounts && !person.is(other.id) {
            person.neighbours.extend(std::iter::once(other.id).chain(other.aliases.0));
        }
    }
    Ok(person)
}

/// What is noted of the person whom one of his ids names, under the first of them.
fn noted(draft: &Draft<'_>, id: Id) -> Result<United, Stop> {
    let Some(noted) = draft.get::<United>(id)? else { return Ok(United::blank(id, draft.shop.id, draft.at())) };
    Ok(match noted.merged_into {
        None => (*noted).clone(),
        Some(first) => (*draft.expect::<United>(first)?).clone(),
    })
}

fn all_noted(draft: &Draft<'_>, ids: &[Id]) -> Result<Vec<United>, Stop> {
    ids.iter().map(|id| noted(draft, *id)).collect()
}

/// Whether two customers are one person, or count as one.
pub fn is_same(draft: &Draft<'_>, one: &Customer, other: &Customer) -> Result<bool, Stop> {
    if one.id == other.id || one.person == other.person {
        return Ok(true);
    }
    let (one, other) = (of(draft, one), noted(draft, other.person));
    Ok(one?.is(other?.id))
}

/// The same of a customer's id, where there is one on each side or on none.
pub fn is_same_as(draft: &Draft<'_>, noted: Option<Id>, given: Option<&Customer>) -> Result<bool, Stop> {
    match (noted, given) {
        (Some(noted), Some(given)) if noted != given.id => is_same(draft, &*draft.expect::<Customer>(noted)?, given),
        (noted, given) => Ok(noted.is_some() == given.is_some()),
    }
}

/// How many of a person's are live; `subject` names the counter of one of his ids.
pub fn count(draft: &Draft<'_>, person: &Person, subject: impl Fn(Id) -> String) -> Result<i64, Stop> {
    let counts: Vec<_> = person.ids().map(|id| counter::count(draft, &subject(id))).collect();
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
    counter::add(draft, &subject(person.id), cap)
}

/// Counts one less of a person's, under whichever of his ids it was counted.
pub fn subtract(draft: &mut Draft<'_>, person: &Person, subject: impl Fn(Id) -> String) -> Result<(), Stop> {
    let counts: Vec<_> = person.own_ids().map(|id| Ok((id, counter::count(draft, &subject(id))?))).collect();
    let counts: Vec<(Id, i64)> = counts.into_iter().collect::<Result<_, Stop>>()?;
    match counts.iter().find(|(_, count)| *count > 0) {
        Some((id, _)) => counter::subtract(draft, &subject(*id)),
        None => Ok(()),
    }
}

/// Two persons turned out to be one: the later joins the earlier.
pub fn unite(draft: &mut Draft<'_>, one: Id, other: Id) -> Result<(), Stop> {
    if one == other {
        return Ok(());
    }
    let (one, other) = (noted(draft, one)?, noted(draft, other)?);
    if one.id == other.id || one.aliases.len() + other.aliases.len() + 1 > ALIASES {
        return Ok(());
    }
    let (mut first, later) = if one.id < other.id { (one, other) } else { (other, one) };
    let joined: Vec<Id> = std::iter::once(later.id).chain(later.aliases.0).collect();
    let known: Vec<_> = joined.iter().map(|id| draft.get::<United>(*id)).collect::<Result<_, _>>()?;
    for (id, known) in joined.iter().zip(known) {
        let version = known.map_or(0, |known| known.version);
        let blank = United::blank(*id, draft.shop.id, draft.at());
        draft.save(United { version, merged_into: Some(first.id), ..blank });
    }
    first.aliases.0.extend(joined);
    tie(&mut first.phones.0, later.phones.0);
    tie(&mut first.givers.0, later.givers.0);
    first.is_account |= later.is_account;
    draft.save(first);
    Ok(())
}

/// Puts the ties of two together: each once, and no more than a person has.
fn tie(ties: &mut Vec<Id>, others: Vec<Id>) {
    for other in others {
        if ties.len() < TIES && !ties.contains(&other) {
            ties.push(other);
        }
    }
}

/// Notes that a person gave a phone number: he counts with it, and with the others who gave it.
pub fn give(draft: &mut Draft<'_>, person: Id, number: Id) -> Result<(), Stop> {
    let (giver, number) = (noted(draft, person), noted(draft, number));
    let (mut giver, mut number) = (giver?, number?);
    let is_full = giver.phones.len() >= TIES || number.givers.len() >= TIES;
    if giver.id == number.id || has_given(&giver, &number) || is_full {
        return Ok(());
    }
    giver.phones.0.push(number.id);
    number.givers.0.push(giver.id);
    draft.save(giver);
    draft.save(number);
    Ok(())
}

fn has_given(giver: &United, number: &United) -> bool {
    giver.phones.iter().any(|given| *given == number.id || number.aliases.contains(given))
}

/// Whether an address of this person was given by that one already.
pub fn has_told(draft: &Draft<'_>, person: Id, (kind, address): (IdentityKind, Id)) -> Result<bool, Stop> {
    let (person, address) = (noted(draft, person)?, noted(draft, address)?);
    Ok(person.id == address.id || (kind == IdentityKind::Phone && has_given(&person, &address)))
}

/// Notes that a person is an account with an e-mail address.
pub fn note_account(draft: &mut Draft<'_>, person: Id) -> Result<(), Stop> {
    let noted = noted(draft, person)?;
    if !noted.is_account {
        draft.save(United { is_account: true, ..noted });
    }
    Ok(())
}

/// The ids of the identities under which an address and a number are known: of one that nobody has given yet, that
/// by which it will be.
pub fn addresses(draft: &Draft<'_>, email: Option<&str>, phone: Option<&str>) -> Result<Vec<(IdentityKind, Id)>, Stop> {
    let mut given = Vec::new();
    for (kind, ids) in spelled(draft, email, phone) {
        let known: Vec<_> = ids.iter().map(|id| draft.get::<Identity>(*id)).collect();
        given.push((kind, ids, known));
    }
    let mut addresses = Vec::new();
    for (kind, ids, known) in given {
        let known: Vec<_> = known.into_iter().collect::<Result<_, _>>()?;
        let met: Vec<_> = ids.iter().zip(known).filter_map(|(id, known)| known.map(|_| (kind, *id))).collect();
        let new = ids.first().filter(|_| met.is_empty()).map(|id| (kind, *id));
        addresses.extend(met.into_iter().chain(new));
    }
    Ok(addresses)
}

/// Whether an identity is one under which an address or a number may be known.
pub fn may_be_known_by(draft: &Draft<'_>, email: Option<&str>, phone: Option<&str>, identity: Id) -> bool {
    spelled(draft, email, phone).into_iter().any(|(_, ids)| ids.contains(&identity))
}

/// The ids of each spelling under which an address and a number may be known, the one that is kept first.
fn spelled(draft: &Draft<'_>, email: Option<&str>, phone: Option<&str>) -> Vec<(IdentityKind, Vec<Id>)> {
    let email = email.map(canonical::email).filter(|email| !email.is_empty());
    let email = email.map(|email| (IdentityKind::Email, vec![email]));
    let phone = phone.map(|phone| (IdentityKind::Phone, canonical::phone(phone, draft.shop.country())));
    let id = |kind: IdentityKind, spelling: &str| {
        let hash = draft.installation.vault.identity_hash(draft.shop.id, spelling);
        Identity::id_of(draft.shop.id, kind, &hash)
    };
    let given = email.into_iter().chain(phone);
    given.map(|(kind, spellings)| (kind, spellings.iter().map(|spelling| id(kind, spelling)).collect())).collect()
}

/// Whether whom a request names is whom a record names. Of one who was erased since nobody can tell, so
/// that the rest of the content decides.
pub fn is_same_customer(
    draft: &Draft<'_>,
    noted: Option<Id>,
    given: Result<Option<Rc<Customer>>, Stop>,
) -> Result<bool, Stop> {
    if customer_lookup::was_erased(draft, noted)? {
        return Ok(true);
    }
    is_same_as(draft, noted, given?.as_deref())
}

/// The counter of a person's orders, by which newness is known.
pub fn orders_subject(person: Id) -> String {
    format!("orders:{person}")
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::decide::people::merge_customers::MergeCustomers;
    use crate::decide::people::upsert_customer::UpsertCustomer;
    use crate::decide::testing::bench::{Bench, customer};
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
        assert!(bench.all::<United>().iter().all(|one| one.merged_into.is_none()), "nobody had to be united");
        assert_eq!(counts_one(&mut bench, &one, Some(1)), Counted::Yes);
        assert_eq!(counts_one(&mut bench, &other, Some(1)), Counted::Full);
    }

    #[test]
    fn what_was_counted_apart_counts_together() {
        let mut bench = Bench::new();
        let one = put(&mut bench, "one", Some("anna@mail.example"), None);
        let other = put(&mut bench, "other", Some("other@mail.example"), None);
        for customer in [&one, &other, &other] {
            assert_eq!(counts_one(&mut bench, customer, Some(2)), Counted::Yes);
        }
        put(&mut bench, "one", Some("other@mail.example"), None);
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
    fn who_was_two_has_each_tie_once_and_no_more_than_one_has() {
        let mut bench = Bench::new();
        let people = ["a", "b"].map(|name| put(&mut bench, name, None, None).person);
        let number = |number: usize| Id::of("prs", &[&number.to_string()]);
        for (person, numbers) in people.into_iter().zip([0..80, 40..120]) {
            for one in numbers {
                bench.run(|draft| give(draft, person, number(one))).expect("it is theirs");
            }
        }
        bench.run(|draft| unite(draft, people[0], people[1])).expect("they are one");
        let first = people.into_iter().min().expect("two");
        let ties = bench.get::<United>(first).phones.0.clone();
        assert_eq!((ties.len(), ties.iter().collect::<std::collections::BTreeSet<_>>().len()), (TIES, TIES));
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

    /// Each gives a number that the next one gives too, and so on through the town.
    #[test]
    fn who_is_known_by_neighbours_of_neighbours_is_not_looked_at() {
        let records = |people: usize| {
            let mut bench = Bench::new();
            for number in 0..people {
                for digit in [number, number + 1] {
                    let fields = serde_json::json!({"phone": format!("+4917012345{digit:02}")});
                    let fields: UpsertCustomer = serde_json::from_value(fields).expect("fields");
                    let external_id = format!("c-{number}");
                    bench.decide(UpsertCustomer { external_id, ..fields }).expect("a customer");
                }
            }
            let first = bench.run(|draft| draft.find(&Customer::BY_EXTERNAL_ID, "c-0")).expect("no refusal");
            let person = person(&mut bench, &first.expect("the first"));
            (person.neighbours.len(), bench.records_loaded())
        };
        assert_eq!(records(3), records(40));
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
