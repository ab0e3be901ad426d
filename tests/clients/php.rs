//! The part of the PHP client that is made from the contract: a method for each operation.

use super::contract::{Answer, Body, Contract, Operation, camel, kind_of};

const HEADER: &str = "<?php

declare(strict_types=1);

namespace Grapevine;

/**
 * A method for each operation: what stands in its path, its body, then by name what is asked for.
 *
 * Made from openapi.yaml by scripts/clients. Change neither by hand.
 */
trait Operations
{
    abstract public function send(Call $call): mixed;
";

/// A trait with a method for each operation.
pub fn operations(contract: &Contract) -> String {
    let methods = contract.operations();
    HEADER.to_owned() + &methods.iter().map(|operation| method(contract, operation)).collect::<String>() + "}\n"
}

fn method(contract: &Contract, operation: &Operation) -> String {
    let (answer, kind) = match operation.answer {
        Answer::Nothing => ("void", "nothing"),
        Answer::Json(_) => ("array", "json"),
        Answer::Text | Answer::Bytes => ("string", "text"),
    };
    let mut takes: Vec<String> = operation.in_path.iter().map(|one| format!("string ${}", camel(&one.name))).collect();
    let mut sends = vec![format!("answer: '{kind}'")];
    let mut body_last = None;
    match &operation.body {
        Body::Nothing => {}
        Body::Json { is_required: true, .. } => takes.push("array|object $body".to_owned()),
        Body::Json { .. } => body_last = Some("array|object $body = []".to_owned()),
        Body::Raw(_) => {
            takes.extend(["string $body".to_owned(), "string $type".to_owned()]);
            sends.push("type: $type".to_owned());
        }
    }
    if !matches!(operation.body, Body::Nothing) {
        sends.push("body: $body".to_owned());
    }
    let (required, optional): (Vec<_>, Vec<_>) = operation.in_query.iter().partition(|one| one.is_required);
    let kind = |schema| kind_of(contract, schema, ["int", "bool", "string"]);
    takes.extend(required.iter().map(|one| format!("{} ${}", kind(&one.schema), camel(&one.name))));
    if operation.is_versioned {
        takes.push("string $ifMatch".to_owned());
        sends.push("ifMatch: $ifMatch".to_owned());
    }
    takes.extend(body_last);
    takes.extend(optional.iter().map(|one| format!("?{} ${} = null", kind(&one.schema), camel(&one.name))));
    if !operation.in_query.is_empty() {
        let asked = operation.in_query.iter().map(|one| format!("'{}' => ${}", one.name, camel(&one.name)));
        sends.push(format!("query: [{}]", asked.collect::<Vec<_>>().join(", ")));
    }
    if operation.is_keyed {
        takes.push("?string $idempotencyKey = null".to_owned());
        sends.extend(["keyed: true".to_owned(), "idempotencyKey: $idempotencyKey".to_owned()]);
    }
    takes.push("?float $timeout = null".to_owned());
    sends.push("timeout: $timeout".to_owned());
    for (flag, is_set) in [("lasts", operation.lasts), ("once", operation.is_once)] {
        sends.extend(is_set.then(|| format!("{flag}: true")));
    }
    let gives = if answer == "void" { "" } else { "return " };
    format!(
        "\n    /** {}. `{} {}` */\n    public function {}({}): {answer}\n    {{\n        {gives}$this->send(new Call('{}', {}, {}));\n    }}\n",
        operation.summary.replace("*/", ""),
        operation.method,
        operation.path,
        camel(&operation.id),
        takes.join(", "),
        operation.method,
        path(operation),
        sends.join(", "),
    )
}

fn path(operation: &Operation) -> String {
    let template = operation
        .in_path
        .iter()
        .fold(operation.path.clone(), |path, one| path.replace(&format!("{{{}}}", one.name), "%s"));
    let values: String = operation.in_path.iter().map(|one| format!(", ${}", camel(&one.name))).collect();
    format!("Http::path('{template}'{values})")
}
