//! What is kept of lines that an import refuses: why, of the first of them, and how many there were.

use grapevine::records::{Kind, Values};
use grapevine::store::Statement;
use grapevine::store::connection::Use;

use crate::support::*;

on_both!(
    of_many_lines_that_say_nothing_few_are_kept,
    lines_that_are_refused_in_their_turn_are_counted_with_them,
    what_a_line_says_is_repeated_in_part,
);

/// Refused lines of which it is kept why.
const KEPT: u64 = 1_000;

/// The rows of the report.
async fn report(shop: &TestShop, job: &Value) -> Vec<(u64, String, String)> {
    let answer = shop.get(&format!("{}/errors", path("/v1/jobs", &job["id"]))).await;
    let mut reader = csv::Reader::from_reader(answer.bytes());
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| (row[0].parse().expect("a number"), row[1].to_owned(), row[2].to_owned())).collect()
}

/// Bytes of text that the database keeps of an import: why lines were refused, and lines that wait.
async fn kept_bytes(shop: &TestShop, job: &Value) -> i64 {
    let mut connection = shop.server().app.target.connect(Use::Tool).expect("a connection");
    let columns =
        |columns: &[&str]| columns.iter().map(|column| format!("length({column})")).collect::<Vec<_>>().join(" + ");
    let (faults, lines) = (columns(&["id", "shop", "job", "code", "detail"]), columns(&["job", "lines"]));
    let sql = format!(
        "SELECT CAST((SELECT coalesce(sum({faults}), 0) FROM job_faults WHERE job = ?)
         + (SELECT coalesce(sum({lines}), 0) FROM import_lines WHERE job = ?) AS BIGINT)"
    );
    let statement = Statement::new(sql).bind(text(&job["id"])).bind(text(&job["id"]));
    let rows = connection.query(&statement, &[Kind::Int]).expect("it is read");
    rows.into_iter().find_map(|row| Values::new(row).column().ok()).expect("a number")
}

fn counts(job: &Value) -> [Option<u64>; 3] {
    assert_eq!(job["status"], "finished", "{job}");
    ["total", "done", "refused"].map(|count| job[count].as_u64())
}

/// Lines of two bytes, without an end and without good ones between them.
async fn of_many_lines_that_say_nothing_few_are_kept(shop: TestShop) {
    const LINES: u64 = 200_000;
    let file = format!("{{\n{}", "x\n".repeat(LINES as usize - 1));
    let job = shop.imported("customers", &file).await;
    assert_eq!(counts(&job), [Some(LINES); 3]);
    let report = report(&shop, &job).await;
    assert_eq!(report.iter().map(|row| row.0).take(KEPT as usize).collect::<Vec<_>>(), (1..=KEPT).collect::<Vec<_>>());
    assert_eq!(report.len() as u64, KEPT + 1);
    let (line, code, detail) = &report[KEPT as usize];
    assert_eq!((*line, code.as_str()), (LINES, "limit_reached"));
    assert!(detail.starts_with("199000 more lines were refused"), "{detail}");
    let (kept, size) = (kept_bytes(&shop, &job).await, i64::try_from(file.len()).expect("a number"));
    assert!(kept < size, "{kept} bytes are kept of {size}");
}

/// Some cannot be read, some are found wrong only in their turn, some are good.
async fn lines_that_are_refused_in_their_turn_are_counted_with_them(shop: TestShop) {
    let line = |number: usize| match number % 4 {
        0 => format!(r#"{{"order_id":"A-{number}","occurred_at":"2016-05-04T10:00:00Z","amount":1}}"#),
        1 => format!(r#"{{"order_id":"A-{number}","occurred_at":"2096-05-04T10:00:00Z","amount":1}}"#),
        2 => "{}".to_owned(),
        _ => r#"{"order_id":"A","colour":1}"#.to_owned(),
    };
    let file: Vec<String> = (1..=2_000).map(line).collect();
    let job = shop.imported("orders", &file.join("\n")).await;
    assert_eq!(counts(&job), [Some(2_000), Some(2_000), Some(1_500)]);
    assert_eq!(shop.get("/v1/conversions?order_id=A-2000").await.ok()["data"].as_array().map(Vec::len), Some(1));
    let report = report(&shop, &job).await;
    let expected: Vec<u64> = (1..=2_000).filter(|number| number % 4 != 0).take(KEPT as usize).collect();
    assert_eq!(report.iter().map(|row| row.0).take(KEPT as usize).collect::<Vec<_>>(), expected);
    assert!(report[KEPT as usize].2.starts_with("500 more lines were refused"), "{:?}", report[KEPT as usize]);
    // Mended, it goes on where it was.
    let mended = file.iter().filter(|line| line.contains("2016-")).cloned().collect::<Vec<_>>().join("\n");
    let job = shop.imported("orders", &mended).await;
    assert_eq!((counts(&job), &job["known"]), ([Some(500), Some(500), Some(0)], &json!(500)));
}

/// A name that no column has, a value that does not fit, a code that is none, in each form of a file.
async fn what_a_line_says_is_repeated_in_part(shop: TestShop) {
    let long = "z".repeat(30_000);
    let files = [
        ("customers", format!("{{\"{long}\": 1}}")),
        ("customers", format!("{{\"external_id\": \"{long}\"}}")),
        ("customers", format!("{{\"external_id\": {long}}}")),
        ("orders", format!("{{\"order_id\": \"A\", \"occurred_at\": \"{long}\", \"amount\": 1}}")),
        ("orders", format!("order_id,occurred_at,amount,kind\nA,2016-05-04T10:00:00Z,{long},order\n")),
        ("codes", format!("code,customer\n{long},anna\n")),
        ("referrals", format!("created_at,friend,advocate\n2016-05-04T10:00:00Z,{long},{long}\n")),
        ("vouchers", format!("code,kind\nABC,{long}\n")),
    ];
    for (kind, file) in files {
        let job = shop.imported(kind, &file).await;
        assert_eq!(counts(&job), [Some(1); 3], "{kind}: {job}");
        let kept = kept_bytes(&shop, &job).await;
        assert!(kept < 700, "{kept} bytes are kept of a line of {kind}");
    }
}
