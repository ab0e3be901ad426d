//! Offers: who may take one, and taking it, with many vouchers and offers stored.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::load::Make;
use crate::reads;
use crate::requests::{field, pick, post, request};
use crate::shop::{Shop, WAITING};
use crate::{Bench, setting, table};

/// Vouchers and offers that are stored beside, unless set.
const VOUCHERS: u64 = 1_000_000;
const OFFERS: u64 = 10_000;
/// Longest wait for the vouchers.
const MAKING: Duration = Duration::from_secs(1_200);

/// Conditions that ask for eight facts.
const CONDITIONS: &str = r#"[
    {"code":"private","expression":"arrival.private && arrival.depth <= 3"},
    {"code":"young","expression":"arrival.age_hours < 1000"},
    {"code":"new","expression":"customer.is_new && customer.orders == 0"},
    {"code":"advocate","expression":"advocate.friends >= 0 && advocate.conversions_30d >= 0"},
    {"code":"now","expression":"now > timestamp(\"2020-01-01T00:00:00Z\")"}]"#;

/// Checks an offer against a voucher's check, and claims it against the same rows by prepared statements.
pub async fn offers(shop: &Shop, bench: &Bench) -> anyhow::Result<()> {
    fill(shop).await?;
    let offer = format!(
        r#"{{"name":"Bench","program":"{}","status":"active","audience":"arrive","conditions":{CONDITIONS},
            "reward":{{"kind":"amount_off","amount":500}},"valid":{{"days":7}}}}"#,
        WAITING.slug
    );
    let kept = Rc::new(RefCell::new(Vec::new()));
    let make = post(&shop.secret, "/v1/offers", move |_| offer.clone());
    shop.send("an offer", 1, 201, make, Some(field("id", &kept))).await?;
    let offer = kept.take().pop().context("no offer")?;
    table::heading();
    let codes = shop.vouchers(Duration::from_secs(1)).await?;
    let hot = shop.load(bench.seconds, 200, 0, reads::check(shop)).await?;
    let vouchers = shop.load(bench.seconds, 200, 0, carts(shop, codes)).await?;
    let checked = shop.load(bench.seconds, 200, 0, asked(shop, format!("/v1/offers/{offer}/check"))).await?;
    shop.row(
        bench,
        "check an offer with eight facts, against a voucher of many, same guests",
        &checked,
        vouchers.0.rate(),
        0.50,
    );
    shop.row(
        bench,
        "check an offer with eight facts, against one voucher, nobody's cart",
        &checked,
        hot.0.rate(),
        0.50,
    );
    let claims = asked(shop, format!("/v1/offers/{offer}/claims"));
    let script = shop.script(&claims).await?;
    let claimed = shop.load(bench.seconds, 201, 2, claims).await?;
    let limit = shop.limit(bench, script)?;
    shop.row(bench, "claim an offer", &claimed, limit, 2.50);
    Ok(())
}

/// Guests who were never seen before have a voucher checked, each another one.
fn carts(shop: &Shop, codes: Rc<Vec<String>>) -> Make {
    post(&shop.secret, "/v1/vouchers/check", move |n| {
        let code = &codes[pick(n, codes.len())];
        format!(
            r#"{{"codes":["{code}"],"customer_details":{{"email":"cart-{n}@mail.example"}},"order_id":"cart-{n}","currency":"EUR","amount":4990}}"#
        )
    })
}

/// Guests who were never seen before ask, each by one of the advocates' shares.
fn asked(shop: &Shop, path: String) -> Make {
    let (secret, tokens) = (shop.secret.clone(), shop.tokens(&WAITING));
    Rc::new(move |n| {
        let token = &tokens[pick(n, tokens.len())];
        let body =
            format!(r#"{{"customer_details":{{"email":"claim-{n}@mail.example"}},"evidence":{{"token":"{token}"}}}}"#);
        request("POST", &path, &secret, Some(&format!("claim-{n}")), &body)
    })
}

/// Stores vouchers, by a batch, and offers.
async fn fill(shop: &Shop) -> anyhow::Result<()> {
    let (vouchers, offers) = (setting("GRAPEVINE_BENCH_VOUCHERS", VOUCHERS), setting("GRAPEVINE_BENCH_OFFERS", OFFERS));
    let begun = Instant::now();
    let batch = format!(r#"{{"name":"Bench","kind":"amount_off","amount":100,"count":{vouchers}}}"#);
    let kept = Rc::new(RefCell::new(Vec::new()));
    let make = post(&shop.secret, "/v1/voucher_batches", move |_| batch.clone());
    shop.send("a batch", 1, 202, make, Some(field("id", &kept))).await?;
    let batch = kept.take().pop().context("no batch")?;
    let status = Rc::new(RefCell::new(Vec::new()));
    let ask: Make = {
        let secret = shop.secret.clone();
        Rc::new(move |_| request("GET", &format!("/v1/voucher_batches/{batch}"), &secret, None, ""))
    };
    while status.borrow().last().is_none_or(|last| last == "making") {
        anyhow::ensure!(begun.elapsed() < MAKING, "{vouchers} vouchers are not made: {:?}", status.borrow().last());
        tokio::time::sleep(Duration::from_millis(500)).await;
        shop.send("how far it is", 1, 200, ask.clone(), Some(field("status", &status))).await?;
    }
    println!("{}: {vouchers} vouchers made in {:.0} s", shop.name, begun.elapsed().as_secs_f64());
    let offer = format!(
        r#"{{"name":"Stored","program":"{}","reward":{{"kind":"amount_off","amount":500}},"conditions":{CONDITIONS}}}"#,
        WAITING.slug
    );
    shop.send("offers", offers, 201, post(&shop.secret, "/v1/offers", move |_| offer.clone()), None).await?;
    shop.rest()
}
