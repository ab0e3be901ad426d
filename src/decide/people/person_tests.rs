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
