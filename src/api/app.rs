//! What the server is made of: built once, shared by every request.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use metrics_exporter_prometheus::PrometheusHandle;

use crate::api::answer::contract::Contract;
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
use crate::config::Config;
use crate::decide::draft::Installation;
use crate::engine::sweep::Sweeper;
use crate::engine::{Clock, Engine};
use crate::jobs::arrivals::Gathered;
use crate::jobs::audits::Audits;
use crate::jobs::backtests::Backtests;
use crate::jobs::inquiries::Inquiries;
use crate::jobs::proofs::Proofs;
use crate::jobs::rehearsals::Rehearsals;
use crate::links::Opener;
use crate::records::Timestamp;
use crate::store::{Pool, Target};

/// What the server is made of.
pub struct App {
    /// The configuration in force.
    pub config: Config,
    /// What decisions need and never changes.
    pub installation: Arc<Installation>,
    /// The writers.
    pub engine: Engine,
    /// Connections for reading what is so now.
    pub reader: Pool,
    /// Connections for lists, which may be those of a replica.
    pub lists: Pool,
    /// The one connection that is asked whether the database answers.
    pub probe: Pool,
    /// The same of the replica.
    pub replica_probe: Option<Pool>,
    /// What proves the books.
    pub audits: Arc<Inquiries<Audits>>,
    /// What proves that no event of a day is missing.
    pub proofs: Arc<Inquiries<Proofs>>,
    /// Who waits for events.
    pub waiters: Waiters,
    /// What offers would have done.
    pub backtests: Arc<Inquiries<Backtests>>,
    /// Whom announcements would reach.
    pub rehearsals: Arc<Inquiries<Rehearsals>>,
    /// What has due work done.
    pub sweeper: Sweeper,
    /// The database.
    pub target: Target,
    /// The clock.
    pub clock: Clock,
    /// What opens share links.
    pub links: Arc<Opener>,
    /// Who calls, remembered for a second at most.
    pub callers: Callers,
    /// Which web pages may call, remembered as long.
    pub origins: Origins,
    /// Access tokens.
    pub tokens: Tokens,
    /// Requests of one key.
    pub limits: Limits<String>,
    /// Requests of one customer's browsers.
    pub browser_limits: Limits<String>,
    /// Page views that browsers tell, by address.
    pub view_limits: Limits<IpAddr>,
    /// Page views that are not written yet.
    pub pageviews: Arc<Gathered>,
    /// Sign-ins in vain, by who tries what.
    pub sign_ins: SignIns,
    /// Who forwards callers and is not trusted.
    pub proxies: Proxies,
    /// Unknown codes by who guesses.
    pub guesses: Guesses,
    /// Passwords that are checked at once: each takes 19 MiB.
    pub hashing: Hashing,
    /// The contract, as this server says it.
    pub contract: Contract,
    /// How many strangers the log told of lately.
    pub strangers: Strangers,
    /// The metrics of the process.
    pub metrics: PrometheusHandle,
    /// Whether the server takes requests; false when it stops.
    pub open: AtomicBool,
}

impl App {
    /// The real time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What links and mails begin with.
    pub fn public_url(&self) -> &str {
        &self.installation.public_url
    }

    /// Whether the server takes requests.
    pub fn is_open(&self) -> bool {
        self.open.load(Ordering::Relaxed)
    }

    /// Says that the server stops.
    pub fn close(&self) {
        self.open.store(false, Ordering::Relaxed);
        self.waiters.let_go();
    }
}
