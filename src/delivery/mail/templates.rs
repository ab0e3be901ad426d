//! The templates of mails: a folder for each kind, found by its name in `templates/mail`; what all share beside them.
//!
//! Words are in `locales/`. Values never become templates or words, and HTML is escaped.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State};

use crate::records::message::MessageKind;
use crate::wording::{self, Language};

// `TEMPLATES`, read from the folders when this is built; a folder that lacks a part does not build.
include!(concat!(env!("OUT_DIR"), "/mail_templates.rs"));

/// A part of a mail.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    /// The subject, a line of text.
    Subject,
    /// The mail as text.
    Text,
    /// The mail as HTML.
    Html,
}

impl Part {
    fn file(self) -> &'static str {
        match self {
            Part::Subject => "subject.txt",
            Part::Text => "body.txt",
            Part::Html => "body.html",
        }
    }
}

/// Makes a part of a mail.
pub(super) fn render(kind: MessageKind, part: Part, values: Value) -> Result<String, Error> {
    ENVIRONMENT.get_template(&format!("{kind}/{}", part.file()))?.render(values)
}

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("the syntax is Jinja's own"));
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(
        |name| {
            if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None }
        },
    );
    environment.add_function("say", say);
    for (name, source) in TEMPLATES {
        environment.add_template(name, source).expect("the embedded templates are right; tests render each");
    }
    environment
});

/// Words in the mail's language: `say("mail.terms", url=terms_url)`.
fn say(state: &State<'_, '_>, key: &str, values: Kwargs) -> Result<String, Error> {
    let code = state.lookup("language").map(|language| language.to_string()).unwrap_or_default();
    let names: Vec<&str> = values.args().collect();
    let texts = names.iter().map(|name| values.get::<String>(name)).collect::<Result<Vec<_>, _>>()?;
    let pairs: Vec<(&str, &str)> = names.into_iter().zip(texts.iter().map(String::as_str)).collect();
    wording::find(Language::choose([code.as_str()]), key, &pairs)
        .ok_or_else(|| Error::new(ErrorKind::UndefinedError, format!("no words for {key}")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_folder_is_that_of_a_kind() {
        let folders = TEMPLATES.iter().filter_map(|(name, _)| name.split_once('/')).map(|(folder, _)| folder);
        assert_eq!(folders.collect::<BTreeSet<_>>(), MessageKind::WORDS.iter().copied().collect());
    }
}
