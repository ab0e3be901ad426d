//! `grapevine key create`

use clap::Subcommand;
use serde_json::json;

use super::Outcome;
use super::beside::Beside;
use crate::config::Config;
use crate::decide::access::create_key::CreateKey;
use crate::records::Id;
use crate::records::scope::{self, Scope};
use crate::records::text::Name;

#[derive(Subcommand)]
pub(super) enum KeyCommand {
    /// Make a key; its secret is printed this once
    Create(Create),
}

#[derive(clap::Args)]
pub(super) struct Create {
    /// The shop: its id (shp_…) or its slug
    #[arg(long)]
    shop: String,
    /// What it may do: `all`, or scopes with commas between, for example customers:write,conversions:write
    #[arg(long, value_name = "SCOPES", value_parser = scopes)]
    scope: Scopes,
    /// What it is for
    #[arg(long, default_value = "command line", value_parser = Name::parse)]
    name: Name,
    /// An older key (key_…) that it follows: the idempotency keys of its client stay good
    #[arg(long, value_name = "KEY", value_parser = key_id)]
    rotates: Option<Id>,
}

/// Scopes, as one argument.
#[derive(Clone)]
struct Scopes(Vec<Scope>);

fn scopes(text: &str) -> Result<Scopes, String> {
    if text == "all" {
        return Ok(Scopes(Scope::ALL.to_vec()));
    }
    let scopes = scope::parse_list(&text.replace(',', " "));
    scopes.map(Scopes).map_err(|word| format!("there is no scope {word}; there are: {}", scope::list(Scope::ALL)))
}

fn key_id(text: &str) -> Result<Id, String> {
    Id::parse("key", text).ok_or_else(|| "the id of a key is expected: key_…".to_owned())
}

impl KeyCommand {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<Outcome> {
        let KeyCommand::Create(create) = self;
        let beside = Beside::start(config)?;
        let shop = beside.shop(&create.shop)?;
        let scope = scope::list(&create.scope.0);
        let (scopes, giver) = (create.scope.0, Scope::ALL.to_vec());
        let command = CreateKey { name: create.name, scopes, rotates: create.rotates, giver };
        let made = beside.submit(shop.id, command).await;
        beside.stop().await;
        let made = made?;
        let (id, secret) = (&made["id"], &made["secret"]);
        let text = format!(
            "client id:     {}\nclient secret: {}\nThe secret is shown this once. Send it as Authorization: Bearer SECRET.",
            id.as_str().unwrap_or_default(),
            secret.as_str().unwrap_or_default(),
        );
        Ok(Outcome::done(json!({ "client_id": id, "client_secret": secret, "scope": scope }), text))
    }
}
