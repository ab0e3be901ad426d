//! What the machine allows: descriptors, and what it keeps of an answer that nobody reads.

use std::io;
use std::net::TcpListener;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::listen;
use rustix::net::sockopt::set_socket_send_buffer_size;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors that are asked for when there is no limit to them.
const ENOUGH: u64 = 65_536;
/// Descriptors that are no connections of clients: the database, mails, files.
const OURS: usize = 128;
/// Bytes that the machine keeps for us of an answer until the client takes them.
const SEND_BUFFER: usize = 65_536;
/// Connections that may wait to be taken in, where the machine allows so many.
const WAITING: i32 = 4_096;

/// Raises the limit of descriptors to what is allowed; answers what it is now.
pub fn raise_descriptors() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let allowed = limit.maximum.unwrap_or(ENOUGH);
    let raised = Rlimit { current: Some(allowed), maximum: limit.maximum };
    let current =
        match limit.current.is_some_and(|current| current < allowed) && setrlimit(Resource::Nofile, raised).is_ok() {
            true => Some(allowed),
            false => limit.current,
        };
    usize::try_from(current.unwrap_or(ENOUGH)).unwrap_or(usize::MAX)
}

/// How many connections so many descriptors are enough for.
pub fn connections(descriptors: usize) -> usize {
    descriptors.saturating_sub(OURS).max(descriptors / 2)
}

/// Bounds what the machine keeps of answers, which connections have from the listener by which they come;
/// and lets many wait there, so that a crowd keeps nobody out.
pub fn prepare(listener: &TcpListener) -> io::Result<()> {
    set_socket_send_buffer_size(listener, SEND_BUFFER)?;
    Ok(listen(listener, WAITING)?)
}

/// Lets nobody new in: whoever knocks is not heard, knocks again after a second, and finds the listener gone,
/// or the one of the next server. Those who wait already to be taken in are. A listener that is closed
/// while they wait would reset them. Kernels of 2026 and later let only those do so who have `CAP_NET_ADMIN`.
pub fn turn_away(listener: &TcpListener) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        use socket2::{SockFilter, SockRef};
        // Of a segment, in the words of the kernel's packet filter: the flags; SYN and ACK of them; the first of
        // a handshake, which has SYN alone, is dropped, all else is kept.
        let filter = [
            SockFilter::new(0x30, 0, 0, 13),
            SockFilter::new(0x54, 0, 0, 0x12),
            SockFilter::new(0x15, 0, 1, 0x02),
            SockFilter::new(0x06, 0, 0, 0),
            SockFilter::new(0x06, 0, 0, u32::MAX),
        ];
        SockRef::from(listener).attach_filter(&filter)
    }
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    {
        let _reset = listener;
        Ok(())
    }
}

/// Whether somebody waits to be taken in.
pub fn is_waited_at(listener: &TcpListener) -> bool {
    let mut listeners = [PollFd::new(listener, PollFlags::IN)];
    matches!(poll(&mut listeners, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })), Ok(ready) if ready > 0)
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;
    use std::time::Duration;

    use super::*;

    #[test]
    fn who_waits_is_taken_in_and_nobody_new() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("an address");
        let waits = TcpStream::connect(address).expect("it listens");
        let turned_away = turn_away(&listener).map_err(|error| error.kind());
        assert!(is_waited_at(&listener));
        let knocks = TcpStream::connect_timeout(&address, Duration::from_millis(50)).map_err(|error| error.kind());
        match turned_away {
            Ok(()) => assert_eq!(knocks.expect_err("nobody new"), io::ErrorKind::TimedOut),
            // The kernel lets us not: who knocks waits with the others.
            Err(kind) => assert!(kind == io::ErrorKind::PermissionDenied && knocks.is_ok(), "{kind:?} {knocks:?}"),
        }
        let (_taken, from) = listener.accept().expect("who waited");
        assert_eq!(from, waits.local_addr().expect("an address"));
        assert_eq!(is_waited_at(&listener), turned_away.is_err());
    }

    #[test]
    fn descriptors_of_ours_are_kept_back() {
        for (descriptors, most) in [(64, 32), (256, 128), (1_024, 896), (65_536, 65_408)] {
            assert_eq!(connections(descriptors), most);
        }
    }

    #[test]
    fn the_limit_is_what_is_allowed_and_stays_so() {
        let raised = raise_descriptors();
        assert_eq!(raise_descriptors(), raised);
        let limit = getrlimit(Resource::Nofile);
        assert!(limit.maximum.is_none_or(|most| limit.current == Some(most)), "{limit:?}");
    }
}
