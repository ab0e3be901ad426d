//! Hands a mail over: to a mail server, or into a folder.
//!
//! The SMTP conversation is spoken command by command over lettre's connection, because the answer
//! that matters most is where it broke off: before the last byte of the mail left nothing happened,
//! after it nobody knows.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use lettre::Message;
use lettre::address::Envelope;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};

use crate::config::{MailConfig, MailTarget, SmtpSecurity};
use crate::decide::finish_message::Outcome;
use crate::store::private;

/// How long an idle connection is used again.
const IDLE: Duration = Duration::from_secs(20);
/// How long to wait for an answer to QUIT, which nobody needs.
const FAREWELL: Duration = Duration::from_millis(500);
/// Answers that one mail waits for at most: on a connection that turns out to be dead, then on a new one.
pub(super) const ANSWERS: u32 = 10;

/// Where mails go.
pub(super) enum Transport {
    /// A folder: one `.eml` file each.
    Folder(PathBuf),
    /// A mail server.
    Smtp(Smtp),
}

impl Transport {
    /// Prepares what the configuration names. `hello` is the name by which we greet a server.
    pub(super) fn new(config: &MailConfig, hello: Option<String>) -> io::Result<Self> {
        let MailTarget::Smtp { host, port, security, login } = config.target.clone() else {
            let MailTarget::Folder(folder) = config.target.clone() else { unreachable!("there are two targets") };
            private::make_folder(&folder)?;
            return Ok(Transport::Folder(folder));
        };
        let host = host.trim_matches(['[', ']']).to_owned();
        let tls = match security {
            SmtpSecurity::Plain => None,
            _ => Some(TlsParameters::new(host.clone()).map_err(io::Error::other)?),
        };
        Ok(Transport::Smtp(Smtp {
            host,
            port,
            security,
            tls,
            login: login.map(|(user, password)| Credentials::new(user, password)),
            timeout: Duration::from_millis(config.timeout_ms),
            hello: hello.map_or_else(ClientId::default, ClientId::Domain),
            idle: Mutex::default(),
        }))
    }

    /// Whether mails could be handed over now; what was found, or what is wrong.
    pub(super) async fn try_out(&self) -> Result<String, String> {
        match self {
            Transport::Folder(folder) => Ok(format!("mails are written into {}", folder.display())),
            Transport::Smtp(smtp) => {
                part(smtp.connect().await?).await;
                Ok(format!("{}:{} greets us and takes our login", smtp.host, smtp.port))
            }
        }
    }

    /// Hands a mail over. `name` names its file in a folder.
    pub(super) async fn send(&self, mail: &Message, name: &str) -> Outcome {
        match self {
            Transport::Smtp(smtp) => smtp.send(mail.envelope(), &mail.formatted()).await,
            Transport::Folder(folder) => {
                let (path, bytes) = (folder.join(format!("{name}.eml")), mail.formatted());
                let written = tokio::task::spawn_blocking(move || write_whole(&path, &bytes)).await;
                match written {
                    Ok(Ok(())) => Outcome::Sent,
                    Ok(Err(error)) => Outcome::Refused(format!("the folder: {error}")),
                    Err(error) => Outcome::Refused(format!("the folder: {error}")),
                }
            }
        }
    }

    /// Says goodbye to the server.
    pub(super) async fn close(&self) {
        if let Transport::Smtp(smtp) = self {
            for connection in smtp.take_idle() {
                part(connection).await;
            }
        }
    }
}

/// Writes a file in one step: whoever looks into the folder sees the whole mail or none. The same
/// mail again replaces it.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let partial = path.with_extension("part");
    let mut file = private::create(&partial)?;
    io::Write::write_all(&mut file, bytes)?;
    file.sync_all()?;
    std::fs::rename(&partial, path)
}

