//! The servers that tests share: one for each database, in this process, started when first needed.

use std::sync::{LazyLock, OnceLock};

use grapevine::config::Config;
use grapevine::demo::receiver::Receiver;
use grapevine::engine::{Lane, Request};
use grapevine::records::Id;
use grapevine::records::audit::Actor;
use grapevine::server::Server;
use serde_json::Value;
use tokio::runtime::Runtime;

use super::database::{Backend, fresh_database, fresh_folder};
use super::process::SETTINGS;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime can be made"));
static SQLITE: OnceLock<Server> = OnceLock::new();
static POSTGRES: OnceLock<Server> = OnceLock::new();
static RECEIVER: LazyLock<Receiver> =
    LazyLock::new(|| block_on(Receiver::start()).expect("a receiver of mails can be started"));

/// Runs a future on the runtime that the servers and the client live on.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    RUNTIME.block_on(future)
}

/// Who receives the mails of the shared servers; how it treats a recipient can be told.
pub fn receiver() -> &'static Receiver {
    &RECEIVER
}

/// A server of its own, for one test, with the settings that are given beside those of all tests.
pub async fn own(database: &str, settings: &[(&str, &str)]) -> Server {
    let mailbox = format!("file:{}", fresh_folder().join("mailbox").display());
    // What may have arrived is sent once more, soon.
    let mails = [("MAIL_URL", mailbox.as_str()), ("GRAPEVINE_MAIL_SCHEDULE", "0,0.1")];
    let pairs = SETTINGS.iter().chain(&mails).chain(settings).copied();
    let config = Config::from_pairs(pairs.chain([("DATABASE_URL", database)]));
    Server::start(config.expect("the settings of tests fit")).await.expect("the server starts")
}

/// The server that all tests of a database share.
pub fn shared(backend: Backend) -> &'static Server {
    let place = match backend {
        Backend::Sqlite => &SQLITE,
        Backend::Postgres => &POSTGRES,
    };
    place.get_or_init(|| {
        show_log();
        let database = fresh_database(backend);
        let mail_url = receiver().url();
        block_on(own(&database, &[("MAIL_URL", mail_url.as_str())]))
    })
}

/// Shows what the servers log: their errors, or what `RUST_LOG` asks for.
fn show_log() {
    let filter = std::env::var("RUST_LOG").unwrap_or_else(|_| "error,actix_http=off".to_owned());
    // The second server finds the log of the first one set up, and shares it.
    let _earlier = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

/// Has a command decided as the command line does: by the system itself.
pub async fn command(server: &Server, shop: Id, command: impl Into<grapevine::decide::Command>) -> Value {
    let request = Request {
        shop,
        command: command.into(),
        actor: Actor::system(),
        request_id: None,
        idempotency: None,
        bytes: 0,
        lane: Lane::Front,
        since: std::time::Instant::now(),
    };
    let given = server.app.engine.submit(request).await.expect("the command succeeds");
    serde_json::from_str(&given.answer.body).expect("answers are JSON")
}
