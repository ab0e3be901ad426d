//! A recall of one product, to a tenth of all customers, by a server that dies on the way: everybody who bought it is told,
//! nobody twice, as fast as was set and no faster, and the proof says so.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use crate::support::database::{Backend, fresh_database};
use crate::support::process::{self, Process};
use crate::support::server::block_on;
use crate::support::*;

#[test]
fn sqlite() {
    tells_each_once(Backend::Sqlite);
}

#[test]
fn postgres() {
    tells_each_once(Backend::Postgres);
}

/// One of so many customers has bought the product.
const ONE_OF: usize = 10;
/// Of the buyers one of so many is a guest, and one has no address.
const GUESTS: usize = 7;
const SILENT: usize = 13;
/// Mails that may be under way when a server dies: each of them may come once more.
const LANES: usize = 8;
/// Longest wait for all mails.
const LIMIT: Duration = Duration::from_secs(7_200);
/// Lines of one file of an import.
const FILE: usize = 50_000;

/// Customers, and mails an hour: few, or with `GRAPEVINE_SOAK` a million.
fn sizes() -> (usize, i64) {
    if is_soak() { (1_000_000, 720_000) } else { (600, 36_000) }
}

/// Takes every mail, and counts to whom it went; what it says would fill the memory.
#[derive(Clone, Default)]
struct Sink {
    taken: Arc<Mutex<BTreeMap<String, usize>>>,
    news: Arc<Notify>,
}

impl Sink {
    async fn start(&self) -> String {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let (address, own) = (listener.local_addr().expect("an address"), self.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                // Who hangs up has nothing more to say.
                tokio::spawn(async move { drop(own.talk(stream).await) });
            }
        });
        format!("smtp://{address}?tls=none")
    }

    async fn talk(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let (read, mut write) = stream.split();
        let mut lines = BufReader::new(read).lines();
        let (mut to, mut is_data) = (String::new(), false);
        write.write_all(b"220 sink ESMTP\r\n").await?;
        while let Some(line) = lines.next_line().await? {
            if is_data {
                if line == "." {
                    is_data = false;
                    *self.taken().entry(std::mem::take(&mut to)).or_default() += 1;
                    self.news.notify_waiters();
                    write.write_all(b"250 2.0.0 taken\r\n").await?;
                }
                continue;
            }
            match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
                "RCPT" => to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned(),
                "DATA" => {
                    is_data = true;
                    write.write_all(b"354 go on\r\n").await?;
                    continue;
                }
                "QUIT" => return write.write_all(b"221 2.0.0 goodbye\r\n").await,
                _ => {}
            }
            write.write_all(b"250 2.0.0 ok\r\n").await?;
        }
        Ok(())
    }

    /// How often each was written to.
    fn taken(&self) -> MutexGuard<'_, BTreeMap<String, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it has written to so many.
    async fn wait_for(&self, count: usize) {
        let waiting = async {
            loop {
                let news = self.news.notified();
                tokio::pin!(news);
                news.as_mut().enable();
                if self.taken().len() >= count {
                    return;
                }
                news.await;
            }
        };
        let in_time = tokio::time::timeout(LIMIT, waiting).await.is_ok();
        assert!(in_time, "{} of {count} were written to", self.taken().len());
    }
}

/// Whether a customer has bought the product; whether as a guest; whether there is an address.
fn is_buyer(number: usize) -> bool {
    number.is_multiple_of(ONE_OF)
}

fn is_guest(number: usize) -> bool {
    (number / ONE_OF).is_multiple_of(GUESTS)
}

fn is_silent(number: usize) -> bool {
    !is_guest(number) && (number / ONE_OF).is_multiple_of(SILENT)
}

fn address(number: usize) -> String {
    format!("c{number}@host{}.example", number % 50)
}

