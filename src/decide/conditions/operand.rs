//! What a part of an expression is, by its type, and what may be made of two of them. A refusal here is a sentence
//! without its place.

use crate::records::Timestamp;
use crate::records::expression::{Comparison, FactName, Likeness, Number, Test, Words};
use crate::records::money::Currency;
use crate::records::text::Slug;

use super::fact::{Kind, Shown, Spelling};
use super::facts::find;

/// A part of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// Yes or no.
    Test(Test),
    /// A whole number.
    Number(Number),
    /// A fact that is a text.
    Text(FactName),
    /// A fact that is a list.
    List(FactName),
    /// A fact that is an instant.
    Instant(FactName),
    /// What the shop noted, of a type that shows when it is compared.
    Attribute(FactName),
    /// A text as it is written.
    Literal(String),
    /// An instant as it is written.
    At(Timestamp),
    /// A list of numbers as it is written.
    Numbers(Vec<i64>),
    /// A list of texts as it is written.
    Literals(Vec<String>),
}

impl Operand {
    /// A fact, by its type.
    pub fn of_fact(name: FactName, kind: Kind) -> Self {
        match kind {
            Kind::Flag => Self::Test(Test::Flag { fact: name, so: true }),
            Kind::Number(..) => Self::Number(Number::fact(name)),
            Kind::Text(_) => Self::Text(name),
            Kind::List(_) => Self::List(name),
            Kind::Instant => Self::Instant(name),
            Kind::Attribute => Self::Attribute(name),
        }
    }

    /// Its type, for people.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Test(_) => "true or false",
            Self::Number(_) => "a whole number",
            Self::Text(_) | Self::Literal(_) => "a text",
            Self::List(_) => "a list of texts",
            Self::Instant(_) | Self::At(_) => "a timestamp",
            Self::Attribute(_) => "an attribute of the shop's own",
            Self::Numbers(_) => "a list of numbers",
            Self::Literals(_) => "a list of texts",
        }
    }

    /// What is asked by it where yes or no is expected.
    pub fn test(self) -> Result<Test, String> {
        match self {
            Self::Test(test) => Ok(test),
            Self::Attribute(fact) => Ok(Test::Flag { fact, so: true }),
            other => Err(format!("true or false is expected, this is {}; compare it with something", other.kind())),
        }
    }

    /// The number that it is where one is expected.
    pub fn number(self) -> Result<Number, String> {
        match self {
            Self::Number(number) => Ok(number),
            Self::Attribute(fact) => Ok(Number::fact(fact)),
            other => Err(format!("a whole number is expected, this is {}", other.kind())),
        }
    }
}

const NOTHING_ASKED: &str = "two fixed values are compared; one side must be a fact, for example arrival.channel";

/// What is asked by comparing two.
pub fn compared(left: Operand, is: Comparison, right: Operand) -> Result<Test, String> {
    use Operand::{At, Attribute, Instant, List, Literal, Literals, Number as Whole, Numbers, Test as Flag, Text};
    match (left, right) {
        (Flag(test), Flag(Test::Always(so))) | (Flag(Test::Always(so)), Flag(test)) => same(test, is, so),
        (Attribute(fact), Flag(Test::Always(so))) | (Flag(Test::Always(so)), Attribute(fact)) => {
            same(Test::Flag { fact, so: true }, is, so)
        }
        (Flag(_), Flag(_)) => Err("two tests are not compared; join them with && or ||".to_owned()),
        (Attribute(_), Attribute(_)) => {
            Err("of two attributes the type is not known; compare one with a fact or a fixed value".to_owned())
        }
        (Whole(left), Whole(right)) => numbers(left, is, right),
        (Attribute(fact), Whole(right)) => numbers(Number::fact(fact), is, right),
        (Whole(left), Attribute(fact)) => numbers(left, is, Number::fact(fact)),
        (Text(fact) | Attribute(fact), Literal(literal)) | (Literal(literal), Text(fact) | Attribute(fact)) => {
            texts(fact, is, Words::Literal(literal))
        }
        (Text(fact), Text(other) | Attribute(other)) | (Attribute(fact), Text(other)) => {
            texts(fact, is, Words::Fact(other))
        }
        (Instant(fact), At(at)) => Ok(Test::Instant { fact, is, at }),
        (At(at), Instant(fact)) => Ok(Test::Instant { fact, is: is.mirrored(), at }),
        (Instant(_), Literal(_)) | (Literal(_), Instant(_)) => {
            Err("a timestamp is expected; write timestamp(\"2026-12-24T18:00:00Z\")".to_owned())
        }
        (List(list), _) | (_, List(list)) => {
            Err(format!("{list} is a list; write \"text\" in {list}, or compare size({list})"))
        }
        (Literal(_) | At(_), Literal(_) | At(_)) => Err(NOTHING_ASKED.to_owned()),
        (_, Numbers(_) | Literals(_)) | (Numbers(_) | Literals(_), _) => {
            Err(format!("{} does not compare with a list; write in", is.symbol()))
        }
        (left, right) => Err(format!("{} is compared with {}; both must be of one type", left.kind(), right.kind())),
    }
}

/// A test that is to be so, or not.
fn same(test: Test, is: Comparison, so: bool) -> Result<Test, String> {
    match (is, so) {
        (Comparison::Equal, true) | (Comparison::Unequal, false) => Ok(test),
        (Comparison::Equal, false) | (Comparison::Unequal, true) => Ok(test.negated()),
        _ => Err(format!("true and false have no order; {} cannot compare them", is.symbol())),
    }
}

