//! Holds an exchange against `openapi.yaml`: the operation, the status, the headers, every field of
//! the answer, the codes of refusals; and, where the server agreed, the request. What the contract leaves open for what
//! will be added (fields of answers, their words) is closed here: what it does not name is a fault.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use grapevine::refusal::Code;
use jsonschema::Validator;
use reqwest::header::HeaderMap;
use serde_json::{Map, Value, json};

/// One request and its answer.
pub struct Exchange<'a> {
    /// HTTP method.
    pub method: &'a str,
    /// Path and query as they were sent.
    pub path: &'a str,
    /// Body of the request; empty when there was none.
    pub request_body: &'a [u8],
    /// Status of the answer.
    pub status: u16,
    /// Headers of the answer.
    pub headers: &'a HeaderMap,
    /// Body of the answer.
    pub body: &'a [u8],
}

/// Whether the answer is one that the contract allows; else a sentence that says what is not.
pub fn check(exchange: &Exchange<'_>) -> Result<(), String> {
    CONTRACT.check(exchange)
}

/// The `operationId` of a request.
pub fn operation_id(method: &str, path: &str) -> Option<&'static str> {
    CONTRACT.operation(method, path).map(|operation| operation.id.as_str())
}

/// Every `operationId`.
pub fn operation_ids() -> Vec<&'static str> {
    CONTRACT.operations.iter().map(|operation| operation.id.as_str()).collect()
}

/// Each example of a schema, and each of a refusal, that is not as its schema says.
pub fn wrong_examples() -> Vec<String> {
    CONTRACT.wrong_examples()
}

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let text = include_str!("../../../openapi.yaml");
    Contract::new(closed(serde_norway::from_str(text).expect("openapi.yaml is YAML")))
});

/// Marks a schema of `allOf`, while the contract is closed.
const PART: &str = "x-part";

fn parts(schemas: Value) -> Value {
    let marked = |mut schema: Value| {
        schema[PART] = Value::Bool(true);
        schema
    };
    schemas.as_array().cloned().into_iter().flatten().map(marked).collect()
}

/// A part of the contract in which objects have the fields that are named and no others, and words are those that are
/// known (`x-extensible-enum`).
fn closed(node: Value) -> Value {
    match node {
        Value::Array(items) => items.into_iter().map(closed).collect(),
        Value::Object(fields) => {
            // What is added to another schema has the fields of both.
            let is_part = fields.contains_key(PART);
            let fields = fields.into_iter().map(|(name, field)| match name.as_str() {
                "example" | "examples" => (name, field),
                "allOf" => (name, closed(parts(field))),
                _ => (name, closed(field)),
            });
            let mut fields: Map<String, Value> = fields.collect();
            fields.remove(PART);
            if fields.get("properties").is_some_and(Value::is_object) && !is_part {
                fields.entry("additionalProperties").or_insert(Value::Bool(false));
            }
            if let Some(Value::Array(mut known)) = fields.get("x-extensible-enum").cloned() {
                let types = fields["type"].as_array();
                known.extend(types.filter(|types| types.contains(&json!("null"))).map(|_| Value::Null));
                fields.insert("enum".to_owned(), Value::Array(known));
            }
            Value::Object(fields)
        }
        value => value,
    }
}

const METHODS: &[&str] = &["get", "head", "post", "put", "patch", "delete"];

struct Contract {
    document: Value,
    operations: Vec<Operation>,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

struct Operation {
    id: String,
    method: String,
    segments: Vec<String>,
    node: Value,
}

impl Contract {
    fn new(document: Value) -> Self {
        let mut operations = Vec::new();
        for (path, item) in document["paths"].as_object().expect("openapi.yaml has paths") {
            for method in METHODS.iter().filter(|method| item.get(**method).is_some()) {
                operations.push(Operation {
                    id: item[*method]["operationId"].as_str().unwrap_or_default().to_owned(),
                    method: method.to_ascii_uppercase(),
                    segments: path.split('/').map(str::to_owned).collect(),
                    node: item[*method].clone(),
                });
            }
        }
        Self { document, operations, validators: Mutex::default() }
    }

