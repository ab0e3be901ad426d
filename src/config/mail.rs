//! How mails leave.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use lettre::Address;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;

use super::Environment;
use super::dkim::{DkimKey, parse_keys};

/// Longest part before the `@` of a return path: a `+` and the mark of a mail have room behind it.
const BOUNCE_NAME: usize = 21;
/// Longest list of waits between tries.
const TRIES: usize = 50;

/// Mail.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// Where to.
    pub target: MailTarget,
    /// Waits before the tries: the first is before the first one.
    pub schedule: Vec<Duration>,
    /// Who vouches for the mail server's name beside the public authorities.
    pub roots: Vec<CertificateDer<'static>>,
    /// Longest wait for the mail server, milliseconds.
    pub timeout_ms: u64,
    /// Wait between two mails to a domain whose servers said once that they come too fast, milliseconds.
    pub pace_ms: u64,
    /// Where mails that cannot be delivered come back to; a mark of each mail's own goes before the `@`.
    pub bounce_address: Option<Address>,
    /// The folder (Maildir) into which the mail server puts what comes back.
    pub bounce_folder: Option<PathBuf>,
    /// By which mails are signed.
    pub dkim: Vec<DkimKey>,
    /// Who is asked what stands in the DNS; none: whom this machine asks.
    pub dns: Option<SocketAddr>,
}

/// Where mails go.
#[derive(Clone, PartialEq, Eq)]
pub enum MailTarget {
    /// One `.eml` file each, in a folder.
    Folder(PathBuf),
    /// A mail server.
    Smtp(MailServer),
}

/// A mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct MailServer {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the conversation is protected.
    pub security: SmtpSecurity,
    /// User and password.
    pub login: Option<(String, String)>,
}

/// How an SMTP conversation is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// STARTTLS, required (RFC 3207).
    StartTls,
    /// None; only to this machine.
    Plain,
}

impl MailConfig {
    pub(super) fn read(environment: &mut Environment) -> Option<Self> {
        let target = environment.read_shown("MAIL_URL", "file:mailbox", parse_target, masked);
        let schedule =
            environment.read("GRAPEVINE_MAIL_SCHEDULE", "0,60,300,1800,7200,21600,43200,86400", parse_schedule);
        let roots = environment.read("GRAPEVINE_MAIL_ROOTS", "", read_roots);
        let timeout_ms = environment.number("GRAPEVINE_MAIL_TIMEOUT_MS", 30_000, 100, 600_000);
        let pace_ms = environment.number("GRAPEVINE_MAIL_PACE_MS", 1_000, 1, 600_000);
        let bounce_address = environment.read("GRAPEVINE_BOUNCE_ADDRESS", "", parse_bounce_address);
        let folder = |text: &str| Ok(Some(PathBuf::from(text)).filter(|_| !text.is_empty()));
        let bounce_folder = environment.read("GRAPEVINE_BOUNCE_FOLDER", "", folder);
        let dkim = environment.read("GRAPEVINE_DKIM_KEYS", "", parse_keys);
        let dns = environment.read("GRAPEVINE_DNS", "", parse_dns);
        Some(Self {
            target: target?,
            schedule: schedule?,
            roots: roots?,
            timeout_ms: timeout_ms?,
            pace_ms: pace_ms?,
            bounce_address: bounce_address?,
            bounce_folder: bounce_folder?,
            dkim: dkim?,
            dns: dns?,
        })
    }
}

impl std::fmt::Debug for MailTarget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            MailTarget::Folder(path) => write!(f, "file:{}", path.display()),
            MailTarget::Smtp(MailServer { host, port, security, .. }) => write!(f, "smtp {host}:{port} {security:?}"),
        }
    }
}

/// The certificates in a file of PEM; of no file none.
fn read_roots(file: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    if file.is_empty() {
        return Ok(Vec::new());
    }
    let pem = std::fs::read(file).map_err(|error| format!("{file}: {error}"))?;
    let roots = CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>();
    let roots = roots.ok().filter(|roots| !roots.is_empty());
    roots.ok_or_else(|| format!("{file}: certificates in PEM are expected"))
}

fn masked(text: &str) -> String {
    parse_target(text).map_or_else(|_| "?".to_owned(), |target| format!("{target:?}"))
}

