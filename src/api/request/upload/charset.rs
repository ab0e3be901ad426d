//! How the text of a file is written. What is not UTF-8 becomes it, part by part.

use std::borrow::Cow;

use encoding_rs::{Decoder, Encoding, UTF_8};
use mime::Mime;

use crate::refusal::{Code, Rejection};

/// Bytes of the longest mark at the beginning of a file that tells its charset.
const MARK_BYTES: usize = 3;

/// Reads text as it comes.
pub struct Text {
    /// As the content type says it is written.
    told: &'static Encoding,
    state: State,
}

enum State {
    /// The first bytes, until there are enough to see a mark.
    Begun(Vec<u8>),
    /// UTF-8, which is handed on as it is.
    Plain,
    /// Anything else.
    Decoded(Box<Decoder>),
}

impl Text {
    /// By the `charset` of a content type; UTF-8 without one.
    pub fn of(content_type: &Mime) -> Result<Self, Rejection> {
        let label = content_type.get_param(mime::CHARSET);
        let told = label.map_or(Some(UTF_8), |label| Encoding::for_label_no_replacement(label.as_str().as_bytes()));
        let told = told.ok_or_else(|| {
            let label = label.map(|label| label.to_string()).unwrap_or_default();
            let detail = format!(
                "There is no charset {label}; known are utf-8, windows-1252, iso-8859-15, utf-16le and others."
            );
            Rejection::new(Code::UnsupportedMediaType, detail)
        })?;
        Ok(Self { told, state: State::Begun(Vec::new()) })
    }

    /// The next part of a file, in UTF-8.
    pub fn read<'p>(&mut self, part: &'p [u8]) -> Result<Cow<'p, [u8]>, Rejection> {
        match &mut self.state {
            State::Begun(first) => {
                first.extend_from_slice(part);
                if first.len() < MARK_BYTES { Ok(Cow::default()) } else { self.begin().map(Cow::Owned) }
            }
            State::Plain => Ok(Cow::Borrowed(part)),
            State::Decoded(decoder) => decode(decoder, part, false).map(Cow::Owned),
        }
    }

    /// What is left at the end.
    pub fn end(&mut self) -> Result<Vec<u8>, Rejection> {
        let mut rest = match &self.state {
            State::Begun(_) => self.begin()?,
            State::Plain | State::Decoded(_) => Vec::new(),
        };
        if let State::Decoded(decoder) = &mut self.state {
            rest.extend(decode(decoder, &[], true)?);
        }
        Ok(rest)
    }

    /// A mark tells it better than the content type.
    fn begin(&mut self) -> Result<Vec<u8>, Rejection> {
        let State::Begun(mut first) = std::mem::replace(&mut self.state, State::Plain) else { return Ok(Vec::new()) };
        let (encoding, mark) = Encoding::for_bom(&first).unwrap_or((self.told, 0));
        first.drain(..mark);
        if encoding == UTF_8 {
            return Ok(first);
        }
        let mut decoder = Box::new(encoding.new_decoder_without_bom_handling());
        let text = decode(&mut decoder, &first, false)?;
        self.state = State::Decoded(decoder);
        Ok(text)
    }
}

fn decode(decoder: &mut Decoder, part: &[u8], is_end: bool) -> Result<Vec<u8>, Rejection> {
    let name = decoder.encoding().name();
    let wrong = || {
        let detail = "the file is not {name} throughout; say in Content-Type how its text is written, for example charset=windows-1252";
        Rejection::field("", detail.replace("{name}", name))
    };
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length(part.len()).ok_or_else(wrong)?);
    let (_, _, has_faults) = decoder.decode_to_string(part, &mut text, is_end);
    if has_faults { Err(wrong()) } else { Ok(text.into_bytes()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content_type: &str, file: &[u8], size: usize) -> Result<String, Rejection> {
        let mut text = Text::of(&content_type.parse().expect("a content type"))?;
        let mut whole = Vec::new();
        for part in file.chunks(size) {
            whole.extend_from_slice(&text.read(part)?);
        }
        whole.extend(text.end()?);
        Ok(String::from_utf8_lossy(&whole).into_owned())
    }

    fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn text_is_the_same_however_it_is_written_and_cut() {
        let text = "name\nMüller, Łódź, 5 €\u{1F600}\n";
        let western = "name\nMüller 5 €\n";
        let little = utf_16(&format!("\u{feff}{text}"), u16::to_le_bytes);
        let big = utf_16(&format!("\u{feff}{text}"), u16::to_be_bytes);
        let marked = format!("\u{feff}{text}");
        let bare = utf_16(text, u16::to_le_bytes);
        let table: &[(&str, &[u8], &str)] = &[
            ("text/csv", text.as_bytes(), text),
            ("text/csv; charset=UTF-8", marked.as_bytes(), text),
            ("text/csv; charset=windows-1252", marked.as_bytes(), text),
            ("text/csv; charset=windows-1252", b"name\nM\xfcller 5 \x80\n", western),
            ("text/csv; charset=\"iso-8859-1\"", b"name\nM\xfcller 5 \x80\n", western),
            ("text/csv; header=present; charset=ISO-8859-15", b"name\nM\xfcller 5 \xa4\n", western),
            ("text/csv", &little, text),
            ("text/csv; charset=utf-16", &little, text),
            ("text/csv; charset=utf-16", &big, text),
            ("text/csv; charset=windows-1252", &big, text),
            ("text/csv; charset=utf-16le", &bare, text),
            ("text/csv", b"a", "a"),
            ("text/csv; charset=windows-1252", b"\xfc", "ü"),
            ("text/csv", b"", ""),
        ];
        for (content_type, file, expected) in table {
            for size in [1, 2, 3, 7, 1_000] {
                assert_eq!(
                    read(content_type, file, size).as_deref(),
                    Ok(*expected),
                    "{content_type} in parts of {size}"
                );
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let unknown = read("text/csv; charset=klingon", b"", 1).expect_err("no such charset");
        assert!(unknown.code == Code::UnsupportedMediaType && unknown.detail.contains("klingon"), "{unknown:?}");
        let odd = utf_16("\u{feff}name", u16::to_le_bytes);
        for file in [&odd[..odd.len() - 1], b"\xff\xfe\x00\xd8a\x00"] {
            let wrong = read("text/csv", file, 4).expect_err("no UTF-16");
            assert!(wrong.errors[0].detail.contains("UTF-16LE"), "{wrong:?}");
        }
    }
}
