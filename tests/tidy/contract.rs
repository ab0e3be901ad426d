//! The contract and the code say the same: codes, words, events, operations, scopes; and each field is explained.

use std::collections::BTreeSet;

use grapevine::api::sharing::pageviews;
use grapevine::api::{docs, metrics, ops, sign_in};
use grapevine::api::{
    request::operation::{Access, KeyRule},
    routes::{ME_OPERATIONS, OPERATIONS},
};
use grapevine::links;
use grapevine::records::message::{MessageKind, MessageStatus, Withheld};
use grapevine::records::scope::Scope;
use grapevine::records::{EventKind, Why};
use grapevine::refusal::Code;
use serde_json::Value;

use super::contract;

#[test]
fn the_contract_knows_every_code_and_no_other() {
    let contract = contract();
    let known: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(words(&contract["components"]["schemas"]["ErrorCode"]["x-extensible-enum"]), known);
    for list in ["x-common-codes", "x-key-codes", "x-body-codes"] {
        assert!(words(&contract[list]).is_subset(&known), "{list}");
    }
    assert_eq!(wrong_codes(&contract), Vec::<String>::new());
}

#[test]
fn the_contract_knows_every_reason_why_evidence_lost() {
    let contract = contract();
    let known: BTreeSet<&str> = Why::WORDS.iter().copied().collect();
    assert_eq!(words(&contract["components"]["schemas"]["Why"]["x-extensible-enum"]), known);
}

#[test]
fn the_contract_knows_every_kind_of_mail_and_why_one_stays() {
    let contract = contract();
    let schemas = &contract["components"]["schemas"];
    assert_eq!(words(&schemas["MessageKind"]["x-extensible-enum"]), MessageKind::WORDS.iter().copied().collect());
    assert_eq!(words(&schemas["MessageStatus"]["x-extensible-enum"]), MessageStatus::WORDS.iter().copied().collect());
    let reason = schemas["Message"]["properties"]["reason"]["description"].as_str().unwrap_or_default();
    let named: BTreeSet<&str> = reason.split('`').skip(1).step_by(2).collect();
    assert_eq!(named, Withheld::WORDS.iter().copied().collect());
}

