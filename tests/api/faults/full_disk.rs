//! The disk runs full under a server. Writes are refused at once while there is still room for what was answered,
//! reads go on, the server says what is wrong, and goes on by itself when there is room again.

use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::Path;

use grapevine::store::connection::Use;
use grapevine::store::{Connection, Statement, Target};

use crate::support::accident::{Installation, Reads};
use crate::support::database::{Backend, fresh_database};
use crate::support::process::{Process, command};
use crate::support::server::block_on;
use crate::support::small_disk::SmallDisk;
use crate::support::*;

/// A disk on which a database has room, megabytes.
const DISK_MB: u64 = 16;
/// So much is kept free of it where nobody says how much, kilobytes.
const KEPT_KB: u64 = DISK_MB * 1024 / 8;

/// A disk that has room for all that is written in so many rounds, megabytes.
fn roomy_mb() -> u64 {
    if is_soak() { 8 * DISK_MB } else { DISK_MB }
}

/// How many times a disk is filled: few, or with `GRAPEVINE_SOAK` many.
fn rounds() -> usize {
    if is_soak() { 20 } else { 1 }
}

async fn installation(disk: &SmallDisk, more: &[(&str, &str)]) -> Installation {
    let database = format!("sqlite:{}", disk.folder().join("grapevine.db").display());
    let own = disk.settings();
    let settings: Vec<(&str, &str)> = own.iter().map(|(name, value)| (&**name, &**value)).collect();
    Installation::new(&database, &[&settings[..], more].concat()).await
}

#[test]
fn what_is_kept_free_is_not_written_into() {
    // Nearly full, then full to the last byte.
    block_on(is_filled_to(&SmallDisk::of(DISK_MB), &[KEPT_KB / 2, 0].repeat(rounds())));
}

/// What stands in for a disk where none can be mounted is small in the same way.
#[test]
fn a_folder_that_is_made_small_is_filled_like_a_disk() {
    block_on(is_filled_to(&SmallDisk::unmounted(DISK_MB), &[KEPT_KB / 2, 0]));
}

async fn is_filled_to(disk: &SmallDisk, lefts_kb: &[u64]) {
    let mut installation = installation(disk, &[]).await;
    for left_kb in lefts_kb {
        let said = installation.happens(Reads::GoOn, || disk.fill(*left_kb)).await;
        // What the log gave back of it meanwhile is used up, too.
        disk.fill(*left_kb);
        assert!(said.contains("KB free") && said.contains("GRAPEVINE_MIN_FREE_MB"), "{said}");
        imports_are_refused(&installation.shop).await;
        commands_say_so(disk, &installation);
        disk.make_room();
        installation.until_ready(true).await;
        installation.is_whole().await;
    }
}

/// Lines that come in are written, too.
async fn imports_are_refused(shop: &TestShop) {
    let lines: String = (0..500).map(|number| format!("c-{number},c-{number}@mail.example\n")).collect();
    let answer = shop.import("customers", &format!("external_id,email\n{lines}")).await;
    answer.refused(503, "unavailable");
}

/// Beside the server: who looks, and who would write.
fn commands_say_so(disk: &SmallDisk, installation: &Installation) {
    for arguments in [&["doctor"][..], &["key", "create", "--shop", &installation.shop.id, "--scope", "all"]] {
        let output =
            command(&installation.database).args(arguments).envs(disk.settings()).output().expect("the binary runs");
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(said.contains("KB free"), "{arguments:?}: {said}");
    }
}

#[test]
fn a_server_starts_on_a_full_disk_and_reads() {
    block_on(async {
        let disk = SmallDisk::of(DISK_MB);
        let mut installation = installation(&disk, &[]).await;
        installation.is_whole().await;
        let database = installation.database.clone();
        for end in [Process::kill, Process::stop] {
            end_and_fill(&mut installation, &disk, &database, end).await;
        }
    });
}

async fn end_and_fill(installation: &mut Installation, disk: &SmallDisk, database: &str, end: fn(Process)) {
    installation.restart_on(database, |server| {
        end(server);
        disk.fill(0);
    });
    let said = installation.until_ready(false).await;
    assert!(said.contains("disk"), "{said}");
    installation.shop.get("/v1/customers?limit=1").await.ok();
    installation.shop.get("/v1/shop").await.ok();
    installation.shop.put("/v1/customers/late", json!({})).await.refused(503, "unavailable");
    disk.make_room();
    installation.until_ready(true).await;
    installation.is_whole().await;
}

/// Nothing is kept, so that COMMIT itself finds no room.
#[test]
fn where_nothing_is_kept_free_nothing_is_lost_either() {
    block_on(async {
        commits_find_no_room(&SmallDisk::of(roomy_mb()), rounds()).await;
        commits_find_no_room(&SmallDisk::unmounted(DISK_MB), 1).await;
    });
}

async fn commits_find_no_room(disk: &SmallDisk, rounds: usize) {
    let mut installation = installation(disk, &[("GRAPEVINE_MIN_FREE_MB", "0")]).await;
    for _ in 0..rounds {
        let said = installation.happens(Reads::GoOn, || disk.fill(0)).await;
        assert!(said.contains("disk"), "{said}");
        disk.make_room();
        installation.until_ready(true).await;
        installation.is_whole().await;
    }
}

