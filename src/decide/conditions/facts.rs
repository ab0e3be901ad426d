//! What is known of somebody when a condition is looked at, and looking a fact up in the table.

use std::collections::BTreeMap;

use crate::records::expression::FactName;
use crate::records::money::Currency;
use crate::records::spelling;

use super::fact::{Fact, Kind, Spelling};
use super::fact_table::{ATTRIBUTE, FACTS};
use super::value::Value;

/// The facts of one person at one time. What is not in it is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    values: BTreeMap<FactName, Value>,
    currency: Option<Currency>,
}

impl Facts {
    /// No facts yet; amounts are of the shop's currency where an order does not say another.
    pub fn of_shop(currency: Currency) -> Self {
        Self { values: BTreeMap::new(), currency: Some(currency) }
    }

    /// Notes a fact. Texts that are compared as products are kept as they are compared.
    pub fn set(&mut self, fact: FactName, value: Value) {
        let value = match value {
            Value::List(texts) => Value::List(texts.into_iter().map(|text| compared(&fact, text)).collect()),
            other => other,
        };
        self.values.insert(fact, value);
    }

    /// The fact; `None`: it is unknown.
    pub fn get(&self, fact: &FactName) -> Option<&Value> {
        self.values.get(fact)
    }

    /// Those of a kind alone; of the others it is as if they were unknown.
    pub fn only(&self, keep: impl Fn(&FactName) -> bool) -> Self {
        let kept = self.values.iter().filter(|(fact, _)| keep(fact));
        Self { values: kept.map(|(fact, value)| (fact.clone(), value.clone())).collect(), currency: self.currency }
    }

    /// The currency that amounts are shown in.
    pub fn currency(&self) -> Option<Currency> {
        match self.get(&FactName::new("order.currency")) {
            Some(Value::Text(code)) => Currency::parse(code),
            _ => self.currency,
        }
    }
}

/// A text as it is compared with those of a list.
pub fn compared(list: &FactName, text: String) -> String {
    match find(list.as_str()).map(|fact| fact.kind) {
        Some(Kind::List(Spelling::Product)) => spelling::product(&text),
        _ => text,
    }
}

/// Whether a fact tells of the customer and of time, and not of how they came or what they order.
pub fn is_of_customer(name: &FactName) -> bool {
    let name = name.as_str();
    name != "customer.segments" && ["customer.", "sharer.", "today.", "now"].iter().any(|own| name.starts_with(own))
}

/// The fact of this name; every attribute of a customer is one.
pub fn find(name: &str) -> Option<&'static Fact> {
    let is_attribute = FactName::new(name).attribute().is_some_and(|key| !key.is_empty());
    if is_attribute { Some(&ATTRIBUTE) } else { FACTS.iter().find(|fact| fact.name == name) }
}

/// The name that somebody may have meant who wrote this one.
pub fn nearest(name: &str) -> Option<&'static str> {
    if let Some((place, _)) =
        name.rsplit_once('.').filter(|(place, _)| spelling::nearest(place, ["customer.attributes"]).is_some())
    {
        return (place != "customer.attributes").then_some("customer.attributes.KEY");
    }
    let last_is_same = |known: &str| known.rsplit('.').next() == name.rsplit('.').next();
    let known = || FACTS.iter().map(|fact| fact.name);
    spelling::nearest(name, known()).or_else(|| known().find(|known| last_is_same(known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_leads_to_the_fact() {
        let table = [
            ("sharer.freinds", Some("sharer.friends")),
            ("arrival.is_private", Some("arrival.private")),
            ("Arrival.Private", Some("arrival.private")),
            ("friends", Some("sharer.friends")),
            ("customer.attribute.tier", Some("customer.attributes.KEY")),
            ("customer.atributes.tier", Some("customer.attributes.KEY")),
            ("cart.skus", Some("order.skus")),
            ("x", None),
            ("", None),
        ];
        for (name, meant) in table {
            assert_eq!(nearest(name), meant, "{name}");
        }
    }

    #[test]
    fn products_are_compared_without_case() {
        let mut facts = Facts::default();
        let skus = FactName::new("order.skus");
        facts.set(skus.clone(), Value::List(["Mug ".to_owned(), "MUG".to_owned(), "Cup".to_owned()].into()));
        assert_eq!(facts.get(&skus), Some(&Value::List(["cup".to_owned(), "mug".to_owned()].into())));
    }

    #[test]
    fn an_attribute_is_a_fact_whatever_its_key() {
        assert!(find("customer.attributes.tier").is_some_and(|fact| fact.kind == Kind::Attribute));
        assert!(find("customer.attributes.").is_none() && find("customer.attributes").is_none());
    }
}
