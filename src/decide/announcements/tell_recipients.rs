//! Tells the next of those whom an announcement is for. Their mails, and how far it has come, are saved together, so that
//! nobody is passed over or told twice.

use crate::decide::announcements::announcement::{HOUR_MS, answer};
use crate::decide::announcements::recipient::{Recipient, recipients};
use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::announcement::{AnnouncementStatus, Place, Reached};
use crate::records::message::MessageStatus;
use crate::records::{Announcement, EventKind, Id, Json, Message};
use crate::views::announcement::announcement as view;
use crate::world::Stop;

/// What is made up for where mails were made too late, milliseconds.
const BEHIND_MS: i64 = 10_000;

/// The next ones.
#[derive(Clone, Debug)]
pub struct TellRecipients {
    /// The announcement.
    pub announcement: Id,
    /// Where it stood when they were found.
    pub after: Option<Place>,
    /// Who they are, in the order of the walk.
    pub customers: Vec<Id>,
    /// Where it stands with them; `None`: there is nobody behind them.
    pub until: Option<Place>,
}

/// Decides it. Answers the announcement, or nothing when it is no longer where it was thought to be.
pub fn decide(draft: &mut Draft<'_>, command: &TellRecipients) -> Result<Answer, Stop> {
    let Some(known) = draft.get::<Announcement>(command.announcement)? else { return Ok(Answer::no_content()) };
    if known.status != AnnouncementStatus::Sending || known.place() != command.after {
        return Ok(Answer::no_content());
    }
    let found = recipients(draft, &known, &command.customers)?;
    let kept = found.into_iter().flatten().filter(|recipient| recipient.is_kept(known.kind));
    let mut counts = known.counts.0;
    let before = counts.told;
    draft.each(kept, |draft, Recipient { mail, .. }| {
        if draft.get::<Message>(mail.id)?.is_none() {
            count(&mut counts, mail.status);
            draft.save(mail);
        }
        Ok(())
    })?;
    let now = draft.context.real_at;
    let took_ms = (counts.told - before).saturating_mul(HOUR_MS) / known.per_hour;
    let turn = known.next_at.unwrap_or(now).max(now.plus_ms(-BEHIND_MS));
    let mut told = Announcement { counts: Json(counts), next_at: Some(turn.plus_ms(took_ms)), ..(*known).clone() };
    match command.until {
        Some((at, id)) => (told.walked_at, told.walked) = (Some(at), Some(id)),
        None => {
            (told.status, told.next_at) = (AnnouncementStatus::Sent, None);
            told.finished_at = Some(draft.at());
            draft.event(EventKind::AnnouncementFinished, &view(&told))?;
        }
    }
    Ok(answer(&draft.save(told)))
}

