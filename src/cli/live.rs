//! What should not be so where shops are live: said by `grapevine doctor --live`, and by a server as it starts.

use std::time::Duration;

use serde_json::{Value, json};

use crate::config::{Config, MailTarget};
use crate::engine::{self, Clock};
use crate::records::shop::Mode;
use crate::records::{Shop, Timestamp};
use crate::store::connection::Use;
use crate::store::health::{self, Health};
use crate::store::queries::identity;
use crate::store::server::pooling::Way;
use crate::store::{StoreResult, Target, clocks, migrate};

/// Behind what it could know by more than that, a replica is behind.
const BEHIND: Duration = Duration::from_secs(10);
/// A shop whose time lies ahead of the clock by more than that is ahead of it, milliseconds.
const AHEAD_MS: i64 = 1_000;

/// Something that should not be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// Its name, for programs.
    pub(super) code: &'static str,
    /// A sentence with what to do.
    pub(super) detail: String,
}

impl Finding {
    fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    pub(super) fn json(&self) -> Value {
        json!({ "code": self.code, "detail": self.detail })
    }
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Live {
    /// How many shops are live.
    pub(super) shops: usize,
    /// What should not be so.
    pub(super) findings: Vec<Finding>,
    /// What nobody can know from here.
    pub(super) notes: Vec<String>,
}

/// Looks at the configuration, at the database, and at the shops in it that are live.
pub(super) fn look(config: &Config) -> Live {
    let target = &config.database.target;
    let examined = health::examine(target);
    let mut live = Live::default();
    live.findings.extend(of_config(config));
    if let Ok(health) = &examined {
        live.findings.extend(of_database(health));
    }
    if let Some(Ok(replica)) = config.database.replica.as_ref().map(health::examine) {
        live.findings.extend(of_replica(replica.lag_ms));
    }
    if examined.is_ok_and(|health| health.schema_is_current) {
        match of_shops(config, target) {
            Ok((shops, findings)) => {
                live.findings.extend(findings);
                live.notes.extend(unknown(config, &shops));
                live.shops = shops.len();
            }
            Err(error) => live.findings.push(Finding::new("database", format!("Shops cannot be read: {error}."))),
        }
    }
    if live.shops == 0 {
        live.notes.push("No shop is live yet: `grapevine shop create … --mode live` makes one.".to_owned());
    }
    live
}

/// The same for a server that has just started; nothing is said where no shop is live.
pub(super) fn warn(config: &Config) {
    let shops = live_shops(&config.database.target);
    if shops.is_ok_and(|shops| !shops.is_empty()) {
        for finding in look(config).findings {
            tracing::warn!(code = finding.code, "a shop is live: {}", finding.detail);
        }
    }
}

fn of_config(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let MailTarget::Folder(folder) = &config.mail.target {
        let folder = folder.display();
        findings.push(Finding::new(
            "mails_into_folder",
            format!("Mails go into the folder {folder}, and reach nobody: set MAIL_URL to a mail server."),
        ));
    }
    if config.database.secret.is_none() {
        findings.push(Finding::new(
            "secret_beside_database",
            "The secret is kept with the database: whoever gets a copy of that opens every voucher's code. Set \
             GRAPEVINE_SECRET to what it is, not to a new one, keep that elsewhere, and then take away the file beside the \
             database (PostgreSQL: the row of the table installation).",
        ));
    }
    findings
}

fn of_database(health: &Health) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !health.schema_is_current {
        findings.push(Finding::new("old_schema", "The schema is older than this program: run `grapevine migrate`."));
    } else if !health.is_finished {
        findings.push(Finding::new(
            "old_schema",
            "What is stored has the form of the release before: run `grapevine migrate --finish`, once no process of \
             that runs.",
        ));
    }
    if health.way == Way::SessionPool {
        findings.push(Finding::new(
            "pool",
            "A pool stands before the database. In session mode it saves nothing, for our sessions last as long as the \
             process, and what it lacks or loses is ours: let DATABASE_URL name the server itself.",
        ));
    }
    for (name, value) in health.durability.iter().filter(|(_, value)| value == "off") {
        let detail = format!("{name} is {value}: what was answered is lost in a power cut. Switch it on.");
        findings.push(Finding::new("not_durable", detail));
    }
    if !health.takes_writes {
        findings.push(Finding::new("no_writes", "The database takes no writes now: see what `/readyz` says."));
    }
    findings
}

