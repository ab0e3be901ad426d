//! What changes nothing: reading a customer, checking a voucher.

use std::cell::RefCell;
use std::rc::Rc;

use crate::Bench;
use crate::load::{self, Make, Take, Until};
use crate::requests::{cart, pick, post, request};
use crate::server::Process;
use crate::shop::Shop;
use crate::table;

/// Reads customers.
pub async fn reads(shop: &Shop, bench: &Bench) -> anyhow::Result<()> {
    table::heading();
    let secret = shop.secret.clone();
    let make: Make =
        Rc::new(move |n| request("GET", &format!("/v1/customers/adv-{}", pick(n, 1000)), &secret, None, ""));
    let measured = shop.load(bench.seconds, 200, 0, make.clone()).await?;
    let limit = bare_limit(shop, bench, "GET", make(0)).await?;
    shop.row(bench, "read a resource", &measured, limit, 0.40);
    Ok(())
}

/// Checks a voucher.
pub async fn checks(shop: &Shop, bench: &Bench) -> anyhow::Result<()> {
    table::heading();
    let make = check(shop);
    let measured = shop.load(bench.seconds, 200, 0, make.clone()).await?;
    let limit = bare_limit(shop, bench, "POST", make(0)).await?;
    shop.row(bench, "check a voucher", &measured, limit, 0.40);
    Ok(())
}

/// Makes checks of a voucher.
pub fn check(shop: &Shop) -> Make {
    let cart = cart(&shop.hot, "check");
    post(&shop.secret, "/v1/vouchers/check", move |_| cart.clone())
}

/// A bare handler with the same request and the same body.
async fn bare_limit(shop: &Shop, bench: &Bench, method: &str, sample: String) -> anyhow::Result<f64> {
    let body = Rc::new(RefCell::new(String::new()));
    let kept = body.clone();
    let take: Take = Rc::new(move |_, text| *kept.borrow_mut() = text.to_owned());
    let one = sample.clone();
    load::run(shop.server.address, Until::Count(1), 200, 0, Rc::new(move |_| one.clone()), Some(take)).await?;
    let bare = Process::bare(&body.borrow(), "")?;
    let path = sample.split(' ').nth(1).unwrap_or_default();
    let bare_request = sample.replacen(&format!("{method} {path}"), &format!("{method} /body"), 1);
    let make: Make = Rc::new(move |_| bare_request.clone());
    Ok(load::run(bare.address, Until::Time(bench.seconds), 200, 0, make, None).await?.rate())
}
