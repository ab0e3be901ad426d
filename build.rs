//! Reads out of the contract what the server needs of it: the columns of each list as CSV. They are the
//! fields of its rows, in the contract's order, the id first.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use serde_norway::Value;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=openapi.yaml");
    println!("cargo::rerun-if-changed=build.rs");
    let contract: Value = serde_norway::from_str(&fs::read_to_string("openapi.yaml")?)?;
    let operations = values(&contract["paths"]).map(|path| &path["get"]);
    let lists = operations.filter_map(|operation| list(&contract, operation)).collect::<String>();
    fs::write(Path::new(&env::var("OUT_DIR")?).join("columns.rs"), format!("&[{lists}]"))?;
    Ok(())
}

/// A list's `operationId` and columns, as Rust; `None`: it is no list.
fn list(contract: &Value, operation: &Value) -> Option<String> {
    let page = &operation["responses"]["200"]["content"]["application/json"]["schema"];
    let row = &resolved(contract, page)["properties"]["data"]["items"];
    let fields = resolved(contract, row)["properties"].as_mapping()?;
    // What is said of a request alone stands in no list.
    let of_rows = fields.iter().filter(|(_, field)| field["x-answer-only"].as_bool() != Some(true));
    let mut names: Vec<&str> = of_rows.filter_map(|(name, _)| name.as_str()).collect();
    names.sort_by_key(|name| *name != "id");
    Some(format!("({:?}, &{names:?}),\n", operation["operationId"].as_str()?))
}

/// What a reference means: `#/components/schemas/…`.
fn resolved<'a>(contract: &'a Value, node: &'a Value) -> &'a Value {
    match node["$ref"].as_str() {
        Some(reference) => reference.split('/').skip(1).fold(contract, |node, word| &node[word]),
        None => node,
    }
}

fn values(node: &Value) -> impl Iterator<Item = &Value> {
    node.as_mapping().into_iter().flat_map(|mapping| mapping.values())
}
