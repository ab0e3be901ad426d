//! What a handler gets: an authenticated request, and the ways to read, to decide and to answer.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;
use actix_web::web::Bytes;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::api::answer::format::Format;
use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::app::App;
use crate::api::door::callers::Caller;
use crate::api::request::body;
use crate::api::request::encoding::refuse_encoded;
use crate::api::request::further;
use crate::api::request::operation::{KeyRule, Operation};
use crate::api::request::page::{self, Page};
use crate::api::request::typed::{self, Ignored};
use crate::api::request::upload::Upload;
use crate::decide::Command;
use crate::decide::draft::Draft;
use crate::decide::input::if_match::IfMatch;
use crate::engine::{Failure, Idempotency, Lane, Request};
use crate::records::operator::Role;
use crate::records::scope::Scope;
use crate::records::text::Reason;
use crate::records::{Id, StoredAnswer, Timestamp};
use crate::refusal::{Code, Rejection};
use crate::store::queries::records::Part;
use crate::store::{Connection, StoreResult};
use crate::vault::sha256_hex;
use crate::views::Mask;
use crate::world::{Shelved, Stop};

/// Longest idempotency key, characters.
const KEY_LENGTH: usize = 255;
/// Longest value of a parameter behind the `?`, characters: an address fits.
const PARAMETER_LENGTH: usize = 254;
/// The same of one that names many records.
const IDS_LENGTH: usize = 4_096;

/// A request on its way through a handler.
pub struct Call {
    /// What the server is made of.
    pub app: Arc<App>,
    /// The operation.
    pub operation: &'static Operation,
    /// Who asks.
    pub caller: Caller,
    /// The request's id.
    pub request_id: String,
    /// When it came in; the time that its body took does not count.
    pub since: Instant,
    /// The body, where the handler reads it itself.
    pub upload: Option<Upload>,
    path: String,
    names: Vec<(String, String)>,
    query: Query,
    headers: HeaderMap,
    body: Bytes,
    is_body_read: Cell<bool>,
    idempotency: Option<Idempotency>,
}

/// The parameters behind the `?`, and which of them a handler looked for.
#[derive(Debug, Default)]
pub struct Query {
    given: Vec<(String, String)>,
    looked_for: RefCell<BTreeSet<String>>,
}

impl Query {
    /// Reads them.
    pub fn parse(text: &str) -> Self {
        let given = url::form_urlencoded::parse(text.as_bytes());
        let given = given.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        Self { given, looked_for: RefCell::default() }
    }

    /// One of them, when given.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.looked_for.borrow_mut().insert(name.to_owned());
        self.given.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Refuses what nobody looked for: a filter that does nothing would show everything.
    pub fn refuse_unknown(&self) -> Result<(), Rejection> {
        let looked_for = self.looked_for.borrow();
        match self.given.iter().find(|(name, _)| !looked_for.contains(name)) {
            Some((name, _)) => {
                let known = looked_for.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
                Err(Rejection::field(format!("?{name}"), format!("there is no such parameter; there are: {known}")))
            }
            None => Ok(()),
        }
    }

    /// One that is a word of a list.
    pub fn word(&self, name: &str, words: &[&str]) -> Result<Option<&str>, Rejection> {
        match self.text(name) {
            Some(word) if !words.contains(&word) => {
                Err(Rejection::field(format!("?{name}"), format!("one of {} is expected", words.join(", "))))
            }
            found => Ok(found),
        }
    }

