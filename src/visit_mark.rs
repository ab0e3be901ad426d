//! The mark that a visit leaves in the landing page's address: `gv=TOKEN-VISIT`, 32 characters of `[A-Za-z0-9_-]`, so
//! that it fits where others take ids: Stripe's `client_reference_id`, Telegram's `start`. A token has 11 letters and
//! digits, so that the two are told apart by their places; the form with a dot stays good.
//!
//! Who ordered may bring the whole link as it was copied: what it carries is found in it.
//!
//! VISIT holds its own proof, so that an order that brings it tells when its link was opened without
//! a stored visit: the minute (4 bytes, minutes since 1970, UTC, big-endian), 5 random bytes, and 6
//! bytes of HMAC-SHA256 over token, minute and random; 20 characters of base64url (RFC 4648, 5).
//! It names no person. Who wins by it is decided in `decide`.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::records::shop::MARK_PARAMETER;

const MINUTE_MS: i64 = 60_000;
const STAMP_BYTES: usize = 4 + 5;
const MAC_BYTES: usize = 6;
const MARK_BYTES: usize = STAMP_BYTES + MAC_BYTES;
/// Characters of a mark.
const MARK_CHARS: usize = 20;
/// Characters of a token.
const TOKEN_CHARS: usize = 11;

/// The mark of one visit: how it is minted and read.
#[derive(Clone, Copy, Debug)]
pub struct VisitMark;

/// What was read: a share's token, perhaps with the mark of a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The share's token; whether it exists is for others to find out.
    pub token: String,
    /// Its mark.
    pub mark: Mark,
}

/// What became of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// None was given.
    Absent,
    /// Ours, for this token.
    Genuine {
        /// The beginning of the minute in which the link was opened, milliseconds since 1970.
        visited_at_ms: i64,
    },
    /// Not ours, for another token, or garbled on the way: it proves no more than none.
    Forged,
}

impl Reading {
    /// When the link was opened, milliseconds since 1970, if a genuine mark says so.
    pub fn visited_at_ms(&self) -> Option<i64> {
        match self.mark {
            Mark::Genuine { visited_at_ms } => Some(visited_at_ms),
            Mark::Absent | Mark::Forged => None,
        }
    }
}

impl VisitMark {
    /// Makes the VISIT of an opening at `at_ms` (milliseconds since 1970, cut to the minute).
    pub fn mint(key: &hmac::Key, token: &str, at_ms: i64, random: [u8; 5]) -> String {
        let minute = at_ms.div_euclid(MINUTE_MS).clamp(0, i64::from(u32::MAX));
        let minute = u32::try_from(minute).expect("clamped to what fits");
        let mut mark = [0; MARK_BYTES];
        mark[..4].copy_from_slice(&minute.to_be_bytes());
        mark[4..STAMP_BYTES].copy_from_slice(&random);
        let mac = mac(key, token, &mark[..STAMP_BYTES]);
        mark[STAMP_BYTES..].copy_from_slice(&mac);
        URL_SAFE_NO_PAD.encode(mark)
    }

    /// The two as an address carries them.
    pub fn joined(token: &str, visit: &str) -> String {
        format!("{token}-{visit}")
    }

    /// Reads `TOKEN`, `TOKEN-VISIT` or `TOKEN.VISIT`, or a link that carries one; blanks around it are ignored.
    pub fn read(key: &hmac::Key, evidence: &str) -> Reading {
        let (token, visit) = parts(copied(evidence.trim()));
        let mark = match visit {
            None => Mark::Absent,
            Some(visit) => {
                genuine(key, token, visit).map_or(Mark::Forged, |visited_at_ms| Mark::Genuine { visited_at_ms })
            }
        };
        Reading { token: token.to_owned(), mark }
    }
}

/// The VISIT of a piece of evidence, whether it is ours or not.
pub fn visit_of(evidence: &str) -> Option<&str> {
    parts(copied(evidence.trim())).1
}

/// The token and what stands behind it.
fn parts(evidence: &str) -> (&str, Option<&str>) {
    if is_token(evidence.get(..TOKEN_CHARS)) && evidence[TOKEN_CHARS..].starts_with(['-', '.']) {
        return (&evidence[..TOKEN_CHARS], Some(&evidence[TOKEN_CHARS + 1..]));
    }
    match evidence.split_once('.') {
        Some((token, visit)) => (token, Some(visit)),
        None => (evidence, None),
    }
}

