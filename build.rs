//! Reads out of the contract what the server needs of it: the columns of each list as CSV, which are the
//! fields of its rows, in the contract's order, the id first; and the whole of it as JSON. And embeds the templates of
//! mails, a folder for each kind, and tells the linker how to lay out the program.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use serde_norway::Value;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=openapi.yaml");
    println!("cargo::rerun-if-changed=templates/mail");
    // They are embedded by a macro that does not watch the folder.
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_OS")? == "linux" && env::var("CARGO_CFG_TARGET_ENV")? == "gnu" {
        // Addresses that are settled when the program is loaded are packed: it is smaller by 2.6 MB (glibc 2.36 or newer).
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    let contract: Value = serde_norway::from_str(&fs::read_to_string("openapi.yaml")?)?;
    let operations = values(&contract["paths"]).map(|path| &path["get"]);
    let lists = operations.filter_map(|operation| list(&contract, operation)).collect::<String>();
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("columns.rs"), format!("&[{lists}]"))?;
    fs::write(Path::new(&out).join("openapi.json"), serde_json::to_string(&contract)?)?;
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("templates/mail");
    fs::write(Path::new(&out).join("mail_templates.rs"), templates(&folder)?)?;
    Ok(())
}

/// The parts that each mail has.
const PARTS: [&str; 3] = ["subject.txt", "body.txt", "body.html"];

/// The templates of mails by their names, as Rust.
fn templates(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().into_string().map_err(|name| format!("a strange name: {}", name.display()))?;
        match folder.join(&name).is_dir() {
            true if name == "samples" => {}
            true => names.extend(PARTS.map(|part| format!("{name}/{part}"))),
            false => names.push(name),
        }
    }
    names.sort_unstable();
    if let Some(missing) = names.iter().find(|name| !folder.join(name).is_file()) {
        return Err(format!("templates/mail/{missing} is missing: a mail has {}", PARTS.join(", ")).into());
    }
    let embedded = names.iter().map(|name| format!("({name:?}, include_str!({:?})),\n", folder.join(name)));
    let embedded = embedded.collect::<String>();
    Ok(format!("const TEMPLATES: &[(&str, &str)] = &[{embedded}];\n"))
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
