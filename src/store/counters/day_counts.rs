//! The counters of days: rows that are only ever added to, in the transaction of what they count. What has a placement has
//! a table of its own, so that the release before finds its counters as it left them.

use std::collections::BTreeMap;

use super::add_rows;
use crate::records::day_count::{Counts, DayCounts, DayKey, FIGURES, Figure};
use crate::records::{BadColumn, Id, Kind, Value, Values};
use crate::store::{Bind, Connection, Statement, StoreResult};

/// A table of counters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Of what has no placement.
    Days,
    /// Of what has one.
    Places,
}

impl Table {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Days, Self::Places];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Days => "day_counts",
            Self::Places => "place_counts",
        }
    }

    /// The columns of its key, behind the shop.
    fn key(self) -> &'static [&'static str] {
        match self {
            Self::Days => &["day", "program", "channel"],
            Self::Places => &["day", "program", "channel", "place"],
        }
    }

    /// Where something is counted.
    fn has(self, key: &DayKey) -> bool {
        key.place.is_empty() == (self == Self::Days)
    }

    /// What is added to it, a row each, in the order of their keys.
    pub fn rows(self, days: &BTreeMap<Id, DayCounts>) -> Vec<Vec<Bind>> {
        let of_shop = |(shop, counts): (&Id, &DayCounts)| {
            let of_table = counts.iter().filter(|(key, _)| self.has(key));
            of_table.map(|(key, counts)| self.row(*shop, key, counts)).collect::<Vec<_>>()
        };
        days.iter().flat_map(of_shop).collect()
    }

    fn row(self, shop: Id, key: &DayKey, counts: &Counts) -> Vec<Bind> {
        let key = [shop.into()].into_iter().chain(self.binds(key));
        key.chain(counts.0.map(Bind::from)).collect()
    }

    fn binds(self, key: &DayKey) -> Vec<Bind> {
        let DayKey { day, program, channel, place } = key;
        let mut binds: Vec<Bind> = vec![(*day).into(), program.as_str().into(), channel.as_str().into()];
        if self == Self::Places {
            binds.push(place.as_str().into());
        }
        binds
    }

    /// Adds rows: as columns on PostgreSQL, one on SQLite.
    fn add_sql(self, postgres: bool) -> String {
        let (name, key) = (self.name(), self.key());
        let names: Vec<&str> = ["shop"].iter().chain(key).copied().chain(Figure::WORDS.iter().copied()).collect();
        let marks = vec!["?"; names.len()].join(", ");
        let source = if postgres { format!("SELECT * FROM unnest({marks})") } else { format!("VALUES ({marks})") };
        let sums: Vec<String> =
            Figure::WORDS.iter().map(|figure| format!("{figure} = {name}.{figure} + excluded.{figure}")).collect();
        format!(
            "INSERT INTO {name} ({}) {source} ON CONFLICT (shop, {}) DO UPDATE SET {}",
            names.join(", "),
            key.join(", "),
            sums.join(", ")
        )
    }

    /// What makes the statement that adds rows.
    pub fn adding(self) -> fn(bool) -> String {
        match self {
            Self::Days => |postgres| Self::Days.add_sql(postgres),
            Self::Places => |postgres| Self::Places.add_sql(postgres),
        }
    }

    /// Rows of a shop behind a key, in its order, at most so many.
    pub fn page(
        self,
        connection: &mut Connection,
        shop: Id,
        behind: &DayKey,
        most: i64,
    ) -> StoreResult<Vec<(DayKey, Counts)>> {
        let sql = format!(
            "SELECT {key}, {figures} FROM {name} WHERE shop = ? AND ({key}) > ({marks}) ORDER BY {key} LIMIT ?",
            name = self.name(),
            key = self.key().join(", "),
            marks = vec!["?"; self.key().len()].join(", "),
            figures = Figure::WORDS.join(", "),
        );
        let statement = Statement::new(sql).bind(shop).binds(self.binds(behind)).bind(most);
        let key = [Kind::Int].into_iter().chain(vec![Kind::Text; self.key().len() - 1]);
        let kinds: Vec<Kind> = key.chain([Kind::Int; FIGURES]).collect();
        let rows = connection.query(&statement, &kinds)?;
        rows.into_iter().map(|row| self.read(row).map_err(Into::into)).collect()
    }

    fn read(self, row: Vec<Value>) -> Result<(DayKey, Counts), BadColumn> {
        let mut row = Values::new(row);
        let (day, program, channel) = (row.column()?, row.column()?, row.column()?);
        let place = if self == Self::Places { row.column()? } else { String::new() };
        let mut counts = Counts::default();
        for many in &mut counts.0 {
            *many = row.column()?;
        }
        Ok((DayKey { day, program, channel, place }, counts))
    }
}

/// Adds what was counted of a shop, in the transaction that is open.
pub fn add(connection: &mut Connection, shop: Id, counts: DayCounts) -> StoreResult<()> {
    let days = BTreeMap::from([(shop, counts)]);
    for table in Table::ALL {
        add_rows(connection, table.add_sql(connection.is_postgres()), table.rows(&days))?;
    }
    Ok(())
}
