//! The Debian package: made by `cargo deb` of the program that the tests have built, and installed by dpkg into a root of
//! its own. Nothing of the machine is touched: dpkg and the package's scripts run where its `/run` is hidden, and write
//! below that root alone.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use grapevine::config::Config;

/// Where Debian has them, which is not in everybody's PATH.
const DPKG: &str = "/usr/bin/dpkg";
const UNSHARE: &str = "/usr/bin/unshare";
/// What dpkg looks for is not in the PATH of who is not root.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const SYSTEMD_ANALYZE: &str = "/usr/bin/systemd-analyze";
/// What `systemd-analyze security` may give our units, of 10.0, in tenths: what is open to them is the network.
const EXPOSURE: &str = "20";
const UNITS: [&str; 4] =
    ["grapevine.service", "grapevine-deliver.service", "grapevine-backup.service", "grapevine-verify.service"];
const TIMERS: [&str; 2] = ["grapevine-backup.timer", "grapevine-verify.timer"];

/// A folder that nobody has used before; gone when it is dropped.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("{} stays: {error}", self.0.display());
        }
    }
}

#[test]
fn the_package_installs_upgrades_and_goes_and_leaves_what_is_the_shops() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("package-{}", ulid::Ulid::generate()));
    fs::create_dir_all(&folder).expect("a temporary folder can be made");
    let folder = Folder(folder);
    let package = folder.0.join("grapevine.deb");
    make(&package);
    let root = Root::new(&folder.0);
    root.dpkg(&["--install", &package.display().to_string()]);
    is_there(&root);
    settings_fit(&root.read("etc/grapevine/env"));
    units_are_hardened(&root);

    // What the shop has set and keeps is not the package's.
    let own = root.read("etc/grapevine/env") + "GRAPEVINE_LOG=warn\n";
    root.write("etc/grapevine/env", &own);
    root.write("var/lib/grapevine/grapevine.db", "books");
    root.dpkg(&["--install", &package.display().to_string()]);
    assert_eq!(root.read("etc/grapevine/env"), own, "an upgrade leaves the settings");
    root.dpkg(&["--remove", "grapevine"]);
    assert!(!root.path("usr/bin/grapevine").exists());
    assert_eq!(root.read("etc/grapevine/env"), own, "who removes it keeps the settings");
    root.dpkg(&["--purge", "grapevine"]);
    assert!(!root.path("etc/grapevine/env").exists());
    assert_eq!(root.read("var/lib/grapevine/grapevine.db"), "books", "nobody deletes books");
    assert!(root.read("etc/passwd").contains("\ngrapevine:") || root.read("etc/passwd").starts_with("grapevine:"));
}

/// Of what was built for this test; a release is made the same way (`make package`).
fn make(package: &Path) {
    let arguments = ["deb", "--no-build", "--locked", "--profile", "dev", "--fast", "--output"];
    let mut command = Command::new(env!("CARGO"));
    succeeds(command.args(arguments).arg(package).current_dir(env!("CARGO_MANIFEST_DIR")));
}

