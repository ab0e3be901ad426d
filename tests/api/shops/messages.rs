//! Mails: that they arrive, what becomes of them when a server will not take them, sending again.
//!
//! The shared servers send to one receiver, which can be told how to treat a recipient; so each test
//! writes to addresses that nobody else has.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use grapevine::demo::eml::Part;
use grapevine::demo::receiver::{Door, Flood, Mail, Manner, Receiver};
use grapevine::server::Server;
use grapevine::store::Statement;
use grapevine::store::connection::Use;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::support::process::Process;
use crate::support::server::{block_on, own, receiver};
use crate::support::*;

on_both!(
    a_granted_voucher_arrives_by_mail,
    a_test_shop_writes_to_its_test_recipients_alone,
    an_address_that_comes_lets_the_mail_leave,
    what_the_mail_server_says_decides_what_becomes_of_a_mail,
    who_asks_for_slower_mails_gets_them_slower_and_delays_nobody,
    a_mail_server_that_says_nothing_loses_no_mail,
    a_slow_mail_server_gets_each_mail_once_and_keeps_none_waiting,
    a_mail_server_that_answers_without_end_takes_no_memory,
    a_mail_whose_fate_nobody_knows_comes_twice_at_most,
    while_the_mail_server_is_down_nothing_is_lost,
    what_a_killed_server_had_in_hand_leaves_soon,
    a_mail_can_be_sent_again,
    a_replaced_code_is_told,
    what_was_withdrawn_is_not_told,
    an_address_that_nobody_can_be_written_to_fails_at_once,
    messages_are_listed_by_what_they_are,
    another_shops_messages_are_not_there,
);

/// Longest wait for a mail.
const LIMIT: Duration = Duration::from_secs(60);
/// How long a server that stops waits for what does not end.
const DRAIN: Duration = Duration::from_secs(4);
/// A mail that was not taken is tried once more, and that long after.
const AN_HOUR: (&str, &str) = ("GRAPEVINE_MAIL_SCHEDULE", "0,3600");

/// Has the shop write to this address although it is a test shop.
pub async fn allow(actor: &Actor, addresses: &[&str]) {
    let shop = actor.get("/v1/shop").await;
    let etag = shop.etag();
    actor.patch("/v1/shop", json!({ "test_recipients": addresses })).if_match(&etag).await.ok();
}

/// Makes a customer with an address that nobody else has, to whom the shop writes; answers the address.
pub async fn reachable(actor: &Actor, external_id: &str) -> String {
    let address = format!("{}@mail.example", fresh(external_id)).to_ascii_lowercase();
    allow(actor, &[&address]).await;
    let customer = json!({"email": address, "name": "Anna Müller", "locale": "de"});
    actor.put(&format!("/v1/customers/{external_id}"), customer).await.created();
    address
}

/// Grants a customer something and answers the message that tells him.
pub async fn told(actor: &Actor, external_id: &str, reward: Value) -> Value {
    let grant = json!({"customer": external_id, "reward": reward, "reason": "late parcel"});
    let grant = actor.post("/v1/grants", grant).await.created();
    let reward = actor.get(&path("/v1/rewards", &grant["reward_id"])).await.ok();
    message(actor, &reward["message"]).await
}

pub async fn message(actor: &Actor, id: &Value) -> Value {
    actor.get(&path("/v1/messages", id)).await.ok()
}

pub fn card() -> Value {
    json!({"kind": "gift_card", "amount": 1500})
}

pub async fn arrived(address: &str, count: usize) -> Vec<Mail> {
    receiver().wait_for(address, count, LIMIT).await.unwrap_or_else(|| panic!("no {count} mails to {address}"))
}

