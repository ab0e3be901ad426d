//! The codes of a batch: what form they have, how many there can be, and which is the next. Pure computation.
//!
//! The codes of a form are gone through in an order of the batch's own that looks like chance: a permutation of all of
//! them (an alternating Feistel network, as in NIST SP 800-38G, over HMAC-SHA256). So no two of a batch are equal, and
//! the same number is the same code, however often it is asked for.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::hmac;

use crate::decide::vouchers::voucher_code::{ALPHABET, BITS, GROUP, LENGTH};
use crate::records::Id;
use crate::refusal::Rejection;
use crate::vault::Vault;

/// What stands for a drawn character.
const DRAWN: char = '#';
/// Least and most drawn characters of a code.
const DRAWN_CHARS: std::ops::RangeInclusive<usize> = 4..=25;
/// Most letters and digits of a code: fewer than an id of ours has, for which none is to be taken.
const CHARS: usize = 28;
/// Most characters of a form, hyphens and all.
const FORM_CHARS: usize = 64;
/// Rounds of the permutation, as many as FF1 has.
const ROUNDS: u8 = 10;

/// Drawn bits of a code that is worth cash, at least.
const CASH_BITS: u32 = 60;
/// Of so many guesses one finds a voucher that anybody may use: two to the power of this, at least.
const GUESS_BITS: u32 = 20;
/// The same of vouchers that are good for their owners alone.
const OWNED_BITS: u32 = 4;

/// The form of a code: letters, digits and hyphens as they stand, `#` for a drawn character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(String);

/// Who can do something with a code that was guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// Anybody, and it is worth cash, or nobody knows how much.
    Cash,
    /// Anybody, and it is worth little.
    Little,
    /// Its owner alone.
    Owned,
}

impl Pattern {
    /// A form as it is asked for: whole, or by a prefix and the number of drawn characters.
    pub fn read(pattern: Option<&str>, prefix: Option<&str>, length: Option<i64>) -> Result<Self, Rejection> {
        let Some(pattern) = pattern else { return Self::of_length(prefix, length) };
        if prefix.is_some() || length.is_some() {
            return Err(Rejection::field("/pattern", "a pattern says it all; leave prefix and length out"));
        }
        pattern.to_ascii_uppercase().parse().map_err(|fault: String| Rejection::field("/pattern", fault))
    }

    fn of_length(prefix: Option<&str>, length: Option<i64>) -> Result<Self, Rejection> {
        let (least, most) = (DRAWN_CHARS.start(), DRAWN_CHARS.end());
        let length = usize::try_from(length.unwrap_or(i64::try_from(LENGTH).unwrap_or(0))).unwrap_or(0);
        if !DRAWN_CHARS.contains(&length) {
            return Err(Rejection::field("/length", format!("{least} to {most} drawn characters are expected")));
        }
        let prefix = prefix.map(|prefix| format!("{}-", prefix.to_ascii_uppercase())).unwrap_or_default();
        if prefix.contains(DRAWN) {
            return Err(Rejection::field("/prefix", "letters and digits are expected; with # give a pattern"));
        }
        let drawn: Vec<String> = (0..length).step_by(GROUP).map(|from| "#".repeat(GROUP.min(length - from))).collect();
        format!("{prefix}{}", drawn.join("-")).parse().map_err(|fault: String| Rejection::field("/prefix", fault))
    }

    fn drawn(&self) -> u32 {
        u32::try_from(self.0.chars().filter(|c| *c == DRAWN).count()).unwrap_or(0)
    }

    /// Drawn bits of a code.
    pub fn bits(&self) -> u32 {
        self.drawn() * BITS
    }

    /// Codes that there are.
    pub fn codes(&self) -> u128 {
        1 << self.bits()
    }

