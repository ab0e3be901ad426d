//! A program's dates are over: it ends by itself.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::ledger;
use crate::records::program::ProgramStatus::{Active, Ended, Paused};
use crate::records::{EventKind, Id, Program};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The program that the sweep found due.
#[derive(Clone, Debug)]
pub struct EndProgram {
    /// The program.
    pub program: Id,
}

/// Decides it. Whether it is due is decided by time; found twice, it ends once. A draft never began.
pub fn decide(draft: &mut Draft<'_>, command: &EndProgram) -> Result<Answer, Stop> {
    let program = draft.get::<Program>(command.program)?;
    let program = program.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such program."))?;
    let over = program.ends_at.filter(|end| *end <= draft.at());
    let (Some(end), Active | Paused) = (over, program.status) else { return Ok(Answer::no_content()) };
    let used = -ledger::account(draft, &program.account(), draft.shop.currency)?.balance;
    let mut ended = (*program).clone();
    ended.take(Ended, end);
    draft.event(EventKind::ProgramEnded, &views::program::program(&ended, draft.shop.currency, used))?;
    draft.save(ended);
    Ok(Answer::no_content())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::programs::change_program_status::ChangeProgramStatus;
    use crate::decide::programs::create_program::CreateProgram;
    use crate::decide::testing::bench::Bench;
    use crate::records::Event;
    use crate::records::program::ProgramStatus::{self, Draft as DraftStatus};

    /// A program in this state that ends after three days.
    fn program(bench: &mut Bench, status: ProgramStatus) -> Id {
        let body = format!(
            r#"{{"name":"Tell","landing_url":"https://shop.example/","rewards":[],"ends_at":"{}"}}"#,
            bench.at.plus_days(3)
        );
        let command: CreateProgram = serde_json::from_str(&body).expect("a program");
        bench.decide(command).expect("it is made");
        let id = bench.all::<Program>()[0].id;
        bench.change::<Program>(id, |program| program.status = status);
        id
    }

    #[test]
    fn what_runs_or_rests_ends_with_its_dates_once() {
        for status in [Active, Paused] {
            let mut bench = Bench::new();
            let program = program(&mut bench, status);
            let end = bench.at.plus_days(3);
            for (days, expected) in [(2, status), (1, Ended), (1, Ended)] {
                bench.at = bench.at.plus_days(days);
                bench.decide(EndProgram { program }).expect("it is never refused");
                assert_eq!(bench.get::<Program>(program).status, expected);
            }
            assert_eq!(
                bench.get::<Program>(program).ended_at,
                Some(end),
                "when its time was over, not when it was seen"
            );
            let told = bench.all::<Event>().iter().filter(|event| event.kind == EventKind::ProgramEnded).count();
            assert_eq!(told, 1);
        }
    }

    #[test]
    fn a_draft_never_began_and_cannot_begin_when_its_time_is_over() {
        let mut bench = Bench::new();
        let id = program(&mut bench, DraftStatus);
        bench.at = bench.at.plus_days(3);
        bench.decide(EndProgram { program: id }).expect("it is never refused");
        assert_eq!(bench.get::<Program>(id).status, DraftStatus);
        let refused = bench.decide(ChangeProgramStatus { id, to: Active }).expect_err("it would never count");
        assert_eq!(refused.code, Code::IllegalTransition);
        let late = format!(
            r#"{{"name":"Late","status":"active","landing_url":"https://shop.example/","rewards":[],"ends_at":"{}"}}"#,
            bench.at
        );
        let command: CreateProgram = serde_json::from_str(&late).expect("a program");
        assert_eq!(bench.decide(command).expect_err("it is over").errors[0].pointer, "/ends_at");
    }
}
