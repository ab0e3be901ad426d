//! What a condition asks: a small typed tree, as it is stored and evaluated.
//!
//! It has one normal form, so that one meaning is written in one way: negations stand at the leaves, `and` within
//! `and` is one list, constants are added up, a fact stands before what it is compared with. `compile` in
//! `src/decide/conditions` makes it of what people write, by the functions here that keep the form. The crate that
//! reads their text never sees it again: its next release can change no offer that runs.
//!
//! A fact is named by its text, so that what was stored before a fact was known, or after one is gone, is still read:
//! a fact that nobody knows is unknown.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::records::Timestamp;

/// How the name of a fact begins that the shop noted itself.
const ATTRIBUTES: &str = "customer.attributes.";

/// What a fact is called, such as `sharer.friends`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FactName(String);

impl FactName {
    /// The fact of this name, whether there is one or not.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// What the shop noted about the customer under this key.
    pub fn of_attribute(key: &str) -> Self {
        Self(format!("{ATTRIBUTES}{key}"))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key of what the shop noted; `None`: it is one of our own facts.
    pub fn attribute(&self) -> Option<&str> {
        self.0.strip_prefix(ATTRIBUTES)
    }
}

impl fmt::Display for FactName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How two are compared that have an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

impl Comparison {
    /// Every one.
    pub const ALL: [Self; 6] = [Self::Equal, Self::Unequal, Self::Less, Self::AtMost, Self::More, Self::AtLeast];

    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        }
    }

    /// What holds where this does not.
    pub fn negated(self) -> Self {
        match self {
            Self::Equal => Self::Unequal,
            Self::Unequal => Self::Equal,
            Self::Less => Self::AtLeast,
            Self::AtMost => Self::More,
            Self::More => Self::AtMost,
            Self::AtLeast => Self::Less,
        }
    }

    /// The same with the sides exchanged.
    pub fn mirrored(self) -> Self {
        match self {
            Self::Equal | Self::Unequal => self,
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::More => Self::Less,
            Self::AtLeast => Self::AtMost,
        }
    }

    /// Whether it holds of two that stand so.
    pub fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Unequal => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::AtMost => ordering.is_le(),
            Self::More => ordering.is_gt(),
            Self::AtLeast => ordering.is_ge(),
        }
    }
}

/// A fact that is counted in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The fact.
    pub fact: FactName,
    /// It is a list, and counted is how many it has.
    #[serde(default, skip_serializing_if = "is_false")]
    pub size: bool,
    /// It is taken away.
    #[serde(default, skip_serializing_if = "is_false")]
    pub minus: bool,
}

/// A whole number: facts that are added up or taken away, and a constant. Exact: so many never overflow 128 bits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Number {
    /// The facts, in the order in which they were written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<Term>,
    /// What is added to them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub plus: i64,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

impl Number {
    /// A constant.
    pub fn constant(plus: i64) -> Self {
        Self { terms: Vec::new(), plus }
    }

    /// A fact.
    pub fn fact(fact: FactName) -> Self {
        Self { terms: vec![Term { fact, size: false, minus: false }], plus: 0 }
    }

    /// How many a list has.
    pub fn size(fact: FactName) -> Self {
        Self { terms: vec![Term { fact, size: true, minus: false }], plus: 0 }
    }

    /// Both together; `None`: their constants are too large.
    pub fn and(mut self, other: Self) -> Option<Self> {
        self.terms.extend(other.terms);
        Some(Self { terms: self.terms, plus: self.plus.checked_add(other.plus)? })
    }

    /// The same below zero; `None`: its constant is too large.
    pub fn negative(mut self) -> Option<Self> {
        self.terms.iter_mut().for_each(|term| term.minus = !term.minus);
        Some(Self { terms: self.terms, plus: self.plus.checked_neg()? })
    }

    /// Whether no fact stands in it.
    pub fn is_constant(&self) -> bool {
        self.terms.is_empty()
    }

    /// The fact, where it is one and nothing else.
    pub fn alone(&self) -> Option<&FactName> {
        match self.terms.as_slice() {
            [Term { fact, size: false, minus: false }] if self.plus == 0 => Some(fact),
            _ => None,
        }
    }
}

/// What is asked of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// `==`
    Equals,
    /// `startsWith`
    Begins,
    /// `endsWith`
    Ends,
    /// `contains`
    Contains,
}

/// A text that another is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Words {
    /// As it was written.
    Literal(String),
    /// That of a fact.
    Fact(FactName),
}

