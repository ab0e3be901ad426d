//! Takes the next lines of an import: what they make known, and how far the job has come, are saved
//! together.

use std::rc::Rc;

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::imports::line::Content;
use crate::decide::imports::taken::Taken;
pub use crate::decide::input::line_fault::Fault;
use crate::records::job::{JobFault, JobStatus};
use crate::records::{Id, Job, VoucherBatch};
use crate::views;
use crate::world::Stop;

/// The lines that follow.
#[derive(Clone, Debug)]
pub struct ImportLines {
    /// The job.
    pub job: Id,
    /// The last line that was done before these: who comes too late or twice changes nothing.
    pub after: i64,
    /// The lines, in their order.
    pub lines: Vec<Line>,
    /// How long the job is left to who sent these, milliseconds.
    pub lease_ms: i64,
}

/// A line, or several in a row that say nothing.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its number, from 1; of several the last one's.
    pub number: i64,
    /// How many it stands for.
    pub count: i64,
    /// What it says, or why it says nothing.
    pub content: Result<Content, Fault>,
}

/// Decides it. Answers the job, or nothing when it is no longer where it was thought to be.
pub fn decide(draft: &mut Draft<'_>, command: &ImportLines) -> Result<Answer, Stop> {
    let job = draft.get::<Job>(command.job)?;
    if job.as_ref().is_some_and(|job| job.is_over() || job.cursor != command.after) {
        return Ok(Answer::no_content());
    }
    draft.begin_history();
    // While the job is not known yet, the lines are, and ask for what they need.
    let counts = take_all(draft, command, job.as_deref())?;
    let job = draft.expect::<Job>(command.job)?;
    let job = advance(draft, &job, command, &counts);
    count_batch(draft, &job, &counts)?;
    Ok(Answer::ok(&views::job::job(&job, &draft.installation.public_url)))
}

#[derive(Default)]
struct Counts {
    news: i64,
    known: i64,
    refused: i64,
}

/// Decides every line, also when records are missing for one before: so all that is missing is loaded
/// at once, and nothing of it counts yet. For the same reason each line draws ids of its own.
fn take_all(draft: &mut Draft<'_>, command: &ImportLines, job: Option<&Job>) -> Result<Counts, Stop> {
    let (refused, batch) = job.map_or((0, None), |job| (job.refused, job.batch));
    let mut counts = Counts::default();
    let mut faults = Vec::new();
    for line in &command.lines {
        draft.begin_part(u64::try_from(line.number).unwrap_or(0));
        let fault = match &line.content {
            Err(fault) => fault.clone(),
            Ok(content) => match content.take(draft, batch) {
                Ok(taken) => {
                    counts.known += i64::from(taken == Taken::Known);
                    counts.news += i64::from(taken == Taken::News);
                    continue;
                }
                Err(Stop::Missing) => continue,
                Err(Stop::Refused(rejection)) => Fault::from(&rejection),
            },
        };
        if refused + counts.refused < JobFault::KEPT {
            faults.push((line.number, fault.shortened()));
        }
        counts.refused += line.count;
    }
    for (line, Fault { code, detail }) in faults {
        let (shop, job) = (draft.shop.id, command.job);
        draft.save(JobFault { id: JobFault::id_of(job, line), shop, version: 0, job, line, code, detail });
    }
    Ok(counts)
}

fn advance(draft: &mut Draft<'_>, job: &Job, command: &ImportLines, counts: &Counts) -> Rc<Job> {
    let lines: i64 = command.lines.iter().map(|line| line.count).sum();
    draft.save(Job {
        status: JobStatus::Running,
        cursor: command.lines.last().map_or(job.cursor, |line| line.number),
        done: job.done + lines,
        known: job.known + counts.known,
        refused: job.refused + counts.refused,
        next_at: Some(draft.context.real_at.plus_ms(command.lease_ms)),
        ..job.clone()
    })
}