fn of_replica(lag_ms: Option<i64>) -> Option<Finding> {
    let lag = Duration::from_millis(u64::try_from(lag_ms?).ok()?);
    let seconds = lag.as_secs();
    let detail =
        format!("The replica is {seconds} s behind, and so are lists: see why, or leave DATABASE_READ_URL out.");
    (lag > BEHIND).then(|| Finding::new("replica_behind", detail))
}

fn live_shops(target: &Target) -> StoreResult<Vec<Shop>> {
    let mut connection = target.connect(Use::Read)?;
    if !migrate::has_schema(&mut connection)? {
        return Ok(Vec::new());
    }
    let shops = identity::shops(&mut connection)?;
    Ok(shops.into_iter().filter(|shop| shop.mode == Mode::Live).collect())
}

fn of_shops(config: &Config, target: &Target) -> StoreResult<(Vec<Shop>, Vec<Finding>)> {
    let shops = live_shops(target)?;
    let mut connection = target.connect(Use::Read)?;
    let clock = Clock::machine(config.server.clock_skew_ms);
    let state = engine::state(&mut connection, &clock)?;
    let mut findings: Vec<Finding> = state
        .distrust()
        .map(|distrust| Finding::new("clock", format!("Of the clocks, {distrust}.")))
        .into_iter()
        .collect();
    let ahead = clocks::shops_ahead(&mut connection, Timestamp::from_ms(state.shown.ms() + AHEAD_MS))?;
    for shop in shops.iter().filter(|shop| ahead.iter().any(|head| head.id == shop.id)) {
        let slug = &shop.slug;
        let detail = format!("The time of {slug} is ahead of this machine's clock: see `grapevine clock show`.");
        findings.push(Finding::new("clock", detail));
    }
    findings.extend(of_links(config, &shops));
    findings.extend(shops.iter().flat_map(|shop| of_shop(config, shop)));
    Ok((shops, findings))
}

/// Where links lead that begin as the configuration says. Where no shop is live yet, all would.
fn of_links(config: &Config, shops: &[Shop]) -> Option<Finding> {
    let url = public_url(config);
    if is_local(&url) {
        let detail =
            format!("Links and mails lead to {url}, where nobody but this machine is: set GRAPEVINE_PUBLIC_URL.");
        return Some(Finding::new("links_local", detail));
    }
    let named: Vec<&str> = shops.iter().filter_map(|shop| shop.link_base_url.as_deref()).collect();
    let is_bare = |url: &str| url.starts_with("http:");
    let bare = std::iter::once(url.as_str()).chain(named).find(|url| is_bare(url))?;
    Some(Finding::new(
        "links_unencrypted",
        format!("Links begin with {bare}, which everybody on the way can read: use https."),
    ))
}

fn of_shop(config: &Config, shop: &Shop) -> Vec<Finding> {
    let slug = &shop.slug;
    let mut findings = Vec::new();
    if shop.sender.email.is_none() && is_nowhere(&public_url(config)) {
        findings.push(Finding::new(
            "sender",
            format!("Mails of {slug} come from no-reply@localhost, and are thrown away: set `sender.email` (PATCH /v1/shop)."),
        ));
    }
    if shop.link_base_url.as_deref().is_some_and(is_local) {
        let detail = format!("Links of {slug} lead to this machine alone: set `link_base_url` (PATCH /v1/shop).");
        findings.push(Finding::new("links_local", detail));
    }
    if shop.time_zone == "UTC" {
        findings.push(Finding::new(
            "utc_days",
            format!(
                "The days of {slug} begin at midnight UTC, as when nobody has set a time zone: set `time_zone` \
                 (PATCH /v1/shop), to Etc/UTC where that is meant."
            ),
        ));
    }
    findings
}