/// What is asked. `so: false` asks for the opposite; of a fact that is unknown neither holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// Nothing: it is so, or not, whatever the facts.
    Always(bool),
    /// All of these; at least two, and none of them `All` or `Always`.
    All(Vec<Test>),
    /// One of these at least; at least two, and none of them `Any` or `Always`.
    Any(Vec<Test>),
    /// That a fact of yes or no is so.
    Flag {
        /// The fact.
        fact: FactName,
        /// Or not.
        so: bool,
    },
    /// That the shop has noted it. Never unknown.
    Known {
        /// The fact.
        fact: FactName,
        /// Or not.
        so: bool,
    },
    /// That two numbers compare so; the left one has a fact.
    Number {
        /// One.
        left: Number,
        /// How they compare.
        is: Comparison,
        /// The other.
        right: Number,
    },
    /// That a number is one of these; at least two, each once.
    NumberAmong {
        /// The number.
        left: Number,
        /// These.
        among: Vec<i64>,
        /// Or none of them.
        so: bool,
    },
    /// That a text is so.
    Text {
        /// The text.
        fact: FactName,
        /// What is asked of it.
        is: Likeness,
        /// With what it is compared.
        to: Words,
        /// Or not.
        so: bool,
    },
    /// That a text is one of these; at least two, each once.
    TextAmong {
        /// The text.
        fact: FactName,
        /// These.
        among: Vec<String>,
        /// Or none of them.
        so: bool,
    },
    /// That a list has a text.
    Listed {
        /// The list.
        list: FactName,
        /// The text.
        text: String,
        /// Or not.
        so: bool,
    },
    /// That an instant compares so.
    Instant {
        /// The instant.
        fact: FactName,
        /// How they compare.
        is: Comparison,
        /// With what.
        at: Timestamp,
    },
}

impl Test {
    /// All of these.
    pub fn all(tests: Vec<Test>) -> Self {
        Self::joined(tests, true)
    }

    /// One of these at least.
    pub fn any(tests: Vec<Test>) -> Self {
        Self::joined(tests, false)
    }

    /// `whole` is what nothing of adds nothing: true of `all`, false of `any`.
    fn joined(tests: Vec<Test>, whole: bool) -> Self {
        let mut joined = Vec::with_capacity(tests.len());
        for test in tests {
            match test {
                Self::Always(so) if so == whole => {}
                Self::Always(so) => return Self::Always(so),
                Self::All(within) if whole => joined.extend(within),
                Self::Any(within) if !whole => joined.extend(within),
                other => joined.push(other),
            }
        }
        match (joined.pop(), joined.is_empty()) {
            (None, _) => Self::Always(whole),
            (Some(only), true) => only,
            (Some(last), false) => {
                joined.push(last);
                if whole { Self::All(joined) } else { Self::Any(joined) }
            }
        }
    }

    /// The opposite. Where this is unknown, so is that.
    pub fn negated(self) -> Self {
        let all_negated = |tests: Vec<Test>| tests.into_iter().map(Test::negated).collect();
        match self {
            Self::Always(so) => Self::Always(!so),
            Self::All(tests) => Self::any(all_negated(tests)),
            Self::Any(tests) => Self::all(all_negated(tests)),
            Self::Flag { fact, so } => Self::Flag { fact, so: !so },
            Self::Known { fact, so } => Self::Known { fact, so: !so },
            Self::Number { left, is, right } => Self::Number { left, is: is.negated(), right },
            Self::NumberAmong { left, among, so } => Self::NumberAmong { left, among, so: !so },
            Self::Text { fact, is, to, so } => Self::Text { fact, is, to, so: !so },
            Self::TextAmong { fact, among, so } => Self::TextAmong { fact, among, so: !so },
            Self::Listed { list, text, so } => Self::Listed { list, text, so: !so },
            Self::Instant { fact, is, at } => Self::Instant { fact, is: is.negated(), at },
        }
    }

    /// That two numbers compare so. One of them at least has a fact.
    pub fn number(left: Number, is: Comparison, right: Number) -> Self {
        if left.is_constant() {
            return Self::Number { left: right, is: is.mirrored(), right: left };
        }
        Self::Number { left, is, right }
    }

    /// That a number, which has a fact, is one of these; `None`: there are none.
    pub fn number_among(left: Number, among: Vec<i64>) -> Option<Self> {
        match distinct(among).as_slice() {
            [] => None,
            [only] => Some(Self::Number { left, is: Comparison::Equal, right: Number::constant(*only) }),
            several => Some(Self::NumberAmong { left, among: several.to_vec(), so: true }),
        }
    }

    /// That a text is one of these; `None`: there are none.
    pub fn text_among(fact: FactName, among: Vec<String>) -> Option<Self> {
        let mut among = distinct(among);
        match among.len() {
            0 | 1 => among.pop().map(|only| Self::text(fact, Likeness::Equals, Words::Literal(only))),
            _ => Some(Self::TextAmong { fact, among, so: true }),
        }
    }

