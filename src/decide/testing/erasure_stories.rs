//! Erasures and exports told as stories: what each kind of record loses, and what stays.

use std::rc::Rc;

use serde_json::{Value, json};

use crate::decide::Command;
use crate::decide::erasure::erase_customer::EraseCustomer;
use crate::decide::erasure::erase_events::{EraseEvents, TellingPage};
use crate::decide::erasure::erase_records::{EraseRecords, Rest};
use crate::decide::orders::approve_reward::ApproveReward;
use crate::decide::people::customer::save;
use crate::decide::people::export_customer::ExportCustomer;
use crate::decide::people::merge_customers::MergeCustomers;
use crate::decide::rewards::create_grant::CreateGrant;
use crate::decide::rewards::grant::give;
use crate::decide::testing::bench::{Bench, customer};
use crate::decide::testing::till::{Till, id};
use crate::records::grant::GrantStatus;
use crate::records::hold::HoldStatus;
use crate::records::inventory::{Place, places};
use crate::records::reward::RewardStatus;
use crate::records::*;
use crate::refusal::Code as Refusal;
use crate::views::export::{given, held, redeemed};
use crate::world::Shelved;

/// Records of one chunk.
const PAGE: usize = 2;

/// The records that a place of this kind names by a customer, as the store would find them.
fn named_in<R: Shelved>(bench: &Bench, place: Place, who: Id) -> Vec<Id> {
    let column_of = |column| R::COLUMNS.iter().position(|(name, _)| *name == column).expect("a column of the kind");
    let (column, record) = (column_of(place.column), column_of(place.record));
    let rows = bench.all::<R>().into_iter().map(|row| row.values());
    let theirs = rows.filter(|row| row[column] == who.to_value());
    theirs.map(|row| Id::from_value(row[record].clone()).expect("an id")).collect()
}

macro_rules! stories {
    ( $( $shelf:ident: $record:ident $row:tt, )* ) => {
        /// What a place holds of a customer.
        fn named(bench: &Bench, place: Place, who: Id) -> Vec<Id> {
            match place.kind { $( RecordKind::$record => named_in::<$record>(bench, place, who), )* }
        }

        /// All that is kept, but for what the store blanks: events, stored answers, and what reasons say.
        fn kept(bench: &Bench) -> String {
            let told = [ $( (RecordKind::$record, format!("{:?}", bench.all::<$record>())), )* ];
            told.into_iter().filter(|(kind, _)| !BLANKED.contains(kind)).map(|(_, told)| told).collect()
        }
    };
}

every_kind!(stories);

/// What the store blanks.
const BLANKED: &[RecordKind] =
    &[RecordKind::Event, RecordKind::StoredAnswer, RecordKind::AuditRow, RecordKind::Refund, RecordKind::Reversal];

/// The next chunk of an erasure.
fn chunk(bench: &mut Bench, job: Id) -> Command {
    let first = Job::erased_by(job);
    let job = bench.get::<Job>(job);
    let merged = bench.all::<Customer>().into_iter().filter(|one| one.merged_into == Some(first)).map(|one| one.id);
    let family: Vec<Id> = [first].into_iter().chain(merged).collect();
    let (part, passed) = job.part(Job::parts(family.len()));
    let (part, passed) = (usize::try_from(part).expect("a part"), usize::try_from(passed).expect("a count"));
    let places = places();
    let Some(customer) = family.get(part / places.len()) else { return last_chunk(bench, &job, family.len()) };
    let left = named(bench, places[part % places.len()], *customer);
    let records: Vec<Id> = left.into_iter().skip(passed).take(PAGE).collect();
    let rest = if records.len() < PAGE { Rest::Nothing } else { Rest::More };
    EraseRecords { job: job.id, cursor: job.cursor, records, rest, lease_ms: 5_000 }.into()
}

