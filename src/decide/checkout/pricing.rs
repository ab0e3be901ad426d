//! What discounts and balances come to in a cart: arithmetic, and nothing else.
//!
//! Percent first (larger first), then amounts, then shipping, each on what the earlier left, never
//! below zero; then balances, which pay and leave the price as it is. Halves round up. A discount on
//! goods is spread over the items that it is for by largest remainder, so that the shop can book VAT.

use std::cmp::Reverse;

use crate::records::benefit::BenefitKind;
use crate::records::money::share_of;
use crate::records::{Id, Timestamp};

/// What is bought, minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Goods {
    /// Goods, before the discounts that are priced here.
    pub amount: i64,
    /// Shipping.
    pub shipping: i64,
    /// The items' amounts, which add up to `amount`; empty when they are not known.
    pub items: Vec<i64>,
}

/// Something that takes off or pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deduction {
    /// What it is.
    pub kind: BenefitKind,
    /// Minor units: what an `amount_off` is worth, or the most that a balance pays.
    pub amount: i64,
    /// Hundredths of a per cent: `percent_off`.
    pub rate_bps: i64,
    /// Never more than this, minor units.
    pub max_amount: Option<i64>,
    /// For which items it is, in their order; `None`: for all.
    pub is_for: Option<Vec<bool>>,
    /// When a balance lapses: what lapses first pays first.
    pub valid_until: Option<Timestamp>,
    /// Breaks ties, so that the order in which codes are typed does not matter.
    pub id: Option<Id>,
}

/// What one deduction came to, minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Taken off the price.
    pub discount: i64,
    /// Paid.
    pub payment: i64,
    /// The discount by item, in the order of the items; empty for shipping and payments.
    pub items: Vec<i64>,
}

/// What a cart comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Price {
    /// What each deduction came to, in the order given.
    pub parts: Vec<Part>,
    /// Taken off the price, minor units.
    pub discount: i64,
    /// Paid with balances, minor units.
    pub payment: i64,
    /// Left to pay, minor units.
    pub payable: i64,
}

/// Prices a cart.
pub fn price(goods: &Goods, deductions: &[Deduction]) -> Price {
    let mut turn: Vec<usize> = (0..deductions.len()).collect();
    turn.sort_by_key(|index| precedence(&deductions[*index]));
    let mut left = Left { goods: goods.amount, shipping: goods.shipping, items: goods.items.clone() };
    let mut price = Price { parts: vec![Part::default(); deductions.len()], ..Price::default() };
    for index in turn {
        let part = left.take(&deductions[index]);
        price.discount += part.discount;
        price.payment += part.payment;
        price.parts[index] = part;
    }
    price.payable = left.goods + left.shipping;
    price
}

/// Whose turn comes first.
fn precedence(deduction: &Deduction) -> (u8, Reverse<i64>, Timestamp, Option<Id>) {
    let forever = Timestamp::from_ms(i64::MAX);
    let (rank, size, until) = match deduction.kind {
        BenefitKind::PercentOff => (0, deduction.rate_bps, forever),
        BenefitKind::AmountOff => (1, deduction.amount, forever),
        BenefitKind::FreeShipping => (2, deduction.max_amount.unwrap_or(i64::MAX), forever),
        BenefitKind::GiftCard => (3, 0, deduction.valid_until.unwrap_or(forever)),
        BenefitKind::StoreCredit => (4, 0, forever),
        BenefitKind::FreeProduct | BenefitKind::Custom | BenefitKind::EventPass => (5, 0, forever),
    };
    (rank, Reverse(size), until, deduction.id)
}

struct Left {
    goods: i64,
    shipping: i64,
    items: Vec<i64>,
}

impl Left {
    fn take(&mut self, deduction: &Deduction) -> Part {
        let within = |amount: i64| deduction.max_amount.map_or(amount, |max| amount.min(max));
        match deduction.kind {
            BenefitKind::PercentOff => {
                let base = self.weights(deduction).map_or(self.goods, |weights| weights.iter().sum());
                self.take_off(within(share_of(base, deduction.rate_bps)), deduction)
            }
            BenefitKind::AmountOff => self.take_off(within(deduction.amount), deduction),
            BenefitKind::FreeShipping => {
                let discount = within(self.shipping).min(self.shipping);
                self.shipping -= discount;
                Part { discount, ..Part::default() }
            }
            BenefitKind::GiftCard | BenefitKind::StoreCredit => self.pay(deduction.amount),
            BenefitKind::FreeProduct | BenefitKind::Custom | BenefitKind::EventPass => Part::default(),
        }
    }

    /// What is left of the items that a deduction is for; nothing of the others. `None`: of all goods.
    fn weights(&self, deduction: &Deduction) -> Option<Vec<i64>> {
        let is_for = deduction.is_for.as_ref()?;
        Some(self.items.iter().zip(is_for).map(|(left, is_for)| if *is_for { *left } else { 0 }).collect())
    }

