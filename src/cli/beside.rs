//! Working on the database beside a running server: the same engine, with writers of its own, and
//! more patience.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow, bail};
use serde_json::Value;

use super::signals::Signals;
use crate::config::Config;
use crate::decide::Command;
use crate::decide::draft::Installation;
use crate::engine::{self, Engine, Failure, Lane, Request, Setup};
use crate::records::audit::Actor;
use crate::records::{Id, Shop};
use crate::store::connection::Use;
use crate::store::files::database_file::DatabaseFile;
use crate::store::queries::identity;
use crate::store::writer::Locking;
use crate::store::{self, Connection, Pool, StoreResult, Target};
use crate::vault::Vault;

/// How long a command tries to get in beside a busy server.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(50);

/// Writers beside those of a server.
pub(super) struct Beside {
    engine: Engine,
    target: Target,
}

/// A database whose schema is up to date.
pub(super) fn database(config: &Config) -> anyhow::Result<Target> {
    let target = config.database.target.clone();
    store::migrate::migrate(&target).with_context(|| unreachable(&target))?;
    Ok(target)
}

/// What to do about a database that does not answer.
pub(super) fn unreachable(target: &Target) -> String {
    format!("the database {target:?} cannot be used; check DATABASE_URL with `grapevine doctor`")
}

impl Beside {
    /// Starts the writers.
    pub(super) fn start(config: &Config) -> anyhow::Result<Self> {
        let target = database(config)?;
        let given = config.database.secret.as_deref();
        let secret = engine::secret::secret(&target, given).context("the secret cannot be used")?;
        let listen = config.server.listen;
        let public_url = config.server.public_url.clone().unwrap_or_else(|| format!("http://{listen}"));
        let vault = Vault::new(secret.as_bytes());
        let (answer_days, visit_days) = (config.work.answer_days, config.work.visit_days);
        let installation = Arc::new(Installation { vault, public_url, answer_days, visit_days });
        let clock = engine::trusted(&target, config.server.clock_skew_ms)?;
        let setup = Setup { target: target.clone(), installation, clock, locking: Locking::On };
        let engine = Engine::start(&setup).with_context(|| unreachable(&target))?;
        Ok(Self { engine, target })
    }

    /// Starts the writers, unless a signal to stop is heard first.
    pub(super) async fn start_unless(signals: &mut Signals, config: &Config) -> anyhow::Result<Option<Self>> {
        let own = config.clone();
        let starting = tokio::task::spawn_blocking(move || Self::start(&own));
        signals.unless_heard(starting).await.transpose()?.transpose()
    }

    /// The shop with an id or a slug.
    pub(super) fn shop(&self, name: &str) -> anyhow::Result<Shop> {
        named(&mut self.connect()?, name)
    }

    /// A connection of its own, for reading.
    pub(super) fn connect(&self) -> anyhow::Result<Connection> {
        self.target.connect(Use::Tool).with_context(|| unreachable(&self.target))
    }

    /// Has a command decided, by the system itself; answers what the API would.
    pub(super) async fn submit(&self, shop: Id, command: impl Into<Command>) -> anyhow::Result<Value> {
        let command = command.into();
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(obstacle) = self.target.file().and_then(DatabaseFile::obstacle) {
                bail!("{obstacle} Nothing happened.");
            }
            let request =
                Request { lane: Lane::Front, actor: Actor::system(), ..Request::system(shop, command.clone()) };
            match self.engine.submit(request).await {
                Ok(given) if given.answer.body.is_empty() => return Ok(Value::Null),
                Ok(given) => return Ok(serde_json::from_str(&given.answer.body)?),
                Err(Failure::Refused(rejection)) => bail!("{}", rejection.detail),
                Err(Failure::Busy | Failure::Unavailable) if Instant::now() < until => tokio::time::sleep(PAUSE).await,
                Err(Failure::OutcomeUnknown) => {
                    bail!("the database was lost while it saved; look whether it happened before you repeat it")
                }
                Err(failure) => bail!("{failure}; nothing happened. {}", unreachable(&self.target)),
            }
        }
    }

    /// The writers.
    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Connections for reading.
    pub(super) fn reader(&self, config: &Config) -> Pool {
        Pool::new(self.target.clone(), Use::Read, config.database.readers)
    }

    /// Ends the writers.
    pub(super) async fn stop(self) {
        self.engine.stop(PATIENCE).await;
    }
}

/// The shop with an id or a slug.
pub(super) fn named(connection: &mut Connection, name: &str) -> anyhow::Result<Shop> {
    let found = identity::shop_named(connection, name)
        .context("shops cannot be read; `grapevine doctor` examines the database")?;
    found.ok_or_else(|| anyhow!("there is no shop {name}; `grapevine shop list` prints those that are there"))
}

/// Tries what another process may keep from succeeding, for as long as a command is patient.
pub(super) fn patiently<T>(work: impl Fn() -> StoreResult<T>) -> StoreResult<T> {
    let until = Instant::now() + PATIENCE;
    loop {
        match work() {
            Err(error) if !error.is_told() && Instant::now() < until => std::thread::sleep(PAUSE),
            settled => return settled,
        }
    }
}
