//! What `doctor` says has to stand in the DNS, and what it finds there: by a name server of the test's own.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::support::database::fresh_database;
use crate::support::process::command;
use crate::support::*;

/// Names, and the text that stands at each.
type Zone = BTreeMap<String, String>;

/// Answers one question about texts over TCP (RFC 1035), and lets go.
fn answer(mut stream: TcpStream, zone: &Zone) {
    let mut length = [0; 2];
    stream.read_exact(&mut length).expect("a length");
    let mut asked = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut asked).expect("a question");
    let (mut labels, mut rest) = (Vec::new(), &asked[12..]);
    while rest[0] != 0 {
        let (label, behind) = rest[1..].split_at(usize::from(rest[0]));
        labels.push(String::from_utf8(label.to_vec()).expect("a name"));
        rest = behind;
    }
    assert_eq!(rest, [0, 0, 16, 0, 1], "texts are asked for");
    let found = zone.get(&labels.join("."));
    let mut said = asked.clone();
    said[2] |= 0x80;
    said[3] = if found.is_some() { 0 } else { 3 };
    said[7] = u8::from(found.is_some());
    if let Some(text) = found {
        let parts: Vec<u8> =
            text.as_bytes().chunks(200).flat_map(|part| [&[part.len() as u8], part].concat()).collect();
        let length = u16::try_from(parts.len()).expect("a short text").to_be_bytes();
        said.extend([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, length[0], length[1]]);
        said.extend(parts);
    }
    let length = u16::try_from(said.len()).expect("a short answer").to_be_bytes();
    stream.write_all(&[&length[..], &said].concat()).expect("it is sent");
}

/// What doctor says, asking a name server that knows this much, three times.
fn examined(key: &str, zone: Zone) -> Value {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let server = thread::spawn(move || {
        for _ in 0..3 {
            answer(listener.accept().expect("a question").0, &zone);
        }
    });
    let mut doctor = command(&fresh_database(Backend::Sqlite));
    doctor.env("GRAPEVINE_DNS", address).env("GRAPEVINE_DKIM_KEYS", format!("gv1@shop.example={key}"));
    let output = doctor.args(["doctor", "--json"]).output().expect("it runs");
    server.join().expect("each question was answered");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn the_doctor_says_what_has_to_stand_in_the_dns_and_looks_for_it() {
    let key = std::env::temp_dir().join(fresh("dkim"));
    let der = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der));
    std::fs::write(&key, pem).expect("a key can be written");
    let path = key.display().to_string();
    let found = examined(&path, Zone::new());
    let wanted = elements(&found["dns"]);
    let names: Vec<String> = wanted.iter().map(|each| text(&each["name"])).collect();
    assert_eq!(names, ["gv1._domainkey.shop.example", "_dmarc.shop.example", "shop.example"]);
    assert!(wanted.iter().all(|each| each["found"] == "wrong"), "{found}");
    let warnings = found["warnings"].to_string();
    assert!(names.iter().all(|name| warnings.contains(name.as_str())), "{warnings}");
    // Put there as it was said, all of it is right.
    let zone = wanted.iter().map(|each| (text(&each["name"]), text(&each["value"]))).collect();
    let found = examined(&path, zone);
    assert!(elements(&found["dns"]).iter().all(|each| each["found"] == "right"), "{found}");
    assert!(!found["warnings"].to_string().contains("DNS"), "{found}");
    std::fs::remove_file(&key).expect("it was written");
}
