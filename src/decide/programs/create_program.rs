//! Makes a program, as a draft or active at once.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::input::own_name;
use crate::decide::ledger;
use crate::decide::programs::program::{ProgramBody, apply, default_rules};
use crate::records::program::ProgramStatus;
use crate::records::text::Slug;
use crate::records::{Json, Program};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// Programs of one shop.
const PROGRAMS: usize = 500;

/// The program's fields.
pub type CreateProgram = ProgramBody;

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &CreateProgram) -> Result<Answer, Stop> {
    let name = command.name.as_deref().ok_or_else(|| missing("name"))?;
    let landing_url = command.landing_url.as_deref().ok_or_else(|| missing("landing_url"))?;
    own_name::check_word(command.slug.as_deref().unwrap_or_default(), "/slug")?;
    let slug = command.slug.as_deref().map_or_else(|| Slug::of(name, "program"), str::to_owned);
    let same = draft.find(&Program::BY_SLUG, &slug)?;
    let others = draft.list(&Program::OF_SHOP, draft.shop.id)?;
    if same.is_some() {
        return Err(
            Rejection::at(Code::CodeTaken, "/slug", format!("The slug {slug} is taken; give another one.")).into()
        );
    }
    if others.len() >= PROGRAMS {
        return Err(Rejection::new(Code::LimitReached, format!("A shop has at most {PROGRAMS} programs.")).into());
    }
    let mut program = Program {
        id: draft.new_id("prg"),
        shop: draft.shop.id,
        version: 0,
        slug,
        name: name.to_owned(),
        status: ProgramStatus::Draft,
        priority: 0,
        landing_url: landing_url.to_owned(),
        rules: Json(default_rules()),
        content: Json::default(),
        starts_at: None,
        ends_at: None,
        created_at: draft.at(),
        activated_at: None,
        ended_at: None,
        pauses: Json::default(),
        trials: Json::default(),
        notice: Json::default(),
    };
    apply(&mut program, command, &draft.shop, draft.at())?;
    match command.status {
        None | Some(ProgramStatus::Draft) => {}
        Some(ProgramStatus::Active) if program.ends_at.is_some_and(|end| end <= draft.at()) => {
            return Err(Rejection::field("/ends_at", "a program that begins at once must end later").into());
        }
        Some(ProgramStatus::Active) => {
            program.take(ProgramStatus::Active, draft.at());
        }
        Some(_) => return Err(Rejection::field("/status", "a program begins as draft or active").into()),
    }
    ledger::set_budget(draft, &program.account(), draft.shop.currency, program.rules.budget_amount)?;
    let view = views::program::program(&program, draft.shop.currency, 0);
    let answer = Answer::created(&view, format!("/v1/programs/{}", program.id)).version(1);
    draft.audit("create_program", program.id, None);
    draft.save(program);
    Ok(answer)
}

fn missing(field: &str) -> Rejection {
    Rejection::field(format!("/{field}"), "this field is required")
}
