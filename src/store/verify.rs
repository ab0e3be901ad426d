//! The proof of the books, from nothing but the rows: every balance is the sum of its entries, every
//! budget the cost of its rewards, every count what it counts, every event in its place.
//!
//! The database adds up; what does not fit comes back as a sentence. Each step is read in one snapshot of its
//! own, beside a running server: no step compares what another one read, and no snapshot is held for long.

mod advocates;
mod checks;
mod days;
mod months;
mod owed;
mod uses;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use serde::Serialize;

use self::checks::{CHECKS, Check, NAMED, TABLES};
use super::queries::records::read;
use super::shelves::select;
use super::{Bind, Connection, Statement, StoreError, StoreResult};
use crate::records::day_count::OF_KINDS;
use crate::records::month_tally::KINDS;
use crate::records::{EventPage, Hold, Id, Kind, Record, Redemption, Timestamp, Value};

/// Sentences for each check; what is beyond is only said to be there.
const SENTENCES: usize = 20;
/// Rows that are read at once.
const PAGE: usize = 1_000;

/// What was found.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// How many rows of each table were checked.
    pub checked: BTreeMap<&'static str, i64>,
    /// A sentence for each thing that is wrong.
    pub problems: Vec<String>,
}

/// The statements that check all shops, for those who look how they are read.
pub fn statements() -> Vec<String> {
    let named = NAMED.iter().map(|(table, column, named)| named_sql(table, column, named));
    let texts = CHECKS.iter().map(|check| check.sql.to_owned()).chain(named);
    texts.map(|sql| scoped(&sql, None).0).collect()
}

/// The statements that read the records of one shop page by page, for those who look how they are read.
pub fn paged_statements(shop: Id) -> Vec<String> {
    [each_sql::<Redemption>(true), each_sql::<Hold>(true)].map(|sql| scoped(&sql, Some(shop)).0).into()
}

/// A page of a kind behind another: of one shop in the order in which its lists are kept, of all shops by id; every
/// other order would be made anew for each page.
fn each_sql<R: Record>(of_one_shop: bool) -> String {
    let order = if of_one_shop { "t.created_at, t.id" } else { "t.id" };
    let behind = if of_one_shop { "(t.created_at, t.id) > (?, ?)" } else { "t.id > ?" };
    format!("{} t WHERE [t] AND {behind} ORDER BY {order} LIMIT ?", select::<R>())
}

fn named_sql(table: &str, column: &str, named: &str) -> String {
    format!(
        "SELECT t.id, t.shop, t.{column} FROM {table} t LEFT JOIN {named} n ON n.id = t.{column} AND n.shop = t.shop
         WHERE [t] AND t.{column} IS NOT NULL AND n.id IS NULL"
    )
}

/// A statement whose `[x]` are conditions on a shop, and what it binds.
fn scoped(sql: &str, shop: Option<Id>) -> (String, Vec<Bind>) {
    let (mut text, mut binds, mut rest) = (String::with_capacity(sql.len()), Vec::new(), sql);
    while let Some((before, after)) = rest.split_once('[') {
        let (table, after) = after.split_once(']').unwrap_or((after, ""));
        text.push_str(before);
        match shop {
            Some(shop) => {
                text.push_str(&format!("{table}.shop = ?"));
                binds.push(shop.into());
            }
            None => text.push_str("1 = 1"),
        }
        rest = after;
    }
    text.push_str(rest);
    (text, binds)
}

/// How far it is: steps that are done, and steps in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Steps that are done.
    pub done: usize,
    /// Steps in all.
    pub total: usize,
}

/// Checks one shop, or all of them.
pub fn verify(connection: &mut Connection, shop: Option<Id>) -> StoreResult<Report> {
    verify_with(connection, shop, |_| ControlFlow::Continue(()))
}

/// The same; `note` is told after each step how far it is, and may break it off, which is an error.
pub fn verify_with(
    connection: &mut Connection,
    shop: Option<Id>,
    note: impl FnMut(Progress) -> ControlFlow<()>,
) -> StoreResult<Report> {
    let mut verifier = Verifier { connection, shop, report: Report::default(), opens_snapshots: true };
    verifier.run(note)?;
    Ok(verifier.finished())
}

/// The same in a transaction that is open already.
pub fn verify_here(connection: &mut Connection, shop: Option<Id>) -> StoreResult<Report> {
    let mut verifier = Verifier { connection, shop, report: Report::default(), opens_snapshots: false };
    verifier.run(|_| ControlFlow::Continue(()))?;
    Ok(verifier.finished())
}

struct Verifier<'c> {
    connection: &'c mut Connection,
    shop: Option<Id>,
    report: Report,
    opens_snapshots: bool,
}

/// Something to check.
#[derive(Clone, Copy)]
enum Step {
    Count(&'static str),
    Check(&'static Check),
    Named(&'static (&'static str, &'static str, &'static str)),
    Uses,
    Discounts,
    Pages,
    Days(Id, usize),
    Months(Id, usize),
    Owed(Id),
    Advocates(Id),
}

impl Verifier<'_> {
    fn run(&mut self, mut note: impl FnMut(Progress) -> ControlFlow<()>) -> StoreResult<()> {
        let steps = TABLES.iter().copied().map(Step::Count).chain(CHECKS.iter().map(Step::Check));
        let steps = steps.chain(NAMED.iter().map(Step::Named)).chain([Step::Uses, Step::Discounts, Step::Pages]);
        let counters = self.shops()?.into_iter().flat_map(|shop| {
            let days = (0..OF_KINDS.len()).map(move |kind| Step::Days(shop, kind));
            days.chain((0..KINDS).map(move |kind| Step::Months(shop, kind)))
                .chain([Step::Owed(shop), Step::Advocates(shop)])
        });
        let steps: Vec<Step> = steps.chain(counters).collect();
        for (done, step) in steps.iter().enumerate() {
            self.in_snapshot(|verifier| verifier.step(*step))?;
            if note(Progress { done: done + 1, total: steps.len() }).is_break() {
                return Err(StoreError::Failed("it was broken off".into()));
            }
        }
        Ok(())
    }

