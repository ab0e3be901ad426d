//! The demo: a test shop walked along the main path over real HTTP, with mails that arrive.
//!
//! `walk` are the steps, `ask` is the client that makes the requests, `teller` shows them,
//! `receiver` is the mail server that the shop's mails go to, `eml` reads them. The demo is a client
//! like any other: beside founding its shop it does nothing that the API cannot.

mod ask;
mod exclusive;
pub mod eml;
pub mod receiver;
mod teller;
mod walk;

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;

use anyhow::{Context as _, anyhow};
use tokio::signal::unix::{SignalKind, signal};

use crate::config::{Config, MailServer, MailTarget, SmtpSecurity};
use crate::server::Server;
use crate::store::Target;
use crate::store::files::database_file::DatabaseFile;
use crate::store::files::private;
use crate::store::files::room::LeastFree;
use receiver::Receiver;
use teller::Teller;
use walk::Walk;

/// How often due work is looked for when nobody says otherwise, milliseconds: a demo is watched.
const TICK_MS: u64 = 100;

/// What comes after the last step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// The server stays up until it is interrupted.
    Stay,
    /// The demo ends.
    End,
}

/// Who reads along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// A person at a terminal.
    Person,
    /// A program, which wants no story.
    Program,
}

/// What the demo left behind.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The titles of the steps, all of which succeeded.
    pub steps: Vec<&'static str>,
    /// Where the server was.
    pub url: String,
}

/// A folder that is removed when the demo ends.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, folder = %self.0.display(), "the demo's folder stays");
        }
    }
}

/// Walks the main path. Fails with the name of the step that failed.
pub async fn run(mut config: Config, then: Then, audience: Audience) -> anyhow::Result<Shown> {
    let _scratch = prepare(&mut config)?;
    let receiver = Receiver::start().await.context("no receiver of mails can be started")?;
    config.work.delivers = true;
    config.mail.target = MailTarget::Smtp(MailServer {
        host: receiver.address.ip().to_string(),
        port: receiver.address.port(),
        security: SmtpSecurity::Plain,
        login: None,
    });
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let database = format!("{:?}", config.database.target);
    let server = Server::start(config).await?;
    let tell = Teller::new(audience);
    tell.opening(&format!("http://{}", server.address), &database, &receiver.address.to_string());
    let mut walk = Walk::new(&server, &receiver, &tell);
    let walked = tokio::select! {
        walked = walk.go() => walked,
        _ = terminate.recv() => Err(anyhow!("the demo was stopped")),
        _ = interrupt.recv() => Err(anyhow!("the demo was stopped")),
    };
    let url = format!("http://{}", server.address);
    if walked.is_ok() && then == Then::Stay {
        walk.leave_running();
        tokio::select! {
            () = show_mails(&receiver, &tell) => {}
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
    let steps = walk.done().to_vec();
    server.stop().await;
    walked.map(|()| Shown { steps, url })
}

/// Shows each mail that arrives, for ever.
async fn show_mails(receiver: &Receiver, tell: &Teller) {
    let mut known = receiver.mails().len();
    loop {
        let mail = receiver.next(known).await;
        known += 1;
        tell.mail(&mail.data);
    }
}

/// What the environment leaves open: a throw-away database, a free port, quick ticks.
fn prepare(config: &mut Config) -> anyhow::Result<Option<Scratch>> {
    let given = |name: &str| config.settings.iter().any(|setting| setting.name == name && setting.given);
    let (database, listen, tick) = (given("DATABASE_URL"), given("GRAPEVINE_LISTEN"), given("GRAPEVINE_TICK_MS"));
    if !tick {
        config.work.tick_ms = TICK_MS;
    }
    if !listen && TcpListener::bind(config.server.listen).is_err() {
        config.server.listen = SocketAddr::new(config.server.listen.ip(), 0);
    }
    if database {
        return Ok(None);
    }
    let folder = std::env::temp_dir().join(format!("grapevine-demo-{}", ulid::Ulid::generate()));
    private::make_folder(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    config.database.target =
        Target::Sqlite(DatabaseFile::at(folder.join("grapevine.db").display().to_string(), LeastFree::default()));
    Ok(Some(Scratch(folder)))
}
