//! The shop of one test, and the people who work for it.

use std::ops::Deref;
use std::time::{Duration, Instant};

use grapevine::decide::access::create_key::CreateKey;
use grapevine::engine::{Founding, NewShop};
use grapevine::records::money::Currency;
use grapevine::records::scope::Scope;
use grapevine::records::shop::Mode;
use grapevine::server::Server;
use serde_json::{Value, json};

use super::client::{Actor, Ask, fresh};
use super::database::Backend;
use super::process::{self, Process};
use super::server::command;

/// How long it is tried to make a shop beside a busy server; the command line is patient, too.
const PATIENCE: Duration = Duration::from_secs(60);

/// A test shop that sells in euros, speaks German, and lets links lead to
/// `shop.example`. It is an actor itself: a key with every scope.
pub struct TestShop {
    /// `shp_…`
    pub id: String,
    /// The database that it is in.
    pub backend: Backend,
    home: Home,
    owner: Actor,
}

/// Where a shop lives.
#[derive(Clone)]
enum Home {
    /// In the server that all tests of a database share.
    Shared(&'static Server),
    /// In processes of its own, on one database: its URL, and where they listen.
    Processes(String, Vec<String>),
}

impl Deref for TestShop {
    type Target = Actor;
    fn deref(&self) -> &Actor {
        &self.owner
    }
}

impl TestShop {
    /// A new one in the server that all tests of a database share.
    pub async fn new(backend: Backend) -> Self {
        Self::found(backend, Home::Shared(super::server::shared(backend))).await
    }

    /// A new one that lives in processes, all on this database; made by the command line.
    pub async fn through(database: &str, servers: &[Process]) -> Self {
        let bases = servers.iter().map(|server| server.base().to_owned()).collect();
        let backend = if database.starts_with("sqlite:") { Backend::Sqlite } else { Backend::Postgres };
        Self::found(backend, Home::Processes(database.to_owned(), bases)).await
    }

    /// A new one in a server of the test's own.
    pub async fn in_server(server: &Server) -> Actor {
        let scopes: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
        let shop = found_in(server);
        key_in(server, &shop, &scopes).await
    }

    /// The server that it is in.
    pub fn server(&self) -> &'static Server {
        super::server::shared(self.backend)
    }

    /// Another shop in the same server.
    pub async fn another(&self) -> Self {
        Self::found(self.backend, self.home.clone()).await
    }

    async fn found(backend: Backend, home: Home) -> Self {
        let id = home.found_shop();
        let scopes: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
        let owner = home.make_key(&id, &scopes).await;
        Self { id, backend, home, owner }
    }

    /// The same shop after its processes were replaced.
    pub fn moved_to(&self, servers: &[Process]) -> Self {
        let Home::Processes(database, _) = &self.home else { panic!("only a shop in processes can move") };
        let bases: Vec<String> = servers.iter().map(|server| server.base().to_owned()).collect();
        let owner = self.owner.at(&bases[0]);
        Self { id: self.id.clone(), backend: self.backend, home: Home::Processes(database.clone(), bases), owner }
    }

    /// Somebody without a key.
    pub fn anonymous(&self) -> Actor {
        Actor::anonymous(self.base())
    }

