//! Why a line of a file is refused.

use crate::refusal::Rejection;

/// Why a line is refused.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Code of the refusal.
    pub code: String,
    /// What to do about it.
    pub detail: String,
}

/// Longest sentence of a fault that is kept, characters; for it may repeat what the line says.
pub const DETAIL_CHARS: usize = 300;

impl Fault {
    /// The fault, no longer than one is kept.
    #[must_use]
    pub fn shortened(mut self) -> Self {
        if let Some((end, _)) = self.detail.char_indices().nth(DETAIL_CHARS) {
            self.detail.truncate(end);
            self.detail.push('…');
        }
        self
    }
}

impl From<&Rejection> for Fault {
    fn from(rejection: &Rejection) -> Self {
        Self { code: rejection.code.as_str().to_owned(), detail: rejection.detail.clone() }
    }
}
