//! The parts of the TypeScript client that are made from the contract: a type for each schema, a method for each
//! operation.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_norway::Value;

use super::contract::{Answer, Body, Contract, Operation, Parameter, camel, last_part, list, pairs, text};

const HEADER: &str = "/* Made from openapi.yaml by scripts/clients. Change neither by hand. */\n";

/// A type for each schema.
pub fn types(contract: &Contract) -> String {
    let mut out = HEADER.to_owned();
    for (name, schema) in contract.schemas() {
        out += "\n";
        out += &comment("", &text(&schema["description"]));
        let is_plain = schema["type"] == "object" && schema["anyOf"].is_null() && schema["oneOf"].is_null();
        if is_plain && schema["properties"].is_mapping() {
            writeln!(out, "export interface {name} {}", fields(schema, "")).expect("text grows");
        } else {
            writeln!(out, "export type {name} = {};", written(schema, "")).expect("text grows");
        }
    }
    out
}

/// A class with a method for each operation.
pub fn operations(contract: &Contract) -> String {
    let all = contract.operations();
    let used: BTreeSet<String> = all.iter().flat_map(names).collect();
    let mut out = format!(
        "{HEADER}\nimport {{ path, type Call, type Options }} from \"./http.js\";\nimport type {{\n{}}} from \"./types.js\";\n\n",
        used.iter().map(|name| format!("    {name},\n")).collect::<String>()
    );
    out += "/** A method for each operation: what stands in its path, its body, what is asked for, options. */\n";
    out += "export abstract class Operations {\n    abstract send<Answer>(call: Call): Promise<Answer>;\n";
    out += &all.iter().map(method).collect::<String>();
    out + "}\n"
}

/// A schema as a type.
fn written(schema: &Value, indent: &str) -> String {
    if let Some(name) = schema["$ref"].as_str().map(last_part) {
        return name.to_owned();
    }
    let either: Vec<&Value> = ["anyOf", "oneOf"].iter().flat_map(|word| list(&schema[*word])).collect();
    // Alternatives that only say which fields must be there stand beside the fields.
    let either: Vec<&Value> = either.into_iter().filter(|part| !is_condition(part)).collect();
    if !either.is_empty() {
        return union(either.into_iter().map(|part| written(part, indent)));
    }
    if schema["allOf"].is_sequence() {
        return list(&schema["allOf"]).map(|part| written(part, indent)).collect::<Vec<_>>().join(" & ");
    }
    if let Some(word) = schema.get("const") {
        return literal(word);
    }
    if schema["enum"].is_sequence() {
        return union(list(&schema["enum"]).map(literal));
    }
    if schema["x-extensible-enum"].is_sequence() {
        // Words may come that are not known yet.
        let words = list(&schema["x-extensible-enum"]).map(literal).chain(["(string & {})".to_owned()]);
        let nothing = list(&schema["type"]).any(|kind| kind == "null").then(|| "null".to_owned());
        return union(words.chain(nothing));
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        several => list(several).filter_map(Value::as_str).collect(),
    };
    if kinds.is_empty() {
        return if schema["properties"].is_mapping() { fields(schema, indent) } else { "unknown".to_owned() };
    }
    union(kinds.into_iter().map(|kind| of_kind(kind, schema, indent)))
}

fn of_kind(kind: &str, schema: &Value, indent: &str) -> String {
    match kind {
        "integer" | "number" => "number".to_owned(),
        "array" if schema["items"].is_mapping() => {
            let row = written(&schema["items"], indent);
            if row.contains([' ', '|']) { format!("Array<{row}>") } else { format!("{row}[]") }
        }
        "array" => "unknown[]".to_owned(),
        "object" if schema["properties"].is_mapping() => fields(schema, indent),
        "object" if schema["additionalProperties"].is_mapping() => {
            format!("Record<string, {}>", written(&schema["additionalProperties"], indent))
        }
        "object" => "Record<string, unknown>".to_owned(),
        plain => plain.to_owned(),
    }
}

fn fields(schema: &Value, indent: &str) -> String {
    let inner = format!("{indent}    ");
    let required: Vec<&str> = list(&schema["required"]).filter_map(Value::as_str).collect();
    let mut out = "{\n".to_owned();
    for (name, field) in pairs(&schema["properties"]) {
        out += &comment(&inner, &text(&field["description"]));
        let mark = if required.contains(&name) { "" } else { "?" };
        writeln!(out, "{inner}{name}{mark}: {};", written(field, &inner)).expect("text grows");
    }
    out + indent + "}"
}

