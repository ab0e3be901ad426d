//! Webhooks as they arrive, judged by others' software: `standardwebhooks` of npm and of PyPI.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;

use serde_json::{Map, Value, json};

use super::root;
use super::server::{Backend, Server};
use super::tools::{modules, python, run};

crate::on_both!(standardwebhooks_verifies_what_is_sent_and_nothing_that_was_changed);

/// Takes what is sent, as it came: headers in small letters, and the body.
fn take(stream: &TcpStream) -> Value {
    let mut reader = BufReader::new(stream);
    let (mut headers, mut length) = (Map::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a line of the head");
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            match line.trim().is_empty() {
                true => break,
                false => continue,
            }
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().expect("a length");
        }
        headers.insert(name.to_ascii_lowercase(), value.into());
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("the body");
    let mut stream = stream;
    stream.write_all(b"HTTP/1.1 204 Taken\r\nconnection: close\r\n\r\n").expect("it is answered");
    json!({"headers": headers, "body": String::from_utf8(body).expect("UTF-8")})
}

fn standardwebhooks_verifies_what_is_sent_and_nothing_that_was_changed(backend: Backend) {
    let server = Server::start_with(backend, &[("GRAPEVINE_OUTBOUND_ALLOW", "127.0.0.1".to_owned())]);
    let shop = server.found("Kaffee");
    let receiver = TcpListener::bind(("127.0.0.1", 0)).expect("a listener");
    let url = format!("http://{}/hooks", receiver.local_addr().expect("an address"));
    let plain = shop.post(&server.url, "/v1/webhook_endpoints", &json!({ "url": url }));
    assert_eq!(plain["public_key"], Value::Null);
    let made = shop.send(
        reqwest::Client::new()
            .patch(format!("{}/v1/webhook_endpoints/{}", server.url, plain["id"].as_str().unwrap_or_default()))
            .json(&json!({"asymmetric": true})),
    );
    shop.send(
        reqwest::Client::new().put(format!("{}/v1/customers/anna", server.url)).json(&json!({"name": "Änne “☕”"})),
    );
    let grant = json!({"customer": "anna", "reward": {"kind": "store_credit", "amount": 100}, "reason": "Für ☕"});
    shop.post(&server.url, "/v1/grants", &grant);
    let hooks: Vec<Value> = (0..2).map(|_| take(&receiver.accept().expect("it is sent").0)).collect();
    assert!(hooks.iter().any(|hook| hook["body"].as_str().is_some_and(|body| body.contains('☕'))), "{hooks:?}");
    let told = json!({"secret": plain["secret"], "publicKey": made["public_key"], "hooks": hooks});
    let file = server.file("hooks.json");
    fs::write(&file, told.to_string()).expect("it can be written");
    let walks = root().join("tests/clients/walks");
    let by_npm =
        run(Command::new("node").arg(walks.join("webhooks.mjs")).arg(modules().join("package.json")).arg(&file));
    let by_pypi = run(Command::new(python()).arg(walks.join("webhooks.py")).arg(&file));
    for said in [by_npm, by_pypi] {
        let said: Value = serde_json::from_str(&said).expect("JSON");
        assert_eq!(said, json!([[true, true, false], [true, true, false]]));
    }
}
