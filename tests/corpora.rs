//! What was thought of, and what the fuzzer found, for each parser of strangers' words: it is tried here again,
//! by `make test`. CONTRIBUTING.md says how the fuzzer is run.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use grapevine::untrusted::TARGETS;

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(name)
}

/// The names in a folder, without what follows a dot.
fn names(name: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder(name)).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    paths.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect()
}

#[test]
fn each_parser_has_its_program_and_its_corpus() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names("fuzz_targets"), targets);
    assert_eq!(names("corpus"), targets);
    let manifest = fs::read_to_string(folder("Cargo.toml")).expect("the manifest can be read");
    for target in &targets {
        let program = fs::read_to_string(folder(&format!("fuzz_targets/{target}.rs"))).expect("it can be read");
        assert!(program.contains(&format!("untrusted::{target}(")), "{target} calls another's function");
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{target}.rs\"")), "{target} is not built");
    }
}

#[test]
fn whatever_was_found_holds() {
    for (target, check) in TARGETS {
        let files: Vec<_> = fs::read_dir(folder("corpus").join(target)).expect("the corpus is there").collect();
        assert!(files.len() >= 5, "{target} has {} files", files.len());
        for file in files {
            let path = file.expect("it can be read").path();
            let data = fs::read(&path).expect("it can be read");
            if std::panic::catch_unwind(|| check(&data)).is_err() {
                panic!("what is in {} breaks the promise of {target}", path.display());
            }
        }
    }
}
