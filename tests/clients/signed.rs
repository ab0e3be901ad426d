//! Mails as they leave, judged by others' software: signatures by dkimpy, with the keys that `doctor` says are to stand in
//! the DNS.

use std::fs;
use std::path::Path;
use std::process::Command;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::root;
use super::server::{Backend, Server};
use super::tools::{python, run};

/// Writes a key as `openssl genpkey` does, and answers where.
pub fn key(folder: &Path, name: &str, der: &[u8]) -> String {
    let file = folder.join(name);
    let text = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der));
    fs::write(&file, text).expect("a key can be written");
    file.display().to_string()
}

/// A mail of advertising, which has everything that is signed; its text as it was handed over.
fn mail(server: &Server) -> String {
    let shop = server.found("Kaffee");
    let client = reqwest::Client::new();
    let sender = json!({"sender": {"name": "Kaffee", "email": "hallo@news.shop.example"}, "test_recipients": ["anna@mail.example"]});
    shop.send(client.patch(format!("{}/v1/shop", server.url)).header("if-match", "*").json(&sender));
    let consents = json!([{"kind": "marketing_mail", "given": true}]);
    let anna = json!({"email": "anna@mail.example", "name": "Änne Müller", "locale": "de", "consents": consents});
    shop.send(client.put(format!("{}/v1/customers/anna", server.url)).json(&anna));
    let grant = json!({"customer": "anna", "reward": {"kind": "gift_card", "amount": 500}, "reason": "spring", "purpose": "promotion"});
    shop.post(&server.url, "/v1/grants", &grant);
    loop {
        let messages = shop.get(&server.url, "/v1/messages");
        let message = &messages["data"][0];
        match message["status"].as_str() {
            Some("sent") => {
                let name = format!("mails/{}.eml", message["id"].as_str().unwrap_or_default());
                return fs::read_to_string(server.file(&name)).expect("the mail is there");
            }
            Some("queued" | "sending") => {}
            other => panic!("{other:?}: {message}"),
        }
    }
}

#[test]
fn dkimpy_verifies_our_signatures_and_nothing_that_was_changed() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("dkim_{}", ulid::Ulid::generate()));
    fs::create_dir_all(&folder).expect("a folder");
    let rsa = KeyPair::generate(KeySize::Rsa2048).expect("a key");
    let rsa = AsDer::<Pkcs8V1Der<'static>>::as_der(&rsa).expect("it is written");
    let ed25519 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
    let keys = format!(
        "gv1@shop.example={},gv2@shop.example={}",
        key(&folder, "rsa.pem", rsa.as_ref()),
        key(&folder, "ed25519.pem", ed25519.as_ref())
    );
    // Nobody answers there: what is to stand in the DNS is said all the same.
    let settings = [
        ("MAIL_URL", "file:mails".to_owned()),
        ("GRAPEVINE_DKIM_KEYS", keys),
        ("GRAPEVINE_DNS", "127.0.0.1:1".to_owned()),
    ];
    let server = Server::start_with(Backend::Sqlite, &settings);
    let mail = mail(&server);
    let doctor = server.run(&["doctor"]);
    fs::write(folder.join("mail.eml"), mail).expect("it can be written");
    fs::write(folder.join("records.json"), doctor["dns"].to_string()).expect("it can be written");
    let script = root().join("tests/clients/walks/signed.py");
    let said = run(Command::new(python()).arg(script).arg(folder.join("mail.eml")).arg(folder.join("records.json")));
    let said: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(said["held"], json!([true, true]), "{said}");
    assert_eq!(said["relaxed"], json!([true, true]), "blanks change on the way: {said}");
    let changed = said["changed"].as_array().expect("each change");
    assert!(changed.len() == 6 && changed.iter().all(|held| *held == json!([false, false])), "{said}");
    fs::remove_dir_all(&folder).expect("it can be removed");
}
