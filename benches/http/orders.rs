//! Orders of guests whom nobody knows yet, who came by a share: how many a second, and what each costs.

use crate::costs::{self, Counted};
use crate::gauges::Gauges;
use crate::order_kinds::KINDS;
use crate::shop::Shop;
use crate::{Bench, table};

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
