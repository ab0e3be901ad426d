//! Why somebody is not let in, as they read it: what is asked of them and does not hold, and what they have. The shop's
//! own message comes first where it gave one.
//!
//! What somebody else has, the one who sent them, is not told them.

use crate::records::expression::{Expression, FactName, Test};
use crate::wording::Language;

use super::evaluate::holds;
use super::facts::Facts;
use super::phrase::{Person, Voice};
use super::sentence::said;
use super::value::Value;

/// Of how many facts is told what they are.
const TOLD: usize = 8;

/// Why a condition is not met: one to three sentences.
pub fn reason(expression: &Expression, facts: &Facts, language: Language) -> String {
    let read = |fact: &FactName| facts.get(fact);
    let mut unmet = Vec::new();
    let wanted = match expression.test() {
        Test::All(tests) => {
            unmet.extend(tests.iter().filter(|test| holds(test, &read) != Some(true)).cloned());
            if unmet.is_empty() { expression.test().clone() } else { Test::all(unmet) }
        }
        other => other.clone(),
    };
    told(&wanted, facts, language, ["Required", "Voraussetzung"])
}

/// What is wanted, under a heading in English and German, and what there is.
pub fn told(wanted: &Test, facts: &Facts, language: Language, heading: [&'static str; 2]) -> String {
    let voice = Voice { language, person: Person::You, currency: facts.currency() };
    let mut sentences = vec![format!("{}: {}.", voice.either(heading[0], heading[1]), said(wanted, voice))];
    let (mut there, mut unknown) = (Vec::new(), Vec::new());
    for fact in wanted.facts().into_iter().filter(|fact| !is_of_another(fact)).take(TOLD) {
        match facts.get(fact) {
            Some(Value::List(texts)) if is_counted(wanted, fact) => there.push(voice.size(fact, texts.len())),
            Some(value) => there.extend(voice.present(fact, value)),
            None => unknown.push(voice.noun(fact)),
        }
    }
    if !there.is_empty() {
        sentences.push(format!("{}: {}.", voice.either("As it is", "Derzeit"), there.join("; ")));
    }
    if !unknown.is_empty() {
        sentences.push(format!("{}: {}.", voice.either("Not known", "Nicht bekannt"), unknown.join("; ")));
    }
    sentences.join(" ")
}

/// Whether a fact tells of the one who sent them.
fn is_of_another(fact: &FactName) -> bool {
    fact.as_str().starts_with("advocate.")
}

/// Whether it is asked how many a list has.
fn is_counted(test: &Test, list: &FactName) -> bool {
    match test {
        Test::All(tests) | Test::Any(tests) => tests.iter().any(|test| is_counted(test, list)),
        Test::Number { left, right, .. } => left.terms.iter().chain(&right.terms).any(|term| term.fact == *list),
        Test::NumberAmong { left, .. } => left.terms.iter().any(|term| term.fact == *list),
        _ => false,
    }
}
