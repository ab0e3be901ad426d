//! `grapevine backup`, `restore` and `copy`: all that is stored, into a file, from a file, and from one database into
//! another; beside a running server.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::beside::unreachable;
use super::{Outcome, complain};
use crate::config::Config;
use crate::engine;
use crate::records::Timestamp;
use crate::store::backup::file::Contents;
use crate::store::backup::moving::{self, Label};
use crate::store::backup::row::Proof;
use crate::store::backup::snapshot::Progress;
use crate::store::connection::Use;
use crate::store::verify::{Report, verify_with};
use crate::store::{Target, installation};
use crate::vault::Vault;

/// How long it works without a word.
const QUIET: Duration = Duration::from_secs(3);

#[derive(clap::Args)]
pub(super) struct Backup {
    /// The file that is made, for its owner alone; it must not be there yet
    file: PathBuf,
    /// Leave out what opens and lets in: the secret that is kept with the database, and operators' passwords
    ///
    /// To restore such a file GRAPEVINE_SECRET must be set to the secret; operators get new passwords then.
    #[arg(long)]
    without_secrets: bool,
}

#[derive(clap::Args)]
pub(super) struct Restore {
    /// The file that `grapevine backup` made
    file: PathBuf,
    /// Verify the file and nothing else; no database is looked at
    #[arg(long)]
    check: bool,
}

#[derive(clap::Args)]
pub(super) struct Copy {
    /// The database that is read, as DATABASE_URL names one
    #[arg(long, value_parser = Target::parse)]
    from: Target,
    /// The database that is filled; it must be empty
    #[arg(long, value_parser = Target::parse)]
    to: Target,
}

impl Backup {
    pub(super) fn run(self, config: &Config) -> anyhow::Result<Outcome> {
        let from = &config.database.target;
        let secret = secret_of(from, config)?;
        let is_kept = config.database.secret.is_none();
        let goes_along = is_kept && !self.without_secrets;
        let mark = Vault::new(secret.as_bytes()).mark();
        let label = Label {
            made_at: Timestamp::from_ms(chrono::Utc::now().timestamp_millis()).to_string(),
            mark,
            secret: goes_along.then_some(secret),
            without_secrets: self.without_secrets,
        };
        let made = moving::back_up(from, &self.file, &label, &mut progress("saved"));
        let (contents, bytes) = made.with_context(|| format!("{from:?} was not backed up"))?;
        let (word, sentence) = match (goes_along, self.without_secrets) {
            (true, _) => ("included", "The secret is in it: whoever has it has all that the shops have."),
            (false, true) => (
                "left_out",
                "No secret is in it, and no password: keep the secret elsewhere, for nothing opens without it.",
            ),
            (false, false) => ("apart", "GRAPEVINE_SECRET is not in it: keep that elsewhere."),
        };
        let text = format!(
            "{}: {} rows of {} tables, {bytes} bytes. {sentence}",
            self.file.display(),
            contents.rows,
            contents.tables.len()
        );
        let mut json = told(&contents);
        json["bytes"] = json!(bytes);
        json["secret"] = json!(word);
        json["file"] = json!(self.file);
        Ok(Outcome::done(json, text))
    }
}

impl Restore {
    pub(super) fn run(self, config: &Config) -> anyhow::Result<Outcome> {
        let contents = moving::look(&self.file, &mut progress("verified"))?;
        let mut json = told(&contents);
        json["file"] = json!(self.file);
        let made = format!("{}, made at {}", self.file.display(), contents.head.made_at);
        if self.check {
            let text = format!("{made}, is whole: {} rows of {} tables.", contents.rows, contents.tables.len());
            return Ok(Outcome::done(json, text));
        }
        let to = &config.database.target;
        let secret = secret_for(&contents, to, config)?;
        moving::restore(&self.file, &contents, to, secret.as_deref(), &mut progress("restored"))
            .with_context(|| format!("{to:?} was not filled"))?;
        let passwords = if contents.head.without_secrets {
            " Nobody has a password: `grapevine operator add` adds an owner, who gives the others new ones."
        } else {
            ""
        };
        let text = format!("{made}: {} rows are in {to:?}.{passwords}", contents.rows);
        verified(to, json, text)
    }
}

