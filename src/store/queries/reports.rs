//! Reports, from the counters of days alone: what they cost does not grow with visits and orders.

use crate::records::day_count::{ALL, Counts, FIGURES, Figure};
use crate::records::{Id, Kind, Value, Values};
use crate::store::visits::Openings;
use crate::store::{Bind, Connection, Statement, StoreResult};

/// What is added up.
#[derive(Clone, Debug)]
pub struct Span {
    /// The first day, days since 1970.
    pub from: i64,
    /// The last day.
    pub to: i64,
    /// Only of this program.
    pub program: Option<Id>,
    /// Only of this channel.
    pub channel: Option<String>,
    /// Only what is credited in a program.
    pub is_credited: bool,
}

/// By what the sums are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// All together.
    Nothing,
    /// By program.
    Program,
    /// By channel.
    Channel,
    /// By placement.
    Placement,
}

/// What is counted together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// The day; 0 where all days are taken together.
    pub day: i64,
    /// The program, channel or placement; an empty text: none, or all.
    pub name: String,
    /// What the records come to.
    pub counts: Counts,
    /// What the visits come to.
    pub openings: Openings,
}

impl Sum {
    /// Adds another one to it.
    pub fn add(&mut self, other: &Self) {
        self.counts.add(&other.counts);
        self.openings.add(&other.openings);
    }
}

/// Whether all of a shop is in its counters.
pub fn is_counted(connection: &mut Connection, shop: Id) -> StoreResult<bool> {
    let statement = Statement::new("SELECT COUNT(*) FROM shop_heads WHERE id = ? AND counted = ?");
    Ok(connection.number(&statement.bind(shop).bind(ALL))? == Some(1))
}

/// Whether all of a shop is in its counters of months.
pub fn is_tallied(connection: &mut Connection, shop: Id) -> StoreResult<bool> {
    let statement = Statement::new("SELECT COUNT(*) FROM shop_heads WHERE id = ? AND tallied = ?");
    Ok(connection.number(&statement.bind(shop).bind(ALL))? == Some(1))
}

/// The sums of a shop, in the order of day and name; day by day, or of all days together.
pub fn sums(connection: &mut Connection, shop: Id, span: &Span, by: By, days: Days) -> StoreResult<Vec<Sum>> {
    // Of what has no placement, the text is empty.
    let (name, of_places) = match by {
        By::Nothing => (NOTHING, NOTHING),
        By::Program => ("program", "program"),
        By::Channel => ("channel", "channel"),
        By::Placement => (NOTHING, "place"),
    };
    let (day, order) = match days {
        Days::Each => ("day", "day, name"),
        Days::Together => ("CAST(0 AS BIGINT)", "name"),
    };
    let (narrowed, binds) = narrowed(shop, span);
    let figures = Figure::WORDS.join(", ");
    let none = ["0"; FIGURES].join(", ");
    let totals: Vec<String> = Figure::WORDS.iter().chain(&OPENINGS).map(|name| total(name)).collect();
    let sql = format!(
        "SELECT {day}, name, {totals} FROM
         (SELECT day, {name} AS name, {figures}, 0 AS previews, 0 AS visits, 0 AS unique_visits FROM day_counts WHERE {narrowed}
          UNION ALL SELECT day, {of_places}, {figures}, 0, 0, 0 FROM place_counts WHERE {narrowed}
          UNION ALL SELECT day, {name}, {none}, previews, visits, unique_visits FROM day_visits WHERE {narrowed}
          UNION ALL SELECT day, {of_places}, {none}, previews, visits, unique_visits FROM place_visits WHERE {narrowed}) counted
         GROUP BY {order} ORDER BY {order}",
        totals = totals.join(", "),
    );
    let kinds = [[Kind::Int, Kind::Text].as_slice(), &[Kind::Int; FIGURES + OPENINGS.len()]].concat();
    let binds = vec![binds; TABLES].into_iter().flatten();
    let rows = connection.query(&Statement::new(sql).binds(binds), &kinds)?;
    rows.into_iter().map(read).collect()
}

/// Whether days are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Days {
    /// Day by day.
    Each,
    /// All together.
    Together,
}

/// No name at all.
const NOTHING: &str = "CAST('' AS TEXT)";
/// The tables of counters: of what has a placement and what has none, of records and of visits.
const TABLES: usize = 4;

const OPENINGS: [&str; 3] = ["previews", "visits", "unique_visits"];

fn total(name: &str) -> String {
    format!("CAST(SUM({name}) AS BIGINT)")
}

fn narrowed(shop: Id, span: &Span) -> (String, Vec<Bind>) {
    let mut sql = "shop = ? AND day >= ? AND day <= ?".to_owned();
    let mut binds: Vec<Bind> = vec![shop.into(), span.from.into(), span.to.into()];
    if let Some(program) = span.program {
        sql.push_str(" AND program = ?");
        binds.push(program.into());
    }
    if let Some(channel) = &span.channel {
        sql.push_str(" AND channel = ?");
        binds.push(channel.as_str().into());
    }
    if span.is_credited {
        sql.push_str(" AND program <> ''");
    }
    (sql, binds)
}

fn read(row: Vec<Value>) -> StoreResult<Sum> {
    let mut row = Values::new(row);
    let mut sum = Sum { day: row.column()?, name: row.column()?, ..Sum::default() };
    for many in &mut sum.counts.0 {
        *many = row.column()?;
    }
    sum.openings = Openings { previews: row.column()?, visits: row.column()?, unique_visits: row.column()? };
    Ok(sum)
}
