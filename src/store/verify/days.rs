//! The counters of days against what they count: the records of a shop, kind by kind, a page at a time. What is kept
//! meanwhile is as much as there are counters.

use super::{PAGE, SENTENCES, Verifier};
use crate::records::day_count::{ALL, Counts, DayCounts, DayKey, Figure, OF_KINDS, turn};
use crate::records::{Conversion, Id, Kind, Record, Referral, Reward, Share, Shop, Timestamp};
use crate::store::queries::identity;
use crate::store::writer::text;
use crate::store::{Statement, StoreResult, day_counts, day_fill};

impl Verifier<'_> {
    /// The shops that are checked.
    pub(super) fn shops(&mut self) -> StoreResult<Vec<Id>> {
        let statement = self.scoped("SELECT t.id FROM shop_heads t WHERE [t] ORDER BY t.id", Vec::new());
        let rows = self.connection.query(&statement, &[Kind::Text])?;
        Ok(rows.iter().filter_map(|row| Id::parse("shp", &text(row.first())?)).collect())
    }

    /// Whether the counters of a shop have what its records of a kind come to.
    pub(super) fn count_days(&mut self, shop: Id, kind: usize) -> StoreResult<()> {
        let head = Statement::new("SELECT counted FROM shop_heads WHERE id = ?").bind(shop);
        let rows = self.connection.query(&head, &[Kind::Text])?;
        let counted = rows.first().and_then(|row| text(row.first())).unwrap_or_default();
        let Some(shop) = identity::shop(self.connection, shop)? else { return Ok(()) };
        let came_to = match kind {
            0 => self.add_up::<Share>(&shop, &counted)?,
            1 => self.add_up::<Referral>(&shop, &counted)?,
            2 => self.add_up::<Conversion>(&shop, &counted)?,
            _ => self.add_up::<Reward>(&shop, &counted)?,
        };
        self.compare(shop.id, OF_KINDS[kind], came_to)
    }

    fn add_up<R: Record>(&mut self, shop: &Shop, counted: &str) -> StoreResult<DayCounts> {
        let (mut sums, kind) = (DayCounts::new(), R::COUNTED.unwrap_or_default());
        let is_counted = |record: &R| counted == ALL || turn(kind, record.made_at(), record.id()).as_str() <= counted;
        let mut behind = (Timestamp::from_ms(0), String::new());
        loop {
            let most = i64::try_from(PAGE).unwrap_or(i64::MAX);
            let page: Vec<R> = day_fill::page_of(self.connection, shop.id, (behind.0, &behind.1), most)?;
            let Some(last) = page.last() else { return Ok(sums) };
            behind = (last.made_at(), last.id().text());
            for record in page.iter().filter(|record| is_counted(record)) {
                if let Some((key, counts)) = record.counts_for(shop) {
                    sums.entry(key).or_default().add(&counts);
                }
            }
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
        if wrong.len() > SENTENCES {
            let more = wrong.len() - SENTENCES;
            wrong.truncate(SENTENCES);
            wrong.push(format!("And {more} counters of days more like this."));
        }
        self.report.problems.append(&mut wrong);
        Ok(())
    }
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
