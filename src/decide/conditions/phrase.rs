//! The words for one test: what is asked of a fact, and what it is, of somebody or to them.
//!
//! Texts stand in quotation marks, with a backslash before those in them: so no two tests are said in the same words.

use chrono::Timelike;

use crate::records::Timestamp;
use crate::records::expression::{Comparison, FactName, Likeness, Number, Term, Test, Words};
use crate::records::money::{Currency, shown};
use crate::wording::{self, Language};

use super::fact::{self, Kind, Shown};
use super::facts::find;
use super::value::Value;

/// Who is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person {
    /// Somebody; the sentence leaves them out: "won at least 3 friends".
    They,
    /// The reader: "you won at least 3 friends".
    You,
}

/// How something is said.
#[derive(Clone, Copy, Debug)]
pub struct Voice {
    /// In which language.
    pub language: Language,
    /// Of whom, or to whom.
    pub person: Person,
    /// In which currency amounts are; `None`: they are said in minor units.
    pub currency: Option<Currency>,
}

/// How much of a text that somebody has is told them.
const TOLD_CHARS: usize = 60;

impl Voice {
    /// One of two, by the language.
    pub fn either(self, english: &'static str, german: &'static str) -> &'static str {
        match self.language {
            Language::English => english,
            Language::German | Language::FamiliarGerman => german,
        }
    }

    /// A test that has no others in it.
    pub fn leaf(self, test: &Test) -> String {
        match test {
            Test::Always(true) => self.either("holds for everybody", "gilt für alle").to_owned(),
            Test::Always(false) => self.either("holds for nobody", "gilt für niemanden").to_owned(),
            Test::All(_) | Test::Any(_) => String::new(),
            Test::Flag { fact, so } => self.flag(fact, *so),
            Test::Known { fact, so: true } => format!("{} {}", self.noun(fact), self.either("is known", "ist bekannt")),
            Test::Known { fact, so: false } => {
                format!("{} {}", self.noun(fact), self.either("is not known", "ist nicht bekannt"))
            }
            Test::Number { left, is, right } if right.is_constant() => self.compared(left, *is, right.plus),
            Test::Number { left, is, right } => {
                format!("{} {} {}", self.sum(left), self.than(*is), self.sum(right))
            }
            Test::NumberAmong { left, among, so } => self.number_among(left, among, *so),
            Test::Text { fact, is, to, so } => self.text(fact, *is, to, *so),
            Test::TextAmong { fact, among, so } => {
                let among: Vec<String> = among.iter().map(|text| self.quoted(text)).collect();
                self.text_is(fact, &among, *so)
            }
            Test::Listed { list, text, so } => self.listed(list, text, *so),
            Test::Instant { fact, is, at } => self.said(fact, &self.instant(*is, *at)),
        }
    }

    /// That a number is from one to another.
    pub fn range(self, left: &Number, least: i64, most: i64) -> String {
        let to = self.either("to", "bis");
        match self.spoken(left) {
            Some((fact, known)) => {
                let (least, most) = (self.amount(known, least), self.counted(known, &[most]));
                self.said(fact, &format!("{least} {to} {most}"))
            }
            None => {
                let span = format!("{} {to} {}", self.bare(left, least), self.bare(left, most));
                format!("{} {} {span}", self.sum(left), self.verb(left))
            }
        }
    }

    /// What a fact is; `None`: it is a list, which says little.
    pub fn present(self, fact: &FactName, value: &Value) -> Option<String> {
        match value {
            Value::Flag(so) => Some(self.flag(fact, *so)),
            Value::Number(number) => {
                let left = Number::fact(fact.clone());
                Some(match self.spoken(&left) {
                    Some((fact, known)) => self.said(fact, &self.counted(known, &[*number])),
                    None => format!("{} {} {}", self.sum(&left), self.verb(&left), self.bare(&left, *number)),
                })
            }
            Value::Text(text) => {
                let is_short = text.chars().count() <= TOLD_CHARS;
                let short: String = text.chars().take(TOLD_CHARS).collect();
                let told = if is_short { short } else { short + "…" };
                Some(self.text_is(fact, &[self.quoted(&told)], true))
            }
            Value::Instant(at) => {
                let at = self.date(*at);
                Some(self.said(fact, &if self.language == Language::German { format!("der {at}") } else { at }))
            }
            Value::List(_) => None,
        }
    }

    /// How many a list has.
    pub fn size(self, list: &FactName, length: usize) -> String {
        format!("{} {} {length}", self.size_noun(list), self.either("is", "beträgt"))
    }

    /// The name of a fact, as people call it.
    pub fn noun(self, fact: &FactName) -> String {
        match (self.words(fact), fact.attribute()) {
            (Some(words), Some(key)) => words.noun.replace("{}", &self.quoted(key)),
            (Some(words), None) => words.noun.to_owned(),
            (None, _) => format!("{} {}", self.either("the fact", "die Angabe"), self.quoted(fact.as_str())),
        }
    }

    fn words(self, fact: &FactName) -> Option<&'static fact::Words> {
        let fact = find(fact.as_str())?;
        Some(match self.language {
            Language::English => &fact.english,
            Language::German | Language::FamiliarGerman => &fact.german,
        })
    }

    /// What is said of a fact: that it is so, that it is not.
    fn pair(self, fact: &FactName) -> [&'static str; 2] {
        let words = self.words(fact);
        words.map_or(["", ""], |words| if self.person == Person::They { words.they } else { words.you })
    }

    fn said(self, fact: &FactName, what: &str) -> String {
        self.pair(fact)[0].replace("{}", what)
    }

    fn flag(self, fact: &FactName, so: bool) -> String {
        let [is, is_not] = self.pair(fact);
        let said = if so { is } else { is_not };
        match fact.attribute() {
            Some(key) => said.replace("{}", &self.quoted(key)),
            None if said.is_empty() => {
                let so =
                    if so { self.either("is true", "trifft zu") } else { self.either("is false", "trifft nicht zu") };
                format!("{} {so}", self.noun(fact))
            }
            None => said.to_owned(),
        }
    }

    /// The fact that is counted, where something is said of it alone.
    fn spoken(self, left: &Number) -> Option<(&FactName, &'static fact::Words)> {
        let fact = left.alone()?;
        let words = self.words(fact)?;
        (fact.attribute().is_none() && !self.pair(fact)[0].is_empty()).then_some((fact, words))
    }

    fn shown(self, number: &Number) -> Shown {
        let kinds = number.terms.iter().filter(|term| !term.size).filter_map(|term| find(term.fact.as_str()));
        let shown: Vec<Shown> =
            kinds.filter_map(|fact| if let Kind::Number(_, shown) = fact.kind { Some(shown) } else { None }).collect();
        match shown.as_slice() {
            [one] if number.alone().is_some() => *one,
            several if several.contains(&Shown::Money) => Shown::Money,
            _ => Shown::Bare,
        }
    }

    fn compared(self, left: &Number, is: Comparison, value: i64) -> String {
        let shown = self.shown(left);
        if let Some((fact, known)) = self.spoken(left).filter(|_| is != Comparison::Unequal) {
            return self.said(fact, &format!("{} {}", self.quantity(is, shown), self.counted(known, &[value])));
        }
        let name = self.named(shown, value);
        let (sum, verb) = (self.sum(left), self.verb(left));
        match name {
            Some(name) => format!("{sum} {verb} {}", self.in_order(is, name)),
            None => format!("{sum} {verb} {} {}", self.quantity(is, shown), self.bare(left, value)),
        }
    }

    fn number_among(self, left: &Number, among: &[i64], so: bool) -> String {
        if let Some((fact, known)) = self.spoken(left).filter(|_| so) {
            let exactly = self.quantity(Comparison::Equal, Shown::Things);
            return self.said(fact, &format!("{exactly} {}", self.counted(known, among)));
        }
        let among: Vec<String> = among.iter().map(|value| self.bare(left, *value)).collect();
        format!(
            "{} {} {}",
            self.sum(left),
            self.verb(left),
            if so { self.one_of(&among) } else { self.none_of(&among) }
        )
    }

    /// `3 friends`, `1, 2 or 3 friends`, `€50.00`.
    fn counted(self, words: &fact::Words, numbers: &[i64]) -> String {
        let amounts: Vec<String> = numbers.iter().map(|number| self.amount(words, *number)).collect();
        let [one, many] = words.unit;
        match (self.is_money(words), numbers.last()) {
            (true, _) => self.one_of(&amounts),
            (false, Some(1)) => format!("{} {one}", self.one_of(&amounts)),
            (false, _) => format!("{} {many}", self.one_of(&amounts)),
        }
    }

    fn is_money(self, words: &fact::Words) -> bool {
        let order_amount = self.words(&FactName::new("order.amount"));
        self.currency.is_some() && order_amount == Some(words)
    }

    fn amount(self, words: &fact::Words, number: i64) -> String {
        match self.currency.filter(|_| self.is_money(words)) {
            Some(currency) => shown(number, currency, self.language.code()),
            None => number.to_string(),
        }
    }

    /// A number by what it is compared with, without a unit.
    fn bare(self, left: &Number, value: i64) -> String {
        match (self.shown(left), self.currency) {
            (Shown::Money, Some(currency)) => shown(value, currency, self.language.code()),
            (Shown::Money, None) => format!("{value} {}", self.either("minor units", "kleinste Währungseinheiten")),
            (kind, _) => self.named(kind, value).unwrap_or_else(|| value.to_string()),
        }
    }

    fn named(self, shown: Shown, value: i64) -> Option<String> {
        const ENGLISH: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        const GERMAN: [&str; 7] = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
        match shown {
            Shown::Weekday => {
                let days = if self.language == Language::German { GERMAN } else { ENGLISH };
                let place = usize::try_from(value.checked_sub(1)?).ok()?;
                days.get(place).map(|day| (*day).to_owned())
            }
            Shown::Month => wording::find(self.language, &format!("month.{value}"), &[]),
            _ => None,
        }
    }

    fn verb(self, left: &Number) -> &'static str {
        match self.shown(left) {
            Shown::Weekday | Shown::Month => self.either("is", "ist"),
            _ => self.either("is", "beträgt"),
        }
    }

    fn quantity(self, is: Comparison, shown: Shown) -> &'static str {
        match is {
            Comparison::Equal => self.either("exactly", "genau"),
            Comparison::Unequal => self.either("not", "nicht"),
            Comparison::Less if shown == Shown::Things => self.either("fewer than", "weniger als"),
            Comparison::Less => self.either("less than", "weniger als"),
            Comparison::AtMost => self.either("at most", "höchstens"),
            Comparison::More => self.either("more than", "mehr als"),
            Comparison::AtLeast => self.either("at least", "mindestens"),
        }
    }

    /// A day of the week, or a month, and those before or after it.
    fn in_order(self, is: Comparison, name: String) -> String {
        match is {
            Comparison::Equal => name,
            Comparison::Unequal => format!("{} {name}", self.either("not", "nicht")),
            Comparison::Less => format!("{} {name}", self.either("earlier than", "früher als")),
            Comparison::More => format!("{} {name}", self.either("later than", "später als")),
            Comparison::AtMost => format!("{name} {}", self.either("or earlier", "oder früher")),
            Comparison::AtLeast => format!("{name} {}", self.either("or later", "oder später")),
        }
    }

    /// How a sum compares with another.
    fn than(self, is: Comparison) -> &'static str {
        match is {
            Comparison::Equal => self.either("is the same as", "ist so groß wie"),
            Comparison::Unequal => self.either("is not the same as", "ist nicht so groß wie"),
            Comparison::Less => self.either("is less than", "ist kleiner als"),
            Comparison::AtMost => self.either("is at most", "ist höchstens so groß wie"),
            Comparison::More => self.either("is more than", "ist größer als"),
            Comparison::AtLeast => self.either("is at least", "ist mindestens so groß wie"),
        }
    }

    fn sum(self, number: &Number) -> String {
        let mut text = String::new();
        for Term { fact, size, minus } in &number.terms {
            text.push_str(match (text.is_empty(), minus) {
                (true, false) => "",
                (true, true) => "minus ",
                (false, false) => " plus ",
                (false, true) => " minus ",
            });
            text.push_str(&if *size { self.size_noun(fact) } else { self.noun(fact) });
        }
        match number.plus {
            0 if !text.is_empty() => text,
            plus if plus < 0 => format!("{text} minus {}", self.bare(number, plus).trim_start_matches('-')),
            plus => format!("{text} plus {}", self.bare(number, plus)),
        }
    }

    fn size_noun(self, list: &FactName) -> String {
        match self.words(list).map(|words| words.size).filter(|size| !size.is_empty()) {
            Some(size) => size.to_owned(),
            None => format!("{} {}", self.either("the length of", "die Länge von"), self.quoted(list.as_str())),
        }
    }

    fn text(self, fact: &FactName, is: Likeness, to: &Words, so: bool) -> String {
        let (to, is_fact) = match to {
            Words::Literal(literal) => (self.quoted(literal), false),
            Words::Fact(other) => (self.noun(other), true),
        };
        let noun = self.noun(fact);
        match (is, so) {
            (Likeness::Equals, _) if !is_fact => self.text_is(fact, &[to], so),
            (Likeness::Equals, true) => {
                format!("{noun} {} {to} {}", self.either("and", "und"), self.either("are the same", "sind gleich"))
            }
            (Likeness::Equals, false) => {
                format!("{noun} {} {to} {}", self.either("and", "und"), self.either("differ", "sind verschieden"))
            }
            (Likeness::Begins, true) => format!("{noun} {} {to}", self.either("begins with", "beginnt mit")),
            (Likeness::Begins, false) => {
                format!("{noun} {} {to}", self.either("does not begin with", "beginnt nicht mit"))
            }
            (Likeness::Ends, true) => format!("{noun} {} {to}", self.either("ends with", "endet mit")),
            (Likeness::Ends, false) => format!("{noun} {} {to}", self.either("does not end with", "endet nicht mit")),
            (Likeness::Contains, true) => format!("{noun} {} {to}", self.either("contains", "enthält")),
            (Likeness::Contains, false) => {
                format!("{noun} {} {to}", self.either("does not contain", "enthält nicht"))
            }
        }
    }

    /// That a text is one of these, which are quoted, or none.
    fn text_is(self, fact: &FactName, among: &[String], so: bool) -> String {
        let [is, is_not] = self.pair(fact);
        if is.is_empty() || fact.attribute().is_some() {
            let verb = self.either("is", "ist");
            return match (among, so) {
                ([only], false) => format!("{} {verb} {} {only}", self.noun(fact), self.either("not", "nicht")),
                (_, true) => format!("{} {verb} {}", self.noun(fact), self.one_of(among)),
                (_, false) => format!("{} {verb} {}", self.noun(fact), self.none_of(among)),
            };
        }
        (if so { is } else { is_not }).replace("{}", &self.one_of(among))
    }

    fn listed(self, list: &FactName, text: &str, so: bool) -> String {
        let ([has, lacks], text) = (self.pair(list), self.quoted(text));
        if !has.is_empty() {
            return (if so { has } else { lacks }).replace("{}", &text);
        }
        let contains = if so { self.either("has", "enthält") } else { self.either("lacks", "enthält nicht") };
        format!("{} {contains} {text}", self.noun(list))
    }

    fn one_of(self, among: &[String]) -> String {
        match among {
            [before @ .., last] if !before.is_empty() => {
                format!("{} {} {last}", before.join(", "), self.either("or", "oder"))
            }
            other => other.concat(),
        }
    }

    fn none_of(self, among: &[String]) -> String {
        let nor = self.either(" nor ", " noch ");
        format!("{} {}", self.either("neither", "weder"), among.join(nor))
    }

    fn instant(self, is: Comparison, at: Timestamp) -> String {
        let at = self.date(at);
        match is {
            Comparison::Equal => format!("{} {at}", self.either("exactly", "genau der")),
            Comparison::Unequal => format!("{} {at}", self.either("not exactly", "nicht genau der")),
            Comparison::Less => format!("{} {at}", self.either("before", "vor dem")),
            Comparison::More => format!("{} {at}", self.either("after", "nach dem")),
            Comparison::AtMost => {
                format!("{}{at} {}", self.either("", "der "), self.either("or earlier", "oder früher"))
            }
            Comparison::AtLeast => {
                format!("{}{at} {}", self.either("", "der "), self.either("or later", "oder später"))
            }
        }
    }

    /// A day and a time, which is UTC.
    fn date(self, at: Timestamp) -> String {
        let utc = at.utc();
        let mut time = format!("{}:{:02}", utc.hour(), utc.minute());
        let (second, milliseconds) = (utc.second(), at.ms().rem_euclid(1_000));
        if second != 0 || milliseconds != 0 {
            time = format!("{time}:{second:02}");
        }
        if milliseconds != 0 {
            time = format!("{time}.{milliseconds:03}");
        }
        format!("{} (UTC)", wording::day(utc.date_naive(), self.language, Some(&time)))
    }

    /// A text in the language's quotation marks.
    pub fn quoted(self, text: &str) -> String {
        let mut quoted = String::with_capacity(text.len() + 6);
        quoted.push_str(self.either("“", "„"));
        for letter in text.chars() {
            if matches!(letter, '\\' | '“' | '”' | '„') {
                quoted.push('\\');
            }
            quoted.push(letter);
        }
        quoted.push_str(self.either("”", "“"));
        quoted
    }
}
