//! Where requests of ours may go: to public addresses, and to those that the operator of the server names.
//!
//! A shop says where its webhooks go, and the server stands in a network of which the shop is to learn nothing. So an
//! address is looked at when it is saved, and again whenever we connect, as it was resolved then.

use std::net::{IpAddr, Ipv4Addr};

use url::{Host, Url};

use super::Network;

/// Addresses that are nobody's in public (IANA's special-purpose registries), or lead to such: translated (NAT64, 6to4,
/// Teredo) and shared ones (CGNAT) among them.
const PRIVATE: &[&str] = &[
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
];
/// The port of https; others are those that no system gives to a service of its own.
const HTTPS: u16 = 443;
const FREE_PORTS: u16 = 1024;
/// Names that every machine gives to itself or its network.
const LOCAL_NAMES: &[&str] = &["localhost", "local", "internal", "home.arpa"];

/// Where requests may go.
#[derive(Clone, Debug)]
pub struct Outbound {
    allowed: Vec<Network>,
    private: Vec<Network>,
}

impl Outbound {
    /// Public addresses, and these.
    pub fn new(allowed: Vec<Network>) -> Self {
        let private = PRIVATE.iter().filter_map(|text| Network::parse(text)).collect();
        Self { allowed, private }
    }

    /// Networks that were allowed although they are private.
    pub fn allowed(&self) -> &[Network] {
        &self.allowed
    }

    /// Whether an address was allowed although it is private.
    pub fn allows(&self, address: IpAddr) -> bool {
        self.allowed.iter().any(|network| network.contains(address.to_canonical()))
    }

    /// Whether we may connect to an address.
    pub fn permits(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.allows(address) || !self.private.iter().any(|network| network.contains(address))
    }

    /// Whether a webhook may be sent to an address on the web, as far as that can be told without asking anybody. Plain
    /// http goes to what was allowed, and nowhere else.
    ///
    /// # Errors
    ///
    /// What is wrong with it, as a sentence.
    pub fn check(&self, text: &str) -> Result<Url, &'static str> {
        let url = Url::parse(text).map_err(|_| "An absolute https URL is expected.")?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("Leave out user and password; the signature tells who sends.");
        }
        if url.fragment().is_some() {
            return Err("Leave out what stands behind #; it is never sent.");
        }
        let host = url.host().ok_or("An absolute https URL is expected.")?;
        let (is_permitted, is_allowed) = match host {
            Host::Ipv4(address) => (self.permits(address.into()), self.allows(address.into())),
            Host::Ipv6(address) => (self.permits(address.into()), self.allows(address.into())),
            Host::Domain(name) if is_local(name) => {
                let is_allowed = self.allows(Ipv4Addr::LOCALHOST.into());
                (is_allowed, is_allowed)
            }
            Host::Domain(_) => (true, false),
        };
        if !is_permitted {
            return Err("A public address is expected; GRAPEVINE_OUTBOUND_ALLOW names others.");
        }
        match url.scheme() {
            "https" => {}
            "http" if is_allowed => return Ok(url),
            _ => return Err("An https URL is expected; http only to what GRAPEVINE_OUTBOUND_ALLOW names."),
        }
        match url.port_or_known_default() {
            Some(HTTPS | FREE_PORTS..) => Ok(url),
            Some(_) if is_allowed => Ok(url),
            _ => Err("Port 443, or one from 1024 on, is expected."),
        }
    }
}

fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    let last = |local: &str| name.strip_suffix(local).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    !name.contains('.') || LOCAL_NAMES.iter().any(|local| last(local))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbound(allowed: &str) -> Outbound {
        Outbound::new(allowed.split_whitespace().filter_map(Network::parse).collect())
    }

    #[test]
    fn only_public_addresses_are_permitted() {
        let none = outbound("");
        for public in ["1.1.1.1", "8.8.8.8", "172.32.0.1", "192.169.0.1", "100.128.0.1", "2606:4700::1111", "2a00::1"] {
            assert!(none.permits(public.parse().expect("an address")), "{public}");
        }
        let private = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::c0a8:0",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ];
        for private in private {
            assert!(!none.permits(private.parse().expect("an address")), "{private}");
        }
        let some = outbound("10.0.0.0/8 ::1");
        assert!(some.permits("10.1.2.3".parse().expect("an address")));
        assert!(some.permits("::ffff:10.1.2.3".parse().expect("an address")), "however it is written");
        assert!(!some.permits("127.0.0.1".parse().expect("an address")));
    }

    #[test]
    fn what_leads_into_the_house_is_refused_when_it_is_saved() {
        let none = outbound("");
        for good in [
            "https://shop.example/hook?x=1",
            "https://shop.example:8443/",
            "https://1.1.1.1/",
            "https://[2606:4700::1111]/",
        ] {
            assert!(none.check(good).is_ok(), "{good}");
        }
        let bad = [
            "",
            "shop.example",
            "/hook",
            "http://shop.example/",
            "ftp://shop.example/",
            "file:///etc/passwd",
            "https://",
            "https://user@shop.example/",
            "https://user:pass@shop.example/",
            "https://1:2@[::1]:9876",
            "https://shop.example/#x",
            "https://localhost/",
            "https://LOCALHOST./",
            "https://a.localhost/",
            "https://db/",
            "https://metadata.google.internal/",
            "https://printer.local/",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f.0.0.1/",
            "https://0177.0.0.1/",
            "https://%31%32%37.0.0.1/",
            "https://１２７.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://[64:ff9b::c0a8:0]/",
            "https://169.254.169.254/latest/meta-data",
            "https://10.0.0.1/",
            "https://0/",
            "https://shop.example:22/",
            "https://shop.example:80/",
            "https://shop.example:0/",
            "javascript:alert(1)",
        ];
        for bad in bad {
            assert!(none.check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_was_allowed_may_be_plain() {
        let some = outbound("127.0.0.0/8");
        for good in ["http://127.0.0.1:3000/hook", "http://localhost:3000/", "https://localhost:80/"] {
            assert!(some.check(good).is_ok(), "{good}");
        }
        for bad in ["http://shop.example/", "http://10.0.0.1/", "http://[::1]/", "http://1.1.1.1/"] {
            assert!(some.check(bad).is_err(), "{bad}");
        }
    }
}
