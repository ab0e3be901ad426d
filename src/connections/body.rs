//! The body of a request on its way in: says when more of it is wanted, so that no more is taken in.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use futures_util::Stream;

use super::connection::Connection;

/// A body on its way in.
pub struct Body {
    payload: Payload,
    connection: Arc<Connection>,
}

impl Body {
    /// What comes by a connection.
    pub fn by(connection: &Arc<Connection>, payload: Payload) -> Payload {
        let body = Self { payload, connection: connection.clone() };
        Payload::Stream { payload: Box::pin(body) }
    }
}

impl Stream for Body {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.payload).poll_next(context);
        match polled {
            Poll::Ready(None) => this.connection.has_body(),
            _ => this.connection.wants_body(),
        }
        polled
    }
}