impl Copy {
    pub(super) fn run(self, config: &Config) -> anyhow::Result<Outcome> {
        let Self { from, to } = self;
        let secret = secret_of(&from, config)?;
        let kept = config.database.secret.is_none().then_some(secret);
        let copied = moving::copy(&from, &to, kept.as_deref(), &mut progress("copied"));
        let copied = copied.with_context(|| format!("{to:?} was not filled"))?;
        let rows = moving::rows(&copied.tables);
        let json = json!({
            "rows": rows, "tables": counts(&copied.tables), "written_meanwhile": copied.written_meanwhile,
        });
        let text = format!("{rows} rows of {from:?} are in {to:?}, each as it was.");
        let mut outcome = verified(&to, json, text)?;
        if copied.written_meanwhile {
            outcome.is_well = false;
            outcome.text.push_str(
                "\nSomebody wrote in the first database meanwhile, and that is not in the second. Stop its servers, \
                 and copy it anew into another.",
            );
        }
        Ok(outcome)
    }
}

/// The secret by which a database is sealed. None is made: that of its servers is meant.
fn secret_of(target: &Target, config: &Config) -> anyhow::Result<String> {
    if target.file().is_some_and(|file| !file.is_there()) {
        bail!("there is no {target:?}");
    }
    let kept = match &config.database.secret {
        Some(secret) => Some(secret.clone()),
        None => installation::kept(target).with_context(|| unreachable(target))?,
    };
    let Some(secret) = kept else {
        bail!("no secret is kept with {target:?}: set GRAPEVINE_SECRET as its servers have it");
    };
    if let Some(fault) =
        engine::secret::fault(target, config.database.secret.as_deref()).with_context(|| unreachable(target))?
    {
        bail!(fault);
    }
    Ok(secret)
}

/// The secret that is to be kept with a database when it is restored; `None`: GRAPEVINE_SECRET is the one, or it is
/// kept there already. Another secret than that of the file opens nothing of it, and is refused.
fn secret_for(contents: &Contents, to: &Target, config: &Config) -> anyhow::Result<Option<String>> {
    let fits = |secret: &str| Vault::new(secret.as_bytes()).mark() == contents.head.secret_mark;
    if let Some(secret) = &config.database.secret {
        if !fits(secret) {
            bail!(
                "what is in this file was sealed with another secret than GRAPEVINE_SECRET; set that which its servers had"
            );
        }
        return Ok(None);
    }
    if let Some(secret) = &contents.head.secret {
        return Ok(Some(secret.clone()));
    }
    match installation::kept(to)? {
        Some(secret) if fits(&secret) => Ok(None),
        _ => bail!("the secret is not in this file: set GRAPEVINE_SECRET to that which its servers had"),
    }
}

fn told(contents: &Contents) -> Value {
    json!({
        "made_at": contents.head.made_at, "program": contents.head.program, "database": contents.head.database,
        "rows": contents.rows, "tables": counts(&contents.tables), "without_secrets": contents.head.without_secrets,
    })
}

fn counts(tables: &[(String, Proof)]) -> BTreeMap<&str, u64> {
    tables.iter().map(|(name, proof)| (name.as_str(), proof.rows)).collect()
}

/// Proves the books of a database that was filled.
fn verified(target: &Target, mut json: Value, text: String) -> anyhow::Result<Outcome> {
    let mut said = Instant::now();
    let mut connection = target.connect(Use::Tool).with_context(|| unreachable(target))?;
    let Report { ok, problems, .. } = verify_with(&mut connection, None, |progress| {
        if said.elapsed() > QUIET {
            complain(&format!("{} of {} steps of the proof are done", progress.done, progress.total));
            said = Instant::now();
        }
        ControlFlow::Continue(())
    })
    .with_context(|| unreachable(target))?;
    let books = match problems.len() {
        0 => "The books were proved.".to_owned(),
        many => format!("{}\n{many} things are wrong with the books.", problems.join("\n")),
    };
    json["ok"] = json!(ok);
    json["problems"] = json!(problems);
    Ok(Outcome { json: Some(json), text: format!("{text} {books}"), is_well: ok })
}

/// Says now and then how far it is.
fn progress(done: &'static str) -> impl FnMut(Progress) {
    let mut said = Instant::now();
    move |Progress { rows, total }| {
        if said.elapsed() > QUIET {
            said = Instant::now();
            match total {
                Some(total) => complain(&format!("{rows} of {total} rows are {done}")),
                None => complain(&format!("{rows} rows are {done}")),
            }
        }
    }
}
