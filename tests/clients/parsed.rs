//! Mails as they are written, read by others' software: Python's own library, and `icalendar` of PyPI for what is attached.

use std::process::Command;

use serde_json::{Value, json};

use super::root;
use super::tools::{python, run};

/// The samples are whole mails, to the letter, which `delivery::mail` holds to what is written.
#[test]
fn python_and_icalendar_read_every_sample_and_find_nothing_wrong() {
    let script = root().join("tests/clients/walks/mails.py");
    let said = run(Command::new(python()).arg(script).arg(root().join("templates/mail/samples")));
    let said: Value = serde_json::from_str(&said).expect("JSON");
    let mails = said.as_object().expect("mails by the names of files");
    assert!(mails.len() > 20, "{}", mails.len());
    for (file, mail) in mails {
        assert_eq!(mail["defects"], json!([]), "{file}");
        assert_eq!((&mail["to"], &mail["name"]), (&json!("anna@example.org"), &json!("Anna Müller")), "{file}");
        let (subject, said) = (mail["subject"].as_str(), mail["text"].as_str());
        let names = |text: Option<&str>| text.is_some_and(|text| text.contains("Kaffeehaus Grün & Söhne"));
        assert!(names(said) && subject.is_some_and(|subject| !subject.is_empty()), "{file}: {mail}");
        let calendars = mail["calendars"].as_array().expect("calendars");
        assert_eq!(calendars.len(), usize::from(file.starts_with("pass_")), "{file}");
        for calendar in calendars {
            let (method, status) =
                if file.starts_with("pass_withdrawn") { ("CANCEL", "CANCELLED") } else { ("PUBLISH", "CONFIRMED") };
            let uid = "vch_01m86fyz800w3ge1r70w3ge1r7@grapevine.example";
            let event = json!({"summary": "Verkostung <spät>", "uid": uid, "starts": "2026-12-24T18:00:00+01:00",
                "ends": "2026-12-24T21:00:00+01:00", "status": status, "errors": []});
            let expected = json!({"method": method, "param": method, "errors": [], "events": [event]});
            assert_eq!(*calendar, expected, "{file}");
        }
    }
}
