//! Folders of the sources: no two files need each other, subjects use those below them, and a floor is not crowded.

use std::collections::{BTreeMap, BTreeSet};

use super::{code_of, files, first_name, in_braces, root, source, sources};

/// Folders, with all that is below them, in which no two files need each other.
const TIDY: &[&str] = &["decide", "api", "engine", "delivery", "store"];
/// Files that a floor of the sources or the tests has at most; what is in folders on it does not count.
const CROWD: usize = 25;

/// The subjects of `decide`, a level a line: each uses those of the lines below, and none beside or above.
const SUBJECTS: &[&str] = &[
    "testing",
    // Beside the others: used by none, they use what they need.
    "announcements batches imports erasure support shops endpoints",
    "orders",
    "checkout",
    "offers segments",
    "conditions",
    "referrals",
    "passes",
    "rewards sharing",
    "programs",
    "vouchers",
    "access",
    "people",
    "mail",
    "input",
];

#[test]
fn no_two_files_need_each_other() {
    assert!(arrows(&sources()).len() > 1_000, "the arrows are read");
    for folder in TIDY {
        assert_eq!(circles(folder, &sources()), Vec::<String>::new(), "{folder}");
    }
}

#[test]
fn files_that_need_each_other_are_found() {
    let table = [
        (["use crate::f::b::B;", "use crate::f::a::A;", ""], true),
        (["use super::b;", "use super::{c, a::{A, X}};", ""], true),
        (["use crate::f::{b::{self, B}};", "use crate::f::c::*;", "fn f() { crate::f::a::go() }"], true),
        (["use crate::f::b::B;", "use crate::f::c::C;", ""], false),
        (["use crate::f::b::B;", "// See crate::f::a.\nuse crate::g::a::A;", ""], false),
        (["use crate::f::b::B;", "#[cfg(test)]\nmod tests { use crate::f::a::A; }", ""], false),
        (["use self::own::Own;", "use crate::f::a::A;", "use crate::f::b::B;"], false),
    ];
    for ([a, b, c], wrong) in table {
        let made = [source("f/a.rs", a), source("f/b.rs", b), source("f/c.rs", c)];
        assert_eq!(!circles("f", &made).is_empty(), wrong, "{a} | {b} | {c}");
        assert_eq!(circles("g", &made), Vec::<String>::new(), "another folder");
    }
}

#[test]
fn subjects_use_those_below_them() {
    assert_eq!(wrong_subjects(&sources()), Vec::<String>::new());
}

#[test]
fn a_subject_that_uses_one_above_is_found() {
    let table = [
        ("decide/people/person.rs", "use crate::decide::orders::order::named;", true),
        ("decide/people/person.rs", "use crate::decide::{draft::Draft, orders::order};", true),
        ("decide/rewards/grant.rs", "use crate::decide::sharing::share::Share;", true),
        ("decide/people/person.rs", "fn f() { super::super::orders::order::named() }", true),
        ("decide/orders/order.rs", "use crate::decide::support::find::find;", true),
        ("decide/orders/order.rs", "use crate::decide::people;", true),
        ("decide/draft.rs", "use crate::decide::people::person::Person;", true),
        ("decide/weather/rain.rs", "", true),
        ("decide/orders/order.rs", "use crate::decide::people::person::Person;", false),
        ("decide/orders/order.rs", "use super::refund::Refund;", false),
        ("decide/support/find.rs", "use crate::decide::orders::order::named;", false),
        ("decide/people/person.rs", "use crate::decide::draft::Draft;", false),
        ("decide/people/person.rs", "use crate::records::orders::Order;", false),
        ("decide/mod.rs", "use crate::decide::people::person::Person;", false),
    ];
    let others = ["draft.rs", "mod.rs", "orders/mod.rs", "orders/order.rs", "orders/refund.rs", "people/mod.rs"];
    let others = others.into_iter().chain(["people/person.rs", "sharing/share.rs", "support/find.rs"]);
    let others: Vec<String> = others.map(|file| format!("decide/{file}")).collect();
    for (file, text, wrong) in table {
        let mut made: Vec<_> = others.iter().filter(|other| *other != file).map(|other| source(other, "")).collect();
        made.push(source(file, text));
        assert_eq!(!wrong_subjects(&made).is_empty(), wrong, "{file}: {text}");
    }
}

#[test]
fn no_floor_is_crowded() {
    for folder in ["src", "tests"] {
        let all: Vec<String> =
            files(&root().join(folder), ".rs").into_iter().map(|(file, _)| format!("{folder}/{file}")).collect();
        assert!(all.len() > 50, "{folder} has {} files", all.len());
        assert_eq!(crowded(folder, all.iter().map(String::as_str)), Vec::<String>::new());
    }
}

#[test]
fn a_crowded_floor_is_found() {
    let floor = |folder: &str, number: usize| -> Vec<String> {
        (0..number).map(|number| format!("{folder}/{number}.rs")).collect()
    };
    let is_crowded = |files: Vec<String>| !crowded("f", files.iter().map(String::as_str)).is_empty();
    assert!(is_crowded(floor("f", CROWD + 1)));
    assert!(is_crowded(floor("f/g", CROWD + 1)));
    assert!(!is_crowded([floor("f", CROWD), floor("f/g", CROWD)].concat()));
    assert!(!is_crowded(floor("g", CROWD + 1)), "another folder");
}