#[test]
fn the_contract_says_what_each_event_carries() {
    let contract = contract();
    let kinds = EventKind::WORDS.iter().filter_map(|word| EventKind::parse(word));
    let known: BTreeSet<(String, String)> = kinds.map(|kind| (kind.to_string(), kind.data().to_string())).collect();
    assert_eq!(carried(&contract), known);
    let schemas = &contract["components"]["schemas"];
    assert_eq!(words(&schemas["EventKind"]["x-extensible-enum"]), EventKind::WORDS.iter().copied().collect());
    let resources = known.iter().map(|(_, data)| data.as_str());
    assert_eq!(resources.filter(|name| schemas[*name].is_null()).collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn an_event_that_carries_something_else_is_told_apart() {
    let data = serde_json::json!({"properties": {"data": {"$ref": "#/components/schemas/Grant"}}});
    let schema = serde_json::json!({"allOf": [{"$ref": "#/components/schemas/Event"}, data]});
    let body = serde_json::json!({"content": {"application/json": {"schema": schema}}});
    let pairs = carried(&serde_json::json!({"webhooks": {"grant.given": {"post": {"requestBody": body}}, "x": {}}}));
    let told = |kind: &str, data: &str| pairs.contains(&(kind.to_owned(), data.to_owned()));
    assert!(told("grant.given", "Grant") && told("x", "") && pairs.len() == 2, "{pairs:?}");
    assert!(!told("grant.given", "Reward"));
}

/// The types of events, each with the schema of what it carries.
fn carried(contract: &Value) -> BTreeSet<(String, String)> {
    let events = contract["webhooks"].as_object().into_iter().flatten();
    let pairs = events.map(|(kind, event)| {
        let schema = &event["post"]["requestBody"]["content"]["application/json"]["schema"];
        let data = schema["allOf"][1]["properties"]["data"]["$ref"].as_str().unwrap_or_default();
        (kind.clone(), data.trim_start_matches("#/components/schemas/").to_owned())
    });
    pairs.collect()
}

#[test]
fn a_code_under_another_status_is_found() {
    let said = |status: &str, codes: &str| {
        let paths =
            serde_json::json!({"/x": {"get": {"operationId": "x", "responses": {status: {"description": codes}}}}});
        !wrong_codes(&serde_json::json!({"paths": paths})).is_empty()
    };
    assert!(said("409", "`stale`"));
    assert!(said("409", "`voucher_spent`, `no_such_code`"));
    assert!(!said("409", "`voucher_spent`, `limit_reached`"));
    assert!(!said("200", "`anything`"));
}

/// Codes in descriptions of refusals that are none, or that have another status.
fn wrong_codes(contract: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for (_, _, operation) in operations(contract) {
        for (status, response) in operation["responses"].as_object().into_iter().flatten() {
            let text = response["description"].as_str().unwrap_or_default();
            for code in text.split('`').skip(1).step_by(2).filter(|_| status.starts_with('4')) {
                if !Code::ALL.iter().any(|known| known.as_str() == code && known.status().to_string() == *status) {
                    wrong.push(format!("{}: {code} under {status}", operation["operationId"]));
                }
            }
        }
    }
    wrong
}

#[test]
fn contract_and_code_have_the_same_operations() {
    let contract = contract();
    let described: BTreeSet<String> =
        operations(&contract).map(|(path, method, node)| line(path, method, node)).collect();
    let protected = OPERATIONS.iter().chain(ME_OPERATIONS).map(|operation| {
        let key = match operation.key {
            KeyRule::Required => "key required",
            KeyRule::UnlessNamed => "key unless named",
            KeyRule::Optional => "key optional",
            KeyRule::Ignored => "",
        };
        let who = match operation.access {
            Access::Scope(_) => {
                let scopes: Vec<&str> = operation.scopes().iter().map(|scope| scope.as_str()).collect();
                format!("{} {} by bearer", scopes.join(" or "), operation.least_role().expect("a role"))
            }
            Access::Me => "me - by browser".to_owned(),
        };
        format!("{} {} {} {who} {key}", operation.id, operation.method, operation.path)
    });
    let public = [ops::PUBLIC, pageviews::PUBLIC, sign_in::PUBLIC, docs::PUBLIC, links::PUBLIC].concat();
    let public = public.iter().map(|(id, method, path)| format!("{id} {method} {path} none - by nothing "));
    let (id, method, path) = metrics::OPERATION;
    let metrics = format!("{id} {method} {path} none - by metrics ");
    let served: BTreeSet<String> = protected.chain(public).chain([metrics]).collect();
    let (missing, extra) = (described.difference(&served), served.difference(&described));
    let wrong: Vec<String> = missing
        .map(|line| format!("only in the contract: {line}"))
        .chain(extra.map(|line| format!("only in the code: {line}")))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What contract and code must agree on, for one operation.
fn line(path: &str, method: &str, node: &Value) -> String {
    let text = |name: &str| node[name].as_str().unwrap_or("-").to_owned();
    let parameters = node["parameters"].to_string();
    let named = |parameter: &str| parameters.contains(&format!("/{parameter}\""));
    let key = match ["IdempotencyKey", "IdempotencyKeyUnlessNamed", "IdempotencyKeyOptional"].map(named) {
        [true, ..] => "key required",
        [_, true, _] => "key unless named",
        [_, _, true] => "key optional",
        _ => "",
    };
    let security = match node["security"].as_array() {
        None => "bearer",
        Some(schemes) => schemes
            .first()
            .and_then(Value::as_object)
            .and_then(|scheme| scheme.keys().next())
            .map_or("nothing", String::as_str),
    };
    let scopes = [node["x-scope"].as_str(), node["x-also-scope"].as_str()];
    format!(
        "{} {} {path} {} {} by {security} {key}",
        text("operationId"),
        method.to_ascii_uppercase(),
        scopes.into_iter().flatten().collect::<Vec<_>>().join(" or "),
        text("x-role")
    )
}

#[test]
fn the_contract_explains_every_operation_and_field() {
    let contract = contract();
    let mut unexplained = Vec::new();
    for (path, method, node) in operations(&contract) {
        if !node["summary"].is_string() {
            unexplained.push(format!("{method} {path}"));
        }
    }
    for (name, schema) in contract["components"]["schemas"].as_object().into_iter().flatten() {
        unexplained.extend(fields_without_words(name, schema));
        let is_body = schema["type"] == "object"
            && !name.ends_with("List")
            && contract["paths"].to_string().contains(&format!("/{name}\""));
        if is_body && !schema["examples"].is_array() {
            unexplained.push(format!("{name} has no example"));
        }
    }
    assert_eq!(unexplained, Vec::<String>::new());
}

#[test]
fn a_field_without_a_description_is_found() {
    let schema = |field: Value| serde_json::json!({"properties": {"list": {"description": "x", "items": {"properties": {"a": field}}}}});
    assert_eq!(fields_without_words("S", &schema(serde_json::json!({"type": "string"}))), ["S.list.a"]);
    assert!(fields_without_words("S", &schema(serde_json::json!({"description": "A"}))).is_empty());
}

/// The fields of a schema, however deep, that have no description.
fn fields_without_words(place: &str, schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (name, inner) in schema.as_object().into_iter().flatten() {
        if name == "examples" {
            continue;
        }
        for (field, node) in inner.as_object().into_iter().flatten().filter(|_| name == "properties") {
            let place = format!("{place}.{field}");
            if !node["description"].is_string() {
                found.push(place.clone());
            }
            found.extend(fields_without_words(&place, node));
        }
        let others = inner.as_array().into_iter().flatten().chain([inner].into_iter().filter(|_| name != "properties"));
        found.extend(others.flat_map(|node| fields_without_words(place, node)));
    }
    found
}

#[test]
fn every_scope_is_explained_and_every_word_for_one_is_a_scope() {
    let contract = contract();
    let known: BTreeSet<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    assert_eq!(words(&contract["components"]["schemas"]["Scope"]["x-extensible-enum"]), known);
    let used: BTreeSet<&str> = operations(&contract).filter_map(|(_, _, node)| node["x-scope"].as_str()).collect();
    let explained: BTreeSet<&str> =
        contract["x-scopes"].as_object().expect("x-scopes").keys().map(String::as_str).collect();
    let used: BTreeSet<&str> = used.into_iter().filter(|scope| *scope != "none").collect();
    assert_eq!(explained, used);
}

/// Path, method and node of each operation.
pub fn operations(contract: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = contract["paths"].as_object().into_iter().flatten();
    let nodes = paths.flat_map(|(path, item)| {
        item.as_object().into_iter().flatten().map(move |(method, node)| (path, method, node))
    });
    nodes
        .filter(|(_, _, node)| node.get("operationId").is_some())
        .map(|(path, method, node)| (path.as_str(), method.as_str(), node))
}

pub fn words(list: &Value) -> BTreeSet<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}
