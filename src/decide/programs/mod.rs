//! The rules, dates and budgets of referral campaigns, and what their limits count.

pub(crate) mod budget;
pub mod change_program_status;
pub mod create_program;
pub mod end_program;
pub(crate) mod program;
pub(crate) mod rule_identity;
pub mod update_program;
pub(crate) mod usage_limits;

commands! {
    change_program_status::ChangeProgramStatus,
    create_program::CreateProgram,
    end_program::EndProgram,
    update_program::UpdateProgram,
}
