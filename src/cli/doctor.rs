//! `grapevine doctor`: what is in force, and whether it works.

use std::time::Duration;

use serde_json::{Value, json};

use super::live::{self, Finding, Live};
use super::sender_dns::{self, Wanted};
use super::{Outcome, on_one_line};
use crate::config::{Config, Setting};
use crate::delivery::mail;
use crate::engine;
use crate::store::health::{self, Health};
use crate::store::server::standby::Failover;
use crate::store::{StoreResult, Target};

/// A database beyond this is too far away: an order takes twenty to forty round trips.
const FAR: Duration = Duration::from_millis(10);

/// A database that was looked at.
struct Examined {
    name: &'static str,
    setting: &'static str,
    target: Target,
    found: StoreResult<Health>,
}

#[derive(clap::Args)]
pub(super) struct Doctor {
    /// Say as well what should not be so where shops are live, and end with 1 when something is
    ///
    /// Mails into a folder, a sender that does not exist, links to this machine, the secret beside the database, days
    /// by UTC, a pool in between, a replica behind, a clock that is off, an old schema, and all else that is warned of.
    #[arg(long)]
    live: bool,
}

impl Doctor {
    pub(super) async fn run(self, config: &Config) -> Outcome {
        let live = self.live.then(|| live::look(config));
        look(config, live.as_ref()).await
    }
}

async fn look(config: &Config, live: Option<&Live>) -> Outcome {
    let databases = examine(config);
    let mail = mail::try_out(&config.mail).await;
    let own = config.mail.clone();
    let wanted = tokio::task::spawn_blocking(move || sender_dns::look(&own)).await.unwrap_or_default();
    let settings = config.settings.iter().map(setting_line).collect::<Vec<_>>().join("\n");
    let given = config.database.secret.as_deref();
    let secret = engine::secret::fault(&config.database.target, given).unwrap_or_default();
    let mut warnings = config.warnings();
    warnings.extend(secret.clone());
    warnings.extend(wanted.iter().filter_map(Wanted::warning));
    warnings.extend(databases.iter().flat_map(Examined::warnings));
    let is_well = databases.iter().all(Examined::is_well)
        && mail.is_ok()
        && secret.is_none()
        && live.is_none_or(|live| live.findings.is_empty() && warnings.is_empty());
    let text = format!(
        "{settings}\n\n{}mail:     {}{}{}",
        databases.iter().map(|database| format!("{}{}\n", database.name, database.line())).collect::<String>(),
        mail.as_ref().map_or_else(
            |fault| format!("{:?} does not work: {fault}; check MAIL_URL", config.mail.target),
            String::clone
        ),
        wanted.iter().map(|wanted| format!("\n{}", wanted.line())).collect::<String>(),
        warnings.iter().map(|warning| format!("\nwarning:  {warning}")).collect::<String>() + &live_lines(live),
    );
    let mut json = json!({
        "ok": is_well,
        "settings": config.settings.iter().map(|setting| {
            json!({ "name": setting.name, "value": setting.value, "given": setting.given })
        }).collect::<Vec<_>>(),
        "warnings": warnings,
        "mail": json!({ "target": format!("{:?}", config.mail.target), "ok": mail.is_ok(), "detail": mail.unwrap_or_else(|fault| fault) }),
    });
    json["dns"] = wanted.iter().map(Wanted::json).collect();
    for database in &databases {
        json[database.name.trim_end_matches([':', ' '])] = database.json();
    }
    if let Some(Live { shops, findings, notes }) = live {
        let findings: Vec<Value> = findings.iter().map(Finding::json).collect();
        json["live"] = json!({ "shops": shops, "findings": findings, "notes": notes });
    }
    Outcome { json: Some(json), text, is_well }
}

fn live_lines(live: Option<&Live>) -> String {
    let Some(Live { findings, notes, .. }) = live else { return String::new() };
    let findings = findings.iter().map(|finding| format!("\nlive:     {}", finding.detail));
    findings.chain(notes.iter().map(|note| format!("\nnote:     {note}"))).collect()
}

