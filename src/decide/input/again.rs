//! Names that callers give to what they make: met again with the same content, it is answered as it is
//! now; with other content the name is refused.

use crate::refusal::{Code, Fault, Rejection};

/// Refuses a name that was met before with other content. `what` says what was made under it; each part
/// is the place of a field, and whether it is as it was. What a caller leaves out is as it was.
///
/// # Errors
///
/// A refusal with `code`, and a fault for each field that differs.
pub fn same_content(code: Code, what: &str, parts: &[(&str, bool)]) -> Result<(), Rejection> {
    let differ = parts.iter().filter(|(_, is_same)| !is_same).map(|(pointer, _)| *pointer);
    let fault = |pointer: &str| {
        let field = if pointer.is_empty() { "content" } else { pointer.trim_start_matches('/') };
        let detail =
            format!("{what} was made with another {field}; repeat it as it was, or give it a name of its own.");
        (code, Fault { pointer: pointer.to_owned(), code: code.as_str().to_owned(), detail })
    };
    match Rejection::all(differ.map(fault).collect()) {
        Some(rejection) => Err(rejection),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_that_differs_is_named() {
        let table = [
            ([true, true], vec![]),
            ([true, false], vec!["/kind"]),
            ([false, true], vec!["/amount"]),
            ([false, false], vec!["/amount", "/kind"]),
        ];
        for ([amount, kind], expected) in table {
            let parts = [("/amount", amount), ("/kind", kind)];
            let refused = same_content(Code::RefundDiffers, "Refund R-1", &parts).err();
            let named: Vec<String> =
                refused.iter().flat_map(|refused| &refused.errors).map(|fault| fault.pointer.clone()).collect();
            assert_eq!(named, expected, "{parts:?}");
            assert!(refused.is_none_or(|refused| refused.code == Code::RefundDiffers));
        }
    }
}