    /// That a text is so.
    pub fn text(fact: FactName, is: Likeness, to: Words) -> Self {
        Self::Text { fact, is, to, so: true }
    }

    /// The tests in it, where it is a list of them, else itself.
    pub fn parts(&self) -> &[Test] {
        match self {
            Self::All(tests) | Self::Any(tests) => tests,
            other => std::slice::from_ref(other),
        }
    }

    /// Calls with each fact that is asked for, in the order in which they stand.
    pub fn each_fact<'a>(&'a self, call: &mut impl FnMut(&'a FactName)) {
        match self {
            Self::Always(_) => {}
            Self::All(tests) | Self::Any(tests) => tests.iter().for_each(|test| test.each_fact(call)),
            Self::Flag { fact, .. }
            | Self::Known { fact, .. }
            | Self::TextAmong { fact, .. }
            | Self::Listed { list: fact, .. }
            | Self::Instant { fact, .. } => call(fact),
            Self::Number { left, right, .. } => {
                left.terms.iter().chain(&right.terms).for_each(|term| call(&term.fact));
            }
            Self::NumberAmong { left, .. } => left.terms.iter().for_each(|term| call(&term.fact)),
            Self::Text { fact, to, .. } => {
                call(fact);
                if let Words::Fact(other) = to {
                    call(other);
                }
            }
        }
    }

    /// Each fact that is asked for, once, in the order in which they stand.
    pub fn facts(&self) -> Vec<&FactName> {
        let (mut facts, mut seen) = (Vec::new(), BTreeSet::new());
        self.each_fact(&mut |fact| {
            if seen.insert(fact) {
                facts.push(fact);
            }
        });
        facts
    }
}

/// Each once, in the order in which they stand.
fn distinct<T: Ord + Clone>(values: Vec<T>) -> Vec<T> {
    let mut seen = BTreeSet::new();
    values.into_iter().filter(|value| seen.insert(value.clone())).collect()
}

/// What a condition asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Expression(Test);

impl Expression {
    /// What asks this.
    pub fn new(test: Test) -> Self {
        Self(test)
    }

    /// What is asked.
    pub fn test(&self) -> &Test {
        &self.0
    }

    /// Each fact that it asks for, once.
    pub fn facts(&self) -> Vec<&FactName> {
        self.0.facts()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flag(name: &str) -> Test {
        Test::Flag { fact: FactName::new(name), so: true }
    }

    #[test]
    fn there_is_one_form_of_one_meaning() {
        let (a, b, c) = (flag("a"), flag("b"), flag("c"));
        let all = Test::All(vec![a.clone(), b.clone(), c.clone()]);
        assert_eq!(Test::all(vec![a.clone(), Test::all(vec![b, c])]), all);
        assert_eq!(Test::all(vec![a.clone(), Test::Always(true)]), a);
        assert_eq!(Test::all(vec![a.clone(), Test::Always(false)]), Test::Always(false));
        assert_eq!(Test::any(vec![a, Test::Always(true)]), Test::Always(true));
        assert_eq!(all.clone().negated().negated(), all);
        let Test::Any(negated) = all.negated() else { panic!("one of them is not so") };
        assert_eq!(negated[0], Test::Flag { fact: FactName::new("a"), so: false });
    }

    #[test]
    fn a_comparison_fits_each_order_or_its_opposite() {
        for is in Comparison::ALL {
            for order in [Ordering::Less, Ordering::Equal, Ordering::Greater] {
                assert_ne!(is.holds(order), is.negated().holds(order), "{is:?} {order:?}");
                assert_eq!(is.holds(order), is.mirrored().holds(order.reverse()), "{is:?} {order:?}");
            }
        }
    }

    #[test]
    fn what_was_stored_is_read() {
        let stored = r#"{"all":[{"flag":{"fact":"arrival.private","so":true}},
            {"number":{"left":{"terms":[{"fact":"advocate.friends"}]},"is":"at_least","right":{"plus":3}}},
            {"text":{"fact":"gone.since","is":"begins","to":{"literal":"x"},"so":false}}]}"#;
        let read: Expression = serde_json::from_str(stored).expect("it can be read");
        let names: Vec<&str> = read.facts().into_iter().map(FactName::as_str).collect();
        assert_eq!(names, ["arrival.private", "advocate.friends", "gone.since"]);
        let written: serde_json::Value = serde_json::to_value(&read).expect("it is JSON");
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(stored).expect("it is JSON"));
    }
}
