//! Writing an expression again, in one way: what `compile` reads to the same tree.

use std::fmt::{self, Write as _};

use crate::records::expression::{Expression, FactName, Likeness, Number, Test, Words};

/// The expression as text.
pub fn print(expression: &Expression) -> String {
    let mut text = String::new();
    // Writing into a text cannot fail.
    let _written = write_test(&mut text, expression.test());
    text
}

fn write_test(to: &mut String, test: &Test) -> fmt::Result {
    match test {
        Test::Always(so) => write!(to, "{so}"),
        Test::All(tests) => write_joined(to, tests, " && "),
        Test::Any(tests) => write_joined(to, tests, " || "),
        Test::Flag { fact, so } => write!(to, "{}{}", not(*so), name(fact)),
        Test::Known { fact, so } => write!(to, "{}has({})", not(*so), escaped_name(fact)),
        Test::Number { left, is, right } => write!(to, "{} {} {}", number(left), is.symbol(), number(right)),
        Test::NumberAmong { left, among, so } => {
            let among: Vec<String> = among.iter().map(i64::to_string).collect();
            write_listed(to, &number(left), &format!("[{}]", among.join(", ")), *so)
        }
        Test::Text { fact, is: Likeness::Equals, to: words, so } => {
            write!(to, "{} {} {}", name(fact), if *so { "==" } else { "!=" }, of_words(words))
        }
        Test::Text { fact, is, to: words, so } => {
            let function = match is {
                Likeness::Begins => "startsWith",
                Likeness::Ends => "endsWith",
                Likeness::Contains | Likeness::Equals => "contains",
            };
            write!(to, "{}{}.{function}({})", not(*so), name(fact), of_words(words))
        }
        Test::TextAmong { fact, among, so } => {
            let among: Vec<String> = among.iter().map(|text| quoted(text)).collect();
            write_listed(to, &name(fact), &format!("[{}]", among.join(", ")), *so)
        }
        Test::Listed { list, text, so } => write_listed(to, &quoted(text), &name(list), *so),
        Test::Instant { fact, is, at } => write!(to, "{} {} timestamp(\"{at}\")", name(fact), is.symbol()),
    }
}

/// `and` binds closer than `or`, which alone needs brackets.
fn write_joined(to: &mut String, tests: &[Test], by: &str) -> fmt::Result {
    for (place, test) in tests.iter().enumerate() {
        if place > 0 {
            to.push_str(by);
        }
        if matches!(test, Test::Any(_)) {
            to.push('(');
            write_test(to, test)?;
            to.push(')');
        } else {
            write_test(to, test)?;
        }
    }
    Ok(())
}

fn write_listed(to: &mut String, one: &str, list: &str, so: bool) -> fmt::Result {
    if so { write!(to, "{one} in {list}") } else { write!(to, "!({one} in {list})") }
}

fn not(so: bool) -> &'static str {
    if so { "" } else { "!" }
}

fn number(number: &Number) -> String {
    let mut text = String::new();
    for term in &number.terms {
        text.push_str(match (text.is_empty(), term.minus) {
            (true, true) => "-",
            (true, false) => "",
            (false, true) => " - ",
            (false, false) => " + ",
        });
        let name = name(&term.fact);
        text.push_str(&if term.size { format!("size({name})") } else { name });
    }
    match (text.is_empty(), number.plus) {
        (true, plus) => plus.to_string(),
        (false, 0) => text,
        (false, plus) if plus < 0 && plus != i64::MIN => format!("{text} - {}", plus.unsigned_abs()),
        (false, plus) => format!("{text} + {plus}"),
    }
}

fn of_words(words: &Words) -> String {
    match words {
        Words::Literal(literal) => quoted(literal),
        Words::Fact(fact) => name(fact),
    }
}

/// Whether a key can stand behind a point as it is.
fn is_plain(key: &str) -> bool {
    let begins = key.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    let fits = key.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    begins && fits && !matches!(key, "in" | "true" | "false" | "null")
}

fn name(fact: &FactName) -> String {
    match fact.attribute() {
        Some(key) if !is_plain(key) => format!("customer.attributes[{}]", quoted(key)),
        _ => fact.to_string(),
    }
}

/// As `has` wants it, which takes no brackets.
fn escaped_name(fact: &FactName) -> String {
    match fact.attribute() {
        Some(key) if !is_plain(key) => format!("customer.attributes.`{key}`"),
        _ => fact.to_string(),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
