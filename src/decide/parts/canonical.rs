//! One form for all spellings of an address, for comparing only: mail goes to what was given.

use chrono_tz::Tz;

use crate::records::spelling::caseless as fold;

/// Mail hosts that ignore what follows a `+`, by name or, with a dot at the end, under any country.
const PLUS: &[&str] = &[
    "gmail.com",
    "outlook.",
    "hotmail.",
    "live.",
    "msn.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "proton.me",
    "protonmail.com",
    "pm.me",
    "fastmail.",
];
/// Digits of the longest phone number (E.164).
const PHONE_DIGITS: usize = 15;

/// Country calling codes where a national number begins with one `0` that falls away.
const TRUNK_ZERO: &[(Tz, &str)] = &[
    (Tz::Europe__Berlin, "49"),
    (Tz::Europe__Vienna, "43"),
    (Tz::Europe__Zurich, "41"),
    (Tz::Europe__Amsterdam, "31"),
    (Tz::Europe__Brussels, "32"),
    (Tz::Europe__Paris, "33"),
    (Tz::Europe__London, "44"),
    (Tz::Europe__Stockholm, "46"),
];

/// An e-mail address: without blanks, NFKC, lower case, its domain as DNS knows it, and without what
/// its host ignores. Idempotent.
pub fn email(given: &str) -> String {
    let folded = fold(given);
    let folded = folded.trim();
    let Some((local, domain)) = folded.rsplit_once('@') else { return folded.to_owned() };
    let domain = idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_owned());
    let domain = if domain == "googlemail.com" { "gmail.com".to_owned() } else { domain };
    if let Some(user) = domain.strip_suffix(".fastmail.com").filter(|user| !user.is_empty()) {
        return format!("{}@fastmail.com", significant(user, "fastmail.com"));
    }
    // What stood on both sides of a dot may be put in another order once it is gone, and a blank be left alone.
    let local = fold(&significant(local, &domain));
    format!("{}@{domain}", local.trim())
}

/// What of the part before the `@` names a mailbox. Nothing is cut that would leave nothing.
fn significant(local: &str, domain: &str) -> String {
    let kept = |cut: &str| if cut.is_empty() { local.to_owned() } else { cut.to_owned() };
    let before = |mark: char| local.split(mark).next().unwrap_or_default();
    if domain.starts_with("yahoo.") {
        return kept(before('-'));
    }
    if !PLUS.iter().any(|host| is_host(domain, host)) {
        return local.to_owned();
    }
    match domain {
        "gmail.com" => kept(&before('+').replace('.', "")),
        "proton.me" | "protonmail.com" | "pm.me" => kept(&before('+').replace(['.', '-', '_'], "")),
        _ => kept(before('+')),
    }
}

fn is_host(domain: &str, host: &str) -> bool {
    if host.ends_with('.') { domain.starts_with(host) } else { domain == host }
}

/// A phone number: `+` and its digits where its country is told or follows from the shop's time
/// zone, else its digits alone. Empty: there are none. Idempotent.
pub fn phone(given: &str, zone: Tz) -> String {
    let folded = fold(given);
    let folded = folded.trim();
    let international = folded.trim_start_matches(['(', ' ']).starts_with('+');
    // In `+49 (0)170` the zero is for callers at home.
    let folded = if international { folded.replacen("(0)", "", 1) } else { folded.to_owned() };
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    let abroad = if international { Some(digits.as_str()) } else { digits.strip_prefix("00") };
    let worldwide = match abroad.filter(|digits| !digits.is_empty()) {
        Some(abroad) => Some(abroad.to_owned()),
        None => at_home(&digits, zone),
    };
    match worldwide {
        Some(number) => format!("+{}", first(&number)),
        None => first(&digits).to_owned(),
    }
}

/// A number as it is dialled within a country, where that is simple, with the country's code.
fn at_home(digits: &str, zone: Tz) -> Option<String> {
    let code = TRUNK_ZERO.iter().find(|(known, _)| *known == zone).map(|(_, code)| code)?;
    let national = digits.strip_prefix('0').filter(|national| !national.is_empty())?;
    Some(format!("{code}{national}"))
}

