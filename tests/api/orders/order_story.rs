//! One order's whole life, told from its first page to its last: a guest types Anna's code, gets the
//! discount, his card is refused, he pays again, the order is delivered, half of it goes back, the wait
//! ends, and Anna has what the rules say.
//!
//! The program takes 10 % off the friend's own order, and gives Anna a gift card of 10 % of what he keeps,
//! 14 days after the delivery. All amounts are cents.

use grapevine::demo::eml::Part;

use crate::shops::messages::{arrived, reachable};
use crate::support::*;

on_both!(a_guests_order_from_annas_code_to_annas_card, the_same_order_told_backwards_ends_alike);

/// The order, as the shop calls it, and its place.
const ORDER: &str = "A/10+01%";
const PLACE: &str = "/v1/conversions/A%2F10%2B01%25";

/// A shop, Anna who recommends it, and Gerd who has no account.
struct Story {
    shop: TestShop,
    program: Value,
    code: Value,
    annas_address: String,
}

async fn a_guests_order_from_annas_code_to_annas_card(shop: TestShop) {
    let story = Story::begin(shop).await;
    let hold = story.he_types_the_code_and_would_pay_less().await;
    let first = story.he_orders(&hold).await;
    story.his_card_is_refused(&first).await;
    let second = story.he_orders(&hold).await;
    assert_ne!(first["id"], second["id"], "he pays again, and still less");
    story.the_shop_reports_the_order().await;
    story.it_is_paid_and_delivered().await;
    story.half_of_it_goes_back().await;
    story.the_wait_ends().await;
    story.support_answers_from_one_page().await;
    story.she_spends_her_card().await;
}

/// The order is reported, paid and delivered before its discount is redeemed: at the end there is no
/// difference, to the cent.
async fn the_same_order_told_backwards_ends_alike(shop: TestShop) {
    let story = Story::begin(shop).await;
    let hold = story.he_types_the_code_and_would_pay_less().await;
    let place = story.report(json!({"paid": true})).await;
    assert_eq!((&place["attribution"]["method"], &place["status"]), (&json!("none"), &json!("approved")));
    story.tell("delivered", json!({})).await;
    story.he_orders(&hold).await;
    let order = story.order().await;
    assert_eq!((&order["attribution"]["method"], &order["status"]), (&json!("voucher"), &json!("pending")));
    story.half_of_it_goes_back().await;
    story.the_wait_ends().await;
    story.she_spends_her_card().await;
}

impl Story {
    async fn begin(shop: TestShop) -> Self {
        let rewards = json!([
            {"to": "friend", "on": "checkout", "kind": "percent_off", "rate_bps": 1000},
            {"to": "advocate", "on": "conversion", "kind": "gift_card", "of_order_bps": 1000},
        ]);
        let rules =
            json!({"rewards": rewards, "pending_days": 14, "pending_from": "delivery", "budget": {"amount": 10_000}});
        let program = shop.program(rules).await;
        let annas_address = reachable(&shop, "anna").await;
        let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
        let code = shop.post(&codes, json!({"customer": "anna"})).await.created()["code"].clone();
        Self { shop, program, code, annas_address }
    }

    /// Goods of 99.90 and shipping of 4.90: he would pay 94.81, a tenth less for the goods.
    async fn he_types_the_code_and_would_pay_less(&self) -> Value {
        let mut cart = json!({"codes": [self.code], "cart_id": "basket-7", "currency": "EUR",
                              "amount": 9990, "shipping_amount": 490});
        let asked = self.shop.post("/v1/vouchers/check", cart.clone()).await.ok();
        assert_eq!((&asked["valid"], &asked["needs"]), (&json!(false), &json!(["customer"])), "for whom?");
        cart["customer_details"] = json!({"email": "Gerd@mail.example", "locale": "de"});
        let checked = self.shop.post("/v1/vouchers/check", cart.clone()).await.ok();
        assert_eq!(money(&checked), [999, 0, 9481]);
        cart["ttl_seconds"] = json!(900);
        let hold = self.shop.post("/v1/holds", cart).await.created();
        assert_eq!((money(&hold), self.used().await), ([999, 0, 9481], 999), "it is set aside while he types");
        hold["id"].clone()
    }

