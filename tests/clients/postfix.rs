//! Mails through a real server: Postfix, of Debian's packages, on a port of this machine, which takes nothing without
//! STARTTLS. What it has put into a mailbox is read and verified by others. It is run by root alone; for anybody else the
//! test says so and looks at nothing.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::Ed25519KeyPair;
use serde_json::{Value, json};

use super::root;
use super::server::{Backend, Server, Shop};
use super::signed::key;
use super::tools::{python, run};

crate::on_both!(a_real_server_takes_our_mails_over_starttls_and_they_arrive_whole);

const POSTFIX: &str = "/usr/sbin/postfix";
/// Who owns the mailbox: nobody.
const NOBODY: u32 = 65_534;
/// Longest wait for it to listen, or for a mail.
const LIMIT: Duration = Duration::from_secs(60);

const MAIN: &str = "compatibility_level = 3.6
queue_directory = FOLDER/queue
data_directory = FOLDER/data
maillog_file = FOLDER/log
maillog_file_prefixes = FOLDER
myhostname = mail.example
mydestination =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
virtual_mailbox_domains = mail.example
virtual_mailbox_base = FOLDER/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 100
smtpd_tls_cert_file = FOLDER/etc/cert.pem
smtpd_tls_key_file = FOLDER/etc/key.pem
smtpd_tls_security_level = encrypt
smtpd_tls_received_header = yes
smtpd_relay_restrictions = reject_unauth_destination
";

const MASTER: &str = "127.0.0.1:PORT inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
postlog unix-dgram n - n - 1 postlogd
";

/// It vouches for itself, and for nobody else.
const CERTIFICATE: &str = "[req]
distinguished_name = name
x509_extensions = more
prompt = no
[name]
CN = localhost
[more]
basicConstraints = critical, CA:FALSE
subjectAltName = DNS:localhost
";

/// A mail server in a folder of its own; both are gone when it is dropped.
struct Postfix {
    child: Child,
    folder: PathBuf,
    port: u16,
}

impl Postfix {
    fn start() -> Self {
        // Its programs are other users: they must come to it.
        let folder = std::env::temp_dir().join(format!("grapevine-postfix-{}", ulid::Ulid::generate()));
        for part in ["etc", "queue", "data", "mail"] {
            fs::create_dir_all(folder.join(part)).expect("a folder can be made");
        }
        let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|free| free.local_addr()).expect("a free port").port();
        let place =
            |text: &str| text.replace("FOLDER", &folder.display().to_string()).replace("PORT", &port.to_string());
        fs::write(folder.join("etc/main.cf"), place(MAIN)).expect("it can be written");
        fs::write(folder.join("etc/master.cf"), place(MASTER)).expect("it can be written");
        let users = fs::read_to_string("/etc/passwd").expect("the users");
        let mut owner = users.lines().find_map(|line| line.strip_prefix("postfix:")).expect("a user").split(':');
        let owner: u32 = owner.nth(1).and_then(|number| number.parse().ok()).expect("a number");
        chown(folder.join("data"), Some(owner), None).expect("root may");
        chown(folder.join("mail"), Some(NOBODY), Some(NOBODY)).expect("root may");
        fs::write(folder.join("etc/openssl.cnf"), CERTIFICATE).expect("it can be written");
        let made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
        let files = ["-config", "openssl.cnf", "-keyout", "key.pem", "-out", "cert.pem"];
        run(Command::new("openssl").args(made).args(files).current_dir(folder.join("etc")));
        let mut start = Command::new(POSTFIX);
        start.arg("-c").arg(folder.join("etc")).arg("start-fg").stdin(Stdio::null()).stderr(Stdio::null());
        let child = start.spawn().unwrap_or_else(|error| panic!("{POSTFIX}: {error}; scripts/need postfix brings it"));
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < LIMIT, "it does not listen: {}", log(&folder));
            std::thread::sleep(Duration::from_millis(20));
        }
        Self { child, folder, port }
    }

    fn certificate(&self) -> String {
        self.folder.join("etc/cert.pem").display().to_string()
    }

    /// The mails in the mailbox, with line ends as they came.
    fn mails(&self) -> Vec<String> {
        let Ok(files) = fs::read_dir(self.folder.join("mail/all/new")) else { return Vec::new() };
        let read = |file: fs::DirEntry| fs::read_to_string(file.path()).expect("a mail").replace('\n', "\r\n");
        files.flatten().map(read).collect()
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // Both fail only when it is gone already.
        let _stopped = Command::new(POSTFIX).arg("-c").arg(self.folder.join("etc")).arg("stop").output();
        let _reaped = self.child.wait();
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("{} stays: {error}", self.folder.display());
        }
    }
}

fn log(folder: &Path) -> String {
    fs::read_to_string(folder.join("log")).unwrap_or_default()
}

