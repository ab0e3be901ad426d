//! Gives an advocate a code in a program: the one that she has, or a new one.

use serde::Deserialize;

use crate::decide::answer::{Answer, Keep};
use crate::decide::counter;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::input::typed_code;
use crate::decide::programs::program;
use crate::decide::sharing::{code, share};
use crate::records::code::{Typed, folded};
use crate::records::share::naked_subject;
use crate::records::text::Reference;
use crate::records::{Code, EventKind};
use crate::refusal::{Code as Refusal, Rejection};
use crate::views::{self, Viewer};
use crate::world::Stop;

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
    pub code: Option<Typed>,
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
    let advocate = customer_lookup::known(draft, &command.customer, "/customer");
    let program = program?.ok_or_else(|| Rejection::new(Refusal::NotFound, "There is no such program."))?;
    let advocate = advocate?;
    let held = code::held(draft, program.id, advocate.id);
    let text = match command.code.as_deref() {
        Some(chosen) => chosen_code(draft, chosen),
        None => code::free(draft, &advocate),
    };
    if let Some(held) = held? {
        return answer_again(draft, &held, command);
    }
    program::check_open(draft, &program)?;
    let made = code::make(draft, &program, &advocate, text?, program.trial())?;
    announce(draft, &made)?;
    Ok(match command.viewer {
        Viewer::Shop => Answer::created(&show(draft, &made)?, format!("/v1/codes/{}", made.code)),
        Viewer::Customer => Answer { status: 201, ..Answer::ok(&show_own(draft, &made)) },
    })
}

fn chosen_code(draft: &Draft<'_>, typed: &str) -> Result<String, Stop> {
    let chosen = typed_code::chosen(typed)?;
    if typed_code::is_taken(draft, &chosen)? {
        let detail = format!("The code {chosen} is taken; choose another one, or leave it out.");
        return Err(Rejection::at(Refusal::CodeTaken, "/code", detail).into());
    }
    Ok(chosen)
}

/// A code stays as it is, for it may be printed.
fn answer_again(draft: &Draft<'_>, held: &Code, command: &CreateCode) -> Result<Answer, Stop> {
    if command.code.as_deref().is_some_and(|chosen| folded(chosen) != folded(&held.code)) {
        let detail =
            format!("The customer has the code {} in this program; a code stays, for it may be printed.", held.code);
        return Err(Rejection::at(Refusal::CodeTaken, "/code", detail).into());
    }
    Ok(match command.viewer {
        Viewer::Shop => Answer::ok(&show(draft, held)?),
        Viewer::Customer => Answer::ok(&show_own(draft, held)).keep(Keep::Never),
    })
}

/// Tells of a code that was made.
pub fn announce(draft: &mut Draft<'_>, code: &Code) -> Result<(), Stop> {
    let shown = show(draft, code)?;
    draft.event(EventKind::CodeCreated, &shown)
}

/// Shows a code.
pub fn show<'c>(draft: &Draft<'_>, code: &'c Code) -> Result<views::code::CodeView<'c>, Stop> {
    let naked = counter::count(draft, &naked_subject(code.share))?;
    Ok(views::code::code(code, naked, share::links(draft), &draft.shop.slug))
}

/// Shows an advocate her code.
pub fn show_own<'c>(draft: &Draft<'_>, code: &'c Code) -> views::me::MyCodeView<'c> {
    views::me::code(code, share::links(draft), &draft.shop.slug)
}
