//! The templates of mails: a folder for each kind, found by its name in `templates/mail`; what all share beside them.
//!
//! Words are in `locales/`. Values never become templates or words, and HTML is escaped.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State};

use crate::records::Template;
use crate::records::message::MessageKind;
use crate::wording::{self, Language};

// `TEMPLATES`, read from the folders when this is built; a folder that lacks a part does not build.
include!(concat!(env!("OUT_DIR"), "/mail_templates.rs"));

/// What a template may cost: steps, and bytes that it makes, many times what ours do.
const FUEL: u64 = 5_000_000;

/// The sources of a mail's parts, in place of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sources {
    /// The subject.
    pub subject: String,
    /// The mail as text.
    pub text: String,
    /// The mail as HTML.
    pub html: String,
}

impl Sources {
    /// Of a template of the shop's own.
    pub fn of(template: &Template) -> Self {
        let subject = template.subject.clone().unwrap_or_default();
        Self { subject, text: template.text.clone(), html: template.html.clone() }
    }

    /// Ours.
    pub fn ours(kind: MessageKind) -> Self {
        let [subject, text, html] = Part::ALL.map(|part| source(&file_of(kind, part)).to_owned());
        Self { subject, text, html }
    }

    /// One of them.
    pub(super) fn part(&self, part: Part) -> &str {
        match part {
            Part::Subject => &self.subject,
            Part::Text => &self.text,
            Part::Html => &self.html,
        }
    }
}

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
    /// Every part.
    pub(super) const ALL: [Self; 3] = [Self::Subject, Self::Text, Self::Html];

    /// What the API calls it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Part::Subject => "subject",
            Part::Text => "text",
            Part::Html => "html",
        }
    }

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
    ENVIRONMENT.get_template(&file_of(kind, part))?.render(values)
}

/// Makes a part of a mail of a shop's own source; it may extend and include ours.
pub(super) fn render_source(part: Part, source: &str, values: Value) -> Result<String, Error> {
    ENVIRONMENT.render_named_str(part.file(), source, values)
}

/// The values that a source names; an error where it does not compile.
pub(super) fn names(part: Part, source: &str) -> Result<BTreeSet<String>, Error> {
    let template = ENVIRONMENT.template_from_named_str(part.file(), source)?;
    Ok(template.undeclared_variables(false).into_iter().collect())
}

/// The values and functions that mails of a kind have: those that our own templates name.
pub(super) fn known(kind: MessageKind) -> BTreeSet<String> {
    let shared = ["layout.html", "footer.txt"].map(str::to_owned);
    let files = Part::ALL.map(|part| file_of(kind, part)).into_iter().chain(shared);
    let templates = files.filter_map(|file| ENVIRONMENT.get_template(&file).ok());
    let named = templates.flat_map(|template| template.undeclared_variables(false));
    named.chain(["greeting", "shop", "language"].map(str::to_owned)).collect()
}

fn file_of(kind: MessageKind, part: Part) -> String {
    format!("{kind}/{}", part.file())
}

fn source(file: &str) -> &'static str {
    TEMPLATES.iter().find(|(name, _)| *name == file).map_or("", |(_, source)| source)
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
    environment.set_fuel(Some(FUEL));
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
    let language = Language::choose([code.as_str()]);
    let is_familiar = state.lookup("is_familiar").is_some_and(|is_familiar| is_familiar.is_true());
    wording::find(if is_familiar { language.familiar() } else { language }, key, &pairs)
        .ok_or_else(|| Error::new(ErrorKind::UndefinedError, format!("no words for {key}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_folder_is_that_of_a_kind() {
        let folders = TEMPLATES.iter().filter_map(|(name, _)| name.split_once('/')).map(|(folder, _)| folder);
        assert_eq!(folders.collect::<BTreeSet<_>>(), MessageKind::WORDS.iter().copied().collect());
    }
}
