//! A JSON object on each line.

use super::{CutLine, LINE_BYTES, too_long};

/// Cuts at the ends of lines; blank lines say nothing.
#[derive(Default)]
pub struct NdjsonLines {
    begun: Vec<u8>,
    /// The line that was begun is too long, and passed over.
    over: bool,
    /// Lines that have ended.
    ended: i64,
}

impl NdjsonLines {
    /// The lines that end in this part.
    pub fn cut(&mut self, part: &[u8]) -> Vec<CutLine> {
        let mut lines = Vec::new();
        let mut rest = part;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            self.add(&rest[..end]);
            lines.extend(self.end_line());
            rest = &rest[end + 1..];
        }
        self.add(rest);
        lines
    }

    /// What is left behind the last end of a line.
    pub fn end(&mut self) -> Vec<CutLine> {
        self.end_line().into_iter().collect()
    }

    fn add(&mut self, bytes: &[u8]) {
        if self.begun.len() + bytes.len() > LINE_BYTES {
            self.over = true;
        }
        if !self.over {
            self.begun.extend_from_slice(bytes);
        }
    }

    fn end_line(&mut self) -> Option<CutLine> {
        self.ended += 1;
        let mut line = std::mem::take(&mut self.begun);
        if std::mem::take(&mut self.over) {
            return Some(CutLine { number: self.ended, json: Err(too_long()) });
        }
        if self.ended == 1 && line.starts_with(b"\xef\xbb\xbf") {
            line.drain(..3);
        }
        let json = line.trim_ascii().to_vec();
        (!json.is_empty()).then_some(CutLine { number: self.ended, json: Ok(json) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(lines: &[CutLine]) -> Vec<(i64, Option<String>)> {
        let text = |json: &Vec<u8>| String::from_utf8_lossy(json).into_owned();
        lines.iter().map(|line| (line.number, line.json.as_ref().ok().map(text))).collect()
    }

    #[test]
    fn lines_are_the_same_however_the_body_was_cut() {
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(LINE_BYTES));
        let body = format!("\u{feff}{{\"a\":1}}\r\n\n  \n{{\"a\":2}}\n{long}\n{{\"a\":3}}");
        let expected = [
            (1, Some("{\"a\":1}".to_owned())),
            (4, Some("{\"a\":2}".to_owned())),
            (5, None),
            (6, Some("{\"a\":3}".to_owned())),
        ];
        for size in [1, 7, 1_000, 1_000_000] {
            let mut cutter = NdjsonLines::default();
            let mut lines: Vec<_> = body.as_bytes().chunks(size).flat_map(|part| cutter.cut(part)).collect();
            lines.extend(cutter.end());
            assert_eq!(shown(&lines), expected, "parts of {size} bytes");
        }
    }
}