fn first(digits: &str) -> &str {
    digits.get(..PHONE_DIGITS).unwrap_or(digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_mailbox_are_one() {
        let table = [
            ("anna@example.org", "anna@example.org"),
            ("  Anna@EXAMPLE.org ", "anna@example.org"),
            ("anna+shop@example.org", "anna+shop@example.org"),
            ("a.n.n.a@example.org", "a.n.n.a@example.org"),
            ("a.nna+shop@gmail.com", "anna@gmail.com"),
            ("Anna@GoogleMail.com", "anna@gmail.com"),
            ("anna+1@outlook.com", "anna@outlook.com"),
            ("an.na+1@outlook.de", "an.na@outlook.de"),
            ("anna+1@hotmail.co.uk", "anna@hotmail.co.uk"),
            ("anna+1@live.de", "anna@live.de"),
            ("anna+1@msn.com", "anna@msn.com"),
            ("anna+1@icloud.com", "anna@icloud.com"),
            ("anna+1@me.com", "anna@me.com"),
            ("anna+1@mac.com", "anna@mac.com"),
            ("an-n_a.+1@proton.me", "anna@proton.me"),
            ("anna+1@protonmail.com", "anna@protonmail.com"),
            ("anna+1@pm.me", "anna@pm.me"),
            ("anna+1@fastmail.fm", "anna@fastmail.fm"),
            ("shop@anna.fastmail.com", "anna@fastmail.com"),
            ("anna-shop@yahoo.de", "anna@yahoo.de"),
            ("anna+1@gmx.de", "anna+1@gmx.de"),
            ("anna+1@web.de", "anna+1@web.de"),
            ("x7k2@privaterelay.appleid.com", "x7k2@privaterelay.appleid.com"),
            ("anna@bücher.example", "anna@xn--bcher-kva.example"),
            ("anna@XN--BCHER-KVA.example", "anna@xn--bcher-kva.example"),
            ("ａｎｎａ@example.org", "anna@example.org"),
            ("+@gmail.com", "+@gmail.com"),
            ("not an address", "not an address"),
        ];
        for (given, expected) in table {
            assert_eq!(email(given), expected, "{given}");
        }
    }

    #[test]
    fn spellings_of_one_number_are_one() {
        let table = [
            ("+49 170 1234567", "+491701234567"),
            ("+49 (0)170 123-4567", "+491701234567"),
            ("0049170/1234567", "+491701234567"),
            ("0170 1234567", "+491701234567"),
            (" (0170) 123 45 67 ", "+491701234567"),
            ("+43 1 234", "+431234"),
            ("170 1234567", "1701234567"),
            ("０１７０ 1234567", "+491701234567"),
            ("call me", ""),
            ("0", "0"),
        ];
        for (given, expected) in table {
            assert_eq!(phone(given, Tz::Europe__Berlin), expected, "{given}");
        }
        assert_eq!(phone("0170 1234567", Tz::UTC), "01701234567", "nobody knows in which country");
        assert_eq!(phone("0664 1234567", Tz::Europe__Vienna), "+436641234567");
    }

    #[test]
    fn a_blank_beside_a_mark_that_goes_is_no_part_of_a_name() {
        assert_eq!(["- a@proton.me", "a .@gmail.com"].map(email), ["a@proton.me", "a@gmail.com"]);
    }

    #[test]
    fn marks_that_meet_when_a_dot_goes_are_put_in_order() {
        let canonical = email("\u{1e023}.\u{a3c}@gmail.com");
        assert_eq!(canonical, "\u{a3c}\u{1e023}@gmail.com");
        assert_eq!(email(&canonical), canonical);
    }

    proptest! {
        #[test]
        fn canonical_forms_are_their_own(given in "\\PC{0,40}", host in r"gmail\.com|googlemail\.com|proton\.me|yahoo\.de|x\.fastmail\.com|example\.org") {
            let address = format!("{given}@{host}");
            prop_assert_eq!(email(&email(&address)), email(&address));
            prop_assert_eq!(email(&email(&given)), email(&given));
        }

        #[test]
        fn numbers_are_their_own(given in "[-+()/ 0-9a-z]{0,24}") {
            for zone in [Tz::UTC, Tz::Europe__Berlin] {
                prop_assert_eq!(phone(&phone(&given, zone), zone), phone(&given, zone));
            }
        }

        #[test]
        fn case_and_blanks_do_not_matter(local in "[a-zäöü0-9.+_-]{1,20}", before in " {0,3}", after in " {0,3}") {
            let address = format!("{local}@example.org");
            let spelled = format!("{before}{}{after}", address.to_uppercase());
            prop_assert_eq!(email(&spelled), email(&address));
        }

        #[test]
        fn punctuation_does_not_matter(digits in "[1-9][0-9]{3,9}", places in prop::collection::vec((0usize..9, "[ /.-]"), 0..5)) {
            let mut spelled = digits.clone();
            for (place, mark) in places {
                spelled.insert_str(place.min(spelled.len()), &mark);
            }
            prop_assert_eq!(phone(&format!("+{spelled}"), Tz::UTC), phone(&format!("00{digits}"), Tz::UTC));
        }
    }
}
