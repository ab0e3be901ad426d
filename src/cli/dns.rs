//! Asks a name server for texts (RFC 1035, over TCP, where answers have room). What it answers is a stranger's.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::Duration;

/// How long a name server is waited for, at each step.
const PATIENCE: Duration = Duration::from_secs(3);
/// Texts that are looked at of one name.
const TEXTS: usize = 50;
/// The type of texts, and the class of the internet.
const TXT_IN: [u8; 4] = [0, 16, 0, 1];
/// Bytes before the question.
const HEAD: usize = 12;
/// The answer that there is no such name.
const NO_SUCH_NAME: u8 = 3;

/// The first name server that this machine asks.
pub(super) fn of_this_machine() -> Option<SocketAddr> {
    let text = std::fs::read_to_string("/etc/resolv.conf").ok()?;
    let servers = text.lines().filter_map(|line| line.trim().strip_prefix("nameserver"));
    servers.filter_map(|server| server.trim().parse::<IpAddr>().ok()).map(|ip| SocketAddr::new(ip, 53)).next()
}

/// The texts that stand at a name; none where there is no such name.
pub(super) fn texts(server: SocketAddr, name: &str) -> Result<Vec<String>, String> {
    let asked = question(name).ok_or("it is no name of the DNS")?;
    let answer = ask(server, &asked).map_err(|error| format!("{server} does not answer: {error}"))?;
    read(&answer, &asked).ok_or_else(|| format!("{server} answers what makes no sense"))
}

fn ask(server: SocketAddr, asked: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&server, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let length = u16::try_from(asked.len()).unwrap_or(u16::MAX).to_be_bytes();
    stream.write_all(&[&length[..], asked].concat())?;
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut answer)?;
    Ok(answer)
}

/// What is asked, under a number of its own.
fn question(name: &str) -> Option<Vec<u8>> {
    let mut asked = rand::random::<[u8; 2]>().to_vec();
    asked.extend([1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    for label in name.split('.') {
        let length = u8::try_from(label.len()).ok().filter(|length| (1..=63).contains(length))?;
        asked.push(length);
        asked.extend(label.bytes());
    }
    asked.push(0);
    asked.extend(TXT_IN);
    Some(asked)
}

fn read(answer: &[u8], asked: &[u8]) -> Option<Vec<String>> {
    let head = answer.get(..HEAD)?;
    let is_answer = head[..2] == asked[..2] && head[2] & 0x80 != 0;
    match (is_answer, head[3] & 0x0f) {
        (true, NO_SUCH_NAME) => return Some(Vec::new()),
        (true, 0) => {}
        _ => return None,
    }
    let mut at = HEAD;
    for _ in 0..u16::from_be_bytes([head[4], head[5]]) {
        at = after_name(answer, at)? + TXT_IN.len();
    }
    let mut texts = Vec::new();
    for _ in 0..u16::from_be_bytes([head[6], head[7]]) {
        at = after_name(answer, at)?;
        let fixed = answer.get(at..at + 10)?;
        let length = usize::from(u16::from_be_bytes([fixed[8], fixed[9]]));
        let data = answer.get(at + 10..at + 10 + length)?;
        if fixed[..4] == TXT_IN && texts.len() < TEXTS {
            texts.push(joined(data)?);
        }
        at += 10 + length;
    }
    Some(texts)
}

/// Where a name ends; one that goes on elsewhere ends here.
fn after_name(answer: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match *answer.get(at)? {
            0 => return Some(at + 1),
            length if length & 0xc0 == 0xc0 => return Some(at + 2),
            length => at += 1 + usize::from(length),
        }
    }
}

/// The parts of a text, none of which has more than 255 bytes.
fn joined(mut data: &[u8]) -> Option<String> {
    let mut text = Vec::new();
    while let Some((length, rest)) = data.split_first() {
        let (part, rest) = rest.split_at_checked(usize::from(*length))?;
        text.extend(part);
        data = rest;
    }
    Some(String::from_utf8_lossy(&text).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An answer to a question, with texts in two parts each.
    fn answer(asked: &[u8], texts: &[&str]) -> Vec<u8> {
        let mut answer = asked.to_vec();
        answer[2] = 0x81;
        answer[7] = u8::try_from(texts.len()).expect("few");
        for text in texts {
            let (first, second) = text.split_at(text.len() / 2);
            answer.extend([0xc0, 12]);
            answer.extend(TXT_IN);
            answer.extend([0, 0, 0, 60]);
            answer.extend(u16::try_from(text.len() + 2).expect("short").to_be_bytes());
            for part in [first, second] {
                answer.push(u8::try_from(part.len()).expect("short"));
                answer.extend(part.bytes());
            }
        }
        answer
    }

    #[test]
    fn texts_are_read_whole() {
        let asked = question("_dmarc.shop.example").expect("a question");
        let answer = answer(&asked, &["v=DMARC1; p=none", "other"]);
        assert_eq!(read(&answer, &asked), Some(vec!["v=DMARC1; p=none".to_owned(), "other".to_owned()]));
        for length in 0..answer.len() {
            assert_eq!(read(&answer[..length], &asked), None, "cut to {length}");
        }
    }

    #[test]
    fn what_is_no_answer_is_none() {
        let asked = question("shop.example").expect("a question");
        assert_eq!(read(&asked, &asked), None, "a question");
        let mut other = answer(&asked, &["x"]);
        other[0] ^= 1;
        assert_eq!(read(&other, &asked), None, "an answer to another question");
        let mut refused = answer(&asked, &[]);
        refused[3] = 5;
        assert_eq!(read(&refused, &asked), None);
        refused[3] = NO_SUCH_NAME;
        assert_eq!(read(&refused, &asked), Some(Vec::new()));
        assert_eq!(question("a..b"), None);
        assert_eq!(question(&"a".repeat(64)), None);
    }
}
