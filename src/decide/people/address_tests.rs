//! Who counts with whom, and who has what, by what was told in any order.

use std::rc::Rc;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::*;
use crate::decide::erasure::erase_customer::EraseCustomer;
use crate::decide::orders::record_conversion::RecordConversion;
use crate::decide::people::person::{self, addresses, orders_subject};
use crate::decide::people::upsert_customer::UpsertCustomer;
use crate::decide::testing::bench::Bench;
use crate::records::Tally;

const PHONES: [&str; 2] = ["+49 170 1111111", "0170 2222222"];

/// What somebody tells: as an account or as a guest, with an order or on the account's page.
#[derive(Clone, Debug)]
struct Fact {
    account: Option<&'static str>,
    email: Option<&'static str>,
    phone: Option<&'static str>,
    is_vouched: bool,
}

fn fact() -> impl Strategy<Value = Fact> {
    let account = prop::option::weighted(0.5, select(vec!["anna", "bert", "carl"]));
    let email = prop::option::weighted(0.7, select(vec!["a@mail.example", "b@mail.example", "c@mail.example"]));
    let phone = prop::option::weighted(0.4, select(PHONES.to_vec()));
    let told = (account, email, phone, prop::bool::weighted(0.2));
    let told = told.prop_map(|(account, email, phone, is_vouched)| Fact { account, email, phone, is_vouched });
    told.prop_filter("a guest is known by an address", |fact| {
        fact.account.is_some() || fact.email.is_some() || fact.phone.is_some()
    })
}

struct Town {
    bench: Bench,
    orders: usize,
}

impl Town {
    fn new() -> Self {
        Self { bench: Bench::new(), orders: 0 }
    }

    fn upsert(&mut self, name: &str, fields: Value) {
        let fields: UpsertCustomer = serde_json::from_value(fields).expect("fields");
        self.bench.decide(UpsertCustomer { external_id: name.to_owned(), ..fields }).expect("a customer");
    }

    fn order(&mut self, fact: &Fact) -> Option<Id> {
        self.orders += 1;
        let mut body = json!({"order_id": format!("A-{}", self.orders), "amount": 1000, "currency": "EUR"});
        if let Some(account) = fact.account {
            self.upsert(account, json!({}));
            body["customer"] = json!(account);
        }
        if fact.email.is_some() || fact.phone.is_some() {
            body["customer_details"] = json!({"email": fact.email, "phone": fact.phone});
        }
        let command: RecordConversion = serde_json::from_value(body).expect("an order");
        let said = self.bench.decide(command).expect("it is recorded");
        let said: Value = serde_json::from_str(&said.body).expect("an order");
        said["customer_id"].as_str().and_then(|id| id.parse().ok())
    }

    fn account(&mut self, name: &str) -> Option<Rc<Customer>> {
        self.bench.run(|draft| draft.find(&Customer::BY_EXTERNAL_ID, name)).expect("no refusal")
    }

    /// Everybody who can be named: the accounts, and whoever gives one of the addresses alone.
    fn everybody(&mut self) -> Vec<Option<person::Person>> {
        let mut all = Vec::new();
        for name in ["anna", "bert", "carl"] {
            let found = self.account(name);
            all.push(found.map(|found| self.bench.run(|draft| person::of(draft, &found)).expect("a person")));
        }
        let emails = ["a@mail.example", "b@mail.example", "c@mail.example"].map(|email| (Some(email), None));
        let phones = PHONES.map(|phone| (None, Some(phone)));
        for (email, phone) in emails.into_iter().chain(phones) {
            let found = self.bench.run(|draft| {
                let Some((_, id)) = addresses(draft, email, phone)?.pop() else { return Ok(None) };
                let known = draft.get::<Identity>(id)?;
                known.map(|known| person::with_neighbours(draft, known.person)).transpose()
            });
            all.push(found.expect("no refusal"));
        }
        all
    }