fn numbers(left: Number, is: Comparison, right: Number) -> Result<Test, String> {
    let is_exact = matches!(is, Comparison::Equal | Comparison::Unequal);
    match (left.is_constant(), right.is_constant()) {
        (true, true) => return Err(NOTHING_ASKED.to_owned()),
        (true, false) if is_exact => in_range(&right, left.plus)?,
        (false, true) if is_exact => in_range(&left, right.plus)?,
        _ => {}
    }
    Ok(Test::number(left, is, right))
}

/// A fact is never equal to what it cannot be.
fn in_range(number: &Number, value: i64) -> Result<(), String> {
    let kind = number.alone().and_then(|fact| find(fact.as_str())).map(|fact| (fact.name, fact.kind));
    match kind {
        Some((name, Kind::Number(range, shown))) if !(range.least..=range.most).contains(&value) => {
            let known = if shown == Shown::Weekday { " (Monday to Sunday)" } else { "" };
            let most = if range.most == i64::MAX { "on".to_owned() } else { format!("to {}", range.most) };
            Err(format!("{name} is never {value}; it goes from {} {most}{known}", range.least))
        }
        _ => Ok(()),
    }
}

fn texts(fact: FactName, is: Comparison, to: Words) -> Result<Test, String> {
    if let Words::Literal(literal) = &to {
        fits(&fact, literal)?;
    }
    let test = Test::text(fact, Likeness::Equals, to);
    match is {
        Comparison::Equal => Ok(test),
        Comparison::Unequal => Ok(test.negated()),
        _ => Err(format!("texts have no order here; {} cannot compare them, == and != can", is.symbol())),
    }
}

/// A fact is never equal to a text that it cannot be.
fn fits(fact: &FactName, literal: &str) -> Result<(), String> {
    match find(fact.as_str()).map(|fact| fact.kind) {
        Some(Kind::Text(Spelling::Key)) if Slug::parse(literal).is_err() => {
            let meant = Slug::of(literal, "whatsapp");
            Err(format!("{fact} is never {literal:?}; keys are written in small letters, for example {meant:?}"))
        }
        Some(Kind::Text(Spelling::Currency)) if Currency::parse(literal).is_none() => {
            Err(format!("{fact} is never {literal:?}; a code of three capitals is expected, for example \"EUR\""))
        }
        _ => Ok(()),
    }
}

/// What is asked by looking for something in a list.
pub fn among(left: Operand, right: Operand) -> Result<Test, String> {
    use Operand::{Attribute, List, Literal, Literals, Number as Whole, Numbers, Text};
    let empty = || "the list is empty; nothing is ever in it".to_owned();
    match (left, right) {
        (Literal(text), List(list)) => Ok(Test::Listed { list, text, so: true }),
        (Whole(number), Numbers(_) | Literals(_)) if number.is_constant() => Err(NOTHING_ASKED.to_owned()),
        (Whole(number), Numbers(among)) => {
            among.iter().try_for_each(|value| in_range(&number, *value))?;
            Test::number_among(number, among).ok_or_else(empty)
        }
        (Attribute(fact), Numbers(among)) => Test::number_among(Number::fact(fact), among).ok_or_else(empty),
        (Text(fact) | Attribute(fact), Literals(among)) => {
            among.iter().try_for_each(|literal| fits(&fact, literal))?;
            Test::text_among(fact, among).ok_or_else(empty)
        }
        (Literal(_), Literals(_)) => Err(NOTHING_ASKED.to_owned()),
        (left, List(list)) => {
            Err(format!("a text in quotation marks is looked for in {list}, this is {}", left.kind()))
        }
        (left, right @ (Numbers(_) | Literals(_))) => {
            Err(format!("{} is looked for in {}; both must be of one type", left.kind(), right.kind()))
        }
        (_, other) => Err(format!("a list is expected behind in, this is {}", other.kind())),
    }
}

/// What is asked by `startsWith`, `endsWith` and `contains`.
pub fn like(left: Operand, is: Likeness, right: Operand) -> Result<Test, String> {
    let fact = match left {
        Operand::Text(fact) | Operand::Attribute(fact) => fact,
        Operand::List(list) => return Err(format!("{list} is a list; write \"text\" in {list}")),
        other => return Err(format!("a fact that is a text is expected before the point, this is {}", other.kind())),
    };
    match right {
        Operand::Literal(literal) if literal.is_empty() => Err("every text has the empty one in it".to_owned()),
        Operand::Literal(literal) => Ok(Test::text(fact, is, Words::Literal(literal))),
        Operand::Text(other) => Ok(Test::text(fact, is, Words::Fact(other))),
        other => Err(format!("a text is expected in the brackets, this is {}", other.kind())),
    }
}

/// A list as it is written: texts, or whole numbers.
pub fn listed(elements: Vec<Operand>) -> Result<Operand, String> {
    let (mut numbers, mut texts) = (Vec::new(), Vec::new());
    for element in elements {
        match element {
            Operand::Literal(text) => texts.push(text),
            Operand::Number(number) if number.is_constant() => numbers.push(number.plus),
            other => return Err(format!("lists have fixed texts or whole numbers, this has {}", other.kind())),
        }
    }
    match (numbers.is_empty(), texts.is_empty()) {
        (false, false) => Err("a list has texts or whole numbers, not both".to_owned()),
        (false, true) => Ok(Operand::Numbers(numbers)),
        _ => Ok(Operand::Literals(texts)),
    }
}
