//! The contract is such that clients can be generated from it, and outlive what will be added: answers are open,
//! requests are closed, integers have the room that they need, and refusals are written where they are answered.

use std::collections::BTreeSet;

use grapevine::refusal::Code;
use serde_json::{Value, json};

use super::contract;
use super::contract::operations;

/// What is `name` elsewhere, where a request has it.
const INPUT: &str = "Input";

#[test]
fn answers_and_events_may_grow_and_requests_are_closed() {
    let contract = contract();
    assert_eq!(closed_answers(&contract), Vec::<String>::new());
    assert_eq!(open_requests(&contract), Vec::<String>::new());
}

#[test]
fn a_closed_answer_and_an_open_request_are_found() {
    let place = |schema: Value, is_answer: bool| {
        let content = json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/S"}}}});
        let operation = match is_answer {
            true => json!({"operationId": "x", "responses": {"200": content}}),
            false => json!({"operationId": "x", "requestBody": content, "responses": {}}),
        };
        json!({"paths": {"/x": {"post": operation}}, "components": {"schemas": {"S": schema}}})
    };
    let words = json!({"type": "string", "enum": ["a"]});
    let known = json!({"type": "string", "x-extensible-enum": ["a"]});
    let object = json!({"type": "object", "additionalProperties": false});
    for schema in [&words, &object, &json!({"const": 1})] {
        assert_eq!(closed_answers(&place(schema.clone(), true)).len(), 1, "{schema}");
        assert!(open_requests(&place(schema.clone(), false)).is_empty(), "{schema}");
    }
    assert!(closed_answers(&place(known.clone(), true)).is_empty());
    for schema in [known, json!({"type": "object", "properties": {}})] {
        assert_eq!(open_requests(&place(schema.clone(), false)).len(), 1, "{schema}");
    }
}

/// Places in answers and events that no later word or field fits into.
fn closed_answers(contract: &Value) -> Vec<String> {
    let answers = operations(contract).map(|(_, _, operation)| &operation["responses"]);
    let events = contract["webhooks"].as_object().into_iter().flatten().map(|(_, event)| &event["post"]["requestBody"]);
    let is_closed = |node: &Value| {
        node["enum"].is_array() || has_one_value(&node["const"]) || node["additionalProperties"] == json!(false)
    };
    places(contract, answers.chain(events), is_closed)
}

/// Places in requests that say less than what is taken.
fn open_requests(contract: &Value) -> Vec<String> {
    let bodies = operations(contract).flat_map(|(_, _, node)| [&node["requestBody"], &node["parameters"]]);
    let paths = contract["paths"].as_object().into_iter().flatten().map(|(_, item)| &item["parameters"]);
    let is_open = |node: &Value| {
        node["x-extensible-enum"].is_array() || node["properties"].is_object() && node["additionalProperties"].is_null()
    };
    places(contract, bodies.chain(paths), is_open)
}

/// A field may be called `const`; a value that is one is no object.
fn has_one_value(node: &Value) -> bool {
    !node.is_null() && !node.is_object()
}

/// The places that can be reached from some, and are of a kind.
fn places<'a>(
    contract: &'a Value,
    from: impl Iterator<Item = &'a Value>,
    is_one: impl Fn(&Value) -> bool,
) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next: Vec<(String, &Value)> = from.map(|node| (String::new(), node)).collect();
    while let Some((place, node)) = next.pop() {
        if is_one(node) {
            found.push(place.clone());
        }
        if let Some(pointer) = node["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'))
            && seen.insert(pointer.to_owned())
        {
            next.push((pointer.to_owned(), contract.pointer(pointer).expect("what the contract refers to is in it")));
        }
        let named =
            node.as_object().into_iter().flatten().filter(|(name, _)| !matches!(name.as_str(), "example" | "examples"));
        next.extend(named.map(|(name, node)| (format!("{place}/{name}"), node)));
        next.extend(node.as_array().into_iter().flatten().map(|node| (place.clone(), node)));
    }
    found
}

/// A schema that requests and answers need is written twice, closed and open, and says the same both times.
#[test]
fn requests_take_what_answers_have() {
    let contract = contract();
    let schemas = contract["components"]["schemas"].as_object().expect("schemas");
    assert!(schemas.keys().filter(|name| name.ends_with(INPUT)).count() > 20);
    assert_eq!(apart(&contract), Vec::<String>::new());
}

#[test]
fn what_a_request_and_an_answer_say_differently_is_found() {
    let answer = json!({"required": ["a"], "properties": {"a": {"type": "string", "x-extensible-enum": ["x"]},
                        "b": {"$ref": "#/components/schemas/S"}}});
    let request = json!({"required": ["a"], "additionalProperties": false,
                         "properties": {"a": {"type": "string", "enum": ["x"]}, "b": {"$ref": "#/components/schemas/SInput"}}});
    let of = |request: &Value| json!({"components": {"schemas": {"S": answer, "SInput": request}}});
    assert!(apart(&of(&request)).is_empty());
    for (place, value) in [
        ("/properties/a/enum", json!(["x", "y"])),
        ("/properties/a/type", json!("integer")),
        ("/properties/a", json!({"type": "string", "enum": ["x"], "maxLength": 5})),
        ("/properties/b", json!({"$ref": "#/components/schemas/Other"})),
        ("/properties", json!({"a": {"type": "string", "enum": ["x"]}})),
        ("/required", json!([])),
    ] {
        let mut other = request.clone();
        *other.pointer_mut(place).expect("it is there") = value;
        assert_eq!(apart(&of(&other)), ["S"], "{place}");
    }
    assert_eq!(apart(&json!({"components": {"schemas": {"SInput": request}}})), ["S"], "nothing answers it");
}

