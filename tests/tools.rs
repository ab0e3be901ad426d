//! What the two commands need: the scripts bring it, the README and `make help` name it, and no test calls
//! a program that a minimal Debian does not have and nobody brings.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Programs that tests may call by name: those that every Debian has, and the compiler without which nothing is built.
const ESSENTIAL: &[&str] = &["bash", "cc"];
/// Programs that tests may call because `scripts/test` has them brought, each with what it asks `scripts/need` for.
const BROUGHT: &[(&str, &str)] = &[
    ("java", "java"),
    ("node", "node"),
    ("npm", "npm"),
    ("openssl", "postfix"),
    ("php", "php"),
    ("python3", "python"),
];

#[test]
fn tests_call_no_program_that_nobody_brings() {
    let called: BTreeSet<String> = sources(&root().join("tests")).iter().flat_map(|text| programs(text)).collect();
    let test = read("scripts/test");
    let needs: Vec<&str> =
        test.lines().filter_map(|line| line.strip_prefix("scripts/need ")).flat_map(str::split_whitespace).collect();
    let is_brought = |program: &str| BROUGHT.iter().any(|(name, tool)| *name == program && needs.contains(tool));
    let is_there = |program: &str| ESSENTIAL.contains(&program) || is_brought(program);
    let missing: Vec<&String> = called.iter().filter(|program| !is_there(program)).collect();
    assert!(missing.is_empty(), "do it in Rust, or let scripts/need bring it: {missing:?}");
}

#[test]
fn a_program_that_is_called_is_found() {
    let text = "let x = Command::new('kill');\nprocess::Command::new('bash'); Command::new(BINARY)".replace('\'', "\"");
    assert_eq!(programs(&text), ["kill", "bash"]);
}

#[test]
fn readme_and_help_name_what_the_scripts_bring() {
    let brought: BTreeSet<String> =
        ["need", "with-postgres"].iter().flat_map(|script| packages(&read(&format!("scripts/{script}")))).collect();
    assert_eq!(
        brought.iter().map(String::as_str).collect::<Vec<_>>(),
        [
            "caddy",
            "curl",
            "default-jre-headless",
            "dpkg-dev",
            "g++",
            "jq",
            "libfaketime",
            "nginx",
            "nodejs",
            "npm",
            "perl",
            "pgbouncer",
            "php-cli",
            "php-curl",
            "php-guzzlehttp-guzzle",
            "php-mbstring",
            "postfix",
            "postgresql",
            "python3-venv",
            "systemd"
        ]
    );
    let readme = read("README.md");
    let commands = readme.split("## ").find(|part| part.starts_with("Two commands")).expect("the two commands");
    let makefile = read("Makefile");
    let help = makefile.split("help:").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("the help");
    for package in brought {
        for (place, text) in [("README.md", commands), ("make help", help)] {
            assert!(text.to_lowercase().contains(&package), "{place} does not name {package}");
        }
    }
}

/// The names behind what makes a command, in text.
fn programs(text: &str) -> Vec<String> {
    let calls = text.split("Command::new(\"").skip(1);
    calls.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

/// The packages that a script has brought.
fn packages(script: &str) -> Vec<String> {
    let calls = script.split("/bring\" ").skip(1).chain(script.split(" bring_service ").skip(1));
    let named = calls.filter_map(|rest| rest.split_whitespace().next());
    named.filter(|name| !name.starts_with('"')).map(str::to_owned).collect()
}

fn sources(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder can be read").flatten().map(|entry| entry.path());
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = entries.partition(|path| path.is_dir());
    let here = files.iter().map(|file| fs::read_to_string(file).expect("sources are UTF-8"));
    here.chain(folders.iter().flat_map(|folder| sources(folder))).collect()
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
