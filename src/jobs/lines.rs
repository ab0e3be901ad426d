//! How the lines of an import are kept between their arrival and their turn.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::pace;
use crate::decide::batches::make_vouchers::{Owner, OwnerLine};
use crate::decide::imports::import_lines::{Fault, Line};
use crate::decide::imports::line::Content;
use crate::engine::Engine;
use crate::records::job::JobKind;
use crate::records::{Id, JobFault};
use crate::store::import_lines::{self, Block};
use crate::store::{StoreError, StoreResult};

/// Lines that are kept together.
const BLOCK_LINES: usize = pace::MOST;
/// Bytes of lines that are kept together.
const BLOCK_BYTES: usize = 64 * 1024;
/// Blocks that are written in one transaction.
const BLOCKS: usize = 8;

/// A line as it is kept: what it says, or why it says nothing. Lines in a row of which it is not kept why are
/// one, with the last one's number.
#[derive(Serialize, Deserialize)]
struct Kept {
    n: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    count: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<KeptFault>,
}

#[derive(Serialize, Deserialize)]
struct KeptFault {
    code: String,
    detail: String,
}

/// Takes the lines of a job as they come in. No more than a few blocks of them are in memory.
pub struct Intake {
    engine: Engine,
    job: Id,
    waiting: Vec<Kept>,
    bytes: usize,
    blocks: Vec<Block>,
    total: i64,
    faults: i64,
}

impl Intake {
    /// Begins for a job that is still to be made.
    pub fn new(engine: Engine, job: Id) -> Self {
        Self { engine, job, waiting: Vec::new(), bytes: 0, blocks: Vec::new(), total: 0, faults: 0 }
    }

    /// Takes a line: one JSON object, or why there is none.
    pub async fn take(&mut self, number: i64, line: Result<Box<RawValue>, Fault>) -> StoreResult<()> {
        self.total += 1;
        match line {
            Ok(line) => {
                self.bytes += line.get().len();
                self.waiting.push(Kept { n: number, count: None, line: Some(line), fault: None });
            }
            Err(fault) if self.faults < JobFault::KEPT => {
                self.faults += 1;
                let Fault { code, detail } = fault.shortened();
                self.bytes += detail.len();
                let fault = Some(KeptFault { code, detail });
                self.waiting.push(Kept { n: number, count: None, line: None, fault });
            }
            Err(_) => self.count_fault(number),
        }
        if self.waiting.len() < BLOCK_LINES && self.bytes < BLOCK_BYTES {
            return Ok(());
        }
        self.pack()?;
        if self.blocks.len() < BLOCKS { Ok(()) } else { self.write().await }
    }

    /// As many refused lines as are kept came before: nobody will ask why this one was.
    fn count_fault(&mut self, number: i64) {
        match self.waiting.last_mut() {
            Some(Kept { n, count: Some(count), .. }) => {
                *n = number;
                *count += 1;
            }
            _ => self.waiting.push(Kept { n: number, count: Some(1), line: None, fault: None }),
        }
    }

    /// Writes what is left; answers how many lines there were.
    pub async fn finish(mut self) -> StoreResult<i64> {
        self.pack()?;
        self.write().await?;
        Ok(self.total)
    }

    fn pack(&mut self) -> StoreResult<()> {
        let Some(last) = self.waiting.last().map(|line| line.n) else { return Ok(()) };
        let lines = serde_json::to_string(&self.waiting).map_err(|error| StoreError::Failed(error.to_string()))?;
        self.blocks.push(Block { last, lines });
        self.waiting.clear();
        self.bytes = 0;
        Ok(())
    }

    async fn write(&mut self) -> StoreResult<()> {
        let (job, at, blocks) = (self.job, self.engine.now(), std::mem::take(&mut self.blocks));
        self.engine.write(move |connection| import_lines::keep(connection, job, at, blocks)).await
    }
}

/// Removes the lines of a job up to one, a page at a time.
pub async fn forget(engine: &Engine, job: Id, until: i64) -> StoreResult<()> {
    while engine.write(move |connection| import_lines::forget(connection, job, until)).await? {}
    Ok(())
}

/// The lines of a block behind one, at most so many.
pub fn read(kind: JobKind, block: &Block, after: i64, most: usize) -> StoreResult<Vec<Line>> {
    let kept: Vec<Kept> = serde_json::from_str(&block.lines).map_err(|error| StoreError::Failed(error.to_string()))?;
    Ok(kept.into_iter().filter(|line| line.n > after).take(most).map(|line| read_line(kind, line)).collect())
}

/// The customers of a block of a list behind a line, at most so many.
pub fn read_owners(block: &Block, after: i64, most: usize) -> StoreResult<Vec<Owner>> {
    let kept: Vec<Kept> = serde_json::from_str(&block.lines).map_err(|error| StoreError::Failed(error.to_string()))?;
    Ok(kept.into_iter().filter(|line| line.n > after).take(most).map(read_owner).collect())
}

fn read_owner(kept: Kept) -> Owner {
    let (number, count) = (kept.n, kept.count.unwrap_or(1));
    let line = kept.line.as_ref().and_then(|line| serde_json::from_str::<OwnerLine>(line.get()).ok());
    let customer = match (line, kept.fault) {
        (Some(line), _) => Ok(line.customer),
        (None, Some(KeptFault { code, detail })) => Err(Fault { code, detail }),
        (None, None) => Err(Fault { code: "invalid_field".to_owned(), detail: "The line was refused.".to_owned() }),
    };
    Owner { number, count, customer }
}

fn read_line(kind: JobKind, kept: Kept) -> Line {
    let content = match (kept.line, kept.fault) {
        (Some(line), _) => Content::read(kind, line.get()).map_err(|_| Fault {
            code: "invalid_field".to_owned(),
            detail: "The line was fit when it came in, and is not any more; send it again.".to_owned(),
        }),
        (None, Some(KeptFault { code, detail })) => Err(Fault { code, detail }),
        (None, None) => Err(Fault { code: "invalid_field".to_owned(), detail: "The line was refused.".to_owned() }),
    };
    Line { number: kept.n, count: kept.count.unwrap_or(1), content }
}
