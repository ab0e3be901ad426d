//! The commands of README.md and of the pages in docs work as they are printed, in one shell beside one server: from an
//! empty database to the first mail, and on from there. Only the address is another one, for the port of the README
//! may be taken. What a page shows of an answer is in the answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Lines, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_grapevine");
const PRINTED_ADDRESS: &str = "API=http://127.0.0.1:8080\n";
/// The pages with commands, as one goes from one to the next: what one makes another uses.
const PAGES: [&str; 8] = [
    "README.md",
    "docs/reports.md",
    "docs/integrate.md",
    "docs/webhooks.md",
    "docs/offers.md",
    "docs/announcements.md",
    "docs/past.md",
    "docs/privacy.md",
];
/// The first shell: how the program is built and started.
const FIRST_SHELL: &str = "cargo build --release\nexport PATH=\"$PWD/target/release:$PATH\"\ngrapevine serve\n";
/// What says that a block has ended.
const END: &str = "-- the end of a block --";
/// What comes at all comes before that.
const LIMIT: Duration = Duration::from_secs(60);

/// A child that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only when it is gone already.
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// A folder that nobody has used before; gone when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("readme-{}", ulid::Ulid::generate()));
        fs::create_dir_all(&folder).expect("a temporary folder can be made");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("{} stays: {error}", self.0.display());
        }
    }
}

#[test]
fn the_commands_do_what_the_pages_say() {
    // What is made later is dropped first: shell and server end before their folder does.
    let Folder(folder) = &Folder::new();
    let (_server, address) = serve(folder);
    let mut shell = Shell::open(folder);
    let mut said = String::new();
    for page in PAGES {
        let text = read(page);
        let mut blocks = blocks(&text).into_iter().peekable();
        if page == "README.md" {
            assert_eq!(blocks.next(), Some(("sh", FIRST_SHELL)), "the first shell of {page}");
        }
        assert!(blocks.peek().is_some(), "{page} has no commands");
        for (language, block) in blocks {
            match language {
                "sh" => {
                    if block.contains("mailbox") {
                        wait_for_mails(&folder.join("mailbox"), 2);
                    }
                    let own = format!("API={address}\n");
                    said = shell.run(page, &block.replace(PRINTED_ADDRESS, &own));
                }
                "json" => {
                    let shown: Value = serde_json::from_str(block).unwrap_or_else(|error| panic!("{page}: {error}"));
                    let answer = objects(&said).pop().unwrap_or_default();
                    assert!(is_of(&shown, &answer), "{page} shows {shown:#}\nthe answer is {answer:#}");
                }
                _ => {}
            }
        }
        if page == "README.md" {
            ends_with_mails(&text, &said);
        }
    }
}

/// To the first converted share it takes five requests; then the days pass, and the codes that the customers were
/// sent are the shop's.
fn ends_with_mails(commands: &str, said: &str) {
    assert!(commands.contains(PRINTED_ADDRESS), "the address is printed");
    let to_the_order = commands.split("$API/v1/test/clock").next().unwrap_or_default();
    assert_eq!(to_the_order.matches("curl ").count(), 6, "five requests, and the one that moves the clock");
    let recipients: BTreeSet<&str> = said.lines().filter(|line| line.starts_with("To: ")).collect();
    assert_eq!(recipients, BTreeSet::from(["To: anna@example.org", "To: ben@example.org"]), "{said}");
    let codes: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("Your code: ")).collect();
    let voucher = objects(&said[said.find('{').unwrap_or_default()..]).pop().expect("a voucher");
    assert!(codes.len() == 2 && voucher["code"].as_str().is_some_and(|code| codes.contains(&code)), "{said}");
}

#[test]
fn every_page_with_commands_is_run() {
    let pages = fs::read_dir(root().join("docs")).expect("there are docs").flatten();
    for page in pages.map(|page| format!("docs/{}", page.file_name().to_string_lossy())) {
        let has_commands = blocks(&read(&page)).iter().any(|(language, _)| *language == "sh");
        assert_eq!(has_commands, PAGES.contains(&page.as_str()), "{page}");
    }
}

/// What a page tells people to type elsewhere, on a server or in a text, names commands and options that there are.
#[test]
fn every_command_that_a_page_names_is_known() {
    let docs = fs::read_dir(root().join("docs")).expect("there are docs").flatten();
    let docs = docs.map(|page| format!("docs/{}", page.file_name().to_string_lossy()));
    let mut known: BTreeMap<Vec<String>, String> = BTreeMap::new();
    for page in docs.chain(["README.md", "SECURITY.md", "CHANGELOG.md", "deploy/debian/env"].map(str::to_owned)) {
        for line in named(&read(&page)) {
            let words: Vec<&str> = line.split_whitespace().skip(1).collect();
            let is_word = |word: &&&str| word.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-');
            let path = words.iter().take_while(|word| !word.starts_with('-')).take_while(is_word).take(2);
            let path: Vec<String> = path.map(|word| (*word).to_owned()).collect();
            let help = known.entry(path.clone()).or_insert_with(|| help(&path));
            let options = words.iter().filter(|word| word.starts_with("--"));
            let unknown: Vec<&&str> = options.filter(|option| !help.contains(**option)).collect();
            assert!(!help.is_empty() && unknown.is_empty(), "{page} names {line}: {unknown:?} of {help:?}");
        }
    }
    assert!(known.len() > 8, "{known:?}");
}

