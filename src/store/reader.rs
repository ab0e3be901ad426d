//! What a consultation does with its connection: one snapshot, and loads by key.

use super::connection::Use;
use super::shelves::{Loader, Texts};
use super::{Connection, StoreResult, Target};
use crate::world::World;

/// A connection for decisions that change nothing.
pub struct ReaderConnection {
    connection: Connection,
    texts: Texts,
}

impl ReaderConnection {
    /// Opens one.
    pub fn open(target: &Target) -> StoreResult<Self> {
        Ok(Self { connection: target.connect(Use::Consult)?, texts: Texts::default() })
    }

    /// Begins a snapshot: all that is loaded until its end was true at one moment.
    pub fn begin(&mut self) -> StoreResult<()> {
        let sql =
            if self.connection.is_postgres() { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" } else { "BEGIN" };
        self.connection.batch(sql)
    }

    /// Loads what the world wants; answers whether it wanted anything.
    pub fn load(&mut self, world: &mut World) -> StoreResult<bool> {
        let mut loader = Loader::new(&mut self.connection, &mut self.texts);
        world.each(&mut loader)?;
        Ok(loader.loaded)
    }

    /// Ends the snapshot.
    pub fn end(&mut self) -> StoreResult<()> {
        self.connection.batch("COMMIT")
    }
}
