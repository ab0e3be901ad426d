//! What reviewers would forget: arrows between modules, words that must be the same in two places,
//! things that only one place may do. Each check is shown to fail on a small text of its own.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

#[path = "tidy/conditions.rs"]
mod conditions;
#[path = "tidy/contract.rs"]
mod contract;
#[path = "tidy/deploy.rs"]
mod deploy;
#[path = "tidy/documents.rs"]
mod documents;
#[path = "tidy/folders.rs"]
mod folders;
#[path = "tidy/inventory.rs"]
mod inventory;
#[path = "tidy/generated_clients.rs"]
mod generated_clients;
#[path = "tidy/migrations.rs"]
mod migrations;

/// What each module of `src/` may use of the others; `*`: everything, for it puts them together.
const ARROWS: &[(&str, &str)] = &[
    ("records", ""),
    ("refusal", ""),
    ("password", "records"),
    ("qr", ""),
    ("vault", "records"),
    ("visit_mark", "records vault"),
    ("wording", "records"),
    ("world", "records refusal"),
    ("views", "records vault"),
    ("decide", "records refusal vault views visit_mark wording world"),
    ("telemetry", ""),
    ("store", "records telemetry world"),
    ("background", "store"),
    ("engine", "background decide records refusal store telemetry vault world"),
    ("config", "store telemetry"),
    ("connections", "config"),
    ("delivery", "background config decide engine qr records refusal store vault views wording"),
    ("jobs", "background decide engine records store vault"),
    ("links", "background config decide engine records refusal store vault views visit_mark wording world"),
    (
        "api",
        "config connections decide delivery engine jobs links password qr records refusal store telemetry vault views visit_mark wording world",
    ),
    ("untrusted", "api config decide links records vault visit_mark wording"),
    ("server", "*"),
    ("demo", "*"),
    ("cli", "*"),
    ("main", "*"),
    ("lib", "*"),
];

/// Macros that `records` puts at the root of the crate.
const MACROS: &[&str] = &["record", "words"];

/// Words that some modules must not say.
struct Ban {
    words: &'static [&'static str],
    modules: &'static str,
    except: &'static [&'static str],
    why: &'static str,
}

const BANS: &[Ban] = &[
    Ban {
        words: &["diesel", "sql_query"],
        modules: "* records store",
        except: &[],
        why: "all SQL is in store; records may derive",
    },
    Ban {
        words: &["SystemTime", "Instant::now", "Utc::now", "Local::now"],
        modules: "decide records refusal views wording world vault visit_mark",
        except: &[],
        why: "the clock is read at the edge and handed in",
    },
    Ban {
        words: &["SystemTime::now", "Utc::now"],
        modules: "store",
        except: &[],
        why: "the clock is read at the edge and handed in",
    },
    Ban {
        words: &["rand::rng()", "getrandom", "OsRng", "from_os_rng"],
        modules: "decide records refusal views wording world vault visit_mark store",
        // The secret of an installation is made once, where it is kept.
        except: &["store/installation.rs"],
        why: "what is random is handed in",
    },
    Ban {
        words: &["async fn", ".await"],
        modules: "decide records refusal views wording world vault visit_mark",
        except: &[],
        why: "a decision waits for nothing",
    },
];

#[test]
fn arrows_point_one_way() {
    assert_eq!(wrong_arrows(&sources()), Vec::<String>::new());
}

#[test]
fn an_arrow_that_points_back_is_found() {
    let table = [
        ("world.rs", "use crate::engine::Engine;", true),
        ("decide/x.rs", "use crate::{records::Id, store};", true),
        ("decide/x.rs", "use crate::{records::{Id, Reward}, api};", true),
        ("decide/x.rs", "fn f() { crate::api::call() }", true),
        ("store/queries/x.rs", "use super::super::super::engine::Engine;", true),
        ("store/x.rs", "use super::super::engine::Engine;", true),
        ("store/mod.rs", "use super::engine::Engine;", true),
        ("newcomer.rs", "", true),
        ("records/x.rs", "use crate::{record, words};", false),
        ("decide/x.rs", "//! See crate::engine.\nuse crate::records::Id;", false),
        ("records/x.rs", "use super::text::Slug;", false),
        ("decide/x.rs", "#[cfg(test)]\nmod tests { use crate::demo; }", false),
    ];
    for (file, text, wrong) in table {
        assert_eq!(!wrong_arrows(&[source(file, text)]).is_empty(), wrong, "{file}: {text}");
    }
}

