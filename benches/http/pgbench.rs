//! The limit on PostgreSQL once more, by PostgreSQL's own client: the same statements as a script
//! of `pgbench`, so that nobody can say that the limit was held down by ours.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use grapevine::store::Bind;

use crate::limit::{CONNECTIONS, Cell, Part, Script, Write};

/// How often a second it ran, with the number of connections that did best; `None` where there is no
/// `pgbench`: `scripts/with-postgres` tells where it is. The same where it cannot be told a value.
pub fn best(script: &Script, url: &str, folder: &Path, time: Duration) -> anyhow::Result<Option<f64>> {
    let Ok(programs) = std::env::var("GRAPEVINE_TEST_POSTGRES_BIN") else { return Ok(None) };
    let file = folder.join("pgbench.sql");
    let Some(text) = text(script) else { return Ok(None) };
    fs::write(&file, text)?;
    let mut best: f64 = 0.0;
    for connections in CONNECTIONS {
        let output = Command::new(Path::new(&programs).join("pgbench"))
            .args(["-n", "-M", "prepared", "-j", "2", "-c", &connections.to_string()])
            .args(["-T", &time.as_secs().max(1).to_string(), "-f"])
            .arg(&file)
            .arg(url)
            .output()
            .context("pgbench cannot be run")?;
        let (out, complaint) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        anyhow::ensure!(output.status.success(), "pgbench: {complaint}");
        let rate = out.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        best = best.max(rate.with_context(|| format!("pgbench says no rate: {out}"))?);
    }
    Ok(Some(best))
}

fn text(script: &Script) -> Option<String> {
    let writes = script.writes.iter().enumerate().map(|(index, write)| statement(script, index, write));
    let writes: String = writes.collect::<Option<_>>()?;
    Some(format!("\\set n random(1000000000000, 9000000000000)\nBEGIN;\n{writes}COMMIT;\n"))
}

fn statement(script: &Script, index: usize, write: &Write) -> Option<String> {
    let mut parts = write.sql.split('?');
    let mut sql = parts.next().unwrap_or_default().to_owned();
    for (part, cell) in parts.zip(&write.cells) {
        sql.push_str(&match cell {
            Cell::Same(Bind::Int(Some(number))) => number.to_string(),
            Cell::Same(Bind::Text(Some(text))) => literal(text),
            Cell::Same(Bind::Bytes(Some(bytes))) => format!("'\\x{}'", grapevine::vault::hex(bytes)),
            Cell::Same(Bind::Int(None) | Bind::Text(None) | Bind::Bytes(None)) => "NULL".to_owned(),
            Cell::Same(_) => return None,
            Cell::Number => number(index),
            Cell::Made(parts) => parts.iter().map(|part| made(script, part)).collect::<Vec<_>>().join(" || "),
        });
        sql.push_str(part);
    }
    Some(sql + ";\n")
}

fn made(script: &Script, part: &Part) -> String {
    match part {
        Part::Text(text) => literal(text),
        // The number has 16 digits, and an id 26 characters behind its prefix.
        Part::NewId(index) => format!("'{}0000000000' || ({})::text", script.prefixes[*index], number(*index)),
        Part::Unique => format!("({})::text", number(0)),
    }
}

fn number(index: usize) -> String {
    format!(":n::bigint * 1000 + {index}")
}

/// pgbench takes a colon and a letter for a variable, even in a literal: a blank between them keeps
/// them apart, and JSON what it is.
fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    let mut after_colon = false;
    for c in text.chars() {
        if after_colon && (c.is_ascii_alphabetic() || c == '_' || !c.is_ascii()) {
            literal.push(' ');
        }
        after_colon = c == ':';
        literal.push(c);
        if c == '\'' {
            literal.push(c);
        }
    }
    format!("'{literal}'")
}
