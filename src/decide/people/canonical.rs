//! One form for all spellings of an address, for comparing only: mail goes to what was given.

use std::collections::HashSet;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat};

use crate::records::spelling::caseless as fold;

use crate::records::country::Country;

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

/// An e-mail address: without blanks, NFKC, lower case, its domain as DNS knows it, and without what
/// its host ignores. Idempotent.
pub fn email(given: &str) -> String {
    let folded = fold(given);
    let folded = folded.trim();
    let Some((local, domain)) = folded.rsplit_once('@') else { return folded.to_owned() };
    let domain = idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_owned());
    let domain = if domain == "googlemail.com" { "gmail.com".to_owned() } else { domain };
    if let Some(user) = domain.strip_suffix(".fastmail.com").filter(|user| !user.is_empty()) {
        return mailbox(user, "fastmail.com");
    }
    mailbox(local, &domain)
}

/// What stood on both sides of a mark may be put in another order once it is gone, and a blank be left alone.
fn mailbox(local: &str, domain: &str) -> String {
    let local = fold(&significant(local, domain));
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

/// The spellings under which a phone number may be known, the one by which it is kept first: E.164, where the
/// numbering plans know it. The others are those under which it was kept while they were not asked, and while the
/// shop's country was not known. Empty: there are no digits.
pub fn phone(given: &str, country: Option<Country>) -> Vec<String> {
    let folded = fold(given);
    let mut spellings = match planned(folded.trim(), country) {
        Some(number) => {
            let (number, passed) = read_until_stable(number, country);
            [international(&number)].into_iter().chain(earlier(&number, country)).chain(passed).collect()
        }
        None => vec![unplanned(folded.trim())],
    };
    spellings.retain(|spelling| !spelling.is_empty());
    let mut seen = HashSet::new();
    spellings.retain(|spelling| seen.insert(spelling.clone()));
    spellings
}

/// A number as the plans read it: by its digits, however they are parted. `00` calls abroad from most countries, and
/// is written by people of the others too; the zero of `+49 (0)170` is for callers at home.
fn planned(text: &str, country: Option<Country>) -> Option<PhoneNumber> {
    let region = country.map(Country::region);
    let bare = bare(text);
    let without_zero = bare.starts_with('+').then(|| self::bare(&text.replacen("(0)", "", 1)));
    let abroad = bare.strip_prefix("00").map(|abroad| format!("+{abroad}"));
    let spelled = [Some(bare), without_zero, abroad].into_iter().flatten();
    let read: Vec<_> = spelled.filter_map(|text| PHONE_NUMBER_UTIL.parse(&text, region).ok()).collect();
    let best = read.iter().find(|number| number.is_valid());
    best.or_else(|| read.iter().find(|number| number.is_possible_with_reason().is_ok())).cloned()
}

/// A number that is read as itself when its E.164 form is read again, and the forms that it had on the way: of zeros
/// that stand twice before a number the plans let one fall away at a time.
fn read_until_stable(mut number: PhoneNumber, country: Option<Country>) -> (PhoneNumber, Vec<String>) {
    let mut passed = Vec::new();
    loop {
        let form = international(&number);
        match planned(&form, country) {
            Some(next) if international(&next) != form && !passed.contains(&form) => {
                passed.push(form);
                number = next;
            }
            _ => return (number, passed),
        }
    }
}

/// The digits, and the `+` before them.
fn bare(text: &str) -> String {
    let plus = if is_international(text) { "+" } else { "" };
    format!("{plus}{}", digits(text))
}

fn is_international(text: &str) -> bool {
    text.trim_start_matches(['(', ' ']).starts_with('+')
}

fn international(number: &PhoneNumber) -> String {
    number.format_as(PhoneNumberFormat::E164).into_owned()
}

/// How a number was kept before: with the zero that falls away, and as it is dialled at home.
fn earlier(number: &PhoneNumber, country: Option<Country>) -> Vec<String> {
    let bare = number.get_national_significant_number();
    let dialled = digits(&number.format_as(PhoneNumberFormat::National));
    let code = number.country_code;
    let abroad = [format!("+{code}{dialled}"), format!("+{code}0{bare}")];
    let is_home = country.and_then(Country::calling_code) == Some(code);
    let at_home = [format!("0{bare}"), format!("{code}{bare}"), dialled, bare].into_iter().filter(|_| is_home);
    abroad.into_iter().chain(at_home).map(|spelling| first(&spelling)).collect()
}

/// What no plan knows: `+` and the digits where a country is told, else the digits alone.
fn unplanned(text: &str) -> String {
    let digits = digits(text);
    let abroad = if is_international(text) { Some(digits.as_str()) } else { digits.strip_prefix("00") };
    match abroad.filter(|digits| !digits.is_empty()) {
        Some(abroad) => first(&format!("+{abroad}")),
        None => first(&digits),
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// As many digits as a number can have.
fn first(number: &str) -> String {
    let length = PHONE_DIGITS + usize::from(number.starts_with('+'));
    number.chars().take(length).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::records::text::Phone;

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

    fn kept(given: &str, country: &str) -> String {
        phone(given, Country::parse(country).ok()).into_iter().next().unwrap_or_default()
    }

    #[test]
    fn spellings_of_one_number_are_one() {
        let table: &[(&str, &str, &[&str])] = &[
            (
                "DE",
                "+491615594078",
                &[
                    "0161 5594078",
                    "+49 0161 5594078",
                    "0049 (0)161 5594078",
                    "(0161) 559-4078",
                    "+49161/5594078",
                    "０１６１ 5594078",
                ],
            ),
            ("DE", "+491701234567", &["0170 1234567", "+49 (0) 170 1234567", " (+49) 170 1234567", "170 1234567"]),
            ("DE", "+390612345678", &["0039 06 1234 5678", "+39 06 12345678"]),
            ("AT", "+436641234567", &["0664 1234567", "0043 664 1234567", "+43 (0)664 1234567"]),
            ("CH", "+41791234567", &["079 123 45 67", "0041 (0)79 123 45 67", "+41 079 123 45 67"]),
            ("IT", "+390612345678", &["06 1234 5678", "+39 06 1234 5678", "0039 0612345678", "+39 (0)6 12345678"]),
            ("IT", "+393471234567", &["347 123 4567", "+39 347 1234567"]),
            ("ES", "+34612345678", &["612 34 56 78", "+34 612 345 678", "0034 612345678"]),
            ("PL", "+48512345678", &["512 345 678", "+48 512 345 678", "0048 512345678"]),
            ("DK", "+4520123456", &["20 12 34 56", "+45 20123456", "0045 20123456"]),
            ("FI", "+358401234567", &["040 1234567", "+358 40 1234567", "00358 (0)40 1234567"]),
            ("IE", "+353850123456", &["085 012 3456", "+353 85 012 3456", "00353 (0)85 0123456"]),
            (
                "US",
                "+12125550123",
                &["(212) 555-0123", "212.555.0123", "1-212-555-0123", "+1 212 555 0123", "011 1 212 555 0123"],
            ),
            ("US", "+491615594078", &["011 49 161 5594078", "0049 161 5594078", "+49 (0)161 5594078"]),
            ("GB", "+447400123456", &["07400 123456", "+44 (0)7400 123456", "0044 7400 123456"]),
            ("HU", "+36201234567", &["06 20 123 4567", "+36 20 123 4567", "+36 06 20 123 4567"]),
            ("FR", "+33612345678", &["06 12 34 56 78", "+33 (0)6 12 34 56 78", "0033612345678"]),
            ("BR", "+5511961234567", &["(11) 96123-4567", "+55 11 96123-4567", "0 15 11 96123-4567"]),
            ("BR", "+551961234567", &["+5501961234567", "+551961234567"]),
            ("DE", "+49805594078", &["+49 0080 5594078", "+49 080 5594078", "+49 80 5594078"]),
            ("", "+491615594078", &["+49 0161 5594078", "0049 161 5594078", "+49 (0)161 5594078"]),
            ("", "01615594078", &["0161 5594078"]),
            ("", "1701234567", &["170 1234567"]),
            ("", "", &["call me", ""]),
        ];
        for (country, expected, spellings) in table {
            for spelling in *spellings {
                assert_eq!(kept(spelling, country), *expected, "{spelling} in {country:?}");
            }
        }
    }

    /// Spellings as the release before kept them, without the plans.
    #[test]
    fn what_was_kept_before_is_looked_for() {
        let table = [
            ("DE", "0161 5594078", "+4901615594078"),
            ("DE", "+49 161 5594078", "01615594078"),
            ("IT", "+39 06 1234 5678", "0612345678"),
            ("ES", "+34 612 345 678", "612345678"),
            ("IE", "+353 85 012 3456", "0850123456"),
            ("US", "+1 212 555 0123", "2125550123"),
            ("US", "(212) 555-0123", "12125550123"),
            ("HU", "+36 20 123 4567", "06201234567"),
        ];
        for (country, spelling, before) in table {
            let looked_for = phone(spelling, Country::parse(country).ok());
            assert!(looked_for.iter().skip(1).any(|each| each == before), "{spelling}: {looked_for:?}");
        }
        let abroad = phone("+1 212 555 0123", Country::parse("DE").ok());
        assert!(abroad.iter().all(|each| each.starts_with('+')), "at home that is another's: {abroad:?}");
    }

    #[test]
    fn a_blank_beside_a_mark_that_goes_is_no_part_of_a_name() {
        let spelled = ["- a@proton.me", "a .@gmail.com", "a@anna .fastmail.com"];
        assert_eq!(spelled.map(email), ["a@proton.me", "a@gmail.com", "anna@fastmail.com"]);
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
        fn numbers_are_their_own(given in "[+(]{0,2}[0-9][-()/ 0-9]{2,24}") {
            prop_assume!(Phone::parse(&given).is_ok());
            for country in ["", "DE", "IT", "US"] {
                let once = kept(&given, country);
                prop_assert_eq!(kept(&once, country), once.clone(), "{} in {:?}", given, country);
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
            prop_assert_eq!(kept(&format!("+{spelled}"), ""), kept(&format!("00{digits}"), ""));
        }
    }
}
