//! Lists: pages, cursors, CSV.

use grapevine::records::Kind;
use grapevine::store::connection::Use;
use grapevine::store::{Statement, Target};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::database::fresh_database;
use crate::support::process::Process;
use crate::support::proxy::Proxy;
use crate::support::server::block_on;
use crate::support::*;

on_both!(
    pages_show_each_once_and_newest_first,
    a_csv_is_the_whole_list,
    every_list_has_the_columns_of_its_rows,
    who_prefers_csv_gets_it,
    what_is_refused_is_refused_before_a_csv_begins,
    no_cell_of_any_csv_is_a_formula,
    a_list_with_formulas_can_be_imported,
    lists_narrow_by_time,
    a_filter_that_a_list_does_not_have_is_refused,
    orders_are_found_by_what_they_are,
    records_are_asked_for_by_their_ids,
);

async fn orders(shop: &TestShop, count: usize) -> Vec<Value> {
    let mut made = Vec::with_capacity(count);
    for number in 0..count {
        let order = json!({"order_id": number.to_string(), "amount": 100 + number, "currency": "EUR"});
        made.push(shop.post("/v1/conversions", order).await.created());
    }
    made
}

/// Their ids as a list shows them; of the same millisecond the larger id is the newer.
fn newest_first(made: &[Value]) -> Vec<String> {
    let mut rows: Vec<_> = made.iter().map(|row| (text(&row["created_at"]), text(&row["id"]))).collect();
    rows.sort_unstable_by(|one, other| other.cmp(one));
    rows.into_iter().map(|(_, id)| id).collect()
}

async fn pages_show_each_once_and_newest_first(shop: TestShop) {
    let made = orders(&shop, 7).await;
    let (mut seen, mut path) = (Vec::new(), "/v1/conversions?limit=3".to_owned());
    loop {
        let page = shop.get(&path).await.ok();
        let rows = elements(&page["data"]);
        seen.extend(rows.iter().map(|row| text(&row["id"])));
        // What is recorded meanwhile is newer than the cursor and shifts nothing.
        let late = json!({"order_id": format!("late-{}", seen.len()), "amount": 1, "currency": "EUR"});
        shop.post("/v1/conversions", late).await.created();
        let Some(next) = page["next"].as_str() else { break };
        assert_eq!(rows.len(), 3);
        path = format!("/v1/conversions?limit=3&after={next}");
    }
    assert_eq!(seen, newest_first(&made));
}

/// The rows of an answer of CSV, each with what its columns hold.
fn rows(answer: &Answer) -> Vec<Value> {
    assert_eq!((answer.status(), answer.header("content-type")), (200, Some("text/csv; charset=utf-8")), "{answer:?}");
    let mut reader = csv::Reader::from_reader(answer.bytes());
    let columns = reader.headers().expect("a head").clone();
    let object = |row: &csv::StringRecord| -> serde_json::Map<String, Value> {
        columns.iter().zip(row).map(|(name, cell)| (name.to_owned(), json!(cell))).collect()
    };
    reader.records().map(|row| Value::Object(object(&row.expect("a row")))).collect()
}

fn ids(answer: &Answer) -> Vec<String> {
    rows(answer).iter().map(|row| text(&row["id"])).collect()
}

