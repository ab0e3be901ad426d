//! What is queued, what leaves, and what becomes of it.

use super::*;
use crate::decide::mail::bounce::{Report, Status};
use crate::decide::mail::delay_messages::DelayMessages;
use crate::decide::mail::finish_message::{FinishMessage, Outcome};
use crate::decide::mail::keep_message::KeepMessage;
use crate::decide::mail::lift_suppression::LiftSuppression;
use crate::decide::mail::note_bounce::NoteBounce;
use crate::decide::mail::resend_message::{ResendMessage, To};
use crate::decide::mail::take_message::TakeMessage;
use crate::decide::people::upsert_customer::UpsertCustomer;
use crate::decide::testing::bench::{Bench, customer};
use crate::records::benefit::Benefit;
use crate::records::message::MessageStatus::*;
use crate::records::message::StandsWith;
use crate::records::program::{RewardOn, Side};
use crate::records::reward::RewardStatus;
use crate::records::text::Email;
use crate::records::{AuditRow, Event, Json, Suppression};

const LEASE_MS: i64 = 120_000;

fn reward(bench: &Bench, customer: Id, benefit: &str) -> Reward {
    Reward {
        id: Id::of("rwd", &[benefit]),
        shop: bench.shop,
        version: 0,
        to_side: Some(Side::Advocate),
        on_what: RewardOn::Conversion,
        customer,
        customer_ref: None,
        program: None,
        conversion: None,
        referral: None,
        grant_id: None,
        channel: None,
        placed: None,
        counted_at: None,
        once: benefit.to_owned(),
        benefit: Json(serde_json::from_str::<Benefit>(benefit).expect("a benefit")),
        amount: Some(1000),
        currency: crate::records::money::Currency::parse("EUR").expect("a currency"),
        cost_amount: 1000,
        redeemed_amount: 0,
        forgiven_amount: 0,
        owed_by: None,
        place: None,
        counted_by: Json::default(),
        status: RewardStatus::Issued,
        pending_until: None,
        voucher: None,
        reference: None,
        message: None,
        issued_at: Some(bench.at),
        expires_at: None,
        history: Json::default(),
        created_at: bench.at,
    }
}

const VOUCHER: &str = r#"{"kind":"amount_off","amount":1000}"#;
const CREDIT: &str = r#"{"kind":"store_credit","amount":1000}"#;

/// A bench with a customer and a message to him.
fn told(email: &str, benefit: &str, prepare: impl FnOnce(&mut Shop)) -> (Bench, Id) {
    let mut bench = Bench::new();
    let shop = bench.shop;
    bench.change::<Shop>(shop, prepare);
    let anna = customer(&bench, "anna", email);
    bench.put(anna.clone());
    let reward = reward(&bench, anna.id, benefit);
    bench.put(reward.clone());
    let queued = bench.run(|draft| queue_reward_mail(draft, &reward, &anna));
    (bench, queued.expect("a message"))
}

fn take(bench: &mut Bench, id: Id) -> u16 {
    bench.decide(TakeMessage { id, lease_ms: LEASE_MS }).expect("taking is never refused").status
}

fn finish(bench: &mut Bench, id: Id, tries: i64, outcome: Outcome, again_in_ms: Option<i64>) {
    bench.decide(FinishMessage { id, tries, outcome, again_in_ms }).expect("finishing is never refused");
}

fn lost() -> Outcome {
    Outcome::Unknown("lost".to_owned())
}

#[test]
fn whether_a_mail_leaves_follows_from_the_shop_and_the_address() {
    type Prepare = fn(&mut Shop);
    let table: [(&str, Prepare, _, _); 6] = [
        ("anna@example.org", |_| {}, Queued, None),
        ("", |_| {}, NoAddress, None),
        ("anna@example.org", |shop| shop.mode = Mode::Test, Suppressed, Some(Withheld::TestShop)),
        (
            "Anna@Example.org",
            |shop| (shop.mode, shop.test_recipients) = (Mode::Test, Json(vec!["anna@example.org".to_owned()])),
            Queued,
            None,
        ),
        ("anna@example.org", |shop| shop.mail.0.voucher_issued = MailSwitch::Off, Suppressed, Some(Withheld::MailOff)),
        ("", |shop| shop.mail.0.voucher_issued = MailSwitch::Off, Suppressed, Some(Withheld::MailOff)),
    ];
    for (email, prepare, status, reason) in table {
        let (mut bench, id) = told(email, VOUCHER, prepare);
        let message = bench.get::<Message>(id);
        assert_eq!((message.status, message.reason.clone()), (status, reason.map(Reason::from)), "{email}");
        assert_eq!(message.next_at.is_some(), status == Queued);
        assert_eq!(take(&mut bench, id), if status == Queued { 200 } else { 204 }, "{email}");
    }
}

