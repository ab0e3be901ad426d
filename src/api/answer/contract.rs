//! The contract as the server says it: what was written, with the address at which this server is reached.

use std::sync::OnceLock;

use crate::api::answer::fixed::Fixed;

/// The contract as it was written.
const WRITTEN: &str = include_str!("../../../openapi.yaml");
/// The same as JSON, which `build.rs` makes of it.
const AS_JSON: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));
/// The address that stands in it under `servers`, before any other.
const SERVER: &str = "http://127.0.0.1:8080";

/// The contract; it is made when it is first asked for.
#[derive(Default)]
pub struct Contract {
    yaml: OnceLock<Fixed>,
    json: OnceLock<Fixed>,
}

impl Contract {
    /// As it was written.
    pub fn yaml(&self, public_url: &str) -> &Fixed {
        self.yaml.get_or_init(|| Fixed::new(yaml(public_url)))
    }

    /// As JSON.
    pub fn json(&self, public_url: &str) -> &Fixed {
        self.json.get_or_init(|| Fixed::new(json(public_url)))
    }
}

fn yaml(public_url: &str) -> String {
    WRITTEN.replacen(&format!("url: '{SERVER}'"), &format!("url: '{}'", public_url.replace('\'', "''")), 1)
}

fn json(public_url: &str) -> String {
    let address = serde_json::Value::from(public_url);
    AS_JSON.replacen(&format!("\"url\":\"{SERVER}\""), &format!("\"url\":{address}"), 1)
}

#[cfg(test)]
mod tests {
    use serde_norway::Value;

    use super::*;

    #[test]
    fn the_contract_names_the_address_of_its_server_and_says_else_what_was_written() {
        let written: Value = serde_norway::from_str(WRITTEN).expect("YAML");
        for address in ["https://vouchers.example/grapevine", "http://[::1]:9", "https://x.example/it's/#: {\"}"] {
            let said: Value = serde_norway::from_str(&yaml(address)).expect("YAML");
            let as_json: Value = serde_json::from_str(&json(address)).expect("JSON");
            let mut expected = written.clone();
            expected["servers"][0]["url"] = Value::from(address);
            assert!(said == expected && as_json == expected && said != written, "{address}");
        }
    }
}
