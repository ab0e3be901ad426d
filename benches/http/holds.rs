//! A checkout with a code that many other carts have set aside.

use crate::Bench;
use crate::redemptions::redemption;
use crate::requests::{cart, held_cart, post};
use crate::shop::Shop;
use crate::table;

/// Carts that have set a code aside while others use it; the first is what the others are held against.
const OPEN_HOLDS: [u64; 3] = [0, 1_000, 100_000];

/// Each step of a checkout with a code that so many other carts have set aside, against the same with none.
pub async fn holds(shop: &Shop, bench: &Bench) -> anyhow::Result<()> {
    let mut free: Option<[f64; 3]> = None;
    for open in OPEN_HOLDS {
        let code = held(shop, open).await?;
        table::heading();
        let [checked, held, redeemed] = [cart(&code, "check"), code.clone(), code];
        let check = post(&shop.secret, "/v1/vouchers/check", move |_| checked.clone());
        let hold = post(&shop.secret, "/v1/holds", move |n| held_cart(&held, &format!("mine-{open}-{n}")));
        let first = 100_000_000 + open * 1_000;
        let redeem = redemption(shop, move |_| redeemed.clone());
        let steps = [("check", 200, check), ("hold", 201, hold), ("redeem", 201, redeem)];
        let mut rates = [0.0; 3];
        for (place, (step, status, make)) in steps.into_iter().enumerate() {
            let measured = shop.load(bench.seconds, status, first, make).await?;
            rates[place] = measured.0.rate();
            let (limit, goal) = free.map_or((rates[place], 1.0), |free| (free[place], 0.80));
            shop.row(bench, &format!("{step} beside {open} open holds"), &measured, limit, goal);
        }
        free.get_or_insert(rates);
    }
    Ok(())
}

/// The code of a voucher that so many carts have set aside.
async fn held(shop: &Shop, open: u64) -> anyhow::Result<String> {
    let code = shop.voucher_for_many().await?;
    let held = code.clone();
    let hold = post(&shop.secret, "/v1/holds", move |n| held_cart(&held, &format!("theirs-{open}-{n}")));
    shop.send("holds", open, 201, hold, None).await?;
    shop.rest()?;
    Ok(code)
}
