//! Sending announcements: whoever an announcement is for is found and told some at a time, each chunk a command that also saves
//! how far it has come. They are no jobs: one takes hours at its rate, and nobody's import waits for that.
//!
//! No more mails are made than leave: while many of a shop are due, none are added, so that the mails that customers wait for
//! are never behind a hundred thousand others.

use std::time::{Duration, Instant};

use crate::background::{Next, Stop, Work, Worker};
use crate::decide::announcements::recipient::recipients;
use crate::decide::announcements::tell_recipients::TellRecipients;
use crate::engine::{Engine, Failure, Request};
use crate::records::announcement::{AnnouncementStatus, Audience, Place};
use crate::records::{Announcement, Id, Timestamp};
use crate::store::queries::announcements;
use crate::store::queries::audiences::{self, Page, Part, due_mails};
use crate::store::queries::records::get;
use crate::store::{Connection, Pool, StoreError, StoreResult};

/// Announcements that are looked at in one round.
const OPEN: i64 = 64;
/// How long one goes on before the next one gets its turn.
const TURN: Duration = Duration::from_secs(1);
/// People who are told with one command, at most.
const MOST: usize = 200;
/// Seconds of the rate that a chunk covers, where it is not more than that.
const SECONDS: i64 = 5;
/// Rows that are looked at for them.
const ROWS: usize = 1_000;
/// Mails of a shop that are due, from which on none are added.
const DUE: i64 = 500;
/// How long it is waited then.
const FULL: Duration = Duration::from_millis(500);

/// Starts the worker that sends announcements. `tick` is how often it looks for them.
pub fn start(engine: Engine, reader: Pool, tick: Duration) -> Worker {
    Worker::start(Announcements { engine, reader }, tick)
}

/// Sends announcements.
pub struct Announcements {
    engine: Engine,
    reader: Pool,
}

/// What came of a step.
enum Step {
    /// It went on.
    Went,
    /// It is not its turn, it has ended, or somebody else was faster.
    Over,
    /// Too many mails wait to leave.
    Full,
}

impl Work for Announcements {
    /// A shop, and its announcement.
    type Item = (Id, Id);
    const NAME: &'static str = "announcements";
    const LANES: usize = 2;
    const LEFT: &'static str = "the announcement goes on where it was";

    /// Those whose next mails are to be made.
    async fn due(&self, under_way: &[(Id, Id)]) -> StoreResult<Vec<(Id, Id)>> {
        let (now, ahead) = (self.engine.now(), self.engine.shops_ahead());
        let until = ahead.iter().map(|(_, at)| *at).max().unwrap_or(now).max(now);
        let found = self.reader.run(move |connection| announcements::open(connection, until, OPEN)).await?;
        let now_in = |shop: Id| ahead.iter().find(|(other, _)| *other == shop).map_or(now, |(_, at)| *at);
        let due = found.into_iter().filter(|(shop, _, at)| *at <= now_in(*shop)).map(|(shop, id, _)| (shop, id));
        Ok(due.filter(|item| !under_way.contains(item)).collect())
    }

    /// Gives one its turn: chunk after chunk, until it is ahead of its rate or the time is over.
    async fn work(&self, (shop, id): (Id, Id), stop: Stop) -> Next {
        let begun = Instant::now();
        while begun.elapsed() < TURN && !stop.is_asked() {
            match self.step(shop, id).await {
                Ok(Step::Went) => {}
                Ok(Step::Over) => break,
                Ok(Step::Full) => return Next::After(FULL),
                Err(error) => {
                    error.tell(&format!("the announcement {id} goes on later"));
                    return Next::Later;
                }
            }
        }
        Next::Now
    }
}

impl Announcements {
    /// Tells the next ones.
    async fn step(&self, shop: Id, id: Id) -> StoreResult<Step> {
        let now = self.engine.now_in(shop);
        let (announcement, page) = match self.reader.run(move |connection| look(connection, shop, id, now)).await? {
            Look::Over => return Ok(Step::Over),
            Look::Full => return Ok(Step::Full),
            Look::Found(announcement, page) => (announcement, page),
        };
        let page = if page.is_broad { self.judged(&announcement, page).await? } else { page };
        let (customers, until) = cut(page, chunk(announcement.per_hour));
        let command = TellRecipients { announcement: id, after: announcement.place(), customers, until };
        match self.engine.submit(Request::system(shop, command)).await {
            Ok(given) if given.answer.status == 204 => Ok(Step::Over),
            Ok(_) => Ok(Step::Went),
            Err(failure) => Err(unsent(&failure)),
        }
    }

