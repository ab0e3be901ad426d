//! Lists as CSV (RFC 4180): the whole of it, read page by page as it is sent, so that no more than a
//! page is in memory, however long the list is and however slowly it is fetched. Between two pages
//! nothing of the database is held.

use std::borrow::Cow;
use std::future::ready;
use std::rc::Rc;

use actix_web::web::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::{once, try_unfold};
use serde::Serialize;
use serde_json::Value;

use crate::api::answer::formula;
use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;

const CONTENT_TYPE: &str = "text/csv; charset=utf-8";

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
pub(crate) fn lines<C: AsRef<str>, V: Serialize>(columns: &[C], rows: &[V]) -> Result<Vec<u8>, Problem> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        let row = serde_json::to_value(row).map_err(|_| Problem::internal())?;
        let cells = columns.iter().map(|column| cell(&row[column.as_ref()]).into_owned());
        writer.write_record(cells).map_err(|_| Problem::internal())?;
    }
    writer.into_inner().map_err(|_| Problem::internal())
}

fn head<C: AsRef<str>>(columns: &[C]) -> Result<Vec<u8>, Problem> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns.iter().map(AsRef::as_ref)).map_err(|_| Problem::internal())?;
    writer.into_inner().map_err(|_| Problem::internal())
}

/// What is no text begins no formula, and in JSON a `;` stands in texts alone: written as an escape it
/// divides nothing.
fn cell(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::default(),
        Value::String(text) => formula::quoted(text),
        other => Cow::Owned(other.to_string().replace(';', "\\u003b")),
    }
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

    /// As a spreadsheet reads it that divides by this.
    fn read(file: &[u8], divides: u8) -> Vec<String> {
        let mut reader =
            csv::ReaderBuilder::new().delimiter(divides).has_headers(false).flexible(true).from_reader(file);
        let rows = reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect::<Vec<_>>());
        rows.flatten().collect()
    }

    #[test]
    fn no_cell_is_a_formula_whichever_separator_divides() {
        let texts = [
            "Max;=cmd|' /C calc'!A0;x",
            "Max, the \"first\";\"=1",
            ";\"\"=1;",
            "a;\"=1",
            "two\nlines\n=1",
            "a\t=1\t\"=1",
            "＝1;＋1",
            "\u{200b}=1;\u{feff}@x",
            "=1,=2;=3",
            "a;",
        ];
        let rows: Vec<_> =
            texts.iter().map(|text| json!({"id": text, "name": text, "more": {"a": [text]}, "n": -1})).collect();
        let file = lines(&["id", "name", "more", "n", "id"], &rows).unwrap_or_default();
        for divides in *b",;\t" {
            for cell in read(&file, divides) {
                let seen = cell.trim_start_matches(|c: char| c.is_whitespace() || "\"\u{200b}\u{feff}".contains(c));
                let is_number = seen.starts_with("-1");
                assert!(is_number || !seen.starts_with(['=', '+', '-', '@', '＝', '＋']), "{cell:?} by {divides}");
            }
        }
    }

    #[test]
    fn what_is_nested_is_read_back_as_it_was() {
        let nested = json!({"a;b": "x;=1", "c": ["'=1", -1, null]});
        assert_eq!(serde_json::from_str::<Value>(&cell(&nested)).ok(), Some(nested.clone()));
    }
}
