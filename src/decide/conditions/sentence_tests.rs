//! Sentences, reasons and near misses, as people read them.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::compile::compile;
use super::fact::{Kind, Spelling};
use super::fact_table::{ATTRIBUTE, FACTS};
use super::facts::{Facts, find};
use super::near_miss::near_miss;
use super::print::print;
use super::reason::reason;
use super::sentence::{sentence, sentence_in};
use super::value::Value;
use crate::records::expression::{Expression, FactName};
use crate::records::money::Currency;
use crate::wording::Language::{English, German};

fn facts(json: &Json) -> Facts {
    let mut facts = Facts::of_shop(Currency::parse("EUR").expect("a currency"));
    for (name, value) in json.as_object().into_iter().flatten() {
        let value = match value {
            Json::Bool(flag) => Value::Flag(*flag),
            Json::Number(number) => Value::Number(number.as_i64().expect("a whole number")),
            Json::String(_) if find(name).is_some_and(|fact| fact.kind == Kind::Instant) => {
                Value::Instant(serde_json::from_value(value.clone()).expect("an instant"))
            }
            Json::String(text) => Value::Text(text.clone()),
            other => Value::List(serde_json::from_value(other.clone()).expect("texts")),
        };
        facts.set(FactName::new(name), value);
    }
    facts
}

/// An expression, and its sentences in English and German.
const SENTENCES: &[(&str, &str, &str)] = &[
    ("true", "holds for everybody", "gilt für alle"),
    (
        "arrival.private && advocate.friends >= 3",
        "arrived by a private share, and came from somebody who won at least 3 friends",
        "kam über eine private Empfehlung und kam von jemandem mit mindestens 3 gewonnenen Freunden",
    ),
    ("sharer.friends >= 1", "won at least 1 friend", "hat mindestens 1 Freund gewonnen"),
    ("sharer.friends < 3", "won fewer than 3 friends", "hat weniger als 3 Freunde gewonnen"),
    ("sharer.friends >= 2 && sharer.friends <= 5", "won 2 to 5 friends", "hat 2 bis 5 Freunde gewonnen"),
    ("sharer.friends in [1, 2, 3]", "won exactly 1, 2 or 3 friends", "hat genau 1, 2 oder 3 Freunde gewonnen"),
    ("sharer.friends != 3", "the number of friends won is not 3", "die Zahl der gewonnenen Freunde beträgt nicht 3"),
    (
        "!(sharer.friends in [1, 2])",
        "the number of friends won is neither 1 nor 2",
        "die Zahl der gewonnenen Freunde beträgt weder 1 noch 2",
    ),
    (
        "sharer.friends + customer.orders > 9",
        "the number of friends won plus the number of orders placed is more than 9",
        "die Zahl der gewonnenen Freunde plus die Zahl der aufgegebenen Bestellungen beträgt mehr als 9",
    ),
    (
        "order.amount >= size(order.skus) + 5",
        "the amount of the order is at least the number of products ordered plus 5",
        "der Wert der Bestellung ist mindestens so groß wie die Zahl der bestellten Produkte plus 5",
    ),
    ("!arrival.private", "did not arrive by a private share", "kam nicht über eine private Empfehlung"),
    (
        "arrival.channel in [\"whatsapp\", \"signal\"]",
        "arrived by the channel “whatsapp” or “signal”",
        "kam über den Kanal „whatsapp“ oder „signal“",
    ),
    ("arrival.age_hours <= 48", "arrived at most 48 hours ago", "kam vor höchstens 48 Stunden"),
    (
        "order.amount > 4999",
        "orders for more than 4999 minor units",
        "bestellt für mehr als 4999 kleinste Währungseinheiten",
    ),
    ("today.weekday in [6, 7]", "the weekday is Saturday or Sunday", "der Wochentag ist Samstag oder Sonntag"),
    (
        "today.weekday >= 1 && today.weekday <= 5",
        "the weekday is Monday to Friday",
        "der Wochentag ist Montag bis Freitag",
    ),
    ("today.month >= 11", "the month is November or later", "der Monat ist November oder später"),
    ("today.hour >= 18", "the hour of the day is at least 18", "die Stunde des Tages beträgt mindestens 18"),
    (
        "now < timestamp(\"2026-12-24T18:00:00Z\")",
        "it is before 24 December 2026, 18:00 (UTC)",
        "es ist vor dem 24. Dezember 2026, 18:00 Uhr (UTC)",
    ),
    (
        "customer.attributes.tier != \"a”b\"",
        "the attribute “tier” is not “a\\”b”",
        "das Merkmal „tier“ ist nicht „a\\”b“",
    ),
    ("customer.attributes.vip", "the attribute “vip” is true", "das Merkmal „vip“ trifft zu"),
    ("!has(customer.attributes.vip)", "the attribute “vip” is not known", "das Merkmal „vip“ ist nicht bekannt"),
    (
        "customer.is_new && (arrival.private || \"vip\" in customer.segments && customer.orders > 1)",
        "is new to the shop, and (arrived by a private share, or (belongs to the segment “vip”, and placed more than 1 order))",
        "kauft zum ersten Mal und (kam über eine private Empfehlung oder (gehört zum Segment „vip“ und hat mehr als 1 Bestellung aufgegeben))",
    ),
];

