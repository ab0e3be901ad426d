//! A database that stands still, is far away, or keeps what a write needs: everybody is answered within 5 s, probes
//! within 1 s; what was answered as not done is not done afterwards, and what is repeated happens once.

use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use grapevine::store::connection::Use;
use grapevine::store::{Connection, Target};

use crate::support::client::Ask;
use crate::support::database::{Backend, fresh_database};
use crate::support::process::{Process, run};
use crate::support::proxy::Proxy;
use crate::support::server::block_on;
use crate::support::*;

/// What comes at all comes before that.
const LIMIT: Duration = Duration::from_secs(60);

/// In which everybody is answered: what we promise, and more on a machine that builds beside it.
fn in_time() -> Duration {
    Duration::from_secs(if is_soak() { 5 } else { 8 })
}

/// In which a probe is answered.
fn probed() -> Duration {
    Duration::from_secs(if is_soak() { 1 } else { 3 })
}

/// Asks, and demands the answer in time.
async fn timed(ask: Ask, limit: Duration) -> Answer {
    let (name, begun) = (format!("{ask:?}"), Instant::now());
    let answer = ask.await;
    assert!(begun.elapsed() < limit, "{:?} for {name}", begun.elapsed());
    answer
}

/// Asks the same again until it was done; every answer comes in time.
async fn until_done(ask: &Ask) -> Value {
    let begun = Instant::now();
    loop {
        let answer = timed(ask.clone(), in_time()).await;
        match answer.status() {
            200 | 201 => return answer.json(),
            status => assert!(status == 503 && begun.elapsed() < LIMIT, "{answer:?}"),
        }
    }
}

fn order(shop: &TestShop, name: &str) -> Ask {
    shop.post("/v1/conversions", json!({"order_id": name, "amount": 4990, "currency": "EUR"})).key(name)
}

/// A shop in which somebody shared, and what asks it for everything that may be asked for.
struct World {
    shop: TestShop,
    asks: Vec<Ask>,
    /// An order of a friend, with rewards out of a budget.
    order: Ask,
    /// A link's path.
    link: String,
}

impl World {
    async fn new(database: &str, server: &Process) -> Self {
        let shop = TestShop::through(database, std::slice::from_ref(server)).await;
        let program = shop.program(json!({"budget": {"amount": 1_000_000}})).await;
        let share = shop.share(&program, "ann").await;
        let voucher = json!({"kind": "amount_off", "amount": 500, "code": "SPRING24", "max_redemptions": 9});
        shop.post("/v1/vouchers", voucher).await.created();
        let other = shop.key(&["vouchers:read", "customers:read"]).await;
        let browser = shop.browser("ann").await;
        let operator =
            json!({"email": "mia@shop.example", "name": "Mia", "role": "owner", "password": "a long password"});
        shop.post("/v1/operators", operator).await.created();
        let login = json!({"email": "mia@shop.example", "password": "a long password", "shop": shop.id});
        let cart = json!({"codes": ["SPRING24"], "currency": "EUR", "amount": 5000});
        let asks = vec![
            shop.get("/v1/customers/ann"),
            shop.get("/v1/customers"),
            shop.get("/v1/customers?format=csv"),
            shop.get("/v1/customers/ann/timeline"),
            shop.get("/v1/events"),
            shop.post("/v1/vouchers/check", cart).without("idempotency-key"),
            other.get("/v1/vouchers"),
            browser.get("/v1/me").header("origin", "https://shop.example"),
            browser.get("/v1/me/vouchers"),
            shop.anonymous().post("/v1/operators/token", login).without("idempotency-key"),
        ];
        let evidence = json!({"token": share["token"]});
        let order = json!({"order_id": "friend", "customer_details": {"email": "ben@mail.example"}, "amount": 4990,
                           "currency": "EUR", "evidence": evidence});
        let order = shop.post("/v1/conversions", order).key("friend");
        Self { shop, asks, order, link: format!("/s/{}", text(&share["token"])) }
    }

