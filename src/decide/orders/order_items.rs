//! The items of an order, and what of them came back.

use std::rc::Rc;

use serde::Deserialize;

use crate::decide::checkout::cart::{Item, check_items};
use crate::decide::checkout::pricing::spread;
use crate::decide::draft::Draft;
use crate::records::conversion::OrderItem;
use crate::records::money::Amount;
use crate::records::refund::RefundedItem;
use crate::records::text::Reference;
use crate::records::{Conversion, OrderSlot, Redemption, Refund};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

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

/// What discounts took off each item of an order, as its latest redemption knows: the order was reported
/// after it, and came to what it left, even where it was undone since.
pub fn taken_off(draft: &Draft<'_>, conversion: &Conversion) -> Result<Vec<i64>, Stop> {
    let slot = draft.get::<OrderSlot>(OrderSlot::id_of(draft.shop.id, &conversion.order_id))?;
    let latest = slot.and_then(|slot| slot.latest).map(|latest| draft.expect::<Redemption>(latest)).transpose()?;
    let latest = latest.filter(|redemption| redemption.currency == conversion.currency);
    let of = |item: &OrderItem| latest.as_ref().map_or(0, |redemption| redemption.taken_off(&item.id));
    Ok(conversion.items.iter().map(of).collect())
}

/// What comes back by item, with the amount of each; `taken_off` is what discounts took off each item.
/// Refuses items and pieces that the order has not.
pub fn returned(
    conversion: &Conversion,
    taken_off: &[i64],
    earlier: &[Rc<Refund>],
    given: &[ItemRefund],
) -> Result<Vec<RefundedItem>, Rejection> {
    if !given.is_empty() && conversion.items.is_empty() {
        let detail = "The order was reported without items; give the amount, or PATCH the order with its items first.";
        return Err(Rejection::at(Code::ItemsRequired, "/items", detail));
    }
    let values = values(conversion, taken_off);
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

/// What each item came to: its part of the order's amount, which is after every discount. What was taken off
/// an item is missing of that one, and what else is missing was taken off all of them.
fn values(conversion: &Conversion, taken_off: &[i64]) -> Vec<i64> {
    let mut values: Vec<i64> = conversion.items.iter().map(|item| item.amount).collect();
    let off = values.iter().sum::<i64>() - conversion.amount;
    if off <= 0 {
        return values;
    }
    let known: Vec<i64> = values.iter().zip(taken_off).map(|(value, taken_off)| *taken_off.min(value)).collect();
    let explained = off.min(known.iter().sum());
    let rest = spread(off - explained, &values);
    subtract(&mut values, &spread(explained, &known));
    subtract(&mut values, &rest);
    // Where that is more than an item came to, the others bear it.
    let beyond: i64 = values.iter().map(|value| (-value).max(0)).sum();
    values.iter_mut().for_each(|value| *value = (*value).max(0));
    let borne = spread(beyond, &values);
    subtract(&mut values, &borne);
    values
}

fn subtract(values: &mut [i64], parts: &[i64]) {
    for (value, part) in values.iter_mut().zip(parts) {
        *value -= part;
    }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::decide::testing::bench::Bench;
    use crate::records::refund::RefundKind;
    use crate::records::{Id, Json};

    /// An order of items: pieces, amount.
    fn order(bench: &Bench, amount: i64, items: &[(i64, i64)]) -> Conversion {
        let at = bench.at;
        let currency = serde_json::from_value(json!("EUR")).expect("a currency");
        let items = items.iter().enumerate().map(|(index, (quantity, amount))| OrderItem {
            id: index.to_string(),
            sku: None,
            quantity: *quantity,
            amount: *amount,
            categories: Vec::new(),
            discounted: false,
        });
        let blank = Conversion::blank(Id::of("cnv", &["1"]), bench.shop, "A-1", (amount, currency), at);
        Conversion { items: Json(items.collect()), ..blank }
    }

    fn refund(order: &Conversion, items: Vec<RefundedItem>) -> Refund {
        let id = Id::of("rfd", &["1"]);
        Refund {
            id,
            shop: order.shop,
            version: 0,
            refund_id: String::new(),
            conversion: order.id,
            once: String::new(),
            amount: 0,
            currency: order.currency,
            kind: RefundKind::Refund,
            items: Json(items),
            reason: None,
            reversal: None,
            rewards: Json::default(),
            conversion_status: order.status,
            created_at: order.created_at,
        }
    }

    fn worth(amount: i64, items: &[i64], known: &[i64]) -> Vec<i64> {
        let items: Vec<(i64, i64)> = items.iter().map(|amount| (1, *amount)).collect();
        values(&order(&Bench::new(), amount, &items), known)
    }

    #[test]
    fn an_item_came_to_what_was_left_of_it() {
        // the order, its items, what discounts took off each: what each came to
        type Case<'a> = (&'a str, i64, &'a [i64], &'a [i64], &'a [i64]);
        let table: [Case; 9] = [
            ("no discount", 4000, &[1000, 3000], &[0, 0], &[1000, 3000]),
            ("items after every discount", 3700, &[700, 3000], &[300, 0], &[700, 3000]),
            ("more than the items", 4490, &[1000, 3000], &[0, 0], &[1000, 3000]),
            ("the shop's own", 3600, &[1000, 3000], &[0, 0], &[900, 2700]),
            ("a voucher's", 3700, &[1000, 3000], &[300, 0], &[700, 3000]),
            ("both", 3300, &[1000, 3000], &[300, 0], &[600, 2700]),
            ("both, and nothing is left of one", 2700, &[1000, 3000], &[900, 0], &[0, 2700]),
            ("both, and one had come to less", 2600, &[1000, 3000], &[1000, 0], &[0, 2600]),
            ("less than the voucher's", 3850, &[1000, 3000], &[300, 0], &[850, 3000]),
        ];
        for (what, amount, items, known, expected) in table {
            assert_eq!(worth(amount, items, known), expected, "{what}");
        }
    }

    fn orders() -> impl Strategy<Value = (i64, Vec<(i64, i64)>, Vec<i64>)> {
        let item = (1..5i64, 0..20_000i64, 0..20_000i64);
        (prop::collection::vec(item, 1..8), 0..=100u32).prop_map(|(items, percent)| {
            let sum: i64 = items.iter().map(|(_, amount, _)| amount).sum();
            let (known, items) = items.into_iter().map(|(pieces, amount, known)| (known, (pieces, amount))).unzip();
            (sum * i64::from(percent) / 100, items, known)
        })
    }

    proptest! {
        #[test]
        fn all_items_come_to_the_order((amount, items, known) in orders()) {
            let amounts: Vec<i64> = items.iter().map(|(_, amount)| *amount).collect();
            let values = worth(amount, &amounts, &known);
            prop_assert_eq!(values.iter().sum::<i64>(), amount);
            for (value, amount) in values.iter().zip(&amounts) {
                prop_assert!((0..=*amount).contains(value), "{value} of {amount}");
            }
        }

        #[test]
        fn in_whatever_sequence_pieces_come_back_they_come_to_the_order(
            (amount, items, known) in orders(),
            turns in prop::collection::vec(any::<prop::sample::Index>(), 32),
        ) {
            let order = order(&Bench::new(), amount, &items);
            let pieces = items.iter().zip(0..).flat_map(|((pieces, _), index)| (0..*pieces).map(move |_| index));
            let mut left: Vec<i64> = pieces.collect();
            let (mut earlier, mut sum) = (Vec::new(), 0);
            for turn in turns {
                if left.is_empty() { break }
                let id = left.swap_remove(turn.index(left.len())).to_string();
                let given: Vec<ItemRefund> = serde_json::from_value(json!([{"id": id, "quantity": 1}])).expect("what came back");
                let back = returned(&order, &known, &earlier, &given).expect("there is so much left");
                sum += back[0].amount;
                earlier.push(Rc::new(refund(&order, back)));
            }
            prop_assert_eq!(sum, amount);
        }
    }
}