/// The arrows between files below a folder that lead round in a circle, or from one to another.
fn circles(folder: &str, sources: &[(String, String)]) -> Vec<String> {
    let is_here = |file: &str| file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    let mut arrows = arrows(sources);
    arrows.retain(|(from, to)| is_here(from) && is_here(to));
    loop {
        let users: BTreeSet<&str> = arrows.iter().map(|(from, _)| *from).collect();
        let used: BTreeSet<&str> = arrows.iter().map(|(_, to)| *to).collect();
        let before = arrows.len();
        arrows.retain(|(from, to)| used.contains(from) && users.contains(to));
        if arrows.len() == before {
            return arrows.into_iter().map(|(from, to)| format!("{from} -> {to}")).collect();
        }
    }
}

/// Where a file of `decide` uses one of a subject that does not stand below its own.
fn wrong_subjects(sources: &[(String, String)]) -> Vec<String> {
    let subjects: BTreeSet<&str> = sources.iter().filter_map(|(file, _)| subject_of(file)).collect();
    let unknown = subjects.into_iter().filter(|subject| level_of(subject).is_none());
    let mut wrong: Vec<String> = unknown.map(|subject| format!("decide/{subject} has no line in SUBJECTS")).collect();
    // The list of all commands stands above all subjects.
    let is_bound = |from: &str| from.starts_with("decide/") && from != "decide/mod.rs";
    for (from, to) in arrows(sources).into_iter().filter(|(from, _)| is_bound(from)) {
        let own = subject_of(from);
        let Some(used) = subject_of(to).filter(|used| own != Some(*used)) else { continue };
        if to.ends_with("/mod.rs") {
            wrong.push(format!("{from}: name the file of {used} that is used"));
        } else if own.is_none_or(|own| level_of(own) >= level_of(used)) {
            wrong.push(format!("{from} must not use {to}"));
        }
    }
    wrong
}

/// The folder of `decide` in which a file stands.
fn subject_of(file: &str) -> Option<&str> {
    file.strip_prefix("decide/")?.split_once('/').map(|(subject, _)| subject)
}

fn level_of(subject: &str) -> Option<usize> {
    SUBJECTS.iter().position(|level| level.split(' ').any(|name| name == subject))
}

/// The floors of a folder, and of those in it, that have too many files.
fn crowded<'a>(folder: &str, files: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut floors: BTreeMap<&str, usize> = BTreeMap::new();
    for (floor, _) in files.filter_map(|file| file.rsplit_once('/')) {
        *floors.entry(floor).or_default() += 1;
    }
    let is_here = |floor: &str| floor == folder || floor.starts_with(&format!("{folder}/"));
    floors.retain(|floor, number| is_here(floor) && *number > CROWD);
    floors.into_iter().map(|(floor, number)| format!("{floor} has {number} files")).collect()
}

/// Which file uses which, tests left aside.
fn arrows(sources: &[(String, String)]) -> Vec<(&str, &str)> {
    let known: BTreeMap<Vec<&str>, &str> = sources.iter().map(|(file, _)| (module(file), file.as_str())).collect();
    let mut arrows = BTreeSet::new();
    for (file, text) in sources {
        for path in paths(&module(file), &code_of(text)) {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let found = (1..=path.len()).rev().find_map(|length| known.get(&path[..length]));
            arrows.extend(found.filter(|found| *found != file).map(|found| (file.as_str(), *found)));
        }
    }
    arrows.into_iter().collect()
}

/// The module that a file is: `decide/people/mod.rs` is `decide`, `people`.
fn module(file: &str) -> Vec<&str> {
    let path = file.trim_end_matches(".rs");
    path.strip_suffix("/mod").unwrap_or(path).split('/').collect()
}

/// The paths that a module's code names by `crate`, `super` or `self`, from the root of the crate, those in braces
/// each by itself.
fn paths(module: &[&str], code: &str) -> Vec<Vec<String>> {
    let own: Vec<String> = module.iter().map(|name| (*name).to_owned()).collect();
    let mut found = Vec::new();
    for word in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(word).filter(|(at, _)| begins_path(&code[..*at])) {
            let rest = &code[at + word.len()..];
            let mut from = own.clone();
            match word {
                "crate::" => from.clear(),
                "super::" => drop(from.pop()),
                _ => {}
            }
            name_all(from, rest, &mut found);
        }
    }
    found
}

/// Whether a path may begin behind this text.
fn begins_path(before: &str) -> bool {
    !before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':')
}

fn name_all(mut path: Vec<String>, rest: &str, found: &mut Vec<Vec<String>>) {
    let rest = rest.trim_start();
    if let Some(list) = rest.strip_prefix('{') {
        return in_braces(list).into_iter().for_each(|part| {
            name_all(path.clone(), part, found);
        });
    }
    let name = first_name(rest);
    match name {
        "super" => drop(path.pop()),
        "self" | "" => {}
        name => path.push(name.to_owned()),
    }
    match rest[name.len()..].strip_prefix("::").filter(|_| !name.is_empty()) {
        Some(rest) => name_all(path, rest, found),
        None => found.push(path),
    }
}