/// More than a page of JSON, than two, and than a page that is read at once.
async fn a_csv_is_the_whole_list(shop: TestShop) {
    let lines: String = (0..450).map(|n| format!("c-{n}\n")).collect();
    shop.imported("customers", &format!("external_id\n{lines}")).await;
    let answer = shop.get("/v1/customers").header("accept", "text/csv").await;
    let mut named: Vec<String> = rows(&answer).iter().map(|row| text(&row["external_id"])).collect();
    assert_eq!((named.len(), answer.header("content-length")), (450, None));
    named.sort();
    named.dedup();
    assert_eq!(named.len(), 450, "each of them once");
    let made = orders(&shop, 7).await;
    let expected = newest_first(&made);
    for path in ["/v1/conversions", "/v1/conversions?limit=1", "/v1/conversions?limit=3", "/v1/conversions?limit=7"] {
        assert_eq!(ids(&shop.get(path).header("accept", "text/csv").await), expected, "{path}");
    }
    assert_eq!(ids(&shop.get("/v1/conversions?format=csv&limit=2").await), expected);
    let found = ids(&shop.get("/v1/conversions?format=csv&limit=2&order_id=3").await);
    assert_eq!(found, [text(&made[3]["id"])]);
    let page = shop.get("/v1/conversions?limit=3").await.ok();
    let behind = shop.get(&format!("/v1/conversions?format=csv&limit=2&after={}", text(&page["next"]))).await;
    assert_eq!(ids(&behind), expected[3..]);
    let events = rows(&shop.get("/v1/events?format=csv&limit=2").await);
    let numbers: Vec<String> = events.iter().map(|event| text(&event["seq"])).collect();
    assert_eq!(numbers, (1..=events.len()).map(|number| number.to_string()).collect::<Vec<_>>());
    assert!(events.len() > 7, "one of each order: {events:?}");
    let later = rows(&shop.get("/v1/events?format=csv&limit=1&after=3").await);
    assert_eq!(later, events[3..]);
    let moments = shop.list("/v1/customers/c-1/timeline").await;
    assert_eq!(rows(&shop.get("/v1/customers/c-1/timeline?format=csv&limit=1").await).len(), moments.len());
    let head = shop.head("/v1/customers?format=csv").await;
    assert_eq!(
        (head.status(), head.header("content-type"), head.bytes().len()),
        (200, Some("text/csv; charset=utf-8"), 0)
    );
}

async fn every_list_has_the_columns_of_its_rows(shop: TestShop) {
    let program = shop.program(json!({"pending_days": 0})).await;
    let share = shop.share(&program, "anna").await;
    shop.customer("ben").await;
    let evidence = json!({"token": share["token"]});
    let order = json!({"order_id": "1", "customer": "ben", "amount": 5000, "currency": "EUR", "evidence": evidence});
    shop.post("/v1/conversions", order).await.created();
    let lists = [
        "operators",
        "keys",
        "customers",
        "customers/anna/timeline",
        "customers/anna/entries",
        "customers/anna/vouchers",
        "customers/anna/rewards",
        "customers/anna/shares",
        "programs",
        "channels",
        "shares",
        "referrals",
        "conversions",
        "rewards",
        "grants",
        "vouchers",
        "holds",
        "redemptions",
        "messages",
        "events",
        "jobs",
        "audit_log",
    ];
    let mut filled = 0;
    for (actor, list) in lists.iter().map(|list| (&*shop, format!("/v1/{list}"))) {
        let data = elements(&actor.get(&list).await.ok()["data"]);
        let table = actor.get(&format!("{list}?format=csv")).await;
        let head: Vec<String> = table.text().lines().next().unwrap_or_default().split(',').map(str::to_owned).collect();
        assert!(head.len() > 3 && head.iter().skip(1).all(|column| column != "id"), "{list} has the columns {head:?}");
        assert_eq!(rows(&table).len(), data.len(), "{list}");
        filled += usize::from(!data.is_empty());
        for row in data {
            let fields = row.as_object().expect("an object").keys();
            let lost: Vec<_> = fields.filter(|field| !head.contains(field)).collect();
            assert!(lost.is_empty(), "{list} as CSV has no {lost:?}");
        }
    }
    assert!(filled > 12, "only {filled} of the lists have rows");
    let browser = shop.browser("anna").await;
    for list in ["shares", "rewards", "referrals", "vouchers"] {
        let data = elements(&browser.get(&format!("/v1/me/{list}")).await.ok()["data"]);
        let table = browser.get(&format!("/v1/me/{list}?format=csv")).await;
        assert!(!data.is_empty() && rows(&table).len() == data.len(), "{list}: {table:?}");
    }
}

