//! What can go wrong between us and a database.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::files::database_file::Obstacle;
use crate::records::BadColumn;

/// A failed statement.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else was faster: what was read is no longer true.
    #[error("the database refused: {0}")]
    Conflict(String),
    /// Something of this name is there already, and may be there once.
    #[error("it is there already: {0}")]
    Taken(String),
    /// Anything else that the database said; whose fault it is shows by what happens next.
    #[error("the database failed: {0}")]
    Failed(String),
    /// SQLite's file is not where it was, or its disk is full. The log said so when it was seen.
    #[error(transparent)]
    Obstacle(#[from] Obstacle),
    /// The writer takes nothing at present; its log says why.
    #[error("nothing can be written now")]
    Unwritable,
    /// The database is reached in a way that does not fit; what to do.
    #[error("{0}")]
    Unfit(String),
    /// A row that does not fit its record.
    #[error(transparent)]
    BadColumn(#[from] BadColumn),
}

/// What a statement gives.
pub type StoreResult<T> = Result<T, StoreError>;

impl StoreError {
    /// Whether the log has said it already, for all who meet it.
    pub fn is_told(&self) -> bool {
        matches!(self, StoreError::Obstacle(_) | StoreError::Unwritable)
    }

    /// Says in the log what could not be done, unless the log has said why.
    pub fn tell(&self, what: &str) {
        match self.is_told() {
            true => tracing::debug!(error = %self, "{what}"),
            false => tracing::warn!(error = %self, "{what}"),
        }
    }
}

impl StoreError {
    /// What a database or its client said, which may be over several lines, in one.
    pub(super) fn failed(said: &impl ToString) -> Self {
        StoreError::Failed(said.to_string().split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        let DieselError::DatabaseError(kind, ref information) = error else {
            return StoreError::failed(&error);
        };
        let said = || format!("{}: {}", information.constraint_name().unwrap_or("a constraint"), information.message());
        match kind {
            DatabaseErrorKind::UniqueViolation => StoreError::Taken(said()),
            DatabaseErrorKind::SerializationFailure => StoreError::Conflict(said()),
            _ => StoreError::failed(&error),
        }
    }
}
