//! The columns of a list as CSV: the fields that the contract names. `build.rs` reads them out of it.

/// By `operationId`.
static COLUMNS: &[(&str, &[&str])] = include!(concat!(env!("OUT_DIR"), "/columns.rs"));

/// The columns of a list; none of what is no list.
pub fn columns(operation: &str) -> &'static [&'static str] {
    COLUMNS.iter().find(|(list, _)| *list == operation).map_or(&[], |(_, columns)| columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_the_columns_of_its_rows_in_the_contracts_order() {
        assert_eq!(columns("get_timeline")[..3], ["id", "at", "kind"]);
        assert_eq!(columns("list_customers")[..3], ["id", "external_id", "merged_into"]);
        assert!(columns("get_shop").is_empty() && columns("nothing").is_empty());
    }
}