async fn a_granted_voucher_arrives_by_mail(shop: TestShop) {
    let address = reachable(&shop, "anna").await;
    let queued = told(&shop, "anna", card()).await;
    assert_eq!((&queued["kind"], &queued["recipient"]), (&json!("voucher_issued"), &json!(address)));
    let mails = arrived(&address, 1).await;
    shop.server().settle_mails().await;
    let sent = message(&shop, &queued["id"]).await;
    assert_eq!((&sent["status"], &sent["tries"], &sent["next_at"]), (&json!("sent"), &json!(1), &Value::Null));
    assert!(sent["sent_at"].is_string());
    let reward = shop.get(&path("/v1/rewards", &sent["reward"])).await.ok();
    let voucher = shop.get(&path("/v1/vouchers", &reward["voucher"])).await.ok();
    let mail = Part::read(&mails[0].data);
    assert_eq!(mail.header("message-id"), sent["message_id"].as_str().map(|id| format!("<{id}>")).as_deref());
    assert_eq!(mail.header("subject"), Some("Ihre Geschenkkarte von Shop of a test über 15,00 €"));
    let code = voucher["code"].as_str().expect("a code");
    for kind in ["text/plain", "text/html"] {
        let text = mail.find(kind).expect("a part").text();
        assert!(text.contains(code) && text.contains("Guten Tag Anna Müller,"), "{kind}: {text}");
    }
}

async fn a_test_shop_writes_to_its_test_recipients_alone(shop: TestShop) {
    shop.customer("bob").await;
    let message = told(&shop, "bob", card()).await;
    assert_eq!((&message["status"], &message["reason"]), (&json!("suppressed"), &json!("test_shop")));
    let etag = shop.get("/v1/shop").await.etag();
    shop.patch("/v1/shop", json!({"mail": {"voucher_issued": "off"}})).if_match(&etag).await.ok();
    let message = told(&shop, "bob", json!({"kind": "store_credit", "amount": 300})).await;
    assert_eq!((&message["kind"], &message["reason"]), (&json!("credit_issued"), &json!("mail_off")));
}

async fn a_replaced_code_is_told(shop: TestShop) {
    let address = reachable(&shop, "anna").await;
    let first = told(&shop, "anna", card()).await;
    arrived(&address, 1).await;
    shop.server().settle_mails().await;
    let reward = path("/v1/rewards", &first["reward"]);
    let voucher = shop.get(&reward).await.ok()["voucher"].clone();
    let place = format!("{}/replace", path("/v1/vouchers", &voucher));
    let new = shop.post(&place, json!({"reason": "somebody else has read it"})).await.created();
    let mails = arrived(&address, 2).await;
    let mail = Part::read(&mails[1].data);
    assert!(mail.header("subject").is_some_and(|subject| subject.starts_with("Ein neuer Code für Ihre Geschenkkarte")));
    for kind in ["text/plain", "text/html"] {
        let text = mail.find(kind).expect("a part").text();
        assert!(text.contains(new["code"].as_str().expect("a code")), "{kind}: {text}");
        assert!(text.contains("wurde durch einen neuen ersetzt. Der frühere Code gilt nicht mehr."), "{kind}: {text}");
    }
    shop.server().settle_mails().await;
    let now = shop.get(&reward).await.ok();
    assert_eq!(now["voucher"], new["id"]);
    assert_eq!(message(&shop, &now["message"]).await["status"], "sent");
    // What is sent again tells of the code that is good now.
    let again = format!("{}/resend", path("/v1/messages", &first["id"]));
    shop.post(&again, json!({"to": "original"})).await.created();
    let mails = arrived(&address, 3).await;
    let text = Part::read(&mails[2].data).find("text/plain").expect("a part").text();
    assert!(text.contains(new["code"].as_str().expect("a code")), "{text}");
}

async fn an_address_that_comes_lets_the_mail_leave(shop: TestShop) {
    let address = format!("{}@mail.example", fresh("late")).to_ascii_lowercase();
    allow(&shop, &[&address]).await;
    shop.put("/v1/customers/late", json!({})).await.created();
    let waiting = told(&shop, "late", card()).await;
    assert_eq!((&waiting["status"], &waiting["recipient"]), (&json!("no_address"), &Value::Null));
    shop.post(&format!("{}/resend", path("/v1/messages", &waiting["id"])), json!({"to": "original"}))
        .await
        .refused(409, "illegal_transition");
    shop.put("/v1/customers/late", json!({ "email": address })).await.ok();
    arrived(&address, 1).await;
    shop.server().settle_mails().await;
    assert_eq!(message(&shop, &waiting["id"]).await["status"], "sent");
}