/// Of the program's commands those that stand in backticks or at the beginning of a line to be typed.
fn named(page: &str) -> Vec<String> {
    let fenced = blocks(page).into_iter().filter(|(language, _)| *language == "console");
    let typed: Vec<&str> = fenced.flat_map(|(_, block)| block.lines()).collect();
    let quoted = page.split("```").step_by(2).flat_map(|text| text.split('`').skip(1).step_by(2));
    let mine = |text: &&str| text.starts_with("grapevine ") || text.starts_with("grapevinectl ");
    let inside = typed.iter().filter_map(|line| Some(&line[line.find(" grapevine grapevine ")? + 11..]));
    typed.iter().copied().filter(mine).chain(inside).chain(quoted.filter(mine)).map(str::to_owned).collect()
}

/// What a command says of itself; nothing: there is none.
fn help(path: &[String]) -> String {
    let output = Command::new(BINARY).args(path).arg("--help").output().expect("the binary runs");
    if output.status.success() { String::from_utf8_lossy(&output.stdout).into_owned() } else { String::new() }
}

#[test]
fn a_command_that_fails_and_an_answer_that_differs_are_found() {
    let page = "a\n```sh\nfalse\n```\nb\n```json\n{\"a\": 1}\n```\n```yaml\nx\n```\n";
    assert_eq!(blocks(page), [("sh", "false\n"), ("json", "{\"a\": 1}\n"), ("yaml", "x\n")]);
    let Folder(folder) = &Folder::new();
    let failed = std::panic::catch_unwind(|| Shell::open(folder).run("a page", "echo x | (cat; false) | cat\n"));
    assert!(failed.is_err());
    let json = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    let answer = json(r#"{"a": 1, "b": [{"c": "x", "d": 2}], "e": null}"#);
    for (shown, is_true) in [
        (r#"{"a": 1}"#, true),
        (r#"{"b": [{"c": "x"}]}"#, true),
        (r#"{"a": 2}"#, false),
        (r#"{"b": []}"#, false),
        (r#"{"f": null}"#, false),
        (r#"{"b": [{"c": "y"}]}"#, false),
    ] {
        assert_eq!(is_of(&json(shown), &answer), is_true, "{shown}");
    }
}

/// Whether what is shown is so in the answer, which may have more fields.
fn is_of(shown: &Value, answer: &Value) -> bool {
    match (shown, answer) {
        (Value::Object(shown), Value::Object(answer)) => {
            shown.iter().all(|(name, value)| answer.get(name).is_some_and(|other| is_of(value, other)))
        }
        (Value::Array(shown), Value::Array(answer)) => {
            shown.len() == answer.len() && shown.iter().zip(answer).all(|(one, other)| is_of(one, other))
        }
        _ => shown == answer,
    }
}

/// What stands between fences, with its language.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let fenced = page.split("```").skip(1).step_by(2);
    fenced.filter_map(|block| block.split_once('\n')).collect()
}

/// A shell that takes one block after the other, and ends with the first command that fails.
struct Shell {
    shell: Running,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    errors: PathBuf,
}

impl Shell {
    fn open(folder: &Path) -> Self {
        let errors = folder.join("errors");
        let file = fs::File::create(&errors).expect("a file can be made");
        let mut command = command("bash", folder);
        command.args(["-euo", "pipefail"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(file);
        let mut shell = Running(command.spawn().expect("bash runs"));
        let input = shell.0.stdin.take().expect("its input was asked for");
        let output = shell.0.stdout.take().expect("its output was asked for");
        Self { shell, input, output: BufReader::new(output).lines(), errors }
    }

    /// Runs a block; answers what it printed.
    fn run(&mut self, page: &str, block: &str) -> String {
        // A shell that has ended is found below.
        let _gone = self.input.write_all(format!("{block}\necho '{END}'\n").as_bytes());
        let mut said = String::new();
        for line in self.output.by_ref() {
            let line = line.expect("the shell prints UTF-8");
            if line == END {
                return said;
            }
            said = said + &line + "\n";
        }
        let errors = fs::read_to_string(&self.errors).unwrap_or_default();
        panic!("{page}: {:?}\n{block}\nprinted\n{said}\n{errors}", self.shell.0.wait());
    }
}

/// Mails leave in the background.
fn wait_for_mails(mailbox: &Path, count: usize) {
    let begun = Instant::now();
    let arrived = || {
        let files = fs::read_dir(mailbox).into_iter().flatten().flatten();
        files.filter(|file| file.path().extension().is_some_and(|end| end == "eml")).count()
    };
    while arrived() < count {
        assert!(begun.elapsed() < LIMIT, "{} mails are in {}", arrived(), mailbox.display());
    }
}

/// A server on a new SQLite file in the folder, as the first shell starts it, and where it listens.
fn serve(folder: &Path) -> (Running, String) {
    let words: Vec<&str> = FIRST_SHELL.lines().last().unwrap_or_default().split(' ').skip(1).collect();
    let mut command = command(BINARY, folder);
    command.args(words).env("GRAPEVINE_LISTEN", "127.0.0.1:0").stdout(Stdio::piped()).stderr(Stdio::null());
    let mut server = Running(command.spawn().expect("the binary starts"));
    let output = server.0.stdout.take().expect("its output was asked for");
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).expect("its output can be read");
    let address = line.split_whitespace().last().unwrap_or_default().to_owned();
    assert!(address.starts_with("http://127.0.0.1:"), "{line}");
    (server, address)
}

fn command(program: &str, folder: &Path) -> Command {
    let own = Path::new(BINARY).parent().map(|path| path.display().to_string()).unwrap_or_default();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(program);
    command.env_clear().env("PATH", format!("{own}:{path}")).current_dir(folder);
    command
}

/// The values that were printed one after the other.
fn objects(output: &str) -> Vec<Value> {
    let objects = serde_json::Deserializer::from_str(output).into_iter::<Value>();
    objects.map(|object| object.unwrap_or_else(|error| panic!("{error} in {output}"))).collect()
}

fn read(page: &str) -> String {
    fs::read_to_string(root().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
