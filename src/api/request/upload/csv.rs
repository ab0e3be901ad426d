//! Comma-separated values (RFC 4180): the first line names the columns, in any order. Where it has
//! semicolons and no comma, as spreadsheets write it in countries with decimal commas, those divide; and
//! tabs where it has neither.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::columns::{Column, Header};
use super::{CutLine, LINE_BYTES, fault, too_long};
use crate::refusal::Rejection;

/// Fields of a line; more are none of ours.
const FIELDS: usize = 128;

/// Cuts and names the fields.
pub struct CsvLines {
    columns: &'static [Column],
    /// The first bytes, until the first line is whole; it says what divides.
    head: Vec<u8>,
    reader: Option<Reader>,
    header: Option<Header>,
    output: Vec<u8>,
    written: usize,
    ends: Vec<usize>,
    fields: usize,
    /// A line that is too long is passed over up to its end; this is its number.
    over: Option<i64>,
    /// The number of the last line.
    last: i64,
}

impl CsvLines {
    /// Nothing was read yet.
    pub fn new(columns: &'static [Column]) -> Self {
        Self {
            columns,
            head: Vec::new(),
            reader: None,
            header: None,
            output: vec![0; LINE_BYTES],
            written: 0,
            ends: vec![0; FIELDS],
            fields: 0,
            over: None,
            last: 0,
        }
    }

    /// The lines that end in this part.
    pub fn cut(&mut self, part: &[u8]) -> Result<Vec<CutLine>, Rejection> {
        if self.reader.is_some() {
            return self.read(part);
        }
        self.head.extend_from_slice(part);
        if !self.head.contains(&b'\n') && self.head.len() < LINE_BYTES {
            return Ok(Vec::new());
        }
        self.begin()
    }

    /// What is left behind the last end of a line.
    pub fn end(&mut self) -> Result<Vec<CutLine>, Rejection> {
        let mut lines = if self.reader.is_none() { self.begin()? } else { Vec::new() };
        lines.extend(self.read(&[])?);
        if let Some(number) = self.over.take() {
            lines.push(CutLine { number, json: Err(too_long()) });
        }
        match self.header {
            Some(_) => Ok(lines),
            None => Err(Rejection::field("", "a first line that names the columns is expected")),
        }
    }