/// Lets the hour pass that a mail waits for.
async fn an_hour_later(server: &Server) {
    let mut connection = server.app.target.connect(Use::Tool).expect("a connection");
    connection.batch("UPDATE messages SET next_at = next_at - 3600000").expect("time passes");
    server.settle_mails().await;
}

async fn what_the_mail_server_says_decides_what_becomes_of_a_mail(shop: TestShop) {
    let table = [
        (Manner::Answer(421), "retrying"),
        (Manner::Answer(451), "retrying"),
        (Manner::AnswerAtEnd(452), "retrying"),
        (Manner::Endless(Flood::Line), "retrying"),
        (Manner::Endless(Flood::Lines), "retrying"),
        (Manner::Answer(550), "failed"),
        (Manner::AnswerAtEnd(554), "failed"),
    ];
    let receiver = Receiver::start().await.expect("a receiver");
    let server = own(&database::fresh_database(shop.backend), &[("MAIL_URL", &receiver.url()), AN_HOUR]).await;
    let actor = TestShop::in_server(&server).await;
    for (index, (manner, expected)) in table.into_iter().enumerate() {
        let customer = format!("c{index}");
        let address = reachable(&actor, &customer).await;
        receiver.manner(&address, manner);
        let queued = told(&actor, &customer, card()).await;
        server.settle_mails().await;
        let tried = message(&actor, &queued["id"]).await;
        assert_eq!((&tried["status"], &tried["tries"]), (&json!(expected), &json!(1)), "{manner:?}");
        assert!(tried["reason"].is_string(), "{manner:?}: {tried}");
        assert_eq!(tried["next_at"].is_string(), expected == "retrying", "{manner:?}: {tried}");
        receiver.manner(&address, Manner::Take);
        an_hour_later(&server).await;
        let (end, count) = if expected == "retrying" { ("sent", 1) } else { ("failed", 0) };
        assert_eq!(message(&actor, &queued["id"]).await["status"], end, "{manner:?}");
        assert_eq!(receiver.mails_to(&address).len(), count, "{manner:?}");
    }
    let failed: Vec<Value> =
        events(&actor).await.into_iter().filter(|event| event["type"] == "message.failed").collect();
    assert_eq!(failed.len(), 2, "{failed:?}");
    assert_eq!(failed[0]["data"]["status"], "failed");
    server.stop().await;
}

async fn a_mail_server_that_says_nothing_loses_no_mail(shop: TestShop) {
    let (database, receiver) = (database::fresh_database(shop.backend), Receiver::start().await.expect("a receiver"));
    let url = receiver.url();
    let settings = [("MAIL_URL", url.as_str()), AN_HOUR, ("GRAPEVINE_MAIL_TIMEOUT_MS", "100")];
    let hasty = own(&database, &settings).await;
    let actor = TestShop::in_server(&hasty).await;
    let address = reachable(&actor, "anna").await;
    receiver.manner(&address, Manner::Silent);
    let queued = told(&actor, "anna", card()).await;
    hasty.settle_mails().await;
    let tried = message(&actor, &queued["id"]).await;
    assert_eq!((&tried["status"], &tried["tries"]), (&json!("retrying"), &json!(1)), "{tried}");
    assert!(tried["reason"].is_string(), "{tried}");
    hasty.stop().await;
    receiver.manner(&address, Manner::Take);
    let patient = own(&database, &settings[..2]).await;
    an_hour_later(&patient).await;
    let actor = actor.at(&format!("http://{}", patient.address));
    assert_eq!(message(&actor, &queued["id"]).await["status"], "sent");
    assert_eq!(receiver.mails().len(), 1);
    patient.stop().await;
}

