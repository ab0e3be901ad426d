//! A connection to a mail server of which no more is read than was allowed: whoever answers without end is
//! cut off, however long its lines are. How long it may take is `transport`'s to say.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What may still be read of a connection, bytes. Its clones are one.
#[derive(Clone, Debug, Default)]
pub(super) struct Allowance(Arc<AtomicUsize>);

impl Allowance {
    /// Allows so many bytes from now on, whatever was left before.
    pub(super) fn allow(&self, bytes: usize) {
        self.0.store(bytes, Ordering::Relaxed);
    }

    fn left(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    fn take(&self, bytes: usize) {
        self.allow(self.left().saturating_sub(bytes));
    }
}

/// A connection that ends with an error when more comes than is allowed, up to what one read takes.
pub(super) struct Bounded<S> {
    stream: S,
    server: SocketAddr,
    allowance: Allowance,
}

impl<S> Bounded<S> {
    /// Bounds a connection to this server.
    pub(super) fn new(stream: S, server: SocketAddr, allowance: Allowance) -> Self {
        Self { stream, server, allowance }
    }
}

impl<S> fmt::Debug for Bounded<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bounded").field("server", &self.server).finish_non_exhaustive()
    }
}

impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> AsyncTokioStream for Bounded<S> {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.server)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Bounded<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.allowance.left() == 0 {
            return Poll::Ready(Err(io::Error::other("the server's answer does not end")));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        self.allowance.take(buffer.filled().len() - before);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Bounded<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::io::{AsyncReadExt as _, repeat};

    use super::*;

    #[tokio::test]
    async fn no_more_is_read_than_is_allowed() {
        let allowance = Allowance::default();
        let server = SocketAddr::from((Ipv4Addr::LOCALHOST, 25));
        let mut stream = Bounded::new(repeat(b'2'), server, allowance.clone());
        for allowed in [0, 1, 1_000, 20_000] {
            allowance.allow(allowed);
            let mut read = Vec::new();
            let ended = stream.read_to_end(&mut read).await;
            assert_eq!(ended.expect_err("it does not end").to_string(), "the server's answer does not end");
            // What one read takes comes on top, and it takes no more than there was room for.
            assert!((allowed..=allowed * 4 + 1_000).contains(&read.len()), "{allowed} allowed, {} read", read.len());
        }
    }
}
