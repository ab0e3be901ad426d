//! For which items of a cart a discount is: what the voucher says, and what the shop never discounts.

use std::collections::HashSet;

use crate::decide::checkout::cart::{Cart, Item};
use crate::decide::checkout::fault::{Fault, Reason, fault};
use crate::records::Shop;
use crate::records::benefit::{BenefitKind, Effect};
use crate::records::spelling::product;
use crate::records::text::Reference;
use crate::records::voucher::AppliesTo;

/// For which items a discount is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// For all.
    All,
    /// For those that are marked, in the order of the cart.
    Some(Vec<bool>),
    /// That cannot be said without the items.
    ItemsRequired,
}

impl Scope {
    /// Why nothing can be discounted: what it is for is not there, or it is not known what is.
    pub fn fault(&self) -> Option<Fault> {
        match self {
            Scope::ItemsRequired => {
                let detail = "Not everything may be discounted; send the items of the cart, with sku and categories.";
                Some(fault(Reason::ItemsRequired, detail))
            }
            Scope::Some(is_for) if !is_for.contains(&true) => {
                Some(fault(Reason::NotApplicable, "Nothing in the cart is what it is for."))
            }
            Scope::Some(_) | Scope::All => None,
        }
    }

    /// As it is priced.
    pub fn marks(&self) -> Option<Vec<bool>> {
        match self {
            Scope::Some(is_for) => Some(is_for.clone()),
            Scope::All | Scope::ItemsRequired => None,
        }
    }
}

/// Finds it out. Balances pay for everything; free shipping asks only whether something of the cart is
/// what the voucher is for.
pub fn scope(shop: &Shop, kind: BenefitKind, applies_to: &AppliesTo, cart: &Cart) -> Scope {
    let never = match kind.effect() {
        Effect::OffGoods => Some(&*shop.never_discounted).filter(|no| !no.is_empty()),
        Effect::OffShipping => None,
        Effect::Payment | Effect::Nothing => return Scope::All,
    };
    if !applies_to.is_scoped() && never.is_none() {
        return Scope::All;
    }
    if cart.items.is_empty() {
        return Scope::ItemsRequired;
    }
    let named = Products::of(&applies_to.skus, &applies_to.categories);
    let left_out = Products::of(&applies_to.except_skus, &applies_to.except_categories);
    let never = never.map_or_else(Products::default, |never| Products::of(&never.skus, &never.categories));
    let is_for = |item: &Item| {
        let is_named = named.is_empty() || named.have(item);
        let is_discounted = applies_to.except_discounted && item.discounted == Some(true);
        is_named && !is_discounted && !left_out.have(item) && !never.have(item)
    };
    Scope::Some(cart.items.iter().map(is_for).collect())
}

/// Products and categories that are named in a list, as they are compared.
#[derive(Default)]
struct Products {
    skus: HashSet<String>,
    categories: HashSet<String>,
}

impl Products {
    fn of(skus: &[Reference], categories: &[Reference]) -> Self {
        let compared = |list: &[Reference]| list.iter().map(|name| product(name)).collect();
        Self { skus: compared(skus), categories: compared(categories) }
    }

    fn is_empty(&self) -> bool {
        self.skus.is_empty() && self.categories.is_empty()
    }

    /// Whether an item is one of them.
    fn have(&self, item: &Item) -> bool {
        let is_one = |names: &HashSet<String>, name: &Reference| !names.is_empty() && names.contains(&product(name));
        item.sku.as_ref().is_some_and(|sku| is_one(&self.skus, sku))
            || item.categories.iter().any(|category| is_one(&self.categories, category))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::decide::testing::bench::Bench;
    use crate::records::Json;

    fn cart() -> Cart {
        let item = |id: &str, sku: Value, categories: Value, discounted: bool| json!({"id": id, "sku": sku, "amount": 100, "categories": categories, "discounted": discounted});
        let items = [
            item("1", json!("mug"), json!(["kitchen"]), false),
            item("2", json!("pan"), json!(["kitchen", "metal"]), true),
            item("3", json!("novel"), json!(["books"]), false),
            item("4", Value::Null, Value::Null, false),
        ];
        serde_json::from_value(json!({"currency": "EUR", "amount": 400, "items": items})).expect("a cart")
    }

    fn marked(applies_to: Value, never: Value, kind: BenefitKind) -> Vec<bool> {
        let mut bench = Bench::new();
        let id = bench.shop;
        let mut shop = (*bench.get::<Shop>(id)).clone();
        shop.never_discounted = Json(serde_json::from_value(never).expect("products"));
        let applies_to = serde_json::from_value(applies_to).expect("a scope");
        match scope(&shop, kind, &applies_to, &cart()) {
            Scope::All => vec![true; 4],
            Scope::Some(is_for) => is_for,
            Scope::ItemsRequired => Vec::new(),
        }
    }

    #[test]
    fn a_discount_is_for_what_it_names_without_what_is_left_out() {
        use BenefitKind::{AmountOff, FreeShipping, GiftCard};
        let (none, books) = (json!({}), json!({"categories": ["books"]}));
        let table = [
            (json!({}), &none, AmountOff, [true, true, true, true]),
            (json!({"skus": ["mug", "novel"]}), &none, AmountOff, [true, false, true, false]),
            (json!({"categories": ["kitchen"]}), &none, AmountOff, [true, true, false, false]),
            (json!({"skus": ["novel"], "categories": ["metal"]}), &none, AmountOff, [false, true, true, false]),
            (json!({"categories": ["kitchen"], "except_skus": ["mug"]}), &none, AmountOff, [false, true, false, false]),
            (json!({"except_categories": ["metal", "books"]}), &none, AmountOff, [true, false, false, true]),
            (json!({"except_discounted": true}), &none, AmountOff, [true, false, true, true]),
            (json!({}), &books, AmountOff, [true, true, false, true]),
            (json!({"skus": ["novel"]}), &books, AmountOff, [false; 4]),
            (json!({"skus": ["novel"]}), &books, FreeShipping, [false, false, true, false]),
            (json!({}), &books, FreeShipping, [true; 4]),
            (json!({}), &books, GiftCard, [true; 4]),
            (json!({}), &json!({"categories": [" BOOKS "], "skus": ["Mug"]}), AmountOff, [false, true, false, true]),
            (json!({"skus": ["MUG\u{a0}"]}), &none, AmountOff, [true, false, false, false]),
            (json!({"categories": ["Metal"], "except_skus": ["Ｐan"]}), &none, AmountOff, [false; 4]),
            (json!({"except_categories": ["KITCHEN"]}), &none, AmountOff, [false, false, true, true]),
        ];
        for (applies_to, never, kind, expected) in table {
            assert_eq!(marked(applies_to.clone(), never.clone(), kind), expected, "{applies_to} without {never}");
        }
    }
}
