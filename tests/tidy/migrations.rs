//! The two trees of migrations: the same names and columns, a writer for each, and a way back.

use std::collections::{BTreeMap, BTreeSet};

use super::{files, first_name, root};

#[test]
fn both_migration_trees_say_the_same() {
    let (sqlite, postgres) = (tables_of("sqlite"), tables_of("postgres"));
    assert!(sqlite.values().map(BTreeSet::len).sum::<usize>() > 100, "{sqlite:?}");
    assert_eq!(sqlite, postgres);
}

#[test]
fn a_migration_without_writer_or_with_other_columns_is_told_apart() {
    let table = |text: &str| tables(&format!("-- Writer: engine\n{text}"));
    let one = "CREATE TABLE a (\n    id TEXT PRIMARY KEY, -- its (own) id\n    n BIGINT NOT NULL CHECK (n >= 0),\n    UNIQUE (n)\n);";
    assert_eq!(table(one), table(&one.replace("BIGINT", "INTEGER")));
    assert_ne!(table(one), table(&one.replace("n BIGINT", "m BIGINT")));
    assert_ne!(table(one), table(&format!("{one}\nALTER TABLE a ADD COLUMN o TEXT;")));
    assert!(table("CREATE TABLE a (LIKE b, PRIMARY KEY (n)) PARTITION BY RANGE (n);").is_empty());
    assert!(table("CREATE TABLE c PARTITION OF a DEFAULT;\nSELECT max(n) FROM a;").is_empty());
    assert_eq!(tables("CREATE TABLE a (id TEXT);").len(), 2, "a migration names its writer in its first line");
}

/// By migration, its tables with their columns.
fn tables_of(tree: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for migration in files(&root().join("migrations").join(tree), "up.sql") {
        let down = migration.0.replace("up.sql", "down.sql");
        let is_told = root().join("migrations").join(tree).join(&down).exists();
        assert!(is_told || only_makes_tables(&migration.1), "{tree}/{down} is missing");
        found.insert(migration.0, tables(&migration.1));
    }
    found
}

/// Whether a migration does nothing but make tables, and what finds their rows: to undo it is to drop them.
fn only_makes_tables(sql: &str) -> bool {
    let lines = sql.lines().filter(|line| !line.trim_start().starts_with("--")).collect::<Vec<_>>().join(" ");
    let statements: Vec<&str> = lines.split(';').map(str::trim).filter(|statement| !statement.is_empty()).collect();
    let made: Vec<&str> =
        statements.iter().filter_map(|one| one.strip_prefix("CREATE TABLE ")?.split(' ').next()).collect();
    let is_of_them = |one: &str| {
        let is_index = one.starts_with("CREATE INDEX ") || one.starts_with("CREATE UNIQUE INDEX ");
        is_index && made.iter().any(|table| one.contains(&format!(" ON {table} ")))
    };
    statements.iter().all(|one| one.starts_with("CREATE TABLE ") || is_of_them(one))
}

#[test]
fn what_changes_more_than_tables_of_its_own_says_how_it_is_undone() {
    assert!(only_makes_tables("-- Writer: engine\nCREATE TABLE a (id TEXT);\nCREATE UNIQUE INDEX a_id ON a (id);"));
    for more in ["ALTER TABLE b ADD COLUMN c TEXT", "CREATE INDEX b_id ON b (id)", "UPDATE b SET id = ''"] {
        assert!(!only_makes_tables(&format!("-- Writer: engine\nCREATE TABLE a (id TEXT);\n{more};")), "{more}");
    }
}

/// `table.column` of everything that a migration makes, and its fault when it has no writer.
fn tables(sql: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if !sql.starts_with("-- Writer: ") {
        found.insert("(no writer is named in the first line)".to_owned());
    }
    for statement in sql.split("CREATE TABLE ").skip(1) {
        let (name, rest) = statement.split_once('(').unwrap_or_default();
        // A part of a table, or one that is like another, has no columns of its own.
        if name.contains(" PARTITION OF ") || rest.starts_with("LIKE ") {
            continue;
        }
        let columns =
            rest.lines().map(str::trim).take_while(|line| !line.starts_with(')')).flat_map(|line| line.split("), "));
        let keywords =
            ["PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "CONSTRAINT", "", "WITHOUT", "REFERENCES", "OR", "AND"];
        let columns = columns.map(first_name).filter(|column| !keywords.contains(column));
        found.extend(columns.map(|column| format!("{}.{column}", name.trim())));
    }
    for added in sql.split("ALTER TABLE ").skip(1).filter(|statement| statement.contains("ADD COLUMN")) {
        let column = added.split("ADD COLUMN ").nth(1).map_or("", first_name);
        found.insert(format!("{}.{column}", first_name(added)));
    }
    found
}
