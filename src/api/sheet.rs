//! Lists as CSV (RFC 4180): the whole of it, read page by page as it is sent, so that no more than a
//! page is in memory, however long the list is and however slowly it is fetched. Between two pages
//! nothing of the database is held.

use std::future::ready;
use std::rc::Rc;

use actix_web::web::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::{once, try_unfold};
use serde::Serialize;
use serde_json::Value;

use super::problem::Problem;
use super::reply::Reply;

const CONTENT_TYPE: &str = "text/csv; charset=utf-8";
/// Text that begins so is a formula to a spreadsheet (OWASP ASVS 1.2.10).
const FORMULA: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\0'];

/// A page of views, and what asks for the next one; `None`: it was the last.
pub type Turn<V, P> = (Vec<V>, Option<P>);

/// A list as CSV; `turn` gives a page. The first one is read before the answer begins, so that what is
/// refused is refused.
pub async fn sheet<C, V, P, T>(columns: &'static [C], first: P, turn: T) -> Result<Reply, Problem>
where
    C: AsRef<str>,
    V: Serialize,
    P: 'static,
    T: AsyncFn(P) -> Result<Turn<V, P>, Problem> + 'static,
{
    let (rows, next) = turn(first).await?;
    let mut begun = head(columns)?;
    begun.extend(lines(columns, &rows)?);
    let turn = Rc::new(turn);
    let rest = try_unfold(next, move |next| {
        let turn = turn.clone();
        async move {
            let Some(next) = next else { return Ok(None) };
            let (rows, next) = turn(next).await?;
            Ok(Some((Bytes::from(lines(columns, &rows)?), next)))
        }
    });
    Ok(Reply::stream(CONTENT_TYPE, Box::pin(once(ready(Ok(Bytes::from(begun)))).chain(rest))))
}

/// A list as CSV that is in memory as a whole, for it is never long.
pub async fn whole<C: AsRef<str>, V: Serialize + 'static>(
    columns: &'static [C],
    rows: Vec<V>,
) -> Result<Reply, Problem> {
    sheet(columns, rows, async |rows| Ok((rows, None))).await
}

/// A column for each field; what is nested is JSON in its cell.
fn lines<C: AsRef<str>, V: Serialize>(columns: &[C], rows: &[V]) -> Result<Vec<u8>, Problem> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        let row = serde_json::to_value(row).map_err(|_| Problem::internal())?;
        let cells = columns.iter().map(|column| cell(&row[column.as_ref()]));
        writer.write_record(cells).map_err(|_| Problem::internal())?;
    }
    writer.into_inner().map_err(|_| Problem::internal())
}

fn head<C: AsRef<str>>(columns: &[C]) -> Result<Vec<u8>, Problem> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns.iter().map(AsRef::as_ref)).map_err(|_| Problem::internal())?;
    writer.into_inner().map_err(|_| Problem::internal())
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if is_formula(text) => format!("'{text}"),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The text of a cell, without the `'` that is put before what a spreadsheet would take for a formula.
pub fn unquoted(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_formula(text)).unwrap_or(cell)
}

/// Quotes that stand there already do not make it less of one: so each text is read back as it was.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn formulas_are_quoted() {
        let rows = [json!({"id": "a", "name": "=1+1", "n": -5, "more": {"b": [1]}}), json!({"id": "b", "name": null})];
        let text = lines(&["id", "n", "name", "more"], &rows).ok();
        assert_eq!(text.as_deref(), Some(&b"a,-5,'=1+1,\"{\"\"b\"\":[1]}\"\nb,,,\n"[..]));
    }

    #[test]
    fn every_text_is_read_back_as_it_was() {
        for text in
            ["", "x", "=1", "+49 30", "-", "@x", "'=1", "''+49", "'", "''", "'s-Hertogenbosch", "O'Neill", "\tx"]
        {
            let cell = cell(&json!(text));
            assert!(!cell.starts_with(FORMULA), "{cell}");
            assert_eq!(unquoted(&cell), text);
        }
        assert_eq!(unquoted("+49 30 901820"), "+49 30 901820");
    }
}
