//! Reads a mail as far as the demo and the tests need it: headers, and the parts of a multipart.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// How deep parts may lie in parts.
const DEPTH: usize = 8;

/// A mail, or one of its parts.
#[derive(Clone, Debug, Default)]
pub struct Part {
    headers: Vec<(String, String)>,
    /// The parts of a multipart.
    pub parts: Vec<Part>,
    /// What it holds, decoded; empty for a multipart.
    pub body: Vec<u8>,
}

impl Part {
    /// Reads a mail.
    pub fn read(text: &str) -> Self {
        Self::at_depth(text, 0)
    }

    fn at_depth(text: &str, depth: usize) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let mut part = Self { headers: headers(head), ..Self::default() };
        let boundary = part.parameter("content-type", "boundary").filter(|_| depth < DEPTH);
        match boundary {
            Some(boundary) => {
                let mark = format!("--{boundary}");
                let inner = body.split(&mark).skip(1).take_while(|piece| !piece.starts_with("--"));
                part.parts = inner.map(|piece| Self::at_depth(piece.trim_start_matches("\r\n"), depth + 1)).collect();
            }
            None => part.body = decode(body, part.header("content-transfer-encoding").unwrap_or_default()),
        }
        part
    }

    /// A header, unfolded and decoded.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The names of its headers, in order.
    pub fn header_names(&self) -> Vec<&str> {
        self.headers.iter().map(|(name, _)| name.as_str()).collect()
    }

    fn parameter(&self, header: &str, name: &str) -> Option<String> {
        let pairs = self.header(header)?.split(';').skip(1).filter_map(|pair| pair.split_once('='));
        pairs
            .map(|(key, value)| (key.trim(), value))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim().trim_matches('"').to_owned())
    }

    /// The first part of a type, itself included: `text/plain`.
    pub fn find(&self, content_type: &str) -> Option<&Part> {
        if self.header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with(content_type)) {
            return Some(self);
        }
        self.parts.iter().find_map(|part| part.find(content_type))
    }

    /// What it holds as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).replace("\r\n", "\n")
    }
}

fn headers(head: &str) -> Vec<(String, String)> {
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let lines = unfolded.split("\r\n").filter_map(|line| line.split_once(':'));
    lines.map(|(name, value)| (name.trim().to_owned(), decode_words(value.trim()))).collect()
}

/// Decodes `=?utf-8?b?…?=` (RFC 2047); blanks between two such words do not count.
fn decode_words(value: &str) -> String {
    let mut decoded = String::new();
    let mut was_encoded = false;
    for (index, word) in value.split(' ').enumerate() {
        let content = encoded_word(word);
        if index > 0 && !(was_encoded && content.is_some()) {
            decoded.push(' ');
        }
        was_encoded = content.is_some();
        decoded.push_str(content.as_deref().unwrap_or(word));
    }
    decoded
}

fn encoded_word(word: &str) -> Option<String> {
    let inner = word.strip_prefix("=?")?.strip_suffix("?=")?;
    let mut fields = inner.splitn(3, '?');
    let (_, coding, text) = (fields.next()?, fields.next()?, fields.next()?);
    let bytes = match coding {
        "b" | "B" => STANDARD.decode(text).ok()?,
        _ => quoted_printable(&text.replace('_', " ")),
    };
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn decode(body: &str, encoding: &str) -> Vec<u8> {
    match encoding.to_ascii_lowercase().as_str() {
        "base64" => STANDARD.decode(body.split_ascii_whitespace().collect::<String>()).unwrap_or_default(),
        "quoted-printable" => quoted_printable(&body.replace("=\r\n", "")),
        _ => body.as_bytes().to_vec(),
    }
}

fn quoted_printable(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, behind)) = rest.split_first() {
        let hex = behind.get(..2).and_then(|hex| std::str::from_utf8(hex).ok()).filter(|_| *byte == b'=');
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(decoded) => {
                bytes.push(decoded);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*byte);
                rest = behind;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_read_to_its_innermost_part() {
        let mail = "Subject: =?utf-8?b?R3LDvMOf?= =?utf-8?q?e_2?=\r\n von Anna\r\nContent-Type: multipart/alternative;\r\n boundary=\"a\"\r\n\r\n\
            --a\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n10,00 =E2=82=\r\n=AC\r\n\
            --a\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--b--\r\n--a--\r\n";
        let part = Part::read(mail);
        assert_eq!(part.header("subject"), Some("Grüße 2 von Anna"));
        assert_eq!(part.find("text/plain").map(Part::text).as_deref(), Some("10,00 €\n"));
        assert_eq!(part.find("image/png").map(|png| png.body.clone()), Some(vec![0, 1, 2]));
    }
}