    /// Everybody reads, and finds what there is.
    async fn reads(&self) {
        for answer in join_all(self.asks.iter().map(|ask| timed(ask.clone(), in_time()))).await {
            assert_eq!(answer.status(), 200, "{answer:?}");
        }
    }

    async fn is_ready(&self) -> bool {
        timed(self.shop.anonymous().get("/readyz"), probed()).await.status() == 200
    }

    async fn until_ready(&self) {
        let begun = Instant::now();
        while !self.is_ready().await {
            assert!(begun.elapsed() < LIMIT, "the database is there again");
            tokio::task::yield_now().await;
        }
    }

    /// Whether an order is there.
    async fn has(&self, order: &str) -> bool {
        self.shop.get(&format!("/v1/conversions?order_id={order}")).await.ok()["data"] != json!([])
    }

    /// What was not done has not happened, and what may have is done once.
    async fn settle(&self, answered: &[(String, Answer)]) {
        // Whatever waited is done or given up once this is done: a shop's commands keep their order.
        until_done(&order(&self.shop, &fresh("last"))).await;
        for (name, answer) in answered {
            let code = text(&answer.json()["code"]);
            assert!(code == "outcome_unknown" || !self.has(name).await, "{name} was answered {code}, and is there");
        }
        for (name, _) in answered {
            until_done(&order(&self.shop, name)).await;
        }
        let stored = self.shop.list("/v1/conversions").await;
        for (name, _) in answered {
            assert_eq!(stored.iter().filter(|order| order["order_id"] == **name).count(), 1, "{name}");
        }
        self.shop.books_balance().await;
    }
}

mod a_database_that_stands_still {
    #[test]
    fn postgres() {
        super::stands_still();
    }
}

fn stands_still() {
    let database = fresh_database(Backend::Postgres);
    let proxy = Proxy::before(&database);
    let server = Process::start(&proxy.url(), &[]);
    block_on(async {
        let world = World::new(&database, &server).await;
        assert!(world.is_ready().await);
        for round in 0..if is_soak() { 5 } else { 1 } {
            proxy.stand_still();
            let mut answered = Vec::new();
            // The second wave finds everything stuck.
            for wave in 0..2 {
                answered.extend(nothing_answers(&world, &format!("{round}-{wave}")).await);
            }
            world.shop.anonymous().get("/livez").await.ok();
            proxy.go_on();
            world.until_ready().await;
            world.settle(&answered).await;
            world.reads().await;
        }
    });
}

/// Everybody asks at once while nothing answers, and is told so in time; answers what orders were answered.
async fn nothing_answers(world: &World, name: &str) -> Vec<(String, Answer)> {
    let names: Vec<String> = (0..8).map(|number| format!("{name}-{number}")).collect();
    let orders = join_all(names.iter().map(|name| timed(order(&world.shop, name), in_time())));
    let export = world.shop.get("/v1/customers/ann/export");
    // A link that was never opened.
    let link = world.shop.anonymous().get(&world.link);
    let asks = world.asks.iter().chain([&export, &link, &world.order]);
    let reads = join_all(asks.map(|ask| timed(ask.clone(), in_time())));
    let probes = async {
        for _ in 0..5 {
            assert!(!world.is_ready().await);
        }
        join_all((0..20).map(|_| world.is_ready())).await
    };
    let ((orders, reads), ready) = join(join(orders, reads), probes).await;
    assert!(!ready.contains(&true));
    for answer in orders.iter().chain(&reads) {
        assert_eq!((answer.status(), answer.header("retry-after")), (503, Some("1")), "{answer:?}");
    }
    names.into_iter().zip(orders).collect()
}

/// What somebody else keeps, for as long as the test likes.
const KEPT: &[(&str, &str)] = &[
    ("a budget's row", "BEGIN; SELECT id FROM accounts FOR UPDATE"),
    ("a table", "BEGIN; LOCK TABLE conversions IN SHARE MODE"),
    ("a shop's head", "BEGIN; SELECT id FROM shop_heads FOR UPDATE"),
    ("what all write", "BEGIN; LOCK TABLE events, customers IN SHARE ROW EXCLUSIVE MODE"),
];

