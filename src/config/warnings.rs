//! What works, and should not stay as it is: said in the log at the start, and by `grapevine doctor`.

use super::Config;
use crate::store::unprotected::unprotected_host;

impl Config {
    /// A sentence for each, with what to do; no secrets.
    pub fn warnings(&self) -> Vec<String> {
        let database = unprotected_host(&self.database.target).map(|host| {
            format!(
                "What goes to the database at {host} may go unencrypted. Add sslmode=verify-full to DATABASE_URL, or \
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
        database.into_iter().chain(proxy).collect()
    }
}