    fn check(&self, exchange: &Exchange<'_>) -> Result<(), String> {
        check_every_answer(exchange)?;
        let is_page =
            exchange.headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        let opened = || self.opened(exchange).filter(|_| is_page || exchange.status == 302);
        let operation = self.operation(exchange.method, exchange.path).or_else(opened);
        let Some(operation) = operation else { return self.check_nothing_there(exchange) };
        let place = format!("{} {}", operation.id, exchange.status);
        let response = self.response(operation, exchange.status).ok_or_else(|| format!("{place} is not documented"))?;
        for header in response["headers"].as_object().into_iter().flatten().map(|(name, _)| name) {
            if exchange.status < 400 && !exchange.headers.contains_key(header.as_str()) {
                return Err(format!("{place} has no {header}"));
            }
        }
        self.check_content(exchange, response).map_err(|fault| format!("{place}: {fault}"))?;
        self.check_codes(exchange, operation).map_err(|fault| format!("{place}: {fault}"))?;
        self.check_request(exchange, operation).map_err(|fault| format!("{place}: {fault}"))
    }

    /// The operation of a request; what is spelled out goes before what takes any value.
    fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        let path = path.split('?').next().unwrap_or_default();
        let asked: Vec<&str> = path.split('/').collect();
        let with = |method: &str| {
            let fitting =
                self.operations.iter().filter(|operation| operation.method == method && operation.fits(&asked));
            fitting.max_by_key(|operation| operation.segments.iter().filter(|segment| !is_parameter(segment)).count())
        };
        with(method).or_else(|| if method == "HEAD" { with("GET") } else { None })
    }

    /// Whatever is opened outside of the API is answered as a link is: it may be one that was cut badly.
    fn opened(&self, exchange: &Exchange<'_>) -> Option<&Operation> {
        let id = match exchange.method {
            "GET" => "open_share_link",
            "HEAD" => "probe_share_link",
            _ => return None,
        };
        let is_api = exchange.path.split(['/', '?']).nth(1) == Some("v1");
        self.operations.iter().find(|operation| operation.id == id && !is_api)
    }

    fn response<'a>(&'a self, operation: &'a Operation, status: u16) -> Option<&'a Value> {
        let responses = &operation.node["responses"];
        let own = responses.get(status.to_string());
        let response = own.or_else(|| responses.get("default").filter(|_| status >= 400))?;
        Some(self.resolve(response))
    }

