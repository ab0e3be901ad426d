//! Who calls: a key by its secret, a key or an operator by an access token of its present generation. What was
//! found out is kept for a second at most, so that what was taken away on another process is gone within it;
//! what this one takes away it forgets at once. A customer's browser calls by a token of another kind, and he
//! is looked for each time. A secret that is no key's is remembered for longer, and where many such come from nobody
//! else's is looked for but a few at a time.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use quick_cache::sync::Cache;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::app::App;
use super::problem::Problem;
use super::tokens::Claims;
use crate::records::api_key::is_secret;
use crate::records::audit::{Actor, ActorKind};
use crate::records::operator::Role;
use crate::records::scope::{self, Scope};
use crate::records::{ApiKey, Customer, Id, Operator};
use crate::refusal::Code;
use crate::store::queries;
use crate::vault::sha256_hex;

/// Callers that are remembered.
const REMEMBERED: usize = 10_000;
/// The longest that one is remembered: the contract promises it.
const LIFE_MS: u64 = 1_000;
/// Secrets that are no key's and are remembered, and for how long: what nobody has drawn nobody will.
const MISSES: usize = 10_000;
const MISS_LIFE: Duration = Duration::from_secs(60);
/// Secrets that are looked for at the same time where many that are no key's come from, and the longest that one waits
/// for its turn.
const GATE: usize = 2;
const GATE_WAIT: Duration = Duration::from_secs(1);

/// Who calls.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The key's, operator's or customer's id.
    pub id: Id,
    /// The shop.
    pub shop: Id,
    /// For the audit log.
    pub actor: Actor,
    /// Whose idempotency keys it shares.
    pub client: String,
    /// The generation of the key or operator; tokens of an earlier one have ended.
    pub generation: i64,
    /// The operator's role; `None`: a key or a customer.
    pub role: Option<Role>,
    /// What it may do.
    pub scopes: Arc<[Scope]>,
}

impl Caller {
    /// A key.
    pub fn of_key(key: &ApiKey) -> Self {
        Self {
            id: key.id,
            shop: key.shop,
            actor: Actor { kind: ActorKind::Key, id: Some(key.id), name: key.name.clone() },
            client: key.client.clone(),
            generation: key.generation,
            role: None,
            scopes: key.scopes.iter().copied().collect(),
        }
    }

    /// An operator.
    pub fn of_operator(operator: &Operator) -> Self {
        Self {
            id: operator.id,
            shop: operator.shop,
            actor: Actor { kind: ActorKind::Operator, id: Some(operator.id), name: operator.name.clone() },
            client: operator.id.to_string(),
            generation: operator.generation,
            role: Some(operator.role),
            scopes: operator.role.scopes().into(),
        }
    }

    /// A customer, by his browser. He has no scope.
    pub fn of_customer(customer: &Customer) -> Self {
        Self {
            id: customer.id,
            shop: customer.shop,
            actor: Actor { kind: ActorKind::Customer, id: Some(customer.id), name: "customer".to_owned() },
            client: customer.id.to_string(),
            generation: 0,
            role: None,
            scopes: Arc::new([]),
        }
    }

    /// Refuses what the caller may not do, having none of these scopes.
    pub fn may_by(&self, scopes: &[Scope]) -> Result<(), Problem> {
        if scopes.iter().any(|scope| self.scopes.contains(scope)) {
            return Ok(());
        }
        let who = self.role.map_or_else(|| "This key".to_owned(), |role| format!("The role {role}"));
        let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        Err(Problem::new(Code::Forbidden, format!("{who} lacks the scope {}.", scopes.join(" or "))))
    }

    /// Refuses an operator below this role.
    pub fn is_at_least(&self, least: Option<Role>) -> Result<(), Problem> {
        match (self.role, least) {
            (Some(role), Some(least)) if role < least => {
                Err(Problem::new(Code::Forbidden, format!("The role {role} may not do that; {least} may.")))
            }
            _ => Ok(()),
        }
    }

    /// The same with no more than these scopes.
    fn narrowed(mut self, granted: &str) -> Self {
        let granted = scope::parse_list(granted).unwrap_or_default();
        self.scopes = self.scopes.iter().copied().filter(|scope| granted.contains(scope)).collect();
        self
    }
}

/// Callers that are remembered for a moment.
pub struct Callers {
    known: Cache<String, (Instant, Caller)>,
    misses: Cache<String, Instant>,
    gate: Semaphore,
    life: Duration,
}

impl Callers {
    /// Remembers callers for so many milliseconds, 1 000 at most.
    pub fn new(life_ms: u64) -> Self {
        let life = Duration::from_millis(life_ms.min(LIFE_MS));
        Self { known: Cache::new(REMEMBERED), misses: Cache::new(MISSES), gate: Semaphore::new(GATE), life }
    }

    fn get(&self, name: &str) -> Option<Caller> {
        let (since, caller) = self.known.get(name)?;
        (since.elapsed() < self.life).then_some(caller)
    }

    /// Whether a secret was a key's when it was looked for last.
    fn was_known(&self, hash: &str) -> bool {
        self.known.get(hash).is_some()
    }

    fn is_miss(&self, hash: &str) -> bool {
        self.misses.get(hash).is_some_and(|since| since.elapsed() < MISS_LIFE)
    }

