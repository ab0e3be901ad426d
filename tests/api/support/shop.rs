//! The shop of one test, and the people who work for it.

use std::iter;
use std::ops::Deref;

use grapevine::decide::create_key::CreateKey;
use grapevine::engine::{NewShop, found_shop};
use grapevine::records::Id;
use grapevine::records::money::Currency;
use grapevine::records::scope::Scope;
use grapevine::records::shop::Mode;
use grapevine::server::Server;
use serde_json::{Value, json};

use super::client::{Actor, fresh};
use super::server::command;

/// A test shop that sells in euros, speaks German, and lets links lead to
/// `shop.example`. It is an actor itself: a key with every scope.
pub struct TestShop {
    /// `shp_…`
    pub id: Id,
    /// The database that it is in.
    pub backend: super::Backend,
    owner: Actor,
    elsewhere: Vec<String>,
}

impl Deref for TestShop {
    type Target = Actor;
    fn deref(&self) -> &Actor {
        &self.owner
    }
}

impl TestShop {
    /// A new one in the server that all tests of a database share.
    pub async fn new(backend: super::Backend) -> Self {
        let server = super::server::shared(backend);
        let id = found(server);
        let scopes: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
        let owner = make_key(server, id, &scopes).await;
        Self { id, backend, owner, elsewhere: Vec::new() }
    }

    /// A new one in a server of the test's own.
    pub async fn in_server(server: &Server) -> Actor {
        let scopes: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
        make_key(server, found(server), &scopes).await
    }

    /// The server that it is in.
    pub fn server(&self) -> &'static Server {
        super::server::shared(self.backend)
    }

    /// Another shop in the same server.
    pub async fn another(&self) -> Self {
        Self::new(self.backend).await
    }

    /// Somebody without a key.
    pub fn anonymous(&self) -> Actor {
        Actor::anonymous(self.base())
    }

    /// A further key, of a client of its own.
    pub async fn key(&self, scopes: &[&str]) -> Actor {
        make_key(super::server::shared(self.backend), self.id, scopes).await
    }

    /// An operator who signed in: `owner`, `manager`, `support` or `viewer`.
    pub async fn operator(&self, role: &str) -> Actor {
        let email = format!("{}@shop.example", fresh(role));
        let password = fresh("password");
        let operator = json!({"email": email, "name": role, "role": role, "password": password});
        self.post("/v1/operators", operator).await.created();
        let login = json!({"email": email, "password": password, "shop": self.id});
        let token = self.anonymous().post("/v1/operators/token", login).await.ok();
        Actor::bearer(self.base(), token["access_token"].as_str().expect("a token"))
    }

    /// The shop's key, asking its servers in turn: for races.
    pub fn everywhere(&self) -> impl Iterator<Item = Actor> {
        let bases = iter::once(self.base()).chain(self.elsewhere.iter().map(String::as_str));
        bases.map(|base| self.at(base)).collect::<Vec<_>>().into_iter().cycle()
    }

    /// A customer of this `external_id`, with an address.
    pub async fn customer(&self, external_id: &str) -> Value {
        let customer = json!({"email": format!("{external_id}@mail.example"), "name": external_id, "locale": "de"});
        self.put(&format!("/v1/customers/{external_id}"), customer).await.created()
    }

    /// An active program: 10.00 for the advocate and 5.00 for the friend once an order of at least
    /// 20.00 has waited 30 days from its payment. `changes` replace its fields.
    pub async fn program(&self, changes: Value) -> Value {
        let mut program = json!({
            "name": "Weitersagen", "status": "active", "landing_url": "https://shop.example/welcome", "pending_days": 30,
            "qualifying": {"min_order_amount": 2000, "new_customers_only": true},
            "rewards": [{"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000},
                        {"to": "friend", "on": "conversion", "kind": "amount_off", "amount": 500}],
        });
        for (name, value) in changes.as_object().into_iter().flatten() {
            program[name] = value.clone();
        }
        self.post("/v1/programs", program).await.created()
    }

    /// A share on WhatsApp by a customer who is made with it.
    pub async fn share(&self, program: &Value, advocate: &str) -> Value {
        self.customer(advocate).await;
        let share = json!({"program": program["id"], "customer": advocate, "channel": "whatsapp"});
        self.post("/v1/shares", share).await.created()
    }

    /// Everything in a list of at most 200.
    pub async fn list(&self, path: &str) -> Vec<Value> {
        let mark = if path.contains('?') { '&' } else { '?' };
        let page = self.get(&format!("{path}{mark}limit=200")).await.ok();
        assert!(page["next"].is_null(), "more than one page of {path}");
        elements(&page["data"])
    }

    /// Moves the shop's clock forward; what becomes due has run when this returns.
    pub async fn advance(&self, days: u32) {
        self.post("/v1/test/clock", json!({"advance_days": days})).await.ok();
    }

    /// Demands that the shop's books balance.
    pub async fn books_balance(&self) {
        let audit = self.get("/v1/ledger/audit").await.ok();
        assert_eq!(audit["ok"], true, "{audit}");
    }
}

/// The elements of a JSON array.
#[track_caller]
pub fn elements(array: &Value) -> Vec<Value> {
    array.as_array().unwrap_or_else(|| panic!("no array: {array}")).clone()
}

/// A path that ends with an id out of an answer.
#[track_caller]
pub fn path(start: &str, id: &Value) -> String {
    format!("{start}/{}", id.as_str().unwrap_or_else(|| panic!("no id: {id}")))
}

fn found(server: &Server) -> Id {
    let new = NewShop {
        name: serde_json::from_value(json!("Shop of a test")).expect("a name"),
        currency: Currency::parse("EUR").expect("a currency"),
        mode: Mode::Test,
        locale: serde_json::from_value(json!("de")).expect("a language"),
        slug: None,
        time_zone: "UTC".to_owned(),
        landing_hosts: vec!["shop.example".to_owned()],
    };
    found_shop(&server.app.target, new, server.app.now()).expect("a shop can be made").id
}

async fn make_key(server: &Server, shop: Id, scopes: &[&str]) -> Actor {
    let wanted: CreateKey =
        serde_json::from_value(json!({"name": "test", "scopes": scopes})).expect("scopes of the table");
    let key = command(server, shop, CreateKey { giver: Scope::ALL.to_vec(), ..wanted }).await;
    let secret = key["secret"].as_str().expect("a secret");
    Actor::bearer(&format!("http://{}", server.address), secret)
}
