//! Whether what goes to PostgreSQL can be read, or changed, on its way. Looks at the URL alone, as libpq reads it.

use std::net::IpAddr;

use url::{Host, Url};

use crate::store::Target;

/// Modes that ask for encryption, and the one that says that none is meant.
const SAID: &[&str] = &["require", "verify-ca", "verify-full", "disable"];

/// The host to which a connection may go unencrypted without anybody having said so; none for a file, a socket or
/// this machine.
#[must_use]
pub fn unprotected_host(target: &Target) -> Option<String> {
    let Target::Postgres(url) = target else { return None };
    let url = Url::parse(url).ok()?;
    let parameter = |name: &str| url.query_pairs().filter(|(key, _)| key == name).last().map(|(_, value)| value);
    if parameter("sslmode").is_some_and(|mode| SAID.contains(&&*mode)) {
        return None;
    }
    let hosts = parameter("hostaddr").or_else(|| parameter("host")).map(std::borrow::Cow::into_owned);
    let hosts = hosts.or_else(|| url.host().map(|host| bare(&host)))?;
    hosts.split(',').find(|host| !is_here(host)).map(str::to_owned)
}

fn bare(host: &Host<&str>) -> String {
    match host {
        Host::Domain(name) => percent_encoding::percent_decode_str(name).decode_utf8_lossy().into_owned(),
        Host::Ipv4(address) => address.to_string(),
        Host::Ipv6(address) => address.to_string(),
    }
}

/// This machine: by name, by address, or by the folder of a socket.
fn is_here(host: &str) -> bool {
    let is_loopback = host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback());
    host.is_empty() || host == "localhost" || host.starts_with(['/', '@']) || is_loopback
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_this_machine_without_a_word_about_encryption_is_named() {
        let table = [
            ("postgres://u@db.example/x", Some("db.example")),
            ("postgresql://u:p@192.0.2.1:5433/x?application_name=y", Some("192.0.2.1")),
            ("postgres://u@[2001:db8::1]/x", Some("2001:db8::1")),
            ("postgres://u@db.example/x?sslmode=prefer", Some("db.example")),
            ("postgres://u@db.example/x?sslmode=allow", Some("db.example")),
            ("postgres://u@localhost/x?host=db.example", Some("db.example")),
            ("postgres:///x?host=localhost,db.example", Some("db.example")),
            ("postgres://u@localhost/x?hostaddr=192.0.2.1", Some("192.0.2.1")),
            ("postgres://u@db.example/x?sslmode=require", None),
            ("postgres://u@db.example/x?sslmode=verify-full", None),
            ("postgres://u@db.example/x?sslmode=disable", None),
            ("postgres://u@localhost/x", None),
            ("postgres://u@127.0.0.2/x", None),
            ("postgres://u@[::1]/x", None),
            ("postgres://%2Fvar%2Frun%2Fpostgresql/x", None),
            ("postgres:///x?host=/var/run/postgresql", None),
            ("postgres:///x", None),
            ("sqlite:grapevine.db", None),
        ];
        for (url, expected) in table {
            let target = Target::parse(url).expect("a URL");
            assert_eq!(unprotected_host(&target).as_deref(), expected, "{url}");
        }
    }
}
