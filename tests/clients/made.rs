//! The thin clients are what the contract makes them. `scripts/clients` writes them anew.

use std::fs;

use super::contract::Contract;
use super::{php, python, read, root, typescript};

/// Writes the files instead of comparing them.
const WRITES: &str = "WRITE_CLIENTS";

#[test]
fn the_thin_clients_are_made_from_the_contract() {
    let contract = Contract::read();
    let made = [
        ("clients/typescript/src/types.ts", typescript::types(&contract)),
        ("clients/typescript/src/operations.ts", typescript::operations(&contract)),
        ("clients/python/grapevine/operations.py", python::operations(&contract)),
        ("clients/php/src/Operations.php", php::operations(&contract)),
    ];
    assert!(contract.operations().len() > 100, "the operations are read");
    for (file, text) in made {
        if std::env::var_os(WRITES).is_some() {
            fs::write(root().join(file), text).unwrap_or_else(|error| panic!("{file}: {error}"));
        } else {
            assert!(read(file) == text, "{file} is not what openapi.yaml makes it: run scripts/clients");
        }
    }
}
