//! SQLite's file is deleted, replaced or moved under a running server. What is answered as written stands in the
//! file that was opened, nothing is read of another one, the server says what is wrong, and it goes on when the file
//! is back.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::support::accident::{Installation, Reads};
use crate::support::database::{Backend, fresh_database, fresh_folder};
use crate::support::process::{self, Process, command};
use crate::support::server::block_on;
use crate::support::*;

/// The same file with another end.
fn beside(file: &Path, end: &str) -> PathBuf {
    PathBuf::from(format!("{}{end}", file.display()))
}

fn move_to(from: &Path, to: &Path) {
    fs::rename(from, to).expect("it can be moved");
}

/// Another installation's database, closed.
fn another(file: &Path) {
    let database = format!("sqlite:{}", file.display());
    let create = ["shop", "create", "Another", "--currency", "EUR", "--landing-host", "shop.example", "--mode", "test"];
    process::run(&database, &create);
}

/// How many times an accident is undone: few, or with `GRAPEVINE_SOAK` many.
fn rounds() -> usize {
    if is_soak() { 30 } else { 2 }
}

#[test]
fn a_deleted_file_is_neither_written_nor_read_nor_made_anew() {
    block_on(async {
        let mut installation = Installation::new(&fresh_database(Backend::Sqlite), &[]).await;
        let file = installation.file();
        let said = installation.happens(Reads::Refused, || fs::remove_file(&file).expect("it is there")).await;
        assert!(said.contains("grapevine.db is gone") && said.contains("Put it back"), "{said}");
        for arguments in [&["verify"][..], &["key", "create", "--shop", "x", "--scope", "all"]] {
            let output = command(&installation.database).args(arguments).output().expect("the binary runs");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        }
    });
}

#[test]
fn nobody_but_migrating_makes_a_file() {
    let file = fresh_folder().join("grapevine.db");
    let database = format!("sqlite:{}", file.display());
    for arguments in [&["verify"][..], &["doctor"], &["verify", "--shop", "x"]] {
        let output = command(&database).args(arguments).output().expect("the binary runs");
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        assert!(said.contains("grapevine serve"), "{arguments:?}: {said}");
        assert!(!file.exists(), "{arguments:?} made a file");
    }
    process::run(&database, &["migrate"]);
    assert!(file.exists());
}

#[test]
fn a_folder_that_is_renamed_and_back_costs_nothing() {
    block_on(async {
        let mut installation = Installation::new(&fresh_database(Backend::Sqlite), &[]).await;
        let folder = installation.file().parent().expect("a folder").to_owned();
        let elsewhere = beside(&folder, "-elsewhere");
        for _ in 0..rounds() {
            let said = installation.happens(Reads::Refused, || move_to(&folder, &elsewhere)).await;
            assert!(said.contains("its folder has another name"), "{said}");
            assert!(!folder.exists(), "nothing was made in its place");
            move_to(&elsewhere, &folder);
            installation.until_ready(true).await;
            installation.is_whole().await;
        }
    });
}

#[test]
fn another_file_in_its_place_is_left_alone_until_the_restart() {
    block_on(async {
        let mut installation = Installation::new(&fresh_database(Backend::Sqlite), &[]).await;
        let file = installation.file();
        let (aside, other) = (beside(&file, ".aside"), beside(&file, ".other"));
        another(&other);
        let bytes = fs::read(&other).expect("it can be read");
        let swap = || {
            move_to(&file, &aside);
            move_to(&other, &file);
        };
        for _ in 0..rounds() {
            let said = installation.happens(Reads::Refused, swap).await;
            assert!(said.contains("Another file stands") && said.contains("restart"), "{said}");
            move_to(&file, &other);
            move_to(&aside, &file);
            installation.until_ready(true).await;
            installation.is_whole().await;
        }
        installation.happens(Reads::Refused, swap).await;
        assert!(fs::read(&file).expect("it can be read") == bytes, "the other file was written to");
        // The log that lay beside the first file must not be taken for the second one's.
        installation.restart_on(&format!("sqlite:{}", file.display()), Process::stop);
        let shops = process::run(&installation.database, &["shop", "list"]);
        assert_eq!((elements(&shops["shops"]).len(), &shops["shops"][0]["name"]), (1, &json!("Another")), "{shops}");
        assert_eq!(process::run(&installation.database, &["verify"])["ok"], true);
        installation.restart_on(&format!("sqlite:{}", aside.display()), Process::stop);
        installation.is_whole().await;
    });
}

#[test]
fn a_link_that_leads_elsewhere_is_not_followed() {
    block_on(async {
        let folder = fresh_folder();
        let (real, other, link) = (folder.join("real.db"), folder.join("other.db"), folder.join("grapevine.db"));
        another(&real);
        another(&other);
        symlink(&real, &link).expect("a link");
        let mut installation = Installation::new(&format!("sqlite:{}", link.display()), &[]).await;
        let lead_to = |file: &Path| {
            symlink(file, folder.join("new")).expect("a link");
            move_to(&folder.join("new"), &link);
        };
        let said = installation.happens(Reads::Refused, || lead_to(&other)).await;
        assert!(said.contains("Another file stands"), "{said}");
        lead_to(&real);
        installation.until_ready(true).await;
        installation.is_whole().await;
    });
}

#[test]
fn a_deleted_log_loses_nothing_that_was_answered() {
    block_on(async {
        let mut installation = Installation::new(&fresh_database(Backend::Sqlite), &[]).await;
        for end in ["-wal", "-shm"] {
            for _ in 0..rounds() {
                let log = beside(&installation.file(), end);
                let said = installation.happens(Reads::Refused, || fs::remove_file(&log).expect("it is there")).await;
                assert!(said.contains("was deleted or replaced"), "{said}");
                installation.until_said("in the file all the same: restart the server").await;
                let database = installation.database.clone();
                installation.restart_on(&database, Process::kill);
                installation.is_whole().await;
            }
        }
    });
}

#[test]
fn a_file_that_cannot_be_is_a_sentence() {
    let folder = fresh_folder();
    fs::write(folder.join("text"), "no database at all, but a text that is longer than a head").expect("a file");
    fs::create_dir(folder.join("lost")).expect("a folder");
    fs::write(folder.join("lost").join("grapevine.db-wal"), "what was written last").expect("a file");
    for (path, sentence) in [
        ("nowhere/grapevine.db", "there is no folder"),
        (".", "this is a folder"),
        ("text", "not a database"),
        ("lost/grapevine.db", "put the file back"),
    ] {
        let database = format!("sqlite:{}", folder.join(path).display());
        for arguments in [&["serve"][..], &["migrate"], &["doctor"], &["shop", "list"]] {
            let output = command(&database).args(arguments).output().expect("the binary runs");
            let said =
                [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
            if path.starts_with("lost") && arguments == ["doctor"] {
                continue;
            }
            assert_eq!(output.status.code(), Some(1), "{path} {arguments:?}: {said}");
            assert!(said.contains(sentence), "{path} {arguments:?}: {said}");
        }
    }
    assert!(!folder.join("nowhere").exists() && !folder.join("lost/grapevine.db").exists());
}

#[test]
fn a_path_is_taken_as_it_is_written() {
    let folder = fresh_folder();
    for name in ["a b.db", "x?mode=memory", "x#y.db", "100%41.db", "ü&é=.db"] {
        process::run(&format!("sqlite:{}", folder.join(name).display()), &["migrate"]);
        assert!(fs::metadata(folder.join(name)).is_ok_and(|file| file.len() > 0), "{name}");
    }
    assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 5, "nothing else was made");
}
