//! The tables of the visit recorder: what is kept of openings, and how often a link was opened.
//!
//! Uniqueness is a hash under a salt that is new each day; salt and hashes die after their day.

use std::collections::{BTreeMap, HashMap};

use super::statement::{Sql, columns};
use super::writer::text;
use super::{Bind, Connection, Statement, StoreError, StoreResult};
use crate::records::day_count::DayKey;
use crate::records::{Id, Kind, Timestamp, Value, Values};

/// Hashes of past days that one batch removes.
const PURGED: i64 = 5_000;

/// Visits that are removed at once: a few milliseconds of the writer's time.
const FORGOTTEN: i64 = 500;

/// Rows of one statement on SQLite; PostgreSQL takes any number.
const ROWS: usize = 32;

/// What came of a batch of openings.
#[derive(Debug, Default)]
pub struct Batch {
    /// Openings that cannot be told apart are one.
    pub visits: Vec<Visit>,
    /// Persons, each once, and what they opened.
    pub persons: BTreeMap<Hash, Person>,
    /// How many hashes of one place a day has.
    pub most: usize,
}

/// What is kept of a person for a day, under the day's salt: two halves of one text, each as long as the
/// other's. The first has letters below `~` alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hash {
    /// Of share and address.
    pub place: String,
    /// Of share, address and browser.
    pub browser: String,
}

/// What a person opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// The share.
    pub share: Id,
    /// Whether a page led there that everybody can read.
    pub is_public: bool,
}

/// Openings of one share by one class of visitors.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The shop.
    pub shop: Id,
    /// The share.
    pub share: Id,
    /// When, in the shop's time.
    pub at: Timestamp,
    /// Who.
    pub class: Class,
    /// How many.
    pub count: i64,
    /// Where it is counted.
    pub key: DayKey,
}

/// Who opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// A person, with the class of the device.
    Person(&'static str),
    /// A preview robot, with the channel that it proved where the share's own says nothing.
    Preview(Option<&'static str>),
}

/// Openings that are counted on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Openings {
    /// By preview robots.
    pub previews: i64,
    /// By persons.
    pub visits: i64,
    /// By persons, each once.
    pub unique_visits: i64,
}

impl Openings {
    /// Adds others.
    pub fn add(&mut self, other: &Self) {
        self.previews += other.previews;
        self.visits += other.visits;
        self.unique_visits += other.unique_visits;
    }
}

/// Openings by shop, day and place, in the order in which they are written.
pub type Days = BTreeMap<(Id, DayKey), Openings>;

#[derive(Clone, Copy, Default)]
struct Counts {
    previews: i64,
    visits: i64,
    unique_visits: i64,
    public_visits: i64,
    opened_at: Option<i64>,
}

impl Counts {
    fn add(&mut self, visit: &Visit, openings: &Openings) {
        self.previews += openings.previews;
        self.visits += openings.visits;
        self.unique_visits += openings.unique_visits;
        if matches!(visit.class, Class::Person(_)) {
            self.opened_at = self.opened_at.max(Some(visit.at.ms()));
        }
    }
}

/// The salt of a day (days since 1970, UTC): the one that the first process made.
pub fn salt(connection: &mut Connection, day: i64, made: &str) -> StoreResult<String> {
    let insert = "INSERT INTO visit_salts (day, salt) VALUES (?, ?) ON CONFLICT (day) DO NOTHING";
    connection.execute(&Statement::new(insert).bind(day).bind(made))?;
    let select = Statement::new("SELECT salt FROM visit_salts WHERE day = ?").bind(day);
    let rows = connection.query(&select, &[Kind::Text])?;
    let kept = rows.first().and_then(|row| text(row.first()));
    kept.ok_or_else(|| StoreError::Failed("the day's salt cannot be read back".into()))
}

/// Removes the salts of days before, and some of their hashes; answers whether there may be more.
pub fn forget_days_before(connection: &mut Connection, day: i64) -> StoreResult<bool> {
    connection.execute(&Statement::new("DELETE FROM visit_salts WHERE day < ?").bind(day))?;
    let sql =
        "DELETE FROM visitor_hashes WHERE (day, hash) IN (SELECT day, hash FROM visitor_hashes WHERE day < ? LIMIT ?)";
    let gone = connection.execute(&Statement::new(sql).bind(day).bind(PURGED))?;
    Ok(i64::try_from(gone).is_ok_and(|gone| gone == PURGED))
}

