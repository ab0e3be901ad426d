//! The one shape of a cart: what a check and a redemption are asked with.

use std::rc::Rc;
use std::sync::OnceLock;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::decide::checkout::pricing::{Goods, spread};
use crate::decide::draft::Draft;
use crate::decide::input::brought::Evidence;
use crate::decide::input::{own_name, typed_code};
use crate::decide::people::customer::CustomerDetails;
use crate::records::Voucher;
use crate::records::code::{Typed, folded};
use crate::records::money::{Amount, Currency, MAX_AMOUNT};
use crate::records::text::{Reference, Text};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// Codes in one cart.
const CODES: usize = 10;
/// Items in one cart.
const ITEMS: usize = 500;
/// Most pieces of one item.
const QUANTITY: i64 = 1_000_000;
/// Categories of one item.
const CATEGORIES: usize = 50;

/// A cart.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cart {
    /// Voucher codes and advocates' codes, at most ten.
    #[serde(default, deserialize_with = "list")]
    pub codes: Vec<TypedCode>,
    /// How much store credit to pay with, minor units.
    pub store_credit: Option<Amount>,
    /// Who buys: `external_id` or `cus_…`.
    pub customer: Option<Reference>,
    /// What is told of him; without `customer` he is a guest.
    #[serde(skip_serializing)]
    pub customer_details: Option<CustomerDetails>,
    /// The shop's id of the order; a redemption needs it.
    pub order_id: Option<Reference>,
    /// Currency of all amounts.
    pub currency: Currency,
    /// Goods, VAT included, after the shop's own discounts, without shipping, minor units.
    pub amount: Amount,
    /// Shipping, minor units.
    pub shipping_amount: Option<Amount>,
    /// What the shop took off the whole cart itself, minor units.
    pub shop_discount: Option<Amount>,
    /// What is bought.
    #[serde(default, deserialize_with = "list")]
    pub items: Vec<Item>,
    /// What the friend came with: it gives a discount `on: checkout` without typing.
    pub evidence: Option<Evidence>,
    /// The shop's id of the cart, by which its hold is found.
    pub cart_id: Option<Reference>,
    /// The session in which it was typed: by whom wrong codes are counted. Never stored.
    #[serde(skip_serializing)]
    pub visitor: Option<Text<0, 128>>,
    /// How long a hold lives, seconds; only of a hold.
    #[serde(skip_serializing)]
    pub ttl_seconds: Option<i64>,
    /// Whether the shop's own checkout has given it all already: what cannot count is told, and nothing refused; only of a
    /// redemption.
    #[serde(skip_serializing)]
    pub already_applied: Option<bool>,
}

/// A code as it was typed, and how much of its balance to use at most.
#[derive(Clone, Debug, Serialize)]
pub struct TypedCode {
    /// The code.
    pub code: Typed,
    /// Minor units; only for a code with a balance.
    pub amount: Option<Amount>,
    #[serde(skip)]
    key: OnceLock<String>,
}

impl TypedCode {
    /// The code of a voucher that is known, as if it had been typed.
    pub fn of_voucher(voucher: &Voucher) -> Self {
        let key = OnceLock::from(voucher.code_key.clone());
        Self { code: Typed::new(&voucher.id.to_string()), amount: None, key }
    }

    /// The keyed hash by which its voucher is found; made once, however often the cart is looked at.
    pub fn key(&self, draft: &Draft<'_>) -> &str {
        self.key.get_or_init(|| typed_code::key(draft, &self.code))
    }

    /// The voucher with this code.
    pub fn voucher(&self, draft: &Draft<'_>) -> Result<Option<Rc<Voucher>>, Stop> {
        draft.find(&Voucher::BY_CODE, self.key(draft))
    }
}

/// One line of what is bought.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its id in the cart.
    pub id: Reference,
    /// The product.
    pub sku: Option<Reference>,
    /// Pieces, 1 to 1 000 000.
    pub quantity: Option<i64>,
    /// The line's total, minor units.
    pub amount: Amount,
    /// The product's categories.
    #[serde(default, deserialize_with = "list")]
    pub categories: Vec<Reference>,
    /// Whether the shop took something off it.
    pub discounted: Option<bool>,
}

