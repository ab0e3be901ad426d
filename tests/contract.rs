//! Linters that others use take `openapi.yaml` without a word: Redocly's recommended rules and Spectral's for OpenAPI.
//! Their versions are pinned in `tests/contract`; `npm ci` brings them into the target folder once.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::{env, fs};

/// Where what is installed came from; it is written last.
const INSTALLED: &str = "package-lock.json";

#[test]
fn redocly_finds_nothing_in_the_contract() {
    assert_eq!(redocly(&written()), "");
}

#[test]
fn spectral_finds_nothing_in_the_contract() {
    assert_eq!(spectral(&written()), "");
}

#[test]
fn what_is_wrong_is_found() {
    let text = fs::read_to_string(written()).expect("there is a contract");
    let reference = "{$ref: '#/components/schemas/Health'}";
    let broken = text.replacen(reference, "{$ref: '#/components/schemas/Gone'}", 1);
    assert_ne!(text, broken);
    let file = tools().join("broken.yaml");
    fs::write(&file, broken).expect("it can be written");
    let (redocly, spectral) = (redocly(&file), spectral(&file));
    assert!(redocly.contains("no-unresolved-refs") && spectral.contains("schemas/Gone"), "{redocly}\n{spectral}");
}

fn redocly(contract: &Path) -> String {
    let mut command = tool("redocly");
    command.arg("lint").arg("--config").arg(sources().join("redocly.yaml")).arg("--format=stylish");
    faults(command.arg(contract))
}

fn spectral(contract: &Path) -> String {
    let mut command = tool("spectral");
    command.arg("lint").arg("--ruleset").arg(sources().join("spectral.yaml")).args(["--fail-severity=hint", "--quiet"]);
    faults(command.arg(contract))
}

/// What a linter says against a contract; nothing, where it is content.
fn faults(command: &mut Command) -> String {
    let ended = command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let said = [ended.stdout, ended.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    match ended.status.success() && !said.contains("warning") {
        true => String::new(),
        false => said,
    }
}

fn tool(name: &str) -> Command {
    let mut command = Command::new(tools().join("node_modules/.bin").join(name));
    // Nobody is told that tests run, and nothing newer is looked for.
    command.envs([("REDOCLY_TELEMETRY", "off"), ("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"), ("NO_COLOR", "1")]);
    command.current_dir(tools());
    command
}

/// Where the linters are installed; brings them when they are not, or others.
fn tools() -> &'static Path {
    static TOOLS: OnceLock<PathBuf> = OnceLock::new();
    TOOLS.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("contract");
        let lock = fs::read(sources().join(INSTALLED)).expect("there is a lock file");
        if fs::read(folder.join(INSTALLED)).is_ok_and(|installed| installed == lock) {
            return folder;
        }
        let fresh = folder.with_extension("new");
        drop(fs::remove_dir_all(&fresh));
        fs::create_dir_all(&fresh).expect("the target folder can be written");
        for file in ["package.json", INSTALLED, ".npmrc"] {
            fs::copy(sources().join(file), fresh.join(file)).expect("the file can be copied");
        }
        let ended = Command::new("npm").arg("ci").current_dir(&fresh).output();
        let ended = ended.expect("npm is there: scripts/need npm brings it");
        assert!(ended.status.success(), "npm ci: {}", String::from_utf8_lossy(&ended.stderr));
        drop(fs::remove_dir_all(&folder));
        fs::rename(&fresh, &folder).expect("it takes its place");
        folder
    })
}

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract")
}

fn written() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.yaml")
}