/// Removes a page of the visits that are from before an instant, in their shop's time; what was counted of them stays,
/// and how much of it their rows proved. Answers whether there may be more.
pub fn forget_before(connection: &mut Connection, at: Timestamp) -> StoreResult<bool> {
    let join = if connection.is_postgres() { "JOIN visits v ON" } else { "CROSS JOIN visits v WHERE" };
    let sql = format!(
        "DELETE FROM visits WHERE id IN (SELECT v.id FROM shop_heads h {join} v.shop = h.id \
         AND v.at < CAST(? AS BIGINT) + h.clock_offset_ms LIMIT ?) RETURNING shop, share, class, count, day, fresh"
    );
    let kinds = [Kind::Text, Kind::Text, Kind::Text, Kind::Int, Kind::Int, Kind::Int];
    let gone = connection.query(&Statement::new(sql).bind(at).bind(FORGOTTEN), &kinds)?;
    let may_be_more = i64::try_from(gone.len()).is_ok_and(|gone| gone == FORGOTTEN);
    note_gone(connection, gone)?;
    Ok(may_be_more)
}

/// Notes at the counters of days what stood in rows that were removed.
fn note_gone(connection: &mut Connection, gone: Vec<Vec<Value>>) -> StoreResult<()> {
    let mut of_shares: BTreeMap<(Id, i64), Openings> = BTreeMap::new();
    for row in gone {
        let mut row = Values::new(row);
        let (_, share, class, count): (Id, Id, String, i64) =
            (row.column()?, row.column()?, row.column()?, row.column()?);
        let (day, fresh): (Option<i64>, Option<i64>) = (row.column()?, row.column()?);
        let Some(day) = day else { continue };
        let openings = match class.as_str() {
            "preview" => Openings { previews: count, ..Openings::default() },
            _ => Openings { previews: 0, visits: count, unique_visits: fresh.unwrap_or(0) },
        };
        of_shares.entry((share, day)).or_default().add(&openings);
    }
    let tables = [("day_visits", "", ""), ("place_visits", ", place", ", placed")].map(|(table, place, placed)| {
        Sql::from(format!(
            "UPDATE {table} SET gone_previews = gone_previews + ?, gone_visits = gone_visits + ?, \
             gone_unique = gone_unique + ? WHERE (shop, day, program, channel{place}) IN \
             (SELECT shop, CAST(? AS BIGINT), program, channel{placed} FROM shares WHERE id = ? AND placed IS {not} NULL)",
            not = if place.is_empty() { "" } else { "NOT" },
        ))
    });
    for ((share, day), openings) in of_shares {
        let Openings { previews, visits, unique_visits } = openings;
        for sql in &tables {
            let statement = Statement::new(sql.clone()).bind(previews).bind(visits).bind(unique_visits);
            if connection.execute(&statement.bind(day).bind(share))? > 0 {
                break;
            }
        }
    }
    Ok(())
}

/// Saves a batch of openings, in the transaction that is open.
pub fn record(connection: &mut Connection, day: i64, batch: Batch) -> StoreResult<()> {
    let fresh = insert_hashes(connection, day, &batch)?;
    let news = news(&batch.visits, &fresh);
    let mut public = BTreeMap::new();
    for person in fresh.iter().filter(|person| person.is_public) {
        *public.entry(person.share).or_default() += 1;
    }
    keep(connection, batch.visits, &news, &public)
}

/// Saves openings of which is known how many persons came with each for the first time that day, and of each share how
/// many of these by a page that everybody can read. Rows that several processes change are written in the order of their
/// keys, so that they cannot wait for each other in a circle.
pub fn keep(
    connection: &mut Connection,
    visits: Vec<Visit>,
    news: &[i64],
    public: &BTreeMap<Id, i64>,
) -> StoreResult<()> {
    insert_visits(connection, &visits, news)?;
    let (mut counts, mut days): (BTreeMap<Id, (Id, Counts)>, Days) = Default::default();
    for (visit, news) in visits.into_iter().zip(news) {
        let openings = match visit.class {
            Class::Preview(_) => Openings { previews: visit.count, ..Openings::default() },
            Class::Person(_) => Openings { previews: 0, visits: visit.count, unique_visits: *news },
        };
        let (_, counts) = counts.entry(visit.share).or_insert((visit.shop, Counts::default()));
        counts.add(&visit, &openings);
        days.entry((visit.shop, visit.key)).or_default().add(&openings);
    }
    for (share, persons) in public {
        if let Some((_, counts)) = counts.get_mut(share) {
            counts.public_visits += persons;
        }
    }
    add_counts(connection, counts)?;
    add_days(connection, days)
}

