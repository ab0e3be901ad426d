//! The secret that a process works with: it must be the one by which its database was written. Under another one no code
//! opens, no address is found again, and who ordered before is new.
//!
//! Which one that was is told by its mark, which the first process that comes writes. One of the release before has
//! written none: then something that was sealed must open.

use crate::store::installation::{self, Written};
use crate::store::{StoreError, StoreResult, Target};
use crate::vault::Vault;

/// The secret that was set, else the one that is kept with the database; made where there is none and nothing depends on
/// one yet. Another one than that by which the database was written is refused.
pub fn secret(target: &Target, given: Option<&str>) -> StoreResult<String> {
    let written = installation::written(target)?;
    if let Some(fault) = told(target, given, &written)? {
        return Err(StoreError::Unfit(fault));
    }
    let secret = given.map_or_else(|| installation::secret(target), |given| Ok(given.to_owned()))?;
    let mark = Vault::new(secret.as_bytes()).mark();
    if written.mark.as_ref() != Some(&mark) {
        note(target, &mark);
        // Of several processes that come first one is: the others must have its secret.
        if let Some(fault) = told(target, given, &installation::written(target)?)? {
            return Err(StoreError::Unfit(fault));
        }
    }
    Ok(secret)
}

/// Writes the mark down. A server that takes no writes now is none to wait for: the next process that comes does it.
fn note(target: &Target, mark: &str) {
    if let Err(error) = installation::keep_mark(target, mark) {
        tracing::warn!(%error, "by which secret the database is written could not be noted");
    }
}

/// What is wrong with the secret that is set, or kept with the database, in words; nothing is made.
pub fn fault(target: &Target, given: Option<&str>) -> StoreResult<Option<String>> {
    told(target, given, &installation::written(target)?)
}

fn told(target: &Target, given: Option<&str>, written: &Written) -> StoreResult<Option<String>> {
    // As long as there is no shop nothing depends on the secret, and another one may be set.
    let is_bound = written.sealed.is_some() || (written.has_shops && written.mark.is_some());
    if !is_bound {
        return Ok(None);
    }
    let secret = given.map_or_else(|| installation::kept(target), |given| Ok(Some(given.to_owned())))?;
    Ok(match secret {
        Some(secret) if is_that_of(&secret, written) => None,
        Some(_) if given.is_some() => Some(format!(
            "GRAPEVINE_SECRET is another secret than that by which {target:?} was written: set the one that its servers \
             had, or unset it where they had none"
        )),
        Some(_) => Some(format!(
            "the secret that is kept with {target:?} is another one than that by which it was written: set \
             GRAPEVINE_SECRET as its servers had it, or put back the file that was there"
        )),
        None => Some(format!(
            "{target:?} was written by a secret that is not kept with it: set GRAPEVINE_SECRET as its servers had it"
        )),
    })
}

/// Whether a secret is the one by which a database was written.
fn is_that_of(secret: &str, written: &Written) -> bool {
    let vault = Vault::new(secret.as_bytes());
    let opens = written.sealed.as_deref().is_none_or(|sealed| vault.open(sealed).is_some());
    opens && (!written.has_shops || written.mark.as_ref().is_none_or(|mark| *mark == vault.mark()))
}
