//! The counters of days against what they count: the records of a shop, kind by kind, a page at a time. What is kept
//! meanwhile is as much as there are counters.

use super::{PAGE, SENTENCES, Verifier};
use crate::records::day_count::{ALL, Counts, DayCounts, DayKey, Figure, OF_KINDS, turn};
use crate::records::{Conversion, Id, Kind, Record, Referral, Reward, Share, Shop, Timestamp};
use crate::store::counters::page_of;
use crate::store::queries::identity;
use crate::store::writer::text;
use crate::store::{Statement, StoreResult, day_counts};

impl Verifier<'_> {
    /// The shops that are checked.
    pub(super) fn shops(&mut self) -> StoreResult<Vec<Id>> {
        let statement = self.scoped("SELECT t.id FROM shop_heads t WHERE [t] ORDER BY t.id", Vec::new());
        let rows = self.connection.query(&statement, &[Kind::Text])?;
        Ok(rows.iter().filter_map(|row| Id::parse("shp", &text(row.first())?)).collect())
    }

    /// Whether the counters of a shop have what its records of a kind come to.
    pub(super) fn count_days(&mut self, id: Id, kind: usize) -> StoreResult<()> {
        let counted = self.counted_up_to(id, "counted")?;
        let Some(shop) = identity::shop(self.connection, id)? else { return Ok(()) };
        let mut sums = DayCounts::new();
        match kind {
            0 => self.each_counted(id, &counted, |share: &Share| add(&mut sums, share, &shop))?,
            1 => self.each_counted(id, &counted, |referral: &Referral| add(&mut sums, referral, &shop))?,
            2 => self.each_counted(id, &counted, |order: &Conversion| add(&mut sums, order, &shop))?,
            _ => self.each_counted(id, &counted, |reward: &Reward| add(&mut sums, reward, &shop))?,
        }
        self.compare(id, OF_KINDS[kind], sums)
    }

    /// Up to which turn counters of a shop have its records, by the column of its head that says it.
    pub(super) fn counted_up_to(&mut self, shop: Id, column: &str) -> StoreResult<String> {
        let head = Statement::new(format!("SELECT {column} FROM shop_heads WHERE id = ?")).bind(shop);
        let rows = self.connection.query(&head, &[Kind::Text])?;
        Ok(rows.first().and_then(|row| text(row.first())).unwrap_or_default())
    }

    /// Shows the records of a shop up to a turn.
    pub(super) fn each_counted<R: Record>(
        &mut self,
        shop: Id,
        counted: &str,
        mut look: impl FnMut(&R),
    ) -> StoreResult<()> {
        let kind = R::COUNTED.unwrap_or_default();
        let is_counted = |record: &R| counted == ALL || turn(kind, record.made_at(), record.id()).as_str() <= counted;
        let mut behind = (Timestamp::from_ms(0), String::new());
        loop {
            let most = i64::try_from(PAGE).unwrap_or(i64::MAX);
            let page: Vec<R> = page_of(self.connection, shop, (behind.0, &behind.1), most)?;
            let Some(last) = page.last() else { return Ok(()) };
            behind = (last.made_at(), last.id().text());
            page.iter().filter(|record| is_counted(record)).for_each(&mut look);
        }
    }

    fn compare(&mut self, shop: Id, figures: &[Figure], mut came_to: DayCounts) -> StoreResult<()> {
        let mut wrong = Vec::new();
        for table in day_counts::Table::ALL {
            let mut behind =
                DayKey { day: i64::MIN, program: String::new(), channel: String::new(), place: String::new() };
            loop {
                let most = i64::try_from(PAGE).unwrap_or(i64::MAX);
                let page = table.page(self.connection, shop, &behind, most)?;
                let Some((last, _)) = page.last() else { break };
                behind = last.clone();
                for (key, counts) in page {
                    let sums = came_to.remove(&key).unwrap_or_default();
                    wrong.extend(told(shop, &key, figures, &counts, &sums));
                }
            }
        }
        for (key, sums) in came_to {
            wrong.extend(told(shop, &key, figures, &Counts::default(), &sums));
        }
        self.report.problems.append(&mut told_only(wrong, "counters of days"));
        Ok(())
    }
}

fn add<R: Record>(sums: &mut DayCounts, record: &R, shop: &Shop) {
    if let Some((key, counts)) = record.counts_for(shop) {
        sums.entry(key).or_default().add(&counts);
    }
}

/// As many sentences as are told, and how many more there are.
pub(super) fn told_only(mut wrong: Vec<String>, what: &str) -> Vec<String> {
    if wrong.len() > SENTENCES {
        let more = wrong.len() - SENTENCES;
        wrong.truncate(SENTENCES);
        wrong.push(format!("And {more} {what} more like this."));
    }
    wrong
}

/// A sentence for each figure that is not what its records come to.
fn told(shop: Id, key: &DayKey, figures: &[Figure], counts: &Counts, sums: &Counts) -> Vec<String> {
    let DayKey { day, program, channel, place } = key;
    let differs = figures.iter().filter(|figure| counts.get(**figure) != sums.get(**figure));
    let sentence = |figure: &Figure| {
        let (count, sum) = (counts.get(*figure), sums.get(*figure));
        format!(
            "On day {day} shop {shop} counts {figure} {count} of program {program} in {channel} {place}, its records come to {sum}."
        )
    };
    differs.map(sentence).collect()
}