/// How many of each visit's persons came for the first time that day: of a share they count at one of its visits.
fn news(visits: &[Visit], fresh: &[Person]) -> Vec<i64> {
    let mut news = vec![0; visits.len()];
    let mut of_share: HashMap<Id, usize> = HashMap::new();
    for (place, visit) in visits.iter().enumerate().filter(|(_, visit)| matches!(visit.class, Class::Person(_))) {
        of_share.insert(visit.share, place);
    }
    for place in fresh.iter().filter_map(|person| of_share.get(&person.share)) {
        news[*place] += 1;
    }
    news
}

/// Adds openings to the counters of days.
pub fn add_days(connection: &mut Connection, days: Days) -> StoreResult<()> {
    let (of_days, of_places): (Vec<_>, Vec<_>) = days.into_iter().partition(|((_, key), _)| key.place.is_empty());
    let row = |((shop, key), openings): ((Id, DayKey), Openings)| {
        let DayKey { day, program, channel, place } = key;
        let Openings { previews, visits, unique_visits } = openings;
        let key: [Bind; 4] = [shop.into(), day.into(), program.into(), channel.into()];
        (key, place, [previews, visits, unique_visits].map(Bind::from))
    };
    let of_days = of_days.into_iter().map(row).map(|([shop, day, program, channel], _, [previews, visits, unique])| {
        [shop, day, program, channel, previews, visits, unique]
    });
    add_openings(connection, "day_visits", "", of_days.collect())?;
    let of_places =
        of_places.into_iter().map(row).map(|([shop, day, program, channel], place, [previews, visits, unique])| {
            [shop, day, program, channel, place.into(), previews, visits, unique]
        });
    add_openings(connection, "place_visits", ", place", of_places.collect())
}

fn add_openings<const N: usize>(
    connection: &mut Connection,
    table: &str,
    place: &str,
    rows: Vec<[Bind; N]>,
) -> StoreResult<()> {
    let names = format!("INSERT INTO {table} (shop, day, program, channel{place}, previews, visits, unique_visits)");
    let sums = ["previews", "visits", "unique_visits"].map(|name| format!("{name} = {table}.{name} + excluded.{name}"));
    let behind = format!(" ON CONFLICT (shop, day, program, channel{place}) DO UPDATE SET {}", sums.join(", "));
    insert(connection, &names, &behind, rows)
}

fn insert_visits(connection: &mut Connection, visits: &[Visit], news: &[i64]) -> StoreResult<()> {
    let names = "INSERT INTO visits (shop, share, at, class, device, channel, count, day, fresh)";
    let rows = visits.iter().zip(news).map(|(visit, news)| {
        let (class, device, channel) = match visit.class {
            Class::Person(device) => ("person", Some(device), None),
            Class::Preview(channel) => ("preview", None, channel),
        };
        let word = |word: Option<&'static str>| Bind::Text(word.map(str::to_owned));
        let (device, channel) = (word(device), word(channel));
        let (shop, share, count) = (visit.shop.into(), visit.share.into(), visit.count.into());
        [shop, share, visit.at.into(), class.into(), device, channel, count, visit.key.day.into(), (*news).into()]
    });
    insert(connection, names, "", rows.collect())
}

/// Notes hashes, which come in order, as long as their place has not enough; answers those
/// that were not there. Two processes that look at the same moment may both find room.
fn insert_hashes(connection: &mut Connection, day: i64, batch: &Batch) -> StoreResult<Vec<Person>> {
    let most = i64::try_from(batch.most).unwrap_or(i64::MAX);
    if connection.is_postgres() {
        return insert_hashes_at_once(connection, day, batch, most);
    }
    let sql = Sql::from(
        "INSERT INTO visitor_hashes (day, hash) SELECT ?, ? WHERE \
         (SELECT count(*) FROM visitor_hashes WHERE day = ? AND hash BETWEEN ? AND ?) < ? \
         ON CONFLICT (day, hash) DO NOTHING"
            .to_owned(),
    );
    let mut fresh = Vec::new();
    for (Hash { place, browser }, person) in &batch.persons {
        let statement = Statement::new(sql.clone()).bind(day).bind(format!("{place}{browser}")).bind(day);
        let statement = statement.bind(place.as_str()).bind(format!("{place}~")).bind(most);
        if connection.execute(&statement)? == 1 {
            fresh.push(*person);
        }
    }
    Ok(fresh)
}