    fn finished(mut self) -> Report {
        self.report.ok = self.report.problems.is_empty();
        self.report
    }

    fn in_snapshot(&mut self, work: impl FnOnce(&mut Self) -> StoreResult<()>) -> StoreResult<()> {
        if !self.opens_snapshots {
            return work(self);
        }
        self.connection.batch(match self.connection.is_postgres() {
            true => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout=0",
            false => "BEGIN",
        })?;
        let outcome = work(self);
        self.connection.batch("ROLLBACK")?;
        outcome
    }

    fn step(&mut self, step: Step) -> StoreResult<()> {
        match step {
            Step::Count(table) => {
                let counted = self.scoped(&format!("SELECT COUNT(*) FROM {table} t WHERE [t]"), Vec::new());
                self.report.checked.insert(table, self.connection.number(&counted)?.unwrap_or(0));
                Ok(())
            }
            Step::Check(check) => self.check(check.sentence, check.sql),
            Step::Named((table, column, named)) => {
                let sentence = format!("{{}} of shop {{}} ({table}) names {{}} as its {column}, which does not exist.");
                self.check(&sentence, &named_sql(table, column, named))
            }
            Step::Uses => self.count_uses(),
            Step::Discounts => self.add_up_discounts(),
            Step::Pages => self.read_events(),
            Step::Days(shop, kind) => self.count_days(shop, kind),
            Step::Months(shop, kind) => self.tally_months(shop, kind),
            Step::Owed(shop) => self.add_up_owed(shop),
            Step::Advocates(shop) => self.count_advocates(shop),
        }
    }

    fn check(&mut self, sentence: &str, sql: &str) -> StoreResult<()> {
        let kinds = vec![Kind::Text; sentence.matches("{}").count()];
        let limit = i64::try_from(SENTENCES + 1).unwrap_or(i64::MAX);
        let statement = self.scoped(&format!("{sql} LIMIT ?"), vec![limit.into()]);
        for (index, row) in self.connection.query(&statement, &kinds)?.iter().enumerate() {
            if index == SENTENCES {
                self.report
                    .problems
                    .push(format!("And more like this: {}", self.report.problems[self.report.problems.len() - 1]));
                break;
            }
            self.report.problems.push(filled(sentence, row));
        }
        Ok(())
    }

    /// A statement whose `[x]` are conditions on the shop.
    fn scoped(&self, sql: &str, more: Vec<Bind>) -> Statement {
        let (text, binds) = scoped(sql, self.shop);
        Statement::new(text).binds(binds).binds(more)
    }

    /// Shows every record of a kind; `at` tells when one was made.
    fn each<R: Record>(&mut self, at: fn(&R) -> Timestamp, mut look: impl FnMut(&R)) -> StoreResult<()> {
        let sql = each_sql::<R>(self.shop.is_some());
        let mut behind = (Timestamp::from_ms(i64::MIN), String::new());
        loop {
            let (behind_at, behind_id) = behind;
            let mut binds: Vec<Bind> = Vec::new();
            if self.shop.is_some() {
                binds.push(behind_at.into());
            }
            binds.push(behind_id.into());
            binds.push(i64::try_from(PAGE).unwrap_or(i64::MAX).into());
            let statement = self.scoped(&sql, binds);
            let page: Vec<R> = read(self.connection, &statement)?;
            let Some(end) = page.last() else { return Ok(()) };
            behind = (at(end), end.id().to_string());
            page.iter().for_each(&mut look);
        }
    }

    /// Whether each page of events has the events that it says, one after the other.
    fn read_events(&mut self) -> StoreResult<()> {
        let mut behind = None;
        loop {
            let pages: Vec<EventPage> = self.page(behind)?;
            let Some(end) = pages.last() else { return Ok(()) };
            behind = Some(end.id);
            let unreadable = pages.iter().filter_map(|page| page.events().err());
            self.report.problems.extend(unreadable.map(|error| format!("Events cannot be read: {error}.")));
        }
    }

    fn page<R: Record>(&mut self, after: Option<Id>) -> StoreResult<Vec<R>> {
        let mut binds: Vec<Bind> = Vec::new();
        let behind = after.map_or("1 = 1", |id| {
            binds.push(id.into());
            "t.id > ?"
        });
        binds.push(i64::try_from(PAGE).unwrap_or(i64::MAX).into());
        let sql = format!("{} t WHERE [t] AND {behind} ORDER BY t.id LIMIT ?", select::<R>());
        let statement = self.scoped(&sql, binds);
        read(self.connection, &statement)
    }
}

fn filled(sentence: &str, row: &[Value]) -> String {
    let mut text = String::new();
    let mut parts = sentence.split("{}");
    text.push_str(parts.next().unwrap_or_default());
    for (part, value) in parts.zip(row) {
        if let Value::Text(Some(word)) = value {
            text.push_str(word);
        }
        text.push_str(part);
    }
    text
}
