//! Asking over HTTP, in words that read well: `shop.post("/v1/conversions", json!({…})).await.created()`.
//!
//! Every answer is held against the contract before a test sees it.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::LazyLock;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::contract::{self, Exchange};
use super::shop::elements;

/// The server closes a connection on which nothing was asked for five seconds: the client lets go first,
/// or a request could meet one that is just being closed.
const IDLE: Duration = Duration::from_secs(2);

static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let builder = Client::builder().redirect(reqwest::redirect::Policy::none()).pool_idle_timeout(IDLE);
    builder.build().expect("a client can be made")
});

/// Somebody who asks a server: anonymous, with a key, or signed in.
#[derive(Clone, Debug)]
pub struct Actor {
    base: String,
    authorization: Option<String>,
}

impl Actor {
    /// Somebody without a key. `base` is `http://ADDRESS:PORT`.
    pub fn anonymous(base: &str) -> Self {
        Self { base: base.to_owned(), authorization: None }
    }

    /// Somebody with a key's secret or an access token.
    pub fn bearer(base: &str, secret: &str) -> Self {
        Self { base: base.to_owned(), authorization: Some(format!("Bearer {secret}")) }
    }

    /// The same one, asking another server.
    pub fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// Where the server is: `http://ADDRESS:PORT`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// What this actor sends as `Authorization`, if anything.
    pub fn authorization(&self) -> Option<&str> {
        self.authorization.as_deref()
    }

    /// Everything in a list of at most 200.
    pub async fn list(&self, path: &str) -> Vec<Value> {
        let mark = if path.contains('?') { '&' } else { '?' };
        let page = self.get(&format!("{path}{mark}limit=200")).await.ok();
        assert!(page["next"].is_null(), "more than one page of {path}");
        elements(&page["data"])
    }

    /// GET.
    pub fn get(&self, path: &str) -> Ask {
        self.ask(Method::GET, path)
    }

    /// HEAD.
    pub fn head(&self, path: &str) -> Ask {
        self.ask(Method::HEAD, path)
    }

    /// POST of JSON, with a new `Idempotency-Key`.
    pub fn post(&self, path: &str, body: Value) -> Ask {
        self.ask(Method::POST, path).json(&body).key(&fresh("key"))
    }

    /// PUT of JSON.
    pub fn put(&self, path: &str, body: Value) -> Ask {
        self.ask(Method::PUT, path).json(&body)
    }

    /// PATCH of JSON.
    pub fn patch(&self, path: &str, body: Value) -> Ask {
        self.ask(Method::PATCH, path).json(&body)
    }

    /// DELETE.
    pub fn delete(&self, path: &str) -> Ask {
        self.ask(Method::DELETE, path)
    }

    /// Any method, without a body yet.
    pub fn ask(&self, method: Method, path: &str) -> Ask {
        let ask =
            Ask { base: self.base.clone(), method, path: path.to_owned(), headers: HeaderMap::new(), body: Vec::new() };
        match &self.authorization {
            Some(authorization) => ask.header("authorization", authorization),
            None => ask,
        }
    }
}

/// A word of those who built the server, which nobody who reads a refusal can know.
pub fn jargon(detail: &str) -> Option<&'static str> {
    let words = ["untagged", "variant", "i64", "u32", "sequence", "struct", "invalid type", "expected a "];
    words.into_iter().find(|word| detail.contains(word))
}

/// Text that was never used before: `order-01J…`.
pub fn fresh(prefix: &str) -> String {
    format!("{prefix}-{}", ulid::Ulid::generate())
}

/// A request that is not sent yet; `.await` sends it.
#[derive(Clone, Debug)]
#[must_use = "a request is sent by .await"]
pub struct Ask {
    base: String,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Ask {
    /// Sets a header, in place of what stood there.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name).expect("a header's name");
        self.headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).expect("a header's value"));
        self
    }

    /// Leaves a header out.
    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// With this behind the `?` of its path.
    pub fn with_query(mut self, query: &str) -> Self {
        self.path = format!("{}?{query}", self.path);
        self
    }

    /// With this `Idempotency-Key`.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// With the version that was read.
    pub fn if_match(self, etag: &str) -> Self {
        self.header("if-match", etag)
    }

    /// With JSON.
    pub fn json(self, body: &Value) -> Self {
        self.raw(body.to_string())
    }

    /// With these bytes, said to be JSON.
    pub fn raw(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", "application/json")
    }

    /// Sends it; an error when no whole answer came. Only for tests in which servers die.
    pub async fn attempt(self) -> Result<Answer, reqwest::Error> {
        let url = format!("{}{}", self.base, self.path);
        let sent = CLIENT.request(self.method.clone(), url).headers(self.headers.clone()).body(self.body.clone());
        let response = sent.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await?.to_vec();
        Ok(Answer { asked: self, status, headers, body })
    }
}