    /// Refuses a form that has too few codes for so many vouchers, or whose codes can be guessed.
    pub fn check(&self, count: i64, worth: Worth) -> Result<(), Rejection> {
        let taken = u64::try_from(count).unwrap_or(0).max(1).next_power_of_two().trailing_zeros();
        let needed = match worth {
            Worth::Cash => CASH_BITS.max(taken + GUESS_BITS),
            Worth::Little => taken + GUESS_BITS,
            Worth::Owned => taken + OWNED_BITS,
        };
        if self.bits() >= needed {
            return Ok(());
        }
        let why = match worth {
            Worth::Cash => "a code that is worth cash, or that nobody knows the worth of, is not to be guessed",
            Worth::Little => "of a million guesses no more than one is to find a voucher",
            Worth::Owned => "there are to be many more codes than vouchers",
        };
        let detail = format!(
            "{} codes have this form, for {count} vouchers; at least {} drawn characters (#) are needed: {why}",
            self.codes(),
            needed.div_ceil(BITS)
        );
        Err(Rejection::field("/pattern", detail))
    }

    /// The code of a number below [`codes`](Self::codes).
    fn code(&self, number: u128) -> String {
        let mut left = number;
        let draw = |c: char| match c {
            DRAWN => {
                let drawn = ALPHABET[usize::try_from(left & 31).unwrap_or(0)];
                left >>= BITS;
                char::from(drawn)
            }
            other => other,
        };
        self.0.chars().map(draw).collect()
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Pattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_form = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-' || c == DRAWN;
        let form = Self(text.to_owned());
        if text.len() > FORM_CHARS || !text.chars().all(is_form) || text.starts_with('-') || text.ends_with('-') {
            return Err("letters (A to Z), digits, hyphens between them and # for drawn characters are expected".into());
        }
        if !DRAWN_CHARS.contains(&usize::try_from(form.drawn()).unwrap_or(0)) {
            return Err(format!("{} to {} drawn characters (#) are expected", DRAWN_CHARS.start(), DRAWN_CHARS.end()));
        }
        if text.chars().filter(|c| *c != '-').count() > CHARS {
            return Err(format!("at most {CHARS} letters and digits are expected, the drawn ones with them"));
        }
        Ok(form)
    }
}

/// The codes of a batch in their order.
pub struct Codes {
    pattern: Pattern,
    key: hmac::Key,
}

impl Codes {
    /// Those of a batch.
    pub fn of(vault: &Vault, batch: Id, pattern: Pattern) -> Self {
        Self { pattern, key: vault.batch_key(batch) }
    }

    /// The form of all of them.
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// The code of a number, from 0; `None`: there are no more.
    pub fn nth(&self, number: i64) -> Option<String> {
        let number = u128::try_from(number).ok().filter(|number| *number < self.pattern.codes())?;
        Some(self.pattern.code(self.permuted(number)))
    }

    /// Where a number comes to stand among all: each half is changed by what the other says, in turn, which can be
    /// undone, so that no two come to stand at the same place.
    fn permuted(&self, number: u128) -> u128 {
        let low_bits = self.pattern.bits() / 2;
        let (low_mask, high_mask) = ((1 << low_bits) - 1, (1 << (self.pattern.bits() - low_bits)) - 1);
        let (mut low, mut high) = (number & low_mask, number >> low_bits);
        for round in 0..ROUNDS {
            if round % 2 == 0 {
                low ^= self.mixed(round, high) & low_mask;
            } else {
                high ^= self.mixed(round, low) & high_mask;
            }
        }
        high << low_bits | low
    }

