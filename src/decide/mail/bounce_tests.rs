//! Reports as mail servers write them, and what they come to.

use super::*;

const TAG: &str = "01kaskqz3m0d2w9xk7y5hd1v8r0123456789abcdef";

/// A report as Postfix writes it.
fn postfix(action: &str, status: &str, diagnosis: &str) -> String {
    format!(
        "Return-Path: <>\r\nDelivered-To: bounces+{TAG}@mail.shop.example\r\nFrom: MAILER-DAEMON@mx.example (Mail Delivery System)\r\n\
         Subject: Undelivered Mail Returned to Sender\r\nTo: bounces+{TAG}@mail.shop.example\r\nAuto-Submitted: auto-replied\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"B/mx.example\"\r\n\r\n\
         This is a MIME-encapsulated message.\r\n\r\n--B/mx.example\r\nContent-Description: Notification\r\n\
         Content-Type: text/plain; charset=us-ascii\r\n\r\nI'm sorry to have to inform you.\r\n\r\n--B/mx.example\r\n\
         Content-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.example\r\nX-Postfix-Queue-ID: 4bT\r\n\r\n\
         Final-Recipient: rfc822; anna@example.org\r\nOriginal-Recipient: rfc822;anna@example.org\r\nAction: {action}\r\n\
         Status: {status}\r\nRemote-MTA: dns; mx.example.org\r\nDiagnostic-Code: smtp; {diagnosis}\r\n\r\n--B/mx.example\r\n\
         Content-Description: Undelivered Message\r\nContent-Type: message/rfc822\r\n\r\n\
         To: other+{}@mail.shop.example\r\nSubject: x\r\n\r\nx\r\n\r\n--B/mx.example--\r\n",
        TAG.replace('0', "9"),
    )
}

#[test]
fn a_report_says_what_became_of_which_mail() {
    let report = read(postfix("failed", "5.1.1", "550 5.1.1 <anna@example.org>: no such\r\n    user").as_bytes());
    let report = report.expect("a report");
    assert!(report.has_failed && report.status.blames_address(), "{report:?}");
    assert_eq!(report.reason(), "5.1.1: 550 5.1.1 <anna@example.org>: no such user");
    assert!(
        !report.tags.is_empty() && report.tags.iter().all(|tag| tag == TAG),
        "not what the mail itself names: {report:?}"
    );
}

#[test]
fn what_is_late_or_arrived_has_not_failed() {
    for action in ["delayed", "delivered", "relayed", "expanded"] {
        let report = read(postfix(action, "4.4.1", "connect timed out").as_bytes()).expect("a report");
        assert!(!report.has_failed, "{action}");
    }
    let bare = read(postfix("failed", "", "550 5.2.1 disabled").as_bytes()).expect("a report");
    assert_eq!(bare.status.to_string(), "5.2.1");
    let nothing = read(postfix("failed", "x", "no").as_bytes()).expect("a report");
    assert_eq!((nothing.status.to_string().as_str(), nothing.status.blames_address()), ("5.0.0", true));
}

#[test]
fn what_is_no_report_is_none() {
    let mail = "To: bounces+x@mail.example\r\nSubject: out of office\r\n\r\nI am on holiday. Action: failed\r\nStatus: 5.1.1\r\n";
    for text in [mail, "", "\0", "Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n--x--\r\n"] {
        assert_eq!(read(text.as_bytes()), None, "{text}");
    }
    let empty = "To: a@b.example\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n";
    assert_eq!(read(empty.as_bytes()), None, "it names no recipient");
}

#[test]
fn only_what_is_the_addresss_fault_counts_against_it() {
    let blamed = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.0.0", "5.4.4"];
    let others = ["4.2.2", "4.4.7", "2.1.5", "5.2.2", "5.2.3", "5.3.4", "5.6.1", "5.7.1", "5.7.26", "5.1.7", "5.1.8"];
    for (words, blames) in [(blamed.as_slice(), true), (others.as_slice(), false)] {
        for word in words {
            assert_eq!(Status::parse(word).map(Status::blames_address), Some(blames), "{word}");
        }
    }
    for (answer, names) in [
        ("permanent error (550): 5.1.1 no such user", true),
        ("550 5.1.10 null MX", true),
        ("550-5.2.1 disabled", true),
        ("550 5.1.0 sender rejected", false),
        ("554 5.7.1 relay access denied", false),
        ("451 4.1.1 come again", false),
        ("550 no", false),
    ] {
        assert_eq!(Status::in_answer(answer).is_some_and(Status::names_address), names, "{answer}");
    }
}

#[test]
fn what_is_no_status_is_none() {
    for text in ["", "5", "5.1", "5.1.x", "3.1.1", "50.1.1", "5.1.1000", "a5.1.1", "5.1.99999"] {
        assert_eq!(Status::parse(text), None, "{text}");
    }
    assert_eq!(Status::parse(" 5.1.1 (bad)").map(|status| status.to_string()).as_deref(), Some("5.1.1"));
}
