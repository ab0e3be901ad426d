//! Where records are kept, and the secret that keys are derived from.

use super::Environment;
use crate::store::Target;
use crate::store::files::room::LeastFree;

/// Shortest `GRAPEVINE_SECRET`, bytes.
const SECRET_LEAST: usize = 32;

/// The most of a disk that may be kept free, MB: a terabyte.
const MOST_FREE_MB: u64 = 1_048_576;

/// The database.
#[derive(Clone)]
pub struct DatabaseConfig {
    /// Which one.
    pub target: Target,
    /// Where lists are read instead, which may be behind.
    pub replica: Option<Target>,
    /// What signing and hashing keys are derived from; `None`: made at the first start and kept.
    pub secret: Option<String>,
    /// Connections for reading.
    pub readers: u32,
}

impl DatabaseConfig {
    pub(super) fn read(environment: &mut Environment) -> Option<Self> {
        let target = environment.read_shown("DATABASE_URL", "sqlite:grapevine.db", parse_target, |url| {
            match Target::parse(url) {
                Ok(target) => format!("{target:?}"),
                Err(_) => "?".to_owned(),
            }
        });
        let is_file = matches!(target, Some(Target::Sqlite(_)));
        let replica = environment.read_shown(
            "DATABASE_READ_URL",
            "",
            |url| parse_replica(url, is_file),
            |url| match Target::parse_replica(url) {
                Ok(target) => format!("{target:?}"),
                Err(_) if url.is_empty() => "lists are read where all else is".to_owned(),
                Err(_) => "?".to_owned(),
            },
        );
        let secret = environment.read_shown("GRAPEVINE_SECRET", "", parse_secret, |secret| {
            if secret.is_empty() {
                "made at the first start and kept with the database".to_owned()
            } else {
                "…".to_owned()
            }
        });
        let least = environment.read("GRAPEVINE_MIN_FREE_MB", "auto", parse_least_free);
        let readers = environment.number("GRAPEVINE_READERS", 4, 1, 64);
        let (target, readers) = (target?.keeping(least?), u32::try_from(readers?).ok()?);
        Some(Self { target, replica: replica?, secret: secret?, readers })
    }
}

impl std::fmt::Debug for DatabaseConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DatabaseConfig")
            .field("target", &self.target)
            .field("replica", &self.replica)
            .field("readers", &self.readers)
            .finish_non_exhaustive()
    }
}

fn parse_target(url: &str) -> Result<Target, String> {
    Target::parse(url).map_err(|fault| fault.trim_start_matches("DATABASE_URL: ").to_owned())
}

fn parse_least_free(text: &str) -> Result<LeastFree, String> {
    if text == "auto" {
        return Ok(LeastFree::Auto);
    }
    let megabytes = text.parse::<u64>().ok().filter(|megabytes| *megabytes <= MOST_FREE_MB);
    let bytes = megabytes.map(|megabytes| LeastFree::Bytes(megabytes * 1024 * 1024));
    bytes.ok_or_else(|| format!("a whole number from 0 to {MOST_FREE_MB} is expected, or auto"))
}

fn parse_replica(url: &str, is_file: bool) -> Result<Option<Target>, String> {
    if url.is_empty() {
        return Ok(None);
    }
    if is_file {
        return Err("a replica stands beside PostgreSQL only, and DATABASE_URL names a file; leave it out".to_owned());
    }
    Target::parse_replica(url).map(Some).map_err(|fault| fault.trim_start_matches("DATABASE_READ_URL: ").to_owned())
}

/// At least so many characters; empty: none.
pub(super) fn parse_secret(text: &str) -> Result<Option<String>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    if text.len() < SECRET_LEAST {
        return Err(format!(
            "at least {SECRET_LEAST} random characters are expected; `openssl rand -base64 48` makes some"
        ));
    }
    Ok(Some(text.to_owned()))
}