fn is_token(text: Option<&str>) -> bool {
    text.is_some_and(|text| text.len() == TOKEN_CHARS && text.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// What a link carries that was copied whole: of a landing page's address the value with a mark, whatever its name, or
/// [`MARK_PARAMETER`]; of a share's link its token. What is no link is itself.
fn copied(evidence: &str) -> &str {
    if !evidence.contains(['/', '?', '=']) {
        return evidence;
    }
    let (path, query) = evidence.split_once('?').unwrap_or(("", evidence));
    let query = query.split('#').next().unwrap_or_default();
    let pairs = || query.split('&').filter_map(|pair| pair.split_once('='));
    let has_mark = |value: &&str| value.len() == TOKEN_CHARS + 1 + MARK_CHARS && parts(value).1.is_some();
    let marked = pairs().map(|(_, value)| value).find(has_mark);
    let named = || pairs().find(|(name, _)| name.eq_ignore_ascii_case(MARK_PARAMETER)).map(|(_, value)| value);
    let path = if path.is_empty() { evidence } else { path };
    let opened = || {
        let behind = path.split_once("/s/")?.1;
        let end = behind.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(behind.len());
        Some(&behind[..end]).filter(|token| is_token(Some(token)))
    };
    marked.or_else(named).or_else(opened).unwrap_or(evidence)
}

fn genuine(key: &hmac::Key, token: &str, visit: &str) -> Option<i64> {
    if visit.len() != MARK_CHARS {
        return None;
    }
    let mut mark = [0; MARK_BYTES];
    URL_SAFE_NO_PAD.decode_slice(visit, &mut mark).ok()?;
    let (stamp, given) = mark.split_at(STAMP_BYTES);
    verify_slices_are_equal(&mac(key, token, stamp), given).ok()?;
    let minute = u32::from_be_bytes(*stamp.first_chunk()?);
    Some(i64::from(minute) * MINUTE_MS)
}

/// The stamp has a fixed length and comes last, so that no two pairs of token and stamp are signed
/// as the same bytes.
fn mac(key: &hmac::Key, token: &str, stamp: &[u8]) -> [u8; MAC_BYTES] {
    let mut context = hmac::Context::with_key(key);
    context.update(token.as_bytes());
    context.update(stamp);
    let tag = context.sign();
    *tag.as_ref().first_chunk().expect("SHA-256 gives 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const AT_MS: i64 = 1_795_430_463_123;
    const TOKEN: &str = "a1B2c3D4e5F";

    fn key(secret: &[u8]) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, secret)
    }

    fn read(evidence: &str) -> Reading {
        VisitMark::read(&key(b"one"), evidence)
    }

    #[test]
    fn a_token_alone_has_no_mark() {
        let evidence = read(" a1B2c3D4e5F\n");
        assert_eq!((evidence.token.as_str(), evidence.mark), (TOKEN, Mark::Absent));
        assert_eq!(evidence.visited_at_ms(), None);
    }

    #[test]
    fn a_mark_tells_the_minute() {
        let visit = VisitMark::mint(&key(b"one"), TOKEN, AT_MS, [1, 2, 3, 4, 5]);
        assert_eq!(visit.len(), MARK_CHARS);
        for both in [format!("{TOKEN}.{visit}"), VisitMark::joined(TOKEN, &visit)] {
            let evidence = read(&both);
            assert_eq!((both.len(), evidence.token.as_str()), (32, TOKEN));
            assert_eq!(evidence.visited_at_ms(), Some(AT_MS - AT_MS % MINUTE_MS));
        }
    }

    #[test]
    fn what_is_told_apart_by_its_place_may_begin_with_anything() {
        let minted = (0..=u8::MAX).map(|random| VisitMark::mint(&key(b"one"), TOKEN, i64::MAX, [random; 5]));
        let mut begun: Vec<char> = Vec::new();
        for visit in minted.chain([VisitMark::mint(&key(b"one"), TOKEN, 0, [0; 5])]) {
            begun.extend(visit.chars().next());
            assert!(read(&VisitMark::joined(TOKEN, &visit)).visited_at_ms().is_some(), "{visit}");
        }
        assert!(begun.contains(&'_'));
    }

    #[test]
    fn a_link_that_was_copied_is_read() {
        let visit = VisitMark::mint(&key(b"one"), TOKEN, AT_MS, [1, 2, 3, 4, 5]);
        let both = VisitMark::joined(TOKEN, &visit);
        for link in [
            format!("https://shop.example/mug?color=blue&gv={both}&utm_source=whatsapp#top"),
            format!("/mug?gv={TOKEN}.{visit}"),
            format!("https://shop.example/?campaignCode={both}"),
            format!("https://buy.example/x?prefilled=1&client_reference_id={both}"),
            format!("gv={both}"),
            format!(" https://g.example/s/{TOKEN}?gv={both} "),
        ] {
            let evidence = read(&link);
            assert_eq!((evidence.token.as_str(), visit_of(&link)), (TOKEN, Some(visit.as_str())), "{link}");
            assert!(evidence.visited_at_ms().is_some(), "{link}");
        }
        for link in [
            format!("https://g.example/s/{TOKEN}"),
            format!("https://g.example/s/{TOKEN}/"),
            format!("g.example/s/{TOKEN}?fbclid=1"),
            format!("https://shop.example/?gv={TOKEN}"),
            format!("/?GV={TOKEN}&x=1"),
        ] {
            assert_eq!(read(&link), Reading { token: TOKEN.to_owned(), mark: Mark::Absent }, "{link}");
        }
        for nothing in ["https://shop.example/", "/s/short", "?gv", "a=b", "https://g.example/s/a1B2c3D4e5FHallo"] {
            assert_ne!(read(nothing).token, TOKEN, "{nothing}");
        }
    }

    #[test]
    fn another_key_or_token_makes_it_a_forgery() {
        let foreign = VisitMark::mint(&key(b"two"), TOKEN, AT_MS, [0; 5]);
        assert_eq!(read(&format!("{TOKEN}.{foreign}")).mark, Mark::Forged);
        let moved = VisitMark::mint(&key(b"one"), "a1B2c3D4e5G", AT_MS, [0; 5]);
        let evidence = read(&format!("{TOKEN}.{moved}"));
        assert_eq!((evidence.token.as_str(), evidence.mark), (TOKEN, Mark::Forged));
    }

    #[test]
    fn what_is_garbled_counts_as_no_mark() {
        let visit = VisitMark::mint(&key(b"one"), TOKEN, AT_MS, [7; 5]);
        for garbled in ["", ".", "x", &visit[1..], &format!("{visit}="), &format!("{visit}.{visit}"), "äöüäöüäöüä"]
        {
            let evidence = read(&format!("{TOKEN}.{garbled}"));
            assert_eq!((evidence.token.as_str(), evidence.mark), (TOKEN, Mark::Forged), "{garbled:?}");
        }
    }

    #[test]
    fn clocks_out_of_range_are_cut() {
        for at_ms in [i64::MIN, -1, i64::MAX] {
            let visit = VisitMark::mint(&key(b"one"), TOKEN, at_ms, [0; 5]);
            let visited = read(&format!("{TOKEN}.{visit}")).visited_at_ms();
            assert_eq!(visited, Some(if at_ms < 0 { 0 } else { i64::from(u32::MAX) * MINUTE_MS }));
        }
    }

    proptest! {
        #[test]
        fn every_mark_reads_back(token in "[0-9A-Za-z]{11}", minute in 0..=u32::MAX, random: [u8; 5], ms in 0..MINUTE_MS) {
            let at_ms = i64::from(minute) * MINUTE_MS;
            let visit = VisitMark::mint(&key(b"one"), &token, at_ms + ms, random);
            prop_assert!(visit.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
            prop_assert_eq!(read(&format!("{token}.{visit}")).visited_at_ms(), Some(at_ms));
        }

        #[test]
        fn one_changed_character_is_noticed(at in 0..MARK_CHARS, other in "[A-Za-z0-9_-]") {
            let visit = VisitMark::mint(&key(b"one"), TOKEN, AT_MS, [9; 5]);
            let mut changed = visit.clone();
            changed.replace_range(at..=at, &other);
            for both in [format!("{TOKEN}.{changed}"), VisitMark::joined(TOKEN, &changed)] {
                prop_assert_eq!(read(&both).mark != Mark::Forged, changed == visit);
            }
        }

        #[test]
        fn anything_at_all_can_be_read(evidence: String) {
            let read = read(&evidence);
            prop_assert!(evidence.contains(&read.token));
        }
    }
}
