//! A mail server, and how a mail is handed over to it.
//!
//! The conversation is spoken command by command over lettre's connection, because the answer that matters
//! most is where it broke off: before the last byte of the mail left nothing happened, after it nobody
//! knows. Each answer has its time and its size; who answers without end is hung up on.

use std::error::Error;
use std::io;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use lettre::address::Envelope;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::stream::{Allowance, Bounded};
use crate::config::{MailConfig, MailServer, SmtpSecurity};
use crate::decide::mail::finish_message::Outcome;

/// How long an idle connection is used again.
const IDLE: Duration = Duration::from_secs(20);
/// How long to wait for an answer to QUIT, which nobody needs.
const FAREWELL: Duration = Duration::from_millis(500);
/// Longest answer, bytes: sixteen full lines (RFC 5321, 4.5.3.1.5), many times what servers say.
const ANSWER_BYTES: usize = 8 * 1024;
/// Longest answers of a server that begins to protect the conversation, bytes: its certificates are among them.
const HANDSHAKE_BYTES: usize = 128 * 1024;

/// A mail server.
pub(super) struct Smtp {
    host: String,
    port: u16,
    protection: Protection,
    login: Option<Credentials>,
    timeout: Duration,
    hello: ClientId,
    idle: Mutex<Vec<(Connection, Instant)>>,
}

/// How a conversation is protected.
enum Protection {
    /// From the first byte.
    Tls(TlsConnector, ServerName<'static>),
    /// From STARTTLS on.
    StartTls(TlsParameters),
    /// Not at all.
    Plain,
}

impl Protection {
    fn new(security: SmtpSecurity, host: &str, own_roots: &[CertificateDer<'static>]) -> io::Result<Self> {
        Ok(match security {
            SmtpSecurity::Tls => {
                let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
                own_roots.iter().try_for_each(|root| roots.add(root.clone())).map_err(io::Error::other)?;
                let provider = Arc::new(aws_lc_rs::default_provider());
                let config = ClientConfig::builder_with_provider(provider)
                    .with_safe_default_protocol_versions()
                    .map_err(io::Error::other)?
                    .with_root_certificates(roots)
                    .with_no_client_auth();
                let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
                Protection::Tls(TlsConnector::from(Arc::new(config)), name)
            }
            SmtpSecurity::StartTls => {
                let mut tls = TlsParameters::builder(host.to_owned());
                for root in own_roots {
                    tls = tls.add_root_certificate(Certificate::from_der(root.to_vec()).map_err(io::Error::other)?);
                }
                Protection::StartTls(tls.build().map_err(io::Error::other)?)
            }
            SmtpSecurity::Plain => Protection::Plain,
        })
    }
}

/// A conversation, and what may still be read of it.
struct Connection {
    smtp: AsyncSmtpConnection,
    allowance: Allowance,
}

/// Why a conversation broke off.
enum Break {
    /// The connection did: nothing was handed over.
    Lost(String),
    /// The server does not want this mail now.
    Refused(String),
    /// The server will never want this mail.
    Rejected(String),
    /// The connection did, after the last byte of the mail.
    Unknown(String),
}

impl Smtp {
    /// Prepares what the configuration names. `hello` is the name by which we greet it.
    pub(super) fn new(config: &MailConfig, server: &MailServer, hello: Option<String>) -> io::Result<Self> {
        let MailServer { host, port, security, login } = server.clone();
        let host = host.trim_matches(['[', ']']).to_owned();
        Ok(Self {
            protection: Protection::new(security, &host, &config.roots)?,
            host,
            port,
            login: login.map(|(user, password)| Credentials::new(user, password)),
            timeout: Duration::from_millis(config.timeout_ms),
            hello: hello.map_or_else(ClientId::default, ClientId::Domain),
            idle: Mutex::default(),
        })
    }

    /// Whether mails could be handed over now; what was found, or what is wrong.
    pub(super) async fn try_out(&self) -> Result<String, String> {
        part(self.connect().await?).await;
        Ok(format!("{}:{} greets us and takes our login", self.host, self.port))
    }

    /// Says goodbye to the server.
    pub(super) async fn close(&self) {
        let idle = std::mem::take(&mut *self.lock());
        for (connection, _) in idle {
            part(connection).await;
        }
    }

    /// Hands a mail over.
    pub(super) async fn send(&self, envelope: &Envelope, bytes: &[u8]) -> Outcome {
        if let Some(mut connection) = self.take_fresh() {
            // A connection that was idle may be dead; that is no fault of the mail.
            match self.hand_over(&mut connection, envelope, bytes).await {
                Err(Break::Lost(_)) => {}
                ended => return self.settle(connection, ended).await,
            }
        }
        match self.connect().await {
            Ok(mut connection) => {
                let ended = self.hand_over(&mut connection, envelope, bytes).await;
                self.settle(connection, ended).await
            }
            Err(why) => Outcome::Refused(why),
        }
    }

