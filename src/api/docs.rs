//! What the server says about itself: the contract, and a page for each code of a refusal.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use crate::api::answer::reply::Reply;
use crate::api::app::App;
use crate::links::style::STYLE;
use crate::links::{self, Opener};
use crate::refusal::Code;

/// Public operations of this file, for the contract's test.
pub const PUBLIC: &[(&str, &str, &str)] = &[
    ("get_contract", "GET", "/openapi.yaml"),
    ("get_contract_as_json", "GET", "/openapi.json"),
    ("get_error_page", "GET", "/docs/errors/{code}"),
];

const CACHE: &str = "public, max-age=300";

pub(super) fn configure(config: &mut ServiceConfig) {
    crate::api::reading(config, "/openapi.yaml", |route| route.to(get_contract));
    crate::api::reading(config, "/openapi.json", |route| route.to(get_contract_as_json));
    crate::api::reading(config, "/docs/errors/{code}", |route| route.to(get_error_page));
}

async fn get_contract(request: HttpRequest, app: Data<App>) -> HttpResponse {
    let contract = app.contract.yaml(app.public_url());
    Reply::fixed("application/yaml", contract.sent(&request)).cache(CACHE).response()
}

async fn get_contract_as_json(request: HttpRequest, app: Data<App>) -> HttpResponse {
    let contract = app.contract.json(app.public_url());
    Reply::fixed("application/json", contract.sent(&request)).cache(CACHE).response()
}

async fn get_error_page(request: HttpRequest, path: Path<String>, opener: Data<Opener>) -> HttpResponse {
    match Code::ALL.iter().find(|code| code.as_str() == path.as_str()) {
        Some(code) => Reply::bytes("text/html; charset=utf-8", error_page(*code).into_bytes()).cache(CACHE).response(),
        None => links::open_link(request, opener).await,
    }
}

/// Plain HTML: no script, nothing of another host, and no link to what a proxy may hide.
fn error_page(code: Code) -> String {
    let (word, status, title) = (code.as_str(), code.status(), escape(code.title()));
    let help = escape(code.help());
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{word}</title>\n\
         <style>{STYLE}</style>\n<body>\n\
         <h1>{title}</h1>\n<p><code>{word}</code>, HTTP {status}</p>\n<p>{help}</p>\n</body>\n</html>\n"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_page_that_says_what_to_do() {
        for code in Code::ALL {
            let page = error_page(*code);
            assert!(page.contains(code.as_str()) && page.contains(&escape(code.help())), "{}", code.as_str());
            assert!(code.help().ends_with('.') && code.help().len() > 40, "{}", code.as_str());
            assert!(!page.contains("<script") && !page.contains("//"), "{}", code.as_str());
        }
    }
}
