//! Where the server listens, and how it guards itself.

use std::net::{IpAddr, SocketAddr};

use actix_web::HttpRequest;
use actix_web::http::header::HeaderValue;

use super::{Environment, forwarded};

/// So many requests in so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Requests.
    pub requests: u32,
    /// Seconds.
    pub seconds: u32,
}

/// The server.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Where it listens; port 0 picks one.
    pub listen: SocketAddr,
    /// What links and mails begin with, without a slash at the end; `None`: from the address.
    pub public_url: Option<String>,
    /// Whose `Forwarded` and `X-Forwarded-For` count.
    pub trusted_proxies: Vec<Network>,
    /// Requests of one key; `None`: no limit.
    pub rate: Option<Rate>,
    /// Requests of one customer's browsers; `None`: no limit.
    pub browser_rate: Option<Rate>,
    /// Sign-ins in vain from one address to one account, and unknown secrets from one address.
    pub sign_in_rate: Option<Rate>,
    /// Unknown voucher codes from one key.
    pub guess_rate: Option<Rate>,
    /// Bytes of a body.
    pub body_bytes: usize,
    /// Bytes of an import.
    pub import_bytes: u64,
    /// Time in which a body must have come, milliseconds; of an import, the next part of it.
    pub body_ms: u64,
    /// Time in which the head of a request must have come, milliseconds.
    pub head_ms: u64,
    /// Time in which a client must take a fair part of an answer, milliseconds.
    pub answer_ms: u64,
    /// How long a connection may wait for its next request, milliseconds.
    pub idle_ms: u64,
    /// Connections at once.
    pub connections: usize,
    /// Connections of one address at once.
    pub address_connections: usize,
    /// Threads that serve requests.
    pub threads: usize,
    /// How long an access token is good, seconds.
    pub token_seconds: i64,
    /// How long keys, shops and links are kept in memory, milliseconds.
    pub cache_ms: u64,
    /// Time in which requests are finished when the server stops, milliseconds.
    pub drain_ms: u64,
    /// How far the clock is set off, milliseconds: for tests of clocks that differ.
    pub clock_skew_ms: i64,
}

/// A range of addresses: `10.0.0.0/8`, `::1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// Reads an address or a range.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.trim().parse().ok()?;
        let all = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Some(all), |bits| bits.trim().parse().ok().filter(|bits| *bits <= all))?;
        Some(Self { address, bits })
    }

    /// Whether an address lies in it.
    pub fn contains(&self, other: IpAddr) -> bool {
        let bits_of = |address: IpAddr| match address {
            IpAddr::V4(v4) => (u128::from(u32::from(v4)) << 96, true),
            IpAddr::V6(v6) => (u128::from(v6), false),
        };
        let ((own, own_is_v4), (other, other_is_v4)) = (bits_of(self.address), bits_of(other.to_canonical()));
        let difference = own ^ other;
        own_is_v4 == other_is_v4 && (self.bits == 0 || difference >> (128 - u32::from(self.bits)) == 0)
    }
}