    async fn he_orders(&self, hold: &Value) -> Value {
        let redeemed = self.shop.post("/v1/redemptions", json!({"hold": hold, "order_id": ORDER})).await.created();
        assert_eq!((money(&redeemed), &redeemed["order_id"]), ([999, 0, 9481], &json!(ORDER)));
        let line = &redeemed["lines"][0];
        assert_eq!((&line["source"], &line["advocate"]), (&json!("program"), &json!("anna")));
        redeemed
    }

    async fn his_card_is_refused(&self, redemption: &Value) {
        assert_eq!(self.used().await, 999);
        let reversals = format!("{}/reversals", path("/v1/redemptions", &redemption["id"]));
        let undo = json!({"reversal_id": "R-1", "reason": "the card was refused"});
        let undone = self.shop.post(&reversals, undo).await.created();
        assert_eq!((&undone["amount"], &undone["lines"][0]["uses"]), (&json!(999), &json!(1)));
        assert_eq!(self.used().await, 0, "it cost nobody anything");
        self.shop.books_balance().await;
    }

    /// What he pays for the goods is 89.91; the shop hears of the payment later.
    async fn the_shop_reports_the_order(&self) {
        let order = self.report(json!({"paid": false})).await;
        assert_eq!((&order["status"], &order["customer"]), (&json!("unpaid"), &Value::Null), "a guest");
        let credit = &order["attribution"];
        assert_eq!((&credit["method"], &credit["advocate"]), (&json!("voucher"), &json!("anna")));
        assert_eq!(credit["considered"], json!([]));
        assert_eq!(rewards(&order), [("advocate".to_owned(), "pending".to_owned(), 899)], "he has had his");
        assert_eq!(self.used().await, 999 + 899);
    }

    async fn it_is_paid_and_delivered(&self) {
        let paid = self.tell("paid", json!({})).await;
        assert_eq!((&paid["status"], &paid["pending_until"]), (&json!("pending"), &Value::Null), "nothing waits yet");
        self.shop.advance(3).await;
        let delivered = self.tell("delivered", json!({})).await;
        assert!(delivered["pending_until"].is_string(), "now it does");
    }

    /// 44.95 of 89.91: her card is worth a tenth of the 44.96 that he keeps, not a cent of which is made.
    async fn half_of_it_goes_back(&self) {
        let back = json!({"refund_id": "RF-1", "amount": 4495, "kind": "withdrawal", "reason": "one was too small"});
        let refunded = self.tell_new("refunds", back.clone()).await;
        let fate = &refunded["refund"]["rewards"][0];
        assert_eq!((&fate["outcome"], &fate["before"], &fate["after"]), (&json!("reduced"), &json!(899), &json!(449)));
        self.tell("refunds", back).await;
        let order = self.order().await;
        assert_eq!((&order["status"], &order["refunded_amount"]), (&json!("pending"), &json!(4495)));
        let kept = self.shop.list("/v1/redemptions?order_id=A%2F10%2B01%25").await.remove(0);
        assert_eq!((&kept["status"], &kept["discount"]), (&json!("redeemed"), &json!(999)), "he is charged nothing");
        assert_eq!(self.used().await, 999 + 449);
        self.shop.books_balance().await;
    }

    async fn the_wait_ends(&self) {
        self.shop.advance(13).await;
        assert_eq!(self.order().await["status"], "pending");
        self.shop.advance(1).await;
        let order = self.order().await;
        assert_eq!(order["status"], "approved");
        let live: Vec<_> = rewards(&order).into_iter().filter(|(_, status, _)| status != "voided").collect();
        assert_eq!(live, [("advocate".to_owned(), "issued".to_owned(), 449)]);
        assert_eq!(self.used().await, 999 + 449, "the friend's 9.99 and her 4.49");
        let card = self.annas_card().await;
        assert_eq!((&card["kind"], &card["balance"]), (&json!("gift_card"), &json!(449)));
        let mails = arrived(&self.annas_address, 1).await;
        let mail = Part::read(&mails[0].data);
        assert_eq!(mail.header("subject"), Some("Ihre Geschenkkarte von Shop of a test über 4,49 €"));
        let words = mail.find("text/plain").expect("a part").text();
        assert!(words.contains(&text(&card["code"])) && !words.to_lowercase().contains("gerd"), "{words}");
        self.shop.books_balance().await;
    }