    async fn settle(&self, connection: Connection, ended: Result<(), Break>) -> Outcome {
        match ended {
            Ok(()) => {
                self.lock().push((connection, Instant::now()));
                Outcome::Sent
            }
            Err(Break::Refused(why)) => {
                part(connection).await;
                Outcome::Refused(why)
            }
            Err(Break::Rejected(why)) => {
                part(connection).await;
                Outcome::Rejected(why)
            }
            Err(Break::Lost(why)) => Outcome::Refused(why),
            Err(Break::Unknown(why)) => Outcome::Unknown(why),
        }
    }

    /// Greets, protects the conversation and logs in. Whatever the server says to that is no fault
    /// of the mail.
    async fn connect(&self) -> Result<Connection, String> {
        let allowance = Allowance::default();
        let smtp = self.in_time(&allowance, ANSWER_BYTES, self.greet(&allowance)).await?;
        let mut connection = Connection { smtp, allowance: allowance.clone() };
        if let Protection::StartTls(tls) = &self.protection {
            let protect = connection.smtp.starttls(tls.clone(), &self.hello);
            self.in_time(&allowance, HANDSHAKE_BYTES, protect).await?;
        }
        if let Some(login) = &self.login {
            let log_in = connection.smtp.auth(DEFAULT_MECHANISMS, login);
            self.in_time(&allowance, ANSWER_BYTES, log_in).await?;
        }
        Ok(connection)
    }

    async fn greet(&self, allowance: &Allowance) -> Result<AsyncSmtpConnection, Box<dyn Error + Send + Sync>> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        let (server, allowance) = (stream.peer_addr()?, allowance.clone());
        let stream: Box<dyn AsyncTokioStream> = match &self.protection {
            Protection::Tls(tls, name) => {
                let stream = tls.connect(name.clone(), stream).await?;
                Box::new(Bounded::new(stream, server, allowance))
            }
            Protection::StartTls(_) | Protection::Plain => Box::new(Bounded::new(stream, server, allowance)),
        };
        Ok(AsyncSmtpConnection::connect_with_transport(stream, &self.hello).await?)
    }

    /// Takes a step before the first mail, for which the server may answer so many bytes.
    async fn in_time<T, E: ToString>(
        &self,
        allowance: &Allowance,
        bytes: usize,
        step: impl Future<Output = Result<T, E>>,
    ) -> Result<T, String> {
        allowance.allow(bytes);
        // Of what a server says about itself lettre takes blanks for words, and panics.
        let step = AssertUnwindSafe(step).catch_unwind();
        match tokio::time::timeout(self.timeout, step).await {
            Ok(Ok(done)) => done.map_err(|error| error.to_string()),
            Ok(Err(_)) => Err("the server's answer makes no sense".to_owned()),
            Err(_) => Err("the server did not answer in time".to_owned()),
        }
    }

    async fn hand_over(&self, connection: &mut Connection, envelope: &Envelope, bytes: &[u8]) -> Result<(), Break> {
        let Connection { smtp, allowance } = connection;
        let mut parameters = Vec::new();
        if envelope.to().iter().chain(envelope.from()).any(|address| !address.to_string().is_ascii()) {
            if !smtp.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(Break::Rejected("the mail server takes no address with letters beyond ASCII".to_owned()));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        self.step(allowance, smtp.command(Mail::new(envelope.from().cloned(), parameters))).await?;
        for recipient in envelope.to() {
            self.step(allowance, smtp.command(Rcpt::new(recipient.clone(), Vec::new()))).await?;
        }
        self.step(allowance, smtp.command(Data)).await?;
        allowance.allow(ANSWER_BYTES);
        let end = tokio::time::timeout(self.timeout, smtp.message(bytes)).await;
        match end {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.status().is_some() => Err(said_no(&error)),
            Ok(Err(error)) => Err(Break::Unknown(error.to_string())),
            Err(_) => Err(Break::Unknown("the server did not say whether it took the mail".to_owned())),
        }
    }

    async fn step<T>(
        &self,
        allowance: &Allowance,
        step: impl Future<Output = Result<T, SmtpError>>,
    ) -> Result<(), Break> {
        allowance.allow(ANSWER_BYTES);
        match tokio::time::timeout(self.timeout, step).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.status().is_some() => Err(said_no(&error)),
            Ok(Err(error)) => Err(Break::Lost(error.to_string())),
            Err(_) => Err(Break::Lost("the server did not answer in time".to_owned())),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(Connection, Instant)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_fresh(&self) -> Option<Connection> {
        let mut idle = self.lock();
        idle.retain(|(_, since)| since.elapsed() < IDLE);
        idle.pop().map(|(connection, _)| connection)
    }
}

/// A negative answer to a mail. 421 says that the connection ends (RFC 5321, 3.8), not more.
fn said_no(error: &SmtpError) -> Break {
    match error.status() {
        Some(code) if code.to_string() == "421" => Break::Lost(error.to_string()),
        _ if error.is_permanent() => Break::Rejected(error.to_string()),
        _ => Break::Refused(error.to_string()),
    }
}

/// Leaves with a word; an answer is not waited for.
async fn part(mut connection: Connection) {
    connection.allowance.allow(ANSWER_BYTES);
    if tokio::time::timeout(FAREWELL, connection.smtp.quit()).await.is_err() {
        tracing::debug!("the mail server did not answer QUIT");
    }
}
