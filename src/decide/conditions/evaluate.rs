//! Whether a condition is met. Total: every tree has an outcome for all facts, and each of its tests is looked at once
//! at most.
//!
//! What is unknown is neither so nor not so (Kleene): `unknown || true` is true, `unknown && false` is false, and
//! `!unknown` is unknown. A condition that comes to unknown is not met.

use crate::records::expression::{Expression, FactName, Likeness, Number, Test, Words};

use super::facts::{Facts, compared};
use super::value::Value;

/// What became of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Met,
    /// It does not hold.
    NotMet,
    /// It cannot be told, because these facts are unknown.
    Unknown(Vec<FactName>),
}

/// Whether a condition is met.
pub fn evaluate(expression: &Expression, facts: &Facts) -> Outcome {
    let read = |fact: &FactName| facts.get(fact);
    match holds(expression.test(), &read) {
        Some(true) => Outcome::Met,
        Some(false) => Outcome::NotMet,
        None => Outcome::Unknown(unknown(expression.test(), &read)),
    }
}

/// Whether a test holds; `None`: it is unknown.
pub fn holds<'a>(test: &Test, read: &impl Fn(&FactName) -> Option<&'a Value>) -> Option<bool> {
    let asked = |so: &bool| {
        let so = *so;
        move |is: bool| is == so
    };
    match test {
        Test::Always(so) => Some(*so),
        Test::All(tests) => joined(tests, false, read),
        Test::Any(tests) => joined(tests, true, read),
        Test::Flag { fact, so } => flag(read(fact)).map(asked(so)),
        Test::Known { fact, so } => Some(read(fact).is_some() == *so),
        Test::Number { left, is, right } => Some(is.holds(sum(left, read)?.cmp(&sum(right, read)?))),
        Test::NumberAmong { left, among, so } => {
            let number = sum(left, read)?;
            Some(among.iter().any(|one| i128::from(*one) == number)).map(asked(so))
        }
        Test::Text { fact, is, to, so } => {
            let (text, to) = (text(read(fact))?, words(to, read)?);
            Some(is_like(text, *is, to)).map(asked(so))
        }
        Test::TextAmong { fact, among, so } => {
            let text = text(read(fact))?;
            Some(among.iter().any(|one| one == text)).map(asked(so))
        }
        Test::Listed { list, text, so } => match read(list)? {
            Value::List(texts) => Some(texts.contains(&compared(list, text.clone()))).map(asked(so)),
            _ => None,
        },
        Test::Instant { fact, is, at } => match read(fact)? {
            Value::Instant(instant) => Some(is.holds(instant.cmp(at))),
            _ => None,
        },
    }
}

/// Whether one of these is as it decides for all of them; else unknown where one is unknown.
fn joined<'a>(tests: &[Test], deciding: bool, read: &impl Fn(&FactName) -> Option<&'a Value>) -> Option<bool> {
    let mut outcome = Some(!deciding);
    for test in tests {
        match holds(test, read) {
            Some(so) if so == deciding => return Some(deciding),
            Some(_) => {}
            None => outcome = None,
        }
    }
    outcome
}

/// A number, exactly; `None`: a fact in it is unknown.
pub fn sum<'a>(number: &Number, read: &impl Fn(&FactName) -> Option<&'a Value>) -> Option<i128> {
    let mut sum = i128::from(number.plus);
    for term in &number.terms {
        let value = match read(&term.fact)? {
            Value::Number(value) if !term.size => i128::from(*value),
            Value::List(texts) if term.size => i128::try_from(texts.len()).ok()?,
            _ => return None,
        };
        sum += if term.minus { -value } else { value };
    }
    Some(sum)
}

/// Whether a text is like another.
pub fn is_like(text: &str, is: Likeness, to: &str) -> bool {
    match is {
        Likeness::Equals => text == to,
        Likeness::Begins => text.starts_with(to),
        Likeness::Ends => text.ends_with(to),
        Likeness::Contains => text.contains(to),
    }
}

fn words<'w, 'a: 'w>(words: &'w Words, read: &impl Fn(&FactName) -> Option<&'a Value>) -> Option<&'w str> {
    match words {
        Words::Literal(literal) => Some(literal),
        Words::Fact(fact) => text(read(fact)),
    }
}

fn flag(value: Option<&Value>) -> Option<bool> {
    if let Some(Value::Flag(flag)) = value { Some(*flag) } else { None }
}

fn text(value: Option<&Value>) -> Option<&str> {
    if let Some(Value::Text(text)) = value { Some(text) } else { None }
}

/// The facts for which a test cannot be told: those that are not there, or are not of the type that is asked for.
fn unknown<'a>(test: &Test, read: &impl Fn(&FactName) -> Option<&'a Value>) -> Vec<FactName> {
    let mut found: Vec<FactName> = Vec::new();
    for part in test.parts() {
        if holds(part, read).is_some() {
            continue;
        }
        let facts = match part {
            Test::All(_) | Test::Any(_) => unknown(part, read),
            leaf => lacking(leaf, read),
        };
        for fact in facts {
            if !found.contains(&fact) {
                found.push(fact);
            }
        }
    }
    found
}

fn lacking<'a>(leaf: &Test, read: &impl Fn(&FactName) -> Option<&'a Value>) -> Vec<FactName> {
    let facts = leaf.facts();
    let absent: Vec<FactName> = facts.iter().filter(|fact| read(fact).is_none()).map(|fact| (*fact).clone()).collect();
    if absent.is_empty() {
        facts.into_iter().filter(|fact| fact.attribute().is_some()).cloned().collect()
    } else {
        absent
    }
}