fn is_there(root: &Root) {
    let version = succeeds(Command::new(root.path("usr/bin/grapevine")).arg("--version"));
    assert_eq!(String::from_utf8_lossy(&version.stdout).trim(), concat!("grapevine ", env!("CARGO_PKG_VERSION")));
    let modes = [("usr/bin/grapevine", 0o755), ("usr/sbin/grapevinectl", 0o755), ("etc/grapevine/env", 0o600)];
    for (file, mode) in modes {
        let found = fs::metadata(root.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(found.permissions().mode() & 0o777, mode, "{file}");
    }
    let passwd = root.read("etc/passwd");
    let user = passwd.lines().find(|line| line.starts_with("grapevine:")).expect("a user");
    assert!(user.ends_with(":/var/lib/grapevine:/usr/sbin/nologin"), "{user}");
    for example in
        ["nginx/grapevine.conf", "caddy/Caddyfile", "prometheus/grapevine-alerts.yml", "grafana/grapevine.json"]
    {
        assert!(root.path("usr/share/doc/grapevine/examples").join(example).exists(), "{example}");
    }
    // Its pages lead to each other there as well.
    for page in ["README.md", "docs/production.md", "docs/configuration.md", "openapi.yaml"] {
        assert!(root.path("usr/share/doc/grapevine").join(page).exists(), "{page}");
    }
    let wanted = root.path("etc/systemd/system/multi-user.target.wants");
    assert!(wanted.join(UNITS[0]).symlink_metadata().is_ok(), "the server starts with the machine");
    assert!(wanted.join(UNITS[1]).symlink_metadata().is_err(), "mails alone are sent where somebody says so");
    for timer in TIMERS {
        assert!(unit_folder(root).join(timer).exists(), "{timer}");
        let wanted = root.path("etc/systemd/system/timers.target.wants").join(timer);
        assert!(wanted.symlink_metadata().is_err(), "{timer} runs where somebody says so");
    }
}

/// What the file sets, and what it proposes behind a #, is what the program knows.
fn settings_fit(env: &str) {
    let lines = env.lines().map(|line| line.trim_start_matches('#')).filter_map(|line| line.split_once('='));
    let named = lines.filter(|(name, _)| name.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_'));
    let given: BTreeMap<&str, &str> = named.filter(|(_, value)| !value.is_empty()).collect();
    assert!(given.len() >= 6, "{given:?}");
    let pairs = given.iter().map(|(name, value)| (*name, *value));
    let config = Config::from_pairs(pairs).unwrap_or_else(|error| panic!("{:?}", error.0));
    for name in given.keys() {
        assert!(config.settings.iter().any(|setting| setting.name == *name && setting.given), "{name}");
    }
}

fn unit_folder(root: &Root) -> PathBuf {
    let folders = ["usr/lib/systemd/system", "lib/systemd/system"].map(|folder| root.path(folder));
    folders.into_iter().find(|folder| folder.join(UNITS[0]).exists()).expect("the units are there")
}

fn units_are_hardened(root: &Root) {
    let folder = unit_folder(root);
    for unit in UNITS {
        let text = fs::read_to_string(folder.join(unit)).expect("a unit");
        // What a unit starts is looked for on this machine, which has another program or none.
        let here = root.path("usr/bin/grapevine").display().to_string();
        let file = root.path(unit);
        fs::write(&file, text.replace("/usr/bin/grapevine", &here)).expect("it can be written");
        let verified = succeeds(Command::new(SYSTEMD_ANALYZE).arg("verify").arg("--man=no").arg(&file));
        let said = String::from_utf8_lossy(&verified.stderr).into_owned();
        assert!(!said.contains(unit), "{said}");
        let security = ["security", "--offline=true", "--no-pager", "--threshold", EXPOSURE];
        succeeds(Command::new(SYSTEMD_ANALYZE).args(security).arg(&file));
    }
}

/// A root of its own.
struct Root(PathBuf);

impl Root {
    fn new(folder: &Path) -> Self {
        let root = folder.join("root");
        for place in ["etc", "var/lib/dpkg/updates", "var/lib/dpkg/info", "var/lib/grapevine", "var/log"] {
            fs::create_dir_all(root.join(place)).expect("a folder can be made");
        }
        fs::write(root.join("var/lib/dpkg/status"), "").expect("a file can be made");
        Self(root)
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).unwrap_or_else(|error| panic!("{file}: {error}"));
    }

    /// As root of a name space of its own, in which no systemd runs.
    fn dpkg(&self, arguments: &[&str]) {
        let hidden = format!("mount -t tmpfs tmpfs /run && exec {DPKG} \"$@\"");
        let mut command = Command::new(UNSHARE);
        command.args(["--map-root-user", "--mount", "bash", "-c", &hidden, "dpkg"]);
        command.arg(format!("--root={}", self.0.display()));
        // The root has this package alone, and no shell of its own.
        command.args(["--force-depends", "--force-script-chrootless", "--force-confold"]).args(arguments);
        succeeds(command.env("PATH", PATH).env("DEBIAN_FRONTEND", "noninteractive"));
    }
}

#[track_caller]
fn succeeds(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; scripts/need brings it"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}\n{out}\n{err}");
    output
}