/// The names of schemas that requests have otherwise than answers.
fn apart(contract: &Value) -> Vec<String> {
    let schemas = contract["components"]["schemas"].as_object().expect("schemas");
    let inputs = schemas.iter().filter_map(|(name, schema)| Some((name.strip_suffix(INPUT)?, schema)));
    let differs =
        |(name, schema): &(&str, &Value)| schemas.get(*name).is_none_or(|answer| opened(schema) != opened(answer));
    inputs.filter(differs).map(|(name, _)| name.to_owned()).collect()
}

/// A schema as an answer would have it.
fn opened(node: &Value) -> Value {
    match node {
        Value::Object(fields) => {
            let is_apart = |name: &str, value: &Value| match name {
                // What closes it, and what is shown of it.
                "minProperties" | "maxProperties" | "example" | "examples" => true,
                "additionalProperties" => *value == json!(false),
                _ => false,
            };
            let fields = fields.iter().filter(|(name, value)| !is_apart(name, value));
            let open = fields.map(|(name, value)| match (name.as_str(), value) {
                ("enum", Value::Array(_)) => ("x-extensible-enum".to_owned(), value.clone()),
                ("$ref", Value::String(to)) => (name.clone(), json!(to.strip_suffix(INPUT).unwrap_or(to))),
                _ => (name.clone(), opened(value)),
            });
            Value::Object(open.collect())
        }
        Value::Array(items) => items.iter().map(opened).collect(),
        other => other.clone(),
    }
}

#[test]
fn integers_have_the_room_that_they_need() {
    assert_eq!(narrow("", &contract()), Vec::<String>::new());
    for schema in [json!({"type": "integer"}), json!({"type": ["integer", "null"], "maximum": 1_i64 << 31})] {
        assert_eq!(narrow("", &json!({"a": schema})), ["/a"]);
    }
    for schema in [json!({"type": "integer", "format": "int64"}), json!({"type": "integer", "maximum": 10000})] {
        assert!(narrow("", &json!({"a": schema})).is_empty(), "{schema}");
    }
}

/// Integers of more than 32 bits that generators would give 32.
fn narrow(place: &str, node: &Value) -> Vec<String> {
    let is_integer = node["type"] == "integer" || node["type"] == json!(["integer", "null"]);
    let fits = node["maximum"].as_i64().is_some_and(|most| i32::try_from(most).is_ok());
    let own = (is_integer && !fits && node["format"] != "int64").then(|| place.to_owned());
    let named = node.as_object().into_iter().flatten().map(|(name, node)| (format!("{place}/{name}"), node));
    let listed = node.as_array().into_iter().flatten().map(|node| (place.to_owned(), node));
    own.into_iter().chain(named.chain(listed).flat_map(|(place, node)| narrow(&place, node))).collect()
}

#[test]
fn each_refusal_stands_where_it_is_answered_with_an_example() {
    let contract = contract();
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for (_, _, operation) in operations(&contract) {
        for (status, response) in operation["responses"].as_object().into_iter().flatten() {
            let text = response["description"].as_str().unwrap_or_default();
            let codes: BTreeSet<&str> = text.split('`').skip(1).step_by(2).collect();
            let examples = &response["content"]["application/problem+json"]["examples"];
            let shown: BTreeSet<&str> =
                examples.as_object().into_iter().flatten().map(|(code, _)| code.as_str()).collect();
            let is_beside = response["$ref"].is_string() && response["description"].is_string();
            if is_beside || status.starts_with('4') && codes != shown {
                wrong.push(format!("{} {status}", operation["operationId"]));
            }
            used.extend(shown.into_iter().map(str::to_owned));
        }
    }
    assert_eq!(
        wrong,
        Vec::<String>::new(),
        "a refusal has a description and an example of each of its codes, and no $ref"
    );
    let examples = contract["components"]["examples"].as_object().expect("examples");
    assert_eq!(examples.keys().cloned().collect::<BTreeSet<_>>(), used);
    for (code, example) in examples {
        let known = Code::ALL.iter().find(|known| known.as_str() == code).expect("a code that there is");
        let said = &example["value"];
        let expected = json!([known.as_str(), known.title(), known.status(), true]);
        let is_page = said["type"].as_str().is_some_and(|page| page.ends_with(&format!("/docs/errors/{code}")));
        assert_eq!(json!([said["code"], said["title"], said["status"], is_page]), expected, "{code}");
    }
}
