//! The configuration, from the environment: one struct for each topic, every error reported at once.
//!
//! Nothing here is global. Names are read by [`Environment`], which remembers what was asked for and
//! what was wrong; `grapevine doctor` prints what is in force.

mod database;
mod dkim;
mod environment;
pub mod forwarded;
mod log;
mod mail;
mod metrics;
mod outbound;
mod server;
mod traces;
mod warnings;
mod webhooks;
mod work;

pub use database::DatabaseConfig;
pub use dkim::DkimKey;
pub use environment::{Environment, Setting};
pub use log::{LogConfig, LogFormat};
pub use mail::{MailConfig, MailServer, MailTarget, SmtpSecurity};
pub use metrics::MetricsConfig;
pub use outbound::Outbound;
pub use server::{Network, Rate, ServerConfig};
pub use webhooks::WebhookConfig;
pub use work::WorkConfig;

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it listens and how it guards itself.
    pub server: ServerConfig,
    /// Where it keeps its records.
    pub database: DatabaseConfig,
    /// Who may read the metrics, and where.
    pub metrics: MetricsConfig,
    /// How mails leave.
    pub mail: MailConfig,
    /// How webhooks leave, and where they may go.
    pub webhooks: WebhookConfig,
    /// Due and background work.
    pub work: WorkConfig,
    /// What is logged, and how.
    pub log: LogConfig,
    /// Every setting that was looked for, with what is in force; secrets are masked.
    pub settings: Vec<Setting>,
}

/// What is wrong with the environment: one line for each variable.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct ConfigError(pub Vec<String>);

impl Config {
    /// Reads the environment of the process.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(Environment::of_process())
    }

    /// Reads any set of variables.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, ConfigError> {
        Self::read(Environment::of_pairs(pairs))
    }

    fn read(mut environment: Environment) -> Result<Self, ConfigError> {
        let server = ServerConfig::read(&mut environment);
        let database = DatabaseConfig::read(&mut environment);
        let metrics = MetricsConfig::read(&mut environment);
        let mail = MailConfig::read(&mut environment);
        let webhooks = WebhookConfig::read(&mut environment);
        let work = WorkConfig::read(&mut environment);
        let log = LogConfig::read(&mut environment);
        let (settings, faults) = environment.finish();
        match (server, database, metrics, mail, webhooks, work, log) {
            (Some(server), Some(database), Some(metrics), Some(mail), Some(webhooks), Some(work), Some(log))
                if faults.is_empty() =>
            {
                Ok(Self { server, database, metrics, mail, webhooks, work, log, settings })
            }
            _ => Err(ConfigError(faults)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_any_variable_it_runs_on_a_file_beside_it() {
        let config = Config::from_pairs([]).expect("the defaults fit");
        assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(format!("{:?}", config.database.target), "sqlite:grapevine.db");
        assert_eq!(config.server.rate, Some(Rate { requests: 6000, seconds: 60 }));
    }

    #[test]
    fn every_error_is_reported_at_once_and_secrets_are_masked() {
        let pairs = [("GRAPEVINE_LISTEN", "nowhere"), ("DATABASE_URL", "mysql://x"), ("GRAPEVINE_SECRET", "short")];
        let ConfigError(faults) = Config::from_pairs(pairs).expect_err("three faults");
        assert_eq!(faults.len(), 3, "{faults:?}");
        for name in ["GRAPEVINE_LISTEN", "DATABASE_URL", "GRAPEVINE_SECRET"] {
            assert!(faults.iter().any(|fault| fault.starts_with(name)), "{name}");
        }
        assert!(!faults.iter().any(|fault| fault.contains("short\"")));
    }

    #[test]
    fn secrets_are_shown_as_set_and_no_more() {
        let secret = "a-secret-of-more-than-32-characters-xyz";
        let config =
            Config::from_pairs([("GRAPEVINE_SECRET", secret), ("MAIL_URL", "smtp://me:pass-word@mail.example:587")]);
        let config = config.expect("it fits");
        let shown = format!("{:?}", config.settings);
        assert!(!shown.contains(secret) && !shown.contains("pass-word"), "{shown}");
        for url in ["postgres://me:pass-word@db.example/x", "postgres:///x?host=/run&password=pass-word&user=me"] {
            let config = Config::from_pairs([("DATABASE_URL", url)]).expect("it fits");
            let shown = format!("{:?} {:?}", config.settings, config.database);
            assert!(!shown.contains("pass-word") && shown.contains("me") && shown.contains("***"), "{shown}");
        }
        let ConfigError(faults) = Config::from_pairs([("DATABASE_URL", "postgres://me@/x")]).expect_err("no host");
        assert!(faults[0].contains("the folder of a socket is named"), "{faults:?}");
    }
}