fn insert_hashes_at_once(connection: &mut Connection, day: i64, batch: &Batch, most: i64) -> StoreResult<Vec<Person>> {
    let sql = "INSERT INTO visitor_hashes (day, hash) \
        SELECT ?, place || browser FROM (SELECT place, browser, \
            row_number() OVER (PARTITION BY place ORDER BY browser) + (SELECT count(*) FROM visitor_hashes k \
                WHERE k.day = ? AND k.hash BETWEEN place AND place || '~') AS number \
            FROM unnest(?, ?) AS person (place, browser) \
            WHERE NOT EXISTS (SELECT 1 FROM visitor_hashes k WHERE k.day = ? AND k.hash = place || browser)) news \
        WHERE number <= ? ORDER BY 2 ON CONFLICT (day, hash) DO NOTHING RETURNING hash";
    let half =
        |half: fn(&Hash) -> &String| Bind::Texts(batch.persons.keys().map(|hash| Some(half(hash).clone())).collect());
    let halves = [half(|hash| &hash.place), half(|hash| &hash.browser)];
    let statement = Statement::new(sql).bind(day).bind(day).binds(halves).bind(day).bind(most);
    let rows = connection.query(&statement, &[Kind::Text])?;
    let persons: HashMap<String, Person> =
        batch.persons.iter().map(|(Hash { place, browser }, person)| (format!("{place}{browser}"), *person)).collect();
    Ok(rows.iter().filter_map(|row| persons.get(&text(row.first())?).copied()).collect())
}

fn add_counts(connection: &mut Connection, counts: BTreeMap<Id, (Id, Counts)>) -> StoreResult<()> {
    let names = "INSERT INTO share_counts (id, shop, previews, visits, unique_visits, public_visits, opened_at)";
    let behind = " ON CONFLICT (id) DO UPDATE SET previews = share_counts.previews + excluded.previews, \
                  visits = share_counts.visits + excluded.visits, \
                  unique_visits = share_counts.unique_visits + excluded.unique_visits, \
                  public_visits = share_counts.public_visits + excluded.public_visits, \
                  opened_at = CASE WHEN excluded.opened_at IS NULL OR share_counts.opened_at > excluded.opened_at \
                  THEN share_counts.opened_at ELSE excluded.opened_at END";
    let rows = counts.into_iter().map(|(share, (shop, counts))| {
        let (previews, visits, unique_visits) = (counts.previews, counts.visits, counts.unique_visits);
        let public_visits = counts.public_visits.into();
        let opened_at = Bind::Int(counts.opened_at);
        [share.into(), shop.into(), previews.into(), visits.into(), unique_visits.into(), public_visits, opened_at]
    });
    insert(connection, names, behind, rows.collect())
}

/// Inserts rows: in one statement on PostgreSQL, some at a time on SQLite.
fn insert<const N: usize>(
    connection: &mut Connection,
    names: &str,
    behind: &str,
    rows: Vec<[Bind; N]>,
) -> StoreResult<()> {
    let marks = vec!["?"; N].join(", ");
    if connection.is_postgres() {
        let sql = format!("{names} SELECT * FROM unnest({marks}){behind}");
        return match columns(rows) {
            columns if columns.is_empty() => Ok(()),
            columns => connection.execute(&Statement::new(sql).binds(columns)).map(|_| ()),
        };
    }
    // Two texts only, for many rows and for one, so that each is prepared once.
    let several = Sql::from(format!("{names} VALUES {}{behind}", vec![format!("({marks})"); ROWS].join(", ")));
    let single = Sql::from(format!("{names} VALUES ({marks}){behind}"));
    let mut rows = rows.into_iter();
    while rows.len() >= ROWS {
        let binds = rows.by_ref().take(ROWS).flatten();
        connection.execute(&Statement::new(several.clone()).binds(binds))?;
    }
    for row in rows {
        connection.execute(&Statement::new(single.clone()).binds(row))?;
    }
    Ok(())
}