fn count(counts: &mut Reached, status: MessageStatus) {
    match status {
        MessageStatus::Queued => counts.told += 1,
        MessageStatus::NoAddress => counts.no_address += 1,
        _ => counts.suppressed += 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::mail::take_message::TakeMessage;
    use crate::decide::testing::bench::{Bench, customer};
    use crate::records::Customer;
    use crate::records::announcement::{AnnouncementKind, Words};
    use crate::records::text::Text;

    /// A live shop that sends an announcement of this kind, a mail a second.
    fn sending(kind: AnnouncementKind) -> (Bench, Id) {
        let mut bench = Bench::new();
        let shop = bench.shop;
        bench.change::<crate::records::Shop>(shop, |shop| shop.mode = crate::records::shop::Mode::Live);
        let words = Words {
            subject: Text::parse("Wichtig").expect("a subject"),
            text: Text::parse("Der Henkel bricht.").expect("a text"),
        };
        let id = Id::of("ann", &["recall"]);
        bench.put(Announcement {
            status: AnnouncementStatus::Sending,
            content: Json([("de".to_owned(), words)].into()),
            per_hour: HOUR_MS / 1_000,
            next_at: Some(bench.at),
            started_at: Some(bench.at),
            ..Announcement::blank(id, shop, kind, bench.at)
        });
        (bench, id)
    }

    fn known(bench: &mut Bench, name: &str, email: Option<&str>) -> Id {
        let made = customer(bench, name, "x@mail.example");
        let made = Customer { email: email.map(str::to_owned), ..made };
        let id = made.id;
        bench.put(made);
        id
    }

    fn chunk(announcement: Id, after: Option<Place>, customers: &[Id], until: Option<Place>) -> TellRecipients {
        TellRecipients { announcement, after, customers: customers.to_vec(), until }
    }

    #[test]
    fn a_chunk_that_was_sent_twice_tells_once_and_takes_its_time() {
        let (mut bench, id) = sending(AnnouncementKind::Recall);
        let [anna, ben] = ["anna", "ben"].map(|name| known(&mut bench, name, Some(&format!("{name}@mail.example"))));
        let twin = known(&mut bench, "twin", Some("ANNA@mail.example"));
        let lost = known(&mut bench, "lost", None);
        let place = Some((bench.at, twin));
        let first = chunk(id, None, &[anna, ben, anna, twin], place);
        assert_eq!([first.clone(), first].map(|chunk| bench.decide(chunk).expect("no refusal").status), [200, 204]);
        let told = bench.get::<Announcement>(id);
        assert_eq!((told.counts.told, told.next_at), (2, Some(bench.at.plus_ms(2_000))));
        let last = chunk(id, place, &[ben, lost], None);
        assert_eq!([last.clone(), last].map(|chunk| bench.decide(chunk).expect("no refusal").status), [200, 204]);
        let over = bench.get::<Announcement>(id);
        assert_eq!((over.status, over.counts.told, over.counts.no_address), (AnnouncementStatus::Sent, 2, 1));
        assert_eq!((over.next_at, bench.all::<Message>().len()), (None, 3));
        let waits = bench.all::<Message>().into_iter().find(|mail| mail.recipient.is_none()).expect("a mail");
        assert_eq!(waits.waiting_for, Some(lost), "a recall is told whenever there is an address");
    }

    #[test]
    fn what_was_late_is_made_up_for_in_part() {
        let (mut bench, id) = sending(AnnouncementKind::Recall);
        let anna = known(&mut bench, "anna", Some("anna@mail.example"));
        bench.at = bench.at.plus_ms(60_000);
        bench.decide(chunk(id, None, &[anna], Some((bench.at, anna)))).expect("no refusal");
        assert_eq!(bench.get::<Announcement>(id).next_at, Some(bench.at.plus_ms(1_000 - BEHIND_MS)));
    }

    #[test]
    fn a_mail_that_was_made_rests_and_falls_with_its_announcement() {
        for (to, status, is_due) in [
            (AnnouncementStatus::Sending, MessageStatus::Sending, true),
            (AnnouncementStatus::Sent, MessageStatus::Sending, true),
            (AnnouncementStatus::Paused, MessageStatus::Queued, true),
            (AnnouncementStatus::Stopped, MessageStatus::Suppressed, false),
        ] {
            let (mut bench, id) = sending(AnnouncementKind::Recall);
            let anna = known(&mut bench, "anna", Some("anna@mail.example"));
            bench.decide(chunk(id, None, &[anna], Some((bench.at, anna)))).expect("no refusal");
            bench.change::<Announcement>(id, |announcement| announcement.status = to);
            let mail = bench.all::<Message>()[0].id;
            bench.decide(TakeMessage { id: mail, lease_ms: 5_000 }).expect("no refusal");
            let mail = bench.get::<Message>(mail);
            assert_eq!((mail.status, mail.next_at.is_some_and(|at| at > bench.at)), (status, is_due), "{to}");
        }
    }

    #[test]
    fn what_nobody_is_owed_leaves_no_trace() {
        let (mut bench, id) = sending(AnnouncementKind::Marketing);
        let ben = known(&mut bench, "ben", Some("ben@mail.example"));
        let lost = known(&mut bench, "lost", None);
        bench.decide(chunk(id, None, &[ben, lost], None)).expect("no refusal");
        assert!(bench.all::<Message>().is_empty());
    }
}