fn tells_each_once(backend: Backend) {
    let database = fresh_database(backend);
    let (customers, per_hour) = sizes();
    block_on(async {
        let sink = Sink::default();
        let mail_url = sink.start().await;
        let settings = [
            ("MAIL_URL", mail_url.as_str()),
            ("GRAPEVINE_MAIL_SCHEDULE", "0,1,1"),
            ("GRAPEVINE_BODY_BYTES", "16777216"),
        ];
        let mut server = Process::start(&database, &settings);
        let new = ["shop", "create", "Kaffee", "--currency", "EUR", "--locale", "de", "--landing-host", "shop.example"];
        let made = process::run(&database, &[new.as_slice(), &["--mode", "live", "--with-key"]].concat());
        let (shop, secret) = (text(&made["shop"]), text(&made["client_secret"]));
        let mut key = Actor::bearer(server.base(), &secret);
        fill(&key, customers).await;

        let written = key.post("/v1/announcements", recall(per_hour)).await.created();
        let place = |verb: &str| format!("{}/{verb}", path("/v1/announcements", &written["id"]));
        let counted = rehearsed(&key, &place("rehearse")).await;
        let buyers: Vec<usize> = (0..customers).filter(|number| is_buyer(*number)).collect();
        let silent = buyers.iter().filter(|number| is_silent(**number)).count();
        let told = buyers.len() - silent;
        let figures = ["people", "told", "no_address"].map(|name| counted["rehearsal"][name].clone());
        assert_eq!(figures, [buyers.len(), told, silent].map(|count| json!(count)), "{counted}");
        for name in ["anton", "berta"] {
            let operator = operator(&database, &key, &shop, name).await;
            operator.post(&place("approve"), json!({})).await.ok();
        }
        let begun = Instant::now();
        key.post(&place("send"), json!({})).await.ok();
        sink.wait_for(told / 2).await;
        server.kill();
        server = Process::start(&database, &settings);
        // Where several may, two go on with it.
        let _second = (backend == Backend::Postgres).then(|| Process::start(&database, &settings));
        key = key.at(server.base());
        sink.wait_for(told).await;
        let over = finished(&key, &path("/v1/announcements", &written["id"])).await;
        let took = begun.elapsed();

        assert_eq!(
            (&over["status"], &over["reached"]["told"], &over["reached"]["no_address"]),
            (&json!("sent"), &json!(told), &json!(silent))
        );
        let written_to = sink.taken().clone();
        let with_address = || buyers.iter().filter(|number| !is_silent(**number));
        assert_eq!(written_to.len(), told, "everybody who bought it and nobody else");
        assert!(with_address().all(|number| written_to.contains_key(&address(*number))));
        let twice = written_to.values().filter(|count| **count > 1).count();
        assert!(twice <= LANES, "{twice} came twice");
        assert!(written_to.values().all(|count| *count <= 2));
        check_proof(key.get(&place("proof.csv")).await.text(), told, silent);
        // What a chunk has is made at once; from then on the rate is held.
        let burst = 200.min(usize::try_from(per_hour / 1_800).expect("a count"));
        let least = Duration::from_secs_f64((told - burst) as f64 * 3_600.0 / per_hour as f64);
        assert!(took >= least.mul_f64(0.9), "{told} in {took:?}, and {per_hour} an hour were set");
        eprintln!("{told} of {customers} were told in {took:?}, {twice} twice; at most {} MB", server.peak_megabytes());
        let verified = process::run(&database, &["verify"]);
        assert_eq!(verified["ok"], true, "{verified}");
    });
}

fn recall(per_hour: i64) -> Value {
    json!({"kind": "recall", "per_hour": per_hour,
           "audience": {"bought": {"skus": ["mug-7"], "from": "2026-05-01T00:00:00Z", "to": "2026-06-01T00:00:00Z"}},
           "content": {"de": {"subject": "Rückruf: Becher Nord", "text": "Der Henkel kann abbrechen."}}})
}

