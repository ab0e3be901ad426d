//! Where records are kept, and the secret that keys are derived from.

use super::Environment;
use crate::store::Target;

/// Shortest `GRAPEVINE_SECRET`, bytes.
const SECRET_LEAST: usize = 32;

/// The database.
#[derive(Clone)]
pub struct DatabaseConfig {
    /// Which one.
    pub target: Target,
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
        let secret = environment.read_shown("GRAPEVINE_SECRET", "", parse_secret, |secret| {
            if secret.is_empty() {
                "made at the first start and kept with the database".to_owned()
            } else {
                "…".to_owned()
            }
        });
        let readers = environment.number("GRAPEVINE_READERS", 4, 1, 64);
        Some(Self { target: target?, secret: secret?, readers: u32::try_from(readers?).ok()? })
    }
}

impl std::fmt::Debug for DatabaseConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DatabaseConfig")
            .field("target", &self.target)
            .field("readers", &self.readers)
            .finish_non_exhaustive()
    }
}

fn parse_target(url: &str) -> Result<Target, String> {
    Target::parse(url).map_err(|fault| fault.trim_start_matches("DATABASE_URL: ").to_owned())
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
