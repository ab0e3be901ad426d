//! The command line: one file for each command. A command works on the database itself, beside a
//! running server, prints what came of it, and ends with 0; with 1 when it failed or found something
//! wrong, with 2 when it was asked wrongly.

mod backup;
mod beside;
mod clock;
mod deliver;
mod demo;
mod dns;
mod doctor;
mod key;
mod listen;
mod live;
mod migrate;
mod operator;
mod sender_dns;
mod serve;
mod shop;
mod signals;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use serde_json::{Value, json};

use crate::config::{Config, ConfigError};

/// Exit code when it was asked wrongly: arguments (clap has the same) or the environment.
const ASKED_WRONGLY: u8 = 2;

#[derive(Parser)]
#[command(name = "grapevine", version, about, arg_required_else_help = true)]
#[command(after_help = "The environment configures it; `grapevine doctor` prints every setting in force.\n\
    DATABASE_URL chooses the database: sqlite:FILE (the default is sqlite:grapevine.db) or postgres://USER@HOST/NAME.")]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
    /// Print one JSON object instead of text
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server until SIGTERM or Ctrl-C; brings the schema up to date first
    Serve(serve::Serve),
    /// Send mails and webhooks, beside servers that run with --no-delivery, until SIGTERM or Ctrl-C
    Deliver,
    /// Send a shop's events to an address on this machine, signed, until SIGTERM or Ctrl-C
    ///
    /// For a developer's desk: each is sent once, as it happens, and what was answered is printed.
    Listen(listen::Listen),
    /// Walk the main path on a throw-away database, over HTTP and SMTP, and show every step
    ///
    /// A test shop, a program, a share, an order, rewards, voucher mails, a redemption, a grant, and the
    /// proof of the books. DATABASE_URL, when it is set, is used instead of the throw-away SQLite file.
    Demo(demo::Demo),
    /// Bring the database's schema up to date
    Migrate(migrate::Migrate),
    /// Shops
    #[command(subcommand)]
    Shop(shop::ShopCommand),
    /// Keys, by which a shop's backend calls the API
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Operators, the people who work in a shop
    #[command(subcommand)]
    Operator(operator::OperatorCommand),
    /// The clocks, for when one was wrong
    #[command(subcommand)]
    Clock(clock::ClockCommand),
    /// Prove the books: balances, budgets, limits, events; ends with 1 when something is wrong
    Verify(verify::Verify),
    /// Save all that is stored in a new file, as it is at one moment, beside a running server
    ///
    /// The file is read by both databases, and ends with what proves that it is whole.
    Backup(backup::Backup),
    /// Fill an empty database with a file of `grapevine backup`, which is verified first, and prove the books
    ///
    /// A database that is not empty, a torn file and one of another release are refused, and nothing is touched.
    Restore(backup::Restore),
    /// Copy a database into an empty one, from SQLite to PostgreSQL or back, read it back, and prove the books
    Copy(backup::Copy),
    /// Print the configuration in force, secrets masked, and try the database and the mail server
    Doctor(doctor::Doctor),
}

/// What came of a command.
struct Outcome {
    /// For a program; nothing where it was printed before.
    json: Option<Value>,
    /// For a person.
    text: String,
    /// Whether all is well.
    is_well: bool,
}

impl Outcome {
    /// All is well.
    fn done(json: Value, text: impl Into<String>) -> Self {
        Self { json: Some(json), text: text.into(), is_well: true }
    }

    /// What came of a second thing, told after the first.
    fn add(&mut self, second: Self) {
        self.text = format!("{}\n{}", self.text, second.text);
        self.is_well &= second.is_well;
        match (&mut self.json, second.json) {
            (Some(Value::Object(fields)), Some(Value::Object(more))) => fields.extend(more),
            (own, more) => *own = own.take().or(more),
        }
    }

    /// All is well, and a program was told before.
    fn silent(text: impl Into<String>) -> Self {
        Self { json: None, text: text.into(), is_well: true }
    }
}

/// Does what the arguments of the process ask for.
pub fn run() -> ExitCode {
    let CommandLine { command, json } = CommandLine::parse();
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(ConfigError(faults)) => {
            let sentence = format!("The environment does not fit.\n  {}", faults.join("\n  "));
            return fail(json, &sentence, ExitCode::from(ASKED_WRONGLY));
        }
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(json, &format!("no threads can be started: {error}"), ExitCode::FAILURE),
    };
    let outcome = runtime.block_on(execute(command, config, json));
    // A query that the database does not answer keeps nobody from leaving.
    runtime.shutdown_background();
    match outcome {
        Ok(outcome) => tell(json, &outcome),
        Err(error) => fail(json, &on_one_line(&format!("{error:#}")), ExitCode::FAILURE),
    }
}

async fn execute(command: Command, config: Config, json: bool) -> anyhow::Result<Outcome> {
    match command {
        Command::Serve(serve) => serve.run(config, json).await,
        Command::Deliver => deliver::run(&config, json).await,
        Command::Listen(listen) => listen.run(&config, json).await,
        Command::Demo(demo) => demo.run(config, json).await,
        Command::Migrate(migrate) => migrate.run(&config),
        Command::Shop(command) => command.run(&config).await,
        Command::Key(command) => command.run(&config).await,
        Command::Operator(command) => command.run(&config).await,
        Command::Clock(command) => command.run(&config).await,
        Command::Verify(verify) => verify.run(&config),
        Command::Backup(backup) => backup.run(&config),
        Command::Restore(restore) => restore.run(&config),
        Command::Copy(copy) => copy.run(&config),
        Command::Doctor(doctor) => Ok(doctor.run(&config).await),
    }
}

fn tell(json: bool, outcome: &Outcome) -> ExitCode {
    match (json, &outcome.json) {
        (true, Some(object)) => say(&object.to_string()),
        (true, None) => {}
        (false, _) => say(&outcome.text),
    }
    if outcome.is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn fail(json: bool, sentence: &str, code: ExitCode) -> ExitCode {
    if json {
        say(&json!({ "error": sentence }).to_string());
    }
    complain(sentence);
    code
}

/// Says in the log what should not stay as it is.
fn warn(config: &Config) {
    for warning in config.warnings() {
        tracing::warn!("{warning}");
    }
}

/// What a library says over several lines.
fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Prints a line; a reader that is gone does not matter.
fn say(line: &str) {
    use std::io::Write as _;
    let mut output = std::io::stdout().lock();
    let _gone = writeln!(output, "{line}").and_then(|()| output.flush());
}

fn complain(line: &str) {
    use std::io::Write as _;
    let _gone = writeln!(std::io::stderr(), "grapevine: {line}");
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn every_command_and_argument_explains_itself() {
        let command = super::CommandLine::command();
        command.clone().debug_assert();
        let mut open = vec![command];
        while let Some(command) = open.pop() {
            assert!(command.get_about().is_some(), "{} has no sentence", command.get_name());
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{} {} has no sentence", command.get_name(), argument.get_id());
            }
            open.extend(command.get_subcommands().cloned());
        }
    }
}
