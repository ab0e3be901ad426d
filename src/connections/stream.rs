//! The bytes of a connection: read and written as [`Connection`] allows.

use std::io::{self, Write as _};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use actix_web::web::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::connection::{Connection, Turn};
use super::end::{End, LastWord};
use super::{Connections, Place, count};

/// Bytes that are thrown away at once of what one sends who has been told that we close.
const WASTE: usize = 4_096;
/// How the answer of actix begins to a head with more headers than it takes.
const ACTIX_TOO_LARGE: &[u8] = b"HTTP/1.1 431";

/// A connection's bytes; it has left when this is dropped.
pub struct Stream {
    io: TcpStream,
    connection: Arc<Connection>,
    connections: Arc<Connections>,
    place: Place,
    /// What came behind a head, and is not looked at before that request is answered.
    ahead: BytesMut,
    has_said_why: bool,
}

impl Stream {
    /// Takes a connection in; an error when there is no room for it.
    pub fn welcome(connections: &Arc<Connections>, io: TcpStream) -> io::Result<(Self, Option<SocketAddr>)> {
        let peer = io.peer_addr().ok();
        let address = peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.ip());
        let Some((place, connection)) = connections.admit(address, Instant::now()) else {
            // Who does not hear it, hears that it is closed.
            let _heard = io.into_std()?.write(&connections.say(LastWord::NoRoom));
            return Err(io::Error::other("too many connections"));
        };
        // Answers are written as a whole, as far as that goes: the last part need not wait.
        io.set_nodelay(true)?;
        let (connections, ahead) = (connections.clone(), BytesMut::new());
        Ok((Self { io, connection, connections, place, ahead, has_said_why: false }, peer))
    }

    /// What it is doing.
    pub fn connection(&self) -> Arc<Connection> {
        self.connection.clone()
    }

    /// Reads so much at most, and of requests that were sent ahead one: each that is parsed takes kilobytes.
    fn read(&mut self, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>, most: usize) -> Poll<io::Result<()>> {
        let bytes = buffer.initialize_unfilled_to(most.min(buffer.remaining()));
        let is_ahead = !self.ahead.is_empty();
        let read = match is_ahead {
            true => copy(&self.ahead, bytes),
            false => ready!(self.take(context, bytes))?,
        };
        let passed = match self.connection.expects_head() {
            true => one_request(&bytes[..read]),
            false => read,
        };
        match is_ahead {
            true => self.ahead.advance(passed),
            false => self.ahead.extend_from_slice(&bytes[passed..read]),
        }
        match self.connection.has_read(passed, !self.ahead.is_empty(), Instant::now()) {
            Some(end) => self.close(end),
            None => buffer.advance(passed),
        }
        Poll::Ready(Ok(()))
    }

    fn take(&mut self, context: &mut Context<'_>, bytes: &mut [u8]) -> Poll<io::Result<usize>> {
        let mut part = ReadBuf::new(bytes);
        let read = Pin::new(&mut self.io).poll_read(context, &mut part);
        if read.is_pending() {
            self.connection.has_read_all();
        }
        read.map_ok(|()| part.filled().len())
    }

    /// Ready when the client has left: nothing more is done for one who has.
    fn left(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut byte = [0];
        match ready!(self.io.poll_peek(context, &mut ReadBuf::new(&mut byte)))? {
            0 => Poll::Ready(Ok(())),
            _ => Poll::Pending,
        }
    }

    fn close(&self, end: End) {
        self.connection.close(end, Instant::now());
        count(end);
    }

    /// The error that ends it; none where something is left to say.
    fn check(&self) -> io::Result<()> {
        match self.connection.end() {
            Some(end) if end.last_word().is_none() => Err(ended(end)),
            _ => Ok(()),
        }
    }

    /// Says why it is closed, and listens until the client has heard it: one who is still sending would be cut off
    /// before he reads. Nothing of that is kept, and it has its time, too.
    fn part(&mut self, word: LastWord, context: &mut Context<'_>) -> Poll<()> {
        let mut io = Pin::new(&mut self.io);
        if !std::mem::replace(&mut self.has_said_why, true) {
            // Nothing else waits to be sent: there is room for it. Who does not hear it, hears that it is closed.
            let _heard = io.as_mut().poll_write(context, &self.connections.say(word));
            let _closed = io.as_mut().poll_shutdown(context);
        }
        let mut waste = [0; WASTE];
        loop {
            let mut part = ReadBuf::new(&mut waste);
            if ready!(io.as_mut().poll_read(context, &mut part)).is_err() || part.filled().is_empty() {
                return Poll::Ready(());
            }
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        match this.connection.turn(context.waker()) {
            Turn::Take(most) => this.read(context, buffer, most),
            Turn::Again => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Turn::Wait => this.left(context),
            // As if the client had no more to say.
            Turn::Over => Poll::Ready(this.check()),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.check()?;
        if !this.connection.is_answering() {
            // What actix says by itself: that it cannot read a head. We have better words.
            let end = if bytes.starts_with(ACTIX_TOO_LARGE) { End::LargeHead } else { End::BadHead };
            if this.connection.end().is_none() {
                this.close(end);
            }
            ready!(this.part(end.last_word().unwrap_or(LastWord::Malformed), context));
            return Poll::Ready(Err(ended(end)));
        }
        let written = Pin::new(&mut this.io).poll_write(context, bytes);
        if written.is_pending() {
            this.connection.is_blocked(context.waker(), Instant::now());
        }
        written
    }

    /// Is called when all has been written.
    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.check()?;
        ready!(Pin::new(&mut this.io).poll_flush(context))?;
        this.connection.has_flushed();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        match this.connection.end().and_then(End::last_word) {
            Some(word) => this.part(word, context).map(Ok),
            None => Pin::new(&mut this.io).poll_shutdown(context),
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.connections.leave(self.place);
    }
}

fn ended(end: End) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, end.word())
}

