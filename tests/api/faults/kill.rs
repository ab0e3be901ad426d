//! A server that dies under load: every answered write is there, none is there twice, and what got
//! no answer is there once or not at all.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::support::database::{Backend, fresh_database};
use crate::support::process::{self, Process};
use crate::support::server::block_on;
use crate::support::*;

/// Clients at once.
const CLIENTS: usize = 16;
/// Answers after which the server dies.
const ANSWERS: Range<usize> = 20..200;

#[test]
fn sqlite() {
    survives(Backend::Sqlite);
}

#[test]
fn postgres() {
    survives(Backend::Postgres);
}

/// Deaths: few, or with `GRAPEVINE_SOAK` as many as are asked for before a release.
fn rounds() -> usize {
    if is_soak() { 30 } else { 3 }
}

/// In which a server must be ready again: what we promise, and more on a machine that builds beside it.
fn ready() -> Duration {
    Duration::from_secs(if is_soak() { 5 } else { 60 })
}

fn survives(backend: Backend) {
    let seed: u64 = rand::rng().random();
    eprintln!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let database = fresh_database(backend);
    let mut server = Process::start(&database, &[]);
    block_on(async {
        let mut shop = TestShop::through(&database, std::slice::from_ref(&server)).await;
        let mut load = Load::prepare(&shop).await;
        for round in 0..rounds() {
            load.run_until_death(&shop, server, random.random_range(ANSWERS), round).await;
            let begun = Instant::now();
            server = Process::start(&database, &[]);
            shop = shop.moved_to(std::slice::from_ref(&server));
            shop.anonymous().get("/readyz").await.ok();
            assert!(begun.elapsed() < ready(), "ready only after {:?}", begun.elapsed());
            load.check(&shop).await;
        }
        shop.books_balance().await;
    });
    let verified = process::run(&database, &["verify"]);
    assert_eq!(verified["ok"], true, "{verified}");
}

/// What was sent, and what was answered.
struct Load {
    token: Value,
    voucher: Value,
    answered: BTreeMap<String, Value>,
    unanswered: Vec<Sent>,
    redeemed: u64,
}

/// A write that can be repeated.
#[derive(Clone)]
struct Sent {
    path: &'static str,
    order: String,
    body: Value,
}

impl Load {
    async fn prepare(shop: &TestShop) -> Self {
        let program = shop.program(json!({"pending_days": 0})).await;
        let share = shop.share(&program, "advocate").await;
        let voucher = json!({"kind": "amount_off", "amount": 500, "currency": "EUR", "max_redemptions": 1_000_000});
        let voucher = shop.post("/v1/vouchers", voucher).await.created();
        Self { token: share["token"].clone(), voucher, answered: BTreeMap::new(), unanswered: Vec::new(), redeemed: 0 }
    }

    /// Clients write until the server is gone; it dies after so many answers.
    async fn run_until_death(&mut self, shop: &TestShop, server: Process, answers: usize, round: usize) {
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let clients = (0..CLIENTS).map(|client| self.write(shop, round * CLIENTS + client, tell.clone()));
        let clients = join_all(clients);
        let death = async {
            for _ in 0..answers {
                told.recv().await;
            }
            server.kill();
        };
        let (outcomes, ()) = tokio::join!(clients, death);
        for (answered, unanswered) in outcomes {
            self.answered.extend(answered);
            self.unanswered.extend(unanswered);
        }
    }

    async fn write(
        &self,
        shop: &TestShop,
        client: usize,
        tell: tokio::sync::mpsc::UnboundedSender<()>,
    ) -> (Vec<(String, Value)>, Option<Sent>) {
        let mut answered = Vec::new();
        for number in 0.. {
            let name = format!("{client}-{number}");
            let customer = json!({"email": format!("{name}@mail.example")});
            if shop.put(&format!("/v1/customers/{name}"), customer).attempt().await.is_err() {
                return (answered, None);
            }
            for sent in [self.conversion(&name), self.redemption(&name)] {
                let Ok(answer) = shop.post(sent.path, sent.body.clone()).key(&sent.order).attempt().await else {
                    return (answered, Some(sent));
                };
                answered.push((sent.order, answer.created()));
                // Nobody listens any more once the server is told to die.
                let _dying = tell.send(());
            }
        }
        unreachable!("clients write until the server is gone")
    }

    fn conversion(&self, name: &str) -> Sent {
        let order = format!("conversion-{name}");
        let body = json!({"order_id": order, "customer": name, "amount": 4990, "currency": "EUR", "paid": true,
                          "evidence": {"token": self.token}});
        Sent { path: "/v1/conversions", order, body }
    }

    fn redemption(&self, name: &str) -> Sent {
        let order = format!("redemption-{name}");
        let body = json!({"order_id": order, "codes": [self.voucher["code"]], "amount": 4990, "currency": "EUR"});
        Sent { path: "/v1/redemptions", order, body }
    }

    /// Repeats what got no answer, with its key; then everything is there, and once.
    async fn check(&mut self, shop: &TestShop) {
        for sent in std::mem::take(&mut self.unanswered) {
            let answer = shop.post(sent.path, sent.body).key(&sent.order).await;
            self.answered.insert(sent.order, answer.created());
        }
        for path in ["/v1/conversions", "/v1/redemptions"] {
            let found = all(shop, path).await;
            let expected =
                self.answered.iter().filter(|(order, _)| path.contains(order.split('-').next().unwrap_or("?")));
            let expected: BTreeMap<String, Value> =
                expected.map(|(order, answer)| (order.clone(), answer["id"].clone())).collect();
            assert_eq!(found, expected, "{path}");
        }
        let redeemed = self.answered.keys().filter(|order| order.starts_with("redemption")).count() as u64;
        assert!(redeemed >= self.redeemed);
        self.redeemed = redeemed;
        let voucher = shop.get(&path("/v1/vouchers", &self.voucher["id"])).await.ok();
        assert_eq!(voucher["used"], redeemed);
    }
}

/// Order and id of everything in a list; an order that is there twice is a fault.
async fn all(shop: &TestShop, path: &str) -> BTreeMap<String, Value> {
    let (mut found, mut next) = (BTreeMap::new(), format!("{path}?limit=200"));
    loop {
        let page = shop.get(&next).await.ok();
        for row in elements(&page["data"]) {
            let twice = found.insert(text(&row["order_id"]), row["id"].clone());
            assert!(twice.is_none(), "{} is there twice", row["order_id"]);
        }
        let Some(after) = page["next"].as_str() else { return found };
        next = format!("{path}?limit=200&after={after}");
    }
}