    /// Who counts with whom, and how many orders count for each.
    fn picture(&mut self) -> Vec<(i64, Vec<bool>)> {
        let everybody = self.everybody();
        let tallies = self.bench.all::<Tally>();
        let counted = |person: &person::Person| {
            let subjects: Vec<String> = person.ids().map(orders_subject).collect();
            tallies.iter().filter(|tally| subjects.contains(&tally.subject)).map(|tally| tally.count).sum()
        };
        let row = |one: &person::Person| {
            let is_one = |other: &Option<person::Person>| other.as_ref().is_some_and(|other| one.is(other.id));
            (counted(one), everybody.iter().map(is_one).collect())
        };
        everybody.iter().map(|one| one.as_ref().map_or((0, Vec::new()), row)).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_order_in_which_addresses_became_known_changes_no_count(
        (facts, shuffled) in prop::collection::vec(fact(), 1..9)
            .prop_flat_map(|facts| (Just(facts.clone()), Just(facts).prop_shuffle())),
    ) {
        let pictures = [&facts, &shuffled].map(|facts| {
            let mut town = Town::new();
            for fact in facts {
                town.order(fact);
            }
            town.picture()
        });
        prop_assert_eq!(&pictures[0], &pictures[1]);
        // Whoever counts with somebody, he counts with him.
        for (place, (_, row)) in pictures[0].iter().enumerate() {
            for (other, is_one) in row.iter().enumerate() {
                prop_assert!(!is_one || pictures[0][other].1[place], "{} and {}", place, other);
            }
        }
    }

    #[test]
    fn nobody_without_a_vouched_address_has_what_is_anothers(facts in prop::collection::vec(fact(), 1..12)) {
        let mut town = Town::new();
        let victim = Fact { account: None, email: Some("a@mail.example"), phone: Some(PHONES[0]), is_vouched: false };
        let victim = town.order(&victim).expect("a guest");
        let only_number = Fact { account: None, email: None, phone: Some(PHONES[1]), is_vouched: false };
        let number = town.order(&only_number).expect("a guest");
        let mut is_vouched = [false; 2];
        for fact in &facts {
            if let (Some(account), true) = (fact.account, fact.is_vouched) {
                let (email, phone) = (fact.email.is_some(), fact.phone.is_some());
                town.upsert(account, json!({"email": fact.email, "email_verified": email, "phone": fact.phone, "phone_verified": phone}));
                is_vouched[0] |= fact.email == Some("a@mail.example");
                is_vouched[1] |= fact.phone == Some(PHONES[1]);
            } else {
                town.order(fact);
            }
            for (guest, is_vouched) in [victim, number].into_iter().zip(is_vouched) {
                let merged = town.bench.get::<Customer>(guest).merged_into;
                prop_assert_eq!(merged.is_some(), is_vouched, "{:?}", fact);
            }
            // Nothing that he is sent goes to another address.
            prop_assert_eq!(&*town.bench.get::<Customer>(victim).email.clone().unwrap_or_default(), "a@mail.example");
            prop_assert_eq!(&town.bench.get::<Customer>(number).email, &None);
        }
        for name in ["anna", "bert", "carl"] {
            if town.account(name).is_some() {
                town.bench.decide(EraseCustomer { customer: name.to_owned(), lease_ms: 0 }).expect("it is erased");
            }
        }
        for (guest, is_vouched) in [victim, number].into_iter().zip(is_vouched) {
            prop_assert_eq!(town.bench.get::<Customer>(guest).is_erased(), is_vouched);
        }
    }
}

/// A family at one number: two accounts, and a guest who gives nothing else.
#[test]
fn two_accounts_that_share_a_number_are_two_people() {
    let shared = "+49 30 901820";
    let mut town = Town::new();
    for (name, email) in [("anna", "a@mail.example"), ("bert", "b@mail.example")] {
        town.upsert(name, json!({"email": email, "phone": shared}));
    }
    town.upsert("carl", json!({"phone": shared}));
    let people = ["anna", "bert", "carl"].map(|name| town.account(name).expect("an account"));
    let mut is_one = |one: usize, other: usize| {
        town.bench.run(|draft| person::is_same(draft, &people[one], &people[other])).expect("no refusal")
    };
    assert_eq!((is_one(0, 1), is_one(1, 0)), (false, false), "each has an address of his own");
    assert_eq!((is_one(0, 2), is_one(1, 2)), (true, true), "who has none may be either");
    town.upsert("carl", json!({"email": "c@mail.example"}));
    let carl = town.account("carl").expect("an account");
    let is_one = town.bench.run(|draft| person::is_same(draft, &people[0], &carl)).expect("no refusal");
    assert!(!is_one, "and is a third once he has");
}

#[test]
fn what_is_vouched_for_is_vouched_for_one_address() {
    let mut town = Town::new();
    town.upsert("anna", json!({"email": "a@mail.example", "email_verified": true}));
    let led = |town: &mut Town, email: &'static str| {
        let fact = Fact { account: None, email: Some(email), phone: None, is_vouched: false };
        town.order(&fact)
    };
    let anna = town.account("anna").expect("an account").id;
    assert_eq!(led(&mut town, "A@mail.example"), Some(anna));
    town.upsert("anna", json!({"email": "A@MAIL.example"}));
    assert!(town.account("anna").is_some_and(|anna| anna.email_verified), "it is the same address");
    town.upsert("anna", json!({"email": "b@mail.example"}));
    assert!(town.account("anna").is_some_and(|anna| !anna.email_verified));
    let guest = led(&mut town, "b@mail.example");
    assert_ne!(guest, Some(anna), "nobody vouches for the new one");
    assert_ne!(led(&mut town, "a@mail.example"), Some(anna), "and the old one is hers no more");
    town.upsert("anna", json!({"email_verified": true}));
    assert_eq!(led(&mut town, "b@mail.example"), Some(anna));
    let merged = town.bench.get::<Customer>(guest.expect("a guest")).merged_into;
    assert_eq!(merged, Some(anna));
    let fields: UpsertCustomer = serde_json::from_value(json!({"phone_verified": true})).expect("fields");
    let refused = town.bench.decide(UpsertCustomer { external_id: "anna".to_owned(), ..fields });
    assert_eq!(refused.expect_err("there is none").errors[0].pointer, "/phone_verified");
}