fn is_condition(part: &Value) -> bool {
    let is_said = |word: &str| part.get(word).is_some();
    !["type", "$ref", "properties", "const", "enum", "anyOf", "oneOf", "allOf"].into_iter().any(is_said)
}

fn literal(word: &Value) -> String {
    serde_json::to_string(word).expect("a word of the contract is JSON")
}

fn union(parts: impl Iterator<Item = String>) -> String {
    let mut seen: Vec<String> = Vec::new();
    for part in parts.filter(|part| !part.is_empty()) {
        if !seen.contains(&part) {
            seen.push(part);
        }
    }
    seen.join(" | ")
}

fn comment(indent: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{indent}/** {} */\n", text.replace("*/", "*\\/")) }
}

/// Schemas that an operation's method names.
fn names(operation: &Operation) -> Vec<String> {
    let mut schemas: Vec<&Value> = operation.in_query.iter().map(|parameter| &parameter.schema).collect();
    if let Body::Json { schema, .. } = &operation.body {
        schemas.push(schema);
    }
    if let Answer::Json(answers) = &operation.answer {
        schemas.extend(answers);
    }
    let mut found = Vec::new();
    schemas.into_iter().for_each(|schema| named(schema, &mut found));
    found
}

fn named(node: &Value, found: &mut Vec<String>) {
    found.extend(node["$ref"].as_str().map(|path| last_part(path).to_owned()));
    pairs(node).into_iter().for_each(|(_, inner)| named(inner, found));
    list(node).for_each(|inner| named(inner, found));
}

fn method(operation: &Operation) -> String {
    let (answer, kind) = match &operation.answer {
        Answer::Nothing => ("void".to_owned(), "nothing"),
        Answer::Json(schemas) => (union(schemas.iter().map(|schema| written(schema, "    "))), "json"),
        Answer::Text => ("string".to_owned(), "text"),
        Answer::Bytes => ("Uint8Array".to_owned(), "bytes"),
    };
    let mut takes: Vec<String> = operation.in_path.iter().map(|one| format!("{}: string", camel(&one.name))).collect();
    let mut sends = String::new();
    match &operation.body {
        Body::Nothing => {}
        Body::Json { schema, is_required } => {
            let default = if *is_required { "" } else { " = {}" };
            takes.push(format!("body: {}{default}", written(schema, "    ")));
            sends += ", body";
        }
        Body::Raw(kinds) => {
            takes.push("body: string | Uint8Array".to_owned());
            let kinds: Vec<String> = kinds.iter().map(|kind| format!("\"{kind}\"")).collect();
            takes.push(format!("type: {}", kinds.join(" | ")));
            sends += ", body, type";
        }
    }
    if !operation.in_query.is_empty() {
        takes.push(query(&operation.in_query));
        sends += ", query";
    }
    let must_have_version = if operation.is_versioned { " & { ifMatch: string }" } else { "" };
    let mark = if operation.is_versioned { "" } else { "?" };
    takes.push(format!("options{mark}: Options{must_have_version}"));
    for (flag, is_set) in [("keyed", operation.is_keyed), ("lasts", operation.lasts), ("once", operation.is_once)] {
        sends += &if is_set { format!(", {flag}: true") } else { String::new() };
    }
    let path = operation.in_path.iter().fold(operation.path.clone(), |path, one| {
        path.replace(&format!("{{{}}}", one.name), &format!("${{{}}}", camel(&one.name)))
    });
    format!(
        "\n{}    {}({}): Promise<{answer}> {{\n        return this.send({{ method: \"{}\", path: path`{path}`, answer: \"{kind}\"{sends}, options }});\n    }}\n",
        comment("    ", &format!("{}. `{} {}`", operation.summary, operation.method, operation.path)),
        camel(&operation.id),
        takes.join(", "),
        operation.method,
    )
}

fn query(parameters: &[Parameter]) -> String {
    let fields = parameters.iter().map(|one| {
        let mark = if one.is_required { "" } else { "?" };
        format!("{}{mark}: {}", one.name, written(&one.schema, "    ").replace(" | null", ""))
    });
    let default = if parameters.iter().any(|one| one.is_required) { "" } else { " = {}" };
    format!("query: {{ {} }}{default}", fields.collect::<Vec<_>>().join("; "))
}