impl ServerConfig {
    /// Whether an address is that of a proxy that is trusted.
    pub fn trusts(&self, peer: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(peer))
    }

    /// Where a request came from, as it is counted; see [`forwarded`].
    pub fn origin(&self, request: &HttpRequest) -> IpAddr {
        let peer = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.ip());
        let lines = |name: &str| request.headers().get_all(name).map(HeaderValue::as_bytes);
        forwarded::origin(peer, &self.trusted_proxies, lines(forwarded::FORWARDED), lines(forwarded::X_FORWARDED_FOR))
    }

    /// Who forwards a caller without being trusted, and what is said of that one.
    pub fn forwarded_by_stranger<'a>(&self, request: &'a HttpRequest) -> Option<(IpAddr, &'a [u8])> {
        let headers = [forwarded::X_FORWARDED_FOR, forwarded::FORWARDED];
        let said = headers.iter().find_map(|name| request.headers().get_all(*name).last())?;
        let peer = request.peer_addr()?.ip().to_canonical();
        let is_trusted = self.trusted_proxies.iter().any(|network| network.contains(peer));
        (!is_trusted).then(|| (peer, said.as_bytes()))
    }

    pub(super) fn read(environment: &mut Environment) -> Option<Self> {
        let listen = environment.read("GRAPEVINE_LISTEN", "127.0.0.1:8080", |text| {
            text.parse().map_err(|_| "ADDRESS:PORT is expected, for example 127.0.0.1:8080".to_owned())
        });
        let public_url = environment.read("GRAPEVINE_PUBLIC_URL", "", parse_public_url);
        let trusted_proxies = environment.read("GRAPEVINE_TRUSTED_PROXIES", "", parse_networks);
        let rate = environment.read("GRAPEVINE_RATE_LIMIT", "6000/60", parse_rate);
        let browser_rate = environment.read("GRAPEVINE_BROWSER_RATE_LIMIT", "120/60", parse_rate);
        let sign_in_rate = environment.read("GRAPEVINE_SIGN_IN_LIMIT", "30/60", parse_rate);
        let guess_rate = environment.read("GRAPEVINE_GUESS_LIMIT", "10/60", parse_rate);
        let body_bytes = environment.number("GRAPEVINE_BODY_BYTES", 262_144, 1_024, 16_777_216);
        let import_bytes = environment.number("GRAPEVINE_IMPORT_BYTES", 1_073_741_824, 1_024, 17_179_869_184);
        let body_ms = environment.number("GRAPEVINE_BODY_MS", 10_000, 100, 600_000);
        let head_ms = environment.number("GRAPEVINE_HEAD_MS", 5_000, 100, 600_000);
        let answer_ms = environment.number("GRAPEVINE_ANSWER_MS", 20_000, 100, 600_000);
        let idle_ms = environment.number("GRAPEVINE_IDLE_MS", 75_000, 100, 3_600_000);
        let connections = environment.number("GRAPEVINE_CONNECTIONS", 4_096, 16, 65_536);
        let address_connections = environment.number("GRAPEVINE_ADDRESS_CONNECTIONS", 512, 4, 65_536);
        let threads = environment.number("GRAPEVINE_THREADS", default_threads(), 1, 256);
        let token_seconds = environment.number("GRAPEVINE_TOKEN_SECONDS", 900, 1, 86_400);
        let cache_ms = environment.number("GRAPEVINE_CACHE_MS", 5_000, 0, 60_000);
        let drain_ms = environment.number("GRAPEVINE_DRAIN_MS", 8_000, 0, 600_000);
        let clock_skew_ms = environment.read("GRAPEVINE_CLOCK_SKEW_MS", "0", |text| {
            text.parse().map_err(|_| "a whole number of milliseconds is expected".to_owned())
        });
        Some(Self {
            listen: listen?,
            public_url: public_url?,
            trusted_proxies: trusted_proxies?,
            rate: rate?,
            browser_rate: browser_rate?,
            sign_in_rate: sign_in_rate?,
            guess_rate: guess_rate?,
            body_bytes: usize::try_from(body_bytes?).ok()?,
            import_bytes: import_bytes?,
            body_ms: body_ms?,
            head_ms: head_ms?,
            answer_ms: answer_ms?,
            idle_ms: idle_ms?,
            connections: usize::try_from(connections?).ok()?,
            address_connections: usize::try_from(address_connections?).ok()?,
            threads: usize::try_from(threads?).ok()?,
            token_seconds: i64::try_from(token_seconds?).ok()?,
            cache_ms: cache_ms?,
            drain_ms: drain_ms?,
            clock_skew_ms: clock_skew_ms?,
        })
    }
}

fn default_threads() -> u64 {
    std::thread::available_parallelism().map_or(2, |threads| u64::try_from(threads.get()).unwrap_or(2))
}

fn parse_public_url(text: &str) -> Result<Option<String>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let fits = url::Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.has_host() && url.query().is_none() && url.fragment().is_none()
    });
    if fits {
        return Ok(Some(text.trim_end_matches('/').to_owned()));
    }
    Err("an address is expected, for example https://go.shop.example".to_owned())
}

pub(super) fn parse_networks(text: &str) -> Result<Vec<Network>, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| Network::parse(part).ok_or_else(|| format!("{part} is no address and no network"))).collect()
}

fn parse_rate(text: &str) -> Result<Option<Rate>, String> {
    if text == "off" {
        return Ok(None);
    }
    let fault = || "REQUESTS/SECONDS or off is expected, for example 6000/60".to_owned();
    let (requests, seconds) = text.split_once('/').ok_or_else(fault)?;
    match (requests.parse(), seconds.parse()) {
        (Ok(requests @ 1..), Ok(seconds @ 1..)) => Ok(Some(Rate { requests, seconds })),
        _ => Err(fault()),
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    #[test]
    fn a_network_contains_its_addresses() {
        let table = [
            ("10.0.0.0/8", "10.1.2.3", true),
            ("10.0.0.0/8", "11.1.2.3", false),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", false),
            ("127.0.0.0/8", "::ffff:127.0.0.1", true),
            ("::1", "::1", true),
            ("fd00::/8", "fd12::1", true),
            ("0.0.0.0/0", "::1", false),
        ];
        for (network, address, inside) in table {
            let network = Network::parse(network).expect("a network");
            assert_eq!(network.contains(address.parse().expect("an address")), inside, "{network:?} {address}");
        }
        assert!(Network::parse("10.0.0.0/33").is_none());
    }
}
