//! Who calls, as long as he is remembered: a second at most; a secret that is no key's for longer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use quick_cache::sync::Cache;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::api::answer::problem::Problem;
use crate::records::audit::{Actor, ActorKind};
use crate::records::operator::Role;
use crate::records::scope::{self, Scope};
use crate::records::{ApiKey, Customer, Id, Operator};
use crate::refusal::Code;

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
    pub(in crate::api) fn narrowed(mut self, granted: &str) -> Self {
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

    /// One who is remembered.
    pub(in crate::api) fn get(&self, name: &str) -> Option<Caller> {
        let (since, caller) = self.known.get(name)?;
        (since.elapsed() < self.life).then_some(caller)
    }

    /// Whether a secret was a key's when it was looked for last.
    pub(in crate::api) fn was_known(&self, hash: &str) -> bool {
        self.known.get(hash).is_some()
    }

    /// Whether a secret was no key's when it was looked for last.
    pub(in crate::api) fn is_miss(&self, hash: &str) -> bool {
        self.misses.get(hash).is_some_and(|since| since.elapsed() < MISS_LIFE)
    }

    /// Lets one in where many knock in vain.
    pub(in crate::api) async fn pass(&self) -> Result<SemaphorePermit<'_>, Problem> {
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
    pub(in crate::api) fn remember(&self, name: String, since: Instant, caller: Caller) -> Caller {
        self.known.insert(name, (since, caller.clone()));
        caller
    }

    /// Remembers that a secret is no key's.
    pub(in crate::api) fn note_miss(&self, hash: String, since: Instant) {
        self.misses.insert(hash, since);
    }
}
