//! Deletes a shop's own template: ours is good again.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::Template;
use crate::records::message::MessageKind;
use crate::world::Stop;

/// Which one.
#[derive(Clone, Debug)]
pub struct DeleteTemplate {
    /// Of which kind of mail.
    pub kind: MessageKind,
    /// In which locale.
    pub locale: String,
}

/// Decides it. What is not there is deleted.
pub fn decide(draft: &mut Draft<'_>, command: &DeleteTemplate) -> Result<Answer, Stop> {
    let id = Template::id_of(draft.shop.id, command.kind, &command.locale);
    if let Some(template) = draft.get::<Template>(id)? {
        draft.audit("delete_template", id, None);
        draft.save(Template { subject: None, ..(*template).clone() });
    }
    Ok(Answer::no_content())
}
