//! The server: put together, started, stopped.
//!
//! Stopping makes it unready, takes no more connections, begins no more mails and chunks of jobs,
//! finishes what runs, and then lets the writers end; an answer that was given is durable, whatever
//! happens.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use actix_http::error::DispatchError;
use actix_http::{HttpService, KeepAlive};
use actix_server::ServerBuilder;
use actix_service::{IntoServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::App as Web;
use actix_web::dev::{AppConfig, Extensions, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::web::{Data, ServiceConfig};
use anyhow::Context as _;
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use crate::api::answer::contract::Contract;
use crate::api::app::App;
use crate::api::door::callers::Callers;
use crate::api::door::guesses::Guesses;
use crate::api::door::hashing::Hashing;
use crate::api::door::limits::Limits;
use crate::api::door::origins::Origins;
use crate::api::door::proxies::Proxies;
use crate::api::door::sign_ins::SignIns;
use crate::api::door::tokens::Tokens;
use crate::api::records::waiters::Waiters;
use crate::api::request::told::Strangers;
use crate::api::{self, answer::last_word, dispatch, measures};
use crate::background::{self, Work as _, Worker};
use crate::config::{Config, Rate};
use crate::connections::connection::PARTING;
use crate::connections::stream::Stream;
use crate::connections::{Connections, Terms, answer, machine};
use crate::decide::draft::Installation;
use crate::delivery::{
    self,
    mail::{Bounces, Mails},
    webhooks::Webhooks,
};
use crate::engine::sweep::Sweeper;
use crate::engine::{self, Clock, Engine, Setup};
use crate::jobs::audits::Audits;
use crate::jobs::backtests::Backtests;
use crate::jobs::inquiries::Inquiries;
use crate::jobs::proofs::Proofs;
use crate::jobs::rehearsals::Rehearsals;
use crate::jobs::{self, Jobs, announcements::Announcements};
use crate::links::{self, Opener};
use crate::store::connection::Use;
use crate::store::writer::Locking;
use crate::store::{self, Pool, StoreError, StoreResult, Target};
use crate::vault::Vault;

/// Of the threads that serve requests, one in so many passwords are checked at once: the rest of the processors is
/// for requests, whoever tries passwords.
const HASHING: usize = 2;
/// Passwords that wait for that, at most: a second or two.
const HASHING_WAITS: usize = 30;
/// How often the metrics put together what was measured.
const UPKEEP: Duration = Duration::from_secs(5);
/// Page views that browsers of one address tell: many may share one.
const VIEW_RATE: Rate = Rate { requests: 600, seconds: 60 };
/// What visits that wait to be written have at least, however long the rest took to stop.
const LAST_VISITS: Duration = Duration::from_secs(1);

/// When nobody has waited to be taken in for so long, nobody does: a handshake that had begun is over.
const QUIET: Duration = Duration::from_millis(100);
/// Between two looks at that.
const SOON: Duration = Duration::from_millis(5);

/// What takes connections in, and its end.
type Listening = (ServerHandle, JoinHandle<io::Result<()>>);

/// A running server.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where the metrics are, when that is an address of their own.
    pub metrics_address: Option<SocketAddr>,
    /// What it is made of.
    pub app: Arc<App>,
    workers: Vec<Worker>,
    upkeep: JoinHandle<()>,
    watch: JoinHandle<()>,
    connections: Arc<Connections>,
    listener: TcpListener,
    metrics: Option<Listening>,
    web: ServerHandle,
    serving: JoinHandle<io::Result<()>>,
}

impl Server {
    /// Brings the schema up to date and starts everything.
    pub async fn start(config: Config) -> anyhow::Result<Self> {
        Self::start_with(config, Locking::On).await
    }

    /// The same; `Locking::Off` is for the tests that show what the database itself refuses.
    pub async fn start_with(config: Config, locking: Locking) -> anyhow::Result<Self> {
        let listener = bind(config.server.listen, "GRAPEVINE_LISTEN")?;
        let address = listener.local_addr()?;
        let own = config.metrics.listen.map(|listen| bind(listen, "GRAPEVINE_METRICS_LISTEN")).transpose()?;
        let metrics_address = own.as_ref().map(TcpListener::local_addr).transpose()?;
        let app = Arc::new(build(config, address, locking).await?);
        let tick = Duration::from_millis(app.config.work.tick_ms);
        let mut workers = vec![
            app.sweeper.clone().start(app.target.clone(), tick),
            jobs::start(app.engine.clone(), app.reader.clone(), tick),
            jobs::announcements::start(app.engine.clone(), app.reader.clone(), tick),
        ];
        if app.config.work.delivers {
            workers.extend(delivery::start(&app.engine, &app.reader, &app.config)?);
        }
        let upkeep = tokio::spawn(keep_up(app.metrics.clone()));
        let connections = connections(&app);
        let watch = tokio::spawn(connections.clone().watch());
        let metrics = own.map(|own| listen(&app, &connections, own, 1, api::metrics::configure_own)).transpose()?;
        let watched = listener.try_clone()?;
        let (web, serving) = listen(&app, &connections, listener, app.config.server.threads, api::configure)?;
        Ok(Self {
            address,
            metrics_address,
            app,
            workers,
            upkeep,
            watch,
            connections,
            listener: watched,
            metrics,
            web,
            serving,
        })
    }

    /// Waits until no mail is due any more, unless another process delivers them.
    pub async fn settle_mails(&self) {
        self.settle(Mails::NAME).await;
    }

    /// Waits until nothing that came back is left to read.
    pub async fn settle_bounces(&self) {
        self.settle(Bounces::NAME).await;
    }

    /// Waits until nothing can be sent to a webhook endpoint now, unless another process does.
    pub async fn settle_webhooks(&self) {
        self.settle(Webhooks::NAME).await;
    }

    /// Waits until no job is left to go on with.
    pub async fn settle_jobs(&self) {
        self.settle(Jobs::NAME).await;
    }

    /// Waits until no announcement has mails to be made now.
    pub async fn settle_announcements(&self) {
        self.settle(Announcements::NAME).await;
    }

    async fn settle(&self, name: &str) {
        for worker in self.workers.iter().filter(|worker| worker.name() == name) {
            worker.settle().await;
        }
    }

    /// Stops: finishes what runs, all of it within the time to drain, then ends the writers.
    pub async fn stop(self) {
        let Self { app, workers, upkeep, watch, connections, listener, metrics, web, serving, .. } = self;
        let drain = Duration::from_millis(app.config.server.drain_ms);
        let until = Instant::now() + drain;
        app.close();
        app.audits.close();
        app.proofs.close();
        app.backtests.close();
        app.rehearsals.close();
        let web = async {
            take_leave(&connections, listener, drain).await;
            web.stop(true).await;
        };
        tokio::join!(background::stop(workers, drain), web);
        let left = || until.saturating_duration_since(Instant::now());
        if tokio::time::timeout(left().max(LAST_VISITS), app.links.settle()).await.is_err() {
            tracing::error!("visits were still being written when the server stopped");
        }
        app.engine.stop(left()).await;
        upkeep.abort();
        watch.abort();
        // Both were told to end; who waits for that finds nothing of them at work.
        let _ended = tokio::join!(upkeep, watch);
        tokio::join!(app.reader.close(), app.lists.close(), app.probe.close());
        if let Some(probe) = &app.replica_probe {
            probe.close().await;
        }
        if let Some((metrics, _ended)) = metrics {
            metrics.stop(false).await;
        }
        if let Err(error) = serving.await {
            tracing::error!(%error, "the server did not end well");
        }
    }
}

/// Lets nobody new in, takes in who waits for that already, and waits until all of them know that we close: so
/// nobody is cut off whom we have let in.
async fn take_leave(connections: &Connections, listener: TcpListener, drain: Duration) {
    match machine::turn_away(&listener) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            tracing::info!("who knocks just now may be cut off: the kernel lets only the privileged turn them away");
        }
        Err(error) => tracing::warn!(%error, "who knocks just now may be cut off"),
        Ok(()) => {}
    }
    let (begun, mut quiet_since) = (Instant::now(), Instant::now());
    while quiet_since.elapsed() < QUIET && begun.elapsed() < drain / 2 {
        if machine::is_waited_at(&listener) {
            quiet_since = Instant::now();
        }
        tokio::time::sleep(SOON).await;
    }
    connections.part().await;
}

