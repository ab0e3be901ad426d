//! A body that is too large for the memory: read part by part, and cut into lines.
//!
//! `charset` reads the text; `csv` and `ndjson` cut; `columns` says what the fields of a CSV file are. A
//! line becomes one JSON object, whichever form it came in, so that both are read alike.

mod charset;
pub mod columns;
mod csv;
mod ndjson;

use std::time::{Duration, Instant};

use actix_web::web::{Bytes, Payload};
use aws_lc_rs::digest;
use futures_util::StreamExt;
use mime::Mime;

use crate::api::answer::problem::Problem;
use crate::config::ServerConfig;
use crate::decide::imports::import_lines::Fault;
use crate::refusal::{Code, Rejection};
use crate::vault::hex;
use charset::Text;
use columns::Column;
use csv::CsvLines;
use ndjson::NdjsonLines;

/// Bytes that must come in the time that a body has.
const FAIR_BYTES: usize = 1_024;
/// Bytes of a line.
pub const LINE_BYTES: usize = 65_536;

/// A body on its way in.
pub struct Upload {
    payload: Payload,
    digest: digest::Context,
    left: u64,
    limit: u64,
    time: Duration,
    patience: Duration,
    fair: usize,
}

impl Upload {
    /// Takes over a body that nobody has read yet.
    pub fn new(config: &ServerConfig, payload: Payload) -> Self {
        let (limit, time) = (config.import_bytes, Duration::from_millis(config.body_ms));
        Self {
            payload,
            digest: digest::Context::new(&digest::SHA256),
            left: limit,
            limit,
            time,
            patience: time,
            fair: 0,
        }
    }

    /// The next part; `None`: that was all. They must come fast enough, and all of them must not be too much.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        let asked_at = Instant::now();
        let part = tokio::time::timeout(self.patience, self.payload.next()).await.map_err(|_| {
            let time = self.time.as_secs_f32();
            let detail = format!("The next {FAIR_BYTES} bytes of the body, or its end, must come within {time} s.");
            Problem::new(Code::RequestTimeout, detail)
        })?;
        let Some(part) = part else { return Ok(None) };
        self.patience = self.patience.saturating_sub(asked_at.elapsed());
        let part = part.map_err(|_| Problem::new(Code::InvalidRequest, "The body broke off; send it again."))?;
        let too_large = || Problem::new(Code::BodyTooLarge, format!("An import may have {} bytes.", self.limit));
        self.left =
            u64::try_from(part.len()).ok().and_then(|more| self.left.checked_sub(more)).ok_or_else(too_large)?;
        self.digest.update(&part);
        self.fair += part.len();
        if self.fair >= FAIR_BYTES {
            (self.patience, self.fair) = (self.time, 0);
        }
        Ok(Some(part))
    }

    /// SHA-256 of all that came, hexadecimal.
    pub fn digest(self) -> String {
        hex(self.digest.finish().as_ref())
    }
}

/// A line: its number, from 1, and one JSON object, or why it is none.
#[derive(Debug)]
pub struct CutLine {
    /// Its number.
    pub number: i64,
    /// What it says.
    pub json: Result<Vec<u8>, Fault>,
}

/// Cuts parts of a body into lines.
pub struct Cutter {
    text: Text,
    lines: Lines,
}

enum Lines {
    /// Comma-separated values, RFC 4180; the first line names the columns.
    Csv(Box<CsvLines>),
    /// A JSON object on each line.
    Ndjson(NdjsonLines),
}

impl Cutter {
    /// A cutter for a `Content-Type`.
    pub fn of(content_type: &str, columns: &'static [Column]) -> Result<Self, Rejection> {
        let unfit = || {
            let detail = "Send the file itself as the body, as Content-Type: text/csv or application/x-ndjson.";
            Rejection::new(Code::UnsupportedMediaType, detail)
        };
        let content_type: Mime = content_type.parse().map_err(|_| unfit())?;
        let lines = match content_type.essence_str() {
            "text/csv" => Lines::Csv(Box::new(CsvLines::new(columns))),
            "application/x-ndjson" | "application/jsonl" => Lines::Ndjson(NdjsonLines::default()),
            _ => return Err(unfit()),
        };
        Ok(Self { text: Text::of(&content_type)?, lines })
    }

    /// The lines that end in this part. Refuses a file whose first line is wrong.
    pub fn cut(&mut self, part: &[u8]) -> Result<Vec<CutLine>, Rejection> {
        let part = self.text.read(part)?;
        self.lines.cut(&part)
    }

    /// What is left behind the last end of a line.
    pub fn end(&mut self) -> Result<Vec<CutLine>, Rejection> {
        let rest = self.text.end()?;
        let mut lines = self.lines.cut(&rest)?;
        lines.extend(match &mut self.lines {
            Lines::Csv(csv) => csv.end()?,
            Lines::Ndjson(ndjson) => ndjson.end(),
        });
        Ok(lines)
    }
}

impl Lines {
    fn cut(&mut self, text: &[u8]) -> Result<Vec<CutLine>, Rejection> {
        match self {
            // To the reader of CSV, nothing is the end.
            _ if text.is_empty() => Ok(Vec::new()),
            Lines::Csv(csv) => csv.cut(text),
            Lines::Ndjson(ndjson) => Ok(ndjson.cut(text)),
        }
    }
}

fn fault(detail: impl Into<String>) -> Fault {
    Fault { code: Code::InvalidField.as_str().to_owned(), detail: detail.into() }
}

fn too_long() -> Fault {
    fault(format!("The line is longer than {LINE_BYTES} bytes, or a quote in it is left open; it was passed over."))
}