#[test]
fn a_mail_speaks_the_customers_language_and_names_itself() {
    let (mut bench, id) = told("anna@example.org", CREDIT, |_| {});
    let message = bench.get::<Message>(id);
    assert_eq!((message.kind, message.locale.as_str()), (MessageKind::CreditIssued, "de"));
    assert_eq!(message.message_id, format!("{id}@grapevine.example"));
}

#[test]
fn an_address_that_comes_releases_what_waited_for_it() {
    let (mut bench, id) = told("", VOUCHER, |_| {});
    let with = |email: Option<&str>| UpsertCustomer {
        external_id: "anna".to_owned(),
        email: Some(email.map(|email| Email::parse(email).expect("an address"))),
        ..UpsertCustomer::default()
    };
    bench.decide(with(Some("anna@example.org"))).expect("an address");
    let message = bench.get::<Message>(id);
    assert_eq!((message.status, message.recipient.as_deref()), (Queued, Some("anna@example.org")));
    assert_eq!(message.waiting_for, None);
    assert_eq!(take(&mut bench, id), 200);
    bench.decide(with(None)).expect("no address");
    bench.decide(with(Some("anna@example.net"))).expect("another address");
    assert_eq!(bench.get::<Message>(id).recipient.as_deref(), Some("anna@example.org"));
}

#[test]
fn only_one_worker_gets_a_message_and_only_its_try_counts() {
    let (mut bench, id) = told("anna@example.org", VOUCHER, |_| {});
    assert_eq!((take(&mut bench, id), take(&mut bench, id)), (200, 204));
    finish(&mut bench, id, 2, Outcome::Sent, None);
    assert_eq!(bench.get::<Message>(id).status, Sending);
    finish(&mut bench, id, 1, Outcome::Sent, None);
    let message = bench.get::<Message>(id);
    assert_eq!((message.status, message.sent_at, message.next_at), (Sent, Some(bench.at), None));
    finish(&mut bench, id, 1, Outcome::Rejected("late".to_owned()), None);
    assert_eq!(bench.get::<Message>(id).status, Sent);
    assert_eq!(take(&mut bench, id), 204);
}

#[test]
fn who_is_at_it_keeps_it() {
    let (mut bench, id) = told("anna@example.org", VOUCHER, |_| {});
    let keep = |bench: &mut Bench, tries| {
        bench.decide(KeepMessage { id, tries, lease_ms: LEASE_MS }).expect("keeping is never refused");
    };
    take(&mut bench, id);
    for _ in 0..3 {
        bench.at = bench.at.plus_ms(LEASE_MS - 1);
        keep(&mut bench, 1);
        bench.at = bench.at.plus_ms(1);
        assert_eq!((take(&mut bench, id), bench.get::<Message>(id).status), (204, Sending));
    }
    // Kept a millisecond ago, and by another try now.
    keep(&mut bench, 2);
    bench.at = bench.at.plus_ms(LEASE_MS - 1);
    assert_eq!((take(&mut bench, id), bench.get::<Message>(id).status), (204, Uncertain));
    keep(&mut bench, 1);
    bench.at = bench.at.plus_ms(LEASE_MS - 1);
    assert_eq!(take(&mut bench, id), 200, "who has lost it does not get it back");
}

#[test]
fn what_is_not_taken_is_tried_again_until_the_schedule_ends() {
    let (mut bench, id) = told("anna@example.org", VOUCHER, |_| {});
    let busy = || Outcome::Refused("451 come again\r\nBcc: x".to_owned());
    take(&mut bench, id);
    finish(&mut bench, id, 1, busy(), Some(60_000));
    let message = bench.get::<Message>(id);
    assert_eq!((message.status, message.next_at), (Retrying, Some(bench.at.plus_ms(60_000))));
    assert_eq!(message.reason, Some(Reason::Said("451 come againBcc: x".to_owned())));
    assert_eq!(take(&mut bench, id), 204, "too early");
    bench.at = bench.at.plus_ms(60_000);
    assert_eq!(take(&mut bench, id), 200);
    finish(&mut bench, id, 2, busy(), None);
    assert_eq!(bench.get::<Message>(id).status, Failed);
    let events: Vec<_> = bench.all::<Event>().iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(events, ["message.failed"]);
}

