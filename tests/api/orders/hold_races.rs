//! A hold against whatever else may happen to its order at the same instant: in whichever order they are
//! decided, one state is left, and everything that was taken lies in it.
//!
//! Each race is run in one server on either database, and by `two_servers` through two processes on
//! PostgreSQL. What is fought for has one use, one place and a balance at once.

use std::future::IntoFuture;

use futures_util::future::join_all;

use crate::orders::checkout::{self, Town};
use crate::support::*;

on_both!(
    a_hold_against_the_redemption_of_its_order,
    a_hold_against_its_release,
    a_hold_against_the_reversal_of_its_order,
    a_hold_against_its_time,
    a_hold_is_redeemed_by_one_order,
);

/// Rounds of each race.
const ROUNDS: usize = 6;
/// Clients in each round.
const CLIENTS: usize = 24;
/// What a cart pays with the gift card.
const PAID: i64 = 400;

/// What one round is fought for.
struct Prize<'a> {
    town: &'a Town,
    round: usize,
    voucher: Value,
    card: Value,
    used_before: i64,
}

/// What is left of a round.
#[derive(Debug, PartialEq, Eq)]
struct Left {
    /// Live redemptions of our order.
    ours: usize,
    /// Live redemptions of somebody else's.
    theirs: usize,
    /// Live holds.
    held: usize,
}

impl<'a> Prize<'a> {
    /// A voucher with one use and a card of 10.00.
    async fn new(town: &'a Town, round: usize) -> Self {
        let voucher = town.shop.post("/v1/vouchers", json!({"kind": "amount_off", "amount": 500})).await.created();
        let card = town.shop.post("/v1/vouchers", json!({"kind": "gift_card", "amount": 1_000})).await.created();
        Self { town, round, voucher, card, used_before: checkout::used(town).await.as_i64().expect("an amount") }
    }

    /// The cart of an order: the voucher, a part of the card, and the advocate's discount for a guest who
    /// may have it once.
    fn cart(&self, order_id: &str) -> Value {
        let codes = json!([self.voucher["code"], {"code": self.card["code"], "amount": PAID}, self.town.code]);
        json!({"codes": codes, "customer_details": {"email": format!("guest-{}@mail.example", self.round)},
               "currency": "EUR", "amount": 5_000, "order_id": order_id})
    }

    fn ours(&self) -> Value {
        self.cart(&format!("A-{}", self.round))
    }

    fn theirs(&self) -> Value {
        self.cart(&format!("B-{}", self.round))
    }

    async fn hold(&self) -> Value {
        self.town.shop.post("/v1/holds", self.ours()).await.created()
    }

    /// Has all clients do one of these at once; nothing that is answered may be a fault of the server.
    async fn race(&self, acts: &[Act]) -> Vec<(usize, Answer)> {
        let clients = self.town.shop.everywhere().take(CLIENTS).enumerate();
        let asked = clients.map(|(number, client)| {
            let act = (number + self.round) % acts.len();
            async move { (act, acts[act].of(client).await) }
        });
        let answers = join_all(asked).await;
        assert!(answers.iter().all(|(_, answer)| answer.status() < 500), "{answers:?}");
        answers
    }

    /// What is left; what is used, paid and taken out of the budget is in it, to the cent.
    async fn left(&self) -> Left {
        let shop = &self.town.shop;
        let live = async |order: Value| {
            let listed = shop.list(&format!("/v1/redemptions?order_id={}", text(&order["order_id"]))).await;
            listed.iter().filter(|redemption| redemption["status"] == "redeemed").count()
        };
        let (ours, theirs) = (live(self.ours()).await, live(self.theirs()).await);
        let mut held = 0;
        for order in [self.ours(), self.theirs()] {
            held += shop.list(&format!("/v1/holds?status=held&order_id={}", text(&order["order_id"]))).await.len();
        }
        let voucher = shop.get(&path("/v1/vouchers", &self.voucher["id"])).await.ok();
        assert_eq!((&voucher["used"], &voucher["held"]), (&json!(ours + theirs), &json!(held)));
        let taken = i64::try_from(ours + theirs + held).expect("a few");
        assert!(taken <= 1, "{ours} {theirs} {held}");
        let card = shop.get(&path("/v1/vouchers", &self.card["id"])).await.ok();
        assert_eq!(card["balance"], json!(1_000 - taken * PAID));
        // 10 % of the goods.
        let used = checkout::used(self.town).await.as_i64().expect("an amount");
        assert_eq!(used - self.used_before, taken * 500, "what the budget pays");
        shop.books_balance().await;
        Left { ours, theirs, held }
    }
}