    /// Lets one in where many knock in vain.
    async fn pass(&self) -> Result<SemaphorePermit<'_>, Problem> {
        let passed = tokio::time::timeout(GATE_WAIT, self.gate.acquire()).await;
        passed.ok().and_then(Result::ok).ok_or_else(|| Problem {
            retry_after: Some(1),
            ..Problem::new(
                Code::RateLimited,
                "Too many secrets that are no key's come from this address. Come again in 1 s.",
            )
        })
    }

    /// Forgets a key or an operator, who may do less now. Other processes do within the cache's life.
    pub fn forget(&self, id: Id) {
        self.known.retain(|_, (_, caller)| caller.id != id);
    }

    /// Remembers who was looked for at an instant: from then on he may have changed.
    fn remember(&self, name: String, since: Instant, caller: Caller) -> Caller {
        self.known.insert(name, (since, caller.clone()));
        caller
    }
}

/// Finds out which key or operator calls, from which address.
pub async fn authenticate(app: &App, headers: &HeaderMap, from: IpAddr) -> Result<Caller, Problem> {
    let secret = bearer(headers).ok_or_else(unauthenticated)?;
    by_bearer(app, secret, from).await?.ok_or_else(unauthenticated)
}

/// Finds out whose browser calls.
pub async fn authenticate_browser(app: &App, headers: &HeaderMap) -> Result<Caller, Problem> {
    let claims = bearer(headers).and_then(|token| app.tokens.verify_browser(app.now(), token));
    let claims = claims.ok_or_else(unauthenticated_browser)?;
    let customer = app
        .reader
        .run(move |connection| queries::identity::living_customer(connection, claims.shop, claims.sub))
        .await?;
    customer.as_ref().map(Caller::of_customer).ok_or_else(unauthenticated_browser)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

fn unauthenticated_browser() -> Problem {
    Problem::new(
        Code::Unauthenticated,
        "Send Authorization: Bearer with a token of POST /v1/customers/{id}/tokens that is still good.",
    )
}

fn unauthenticated() -> Problem {
    Problem::new(
        Code::Unauthenticated,
        "Send Authorization: Bearer with a key's secret (gvk_…) or an access token that is still good.",
    )
}

async fn by_bearer(app: &App, secret: &str, from: IpAddr) -> Result<Option<Caller>, Problem> {
    if secret.starts_with("gvk_") {
        return by_secret(app, secret, from).await;
    }
    let Some(claims) = app.tokens.verify(app.now(), secret) else { return Ok(None) };
    let caller = by_id(app, &claims).await?;
    let caller = caller.filter(|caller| caller.generation == claims.generation);
    Ok(caller.map(|caller| caller.narrowed(&claims.scope)))
}

/// The key with a secret that comes from an address; `None`: it is no key's. Refuses where too many such came from
/// there.
pub async fn by_secret(app: &App, secret: &str, from: IpAddr) -> Result<Option<Caller>, Problem> {
    let hash = sha256_hex(secret.as_bytes());
    if let Some(caller) = app.callers.get(&hash) {
        return Ok(Some(caller));
    }
    let found = match is_secret(secret) && !app.callers.is_miss(&hash) {
        true => look_for(app, hash, from).await?,
        false => None,
    };
    if found.is_none() {
        app.sign_ins.note_unknown_key(from, Instant::now())?;
    }
    Ok(found)
}

async fn look_for(app: &App, hash: String, from: IpAddr) -> Result<Option<Caller>, Problem> {
    let is_noisy = app.sign_ins.has_many_unknown_keys(from, Instant::now()) && !app.callers.was_known(&hash);
    let _turn = if is_noisy { Some(app.callers.pass().await?) } else { None };
    let (since, wanted) = (Instant::now(), hash.clone());
    let key = app.reader.run(move |connection| queries::identity::key_by_secret(connection, &wanted)).await?;
    let Some(key) = key.filter(|key| key.deleted_at.is_none()) else {
        app.callers.misses.insert(hash, since);
        return Ok(None);
    };
    Ok(Some(app.callers.remember(hash, since, Caller::of_key(&key))))
}

/// The key or operator that a token names, as it is now. One who is remembered as he was before the token was made
/// is looked for anew.
async fn by_id(app: &App, claims: &Claims) -> Result<Option<Caller>, Problem> {
    let (shop, id, since) = (claims.shop, claims.sub, Instant::now());
    let name = format!("{shop}/{id}");
    if let Some(caller) = app.callers.get(&name).filter(|caller| caller.generation >= claims.generation) {
        return Ok(Some(caller));
    }
    let found = app
        .reader
        .run(move |connection| match id.prefix() {
            "key" => {
                let key = queries::records::get::<ApiKey>(connection, shop, id)?;
                Ok(key.filter(|key| key.deleted_at.is_none()).map(|key| Caller::of_key(&key)))
            }
            "opr" => {
                let operator = queries::records::get::<Operator>(connection, shop, id)?;
                Ok(operator.filter(|operator| !operator.disabled).map(|operator| Caller::of_operator(&operator)))
            }
            _ => Ok(None),
        })
        .await?;
    Ok(found.map(|caller| app.callers.remember(name, since, caller)))
}