    /// A further key, of a client of its own.
    pub async fn key(&self, scopes: &[&str]) -> Actor {
        self.home.make_key(&self.id, scopes).await
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

    /// A customer's browser.
    pub async fn browser(&self, customer: &str) -> Actor {
        let token = self.post(&format!("/v1/customers/{customer}/tokens"), json!({})).await.ok();
        Actor::bearer(self.base(), token["access_token"].as_str().expect("a token"))
    }

    /// The shop's key, asking its servers in turn: for races.
    pub fn everywhere(&self) -> impl Iterator<Item = Actor> {
        let actors: Vec<Actor> = match &self.home {
            Home::Shared(_) => vec![self.owner.clone()],
            Home::Processes(_, bases) => bases.iter().map(|base| self.owner.at(base)).collect(),
        };
        actors.into_iter().cycle()
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

    /// Sends a file in: CSV, or JSON lines where it begins with an object.
    pub fn import(&self, kind: &str, file: &str) -> Ask {
        let form = if file.starts_with('{') { "application/x-ndjson" } else { "text/csv" };
        let ask = self.post(&format!("/v1/imports?kind={kind}"), json!({}));
        ask.raw(file).header("content-type", form)
    }

    /// Has a file imported; answers the job when it has ended.
    pub async fn imported(&self, kind: &str, file: &str) -> Value {
        let job = self.import(kind, file).await.accepted();
        self.server().settle_jobs().await;
        self.get(&path("/v1/jobs", &job["id"])).await.ok()
    }

    /// Moves the shop's clock forward; what becomes due has run when this returns.
    pub async fn advance(&self, days: u32) {
        self.post("/v1/test/clock", json!({"advance_days": days})).await.ok();
    }

    /// Moves the shop's clock to a noon in the middle of a month, so that neither a day nor a month ends
    /// while the test runs.
    pub async fn to_mid_month(&self) {
        let next = chrono::Utc::now().date_naive() + chrono::Months::new(1);
        let now = next.format("%Y-%m-15T12:00:00.000Z").to_string();
        self.post("/v1/test/clock", json!({ "now": now })).await.ok();
    }

    /// Waits until every opening of a link so far is written.
    pub async fn settle_visits(&self) {
        super::server::shared(self.backend).app.links.settle().await;
    }

    /// Demands that the shop's books balance.
    pub async fn books_balance(&self) {
        let audit = self.audit().await;
        assert_eq!(audit["ok"], true, "{audit}");
    }

    /// The proof of the shop's books, however long it takes.
    pub async fn audit(&self) -> Value {
        loop {
            let answer = self.get("/v1/ledger/audit").await;
            if answer.status() != 202 {
                return answer.ok();
            }
        }
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

impl Home {
    fn found_shop(&self) -> String {
        match self {
            Home::Shared(server) => found_in(server),
            Home::Processes(database, _) => {
                let create = ["shop", "create", "Shop of a test", "--currency", "EUR", "--locale", "de"];
                let more = ["--landing-host", "shop.example", "--mode", "test"];
                text(&process::run(database, &[create.as_slice(), more.as_slice()].concat())["shop"])
            }
        }
    }

    async fn make_key(&self, shop: &str, scopes: &[&str]) -> Actor {
        match self {
            Home::Shared(server) => key_in(server, shop, scopes).await,
            Home::Processes(database, bases) => {
                let made = process::run(database, &["key", "create", "--shop", shop, "--scope", &scopes.join(",")]);
                Actor::bearer(&bases[0], &text(&made["client_secret"]))
            }
        }
    }
}

fn found_in(server: &Server) -> String {
    let new = NewShop {
        name: serde_json::from_value(json!("Shop of a test")).expect("a name"),
        currency: Currency::parse("EUR").expect("a currency"),
        mode: Mode::Test,
        locale: serde_json::from_value(json!("de")).expect("a language"),
        landing_hosts: vec!["shop.example".to_owned()],
        slug: None,
        time_zone: "UTC".to_owned(),
        country: None,
        grant_approval_above: None,
        test_recipients: Vec::new(),
    };
    let (founding, begun) = (Founding::of(new, server.app.now()), Instant::now());
    loop {
        match founding.found(&server.app.target) {
            Ok(made) => return made.expect("a free slug is made").id.to_string(),
            // On a slow disk the writer of a busy server seldom lets others in.
            Err(error) => assert!(begun.elapsed() < PATIENCE, "a shop cannot be made: {error}"),
        }
    }
}

async fn key_in(server: &Server, shop: &str, scopes: &[&str]) -> Actor {
    let wanted: CreateKey =
        serde_json::from_value(json!({"name": "test", "scopes": scopes})).expect("scopes of the table");
    let shop = shop.parse().expect("a shop's id");
    let key = command(server, shop, CreateKey { giver: Scope::ALL.to_vec(), ..wanted }).await;
    Actor::bearer(&format!("http://{}", server.address), &text(&key["secret"]))
}

/// A text out of an answer.
#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}
