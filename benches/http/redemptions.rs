//! Redeeming vouchers: many of them, and one that all use.

use std::rc::Rc;
use std::time::Duration;

use grapevine::store::Statement;
use grapevine::store::connection::Use;

use crate::load::Make;
use crate::requests::{cart, request};
use crate::shop::Shop;
use crate::{Bench, audits, table};

/// Redemptions that are made between two looks at how many entries there are.
const PART: u64 = 50_000;
/// What is redeemed before and beside what is measured, seconds of it.
const BESIDE: Duration = Duration::from_secs(2);

/// Redeems each voucher once, then one again and again.
pub async fn redemptions(shop: &Shop, bench: &Bench) -> anyhow::Result<()> {
    let many = many(shop, bench.seconds + BESIDE).await?;
    table::heading();
    let script = shop.script(&many).await?;
    let measured = shop.load(bench.seconds, 201, 2, many).await?;
    let limit = shop.limit(bench, script)?;
    shop.row(bench, "redeem a voucher (many)", &measured, limit, 2.50);
    let code = shop.hot.clone();
    let hot = redemption(shop, move |_| code.clone());
    let hot = shop.load(bench.seconds, 201, 10_000_000, hot).await?;
    shop.row(bench, "redeem a voucher (one, against many)", &hot, measured.0.rate(), 0.80);
    Ok(())
}

/// Makes redemptions of a voucher each, of as many as can be redeemed in that time.
pub async fn many(shop: &Shop, time: Duration) -> anyhow::Result<Make> {
    let codes = shop.vouchers(time).await?;
    Ok(redemption(shop, move |n| codes.get(usize::try_from(n).unwrap_or(0)).cloned().unwrap_or_default()))
}

/// Redeems the hot voucher until there are as many entries as are to be.
pub async fn fill_books(shop: &Shop) -> anyhow::Result<()> {
    let mut connection = shop.target.connect(Use::Tool)?;
    for part in 0.. {
        let counted = connection.number(&Statement::new("SELECT COUNT(*) FROM entries"))?;
        if counted.and_then(|entries| u64::try_from(entries).ok()) >= Some(audits::entries()) {
            break;
        }
        let (code, first) = (shop.hot.clone(), 500_000_000 + part * PART);
        let make = redemption(shop, move |_| code.clone());
        shop.send("redemptions", PART, 201, Rc::new(move |n| make(first + n)), None).await?;
    }
    Ok(())
}

/// Makes redemptions.
pub fn redemption(shop: &Shop, code: impl Fn(u64) -> String + 'static) -> Make {
    let secret = shop.secret.clone();
    Rc::new(move |n| {
        let body = cart(&code(n), &format!("r-{n}"));
        request("POST", "/v1/redemptions", &secret, Some(&format!("redemption-{n}")), &body)
    })
}