mod what_somebody_else_keeps {
    use super::*;

    #[test]
    fn postgres() {
        somebody_keeps(Backend::Postgres, KEPT);
    }

    #[test]
    fn sqlite() {
        somebody_keeps(Backend::Sqlite, &[("the file", "BEGIN IMMEDIATE")]);
    }
}

fn somebody_keeps(backend: Backend, kept: &[(&str, &str)]) {
    let database = fresh_database(backend);
    let server = Process::start(&database, &[]);
    let mut other = connect(&database);
    block_on(async {
        let world = World::new(&database, &server).await;
        for (what, sql) in kept {
            other.batch(sql).unwrap_or_else(|error| panic!("{what}: {error}"));
            let names: Vec<String> = (0..8).map(|number| fresh(&number.to_string())).collect();
            let orders = join_all(names.iter().map(|name| timed(order(&world.shop, name), in_time())));
            let friend = timed(world.order.clone(), in_time());
            let reads = async {
                world.reads().await;
                world.is_ready().await
            };
            let ((orders, friend), _ready) = join(join(orders, friend), reads).await;
            other.batch("COMMIT").expect("an end");
            assert_eq!(friend.status(), 503, "{what}: {friend:?}");
            // Who needs nothing of it may be done.
            let refused = names.into_iter().zip(orders).filter(|(_, answer)| answer.status() != 201);
            let refused: Vec<(String, Answer)> = refused.collect();
            assert!(refused.iter().all(|(_, answer)| answer.status() == 503), "{what}");
            world.settle(&refused).await;
        }
        until_done(&world.order).await;
        world.until_ready().await;
    });
}

fn connect(database: &str) -> Connection {
    Target::parse(database)
        .and_then(|target| target.connect(Use::Tool).map_err(|error| error.to_string()))
        .expect("a connection")
}

mod a_database_that_is_far_away {
    #[test]
    fn postgres() {
        super::is_far_away();
    }
}

/// 200 ms there and back: an order is done before its caller has repeated it often.
fn is_far_away() {
    let database = fresh_database(Backend::Postgres);
    let proxy = Proxy::before(&database);
    let server = Process::start(&proxy.url(), &[]);
    block_on(async {
        let world = World::new(&database, &server).await;
        let before = proxy.trips();
        order(&world.shop, "near").await.created();
        let plain = proxy.trips() - before;
        until_done(&world.order).await;
        let rewarded = proxy.trips() - before - plain;
        eprintln!("an order: {plain} round trips, one with rewards: {rewarded}, with what goes on beside it");
        assert!(plain < 40 && rewarded < 80, "{plain}, {rewarded}");
        proxy.be_long(Duration::from_millis(100));
        let mut answered = Vec::new();
        for number in 0..3 {
            let name = format!("far-{number}");
            let begun = Instant::now();
            answered.push((name.clone(), timed(order(&world.shop, &name), in_time()).await));
            until_done(&order(&world.shop, &name)).await;
            eprintln!("{name}: {} at first, done after {:?}", answered[number].1.status(), begun.elapsed());
        }
        assert_eq!(timed(world.shop.get("/v1/customers/ann"), in_time()).await.status(), 200);
        assert_eq!(timed(world.shop.get("/v1/customers"), in_time()).await.status(), 200);
        let url = proxy.url();
        let doctor = tokio::task::spawn_blocking(move || run(&url, &["doctor"])["warnings"].to_string());
        assert!(doctor.await.expect("no panic").contains("ms there and back"), "it is far away");
        assert!(answered.iter().any(|(_, answer)| answer.status() == 201), "what was prepared once is quick enough");
        proxy.be_long(Duration::ZERO);
        let orders = world.shop.list("/v1/conversions").await;
        for (name, _) in &answered {
            assert_eq!(orders.iter().filter(|order| order["order_id"] == **name).count(), 1, "{name}");
        }
    });
}
