//! Compilers and generators of other languages, and what they make of the contract. Each is brought, or made, once for
//! what it is made of, and kept in the build's temporary folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::Instant;

use aws_lc_rs::digest::{SHA256, digest};

use super::{read, root};

/// What the programs of the tests are run with.
pub struct Tools {
    /// All TypeScript, compiled; with the modules that it needs.
    pub javascript: PathBuf,
    /// A Python that has what generated clients need.
    pub python: PathBuf,
    /// What generators made of the contract: a folder for each.
    pub generated: PathBuf,
}

/// The tools; where something is missing, it is brought first.
pub fn tools() -> &'static Tools {
    static TOOLS: LazyLock<Tools> = LazyLock::new(|| {
        let npm = modules();
        let python = python();
        let generated = generated(&npm, &python);
        Tools { javascript: javascript(&npm, &generated), python, generated }
    });
    &TOOLS
}

/// The Python of these tools, with what judges our mails.
pub fn python() -> PathBuf {
    static PYTHON: LazyLock<PathBuf> = LazyLock::new(|| environment().join("bin/python"));
    PYTHON.clone()
}

/// Packages of npm as the lock file has them.
pub fn modules() -> PathBuf {
    static MODULES: LazyLock<PathBuf> = LazyLock::new(|| {
        let files = ["tests/clients/npm/package.json", "tests/clients/npm/package-lock.json"];
        kept("npm", &files.map(read).concat(), |folder| {
            files.iter().for_each(|file| copy(&root().join(file), folder));
            run(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder));
        })
    });
    MODULES.clone()
}

/// Packages of Python as the list has them, with the generator for PHP among them.
fn environment() -> PathBuf {
    let list = "tests/clients/requirements.txt";
    kept("python", &read(list), |folder| {
        run(Command::new("python3").args(["-m", "venv"]).arg(folder));
        let install = ["-m", "pip", "install", "--no-deps", "--disable-pip-version-check", "-qr"];
        run(Command::new(folder.join("bin/python")).args(install).arg(root().join(list)));
    })
}

/// The clients that generators make of the contract.
fn generated(npm: &Path, python: &Path) -> PathBuf {
    let settings = ["tests/clients/openapi-python-client.yaml", "tests/clients/npm/openapi-ts.config.mjs"].map(read);
    let made_of = [read("openapi.yaml"), settings.concat(), name(npm), name(&environment())].concat();
    kept("generated", &made_of, |folder| {
        let contract = root().join("openapi.yaml");
        std::thread::scope(|scope| {
            scope.spawn(|| for_php(&contract, python, folder));
            for_typescript(&contract, npm, &folder.join("typescript"));
            for_python(&contract, python, &folder.join("python/generated_client"));
        });
    })
}

fn for_typescript(contract: &Path, npm: &Path, folder: &Path) {
    let bin = npm.join("node_modules/.bin");
    let types = folder.join("openapi_typescript.ts");
    run(Command::new(bin.join("openapi-typescript")).arg(contract).arg("-o").arg(types));
    let settings = root().join("tests/clients/npm");
    let command = &mut Command::new(bin.join("openapi-ts"));
    command.arg("-f").arg(settings.join("openapi-ts.config.mjs")).current_dir(npm);
    command.env("CONTRACT", contract).env("OUT", folder.join("hey_api"));
    run(command.env("TSCONFIG", settings.join("tsconfig.json")));
}

/// It leaves out what it does not understand, and goes on: uploads, and it may; a schema never.
fn for_python(contract: &Path, python: &Path, folder: &Path) {
    let settings = root().join("tests/clients/openapi-python-client.yaml");
    let command = &mut Command::new(python);
    command.args(["-m", "openapi_python_client", "generate", "--meta", "none", "--path"]).arg(contract);
    let (out, err) = said(command.arg("--config").arg(settings).arg("--output-path").arg(folder));
    assert!(!(out + &err).contains("process schema"), "a schema is left out: see the generator");
}

