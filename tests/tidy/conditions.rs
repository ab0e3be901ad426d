//! `CONDITIONS.md` does not lie: its facts are those of the table, and each of its conditions says, lets in, keeps out
//! and gives for a reason what is printed with it. `BLESS_CONDITIONS=1 cargo test --test tidy conditions` writes what
//! follows from the rest, to be read before it is kept.

use std::collections::BTreeSet;
use std::fs;

use grapevine::decide::conditions::compile::compile;
use grapevine::decide::conditions::evaluate::{Outcome, evaluate};
use grapevine::decide::conditions::fact::Kind;
use grapevine::decide::conditions::fact_table::{ATTRIBUTE, FACTS};
use grapevine::decide::conditions::facts::{Facts, find};
use grapevine::decide::conditions::reason::reason;
use grapevine::decide::conditions::sentence::sentence_in;
use grapevine::decide::conditions::value::Value;
use grapevine::records::expression::{Expression, FactName};
use grapevine::records::money::Currency;
use grapevine::wording::Language;
use serde_json::Value as Json;

use super::root;

const ENGLISH: &str = "- *English:* ";
const GERMAN: &str = "- *German:* ";
const LET_IN: &str = "- Let in: `";
const KEPT_OUT: &str = "- Not let in: `";

#[test]
fn the_worked_conditions_are_as_they_are_printed() {
    let file = root().join("CONDITIONS.md");
    let text = fs::read_to_string(&file).expect("there is a CONDITIONS.md");
    let written = written_anew(&text).unwrap_or_else(|wrong| panic!("CONDITIONS.md: {wrong}"));
    if std::env::var_os("BLESS_CONDITIONS").is_some() {
        fs::write(&file, &written).expect("it can be written");
    } else {
        for (line, (is, should)) in text.lines().zip(written.lines()).enumerate() {
            assert_eq!(is, should, "line {}", line + 1);
        }
        assert_eq!(text, written);
    }
}

#[test]
fn there_are_thirty_of_them_with_every_fact() {
    let text = fs::read_to_string(root().join("CONDITIONS.md")).expect("there is a CONDITIONS.md");
    let worked: Vec<&str> = text.split("\n### ").skip(1).collect();
    assert_eq!(worked.len(), 30);
    let mut asked: BTreeSet<String> = BTreeSet::new();
    for (number, section) in worked.iter().enumerate() {
        assert!(section.starts_with(&format!("{}. ", number + 1)), "{section}");
        for part in ["```cel\n", ENGLISH, GERMAN, LET_IN, KEPT_OUT] {
            assert!(section.contains(part), "{section} has no {part}");
        }
        let expression = section.split("```cel\n").nth(1).and_then(|rest| rest.split("\n```").next());
        let expression = compile(expression.unwrap_or_default()).expect("an expression");
        asked.extend(expression.facts().into_iter().map(FactName::to_string));
    }
    let rows: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    for fact in FACTS {
        assert!(asked.contains(fact.name), "no condition asks for {}", fact.name);
    }
    assert!(asked.iter().any(|name| name.starts_with("customer.attributes.")));
    let known: BTreeSet<&str> = FACTS.iter().chain([&ATTRIBUTE]).map(|fact| fact.name).collect();
    assert_eq!((rows.len(), rows.into_iter().collect()), (known.len(), known), "each fact has a row");
}

#[test]
fn a_condition_that_is_printed_wrongly_is_found() {
    let text =
        "```cel\narrival.private\n```\n\n- *English:* x\n- *German:* y\n- Let in: `{\"arrival.private\": true}`\n";
    let written = written_anew(text).expect("it can be written");
    assert!(written.contains("- *English:* arrived by a private share\n"), "{written}");
    assert!(written_anew(&text.replace("true", "false")).is_err(), "they are not let in");
    assert!(written_anew(&text.replace("Let in", "Not let in")).is_err(), "they are let in");
    assert!(written_anew(&text.replace("private", "public")).is_err(), "there is no such fact");
    assert!(written_anew("| `arrival.public` | x |\n").is_err(), "there is no such fact");
}

