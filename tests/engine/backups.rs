//! Backups: every table goes along, to the row, between both databases; and what is torn, foreign or full is refused.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use grapevine::records::{Id, Kind, RecordKind, Value};
use grapevine::store::backup::file::{Contents, Head, Writer};
use grapevine::store::backup::moving::{self, Label};
use grapevine::store::backup::tables::{self, BESIDE, Destination, Goes};
use grapevine::store::migrate::migrate;
use grapevine::store::verify::verify;
use grapevine::store::{Statement, StoreError, StoreResult};

use crate::kinds::{Samples, open, save};
use crate::rig::{self, Start, block_on, number, stop, submit};
use crate::support::{Fresh, on_both};

on_both!(every_table_goes_along_or_is_said_not_to, a_backup_is_of_one_moment, what_cannot_be_backed_up_is_said,);

/// A folder of a test's own; gone when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("grapevine_backup_{}", ulid::Ulid::generate()));
        fs::create_dir(&folder).expect("a temporary folder");
        Self(folder)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn names(&self) -> BTreeSet<String> {
        let names = fs::read_dir(&self.0).expect("the folder").flatten();
        names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn label(without_secrets: bool) -> Label {
    Label { made_at: "2026-12-24T17:00:00.000Z".into(), mark: "a mark".into(), secret: None, without_secrets }
}

fn back_up(database: &Fresh, path: &Path) -> StoreResult<Contents> {
    moving::back_up(&database.target, path, &label(false), &mut |_| {}).map(|(contents, _)| contents)
}

fn restore(path: &Path, database: &Fresh) -> StoreResult<Contents> {
    let contents = moving::look(path, &mut |_| {})?;
    moving::restore(path, &contents, &database.target, None, &mut |_| {}).map(|()| contents)
}

fn copy(from: &Fresh, to: &Fresh) -> StoreResult<moving::Copied> {
    moving::copy(&from.target, &to.target, None, &mut |_| {})
}

#[track_caller]
fn sentence<T: std::fmt::Debug>(outcome: StoreResult<T>) -> String {
    match outcome {
        Err(StoreError::Unfit(sentence)) => sentence,
        other => panic!("it ought to be refused: {other:?}"),
    }
}

/// A row in every table.
fn a_row_of_everything(database: &Fresh) {
    save(&mut open(database), &mut Samples { version: 1 }).expect("new records are saved");
    let mut connection = database.connect();
    let beside = "INSERT INTO visits (shop, share, at, class, device, channel, count) VALUES ('s', 'x', 1, 'person', NULL, 'ü', 2);
        INSERT INTO arrivals (shop, day, private, suspected, typed, search, social, other) VALUES ('s', 1, 1, 2, 3, 4, 5, 6);
        INSERT INTO import_lines (job, last, lines, created_at) VALUES ('j', 1, '[\"a\nb\"]', 1), ('j', 2, '[]', 1);
        INSERT INTO webhook_cursors (endpoint, shop, seq, lease, lease_until, turn_at, rest_until, failures)
        VALUES ('e', 's', 7, 1, 0, 0, 0, 0);
        INSERT INTO webhook_replays (id, shop, endpoint, seq, to_seq, created_at) VALUES ('r', 's', 'e', 1, 2, 3);
        INSERT INTO event_consumers (shop, name, after_seq, created_at, updated_at) VALUES ('s', 'n', 7, 1, 2);
        INSERT INTO visit_salts (day, salt) VALUES (1, 'salt');
        INSERT INTO visitor_hashes (day, hash) VALUES (1, 'b'), (1, 'a'), (0, 'c');
        INSERT INTO owed_days (shop, day, kind, amount) VALUES ('s', 1, 'vouchers', 5);
        INSERT INTO day_visits (shop, day, program, channel, previews, visits, unique_visits)
        VALUES ('s', 1, 'p', 'sms', 1, 2, 1);
        INSERT INTO place_visits (shop, day, program, channel, place, previews, visits, unique_visits)
        VALUES ('s', 1, 'p', 'sms', 'footer', 1, 2, 1);
        INSERT INTO advocate_lines (shop, at, changes) VALUES ('s', 1, '[]');
        INSERT INTO advocate_counts VALUES ('s', 0, 'p', 'a', 1, 2, 3, 4, 5, 6);
        INSERT INTO day_counts SELECT shop, 1, program, channel, shares_made, shares_sent, referrals, orders,
        naked_orders, approved, kept, revenue, refunded, discounts, reward_cost, redeemed FROM place_counts LIMIT 1";
    connection.batch(beside).expect("rows beside the records");
}

fn every_table_goes_along_or_is_said_not_to(database: &Fresh) {
    let mut connection = database.connect();
    let present: BTreeSet<String> = tables::present(&mut connection).expect("the tables").into_iter().collect();
    let nowhere = BESIDE.iter().filter(|(_, goes)| *goes == Goes::Nowhere).map(|(name, _)| *name);
    let listed = tables::names(Destination::Database).into_iter().chain(nowhere).map(str::to_owned);
    assert_eq!(present, listed.collect::<BTreeSet<String>>(), "a new table is a record, or stands in BESIDE");
    let tables = tables::of(&mut connection, Destination::Database).expect("their columns");
    for kind in RecordKind::ALL.iter().filter(|kind| !kind.is_view()) {
        let table = tables.iter().find(|table| table.name == kind.table()).expect("the table of a record");
        for (column, of_kind) in kind.columns().iter().filter(|(column, _)| !column.starts_with("CAST")) {
            assert!(table.columns.contains(&((*column).to_owned(), *of_kind)), "{kind:?}.{column}");
        }
    }
    assert_eq!(tables::occupied(&mut connection).expect("an answer"), None, "a new database is empty");
    a_row_of_everything(database);
    assert!(tables::occupied(&mut connection).expect("an answer").is_some());
}

#[test]
fn a_row_of_everything_comes_over_and_back() {
    let folder = Folder::new();
    let (first, second, third) = (Fresh::sqlite(), Fresh::empty_postgres(), Fresh::empty_sqlite());
    a_row_of_everything(&first);
    first.connect().batch("UPDATE shop_heads SET settings = 7").expect("what triggers count");
    let over = copy(&first, &second).expect("it is copied");
    let back = copy(&second, &third).expect("it is copied back");
    assert_eq!(over.tables, back.tables);
    assert!(!over.written_meanwhile && !back.written_meanwhile);
    assert_eq!(over.tables.len(), tables::names(Destination::Database).len());
    assert!(over.tables.iter().all(|(_, proof)| proof.rows > 0), "{:?}", over.tables);
    for database in [&first, &second, &third] {
        assert_eq!(number(database, "SELECT settings FROM shop_heads"), 7);
        assert_eq!(number(database, "SELECT COUNT(*) FROM installation WHERE name = 'event_pages'"), 1);
    }
    // A visit that comes now gets a number of its own.
    let visit = "INSERT INTO visits (shop, share, at, class, count) VALUES ('s', 'x', 2, 'person', 1)";
    second.connect().batch(visit).expect("a visit is noted");

    // Files know neither salts nor the hashes under them, and are the same whatever database they came from.
    let files = [("sqlite", &first), ("again", &third)].map(|(name, database)| {
        let contents = back_up(database, &folder.file(name)).expect("a backup");
        assert_eq!(moving::look(&folder.file(name), &mut |_| {}).expect("it is whole"), contents);
        contents
    });
    assert_eq!(files[0].tables, files[1].tables);
    let names: Vec<&str> = files[0].tables.iter().map(|(name, _)| name.as_str()).collect();
    assert!(
        names.contains(&"visits")
            && !names.iter().any(|name| name.starts_with("visit_") || name.starts_with("visitor_"))
    );
    assert_eq!(folder.names(), ["again", "sqlite"].map(str::to_owned).into(), "nothing else is left");

    let fourth = Fresh::empty_postgres();
    restore(&folder.file("sqlite"), &fourth).expect("it is restored into the other database");
    assert_eq!(back_up(&fourth, &folder.file("postgres")).expect("a backup").tables, files[0].tables);
}

#[test]
fn without_secrets_nobody_has_a_password() {
    let folder = Folder::new();
    let (first, second) = (Fresh::sqlite(), Fresh::empty_sqlite());
    a_row_of_everything(&first);
    let path = folder.file("file");
    let refused = moving::back_up(&first.target, &path, &label(true), &mut |_| {});
    assert!(sentence(refused).contains("import"), "codes stand in lines that wait");
    first.connect().batch("DELETE FROM import_lines").expect("the import has ended");
    moving::back_up(&first.target, &path, &label(true), &mut |_| {}).expect("a backup");
    restore(&path, &second).expect("it is restored");
    let without = "SELECT COUNT(*) FROM operators WHERE password_hash = ''";
    assert_eq!((number(&first, without), number(&second, without)), (0, 1));
}

/// While others write, each backup is what one moment was: the books of it are proved.
fn a_backup_is_of_one_moment(database: &Fresh) {
    const BACKUPS: i64 = 3;
    let folder = Folder::new();
    let (shop, done) = (rig::shop(database), AtomicBool::new(false));
    let grants = |database: &Fresh| number(database, "SELECT COUNT(*) FROM grants");
    let made: Vec<StoreResult<Contents>> = std::thread::scope(|scope| {
        let writing = scope.spawn(|| grant_on(database, shop, &done));
        let back_up = |name: i64| {
            while grants(database) <= name * 5 && !writing.is_finished() {
                std::thread::yield_now();
            }
            back_up(database, &folder.file(&name.to_string()))
        };
        let made = (0..BACKUPS).map(back_up).collect();
        done.store(true, Ordering::Relaxed);
        made
    });
    let mut before = 0;
    for (name, made) in (0..).zip(made) {
        made.expect("a backup");
        let other = if name == 0 { Fresh::empty_postgres() } else { Fresh::empty_sqlite() };
        restore(&folder.file(&name.to_string()), &other).expect("it is restored");
        let report = verify(&mut other.connect(), None).expect("a proof");
        assert!(report.ok, "{:?}", report.problems);
        let there = grants(&other);
        assert!(there > before, "{there} after {before}");
        before = there;
    }
    assert!(before <= grants(database));
}

/// Grants until it is told that all is done.
fn grant_on(database: &Fresh, shop: Id, done: &AtomicBool) {
    block_on(async {
        let engine = Start::on(database).engine();
        submit(&engine, shop, rig::customer("ann"), None).await.expect("a customer");
        for number in (0..).take_while(|_| !done.load(Ordering::Relaxed)) {
            submit(&engine, shop, rig::grant("ann", &format!("reason {number}")), None).await.expect("a grant");
        }
        stop(engine).await;
    });
}

#[test]
fn a_torn_or_changed_file_is_told_and_touches_nothing() {
    let folder = Folder::new();
    let (first, second) = (Fresh::sqlite(), Fresh::empty_sqlite());
    a_row_of_everything(&first);
    back_up(&first, &folder.file("whole")).expect("a backup");
    let whole = fs::read(folder.file("whole")).expect("the file");
    let path = folder.file("torn");
    let mut wrong: Vec<Vec<u8>> = (0..24).map(|part| whole[..whole.len() * part / 24].to_vec()).collect();
    wrong.push(whole[..whole.len() - 1].to_vec());
    wrong.push([whole.as_slice(), b"x"].concat());
    wrong.push([whole.as_slice(), whole.as_slice()].concat());
    // The first ten bytes are gzip's own, of which the time and the system are nobody's concern.
    for place in (10..whole.len()).step_by(whole.len() / 97) {
        let mut changed = whole.clone();
        changed[place] ^= 1;
        // Here and there is a bit that says nothing: of what is read, nothing is changed then.
        if unpacked(&changed) != unpacked(&whole) {
            wrong.push(changed);
        }
    }
    assert!(wrong.len() > 100, "nearly every bit says something: {}", wrong.len());
    wrong.push(fs::read("Cargo.toml").expect("another file"));
    for bytes in wrong {
        fs::write(&path, &bytes).expect("a file");
        let said = sentence(restore(&path, &second));
        assert!(
            ["is torn or was changed", "is no backup", "has form"].iter().any(|word| said.contains(word)),
            "{said}"
        );
    }
    let file = second.target.file().expect("a file");
    assert!(!file.is_there(), "nothing was made");
}

/// What a file says, with whether it is whole.
fn unpacked(file: &[u8]) -> (Vec<u8>, bool) {
    use std::io::Read as _;
    let mut said = Vec::new();
    let is_whole = flate2::read::GzDecoder::new(file).read_to_end(&mut said).is_ok();
    (said, is_whole)
}

/// What is whole and says what is not so is told by its sums.
#[test]
fn rows_that_somebody_took_out_are_missed() {
    use std::io::{Read as _, Write as _};
    let folder = Folder::new();
    let first = Fresh::sqlite();
    a_row_of_everything(&first);
    back_up(&first, &folder.file("whole")).expect("a backup");
    let mut text = String::new();
    let file = fs::File::open(folder.file("whole")).expect("the file");
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("it is text");
    let lines: Vec<&str> = text.lines().collect();
    for (gone, line) in lines.iter().enumerate().skip(1) {
        let rest = lines.iter().enumerate().filter(|(number, _)| *number != gone).map(|(_, line)| format!("{line}\n"));
        let out = fs::File::create(folder.file("less")).expect("a file");
        let mut out = flate2::write::GzEncoder::new(out, flate2::Compression::fast());
        out.write_all(rest.collect::<String>().as_bytes())
            .and_then(|()| out.finish().map(drop))
            .expect("it is written");
        let said = sentence(moving::look(&folder.file("less"), &mut |_| {}));
        assert!(said.contains("is torn or was changed"), "without {line}: {said}");
    }
}

#[test]
fn what_is_not_empty_or_of_another_release_is_refused() {
    let folder = Folder::new();
    let first = Fresh::sqlite();
    a_row_of_everything(&first);
    let path = folder.file("file");
    back_up(&first, &path).expect("a backup");
    assert!(sentence(back_up(&first, &path)).contains("is there already"));

    for full in [Fresh::sqlite(), Fresh::postgres()] {
        full.connect().batch("INSERT INTO visit_salts (day, salt) VALUES (1, 'x')").expect("a row");
        assert!(sentence(restore(&path, &full)).contains("is not empty: there are visit_salts"));
        assert!(sentence(copy(&first, &full)).contains("is not empty"));
        assert_eq!(number(&full, "SELECT COUNT(*) FROM shops"), 0);
    }
    let foreign = Fresh::empty_sqlite();
    migrate(&foreign.target).expect("a file");
    foreign.connect().batch("CREATE TABLE cookies (id TEXT PRIMARY KEY)").expect("a table");
    assert!(sentence(restore(&path, &foreign)).contains("it has a table cookies"));

    let old = Head::new("2026-12-24T17:00:00.000Z", "sqlite", vec!["20200101000000".to_owned()]);
    Writer::create(&folder.file("old"), &old).and_then(|writer| writer.finish(old)).expect("a file");
    let said = sentence(restore(&folder.file("old"), &Fresh::empty_sqlite()));
    assert!(said.contains("20200101000000") && said.contains("Restore it by the release that made it"), "{said}");
}

fn what_cannot_be_backed_up_is_said(database: &Fresh) {
    let folder = Folder::new();
    let nowhere = folder.file("no").join("folder").join("file");
    assert!(matches!(back_up(database, &nowhere), Err(StoreError::Failed(_))));
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231235959')";
    database.connect().batch(newer).expect("a newer release was here");
    assert!(sentence(back_up(database, &folder.file("file"))).contains("another release"));
    assert!(sentence(copy(database, &Fresh::empty_sqlite())).contains("another release"));
    assert!(folder.names().is_empty(), "nothing is left");
}

/// What was written under a copy is not in it, and that is said.
#[test]
fn what_is_written_under_a_copy_is_told() {
    let (first, second) = (Fresh::sqlite(), Fresh::empty_sqlite());
    a_row_of_everything(&first);
    let mut writer = first.connect();
    let mut wrote = false;
    let copied = moving::copy(&first.target, &second.target, None, &mut |_| {
        if !wrote {
            writer.batch("UPDATE shop_heads SET seq = seq + 1, version = version + 1").expect("somebody writes");
            wrote = true;
        }
    });
    assert!(copied.expect("it is copied").written_meanwhile);
    let seq = Statement::new("SELECT seq FROM shop_heads");
    let [before, after] =
        [&second, &first].map(|database| database.connect().query(&seq, &[Kind::Int]).expect("a head"));
    assert_eq!((&before[0][0], &after[0][0]), (&Value::Int(Some(1)), &Value::Int(Some(2))), "of the moment before");
}
