//! Nobody gives more than he has: a key or an operator makes keys and operators that may do at most
//! what the maker may do.

use crate::records::scope::{self, Scope};
use crate::refusal::{Code, Rejection};

/// Refuses to give a scope that the giver lacks.
pub fn check(giver: &[Scope], wanted: &[Scope]) -> Result<(), Rejection> {
    let lacking: Vec<Scope> = wanted.iter().copied().filter(|scope| !giver.contains(scope)).collect();
    if lacking.is_empty() {
        return Ok(());
    }
    let detail = format!("Nobody can give what he does not have himself: {}.", scope::list(&lacking));
    Err(Rejection::new(Code::Forbidden, detail))
}