/// A mail server.
pub(super) struct Smtp {
    host: String,
    port: u16,
    security: SmtpSecurity,
    tls: Option<TlsParameters>,
    login: Option<Credentials>,
    timeout: Duration,
    hello: ClientId,
    idle: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
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
    async fn send(&self, envelope: &Envelope, bytes: &[u8]) -> Outcome {
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

    async fn settle(&self, connection: AsyncSmtpConnection, ended: Result<(), Break>) -> Outcome {
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
    async fn connect(&self) -> Result<AsyncSmtpConnection, String> {
        let server = (self.host.as_str(), self.port);
        let implicit = self.tls.clone().filter(|_| self.security == SmtpSecurity::Tls);
        let greeting = AsyncSmtpConnection::connect_tokio1(server, Some(self.timeout), &self.hello, implicit, None);
        let mut connection = self.in_time(greeting).await?;
        if let (SmtpSecurity::StartTls, Some(tls)) = (self.security, self.tls.clone()) {
            self.in_time(connection.starttls(tls, &self.hello)).await?;
        }
        if let Some(login) = &self.login {
            self.in_time(connection.auth(DEFAULT_MECHANISMS, login)).await?;
        }
        Ok(connection)
    }

    async fn in_time<T>(&self, step: impl Future<Output = Result<T, SmtpError>>) -> Result<T, String> {
        match tokio::time::timeout(self.timeout, step).await {
            Ok(done) => done.map_err(|error| error.to_string()),
            Err(_) => Err("the server did not answer in time".to_owned()),
        }
    }

    async fn hand_over(
        &self,
        connection: &mut AsyncSmtpConnection,
        envelope: &Envelope,
        bytes: &[u8],
    ) -> Result<(), Break> {
        let mut parameters = Vec::new();
        if envelope.to().iter().chain(envelope.from()).any(|address| !address.to_string().is_ascii()) {
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(Break::Rejected("the mail server takes no address with letters beyond ASCII".to_owned()));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        self.step(connection.command(Mail::new(envelope.from().cloned(), parameters))).await?;
        for recipient in envelope.to() {
            self.step(connection.command(Rcpt::new(recipient.clone(), Vec::new()))).await?;
        }
        self.step(connection.command(Data)).await?;
        let end = tokio::time::timeout(self.timeout, connection.message(bytes)).await;
        match end {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.status().is_some() => Err(said_no(&error)),
            Ok(Err(error)) => Err(Break::Unknown(error.to_string())),
            Err(_) => Err(Break::Unknown("the server did not say whether it took the mail".to_owned())),
        }
    }

    async fn step<T>(&self, step: impl Future<Output = Result<T, SmtpError>>) -> Result<(), Break> {
        match tokio::time::timeout(self.timeout, step).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.status().is_some() => Err(said_no(&error)),
            Ok(Err(error)) => Err(Break::Lost(error.to_string())),
            Err(_) => Err(Break::Lost("the server did not answer in time".to_owned())),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(AsyncSmtpConnection, Instant)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_fresh(&self) -> Option<AsyncSmtpConnection> {
        let mut idle = self.lock();
        idle.retain(|(_, since)| since.elapsed() < IDLE);
        idle.pop().map(|(connection, _)| connection)
    }

    fn take_idle(&self) -> Vec<AsyncSmtpConnection> {
        std::mem::take(&mut *self.lock()).into_iter().map(|(connection, _)| connection).collect()
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
async fn part(mut connection: AsyncSmtpConnection) {
    if tokio::time::timeout(FAREWELL, connection.quit()).await.is_err() {
        tracing::debug!("the mail server did not answer QUIT");
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr};

    use tokio::net::TcpSocket;

    use super::*;
    use crate::demo::receiver::{Door, Manner, Receiver};

    /// Who waits so long waits for every answer that comes.
    const PATIENT_MS: u64 = 60_000;
    /// For a server that is silent.
    const HASTY_MS: u64 = 200;

    /// A port where a receiver may come and go, and which nobody else gets meanwhile.
    struct Place(TcpSocket);

    impl Place {
        fn new() -> Self {
            Self(Self::bound(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))))
        }

        fn bound(address: SocketAddr) -> TcpSocket {
            let socket = TcpSocket::new_v4().expect("a socket");
            socket.set_reuseport(true).expect("several may have the port");
            socket.bind(address).expect("the port is ours");
            socket
        }

        fn open(&self) -> Receiver {
            let socket = Self::bound(self.0.local_addr().expect("an address"));
            Receiver::start_on(socket.listen(16).expect("it listens")).expect("a receiver")
        }
    }

    fn transport(url: &str, timeout_ms: u64) -> Transport {
        let timeout_ms = timeout_ms.to_string();
        let pairs = [("MAIL_URL", url), ("GRAPEVINE_MAIL_TIMEOUT_MS", &timeout_ms)];
        let config = crate::config::Config::from_pairs(pairs).expect("a configuration");
        Transport::new(&config.mail, Some("grapevine.example".to_owned())).expect("a transport")
    }

    fn mail(to: &str) -> Message {
        let built = Message::builder()
            .from("shop@shop.example".parse().expect("an address"))
            .to(to.parse().expect("an address"))
            .subject("Test")
            .body("first line\r\n.a line with a dot\r\n".to_owned());
        built.expect("a mail")
    }

    fn kind(outcome: &Outcome) -> &'static str {
        super::super::word(outcome)
    }

    #[tokio::test]
    async fn a_mail_arrives_as_it_was_written_and_the_connection_serves_the_next() {
        let receiver = Receiver::start().await.expect("a receiver");
        let transport = transport(&receiver.url(), PATIENT_MS);
        for _ in 0..3 {
            assert_eq!(transport.send(&mail("anna@example.org"), "x").await, Outcome::Sent);
        }
        transport.close().await;
        let mails = receiver.mails();
        assert_eq!(mails.len(), 3);
        assert_eq!(
            (mails[0].from.as_str(), mails[0].to.clone()),
            ("shop@shop.example", vec!["anna@example.org".to_owned()])
        );
        assert!(mails[0].data.ends_with("\r\n\r\nfirst line\r\n.a line with a dot\r\n\r\n"), "{}", mails[0].data);
    }

    #[tokio::test]
    async fn what_the_server_says_decides_what_becomes_of_it() {
        let receiver = Receiver::start().await.expect("a receiver");
        let (patient, hasty) = (transport(&receiver.url(), PATIENT_MS), transport(&receiver.url(), HASTY_MS));
        let table = [
            (Manner::Take, "sent", 1),
            (Manner::Answer(421), "refused", 0),
            (Manner::Answer(451), "refused", 0),
            (Manner::Answer(550), "rejected", 0),
            (Manner::AnswerAtEnd(451), "refused", 0),
            (Manner::AnswerAtEnd(554), "rejected", 0),
            (Manner::Silent, "refused", 0),
            (Manner::Drop, "unknown", 1),
            (Manner::Take, "sent", 1),
        ];
        for (index, (manner, expected, kept)) in table.into_iter().enumerate() {
            let address = format!("anna{index}@example.org");
            receiver.manner(&address, manner);
            let transport = if manner == Manner::Silent { &hasty } else { &patient };
            let outcome = transport.send(&mail(&address), "x").await;
            assert_eq!(kind(&outcome), expected, "{manner:?}: {outcome:?}");
            assert_eq!(receiver.mails_to(&address).len(), kept, "{manner:?}");
        }
    }

    #[tokio::test]
    async fn a_server_that_will_not_talk_loses_no_mail() {
        let place = Place::new();
        let receiver = place.open();
        let (patient, hasty) = (transport(&receiver.url(), PATIENT_MS), transport(&receiver.url(), HASTY_MS));
        for door in [Door::Answer(421), Door::Answer(554), Door::Silent] {
            receiver.door(door);
            let transport = if door == Door::Silent { &hasty } else { &patient };
            let outcome = transport.send(&mail("anna@example.org"), "x").await;
            assert_eq!(kind(&outcome), "refused", "{door:?}: {outcome:?}");
        }
        receiver.door(Door::Open);
        assert_eq!(patient.send(&mail("anna@example.org"), "x").await, Outcome::Sent);
        drop(receiver);
        let outcome = patient.send(&mail("anna@example.org"), "x").await;
        assert_eq!(kind(&outcome), "refused", "nobody listens: {outcome:?}");
        let receiver = place.open();
        assert_eq!(patient.send(&mail("anna@example.org"), "x").await, Outcome::Sent);
        assert_eq!(receiver.mails().len(), 1);
    }

    #[tokio::test]
    async fn without_protection_nothing_leaves_where_protection_is_asked_for() {
        let receiver = Receiver::start().await.expect("a receiver");
        let url = format!("smtp://user:password@{}", receiver.address);
        let outcome = transport(&url, PATIENT_MS).send(&mail("anna@example.org"), "x").await;
        assert_eq!(kind(&outcome), "refused", "{outcome:?}");
        assert_eq!(receiver.mails(), []);
    }

    #[tokio::test]
    async fn a_folder_gets_one_file_for_each_mail_however_often_it_is_tried() {
        let folder = std::env::temp_dir().join(format!("grapevine-mails-{}", ulid::Ulid::generate()));
        let transport = transport(&format!("file:{}", folder.display()), 1_000);
        for name in ["msg_1", "msg_2", "msg_1"] {
            assert_eq!(transport.send(&mail("anna@example.org"), name).await, Outcome::Sent);
        }
        let mut names: Vec<_> =
            std::fs::read_dir(&folder).expect("the folder").map(|entry| entry.expect("a file").file_name()).collect();
        names.sort();
        assert_eq!(names, ["msg_1.eml", "msg_2.eml"]);
        std::fs::remove_dir_all(&folder).expect("the folder can be removed");
    }
}
