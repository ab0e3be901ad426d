//! Mails that come back: by which address, told by whom, and what follows.

use std::path::PathBuf;
use std::time::Duration;

use grapevine::decide::mail::bounce;
use grapevine::demo::receiver::Receiver;

use super::messages::{arrived, card, message, reachable, told};
use crate::support::server::{own, receiver};
use crate::support::*;

on_both!(
    what_comes_back_for_good_suppresses_its_address,
    a_made_up_report_suppresses_nobody,
    what_is_no_report_is_refused,
    a_suppression_is_exported_and_erased,
    what_comes_back_is_read_from_a_folder,
);

/// Longest wait for a mail.
const LIMIT: Duration = Duration::from_secs(60);
/// Where mails come back to.
const BACK: (&str, &str) = ("GRAPEVINE_BOUNCE_ADDRESS", "bounces@mail.shop.example");

/// A report of a mail server, sent to a return path.
pub fn report(to: &str, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n--b\r\n\
         Content-Type: text/plain\r\n\r\nIt came back.\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; somebody-else@example.org\r\nAction: failed\r\n\
         Status: {status}\r\nDiagnostic-Code: smtp; 550 {status} no such user\r\n\r\n--b--\r\n"
    )
}

/// A mail that has left.
struct Sent {
    message: Value,
    /// Where it comes back to.
    back: String,
}

async fn sent(shop: &TestShop, external_id: &str) -> Sent {
    let address = reachable(shop, external_id).await;
    let queued = told(shop, external_id, card()).await;
    assert!(receiver().wait_for(&address, 1, LIMIT).await.is_some());
    shop.server().settle_mails().await;
    let id = text(&queued["id"]).parse().expect("an id");
    let tag = bounce::tag(&shop.server().app.installation.vault, id);
    Sent { message: message(shop, &queued["id"]).await, back: format!("bounces+{tag}@mail.shop.example") }
}

/// Writes to somebody new, and tells that it came back for good.
pub async fn came_back(shop: &TestShop, external_id: &str) -> Answer {
    let sent = sent(shop, external_id).await;
    tell(shop, &report(&sent.back, "5.1.1")).await
}

async fn tell(actor: &Actor, report: &str) -> Answer {
    let ask = actor.ask(reqwest::Method::POST, "/v1/mail/bounces").raw(report);
    ask.header("content-type", "message/rfc822").await
}

async fn what_comes_back_for_good_suppresses_its_address(shop: TestShop) {
    let sent = sent(&shop, "anna").await;
    let (own, id) = (&shop, text(&sent.message["id"]));
    let soft = tell(own, &report(&sent.back, "4.4.7").replace("Action: failed", "Action: delayed")).await.ok();
    assert_eq!(soft["outcome"], "ignored");
    let told_of = tell(own, &report(&sent.back.to_uppercase(), "5.1.1")).await.ok();
    assert_eq!(told_of, json!({"message": id, "status": "5.1.1", "outcome": "suppressed"}));
    let failed = message(own, &sent.message["id"]).await;
    assert_eq!((&failed["status"], &failed["reason"]), (&json!("failed"), &json!("5.1.1: 550 5.1.1 no such user")));
    assert_eq!(tell(own, &report(&sent.back, "5.1.1")).await.ok()["outcome"], "ignored");
    let rows = own.list("/v1/suppressions?customer=anna").await;
    assert_eq!((rows.len(), &rows[0]["message"], &rows[0]["status"]), (1, &json!(id), &json!("5.1.1")));
    let second = told(own, "anna", card()).await;
    shop.server().settle_mails().await;
    let second = message(own, &second["id"]).await;
    assert_eq!((&second["status"], &second["reason"]), (&json!("suppressed"), &json!("address_suppressed")));
    let place = path("/v1/suppressions", &rows[0]["id"]);
    own.operator("viewer").await.delete(&place).await.refused(403, "forbidden");
    own.another().await.delete(&place).await.refused(404, "not_found");
    own.operator("support").await.delete(&place).await.no_content();
    own.delete(&place).await.refused(404, "not_found");
    let again = format!("{}/resend", path("/v1/messages", &second["id"]));
    own.post(&again, json!({"to": "original"})).await.created();
    arrived(&text(&second["recipient"]), 2).await;
}

