//! What a dry run does with its connection: one snapshot, and loads by key.

use super::connection::Use;
use super::plans::Plans;
use super::shelves::{Head, Texts, heads, load};
use super::{Connection, StoreResult, Target};
use crate::records::Id;
use crate::world::World;

/// A connection for decisions that change nothing.
pub struct ReaderConnection {
    connection: Connection,
    texts: Texts,
    plans: Plans,
}

impl ReaderConnection {
    /// Opens one.
    pub fn open(target: &Target) -> StoreResult<Self> {
        Ok(Self { connection: target.connect(Use::DryRun)?, texts: Texts::default(), plans: Plans::new() })
    }

    /// Begins a snapshot: all that is loaded until its end was true at one moment.
    pub fn begin(&mut self) -> StoreResult<()> {
        self.connection.check_lately()?;
        if !self.connection.is_postgres() {
            return self.connection.batch("BEGIN");
        }
        if let Some(renewal) = self.plans.renewal() {
            self.connection.batch(renewal)?;
        }
        self.connection.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    /// The heads of shops.
    pub fn heads(&mut self, shops: &[Id]) -> StoreResult<Vec<Head>> {
        heads(&mut self.connection, &mut self.texts, shops, "")
    }

    /// Loads what the world wants, and what that leads to; answers whether it wanted anything.
    pub fn load(&mut self, world: &mut World) -> StoreResult<bool> {
        load(&mut self.connection, &mut self.texts, world)
    }

    /// Ends the snapshot.
    pub fn end(&mut self) -> StoreResult<()> {
        self.connection.batch("COMMIT")
    }
}