    /// One that is a list of such words: with commas between, given several times, or both.
    pub fn words(&self, name: &str, words: &[&'static str]) -> Result<Vec<&'static str>, Rejection> {
        self.text(name);
        let given = self.given.iter().filter(|(other, _)| other == name).flat_map(|(_, value)| value.split(','));
        let known = |given: &str| {
            let found = words.iter().copied().find(|word| *word == given);
            found.ok_or_else(|| {
                let detail = format!("{given:?} is none of {}; several have commas between", words.join(", "));
                Rejection::field(format!("?{name}"), detail)
            })
        };
        given.map(known).collect()
    }

    /// One that is a list: with commas between, given several times, or both.
    pub fn whole(&self, name: &str) -> Option<String> {
        self.text(name)?;
        let given = self.given.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str());
        Some(given.collect::<Vec<_>>().join(","))
    }

    /// One that is `true` or `false`.
    pub fn yes_or_no(&self, name: &str) -> Result<Option<bool>, Rejection> {
        let read =
            |text: &str| text.parse().map_err(|_| Rejection::field(format!("?{name}"), "true or false is expected"));
        self.text(name).map(read).transpose()
    }

    /// One that is an instant.
    pub fn instant(&self, name: &str) -> Result<Option<Timestamp>, Rejection> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let read = serde_json::from_value(serde_json::Value::from(text));
        read.map(Some).map_err(|_| Rejection::field(format!("?{name}"), "an instant as RFC 3339 is expected"))
    }
}

impl Call {
    /// Takes over a request whose caller is known; refuses one that lacks the key it needs.
    pub fn new(
        app: Arc<App>,
        operation: &'static Operation,
        caller: Caller,
        request: &HttpRequest,
        body: Bytes,
        request_id: String,
        since: Instant,
    ) -> Result<Self, Problem> {
        // The router puts a mark in place of what is not UTF-8; look at the path as it came.
        decode(request.uri().path())?;
        let mut names = Vec::new();
        for (name, value) in request.match_info().iter() {
            names.push((name.to_owned(), decode(value)?.into_owned()));
        }
        let query = Query::parse(request.query_string());
        // What a database cannot store as text names nothing.
        if names.iter().chain(&query.given).any(|(name, value)| name.contains('\0') || value.contains('\0')) {
            return Err(Problem::new(Code::InvalidRequest, "The character U+0000 names nothing; leave it out."));
        }
        for (name, value) in &query.given {
            let longest = if name == page::IDS { IDS_LENGTH } else { PARAMETER_LENGTH };
            if value.chars().count() > longest {
                let detail = format!("at most {longest} characters are expected");
                return Err(Rejection::field(format!("?{name}"), detail).into());
            }
        }
        let mut call = Self {
            app,
            operation,
            caller,
            request_id,
            since,
            upload: None,
            path: request.path().to_owned(),
            names,
            query,
            headers: request.headers().clone(),
            body,
            is_body_read: Cell::new(false),
            idempotency: None,
        };
        call.idempotency = call.read_idempotency()?;
        Ok(call)
    }

    /// The shop.
    pub fn shop(&self) -> Id {
        self.caller.shop
    }

    /// A value that the path names, decoded.
    pub fn path(&self, name: &str) -> &str {
        self.names.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
    }

    /// The id that the path names; anything else names nothing.
    pub fn id(&self, prefix: &str) -> Result<Id, Problem> {
        Id::parse(prefix, self.path("id")).ok_or_else(Problem::not_found)
    }

