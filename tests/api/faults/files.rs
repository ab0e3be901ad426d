//! What lies in files is for its owner alone, whatever the umask.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shops::messages::{card, reachable, told};
use crate::support::database::{fresh_database, fresh_folder};
use crate::support::process::command;
use crate::support::server::own;
use crate::support::*;

on_both!(mails_and_database_are_for_their_owner_alone);

/// The files and folders in a folder, itself included, with what may be done with them.
fn modes(folder: &Path) -> Vec<(PathBuf, u32)> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let paths = entries.chain([folder.to_owned()]);
    paths.map(|path| (path.clone(), fs::metadata(path).expect("it is there").permissions().mode() & 0o777)).collect()
}

async fn mails_and_database_are_for_their_owner_alone(shop: TestShop) {
    let database = fresh_database(shop.backend);
    let mailbox = fresh_folder().join("a").join("b");
    let server = own(&database, &[("MAIL_URL", &format!("file:{}", mailbox.display()))]).await;
    let shop = TestShop::in_server(&server).await;
    reachable(&shop, "anna").await;
    told(&shop, "anna", card()).await;
    server.settle_mails().await;
    let above = mailbox.parent().expect("a folder");
    for (path, mode) in [modes(&mailbox), modes(above)].concat() {
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, expected, "{}", path.display());
    }
    assert_eq!(modes(&mailbox).len(), 2, "a mail and its folder");
    if let Some(file) = database.strip_prefix("sqlite:") {
        for end in ["", "-wal", "-shm"] {
            let mode = fs::metadata(format!("{file}{end}")).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}{end}");
        }
    }
    server.stop().await;
}

/// Runs the binary where a umask takes nothing away.
fn run_openly(database: &str, arguments: &[&str]) {
    let program = command(database);
    let mut shell = Command::new("bash");
    shell.args(["-c", "umask 0; exec \"$@\"", "bash"]).arg(program.get_program()).args(arguments).env_clear();
    shell.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?)))).env_remove("GRAPEVINE_SECRET");
    let output = shell.output().expect("the shell runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn what_was_open_is_closed_whatever_the_umask() {
    let database = fresh_database(Backend::Sqlite);
    let file = database.strip_prefix("sqlite:").expect("a file");
    let shop = ["shop", "create", "Kaffee Haus", "--currency", "EUR", "--locale", "de", "--mode", "test"];
    run_openly(&database, &[&shop[..], &["--landing-host", "shop.example"]].concat());
    // This one needs the secret.
    let look = || run_openly(&database, &["shop", "grant-limit", "kaffee-haus", "none"]);
    look();
    let paths = [file.to_owned(), format!("{file}.secret")];
    let is_private = |path: &String| fs::metadata(path).expect("it is there").permissions().mode() & 0o777 == 0o600;
    assert!(paths.iter().all(is_private), "{paths:?}");
    for path in &paths {
        fs::set_permissions(path, Permissions::from_mode(0o664)).expect("it is ours");
    }
    look();
    assert!(paths.iter().all(is_private), "{paths:?}");
}

#[test]
fn a_database_elsewhere_without_a_word_about_encryption_is_warned_of() {
    // 0.0.0.0 is not this machine by name, and nobody listens there at port 1.
    for (url, is_warned) in [
        ("postgres://u:pass-word@0.0.0.0:1/x", true),
        ("postgres://u:pass-word@0.0.0.0:1/x?sslmode=prefer", true),
        ("postgres://u:pass-word@127.0.0.1:1/x?host=0.0.0.0", true),
        ("postgres://u:pass-word@0.0.0.0:1/x?sslmode=disable", false),
        ("postgres://u:pass-word@127.0.0.1:1/x", false),
    ] {
        let said = |arguments: &[&str]| {
            let output = command(url).args(arguments).output().expect("the binary runs");
            let said =
                [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
            assert!(!said.contains("pass-word"), "{said}");
            said
        };
        for arguments in [&["doctor"][..], &["doctor", "--json"], &["serve"], &["deliver"]] {
            let said = said(arguments);
            assert_eq!(said.contains("sslmode=verify-full"), is_warned, "{url} {arguments:?}: {said}");
        }
    }
}