    /// Where is my reward? Who asks says what he knows: an address, the code, the order.
    async fn support_answers_from_one_page(&self) {
        let support = self.shop.operator("support").await;
        let ask = |asked: Value| support.post("/v1/customers/lookup", asked).without("idempotency-key").into_future();
        for asked in [json!({"email": self.annas_address}), json!({"code": self.code})] {
            assert_eq!(ask(asked).await.ok()["customers"][0]["external_id"], "anna");
        }
        let by_order = ask(json!({"order_id": ORDER})).await.ok();
        assert_eq!(by_order["conversion"], self.order().await["id"]);
        let gerd = text(&by_order["customers"][0]["id"]);
        let annas = told(&support, "anna").await;
        for sentence in [
            "Order A/10+01% was paid.",
            "Order A/10+01% was delivered.",
            "€44.95 of order A/10+01% was refunded (withdrawal: one was too small). The reward falls from €8.99 to €4.49.",
            "€4.49 gift card: lowered from €8.99 (withdrawal RF-1).",
            "€4.49 gift card: given.",
        ] {
            assert!(annas.iter().any(|one| one == sentence), "{sentence}: {annas:#?}");
        }
        let gerds = told(&support, &gerd).await;
        for sentence in ["Used €9.99 in order A/10+01%.", "Order A/10+01% was delivered."] {
            assert!(gerds.iter().any(|one| one == sentence), "{sentence}: {gerds:#?}");
        }
    }

    async fn she_spends_her_card(&self) {
        let code = self.annas_card().await["code"].clone();
        let cart = json!({"codes": [code], "customer": "anna", "order_id": "B-1", "currency": "EUR", "amount": 2000});
        let redeemed = self.shop.post("/v1/redemptions", cart).await.created();
        assert_eq!(money(&redeemed), [0, 449, 1551]);
        let reward = self.shop.list("/v1/rewards?status=spent").await.remove(0);
        assert_eq!((&reward["customer"], &reward["cost_amount"]), (&json!("anna"), &json!(449)));
        assert_eq!(self.used().await, 999 + 449);
        self.shop.books_balance().await;
    }

    async fn report(&self, fields: Value) -> Value {
        let mut order = json!({"order_id": ORDER, "customer_details": {"email": "gerd@MAIL.example"},
                               "amount": 8991, "currency": "EUR", "shipping_amount": 490});
        for (name, value) in fields.as_object().expect("fields") {
            order[name] = value.clone();
        }
        self.shop.post("/v1/conversions", order).await.created()
    }

    async fn tell(&self, what: &str, body: Value) -> Value {
        self.shop.post(&format!("{PLACE}/{what}"), body).await.ok()
    }

    async fn tell_new(&self, what: &str, body: Value) -> Value {
        self.shop.post(&format!("{PLACE}/{what}"), body).await.created()
    }

    async fn order(&self) -> Value {
        self.shop.get(PLACE).await.ok()
    }

    async fn annas_card(&self) -> Value {
        self.shop.list("/v1/customers/anna/vouchers").await.remove(0)
    }

    /// What of the program's budget is used.
    async fn used(&self) -> i64 {
        let program = self.shop.get(&path("/v1/programs", &self.program["id"])).await.ok();
        program["budget"]["used"].as_i64().expect("an amount")
    }
}

/// Taken off, paid with, and left to pay.
fn money(answer: &Value) -> [i64; 3] {
    ["discount", "payment", "payable"].map(|field| answer[field].as_i64().expect("an amount"))
}

/// Side, status and cost of each reward of an order.
fn rewards(order: &Value) -> Vec<(String, String, i64)> {
    let row = |one: &Value| (text(&one["to"]), text(&one["status"]), one["cost_amount"].as_i64().expect("an amount"));
    elements(&order["rewards"]).iter().map(row).collect()
}

/// The sentences of somebody's timeline.
async fn told(support: &Actor, customer: &str) -> Vec<String> {
    let page = support.get(&format!("/v1/customers/{customer}/timeline?locale=en&limit=200")).await.ok();
    elements(&page["data"]).iter().map(|moment| text(&moment["sentence"])).collect()
}