/// The events in one page, and what is to be taken out of it; when that is done, what need not be remembered.
fn last_chunk(bench: &mut Bench, job: &Job, customers: usize) -> Command {
    let (events, forgotten) = (events(bench), bench.all::<Forgotten>());
    let subjects = forgotten.iter().map(|forgotten| (forgotten.subject, forgotten.until_seq)).collect();
    let (_, passed) = job.part(Job::parts(customers));
    let (is_looked_at, last) = (passed > 0, events.last().map_or(0, |event| event.seq));
    let page = EventPage::of(EventPage::id_of(bench.shop, 1, bench.at), &events).filter(|_| !is_looked_at);
    let pages = page.map(|page| {
        let telling = TellingPage { page: page.id, subjects };
        bench.put(page);
        telling
    });
    let done_with = forgotten.iter().map(|forgotten| forgotten.id).filter(|_| is_looked_at).collect();
    let rest = if is_looked_at { Rest::Nothing } else { Rest::More };
    let pages = pages.into_iter().collect();
    EraseEvents { job: job.id, cursor: job.cursor, pages, passed: last, done_with, rest, lease_ms: 5_000 }.into()
}

/// The events that were raised, in their order.
fn events(bench: &Bench) -> Vec<Rc<Event>> {
    let mut events = bench.all::<Event>();
    events.sort_by_key(|event| event.seq);
    events
}

/// Asks for an erasure, and goes on with it to its end; answers the job.
fn erase(till: &mut Till, name: &str) -> Rc<Job> {
    let asked = EraseCustomer { customer: name.to_owned(), lease_ms: 5_000 };
    let said = till.bench.decide(asked).expect("he is erased");
    let job = id(&serde_json::from_str(&said.body).expect("JSON"));
    till.assert_books();
    while !till.bench.get::<Job>(job).is_over() {
        let chunk = chunk(&mut till.bench, job);
        assert_eq!(till.bench.decide(chunk).expect("a chunk").status, 200);
        till.assert_books();
    }
    till.bench.get::<Job>(job)
}

fn grant(till: &mut Till, reward: Value) -> Id {
    let fields = json!({"customer": "anna", "reward": reward, "reason": "anna waited long"});
    let said = till.bench.decide(serde_json::from_value::<CreateGrant>(fields).expect("a grant")).expect("it is made");
    id(&serde_json::from_str(&said.body).expect("JSON"))
}

/// Anna recommends Bert, who pays less by her code and orders; she has credit, of which some is set aside,
/// a card, and a grant that waits.
fn story() -> Till {
    let mut till = Till::new();
    let program = till.program(json!({"attribution": {"model": "last"}}));
    let code = till.code(program, "anna");
    till.redeem(json!({"codes": [code], "customer": "bert", "order_id": "B-1"})).expect("it is redeemed");
    till.order(json!({"order_id": "B-1", "customer": "bert"})).expect("an order");
    till.order(json!({"order_id": "A-2", "customer": "anna"})).expect("an order");
    till.know("carl");
    till.hold(json!({"codes": [code], "customer": "carl", "order_id": "C-1"})).expect("it is held");
    grant(&mut till, json!({"kind": "gift_card", "amount": 1500}));
    grant(&mut till, json!({"kind": "store_credit", "amount": 700}));
    let cart = json!({"customer": "anna", "store_credit": 300, "order_id": "A-3", "amount": 2_000});
    till.hold(cart).expect("it is held");
    let shop = till.bench.shop;
    till.bench.change::<Shop>(shop, |shop| shop.grant_approval_above = Some(1_000));
    grant(&mut till, json!({"kind": "store_credit", "amount": 5_000}));
    till
}

