//! Reading the syntax: the crate `cel` parses, and nothing of it is used beyond.
//!
//! Its parser calls itself for what is nested, and a stack that overflows ends the process. So it works on a thread of
//! its own with room to spare, on little text; a panic in it is a fault of the text.

use std::thread;

use cel::common::ast::{IdedExpr, SourceInfo};
use cel::parser::{ParseError, ParseErrors, Parser};

use super::fault::Fault;

/// How long an expression may be.
pub const EXPRESSION_BYTES: usize = 1_000;
/// How deep it may be nested.
pub const DEPTH: u16 = 24;
/// A thirtieth of it is enough for all that `EXPRESSION_BYTES` can nest.
const STACK_BYTES: usize = 32 << 20;
/// How much of what does not fit is quoted.
const QUOTED_CHARS: usize = 30;

/// What becomes of a text's syntax, walked on the parser's own thread.
pub fn parsed<T: Send>(
    text: &str,
    walk: impl FnOnce(&IdedExpr, &SourceInfo) -> Result<T, Fault> + Send,
) -> Result<T, Fault> {
    if text.len() > EXPRESSION_BYTES {
        let detail = format!("at most {EXPRESSION_BYTES} bytes are read, this has {}; split it up", text.len());
        return Err(Fault::at(text, 0, detail));
    }
    if text.trim().is_empty() {
        return Err(Fault::at(text, 0, "an expression is expected, for example arrival.private"));
    }
    let work = || {
        let parser = Parser::new().max_recursion_depth(DEPTH).enable_ident_escape_syntax(true);
        match parser.parse_with_source_info(text) {
            Ok((expression, places)) => walk(&expression, &places),
            Err(errors) => Err(fault(text, &errors)),
        }
    };
    let unreadable = || Fault::at(text, 0, "this cannot be read; write it more simply");
    thread::scope(|scope| {
        let reader = thread::Builder::new().name("condition".to_owned()).stack_size(STACK_BYTES);
        match reader.spawn_scoped(scope, work) {
            Ok(reader) => reader.join().unwrap_or_else(|_| Err(unreadable())),
            Err(_) => Err(Fault::at(text, 0, "there is no room to read it now; send it again")),
        }
    })
}

/// The fault that says most: that it is nested too deep, else the first that the grammar found.
fn fault(text: &str, ParseErrors { errors }: &ParseErrors) -> Fault {
    let is_deep = |error: &&ParseError| error.msg.contains("Recursion limit");
    let is_syntax = |error: &&ParseError| error.msg.starts_with("Syntax error");
    let found = errors.iter().find(is_deep).or_else(|| errors.iter().find(is_syntax)).or_else(|| errors.first());
    let Some(error) = found else { return Fault::at(text, 0, "this cannot be read") };
    let place = |number: isize| usize::try_from(number).unwrap_or(1).max(1);
    Fault { line: place(error.pos.0), column: place(error.pos.1), detail: plain(&error.msg) }
}

/// What the parser says, in plain words.
fn plain(message: &str) -> String {
    let message = message.strip_prefix("Syntax error: ").unwrap_or(message);
    if message.contains("Recursion limit") {
        return format!("it is nested deeper than {DEPTH} levels; write it flatter");
    }
    if let Some(rest) = message.strip_prefix("token recognition error at: '") {
        return unknown_sign(rest.strip_suffix('\'').unwrap_or(rest));
    }
    if message.starts_with("mismatched input '<EOF>'") || message.starts_with("no viable alternative at input '<EOF>'")
    {
        return "something is missing at the end: a fact, a value or a closing bracket is expected".to_owned();
    }
    if let Some((_, rest)) = message.split_once(" input '") {
        return unfit(rest.split_once("' expecting").map_or(rest.trim_end_matches('\''), |(found, _)| found));
    }
    if let Some((missing, _)) = message.strip_prefix("missing ").and_then(|rest| rest.split_once(" at ")) {
        return format!("{missing} is expected here");
    }
    match message {
        "invalid int literal" => format!("whole numbers from {} to {} are expected", i64::MIN, i64::MAX),
        "invalid argument to has() macro" => {
            "has() takes an attribute of the shop's own: has(customer.attributes.KEY)".to_owned()
        }
        _ => match message.strip_prefix("reserved identifier: ") {
            Some(word) => format!("{word} is a reserved word, and no fact"),
            None => "this cannot be read here; a fact, a value or an operator is expected".to_owned(),
        },
    }
}

fn unknown_sign(sign: &str) -> String {
    match sign.chars().next() {
        Some('=') => "= is not part of the language; == compares".to_owned(),
        Some('&' | '|') => "this is not part of the language; write && for and, || for or".to_owned(),
        Some('"' | '\'') => "this text has no end; close it with a quotation mark on the same line".to_owned(),
        Some('“' | '”' | '„' | '‘' | '’') => "texts stand in straight quotation marks: \"text\"".to_owned(),
        _ => format!("{} is not part of the language", quoted(sign)),
    }
}

fn unfit(found: &str) -> String {
    let instead = match found.to_lowercase().as_str() {
        "and" => "; write &&",
        "or" => "; write ||",
        "not" => "; write !",
        "is" => "; write ==",
        "?" => "; there is no choice by ? and :, write && and ||",
        _ => ", another operator or the end is expected, or a fact or a value",
    };
    format!("{} does not fit here{instead}", quoted(found))
}

fn quoted(found: &str) -> String {
    let short: String = found.trim().chars().take(QUOTED_CHARS).collect();
    format!("{short:?}")
}
