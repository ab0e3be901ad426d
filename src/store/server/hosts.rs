//! URLs as libpq takes them and readers of URLs do not. Several hosts, `postgres://USER@HOST:PORT,HOST:PORT/NAME`, are said
//! as parameters, which libpq takes as well; a user without a host, `postgres://USER@/NAME?host=FOLDER`, gets one before the
//! parameter, which counts.

use std::borrow::Cow;

/// The URL with its hosts as parameters, where there are several, and with one where only a parameter names it; any other
/// stays what it is.
pub(in crate::store) fn as_parameters(text: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = text.split_once("://") else { return text.into() };
    let (authority, behind) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (login, named) = authority.rfind('@').map_or(("", authority), |at| authority.split_at(at + 1));
    let is_parameter = |part: &str| part.starts_with("host=") || part.starts_with("hostaddr=");
    if named.is_empty() && !login.is_empty() && behind.split(['?', '&']).any(is_parameter) {
        return format!("{scheme}://{login}localhost{behind}").into();
    }
    if !named.contains(',') {
        return text.into();
    }
    let (hosts, ports): (Vec<&str>, Vec<&str>) = named.split(',').map(divided).unzip();
    let (path, more) = behind.split_once('?').unwrap_or((behind, ""));
    let bare: Vec<&str> = hosts.iter().map(|host| host.trim_matches(['[', ']'])).collect();
    let mut parameters = format!("host={}", bare.join(","));
    if ports.iter().any(|port| !port.is_empty()) {
        parameters = format!("{parameters}&port={}", ports.join(","));
    }
    if !more.is_empty() {
        parameters = format!("{parameters}&{more}");
    }
    format!("{scheme}://{login}{}{path}?{parameters}", hosts.first().unwrap_or(&"")).into()
}

/// Host and port, which may be left out.
fn divided(named: &str) -> (&str, &str) {
    match named.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (named, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_hosts_become_parameters_a_missing_one_is_named_and_one_stays() {
        let table = [
            ("postgres://u:p@a:1,b:2/x", "postgres://u:p@a/x?host=a,b&port=1,2"),
            ("postgres://u@a,b/x?sslmode=require", "postgres://u@a/x?host=a,b&sslmode=require"),
            ("postgres://a:5433,b", "postgres://a?host=a,b&port=5433,"),
            ("postgres://u@[::1]:1,[::2]/x", "postgres://u@[::1]/x?host=::1,::2&port=1,"),
            ("postgres://u@a:1/x", "postgres://u@a:1/x"),
            ("postgres://u@[::1]:1/x", "postgres://u@[::1]:1/x"),
            ("postgres:///x?host=a,b", "postgres:///x?host=a,b"),
            ("postgres://u:p@/x?host=/run/postgresql", "postgres://u:p@localhost/x?host=/run/postgresql"),
            ("postgres://u@/x?sslmode=disable&hostaddr=::1", "postgres://u@localhost/x?sslmode=disable&hostaddr=::1"),
            ("postgres://u:a%2Cb@a/x?options=c,d", "postgres://u:a%2Cb@a/x?options=c,d"),
        ];
        for (given, expected) in table {
            assert_eq!(as_parameters(given), expected);
            assert!(url::Url::parse(&as_parameters(given)).is_ok(), "{given}");
        }
    }
}
