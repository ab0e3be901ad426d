//! The demo, as a person runs it: the real binary.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::support::database::fresh_database;
use crate::support::process::{Signal, command, send};
use crate::support::*;

on_both!(
    the_demo_walks_the_main_path_and_ends_well,
    the_demo_names_the_step_that_failed,
    the_demo_leaves_its_server_running
);

fn demo(backend: Backend) -> Command {
    let mut demo = command(&fresh_database(backend));
    demo.arg("demo");
    demo
}

async fn the_demo_walks_the_main_path_and_ends_well(shop: TestShop) {
    let output = demo(shop.backend).args(["--once", "--json"]).output().expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let shown: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!(shown["ok"], true);
    assert_eq!(elements(&shown["steps"]).len(), 18, "{shown}");
}

async fn the_demo_names_the_step_that_failed(shop: TestShop) {
    let output =
        demo(shop.backend).arg("--once").env("GRAPEVINE_RATE_LIMIT", "1/60").output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(1));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(complaint.contains("the step \"The shop's settings\" failed"), "{complaint}");
    assert!(complaint.contains("rate_limited"), "{complaint}");
}

async fn the_demo_leaves_its_server_running(shop: TestShop) {
    let mut child = Running(demo(shop.backend).stdout(Stdio::piped()).spawn().expect("the binary starts"));
    let output = child.0.stdout.take().expect("its output was asked for");
    let lines = BufReader::new(output).lines().map(|line| line.expect("its output can be read"));
    let hint = lines.into_iter().find(|line| line.contains("export URL=")).expect("it says how to go on");
    let word =
        |name: &str| hint.split_whitespace().find_map(|word| word.strip_prefix(name)).expect("a word").to_owned();
    let actor = Actor::bearer(&word("URL="), &word("KEY="));
    assert_eq!(actor.get("/v1/shop").await.ok()["name"], "Kaffeehaus");
    send(&child.0, Signal::TERM);
    assert!(child.0.wait().expect("it ends").success(), "an end that was asked for is no failure");
}

/// A process that does not outlive its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only when it is gone already.
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}
