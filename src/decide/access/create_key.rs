//! Makes a key for a shop's backend. Its secret is in this answer and nowhere else. What one that an operator made gives
//! by hand is given by them, until another operator has approved it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use crate::decide::access::{four_eyes, permission};
use crate::decide::answer::{Answer, Keep};
use crate::decide::draft::Draft;
use crate::records::scope::Scope;
use crate::records::shop::Mode;
use crate::records::text::Name;
use crate::records::{ApiKey, Id, Json};
use crate::refusal::{Code, Rejection};
use crate::vault::sha256_hex;
use crate::views;
use crate::world::Stop;

/// Live keys of one shop.
const KEYS: usize = 100;
/// Random bytes of a secret.
const SECRET_BYTES: usize = 32;

/// The key's fields.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateKey {
    /// What it is for.
    pub name: Name,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Rotation: an older key, whose client's idempotency keys stay good with the new one.
    pub rotates: Option<Id>,
    /// What the maker may do; not from the body.
    #[serde(skip)]
    pub giver: Vec<Scope>,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &CreateKey) -> Result<Answer, Stop> {
    let keys = draft.list(&ApiKey::OF_SHOP, draft.shop.id)?;
    let scopes = checked(&command.scopes, &command.giver)?;
    if keys.iter().filter(|key| key.deleted_at.is_none()).count() >= KEYS {
        return Err(
            Rejection::new(Code::LimitReached, format!("A shop has at most {KEYS} keys; delete old ones.")).into()
        );
    }
    let id = draft.new_id("key");
    let client = match command.rotates {
        None => id.to_string(),
        Some(older) => {
            let older = keys
                .iter()
                .find(|key| key.id == older)
                .ok_or_else(|| Rejection::field("/rotates", format!("there is no key {older} in this shop")))?;
            permission::check(&command.giver, &older.scopes)?;
            older.client.clone()
        }
    };
    let secret = secret(draft);
    let key = ApiKey {
        id,
        shop: draft.shop.id,
        version: 0,
        name: command.name.to_string(),
        secret_hash: sha256_hex(secret.as_bytes()),
        scopes: Json(scopes),
        client,
        generation: 0,
        asked_by: Json(four_eyes::hand(draft)?),
        created_at: draft.at(),
        deleted_at: None,
    };
    let answer = Answer::created(&views::key::new_key(&key, &secret), format!("/v1/keys/{id}")).keep(Keep::Never);
    draft.audit("create_key", id, None);
    draft.save(key);
    Ok(answer)
}

/// Scopes in the order of their table, each once.
pub(crate) fn checked(wanted: &[Scope], giver: &[Scope]) -> Result<Vec<Scope>, Rejection> {
    if wanted.is_empty() {
        return Err(Rejection::field("/scopes", "at least one scope is expected"));
    }
    permission::check(giver, wanted)?;
    Ok(Scope::ALL.iter().copied().filter(|scope| wanted.contains(scope)).collect())
}

fn secret(draft: &Draft<'_>) -> String {
    let mode = match draft.shop.mode {
        Mode::Test => "test",
        Mode::Live => "live",
    };
    format!("gvk_{mode}_{}", URL_SAFE_NO_PAD.encode(draft.random::<SECRET_BYTES>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::access::delete_key::DeleteKey;
    use crate::decide::access::update_key::{KeyChange, UpdateKey};
    use crate::decide::testing::bench::Bench;

    fn make(bench: &mut Bench, scopes: &[Scope], rotates: Option<Id>) -> Result<serde_json::Value, Rejection> {
        let name = Name::parse("backend").expect("a name");
        let answer = bench.decide(CreateKey { name, scopes: scopes.to_vec(), rotates, giver: Scope::ALL.to_vec() })?;
        assert_eq!(answer.keep, Keep::Never);
        Ok(serde_json::from_str(&answer.body).expect("JSON"))
    }

    #[test]
    fn a_secret_is_stored_as_its_hash() {
        let mut bench = Bench::new();
        let view = make(&mut bench, &[Scope::ShopRead], None).expect("a key");
        let secret = view["secret"].as_str().expect("a secret");
        assert!(secret.starts_with("gvk_live_") && secret.len() == 9 + 43, "{secret}");
        let key = bench.all::<ApiKey>()[0].clone();
        assert_eq!(key.secret_hash, sha256_hex(secret.as_bytes()));
        assert_eq!(key.client, key.id.to_string());
    }

    #[test]
    fn a_rotated_key_keeps_its_client() {
        let mut bench = Bench::new();
        let first = make(&mut bench, &[Scope::ShopRead], None).expect("a key");
        let second = make(&mut bench, &[Scope::ShopRead], first["id"].as_str().and_then(|id| id.parse().ok()))
            .expect("another key");
        assert_eq!(second["client"], first["id"]);
        assert_ne!(second["secret"], first["secret"]);
        assert_eq!(
            make(&mut bench, &[Scope::ShopRead], Some(Id::of("key", &["x"]))).expect_err("unknown").code,
            Code::InvalidField
        );
    }

    #[test]
    fn nobody_gives_a_scope_that_he_lacks() {
        let mut bench = Bench::new();
        let id: Id = make(&mut bench, &[Scope::ShopRead], None).expect("a key")["id"]
            .as_str()
            .expect("an id")
            .parse()
            .expect("an id");
        let giver = vec![Scope::KeysWrite, Scope::ShopRead];
        let name = || Name::parse("wide").expect("a name");
        let wide = CreateKey { name: name(), scopes: vec![Scope::GrantsWrite], rotates: None, giver: giver.clone() };
        assert_eq!(bench.decide(wide).expect_err("it lacks it").code, Code::Forbidden);
        let body = KeyChange { name: Some(name()), scopes: Some(vec![Scope::GrantsWrite]) };
        assert_eq!(bench.decide(UpdateKey { id, body, giver }).expect_err("it lacks it").code, Code::Forbidden);
        assert_eq!(make(&mut bench, &[], None).expect_err("for nothing").code, Code::InvalidField);
    }

    #[test]
    fn a_deleted_key_stays_deleted() {
        let mut bench = Bench::new();
        let id: Id = make(&mut bench, &[Scope::ShopRead], None).expect("a key")["id"]
            .as_str()
            .expect("an id")
            .parse()
            .expect("an id");
        bench.decide(DeleteKey { id, giver: Scope::ALL.to_vec() }).expect("deleted");
        bench.at = bench.at.plus_ms(1000);
        bench.decide(DeleteKey { id, giver: Scope::ALL.to_vec() }).expect("still deleted");
        assert_eq!(bench.get::<ApiKey>(id).deleted_at, Some(bench.at.plus_ms(-1000)));
        let body = KeyChange { name: None, scopes: None };
        let change = UpdateKey { id, body, giver: Scope::ALL.to_vec() };
        assert_eq!(bench.decide(change).expect_err("deleted").code, Code::NotFound);
    }
}