/// The log alone once filled a disk: it is copied into the file long before.
#[test]
fn the_log_never_fills_a_small_disk() {
    block_on(async {
        let disk = SmallDisk::of(DISK_MB);
        let installation = installation(&disk, &[]).await;
        let name = "x".repeat(100);
        let mut logged = 0;
        // Each time the same rows: the file stays small, and what is logged is three times the disk.
        for number in 0.. {
            let customer = json!({"first_name": format!("{name}{number}"), "email": format!("{number}@mail.example")});
            let answer = installation.shop.put("/v1/customers/anna", customer).await;
            assert!(matches!(answer.status(), 200 | 201), "{answer:?}");
            logged += 8 * 4096;
            if logged > 3 * DISK_MB * 1024 * 1024 {
                break;
            }
        }
        let log = installation.file().with_extension("db-wal");
        let bytes = std::fs::metadata(log).expect("the log is there").len();
        assert!(bytes < DISK_MB * 1024 * 1024 / 3, "the log has {bytes} bytes");
    });
}

/// A disk that the data itself has filled: what was answered is there, and a larger disk is all it takes.
#[test]
fn a_disk_that_its_own_data_fills_can_still_be_read_and_grown() {
    block_on(async {
        let mut disk = SmallDisk::of(DISK_MB);
        let mut installation = installation(&disk, &[]).await;
        disk.fill(KEPT_KB + 512);
        installation.happens(Reads::GoOn, || {}).await;
        match disk.is_mounted() {
            true => disk.grow(2 * DISK_MB),
            false => disk.make_room(),
        }
        installation.until_ready(true).await;
        installation.is_whole().await;
    });
}

/// PostgreSQL on a disk of its own, where one can be mounted.
#[test]
fn postgres_on_a_full_disk() {
    let disk = SmallDisk::of(4 * roomy_mb());
    block_on(is_filled(&OnDisk::new(disk.is_mounted().then_some(&disk)), rounds()));
}

#[test]
fn postgres_whose_tables_refuse_to_grow() {
    block_on(is_filled(&OnDisk::new(None), 1));
}

async fn is_filled(on_disk: &OnDisk<'_>, rounds: usize) {
    let mut installation = Installation::new(&on_disk.database, &[]).await;
    for _ in 0..rounds {
        let said = installation.happens(Reads::GoOn, || on_disk.fill()).await;
        assert!(said.contains("takes no writes") && said.contains("disk"), "{said}");
        on_disk.make_room();
        installation.until_ready(true).await;
        installation.is_whole().await;
    }
}

/// A database of PostgreSQL that can be filled: on a disk of its own, or one whose tables then refuse to grow.
struct OnDisk<'d> {
    database: String,
    own: Option<(&'d SmallDisk, String)>,
}

impl<'d> OnDisk<'d> {
    fn new(disk: Option<&'d SmallDisk>) -> Self {
        let mut on_disk = Self { database: fresh_database(Backend::Postgres), own: None };
        on_disk.own = disk.map(|disk| (disk, on_disk.move_to(disk)));
        on_disk
    }

    /// Moves it to a disk; answers the tablespace there.
    fn move_to(&self, disk: &SmallDisk) -> String {
        let mut other = self.connect(&cluster());
        let folder = disk.folder().join("postgres");
        std::fs::create_dir(&folder).expect("a folder");
        let data = one(&mut other, "SHOW data_directory");
        let owner = std::fs::metadata(Path::new(&data)).expect("the cluster is on this machine");
        chown(&folder, Some(owner.uid()), Some(owner.gid())).expect("who may mount may do this");
        let name = fresh("disk").to_ascii_lowercase().replace('-', "_");
        other.batch(&format!("CREATE TABLESPACE {name} LOCATION '{}'", folder.display())).expect("a tablespace");
        other.batch(&format!("ALTER DATABASE {} SET TABLESPACE {name}", self.name())).expect("it can be moved");
        name
    }

    fn name(&self) -> &str {
        self.database.rsplit('/').next().unwrap_or_default()
    }

    fn connect(&self, url: &str) -> Connection {
        Target::parse(url).expect("a URL").connect(Use::Tool).expect("a connection")
    }

    fn fill(&self) {
        if let Some((disk, _)) = &self.own {
            return disk.fill(0);
        }
        let full = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                      'BEGIN RAISE EXCEPTION ''no space left on device'' USING ERRCODE = ''disk_full''; END';
                    CREATE TRIGGER full_up BEFORE INSERT ON customers EXECUTE FUNCTION refuse()";
        self.set_room("0");
        self.connect(&self.database).batch(full).expect("a trigger");
    }

    fn make_room(&self) {
        if let Some((disk, _)) = &self.own {
            return disk.make_room();
        }
        self.set_room("-1");
        self.connect(&self.database).batch("DROP FUNCTION refuse CASCADE").expect("it was made");
    }

    fn set_room(&self, room: &str) {
        let set = format!(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET temp_file_limit = {room}', current_database()); END $$"
        );
        self.connect(&self.database).batch(&set).expect("a setting");
    }
}

impl Drop for OnDisk<'_> {
    fn drop(&mut self) {
        let Some((_, tablespace)) = &self.own else { return };
        let mut other = self.connect(&cluster());
        for sql in [format!("DROP DATABASE {} WITH (FORCE)", self.name()), format!("DROP TABLESPACE {tablespace}")] {
            if let Err(error) = other.batch(&sql) {
                eprintln!("{sql}: {error}");
            }
        }
    }
}

fn cluster() -> String {
    std::env::var("GRAPEVINE_TEST_POSTGRES").expect("the tests are run by `make test`, or by `scripts/with-postgres`")
}

fn one(connection: &mut Connection, sql: &'static str) -> String {
    use grapevine::records::Kind;
    let rows = connection.query(&Statement::new(sql), &[Kind::Text]).expect("an answer");
    grapevine::store::writer::text(rows.first().and_then(|row| row.first())).expect("a text")
}
