//! The codes of vouchers: how they are drawn, and what of them is shown.

use crate::records::code::folded;

/// Crockford's base 32: no I, L, O and U.
pub const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Bits of each character.
pub const BITS: u32 = 5;

/// Characters of a code: 60 bits.
pub const LENGTH: usize = 12;

/// Characters of a code that are written together.
pub const GROUP: usize = 4;

/// Characters of a code that people see who may not see it all.
const HINT: usize = 4;

/// What people see of a code who may not see it all: its end, a third of it at most.
pub fn hint(code: &str) -> String {
    let plain = folded(code);
    plain[plain.len() - HINT.min(plain.len() / 3)..].to_owned()
}

/// A code of 60 of these bits, in groups: `K7QM-3F9X-T2WD`.
pub fn drawn(bits: u64) -> String {
    let mut code = String::with_capacity(LENGTH + LENGTH / GROUP);
    for place in 0..LENGTH {
        if place > 0 && place % GROUP == 0 {
            code.push('-');
        }
        let index = usize::try_from((bits >> (place * 5)) & 31).unwrap_or(0);
        code.push(char::from(ALPHABET[index]));
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_code_has_sixty_bits_in_three_groups() {
        assert_eq!(drawn(0), "0000-0000-0000");
        assert_eq!(drawn(u64::MAX), "ZZZZ-ZZZZ-ZZZZ");
        let codes: std::collections::BTreeSet<String> = (0..60).map(|bit| drawn(1 << bit)).collect();
        assert_eq!(codes.len(), 60, "each bit makes another code");
        assert!(
            codes.iter().all(|code| folded(code) == code.replace('-', "")),
            "a drawn code is compared as it is written"
        );
    }
}
