//! A small SMTP server (RFC 5321) on this machine that keeps what it is given, for the demo and for
//! tests. It can be told to misbehave, towards everybody or for single recipients.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

/// Longest line, bytes (RFC 5321, 4.5.3.1.6).
const LINE: u64 = 1_000;
/// Largest mail, bytes.
const MAIL: usize = 10 * 1024 * 1024;

/// An answer that does not end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flood {
    /// One line.
    Line,
    /// Line after line, each of which says that another follows.
    Lines,
}

impl Flood {
    /// What is said again and again.
    fn words(self) -> &'static str {
        match self {
            Flood::Line => "250-and more",
            Flood::Lines => "250-and more\r\n",
        }
    }
}

/// Between two letters of an answer that comes slowly.
const SLOW: Duration = Duration::from_millis(10);

/// How it treats a recipient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Manner {
    /// Takes the mail.
    #[default]
    Take,
    /// Answers RCPT with this code; after 421 it hangs up.
    Answer(u16),
    /// Answers RCPT with these words.
    Says(&'static str),
    /// Answers the end of the mail with this code, and does not keep it.
    AnswerAtEnd(u16),
    /// Does not answer RCPT.
    Silent,
    /// Answers RCPT a letter at a time.
    Slow,
    /// Answers RCPT without end.
    Endless(Flood),
    /// Answers the end of the mail without end, and does not keep it.
    EndlessAtEnd(Flood),
    /// Keeps the mail, and hangs up instead of saying so.
    Drop,
}

/// How it treats everybody who connects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Door {
    /// Greets.
    #[default]
    Open,
    /// Greets with this code and hangs up.
    Answer(u16),
    /// Says nothing.
    Silent,
    /// Greets without end.
    Endless(Flood),
    /// Greets, and answers EHLO with this, whatever it is.
    Says(&'static str),
}

/// A mail that it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// `MAIL FROM`
    pub from: String,
    /// `RCPT TO`
    pub to: Vec<String>,
    /// The mail, with CRLF line ends and without the dots of its transport.
    pub data: String,
}

/// A running receiver. It ends when it is dropped.
pub struct Receiver {
    /// Where it listens.
    pub address: SocketAddr,
    desk: Arc<Desk>,
    task: JoinHandle<()>,
    _open: watch::Sender<()>,
}

#[derive(Default)]
struct Desk {
    mails: Mutex<Vec<Mail>>,
    manners: Mutex<HashMap<String, Manner>>,
    door: Mutex<Door>,
    arrived: Notify,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Receiver {
    /// Starts it on a free port of this machine.
    pub async fn start() -> std::io::Result<Self> {
        Self::start_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?)
    }

    /// Starts it where somebody has begun to listen.
    pub fn start_on(listener: TcpListener) -> std::io::Result<Self> {
        let address = listener.local_addr()?;
        let desk = Arc::new(Desk::default());
        let (open, closed) = watch::channel(());
        let task = tokio::spawn(listen(listener, desk.clone(), closed));
        Ok(Self { address, desk, task, _open: open })
    }

    /// What to set `MAIL_URL` to.
    pub fn url(&self) -> String {
        format!("smtp://{}?tls=none", self.address)
    }

    /// How it treats everybody who connects from now on.
    pub fn door(&self, door: Door) {
        *lock(&self.desk.door) = door;
    }

    /// How it treats a recipient from now on.
    pub fn manner(&self, recipient: &str, manner: Manner) {
        lock(&self.desk.manners).insert(recipient.to_ascii_lowercase(), manner);
    }

    /// Every mail so far, in the order of arrival.
    pub fn mails(&self) -> Vec<Mail> {
        lock(&self.desk.mails).clone()
    }

    /// The mails to one recipient so far.
    pub fn mails_to(&self, recipient: &str) -> Vec<Mail> {
        let is_for = |mail: &Mail| mail.to.iter().any(|to| to.eq_ignore_ascii_case(recipient));
        self.mails().into_iter().filter(is_for).collect()
    }

    /// Waits for the next mail: the one behind the first `known`.
    pub async fn next(&self, known: usize) -> Mail {
        loop {
            let arrived = self.desk.arrived.notified();
            tokio::pin!(arrived);
            arrived.as_mut().enable();
            if let Some(mail) = lock(&self.desk.mails).get(known) {
                return mail.clone();
            }
            arrived.await;
        }
    }

    /// Waits until a recipient has this many mails; `None` when that takes longer than `limit`.
    pub async fn wait_for(&self, recipient: &str, count: usize, limit: Duration) -> Option<Vec<Mail>> {
        let waiting = async {
            loop {
                let arrived = self.desk.arrived.notified();
                tokio::pin!(arrived);
                arrived.as_mut().enable();
                let mails = self.mails_to(recipient);
                if mails.len() >= count {
                    return mails;
                }
                arrived.await;
            }
        };
        tokio::time::timeout(limit, waiting).await.ok()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn listen(listener: TcpListener, desk: Arc<Desk>, closed: watch::Receiver<()>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (desk, mut closed) = (desk.clone(), closed.clone());
        tokio::spawn(async move {
            tokio::select! {
                done = Conversation::hold(stream, desk) => {
                    if let Err(error) = done {
                        tracing::debug!(%error, "an SMTP conversation broke off");
                    }
                }
                _ = closed.changed() => {}
            }
        });
    }
}

/// What comes after a command.
enum Next {
    /// The next command.
    Go,
    /// The end.
    HangUp,
}

struct Conversation {
    lines: BufReader<OwnedReadHalf>,
    out: OwnedWriteHalf,
    desk: Arc<Desk>,
    from: Option<String>,
    to: Vec<String>,
}

impl Conversation {
    async fn hold(stream: TcpStream, desk: Arc<Desk>) -> std::io::Result<()> {
        let (read, out) = stream.into_split();
        let mut talk = Self { lines: BufReader::new(read), out, desk, from: None, to: Vec::new() };
        let door = *lock(&talk.desk.door);
        match door {
            Door::Open => talk.say("220 receiver.example ESMTP").await?,
            Door::Answer(code) => return talk.say(&format!("{code} not now")).await,
            Door::Silent => return std::future::pending().await,
            Door::Endless(flood) => return talk.flood(flood).await,
            Door::Says(words) => {
                talk.say("220 receiver.example ESMTP").await?;
                talk.line().await?;
                talk.say(words).await?;
            }
        }
        while let Some(line) = talk.line().await? {
            if let Next::HangUp = talk.answer(line.trim_end()).await? {
                break;
            }
        }
        Ok(())
    }

