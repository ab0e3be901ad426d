//! A shop with engines on its database, and the commands that the tests submit.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use grapevine::decide::Command;
use grapevine::decide::checkout::create_hold::CreateHold;
use grapevine::decide::draft::Installation;
use grapevine::decide::orders::create_redemption::CreateRedemption;
use grapevine::decide::people::upsert_customer::UpsertCustomer;
use grapevine::decide::programs::create_program::CreateProgram;
use grapevine::decide::rewards::create_grant::CreateGrant;
use grapevine::decide::sharing::create_code::CreateCode;
use grapevine::decide::vouchers::create_voucher::CreateVoucher;
use grapevine::engine::{Clock, Engine, Failure, Founding, Given, Idempotency, Lane, NewShop, Request, Setup};
use grapevine::records::money::Currency;
use grapevine::records::shop::Mode;
use grapevine::records::{Id, Shop, StoredAnswer};
use grapevine::store::queries::events;
use grapevine::store::verify::{Report, verify};
use grapevine::store::writer::Locking;
use grapevine::store::{Statement, Target};
use grapevine::vault::Vault;
use serde_json::{Value, json};

use crate::support::Fresh;

/// What comes at all comes before that; it is waited for no longer.
pub const FOR_EVER: Duration = Duration::from_secs(60);

/// How an engine is started.
pub struct Start {
    /// The database, perhaps through a proxy.
    pub target: Target,
    /// How far its clock is off, milliseconds.
    pub skew_ms: i64,
    /// Whether it takes the shop's lock.
    pub locking: Locking,
}

impl Start {
    /// An engine as it should be.
    pub fn on(database: &Fresh) -> Self {
        Self { target: database.target.clone(), skew_ms: 0, locking: Locking::On }
    }

    /// Starts it.
    pub fn engine(self) -> Engine {
        let clock = Clock::machine(self.skew_ms);
        self.engine_with(clock)
    }

    /// Starts it with a clock of its own.
    pub fn engine_with(self, clock: Clock) -> Engine {
        let public_url = "https://grapevine.example".to_owned();
        let installation = Arc::new(Installation {
            vault: Vault::new(b"the same for every engine"),
            public_url,
            answer_days: 30,
            visit_days: 90,
        });
        let setup = Setup { target: self.target, installation, clock, locking: self.locking };
        Engine::start(&setup).expect("an engine starts")
    }
}

/// Makes a shop.
pub fn shop(database: &Fresh) -> Id {
    found(&founding("Shop of a test"), database).id
}

/// Makes it, though somebody may keep what it needs for a while.
pub fn found(founding: &Founding, database: &Fresh) -> Shop {
    let begun = Instant::now();
    loop {
        match founding.found(&database.target) {
            Ok(made) => return made.expect("a free slug is made"),
            Err(error) => assert!(begun.elapsed() < FOR_EVER, "{error}"),
        }
    }
}

/// A shop with a name, still to be made.
pub fn founding(name: &str) -> Founding {
    let new = NewShop {
        name: from(json!(name)),
        currency: Currency::parse("EUR").expect("a currency"),
        mode: Mode::Test,
        locale: from(json!("de")),
        slug: None,
        time_zone: "UTC".to_owned(),
        country: None,
        grant_approval_above: None,
        test_recipients: Vec::new(),
        landing_hosts: vec!["shop.example".to_owned()],
    };
    Founding::of(new, Clock::machine(0).now())
}

/// Runs a test's asynchronous part.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(work)
}

/// Ends an engine.
pub async fn stop(engine: Engine) {
    engine.stop(Duration::from_secs(5)).await;
}

/// Submits a command as a client would, with a key when one is given.
pub async fn submit(
    engine: &Engine,
    shop: Id,
    command: impl Into<Command>,
    key: Option<&str>,
) -> Result<Given, Failure> {
    let idempotency =
        key.map(|key| Idempotency { id: StoredAnswer::id_of(shop, "client", key), fingerprint: key.to_owned() });
    engine.submit(Request { idempotency, lane: Lane::Front, ..Request::system(shop, command) }).await
}