/// What only the world outside knows.
fn unknown(config: &Config, shops: &[Shop]) -> Option<String> {
    let MailTarget::Smtp(server) = &config.mail.target else { return None };
    let mut domains: Vec<String> = shops.iter().map(|shop| sender_domain(config, shop)).collect();
    domains.sort_unstable();
    domains.dedup();
    (!domains.is_empty()).then(|| {
        format!(
            "Grapevine does not sign mails (DKIM); {} is to sign them as {}. Whether it does shows a mail that arrived: it \
             has a DKIM-Signature with that name after d=, and Authentication-Results that say dkim=pass.",
            server.host,
            domains.join(", ")
        )
    })
}

fn sender_domain(config: &Config, shop: &Shop) -> String {
    let own = shop.sender.email.as_deref().and_then(|email| email.rsplit_once('@'));
    own.map_or_else(|| host(&public_url(config)).unwrap_or_default(), |(_, domain)| domain.to_owned())
}

fn public_url(config: &Config) -> String {
    config.server.public_url.clone().unwrap_or_else(|| format!("http://{}", config.server.listen))
}

fn host(url: &str) -> Option<String> {
    url::Url::parse(url).ok()?.host_str().map(str::to_owned)
}

/// Whether nobody but this machine gets there.
fn is_local(url: &str) -> bool {
    let Some(host) = host(url) else { return true };
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    let is_here = address.is_ok_and(|address| address.to_canonical().is_loopback() || address.is_unspecified());
    is_here || host == "localhost" || host.ends_with(".localhost")
}

/// Whether there is no name in it that mails could come from.
fn is_nowhere(url: &str) -> bool {
    is_local(url) || host(url).is_none_or(|host| host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_this_machine_are_told_from_others() {
        for (url, local, nowhere) in [
            ("http://127.0.0.1:8080", true, true),
            ("http://[::1]:8080", true, true),
            ("http://0.0.0.0:8080", true, true),
            ("http://[::ffff:127.0.0.1]", true, true),
            ("https://localhost", true, true),
            ("https://shop.localhost", true, true),
            ("https://192.0.2.7", false, true),
            ("https://[2001:db8::1]", false, true),
            ("https://go.shop.example/a", false, false),
            ("https://localhost.example", false, false),
        ] {
            assert_eq!((is_local(url), is_nowhere(url)), (local, nowhere), "{url}");
        }
    }

    #[test]
    fn a_replica_is_behind_by_more_than_moments() {
        for (lag_ms, is_behind) in [(None, false), (Some(-5), false), (Some(10_000), false), (Some(10_001), true)] {
            let found = of_replica(lag_ms).map(|finding| finding.code);
            assert_eq!(found, is_behind.then_some("replica_behind"), "{lag_ms:?}");
        }
    }

    #[test]
    fn a_configuration_that_is_made_for_it_has_nothing_to_be_said_of() {
        let of = |pairs: &[(&str, &str)]| {
            let config = Config::from_pairs(pairs.iter().copied()).expect("it fits");
            let findings = of_config(&config).into_iter().chain(of_links(&config, &[]));
            findings.map(|finding| finding.code).collect::<Vec<_>>()
        };
        assert_eq!(of(&[]), ["mails_into_folder", "secret_beside_database", "links_local"]);
        let (secret, mail) =
            (("GRAPEVINE_SECRET", "a-secret-of-more-than-32-characters-xyz"), ("MAIL_URL", "smtps://mail.example"));
        assert_eq!(of(&[secret, mail, ("GRAPEVINE_PUBLIC_URL", "http://go.shop.example")]), ["links_unencrypted"]);
        assert!(of(&[secret, mail, ("GRAPEVINE_PUBLIC_URL", "https://go.shop.example")]).is_empty());
    }
}