    fn mixed(&self, round: u8, half: u128) -> u128 {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(&[round]);
        context.update(&half.to_be_bytes());
        let tag = context.sign();
        tag.as_ref().first_chunk().map_or(0, |bytes| u128::from_be_bytes(*bytes))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::records::code::folded;

    fn codes(pattern: &str, batch: &str) -> Codes {
        Codes::of(&Vault::new(b"one"), Id::of("bat", &[batch]), pattern.parse().expect("a pattern"))
    }

    #[test]
    fn every_code_of_a_form_comes_once() {
        for pattern in ["####", "A####", "B-##-##-X"] {
            let codes = codes(pattern, "a");
            let all: BTreeSet<String> = (0..1 << 20).map(|number| codes.nth(number).expect("a code")).collect();
            assert_eq!(all.len(), 1 << 20, "{pattern}");
            assert_eq!((codes.nth(1 << 20), codes.nth(-1)), (None, None));
        }
    }

    #[test]
    fn the_codes_of_a_batch_are_the_same_again_and_another_batchs_are_others() {
        let first = |batch: &str| -> Vec<Option<String>> {
            let codes = codes("XMAS-####-####-####", batch);
            (0..50).map(|number| codes.nth(number)).collect()
        };
        assert_eq!(first("a"), first("a"));
        assert!(first("a").iter().all(|code| !first("b").contains(code)));
        assert!(
            first("a").iter().flatten().all(|code| code.starts_with("XMAS-") && code.len() == 19),
            "{:?}",
            first("a")
        );
        let ends: BTreeSet<String> = first("a").iter().flatten().map(|code| code[15..].to_owned()).collect();
        assert!(ends.len() > 45, "they look like chance: {ends:?}");
    }

    #[test]
    fn a_form_is_made_of_a_prefix_and_a_length() {
        let table = [
            (None, None, None, "####-####-####"),
            (None, Some("xmas"), Some(10), "XMAS-####-####-##"),
            (Some("tea-####-######"), None, None, "TEA-####-######"),
        ];
        for (pattern, prefix, length, form) in table {
            assert_eq!(Pattern::read(pattern, prefix, length).expect("a form").to_string(), form);
        }
        let refused = [
            (Some("TEA-###"), None, None, "/pattern"),
            (Some("TEÄ-#####"), None, None, "/pattern"),
            (Some("-#####"), None, None, "/pattern"),
            (Some("#####-"), None, None, "/pattern"),
            (Some("#####"), Some("A"), None, "/pattern"),
            (Some("#####"), None, Some(5), "/pattern"),
            (Some("ABCDEFGH-#####################"), None, None, "/pattern"),
            (None, Some("A#"), None, "/prefix"),
            (None, Some("ABCDEFGHIJKLMNOPQ"), None, "/prefix"),
            (None, None, Some(3), "/length"),
            (None, None, Some(26), "/length"),
            (None, None, Some(-1), "/length"),
        ];
        for (pattern, prefix, length, place) in refused {
            let fault = Pattern::read(pattern, prefix, length).expect_err(place);
            assert_eq!(fault.errors[0].pointer, place, "{pattern:?} {prefix:?} {length:?}: {fault}");
        }
    }

    #[test]
    fn a_form_has_codes_enough_for_what_they_are_worth() {
        let table = [
            ("############", 1_000_000, Worth::Cash, true),
            ("###########", 1, Worth::Cash, false),
            ("########", 1_000_000, Worth::Little, true),
            ("#######", 1_000_000, Worth::Little, false),
            ("####", 1, Worth::Little, true),
            ("####", 2, Worth::Little, false),
            ("####", 65_536, Worth::Owned, true),
            ("####", 65_537, Worth::Owned, false),
        ];
        for (pattern, count, worth, fits) in table {
            let form: Pattern = pattern.parse().expect("a form");
            assert_eq!(form.check(count, worth).is_ok(), fits, "{pattern} for {count} {worth:?}");
        }
    }

    proptest! {
        #[test]
        fn a_code_is_compared_as_it_is_written(form in "[A-Z0-9]{0,4}-?#{4,20}", number in 0..1_000_000i64) {
            let Ok(pattern) = form.parse::<Pattern>() else { return Ok(()) };
            let codes = Codes::of(&Vault::new(b"one"), Id::of("bat", &["a"]), pattern);
            let (one, other) = (codes.nth(number), codes.nth(number + 1));
            let is_there = u128::try_from(number + 1).is_ok_and(|next| next < codes.pattern().codes());
            prop_assert_eq!(other.is_some(), is_there);
            if let (Some(one), Some(other)) = (one, other) {
                prop_assert_ne!(folded(&one), folded(&other));
            }
        }

        #[test]
        fn no_text_breaks_a_form(text in "\\PC{0,80}") {
            drop(Pattern::read(Some(&text), None, None));
            drop(Pattern::read(None, Some(&text), Some(12)));
        }
    }
}
