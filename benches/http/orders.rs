//! Orders of guests whom nobody knows yet, who came by a share: how many a second, and what each costs.

use std::rc::Rc;

use crate::costs::{self, Counted};
use crate::gauges::Gauges;
use crate::load::Make;
use crate::requests::{order, pick};
use crate::shop::{ISSUED, Program, Shop, WAITING};
use crate::{Bench, table};

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

/// Counts what an order of each kind writes.
pub async fn count(shop: &Shop) -> anyhow::Result<Vec<Counted>> {
    let mut counted = Vec::new();
    for kind in &KINDS {
        counted.push(costs::count(shop, kind).await?);
    }
    Ok(counted)
}

/// Measures each kind, against the rows that it writes.
pub async fn orders(shop: &Shop, bench: &Bench, counted: Vec<Counted>) -> anyhow::Result<()> {
    table::heading();
    let mut batches = Vec::new();
    for kind in &KINDS {
        let make = kind.make(shop);
        let script = shop.script(&make).await?;
        let before = Gauges::take(&shop.server).await?;
        let measured = shop.load(bench.seconds, 201, 2, make.clone()).await?;
        let batch = Gauges::since(before, &shop.server).await?;
        batches.push((batch, costs::bytes(shop, measured.0.next, &make).await?));
        let limit = shop.limit(bench, script)?;
        shop.row(bench, kind.name, &measured, limit, 2.50);
    }
    costs::heading();
    for (kind, (batch, bytes)) in KINDS.iter().zip(&batches) {
        costs::batch(shop, bench, kind, batch, *bytes);
    }
    for (kind, counted) in KINDS.iter().zip(&counted) {
        costs::print(shop, bench, kind, counted);
    }
    Ok(())
}
