//! The kinds of orders that are measured.

use std::rc::Rc;

use crate::load::Make;
use crate::requests::{order, pick};
use crate::shop::{ISSUED, Program, Shop, WAITING};

/// What is done with the rewards of an order.
pub struct Kind {
    /// What is measured.
    pub name: &'static str,
    /// The program that it comes from.
    pub program: Program,
    /// The most rows that one may make, without those of its batch.
    pub most_rows: u64,
}

/// The kinds that are measured.
pub const KINDS: [Kind; 2] = [
    Kind { name: "report an order, rewards wait", program: WAITING, most_rows: 12 },
    Kind { name: "report an order, two vouchers issued", program: ISSUED, most_rows: 17 },
];

impl Kind {
    /// Makes such orders, each of somebody new, by the shares of all advocates.
    pub fn make(&self, shop: &Shop) -> Make {
        let (secret, slug, tokens) = (shop.secret.clone(), self.program.slug, shop.tokens(&self.program));
        Rc::new(move |n| order(&secret, slug, n, &tokens[pick(n, tokens.len())]))
    }
}
