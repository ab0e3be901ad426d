//! The near miss: the one fact whose other value would have let somebody in.
//!
//! There is one where a single condition fails, and a single fact in it can mend it while all others stay as they are.
//! Which values are tried follows from what the condition compares the fact with: few for each comparison. What is
//! found is always true; of a text that has to be like several others at once none may be found.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::records::expression::{Comparison, Expression, FactName, Number, Test, Words};
use crate::wording::Language;

use super::evaluate::holds;
use super::fact::Kind;
use super::facts::{Facts, compared, find};
use super::reason::told;
use super::value::Value;

/// The largest list that is thought of where it is asked how many a list has.
const LIST_MAX: usize = 1_000;

/// What would have let somebody in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// The place of the condition among all that were looked at.
    pub condition: usize,
    /// The fact.
    pub fact: FactName,
    /// What it is; `None`: it is unknown.
    pub has: Option<Value>,
    /// What it would have to be, of a number the nearest; `None`: unknown.
    pub needs: Option<Value>,
    /// What is asked of it and does not hold.
    pub asked: Test,
}

impl NearMiss {
    /// What is missing, as the customer reads it.
    pub fn sentence(&self, facts: &Facts, language: Language) -> String {
        told(&self.asked, facts, language, ["Only this is missing", "Nur dies fehlt"])
    }
}

type Tried = Option<Value>;

/// The near miss among conditions that must all be met.
pub fn near_miss(conditions: &[&Expression], facts: &Facts) -> Option<NearMiss> {
    let read = |fact: &FactName| facts.get(fact);
    let mut failed = conditions.iter().enumerate().filter(|(_, one)| holds(one.test(), &read) != Some(true));
    let (condition, expression) = failed.next()?;
    if failed.next().is_some() {
        return None;
    }
    let test = expression.test();
    test.facts().into_iter().find_map(|fact| {
        let needs = mending(test, fact, facts)?;
        let asked = newly_met(test, fact, facts, &needs);
        Some(NearMiss { condition, fact: fact.clone(), has: facts.get(fact).cloned(), needs, asked })
    })
}

/// The nearest value of a fact with which a test holds.
fn mending(test: &Test, fact: &FactName, facts: &Facts) -> Option<Tried> {
    let mut tried = Vec::new();
    each_leaf(test, &mut |leaf| try_leaf(leaf, fact, facts, &mut tried));
    if let Some(list) = all_lists_at_once(test, fact, facts) {
        tried.push(Some(list));
    }
    tried.sort_by_cached_key(|value| distance(value, facts.get(fact)));
    tried.dedup();
    tried.into_iter().find(|value| holds(test, &|name: &FactName| with(name, fact, value, facts)) == Some(true))
}

/// The facts with another value of one.
fn with<'a>(name: &FactName, fact: &FactName, value: &'a Tried, facts: &'a Facts) -> Option<&'a Value> {
    if name == fact { value.as_ref() } else { facts.get(name) }
}

/// What is asked of the fact, does not hold, and would with the other value.
fn newly_met(test: &Test, fact: &FactName, facts: &Facts, needs: &Tried) -> Test {
    let mut met: Vec<Test> = Vec::new();
    each_leaf(test, &mut |leaf| {
        let now = holds(leaf, &|name: &FactName| facts.get(name));
        let then = holds(leaf, &|name: &FactName| with(name, fact, needs, facts));
        if now != Some(true) && then == Some(true) && !met.contains(leaf) {
            met.push(leaf.clone());
        }
    });
    Test::all(met)
}

fn each_leaf<'a>(test: &'a Test, call: &mut impl FnMut(&'a Test)) {
    match test {
        Test::All(tests) | Test::Any(tests) => tests.iter().for_each(|test| each_leaf(test, call)),
        leaf => call(leaf),
    }
}

/// How far a number is from what it is now; what is no number is near, being unknown is far.
fn distance(value: &Tried, now: Option<&Value>) -> i128 {
    match (value, now) {
        (Some(Value::Number(value)), Some(Value::Number(now))) => (i128::from(*value) - i128::from(*now)).abs(),
        (Some(Value::Number(value)), _) => i128::from(*value).abs(),
        (Some(Value::List(list)), Some(Value::List(now))) => list.symmetric_difference(now).count() as i128,
        (Some(_), _) => 0,
        (None, _) => i128::MAX,
    }
}

