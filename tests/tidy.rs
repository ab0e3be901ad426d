//! What reviewers would forget: arrows between modules, words that must be the same in two places,
//! things that only one place may do. Each check is shown to fail on a small text of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use grapevine::api::{docs, metrics, ops, sign_in};
use grapevine::api::{
    request::operation::{Access, KeyRule},
    routes::{ME_OPERATIONS, OPERATIONS},
};
use grapevine::config::Config;
use grapevine::links;
use grapevine::records::message::{MessageKind, MessageStatus, Withheld};
use grapevine::records::scope::Scope;
use grapevine::records::{EventKind, Why};
use grapevine::refusal::Code;
use serde_json::Value;

#[path = "tidy/folders.rs"]
mod folders;
#[path = "tidy/inventory.rs"]
mod inventory;

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
    ("store", "records world"),
    ("background", "store"),
    ("engine", "background decide records refusal store world"),
    ("config", "store"),
    ("connections", "config"),
    ("delivery", "background config decide engine qr records refusal store vault wording"),
    ("jobs", "background decide engine records store"),
    ("links", "background config decide engine records refusal store vault views visit_mark wording world"),
    (
        "api",
        "config connections decide delivery engine jobs links password qr records refusal store vault views visit_mark wording world",
    ),
    ("untrusted", "api config decide links records vault visit_mark"),
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

#[test]
fn both_migration_trees_say_the_same() {
    let (sqlite, postgres) = (tables_of("sqlite"), tables_of("postgres"));
    assert!(sqlite.values().map(BTreeSet::len).sum::<usize>() > 100, "{sqlite:?}");
    assert_eq!(sqlite, postgres);
}

#[test]
fn a_migration_without_writer_or_with_other_columns_is_told_apart() {
    let table = |text: &str| tables(&format!("-- Writer: engine\n{text}"));
    let one = "CREATE TABLE a (\n    id TEXT PRIMARY KEY, -- its (own) id\n    n BIGINT NOT NULL CHECK (n >= 0),\n    UNIQUE (n)\n);";
    assert_eq!(table(one), table(&one.replace("BIGINT", "INTEGER")));
    assert_ne!(table(one), table(&one.replace("n BIGINT", "m BIGINT")));
    assert_ne!(table(one), table(&format!("{one}\nALTER TABLE a ADD COLUMN o TEXT;")));
    assert_eq!(tables("CREATE TABLE a (id TEXT);").len(), 2, "a migration names its writer in its first line");
}

/// By migration, its tables with their columns.
fn tables_of(tree: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for migration in files(&root().join("migrations").join(tree), "up.sql") {
        let down = migration.0.replace("up.sql", "down.sql");
        let is_told = root().join("migrations").join(tree).join(&down).exists();
        assert!(is_told || only_makes_tables(&migration.1), "{tree}/{down} is missing");
        found.insert(migration.0, tables(&migration.1));
    }
    found
}

/// Whether a migration does nothing but make tables, and what finds their rows: to undo it is to drop them.
fn only_makes_tables(sql: &str) -> bool {
    let lines = sql.lines().filter(|line| !line.trim_start().starts_with("--")).collect::<Vec<_>>().join(" ");
    let statements: Vec<&str> = lines.split(';').map(str::trim).filter(|statement| !statement.is_empty()).collect();
    let made: Vec<&str> =
        statements.iter().filter_map(|one| one.strip_prefix("CREATE TABLE ")?.split(' ').next()).collect();
    let is_of_them = |one: &str| {
        let is_index = one.starts_with("CREATE INDEX ") || one.starts_with("CREATE UNIQUE INDEX ");
        is_index && made.iter().any(|table| one.contains(&format!(" ON {table} ")))
    };
    statements.iter().all(|one| one.starts_with("CREATE TABLE ") || is_of_them(one))
}

