//! `grapevine doctor`: what is in force, and whether it works.

use serde_json::{Value, json};

use super::{Outcome, on_one_line};
use crate::config::{Config, Setting};
use crate::delivery::mail;
use crate::store::health::{self, Health};
use crate::store::{StoreResult, Target};

pub(super) async fn run(config: &Config) -> Outcome {
    let target = config.database.target.clone();
    let database = health::examine(&target);
    let mail = mail::try_out(&config.mail).await;
    let has_room = database.as_ref().is_ok_and(|health| health.room.as_ref().is_none_or(|(_, is_enough)| *is_enough));
    let is_well = has_room && mail.is_ok();
    let settings = config.settings.iter().map(setting_line).collect::<Vec<_>>().join("\n");
    let warnings = config.warnings();
    let text = format!(
        "{settings}\n\ndatabase: {}\nmail:     {}{}",
        database_line(&target, &database),
        mail.as_ref().map_or_else(
            |fault| format!("{:?} does not work: {fault}; check MAIL_URL", config.mail.target),
            String::clone
        ),
        warnings.iter().map(|warning| format!("\nwarning:  {warning}")).collect::<String>(),
    );
    let json = json!({
        "ok": is_well,
        "settings": config.settings.iter().map(|setting| {
            json!({ "name": setting.name, "value": setting.value, "given": setting.given })
        }).collect::<Vec<_>>(),
        "warnings": warnings,
        "database": database_json(&target, &database),
        "mail": json!({ "target": format!("{:?}", config.mail.target), "ok": mail.is_ok(), "detail": mail.unwrap_or_else(|fault| fault) }),
    });
    Outcome { json: Some(json), text, is_well }
}

fn setting_line(setting: &Setting) -> String {
    let origin = if setting.given { "" } else { "  (default)" };
    format!("{:28} {}{origin}", setting.name, setting.value)
}

fn database_line(target: &Target, found: &StoreResult<Health>) -> String {
    match found {
        Ok(health) => {
            let durability =
                health.durability.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
            let schema = if health.schema_is_current {
                "up to date"
            } else {
                "older than this program; run `grapevine migrate`"
            };
            let room = match &health.room {
                Some((room, true)) => format!("; {room}"),
                Some((room, false)) => format!("; {room}: nothing is written until there is room"),
                None => String::new(),
            };
            format!("{target:?}: {}; {}; schema {schema}{room}", health.version, durability.join(", "))
        }
        Err(error) => format!("{target:?} does not work: {}; check DATABASE_URL", on_one_line(&error.to_string())),
    }
}

fn database_json(target: &Target, found: &StoreResult<Health>) -> Value {
    let url = format!("{target:?}");
    match found {
        Ok(health) => json!({
            "url": url, "ok": health.room.as_ref().is_none_or(|(_, is_enough)| *is_enough), "version": health.version,
            "schema_is_current": health.schema_is_current, "room": health.room.as_ref().map(|(room, _)| room),
            "durability": health.durability.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect::<serde_json::Map<_, _>>(),
        }),
        Err(error) => json!({ "url": url, "ok": false, "error": error.to_string() }),
    }
}
