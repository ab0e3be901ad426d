//! An advocate code: the short word that a customer can say aloud or type.

use serde::{Deserialize, Deserializer, Serialize};

use crate::record;
use crate::records::spelling::latin;
use crate::records::trial::{Arm, Began};
use crate::records::{Id, Timestamp};

record! {
    /// An advocate's code in a program; one for each (program, customer).
    versioned Code in "codes" {
        /// The program.
        program: Id,
        /// The advocate.
        customer: Id,
        /// His id at the shop.
        customer_ref: Option<String>,
        /// As it is shown: `ANNA-7K2M`.
        code: String,
        /// As it is written, in upper case without blanks and hyphens: unique in the shop.
        plain: String,
        /// As it is compared; unique in the shop. None: an older code has the same, and this one, which is
        /// from before codes were compared so, is found only as it is written.
        folded: Option<String>,
        /// The share whose link the code's is: what is counted and what speaks for the advocate.
        share: Id,
        /// `program/customer`; unique in the shop.
        holder: String,
        /// When the advocate first shared in the program.
        advocate_since: Option<Timestamp>,
        /// Where they stand in the trial of that time, where there was one.
        arm: Option<Arm>,
        /// When it was made.
        created_at: Timestamp,
    }
    keys { BY_PLAIN = plain, BY_FOLDED = folded, BY_HOLDER = holder }
}

/// Most characters of a typed code that are looked at.
pub const TYPED_CHARS: usize = 128;

/// A code as somebody typed or pasted it, without the line ends, tabs and blanks around it. Whatever it
/// is, it can be looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Typed(String);

impl Typed {
    /// Takes over what was typed; of more than 128 characters the first.
    pub fn new(text: &str) -> Self {
        let printed = text.chars().map(|c| if c.is_control() { ' ' } else { c });
        let printed: String = printed.collect();
        let looked_at: String = printed.trim_start().chars().take(TYPED_CHARS).collect();
        Self(looked_at.trim_end().to_owned())
    }

    /// Whether there is nothing that a code could be: a field that was left empty, or a dash in it.
    pub fn is_blank(&self) -> bool {
        !self.0.chars().any(char::is_alphanumeric)
    }
}

impl std::ops::Deref for Typed {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Typed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::new(&std::borrow::Cow::<str>::deserialize(deserializer)?))
    }
}

/// The holder column of a customer in a program.
pub fn holder(program: Id, customer: Id) -> String {
    format!("{program}/{customer}")
}

/// A code as it is written: upper case, letters from A to Z and digits alone.
pub fn plain(typed: &str) -> String {
    latin(typed).chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// A code as it is compared: as it is written, with `O` as `0`, `I` and `L` as `1`.
pub fn folded(typed: &str) -> String {
    let compared = |c: char| match c {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    plain(typed).chars().map(compared).collect()
}

impl Code {
    /// When its customer began to recommend in the program.
    pub fn began(&self) -> Option<Began> {
        self.advocate_since.map(|at| Began { at, arm: self.arm })
    }

    /// Its link; `links` is what the shop's links begin with, `slug` the shop's.
    pub fn url(&self, links: &str, slug: &str) -> String {
        format!("{links}/c/{slug}/{}", self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_may_be_typed_as_people_type() {
        let spellings = [
            "K7QM-3F9X-T2WD",
            "k7qm3f9xt2wd",
            " K7QM 3F9X T2WD ",
            "k7qm–3f9x–t2wd",
            "K7QM-3F9X-T2WD\r\n",
            "\tK7QM\u{a0}3F9X\u{200b}T2WD",
            "Ｋ７ＱＭ－３Ｆ９Ｘ－Ｔ２ＷＤ",
            "𝐊𝟕𝐐𝐌-3F9X-T2WD",
            "“K7QM-3F9X-T2WD”.",
            "K٧QM-۳F9X-T2WD",
        ];
        for typed in spellings {
            assert_eq!(folded(typed), "K7QM3F9XT2WD", "{typed:?}");
        }
        assert_eq!(folded("oil-O0I1L"), "01100111");
        assert_eq!((plain("Jörg-o1"), plain("María-7K2M")), ("JOERGO1".to_owned(), "MARIA7K2M".to_owned()));
        assert_eq!((folded("—"), folded("李")), (String::new(), String::new()));
    }

    #[test]
    fn what_was_typed_is_trimmed_and_never_refused() {
        assert_eq!(&*Typed::new("\t K7QM\n3F9X \r\n"), "K7QM 3F9X");
        assert_eq!(Typed::new(&"X".repeat(500)).len(), 128);
        assert_eq!(&*Typed::new(&format!("\tX{}X", " ".repeat(500))), "X");
        for blank in ["", " ", "\n", "-", "–", "…"] {
            assert!(Typed::new(blank).is_blank(), "{blank:?}");
        }
        for some in ["A", "李", "0"] {
            assert!(!Typed::new(some).is_blank(), "{some:?}");
        }
    }
}
