//! The part of the Python client that is made from the contract: a method for each operation.

use super::contract::{Answer, Body, Contract, Operation, kind_of};

const HEADER: &str = r#"# Made from openapi.yaml by scripts/clients. Change neither by hand.
"""A method for each operation: what stands in its path, its body, then by name what is asked for."""

from typing import Any, Mapping, Optional, Union

from .http import Answer, Http, path


class Operations(Http):
    """What every client can do."""
"#;

/// A class with a method for each operation.
pub fn operations(contract: &Contract) -> String {
    let methods = contract.operations();
    HEADER.to_owned() + &methods.iter().map(|operation| method(contract, operation)).collect::<String>()
}

fn method(contract: &Contract, operation: &Operation) -> String {
    let (answer, kind) = match operation.answer {
        Answer::Nothing => ("None", "nothing"),
        Answer::Json(_) => ("Answer", "json"),
        Answer::Text => ("str", "text"),
        Answer::Bytes => ("bytes", "bytes"),
    };
    let mut takes = vec!["self".to_owned()];
    takes.extend(operation.in_path.iter().map(|one| format!("{}: str", safe(&one.name))));
    let mut sends = vec![format!("answer=\"{kind}\"")];
    match &operation.body {
        Body::Nothing => {}
        Body::Json { is_required, .. } => {
            takes
                .push(if *is_required { "body: Mapping[str, Any]" } else { "body: Mapping[str, Any] = {}" }.to_owned());
            sends.push("body=body".to_owned());
        }
        Body::Raw(_) => {
            takes.extend(["body: Union[str, bytes]".to_owned(), "type: str".to_owned()]);
            sends.extend(["body=body".to_owned(), "type=type".to_owned()]);
        }
    }
    takes.push("*".to_owned());
    let (required, optional): (Vec<_>, Vec<_>) = operation.in_query.iter().partition(|one| one.is_required);
    let kind = |schema| kind_of(contract, schema, ["int", "bool", "str"]);
    takes.extend(required.iter().map(|one| format!("{}: {}", safe(&one.name), kind(&one.schema))));
    takes.extend(optional.iter().map(|one| format!("{}: Optional[{}] = None", safe(&one.name), kind(&one.schema))));
    if !operation.in_query.is_empty() {
        let asked = operation.in_query.iter().map(|one| format!("\"{}\": {}", one.name, safe(&one.name)));
        sends.push(format!("query={{{}}}", asked.collect::<Vec<_>>().join(", ")));
    }
    if operation.is_versioned {
        takes.push("if_match: str".to_owned());
        sends.push("if_match=if_match".to_owned());
    }
    if operation.is_keyed {
        takes.push("idempotency_key: Optional[str] = None".to_owned());
        sends.extend(["keyed=True".to_owned(), "idempotency_key=idempotency_key".to_owned()]);
    }
    takes.push("timeout: Optional[float] = None".to_owned());
    sends.push("timeout=timeout".to_owned());
    for (flag, is_set) in [("lasts", operation.lasts), ("once", operation.is_once)] {
        sends.extend(is_set.then(|| format!("{flag}=True")));
    }
    format!(
        "\n    def {}({}) -> {answer}:\n        \"\"\"{}. `{} {}`\"\"\"\n        return self.send(\"{}\", {}, {})  # type: ignore[no-any-return]\n",
        operation.id,
        takes.join(", "),
        operation.summary,
        operation.method,
        operation.path,
        operation.method,
        path(operation),
        sends.join(", "),
    )
}

fn path(operation: &Operation) -> String {
    let template = operation
        .in_path
        .iter()
        .fold(operation.path.clone(), |path, one| path.replace(&format!("{{{}}}", one.name), "{}"));
    let values: String = operation.in_path.iter().map(|one| format!(", {}", safe(&one.name))).collect();
    format!("path(\"{template}\"{values})")
}

/// A name that Python does not keep for itself.
fn safe(name: &str) -> String {
    if ["from", "global", "in", "is", "class"].contains(&name) { format!("{name}_") } else { name.to_owned() }
}
