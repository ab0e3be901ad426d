//! Each client walks from a share to a redemption, all at once, each in a shop of its own.

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use super::road::Road;
use super::server::{Backend, Server};
use super::shop::the_shop_sells;
use super::tools::{Tools, run, tools};
use super::{on_both, root};

on_both!(every_client_walks);

fn every_client_walks(backend: Backend) {
    let tools = tools();
    let server = Server::start(backend);
    let road = Road::to(&server.url);
    let server = &server;
    let mut failed = Vec::new();
    std::thread::scope(|scope| {
        let mut begun = vec![("the shop", scope.spawn(|| the_shop_sells(server, tools)))];
        for walk in walks(tools) {
            let url = if walk.is_on_bad_road { &road.url } else { &server.url };
            begun.push((walk.name, scope.spawn(move || walk.go(server, url))));
        }
        failed.extend(begun.into_iter().filter_map(|(name, walk)| walk.join().err().map(|_| name)));
    });
    assert_eq!(failed, Vec::<&str>::new(), "see above");
    // Three clients: two tries in vain, and what is refused for good is not tried again; the key is asked for once.
    assert_eq!(road.tries("POST /v1/conversions "), [3; 3]);
    assert_eq!(road.tries("A-2002"), [3; 3]);
    assert_eq!(road.tries("POST /v1/keys "), [1; 3]);
}

/// A program that uses a client.
struct Walk {
    name: &'static str,
    command: Command,
    is_on_bad_road: bool,
    /// What it prints: an object, or how its last line begins.
    prints: Printed,
}

enum Printed {
    Object(Value),
    LastLine(&'static str),
}

impl Walk {
    fn go(mut self, server: &Server, url: &str) {
        let shop = server.found(self.name);
        if matches!(self.prints, Printed::LastLine(_)) {
            shop.post(&server.url, "/v1/programs", &json!({
                "name": "Tell a friend", "slug": "friends", "status": "active", "landing_url": "https://shop.example/welcome",
                "rewards": [{"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000}],
            }));
        }
        let printed = run(self.command.env("GRAPEVINE_URL", url).env("GRAPEVINE_KEY", &shop.key));
        match self.prints {
            Printed::Object(expected) => {
                let met: Value = serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error}: {printed}"));
                assert_eq!(met, expected, "{}", self.name);
            }
            Printed::LastLine(begin) => {
                let line = printed.lines().last().unwrap_or_default();
                assert!(line.starts_with(begin) && line.len() > begin.len() + 8, "{}: {printed}", self.name);
            }
        }
    }
}

fn walks(tools: &Tools) -> Vec<Walk> {
    let generated = |name, command| Walk { name, command, is_on_bad_road: false, prints: Printed::Object(main_path()) };
    let thin = |name, command| Walk { name, command, is_on_bad_road: true, prints: Printed::Object(every_corner()) };
    let example =
        |name, command| Walk { name, command, is_on_bad_road: false, prints: Printed::LastLine("Anna's voucher: ") };
    let own = walk_of;
    let examples = [
        example("typescript example", node(tools, "examples/order.js")),
        example("python example", thin_python(root().join("clients/python/examples/order.py"))),
        example("php example", thin_php(root().join("clients/php/examples/order.php"))),
    ];
    let mut python = Command::new(&tools.python);
    python.arg(own("python_client.py")).env("PYTHONPATH", tools.generated.join("python"));
    let mut php = Command::new("php");
    php.arg(own("php_client.php")).env("GENERATED", tools.generated.join("php"));
    let mut walks = vec![
        generated("openapi-fetch", node(tools, "walks/openapi_fetch.js")),
        generated("hey-api", node(tools, "walks/hey_api.js")),
        generated("openapi-python-client", python),
        generated("openapi-generator for php", php),
        thin("thin typescript", node(tools, "walks/thin.js")),
        thin("thin python", thin_python(own("thin.py"))),
        thin("thin php", thin_php(own("thin.php"))),
    ];
    walks.extend(examples);
    walks
}

/// What generated clients meet.
fn main_path() -> Value {
    json!({
        "conversion": {"status": "pending", "method": "token", "rewards": 2},
        "voucher": {"kind": "amount_off", "amount": 1000, "count": 1},
        "redemption": {"discount": 1000, "payable": 3990},
        "listed": ["A-2001"],
        "recorded": 1,
        "refused": "voucher_spent",
    })
}

/// What thin clients meet beside it: the order is answered what was stored, for the first answer got lost; the key,
/// whose answer is not stored, was not asked for twice.
fn every_corner() -> Value {
    let mut met = main_path();
    let more = json!({
        "gapless": true, "replayed": true, "lost": true, "once": 1, "home": "https://shop.example/", "stale": "stale",
        "image": true,
    });
    let fields = met.as_object_mut().expect("an object");
    fields.extend(more.as_object().expect("an object").clone());
    met
}

#[test]
fn webhooks_are_verified() {
    let tools = tools();
    let mut python = thin_python("-m".into());
    python.args(["unittest", "discover", "-s"]).arg(root().join("clients/python/tests"));
    let mut node = Command::new("node");
    node.arg("--test").arg(tools.javascript.join("dist/test/webhooks.test.js"));
    for mut command in [node, python, thin_php(root().join("clients/php/tests/webhooks.php"))] {
        run(command.env("GRAPEVINE_WEBHOOKS", root().join("clients/webhooks.json")));
    }
}

/// Compiled TypeScript.
fn node(tools: &Tools, file: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(tools.javascript.join("dist").join(file));
    command
}

fn thin_python(argument: PathBuf) -> Command {
    let mut command = Command::new("python3");
    command.arg(argument).env("PYTHONPATH", root().join("clients/python")).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

fn thin_php(file: PathBuf) -> Command {
    let mut command = Command::new("php");
    command.arg(file).env("GRAPEVINE_PHP", root().join("clients/php"));
    command
}

fn walk_of(file: &str) -> PathBuf {
    root().join("tests/clients/walks").join(file)
}
