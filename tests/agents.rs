//! Two public lists judge who is a robot and who a person: `crawler-user-agents` names robots, with what they are for, and
//! `isbot` tells robots by patterns. Their versions are pinned in `tests/agents`; `npm ci` brings them into the target
//! folder once. The figures stand in the output: `cargo test --test agents -- --nocapture`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::{env, fs};

use grapevine::links::visitor::{Request, Visitor, tell};
use serde::Deserialize;

/// Where what is installed came from; it is written last.
const INSTALLED: &str = "package-lock.json";
/// What stands beside it.
const FILES: [&str; 4] = ["package.json", INSTALLED, ".npmrc", "judge.mjs"];

/// What the lists say of a user agent.
#[derive(Debug, Deserialize)]
struct Judged {
    agent: String,
    /// What `isbot` says.
    isbot: bool,
    /// Whether `crawler-user-agents` has it.
    robot: bool,
    /// Whether that calls it one that fetches previews.
    preview: bool,
}

/// What both lists say of all that the second has, and of those who are people.
#[derive(Debug, Deserialize)]
struct Judgement {
    listed: Vec<Judged>,
    given: Vec<Judged>,
}

#[test]
fn preview_fetchers_of_the_public_lists_are_told_apart() {
    let (mut fetchers, mut told, mut others) = (0, 0, Vec::new());
    for judged in judgement().listed.iter().filter(|judged| judged.preview && judged.isbot) {
        fetchers += 1;
        match of(&judged.agent) {
            Visitor::Preview(_) => told += 1,
            Visitor::Scanner => others.push(&judged.agent),
            Visitor::Person => panic!("a robot that fetches previews counts as a person: {}", judged.agent),
        }
    }
    println!("{told} of {fetchers} preview fetchers are told as such, the others as scanners, none as a person");
    // Bing's fetches what its own search shows, and opens links as browsers of old: nobody sent them.
    let strangers: Vec<_> = others.iter().filter(|agent| !agent.contains("BingPreview")).collect();
    assert!(strangers.is_empty(), "{strangers:?}");
    assert!(fetchers > 100, "the list has them: {fetchers}");
}

#[test]
fn robots_of_the_public_lists_are_seldom_taken_for_people() {
    let robots: Vec<&Judged> = judgement().listed.iter().filter(|judged| judged.isbot).collect();
    let people: Vec<_> = robots.iter().filter(|judged| of(&judged.agent) == Visitor::Person).collect();
    println!("{} of {} robots on whom both lists agree count as people:", people.len(), robots.len());
    people.iter().for_each(|judged| println!("  {}", judged.agent));
    assert!(robots.len() > 2_000, "the list has them: {}", robots.len());
    assert!(people.len() * 200 < robots.len(), "one of 200 at most: {people:?}");
}

#[test]
fn no_browser_inside_an_app_is_taken_for_a_robot() {
    let people = &judgement().given;
    let disputed = people.iter().filter(|judged| judged.robot).count();
    println!(
        "{} browsers inside apps and others are people; crawler-user-agents takes {disputed} for robots",
        people.len()
    );
    assert!(people.len() > 30, "{}", people.len());
    for judged in people {
        assert!(!judged.isbot, "isbot takes it for a robot, is it a person's? {}", judged.agent);
        assert_eq!(of(&judged.agent), Visitor::Person, "{}", judged.agent);
    }
    // What the two lists dispute is a person's, too: a robot that counts as a person is worth less than a person lost.
    for judged in judgement().listed.iter().filter(|judged| judged.agent.contains("MetaIAB")) {
        assert_eq!((judged.isbot, of(&judged.agent)), (false, Visitor::Person), "{}", judged.agent);
    }
}

fn of(agent: &str) -> Visitor {
    tell(&Request { user_agent: Some(agent), ..Request::default() })
}

fn judgement() -> &'static Judgement {
    static JUDGEMENT: OnceLock<Judgement> = OnceLock::new();
    JUDGEMENT.get_or_init(|| {
        let people = fs::read(sources().join("people.txt")).expect("there are people");
        let mut judge = Command::new("node");
        judge.arg("judge.mjs").current_dir(tools()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut judge = judge.spawn().expect("node is there: scripts/need node brings it");
        judge.stdin.take().expect("it listens").write_all(&people).expect("it reads");
        let ended = judge.wait_with_output().expect("it ends");
        assert!(ended.status.success(), "the lists cannot be asked");
        serde_json::from_slice(&ended.stdout).expect("what the lists say")
    })
}

/// Where the lists are installed; brings them when they are not, or others.
fn tools() -> &'static Path {
    static TOOLS: OnceLock<PathBuf> = OnceLock::new();
    TOOLS.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("agents");
        let is_same = |file: &str| {
            let (source, installed) = (fs::read(sources().join(file)), fs::read(folder.join(file)));
            source.is_ok_and(|source| installed.is_ok_and(|installed| installed == source))
        };
        if FILES.into_iter().all(is_same) {
            return folder;
        }
        let fresh = folder.with_extension("new");
        drop(fs::remove_dir_all(&fresh));
        fs::create_dir_all(&fresh).expect("the target folder can be written");
        for file in FILES {
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
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/agents")
}
