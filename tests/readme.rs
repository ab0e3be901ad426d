//! The commands of README.md work as they are printed: from an empty database to the first converted
//! share, and to an offer. Only the address is another one, for the port of the README may be taken.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_grapevine");
const PRINTED_ADDRESS: &str = "API=http://127.0.0.1:8080\n";

/// A server that ends with the test.
struct Server(Child);

impl Drop for Server {
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
fn the_commands_lead_to_a_converted_share() {
    // What is made later is dropped first: the server ends before its folder does.
    let Folder(folder) = &Folder::new();
    let (_server, address) = serve(folder);
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("a README.md");
    let commands = commands(&readme);
    assert!(commands.contains(PRINTED_ADDRESS), "the address is printed");
    assert_eq!(commands.matches("curl ").count(), 6, "five requests lead there, and one to an offer");
    let script = commands.replace(PRINTED_ADDRESS, &format!("API={address}\n"));
    let output = shell(folder, &script);
    let answers = answers(&output);
    let [.., conversion, offer] = answers.as_slice() else { panic!("{output}") };
    assert_eq!(conversion["status"], "pending", "{output}");
    assert_eq!(conversion["attribution"]["method"], "token", "{output}");
    assert_eq!(conversion["attribution"]["advocate"], "anna", "{output}");
    assert_eq!(conversion["attribution"]["channel"], "whatsapp", "{output}");
    assert_eq!(conversion["rewards"].as_array().map(Vec::len), Some(2), "{output}");
    assert_eq!((&offer["status"], &offer["remaining"]), (&"draft".into(), &100.into()), "{output}");
}

#[test]
fn a_command_that_fails_ends_the_walk() {
    let readme = "a\n```sh\nfalse\n```\nb\n```sh\necho '{}'\n```\n```yaml\nx\n```\n";
    assert_eq!(commands(readme), "false\necho '{}'\n");
    let output = Command::new("bash").args(["-euo", "pipefail", "-c", &commands(readme)]).output();
    assert!(!output.expect("bash runs").status.success());
}

/// What stands in the README between the marks of a shell's commands.
fn commands(readme: &str) -> String {
    let blocks = readme.split("```sh\n").skip(1);
    blocks.map(|block| block.split("```").next().unwrap_or_default()).collect()
}

/// A server on a new SQLite file in the folder, and where it listens.
fn serve(folder: &Path) -> (Server, String) {
    let mut command = command(BINARY, folder);
    let child = command.arg("serve").env("GRAPEVINE_LISTEN", "127.0.0.1:0").stdout(Stdio::piped()).spawn();
    let mut server = Server(child.expect("the binary starts"));
    let output = server.0.stdout.take().expect("its output was asked for");
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).expect("its output can be read");
    let address = line.split_whitespace().last().unwrap_or_default().to_owned();
    assert!(address.starts_with("http://127.0.0.1:"), "{line}");
    (server, address)
}

fn shell(folder: &Path, script: &str) -> String {
    let output = command("bash", folder).args(["-euo", "pipefail", "-c", script]).output().expect("bash runs");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{script}\nprinted\n{out}\n{err}");
    out.into_owned()
}

fn command(program: &str, folder: &Path) -> Command {
    let own = Path::new(BINARY).parent().map(|path| path.display().to_string()).unwrap_or_default();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(program);
    command.env_clear().env("PATH", format!("{own}:{path}")).current_dir(folder);
    command
}

/// The objects that were printed one after the other.
fn answers(output: &str) -> Vec<Value> {
    let text = &output[output.find('{').unwrap_or_default()..];
    let objects = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    objects.map(|object| object.unwrap_or_else(|error| panic!("{error} in {output}"))).collect()
}
