//! What serde says of a value that does not fit, in the words of whoever sent it: what is expected,
//! never how the server reads it.

/// What is expected of a value, of the message of the fault; what is in plain words already stays.
pub fn plain(message: &str) -> String {
    if message.starts_with("unknown variant") {
        return format!("{} is expected", choice(message));
    }
    if let Some(name) = message.strip_prefix("duplicate field ") {
        return format!("the field {} is given twice; give it once", name.trim_matches('`'));
    }
    // As it is found where a word was to stand.
    if message == "expected value" {
        return WORD.to_owned();
    }
    match message.rsplit_once(", expected ") {
        Some((found, "a string" | "a borrowed string")) if found.starts_with("invalid type: integer `") => {
            let number = found.split('`').nth(1).unwrap_or_default();
            format!("a text is expected; send \"{number}\"")
        }
        Some((found, expected)) if found.starts_with("invalid ") => what(expected),
        _ => message.to_owned(),
    }
}

const WORD: &str = "one of the words that the contract lists is expected";

/// The words of which one is expected.
fn choice(message: &str) -> String {
    let words: Vec<&str> = message.rsplit_once(", expected ").map_or("", |(_, words)| words).split('`').collect();
    let words: Vec<&str> = words.into_iter().skip(1).step_by(2).collect();
    match words.as_slice() {
        [word] => (*word).to_owned(),
        words => format!("one of {}", words.join(", ")),
    }
}

fn what(expected: &str) -> String {
    let thing = match expected {
        "i8" | "i16" | "i32" | "i64" | "i128" => "a whole number",
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" => "a whole number from 0 to 4294967295",
        "u64" | "u128" | "usize" => "a whole number from 0 on",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        "a string" | "a borrowed string" | "a character" => "a text",
        "a map" => "an object",
        "unit" | "variant identifier" | "string or map" => return WORD.to_owned(),
        _ => match expected.split(' ').collect::<Vec<_>>().as_slice() {
            ["struct", ..] => "an object",
            ["enum" | "unit", ..] => return WORD.to_owned(),
            ["tuple", ..] | ["a" | "an", "sequence" | "tuple" | "array", ..] => "a list",
            _ => expected,
        },
    };
    format!("{thing} is expected")
}
