//! What `deploy` has goes with the program: metrics that dashboard and alerts name are there, each that is counted is
//! described, and the package takes files that exist.

use std::collections::BTreeSet;
use std::fs;

use grapevine::api::measures::{Kind, MEASURES};
use serde_json::Value;

use super::{root, sources};

#[test]
fn every_metric_that_is_counted_is_described_and_the_other_way_round() {
    let files = sources();
    let elsewhere = files.iter().filter(|(file, _)| file != "api/measures.rs");
    let places = elsewhere.flat_map(|(_, text)| text.split("\"grapevine_").skip(1));
    let counted: BTreeSet<String> =
        places.filter_map(|rest| rest.split('"').next()).map(|name| format!("grapevine_{name}")).collect();
    let described: BTreeSet<String> = MEASURES.iter().map(|(name, ..)| (*name).to_owned()).collect();
    assert_eq!(counted, described);
}

#[test]
fn dashboard_and_alerts_name_what_is_measured() {
    let dashboard: Value = serde_json::from_str(&read("deploy/grafana/grapevine.json")).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let targets = panels.iter().flat_map(|panel| panel["targets"].as_array().expect("targets"));
    let shown: Vec<&str> = targets.map(|target| target["expr"].as_str().expect("an expression")).collect();
    let alerts: Value = serde_norway::from_str(&read("deploy/prometheus/grapevine-alerts.yml")).expect("YAML");
    let rules = alerts["groups"][0]["rules"].as_array().expect("rules");
    for rule in rules {
        for told in ["/alert", "/expr", "/labels/severity", "/annotations/summary", "/annotations/description"] {
            assert!(rule.pointer(told).and_then(Value::as_str).is_some_and(|text| !text.is_empty()), "{told}: {rule}");
        }
    }
    let asked: Vec<&str> = rules.iter().filter_map(|rule| rule["expr"].as_str()).collect();
    for expression in shown.iter().chain(&asked) {
        assert_eq!(unknown(expression), Vec::<&str>::new(), "{expression}");
    }
    // What is measured and nobody looks at is measured in vain.
    let all = shown.join(" ");
    let unseen: Vec<&str> = MEASURES.iter().map(|(name, ..)| *name).filter(|name| !all.contains(name)).collect();
    assert_eq!(unseen, Vec::<&str>::new());
}

#[test]
fn a_metric_that_is_not_there_is_found() {
    let asked =
        "sum(rate(grapevine_busy_total[5m])) / grapevine_mail_seconds_bucket + grapevine_gone_total + grapevine_busy";
    assert_eq!(unknown(asked), ["grapevine_gone_total", "grapevine_busy"]);
}

/// Names in an expression that nothing has.
fn unknown(expression: &str) -> Vec<&str> {
    let words = expression.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let is_there = |word: &str| {
        MEASURES.iter().any(|(name, kind, _)| {
            let parts = ["_bucket", "_sum", "_count"];
            word == *name && *kind != Kind::Seconds
                || *kind == Kind::Seconds && parts.iter().any(|part| word.strip_suffix(part) == Some(*name))
        })
    };
    words.filter(|word| word.starts_with("grapevine_") && !is_there(word)).collect()
}

#[test]
fn the_package_takes_files_that_are_there() {
    let manifest = read("Cargo.toml");
    let part = manifest.split("[package.metadata.deb]").nth(1).and_then(|rest| rest.split("\n[").next());
    let assets = part.expect("the package").lines().filter_map(|line| line.trim().strip_prefix("[\""));
    let files: Vec<&str> = assets.filter_map(|line| line.split('"').next()).collect();
    assert!(files.len() > 10, "{files:?}");
    // The program is not built when this runs.
    let missing = files.iter().filter(|file| **file != "target/release/grapevine" && !root().join(file).exists());
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<&&str>::new());
}

/// systemd's units differ in what they start, and in nothing that keeps them apart from the machine.
#[test]
fn the_units_are_kept_apart_alike() {
    let hardening = |name: &str| {
        let unit = read(&format!("deploy/systemd/{name}.service"));
        let part = unit.split("\n\n").find(|part| part.contains("NoNewPrivileges=yes")).expect("hardening");
        part.trim_end().to_owned()
    };
    for other in ["grapevine-deliver", "grapevine-backup", "grapevine-verify"] {
        assert_eq!(hardening("grapevine"), hardening(other), "{other}");
    }
}

/// Two stages, no package cache left, a user of its own with a number, and the words of a signal and a command.
#[test]
fn the_containerfile_is_as_it_should_be() {
    let text = read("deploy/Containerfile");
    let lines: Vec<&str> =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let words =
        ["FROM", "RUN", "WORKDIR", "COPY", "USER", "VOLUME", "ENV", "EXPOSE", "STOPSIGNAL", "ENTRYPOINT", "CMD"];
    let goes_on = |at: usize| at > 0 && lines[at - 1].ends_with('\\');
    for (at, line) in lines.iter().enumerate().filter(|(at, _)| !goes_on(*at)) {
        assert!(words.contains(&line.split(' ').next().unwrap_or_default()), "{at}: {line}");
        assert!(!line.contains("apt-get install") || line.contains("--no-install-recommends"), "{line}");
        assert!(!line.contains("apt-get install") || line.contains("rm -rf /var/lib/apt/lists/*"), "{line}");
    }
    let of = |word: &str| lines.iter().filter(|line| line.starts_with(word)).copied().collect::<Vec<_>>();
    let manifest = read("Cargo.toml");
    let least = manifest.lines().find_map(|line| line.strip_prefix("rust-version = ")).expect("the least Rust");
    let images = of("FROM ");
    assert!(images.len() == 2 && images[0].contains(&format!("rust:{}-", least.trim_matches('"'))), "{images:?}");
    assert!(images.iter().all(|image| image.contains(':') && !image.contains(":latest")), "{images:?}");
    assert_eq!(of("USER "), ["USER 10001:10001"]);
    assert_eq!((of("ENTRYPOINT "), of("CMD ")), (vec!["ENTRYPOINT [\"/usr/bin/grapevine\"]"], vec!["CMD [\"serve\"]"]));
    assert!(read(".containerignore").lines().any(|line| line == "target"));
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}