async fn a_made_up_report_suppresses_nobody(shop: TestShop) {
    let sent = sent(&shop, "anna").await;
    let (name, domain) = sent.back.split_once('@').expect("an address");
    let (id, mark) = name.split_at(name.len() - 16);
    let guessed = mark.chars().map(|letter| if letter == '0' { '1' } else { '0' }).collect::<String>();
    for to in [
        format!("{id}{guessed}@{domain}"),
        format!("{id}@{domain}"),
        format!("bounces@{domain}"),
        "bounces+@mail.shop.example".to_owned(),
        text(&sent.message["recipient"]),
    ] {
        let said = tell(&shop, &report(&to, "5.1.1")).await.refused(422, "invalid_field");
        assert!(text(&said["detail"]).contains("the return path of a mail of this shop"), "{to}: {said}");
    }
    // A mail of another shop is none of theirs.
    let other = shop.another().await;
    tell(&other, &report(&sent.back, "5.1.1")).await.refused(422, "invalid_field");
    tell(&shop.anonymous(), &report(&sent.back, "5.1.1")).await.refused(401, "unauthenticated");
    tell(&shop.operator("viewer").await, &report(&sent.back, "5.1.1")).await.refused(403, "forbidden");
    assert_eq!(message(&shop, &sent.message["id"]).await["status"], "sent");
    assert!(shop.list("/v1/suppressions").await.is_empty());
}

async fn what_is_no_report_is_refused(shop: TestShop) {
    for body in ["", "Subject: I am on holiday\r\n\r\nUntil Monday.\r\n", "{}", "\u{0}"] {
        tell(&shop, body).await.refused(422, "invalid_field");
    }
    let ask = shop.ask(reqwest::Method::POST, "/v1/mail/bounces").raw("{}");
    ask.await.refused(415, "unsupported_media_type");
}

async fn a_suppression_is_exported_and_erased(shop: TestShop) {
    let sent = sent(&shop, "anna").await;
    tell(&shop, &report(&sent.back, "5.1.1")).await.ok();
    let export = shop.get("/v1/customers/anna/export").await.ok();
    assert_eq!(elements(&export["suppressions"]), shop.list("/v1/suppressions").await);
    assert_eq!(elements(&export["suppressions"]).len(), 1);
    shop.delete("/v1/customers/anna").await.accepted();
    shop.server().settle_jobs().await;
    assert!(shop.list("/v1/suppressions").await.is_empty());
    // Who is forgotten is not suppressed by what comes back later.
    assert_eq!(tell(&shop, &report(&sent.back, "5.1.1")).await.ok()["outcome"], "ignored");
    assert!(shop.list("/v1/suppressions").await.is_empty());
}

async fn what_comes_back_is_read_from_a_folder(shop: TestShop) {
    let folder = std::env::temp_dir().join(fresh("grapevine-maildir"));
    for part in ["tmp", "new", "cur"] {
        std::fs::create_dir_all(folder.join(part)).expect("a folder");
    }
    let receiver = Receiver::start().await.expect("a receiver");
    let (url, place) = (receiver.url(), folder.display().to_string());
    let settings = [("MAIL_URL", url.as_str()), BACK, ("GRAPEVINE_BOUNCE_FOLDER", &place)];
    let server = own(&database::fresh_database(shop.backend), &settings).await;
    let actor = TestShop::in_server(&server).await;
    let address = reachable(&actor, "anna").await;
    let queued = told(&actor, "anna", card()).await;
    let mails = receiver.wait_for(&address, 1, LIMIT).await.expect("it arrives");
    server.settle_mails().await;
    let back = &mails[0].from;
    assert!(back.starts_with("bounces+") && back.ends_with("@mail.shop.example"), "{back}");
    assert!(back.split('@').next().is_some_and(|name| name.len() <= 64), "{back}");
    let put = |name: &str, text: String| {
        std::fs::write(folder.join("tmp").join(name), text).expect("a file");
        std::fs::rename(folder.join("tmp").join(name), folder.join("new").join(name)).expect("it is put there");
    };
    put("1.holiday", "Subject: I am on holiday\r\n\r\nUntil Monday.\r\n".to_owned());
    put("2.forged", report("bounces+x@mail.shop.example", "5.1.1"));
    put("3.bounce", report(back, "5.1.1"));
    server.settle_bounces().await;
    assert_eq!(files(&folder.join("new")), Vec::<String>::new());
    assert_eq!(files(&folder.join("cur")), ["1.holiday:2,", "2.forged:2,", "3.bounce:2,S"]);
    assert_eq!(message(&actor, &queued["id"]).await["status"], "failed");
    assert_eq!(actor.list("/v1/suppressions").await.len(), 1);
    server.stop().await;
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}

fn files(folder: &PathBuf) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("a file").file_name().into_string().expect("a name")).collect();
    names.sort();
    names
}