#[test]
fn nothing_that_is_kept_names_who_was_erased() {
    let mut till = story();
    assert!(kept(&till.bench).to_lowercase().contains("anna"));
    let job = erase(&mut till, "anna");
    let parts = places().len() as i64 + 1;
    assert_eq!((job.done, job.total), (parts, parts));
    let told = till.bench.all::<EventPage>()[0].events().expect("it can be read");
    let naming = told.iter().find(|event| event.data.to_lowercase().contains("anna"));
    assert!(naming.is_none(), "{naming:?}");
    assert!(told.iter().any(Event::is_erased) && told.iter().any(|event| !event.is_erased()));
    assert!(till.bench.all::<Forgotten>().is_empty(), "what is forgotten need not be remembered");
    let kept = kept(&till.bench).to_lowercase();
    let place = kept.find("anna").map(|at| &kept[at.saturating_sub(200)..(at + 60).min(kept.len())]);
    assert_eq!(place, None);
    let pending = till.bench.all::<Reward>().iter().filter(|one| one.status == RewardStatus::Pending).count();
    assert_eq!(pending, 0, "what waited is voided");
    let statuses: Vec<GrantStatus> = till.bench.all::<Grant>().iter().map(|one| one.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == GrantStatus::Rejected).count(), 1, "{statuses:?}");
    let held = till.bench.all::<Hold>().iter().filter(|hold| hold.status == HoldStatus::Held).count();
    assert_eq!(held, 1, "hers is released, the one of him who typed her code is not");
    let credit = account::credit_account(Job::erased_by(job.id));
    assert_eq!(till.balance(&credit), 0, "credit lapses, and so does what was set aside of it");
}

#[test]
fn nothing_new_is_given_to_who_was_erased_though_the_job_has_not_come_to_it() {
    let mut till = story();
    let asked = EraseCustomer { customer: "anna".to_owned(), lease_ms: 5_000 };
    till.bench.decide(asked).expect("she is erased");
    let pending = till.bench.all::<Reward>().into_iter().find(|reward| reward.status == RewardStatus::Pending);
    let approve = ApproveReward {
        id: pending.expect("her reward waits").id,
        reason: serde_json::from_value(json!("one")).expect("a reason"),
    };
    assert_eq!(till.bench.decide(approve).expect_err("nobody is there to have it").code, Refusal::Erased);
    let waits = till.bench.all::<Grant>().into_iter().find(|grant| grant.status == GrantStatus::PendingApproval);
    let waits = Grant::clone(&waits.expect("a grant waits"));
    till.bench.run(|draft| give(draft, waits.clone()).map(drop)).expect_err("nor that");
}

#[test]
fn others_keep_what_is_theirs() {
    let mut till = story();
    erase(&mut till, "bert");
    let kept = kept(&till.bench).to_lowercase();
    assert!(!kept.contains("bert") && kept.contains("anna") && kept.contains("carl"));
    assert_eq!(till.bench.all::<Code>()[0].customer_ref.as_deref(), Some("anna"));
    let redemption = &till.bench.all::<Redemption>()[0];
    let recommendation = redemption.recommendation().expect("a recommendation");
    assert_eq!(recommendation.advocate_ref.as_deref(), Some("anna"));
}

/// A voucher of Anna's, whether it is anybody's once she is erased, and how often one customer may use it then.
#[test]
fn a_voucher_is_good_for_whoever_has_its_code() {
    let table = [
        (json!({"kind": "amount_off", "amount": 500}), false, None),
        (json!({"kind": "gift_card", "amount": 500}), false, None),
        (json!({"kind": "amount_off", "amount": 500, "max_redemptions": 2, "per_customer": 2}), false, None),
        (json!({"kind": "amount_off", "amount": 500, "max_redemptions": 5, "per_customer": 2}), false, Some(2)),
        (json!({"kind": "percent_off", "rate_bps": 500, "max_redemptions": null}), true, None),
        (json!({"kind": "percent_off", "rate_bps": 500, "max_redemptions": null, "per_customer": 3}), true, Some(3)),
    ];
    for (fields, is_bound, per_customer) in table {
        let mut till = Till::new();
        let mut voucher = fields.clone();
        voucher["customer"] = json!("anna");
        let (voucher, _) = till.voucher(voucher);
        erase(&mut till, "anna");
        let voucher = till.bench.get::<Voucher>(voucher);
        assert_eq!((voucher.customer.is_some(), voucher.per_customer), (is_bound, per_customer), "{fields}");
        assert_eq!(voucher.customer_ref, None, "{fields}");
    }
}