fn bind(listen: SocketAddr, setting: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(listen).with_context(|| format!("cannot listen on {listen}; {setting} names another address"))
}

/// All connections, within what the machine allows.
fn connections(app: &App) -> Arc<Connections> {
    let terms = Terms::of(&app.config.server, machine::raise_descriptors());
    if terms.most < app.config.server.connections {
        tracing::warn!(
            most = terms.most,
            "descriptors are enough for fewer connections than GRAPEVINE_CONNECTIONS names; raise the limit (ulimit -n)"
        );
    }
    let (server, public_url) = (app.config.server.clone(), app.public_url().to_owned());
    let words = move |word| last_word::answer(&public_url, word);
    Arc::new(Connections::new(terms, move |peer| server.trusts(peer), words))
}

/// Takes connections in. How long each may keep us waiting, and how much of it is held, is not left to
/// actix: it times the first head of a connection alone.
fn listen(
    app: &Arc<App>,
    connections: &Arc<Connections>,
    listener: TcpListener,
    threads: usize,
    configure: fn(&mut ServiceConfig),
) -> io::Result<Listening> {
    machine::prepare(&listener)?;
    let server = &app.config.server;
    let builder = ServerBuilder::new()
        .workers(threads)
        // Who is one too many is told so, and not left waiting.
        .max_concurrent_connections(server.connections.saturating_mul(2))
        .shutdown_timeout(server.drain_ms.div_ceil(1000))
        .disable_signals();
    let stops = builder.graceful_shutdown_signal();
    let (shared, links) = (Data::from(app.clone()), Data::from(app.links.clone()));
    let connections = connections.clone();
    let builder = builder.listen("grapevine", listener, move || {
        let (connections, stops) = (connections.clone(), stops.clone());
        let web = Web::new()
            .app_data(shared.clone())
            .app_data(links.clone())
            .wrap(from_fn(dispatch::frame))
            .configure(configure);
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stops = stops.clone();
                async move { stops.notified().await }
            })
            .client_request_timeout(Duration::ZERO)
            .keep_alive(KeepAlive::Os)
            .client_disconnect_timeout(PARTING)
            // Who has closed his side has left: nothing more is done for him.
            .h1_allow_half_closed(false)
            .h1_write_buffer_size(answer::PART)
            .on_connect_ext(|stream: &Stream, data: &mut Extensions| {
                data.insert(stream.connection());
            })
            .h1(map_config(web.into_factory(), |()| AppConfig::default()));
        let welcome = move |io: TcpStream| {
            let welcomed = Stream::welcome(&connections, io);
            async move { welcomed.map_err(DispatchError::Io) }
        };
        fn_service(welcome).and_then(http)
    })?;
    let running = builder.run();
    Ok((running.handle(), tokio::spawn(running)))
}

