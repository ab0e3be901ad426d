//! `grapevine key create`

use anyhow::anyhow;
use clap::Subcommand;
use serde_json::json;

use super::Outcome;
use super::beside::Beside;
use crate::config::Config;
use crate::decide::access::create_key::CreateKey;
use crate::records::Id;
use crate::records::scope::{self, Scope};
use crate::records::text::Name;

/// What a key is for of which nobody says it.
const NAME: &str = "command line";

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
    #[arg(long, default_value = NAME, value_parser = Name::parse)]
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
        let made = make(&beside, shop.id, create.key()).await;
        beside.stop().await;
        made
    }
}

impl Create {
    fn key(self) -> CreateKey {
        let Scopes(scopes) = self.scope;
        CreateKey { name: self.name, scopes, rotates: self.rotates, giver: Scope::ALL.to_vec() }
    }
}

/// The first key of a shop, which may do everything.
pub(super) fn first() -> anyhow::Result<CreateKey> {
    let name = Name::parse(NAME).map_err(|fault| anyhow!(fault))?;
    Ok(CreateKey { name, scopes: Scope::ALL.to_vec(), rotates: None, giver: Scope::ALL.to_vec() })
}

/// Has a key made in a shop; what comes of it tells its secret.
pub(super) async fn make(beside: &Beside, shop: Id, key: CreateKey) -> anyhow::Result<Outcome> {
    let scope = scope::list(&key.scopes);
    let made = beside.submit(shop, key).await?;
    let (id, secret) = (&made["id"], &made["secret"]);
    let text = format!(
        "client id:     {}\nclient secret: {}\nThe secret is shown this once. Send it as Authorization: Bearer SECRET.",
        id.as_str().unwrap_or_default(),
        secret.as_str().unwrap_or_default(),
    );
    Ok(Outcome::done(json!({ "client_id": id, "client_secret": secret, "scope": scope }), text))
}
