//! What is taken and what is refused, with its place and what to do.

use super::compile::compile;
use super::fact::Kind;
use super::fact_table::{ATTRIBUTE, FACTS};
use super::print::print;
use crate::records::expression::{Expression, FactName};
use crate::refusal::Code;

#[test]
fn what_is_meant_alike_is_stored_alike() {
    let table = [
        ("arrival.private", "arrival.private"),
        ("arrival.private == true", "arrival.private"),
        ("!!arrival.private", "arrival.private"),
        ("arrival.private != true", "!arrival.private"),
        ("!(arrival.private && customer.is_new)", "!arrival.private || !customer.is_new"),
        ("(arrival.private && customer.is_new) && true", "arrival.private && customer.is_new"),
        ("arrival.private || true", "true"),
        ("3 <= sharer.friends", "sharer.friends >= 3"),
        ("!(sharer.friends < 3)", "sharer.friends >= 3"),
        ("sharer.friends + 1 - 3 > -(customer.orders)", "sharer.friends - 2 > -customer.orders"),
        ("sharer.friends - (customer.orders - 2) >= 0", "sharer.friends - customer.orders + 2 >= 0"),
        ("order.skus.size() > 2", "size(order.skus) > 2"),
        ("sharer.friends in [3, 3]", "sharer.friends == 3"),
        ("!(arrival.channel in ['sms'])", "arrival.channel != \"sms\""),
        ("'sms' == arrival.channel", "arrival.channel == \"sms\""),
        ("'a\"b\\\\' in order.skus", "\"a\\\"b\\\\\" in order.skus"),
        ("timestamp('2026-12-24T19:00:00+01:00') > now", "now < timestamp(\"2026-12-24T18:00:00.000Z\")"),
        ("customer.attributes['big spender']", "customer.attributes[\"big spender\"]"),
        ("customer.attributes['tier'] == 'gold'", "customer.attributes.tier == \"gold\""),
        ("has(customer.attributes.`big spender`)", "has(customer.attributes.`big spender`)"),
        ("customer.attributes.vip == false", "!customer.attributes.vip"),
        ("customer.attributes.points + 1 > 5", "customer.attributes.points + 1 > 5"),
        ("customer.locale == customer.attributes.spoken", "customer.locale == customer.attributes.spoken"),
        ("arrival.private // they came\n  && customer.is_new", "arrival.private && customer.is_new"),
        ("sharer.friends >= -9223372036854775808", "sharer.friends >= -9223372036854775808"),
        ("sharer.friends + -9223372036854775808 < 1", "sharer.friends + -9223372036854775808 < 1"),
        (
            "arrival.private && (customer.is_new || sharer.friends > 2)",
            "arrival.private && (customer.is_new || sharer.friends > 2)",
        ),
    ];
    for (text, stored) in table {
        let expression = compile(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(print(&expression), stored, "{text}");
        assert_eq!(compile(stored), Ok(expression), "{stored}");
    }
}

/// What is refused, the place, and what is said.
const REFUSED: &[(&str, &str, &str)] = &[
    ("", "1:1", "an expression is expected"),
    ("   \n", "1:1", "an expression is expected"),
    ("arrival.private &&", "1:19", "something is missing at the end"),
    ("arrival.private and customer.is_new", "1:17", "write &&"),
    ("arrival.channel = \"sms\"", "1:17", "== compares"),
    ("arrival.private & customer.is_new", "1:17", "write && for and"),
    ("arrival.channel == \"sms", "1:20", "close it"),
    ("arrival.channel == “sms”", "1:20", "straight quotation marks"),
    ("(arrival.private", "1:17", "expected"),
    ("arrival.private)", "1:16", "does not fit here"),
    ("arrival.private ? true : false", "1:17", "no choice by ? and :"),
    ("sharer.freinds >= 3", "1:1", "sharer.friends is near it"),
    ("arrival.private &&\n  sharer.freinds >= 3", "2:3", "sharer.friends is near it"),
    ("\"äö\" in order.skus && frends", "1:23", "is no fact"),
    ("customer.attributes", "1:1", "customer.attributes.KEY"),
    ("customer.attributes.a.b", "1:1", "attributes have no parts"),
    ("customer.attributes[\"\"]", "1:20", "1 to 40 characters"),
    ("sharer.friends", "1:7", "true or false is expected, this is a whole number"),
    ("!order.skus", "1:7", "true or false is expected, this is a list"),
    ("arrival.channel && customer.is_new", "1:8", "true or false is expected, this is a text"),
    ("sharer.friends == \"3\"", "1:16", "a whole number is compared with a text"),
    ("arrival.private == 1", "1:17", "true or false is compared with a whole number"),
    ("arrival.private == customer.is_new", "1:17", "join them with && or ||"),
    ("arrival.private < true", "1:17", "have no order"),
    ("arrival.channel < \"sms\"", "1:17", "texts have no order"),
    ("arrival.channel == \"WhatsApp\"", "1:17", "for example \"whatsapp\""),
    ("arrival.channel in [\"sms\", \"Signal\"]", "1:17", "for example \"signal\""),
    ("order.currency == \"eur\"", "1:16", "\"EUR\""),
    ("order.amount >= 50.0", "1:17", "minor units"),
    ("order.amount >= 50u", "1:17", "minor units"),
    ("order.amount * 2 > 5", "1:14", "nothing else"),
    ("order.amount > 99999999999999999999", "1:16", "whole numbers from"),
    ("order.amount + 9223372036854775807 + 1 > 1", "1:36", "too large"),
    ("1 < 2", "1:3", "one side must be a fact"),
    ("\"a\" == \"b\"", "1:5", "one side must be a fact"),
    ("1 in [1, 2]", "1:3", "one side must be a fact"),
    ("today.weekday == 0", "1:15", "it goes from 1 to 7 (Monday to Sunday)"),
    ("24 != today.hour", "1:4", "it goes from 0 to 23"),
    ("sharer.friends in [1, -1]", "1:16", "it goes from 0 on"),
    ("order.skus == \"mug\"", "1:12", "write \"text\" in order.skus"),
    ("order.skus.contains(\"mug\")", "1:20", "write \"text\" in order.skus"),
    ("order.skus[0] == \"mug\"", "1:11", "brackets choose an attribute only"),
    ("sharer.friends in order.skus", "1:16", "a text in quotation marks is looked for"),
    ("arrival.channel in [1, 2]", "1:17", "both must be of one type"),
    ("arrival.channel in []", "1:17", "the list is empty"),
    ("arrival.channel in [\"sms\", 1]", "1:20", "not both"),
    ("arrival.channel in arrival.channel", "1:17", "a list is expected behind in"),
    ("arrival.channel in [customer.locale]", "1:20", "fixed texts or whole numbers"),
    ("arrival.channel.startsWith(\"\")", "1:27", "the empty one"),
    ("arrival.channel.startsWith(1)", "1:27", "a text is expected in the brackets"),
    ("\"sms\".startsWith(arrival.channel)", "1:17", "a fact that is a text is expected before the point"),
    ("arrival.channel.matches(\"s.*\")", "1:24", "there are no patterns"),
    ("arrival.channel.lower() == \"sms\"", "1:22", "there are has, size, timestamp"),
    ("order.skus.exists(s, s == \"mug\")", "1:18", "not part of the language"),
    ("size(arrival.channel) > 2", "1:13", "size() takes a fact that is a list"),
    ("now < \"2026-12-24T18:00:00Z\"", "1:5", "write timestamp("),
    ("now < timestamp(\"tomorrow\")", "1:17", "this is no instant"),
    ("now < timestamp(7)", "1:17", "a text is expected"),
    ("now - timestamp(\"2026-12-24T18:00:00Z\") < duration(\"72h\")", "1:1", "a whole number is expected"),
    ("arrival.age_hours < duration(\"72h\")", "1:29", "there are no durations"),
    ("has(arrival.channel)", "1:4", "has() takes an attribute"),
    ("has(customer)", "1:5", "has() takes an attribute"),
    ("customer.attributes.x == customer.attributes.y", "1:23", "the type is not known"),
    ("{\"a\": 1} == now", "1:1", "braces are not part of the language"),
    ("null == arrival.channel", "1:1", "there is no null"),
    ("b\"sms\" == arrival.channel", "1:1", "bytes are not part"),
    ("arrival.channel == \"a\\nb\"", "1:20", "no control characters"),
    ("if", "1:1", "reserved word"),
];

#[test]
fn what_is_not_of_the_language_is_refused_with_its_place() {
    for (text, place, said) in REFUSED {
        let fault = compile(text).err().unwrap_or_else(|| panic!("{text} is taken"));
        assert!(fault.detail.contains(said), "{text}: {fault}");
        assert_eq!(format!("{}:{}", fault.line, fault.column), *place, "{text}: {fault}");
    }
}

#[test]
fn it_may_be_so_long_and_so_deep() {
    let deep = |levels: usize| format!("{}arrival.private{}", "(".repeat(levels), ")".repeat(levels));
    assert!(compile(&deep(24)).is_ok());
    assert!(compile(&deep(25)).is_err_and(|fault| fault.detail.contains("24 levels")));
    let list = |texts: usize| format!("customer.locale in [{}]", vec!["\"a\""; texts].join(","));
    assert!(compile(&list(197)).is_ok(), "a fact, in, a list and its texts");
    assert!(compile(&list(198)).is_err_and(|fault| fault.detail.contains("more than 200")));
    let long = |bytes: usize| format!("{:<bytes$}", "arrival.private");
    assert!(compile(&long(1_000)).is_ok());
    assert!(compile(&long(1_001)).is_err_and(|fault| fault.detail.contains("at most 1000 bytes")));
}

#[test]
fn the_deepest_is_stored_and_read() {
    let deepest = "customer.is_new||arrival.private&&(".repeat(24) + "arrival.private" + &")".repeat(24);
    let expression = compile(&deepest).expect("it is not too deep");
    let stored = serde_json::to_string(&expression).expect("it is JSON");
    assert_eq!(serde_json::from_str::<Expression>(&stored).expect("it is read"), expression);
    assert_eq!(compile(&print(&expression)), Ok(expression));
}

#[test]
fn a_refusal_names_the_place_in_the_body() {
    let fault = compile("sharer.freinds > 2").expect_err("a typo");
    let refusal = fault.refusal("/conditions/0/expression");
    assert_eq!((refusal.code, refusal.code.status()), (Code::ExpressionInvalid, 422));
    assert_eq!(refusal.errors[0].pointer, "/conditions/0/expression");
    assert!(refusal.detail.starts_with("Line 1, column 1: \"sharer.freinds\" is no fact;"), "{}", refusal.detail);
}

#[test]
fn the_example_of_each_fact_asks_for_it() {
    for fact in FACTS.iter().chain([&ATTRIBUTE]) {
        let expression = compile(fact.example).unwrap_or_else(|fault| panic!("{}: {fault}", fact.example));
        let asked = expression.facts();
        assert_eq!(asked.len(), 1, "{}", fact.example);
        assert!(asked[0].as_str() == fact.name || asked[0].attribute().is_some(), "{}", fact.example);
    }
}

#[test]
fn each_fact_has_the_words_of_its_type() {
    for fact in FACTS.iter().chain([&ATTRIBUTE]) {
        for words in [fact.english, fact.german] {
            let gaps = |said: [&str; 2]| said.map(|said| said.matches("{}").count());
            let wanted = match fact.kind {
                Kind::Flag => [0, 0],
                Kind::Number(..) if words.they[0].is_empty() => [0, 0],
                Kind::Number(..) | Kind::Instant => [1, 0],
                Kind::Text(_) | Kind::List(_) | Kind::Attribute => [1, 1],
            };
            assert_eq!((gaps(words.they), gaps(words.you)), (wanted, wanted), "{}", fact.name);
            assert_eq!(words.size.is_empty(), !matches!(fact.kind, Kind::List(_)), "{}", fact.name);
            assert_eq!(words.they[0].is_empty(), words.you[0].is_empty(), "{}", fact.name);
            let is_counted = matches!(fact.kind, Kind::Number(..)) && !words.they[0].is_empty();
            assert_eq!(words.unit[0].is_empty(), !is_counted, "{}", fact.name);
        }
    }
    let mut nouns: Vec<&str> = FACTS.iter().flat_map(|fact| [fact.english.noun, fact.german.noun]).collect();
    nouns.sort_unstable();
    nouns.dedup();
    assert_eq!(nouns.len(), 2 * FACTS.len(), "no two facts are called the same");
    assert!(FACTS.iter().all(|fact| compile(&format!("has({})", fact.name)).is_err()));
    assert_eq!(FactName::of_attribute("tier").attribute(), Some("tier"));
}