async fn who_prefers_csv_gets_it(shop: TestShop) {
    let kind = async |path: &str, accept: Option<&str>| {
        let ask = shop.get(path);
        let answer = match accept {
            Some(accept) => ask.header("accept", accept).await,
            None => ask.without("accept").await,
        };
        assert_eq!(answer.status(), 200, "{answer:?}");
        answer.header("content-type").map(|kind| kind.contains("csv"))
    };
    for list in ["/v1/conversions", "/v1/events", "/v1/channels", "/v1/operators"] {
        for accept in
            ["text/csv", "Text/CSV", "text/*", "text/csv;q=0.9, application/json;q=0.5", "text/csv, */*;q=0.1"]
        {
            assert_eq!(kind(list, Some(accept)).await, Some(true), "{list} {accept}");
        }
        for accept in [
            "*/*",
            "application/json",
            "application/json, text/csv;q=0.9",
            "application/json,text/csv;q=0.8",
            "text/csv, application/json, application/problem+json",
            "text/csv;q=0.1, application/json",
            "text/csv;q=0",
            "text/html,application/xml;q=0.9,*/*;q=0.8",
        ] {
            assert_eq!(kind(list, Some(accept)).await, Some(false), "{list} {accept}");
        }
        assert_eq!(kind(list, None).await, Some(false), "{list}");
        assert_eq!(kind(&format!("{list}?format=csv"), Some("application/json")).await, Some(true), "{list}");
        assert_eq!(kind(&format!("{list}?format=json"), Some("text/csv")).await, Some(false), "{list}");
        shop.get(&format!("{list}?format=xml")).await.refused(422, "invalid_field");
    }
}

async fn what_is_refused_is_refused_before_a_csv_begins(shop: TestShop) {
    let table = [
        ("/v1/conversions?format=csv&colour=red", 422, "invalid_field"),
        ("/v1/conversions?format=csv&limit=0", 422, "invalid_field"),
        ("/v1/conversions?format=csv&after=x", 422, "invalid_field"),
        ("/v1/channels?format=csv&colour=red", 422, "invalid_field"),
        ("/v1/customers/nobody/rewards?format=csv", 404, "not_found"),
        ("/v1/customers/nobody/timeline?format=csv", 404, "not_found"),
    ];
    for (path, status, code) in table {
        shop.get(path).await.refused(status, code);
    }
    shop.anonymous().get("/v1/customers?format=csv").await.refused(401, "unauthenticated");
}

/// Names that are formulas to a spreadsheet, by one separator or by another.
const FORMULAS: [&str; 12] = [
    "=1+1",
    "+49",
    "-1",
    "@x",
    "Max;=cmd|' /C calc'!A0;x",
    "Max;\"=1\";@x",
    "Max, the first;\u{a0}-1",
    "＝1;＋1",
    "－1;＠x",
    "\u{200b}=1",
    "\u{feff}\u{202e}@x;\u{2060}＝1",
    "'=1;'=1",
];

/// The cells as a spreadsheet reads them that divides by this.
fn cells(answer: &Answer, divides: u8) -> Vec<String> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(divides).flexible(true).has_headers(false).from_reader(answer.bytes());
    let rows = reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect::<Vec<_>>());
    rows.flatten().collect()
}

/// Whether a spreadsheet calculates a cell, for all that it passes over.
fn is_formula(cell: &str) -> bool {
    let unseen = ['"', '\u{200b}', '\u{feff}', '\u{202e}', '\u{2060}'];
    let seen = cell.trim_start_matches(|c: char| c.is_whitespace() || unseen.contains(&c));
    seen.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) && seen.parse::<i64>().is_err()
}