impl<'de> Deserialize<'de> for TypedCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrObject)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeObject {
    code: Typed,
    amount: Option<Amount>,
}

struct TextOrObject;

impl<'de> Visitor<'de> for TextOrObject {
    type Value = TypedCode;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a code, or an object of code and amount")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<TypedCode, E> {
        Ok(TypedCode { code: Typed::new(text), amount: None, key: OnceLock::new() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<TypedCode, A::Error> {
        let object = CodeObject::deserialize(MapAccessDeserializer::new(map))?;
        Ok(TypedCode { code: object.code, amount: object.amount, key: OnceLock::new() })
    }
}

/// A list that may be left out or `null`.
pub fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

impl Cart {
    /// Shipping, minor units.
    pub fn shipping(&self) -> i64 {
        self.shipping_amount.map_or(0, |shipping| shipping.0)
    }

    /// What the shop took off the whole cart, minor units.
    pub fn shop_discount(&self) -> i64 {
        self.shop_discount.map_or(0, |discount| discount.0)
    }

    /// The codes that were typed, with their places; a field that was left empty is none.
    pub fn typed(&self) -> impl Iterator<Item = (usize, &TypedCode)> {
        self.codes.iter().enumerate().filter(|(_, typed)| !typed.code.is_blank())
    }

    /// Refuses what only a hold has.
    pub fn refuse_ttl(&self) -> Result<(), Rejection> {
        match self.ttl_seconds {
            None => Ok(()),
            Some(_) => {
                let detail = "There is no field ttl_seconds; it belongs to POST /v1/holds.";
                Err(Rejection::at(Code::UnknownField, "/ttl_seconds", detail))
            }
        }
    }

    /// Refuses what only a redemption has.
    pub fn refuse_applied(&self) -> Result<(), Rejection> {
        match self.already_applied {
            None => Ok(()),
            Some(_) => {
                let detail = "There is no field already_applied; it belongs to POST /v1/redemptions.";
                Err(Rejection::at(Code::UnknownField, "/already_applied", detail))
            }
        }
    }

    /// Refuses what no cart can be.
    pub fn check(&self) -> Result<(), Rejection> {
        own_name::check_order_id(self.order_id.as_deref().unwrap_or_default())?;
        own_name::check(self.cart_id.as_deref().unwrap_or_default(), &["hld"], "/cart_id")?;
        if self.codes.len() > CODES {
            return Err(Rejection::field("/codes", format!("at most {CODES} codes are taken in one cart")));
        }
        let codes: Vec<(usize, String)> = self.typed().map(|(index, typed)| (index, folded(&typed.code))).collect();
        let is_twice = |place: &usize| codes[..*place].iter().any(|(_, earlier)| *earlier == codes[*place].1);
        let twice = (1..codes.len()).find(is_twice).map(|place| codes[place].0);
        if let Some(index) = twice {
            return Err(Rejection::field(format!("/codes/{index}"), "this code was given before; give each code once"));
        }
        if self.amount.0 + self.shipping() > MAX_AMOUNT {
            return Err(Rejection::field("/amount", format!("goods and shipping together are at most {MAX_AMOUNT}")));
        }
        self.check_items()
    }

    fn check_items(&self) -> Result<(), Rejection> {
        check_items(&self.items)?;
        let sum = self.items_sum();
        if !self.items.is_empty() && sum != i128::from(self.amount.0) && !self.is_discounted_as_a_whole(sum) {
            let detail = format!("the items add up to {sum}; amount is expected to be that, less shop_discount if any");
            return Err(Rejection::field("/items", detail));
        }
        Ok(())
    }

    fn items_sum(&self) -> i128 {
        self.items.iter().map(|item| i128::from(item.amount.0)).sum()
    }

    /// Whether the items are given before the shop's own discount, and the amount after it.
    fn is_discounted_as_a_whole(&self, sum: i128) -> bool {
        sum == i128::from(self.amount.0) + i128::from(self.shop_discount())
    }

    /// What is bought, for pricing: the items' amounts add up to the cart's.
    pub fn goods(&self) -> Goods {
        let mut items: Vec<i64> = self.items.iter().map(|item| item.amount.0).collect();
        if self.items_sum() != i128::from(self.amount.0) {
            let parts = spread(self.shop_discount(), &items);
            for (amount, part) in items.iter_mut().zip(parts) {
                *amount -= part;
            }
        }
        Goods { amount: self.amount.0, shipping: self.shipping(), items }
    }
}

/// Refuses items that no cart and no order can have.
pub fn check_items(items: &[Item]) -> Result<(), Rejection> {
    if items.len() > ITEMS {
        return Err(Rejection::field("/items", format!("at most {ITEMS} items are taken in one cart")));
    }
    let mut ids: Vec<&str> = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        if item.quantity.is_some_and(|quantity| !(1..=QUANTITY).contains(&quantity)) {
            return Err(Rejection::field(format!("/items/{index}/quantity"), format!("1 to {QUANTITY} is expected")));
        }
        if item.categories.len() > CATEGORIES {
            let place = format!("/items/{index}/categories");
            return Err(Rejection::field(place, format!("at most {CATEGORIES} categories are taken")));
        }
        if ids.contains(&&*item.id) {
            return Err(Rejection::field(format!("/items/{index}/id"), "another item has this id"));
        }
        ids.push(&item.id);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cart(fields: serde_json::Value) -> Cart {
        let mut body = serde_json::json!({"currency": "EUR", "amount": 1000});
        for (name, value) in fields.as_object().expect("fields") {
            body[name] = value.clone();
        }
        serde_json::from_value(body).expect("a cart")
    }

    #[test]
    fn a_code_is_a_text_or_an_object() {
        let cart = cart(
            serde_json::json!({"codes": ["A", {"code": "B", "amount": 5}], "evidence": null, "customer_details": null}),
        );
        let codes: Vec<(&str, Option<i64>)> =
            cart.codes.iter().map(|typed| (&*typed.code, typed.amount.map(|amount| amount.0))).collect();
        assert_eq!(codes, [("A", None), ("B", Some(5))]);
    }

    #[test]
    fn a_field_that_was_left_empty_is_no_code() {
        let cart = cart(serde_json::json!({"codes": ["", "A\n", " - ", {"code": "\t"}, "B"]}));
        assert!(cart.check().is_ok());
        let codes: Vec<(usize, &str)> = cart.typed().map(|(index, typed)| (index, &*typed.code)).collect();
        assert_eq!(codes, [(1, "A"), (4, "B")]);
    }

    #[test]
    fn what_no_cart_can_be_is_refused_with_its_place() {
        let item = |id: &str, amount: i64| serde_json::json!({"id": id, "amount": amount});
        let many: Vec<String> = (0..11).map(|number| format!("CODE{number}")).collect();
        let table = [
            (serde_json::json!({"codes": many}), "/codes"),
            (serde_json::json!({"codes": ["K7QM-OIL0", "k7qm 0110"]}), "/codes/1"),
            (serde_json::json!({"items": [item("1", 900)]}), "/items"),
            (serde_json::json!({"items": [item("1", 500), item("1", 500)]}), "/items/1/id"),
            (serde_json::json!({"items": [{"id": "1", "amount": 1000, "quantity": 0}]}), "/items/0/quantity"),
            (serde_json::json!({"amount": MAX_AMOUNT, "shipping_amount": 1}), "/amount"),
        ];
        for (fields, place) in table {
            let fault = cart(fields.clone()).check().expect_err(place);
            assert_eq!(fault.errors[0].pointer, place, "{fields}");
        }
        assert!(cart(serde_json::json!({"items": [item("1", 600), item("2", 400)]})).check().is_ok());
    }

    #[test]
    fn the_shops_own_discount_is_spread_first() {
        let items = serde_json::json!([{"id": "1", "amount": 900}, {"id": "2", "amount": 300}]);
        let cart = cart(serde_json::json!({"shop_discount": 200, "items": items}));
        assert!(cart.check().is_ok());
        assert_eq!(cart.goods().items, [750, 250]);
    }
}