/// The generator for PHP is a Java program in a package of Python.
fn for_php(contract: &Path, python: &Path, folder: &Path) {
    let jar = "import openapi_generator_cli as it, pathlib; print(pathlib.Path(it.__file__).parent / 'openapi-generator.jar')";
    let found = Command::new(python).args(["-c", jar]).output().expect("Python runs");
    let jar = String::from_utf8(found.stdout).expect("a path");
    let command = &mut Command::new("java");
    command.args(["-jar", jar.trim(), "generate", "-g", "php", "--invoker-package", "GeneratedClient"]);
    let without = "modelTests=false,apiTests=false,modelDocs=false,apiDocs=false";
    let (out, err) =
        said(command.args(["--global-property", without, "-i"]).arg(contract).arg("-o").arg(folder.join("php")));
    // Of two files with one name the later one is left.
    assert!(!(out + &err).contains("FILEPATH_COLLISION"), "two tags make one file");
}

/// The thin client, the examples, the shop and the walks, compiled.
fn javascript(npm: &Path, generated: &Path) -> PathBuf {
    let client = root().join("clients/typescript");
    let sources = ["src", "test", "examples"].map(|folder| client.join(folder));
    let shop = root().join("examples/shop");
    let walks = root().join("tests/clients/walks");
    let all: Vec<PathBuf> = sources.iter().chain([&shop, &walks]).flat_map(|folder| files(folder)).collect();
    let texts = all.iter().map(|file| fs::read_to_string(file).expect("sources are UTF-8"));
    let settings = read("clients/typescript/tsconfig.json") + &read("tests/clients/npm/tsconfig.json");
    let made_of = texts.chain([settings, name(npm), name(generated)]).collect::<String>();
    kept("javascript", &made_of, |folder| {
        let own = folder.join("node_modules/@grapevine/client");
        copy_all(&client.join("src"), &own.join("src"));
        ["package.json", "tsconfig.json"].iter().for_each(|file| copy(&client.join(file), &own));
        for module in fs::read_dir(npm.join("node_modules")).expect("modules were installed").flatten() {
            let link = folder.join("node_modules").join(module.file_name());
            std::os::unix::fs::symlink(module.path(), link).expect("a link can be made");
        }
        let compiler = npm.join("node_modules/typescript/bin/tsc");
        run(Command::new("node").arg(&compiler).args(["-p", "."]).current_dir(&own));
        copy_all(&client.join("test"), &folder.join("test"));
        copy_all(&client.join("examples"), &folder.join("examples"));
        copy_all(&shop, &folder.join("shop"));
        copy_all(&walks, &folder.join("walks"));
        copy_all(&generated.join("typescript"), &folder.join("walks/generated"));
        copy(&root().join("tests/clients/npm/tsconfig.json"), folder);
        fs::write(folder.join("package.json"), "{\"type\": \"module\"}").expect("it can be written");
        run(Command::new("node").arg(&compiler).args(["-p", "."]).current_dir(folder));
    })
}

/// A folder that is made once for what it is made of; those made of something else before are removed.
fn kept(what: &str, made_of: &str, make: impl FnOnce(&Path)) -> PathBuf {
    let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients").join(what);
    // What is made there names its own place: where the folder was moved it is made anew.
    let hash = digest(&SHA256, format!("{} {made_of}", all.display()).as_bytes());
    let folder = all.join(hash.as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    let done = folder.join(".done");
    if !done.exists() {
        let begun = Instant::now();
        if all.exists() {
            fs::remove_dir_all(&all).expect("an older one can be removed");
        }
        fs::create_dir_all(&folder).expect("a folder can be made");
        make(&folder);
        fs::write(done, "").expect("it can be written");
        eprintln!("clients: made {what} in {:.1} s", begun.elapsed().as_secs_f32());
    }
    folder
}

fn name(folder: &Path) -> String {
    folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Runs a program that must succeed; answers what it printed.
#[track_caller]
pub fn run(command: &mut Command) -> String {
    said(command).0
}

/// Runs a program that must succeed; answers what it printed, and what it said beside that.
#[track_caller]
fn said(command: &mut Command) -> (String, String) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} cannot be run: {error}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?} failed\n{out}\n{err}");
    (out.into_owned(), err.into_owned())
}

fn copy(file: &Path, folder: &Path) {
    fs::create_dir_all(folder).expect("a folder can be made");
    let name = file.file_name().unwrap_or_default();
    fs::copy(file, folder.join(name)).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}

fn copy_all(from: &Path, to: &Path) {
    for file in files(from) {
        let place = file.strip_prefix(from).expect("it is below").parent().expect("it has a folder");
        copy(&file, &to.join(place));
    }
}

/// The files of a folder, and of those in it, by their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort_unstable();
    entries.iter().flat_map(|path| if path.is_dir() { files(path) } else { vec![path.clone()] }).collect()
}
