//! A condition as the sentence that operators read, in German and English: what is asked of somebody, who is left out.
//! Different conditions are different sentences; what is grouped stands in brackets.

use crate::records::expression::{Comparison, Expression, Number, Test};
use crate::records::money::Currency;
use crate::views::Sentence;
use crate::wording::Language;

use super::phrase::{Person, Voice};

/// The sentence, without a capital letter or full stop; amounts are in minor units.
pub fn sentence(expression: &Expression, language: Language) -> String {
    sentence_in(expression, language, None)
}

/// The sentence in each language.
pub fn both(expression: &Expression) -> Sentence {
    let said = |language| sentence(expression, language);
    Sentence { de: said(Language::German), en: said(Language::English) }
}

/// The same, with amounts in a currency.
pub fn sentence_in(expression: &Expression, language: Language, currency: Option<Currency>) -> String {
    said(expression.test(), Voice { language, person: Person::They, currency })
}

/// What is asked.
pub fn said(test: &Test, voice: Voice) -> String {
    match test {
        Test::All(tests) => joined(tests, voice.either(", and ", " und "), true, voice),
        Test::Any(tests) => joined(tests, voice.either(", or ", " oder "), false, voice),
        leaf => voice.leaf(leaf),
    }
}

fn joined(tests: &[Test], by: &str, all: bool, voice: Voice) -> String {
    let mut parts: Vec<String> = Vec::with_capacity(tests.len());
    let mut rest = tests;
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        let range = behind.first().filter(|_| all).and_then(|next| range(first, next));
        if let Some((number, least, most)) = range {
            parts.push(voice.range(number, least, most));
            rest = &behind[1..];
        } else if matches!(first, Test::All(_) | Test::Any(_)) {
            parts.push(format!("({})", said(first, voice)));
        } else {
            parts.push(voice.leaf(first));
        }
    }
    parts.join(by)
}

/// Two tests that say from where to where a number goes.
fn range<'a>(one: &'a Test, other: &Test) -> Option<(&'a Number, i64, i64)> {
    let Test::Number { left, is: Comparison::AtLeast, right: least } = one else { return None };
    let Test::Number { left: also, is: Comparison::AtMost, right: most } = other else { return None };
    let is_range = left == also && least.is_constant() && most.is_constant() && least.plus < most.plus;
    is_range.then_some((left, least.plus, most.plus))
}
