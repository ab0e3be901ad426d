//! The real binary on a new database, and shops in it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use grapevine::store::Target;
use grapevine::store::connection::Use;
use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_grapevine");

/// Which database.
#[derive(Clone, Copy, Debug)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A database in the private cluster.
    Postgres,
}

/// A server in a process and a folder of its own; both are gone when it is dropped.
pub struct Server {
    child: Child,
    folder: PathBuf,
    database: String,
    settings: Vec<(&'static str, String)>,
    /// Where it listens.
    pub url: String,
}

/// A new test shop, and a key that may do everything there.
pub struct Shop {
    pub key: String,
}

impl Server {
    pub fn start(backend: Backend) -> Self {
        Self::start_with(backend, &[])
    }

    /// The same, with further settings.
    pub fn start_with(backend: Backend, settings: &[(&'static str, String)]) -> Self {
        let name = format!("clients_{}", ulid::Ulid::generate()).to_ascii_lowercase();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(&name);
        fs::create_dir_all(&folder).expect("a temporary folder can be made");
        let database = match backend {
            Backend::Sqlite => format!("sqlite:{}", folder.join("grapevine.db").display()),
            Backend::Postgres => fresh_postgres(&name),
        };
        let mut child = command(&database, &folder)
            .envs(settings.iter().cloned())
            .arg("serve")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut line = String::new();
        let output = child.stdout.take().expect("its output was asked for");
        BufReader::new(output).read_line(&mut line).expect("its output can be read");
        let url = line.split_whitespace().last().unwrap_or_default().to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "{line}");
        Self { child, folder, database, url, settings: settings.to_vec() }
    }

    /// Founds a shop.
    pub fn found(&self, name: &str) -> Shop {
        let options = ["--currency", "EUR", "--locale", "en", "--landing-host", "shop.example", "--mode", "test"];
        let founded = self.run(&[&["shop", "create", name][..], &options].concat());
        let shop = founded["shop"].as_str().expect("its id").to_owned();
        let key = self.run(&["key", "create", "--shop", &shop, "--scope", "all"]);
        Shop { key: key["client_secret"].as_str().expect("its secret").to_owned() }
    }

    /// What is in its folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// What a command beside it prints.
    pub fn run(&self, arguments: &[&str]) -> Value {
        let output = command(&self.database, &self.folder)
            .envs(self.settings.iter().cloned())
            .args(arguments)
            .arg("--json")
            .output()
            .expect("it runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("it prints JSON")
    }
}

impl Shop {
    /// What a resource is.
    pub fn get(&self, url: &str, path: &str) -> Value {
        self.ask(reqwest::Client::new().get(format!("{url}{path}")))
    }

    /// Sends what must be taken.
    pub fn post(&self, url: &str, path: &str, body: &Value) -> Value {
        let key = ulid::Ulid::generate().to_string();
        self.ask(reqwest::Client::new().post(format!("{url}{path}")).header("idempotency-key", key).json(body))
    }

    /// Sends what must be taken, where it is put.
    pub fn send(&self, request: reqwest::RequestBuilder) -> Value {
        self.ask(request)
    }

    fn ask(&self, request: reqwest::RequestBuilder) -> Value {
        block_on(async {
            let answer = request.bearer_auth(&self.key).send().await.expect("the server answers");
            let (status, body) = (answer.status(), answer.json::<Value>().await.expect("JSON"));
            assert!(status.is_success(), "{status}: {body}");
            body
        })
    }
}

/// Waits for an answer.
pub fn block_on<Outcome>(future: impl Future<Output = Outcome>) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(future)
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only when it is gone already.
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("{} stays: {error}", self.folder.display());
        }
    }
}

fn command(database: &str, folder: &Path) -> Command {
    let mut command = Command::new(BINARY);
    let settings = [
        ("DATABASE_URL", database),
        ("GRAPEVINE_LISTEN", "127.0.0.1:0"),
        ("GRAPEVINE_SECRET", "a secret that only the tests use, longer than it must be"),
        ("GRAPEVINE_RATE_LIMIT", "off"),
        ("GRAPEVINE_TICK_MS", "100"),
        ("GRAPEVINE_LOG", "error"),
    ];
    command.env_clear().envs(settings).current_dir(folder).stdin(Stdio::null());
    command
}

fn fresh_postgres(name: &str) -> String {
    let cluster = std::env::var("GRAPEVINE_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!("GRAPEVINE_TEST_POSTGRES is not set: run `make test`, or `scripts/with-postgres cargo test …`")
    });
    let target = Target::parse(&cluster).expect("GRAPEVINE_TEST_POSTGRES is a URL");
    let mut connection = target.connect(Use::Tool).expect("the cluster of the tests can be reached");
    connection.batch(&format!("CREATE DATABASE {name}")).expect("a database can be made");
    let mut url = url::Url::parse(&cluster).expect("GRAPEVINE_TEST_POSTGRES is a URL");
    url.set_path(name);
    url.to_string()
}
