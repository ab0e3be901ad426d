//! For which items of a cart a discount is: what the voucher says, and what the shop never discounts.

use super::cart::{Cart, Item};
use super::line::{Fault, Reason, fault};
use crate::records::Shop;
use crate::records::benefit::BenefitKind;
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
    let never = match kind {
        BenefitKind::PercentOff | BenefitKind::AmountOff => Some(&*shop.never_discounted).filter(|no| !no.is_empty()),
        BenefitKind::FreeShipping => None,
        BenefitKind::GiftCard | BenefitKind::StoreCredit => return Scope::All,
    };
    if !applies_to.is_scoped() && never.is_none() {
        return Scope::All;
    }
    if cart.items.is_empty() {
        return Scope::ItemsRequired;
    }
    let is_never = |item: &Item| never.is_some_and(|never| is_one_of(item, &never.skus, &never.categories));
    Scope::Some(cart.items.iter().map(|item| is_for(applies_to, item) && !is_never(item)).collect())
}

fn is_for(applies_to: &AppliesTo, item: &Item) -> bool {
    let AppliesTo { skus, categories, except_skus, except_categories, except_discounted } = applies_to;
    let is_named = (skus.is_empty() && categories.is_empty()) || is_one_of(item, skus, categories);
    let is_left_out = *except_discounted && item.discounted == Some(true);
    is_named && !is_left_out && !is_one_of(item, except_skus, except_categories)
}

fn is_one_of(item: &Item, skus: &[Reference], categories: &[Reference]) -> bool {
    item.sku.as_ref().is_some_and(|sku| skus.contains(sku))
        || item.categories.iter().any(|category| categories.contains(category))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::decide::bench::Bench;
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
        ];
        for (applies_to, never, kind, expected) in table {
            assert_eq!(marked(applies_to.clone(), never.clone(), kind), expected, "{applies_to} without {never}");
        }
    }
}