impl IntoFuture for Ask {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let answer = self.attempt().await.expect("the server answers");
            answer.hold_against_contract();
            answer
        })
    }
}

/// What a server answered. The methods named after a status demand it, and show the whole exchange
/// when another one came.
#[derive(Clone)]
pub struct Answer {
    asked: Ask,
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    /// The status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The contract's `operationId` of what was asked.
    pub fn operation(&self) -> Option<&'static str> {
        contract::operation_id(self.asked.method.as_str(), &self.asked.path)
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body as text.
    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is UTF-8")
    }

    /// The body as JSON, whatever the status.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}) in {self:?}"))
    }

    /// The entity tag.
    #[track_caller]
    pub fn etag(&self) -> String {
        self.header("etag").unwrap_or_else(|| panic!("no ETag in {self:?}")).to_owned()
    }

    /// Demands 200; answers what is shown.
    #[track_caller]
    pub fn ok(&self) -> Value {
        self.demand(200);
        self.shown()
    }

    /// Demands 201; answers what is shown.
    #[track_caller]
    pub fn created(&self) -> Value {
        self.demand(201);
        self.shown()
    }

    /// The body, without that nothing was left aside of the request: that is no part of what is shown, and reading it
    /// later does not say so. [`json`](Self::json) has it.
    fn shown(&self) -> Value {
        let mut body = self.json();
        if let Some(fields) = body.as_object_mut().filter(|fields| fields.get("ignored") == Some(&json!([]))) {
            fields.remove("ignored");
        }
        body
    }

    /// Demands 202.
    #[track_caller]
    pub fn accepted(&self) -> Value {
        self.demand(202);
        self.json()
    }

    /// Demands 204 and no body.
    #[track_caller]
    pub fn no_content(&self) {
        self.demand(204);
        assert!(self.body.is_empty(), "204 with a body: {self:?}");
    }

    /// Demands 302; answers where to.
    #[track_caller]
    pub fn found(&self) -> &str {
        self.demand(302);
        self.header("location").unwrap_or_else(|| panic!("no Location in {self:?}"))
    }

    /// Demands problem details of this status and code; answers them.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        self.demand(status);
        let problem = self.json();
        assert_eq!(problem["code"], code, "another refusal: {self:?}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        assert_eq!(problem["status"], status, "{self:?}");
        assert_eq!(problem["request_id"].as_str(), self.header("x-request-id"), "{self:?}");
        let kind = problem["type"].as_str().unwrap_or_default();
        assert!(kind.ends_with(&format!("/docs/errors/{code}")), "{self:?}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.ends_with(['.', '?'])), "no sentence: {self:?}");
        assert_eq!(jargon(&problem["detail"].to_string()), None, "{self:?}");
        problem
    }

    #[track_caller]
    fn demand(&self, status: u16) {
        assert_eq!(self.status, status, "another status: {self:?}");
    }

    fn hold_against_contract(&self) {
        let exchange = Exchange {
            method: self.asked.method.as_str(),
            path: &self.asked.path,
            request_body: &self.asked.body,
            status: self.status,
            headers: &self.headers,
            body: &self.body,
        };
        if let Err(fault) = contract::check(&exchange) {
            panic!("not as the contract says: {fault}\n{self:?}");
        }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let asked = &self.asked;
        writeln!(f, "\n  {} {}", asked.method, asked.path)?;
        writeln!(f, "  {}", String::from_utf8_lossy(&asked.body))?;
        writeln!(
            f,
            "→ {} {}",
            self.status,
            self.headers.get(CONTENT_TYPE).map_or("", |kind| kind.to_str().unwrap_or("?"))
        )?;
        write!(f, "  {}", String::from_utf8_lossy(&self.body))
    }
}