    /// The parameters behind the `?`.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// The body.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let sent = self.json_body()?;
        body::read(sent).map_err(|refused| further::with_others::<T>(sent, refused).into())
    }

    /// The body of a request in which people's own words stand, and what of them was left aside: the answer names it.
    pub fn typed_body<T: DeserializeOwned>(&self) -> Result<(T, Ignored), Problem> {
        let sent = self.json_body()?;
        typed::read(sent).map_err(|refused| further::with_others::<T>(sent, refused).into())
    }

    /// The body as a handler reads it, when it is said to be JSON.
    fn json_body(&self) -> Result<&Bytes, Problem> {
        self.is_body_read.set(true);
        let is_json = self.header("content-type").is_none_or(|kind| {
            let kind = kind.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("application/json") || kind.to_ascii_lowercase().ends_with("+json")
        });
        match is_json {
            true => Ok(&self.body),
            false => Err(Problem::new(Code::UnsupportedMediaType, "Send the body as Content-Type: application/json.")),
        }
    }

    /// The body, when it is said to be a mail.
    pub fn mail_body(&self) -> Result<&Bytes, Problem> {
        self.is_body_read.set(true);
        let kind = self.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default().trim();
        match kind.eq_ignore_ascii_case("message/rfc822") {
            true => Ok(&self.body),
            false => Err(Problem::new(Code::UnsupportedMediaType, "Send the mail as Content-Type: message/rfc822.")),
        }
    }

    /// Refuses a body that says something, and that nobody read: it would be accepted and ignored.
    pub fn refuse_unread_body(&self) -> Result<(), Rejection> {
        if self.is_body_read.get() || body::says_nothing(&self.body) {
            return Ok(());
        }
        Err(Rejection::new(Code::InvalidRequest, "This operation takes no body; leave it out, or send {}."))
    }

    /// The bytes of the body.
    pub fn raw_body(&self) -> &Bytes {
        &self.body
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Refuses a body that is compressed.
    pub fn refuse_encoded(&self) -> Result<(), Problem> {
        refuse_encoded(&self.headers)
    }

    /// The versions that the caller read, from `If-Match`. 428 when it is missing.
    pub fn if_match(&self) -> Result<IfMatch, Problem> {
        let tag = self.header("if-match").ok_or_else(|| {
            Problem::new(Code::PreconditionRequired, "Send If-Match with the ETag of the version that you read.")
        })?;
        Ok(IfMatch::read(tag))
    }

    /// How much of a voucher's code the caller may see: who may spend it sees it in full. Support may, and has each
    /// showing noted with its reason.
    pub fn mask(&self) -> Mask {
        match self.caller.role {
            Some(Role::Viewer | Role::Support) => Mask::Hint,
            _ if self.caller.scopes.contains(&Scope::VouchersRedeem) => Mask::Full,
            _ => Mask::Hint,
        }
    }

    /// The same as [`submit`](Self::submit) for what changes where links lead: those in memory are forgotten.
    pub async fn submit_for_links(&self, command: impl Into<Command>) -> Result<Reply, Problem> {
        Ok(self.attempt_for_links(command).await?)
    }

    /// The same for a caller who knows what to make of a failure.
    pub async fn attempt_for_links(&self, command: impl Into<Command>) -> Result<Reply, Failure> {
        let reply = self.attempt(command).await?;
        self.app.links.forget(self.shop());
        Ok(reply)
    }

    /// Has a command decided and answers what it answered.
    pub async fn submit(&self, command: impl Into<Command>) -> Result<Reply, Problem> {
        Ok(self.attempt(command).await?)
    }

    /// The same for a caller who knows what to make of a failure.
    pub async fn attempt(&self, command: impl Into<Command>) -> Result<Reply, Failure> {
        self.refuse_unread_body().map_err(Failure::Refused)?;
        let request = Request {
            shop: self.shop(),
            command: command.into(),
            actor: self.caller.actor.clone(),
            request_id: Some(self.request_id.clone()),
            idempotency: self.idempotency.clone(),
            bytes: self.body.len(),
            lane: Lane::Front,
            since: self.since,
        };
        let given = self.app.engine.submit(request).await?;
        Ok(Reply::given(given))
    }

    /// The same for a body that the handler read itself, whose digest tells it from others under the
    /// same key.
    pub async fn submit_uploaded(&mut self, command: impl Into<Command>, digest: &str) -> Result<Reply, Problem> {
        if let Some(key) = &mut self.idempotency {
            key.fingerprint = sha256_hex(format!("{} {digest}", key.fingerprint).as_bytes());
        }
        self.since = Instant::now();
        self.submit(command).await
    }

    /// Runs a query of what is so now.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> StoreResult<T> + Send + 'static,
    {
        Ok(self.app.reader.run(work).await?)
    }

    /// Runs a query of a list, which may be as old as a replica is.
    pub async fn read_list<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> StoreResult<T> + Send + 'static,
    {
        Ok(self.app.lists.run(work).await?)
    }

    /// Runs a decision that changes nothing, with the very rules of the real one.
    pub async fn dry_run<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: Fn(&mut Draft<'_>) -> Result<T, Stop> + Send + 'static,
    {
        Ok(self.app.engine.dry_run(self.shop(), work).await?)
    }

    /// The record of an id; 404 where this shop has none.
    pub async fn record<R: Shelved + Send>(&self, id: Id) -> Result<R, Problem> {
        let found = self.dry_run(move |draft| Ok(draft.get::<R>(id)?.map(|record| (*record).clone()))).await?;
        found.ok_or_else(Problem::not_found)
    }

    /// How a list is to be written.
    pub fn format(&self) -> Result<Format, Rejection> {
        Ok(Format::of(self.query.word("format", Format::WORDS)?, &self.headers))
    }

    /// By what cursors are marked.
    pub fn cursors(&self) -> &aws_lc_rs::hmac::Key {
        self.app.installation.vault.cursors()
    }

    /// Which page of a list is asked for.
    pub fn page(&self) -> Result<Page, Problem> {
        let (cursors, format) = (self.app.installation.vault.cursors(), self.format()?);
        let after = self.query.text("after").map(|text| page::read_cursor(cursors, text)).transpose()?;
        let ids = match self.operation.is_of_shop() {
            true => self.query.whole(page::IDS).as_deref().map(page::ids).transpose()?,
            false => None,
        };
        let limit = match (&ids, self.query.text("limit")) {
            // Whoever names records is given them all.
            (Some(_), None) => page::MAX_IDS,
            (_, text) => page::limit(text, format)?,
        };
        Ok(Page {
            part: Part {
                limit,
                after,
                created_from: self.query.instant("created_from")?,
                created_to: self.query.instant("created_to")?,
            },
            format,
            ids,
        })
    }

    /// The caller's key for repeating this request. Its scope is the shop and the client; the
    /// fingerprint is of method, path, query and canonical body.
    fn read_idempotency(&self) -> Result<Option<Idempotency>, Problem> {
        if self.operation.key == KeyRule::Ignored {
            return Ok(None);
        }
        let Some(key) = self.headers.get("idempotency-key") else {
            let is_required = match self.operation.key {
                KeyRule::Required => true,
                KeyRule::UnlessNamed => !names_itself(&self.body),
                KeyRule::Optional | KeyRule::Ignored => false,
            };
            if is_required {
                return Err(Problem::new(
                    Code::IdempotencyKeyRequired,
                    "Send an Idempotency-Key: a new random one for each new request, the same one when you repeat it.",
                ));
            }
            return Ok(None);
        };
        let key = key.to_str().unwrap_or_default();
        let key = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(key);
        if key.is_empty() || key.len() > KEY_LENGTH || !key.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            return Err(Problem::new(
                Code::InvalidRequest,
                "An Idempotency-Key has 1 to 255 printable ASCII characters.",
            ));
        }
        let mut text = format!("{} {} ", self.operation.method, self.path).into_bytes();
        let mut query = self.query.given.clone();
        query.sort();
        text.extend(format!("{query:?} ").into_bytes());
        text.extend(body::canonical(&self.body));
        let id = StoredAnswer::id_of(self.shop(), &self.caller.client, key);
        Ok(Some(Idempotency { id, fingerprint: sha256_hex(&text) }))
    }
}

/// Whether a body has a `reference` of the shop's own.
fn names_itself(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Named {
        reference: Option<IgnoredAny>,
    }
    serde_json::from_slice::<Named>(body).is_ok_and(|named| named.reference.is_some())
}

/// The body of an order that may give a reason.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Why.
    pub reason: Option<Reason>,
}

/// The body of an order that must give one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Because {
    /// Why.
    pub reason: Reason,
}

/// A view, ready to stand in a list.
pub fn shown(view: &impl Serialize) -> Box<RawValue> {
    serde_json::value::to_raw_value(view).expect("what the API shows always serializes")
}

/// Decodes a value of the path. The router leaves `%25 %2B %2F` as they came.
fn decode(value: &str) -> Result<Cow<'_, str>, Problem> {
    percent_encoding::percent_decode_str(value)
        .decode_utf8()
        .map_err(|_| Problem::new(Code::InvalidRequest, "The path is not percent-encoded UTF-8."))
}
