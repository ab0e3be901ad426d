//! Traces: from the request to its statements, at the collector that is named; and nothing of what was sent in them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::support::database::fresh_database;
use crate::support::process::Process;
use crate::support::server::block_on;
use crate::support::*;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const ADDRESS: &str = "canary.address@mail.example";

/// A collector that keeps what it is sent.
struct Collector {
    endpoint: String,
    sent: Arc<Mutex<Vec<Value>>>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let sent = Arc::new(Mutex::new(Vec::new()));
        let kept = sent.clone();
        // It ends with the process of the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = kept.clone();
                std::thread::spawn(move || take(stream, &kept));
            }
        });
        Self { endpoint, sent }
    }

    /// The spans that came.
    fn spans(&self) -> Vec<Value> {
        let sent = self.sent.lock().expect("no panic");
        sent.iter().flat_map(|body| elements(&body["resourceSpans"][0]["scopeSpans"][0]["spans"])).collect()
    }
}

/// Requests of one connection, until it is closed.
fn take(stream: TcpStream, kept: &Mutex<Vec<Value>>) {
    let mut input = BufReader::new(stream.try_clone().expect("a socket"));
    let mut output = stream;
    loop {
        let (mut length, mut line) = (0, String::new());
        while input.read_line(&mut line).is_ok_and(|read| read > 2) {
            let header = std::mem::take(&mut line).to_ascii_lowercase();
            if let Some(bytes) = header.strip_prefix("content-length:") {
                length = bytes.trim().parse().expect("a number");
            }
        }
        let mut body = vec![0; length];
        if length == 0 || input.read_exact(&mut body).is_err() {
            return;
        }
        kept.lock().expect("no panic").push(serde_json::from_slice(&body).expect("JSON"));
        output.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").expect("it is answered");
    }
}

mod a_trace_goes_from_the_request_to_its_statements {
    use super::*;

    #[test]
    fn sqlite() {
        goes_on(Backend::Sqlite);
    }

    #[test]
    fn postgres() {
        goes_on(Backend::Postgres);
    }
}

fn goes_on(backend: Backend) {
    let (database, collector) = (fresh_database(backend), Collector::start());
    let servers = [Process::start(&database, &[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.endpoint)])];
    let (written, read) = block_on(async {
        let shop = TestShop::through(&database, &servers).await;
        let traced = format!("00-{TRACE}-b7ad6b7169203331-01");
        let customer = json!({"email": ADDRESS, "name": "Ann"});
        let written = shop.put("/v1/customers/ann", customer).header("traceparent", &traced).await;
        let read = shop.get(&format!("/v1/customers/{ADDRESS}")).await;
        assert_eq!((written.status(), read.status()), (201, 404));
        (written, read)
    });
    let [server] = servers;
    server.stop();
    let spans = collector.spans();
    let said = |span: &Value, name: &str| {
        let attribute = elements(&span["attributes"]).into_iter().find(|attribute| attribute["key"] == name);
        attribute.map(|attribute| attribute["value"].clone()).unwrap_or_default()
    };
    let root = |answer: &Answer| {
        let id = answer.header("x-request-id").expect("an id").to_owned();
        spans.iter().find(|span| said(span, "request_id")["stringValue"] == id).cloned().expect("its span")
    };
    let below = |parent: &Value, name: &str| -> Vec<Value> {
        let is_below = |span: &&Value| span["parentSpanId"] == parent["spanId"] && span["name"] == name;
        spans.iter().filter(is_below).cloned().collect()
    };
    let request = root(&written);
    assert_eq!((&request["name"], &request["traceId"]), (&json!("upsert_customer"), &json!(TRACE)));
    assert_eq!(request["parentSpanId"], "b7ad6b7169203331");
    assert_eq!(said(&request, "status"), json!({"intValue": "201"}));
    let [command] = below(&request, "upsert_customer").try_into().expect("one command");
    let [batch] = below(&command, "batch").try_into().expect("one batch");
    let statements = below(&batch, "statement");
    let texts: Vec<Value> = statements.iter().map(|statement| said(statement, "sql")["stringValue"].clone()).collect();
    assert!(texts.iter().any(|sql| sql.as_str().is_some_and(|sql| sql.contains("INSERT INTO customers"))), "{texts:?}");
    assert!(texts.iter().any(|sql| sql.as_str().is_some_and(|sql| sql.contains("COMMIT"))), "{texts:?}");
    assert!(statements.iter().all(|statement| statement["traceId"] == TRACE));

    let request = root(&read);
    assert_eq!(
        (&request["name"], said(&request, "code")),
        (&json!("get_customer"), json!({"stringValue": "not_found"}))
    );
    assert!(!below(&request, "statement").is_empty(), "what is read is traced, too");
    let all = spans.iter().map(Value::to_string).collect::<String>();
    assert!(!all.contains(ADDRESS) && !all.contains("/v1/"), "nothing of what was sent is in it");
}

/// A collector that is away costs its traces, and nothing else.
#[test]
fn who_is_away_keeps_nobody_waiting() {
    let nobody = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let endpoint = format!("http://{nobody}");
    let database = fresh_database(Backend::Sqlite);
    let servers = [Process::start(&database, &[("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)])];
    block_on(async {
        let shop = TestShop::through(&database, &servers).await;
        shop.customer("ann").await;
    });
    servers[0].until_logged("traces cannot be sent");
    let [server] = servers;
    server.stop();
}
