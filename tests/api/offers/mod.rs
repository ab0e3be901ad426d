//! Exclusive offers: who may take one, what a claim gives, and whom segments name.

mod backtests;
mod claims;
pub mod groups;
mod leaks;
mod passes;
mod terms;
pub mod races;
mod segments;

use crate::support::client::Ask;
use crate::support::*;

/// A person with a phone.
pub const BROWSER: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";

/// A shop in which Anna shares in private and in public.
pub struct Town {
    pub shop: TestShop,
    pub program: Value,
    /// On WhatsApp.
    pub private: Value,
    /// On Facebook.
    pub public: Value,
}

impl Town {
    pub async fn new(shop: TestShop) -> Self {
        let program = shop.program(json!({"pending_days": 0})).await;
        let private = shop.share(&program, "anna").await;
        let public = json!({"program": program["id"], "customer": "anna", "channel": "facebook"});
        let public = shop.post("/v1/shares", public).await.created();
        Self { shop, program, private, public }
    }

    /// An open offer of a fifth off; `changes` replace its fields.
    pub async fn offer(&self, changes: Value) -> Value {
        self.try_offer(changes).await.created()
    }

    pub async fn try_offer(&self, changes: Value) -> Answer {
        let mut offer = json!({
            "name": "Für Eingeweihte", "status": "active", "program": self.program["id"], "valid": {"days": 7},
            "reward": {"kind": "percent_off", "rate_bps": 2000, "max_amount": 5000},
        });
        for (name, value) in changes.as_object().into_iter().flatten() {
            offer[name] = value.clone();
        }
        self.shop.post("/v1/offers", offer).await
    }

    /// Somebody claims who came by a share.
    pub fn claim(&self, offer: &Value, customer: &str, share: &Value) -> Ask {
        let ask = json!({"customer": customer, "evidence": {"token": share["token"]}});
        self.shop.post(&format!("{}/claims", path("/v1/offers", &offer["id"])), ask)
    }

    /// The same is checked.
    pub async fn check(&self, offer: &Value, ask: Value) -> Value {
        self.shop.post(&format!("{}/check", path("/v1/offers", &offer["id"])), ask).await.ok()
    }

    /// A paid order of a new friend who came by a share.
    pub async fn friend_orders(&self, friend: &str, share: &Value) -> Value {
        self.shop.customer(friend).await;
        let order = json!({"order_id": format!("order-{friend}"), "customer": friend, "amount": 5000, "currency": "EUR",
                           "paid": true, "evidence": {"token": share["token"]}});
        self.shop.post("/v1/conversions", order).await.created()
    }

    /// Somebody opens a share's link.
    pub async fn open(&self, share: &Value) {
        let link = format!("/s/{}", text(&share["token"]));
        self.shop.anonymous().get(&link).header("user-agent", BROWSER).await.found();
        self.shop.settle_visits().await;
    }
}

/// The codes of what is not met.
pub fn unmet(check: &Value) -> Vec<String> {
    let all = elements(&check["conditions"]);
    all.iter().filter(|one| one["met"] == false).map(|one| text(&one["code"])).collect()
}

/// The code of a customer's only voucher.
pub async fn code_of(shop: &TestShop, claim: &Value) -> Value {
    shop.get(&path("/v1/vouchers", &claim["voucher"])).await.ok()["code"].clone()
}