#[test]
fn a_chunk_that_comes_late_or_twice_changes_nothing() {
    let mut till = story();
    let asked = EraseCustomer { customer: "anna".to_owned(), lease_ms: 5_000 };
    let said = till.bench.decide(asked).expect("she is erased");
    let job = id(&serde_json::from_str(&said.body).expect("JSON"));
    let mut sent = Vec::new();
    while !till.bench.get::<Job>(job).is_over() {
        let chunk = chunk(&mut till.bench, job);
        till.bench.decide(chunk.clone()).expect("a chunk");
        sent.push(chunk);
    }
    let before = kept(&till.bench);
    for chunk in sent {
        assert_eq!(till.bench.decide(chunk).expect("no refusal").status, 204);
    }
    assert_eq!(kept(&till.bench), before);
}

#[test]
fn who_is_erased_already_is_answered_the_same_job() {
    let mut till = Till::new();
    let job = erase(&mut till, "anna");
    let events = till.events().len();
    let again = EraseCustomer { customer: Job::erased_by(job.id).to_string(), lease_ms: 5_000 };
    let said = till.bench.decide(again).expect("she was erased");
    assert_eq!((said.status, id(&serde_json::from_str(&said.body).expect("JSON"))), (202, job.id));
    assert_eq!(till.events().len(), events);
    let unknown = EraseCustomer { customer: "anna".to_owned(), lease_ms: 5_000 };
    assert_eq!(till.bench.decide(unknown).expect_err("nobody has that id").code, Refusal::NotFound);
}

#[test]
fn a_merged_customer_and_whom_he_became_are_erased_together() {
    let mut till = Till::new();
    till.order(json!({"order_id": "B-1", "customer": "bert"})).expect("an order");
    let reference = |text: &str| serde_json::from_value(json!(text)).expect("a text");
    let merge = MergeCustomers {
        into: "anna".to_owned(),
        from: reference("bert"),
        reason: serde_json::from_value(json!("one")).expect("a reason"),
    };
    till.bench.decide(merge).expect("they are one");
    let job = erase(&mut till, "bert");
    assert_eq!(Job::erased_by(job.id), Id::of("cus", &["anna"]));
    assert_eq!(job.total, 2 * places().len() as i64 + 1);
    let kept = kept(&till.bench);
    assert!(!kept.contains("bert") && !kept.contains("anna"), "{kept}");
}

#[test]
fn an_address_of_two_leads_to_the_one_who_stays() {
    let mut till = Till::new();
    for name in ["dora", "emil"] {
        let known = customer(&till.bench, name, "both@mail.example");
        till.bench.run(|draft| save(draft, known.clone()).map(drop)).expect("he is known");
    }
    let leads_to = |till: &Till| till.bench.all::<Identity>().iter().map(|one| one.customer).collect::<Vec<_>>();
    assert_eq!(leads_to(&till), [Some(Id::of("cus", &["dora"]))]);
    erase(&mut till, "dora");
    assert_eq!(leads_to(&till), [Some(Id::of("cus", &["emil"]))]);
    erase(&mut till, "emil");
    assert!(leads_to(&till).is_empty(), "it is forgotten");
}

#[test]
fn an_export_stands_in_the_audit_log_and_shows_nobody_else() {
    let mut till = story();
    let bert = Id::of("cus", &["bert"]);
    till.bench.decide(ExportCustomer { customer: bert }).expect("it is noted");
    let audit = till.bench.all::<AuditRow>();
    let row = audit.iter().find(|row| row.action == "export_customer").expect("a row");
    assert_eq!(row.subject_id, bert.to_string());
    let redemption = redeemed(&till.bench.all::<Redemption>()[0]);
    let line = &redemption.lines[0];
    assert_eq!((&line.code_box, &line.code_hint, line.discount), (&None, &None, 1_000));
    assert_eq!(redemption.recommendation().and_then(|one| one.advocate_ref.clone()), None);
    let holds: Vec<Hold> = till.bench.all::<Hold>().iter().map(|hold| held(hold)).collect();
    assert!(holds.iter().flat_map(|hold| hold.lines.iter()).all(|line| line.code_box.is_none()));
    let grant = given(&till.bench.all::<Grant>()[0]);
    assert_eq!((grant.by_actor.id, &*grant.by_actor.name), (None, "system"));
}