    fn take_off(&mut self, discount: i64, deduction: &Deduction) -> Part {
        let weights = self.weights(deduction);
        let most = weights.as_ref().map_or(self.goods, |weights| weights.iter().sum());
        let discount = discount.min(most);
        self.goods -= discount;
        let items = spread(discount, weights.as_ref().unwrap_or(&self.items));
        for (left, part) in self.items.iter_mut().zip(&items) {
            *left -= part;
        }
        Part { discount, items, ..Part::default() }
    }

    fn pay(&mut self, most: i64) -> Part {
        let payment = most.min(self.goods + self.shipping);
        let for_goods = payment.min(self.goods);
        self.goods -= for_goods;
        self.shipping -= payment - for_goods;
        Part { payment, ..Part::default() }
    }
}

/// Spreads an amount over weights by largest remainder: the parts add up to it, and none is above
/// its weight as long as the amount is not above their sum. Among equal remainders the earlier wins.
pub fn spread(amount: i64, weights: &[i64]) -> Vec<i64> {
    let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let share = |weight: i64| i128::from(amount) * i128::from(weight);
    let mut parts: Vec<i64> = weights.iter().map(|weight| i64::try_from(share(*weight) / sum).unwrap_or(0)).collect();
    let mut turn: Vec<usize> = (0..weights.len()).collect();
    turn.sort_by_key(|index| Reverse(share(weights[*index]) % sum));
    let missing = usize::try_from(amount - parts.iter().sum::<i64>()).unwrap_or(0);
    for index in turn.into_iter().take(missing) {
        parts[index] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn off(kind: BenefitKind, number: i64) -> Deduction {
        let is_rate = kind == PercentOff;
        Deduction {
            kind,
            amount: if is_rate { 0 } else { number },
            rate_bps: if is_rate { number } else { 0 },
            max_amount: None,
            is_for: None,
            valid_until: None,
            id: None,
        }
    }

    use BenefitKind::{AmountOff, FreeShipping, GiftCard, PercentOff, StoreCredit};

    #[test]
    fn each_takes_of_what_the_earlier_left() {
        type Case<'a> = (&'a str, i64, i64, &'a [Deduction], (i64, i64, i64));
        let table: [Case; 9] = [
            ("nothing", 4990, 490, &[], (0, 0, 5480)),
            ("an amount", 4990, 490, &[off(AmountOff, 500)], (500, 0, 4980)),
            ("more than the goods: the rest is lost", 400, 490, &[off(AmountOff, 500)], (400, 0, 490)),
            (
                "percent before amount, whatever the order",
                1000,
                0,
                &[off(AmountOff, 500), off(PercentOff, 1000)],
                (600, 0, 400),
            ),
            ("the larger percent first", 1000, 0, &[off(PercentOff, 1000), off(PercentOff, 5000)], (550, 0, 450)),
            ("half a cent rounds up", 5, 0, &[off(PercentOff, 1000)], (1, 0, 4)),
            ("shipping", 1000, 490, &[off(FreeShipping, 0)], (490, 0, 1000)),
            ("a card pays goods and shipping", 1000, 490, &[off(GiftCard, 2000)], (0, 1490, 0)),
            ("cards, then credit", 1000, 0, &[off(StoreCredit, 900), off(GiftCard, 300)], (0, 1000, 0)),
        ];
        for (what, amount, shipping, deductions, expected) in table {
            let price = price(&Goods { amount, shipping, items: Vec::new() }, deductions);
            assert_eq!((price.discount, price.payment, price.payable), expected, "{what}");
        }
    }

    #[test]
    fn a_limit_holds_for_percent_and_for_shipping() {
        let limited = |deduction: Deduction| Deduction { max_amount: Some(100), ..deduction };
        let goods = Goods { amount: 10_000, shipping: 490, items: Vec::new() };
        assert_eq!(price(&goods, &[limited(off(PercentOff, 5000))]).discount, 100);
        assert_eq!(price(&goods, &[limited(off(FreeShipping, 0))]).discount, 100);
    }

    #[test]
    fn a_discount_takes_off_what_it_is_for_and_nothing_else() {
        let only = |deduction: Deduction, is_for: [bool; 3]| Deduction { is_for: Some(is_for.to_vec()), ..deduction };
        type Case<'a> = (&'a str, &'a [Deduction], &'a [[i64; 3]]);
        let table: [Case; 5] = [
            ("a rate of its items", &[only(off(PercentOff, 1000), [true, false, true])], &[[60, 0, 10]]),
            ("an amount over its items", &[only(off(AmountOff, 70), [true, false, true])], &[[60, 0, 10]]),
            ("never more than its items", &[only(off(AmountOff, 500), [false, false, true])], &[[0, 0, 100]]),
            (
                "of what the earlier left",
                &[only(off(AmountOff, 500), [false, false, true]), off(PercentOff, 5000)],
                &[[0, 0, 50], [300, 150, 50]],
            ),
            ("nothing for nothing", &[only(off(PercentOff, 9000), [false; 3])], &[[0; 3]]),
        ];
        for (what, deductions, expected) in table {
            let price = price(&Goods { amount: 1000, shipping: 0, items: vec![600, 300, 100] }, deductions);
            let found: Vec<Vec<i64>> = price.parts.into_iter().map(|part| part.items).collect();
            assert_eq!(found, expected, "{what}");
        }
    }

    #[test]
    fn the_card_that_lapses_first_pays_first() {
        let card = |until| Deduction { valid_until: Some(Timestamp::from_ms(until)), ..off(GiftCard, 600) };
        let goods = Goods { amount: 1000, ..Goods::default() };
        let price = price(&goods, &[off(GiftCard, 600), card(9), card(5)]);
        assert_eq!(price.parts.iter().map(|part| part.payment).collect::<Vec<_>>(), [0, 400, 600]);
    }

    #[test]
    fn the_largest_remainder_gets_the_odd_cent() {
        let table: [(i64, &[i64], &[i64]); 5] = [
            (100, &[1, 1, 1], &[34, 33, 33]),
            (10, &[500, 300, 200], &[5, 3, 2]),
            (1, &[1, 2], &[0, 1]),
            (3, &[1, 0, 2], &[1, 0, 2]),
            (0, &[5], &[0]),
        ];
        for (amount, weights, parts) in table {
            assert_eq!(spread(amount, weights), parts, "{amount} over {weights:?}");
        }
    }

    fn kinds() -> impl Strategy<Value = BenefitKind> {
        prop::sample::select(vec![PercentOff, AmountOff, FreeShipping, GiftCard, StoreCredit])
    }

    fn deductions() -> impl Strategy<Value = Vec<Deduction>> {
        let scope = prop::option::weighted(0.4, prop::collection::vec(any::<bool>(), 8));
        let each = (kinds(), 1..=10_000i64, prop::option::of(0..=5_000i64), prop::option::of(0..=9i64), scope);
        prop::collection::vec(each, 0..10).prop_map(|rows| {
            let rows = rows.into_iter().enumerate();
            rows.map(|(index, (kind, number, max_amount, until, is_for))| Deduction {
                max_amount: max_amount.filter(|_| matches!(kind, PercentOff | FreeShipping)),
                is_for: is_for.filter(|_| matches!(kind, PercentOff | AmountOff)),
                valid_until: until.map(Timestamp::from_ms),
                id: Some(Id::of("vch", &[&index.to_string()])),
                ..off(kind, number)
            })
            .collect()
        })
    }

    fn carts() -> impl Strategy<Value = Goods> {
        (prop::collection::vec(0..=20_000i64, 0..8), 0..=20_000i64, 0..=900i64).prop_map(|(items, amount, shipping)| {
            let amount = if items.is_empty() { amount } else { items.iter().sum() };
            Goods { amount, shipping, items }
        })
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_goes_below_zero(goods in carts(), deductions in deductions()) {
            let price = price(&goods, &deductions);
            prop_assert_eq!(price.discount + price.payment + price.payable, goods.amount + goods.shipping);
            prop_assert!(price.payable >= 0);
            let mut by_item = vec![0; goods.items.len()];
            for (part, deduction) in price.parts.iter().zip(&deductions) {
                prop_assert!(part.discount >= 0 && part.payment >= 0);
                prop_assert!(deduction.max_amount.is_none_or(|max| part.discount <= max));
                let on_goods = matches!(deduction.kind, PercentOff | AmountOff) && !goods.items.is_empty();
                prop_assert_eq!(part.items.iter().sum::<i64>(), if on_goods { part.discount } else { 0 });
                for (index, (sum, item)) in by_item.iter_mut().zip(&part.items).enumerate() {
                    prop_assert!(*item >= 0);
                    let is_for = deduction.is_for.as_ref().is_none_or(|is_for| is_for[index]);
                    prop_assert!(is_for || *item == 0, "only what it is for");
                    *sum += item;
                }
            }
            for (taken, amount) in by_item.iter().zip(&goods.items) {
                prop_assert!(taken <= amount, "an item is never below zero");
            }
        }

        #[test]
        fn the_order_of_the_codes_does_not_matter(goods in carts(), deductions in deductions(), turn in any::<prop::sample::Index>()) {
            let mut turned = deductions.clone();
            let by = if turned.is_empty() { 0 } else { turn.index(turned.len()) };
            turned.rotate_left(by);
            let (one, mut other) = (price(&goods, &deductions), price(&goods, &turned));
            other.parts.rotate_right(by);
            prop_assert_eq!(one, other);
        }
    }
}
