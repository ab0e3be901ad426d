//! The inventory of record kinds against what an export of a customer's data shows.

use std::collections::BTreeSet;

use grapevine::records::RecordKind;
use serde_json::Value;

use super::contract;

#[test]
fn an_export_shows_the_kinds_whose_rows_say_so() {
    let said = RecordKind::ALL.iter().filter(|kind| kind.row().is_exported).map(|kind| kind.table().to_owned());
    assert_eq!(shown(&contract()["components"]["schemas"]["CustomerExport"]), said.collect());
}

#[test]
fn a_kind_that_an_export_leaves_out_is_found() {
    let export =
        serde_json::json!({"properties": {"exported_at": {}, "merged": {}, "shares": {}, "codes_as_friend": {}}});
    let tables = shown(&export);
    assert!(tables.contains("customers") && tables.contains("shares") && tables.contains("codes"), "{tables:?}");
    assert!(!tables.contains("rewards") && tables.len() == 3, "{tables:?}");
}

/// The tables from which an export has lists: `referrals_as_friend` are rows of `referrals`.
fn shown(export: &Value) -> BTreeSet<String> {
    let lists = export["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    let lists = lists.filter(|name| !matches!(*name, "exported_at" | "balance"));
    let tables = lists.map(|name| match name.split("_as_").next().unwrap_or(name) {
        "customer" | "merged" => "customers",
        table => table,
    });
    tables.map(str::to_owned).collect()
}