#[test]
fn a_rule_is_read_as_a_sentence() {
    for (text, english, german) in SENTENCES {
        let expression = compile(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(sentence(&expression, English), *english);
        assert_eq!(sentence(&expression, German), *german);
    }
    let dear = compile("order.amount >= 5000 && order.amount < 99900").expect("an expression");
    let euro = Currency::parse("EUR");
    assert_eq!(sentence_in(&dear, English, euro), "orders for at least €50.00, and orders for less than €999.00");
    assert_eq!(
        sentence_in(&dear, German, euro),
        "bestellt für mindestens 50,00 € und bestellt für weniger als 999,00 €"
    );
}

/// Everything that can be asked of a fact, with values that are easily taken for each other.
fn asked_of(name: &str, kind: Kind) -> Vec<String> {
    let numbers = || {
        let sums = ["FACT", "-FACT", "FACT + 1", "FACT - 1", "FACT + FACT"];
        let compared = sums.iter().flat_map(|sum| {
            ["==", "!=", "<", "<=", ">", ">="].iter().flat_map(move |sign| {
                ["1", "2", "size(order.skus)", "customer.orders + 1"]
                    .iter()
                    .map(move |other| format!("{sum} {sign} {other}"))
            })
        });
        let lists =
            ["FACT in [1, 2]", "FACT in [2, 1]", "FACT in [1, 2, 3]", "FACT >= 1 && FACT <= 2", "FACT + 1 in [1, 2]"];
        compared.chain(lists.map(str::to_owned)).collect::<Vec<String>>()
    };
    let texts = |words: &[&str]| {
        let mut asked: Vec<String> = Vec::new();
        for word in words {
            asked.extend(["FACT == ", "FACT != "].map(|begin| format!("{begin}{word:?}")));
            asked.extend(["startsWith", "endsWith", "contains"].map(|like| format!("FACT.{like}({word:?})")));
        }
        asked.extend(words.windows(2).map(|two| format!("FACT in [{:?}, {:?}]", two[0], two[1])));
        asked.extend(["FACT == arrival.placement", "FACT.contains(arrival.placement)"].map(str::to_owned));
        asked
    };
    let words = ["1", "true", "a or b", "a” or “b", "a“ oder „b", "a, b", "a\\", "\\”"];
    let asked = match kind {
        Kind::Flag => vec!["FACT".to_owned()],
        Kind::Number(..) => numbers(),
        Kind::Text(Spelling::Currency) => texts(&["EUR", "CHF"]),
        Kind::Text(Spelling::Key) => texts(&["sms", "qr"]),
        Kind::Text(_) => texts(&words),
        Kind::List(_) => {
            let listed = words.iter().map(|word| format!("{word:?} in FACT"));
            listed.chain(["size(FACT) >= 2".to_owned(), "size(FACT) == 2".to_owned()]).collect()
        }
        Kind::Instant => {
            let at =
                ["2026-12-24T18:00:00Z", "2026-12-24T18:00:01Z", "2026-12-24T18:00:00.001Z", "2026-12-04T18:00:00Z"];
            let signs = ["==", "!=", "<", "<=", ">", ">="];
            at.iter().flat_map(|at| signs.map(|sign| format!("FACT {sign} timestamp({at:?})"))).collect()
        }
        Kind::Attribute => {
            let own = ["FACT", "has(FACT)", "FACT == arrival.channel"].map(str::to_owned);
            own.into_iter().chain(numbers()).chain(texts(&words)).collect()
        }
    };
    let name = name.replace("<key>", "key");
    let asked = asked.into_iter().map(|text| text.replace("FACT", &name));
    asked.flat_map(|text| [format!("!({text})"), text]).collect()
}

#[test]
fn no_two_things_that_can_be_asked_are_said_alike() {
    let mut trees: BTreeMap<String, Expression> = BTreeMap::new();
    for fact in FACTS.iter().chain([&ATTRIBUTE]) {
        for text in asked_of(fact.name, fact.kind) {
            // What a fact never is cannot be asked.
            if let Ok(expression) = compile(&text) {
                trees.insert(print(&expression), expression);
            }
        }
    }
    assert!(trees.len() > 2_000, "{} are too few", trees.len());
    for (language, currency) in [(English, None), (German, None), (English, Currency::parse("EUR"))] {
        let mut said: BTreeMap<String, &str> = BTreeMap::new();
        for (text, expression) in &trees {
            let sentence = sentence_in(expression, language, currency);
            if let Some(other) = said.insert(sentence.clone(), text) {
                panic!("{sentence}: both {text} and {other}");
            }
        }
    }
}

#[test]
fn who_is_not_let_in_reads_what_is_asked_and_what_they_have() {
    let table = [
        (
            "sharer.friends >= 3",
            json!({"sharer.friends": 2}),
            "Required: you won at least 3 friends. As it is: you won 2 friends.",
            "Voraussetzung: Sie haben mindestens 3 Freunde gewonnen. Derzeit: Sie haben 2 Freunde gewonnen.",
        ),
        (
            "arrival.private && customer.is_new",
            json!({"arrival.private": true, "customer.is_new": false}),
            "Required: you are new to the shop. As it is: you are not new to the shop.",
            "Voraussetzung: Sie kaufen zum ersten Mal. Derzeit: Sie kaufen nicht zum ersten Mal.",
        ),
        (
            "arrival.private",
            json!({}),
            "Required: you came by a private share. Not known: whether the arrival was private.",
            "Voraussetzung: Sie sind über eine private Empfehlung gekommen. Nicht bekannt: ob die Ankunft privat war.",
        ),
        (
            "order.amount >= 5000",
            json!({"order.amount": 4990, "order.currency": "EUR"}),
            "Required: your order comes to at least €50.00. As it is: your order comes to €49.90.",
            "Voraussetzung: Ihre Bestellung beträgt mindestens 50,00 €. Derzeit: Ihre Bestellung beträgt 49,90 €.",
        ),
        (
            "size(order.skus) >= 2",
            json!({"order.skus": ["mug"]}),
            "Required: the number of products ordered is at least 2. As it is: the number of products ordered is 1.",
            "Voraussetzung: die Zahl der bestellten Produkte beträgt mindestens 2. Derzeit: die Zahl der bestellten Produkte beträgt 1.",
        ),
        // What the advocate has is not told.
        (
            "advocate.friends >= 3",
            json!({"advocate.friends": 2}),
            "Required: you came from somebody who won at least 3 friends.",
            "Voraussetzung: Sie sind von jemandem mit mindestens 3 gewonnenen Freunden gekommen.",
        ),
    ];
    for (text, known, english, german) in table {
        let (expression, facts) = (compile(text).expect("an expression"), facts(&known));
        assert_eq!(reason(&expression, &facts, English), english);
        assert_eq!(reason(&expression, &facts, German), german);
    }
}

#[test]
fn what_alone_keeps_somebody_out_is_found() {
    let table = [
        ("sharer.friends >= 3", json!({"sharer.friends": 2}), Some(("sharer.friends", json!(3)))),
        ("sharer.friends < 3", json!({"sharer.friends": 9}), Some(("sharer.friends", json!(2)))),
        ("sharer.friends in [2, 5, 9]", json!({"sharer.friends": 6}), Some(("sharer.friends", json!(5)))),
        (
            "sharer.friends + customer.orders >= 10",
            json!({"sharer.friends": 2, "customer.orders": 3}),
            Some(("sharer.friends", json!(7))),
        ),
        (
            "arrival.private && sharer.friends >= 3",
            json!({"arrival.private": false, "sharer.friends": 3}),
            Some(("arrival.private", json!(true))),
        ),
        ("arrival.private && sharer.friends >= 3", json!({"arrival.private": false, "sharer.friends": 2}), None),
        ("arrival.private && customer.is_new", json!({"arrival.private": false}), None),
        ("sharer.friends < 0", json!({"sharer.friends": 0}), None),
        (
            "\"a\" in order.skus && \"B\" in order.skus",
            json!({"order.skus": ["c"]}),
            Some(("order.skus", json!(["a", "b", "c"]))),
        ),
        ("arrival.channel == \"sms\"", json!({"arrival.channel": "copy"}), Some(("arrival.channel", json!("sms")))),
        ("arrival.channel == \"sms\"", json!({}), Some(("arrival.channel", json!("sms")))),
    ];
    for (text, known, found) in table {
        let (expression, known) = (compile(text).expect("an expression"), facts(&known));
        let miss = near_miss(&[&expression], &known);
        assert_eq!(miss.as_ref().map(|miss| miss.fact.as_str()), found.as_ref().map(|(fact, _)| *fact), "{text}");
        let needs = found.map(|(fact, value)| facts(&json!({fact: value})).get(&FactName::new(fact)).cloned());
        assert_eq!(miss.map(|miss| miss.needs), needs, "{text}");
    }
}

#[test]
fn it_is_near_where_one_condition_fails_alone() {
    let conditions = ["arrival.private", "sharer.friends >= 3"].map(|text| compile(text).expect("an expression"));
    let conditions: Vec<_> = conditions.iter().collect();
    let known = facts(&json!({"arrival.private": true, "sharer.friends": 2}));
    let miss = near_miss(&conditions, &known).expect("it is near");
    assert_eq!((miss.condition, miss.has.as_ref()), (1, Some(&Value::Number(2))));
    assert_eq!(
        miss.sentence(&known, English),
        "Only this is missing: you won at least 3 friends. As it is: you won 2 friends."
    );
    assert_eq!(
        miss.sentence(&known, German),
        "Nur dies fehlt: Sie haben mindestens 3 Freunde gewonnen. Derzeit: Sie haben 2 Freunde gewonnen."
    );
    assert_eq!(near_miss(&conditions, &facts(&json!({"arrival.private": false, "sharer.friends": 2}))), None);
    assert_eq!(near_miss(&conditions, &facts(&json!({"arrival.private": true, "sharer.friends": 3}))), None);
}
