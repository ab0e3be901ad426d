//! How to write a test of the API.
//!
//!     use crate::support::*;
//!
//!     on_both!(an_order_is_recorded_once);
//!     async fn an_order_is_recorded_once(shop: TestShop) {
//!         let order = json!({"order_id": "A/1", "amount": 4990, "currency": "EUR"});
//!         let first = shop.post("/v1/conversions", order.clone()).await.created();
//!         let again = shop.post("/v1/conversions", order).await.ok();
//!         assert_eq!(first["id"], again["id"]);
//!         shop.anonymous().get("/v1/conversions").await.refused(401, "unauthenticated");
//!     }
//!
//! * [`on_both!`] makes two tests of a function, `…::sqlite` and `…::postgres`. Each gets a test
//!   shop of its own ([`TestShop`]) in a server that all tests of one database share: so ids of the
//!   shop (`order_id`, `external_id`) may be short and fixed, counts are those of the test alone,
//!   and tests run at once in any order.
//! * The shop is also its first actor: a key with every scope. Others are `shop.anonymous()`,
//!   `shop.key(&["vouchers:read"])`, `shop.operator("support")`, and `shop.another()`, a second shop.
//! * `.await` on a request sends it. POST carries a new `Idempotency-Key`; `.key("k")` names one,
//!   `.without("idempotency-key")` leaves it out. `.raw(bytes)` sends what is no JSON.
//! * An [`Answer`] is asked for the status that it must have: `.ok()`, `.created()`, `.found()`,
//!   `.refused(409, "order_differs")`. Every answer was held against `openapi.yaml` before.
//! * Time moves by `shop.advance(days)`; what becomes due has run when it returns.
//! * Nothing sleeps, nothing is tried again. Faults (a server that dies, two servers) use
//!   [`process`], the real binary.

pub mod accident;
pub mod client;
pub mod cluster;
pub mod contract;
pub mod database;
pub mod front;
pub mod hooks;
pub mod pgbouncer;
pub mod process;
pub mod proxy;
pub mod server;
pub mod shop;
pub mod small_disk;

pub use std::future::IntoFuture;

pub use serde_json::{Value, json};

pub use client::{Actor, Answer, fresh, jargon};
pub use database::Backend;
pub use shop::{TestShop, elements, path, text};

/// Makes two tests of each function, `…::sqlite` and `…::postgres`. One that is not named here is
/// never run, and the compiler says so.
macro_rules! on_both {
    ( $( $name:ident ),* $(,)? ) => { $(
        mod $name {
            use crate::support::{Backend, run};

            #[test]
            fn sqlite() {
                run(Backend::Sqlite, super::$name);
            }

            #[test]
            fn postgres() {
                run(Backend::Postgres, super::$name);
            }
        }
    )* };
}
pub(crate) use on_both;

/// Whether the tests of faults run at full length, and hold us to what we promise to the second.
pub fn is_soak() -> bool {
    std::env::var_os("GRAPEVINE_SOAK").is_some()
}

/// Runs a test in a new shop.
pub fn run<F: Future<Output = ()>>(backend: Backend, test: impl FnOnce(TestShop) -> F) {
    server::shared(backend);
    server::block_on(async { test(TestShop::new(backend).await).await });
}
