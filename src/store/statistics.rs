//! What the databases know of their tables, by which they choose how to read them.

use super::{Connection, StoreResult};

/// Rows of an index that SQLite looks at.
const SQLITE_ROWS: u32 = 1_000;

/// What an import writes to.
const TABLES: &str =
    "customers, identities, conversions, tallies, codes, shares, vouchers, accounts, entries, referrals";

/// Has the database look at its tables anew, after many rows came at once; in a transaction, for as
/// long as it takes.
pub fn renew(connection: &mut Connection) -> StoreResult<()> {
    if connection.is_postgres() {
        return connection.batch(&format!("SET LOCAL statement_timeout=0; ANALYZE {TABLES}"));
    }
    connection.batch(&format!("PRAGMA analysis_limit={SQLITE_ROWS}; ANALYZE"))
}
