//! What a typed code leads to, and which codes are taken: vouchers and advocates' codes share one
//! namespace, in which each is compared in its folded form.

use std::ops::RangeInclusive;
use std::rc::Rc;

use unicode_normalization::UnicodeNormalization;

use crate::decide::draft::Draft;
use crate::decide::input::own_name;
use crate::records::code::{folded, plain};
use crate::records::{Code, Id, TakenCode, Voucher};
use crate::refusal::Rejection;
use crate::world::Stop;

/// Least and most letters and digits of a code that somebody chose.
const CHOSEN_LETTERS: RangeInclusive<usize> = 4..=32;
/// Most characters of it, hyphens and all.
const CHOSEN_CHARS: usize = 64;

/// The keyed hash by which the voucher with a typed code is found.
pub fn key(draft: &Draft<'_>, typed: &str) -> String {
    draft.installation.vault.code_key(draft.shop.id, &folded(typed))
}

/// The voucher with a typed code.
pub fn voucher(draft: &Draft<'_>, typed: &str) -> Result<Option<Rc<Voucher>>, Stop> {
    draft.find(&Voucher::BY_CODE, &key(draft, typed))
}

/// The advocate's code that was typed. Some are older than the folded form: as it is written counts first.
pub fn advocate(draft: &Draft<'_>, typed: &str) -> Result<Option<Rc<Code>>, Stop> {
    let as_written = draft.find(&Code::BY_PLAIN, &plain(typed))?;
    let as_compared = draft.find(&Code::BY_FOLDED, &folded(typed))?;
    Ok(as_written.or(as_compared))
}

/// Whether a code is somebody's already, a voucher's or an advocate's.
pub fn is_taken(draft: &Draft<'_>, typed: &str) -> Result<bool, Stop> {
    let (voucher, advocate) = (voucher(draft, typed)?, advocate(draft, typed)?);
    let taken = draft.get::<TakenCode>(id(draft, typed))?;
    Ok(voucher.is_some() || advocate.is_some() || taken.is_some_and(|taken| taken.owner.is_some()))
}

/// Takes a code that was found free, for a voucher or an advocate's code.
pub fn take(draft: &mut Draft<'_>, code: &str, owner: Id) -> Result<(), Stop> {
    let taken = draft.get::<TakenCode>(id(draft, code))?;
    let (id, created_at) = (id(draft, code), draft.at());
    let version = taken.map_or(0, |taken| taken.version);
    draft.save(TakenCode { id, shop: draft.shop.id, version, owner: Some(owner), created_at });
    Ok(())
}

/// Frees a code of which its owner is erased.
pub fn free(draft: &mut Draft<'_>, code: &str, owner: Id) -> Result<(), Stop> {
    let taken = draft.get::<TakenCode>(id(draft, code))?;
    if let Some(taken) = taken.filter(|taken| taken.owner == Some(owner)) {
        draft.save(TakenCode { owner: None, ..(*taken).clone() });
    }
    Ok(())
}

/// A code that somebody chose, as it is shown; refuses what cannot be one.
pub fn chosen(typed: &str) -> Result<String, Rejection> {
    let code: String = typed.trim().nfkc().flat_map(char::to_uppercase).collect();
    let fits = code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && code.len() <= CHOSEN_CHARS;
    if !fits || !CHOSEN_LETTERS.contains(&plain(&code).len()) {
        let (least, most) = (CHOSEN_LETTERS.start(), CHOSEN_LETTERS.end());
        let detail = format!(
            "{least} to {most} letters (A to Z) and digits are expected, hyphens may stand between, nothing else"
        );
        return Err(Rejection::field("/code", detail));
    }
    // Whoever types an id where a code is asked for means nobody's code.
    let plain = plain(&code);
    own_name::check_word(&format!("{}_{}", &plain[..3], &plain[3..]), "/code")?;
    Ok(code)
}

fn id(draft: &Draft<'_>, typed: &str) -> Id {
    TakenCode::id_of(draft.shop.id, &key(draft, typed))
}
