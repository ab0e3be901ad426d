//! What is known of somebody: the facts that conditions ask for, and no others.

use std::collections::BTreeSet;

use super::asker::Asker;
use super::evaluate::{Outcome, evaluate};
use super::facts::{Facts, find};
use super::load::{customer_attribute, customer_segments};
use super::value::Value;
use crate::decide::draft::Draft;
use crate::records::Segment;
use crate::records::expression::{Expression, FactName};
use crate::world::Stop;

/// The name of the fact that conditions of segments add to.
const SEGMENTS: &str = "customer.segments";

/// The facts that these ask for.
pub fn facts(draft: &Draft<'_>, asker: &Asker, trees: &[&Expression]) -> Result<Facts, Stop> {
    let mut facts = plain(draft, asker, trees)?;
    let segments = FactName::new(SEGMENTS);
    if trees.iter().any(|tree| tree.facts().contains(&&segments)) && asker.vouched().is_some() {
        facts.set(segments, Value::List(self::segments(draft, asker)?));
    }
    Ok(facts)
}

/// The same, without what conditions of segments say. All are asked for before any is looked at.
fn plain(draft: &Draft<'_>, asker: &Asker, trees: &[&Expression]) -> Result<Facts, Stop> {
    let names: BTreeSet<&FactName> = trees.iter().flat_map(|tree| tree.facts()).collect();
    let loaded: Vec<_> = names
        .into_iter()
        .map(|name| match name.attribute() {
            Some(key) => (name, Ok(customer_attribute(asker, key))),
            None => (name, find(name.as_str()).map_or(Ok(None), |fact| (fact.load)(draft, asker))),
        })
        .collect();
    let mut facts = Facts::of_shop(draft.shop.currency);
    for (name, value) in loaded {
        if let Some(value) = value? {
            facts.set(name.clone(), value);
        }
    }
    Ok(facts)
}

/// Whether somebody belongs to one segment, by list or by condition.
pub fn belongs(draft: &Draft<'_>, asker: &Asker, segment: &Segment) -> Result<bool, Stop> {
    let trees: Vec<&Expression> = segment.tree.as_ref().into_iter().collect();
    let (listed, facts) = (customer_segments(draft, asker), plain(draft, asker, &trees));
    let (listed, facts) = (listed?, facts?);
    let is_listed = matches!(listed, Some(Value::List(keys)) if keys.contains(&segment.key));
    Ok(is_listed || trees.iter().any(|tree| evaluate(tree, &facts) == Outcome::Met))
}

/// The segments that somebody belongs to, by list or by condition.
pub fn segments(draft: &Draft<'_>, asker: &Asker) -> Result<BTreeSet<String>, Stop> {
    let (listed, all) = (customer_segments(draft, asker), draft.list(&Segment::OF_SHOP, draft.shop.id));
    let (listed, all) = (listed?, all?);
    let Some(Value::List(mut keys)) = listed else { return Ok(BTreeSet::new()) };
    let by_condition: Vec<_> = all.iter().filter_map(|segment| Some((segment, segment.tree.as_ref()?))).collect();
    let trees: Vec<&Expression> = by_condition.iter().map(|(_, tree)| *tree).collect();
    let facts = plain(draft, asker, &trees)?;
    let belongs = by_condition.iter().filter(|(_, tree)| evaluate(tree, &facts) == Outcome::Met);
    keys.extend(belongs.map(|(segment, _)| segment.key.clone()));
    Ok(keys)
}
