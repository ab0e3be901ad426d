//! What works, and should not stay as it is: said in the log at the start, and by `grapevine doctor`.

use super::Config;
use crate::store::server::unprotected::unprotected_host;

impl Config {
    /// A sentence for each, with what to do; no secrets.
    pub fn warnings(&self) -> Vec<String> {
        let targets =
            [(Some(&self.database.target), "DATABASE_URL"), (self.database.replica.as_ref(), "DATABASE_READ_URL")];
        let unprotected = targets.iter().filter_map(|(target, setting)| Some((unprotected_host((*target)?)?, setting)));
        let databases = unprotected.map(|(host, setting)| {
            format!(
                "What goes to the database at {host} may go unencrypted. Add sslmode=verify-full to {setting}, or \
                 sslmode=disable where nobody else is on the way."
            )
        });
        let server = &self.server;
        let is_behind = server.public_url.as_ref().is_some_and(|url| url.starts_with("https:"));
        let proxy = (is_behind && server.trusted_proxies.is_empty()).then(|| {
            "GRAPEVINE_PUBLIC_URL is https, so that a proxy stands before this server, and GRAPEVINE_TRUSTED_PROXIES \
             names none: all callers count as one. Name the proxy's address."
                .to_owned()
        });
        databases.chain(proxy).collect()
    }
}