/// Gives a customer a gift card, and answers the message that tells them once it was tried.
fn told(shop: &Shop, url: &str, customer: &str) -> Value {
    let grant = json!({"customer": customer, "reward": {"kind": "gift_card", "amount": 500}, "reason": "spring"});
    let grant = shop.post(url, "/v1/grants", &grant);
    let reward = shop.get(url, &format!("/v1/rewards/{}", grant["reward_id"].as_str().expect("a reward")));
    let begun = Instant::now();
    loop {
        let message = shop.get(url, &format!("/v1/messages/{}", reward["message"].as_str().expect("a message")));
        if !matches!(message["status"].as_str(), Some("queued" | "sending")) {
            return message;
        }
        assert!(begun.elapsed() < LIMIT, "{message}");
    }
}

/// A shop that writes to two of its customers.
fn shop(server: &Server) -> Shop {
    let shop = server.found("Kaffee");
    let (client, url) = (reqwest::Client::new(), &server.url);
    let addresses = ["anna@mail.example", "ben@elsewhere.example"];
    let sender = json!({"sender": {"name": "Kaffee", "email": "hallo@shop.example"}, "test_recipients": addresses});
    shop.send(client.patch(format!("{url}/v1/shop")).header("if-match", "*").json(&sender));
    for (customer, address) in ["anna", "ben"].into_iter().zip(addresses) {
        let body = json!({"email": address, "name": "Änne Müller", "locale": "de"});
        shop.send(client.put(format!("{url}/v1/customers/{customer}")).json(&body));
    }
    shop
}

fn a_real_server_takes_our_mails_over_starttls_and_they_arrive_whole(backend: Backend) {
    if fs::metadata("/proc/self").expect("a process").uid() != 0 {
        eprintln!("postfix: only root can run it; nothing was looked at");
        return;
    }
    let postfix = Postfix::start();
    let ed25519 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
    let url = format!("smtp://localhost:{}", postfix.port);
    let mut settings = vec![
        ("MAIL_URL", url),
        ("GRAPEVINE_DKIM_KEYS", format!("gv1@shop.example={}", key(&postfix.folder, "dkim.pem", ed25519.as_ref()))),
        ("GRAPEVINE_DNS", "127.0.0.1:1".to_owned()),
    ];
    // Whoever nobody vouches for is given nothing.
    let stranger = Server::start_with(backend, &settings);
    let refused = told(&shop(&stranger), &stranger.url, "anna");
    assert_eq!(refused["status"], "retrying", "{refused}");
    assert!(refused["reason"].as_str().is_some_and(|why| why.to_lowercase().contains("certificate")), "{refused}");
    assert_eq!(postfix.mails(), Vec::<String>::new());

    settings.push(("GRAPEVINE_MAIL_ROOTS", postfix.certificate()));
    let server = Server::start_with(backend, &settings);
    let shop = shop(&server);
    let sent = told(&shop, &server.url, "anna");
    assert_eq!(sent["status"], "sent", "{sent}: {}", log(&postfix.folder));
    let refused = told(&shop, &server.url, "ben");
    assert_eq!(refused["status"], "failed", "it does not relay: {refused}");
    assert!(refused["reason"].as_str().is_some_and(|why| why.contains("(554): 5.7.1")), "{refused}");
    let begun = Instant::now();
    let mail = loop {
        if let Some(mail) = postfix.mails().pop() {
            break mail;
        }
        assert!(begun.elapsed() < LIMIT, "{}", log(&postfix.folder));
    };
    assert!(mail.contains("(using TLSv1.3 ") && mail.contains("with ESMTPS"), "{mail}");
    let (folder, records) = (postfix.folder.join("read/postfix"), postfix.folder.join("records.json"));
    fs::create_dir_all(&folder).expect("a folder can be made");
    fs::write(folder.join("mail.eml"), &mail).expect("it can be written");
    fs::write(&records, server.run(&["doctor"])["dns"].to_string()).expect("it can be written");
    let walks = root().join("tests/clients/walks");
    let read = run(Command::new(python()).arg(walks.join("mails.py")).arg(postfix.folder.join("read")));
    let read: Value = serde_json::from_str(&read).expect("JSON");
    let read = &read["postfix/mail.eml"];
    assert_eq!((&read["defects"], &read["name"]), (&json!([]), &json!("Änne Müller")), "{read}");
    let voucher = &shop.get(&server.url, "/v1/vouchers?customer=anna")["data"][0];
    assert!(
        read["text"].as_str().is_some_and(|text| text.contains(voucher["code"].as_str().expect("a code"))),
        "{read}"
    );
    let held = run(Command::new(python()).arg(walks.join("signed.py")).arg(folder.join("mail.eml")).arg(&records));
    let held: Value = serde_json::from_str(&held).expect("JSON");
    assert_eq!(held["held"], json!([true]), "what a real server adds breaks no signature: {held}");
}
