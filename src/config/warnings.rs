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
        database.into_iter().collect()
    }
}