fn parse_target(text: &str) -> Result<MailTarget, String> {
    if let Some(folder) = text.strip_prefix("file:").filter(|folder| !folder.is_empty()) {
        return Ok(MailTarget::Folder(PathBuf::from(folder)));
    }
    let fault = || {
        "smtp://USER:PASSWORD@HOST:587, smtps://HOST, smtp://localhost:25?tls=none or file:FOLDER is expected"
            .to_owned()
    };
    let url = url::Url::parse(text).map_err(|_| fault())?;
    let host = url.host_str().ok_or_else(fault)?.to_owned();
    let is_plain = url.query_pairs().any(|(name, value)| name == "tls" && value == "none");
    let (security, port) = match (url.scheme(), is_plain) {
        ("smtps", false) => (SmtpSecurity::Tls, 465),
        ("smtp", false) => (SmtpSecurity::StartTls, 587),
        ("smtp", true) if is_this_machine(&url) => (SmtpSecurity::Plain, 25),
        ("smtp", true) => return Err("tls=none is only for a mail server on this machine".to_owned()),
        _ => return Err(fault()),
    };
    let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().map(Cow::into_owned);
    let login = match (url.username(), url.password()) {
        ("", _) => None,
        (user, password) => {
            Some((decode(user).map_err(|_| fault())?, decode(password.unwrap_or_default()).map_err(|_| fault())?))
        }
    };
    Ok(MailTarget::Smtp(MailServer { host, port: url.port().unwrap_or(port), security, login }))
}

fn parse_bounce_address(text: &str) -> Result<Option<Address>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let address = text.parse::<Address>().map_err(|error| format!("{text}: {error}"))?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    match address.user().len() <= BOUNCE_NAME && address.user().chars().all(is_plain) && address.domain().is_ascii() {
        true => Ok(Some(address)),
        false => Err(format!(
            "at most {BOUNCE_NAME} letters, digits, dots and hyphens are expected before the @: each mail adds a mark of its own"
        )),
    }
}

fn parse_dns(text: &str) -> Result<Option<SocketAddr>, String> {
    let with_port = |text: &str| text.parse().ok().or_else(|| Some(SocketAddr::new(text.parse::<IpAddr>().ok()?, 53)));
    match text {
        "" => Ok(None),
        text => {
            with_port(text).map(Some).ok_or_else(|| "the address of a name server is expected, 192.0.2.53".to_owned())
        }
    }
}

fn is_this_machine(url: &url::Url) -> bool {
    let address = url.host_str().map(|host| host.trim_matches(['[', ']'])).and_then(|host| host.parse::<IpAddr>().ok());
    url.host_str() == Some("localhost") || address.is_some_and(|address| address.is_loopback())
}

/// Seconds between tries: `0,60,300`.
pub(super) fn parse_schedule(text: &str) -> Result<Vec<Duration>, String> {
    let fault = || format!("1 to {TRIES} numbers of seconds are expected, for example 0,60,300");
    let seconds: Result<Vec<f64>, _> = text.split(',').map(|part| part.trim().parse()).collect();
    let seconds = seconds.map_err(|_| fault())?;
    if seconds.is_empty() || seconds.len() > TRIES || seconds.iter().any(|wait| !(0.0..=31_536_000.0).contains(wait)) {
        return Err(fault());
    }
    Ok(seconds.into_iter().map(Duration::from_secs_f64).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_leaves_protected_or_stays_on_this_machine() {
        let table = [
            ("file:mailbox", "file:mailbox"),
            ("smtp://mail.example", "smtp mail.example:587 StartTls"),
            ("smtp://me:p%40ss@mail.example:2525", "smtp mail.example:2525 StartTls"),
            ("smtps://mail.example", "smtp mail.example:465 Tls"),
            ("smtp://127.0.0.1:2525?tls=none", "smtp 127.0.0.1:2525 Plain"),
            ("smtp://[::1]:2525?tls=none", "smtp [::1]:2525 Plain"),
        ];
        for (url, shown) in table {
            assert_eq!(parse_target(url).map(|target| format!("{target:?}")), Ok(shown.to_owned()), "{url}");
        }
        for bad in ["smtp://mail.example?tls=none", "http://x", "file:", "mailbox"] {
            assert!(parse_target(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_return_path_has_room_for_the_mark_of_a_mail() {
        for good in ["", "bounces@mail.example", "a23456789012345678901@mail.example"] {
            assert_eq!(parse_bounce_address(good).map(|address| address.is_some()), Ok(!good.is_empty()), "{good}");
        }
        for bad in ["bounces", "a234567890123456789012@mail.example", "a+b@mail.example", "bö@mail.example"] {
            assert!(parse_bounce_address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_is_decoded() {
        let Ok(MailTarget::Smtp(server)) = parse_target("smtp://me:p%40ss@mail.example") else { panic!("smtp") };
        assert_eq!(server.login, Some(("me".to_owned(), "p@ss".to_owned())));
    }
}