#[test]
fn what_changes_more_than_tables_of_its_own_says_how_it_is_undone() {
    assert!(only_makes_tables("-- Writer: engine\nCREATE TABLE a (id TEXT);\nCREATE UNIQUE INDEX a_id ON a (id);"));
    for more in ["ALTER TABLE b ADD COLUMN c TEXT", "CREATE INDEX b_id ON b (id)", "UPDATE b SET id = ''"] {
        assert!(!only_makes_tables(&format!("-- Writer: engine\nCREATE TABLE a (id TEXT);\n{more};")), "{more}");
    }
}

/// `table.column` of everything that a migration makes, and its fault when it has no writer.
fn tables(sql: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if !sql.starts_with("-- Writer: ") {
        found.insert("(no writer is named in the first line)".to_owned());
    }
    for statement in sql.split("CREATE TABLE ").skip(1) {
        let (name, rest) = statement.split_once('(').unwrap_or_default();
        let columns =
            rest.lines().map(str::trim).take_while(|line| !line.starts_with(')')).flat_map(|line| line.split("), "));
        let keywords =
            ["PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "CONSTRAINT", "", "WITHOUT", "REFERENCES", "OR", "AND"];
        let columns = columns.map(first_name).filter(|column| !keywords.contains(column));
        found.extend(columns.map(|column| format!("{}.{column}", name.trim())));
    }
    for added in sql.split("ALTER TABLE ").skip(1).filter(|statement| statement.contains("ADD COLUMN")) {
        let column = added.split("ADD COLUMN ").nth(1).map_or("", first_name);
        found.insert(format!("{}.{column}", first_name(added)));
    }
    found
}

#[test]
fn the_contract_knows_every_code_and_no_other() {
    let contract = contract();
    let known: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(words(&contract["components"]["schemas"]["ErrorCode"]["enum"]), known);
    for list in ["x-common-codes", "x-key-codes", "x-body-codes"] {
        assert!(words(&contract[list]).is_subset(&known), "{list}");
    }
    assert_eq!(wrong_codes(&contract), Vec::<String>::new());
}

#[test]
fn the_contract_knows_every_reason_why_evidence_lost() {
    let contract = contract();
    let known: BTreeSet<&str> = Why::WORDS.iter().copied().collect();
    assert_eq!(words(&contract["components"]["schemas"]["Why"]["enum"]), known);
}

#[test]
fn the_contract_knows_every_kind_of_mail_and_why_one_stays() {
    let contract = contract();
    let schemas = &contract["components"]["schemas"];
    assert_eq!(words(&schemas["MessageKind"]["enum"]), MessageKind::WORDS.iter().copied().collect());
    assert_eq!(words(&schemas["MessageStatus"]["enum"]), MessageStatus::WORDS.iter().copied().collect());
    let reason = schemas["Message"]["properties"]["reason"]["description"].as_str().unwrap_or_default();
    let named: BTreeSet<&str> = reason.split('`').skip(1).step_by(2).collect();
    assert_eq!(named, Withheld::WORDS.iter().copied().collect());
}

#[test]
fn the_contract_says_what_each_event_carries() {
    let contract = contract();
    let kinds = EventKind::WORDS.iter().filter_map(|word| EventKind::parse(word));
    let known: BTreeSet<(String, String)> = kinds.map(|kind| (kind.to_string(), kind.data().to_string())).collect();
    let text = contract["paths"]["/v1/events"]["get"]["description"].as_str().unwrap_or_default();
    assert_eq!(carried(text), known);
    let schemas = &contract["components"]["schemas"];
    assert_eq!(words(&schemas["EventKind"]["enum"]), EventKind::WORDS.iter().copied().collect());
    let resources = known.iter().map(|(_, data)| data.as_str()).filter(|data| !data.starts_with('{'));
    assert_eq!(resources.filter(|name| schemas[*name].is_null()).collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn an_event_that_carries_something_else_is_told_apart() {
    let pairs = carried("Read on.\n\n| `data` | `type` |\n|---|---|\n| `Grant` | `grant.given`, `grant.pending` |\n");
    let told = |kind: &str, data: &str| pairs.contains(&(kind.to_owned(), data.to_owned()));
    assert!(told("grant.given", "Grant") && told("grant.pending", "Grant") && pairs.len() == 2, "{pairs:?}");
    assert!(!told("grant.given", "Reward"));
}

/// The kinds of events in a table, each with what it carries. Rows name what is carried, then the kinds.
fn carried(text: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for row in text.lines().filter(|line| line.starts_with("| `") && !line.starts_with("| `data`")) {
        let mut named = row.split('`').skip(1).step_by(2);
        let data = named.next().unwrap_or_default();
        found.extend(named.map(|kind| (kind.to_owned(), data.to_owned())));
    }
    found
}

#[test]
fn a_code_under_another_status_is_found() {
    let said = |status: &str, codes: &str| {
        let paths =
            serde_json::json!({"/x": {"get": {"operationId": "x", "responses": {status: {"description": codes}}}}});
        !wrong_codes(&serde_json::json!({"paths": paths})).is_empty()
    };
    assert!(said("409", "`stale`"));
    assert!(said("409", "`voucher_spent`, `no_such_code`"));
    assert!(!said("409", "`voucher_spent`, `limit_reached`"));
    assert!(!said("200", "`anything`"));
}

/// Codes in descriptions of refusals that are none, or that have another status.
fn wrong_codes(contract: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for (_, _, operation) in operations(contract) {
        for (status, response) in operation["responses"].as_object().into_iter().flatten() {
            let text = response["description"].as_str().unwrap_or_default();
            for code in text.split('`').skip(1).step_by(2).filter(|_| status.starts_with('4')) {
                if !Code::ALL.iter().any(|known| known.as_str() == code && known.status().to_string() == *status) {
                    wrong.push(format!("{}: {code} under {status}", operation["operationId"]));
                }
            }
        }
    }
    wrong
}

#[test]
fn contract_and_code_have_the_same_operations() {
    let contract = contract();
    let described: BTreeSet<String> =
        operations(&contract).map(|(path, method, node)| line(path, method, node)).collect();
    let protected = OPERATIONS.iter().chain(ME_OPERATIONS).map(|operation| {
        let key = match operation.key {
            KeyRule::Required => "key required",
            KeyRule::Optional => "key optional",
            KeyRule::Ignored => "",
        };
        let who = match operation.access {
            Access::Scope(_) => {
                let scopes: Vec<&str> = operation.scopes().iter().map(|scope| scope.as_str()).collect();
                format!("{} {} by bearer", scopes.join(" or "), operation.least_role().expect("a role"))
            }
            Access::Me => "me - by browser".to_owned(),
        };
        format!("{} {} {} {who} {key}", operation.id, operation.method, operation.path)
    });
    let public = [ops::PUBLIC, sign_in::PUBLIC, docs::PUBLIC, links::PUBLIC].concat();
    let public = public.iter().map(|(id, method, path)| format!("{id} {method} {path} none - by nothing "));
    let (id, method, path) = metrics::OPERATION;
    let metrics = format!("{id} {method} {path} none - by metrics ");
    let served: BTreeSet<String> = protected.chain(public).chain([metrics]).collect();
    let (missing, extra) = (described.difference(&served), served.difference(&described));
    let wrong: Vec<String> = missing
        .map(|line| format!("only in the contract: {line}"))
        .chain(extra.map(|line| format!("only in the code: {line}")))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What contract and code must agree on, for one operation.
fn line(path: &str, method: &str, node: &Value) -> String {
    let text = |name: &str| node[name].as_str().unwrap_or("-").to_owned();
    let parameters = node["parameters"].to_string();
    let key = match (parameters.contains("/IdempotencyKey\""), parameters.contains("/IdempotencyKeyOptional\"")) {
        (true, _) => "key required",
        (_, true) => "key optional",
        _ => "",
    };
    let security = match node["security"].as_array() {
        None => "bearer",
        Some(schemes) => schemes
            .first()
            .and_then(Value::as_object)
            .and_then(|scheme| scheme.keys().next())
            .map_or("nothing", String::as_str),
    };
    let scopes = [node["x-scope"].as_str(), node["x-also-scope"].as_str()];
    format!(
        "{} {} {path} {} {} by {security} {key}",
        text("operationId"),
        method.to_ascii_uppercase(),
        scopes.into_iter().flatten().collect::<Vec<_>>().join(" or "),
        text("x-role")
    )
}

#[test]
fn the_contract_explains_every_operation_and_field() {
    let contract = contract();
    let mut unexplained = Vec::new();
    for (path, method, node) in operations(&contract) {
        if !node["summary"].is_string() {
            unexplained.push(format!("{method} {path}"));
        }
    }
    for (name, schema) in contract["components"]["schemas"].as_object().into_iter().flatten() {
        unexplained.extend(fields_without_words(name, schema));
        let is_body = schema["type"] == "object"
            && !name.ends_with("List")
            && contract["paths"].to_string().contains(&format!("/{name}\""));
        if is_body && !schema["examples"].is_array() {
            unexplained.push(format!("{name} has no example"));
        }
    }
    assert_eq!(unexplained, Vec::<String>::new());
}

#[test]
fn a_field_without_a_description_is_found() {
    let schema = |field: Value| serde_json::json!({"properties": {"list": {"description": "x", "items": {"properties": {"a": field}}}}});
    assert_eq!(fields_without_words("S", &schema(serde_json::json!({"type": "string"}))), ["S.list.a"]);
    assert!(fields_without_words("S", &schema(serde_json::json!({"description": "A"}))).is_empty());
}

/// The fields of a schema, however deep, that have no description.
fn fields_without_words(place: &str, schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (name, inner) in schema.as_object().into_iter().flatten() {
        if name == "examples" {
            continue;
        }
        for (field, node) in inner.as_object().into_iter().flatten().filter(|_| name == "properties") {
            let place = format!("{place}.{field}");
            if !node["description"].is_string() {
                found.push(place.clone());
            }
            found.extend(fields_without_words(&place, node));
        }
        let others = inner.as_array().into_iter().flatten().chain([inner].into_iter().filter(|_| name != "properties"));
        found.extend(others.flat_map(|node| fields_without_words(place, node)));
    }
    found
}

#[test]
fn every_scope_is_explained_and_every_word_for_one_is_a_scope() {
    let contract = contract();
    let known: BTreeSet<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    assert_eq!(words(&contract["components"]["schemas"]["Scope"]["enum"]), known);
    let used: BTreeSet<&str> = operations(&contract).filter_map(|(_, _, node)| node["x-scope"].as_str()).collect();
    let explained: BTreeSet<&str> =
        contract["x-scopes"].as_object().expect("x-scopes").keys().map(String::as_str).collect();
    let used: BTreeSet<&str> = used.into_iter().filter(|scope| *scope != "none").collect();
    assert_eq!(explained, used);
}

#[test]
fn the_readme_lists_every_setting_with_its_default() {
    let config = Config::from_pairs([]).expect("the defaults fit");
    let settings: Vec<(&str, &str)> = config.settings.iter().map(|set| (set.name, set.value.as_str())).collect();
    let readme = fs::read_to_string(root().join("README.md")).expect("there is a README.md");
    assert_eq!(wrong_settings(&settings, &readme), Vec::<String>::new());
    let known: BTreeSet<&str> = settings.iter().map(|(name, _)| *name).collect();
    for (file, text) in sources() {
        let named = text.split('"').filter(|word| is_setting(word)).find(|name| !known.contains(name));
        assert_eq!(named, None, "{file} reads a variable that the configuration does not know");
    }
}

#[test]
fn a_setting_that_is_not_listed_or_differs_is_found() {
    let wrong = |readme: &str| !wrong_settings(&[("GRAPEVINE_TICK_MS", "1000")], readme).is_empty();
    assert!(wrong(""));
    assert!(wrong("| `GRAPEVINE_TICK_MS` | `500` | |"));
    assert!(wrong("| `GRAPEVINE_TICK_MS` | `1000` | |\n| `GRAPEVINE_GONE` | | |"));
    assert!(!wrong("| `GRAPEVINE_TICK_MS` | `1000` | how often |"));
    assert!(!wrong("| `GRAPEVINE_TICK_MS` | by the machine | how often |"));
}

/// Settings that a README's table lacks, has too much, or gives another default (in backticks).
fn wrong_settings(settings: &[(&str, &str)], readme: &str) -> Vec<String> {
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| `"));
    let rows = rows.filter_map(|row| row.split_once("` |")).filter(|(name, _)| is_setting(name));
    let listed: BTreeMap<&str, &str> =
        rows.map(|(name, rest)| (name, rest.split('|').next().unwrap_or_default().trim())).collect();
    let mut wrong = Vec::new();
    for (name, value) in settings {
        match listed.get(name) {
            None => wrong.push(format!("{name} is not in README.md")),
            Some(shown) if shown.starts_with('`') && shown.trim_matches('`') != *value => {
                wrong.push(format!("{name} is {value}, README.md says {shown}"));
            }
            Some(_) => {}
        }
    }
    let unknown = listed.keys().filter(|name| !settings.iter().any(|(known, _)| known == *name));
    wrong.extend(unknown.map(|name| format!("README.md lists {name}, which nothing reads")));
    wrong
}

fn is_setting(word: &str) -> bool {
    let own = word.strip_prefix("GRAPEVINE_").is_some_and(|rest| !rest.is_empty());
    let fits = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_';
    matches!(word, "DATABASE_URL" | "DATABASE_READ_URL") || word == "MAIL_URL" || (own && word.chars().all(fits))
}

#[test]
fn what_the_documents_point_to_is_there() {
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"] {
        let text = fs::read_to_string(root().join(document)).expect("the document is there");
        assert_eq!(dead_paths(&text), Vec::<&str>::new(), "{document}");
    }
    for (file, text) in sources() {
        let dead: Vec<&str> = text.lines().flat_map(dead_paths).collect();
        assert_eq!(dead, Vec::<&str>::new(), "{file}");
    }
    assert_eq!(dead_paths("see `src/lib.rs`, `src/gone.rs` and `src`"), ["src/gone.rs"]);
    assert_eq!(dead_paths("`templates/mail`, `fuzz/gone`, `locales/en.json`"), ["fuzz/gone"]);
}

/// The folders that documents and sources point into.
const POINTED: [&str; 7] = ["src/", "tests/", "scripts/", "migrations/", "templates/", "fuzz/", "locales/"];

/// Paths in backticks that lead to nothing.
fn dead_paths(text: &str) -> Vec<&str> {
    let quoted = text.split('`').skip(1).step_by(2);
    let paths = quoted.filter(|word| POINTED.iter().any(|folder| word.starts_with(folder)));
    paths.filter(|path| !path.contains([' ', '*']) && !root().join(path).exists()).collect()
}

fn contract() -> Value {
    let text = fs::read_to_string(root().join("openapi.yaml")).expect("there is an openapi.yaml");
    serde_norway::from_str(&text).expect("openapi.yaml is YAML")
}

/// Path, method and node of each operation.
fn operations(contract: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = contract["paths"].as_object().into_iter().flatten();
    let nodes = paths.flat_map(|(path, item)| {
        item.as_object().into_iter().flatten().map(move |(method, node)| (path, method, node))
    });
    nodes
        .filter(|(_, _, node)| node.get("operationId").is_some())
        .map(|(path, method, node)| (path.as_str(), method.as_str(), node))
}

fn words(list: &Value) -> BTreeSet<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
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