    fn begin(&mut self) -> Result<Vec<CutLine>, Rejection> {
        let head = std::mem::take(&mut self.head);
        let first = head.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
        if first.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
            let detail = "the file is not plain text: save it as CSV, and say in Content-Type how its text is written, for example charset=utf-16le";
            return Err(Rejection::field("", detail));
        }
        let divides = [b',', b';', b'\t'].into_iter().find(|divides| first.contains(divides)).unwrap_or(b',');
        self.reader = Some(ReaderBuilder::new().delimiter(divides).build());
        self.read(&head)
    }

    /// Reads a part; an empty one is the end.
    fn read(&mut self, part: &[u8]) -> Result<Vec<CutLine>, Rejection> {
        let mut lines = Vec::new();
        let (mut rest, is_end) = (part, part.is_empty());
        loop {
            if let Some(number) = self.over {
                let Some(end) = rest.iter().position(|byte| *byte == b'\n') else { return Ok(lines) };
                rest = &rest[end + 1..];
                self.over = None;
                self.pass_over_line();
                lines.push(CutLine { number, json: Err(too_long()) });
            }
            if rest.is_empty() && !is_end {
                return Ok(lines);
            }
            let Some(reader) = &mut self.reader else { return Ok(lines) };
            let (output, ends) = (&mut self.output[self.written..], &mut self.ends[self.fields..]);
            let (result, read, written, fields) = reader.read_record(rest, output, ends);
            let ended_by_feed = read > 0 && rest[read - 1] == b'\n';
            rest = &rest[read..];
            self.written += written;
            self.fields += fields;
            match result {
                ReadRecordResult::InputEmpty => {
                    if is_end {
                        return Ok(lines);
                    }
                }
                ReadRecordResult::Record => lines.extend(self.record(ended_by_feed)?),
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    self.over = Some(self.number(ended_by_feed));
                    if is_end {
                        return Ok(lines);
                    }
                }
                ReadRecordResult::End => return Ok(lines),
            }
        }
    }

    /// A record is whole.
    fn record(&mut self, ended_by_feed: bool) -> Result<Option<CutLine>, Rejection> {
        let number = self.number(ended_by_feed);
        let mut start = 0;
        let fields: Vec<&[u8]> = self.ends[..self.fields]
            .iter()
            .map(|end| {
                let field = &self.output[start..*end];
                start = *end;
                field
            })
            .collect();
        let line = match &self.header {
            Some(header) => Some(CutLine { number, json: header.object(&fields).map_err(fault) }),
            None => {
                self.header = Some(Header::read(&fields, self.columns)?);
                None
            }
        };
        (self.written, self.fields) = (0, 0);
        Ok(line)
    }

    /// The number of the first line of the record at hand: the reader has counted the ends of lines up
    /// to here, those in quotes and perhaps the record's own. It counts line feeds alone: where lines end by
    /// carriage returns, each record is one.
    fn number(&mut self, ended_by_feed: bool) -> i64 {
        let within = self.output[..self.written].iter().filter(|byte| **byte == b'\n').count() as u64;
        let ended = self.reader.as_ref().map_or(1, Reader::line);
        let number = i64::try_from(ended.saturating_sub(within + u64::from(ended_by_feed))).unwrap_or(i64::MAX);
        self.last = number.max(self.last + 1);
        self.last
    }

    /// Begins anew behind a line that was too long.
    fn pass_over_line(&mut self) {
        if let Some(reader) = &mut self.reader {
            let line = reader.line();
            reader.reset();
            reader.set_line(line + 1);
        }
        (self.written, self.fields) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::request::upload::columns::columns;
    use crate::records::job::JobKind;

    fn cut(body: &str, size: usize) -> Result<Vec<(i64, String)>, Rejection> {
        let mut cutter = CsvLines::new(columns(JobKind::ImportOrders));
        let mut lines = Vec::new();
        for part in body.as_bytes().chunks(size) {
            lines.extend(cutter.cut(part)?);
        }
        lines.extend(cutter.end()?);
        let text = |json: Vec<u8>| String::from_utf8_lossy(&json).into_owned();
        Ok(lines.into_iter().map(|line| (line.number, line.json.map_or_else(|fault| fault.detail, text))).collect())
    }

    #[test]
    fn lines_are_the_same_however_the_body_was_cut() {
        let long = "x".repeat(LINE_BYTES + 10);
        let body = format!(
            "\u{feff}order_id,amount,occurred_at,name,cancelled\r\n\
             A/1,4990,2016-01-01T00:00:00Z,\"Anna\nB., \"\"Ann\"\"\",true\r\n\
             \r\n\
             A/2,x,,\n\
             {long},1,2,3,4\n\
             A/3,0,2016-01-01T00:00:00Z,,false"
        );
        let expected = [
            (
                2,
                r#"{"amount":4990,"cancelled":true,"name":"Anna\nB., \"Ann\"","occurred_at":"2016-01-01T00:00:00Z","order_id":"A/1"}"#,
            ),
            (5, "5 fields are expected, as in the first line; there are 4."),
            (6, "The line is longer than 65536 bytes, or a quote in it is left open; it was passed over."),
            (7, r#"{"amount":0,"cancelled":false,"occurred_at":"2016-01-01T00:00:00Z","order_id":"A/3"}"#),
        ];
        for size in [1_000_000, 70_000, 1_000, 7] {
            let lines = cut(&body, size).expect("the first line fits");
            let shown: Vec<_> = lines.iter().map(|(number, text)| (*number, text.as_str())).collect();
            assert_eq!(shown, expected, "parts of {size} bytes");
        }
    }

    #[test]
    fn carriage_returns_end_lines_too() {
        let lines = cut("order_id;amount;occurred_at\rA;5;1,5\r\rB;6;x\rC", 5).expect("the first line fits");
        let numbers: Vec<i64> = lines.iter().map(|line| line.0).collect();
        assert_eq!(numbers, [2, 3, 4]);
        assert_eq!(lines[1].1, r#"{"amount":6,"occurred_at":"x","order_id":"B"}"#);
        assert_eq!(lines[2].1, "3 fields are expected, as in the first line; there are 1.");
    }

    #[test]
    fn semicolons_divide_where_there_is_no_comma() {
        let lines = cut("order_id;amount;occurred_at\nA;5;2016-01-01T00:00:00Z\n", 9).expect("the first line fits");
        assert_eq!(lines, [(2, r#"{"amount":5,"occurred_at":"2016-01-01T00:00:00Z","order_id":"A"}"#.to_owned())]);
    }

    #[test]
    fn tabs_divide_where_there_is_neither() {
        let lines = cut("order_id\tamount\toccurred_at\nA\t5\t2016-01-01T00:00:00Z\n", 9).expect("the first line fits");
        assert_eq!(lines, [(2, r#"{"amount":5,"occurred_at":"2016-01-01T00:00:00Z","order_id":"A"}"#.to_owned())]);
    }

    #[test]
    fn what_spreadsheets_make_of_flags_names_and_formulas_is_read() {
        for (flag, shown) in [
            ("TRUE", "true"),
            ("True", "true"),
            ("WAHR", "true"),
            ("1", "true"),
            ("FALSE", "false"),
            ("falsch", "false"),
            ("0", "false"),
            ("maybe", "\"maybe\""),
        ] {
            let file = format!("ORDER_ID, Kind ,Amount,\"Occurred at\",Cancelled\n'+49,,NULL,'=1,{flag}\n");
            let lines = cut(&file, 9).expect("the first line fits");
            let expected = format!(r#"{{"amount":null,"cancelled":{shown},"occurred_at":"=1","order_id":"+49"}}"#);
            assert_eq!(lines, [(2, expected)], "{flag}");
        }
    }

    #[test]
    fn a_first_line_that_is_wrong_refuses_the_file() {
        let table = [
            ("", "invalid_field", ""),
            ("\n\n", "invalid_field", ""),
            ("order_id,amount,occurred_at,colour\n", "unknown_field", "/colour"),
            ("order_id,amount\n", "invalid_field", "/occurred_at"),
            ("order_id,amount,occurred_at,amount\n", "invalid_field", "/amount"),
            ("order_id,amount,occurred_at,AMOUNT\n", "invalid_field", "/AMOUNT"),
            ("order_id,amount,occurred_at,\n", "unknown_field", "/"),
            ("o\0r\0d\0e\0r\0", "invalid_field", ""),
            ("PK\u{3}\u{4}\u{14}\0", "invalid_field", ""),
        ];
        for (body, code, place) in table {
            let refused = cut(body, 1_000).expect_err(body);
            let pointer = refused.errors.first().map_or("", |fault| fault.pointer.as_str());
            assert_eq!((refused.code.as_str(), pointer), (code, place), "{body}");
        }
    }
}
