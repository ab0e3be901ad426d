//! The body of an answer on its way out: in small parts, so that a client that does not read holds a few
//! kilobytes of ours and no more, however large the answer is.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::web::Bytes;

use super::connection::Connection;

/// Bytes that are handed over at once. With the head of the answer they fit into the 8 KiB that actix has for each
/// connection: one byte more, and it takes 16.
pub const PART: usize = 7_168;

/// A request that is under way; it is finished when this is dropped.
pub struct UnderWay {
    connection: Option<Arc<Connection>>,
}

impl UnderWay {
    /// Begins one.
    pub fn begin(connection: Option<Arc<Connection>>, has_body: bool) -> Self {
        if let Some(connection) = &connection {
            connection.begin(has_body);
        }
        Self { connection }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Some(connection) = &self.connection {
            connection.finish(Instant::now());
        }
    }
}

/// A body on its way out.
pub struct Parts {
    body: BoxBody,
    rest: Bytes,
    _until_the_end: UnderWay,
}

impl Parts {
    /// The parts of a body.
    pub fn of(body: BoxBody, request: UnderWay) -> Self {
        Self { body, rest: Bytes::new(), _until_the_end: request }
    }
}

impl MessageBody for Parts {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.get_mut();
        if this.rest.is_empty() {
            match Pin::new(&mut this.body).poll_next(context) {
                Poll::Ready(Some(Ok(bytes))) => this.rest = bytes,
                other => return other,
            }
        }
        let most = this.rest.len().min(PART);
        Poll::Ready(Some(Ok(this.rest.split_to(most))))
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    #[test]
    fn a_body_comes_in_parts_that_share_its_bytes() {
        let whole = Bytes::from(vec![7u8; 3 * PART + 1]);
        let mut parts = Parts::of(BoxBody::new(whole.clone()), UnderWay::begin(None, false));
        assert_eq!(parts.size(), BodySize::Sized(3 * 7_168 + 1));
        let mut context = Context::from_waker(Waker::noop());
        let mut at = 0;
        while let Poll::Ready(Some(part)) = Pin::new(&mut parts).poll_next(&mut context) {
            let part = part.expect("bytes do not fail");
            assert!(!part.is_empty() && part.len() <= PART);
            assert_eq!(part.as_ptr(), whole[at..].as_ptr(), "none is copied");
            at += part.len();
        }
        assert_eq!(at, whole.len());
    }
}