/// Brings customers and their orders, each of one product; whoever buys as a guest has no account.
async fn fill(key: &Actor, customers: usize) {
    let all: Vec<usize> = (0..customers).collect();
    for (number, some) in all.chunks(FILE).enumerate() {
        let accounts = some.iter().filter(|number| !is_buyer(**number) || !is_guest(**number));
        let line = |number: &usize| {
            let email = if is_buyer(*number) && is_silent(*number) { String::new() } else { address(*number) };
            format!("c{number},{email},de\n")
        };
        let file: String = std::iter::once("external_id,email,locale\n".to_owned()).chain(accounts.map(line)).collect();
        import(key, "customers", &format!("customers-{number}"), file).await;
        let line = |number: &usize| {
            let sku = if is_buyer(*number) { "Mug-7" } else { "cup-1" };
            let (customer, email) = if is_buyer(*number) && is_guest(*number) {
                (String::new(), address(*number))
            } else {
                (format!("c{number}"), String::new())
            };
            format!(
                "A-{number},2026-05-{:02}T10:00:00Z,990,{customer},{email},\"[{{\"\"id\"\":\"\"1\"\",\"\"sku\"\":\"\"{sku}\"\",\"\"amount\"\":990}}]\"\n",
                number % 28 + 1
            )
        };
        let head = "order_id,occurred_at,amount,customer,email,items\n".to_owned();
        let file: String = std::iter::once(head).chain(some.iter().map(line)).collect();
        import(key, "orders", &format!("orders-{number}"), file).await;
    }
}

async fn import(key: &Actor, kind: &str, name: &str, file: String) {
    let ask =
        key.post(&format!("/v1/imports?kind={kind}"), json!({})).key(name).raw(file).header("content-type", "text/csv");
    let job = ask.await.accepted();
    loop {
        let job = key.get(&path("/v1/jobs", &job["id"])).await.ok();
        if job["status"] == "finished" {
            assert_eq!(job["refused"], 0, "{job}");
            return;
        }
    }
}

async fn rehearsed(key: &Actor, place: &str) -> Value {
    loop {
        let answer = key.post(place, json!({})).await;
        if answer.status() != 202 {
            return answer.ok();
        }
    }
}

/// An operator whom the command line added, so that nobody let them in.
async fn operator(database: &str, key: &Actor, shop: &str, name: &str) -> Actor {
    let email = format!("{name}@shop.example");
    let made =
        process::run(database, &["operator", "add", &email, "--shop", shop, "--role", "manager", "--name", name]);
    let login = json!({"email": email, "password": made["password"], "shop": shop});
    let token = Actor::anonymous(key.base()).post("/v1/operators/token", login).await.ok();
    Actor::bearer(key.base(), token["access_token"].as_str().expect("a token"))
}

/// Waits until everybody was written to and nothing is to leave any more.
async fn finished(key: &Actor, place: &str) -> Value {
    loop {
        let now = key.get(place).await.ok();
        let is_over = now["status"] == "sent" && now["outcomes"]["waiting"] == 0 && now["outcomes"]["uncertain"] == 0;
        if is_over {
            return now;
        }
    }
}

/// A line for each buyer: told with when, or without an address.
fn check_proof(file: &str, told: usize, silent: usize) {
    let mut lines = file.lines();
    let head: Vec<&str> = lines.next().expect("a head").split(',').collect();
    let column = |name: &str| head.iter().position(|column| *column == name).expect("a column");
    let (outcome, at, customer) = (column("outcome"), column("at"), column("customer_id"));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut people = std::collections::BTreeSet::new();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        *counts.entry(cells[outcome].to_owned()).or_default() += 1;
        assert_eq!(cells[at].is_empty(), cells[outcome] != "told", "{line}");
        assert!(people.insert(cells[customer].to_owned()), "{line} is there twice");
    }
    let expected = [("told", told), ("no_address", silent)];
    assert_eq!(counts, expected.map(|(outcome, count)| (outcome.to_owned(), count)).into());
}
