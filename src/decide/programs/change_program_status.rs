//! `draft → active ⇄ paused → ended`

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::ledger;
use crate::records::program::ProgramStatus::{self, Active, Draft as DraftStatus, Ended, Paused};
use crate::records::{EventKind, Id, Program};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The program and where it goes.
#[derive(Clone, Debug)]
pub struct ChangeProgramStatus {
    /// The program.
    pub id: Id,
    /// The state that it takes.
    pub to: ProgramStatus,
}

/// Decides it. The state that it has already is answered again.
pub fn decide(draft: &mut Draft<'_>, command: &ChangeProgramStatus) -> Result<Answer, Stop> {
    let program = draft.get::<Program>(command.id)?;
    let program = program.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such program."))?;
    let used = -ledger::account(draft, &program.account(), draft.shop.currency)?.balance;
    let currency = draft.shop.currency;
    if program.status == command.to {
        return Ok(Answer::ok(&views::program::program(&program, currency, used)).version(program.version));
    }
    let allowed = matches!(
        (program.status, command.to),
        (DraftStatus | Paused, Active) | (Active, Paused) | (DraftStatus | Active | Paused, Ended)
    );
    if !allowed {
        let detail = format!("A program that is {} cannot become {}.", program.status, command.to);
        return Err(Rejection::new(Code::IllegalTransition, detail).into());
    }
    if command.to == Active && program.ends_at.is_some_and(|end| end <= draft.at()) {
        let detail = "Its ends_at is over, so it would count nothing; PATCH a later one first.";
        return Err(Rejection::new(Code::IllegalTransition, detail).into());
    }
    let mut changed = (*program).clone();
    changed.take(command.to, draft.at());
    let view = views::program::program(&changed, currency, used);
    let answer = Answer::ok(&view).version(changed.version + 1);
    if command.to == Ended {
        draft.event(EventKind::ProgramEnded, &view)?;
    }
    draft.audit(verb(command.to), changed.id, None);
    draft.save(changed);
    Ok(answer)
}

fn verb(to: ProgramStatus) -> &'static str {
    match to {
        Active => "activate_program",
        Paused => "pause_program",
        _ => "end_program",
    }
}