async fn a_slow_mail_server_gets_each_mail_once_and_keeps_none_waiting(shop: TestShop) {
    let receiver = Receiver::start().await.expect("a receiver");
    let url = receiver.url();
    let server = own(&database::fresh_database(shop.backend), &[("MAIL_URL", url.as_str()), AN_HOUR]).await;
    let actor = TestShop::in_server(&server).await;
    let addresses: Vec<String> = (0..6).map(|number| format!("c{number}@mail.example")).collect();
    allow(&actor, &addresses.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let mut queued = Vec::new();
    for (number, address) in addresses.iter().enumerate() {
        receiver.manner(address, if number == 5 { Manner::Take } else { Manner::Slow });
        actor.put(&format!("/v1/customers/c{number}"), json!({"email": address})).await.created();
        queued.push(told(&actor, &format!("c{number}"), card()).await);
    }
    assert!(receiver.wait_for(&addresses[5], 1, LIMIT).await.is_some(), "it waits for nobody");
    server.settle_mails().await;
    for (queued, address) in queued.iter().zip(&addresses) {
        let sent = message(&actor, &queued["id"]).await;
        assert_eq!((&sent["status"], &sent["tries"]), (&json!("sent"), &json!(1)), "{sent}");
        assert_eq!(receiver.mails_to(address).len(), 1);
    }
    server.stop().await;
}

/// Not after the longest that a conversation with a mail server may take.
async fn what_a_killed_server_had_in_hand_leaves_soon(shop: TestShop) {
    let (database, receiver) = (database::fresh_database(shop.backend), Receiver::start().await.expect("a receiver"));
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let silent_url = format!("smtp://{}", silent.local_addr().expect("an address"));
    let server = Process::start(&database, &[("MAIL_URL", &silent_url), ("GRAPEVINE_MAIL_TIMEOUT_MS", "60000")]);
    let shop = TestShop::through(&database, std::slice::from_ref(&server)).await;
    let address = reachable(&shop, "anna").await;
    let queued = told(&shop, "anna", card()).await;
    let _conversation = silent.accept().await.expect("a mail is to leave");
    assert_eq!(message(&shop, &queued["id"]).await["status"], "sending");
    server.kill();
    let begun = Instant::now();
    let server = Process::start(&database, &[("MAIL_URL", &receiver.url())]);
    let shop = shop.moved_to(std::slice::from_ref(&server));
    assert!(receiver.wait_for(&address, 1, LIMIT).await.is_some(), "{}", message(&shop, &queued["id"]).await);
    assert!(begun.elapsed() < Duration::from_secs(30), "only after {:?}", begun.elapsed());
}

/// Greeting, taking a recipient or the end of a mail: eight mails leave at once, and each is answered as fast
/// as it is read.
async fn a_mail_server_that_answers_without_end_takes_no_memory(shop: TestShop) {
    let (database, receiver) = (database::fresh_database(shop.backend), Receiver::start().await.expect("a receiver"));
    let url = receiver.url();
    let threads = [("GRAPEVINE_THREADS", "2"), ("GRAPEVINE_READERS", "1"), ("TOKIO_WORKER_THREADS", "2")];
    let mut settings = vec![("MAIL_URL", url.as_str()), AN_HOUR, ("GRAPEVINE_MAIL_TIMEOUT_MS", "20000")];
    settings.extend(threads);
    let server = Process::start(&database, &settings);
    let actor = TestShop::through(&database, std::slice::from_ref(&server)).await;
    type Treated = (Door, fn(Flood) -> Manner, &'static str);
    let table: [Treated; 6] = [
        (Door::Open, |_| Manner::Take, "sent"),
        (Door::Endless(Flood::Line), Manner::Endless, "retrying"),
        (Door::Endless(Flood::Lines), Manner::Endless, "retrying"),
        (Door::Says("250-   \r\n250  "), Manner::Endless, "retrying"),
        (Door::Open, Manner::Endless, "retrying"),
        (Door::Open, Manner::EndlessAtEnd, "uncertain"),
    ];
    // Those of the first are used again; who is flooded there asks at the door.
    let mut peaks = Vec::new();
    for (door, manner, expected) in table {
        receiver.door(door);
        let customers: Vec<String> = (0..8).map(|_| fresh("c-").to_ascii_lowercase()).collect();
        let addresses: Vec<String> = customers.iter().map(|customer| format!("{customer}@mail.example")).collect();
        allow(&actor, &addresses.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let mut told_of = Vec::new();
        for (customer, address) in customers.iter().zip(&addresses) {
            let flood = if told_of.len() % 2 == 0 { Flood::Line } else { Flood::Lines };
            receiver.manner(address, manner(flood));
            actor.put(&format!("/v1/customers/{customer}"), json!({"email": address})).await.created();
            told_of.push(told(&actor, customer, card()).await);
        }
        for told in &told_of {
            assert_eq!(tried(&actor, &told["id"]).await["status"], expected, "{door:?}");
        }
        peaks.push(server.peak_megabytes());
    }
    assert!(peaks[5] < peaks[0] + 30, "{peaks:?} MB");
}

async fn who_asks_for_slower_mails_gets_them_slower_and_delays_nobody(shop: TestShop) {
    let receiver = Receiver::start().await.expect("a receiver");
    let url = receiver.url();
    let settings = [("MAIL_URL", url.as_str()), AN_HOUR, ("GRAPEVINE_MAIL_PACE_MS", "600000")];
    let server = own(&database::fresh_database(shop.backend), &settings).await;
    let actor = TestShop::in_server(&server).await;
    let addresses = ["anna@slow.example", "ben@slow.example", "carl@slow.example", "dora@mail.example"];
    allow(&actor, &addresses).await;
    receiver.manner(addresses[0], Manner::Says("451 4.7.28 come slower"));
    let mut queued = Vec::new();
    for address in addresses {
        let name = address.split('@').next().unwrap_or_default();
        actor.put(&format!("/v1/customers/{name}"), json!({"email": address})).await.created();
        queued.push(told(&actor, name, card()).await);
        server.settle_mails().await;
    }
    let [anna, ben, carl, dora] = &queued[..] else { panic!("four mails") };
    assert_eq!(message(&actor, &anna["id"]).await["status"], "retrying");
    let mut turns = Vec::new();
    for late in [ben, carl] {
        let late = message(&actor, &late["id"]).await;
        assert_eq!((&late["status"], &late["tries"]), (&json!("queued"), &json!(0)), "{late}");
        turns.push(text(&late["next_at"]));
    }
    assert!(text(&ben["created_at"]) < turns[0] && turns[0] < turns[1], "each has a turn of its own: {turns:?}");
    assert_eq!(message(&actor, &dora["id"]).await["status"], "sent");
    assert_eq!(receiver.mails().len(), 1);
    server.stop().await;
}

/// The message once it was tried.
async fn tried(actor: &Actor, id: &Value) -> Value {
    loop {
        let now = message(actor, id).await;
        if now["status"] != "queued" && now["status"] != "sending" {
            return now;
        }
    }
}

async fn events(shop: &Actor) -> Vec<Value> {
    elements(&shop.get("/v1/events?limit=200").await.ok()["data"])
}

async fn a_mail_whose_fate_nobody_knows_comes_twice_at_most(shop: TestShop) {
    let address = reachable(&shop, "anna").await;
    receiver().manner(&address, Manner::Drop);
    let queued = told(&shop, "anna", card()).await;
    let mails = arrived(&address, 2).await;
    shop.server().settle_mails().await;
    let end = message(&shop, &queued["id"]).await;
    assert_eq!((&end["status"], &end["tries"], &end["next_at"]), (&json!("uncertain"), &json!(2), &Value::Null));
    assert_eq!(receiver().mails_to(&address).len(), 2);
    let ids: Vec<_> = mails.iter().map(|mail| Part::read(&mail.data).header("message-id").map(str::to_owned)).collect();
    assert_eq!(ids[0], ids[1], "a mail program shows the two as one");
}

async fn while_the_mail_server_is_down_nothing_is_lost(shop: TestShop) {
    // Nobody listens yet, and nobody else can have the place.
    let down = TcpSocket::new_v4().expect("a socket");
    down.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
    let url = format!("smtp://{}?tls=none", down.local_addr().expect("an address"));
    let server = own(&database::fresh_database(shop.backend), &[("MAIL_URL", &url), AN_HOUR]).await;
    let actor = TestShop::in_server(&server).await;
    let address = reachable(&actor, "anna").await;
    let queued = told(&actor, "anna", card()).await;
    server.settle_mails().await;
    let tried = message(&actor, &queued["id"]).await;
    assert_eq!(tried["status"], "retrying", "{tried}");
    let receiver = Receiver::start_on(down.listen(16).expect("it listens")).expect("a receiver");
    an_hour_later(&server).await;
    assert_eq!(message(&actor, &queued["id"]).await["status"], "sent");
    assert_eq!(receiver.mails_to(&address).len(), 1);
    server.stop().await;
}

/// A client that keeps half of its request and a mail server that says nothing are waited for together.
#[test]
fn an_end_waits_for_everything_at_once() {
    block_on(async {
        let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let url = format!("smtp://{}", silent.local_addr().expect("an address"));
        let drain = DRAIN.as_millis().to_string();
        let settings = [
            ("MAIL_URL", url.as_str()),
            ("GRAPEVINE_DRAIN_MS", drain.as_str()),
            ("GRAPEVINE_MAIL_TIMEOUT_MS", "60000"),
        ];
        let server = own(&database::fresh_database(Backend::Sqlite), &settings).await;
        let actor = TestShop::in_server(&server).await;
        reachable(&actor, "anna").await;
        told(&actor, "anna", card()).await;
        let _conversation = silent.accept().await.expect("a mail is to leave");
        let mut client = TcpStream::connect(server.address).await.expect("it listens");
        let head = "POST /v1/operators/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
        let rest = "Content-Length: 100\r\nExpect: 100-continue\r\n\r\n";
        client.write_all(format!("{head}{rest}").as_bytes()).await.expect("it is sent");
        let read = client.read(&mut [0; 64]).await.expect("it may go on");
        assert!(read > 0);
        let begun = Instant::now();
        server.stop().await;
        assert!(begun.elapsed() > DRAIN / 2, "neither has ended");
        assert!(begun.elapsed() < DRAIN * 2, "one was waited for after the other: {:?}", begun.elapsed());
    });
}

/// Both look for what is due; the engine gives each message to one of them.
#[test]
fn two_servers_send_each_mail_once() {
    run(Backend::Postgres, |shop| async move {
        let receiver = Receiver::start().await.expect("a receiver");
        let (database, url) = (database::fresh_database(shop.backend), receiver.url());
        let one = own(&database, &[("MAIL_URL", &url)]).await;
        let two = own(&database, &[("MAIL_URL", &url)]).await;
        let actor = TestShop::in_server(&one).await;
        let address = reachable(&actor, "anna").await;
        for _ in 0..20 {
            told(&actor, "anna", card()).await;
        }
        assert!(receiver.wait_for(&address, 20, LIMIT).await.is_some());
        one.settle_mails().await;
        two.settle_mails().await;
        let sent = actor.get("/v1/messages?status=sent&limit=200").await.ok();
        assert_eq!((elements(&sent["data"]).len(), receiver.mails().len()), (20, 20));
        one.stop().await;
        two.stop().await;
    });
}

async fn a_mail_can_be_sent_again(shop: TestShop) {
    let address = reachable(&shop, "anna").await;
    let first = told(&shop, "anna", card()).await;
    arrived(&address, 1).await;
    shop.server().settle_mails().await;
    let place = format!("{}/resend", path("/v1/messages", &first["id"]));
    let again = shop.post(&place, json!({"to": "original"})).await.created();
    assert_eq!((&again["resend_of"], &again["recipient"]), (&first["id"], &json!(address)));
    assert_ne!(again["message_id"], first["message_id"]);
    arrived(&address, 2).await;
    let moved = format!("{}@mail.example", fresh("moved")).to_ascii_lowercase();
    allow(&shop, &[&moved]).await;
    shop.put("/v1/customers/anna", json!({ "email": moved })).await.ok();
    shop.operator("support").await.post(&place, json!({"to": "current"})).await.created();
    arrived(&moved, 1).await;
    let audited = shop.list("/v1/audit_log").await.into_iter().filter(|row| row["action"] == "resend_message");
    let by: Vec<Value> = audited.map(|row| row["actor"]["type"].clone()).collect();
    assert_eq!(by, ["operator", "key"], "newest first");
    shop.post(&place, json!({"to": "somewhere"})).await.refused(422, "invalid_field");
    shop.post(&place, json!({})).await.refused(422, "invalid_field");
    shop.operator("viewer").await.post(&place, json!({"to": "current"})).await.refused(403, "forbidden");
    shop.post("/v1/messages/msg_00000000000000000000000000/resend", json!({"to": "current"}))
        .await
        .refused(404, "not_found");
}

/// Such an address is not taken in any more; it is one that was before.
async fn an_address_that_nobody_can_be_written_to_fails_at_once(shop: TestShop) {
    let odd = "\"q q\"@example.org";
    shop.put("/v1/customers/anna", json!({"email": "anna@mail.example", "name": "Anna"})).await.created();
    let mut connection = shop.server().app.target.connect(Use::Tool).expect("a connection");
    let changes = [
        ("UPDATE customers SET email = ? WHERE shop = ?", odd.to_owned()),
        ("UPDATE shops SET test_recipients = ? WHERE id = ?", json!([odd]).to_string()),
    ];
    for (sql, value) in changes {
        let change = Statement::new(sql).bind(value).bind(shop.id.clone());
        connection.execute(&change).expect("it is changed");
    }
    let queued = told(&shop, "anna", card()).await;
    assert_eq!(queued["recipient"], odd);
    shop.server().settle_mails().await;
    let failed = message(&shop, &queued["id"]).await;
    let fate = (&failed["status"], &failed["tries"], &failed["next_at"]);
    assert_eq!(fate, (&json!("failed"), &json!(1), &Value::Null), "{failed}");
    assert_eq!(failed["reason"], "no mail can be sent to this address");
}

async fn what_was_withdrawn_is_not_told(shop: TestShop) {
    let address = format!("{}@mail.example", fresh("anna")).to_ascii_lowercase();
    allow(&shop, &[&address]).await;
    shop.put("/v1/customers/anna", json!({})).await.created();
    let waiting = told(&shop, "anna", card()).await;
    let void = format!("{}/void", path("/v1/rewards", &waiting["reward"]));
    shop.post(&void, json!({"reason": "mistake"})).await.ok();
    shop.put("/v1/customers/anna", json!({ "email": address })).await.ok();
    shop.server().settle_mails().await;
    let withheld = message(&shop, &waiting["id"]).await;
    assert_eq!((&withheld["status"], &withheld["reason"]), (&json!("suppressed"), &json!("withdrawn")));
    assert_eq!(receiver().mails_to(&address), []);
}

async fn messages_are_listed_by_what_they_are(shop: TestShop) {
    shop.customer("anna").await;
    shop.customer("bob").await;
    let first = told(&shop, "anna", card()).await;
    let second = told(&shop, "bob", json!({"kind": "store_credit", "amount": 100})).await;
    let ids = |rows: Vec<Value>| rows.into_iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
    let reward = second["reward"].as_str().expect("a reward");
    let by_customer = first["customer_id"].as_str().expect("a customer");
    let table = [
        ("/v1/messages?status=suppressed".to_owned(), 2),
        ("/v1/messages?status=sent".to_owned(), 0),
        ("/v1/messages?customer=nobody".to_owned(), 0),
    ];
    for (path, count) in table {
        assert_eq!(shop.list(&path).await.len(), count, "{path}");
    }
    for path in [
        "/v1/messages?customer=anna".to_owned(),
        format!("/v1/messages?customer={by_customer}"),
        "/v1/messages?kind=voucher_issued".to_owned(),
    ] {
        assert_eq!(ids(shop.list(&path).await), [first["id"].clone()], "{path}");
    }
    for path in ["/v1/messages?external_id=bob".to_owned(), format!("/v1/messages?reward={reward}")] {
        assert_eq!(ids(shop.list(&path).await), [second["id"].clone()], "{path}");
    }
}

async fn another_shops_messages_are_not_there(shop: TestShop) {
    shop.customer("anna").await;
    let own = told(&shop, "anna", card()).await;
    let other = shop.another().await;
    let place = path("/v1/messages", &own["id"]);
    other.get(&place).await.refused(404, "not_found");
    other.post(&format!("{place}/resend"), json!({"to": "current"})).await.refused(404, "not_found");
    assert_eq!(other.list("/v1/messages").await, Vec::<Value>::new());
    shop.get("/v1/messages/nothing").await.refused(404, "not_found");
    shop.key(&["vouchers:read"]).await.get(&place).await.refused(403, "forbidden");
    shop.anonymous().get(&place).await.refused(401, "unauthenticated");
}