#[test]
fn a_mail_whose_fate_nobody_knows_is_sent_once_more_and_no_more() {
    let (mut bench, id) = told("anna@example.org", VOUCHER, |_| {});
    take(&mut bench, id);
    finish(&mut bench, id, 1, lost(), Some(1_000));
    assert_eq!(bench.get::<Message>(id).status, Uncertain);
    bench.at = bench.at.plus_ms(1_000);
    assert_eq!(take(&mut bench, id), 200);
    finish(&mut bench, id, 2, Outcome::Refused("421".to_owned()), Some(1_000));
    bench.at = bench.at.plus_ms(1_000);
    assert_eq!(take(&mut bench, id), 200, "the repeat was not taken, and may be tried again");
    finish(&mut bench, id, 3, lost(), Some(1_000));
    bench.at = bench.at.plus_days(10);
    let message = bench.get::<Message>(id);
    assert_eq!((message.status, message.next_at), (Uncertain, None));
    assert_eq!(take(&mut bench, id), 204);
}

#[test]
fn a_worker_that_vanished_leaves_its_message_uncertain() {
    let (mut bench, id) = told("anna@example.org", VOUCHER, |_| {});
    take(&mut bench, id);
    bench.at = bench.at.plus_ms(LEASE_MS);
    assert_eq!(take(&mut bench, id), 204);
    assert_eq!(bench.get::<Message>(id).status, Uncertain);
    bench.at = bench.at.plus_ms(LEASE_MS);
    assert_eq!(take(&mut bench, id), 200);
    finish(&mut bench, id, 1, Outcome::Sent, None);
    assert_eq!(bench.get::<Message>(id).status, Sending, "the first try came too late");
    bench.at = bench.at.plus_ms(LEASE_MS);
    take(&mut bench, id);
    let message = bench.get::<Message>(id);
    assert_eq!((message.status, message.next_at), (Uncertain, None));
}

#[test]
fn a_late_success_settles_what_was_uncertain() {
    let (mut bench, id) = told("anna@example.org", VOUCHER, |_| {});
    take(&mut bench, id);
    bench.at = bench.at.plus_ms(LEASE_MS);
    take(&mut bench, id);
    finish(&mut bench, id, 1, Outcome::Sent, None);
    assert_eq!(bench.get::<Message>(id).status, Sent);
}

#[test]
fn what_was_withdrawn_meanwhile_does_not_leave() {
    let (mut bench, id) = told("anna@example.org", VOUCHER, |_| {});
    let reward = bench.get::<Message>(id).subject;
    bench.change::<Reward>(reward, |reward| reward.status = RewardStatus::Voided);
    assert_eq!(take(&mut bench, id), 204);
    let message = bench.get::<Message>(id);
    assert_eq!((message.status, message.reason.clone()), (Suppressed, Some(Withheld::Withdrawn.into())));
}

#[test]
fn what_the_shop_has_switched_off_since_does_not_leave() {
    type Change = fn(&mut Shop);
    let table: [(Change, Withheld); 2] = [
        (|shop| shop.mail.0.voucher_issued = MailSwitch::Off, Withheld::MailOff),
        (|shop| shop.mode = Mode::Test, Withheld::TestShop),
    ];
    for (change, reason) in table {
        let (mut bench, id) = told("anna@example.org", VOUCHER, |_| {});
        let shop = bench.shop;
        bench.change::<Shop>(shop, change);
        assert_eq!(take(&mut bench, id), 204, "{reason}");
        let message = bench.get::<Message>(id);
        assert_eq!((message.status, message.reason.clone()), (Suppressed, Some(reason.into())));
        assert_eq!(message.next_at, None);
    }
}