/// Where a module uses one that it must not know.
fn wrong_arrows(sources: &[(String, String)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (file, text) in sources {
        let module = module_of(file);
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!("{file}: the module {module} has no line in ARROWS"));
            continue;
        };
        let allowed: Vec<&str> = allowed.split(' ').chain([module]).chain(MACROS.iter().copied()).collect();
        let code = code_of(text);
        for name in used_modules(&code).into_iter().filter(|name| !allowed.contains(&"*") && !allowed.contains(name)) {
            wrong.push(format!("{file}: {module} must not use {name}"));
        }
        let depth = file.trim_end_matches("/mod.rs").split('/').count();
        if code.contains(&"super::".repeat(depth)) {
            wrong.push(format!("{file}: say crate:: for what is so far away"));
        }
    }
    wrong
}

/// The first names behind `crate::`, those in braces included.
fn used_modules(code: &str) -> BTreeSet<&str> {
    let places = code.split("crate::").skip(1);
    places.flat_map(|rest| rest.strip_prefix('{').map_or_else(|| vec![rest], in_braces)).map(first_name).collect()
}

/// The parts of a list in braces, whose first brace is cut off.
fn in_braces(list: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 1, 0);
    for (at, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 || (depth == 1 && letter == ',') {
            parts.push(&list[start..at]);
            start = at + 1;
        }
        if depth == 0 {
            break;
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

fn first_name(text: &str) -> &str {
    let text = text.trim_start();
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default()
}

#[test]
fn each_thing_is_done_in_its_place() {
    assert_eq!(banned_words(&sources()), Vec::<String>::new());
}

#[test]
fn a_thing_done_elsewhere_is_found() {
    let table = [
        ("api/x.rs", "use diesel::prelude::*;", true),
        ("decide/x.rs", "let now = chrono::Utc::now();", true),
        ("world.rs", "pub async fn get() {}", true),
        ("store/queries/x.rs", "rand::rng().fill(&mut bytes)", true),
        ("store/installation.rs", "rand::rng().fill(&mut bytes)", false),
        ("store/load.rs", "use diesel::prelude::*;", false),
        ("decide/x.rs", "// never Utc::now", false),
    ];
    for (file, text, wrong) in table {
        assert_eq!(!banned_words(&[source(file, text)]).is_empty(), wrong, "{file}: {text}");
    }
}

fn banned_words(sources: &[(String, String)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (file, text) in sources {
        let code = code_of(text);
        for ban in BANS.iter().filter(|ban| ban.holds_for(file)) {
            let said = ban.words.iter().filter(|word| code.contains(**word));
            wrong.extend(said.map(|word| format!("{file}: {word}: {}", ban.why)));
        }
    }
    wrong
}

impl Ban {
    /// `* a b`: every module but these.
    fn holds_for(&self, file: &str) -> bool {
        let named = self.modules.split(' ').any(|module| module == module_of(file));
        named != self.modules.starts_with('*') && !self.except.contains(&file)
    }
}

fn contract() -> Value {
    let text = fs::read_to_string(root().join("openapi.yaml")).expect("there is an openapi.yaml");
    serde_norway::from_str(&text).expect("openapi.yaml is YAML")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn source(file: &str, text: &str) -> (String, String) {
    (file.to_owned(), text.to_owned())
}

/// Every source file: its path below `src/`, and its text.
fn sources() -> Vec<(String, String)> {
    let found = files(&root().join("src"), ".rs");
    assert!(found.len() > 100, "{} files are too few", found.len());
    found.into_iter().filter(|(file, _)| !file.ends_with("_tests.rs")).collect()
}

/// The files below a folder whose names end so: path below it, and text.
fn files(folder: &Path, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("the folder can be read").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let name = path.strip_prefix(folder).expect("it is below").to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(&path).expect("sources are UTF-8")));
            }
        }
    }
    found.sort();
    found
}

fn module_of(file: &str) -> &str {
    file.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

/// The text without comments, and without its tests, which may reach further.
fn code_of(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let lines = text.lines().map(|line| {
        let comment = line.match_indices("//").map(|(at, _)| at).find(|at| !line[..*at].ends_with(':'));
        comment.map_or(line, |at| &line[..at])
    });
    lines.collect::<Vec<_>>().join("\n")
}
