//! The contract, read as one who writes a client of it does: operations with their parameters, bodies and answers.

use serde_norway::Value;

/// What the client of a language must know of an operation.
pub struct Operation {
    pub id: String,
    pub method: String,
    pub path: String,
    pub summary: String,
    pub in_path: Vec<Parameter>,
    pub in_query: Vec<Parameter>,
    pub body: Body,
    pub answer: Answer,
    /// Whether it takes an `Idempotency-Key`.
    pub is_keyed: bool,
    /// Whether it takes an `If-Match`.
    pub is_versioned: bool,
    /// Whether it lasts as long as what it is asked for.
    pub lasts: bool,
    /// Whether its answer is not stored for repetitions.
    pub is_once: bool,
}

/// A parameter of a path or a query.
pub struct Parameter {
    pub name: String,
    pub schema: Value,
    pub is_required: bool,
}

/// What is sent.
pub enum Body {
    Nothing,
    Json {
        schema: Value,
        is_required: bool,
    },
    /// As it is; the media types that it may have.
    Raw(Vec<String>),
}

/// What is answered when it succeeds.
pub enum Answer {
    Nothing,
    /// One of these.
    Json(Vec<Value>),
    Text,
    Bytes,
}

/// The contract.
pub struct Contract(Value);

impl Contract {
    pub fn read() -> Self {
        Self(serde_norway::from_str(&super::read("openapi.yaml")).expect("the contract is YAML"))
    }

    /// Its schemas by name, in its order.
    pub fn schemas(&self) -> Vec<(&str, &Value)> {
        pairs(&self.0["components"]["schemas"])
    }

    /// The operations under `/v1`, in the contract's order.
    pub fn operations(&self) -> Vec<Operation> {
        let mut found = Vec::new();
        for (path, item) in pairs(&self.0["paths"]).into_iter().filter(|(path, _)| path.starts_with("/v1/")) {
            let methods = pairs(item).into_iter().filter(|(_, node)| node["operationId"].is_string());
            found.extend(methods.map(|(method, node)| self.operation(path, method, item, node)));
        }
        found
    }

    fn operation(&self, path: &str, method: &str, item: &Value, node: &Value) -> Operation {
        let parameters = || list(&item["parameters"]).chain(list(&node["parameters"])).map(|one| self.resolved(one));
        let named = |place: &'static str| parameters().filter(move |one| one["in"] == place);
        // Lists are asked for as JSON alone.
        let query = named("query").filter(|one| one["name"] != "format").map(parameter);
        let header = |name: &str| named("header").any(|one| one["name"] == name);
        let (body, answer) = (self.body(&node["requestBody"]), self.answer(&node["responses"]));
        Operation {
            id: text(&node["operationId"]),
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            summary: text(&node["summary"]),
            in_path: named("path").map(parameter).collect(),
            in_query: query.collect(),
            is_keyed: header("Idempotency-Key"),
            is_versioned: header("If-Match"),
            lasts: node["x-lasts"] == true || matches!(body, Body::Raw(_)) || matches!(answer, Answer::Text),
            is_once: node["x-not-stored"] == true,
            body,
            answer,
        }
    }

    fn body(&self, node: &Value) -> Body {
        let node = self.resolved(node);
        let content = pairs(&node["content"]);
        match content.iter().find(|(kind, _)| *kind == "application/json") {
            Some((_, json)) => Body::Json { schema: json["schema"].clone(), is_required: node["required"] == true },
            None if content.is_empty() => Body::Nothing,
            None => Body::Raw(content.iter().map(|(kind, _)| (*kind).to_owned()).collect()),
        }
    }

    fn answer(&self, responses: &Value) -> Answer {
        let good = pairs(responses).into_iter().filter(|(status, _)| status.starts_with('2'));
        let contents: Vec<(&str, &Value)> =
            good.flat_map(|(_, response)| pairs(&self.resolved(response)["content"])).collect();
        let mut schemas: Vec<Value> = Vec::new();
        for (_, content) in contents.iter().filter(|(kind, _)| *kind == "application/json") {
            if !schemas.contains(&content["schema"]) {
                schemas.push(content["schema"].clone());
            }
        }
        let is_text = |kind: &str| kind.starts_with("text/") || kind.ends_with("+xml");
        match contents.as_slice() {
            [] => Answer::Nothing,
            _ if !schemas.is_empty() => Answer::Json(schemas),
            [(kind, _), ..] if is_text(kind) => Answer::Text,
            _ => Answer::Bytes,
        }
    }

    fn resolved<'a>(&'a self, node: &'a Value) -> &'a Value {
        let Some(path) = node["$ref"].as_str() else { return node };
        path.trim_start_matches("#/").split('/').fold(&self.0, |node, part| &node[part])
    }
}

fn parameter(node: &Value) -> Parameter {
    Parameter { name: text(&node["name"]), schema: node["schema"].clone(), is_required: node["required"] == true }
}

/// The fields of a mapping; none of anything else.
pub fn pairs(node: &Value) -> Vec<(&str, &Value)> {
    let fields = node.as_mapping().into_iter().flatten();
    fields.filter_map(|(name, value)| name.as_str().map(|name| (name, value))).collect()
}

/// The elements of a list; none of anything else.
pub fn list(node: &Value) -> impl Iterator<Item = &Value> {
    node.as_sequence().into_iter().flatten()
}

/// A text in one line; empty where there is none.
pub fn text(node: &Value) -> String {
    node.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a path ends with.
pub fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// `create_share` as `createShare`.
pub fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |made, word| made + &word[..1].to_ascii_uppercase() + &word[1..])
}

/// The values that a schema's query parameter has in a language: its words for whole numbers, yes or no, and text.
pub fn kind_of<'a>(contract: &Contract, schema: &Value, [number, yes_or_no, text]: [&'a str; 3]) -> &'a str {
    let schema = contract.resolved(schema);
    let is = |name: &str| schema["type"] == name || list(&schema["type"]).any(|kind| kind == name);
    match (is("integer"), is("boolean")) {
        (true, _) => number,
        (_, true) => yes_or_no,
        _ => text,
    }
}
