//! Every row of a database and every entry of its indexes, to be compared before and after a request. Which tables and
//! indexes there are, and what stands in them, is asked of the database itself.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use anyhow::Context as _;
use grapevine::records::{Kind, Value};
use grapevine::store::connection::Use;
use grapevine::store::{Connection, Statement, Target};

/// What stands under each row's key, as a number that differs where it differs.
pub type Entries = HashMap<String, u64>;

/// A table, as it was.
pub struct Table {
    /// Its name.
    pub name: String,
    /// Whether PostgreSQL keeps it: there an index has an entry for each version of a row.
    pub is_versioned: bool,
    /// Its rows.
    pub rows: Entries,
    /// Of each row what some index is made of; PostgreSQL only.
    pub indexed: Entries,
    /// The entries of each index, by its name.
    pub indexes: Vec<(String, Entries)>,
}

/// How a table is looked at.
struct Layout {
    name: String,
    rows: String,
    indexed: Option<String>,
    indexes: Vec<(String, String)>,
}

/// Looks at every table.
pub fn look(target: &Target) -> anyhow::Result<Vec<Table>> {
    let mut connection = target.connect(Use::Tool)?;
    let is_versioned = connection.is_postgres();
    let layouts = if is_versioned { postgres(&mut connection)? } else { sqlite(&mut connection)? };
    let mut tables = Vec::new();
    for Layout { name, rows, indexed, indexes } in layouts {
        let rows = entries(&mut connection, rows)?;
        let indexed = indexed.map(|sql| entries(&mut connection, sql)).transpose()?.unwrap_or_default();
        let mut looked = Vec::new();
        for (index, sql) in indexes {
            looked.push((index, entries(&mut connection, sql)?));
        }
        tables.push(Table { name, is_versioned, rows, indexed, indexes: looked });
    }
    Ok(tables)
}

fn entries(connection: &mut Connection, sql: String) -> anyhow::Result<Entries> {
    let rows = texts(connection, Statement::new(sql), 2)?;
    let entry = |row: Vec<String>| {
        let [key, entry] = &row[..] else { return None };
        let mut hasher = DefaultHasher::new();
        entry.hash(&mut hasher);
        Some((key.clone(), hasher.finish()))
    };
    Ok(rows.into_iter().filter_map(entry).collect())
}

/// Rows of so many texts.
fn texts(connection: &mut Connection, statement: Statement, columns: usize) -> anyhow::Result<Vec<Vec<String>>> {
    let rows = connection.query(&statement, &vec![Kind::Text; columns])?;
    let text = |value| match value {
        Value::Text(Some(text)) => text,
        _ => String::new(),
    };
    Ok(rows.into_iter().map(|row| row.into_iter().map(text).collect()).collect())
}

fn sqlite(connection: &mut Connection) -> anyhow::Result<Vec<Layout>> {
    let tables = "SELECT name, CAST(wr AS TEXT) FROM pragma_table_list
        WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'";
    let mut layouts = Vec::new();
    for table in texts(connection, Statement::new(tables), 2)? {
        let (name, is_its_own_index) = (table[0].clone(), table[1] == "1");
        let columns = Statement::new("SELECT name, CAST(pk AS TEXT) FROM pragma_table_info(?)").bind(name.as_str());
        let columns = texts(connection, columns, 2)?;
        let keys: Vec<&str> = columns.iter().filter(|column| column[1] != "0").map(|column| &*column[0]).collect();
        let key = quoted(if keys.is_empty() { &["rowid"] } else { &keys });
        let all = quoted(&columns.iter().map(|column| &*column[0]).collect::<Vec<_>>());
        let rows = format!("SELECT {key}, {all} FROM {name}");
        let mut indexes = Vec::new();
        let listed = "SELECT list.name, list.origin, COALESCE(made.sql, '') FROM pragma_index_list(?) AS list
            LEFT JOIN sqlite_master AS made ON made.type = 'index' AND made.name = list.name";
        for index in texts(connection, Statement::new(listed).bind(name.as_str()), 3)? {
            if is_its_own_index && index[1] == "pk" {
                continue;
            }
            let (entry, condition) = match index[2].is_empty() {
                true => (quoted_columns(connection, &index[0])?, String::new()),
                false => {
                    made_of(&index[2]).with_context(|| format!("an index that is not understood: {}", index[2]))?
                }
            };
            indexes.push((index[0].clone(), format!("SELECT {key}, {entry} FROM {name} {condition}")));
        }
        layouts.push(Layout { name, rows, indexed: None, indexes });
    }
    Ok(layouts)
}

