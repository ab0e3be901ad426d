//! A batch in which something cannot be saved: decided and saved in parts of one transaction, each undone
//! alone, until the command that is to blame stands alone. The others are saved with it left out.
//!
//! A batch of n commands with one culprit takes one transaction and about 2·log₂ n parts. Whether a
//! failure is a command's own shows by what happens next: the database takes a tiny write after it.

use std::time::Instant;

use super::batch::{Outcome, decide_all};
use super::mark::{Mark, is_slow, shops_of};
use super::{Failure, Setup, Waiting};
use crate::store::writer::{Wait, WriterConnection};
use crate::store::{StoreError, StoreResult};
use crate::world::Memory;

/// Decides and saves commands whose shops are locked; answers outcomes in the order of the commands.
///
/// # Errors
///
/// What is no command's fault: somebody else was faster, what is needed is held, the database is gone
/// or takes no write.
pub(super) fn settle(
    connection: &mut WriterConnection,
    setup: &Setup,
    mark: &Mark<'_>,
    batch: &mut [Waiting],
) -> StoreResult<Vec<Outcome>> {
    let begun = Instant::now();
    // What the parts before saved is read anew, the shops' heads too; their locks are ours already.
    let heads = connection.lock(&shops_of(batch.iter()), Wait::Skip)?;
    connection.begin_part()?;
    // What a part sees may never come to be: nothing of it is remembered.
    let tried = decide_all(connection, setup, &mut Memory::default(), heads, batch)
        .and_then(|(outcomes, mut world)| connection.save(&mut world).map(|()| outcomes));
    let error = match tried {
        Ok(outcomes) => return connection.end_part().map(|()| outcomes),
        Err(error) => error,
    };
    let may_be_a_commands = matches!(error, StoreError::Taken(_) | StoreError::Failed(_)) && !is_slow(begun);
    if !may_be_a_commands || !connection.undo_part() {
        return Err(error);
    }
    if let [culprit] = batch {
        if connection.mark_batch(mark.writer, mark.batch, setup.clock.now()).is_err() {
            return Err(error);
        }
        return Ok(vec![Err(blamed(culprit, &error))]);
    }
    let (first, second) = batch.split_at_mut(batch.len() / 2);
    let mut outcomes = settle(connection, setup, mark, first)?;
    outcomes.extend(settle(connection, setup, mark, second)?);
    Ok(outcomes)
}

fn blamed(culprit: &Waiting, error: &StoreError) -> Failure {
    let (command, request_id) = (culprit.request.command.name(), culprit.request.request_id.as_deref());
    if let StoreError::Taken(_) = error {
        tracing::warn!(%error, command, request_id, "what a command would make is there already");
        return Failure::Taken;
    }
    tracing::error!(%error, command, request_id, "a command cannot be saved");
    Failure::Internal
}
