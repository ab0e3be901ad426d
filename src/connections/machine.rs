//! What the machine allows: descriptors, and what it keeps of an answer that nobody reads.

use std::io;
use std::net::TcpListener;

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

#[cfg(test)]
mod tests {
    use super::*;

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