    async fn say(&mut self, line: &str) -> std::io::Result<()> {
        self.out.write_all(format!("{line}\r\n").as_bytes()).await
    }

    /// Speaks until nobody listens any more.
    async fn flood(&mut self, flood: Flood) -> std::io::Result<()> {
        let words = flood.words().repeat(1_000);
        loop {
            self.out.write_all(words.as_bytes()).await?;
        }
    }

    /// The next line with its end; `None` when the other side has hung up.
    async fn line(&mut self) -> std::io::Result<Option<String>> {
        let mut bytes = Vec::new();
        let read = (&mut self.lines).take(LINE).read_until(b'\n', &mut bytes).await?;
        Ok((read > 0).then(|| String::from_utf8_lossy(&bytes).into_owned()))
    }

    async fn answer(&mut self, line: &str) -> std::io::Result<Next> {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => self.say("250-receiver.example\r\n250-8BITMIME\r\n250 SMTPUTF8").await?,
            "HELO" => self.say("250 receiver.example").await?,
            "MAIL" if self.from.is_none() => {
                self.from = Some(path_of(line));
                self.say("250 2.1.0 ok").await?;
            }
            "RCPT" if self.from.is_some() => return self.recipient(path_of(line)).await,
            "DATA" if !self.to.is_empty() => return self.data().await,
            "MAIL" | "RCPT" | "DATA" => self.say("503 5.5.1 not now").await?,
            "RSET" => {
                self.reset();
                self.say("250 2.0.0 ok").await?;
            }
            "NOOP" => self.say("250 2.0.0 ok").await?,
            "QUIT" => {
                self.say("221 2.0.0 goodbye").await?;
                return Ok(Next::HangUp);
            }
            _ => self.say("500 5.5.2 unknown").await?,
        }
        Ok(Next::Go)
    }

    fn reset(&mut self) {
        self.from = None;
        self.to.clear();
    }

    fn manner(&self, recipient: &str) -> Manner {
        lock(&self.desk.manners).get(&recipient.to_ascii_lowercase()).copied().unwrap_or_default()
    }

    async fn recipient(&mut self, recipient: String) -> std::io::Result<Next> {
        match self.manner(&recipient) {
            Manner::Answer(code) => {
                self.say(&format!("{code} told so")).await?;
                return Ok(if code == 421 { Next::HangUp } else { Next::Go });
            }
            Manner::Says(words) => {
                self.say(words).await?;
                return Ok(Next::Go);
            }
            Manner::Silent => return std::future::pending().await,
            Manner::Endless(flood) => {
                self.flood(flood).await?;
                return Ok(Next::HangUp);
            }
            Manner::Slow => {
                for letter in b"250 2.1.5 by and by " {
                    self.out.write_all(&[*letter]).await?;
                    tokio::time::sleep(SLOW).await;
                }
            }
            Manner::Take | Manner::AnswerAtEnd(_) | Manner::EndlessAtEnd(_) | Manner::Drop => {}
        }
        self.to.push(recipient);
        self.say("250 2.1.5 ok").await?;
        Ok(Next::Go)
    }

    async fn data(&mut self) -> std::io::Result<Next> {
        self.say("354 go on").await?;
        let mut data = String::new();
        loop {
            let Some(line) = self.line().await? else { return Ok(Next::HangUp) };
            if line == ".\r\n" {
                break;
            }
            data.push_str(line.strip_prefix('.').unwrap_or(&line));
            if data.len() > MAIL {
                self.say("552 5.3.4 too large").await?;
                return Ok(Next::HangUp);
            }
        }
        let mail = Mail { from: self.from.take().unwrap_or_default(), to: std::mem::take(&mut self.to), data };
        let manner =
            mail.to.iter().map(|to| self.manner(to)).find(|manner| *manner != Manner::Take).unwrap_or_default();
        match manner {
            Manner::AnswerAtEnd(code) => {
                self.say(&format!("{code} told so")).await?;
                return Ok(Next::Go);
            }
            Manner::EndlessAtEnd(flood) => {
                self.flood(flood).await?;
                return Ok(Next::HangUp);
            }
            _ => {}
        }
        lock(&self.desk.mails).push(mail);
        self.desk.arrived.notify_waiters();
        if manner == Manner::Drop {
            return Ok(Next::HangUp);
        }
        self.say("250 2.0.0 kept").await?;
        Ok(Next::Go)
    }
}

/// The address between the angle brackets.
fn path_of(line: &str) -> String {
    let path = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    path.map_or_else(String::new, |(path, _)| path.to_owned())
}
