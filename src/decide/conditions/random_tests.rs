//! Properties of the language over random expressions: they are written by hand's rules here, and evaluated by the
//! plainest evaluator there can be, which knows no normal form.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::compile::compile;
use super::evaluate::{Outcome, evaluate, holds};
use super::facts::Facts;
use super::near_miss::near_miss;
use super::print::print;
use super::reason::reason;
use super::sentence::sentence;
use super::value::Value;
use crate::records::Timestamp;
use crate::records::expression::{Expression, FactName, Test};
use crate::wording::Language;

/// A number as people write it.
#[derive(Clone, Debug)]
enum Sum {
    Fixed(i64),
    Fact(&'static str),
    Size(&'static str),
    Minus(Box<Sum>),
    Add(Box<Sum>, Box<Sum>),
    Less(Box<Sum>, Box<Sum>),
}

/// An expression as people write it.
#[derive(Clone, Debug)]
enum Raw {
    Fixed(bool),
    Flag(&'static str),
    Not(Box<Raw>),
    And(Box<Raw>, Box<Raw>),
    Or(Box<Raw>, Box<Raw>),
    Compared(Sum, &'static str, Sum),
    OneOf(Sum, Vec<i64>),
    Text(&'static str, bool, &'static str),
    Like(&'static str, &'static str, &'static str),
    TextOneOf(&'static str, Vec<&'static str>),
    Listed(&'static str, &'static str),
    Has(&'static str),
    Before(bool, i64),
}

const FLAGS: [&str; 3] = ["arrival.private", "customer.is_new", "customer.attributes.vip"];
const NUMBERS: [&str; 4] = ["sharer.friends", "advocate.friends", "order.amount", "customer.attributes.points"];
const TEXTS: [&str; 3] = ["arrival.channel", "customer.locale", "customer.attributes.tier"];
const LISTS: [&str; 2] = ["customer.segments", "order.skus"];
const WORDS: [&str; 5] = ["whatsapp", "what", "app", "de", "a"];
const SIGNS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];

impl Sum {
    fn text(&self) -> String {
        match self {
            Self::Fixed(number) => number.to_string(),
            Self::Fact(fact) => (*fact).to_owned(),
            Self::Size(list) => format!("size({list})"),
            Self::Minus(sum) => format!("-({})", sum.text()),
            Self::Add(one, other) => format!("({} + {})", one.text(), other.text()),
            Self::Less(one, other) => format!("({} - {})", one.text(), other.text()),
        }
    }

    fn value(&self, facts: &Facts) -> Option<i64> {
        match self {
            Self::Fixed(number) => Some(*number),
            Self::Fact(fact) => match facts.get(&FactName::new(*fact)) {
                Some(Value::Number(number)) => Some(*number),
                _ => None,
            },
            Self::Size(list) => match facts.get(&FactName::new(*list)) {
                Some(Value::List(list)) => Some(list.len() as i64),
                _ => None,
            },
            Self::Minus(sum) => Some(-sum.value(facts)?),
            Self::Add(one, other) => Some(one.value(facts)? + other.value(facts)?),
            Self::Less(one, other) => Some(one.value(facts)? - other.value(facts)?),
        }
    }
}

impl Raw {
    fn text(&self) -> String {
        let listed = |list: &[String]| format!("[{}]", list.join(", "));
        match self {
            Self::Fixed(so) => so.to_string(),
            Self::Flag(fact) => (*fact).to_owned(),
            Self::Not(raw) => format!("!({})", raw.text()),
            Self::And(one, other) => format!("({} && {})", one.text(), other.text()),
            Self::Or(one, other) => format!("({} || {})", one.text(), other.text()),
            Self::Compared(one, sign, other) => format!("{} {sign} {}", one.text(), other.text()),
            Self::OneOf(sum, list) => {
                format!("{} in {}", sum.text(), listed(&list.iter().map(i64::to_string).collect::<Vec<_>>()))
            }
            Self::Text(fact, true, word) => format!("{fact} == {word:?}"),
            Self::Text(fact, false, word) => format!("{word:?} != {fact}"),
            Self::Like(fact, function, word) => format!("{fact}.{function}({word:?})"),
            Self::TextOneOf(fact, list) => {
                format!("{fact} in {}", listed(&list.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>()))
            }
            Self::Listed(word, list) => format!("{word:?} in {list}"),
            Self::Has(key) => format!("has(customer.attributes.{key})"),
            Self::Before(true, ms) => format!("now < timestamp(\"{}\")", Timestamp::from_ms(*ms)),
            Self::Before(false, ms) => format!("timestamp(\"{}\") <= now", Timestamp::from_ms(*ms)),
        }
    }

    /// 0: it is not so, 1: unknown, 2: it is so.
    fn value(&self, facts: &Facts) -> u8 {
        let get = |name: &str| facts.get(&FactName::new(name));
        let text = |name: &str| if let Some(Value::Text(text)) = get(name) { Some(text.as_str()) } else { None };
        let told = |so: Option<bool>| so.map_or(1, |so| if so { 2 } else { 0 });
        match self {
            Self::Fixed(so) => told(Some(*so)),
            Self::Flag(fact) => told(if let Some(Value::Flag(so)) = get(fact) { Some(*so) } else { None }),
            Self::Not(raw) => 2 - raw.value(facts),
            Self::And(one, other) => one.value(facts).min(other.value(facts)),
            Self::Or(one, other) => one.value(facts).max(other.value(facts)),
            Self::Compared(one, sign, other) => {
                told(one.value(facts).zip(other.value(facts)).map(|(one, other)| match *sign {
                    "==" => one == other,
                    "!=" => one != other,
                    "<" => one < other,
                    "<=" => one <= other,
                    ">" => one > other,
                    _ => one >= other,
                }))
            }
            Self::OneOf(sum, list) => told(sum.value(facts).map(|number| list.contains(&number))),
            Self::Text(fact, so, word) => told(text(fact).map(|text| (text == *word) == *so)),
            Self::Like(fact, function, word) => told(text(fact).map(|text| match *function {
                "startsWith" => text.starts_with(word),
                "endsWith" => text.ends_with(word),
                _ => text.contains(word),
            })),
            Self::TextOneOf(fact, list) => told(text(fact).map(|text| list.contains(&text))),
            Self::Listed(word, list) => match get(list) {
                Some(Value::List(list)) => told(Some(list.iter().any(|one| one == word))),
                _ => 1,
            },
            Self::Has(key) => told(Some(get(&format!("customer.attributes.{key}")).is_some())),
            Self::Before(so, ms) => match get("now") {
                Some(Value::Instant(now)) => told(Some((now.ms() < *ms) == *so)),
                _ => 1,
            },
        }
    }
}

fn sums() -> impl Strategy<Value = Sum> {
    let facts = prop_oneof![
        prop::sample::select(&NUMBERS[..]).prop_map(Sum::Fact),
        prop::sample::select(&LISTS[..]).prop_map(Sum::Size)
    ];
    facts.prop_recursive(2, 4, 2, |within| {
        let any = prop_oneof![within.clone(), (0..9i64).prop_map(Sum::Fixed)];
        prop_oneof![
            within.clone().prop_map(|sum| Sum::Minus(Box::new(sum))),
            (within.clone(), any.clone()).prop_map(|(one, other)| Sum::Add(Box::new(one), Box::new(other))),
            (any, within).prop_map(|(one, other)| Sum::Less(Box::new(one), Box::new(other))),
        ]
    })
}

/// Of two attributes alone the type would not be known.
fn compared((one, sign, other): (Sum, &'static str, Sum)) -> Raw {
    let is_attribute = |sum: &Sum| matches!(sum, Sum::Fact(fact) if fact.starts_with("customer.attributes."));
    let other = if is_attribute(&one) && is_attribute(&other) { Sum::Fixed(3) } else { other };
    Raw::Compared(one, sign, other)
}

fn raws() -> impl Strategy<Value = Raw> {
    use prop::sample::select;
    let sides = || prop_oneof![(0..9i64).prop_map(Sum::Fixed), sums()];
    let leaf = prop_oneof![
        1 => any::<bool>().prop_map(Raw::Fixed),
        4 => select(&FLAGS[..]).prop_map(Raw::Flag),
        4 => (sums(), select(&SIGNS[..]), sides()).prop_map(compared),
        2 => (sides(), select(&SIGNS[..]), sums()).prop_map(compared),
        2 => (sums(), prop::collection::vec(0..9i64, 1..4)).prop_map(|(sum, list)| Raw::OneOf(sum, list)),
        2 => (select(&TEXTS[..]), any::<bool>(), select(&WORDS[..])).prop_map(|(fact, so, word)| Raw::Text(fact, so, word)),
        2 => (select(&TEXTS[..]), select(&["startsWith", "endsWith", "contains"][..]), select(&WORDS[..]))
            .prop_map(|(fact, function, word)| Raw::Like(fact, function, word)),
        2 => (select(&TEXTS[..]), prop::collection::vec(select(&WORDS[..]), 1..4))
            .prop_map(|(fact, list)| Raw::TextOneOf(fact, list)),
        2 => (select(&WORDS[..]), select(&LISTS[..])).prop_map(|(word, list)| Raw::Listed(word, list)),
        1 => select(&["tier", "points", "vip"][..]).prop_map(Raw::Has),
        1 => (any::<bool>(), 0..4i64).prop_map(|(so, ms)| Raw::Before(so, ms)),
    ];
    let raws = leaf.prop_recursive(4, 12, 2, |within| {
        prop_oneof![
            within.clone().prop_map(|raw| Raw::Not(Box::new(raw))),
            (within.clone(), within.clone()).prop_map(|(one, other)| Raw::And(Box::new(one), Box::new(other))),
            (within.clone(), within).prop_map(|(one, other)| Raw::Or(Box::new(one), Box::new(other))),
        ]
    });
    raws.prop_filter("short enough", |raw| raw.text().len() <= 1_000)
}

/// Facts, of which some are unknown, and attributes of any type.
fn all_facts() -> impl Strategy<Value = Facts> {
    use prop::option::of;
    use prop::sample::select;
    let number = || of((0..9i64).prop_map(Value::Number));
    let text = || of(select(&WORDS[..]).prop_map(|word| Value::Text(word.to_owned())));
    let list =
        || of(prop::collection::btree_set(select(&WORDS[..]).prop_map(str::to_owned), 0..4).prop_map(Value::List));
    let flag = || of(any::<bool>().prop_map(Value::Flag));
    let attribute = || prop_oneof![number(), text(), flag()];
    let now = of((0..4i64).prop_map(|ms| Value::Instant(Timestamp::from_ms(ms))));
    let known = (
        (flag(), flag(), attribute(), number(), number(), number()),
        (attribute(), text(), text(), attribute(), list(), list(), now),
    );
    known.prop_map(|((f1, f2, a1, n1, n2, n3), (a2, t1, t2, a3, l1, l2, now))| {
        let names = FLAGS.iter().chain(&NUMBERS).chain(&TEXTS).chain(&LISTS).chain(&["now"]);
        let values = [f1, f2, a1, n1, n2, n3, a2, t1, t2, a3, l1, l2, now];
        let mut facts = Facts::default();
        for (name, value) in names.zip(values) {
            if let Some(value) = value {
                facts.set(FactName::new(*name), value);
            }
        }
        facts
    })
}

fn compiled(raw: &Raw) -> Expression {
    let text = raw.text();
    compile(&text).unwrap_or_else(|fault| panic!("{text}: {fault}"))
}

fn met(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Met => 2,
        Outcome::NotMet => 0,
        Outcome::Unknown(_) => 1,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn an_expression_is_evaluated_as_it_was_written(raw in raws(), facts in all_facts()) {
        let expression = compiled(&raw);
        let outcome = evaluate(&expression, &facts);
        prop_assert_eq!(met(&outcome), raw.value(&facts), "{}", raw.text());
        if let Outcome::Unknown(facts) = outcome {
            prop_assert!(!facts.is_empty());
        }
    }

    #[test]
    fn what_is_printed_is_read_as_the_same(raw in raws()) {
        let expression = compiled(&raw);
        let text = print(&expression);
        prop_assume!(text.len() <= 1_000);
        prop_assert_eq!(compile(&text).map_err(|fault| fault.to_string()), Ok(expression), "{}", text);
    }

    #[test]
    fn what_is_stored_is_read_as_the_same(raw in raws()) {
        let expression = compiled(&raw);
        let stored = serde_json::to_string(&expression).expect("it is JSON");
        prop_assert_eq!(serde_json::from_str::<Expression>(&stored).expect("it is read"), expression);
    }

    #[test]
    fn different_expressions_are_different_sentences(one in raws(), other in raws()) {
        let (one, other) = (compiled(&one), compiled(&other));
        for language in [Language::English, Language::German] {
            prop_assert_eq!(sentence(&one, language) == sentence(&other, language), one == other);
        }
    }

    #[test]
    fn a_near_miss_would_have_been_met(raw in raws(), facts in all_facts()) {
        let expression = compiled(&raw);
        let Some(miss) = near_miss(&[&expression], &facts) else { return Ok(()) };
        prop_assert_ne!(evaluate(&expression, &facts), Outcome::Met);
        let read = |name: &FactName| if *name == miss.fact { miss.needs.as_ref() } else { facts.get(name) };
        prop_assert_eq!(holds(expression.test(), &read), Some(true), "{}", raw.text());
        prop_assert!(miss.asked != Test::Always(true), "it says what is missing: {}", raw.text());
    }

    #[test]
    fn a_flag_or_a_number_that_would_mend_it_is_found(raw in raws(), facts in all_facts(), value in 0..9i64) {
        let expression = compiled(&raw);
        prop_assume!(evaluate(&expression, &facts) != Outcome::Met);
        for name in ["sharer.friends", "order.amount", "arrival.private"] {
            let mut other = facts.clone();
            let value = if name == "arrival.private" { Value::Flag(value % 2 == 0) } else { Value::Number(value) };
            other.set(FactName::new(name), value);
            if evaluate(&expression, &other) == Outcome::Met {
                prop_assert!(near_miss(&[&expression], &facts).is_some(), "{} with {name}", raw.text());
            }
        }
    }

    #[test]
    fn every_reason_can_be_told(raw in raws(), facts in all_facts()) {
        let expression = compiled(&raw);
        for language in [Language::English, Language::German] {
            let told = reason(&expression, &facts, language);
            prop_assert!(told.ends_with('.') && !told.contains("{}") && !told.contains("  "), "{}", told);
        }
    }

    #[test]
    fn hostile_text_is_taken_or_refused(text in "\\PC{0,300}") {
        check(&text);
    }

    #[test]
    fn words_of_the_language_in_any_order_are_taken_or_refused(
        words in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..120),
    ) {
        check(&words.concat());
    }
}

const PIECES: [&str; 34] = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "!",
    "-",
    "+",
    " && ",
    " || ",
    "==",
    "!=",
    "<",
    ">=",
    " in ",
    ".",
    ",",
    "?",
    ":",
    "now",
    "sharer.friends",
    "arrival.private",
    "order.skus",
    "customer.attributes.x",
    "has(",
    "size(",
    "timestamp(",
    "\"a\"",
    "'",
    "7",
    "true",
    "1.5",
    ".startsWith(",
];

/// Whatever the text, it is taken or refused, soon; and what is taken can be used.
fn check(text: &str) {
    let fault = match compile(text) {
        Err(fault) => fault,
        Ok(expression) => {
            let facts = Facts::default();
            assert_ne!(evaluate(&expression, &facts), Outcome::Unknown(Vec::new()), "{text}");
            assert!(!sentence(&expression, Language::English).is_empty(), "{text}");
            return;
        }
    };
    assert!(fault.line >= 1 && fault.column >= 1 && !fault.detail.is_empty(), "{text}");
    assert!(fault.line <= text.matches('\n').count() + 1, "{text}: {fault}");
}

#[test]
fn what_is_nested_or_long_is_refused_soon() {
    let began = Instant::now();
    for part in ["(", "[", "{", "!(", "-(", "has(", "size(", "a[", "a?", "a?b:", "now-", "x.all(y,", "((("] {
        check(&part.repeat(1_000 / part.len()));
    }
    for (begin, join) in [("sharer.friends", "+"), ("now", "<"), ("arrival.private", "&&"), ("a", "."), ("a", "==")] {
        check(&vec![begin; 1_000 / (begin.len() + join.len())].join(join));
    }
    check(&"!".repeat(999));
    check(&format!("{}a{}", "(".repeat(499), ")".repeat(499)));
    check(&"é".repeat(500));
    check(&"x".repeat(1_000));
    assert!(compile(&"x".repeat(1_001)).is_err_and(|fault| fault.detail.contains("1001")));
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

/// The largest expressions that can be: as many tests as fit into their length.
fn largest() -> Vec<Expression> {
    let joined = |part: &str, by: &str| vec![part; ((1_000 + by.len()) / (part.len() + by.len())).min(50)].join(by);
    let listed = |fact: &str, part: &str| {
        let room = 1_000 - fact.len() - " in []".len();
        format!("{fact} in [{}]", vec![part; ((room + 1) / (part.len() + 1)).min(190)].join(","))
    };
    let distinct: Vec<String> = (100..290).map(|number| number.to_string()).collect();
    let texts = [
        joined("now!=timestamp(\"2026-12-24T18:00:00Z\")", "&&"),
        joined("customer.orders<5", "&&"),
        (0..50).map(|sku| format!("\"{sku}\"in order.skus")).collect::<Vec<_>>().join("&&"),
        joined("!customer.is_new", "||"),
        format!("{}>5", joined("order.amount", "+").trim_end_matches("+order.amount")),
        format!("order.amount in [{}]", distinct.join(",")),
        listed("customer.locale", "\"a\""),
    ];
    texts.iter().map(|text| compile(text).unwrap_or_else(|fault| panic!("{text}: {fault}"))).collect()
}

/// How long the fastest of some runs takes: others use the machine as well.
fn fastest(runs: usize, mut work: impl FnMut()) -> Duration {
    let times = (0..runs).map(|_| {
        let began = Instant::now();
        work();
        began.elapsed()
    });
    times.min().unwrap_or_default()
}

#[test]
fn the_largest_is_evaluated_in_less_than_a_millisecond() {
    let mut facts = Facts::default();
    let list: BTreeSet<String> = (0..1_000).map(|number| format!("sku-{number}")).collect();
    let values = [
        ("now", Value::Instant(Timestamp::from_ms(0))),
        ("customer.orders", Value::Number(4)),
        ("order.amount", Value::Number(1)),
        ("order.skus", Value::List(list)),
        ("customer.is_new", Value::Flag(true)),
        ("customer.locale", Value::Text("b".to_owned())),
    ];
    values.into_iter().for_each(|(name, value)| facts.set(FactName::new(name), value));
    for expression in largest() {
        let time = fastest(50, || {
            evaluate(&expression, &facts);
        });
        assert!(time < Duration::from_millis(1), "{time:?}: {}", print(&expression));
        let time = fastest(5, || {
            near_miss(&[&expression], &facts);
            reason(&expression, &facts, Language::German);
        });
        assert!(time < Duration::from_millis(50), "{time:?}: {}", print(&expression));
    }
}

#[test]
fn each_test_is_looked_at_once() {
    let looked = std::cell::Cell::new(0);
    for expression in largest() {
        looked.set(0);
        let mut asked = 0;
        expression.test().each_fact(&mut |_| asked += 1);
        holds(expression.test(), &|_: &FactName| {
            looked.set(looked.get() + 1);
            None
        });
        assert!((1..=asked).contains(&looked.get()), "{} of {asked}", looked.get());
    }
}
