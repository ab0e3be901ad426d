//! Names that people choose: none has the form of an id of ours, so that a look-up by "id or name" is decided by
//! form alone. It never looks for a name: whoever does reads an id where one can be read.

use crate::records::Id;
use crate::refusal::Rejection;

/// Refuses a word of the shop's (a slug, a channel's key) that has the form of an id, whatever its prefix.
pub fn check_word(word: &str, pointer: &str) -> Result<(), Rejection> {
    if Id::is_form_of(word) {
        return Err(refused(pointer, "three letters, _ and 26 more"));
    }
    Ok(())
}

/// Refuses the shop's own id of something that could not be told from ours. Of other prefixes than these it
/// may be: some shops form their ids as we do.
pub fn check(name: &str, prefixes: &[&str], pointer: &str) -> Result<(), Rejection> {
    let prefix = name.get(..3).filter(|_| Id::is_form_of(name));
    match prefixes.iter().find(|ours| prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case(ours))) {
        Some(ours) => Err(refused(pointer, &format!("{ours}_…"))),
        None => Ok(()),
    }
}

/// Refuses an `external_id` that could not be told from a customer's id.
pub fn check_external_id(name: &str, pointer: &str) -> Result<(), Rejection> {
    check(name, &["cus"], pointer)
}

/// Refuses an `order_id` that could not be told from an order's id.
pub fn check_order_id(name: &str) -> Result<(), Rejection> {
    check(name, &["cnv"], "/order_id")
}

fn refused(pointer: &str, form: &str) -> Rejection {
    Rejection::field(pointer, format!("a name must not look like an id of ours ({form}); choose another one"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: &str = "01arz3ndektsv4rrffq69g5fav";

    #[test]
    fn a_word_never_has_the_form_of_an_id() {
        for word in [format!("shp_{REST}"), format!("xyz_{REST}"), format!("SHP_{}", REST.to_uppercase())] {
            assert!(check_word(&word, "/slug").is_err(), "{word}");
        }
        for word in ["shp", "shp_1", "kaffee_und_tee_01arz3ndektsv4", &format!("shp-{REST}"), &format!("shp_{REST}0")] {
            assert!(check_word(word, "/slug").is_ok(), "{word}");
        }
    }

    #[test]
    fn a_shops_own_id_is_told_from_ours() {
        let table = [("cnv", true), ("CNV", true), ("cus", false), ("ord", false)];
        for (prefix, is_refused) in table {
            assert_eq!(check_order_id(&format!("{prefix}_{REST}")).is_err(), is_refused, "{prefix}");
        }
        for name in ["", "A-1", "cnv_1", "ééé", "cnv_01arz3ndektsv4rrffq69g5fa\u{e9}"] {
            assert!(check_order_id(name).is_ok(), "{name}");
        }
    }
}
