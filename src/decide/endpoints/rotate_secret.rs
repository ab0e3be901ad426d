//! Gives an endpoint a new secret, which is in this answer and nowhere else. The one before signs as well for a while, so
//! that the receiver can change over without losing anything; the one before that no more.

use crate::decide::answer::{Answer, Keep};
use crate::decide::draft::Draft;
use crate::decide::endpoints::endpoint::{living, new_secret, public_key};
use crate::records::{Endpoint, Id};
use crate::views;
use crate::world::Stop;

/// Longest time for which two secrets sign, seconds: seven days.
pub const LONGEST_GRACE: i64 = 604_800;
/// How long they do when nothing is said: a day.
pub const GRACE: i64 = 86_400;

/// The endpoint, and for how long the secret of now signs on.
#[derive(Clone, Debug)]
pub struct RotateSecret {
    /// The endpoint.
    pub id: Id,
    /// Seconds, up to [`LONGEST_GRACE`].
    pub grace_seconds: i64,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &RotateSecret) -> Result<Answer, Stop> {
    let endpoint = living(draft, command.id)?;
    let (plain, sealed) = new_secret(draft);
    let is_kept = command.grace_seconds > 0;
    let rotated = Endpoint {
        public_key: public_key(draft, &sealed, endpoint.public_key.is_some()),
        secret: sealed,
        old_secret: is_kept.then(|| endpoint.secret.clone()),
        old_until: is_kept.then(|| draft.context.real_at.plus_ms(command.grace_seconds * 1_000)),
        ..(*endpoint).clone()
    };
    let answer = Answer::ok(&views::endpoint::with_secret(&rotated, &plain)).keep(Keep::Never);
    draft.audit("rotate_webhook_secret", rotated.id, None);
    draft.save(rotated);
    Ok(answer)
}
