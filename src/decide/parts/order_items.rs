//! The items of an order, and what of them came back.

use std::rc::Rc;

use serde::Deserialize;

use super::cart::{Item, check_items};
use super::pricing::spread;
use crate::records::conversion::OrderItem;
use crate::records::money::Amount;
use crate::records::refund::RefundedItem;
use crate::records::text::Reference;
use crate::records::{Conversion, Refund};
use crate::refusal::{Code, Rejection};

/// What came back of one item, as the shop reports it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemRefund {
    /// The item's id in the order.
    pub id: Reference,
    /// Pieces; left out: all that are left.
    pub quantity: Option<i64>,
    /// Its own amount, minor units; left out: what the pieces came to after every discount.
    pub amount: Option<Amount>,
}

/// The items of an order, checked.
pub fn ordered(items: &[Item]) -> Result<Vec<OrderItem>, Rejection> {
    check_items(items)?;
    let ordered = items.iter().map(|item| OrderItem {
        id: item.id.to_string(),
        sku: item.sku.as_ref().map(|sku| sku.to_string()),
        quantity: item.quantity.unwrap_or(1),
        amount: item.amount.0,
        categories: item.categories.iter().map(|category| category.to_string()).collect(),
        discounted: item.discounted == Some(true),
    });
    Ok(ordered.collect())
}

/// What comes back by item, with the amount of each. Refuses items and pieces that the order has not.
pub fn returned(
    conversion: &Conversion,
    earlier: &[Rc<Refund>],
    given: &[ItemRefund],
) -> Result<Vec<RefundedItem>, Rejection> {
    if !given.is_empty() && conversion.items.is_empty() {
        let detail = "The order was reported without items; give the amount, or PATCH the order with its items first.";
        return Err(Rejection::at(Code::ItemsRequired, "/items", detail));
    }
    let values = values(conversion);
    let mut returned: Vec<RefundedItem> = Vec::with_capacity(given.len());
    for (index, line) in given.iter().enumerate() {
        let place = conversion.items.iter().position(|item| *item.id == *line.id);
        let place = place.filter(|_| returned.iter().all(|other| *other.id != *line.id));
        let Some(place) = place else {
            let id = line.id.to_string();
            let detail = format!("{id} is no item of the order, or was given before; GET the order shows its items");
            return Err(Rejection::field(format!("/items/{index}/id"), detail));
        };
        let before = pieces_back(earlier, &line.id);
        let item = &conversion.items[place];
        let quantity = pieces(item, before, line, index)?;
        let up_to = |pieces: i64| i128::from(values[place]) * i128::from(pieces) / i128::from(item.quantity);
        let own = i64::try_from(up_to(before + quantity) - up_to(before)).unwrap_or(i64::MAX);
        let amount = line.amount.map_or(own, |amount| amount.0);
        returned.push(RefundedItem { id: item.id.clone(), quantity, amount });
    }
    Ok(returned)
}

/// What each item came to: its part of the order's amount, which is after every discount.
fn values(conversion: &Conversion) -> Vec<i64> {
    let amounts: Vec<i64> = conversion.items.iter().map(|item| item.amount).collect();
    let sum: i128 = amounts.iter().map(|amount| i128::from(*amount)).sum();
    if sum > i128::from(conversion.amount) { spread(conversion.amount, &amounts) } else { amounts }
}

fn pieces_back(earlier: &[Rc<Refund>], item: &str) -> i64 {
    let items = earlier.iter().flat_map(|refund| refund.items.iter());
    items.filter(|back| back.id == item).map(|back| back.quantity).sum()
}

fn pieces(item: &OrderItem, before: i64, line: &ItemRefund, index: usize) -> Result<i64, Rejection> {
    let left = (item.quantity - before).max(0);
    let quantity = line.quantity.unwrap_or(left);
    if left == 0 || quantity > left {
        let detail = format!("{left} of {} pieces of item {} can still come back.", item.quantity, item.id);
        return Err(Rejection::at(Code::RefundExceedsOrder, format!("/items/{index}"), detail));
    }
    if quantity < 1 {
        return Err(Rejection::field(format!("/items/{index}/quantity"), "1 or more is expected"));
    }
    Ok(quantity)
}
