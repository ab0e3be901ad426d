//! Where a request came from: from the address of its connection, or from where trusted proxies say in
//! `Forwarded` (RFC 7239) or `X-Forwarded-For`. Never takes a caller's word about himself.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Network;

/// The name of the header of RFC 7239.
pub const FORWARDED: &str = "forwarded";
/// The name of the one that most proxies send.
pub const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// Bits of an IPv6 address that name a customer's network: he takes any number of addresses in it.
const NETWORK_BITS: u32 = 64;

/// Who a proxy says that it heard from; `None`: it does not say (`unknown`, `_hidden`), or it cannot be read.
type Hop = Option<IpAddr>;

/// How an address is counted: IPv4 as it is, IPv6 by its /64.
#[must_use]
pub fn as_counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> NETWORK_BITS << NETWORK_BITS)),
    }
}

/// Where a request came from, as it is counted, by the lines of both headers. They count only from trusted
/// proxies. A proxy sets the one and passes the other on as the caller sent it: where both are there they must
/// lead to the same address, or that of the connection counts.
pub fn origin<'a>(
    peer: IpAddr,
    trusted: &[Network],
    forwarded: impl Iterator<Item = &'a [u8]>,
    x_forwarded_for: impl Iterator<Item = &'a [u8]>,
) -> IpAddr {
    let peer = peer.to_canonical();
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    if !is_trusted(peer) {
        return as_counted(peer);
    }
    let hops = [forwarded.flat_map(standard).collect::<Vec<Hop>>(), x_forwarded_for.flat_map(customary).collect()];
    let mut said = hops.iter().filter(|hops| !hops.is_empty()).map(|hops| as_counted(walk(peer, is_trusted, hops)));
    match (said.next(), said.next()) {
        (Some(address), None) => address,
        (Some(address), Some(other)) if address == other => address,
        _ => as_counted(peer),
    }
}

/// The first address from the end that is not trusted. What cannot be read ends the walk at the last trusted
/// one: what stands before it may be the caller's own.
fn walk(peer: IpAddr, is_trusted: impl Fn(IpAddr) -> bool, hops: &[Hop]) -> IpAddr {
    let mut last = peer;
    for hop in hops.iter().rev() {
        match hop {
            Some(address) if is_trusted(*address) => last = *address,
            Some(address) => return *address,
            None => return last,
        }
    }
    last
}

/// The hops of a line of `X-Forwarded-For`.
fn customary(line: &[u8]) -> Vec<Hop> {
    line.split(|byte| *byte == b',').map(|hop| std::str::from_utf8(hop).ok().and_then(node)).collect()
}

/// The hops of a line of `Forwarded`. Where its quotes do not fit nobody knows where a part ends: the whole
/// line is then one hop that cannot be read.
fn standard(line: &[u8]) -> Vec<Hop> {
    let elements = std::str::from_utf8(line).ok().and_then(elements);
    elements.map_or_else(|| vec![None], |elements| elements.iter().map(|element| said_for(element)).collect())
}

/// A part of an element: `for` and whom.
type Pair = (String, String);

/// The `for` of an element; none where there are several.
fn said_for(pairs: &[Pair]) -> Hop {
    let mut said = pairs.iter().filter(|(name, _)| name.eq_ignore_ascii_case("for"));
    match (said.next(), said.next()) {
        (Some((_, value)), None) => node(value),
        _ => None,
    }
}

fn elements(line: &str) -> Option<Vec<Vec<Pair>>> {
    let (mut all, mut pairs, mut rest) = (Vec::new(), Vec::new(), line);
    loop {
        let (name, after) = rest.split_once('=')?;
        let name = name.trim();
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return None;
        }
        let (value, after) = value(after)?;
        pairs.push((name.to_owned(), value));
        let after = after.trim_start();
        let Some(separator) = after.chars().next() else {
            all.push(pairs);
            return Some(all);
        };
        match separator {
            ';' => {}
            ',' => all.push(std::mem::take(&mut pairs)),
            _ => return None,
        }
        rest = &after[1..];
    }
}

