//! What is said to one whose request never came to a handler: its head was too slow, too large or none, or there was
//! no room for its connection. It looks as every other refusal does.

use actix_web::body::MessageBody as _;
use actix_web::http::header::{CONNECTION, CONTENT_LENGTH};

use crate::api::answer::problem::Problem;
use crate::api::request::request_id;
use crate::connections::end::LastWord;
use crate::refusal::Code;

/// The whole answer, as it is sent.
pub fn answer(public_url: &str, word: LastWord) -> Vec<u8> {
    let id = request_id::new_id();
    let problem = problem(word);
    let mut response = problem.response(public_url, "", &id);
    // Any stranger could fill the log with these.
    tracing::debug!(request_id = &*id, code = problem.rejection.code.as_str(), "a request never came to a handler");
    request_id::add_headers(response.headers_mut(), &id);
    let mut answer = format!("HTTP/1.1 {}\r\n", response.status()).into_bytes();
    for (name, value) in response.headers() {
        answer.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    let body = response.into_body().try_into_bytes().unwrap_or_default();
    answer.extend(format!("{CONTENT_LENGTH}: {}\r\n{CONNECTION}: close\r\n\r\n", body.len()).into_bytes());
    answer.extend(body);
    answer
}

fn problem(word: LastWord) -> Problem {
    match word {
        LastWord::TooSlow => {
            Problem::new(Code::RequestTimeout, "The head of the request did not come in time. Send it again, at once.")
        }
        LastWord::TooLarge => Problem::new(
            Code::HeadTooLarge,
            "The line and the headers of a request may have 32 KiB, and be 96 headers. Send fewer, or shorter ones.",
        ),
        LastWord::Malformed => Problem::new(
            Code::InvalidRequest,
            "The head of the request is malformed: its first line, a header, or what says how long the body is. Send HTTP/1.1.",
        ),
        LastWord::NoRoom => Problem::new(
            Code::Busy,
            "There are too many connections; nothing happened. Come again after Retry-After, and keep fewer open.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_last_word_is_a_problem() {
        let table = [
            (LastWord::TooSlow, "408 Request Timeout", "request_timeout"),
            (LastWord::TooLarge, "431 Request Header Fields Too Large", "head_too_large"),
            (LastWord::Malformed, "400 Bad Request", "invalid_request"),
            (LastWord::NoRoom, "503 Service Unavailable", "busy"),
        ];
        for (word, status, code) in table {
            let answer = String::from_utf8(answer("https://grapevine.example", word)).expect("text");
            let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
            let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
            assert!(head.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{head}");
            assert!(head.contains("content-type: application/problem+json\r\n"), "{head}");
            assert!(head.contains(&format!("x-request-id: {}\r\n", body["request_id"].as_str().unwrap_or_default())));
            assert_eq!(head.contains("retry-after: 1"), status.starts_with("503"), "{head}");
            assert_eq!(body["code"], code);
        }
    }
}