async fn no_cell_of_any_csv_is_a_formula(shop: TestShop) {
    for (number, name) in FORMULAS.into_iter().enumerate() {
        let customer = json!({"name": name, "attributes": {"note;": name}});
        shop.put(&format!("/v1/customers/{number}"), customer).await.created();
        let order = json!({"order_id": name, "customer": number.to_string(), "amount": 100, "currency": "EUR"});
        shop.post("/v1/conversions", order).await.created();
        let voucher = json!({"kind": "amount_off", "amount": 100, "reference": name});
        let voucher = shop.post("/v1/vouchers", voucher).await.created();
        let void = format!("{}/void", path("/v1/vouchers", &voucher["id"]));
        shop.post(&void, json!({"reason": name})).await.ok();
    }
    let line = |name: &str| json!({"code": name, "customer": name}).to_string();
    let job = shop.imported("codes", &FORMULAS.map(line).join("\n")).await;
    let errors = format!("{}/errors", path("/v1/jobs", &job["id"]));
    let lists =
        ["/v1/customers", "/v1/conversions", "/v1/vouchers", "/v1/events", "/v1/audit_log", "/v1/customers/4/timeline"];
    for list in lists.map(|list| format!("{list}?format=csv")).iter().chain([&errors]) {
        let answer = shop.get(list).await;
        for divides in *b",;\t" {
            let cells = cells(&answer, divides);
            assert!(cells.len() > 1, "{list} has {} cells", cells.len());
            let formula = cells.iter().find(|cell| is_formula(cell));
            assert_eq!(formula, None, "{list}, divided by {:?}", char::from(divides));
        }
    }
}

/// What is quoted is read back as it was, by us.
async fn a_list_with_formulas_can_be_imported(shop: TestShop) {
    for (number, name) in FORMULAS.into_iter().enumerate() {
        let customer = json!({"name": name, "attributes": {"note;": name}});
        shop.put(&format!("/v1/customers/{number}"), customer).await.created();
    }
    let list = shop.get("/v1/customers?format=csv").await;
    let other = shop.another().await;
    let job = other.imported("customers", list.text()).await;
    assert_eq!((&job["done"], &job["refused"]), (&json!(FORMULAS.len()), &json!(0)), "{job}");
    for number in 0..FORMULAS.len() {
        let place = format!("/v1/customers/{number}");
        let (was, is) = (shop.get(&place).await.ok(), other.get(&place).await.ok());
        for field in ["name", "attributes"] {
            assert_eq!(is[field], was[field]);
        }
    }
}

async fn lists_narrow_by_time(shop: TestShop) {
    let made = orders(&shop, 1).await;
    shop.advance(2).await;
    let order = json!({"order_id": "later", "amount": 100, "currency": "EUR"});
    let later = shop.post("/v1/conversions", order).await.created();
    let at = later["created_at"].as_str().expect("an instant");
    let ids = |rows: Vec<Value>| rows.into_iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(shop.list(&format!("/v1/conversions?created_from={at}")).await), [later["id"].clone()]);
    assert_eq!(ids(shop.list(&format!("/v1/conversions?created_to={at}")).await), [made[0]["id"].clone()]);
}

async fn a_filter_that_a_list_does_not_have_is_refused(shop: TestShop) {
    orders(&shop, 1).await;
    let long = format!("/v1/conversions?order_id={}", "x".repeat(255));
    let table = [
        ("/v1/conversions?colour=red", "?colour"),
        ("/v1/events?status=x", "?status"),
        ("/v1/conversions?status=pendig", "?status"),
        ("/v1/vouchers?status=gone", "?status"),
        (&*long, "?order_id"),
    ];
    for (path, name) in table {
        let problem = shop.get(path).await.refused(422, "invalid_field");
        assert_eq!(problem["errors"][0]["pointer"], name);
    }
}

async fn orders_are_found_by_what_they_are(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "anna").await;
    shop.customer("ben").await;
    let order = json!({"order_id": "A/1", "customer": "ben", "amount": 5000, "currency": "EUR", "evidence": {"token": share["token"]}});
    let order = shop.post("/v1/conversions", order).await.created();
    shop.post("/v1/conversions", json!({"order_id": "B", "amount": 1, "currency": "EUR"})).await.created();
    let (slug, id) = (program["slug"].as_str().expect("a slug"), share["id"].as_str().expect("an id"));
    let wanted =
        ["customer=ben", "external_id=ben", "advocate=anna", "order_id=A%2F1", "status=pending"].map(str::to_owned);
    for filter in wanted.into_iter().chain([format!("program={slug}"), format!("share={id}")]) {
        let found = shop.list(&format!("/v1/conversions?{filter}")).await;
        assert_eq!(found, std::slice::from_ref(&order), "{filter}");
    }
    assert!(shop.list("/v1/conversions?customer=nobody").await.is_empty());
}

