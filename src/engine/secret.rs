//! The secret that a process works with: it must be the one by which its database was written. Under another one no code
//! opens, no address is found again, and who ordered before is new.

use crate::store::{StoreError, StoreResult, Target, installation};
use crate::vault::Vault;

/// The secret that was set, else the one that is kept with the database; made where there is none and nothing was sealed
/// yet. One that does not open what is sealed there is refused.
pub fn secret(target: &Target, given: Option<&str>) -> StoreResult<String> {
    if let Some(fault) = fault(target, given)? {
        return Err(StoreError::Unfit(fault));
    }
    given.map_or_else(|| installation::secret(target), |given| Ok(given.to_owned()))
}

/// What is wrong with the secret that is set, or kept with the database, in words; nothing is made.
pub fn fault(target: &Target, given: Option<&str>) -> StoreResult<Option<String>> {
    let Some(sealed) = installation::sealed_sample(target)? else { return Ok(None) };
    let secret = given.map_or_else(|| installation::kept(target), |given| Ok(Some(given.to_owned())))?;
    let is_set = given.is_some();
    Ok(match secret {
        Some(secret) if Vault::new(secret.as_bytes()).open(&sealed).is_some() => None,
        Some(_) if is_set => Some(format!(
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
