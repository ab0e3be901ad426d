//! What a fact is: its type, and the words in which it is spoken of.

use super::load::Load;

/// How a number is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Things that are counted.
    Things,
    /// So much of something.
    Measure,
    /// Money, in minor units.
    Money,
    /// A number without a unit.
    Bare,
    /// A day of the week by its name.
    Weekday,
    /// A month by its name.
    Month,
}

/// Which texts there can be, and how they are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// Any, letter by letter.
    Exact,
    /// Lower-case keys of letters, digits, `-` and `_`.
    Key,
    /// Codes of currencies.
    Currency,
    /// Names of products, trimmed and without case.
    Product,
}

/// Which numbers there can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The least.
    pub least: i64,
    /// The largest.
    pub most: i64,
}

/// The type of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Yes or no.
    Flag,
    /// A whole number.
    Number(Range, Shown),
    /// A text.
    Text(Spelling),
    /// A list of texts.
    List(Spelling),
    /// An instant.
    Instant,
    /// A text, a whole number, or yes or no, as it is compared.
    Attribute,
}

impl Kind {
    /// The word of the documentation.
    pub fn word(self) -> &'static str {
        match self {
            Self::Flag => "bool",
            Self::Number(..) => "int",
            Self::Text(_) => "text",
            Self::List(_) => "list",
            Self::Instant => "timestamp",
            Self::Attribute => "text, int or bool",
        }
    }
}

/// How a fact is spoken of in a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// Its name, with an article.
    pub noun: &'static str,
    /// How many it has, of a list.
    pub size: &'static str,
    /// One, and several, of what it counts.
    pub unit: [&'static str; 2],
    /// What is said of somebody: it is so, it is not.
    pub they: [&'static str; 2],
    /// What is said to them.
    pub you: [&'static str; 2],
}

impl Words {
    /// The words of a fact of this name.
    pub const fn of(noun: &'static str) -> Self {
        Self { noun, size: "", unit: ["", ""], they: ["", ""], you: ["", ""] }
    }

    /// A list, and how many it has.
    pub const fn sized(self, size: &'static str) -> Self {
        Self { size, ..self }
    }

    /// One, and several, of what it counts.
    pub const fn counted(self, one: &'static str, many: &'static str) -> Self {
        Self { unit: [one, many], ..self }
    }

    /// A number: what is said of somebody, and to them.
    pub const fn said(self, they: &'static str, you: &'static str) -> Self {
        Self { they: [they, ""], you: [you, ""], ..self }
    }

    /// What is said of somebody where it is so, and where it is not.
    pub const fn they(self, so: &'static str, not: &'static str) -> Self {
        Self { they: [so, not], ..self }
    }

    /// The same, said to them.
    pub const fn you(self, so: &'static str, not: &'static str) -> Self {
        Self { you: [so, not], ..self }
    }
}

/// What is known of a fact as it was at an earlier moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Past {
    /// As it was then.
    Then,
    /// Only as it is today.
    Today,
    /// Nothing.
    Nothing,
}

/// A fact.
#[derive(Clone, Copy, Debug)]
pub struct Fact {
    /// What it is called in expressions.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// What it means.
    pub meaning: &'static str,
    /// An expression with it.
    pub example: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// How it is found out.
    pub load: Load,
    /// What is known of it as it was.
    pub past: Past,
    /// In English.
    pub english: Words,
    /// In German.
    pub german: Words,
}