/// The vouchers that were taken over are a batch's, where the job has one.
fn count_batch(draft: &mut Draft<'_>, job: &Job, counts: &Counts) -> Result<(), Stop> {
    let Some(batch) = job.batch.filter(|_| counts.news > 0) else { return Ok(()) };
    let batch = draft.expect::<VoucherBatch>(batch)?;
    draft.save(VoucherBatch { made: batch.made + counts.news, ..(*batch).clone() });
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::decide::imports::create_import::CreateImport;
    use crate::decide::imports::finish_import::FinishImport;
    use crate::decide::input::line_fault::DETAIL_CHARS;
    use crate::decide::people::person;
    use crate::decide::rewards::create_grant::CreateGrant;
    use crate::decide::testing::bench::Bench;
    use crate::records::job::JobKind;
    use crate::records::message::MessageStatus;
    use crate::records::{Conversion, Customer, Event, Identity, Message, ShopHead, Tally};

    /// A shop with a job of so many orders.
    fn shop(total: i64) -> (Bench, Id) {
        let mut bench = Bench::new();
        let job = Id::of("job", &["the past"]);
        let made = bench.decide(CreateImport { job, kind: JobKind::ImportOrders, total, batch: None }).expect("a job");
        assert_eq!(made.status, 202);
        (bench, job)
    }

    fn order(number: i64, fields: Value) -> Line {
        let mut order =
            json!({"order_id": format!("A-{number}"), "occurred_at": "2016-05-04T10:00:00Z", "amount": 100});
        order.as_object_mut().expect("an object").extend(fields.as_object().cloned().expect("an object"));
        let content = Content::read(JobKind::ImportOrders, &order.to_string()).map_err(|error| panic!("{error}"));
        Line { number, count: 1, content }
    }

    fn send(bench: &mut Bench, job: Id, after: i64, lines: Vec<Line>) -> Answer {
        bench.decide(ImportLines { job, after, lines, lease_ms: 5_000 }).expect("lines never refuse a chunk")
    }

    #[test]
    fn a_chunk_that_was_sent_twice_is_done_once() {
        let (mut bench, job) = shop(2);
        let lines = || vec![order(1, json!({"customer": "anna"})), order(2, json!({"email": "anna@mail.example"}))];
        assert_eq!(send(&mut bench, job, 0, lines()).status, 200);
        assert_eq!(send(&mut bench, job, 0, lines()).status, 204);
        assert_eq!(bench.all::<Conversion>().len(), 2);
        let ended = bench.decide(FinishImport { job, after: 2 }).expect("it ends");
        assert_eq!(ended.status, 200);
        assert_eq!(bench.decide(FinishImport { job, after: 2 }).expect("nothing").status, 204);
        assert_eq!(send(&mut bench, job, 2, lines()).status, 204);
        let told: Vec<_> = bench.all::<Event>().iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(told, ["import.finished"]);
    }

    #[test]
    fn a_line_that_is_refused_leaves_no_trace() {
        let (mut bench, job) = shop(3);
        let lines = vec![
            order(1, json!({"email": "anna@mail.example", "occurred_at": "2096-01-01T00:00:00Z"})),
            order(2, json!({"customer": "cus_01kaskqz3m0d2w9xk7y5hd1v8r", "email": "ben@mail.example"})),
            Line {
                number: 3,
                count: 1,
                content: Err(Fault { code: "invalid_json".into(), detail: "The line is no JSON.".into() }),
            },
        ];
        send(&mut bench, job, 0, lines);
        let faults: Vec<_> = bench.all::<JobFault>();
        let mut told: Vec<(i64, &str)> = faults.iter().map(|fault| (fault.line, fault.code.as_str())).collect();
        told.sort_unstable();
        assert_eq!(told, [(1, "invalid_field"), (2, "customer_unknown"), (3, "invalid_json")]);
        assert!(bench.all::<Customer>().is_empty() && bench.all::<Identity>().is_empty());
        assert!(bench.all::<Conversion>().is_empty() && bench.all::<Tally>().is_empty());
    }

    #[test]
    fn of_many_refused_lines_the_first_are_kept() {
        let (mut bench, job) = shop(5_000);
        let refused = |number: i64, count: i64| {
            let fault = Fault { code: "invalid_field".into(), detail: "ä".repeat(60_000) };
            Line { number, count, content: Err(fault) }
        };
        let many = (1..=JobFault::KEPT - 1).map(|number| refused(number, 1)).collect();
        send(&mut bench, job, 0, many);
        send(&mut bench, job, 999, vec![refused(1_000, 1), refused(1_001, 1), refused(4_999, 3_998)]);
        let last = send(&mut bench, job, 4_999, vec![order(5_000, json!({}))]);
        let job: Value = serde_json::from_str(&last.body).expect("JSON");
        assert_eq!((&job["done"], &job["refused"]), (&json!(5_000), &json!(4_999)));
        let faults = bench.all::<JobFault>();
        assert_eq!(faults.iter().map(|fault| fault.line).max(), Some(JobFault::KEPT));
        assert_eq!(i64::try_from(faults.len()), Ok(JobFault::KEPT));
        assert!(faults.iter().all(|fault| fault.detail.chars().count() == DETAIL_CHARS + 1));
    }

    #[test]
    fn lines_of_one_person_are_counted_together() {
        let (mut bench, job) = shop(4);
        let lines = vec![
            order(1, json!({"email": "Anna.B@gmail.com"})),
            order(2, json!({"email": "annab@gmail.com", "customer": "anna"})),
            order(3, json!({"customer": "anna"})),
            order(4, json!({"customer": "anna", "cancelled": true})),
        ];
        send(&mut bench, job, 0, lines);
        let counts: Vec<i64> = bench.all::<Tally>().iter().map(|tally| tally.count).collect();
        assert_eq!(counts, [3]);
        // What is counted says where, so that it can be taken back when the order is undone after all.
        let counted = bench.all::<Conversion>().iter().filter(|order| order.counted_in.is_some()).count();
        assert_eq!(counted, 3);
    }

    #[test]
    fn a_guest_who_becomes_a_customer_by_history_raises_no_event() {
        let (mut bench, job) = shop(3);
        let anna = json!({"external_id": "anna", "email": "anna@mail.example", "email_verified": true});
        let anna = Content::read(JobKind::ImportCustomers, &anna.to_string()).expect("a customer");
        let lines = vec![
            order(1, json!({"email": "anna@mail.example"})),
            order(2, json!({"email": "anna@mail.example", "customer": "anna"})),
        ];
        send(&mut bench, job, 0, lines);
        assert!(bench.all::<Customer>().iter().all(|one| one.merged_into.is_none()), "what is told merges nobody");
        send(&mut bench, job, 2, vec![Line { number: 3, count: 1, content: Ok(anna) }]);
        let merged = bench.all::<Customer>().iter().filter(|one| one.merged_into.is_some()).count();
        assert_eq!(merged, 1);
        assert!(bench.all::<Event>().is_empty());
        assert_eq!(bench.get::<ShopHead>(bench.shop).seq, 0);
    }

    /// It tells of what he was given now, and waited for nothing but his address.
    #[test]
    fn a_mail_that_waits_for_an_address_leaves_when_a_line_brings_one() {
        let (mut bench, job) = shop(2);
        send(&mut bench, job, 0, vec![order(1, json!({"customer": "anna"}))]);
        let grant = json!({"customer": "anna", "reward": {"kind": "gift_card", "amount": 500}, "reason": "late"});
        bench.decide(serde_json::from_value::<CreateGrant>(grant).expect("a grant")).expect("it is given");
        assert_eq!(bench.all::<Message>()[0].status, MessageStatus::NoAddress);
        send(&mut bench, job, 1, vec![order(2, json!({"customer": "anna", "email": "anna@mail.example"}))]);
        let mails = bench.all::<Message>();
        assert_eq!((mails.len(), mails[0].status), (1, MessageStatus::Queued));
        assert_eq!(mails[0].recipient.as_deref(), Some("anna@mail.example"));
    }

    #[test]
    fn a_customer_and_whoever_has_his_other_address_are_one_person() {
        let (mut bench, job) = shop(3);
        let line = |number: i64, fields: Value| {
            let content = Content::read(JobKind::ImportCustomers, &fields.to_string());
            Line { number, count: 1, content: content.map_err(|error| panic!("{error}")) }
        };
        let old = || json!({"external_id": "anna", "email": "old@mail.example"});
        let new = || json!({"external_id": "anna", "email": "new@mail.example"});
        let other = json!({"external_id": "other", "email": "new@mail.example"});
        let known = |answer: Answer| serde_json::from_str::<Value>(&answer.body).expect("JSON")["known"].clone();
        assert_eq!(known(send(&mut bench, job, 0, vec![line(1, old()), line(2, other), line(3, new())])), 0);
        let people = bench.all::<Customer>();
        assert_eq!(people.len(), 2);
        let is_one = bench.run(|draft| person::is_same(draft, &people[0], &people[1])).expect("no refusal");
        assert!(is_one && people.iter().any(|one| one.email.as_deref() == Some("old@mail.example")));
        assert_eq!(known(send(&mut bench, job, 3, vec![line(4, new()), line(5, old())])), 2);
    }

    #[test]
    fn a_file_of_which_lines_were_lost_has_failed() {
        let (mut bench, job) = shop(2);
        send(&mut bench, job, 0, vec![order(1, json!({}))]);
        let ended = bench.decide(FinishImport { job, after: 1 }).expect("it ends");
        let ended: Value = serde_json::from_str(&ended.body).expect("JSON");
        assert_eq!((&ended["status"], &ended["done"]), (&json!("failed"), &json!(1)));
    }
}
