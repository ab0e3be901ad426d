//! Rehearsals: whom an announcement would reach takes as long to count as there are customers or orders. They are asked a page
//! at a time, by the very rule by which people are told. Of each of them eight bytes are kept meanwhile, so that nobody counts
//! twice.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use super::inquiries::{Inquiry, Note};
use crate::decide::announcements::recipient::{Recipient, recipients};
use crate::engine::{Engine, Failure, Onlooker};
use crate::records::announcement::{AnnouncementKind, Audience, CountOf, Rehearsal};
use crate::records::message::{MessageStatus, Reason, Withheld};
use crate::records::{Announcement, Id, Timestamp};
use crate::store::connection::Use;
use crate::store::queries::audiences::{self, Orders, Part};
use crate::store::{Connection, StoreError, StoreResult, Target};

/// Rows that are looked at with one query.
const ROWS: usize = 1_000;
/// People who are asked about at once.
const PAGE: usize = 200;
/// Domains that are told by name.
const DOMAINS: usize = 20;
/// Domains that are counted apart; people at others are counted together.
const KNOWN_DOMAINS: usize = 100_000;

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Customers or orders that were looked at.
    pub done: i64,
    /// Those that there are to look at.
    pub total: i64,
}

/// What was counted, and of which revision.
#[derive(Clone, Debug, Serialize)]
pub struct Counted {
    /// The revision.
    pub revision: i64,
    /// What was counted.
    pub rehearsal: Rehearsal,
}

/// Where they are found, and who says whether they are told.
pub struct Rehearsals {
    /// The database.
    pub target: Target,
    /// The engine.
    pub engine: Engine,
}

impl Inquiry for Rehearsals {
    const NAME: &'static str = "rehearsals";
    type Question = Announcement;
    type Progress = Progress;
    type Report = Counted;

    fn key(announcement: &Announcement) -> String {
        format!("{} {}", announcement.id, announcement.revision)
    }

    fn work_out(&self, announcement: &Announcement, note: Note<'_, Progress>) -> StoreResult<Counted> {
        let connection = self.target.connect(Use::Read)?;
        let mut onlooker = self.engine.onlooker();
        let now = onlooker.ask(announcement.shop, |draft| Ok(draft.at())).map_err(|failure| failed(&failure))?;
        let run = Run { announcement, now, connection, onlooker, seen: HashSet::new(), tally: Tally::default() };
        Ok(Counted { revision: announcement.revision, rehearsal: run.count(note)? })
    }
}

struct Run<'a> {
    announcement: &'a Announcement,
    now: Timestamp,
    connection: Connection,
    onlooker: Onlooker,
    /// A part of the id of each mail that was counted.
    seen: HashSet<u64>,
    tally: Tally,
}

/// What was counted so far.
#[derive(Default)]
struct Tally {
    counted: Rehearsal,
    locales: BTreeMap<String, i64>,
    domains: HashMap<String, i64>,
    others: i64,
    orders: Orders,
}

impl Run<'_> {
    fn count(mut self, note: Note<'_, Progress>) -> StoreResult<Rehearsal> {
        let (shop, audience) = (self.announcement.shop, &self.announcement.audience.0);
        let mut progress = Progress { done: 0, total: audiences::rows(&mut self.connection, shop, audience)? };
        let mut after = None;
        loop {
            let broken_off = || StoreError::Failed("the rehearsal was broken off".into());
            note(progress).is_continue().then_some(()).ok_or_else(broken_off)?;
            let part = Part { after, until: self.now, rows: ROWS };
            let page = audiences::page(&mut self.connection, shop, audience, part)?;
            let ids: Vec<Id> = page.found.iter().map(|(_, id)| *id).collect();
            for some in ids.chunks(PAGE) {
                self.ask(some.to_vec())?;
            }
            self.tally.add_orders(page.orders);
            let Some(last) = page.last else { break };
            after = Some(last);
            progress.done = (progress.done + i64::try_from(ROWS).unwrap_or(0)).min(progress.total);
        }
        Ok(self.tally.told(self.announcement, self.now))
    }

    fn ask(&mut self, some: Vec<Id>) -> StoreResult<()> {
        let own = self.announcement.clone();
        let found = self.onlooker.ask(own.shop, move |draft| recipients(draft, &own, &some));
        for recipient in found.map_err(|failure| failed(&failure))?.into_iter().flatten() {
            let id = recipient.mail.id.to_bytes();
            let part = id.last_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
            if self.seen.insert(part) {
                self.tally.note(self.announcement.kind, &recipient);
            }
        }
        Ok(())
    }
}

impl Tally {
    fn note(&mut self, kind: AnnouncementKind, Recipient { mail, agrees }: &Recipient) {
        let counted = &mut self.counted;
        counted.people += 1;
        match agrees {
            Some(true) => counted.consent.given += 1,
            Some(false) => counted.consent.withdrawn += 1,
            None => counted.consent.never += 1,
        }
        let why = mail.reason.as_ref().map(Reason::as_str);
        match mail.status {
            _ if kind == AnnouncementKind::Marketing && *agrees != Some(true) => counted.no_consent += 1,
            MessageStatus::Queued => {
                counted.told += 1;
                *self.locales.entry(mail.locale.clone()).or_default() += 1;
                self.note_domain(mail.recipient.as_deref().unwrap_or_default());
            }
            MessageStatus::NoAddress => counted.no_address += 1,
            _ if why == Some(Withheld::AddressSuppressed.as_str()) => counted.suppressed += 1,
            _ => counted.withheld += 1,
        }
    }

    fn note_domain(&mut self, address: &str) {
        let domain = address.rsplit_once('@').map_or(address, |(_, domain)| domain).to_lowercase();
        if self.domains.len() < KNOWN_DOMAINS || self.domains.contains_key(&domain) {
            *self.domains.entry(domain).or_default() += 1;
        } else {
            self.others += 1;
        }
    }

    fn add_orders(&mut self, orders: Orders) {
        self.orders.skus.resize(orders.skus.len().max(self.orders.skus.len()), 0);
        self.orders.skus.iter_mut().zip(orders.skus).for_each(|(sum, count)| *sum += count);
        self.orders.without_customer += orders.without_customer;
        self.orders.without_items += orders.without_items;
    }

    fn told(self, announcement: &Announcement, at: Timestamp) -> Rehearsal {
        let count_of = |(name, count)| CountOf { name, count };
        let mut domains: Vec<CountOf> = self.domains.into_iter().map(count_of).collect();
        domains.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.name.cmp(&other.name)));
        let rest = domains.split_off(domains.len().min(DOMAINS));
        let named = match &announcement.audience.0 {
            Audience::Bought(bought) => bought.skus.as_slice(),
            _ => &[],
        };
        let counts = self.orders.skus.into_iter().chain(std::iter::repeat(0));
        let skus = named.iter().zip(counts).map(|(sku, count)| CountOf { name: sku.to_string(), count });
        Rehearsal {
            at,
            locales: self.locales.into_iter().map(count_of).collect(),
            other_domains: self.others + rest.iter().map(|domain| domain.count).sum::<i64>(),
            domains,
            skus: skus.collect(),
            orders_without_customer: self.orders.without_customer,
            orders_without_items: self.orders.without_items,
            ..self.counted
        }
    }
}

fn failed(failure: &Failure) -> StoreError {
    StoreError::Failed(format!("nobody could be counted: {failure:?}"))
}