fn examine(config: &Config) -> Vec<Examined> {
    let named = [
        ("database: ", "DATABASE_URL", Some(&config.database.target)),
        ("replica:  ", "DATABASE_READ_URL", config.database.replica.as_ref()),
    ];
    let given = named.into_iter().filter_map(|(name, setting, target)| Some((name, setting, target?.clone())));
    given.map(|(name, setting, target)| Examined { name, setting, found: health::examine(&target), target }).collect()
}

fn setting_line(setting: &Setting) -> String {
    let origin = if setting.given { "" } else { "  (default)" };
    format!("{:28} {}{origin}", setting.name, setting.value)
}

impl Examined {
    fn is_well(&self) -> bool {
        let found = self.found.as_ref();
        found.is_ok_and(|health| health.room.as_ref().is_none_or(|(_, is_enough)| *is_enough))
    }

    fn line(&self) -> String {
        let (target, setting) = (&self.target, self.setting);
        let health = match &self.found {
            Ok(health) => health,
            Err(error) => {
                return format!("{target:?} does not work: {}; check {setting}", on_one_line(&error.to_string()));
            }
        };
        let mut parts = vec![health.version.clone(), format!("reached {}", way(health))];
        parts.extend(health.lag_ms.map(|lag| format!("{lag} ms behind")));
        parts.extend((!health.takes_writes).then(|| "takes no writes".to_owned()));
        let durability = health.durability.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
        parts.push(durability.join(", "));
        let is_current = health.schema_is_current;
        parts.push(
            if is_current { "schema up to date" } else { "schema older than this program; run `grapevine migrate`" }
                .to_owned(),
        );
        if !health.is_finished {
            parts.push(
                "what is stored still has the form of the release before; `grapevine migrate --finish` changes it, once \
                 no process of that runs"
                    .to_owned(),
            );
        }
        match &health.room {
            Some((room, true)) => parts.push(room.clone()),
            Some((room, false)) => parts.push(format!("{room}: nothing is written until there is room")),
            None => {}
        }
        format!("{target:?}: {}", parts.join("; "))
    }

    fn json(&self) -> Value {
        let url = format!("{:?}", self.target);
        match &self.found {
            Ok(health) => json!({
                "url": url, "ok": self.is_well(), "version": health.version, "schema_is_current": health.schema_is_current,
                "is_finished": health.is_finished,
                "reached": health.way.as_str(), "round_trip_ms": health.round_trip.map(milliseconds),
                "takes_writes": health.takes_writes, "lag_ms": health.lag_ms,
                "room": health.room.as_ref().map(|(room, _)| room),
                "durability": health.durability.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect::<serde_json::Map<_, _>>(),
            }),
            Err(error) => json!({ "url": url, "ok": false, "error": error.to_string() }),
        }
    }

    fn warnings(&self) -> Vec<String> {
        let Ok(health) = &self.found else { return Vec::new() };
        let may_lose = (health.failover == Failover::MayLose).then(|| {
            format!(
                "Commits do not wait for the standby of what {} names (synchronous_standby_names is empty): when it takes \
                 over, what was answered in the last moments may be lost. Name it in synchronous_standby_names; with two, \
                 'ANY 1 (…)', one may fail.",
                self.setting
            )
        });
        self.distance(health).into_iter().chain(may_lose).collect()
    }

    fn distance(&self, health: &Health) -> Option<String> {
        let trip = health.round_trip.filter(|trip| *trip > FAR)?;
        Some(format!(
            "{:.0} ms there and back to what {} names: it belongs into the same data centre, 2 ms away at most, for an \
             order takes twenty to forty round trips.",
            milliseconds(trip),
            self.setting
        ))
    }
}

fn way(health: &Health) -> String {
    let trip = health.round_trip.map(|trip| format!(", {:.1} ms there and back", milliseconds(trip)));
    format!("{}{}", health.way.as_str(), trip.unwrap_or_default())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
