//! What is wrong with an expression, and where.

use std::fmt;

use crate::refusal::{Code, Rejection};

/// Why an expression is not taken: what was expected, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// The character of the line, from 1.
    pub column: usize,
    /// A sentence without its capital letter and full stop.
    pub detail: String,
}

impl Fault {
    /// A fault of what begins with this byte.
    pub fn at(text: &str, byte: usize, detail: impl Into<String>) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self { line, column, detail: detail.into() }
    }

    /// The refusal of a body that has the expression at this pointer.
    pub fn refusal(&self, pointer: impl Into<String>) -> Rejection {
        let sentence = format!("Line {}, column {}: {}.", self.line, self.column, self.detail);
        Rejection::at(Code::ExpressionInvalid, pointer, sentence)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_in_lines_and_characters() {
        let text = "\"äö\" in b\n  && c";
        let place = |byte| {
            let fault = Fault::at(text, byte, "x");
            (fault.line, fault.column)
        };
        assert_eq!(place(0), (1, 1));
        assert_eq!(place(7), (1, 6));
        assert_eq!(place(text.len() - 1), (2, 6));
        assert_eq!(place(9_999), (2, 7));
    }
}