#[test]
fn a_mail_is_sent_again_to_the_old_or_the_new_address() {
    let (mut bench, id) = told("anna@example.org", VOUCHER, |_| {});
    let resend = |to| ResendMessage { id, to };
    assert_eq!(bench.decide(resend(To::Current)).expect_err("queued").code.as_str(), "illegal_transition");
    take(&mut bench, id);
    finish(&mut bench, id, 1, Outcome::Sent, None);
    let anna = bench.get::<Message>(id).customer;
    bench.change::<Customer>(anna, |anna| anna.email = Some("anna@example.net".to_owned()));
    for (to, address) in [(To::Original, "anna@example.org"), (To::Current, "anna@example.net")] {
        let answer = bench.decide(resend(to)).expect("resent");
        let made = bench
            .all::<Message>()
            .into_iter()
            .find(|message| answer.body.contains(&message.id.to_string()) && message.id != id);
        let made = made.expect("a new message");
        assert_eq!((made.status, made.recipient.as_deref(), made.resend_of), (Queued, Some(address), Some(id)));
        assert_eq!(answer.status, 201);
    }
    assert_eq!(bench.all::<AuditRow>().len(), 2);
    let unknown = ResendMessage { id: Id::new("msg", 0, [9; 10]), to: To::Current };
    assert_eq!(bench.decide(unknown).expect_err("unknown").code.as_str(), "not_found");
}

#[test]
fn a_mail_may_tell_of_any_record() {
    let mut bench = Bench::new();
    let anna = customer(&bench, "anna", "anna@example.org");
    bench.put(anna.clone());
    let kind = MessageKind::RewardWithdrawn;
    assert_eq!(kind.stands_with(), StandsWith::Nothing);
    let queued = bench.run(|draft| {
        let mail = mail_to(draft, &anna, kind, anna.id);
        Ok(draft.save(mail).id)
    });
    let id = queued.expect("a message");
    assert_eq!(take(&mut bench, id), 200);
    finish(&mut bench, id, 1, Outcome::Sent, None);
    let answer = bench.decide(ResendMessage { id, to: To::Original }).expect("resent");
    let shown: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!((&shown["kind"], &shown["reward"]), (&"reward_withdrawn".into(), &serde_json::Value::Null));
    let again =
        bench.all::<Message>().into_iter().find(|message| message.resend_of == Some(id)).expect("a new message");
    assert_eq!((again.status, again.subject), (Queued, anna.id));
}

#[test]
fn a_mail_that_is_due_is_put_off_until_its_turn() {
    let (mut bench, id) = told("anna@example.org", VOUCHER, |_| {});
    let gone = Id::new("msg", 0, [9; 10]);
    let delay = |by_ms| DelayMessages { delays: vec![(id, by_ms), (gone, by_ms)] };
    bench.decide(delay(5_000)).expect("it is put off");
    assert_eq!(take(&mut bench, id), 204, "it is not its turn");
    bench.decide(delay(60_000)).expect("it is answered");
    bench.at = bench.at.plus_ms(5_000);
    assert_eq!(take(&mut bench, id), 200, "what is put off is not put off again");
    bench.decide(delay(60_000)).expect("it is answered");
    let taken = bench.get::<Message>(id);
    assert_eq!(taken.next_at, Some(bench.at.plus_ms(LEASE_MS)), "what is being sent is left alone");
    bench.at = bench.at.plus_ms(LEASE_MS);
    bench.decide(delay(60_000)).expect("it is put off");
    assert_eq!(bench.get::<Message>(id).next_at, Some(bench.at.plus_ms(60_000)), "its sender is gone");
    finish(&mut bench, id, 1, Outcome::Sent, None);
    let sent = bench.get::<Message>(id);
    assert_eq!((sent.status, sent.tries, sent.next_at), (Sent, 1, None));
}

/// What a mail server reports of a mail that came back.
fn report(status: &str) -> Report {
    let status = Status::parse(status).expect("a status");
    Report { has_failed: true, status, said: Some("no such user".to_owned()), tags: Vec::new() }
}

fn bounced(bench: &mut Bench, message: Id, report: Report) -> String {
    let answer = bench.decide(NoteBounce { message, report }).expect("it is noted");
    let shown: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    shown["outcome"].as_str().unwrap_or_default().to_owned()
}

/// A mail that has left.
fn left() -> (Bench, Id) {
    let (mut bench, id) = told("anna@example.org", VOUCHER, |_| {});
    take(&mut bench, id);
    finish(&mut bench, id, 1, Outcome::Sent, None);
    (bench, id)
}