#[test]
fn a_long_csv_needs_little_sqlite() {
    a_long_csv_needs_little(Backend::Sqlite);
}

#[test]
fn a_long_csv_needs_little_postgres() {
    a_long_csv_needs_little(Backend::Postgres);
}

/// However long a list is, and however slowly it is fetched: little of it is in memory, and the one
/// connection for reading is free for others.
fn a_long_csv_needs_little(backend: Backend) {
    const ROWS: usize = 1_500;
    // Half of what four lists have; a database's own caches are in it.
    const MOST_MEGABYTES: u64 = 64;
    let database = fresh_database(backend);
    let server = Process::start(&database, &[]);
    block_on(async {
        let shop = TestShop::through(&database, std::slice::from_ref(&server)).await;
        let notes: serde_json::Map<_, _> = (0..40).map(|n| (format!("note-{n}"), json!("x".repeat(500)))).collect();
        let line = |n| json!({"external_id": format!("c-{n}"), "attributes": notes}).to_string();
        let file: Vec<String> = (0..ROWS).map(line).collect();
        let job = path("/v1/jobs", &shop.import("customers", &file.join("\n")).await.accepted()["id"]);
        while shop.get(&job).await.ok()["status"] != "finished" {}
        server.kill();
        // What the import took does not count.
        let server = Process::start(&database, &[("GRAPEVINE_READERS", "1"), ("GRAPEVINE_THREADS", "2")]);
        let shop = shop.moved_to(std::slice::from_ref(&server));
        // Nor does the program itself, of which only what is run is loaded.
        shop.customer("early").await;
        assert_eq!(rows(&shop.get("/v1/customers?format=csv&limit=10&external_id=early").await).len(), 1);
        let before = server.peak_megabytes();
        let mut slow = Vec::new();
        for _ in 0..3 {
            slow.push(begin(&shop, "/v1/customers?format=csv&limit=10").await);
        }
        assert_eq!(shop.list("/v1/customers?external_id=c-7").await.len(), 1, "the reader is free");
        shop.customer("late").await;
        if backend == Backend::Sqlite {
            assert_eq!(busy_at_checkpoint(&database), 0, "an old snapshot is held");
        }
        let whole = shop.get("/v1/customers?format=csv&limit=10").await;
        assert_eq!(rows(&whole).len(), ROWS + 2);
        let (megabytes, more) = (whole.bytes().len() / 1_000_000, server.peak_megabytes() - before);
        assert!(megabytes > 25 && more < MOST_MEGABYTES, "{more} MB for four lists of {megabytes} MB");
    });
}

/// Asks for a list and reads no more than how it begins.
async fn begin(shop: &TestShop, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(shop.base().trim_start_matches("http://")).await.expect("the server listens");
    let authorization = shop.authorization().expect("a key");
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {authorization}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("it is sent");
    let mut begun = [0; 12];
    stream.read_exact(&mut begun).await.expect("an answer begins");
    assert_eq!(&begun, b"HTTP/1.1 200");
    stream
}

/// Whether somebody still reads what the log held before: then it cannot be emptied.
fn busy_at_checkpoint(database: &str) -> i64 {
    let mut other = Target::parse(database).expect("a URL").connect(Use::Tool).expect("a connection");
    let rows = other.query(&Statement::new("PRAGMA wal_checkpoint(TRUNCATE)"), &[Kind::Int; 3]).expect("a row");
    grapevine::records::Values::new(rows.into_iter().next().expect("a row")).column().expect("a number")
}