    fn resolve<'a>(&'a self, node: &'a Value) -> &'a Value {
        let pointer = node["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
        pointer.map_or(node, |pointer| self.document.pointer(pointer).expect("what openapi.yaml refers to is in it"))
    }

    /// An unknown path or method is refused by problem details, and by nothing else.
    fn check_nothing_there(&self, exchange: &Exchange<'_>) -> Result<(), String> {
        if exchange.status < 400 {
            return Err(format!("{} {} is not in the contract, and was answered", exchange.method, exchange.path));
        }
        self.check_content(exchange, &self.document["components"]["responses"]["Problem"])
    }

    fn check_content(&self, exchange: &Exchange<'_>, response: &Value) -> Result<(), String> {
        let Some(contents) = response["content"].as_object().filter(|_| exchange.method != "HEAD") else {
            return if exchange.body.is_empty() { Ok(()) } else { Err("there is a body".to_owned()) };
        };
        let given = exchange.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let essence = given.split(';').next().unwrap_or_default().trim();
        let content = contents.get(essence).ok_or_else(|| format!("its Content-Type is {given:?}"))?;
        if !essence.ends_with("json") {
            return Ok(());
        }
        let body: Value = serde_json::from_slice(exchange.body).map_err(|error| format!("no JSON: {error}"))?;
        self.validate(&content["schema"], &body)?;
        let mut events = body["data"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|row| row["seq"].is_number() && row["data"].is_object());
        events.try_for_each(|event| self.check_event(event))
    }

    /// What an event carries is what the contract says of its type; nothing but an id is left where it was erased.
    fn check_event(&self, event: &Value) -> Result<(), String> {
        if event["data"] == json!({"id": event["data"]["id"], "erased": true}) {
            return Ok(());
        }
        let kind = event["type"].as_str().unwrap_or_default();
        let body = &self.document["webhooks"][kind]["post"]["requestBody"];
        let fits = self.validate(&body["content"]["application/json"]["schema"], event);
        fits.map_err(|fault| format!("{kind}: {fault}"))
    }

    fn check_codes(&self, exchange: &Exchange<'_>, operation: &Operation) -> Result<(), String> {
        let Some(problem) = problem(exchange) else { return Ok(()) };
        let code = problem["code"].as_str().unwrap_or_default();
        let status = Code::ALL.iter().find(|known| known.as_str() == code).map(|known| known.status());
        if status != Some(exchange.status) {
            return Err(format!("{code} belongs to {status:?}"));
        }
        let allowed = self.codes(operation);
        let faults = problem["errors"].as_array().into_iter().flatten().filter_map(|fault| fault["code"].as_str());
        match faults.chain([code]).find(|code| !allowed.contains(code)) {
            Some(code) => Err(format!("the code {code} is not documented")),
            None => Ok(()),
        }
    }

    /// The codes that an operation may answer: those in its descriptions, and the common ones.
    fn codes<'a>(&'a self, operation: &'a Operation) -> Vec<&'a str> {
        let mut lists = vec!["x-common-codes"];
        if operation.node.get("requestBody").is_some() {
            lists.push("x-body-codes");
        }
        if operation.takes_key() {
            lists.push("x-key-codes");
        }
        let lists = lists.iter().flat_map(|list| self.document[*list].as_array().into_iter().flatten());
        let mut codes: Vec<&str> = lists.filter_map(Value::as_str).collect();
        let responses = operation.node["responses"].as_object().into_iter().flatten();
        let refusals = responses.filter(|(status, _)| status.starts_with('4'));
        for text in refusals.filter_map(|(_, response)| response["description"].as_str()) {
            codes.extend(text.split('`').skip(1).step_by(2));
        }
        codes
    }

    /// What the server took must be what the contract asks for; what it calls unknown must not be.
    fn check_request(&self, exchange: &Exchange<'_>, operation: &Operation) -> Result<(), String> {
        let schema = &operation.node["requestBody"]["content"]["application/json"]["schema"];
        if exchange.status < 300
            && let Some(name) = self.unknown_parameter(exchange, operation)
        {
            return Err(format!("the server took the parameter {name}, which is not documented"));
        }
        let Ok(request) = serde_json::from_slice::<Value>(exchange.request_body) else { return Ok(()) };
        if schema.is_null() {
            return Ok(());
        }
        let fits = self.validate(schema, &request);
        let code = problem(exchange).and_then(|problem| problem["code"].as_str().map(str::to_owned));
        match code.as_deref() {
            None if exchange.status < 300 => fits.map_err(|fault| format!("the server took a request with {fault}")),
            Some("unknown_field" | "not_supported") if fits.is_ok() => {
                Err("the contract has the field that the server refuses as unknown or not supported".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// A parameter behind the `?` that the contract does not have.
    fn unknown_parameter<'a>(&self, exchange: &Exchange<'a>, operation: &Operation) -> Option<&'a str> {
        let (_, query) = exchange.path.split_once('?')?;
        let documented = operation.node["parameters"].as_array().into_iter().flatten().map(|each| self.resolve(each));
        let documented: Vec<&str> =
            documented.filter(|each| each["in"] == "query").filter_map(|each| each["name"].as_str()).collect();
        let names = query.split('&').filter_map(|pair| pair.split('=').next());
        names.into_iter().find(|name| !documented.contains(name))
    }

    fn validate(&self, schema: &Value, value: &Value) -> Result<(), String> {
        let errors: Vec<String> = self
            .validator(schema)
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        if errors.is_empty() { Ok(()) } else { Err(errors.join("; ")) }
    }

    /// A compiled schema; each is compiled once.
    fn validator(&self, schema: &Value) -> Arc<Validator> {
        let mut validators = self.validators.lock().expect("no validator panics");
        let compiled = validators.entry(schema.to_string()).or_insert_with(|| {
            let rooted = json!({"allOf": [schema], "components": self.document["components"]});
            let options = jsonschema::draft202012::options().should_validate_formats(true);
            Arc::new(options.build(&rooted).unwrap_or_else(|error| panic!("{schema} is no schema: {error}")))
        });
        compiled.clone()
    }

    fn wrong_examples(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for (name, schema) in self.document["components"]["schemas"].as_object().expect("there are schemas") {
            for example in schema["examples"].as_array().into_iter().flatten() {
                if let Err(fault) = self.validate(&json!({"$ref": format!("#/components/schemas/{name}")}), example) {
                    wrong.push(format!("{name}: {fault}"));
                }
            }
        }
        for (code, example) in self.document["components"]["examples"].as_object().expect("there are examples") {
            if let Err(fault) = self.validate(&json!({"$ref": "#/components/schemas/Problem"}), &example["value"]) {
                wrong.push(format!("{code}: {fault}"));
            }
        }
        wrong
    }
}

impl Operation {
    fn fits(&self, asked: &[&str]) -> bool {
        let fits = |(own, asked): (&String, &&str)| if is_parameter(own) { !asked.is_empty() } else { own == asked };
        self.segments.len() == asked.len() && self.segments.iter().zip(asked).all(fits)
    }

    fn takes_key(&self) -> bool {
        let mut parameters = self.node["parameters"].as_array().into_iter().flatten();
        parameters.any(|parameter| parameter["$ref"].as_str().is_some_and(|name| name.contains("/IdempotencyKey")))
    }
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{')
}

fn problem(exchange: &Exchange<'_>) -> Option<Value> {
    let kind = exchange.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/problem+json") { serde_json::from_slice(exchange.body).ok() } else { None }
}

fn check_every_answer(exchange: &Exchange<'_>) -> Result<(), String> {
    if !exchange.headers.contains_key("x-request-id") {
        return Err("there is no X-Request-Id".to_owned());
    }
    if matches!(exchange.status, 429 | 503) && !exchange.headers.contains_key("retry-after") {
        return Err("there is no Retry-After".to_owned());
    }
    if exchange.status >= 500 && exchange.status != 503 {
        return Err("the server failed".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal_of(method: &str, path: &str, request: &str, status: u16, body: &Value) -> Option<String> {
        let kind = if status < 400 { "application/json" } else { "application/problem+json" };
        let mut headers = HeaderMap::new();
        headers.insert("content-type", kind.parse().expect("a header"));
        headers.insert("x-request-id", "req_1".parse().expect("a header"));
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let exchange =
            Exchange { method, path, request_body: request.as_bytes(), status, headers: &headers, body: &body };
        check(&exchange).err()
    }

    fn problem_of(status: u16, code: &str) -> Value {
        json!({"type": "/", "title": "", "status": status, "detail": "", "instance": "/", "code": code, "request_id": "1"})
    }

    #[test]
    fn what_is_not_in_the_contract_is_found() {
        let reward = CONTRACT.document["components"]["schemas"]["Reward"]["examples"][0].clone();
        let with = |field: &str, value: Value| {
            let mut reward = reward.clone();
            reward[field] = value;
            reward
        };
        let path = format!("/v1/rewards/{}", reward["id"].as_str().expect("an id"));
        let get = |body: &Value| refusal_of("GET", &path, "", 200, body);
        assert_eq!(get(&reward), None);
        let table = [
            (get(&with("colour", json!("red"))), "colour"),
            (get(&with("status", json!("gone"))), "gone"),
            (get(&with("created_at", json!("yesterday"))), "yesterday"),
            (get(&json!({})), "required"),
            (refusal_of("GET", &path, "", 202, &reward), "not documented"),
            (refusal_of("GET", "/v1/prizes", "", 200, &reward), "not in the contract"),
            (refusal_of("GET", &path, "", 409, &problem_of(409, "stale")), "belongs to"),
            (refusal_of("GET", &path, "", 409, &problem_of(409, "voucher_spent")), "not documented"),
            (refusal_of("GET", &path, "", 404, &problem_of(404, "gone_away")), "gone_away"),
            (refusal_of("GET", &path, "", 500, &problem_of(500, "internal")), "failed"),
            (refusal_of("GET", &path, "", 503, &problem_of(503, "busy")), "Retry-After"),
            (refusal_of("DELETE", "/v1/keys/key_1", "", 204, &json!({})), "there is a body"),
            (
                refusal_of(
                    "GET",
                    "/v1/shop",
                    "",
                    200,
                    &CONTRACT.document["components"]["schemas"]["Shop"]["examples"][0],
                ),
                "ETag",
            ),
        ];
        for (fault, part) in table {
            assert!(fault.as_deref().is_some_and(|fault| fault.contains(part)), "{part}: {fault:?}");
        }
    }

    #[test]
    fn requests_are_held_against_it_too() {
        let approve = |request: &str, status: u16, body: &Value| {
            refusal_of("POST", "/v1/rewards/rwd_1/approve", request, status, body)
        };
        let reward = &CONTRACT.document["components"]["schemas"]["Reward"]["examples"][0];
        assert_eq!(approve(r#"{"reason":"known"}"#, 200, reward), None);
        assert!(approve(r#"{"why":"known"}"#, 200, reward).is_some(), "a field that is not documented was taken");
        assert_eq!(approve(r#"{"why":"known"}"#, 422, &problem_of(422, "unknown_field")), None);
        assert!(approve(r#"{"reason":"known"}"#, 422, &problem_of(422, "unknown_field")).is_some());
        let page = json!({"data": [], "next": null});
        assert_eq!(refusal_of("GET", "/v1/rewards?status=pending&limit=5", "", 200, &page), None);
        assert!(refusal_of("GET", "/v1/rewards?colour=red", "", 200, &page).is_some());
    }

    #[test]
    fn what_events_carry_is_held_against_it() {
        let event = |kind: &str, data: &Value| {
            let mut event = CONTRACT.document["components"]["schemas"]["Event"]["examples"][0].clone();
            (event["type"], event["data"]) = (json!(kind), data.clone());
            refusal_of("GET", "/v1/events", "", 200, &json!({"data": [event], "next": null, "seen": 17}))
        };
        let reward = &CONTRACT.document["components"]["schemas"]["Reward"]["examples"][0];
        assert_eq!(event("reward.pending", reward), None);
        assert!(event("grant.given", reward).is_some(), "it carries something else");
        let mut more = reward.clone();
        more["colour"] = json!("red");
        assert!(event("reward.pending", &more).is_some_and(|fault| fault.contains("colour")));
        assert_eq!(event("reward.pending", &json!({"id": reward["id"], "erased": true})), None);
    }

    #[test]
    fn what_is_spelled_out_goes_before_what_takes_any_value() {
        assert_eq!(operation_id("POST", "/v1/vouchers/check"), Some("check_cart"));
        assert_eq!(operation_id("GET", "/v1/vouchers/vch_1?x=/y"), Some("get_voucher"));
        assert_eq!(operation_id("GET", "/v1/conversions/A%2F10"), Some("get_conversion"));
        assert_eq!(operation_id("GET", "/v1/customers//balance"), None);
    }

    #[test]
    fn examples_are_as_their_schemas_say() {
        assert_eq!(wrong_examples(), Vec::<String>::new());
    }
}