/// The values with which a test could hold that asks for the fact.
fn try_leaf(leaf: &Test, fact: &FactName, facts: &Facts, tried: &mut Vec<Tried>) {
    match leaf {
        Test::Flag { fact: asked, so } if asked == fact => tried.push(Some(Value::Flag(*so))),
        Test::Known { fact: asked, so } if asked == fact => tried.push(so.then(|| Value::Text(String::new()))),
        Test::Number { left, right, .. } => try_number(left, right, fact, facts, tried),
        Test::NumberAmong { left, among, .. } => {
            among.iter().for_each(|one| try_number(left, &Number::constant(*one), fact, facts, tried));
        }
        Test::Text { fact: one, to: Words::Fact(other), .. } if one == fact || other == fact => {
            let like = if one == fact { facts.get(other) } else { facts.get(one) };
            tried.extend([like.cloned(), Some(another_text())]);
        }
        Test::Text { fact: asked, to: Words::Literal(literal), .. } if asked == fact => {
            tried.extend([Some(Value::Text(literal.clone())), Some(another_text())]);
        }
        Test::TextAmong { fact: asked, among, .. } if asked == fact => {
            tried.extend(among.iter().map(|text| Some(Value::Text(text.clone()))));
            tried.push(Some(another_text()));
        }
        Test::Listed { list, text, so } if list == fact => {
            let is_there = listed(fact, facts).contains(&compared(list, text.clone()));
            if is_there != *so {
                tried.push(Some(Value::List(changed(listed(fact, facts), list, text, *so))));
            }
        }
        Test::Instant { fact: asked, is, at } if asked == fact => {
            let beside = match is {
                Comparison::Less | Comparison::Unequal => -1,
                Comparison::More => 1,
                Comparison::Equal | Comparison::AtMost | Comparison::AtLeast => 0,
            };
            tried.push(Some(Value::Instant(at.plus_ms(beside))));
        }
        _ => {}
    }
}

/// A text that nobody compares with.
fn another_text() -> Value {
    Value::Text("\u{1}".to_owned())
}

/// The numbers about which a comparison turns over, as far as the fact can be them.
fn try_number(left: &Number, right: &Number, fact: &FactName, facts: &Facts, tried: &mut Vec<Tried>) {
    let Some((turn, size)) = turning(left, right, fact, facts) else { return };
    let (least, most) = match find(fact.as_str()).map(|fact| fact.kind) {
        Some(Kind::Number(range, _)) => (range.least, range.most),
        Some(Kind::List(_)) => (0, LIST_MAX as i64),
        _ => (i64::MIN, i64::MAX),
    };
    for value in [turn - 1, turn, turn + 1] {
        let value = i64::try_from(value).unwrap_or(if value < 0 { least } else { most }).clamp(least, most);
        tried.push(Some(if size { Value::List(resized(&listed(fact, facts), value)) } else { Value::Number(value) }));
    }
}

/// The number at which one side becomes as large as the other, rounded down, and whether it is how many a list has.
fn turning(left: &Number, right: &Number, fact: &FactName, facts: &Facts) -> Option<(i128, bool)> {
    let (mut factor, mut rest, mut size) = (0i128, i128::from(left.plus) - i128::from(right.plus), false);
    let mut is_there = false;
    let sides = left.terms.iter().map(|term| (term, 1)).chain(right.terms.iter().map(|term| (term, -1)));
    for (term, side) in sides {
        let sign = if term.minus { -side } else { side };
        if term.fact == *fact {
            factor += sign;
            (is_there, size) = (true, term.size);
            continue;
        }
        rest += sign
            * match facts.get(&term.fact)? {
                Value::Number(number) if !term.size => i128::from(*number),
                Value::List(list) if term.size => i128::try_from(list.len()).ok()?,
                _ => return None,
            };
    }
    // Where a fact is taken away from itself, any number does.
    let turn = match factor {
        0 => 0,
        factor if factor > 0 => (-rest).div_euclid(factor),
        factor => rest.div_euclid(-factor),
    };
    is_there.then_some((turn, size))
}

fn listed<'a>(fact: &FactName, facts: &'a Facts) -> Cow<'a, BTreeSet<String>> {
    match facts.get(fact) {
        Some(Value::List(list)) => Cow::Borrowed(list),
        _ => Cow::default(),
    }
}

fn changed(now: Cow<'_, BTreeSet<String>>, list: &FactName, text: &str, so: bool) -> BTreeSet<String> {
    let (mut changed, text) = (now.into_owned(), compared(list, text.to_owned()));
    if so {
        changed.insert(text);
    } else {
        changed.remove(&text);
    }
    changed
}

fn resized(now: &BTreeSet<String>, length: i64) -> BTreeSet<String> {
    let length = usize::try_from(length).unwrap_or(0).min(LIST_MAX);
    let more = (0..length).map(|number| format!("\u{1}{number}"));
    let missing = length.saturating_sub(now.len());
    now.iter().take(length).cloned().chain(more.take(missing)).collect()
}

/// A list with everything that is asked of it.
fn all_lists_at_once(test: &Test, fact: &FactName, facts: &Facts) -> Option<Value> {
    let mut list: Option<BTreeSet<String>> = None;
    each_leaf(test, &mut |leaf| {
        if let Test::Listed { list: asked, text, so } = leaf
            && asked == fact
        {
            let now = list.take().map_or_else(|| listed(fact, facts), Cow::Owned);
            list = Some(changed(now, asked, text, *so));
        }
    });
    list.map(Value::List)
}
