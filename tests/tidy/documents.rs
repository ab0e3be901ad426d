//! Documents are true: the table of settings, every path that a document or a comment names, and every link.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use grapevine::config::Config;

use super::{root, sources};

/// Where the settings are listed.
const TABLE: &str = "docs/configuration.md";

#[test]
fn every_setting_is_listed_with_its_default() {
    let config = Config::from_pairs([]).expect("the defaults fit");
    let settings: Vec<(&str, &str)> = config.settings.iter().map(|set| (set.name, set.value.as_str())).collect();
    let table = fs::read_to_string(root().join(TABLE)).expect("there is a table of settings");
    assert_eq!(wrong_settings(&settings, &table), Vec::<String>::new());
    let known: BTreeSet<&str> = settings.iter().map(|(name, _)| *name).collect();
    for (file, text) in sources() {
        let named = text.split('"').filter(|word| is_setting(word)).find(|name| !known.contains(name));
        assert_eq!(named, None, "{file} reads a variable that the configuration does not know");
    }
}

#[test]
fn a_setting_that_is_not_listed_or_differs_is_found() {
    let wrong = |table: &str| !wrong_settings(&[("GRAPEVINE_TICK_MS", "1000")], table).is_empty();
    assert!(wrong(""));
    assert!(wrong("| `GRAPEVINE_TICK_MS` | `500` | |"));
    assert!(wrong("| `GRAPEVINE_TICK_MS` | `1000` | |\n| `GRAPEVINE_GONE` | | |"));
    assert!(!wrong("| `GRAPEVINE_TICK_MS` | `1000` | how often |"));
    assert!(!wrong("| `GRAPEVINE_TICK_MS` | by the machine | how often |"));
}

/// Settings that a table lacks, has too much, or gives another default (in backticks).
fn wrong_settings(settings: &[(&str, &str)], table: &str) -> Vec<String> {
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
    let rows = rows.filter_map(|row| row.split_once("` |")).filter(|(name, _)| is_setting(name));
    let listed: BTreeMap<&str, &str> =
        rows.map(|(name, rest)| (name, rest.split('|').next().unwrap_or_default().trim())).collect();
    let mut wrong = Vec::new();
    for (name, value) in settings {
        match listed.get(name) {
            None => wrong.push(format!("{name} is not in {TABLE}")),
            Some(shown) if shown.starts_with('`') && shown.trim_matches('`') != *value => {
                wrong.push(format!("{name} is {value}, {TABLE} says {shown}"));
            }
            Some(_) => {}
        }
    }
    let unknown = listed.keys().filter(|name| !settings.iter().any(|(known, _)| known == *name));
    wrong.extend(unknown.map(|name| format!("{TABLE} lists {name}, which nothing reads")));
    wrong
}

fn is_setting(word: &str) -> bool {
    let own = word.strip_prefix("GRAPEVINE_").is_some_and(|rest| !rest.is_empty());
    let fits = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_';
    matches!(word, "DATABASE_URL" | "DATABASE_READ_URL")
        || word == "MAIL_URL"
        || word.starts_with("OTEL_")
        || (own && word.chars().all(fits))
}

#[test]
fn what_the_documents_point_to_is_there() {
    for document in documents() {
        let text = fs::read_to_string(root().join(&document)).expect("the document is there");
        assert_eq!(dead_paths(&text), Vec::<&str>::new(), "{document}");
        assert_eq!(dead_links(&document, &text), Vec::<&str>::new(), "{document}");
    }
    for (file, text) in sources() {
        let dead: Vec<&str> = text.lines().flat_map(dead_paths).collect();
        assert_eq!(dead, Vec::<&str>::new(), "{file}");
    }
    assert_eq!(dead_paths("see `src/lib.rs`, `src/gone.rs` and `src`"), ["src/gone.rs"]);
    assert_eq!(dead_paths("`templates/mail`, `fuzz/gone`, `locales/en.json`"), ["fuzz/gone"]);
    let links = "[a](../README.md) [b](gone.md) [c](https://example.org/) [d](figures.md#speed) [e](README.md)";
    assert_eq!(dead_links("docs/privacy.md", links), ["gone.md", "README.md"]);
}

/// What stands at the root, and in docs.
fn documents() -> Vec<String> {
    let markdown = |folder: &str| {
        let files = fs::read_dir(root().join(folder)).expect("the folder is there").flatten();
        let names = files.map(|file| format!("{folder}{}", file.file_name().to_string_lossy()));
        names.filter(|name| name.ends_with(".md")).collect::<Vec<_>>()
    };
    let found = [markdown(""), markdown("docs/")].concat();
    assert!(found.len() > 10, "{found:?}");
    found
}

/// Links of a document that lead to nothing here; those to elsewhere are not followed.
fn dead_links<'a>(document: &str, text: &'a str) -> Vec<&'a str> {
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let own = links.filter(|link| !link.contains("://") && !link.starts_with('#'));
    let path = |link: &str| root().join(folder).join(link.split('#').next().unwrap_or_default());
    own.filter(|link| !path(link).exists()).collect()
}

/// The folders that documents and sources point into.
const POINTED: [&str; 9] =
    ["src/", "tests/", "scripts/", "migrations/", "templates/", "fuzz/", "locales/", "docs/", "deploy/"];

/// Paths in backticks that lead to nothing.
fn dead_paths(text: &str) -> Vec<&str> {
    let quoted = text.split('`').skip(1).step_by(2);
    let paths = quoted.filter(|word| POINTED.iter().any(|folder| word.starts_with(folder)));
    paths.filter(|path| !path.contains([' ', '*']) && !root().join(path).exists()).collect()
}