/// Puts together what was measured, so that it does not grow until somebody asks for it.
async fn keep_up(metrics: PrometheusHandle) {
    let mut ticks = tokio::time::interval(UPKEEP);
    loop {
        ticks.tick().await;
        metrics.run_upkeep();
    }
}

/// What opens share links.
fn opener(config: &Config, engine: &Engine, installation: &Arc<Installation>, reader: &Pool, clock: &Clock) -> Opener {
    Opener::start(links::Parts {
        engine,
        installation: installation.clone(),
        reader: reader.clone(),
        clock: clock.clone(),
        server: config.server.clone(),
        gather: Duration::from_millis(config.work.visits_ms),
    })
}

async fn build(config: Config, address: SocketAddr, locking: Locking) -> anyhow::Result<App> {
    let target = config.database.target.clone();
    let given = config.database.secret.clone();
    let (opened, replica) = (target.clone(), config.database.replica.clone());
    let secret = tokio::task::spawn_blocking(move || {
        prepare(&opened).with_context(|| format!("DATABASE_URL: {opened:?} cannot be used"))?;
        if let Some(replica) = &replica {
            try_replica(replica).with_context(|| format!("DATABASE_READ_URL: {replica:?} cannot be used"))?;
        }
        engine::secret::secret(&opened, given.as_deref()).context("the secret cannot be used")
    });
    let secret = secret.await??;
    let public_url = config.server.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let (vault, work) = (Vault::new(secret.as_bytes()), &config.work);
    let (answer_days, visit_days) = (work.answer_days, work.visit_days);
    let installation = Arc::new(Installation { vault, public_url, answer_days, visit_days });
    let (opened, skew_ms) = (target.clone(), config.server.clock_skew_ms);
    let clock = tokio::task::spawn_blocking(move || engine::trusted(&opened, skew_ms)).await??;
    let setup = Setup { target: target.clone(), installation: installation.clone(), clock: clock.clone(), locking };
    let engine = Engine::start(&setup)?;
    let server = &config.server;
    let metrics = metrics_handle()?;
    let reader = Pool::new(target.clone(), Use::Read, config.database.readers);
    let probe = Pool::new(target.clone(), Use::Read, 1);
    if let Err(error) = probe.run(api::ops::probe).await {
        tracing::warn!(%error, "the database does not answer");
    }
    let links = opener(&config, &engine, &installation, &reader, &clock);
    let replica = &config.database.replica;
    let lists = replica.as_ref().map(|target| Pool::new(target.clone(), Use::Read, config.database.readers));
    Ok(App {
        audits: Inquiries::new(Audits { target: target.clone() }),
        proofs: Inquiries::new(Proofs { target: target.clone() }),
        waiters: Waiters::new(reader.clone()),
        backtests: Inquiries::new(Backtests { target: target.clone(), engine: engine.clone() }),
        rehearsals: Inquiries::new(Rehearsals { target: target.clone(), engine: engine.clone() }),
        lists: lists.unwrap_or_else(|| reader.clone()),
        replica_probe: replica.as_ref().map(|target| Pool::new(target.clone(), Use::Read, 1)),
        sweeper: Sweeper::new(engine.clone(), reader.clone()),
        reader,
        probe,
        links: Arc::new(links),
        callers: Callers::new(server.cache_ms),
        origins: Origins::new(server.cache_ms),
        tokens: Tokens::new(installation.clone(), server.token_seconds),
        limits: Limits::new(server.rate),
        browser_limits: Limits::new(server.browser_rate),
        view_limits: Limits::new(server.rate.map(|_| VIEW_RATE)),
        pageviews: Arc::default(),
        sign_ins: SignIns::new(server.sign_in_rate, &rand::random::<[u8; 32]>()),
        proxies: Proxies::default(),
        strangers: Strangers::default(),
        guesses: Guesses::new(server.guess_rate, &rand::random()),
        hashing: Hashing::new((server.threads / HASHING).max(1), HASHING_WAITS),
        contract: Contract::default(),
        metrics,
        open: AtomicBool::new(true),
        installation,
        engine,
        target,
        clock,
        config,
    })
}

