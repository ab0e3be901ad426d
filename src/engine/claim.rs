//! Who has a command: until a writer has begun it, its caller may take it back; then nothing of it
//! will ever happen.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// It waits, or was undone: nothing of it is under way.
const OPEN: u8 = 0;
/// A transaction with it is under way, or was, and nobody knows what became of it.
const BEGUN: u8 = 1;
/// Its caller was told that nothing happened.
const WITHDRAWN: u8 = 2;

/// Shared by a command's caller and its writer.
#[derive(Clone, Debug, Default)]
pub(super) struct Claim(Arc<AtomicU8>);

impl Claim {
    /// The writer begins; `false`: the caller has taken it back.
    pub(super) fn begin(&self) -> bool {
        self.turn(OPEN, BEGUN) || self.0.load(Ordering::Acquire) == BEGUN
    }

    /// The writer has undone what it began.
    pub(super) fn let_go(&self) {
        self.turn(BEGUN, OPEN);
    }

    /// The caller takes it back; `false`: it is under way.
    pub(super) fn withdraw(&self) -> bool {
        self.turn(OPEN, WITHDRAWN) || self.0.load(Ordering::Acquire) == WITHDRAWN
    }

    fn turn(&self, from: u8, to: u8) -> bool {
        self.0.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_begun_is_not_taken_back_and_what_was_taken_back_is_not_begun() {
        let claim = Claim::default();
        assert!(claim.begin() && claim.begin() && !claim.withdraw());
        claim.let_go();
        assert!(claim.withdraw() && claim.withdraw() && !claim.begin());
        claim.let_go();
        assert!(!claim.begin(), "for ever");
    }
}