/// The columns of an index that a table makes for itself.
fn quoted_columns(connection: &mut Connection, index: &str) -> anyhow::Result<String> {
    let statement = Statement::new("SELECT name FROM pragma_index_info(?) ORDER BY seqno").bind(index);
    let columns: Vec<String> = texts(connection, statement, 1)?.into_iter().flatten().collect();
    Ok(quoted(&columns.iter().map(String::as_str).collect::<Vec<_>>()))
}

/// Expressions as one text.
fn quoted(expressions: &[&str]) -> String {
    expressions.iter().map(|expression| format!("quote({expression})")).collect::<Vec<_>>().join(" || ',' || ")
}

/// What an index of SQLite is made of, and of which rows, from the text that made it.
fn made_of(sql: &str) -> Option<(String, String)> {
    let open = sql.find('(')?;
    let (mut depth, mut is_literal, mut begin, mut expressions) = (0, false, open + 1, Vec::new());
    for (at, c) in sql.char_indices().skip_while(|(at, _)| *at < open) {
        match c {
            '\'' => is_literal = !is_literal,
            _ if is_literal => {}
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        let is_end = depth == 0 && c == ')' && !is_literal;
        if is_end || depth == 1 && c == ',' && !is_literal {
            expressions.push(sql[begin..at].trim().trim_end_matches(" DESC").trim_end_matches(" ASC"));
            begin = at + 1;
        }
        if is_end {
            return Some((quoted(&expressions), sql[begin..].to_owned()));
        }
    }
    None
}

/// The tables and their columns that an index of PostgreSQL is made of: a row that differs in one of them has a new
/// entry in every index.
const INDEXED: &str = "SELECT t.relname::text, 'ROW(' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')::text'
    FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0
    WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace AND EXISTS (SELECT FROM pg_index x
        WHERE x.indrelid = t.oid AND (a.attnum = ANY (x.indkey::smallint[]) OR EXISTS (SELECT FROM pg_depend d
            WHERE d.classid = 'pg_class'::regclass AND d.objid = x.indexrelid AND d.refobjid = t.oid AND d.refobjsubid = a.attnum)))
    GROUP BY t.relname";

/// The indexes of PostgreSQL: what each is made of, of which rows, and whether it is the key.
const INDEXES: &str = "SELECT t.relname::text, i.relname::text,
        (SELECT 'ROW(' || string_agg(pg_get_indexdef(x.indexrelid, k, true), ', ' ORDER BY k) || ')::text'
            FROM generate_series(1, x.indnatts::integer) AS k),
        COALESCE(pg_get_expr(x.indpred, x.indrelid), 'true'), x.indisprimary::text
    FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
    WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace ORDER BY 1, 2";

fn postgres(connection: &mut Connection) -> anyhow::Result<Vec<Layout>> {
    let indexes = texts(connection, Statement::new(INDEXES), 5)?;
    let mut layouts = Vec::new();
    for table in texts(connection, Statement::new(INDEXED), 2)? {
        let (name, indexed) = (table[0].clone(), &table[1]);
        let of_table: Vec<&Vec<String>> = indexes.iter().filter(|index| index[0] == name).collect();
        let key = of_table.iter().find(|index| index[4] == "true").map_or("ctid::text", |index| &*index[2]);
        let entries = |index: &&Vec<String>| {
            (index[1].clone(), format!("SELECT {key}, {} FROM {name} WHERE {}", index[2], index[3]))
        };
        layouts.push(Layout {
            rows: format!("SELECT {key}, whole::text FROM {name} AS whole"),
            indexed: Some(format!("SELECT {key}, {indexed} FROM {name}")),
            indexes: of_table.iter().map(entries).collect(),
            name,
        });
    }
    Ok(layouts)
}
