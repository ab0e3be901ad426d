//! Shows what happens, to a person at a terminal; to a program it says nothing.

use std::io::{IsTerminal as _, Write as _};

use serde_json::Value;

use super::Audience;
use super::eml::Part;

/// Columns that a line fills at most.
const WIDTH: usize = 100;

/// Shows what happens.
pub(super) struct Teller {
    audience: Audience,
    colours: bool,
}

/// How a piece of text looks.
#[derive(Clone, Copy)]
enum Look {
    Title,
    Faint,
    Good,
    Mail,
}

impl Teller {
    /// Colours only where they are seen and not unwanted (no-color.org).
    pub(super) fn new(audience: Audience) -> Self {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { audience, colours: std::io::stdout().is_terminal() && !unwanted }
    }

    /// Where everything is.
    pub(super) fn opening(&self, url: &str, database: &str, receiver: &str) {
        self.line(&self.look(Look::Title, "Grapevine: the main path, over real HTTP and SMTP"));
        self.line(&format!("  server    {url}"));
        self.line(&format!("  database  {database}"));
        self.line(&format!("  mail      smtp://{receiver} (a receiver that this demo runs)"));
    }

    /// A step begins.
    pub(super) fn title(&self, number: usize, title: &str) {
        let heading = format!("── {number}. {title} ");
        let rule = "─".repeat(WIDTH.saturating_sub(heading.chars().count()));
        self.line("");
        self.line(&self.look(Look::Title, &format!("{heading}{rule}")));
    }

    /// What it means.
    pub(super) fn say(&self, sentence: &str) {
        for line in wrapped(sentence, WIDTH - 2) {
            self.line(&format!("  {line}"));
        }
    }

    /// A request, with its body in short.
    pub(super) fn request(&self, method: &str, path: &str, body: Option<&Value>, note: &str) {
        let note = if note.is_empty() { String::new() } else { format!("  ({note})") };
        self.line(&self.look(Look::Faint, &format!("  → {method} {path}{note}")));
        for line in body.map(|body| wrapped(&spaced(body), WIDTH - 6)).unwrap_or_default() {
            self.line(&self.look(Look::Faint, &format!("      {line}")));
        }
    }

    /// An answer: its status and what matters of it.
    pub(super) fn answer(&self, status: u16, shown: &[(String, String)]) {
        let width = shown.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        self.line(&self.look(Look::Good, &format!("  ← {status}")));
        for (name, value) in shown {
            let lines = value.lines().flat_map(|line| wrapped(line, WIDTH - width - 8)).map(|line| shortened(&line));
            for (index, line) in lines.enumerate() {
                let name = if index == 0 { name.as_str() } else { "" };
                self.line(&format!("      {name:width$}  {line}"));
            }
        }
    }

    /// A mail as its reader sees it.
    pub(super) fn mail(&self, data: &str) {
        let mail = Part::read(data);
        let bar = self.look(Look::Mail, "│");
        self.line(&self.look(Look::Mail, &format!("  ┌{}", "─".repeat(WIDTH - 4))));
        for name in ["From", "To", "Subject", "Message-ID"] {
            self.line(&format!("  {bar} {name}: {}", mail.header(name).unwrap_or_default()));
        }
        self.line(&format!("  {bar}"));
        let text = mail.find("text/plain").map(Part::text).unwrap_or_default();
        for line in text.trim_end().lines().flat_map(|line| wrapped(line, WIDTH - 6)) {
            self.line(format!("  {bar} {line}").trim_end());
        }
        self.line(&format!("  {bar}"));
        let kinds = ["text/html", "image/png"].map(|kind| mail.find(kind).map(|part| (kind, part.body.len())));
        let others: Vec<String> =
            kinds.into_iter().flatten().map(|(kind, bytes)| format!("{kind} ({bytes} bytes)")).collect();
        self.line(&self.look(Look::Mail, &format!("  └─ and as {}", others.join(" with "))));
    }

    /// A line as it is.
    pub(super) fn line(&self, line: &str) {
        if self.audience == Audience::Person {
            // A reader that is gone does not matter.
            let _gone = writeln!(std::io::stdout().lock(), "{}", line.replace(TIE, " "));
        }
    }

    fn look(&self, look: Look, text: &str) -> String {
        if !self.colours {
            return text.to_owned();
        }
        let code = match look {
            Look::Title => "1",
            Look::Faint => "2",
            Look::Good => "32",
            Look::Mail => "36",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// A word that is too long for a line, in short: links that carry whole texts.
fn shortened(line: &str) -> String {
    if line.chars().count() <= WIDTH {
        return line.to_owned();
    }
    line.chars().take(WIDTH - 10).chain(['…']).collect()
}

/// Stands for a blank at which no line breaks, until it is shown.
const TIE: char = '\u{a0}';

/// JSON on one line, with blanks where a line may break: between fields.
fn spaced(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(name, value)| format!("\"{name}\":{TIE}{}", spaced(value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(spaced).collect::<Vec<_>>().join(", ")),
        other => other.to_string().replace(' ', &TIE.to_string()),
    }
}

/// A text as lines of at most `width` columns, broken at blanks.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().map_or(0, |line| line.chars().count());
        if line > 0 && line + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else if let Some(last) = lines.last_mut() {
            if line > 0 {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_blanks_and_lose_nothing() {
        assert_eq!(wrapped("a bb ccc dddd", 6), ["a bb", "ccc", "dddd"]);
        assert_eq!(wrapped("toolongforaline x", 5), ["toolongforaline", "x"]);
        assert_eq!(wrapped("", 5), [""]);
    }

    #[test]
    fn a_body_keeps_what_it_says() {
        let body = serde_json::json!({"a": [1, "x y"], "b": null});
        assert_eq!(serde_json::from_str::<Value>(&spaced(&body).replace(TIE, " ")).ok(), Some(body));
    }
}