/// Brings the schema up to date. Where that cannot be and need not be, there is enough to be read.
fn prepare(target: &Target) -> StoreResult<()> {
    let Err(error) = store::migrate::migrate(target) else { return Ok(()) };
    match error {
        StoreError::Unfit(_) => Err(error),
        _ if matches!(store::migrate::is_pending(target), Ok(false)) => {
            tracing::warn!(%error, "the database takes no writes now; what it has can be read");
            Ok(())
        }
        _ => Err(error),
    }
}

/// A replica may be away for now, but not reached in a way that never fits.
fn try_replica(target: &Target) -> StoreResult<()> {
    match store::server::pooling::refuse_shared(target) {
        Err(error @ StoreError::Unfit(_)) => Err(error),
        Err(error) => {
            tracing::warn!(%error, "the replica does not answer; until it does there are no lists");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

/// The metrics of the process; there is one recorder, however many servers a test starts at once.
fn metrics_handle() -> anyhow::Result<PrometheusHandle> {
    static HANDLE: LazyLock<Result<PrometheusHandle, BuildError>> = LazyLock::new(|| {
        let builder = PrometheusBuilder::new().set_buckets(measures::BUCKETS)?;
        builder.install_recorder().inspect(|_| measures::describe())
    });
    HANDLE.as_ref().map(Clone::clone).context("the metrics cannot be recorded")
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn servers_that_start_at_once_share_one_recorder() {
        let gate = Barrier::new(8);
        std::thread::scope(|scope| {
            let starts: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        gate.wait();
                        metrics_handle().map(drop)
                    })
                })
                .collect();
            for start in starts {
                start.join().expect("no panic").expect("a recorder");
            }
        });
    }
}
