//! The client of the demo: asks, shows, and demands the status that must come.

use anyhow::{Context as _, anyhow, bail};
use reqwest::header::{LOCATION, USER_AGENT};
use reqwest::{Client, Method};
use serde_json::Value;

use super::teller::Teller;

/// Who asks a server.
pub(super) struct Asker<'t> {
    client: Client,
    base: String,
    secret: String,
    tell: &'t Teller,
    count: std::cell::Cell<u32>,
}

/// An answer whose status was demanded.
pub(super) struct Answer {
    /// Its body.
    pub(super) body: Value,
    /// Its `ETag`, for `If-Match`.
    pub(super) etag: Option<String>,
}

/// What is asked.
pub(super) struct Question<'a> {
    /// HTTP method.
    pub(super) method: Method,
    /// Path and query.
    pub(super) path: &'a str,
    /// Body.
    pub(super) body: Option<Value>,
    /// The status that must come.
    pub(super) status: u16,
    /// `If-Match`, where a version must be named.
    pub(super) if_match: Option<String>,
    /// Which parts of the answer are shown: JSON pointers.
    pub(super) show: &'a [&'a str],
}

impl<'t> Asker<'t> {
    /// A client of `base` with a key's secret or a token.
    pub(super) fn new(base: &str, secret: &str, tell: &'t Teller) -> anyhow::Result<Self> {
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
        Ok(Self { client, base: base.to_owned(), secret: secret.to_owned(), tell, count: std::cell::Cell::new(0) })
    }

    /// GET that must be answered 200.
    pub(super) async fn get(&self, path: &str, show: &[&str]) -> anyhow::Result<Value> {
        let question = Question { method: Method::GET, path, body: None, status: 200, if_match: None, show };
        Ok(self.ask(question).await?.body)
    }

    /// POST that must be answered with a status.
    pub(super) async fn post(&self, path: &str, body: Value, status: u16, show: &[&str]) -> anyhow::Result<Value> {
        let question = Question { method: Method::POST, path, body: Some(body), status, if_match: None, show };
        Ok(self.ask(question).await?.body)
    }

    /// Asks and shows; another status than the demanded one is a failure.
    pub(super) async fn ask(&self, question: Question<'_>) -> anyhow::Result<Answer> {
        let Question { method, path, body, status, if_match, show } = question;
        self.tell.request(method.as_str(), path, body.as_ref(), "");
        let mut request = self.client.request(method.clone(), format!("{}{path}", self.base)).bearer_auth(&self.secret);
        if method == Method::POST {
            self.count.set(self.count.get() + 1);
            request = request.header("Idempotency-Key", format!("demo-{}", self.count.get()));
        }
        if let Some(tag) = if_match {
            request = request.header("If-Match", tag);
        }
        if let Some(body) = &body {
            request = request.json(body);
        }
        let response = request.send().await.with_context(|| format!("{method} {path} got no answer"))?;
        let given = response.status().as_u16();
        let etag = response.headers().get("etag").and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        let body: Value = response.json().await.with_context(|| format!("{method} {path} answered no JSON"))?;
        if given != status {
            bail!("{method} {path} was answered {given} instead of {status}: {body}");
        }
        self.tell.answer(given, &picked(&body, show));
        Ok(Answer { body, etag })
    }

    /// Opens a link as somebody with this user agent; answers status, `Location` and page.
    pub(super) async fn open(
        &self,
        url: &str,
        agent: &str,
        who: &str,
    ) -> anyhow::Result<(u16, Option<String>, String)> {
        self.tell.request("GET", url, None, who);
        let request = self.client.get(url).header(USER_AGENT, agent).header("Accept", "text/html").send();
        let response = request.await.with_context(|| format!("{url} got no answer"))?;
        let status = response.status().as_u16();
        let location = response.headers().get(LOCATION).and_then(|place| place.to_str().ok()).map(str::to_owned);
        Ok((status, location, response.text().await?))
    }
}

/// What matters of an answer: the values at some JSON pointers, `*` for every element of a list.
fn picked(body: &Value, pointers: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for pointer in pointers {
        let name = pointer.trim_start_matches("/data/*").trim_start_matches('/').replace("/*/", " ").replace('/', " ");
        let values: Vec<String> = match pointer.split_once("/*") {
            Some((list, rest)) => {
                let list = body.pointer(list).and_then(Value::as_array);
                list.into_iter().flatten().filter_map(|each| each.pointer(rest)).map(plain).collect()
            }
            None => body.pointer(pointer).map(plain).into_iter().collect(),
        };
        found.push((name, values.join(", ")));
    }
    found
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A text in an answer.
pub(super) fn text<'a>(body: &'a Value, pointer: &str) -> anyhow::Result<&'a str> {
    body.pointer(pointer).and_then(Value::as_str).ok_or_else(|| anyhow!("no text at {pointer} in {body}"))
}

/// Demands that an answer says so.
pub(super) fn demand(body: &Value, pointer: &str, expected: impl Into<Value>) -> anyhow::Result<()> {
    let (found, expected) = (body.pointer(pointer).unwrap_or(&Value::Null), expected.into());
    if *found != expected {
        bail!("{pointer} is {found} instead of {expected}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_matters_is_picked_from_lists_too() {
        let body = json!({"status": "pending", "rewards": [{"amount": 1}, {"amount": 2}]});
        let shown = picked(&body, &["/status", "/rewards/*/amount"]);
        assert_eq!(
            shown,
            [("status".to_owned(), "pending".to_owned()), ("rewards amount".to_owned(), "1, 2".to_owned())]
        );
        assert!(demand(&body, "/status", "issued").is_err() && demand(&body, "/rewards/1/amount", 2).is_ok());
    }
}
