//! Gives an advocate a code in a program: the one that she has, or a new one.

use serde::Deserialize;

use super::answer::Answer;
use super::draft::Draft;
use super::parts::{code, customer, program, share};
use crate::records::code::plain;
use crate::records::text::{Reference, Text};
use crate::records::{Code, Id};
use crate::refusal::{Code as Refusal, Rejection};
use crate::views::{self, Viewer};
use crate::world::Stop;

/// Fewest letters and digits of a code that somebody chose.
const CHOSEN_MIN: usize = 4;

/// The advocate, and the code that she would like.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateCode {
    /// The program, from the path: id or slug.
    #[serde(skip)]
    pub program: String,
    /// The advocate: `external_id` or `cus_…`.
    pub customer: Reference,
    /// The code; left out: one is made of her first name.
    #[serde(default)]
    pub code: Option<Text<4, 32>>,
    /// Who asks; not from the body.
    #[serde(skip)]
    pub viewer: Viewer,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &CreateCode) -> Result<Answer, Stop> {
    let program = match command.viewer {
        Viewer::Shop => program::named(draft, &command.program),
        Viewer::Customer => program::known(draft, &command.program, "/program").map(Some),
    };
    let advocate = customer::known(draft, &command.customer, "/customer");
    let program = program?.ok_or_else(|| Rejection::new(Refusal::NotFound, "There is no such program."))?;
    let advocate = advocate?;
    if let Some(held) = code::held(draft, program.id, advocate.id)? {
        return answer_again(draft, &held, command);
    }
    program::check_open(draft, &program)?;
    let chosen = command.code.as_deref().map(|chosen| chosen_code(draft, chosen)).transpose()?;
    let text = chosen.map_or_else(|| code::free(draft, &advocate), Ok)?;
    let made = code::make(draft, &program, &advocate, text)?;
    Ok(match command.viewer {
        Viewer::Shop => Answer::created(&show(draft, &made), format!("/v1/codes/{}", made.code)),
        Viewer::Customer => Answer { status: 201, ..Answer::ok(&show_own(draft, &made)) },
    })
}

fn chosen_code(draft: &Draft<'_>, chosen: &str) -> Result<String, Stop> {
    let chosen = check_text(chosen)?;
    if code::is_taken(draft, &plain(&chosen))? {
        let detail = format!("The code {chosen} is taken; choose another one, or leave it out.");
        return Err(Rejection::at(Refusal::CodeTaken, "/code", detail).into());
    }
    Ok(chosen)
}

/// A code that somebody chose, as it is shown; refuses what cannot be one.
pub fn check_text(chosen: &str) -> Result<String, Rejection> {
    let chosen = chosen.trim().to_uppercase();
    let fits = chosen.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let plain = plain(&chosen);
    // A code that looks like an id of ours could not be told from one in a path.
    if !fits || plain.len() < CHOSEN_MIN || Id::parse("cod", &chosen.to_lowercase()).is_some() {
        let detail =
            format!("at least {CHOSEN_MIN} letters (A to Z) or digits are expected, and hyphens, nothing else");
        return Err(Rejection::field("/code", detail));
    }
    Ok(chosen)
}

/// A code stays as it is, for it may be printed.
fn answer_again(draft: &Draft<'_>, held: &Code, command: &CreateCode) -> Result<Answer, Stop> {
    if command.code.as_deref().is_some_and(|chosen| plain(chosen) != held.plain) {
        let detail =
            format!("The customer has the code {} in this program; a code stays, for it may be printed.", held.code);
        return Err(Rejection::at(Refusal::CodeTaken, "/code", detail).into());
    }
    Ok(match command.viewer {
        Viewer::Shop => Answer::ok(&show(draft, held)),
        Viewer::Customer => Answer::ok(&show_own(draft, held)),
    })
}

/// Shows a code.
pub fn show<'c>(draft: &Draft<'_>, code: &'c Code) -> views::code::CodeView<'c> {
    views::code::code(code, share::links(draft), &draft.shop.slug)
}

/// Shows an advocate her code.
pub fn show_own<'c>(draft: &Draft<'_>, code: &'c Code) -> views::me::MyCodeView<'c> {
    views::me::code(code, share::links(draft), &draft.shop.slug)
}