/// The text with all that follows from its expressions and facts as it should be.
fn written_anew(text: &str) -> Result<String, String> {
    let mut written = String::new();
    let mut expression = None;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let current = || expression.as_ref().ok_or_else(|| format!("{line}: there is no expression before it"));
        if line == "```cel" {
            let source = lines.next().unwrap_or_default();
            expression = Some(compile(source).map_err(|fault| format!("{source}: {fault}"))?);
            written.push_str(&format!("{line}\n{source}\n"));
        } else if line.starts_with(ENGLISH.trim_end()) {
            written.push_str(&format!("{ENGLISH}{}\n", sentence_in(current()?, Language::English, euro())));
        } else if line.starts_with(GERMAN.trim_end()) {
            written.push_str(&format!("{GERMAN}{}\n", sentence_in(current()?, Language::German, euro())));
        } else if let Some(known) = line.strip_prefix(LET_IN) {
            expect(current()?, known, true)?;
            written.push_str(&format!("{line}\n"));
        } else if let Some(known) = line.strip_prefix(KEPT_OUT) {
            let facts = expect(current()?, known, false)?;
            let told = [Language::English, Language::German]
                .map(|language| reason(expression_of(&expression), &facts, language));
            written.push_str(&format!("{line}\n  - {}\n  - {}\n", told[0], told[1]));
        } else if let Some(name) = line.strip_prefix("| `").and_then(|rest| rest.split('`').next()) {
            written.push_str(&row(name)?);
        } else if !line.starts_with("  - ") {
            written.push_str(&format!("{line}\n"));
        }
    }
    Ok(written)
}

fn expression_of(expression: &Option<Expression>) -> &Expression {
    expression.as_ref().expect("it was looked at before")
}

fn euro() -> Option<Currency> {
    Currency::parse("EUR")
}

/// The facts, where they let somebody in, or not, as they should.
fn expect(expression: &Expression, known: &str, let_in: bool) -> Result<Facts, String> {
    let known = known.trim_end_matches('`');
    let json: Json = serde_json::from_str(known).map_err(|error| format!("{known}: {error}"))?;
    let facts = facts(&json)?;
    let outcome = evaluate(expression, &facts);
    if (outcome == Outcome::Met) == let_in { Ok(facts) } else { Err(format!("{known}: {outcome:?}")) }
}

fn facts(json: &Json) -> Result<Facts, String> {
    let mut facts = euro().map(Facts::of_shop).unwrap_or_default();
    for (name, value) in json.as_object().ok_or("facts are an object")? {
        let kind = find(name).ok_or_else(|| format!("{name} is no fact"))?.kind;
        let wrong = |error: serde_json::Error| format!("{name}: {error}");
        let value = match (value, kind) {
            (Json::Bool(flag), Kind::Flag | Kind::Attribute) => Value::Flag(*flag),
            (Json::Number(number), Kind::Number(..) | Kind::Attribute) => {
                Value::Number(number.as_i64().ok_or("a whole number is expected")?)
            }
            (Json::String(text), Kind::Text(_) | Kind::Attribute) => Value::Text(text.clone()),
            (text, Kind::Instant) => Value::Instant(serde_json::from_value(text.clone()).map_err(wrong)?),
            (list, Kind::List(_)) => Value::List(serde_json::from_value(list.clone()).map_err(wrong)?),
            (other, _) => return Err(format!("{name} is never {other}")),
        };
        facts.set(FactName::new(name), value);
    }
    Ok(facts)
}

/// The row of a fact.
fn row(name: &str) -> Result<String, String> {
    let fact = FACTS.iter().chain([&ATTRIBUTE]).find(|fact| fact.name == name);
    let fact = fact.ok_or_else(|| format!("{name} is no fact"))?;
    let (kind, means, from, example) = (fact.kind.word(), fact.meaning, fact.source, fact.example);
    Ok(format!("| `{name}` | {kind} | {means} | {from} | `{example}` |\n"))
}