/// A value and what follows it: quoted, or up to what cannot be part of it.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|letter: char| matches!(letter, ';' | ',' | '"') || letter.is_whitespace());
        let (value, after) = text.split_at(end.unwrap_or(text.len()));
        return (!value.is_empty()).then(|| (value.to_owned(), after));
    };
    let (mut value, mut letters) = (String::new(), quoted.char_indices());
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, &quoted[at + 1..])),
            '\\' => value.push(letters.next()?.1),
            other => value.push(other),
        }
    }
    None
}

/// An address as proxies write it: `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `[2001:db8::1]`,
/// `[2001:db8::1]:4711`; the port may be hidden, `:_p`.
fn node(text: &str) -> Hop {
    let text = text.trim();
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address.to_canonical());
    }
    let (address, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            (IpAddr::V6(address.parse::<Ipv6Addr>().ok()?), port.strip_prefix(':'))
        }
        None => {
            let (address, port) = text.split_once(':')?;
            (IpAddr::V4(address.parse::<Ipv4Addr>().ok()?), Some(port))
        }
    };
    let ends_well = port.map_or(text.ends_with(']'), is_port);
    ends_well.then(|| address.to_canonical())
}

fn is_port(text: &str) -> bool {
    let is_hidden = text.strip_prefix('_').is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    });
    is_hidden || (text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn trusted() -> Vec<Network> {
        ["10.0.0.0/8", "fd00::/8"].map(|text| Network::parse(text).expect("a network")).to_vec()
    }

    fn found(peer: &str, forwarded: &[&str], x_forwarded_for: &[&str]) -> IpAddr {
        let lines = |lines: &[&str]| lines.iter().map(|line| line.as_bytes().to_vec()).collect::<Vec<_>>();
        let (forwarded, x_forwarded_for) = (lines(forwarded), lines(x_forwarded_for));
        origin(
            address(peer),
            &trusted(),
            forwarded.iter().map(Vec::as_slice),
            x_forwarded_for.iter().map(Vec::as_slice),
        )
    }

    #[test]
    fn what_most_proxies_say() {
        let table = [
            ("192.0.2.7", "198.51.100.8", "192.0.2.7"),
            ("10.0.0.1", "203.0.113.5, 198.51.100.8", "198.51.100.8"),
            ("10.0.0.1", "203.0.113.5, 198.51.100.8, 10.2.3.4", "198.51.100.8"),
            ("10.0.0.1", "203.0.113.5, 198.51.100.8:443", "198.51.100.8"),
            ("10.0.0.1", "203.0.113.5, 198.51.100.8:_web.1", "198.51.100.8"),
            ("10.0.0.1", "203.0.113.5, ::ffff:198.51.100.8", "198.51.100.8"),
            ("10.0.0.1", "203.0.113.5, [::ffff:198.51.100.8]:1", "198.51.100.8"),
            ("10.0.0.1", "203.0.113.5, [2001:db8::1]:4711", "2001:db8::"),
            ("10.0.0.1", "203.0.113.5, [2001:db8::1]", "2001:db8::"),
            ("10.0.0.1", "203.0.113.5, 2001:db8:0:0:1:2:3:4, ::ffff:10.1.1.1", "2001:db8::"),
            ("fd00::1", "203.0.113.5, unknown", "fd00::"),
            ("::ffff:10.0.0.1", "198.51.100.8", "198.51.100.8"),
            ("10.0.0.1", "203.0.113.5, unknown, 10.0.0.2", "10.0.0.2"),
            ("10.0.0.1", "203.0.113.5,", "10.0.0.1"),
            ("10.0.0.1", "203.0.113.5, unix:", "10.0.0.1"),
            ("10.0.0.1", "203.0.113.5, 198.51.100.8:99999", "10.0.0.1"),
            ("10.0.0.1", "203.0.113.5, 198.51.100.8:", "10.0.0.1"),
            ("10.0.0.1", "203.0.113.5, [2001:db8::1]443", "10.0.0.1"),
            ("10.0.0.1", "203.0.113.5, [198.51.100.8]:1", "10.0.0.1"),
            ("10.0.0.1", "203.0.113.5, fe80::1%eth0", "10.0.0.1"),
            ("10.0.0.1", "", "10.0.0.1"),
            ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ];
        for (peer, line, expected) in table {
            assert_eq!(found(peer, &[], &[line]), address(expected), "{peer} {line}");
        }
        assert_eq!(found("10.0.0.1", &[], &["203.0.113.5", "198.51.100.8, 10.0.0.2"]), address("198.51.100.8"));
        assert_eq!(found("10.0.0.1", &[], &[]), address("10.0.0.1"));
    }

    #[test]
    fn what_the_standard_says() {
        let table = [
            (r#"for=203.0.113.5, for=198.51.100.8"#, "198.51.100.8"),
            (r#"for=203.0.113.5, For="198.51.100.8:443";proto=https;by=10.0.0.1"#, "198.51.100.8"),
            (r#"for=203.0.113.5, proto=https; for="[2001:db8::1]:4711", for=10.2.3.4"#, "2001:db8::"),
            (r#"for=203.0.113.5, for="198.51.100\.8""#, "198.51.100.8"),
            (r#"host="a,b;for=203.0.113.5";for=198.51.100.8"#, "198.51.100.8"),
            (r#"for=203.0.113.5, for=unknown"#, "10.0.0.1"),
            (r#"for=203.0.113.5, for="_hidden:_p""#, "10.0.0.1"),
            (r#"for=203.0.113.5, proto=https"#, "10.0.0.1"),
            (r#"for=203.0.113.5;for=198.51.100.8"#, "10.0.0.1"),
            (r#"for=203.0.113.5, for="198.51.100.8"#, "10.0.0.1"),
            (r#"for=", for="[2001:db8::1]:1""#, "10.0.0.1"),
            (r#"for=203.0.113.5 for=198.51.100.8"#, "10.0.0.1"),
            (r#"198.51.100.8"#, "10.0.0.1"),
        ];
        for (line, expected) in table {
            assert_eq!(found("10.0.0.1", &[line], &[]), address(expected), "{line}");
        }
    }

    #[test]
    fn two_headers_must_agree() {
        let told = "for=198.51.100.8";
        assert_eq!(found("10.0.0.1", &[told], &["203.0.113.5, 198.51.100.8"]), address("198.51.100.8"));
        assert_eq!(found("10.0.0.1", &[told], &["203.0.113.5"]), address("10.0.0.1"));
        assert_eq!(found("10.0.0.1", &[told], &["unknown"]), address("10.0.0.1"));
    }

    proptest! {
        /// Whatever a caller sends before what the proxy adds, in either header, in its line or one before.
        #[test]
        fn a_caller_never_names_himself(own in "[ -~]{0,40}", other in "[ -~]{0,40}", v6: bool) {
            let (client, counted) = if v6 { ("[2001:db8::9]:1", "2001:db8::") } else { ("198.51.100.8", "198.51.100.8") };
            let both = [address(counted), address("10.0.0.1")];
            let element = format!("for=\"{client}\";proto=https");
            for lines in [&[format!("{own}, {element}")][..], &[own.clone(), element]] {
                let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
                prop_assert!(both.contains(&found("10.0.0.1", &lines, &[])));
                prop_assert!(both.contains(&found("10.0.0.1", &lines, &[&other])));
            }
            for lines in [&[format!("{own}, {client}")][..], &[own, client.to_owned()]] {
                let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
                prop_assert_eq!(found("10.0.0.1", &[], &lines), both[0]);
                prop_assert!(both.contains(&found("10.0.0.1", &[&other], &lines)));
            }
        }
    }
}
