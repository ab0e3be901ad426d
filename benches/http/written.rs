//! What one request wrote, counted: rows, and entries that were added to trees or taken from them.

use std::collections::HashSet;

use crate::trees::{Entries, Table};

/// What was written to a table.
pub struct Written {
    /// The table.
    pub table: String,
    /// New rows.
    pub new: u64,
    /// Rows that are no longer as they were.
    pub changed: u64,
    /// Rows that are gone.
    pub removed: u64,
    /// Entries added to the table's own tree and to each index, or taken from it, by their names.
    pub trees: Vec<(String, u64)>,
}

impl Written {
    /// Rows, of whatever kind.
    pub fn rows(&self) -> u64 {
        self.new + self.changed + self.removed
    }

    /// Indexes that the table has, its key's among them.
    pub fn indexes(&self) -> usize {
        self.trees.len() - 1
    }

    /// Entries in all trees.
    pub fn entries(&self) -> u64 {
        self.trees.iter().map(|(_, entries)| entries).sum()
    }
}

/// Rows, by table and key.
pub type Rows = HashSet<(String, String)>;

/// The rows that were there and are no longer as they were.
pub fn changed(before: &[Table], after: &[Table]) -> Rows {
    let of_table = |(old, new): (&Table, &Table)| {
        let differs = |(key, row): &(&String, &u64)| old.rows.get(*key).is_some_and(|before| before != *row);
        let keys: Vec<_> = new.rows.iter().filter(differs).map(|(key, _)| (new.name.clone(), key.clone())).collect();
        keys
    };
    pairs(before, after).flat_map(of_table).collect()
}

/// What differs between two looks, in the rows that are to be counted.
pub fn written(before: &[Table], after: &[Table], counts: impl Fn(&str, &str) -> bool) -> Vec<Written> {
    let tables = pairs(before, after).map(|(old, new)| of_table(old, new, &|key| counts(&new.name, key)));
    tables.filter(|written| written.rows() > 0).collect()
}

fn pairs<'t>(before: &'t [Table], after: &'t [Table]) -> impl Iterator<Item = (&'t Table, &'t Table)> {
    after.iter().filter_map(|new| Some((before.iter().find(|old| old.name == new.name)?, new)))
}

fn of_table(old: &Table, new: &Table, counts: &dyn Fn(&str) -> bool) -> Written {
    let count = |is: &dyn Fn(&String, &u64) -> bool| {
        new.rows.iter().filter(|(key, row)| counts(key) && is(key, row)).count() as u64
    };
    let fresh = count(&|key, _| !old.rows.contains_key(key));
    let changed = count(&|key, row| old.rows.get(key).is_some_and(|before| before != row));
    let removed = old.rows.keys().filter(|key| counts(key) && !new.rows.contains_key(*key)).count() as u64;
    let mut trees = vec![("table".to_owned(), fresh + changed + if new.is_versioned { 0 } else { removed })];
    for ((name, before), (_, after)) in old.indexes.iter().zip(&new.indexes) {
        let is_new = |key: &str| counts(key) && old.indexed.get(key) != new.indexed.get(key);
        // PostgreSQL: a row is written anew, and each index has an entry for it, unless nothing that any index is made
        // of has changed; what was is left to VACUUM. SQLite: an entry that differs is taken out and put in.
        let entries = match new.is_versioned {
            true => after.keys().filter(|key| is_new(key)).count() as u64,
            false => missing(before, after, counts) + missing(after, before, counts),
        };
        let short = name.strip_prefix(&format!("{}_", new.name)).unwrap_or(name);
        trees.push((short.to_owned(), entries));
    }
    Written { table: new.name.clone(), new: fresh, changed, removed, trees }
}

/// Entries of one that the other lacks.
fn missing(ours: &Entries, theirs: &Entries, counts: &dyn Fn(&str) -> bool) -> u64 {
    ours.iter().filter(|(key, entry)| counts(key) && theirs.get(*key) != Some(entry)).count() as u64
}