fn copy(from: &[u8], to: &mut [u8]) -> usize {
    let most = from.len().min(to.len());
    to[..most].copy_from_slice(&from[..most]);
    most
}

/// How many bytes are handed on at once: a head, and the body that came with it. A blank line that is cut in two, or
/// that is part of a body, does no harm: a little more or less is handed on.
fn one_request(bytes: &[u8]) -> usize {
    let Some(end) = end_of_head(bytes) else { return bytes.len() };
    let has_body = !bytes.starts_with(b"GET ") && !bytes.starts_with(b"HEAD ");
    match has_body && end_of_head(&bytes[end..]).is_none() {
        true => bytes.len(),
        false => end,
    }
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let mut line_ends = (0..bytes.len()).filter(|at| bytes[*at] == b'\n');
    line_ends.find_map(|at| match &bytes[at + 1..] {
        [b'\n', ..] => Some(at + 2),
        [b'\r', b'\n', ..] => Some(at + 3),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::one_request;

    #[test]
    fn requests_that_were_sent_ahead_wait() {
        let table = [
            ("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /", 27),
            ("GET / HTTP/1.1\r\n\r\n", 18),
            ("HEAD / HTTP/1.1\nHost: x\n\nbody\n\n", 25),
            ("GET / HTTP/1.1\r\nHost: x\r\n", 25),
            ("GET / HTTP/1.1\r\nHost: x\r\n\r", 26),
            ("POST / HTTP/1.1\r\nHost: x\r\n\r\n{\"a\":\n1}", 36),
            ("POST / HTTP/1.1\r\nHost: x\r\n\r\nPOST / HTTP/1.1\r\nHost: x\r\n\r\n", 28),
            ("", 0),
        ];
        for (text, passed) in table {
            assert_eq!(one_request(text.as_bytes()), passed, "{text:?}");
        }
    }
}
