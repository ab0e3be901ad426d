//! Hands a mail over: to a mail server, or into a folder.

use std::io;
use std::path::{Path, PathBuf};

use lettre::Message;
use lettre::address::Envelope;

use super::smtp::Smtp;
use crate::config::{MailConfig, MailTarget};
use crate::decide::mail::finish_message::Outcome;
use crate::store::files::private;

/// A mail as it leaves.
pub(super) struct Sealed {
    /// From where to where; what cannot be delivered comes back there.
    pub(super) envelope: Envelope,
    pub(super) bytes: Vec<u8>,
}

impl Sealed {
    /// A mail that comes back to who wrote it.
    pub(super) fn of(mail: &Message) -> Self {
        Self { envelope: mail.envelope().clone(), bytes: mail.formatted() }
    }
}

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
        Ok(match &config.target {
            MailTarget::Smtp(server) => Transport::Smtp(Smtp::new(config, server, hello)?),
            MailTarget::Folder(folder) => {
                private::make_folder(folder)?;
                Transport::Folder(folder.clone())
            }
        })
    }

    /// Whether mails could be handed over now; what was found, or what is wrong.
    pub(super) async fn try_out(&self) -> Result<String, String> {
        match self {
            Transport::Folder(folder) => Ok(format!("mails are written into {}", folder.display())),
            Transport::Smtp(smtp) => smtp.try_out().await,
        }
    }

    /// Hands a mail over. `name` names its file in a folder.
    pub(super) async fn send(&self, mail: Sealed, name: &str) -> Outcome {
        match self {
            Transport::Smtp(smtp) => smtp.send(&mail.envelope, &mail.bytes).await,
            Transport::Folder(folder) => {
                let (path, bytes) = (folder.join(format!("{name}.eml")), mail.bytes);
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
            smtp.close().await;
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

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr};

    use tokio::net::TcpSocket;

    use super::*;
    use crate::demo::receiver::{Door, Flood, Manner, Receiver};

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

    fn mail(to: &str) -> Sealed {
        let built = Message::builder()
            .from("shop@shop.example".parse().expect("an address"))
            .to(to.parse().expect("an address"))
            .subject("Test")
            .body("first line\r\n.a line with a dot\r\n".to_owned());
        Sealed::of(&built.expect("a mail"))
    }

    #[tokio::test]
    async fn a_mail_arrives_as_it_was_written_and_the_connection_serves_the_next() {
        let receiver = Receiver::start().await.expect("a receiver");
        let transport = transport(&receiver.url(), PATIENT_MS);
        for _ in 0..3 {
            assert_eq!(transport.send(mail("anna@example.org"), "x").await, Outcome::Sent);
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
            (Manner::Endless(Flood::Line), "refused", 0),
            (Manner::Endless(Flood::Lines), "refused", 0),
            (Manner::EndlessAtEnd(Flood::Line), "unknown", 0),
            (Manner::EndlessAtEnd(Flood::Lines), "unknown", 0),
            (Manner::Drop, "unknown", 1),
            (Manner::Take, "sent", 1),
        ];
        for (index, (manner, expected, kept)) in table.into_iter().enumerate() {
            let address = format!("anna{index}@example.org");
            receiver.manner(&address, manner);
            let transport = if manner == Manner::Silent { &hasty } else { &patient };
            let outcome = transport.send(mail(&address), "x").await;
            assert_eq!(outcome.as_str(), expected, "{manner:?}: {outcome:?}");
            assert_eq!(receiver.mails_to(&address).len(), kept, "{manner:?}");
        }
    }

    #[tokio::test]
    async fn a_server_that_will_not_talk_loses_no_mail() {
        let place = Place::new();
        let receiver = place.open();
        let (patient, hasty) = (transport(&receiver.url(), PATIENT_MS), transport(&receiver.url(), HASTY_MS));
        let doors = [
            Door::Answer(421),
            Door::Answer(554),
            Door::Silent,
            Door::Endless(Flood::Line),
            Door::Endless(Flood::Lines),
            Door::Says("250-   \r\n250  "),
            Door::Says("250-receiver.example\r\n251 other"),
            Door::Says("\u{0}"),
        ];
        for door in doors {
            receiver.door(door);
            let transport = if door == Door::Silent { &hasty } else { &patient };
            let outcome = transport.send(mail("anna@example.org"), "x").await;
            assert_eq!(outcome.as_str(), "refused", "{door:?}: {outcome:?}");
        }
        receiver.door(Door::Open);
        assert_eq!(patient.send(mail("anna@example.org"), "x").await, Outcome::Sent);
        drop(receiver);
        let outcome = patient.send(mail("anna@example.org"), "x").await;
        assert_eq!(outcome.as_str(), "refused", "nobody listens: {outcome:?}");
        let receiver = place.open();
        assert_eq!(patient.send(mail("anna@example.org"), "x").await, Outcome::Sent);
        assert_eq!(receiver.mails().len(), 1);
    }

    #[tokio::test]
    async fn without_protection_nothing_leaves_where_protection_is_asked_for() {
        let receiver = Receiver::start().await.expect("a receiver");
        let url = format!("smtp://user:password@{}", receiver.address);
        let outcome = transport(&url, PATIENT_MS).send(mail("anna@example.org"), "x").await;
        assert_eq!(outcome.as_str(), "refused", "{outcome:?}");
        assert_eq!(receiver.mails(), []);
    }

    #[tokio::test]
    async fn a_folder_gets_one_file_for_each_mail_however_often_it_is_tried() {
        let folder = std::env::temp_dir().join(format!("grapevine-mails-{}", ulid::Ulid::generate()));
        let transport = transport(&format!("file:{}", folder.display()), 1_000);
        for name in ["msg_1", "msg_2", "msg_1"] {
            assert_eq!(transport.send(mail("anna@example.org"), name).await, Outcome::Sent);
        }
        let mut names: Vec<_> =
            std::fs::read_dir(&folder).expect("the folder").map(|entry| entry.expect("a file").file_name()).collect();
        names.sort();
        assert_eq!(names, ["msg_1.eml", "msg_2.eml"]);
        std::fs::remove_dir_all(&folder).expect("the folder can be removed");
    }
}
