//! Operators' passwords: Argon2id, as PHC strings. Slow by design: call it from a thread that may
//! block, never inside a decision.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::records::text::Text;

/// A password that a person chose: long enough to withstand guessing (NIST SP 800-63B), short enough
/// to hash.
pub type Password = Text<12, 200>;

/// Random bytes of a password that we make up.
const MADE_UP_BYTES: usize = 18;

/// The hash that is stored, with a salt of its own from the operating system.
pub fn hash(password: &str) -> String {
    let hashed = Argon2::default().hash_password(password.as_bytes());
    hashed.expect("passwords are short and the parameters are the crate's own").to_string()
}

/// Whether the password belongs to the hash. A hash that cannot be read belongs to none.
pub fn verify(password: &str, hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok()
}

/// A new password of 24 characters.
pub fn make_up() -> String {
    let mut bytes = [0u8; MADE_UP_BYTES];
    rand::Rng::fill_bytes(&mut rand::rng(), &mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_belongs_to_its_own_hash_alone() {
        let stored = hash("correct horse");
        assert!(stored.starts_with("$argon2id$"), "{stored}");
        assert!(verify("correct horse", &stored));
        assert!(!verify("correct hors", &stored));
        assert!(!verify("correct horse", "not a hash"));
        assert_ne!(stored, hash("correct horse"), "each has a salt of its own");
    }

    #[test]
    fn passwords_that_are_made_up_are_long_and_differ() {
        assert_eq!(make_up().len(), 24);
        assert_ne!(make_up(), make_up());
    }
}