async fn records_are_asked_for_by_their_ids(shop: TestShop) {
    let made = orders(&shop, 60).await;
    let all: Vec<String> = made.iter().map(|row| text(&row["id"])).collect();
    let page = shop.get(&format!("/v1/conversions?ids={}", all.join(","))).await.ok();
    let shown: Vec<String> = elements(&page["data"]).iter().map(|row| text(&row["id"])).collect();
    assert_eq!((shown, &page["next"]), (newest_first(&made), &Value::Null), "all that are named are one page");
    // What is not there is left out, whosever it is; what is named twice is shown once; other filters hold.
    let theirs = orders(&shop.another().await, 1).await.remove(0);
    let some = format!("{},{},{},{}", all[3], text(&theirs["id"]), all[3], text(&shop.customer("anna").await["id"]));
    let asked = async |more: &str| shop.list(&format!("/v1/conversions?ids={some}{more}")).await;
    assert_eq!(asked("").await, [made[3].clone()]);
    assert_eq!(asked("&order_id=3").await, [made[3].clone()]);
    assert_eq!(asked("&order_id=4").await, Vec::<Value>::new());
    assert_eq!(asked("&status=cancelled").await, Vec::<Value>::new());
    let page = shop.get(&format!("/v1/conversions?limit=2&ids={},{},{}", all[0], all[1], all[2])).await.ok();
    assert!(elements(&page["data"]).len() == 2 && page["next"].is_string(), "by pages, where that is asked for");
    let csv = shop.get(&format!("/v1/conversions?format=csv&ids={},{}", all[8], all[9])).await;
    assert_eq!(rows(&csv).len(), 2);
    let customer = text(&shop.list("/v1/customers").await[0]["id"]);
    assert_eq!(shop.list(&format!("/v1/customers?ids={customer}")).await.len(), 1);
    assert_eq!(shop.list(&format!("/v1/conversions?ids={}&ids={}", all[0], all[1])).await.len(), 2);
    let many = vec![all[0].as_str(); 101].join(",");
    assert_eq!(shop.list(&format!("/v1/conversions?ids={many}")).await.len(), 1);
    let many = (0..101).map(|number| format!("cnv_{number:026}")).collect::<Vec<_>>().join(",");
    for wrong in [&many, "", "x", "3", "cnv_1,"] {
        let refused = shop.get(&format!("/v1/conversions?ids={wrong}")).await.refused(422, "invalid_field");
        assert_eq!(refused["errors"][0]["pointer"], "?ids", "{wrong}");
    }
    shop.get(&format!("/v1/customers/anna/rewards?ids={}", all[0])).await.refused(422, "invalid_field");
}

/// What a list shows beside its rows is asked for at once, however many rows there are.
#[test]
fn a_long_list_asks_the_database_no_more_than_a_short_one() {
    const ORDERS: usize = 40;
    let database = fresh_database(Backend::Postgres);
    let proxy = Proxy::before(&database);
    // Nothing that goes on beside it asks meanwhile.
    let server = [Process::start(&proxy.url(), &[("GRAPEVINE_TICK_MS", "600000")])];
    block_on(async {
        let shop = TestShop::through(&database, &server).await;
        let program = shop.program(json!({"pending_days": 0})).await;
        let share = shop.share(&program, "advocate").await;
        for number in 0..ORDERS {
            let order = json!({"order_id": format!("A-{number}"), "customer_details": {"email": format!("f{number}@mail.example")},
                               "amount": 4990, "currency": "EUR", "paid": true, "evidence": {"token": share["token"]}});
            shop.post("/v1/conversions", order).await.created();
        }
        for list in ["conversions", "rewards", "vouchers", "messages", "events"] {
            let mut trips = [0; 2];
            for (place, limit) in [1, 200].into_iter().enumerate() {
                let path = format!("/v1/{list}?limit={limit}");
                shop.get(&path).await.ok();
                let before = proxy.trips();
                let rows = elements(&shop.get(&path).await.ok()["data"]).len();
                trips[place] = proxy.trips() - before;
                assert!(rows == 1 || place == 1 && rows > 20, "{list}: {rows}");
            }
            assert!(trips[1] <= trips[0] + 3, "{list}: {trips:?} round trips");
        }
    });
}