#[test]
fn a_mail_that_came_back_for_good_is_the_last_to_its_address() {
    let (mut bench, id) = left();
    assert_eq!(bounced(&mut bench, id, report("5.1.1")), "suppressed");
    let failed = bench.get::<Message>(id);
    assert_eq!((failed.status, failed.reason.clone()), (Failed, Some("5.1.1: no such user".to_owned().into())));
    assert_eq!(bounced(&mut bench, id, report("5.1.1")), "ignored", "it comes back once");
    let events: Vec<_> = bench.all::<Event>().iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(events, ["message.failed"]);
    let anna = failed.customer;
    bench.change::<Customer>(anna, |anna| anna.email = Some("ANNA@Example.org".to_owned()));
    let again = bench.decide(ResendMessage { id, to: To::Current }).expect("it is answered");
    assert!(again.body.contains("address_suppressed"), "{}", again.body);
    let suppression = bench.all::<Suppression>()[0].clone();
    assert_eq!((suppression.customer, suppression.message, suppression.status.as_str()), (Some(anna), id, "5.1.1"));
    bench.decide(LiftSuppression { id: suppression.id }).expect("it is lifted");
    assert!(bench.all::<Suppression>().is_empty());
    let unknown = bench.decide(LiftSuppression { id: suppression.id }).expect_err("it is gone");
    assert_eq!(unknown.code.as_str(), "not_found");
    assert_eq!(bounced(&mut bench, id, report("5.1.1")), "ignored", "what is old news suppresses nobody anew");
    let again = bench.decide(ResendMessage { id, to: To::Current }).expect("it is resent");
    assert!(again.body.contains("queued"), "{}", again.body);
}

#[test]
fn what_was_queued_before_its_address_was_suppressed_does_not_leave() {
    let (mut bench, id) = left();
    let second = bench.decide(ResendMessage { id, to: To::Original }).expect("it is resent");
    bounced(&mut bench, id, report("5.1.1"));
    let all = bench.all::<Message>();
    let second = all.iter().find(|message| message.id != id && second.body.contains(&message.id.to_string()));
    let second = second.expect("a second message").id;
    assert_eq!(take(&mut bench, second), 204);
    let message = bench.get::<Message>(second);
    assert_eq!((message.status, message.reason.clone()), (Suppressed, Some(Withheld::AddressSuppressed.into())));
}

#[test]
fn what_passes_or_is_our_own_fault_suppresses_nobody() {
    for status in ["4.4.7", "5.2.2", "5.7.26"] {
        let (mut bench, id) = left();
        assert_eq!(bounced(&mut bench, id, report(status)), "failed", "{status}");
        assert_eq!(bench.get::<Message>(id).status, Failed);
        assert!(bench.all::<Suppression>().is_empty(), "{status}");
    }
    let (mut bench, id) = left();
    assert_eq!(bounced(&mut bench, id, Report { has_failed: false, ..report("5.1.1") }), "ignored");
    assert_eq!(bench.get::<Message>(id).status, Sent);
    let (mut bench, id) = told("anna@example.org", VOUCHER, |_| {});
    assert_eq!(bounced(&mut bench, id, report("5.1.1")), "ignored", "it has not left");
    let unknown = NoteBounce { message: Id::new("msg", 0, [9; 10]), report: report("5.1.1") };
    assert_eq!(bench.decide(unknown).expect_err("no such mail").code.as_str(), "invalid_field");
    assert!(bench.all::<Suppression>().is_empty());
}

#[test]
fn a_server_that_does_not_know_an_address_suppresses_it_at_once() {
    for (answer, count) in
        [("permanent error (550): 5.1.1 no such user", 1), ("550 5.1.0 sender refused", 0), ("550 no", 0)]
    {
        let (mut bench, id) = told("anna@example.org", VOUCHER, |_| {});
        take(&mut bench, id);
        finish(&mut bench, id, 1, Outcome::Rejected(answer.to_owned()), None);
        assert_eq!((bench.get::<Message>(id).status, bench.all::<Suppression>().len()), (Failed, count), "{answer}");
    }
}

#[test]
fn a_report_that_is_faster_than_the_sender_suppresses_all_the_same() {
    let (mut bench, id) = told("anna@example.org", VOUCHER, |_| {});
    take(&mut bench, id);
    assert_eq!(bounced(&mut bench, id, report("5.1.1")), "suppressed");
    finish(&mut bench, id, 1, Outcome::Sent, None);
    assert_eq!(bench.get::<Message>(id).status, Sent);
    assert_eq!(bounced(&mut bench, id, report("5.1.1")), "suppressed");
    assert_eq!((bench.get::<Message>(id).status, bench.all::<Suppression>().len()), (Failed, 1));
}
