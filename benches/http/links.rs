//! Opening share links.

use std::rc::Rc;

use crate::Bench;
use crate::load::{self, Make, Until};
use crate::requests::{opening, pick};
use crate::server::Process;
use crate::shop::{ISSUED, Shop};
use crate::table;

/// Opens links, against a bare handler that answers the same.
pub async fn links(shop: &Shop, bench: &Bench) -> anyhow::Result<()> {
    table::heading();
    let tokens = shop.tokens(&ISSUED);
    let make: Make = Rc::new(move |n| opening(&tokens[pick(n, tokens.len())]));
    let measured = shop.load(bench.seconds, 302, 0, make).await?;
    let location = "https://shop.example/welcome?gv=a1B2c3D4e5F.AbCdEfGhIjKlMnOpQrSt&utm_source=whatsapp&utm_medium=social&utm_campaign=bench&utm_source_platform=dark_social&utm_id=prg_01arz3ndektsv4rrffq69g5fav&utm_content=share";
    let bare = Process::bare("", location)?;
    let make: Make = Rc::new(|_| opening("a1B2c3D4e5F"));
    let limit = load::run(bare.address, Until::Time(bench.seconds), 302, 0, make, None).await?;
    shop.row(bench, "open a share link", &measured, limit.rate(), 0.70);
    let p99_ms = measured.0.p99_ms;
    println!(
        "| … p99 against the limit's | {} | | | {p99_ms:.2} | | | | | {:.2} | {:.2} | 3.00 (most) |",
        shop.name,
        limit.p99_ms,
        p99_ms / limit.p99_ms
    );
    if p99_ms > 3.0 * limit.p99_ms {
        bench.miss(format!("p99 of a share link on {}", shop.name));
    }
    Ok(())
}
