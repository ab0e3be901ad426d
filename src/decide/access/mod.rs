//! Who may do what: operators and keys, and what nobody gives alone.

pub mod approve_key;
pub mod create_key;
pub mod create_operator;
pub mod delete_key;
pub mod delete_operator;
pub(crate) mod four_eyes;
pub mod note_guessing;
pub(crate) mod permission;
pub mod update_key;
pub mod update_operator;

commands! {
    approve_key::ApproveKey,
    create_key::CreateKey,
    create_operator::CreateOperator,
    delete_key::DeleteKey,
    delete_operator::DeleteOperator,
    note_guessing::NoteGuessing,
    update_key::UpdateKey,
    update_operator::UpdateOperator,
}