/// What a client does.
enum Act {
    Post(&'static str, Value),
    Reverse(String),
    Release(String),
}

impl Act {
    async fn of(&self, client: Actor) -> Answer {
        let reversal = || json!({"reversal_id": "R-1", "reason": "the card was refused"});
        match self {
            Act::Post(place, body) => client.post(place, body.clone()).await,
            Act::Reverse(redemption) => client.post(&format!("{redemption}/reversals"), reversal()).await,
            Act::Release(hold) => client.delete(hold).await,
        }
    }
}

/// Answers of one act with one status.
fn count(answers: &[(usize, Answer)], act: usize, status: u16) -> usize {
    answers.iter().filter(|(of, answer)| *of == act && answer.status() == status).count()
}

/// Whoever comes first, one order is redeemed, and no hold outlives it.
pub async fn a_hold_against_the_redemption_of_its_order(shop: TestShop) {
    let town = checkout::town(shop, json!({})).await;
    for round in 0..ROUNDS {
        let prize = Prize::new(&town, round).await;
        let hold = Act::Post("/v1/holds", prize.ours());
        let [ours, theirs] = [prize.ours(), prize.theirs()].map(|cart| Act::Post("/v1/redemptions", cart));
        let answers = prize.race(&[hold, ours, theirs]).await;
        let left = prize.left().await;
        assert_eq!((left.ours + left.theirs, left.held), (1, 0), "{left:?}");
        assert_eq!((count(&answers, 1, 201), count(&answers, 2, 201)), (left.ours, left.theirs));
        assert!(count(&answers, 0, 201) <= 1, "a hold that is there is replaced");
    }
}

/// It is made anew, released, and wanted by others.
pub async fn a_hold_against_its_release(shop: TestShop) {
    let town = checkout::town(shop, json!({})).await;
    for round in 0..ROUNDS {
        let prize = Prize::new(&town, round).await;
        let place = path("/v1/holds", &prize.hold().await["id"]);
        let [again, theirs] = [prize.ours(), prize.theirs()].map(|cart| Act::Post("/v1/holds", cart));
        let answers = prize.race(&[again, Act::Release(place), theirs]).await;
        assert_eq!(count(&answers, 1, 204), CLIENTS / 3, "it is released, or it was");
        let left = prize.left().await;
        assert_eq!((left.ours, left.theirs), (0, 0));
        for order in [prize.ours(), prize.theirs()] {
            let holds = town.shop.list(&format!("/v1/holds?status=held&order_id={}", text(&order["order_id"]))).await;
            for hold in holds {
                town.shop.delete(&path("/v1/holds", &hold["id"])).await.no_content();
            }
        }
        assert_eq!(prize.left().await, Left { ours: 0, theirs: 0, held: 0 });
    }
}

/// The payment fails, and the order is held and redeemed anew while that is told; others want it too.
pub async fn a_hold_against_the_reversal_of_its_order(shop: TestShop) {
    let town = checkout::town(shop, json!({})).await;
    for round in 0..ROUNDS {
        let prize = Prize::new(&town, round).await;
        prize.hold().await;
        let first = town.shop.post("/v1/redemptions", prize.ours()).await.created();
        let place = path("/v1/redemptions", &first["id"]);
        let hold = Act::Post("/v1/holds", prize.ours());
        let [again, theirs] = [prize.ours(), prize.theirs()].map(|cart| Act::Post("/v1/redemptions", cart));
        let answers = prize.race(&[hold, Act::Reverse(place.clone()), again, theirs]).await;
        assert_eq!((count(&answers, 1, 201), count(&answers, 1, 200)), (1, CLIENTS / 4 - 1), "it is undone once");
        let after = town.shop.get(&place).await.ok();
        assert_eq!(after["status"], "reversed");
        let left = prize.left().await;
        assert_eq!((count(&answers, 2, 201), count(&answers, 3, 201)), (left.ours, left.theirs));
    }
}

/// The clock is moved beyond its time while it is redeemed.
pub async fn a_hold_against_its_time(shop: TestShop) {
    let town = checkout::town(shop, json!({})).await;
    for round in 0..ROUNDS {
        let prize = Prize::new(&town, round).await;
        let hold = prize.hold().await["id"].clone();
        let place = path("/v1/holds", &hold);
        let by_name = json!({"hold": hold, "order_id": prize.ours()["order_id"]});
        let [redeem, theirs] = [by_name, prize.theirs()].map(|cart| Act::Post("/v1/redemptions", cart));
        let look = Act::Post("/v1/vouchers/check", prize.ours());
        let clock = Act::Post("/v1/test/clock", json!({"advance_days": 1}));
        let answers = prize.race(&[redeem, theirs, clock, look]).await;
        let left = prize.left().await;
        assert_eq!((count(&answers, 0, 201), count(&answers, 1, 201)), (left.ours, left.theirs));
        let after = text(&town.shop.get(&place).await.ok()["status"]);
        let told = town.shop.list("/v1/events").await;
        let lapsed = told.iter().filter(|event| event["type"] == "hold.expired" && event["data"]["id"] == hold).count();
        match &*after {
            "redeemed" => assert_eq!((left, lapsed), (Left { ours: 1, theirs: 0, held: 0 }, 0)),
            "expired" => assert_eq!((left.ours, left.held, lapsed), (0, 0, 1)),
            other => panic!("a hold whose time is over is {other}"),
        }
    }
}

/// Two orders want what was set aside once, while it is released and its time runs out.
pub async fn a_hold_is_redeemed_by_one_order(shop: TestShop) {
    let anna = shop.put("/v1/customers/anna", json!({})).await.created();
    for round in 0..ROUNDS {
        let grant = json!({"customer": "anna", "reward": {"kind": "store_credit", "amount": 1_000}, "reason": "late"});
        shop.post("/v1/grants", grant).await.created();
        let card = shop.post("/v1/vouchers", json!({"kind": "gift_card", "amount": 1_000})).await.created();
        let cart = json!({"codes": [{"code": card["code"], "amount": PAID}], "store_credit": PAID, "customer": anna["id"],
                          "currency": "EUR", "amount": 5_000, "cart_id": format!("cart-{round}")});
        let hold = shop.post("/v1/holds", cart).await.created();
        let place = path("/v1/holds", &hold["id"]);
        let orders = ["A", "B"].map(|order| format!("{order}-{round}"));
        let redeem = |order: &str| json!({"hold": hold["id"], "order_id": order});
        let asks = shop.everywhere().take(CLIENTS).enumerate().map(|(number, client)| match number % 4 {
            0 => client.post("/v1/redemptions", redeem(&orders[0])).into_future(),
            1 => client.post("/v1/redemptions", redeem(&orders[1])).into_future(),
            2 => client.delete(&place).into_future(),
            _ if round % 2 == 0 => client.post("/v1/test/clock", json!({"advance_days": 1})).into_future(),
            _ => client.get(&place).into_future(),
        });
        let answers = join_all(asks).await;
        let made = answers.iter().filter(|answer| answer.status() == 201).count();
        let after = text(&shop.get(&place).await.ok()["status"]);
        assert_eq!(made, usize::from(after == "redeemed"), "it is {after}");
        let mut live = 0;
        for order in &orders {
            live += shop.list(&format!("/v1/redemptions?order_id={order}")).await.len();
        }
        assert_eq!(live, made);
        for order in &orders {
            let late = shop.post("/v1/redemptions", redeem(order)).await;
            assert!([200, 409].contains(&late.status()), "{}", late.text());
        }
        let left = shop.get(&path("/v1/vouchers", &card["id"])).await.ok();
        assert_eq!(left["balance"], 1_000 - PAID * i64::try_from(made).expect("a count"));
    }
    shop.books_balance().await;
}
