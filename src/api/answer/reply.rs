//! A handler's answer.

use std::pin::Pin;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_ENCODING, ETAG, LOCATION, RETRY_AFTER, VARY};
use actix_web::web::Bytes;
use futures_util::stream::empty;
use futures_util::{Stream, TryStreamExt};
use serde::Serialize;

use crate::api::answer::fixed::Sent;
use crate::api::answer::problem::{COME_AGAIN, Problem};
use crate::api::request::page;
use crate::api::request::typed::Ignored;
use crate::decide::answer::etag;
use crate::engine::Given;
use crate::records::Id;

/// What an answer consists of.
enum Body {
    Whole(Vec<u8>),
    /// Part of the program: shared by all answers, copied for none.
    Fixed(Sent),
    /// Made as it is sent: too much to be in memory at once.
    Stream(Parts),
}

/// The parts of an answer, one after the other; an error breaks it off.
pub type Parts = Pin<Box<dyn Stream<Item = Result<Bytes, Problem>>>>;

/// An answer on its way out.
pub struct Reply {
    status: u16,
    content_type: &'static str,
    body: Body,
    subject: Option<Id>,
    location: Option<String>,
    etag: Option<String>,
    replayed: bool,
    cache: &'static str,
    comes_later: bool,
}

impl Reply {
    /// 200 with JSON.
    pub fn json(view: &impl Serialize) -> Self {
        Self::bytes("application/json", serde_json::to_vec(view).unwrap_or_default())
    }

    /// 200 with anything.
    pub fn bytes(content_type: &'static str, body: Vec<u8>) -> Self {
        Self::new(content_type, Body::Whole(body))
    }

    /// 200 with what is part of the program.
    pub fn fixed(content_type: &'static str, body: Sent) -> Self {
        Self::new(content_type, Body::Fixed(body))
    }

    /// 200 with what is made as it is sent.
    pub fn stream(content_type: &'static str, parts: Parts) -> Self {
        Self::new(content_type, Body::Stream(parts))
    }

    fn new(content_type: &'static str, body: Body) -> Self {
        let cache = "no-store";
        Self {
            status: 200,
            content_type,
            body,
            subject: None,
            location: None,
            etag: None,
            replayed: false,
            cache,
            comes_later: false,
        }
    }

    /// With another status.
    #[must_use]
    pub fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// With the entity tag of a version.
    #[must_use]
    pub fn version(self, version: i64) -> Self {
        Self { etag: Some(etag(version)), ..self }
    }

    /// With `Retry-After`: what was asked for comes later.
    #[must_use]
    pub fn come_again(self) -> Self {
        Self { comes_later: true, ..self }
    }

    /// With `Cache-Control`.
    #[must_use]
    pub fn cache(self, cache: &'static str) -> Self {
        Self { cache, ..self }
    }

    /// With what was left aside of the request. It follows from the request alone, so that an answer that is stored
    /// and given again says the same.
    pub fn ignoring(mut self, ignored: &Ignored) -> Result<Self, Problem> {
        if let Body::Whole(body) = &mut self.body
            && body.pop_if(|last| *last == b'}').is_some()
        {
            body.extend_from_slice(b",\"ignored\":");
            body.extend(serde_json::to_vec(ignored).map_err(|_| Problem::internal())?);
            body.push(b'}');
        }
        Ok(self)
    }

    /// What the engine gave.
    pub fn given(given: Given) -> Self {
        let answer = given.answer;
        Self {
            status: answer.status,
            content_type: "application/json",
            body: Body::Whole(answer.body.into_bytes()),
            subject: answer.subject,
            location: answer.location,
            etag: answer.etag,
            replayed: given.replayed,
            cache: "no-store",
            comes_later: false,
        }
    }

    /// A page of a list.
    pub fn page<V: Serialize>(rows: &[V], next: Option<String>) -> Self {
        Self::bytes("application/json", page::json(rows, next).into_bytes())
    }

    /// For a request that asks for the head alone: what is made as it is sent need not be made.
    #[must_use]
    pub fn head(self) -> Self {
        match self.body {
            Body::Stream(_) => Self { body: Body::Stream(Box::pin(empty())), ..self },
            Body::Whole(_) | Body::Fixed(_) => self,
        }
    }

    /// The record that the engine's answer is about.
    pub fn subject(&self) -> Option<Id> {
        self.subject
    }

    /// Whether it is a stored answer, given again.
    pub fn is_replayed(&self) -> bool {
        self.replayed
    }

    /// The answer to send.
    pub fn response(self) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = HttpResponse::build(status);
        response.insert_header(("Cache-Control", self.cache));
        if let Some(location) = self.location {
            response.insert_header((LOCATION, location));
        }
        if let Some(etag) = self.etag {
            response.insert_header((ETAG, etag));
        }
        if self.comes_later {
            response.insert_header((RETRY_AFTER, COME_AGAIN.to_string()));
        }
        if self.replayed {
            response.insert_header(("Idempotent-Replayed", "true"));
        }
        if status == StatusCode::NO_CONTENT {
            return response.finish();
        }
        response.content_type(self.content_type);
        match self.body {
            Body::Whole(body) => response.body(body),
            Body::Fixed(sent) => {
                response.insert_header((VARY, "Accept-Encoding"));
                if let Some(encoding) = sent.encoding {
                    response.insert_header((CONTENT_ENCODING, encoding));
                }
                response.body(sent.bytes)
            }
            Body::Stream(parts) => {
                response.streaming(parts.map_err(|problem| {
                    // Its head has left: no line of its request can say so.
                    tracing::warn!(
                        code = problem.rejection.code.as_str(),
                        cause = problem.cause.as_ref().map(|cause| cause.0.as_str()),
                        "an answer broke off"
                    );
                    std::io::Error::other(problem.rejection)
                }))
            }
        }
    }
}