/// Makes a customer known.
pub fn customer(external_id: &str) -> UpsertCustomer {
    UpsertCustomer { external_id: external_id.to_owned(), ..from(json!({})) }
}

/// Gives 1.00 of store credit; each grant can be told by its reason.
pub fn grant(customer: &str, reason: &str) -> CreateGrant {
    let reward = json!({"kind": "store_credit", "amount": 100});
    from(json!({"customer": customer, "reward": reward, "reason": reason, "notify": false}))
}

/// Makes a voucher with a limit; its code is `LIMITED1`.
pub fn limited(uses: i64) -> CreateVoucher {
    from(json!({"kind": "amount_off", "amount": 500, "max_redemptions": uses, "code": "LIMITED1"}))
}

/// Makes a voucher with a code.
pub fn voucher(code: &str) -> CreateVoucher {
    from(json!({"kind": "amount_off", "amount": 500, "max_redemptions": 1, "code": code}))
}

/// Gives an advocate a code of her own in the program `tell`.
pub fn code(advocate: &str, code: &str) -> CreateCode {
    CreateCode { program: "tell".to_owned(), ..from(json!({"customer": advocate, "code": code})) }
}

/// Spends it in an order.
pub fn redemption(order: &str) -> CreateRedemption {
    let cart = json!({"codes": ["LIMITED1"], "order_id": order, "currency": "EUR", "amount": 5000});
    CreateRedemption { cart: from(cart) }
}

/// Sets store credit aside for a cart.
pub fn held_credit(customer: &str, amount: i64) -> CreateHold {
    let cart =
        json!({"customer": customer, "store_credit": amount, "cart_id": "C-1", "currency": "EUR", "amount": 5000});
    CreateHold { cart: from(cart) }
}

/// Sets that voucher's code aside for a customer's cart.
pub fn held_code(customer: &str, cart: i64) -> CreateHold {
    let cart = json!({"customer": customer, "codes": ["LIMITED1"], "cart_id": format!("C-{cart}"), "currency": "EUR",
                      "amount": 5000});
    CreateHold { cart: from(cart) }
}

/// A program that takes a tenth off the friend's order, and an advocate's code in it: `TELL-1`.
pub fn program_with_code(advocate: &str) -> (CreateProgram, CreateCode) {
    let rule = json!({"to": "friend", "on": "checkout", "kind": "percent_off", "rate_bps": 1000});
    let program = from(
        json!({"name": "Tell", "slug": "tell", "status": "active", "landing_url": "https://shop.example/", "rewards": [rule]}),
    );
    (program, code(advocate, "TELL-1"))
}

/// Redeems that code in an order.
pub fn discount(friend: &str, order: &str) -> CreateRedemption {
    let cart = json!({"codes": ["TELL-1"], "customer": friend, "order_id": order, "currency": "EUR", "amount": 5000});
    CreateRedemption { cart: from(cart) }
}

/// Reads what is known to fit.
pub fn from<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap_or_else(|error| panic!("{error}"))
}

/// One number of the database.
pub fn number(database: &Fresh, sql: &str) -> i64 {
    database.connect().number(&Statement::new(sql.to_owned())).expect("a query").unwrap_or(0)
}

/// Reads events on and on, a few at a time, until all is done and there are no more; answers their numbers.
pub fn read_on(database: &Fresh, shop: Id, done: &AtomicBool) -> Vec<i64> {
    let (mut connection, mut seen) = (database.connect(), Vec::new());
    loop {
        let was_done = done.load(Ordering::Acquire);
        let page = events::after(&mut connection, shop, seen.last().copied().unwrap_or(0), 7).expect("events");
        if page.is_empty() && was_done {
            return seen;
        }
        seen.extend(page.iter().map(|event| event.seq));
    }
}

/// Checks the books of everything.
pub fn report(database: &Fresh) -> Report {
    verify(&mut database.connect(), None).expect("the books can be read")
}

/// Demands that the books are in order.
pub fn books_balance(database: &Fresh) {
    let report = report(database);
    assert!(report.ok, "{:#?}", report.problems);
}

/// Whether the tests run at full length.
pub fn is_soak() -> bool {
    std::env::var_os("GRAPEVINE_SOAK").is_some()
}
