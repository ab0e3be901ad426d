//! `grapevine operator add`

use std::io::Read as _;

use anyhow::{Context as _, anyhow};
use clap::Subcommand;
use serde_json::json;

use super::Outcome;
use super::beside::Beside;
use crate::config::Config;
use crate::decide::access::create_operator::CreateOperator;
use crate::password::{self, Password};
use crate::records::operator::Role;
use crate::records::scope::Scope;
use crate::records::text::{Email, Name};

/// Bytes that are read of a password: more than any may have.
const PASSWORD_BYTES: u64 = 4096;

#[derive(Subcommand)]
pub(super) enum OperatorCommand {
    /// Let a person work in a shop
    Add(Add),
}

#[derive(clap::Args)]
pub(super) struct Add {
    /// Address by which they sign in
    #[arg(value_parser = Email::parse)]
    email: Email,
    /// The shop: its id (shp_…) or its slug
    #[arg(long)]
    shop: String,
    /// viewer, support, manager or owner; each may do what those before it may
    #[arg(long, value_parser = role)]
    role: Role,
    /// Name shown; the address when left out
    #[arg(long, value_parser = Name::parse)]
    name: Option<Name>,
    /// Read the password from standard input; left out, one is made up and printed this once
    #[arg(long)]
    password_stdin: bool,
}

fn role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| format!("one of {} is expected", Role::WORDS.join(", ")))
}

impl OperatorCommand {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<Outcome> {
        let OperatorCommand::Add(add) = self;
        let (password, made_up) = match add.password_stdin {
            true => (read_password()?, None),
            false => {
                let made_up = password::make_up();
                (made_up.clone(), Some(made_up))
            }
        };
        let beside = Beside::start(config)?;
        let shop = beside.shop(&add.shop)?;
        let command = CreateOperator {
            email: add.email,
            name: add.name,
            role: add.role,
            password_hash: password::hash(&password),
            made_up: made_up.clone(),
            giver: Scope::ALL.to_vec(),
        };
        let added = beside.submit(shop.id, command).await;
        beside.stop().await;
        Ok(told(&added?["id"], made_up))
    }
}

fn told(id: &serde_json::Value, made_up: Option<String>) -> Outcome {
    let operator = id.as_str().unwrap_or_default();
    match made_up {
        Some(password) => Outcome::done(
            json!({ "operator": operator, "password": password }),
            format!("operator: {operator}\npassword: {password}\nThe password is shown this once."),
        ),
        None => Outcome::done(json!({ "operator": operator }), format!("operator: {operator}")),
    }
}

/// The first line of standard input.
fn read_password() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin().take(PASSWORD_BYTES).read_to_string(&mut text).context("the password cannot be read")?;
    let line = text.lines().next().unwrap_or_default();
    let checked = Password::parse(line).map_err(|fault| anyhow!("the password does not fit: {fault}"))?;
    Ok(checked.into_string())
}