    /// Of the first on a page, those who belong to a segment by its condition.
    async fn judged(&self, announcement: &Announcement, page: Page) -> StoreResult<Page> {
        let mut page = shortened(page, MOST);
        let (own, asked) = (announcement.clone(), page.found.iter().map(|(_, id)| *id).collect::<Vec<Id>>());
        let judged = self.engine.dry_run(announcement.shop, move |draft| {
            Ok(recipients(draft, &own, &asked)?.iter().map(Option::is_some).collect::<Vec<bool>>())
        });
        let mut judged = judged.await.map_err(|failure| unsent(&failure))?.into_iter();
        page.found.retain(|_| judged.next() == Some(true));
        Ok(page)
    }
}

/// What there is to do.
enum Look {
    /// It is not its turn, or it has ended.
    Over,
    /// Too many mails wait to leave.
    Full,
    /// These come next.
    Found(Box<Announcement>, Page),
}

/// Looks who comes next, where it is their turn.
fn look(connection: &mut Connection, shop: Id, id: Id, now: Timestamp) -> StoreResult<Look> {
    let Some(announcement) = get::<Announcement>(connection, shop, id)? else { return Ok(Look::Over) };
    let is_due = announcement.next_at.is_some_and(|at| at <= now);
    let Some(until) = announcement.started_at.filter(|_| announcement.status == AnnouncementStatus::Sending && is_due)
    else {
        return Ok(Look::Over);
    };
    if due_mails(connection, shop, now, DUE)? >= DUE {
        return Ok(Look::Full);
    }
    let rows = match &announcement.audience.0 {
        // One more, by which it is seen that there are more.
        Audience::All(_) | Audience::Customers(_) => chunk(announcement.per_hour) + 1,
        Audience::Program(_) | Audience::Segment(_) | Audience::Bought(_) => ROWS,
    };
    let part = Part { after: announcement.place(), until, rows };
    let page = audiences::page(connection, shop, &announcement.audience, part)?;
    Ok(Look::Found(Box::new(announcement), page))
}

/// The first of a page: they, and where they end.
fn cut(page: Page, most: usize) -> (Vec<Id>, Option<Place>) {
    let page = shortened(page, most);
    (page.found.into_iter().map(|(_, customer)| customer).collect(), page.last)
}

/// A page with so many at most.
fn shortened(mut page: Page, most: usize) -> Page {
    if page.found.len() > most {
        page.found.truncate(most);
        page.last = page.found.last().map(|(place, _)| *place);
    }
    page
}

/// How many are told at once at a rate.
fn chunk(per_hour: i64) -> usize {
    usize::try_from(per_hour * SECONDS / 3_600).unwrap_or(MOST).clamp(1, MOST)
}

fn unsent(failure: &Failure) -> StoreError {
    StoreError::Failed(format!("nobody could be told: {failure}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_some_seconds_of_the_rate() {
        for (per_hour, expected) in [(1, 1), (720, 1), (7_200, 10), (1_000_000, MOST)] {
            assert_eq!(chunk(per_hour), expected, "{per_hour}");
        }
    }

    #[test]
    fn a_page_is_cut_where_the_last_who_is_told_was_found() {
        let place = |number: i64| (Timestamp::from_ms(number), Id::of("cnv", &[&number.to_string()]));
        let customer = |number: i64| Id::of("cus", &[&number.to_string()]);
        let page = || Page {
            found: vec![(place(3), customer(1)), (place(7), customer(2))],
            last: Some(place(9)),
            ..Page::default()
        };
        assert_eq!(cut(page(), 1), (vec![customer(1)], Some(place(3))));
        assert_eq!(cut(page(), 2), (vec![customer(1), customer(2)], Some(place(9))));
    }
}
