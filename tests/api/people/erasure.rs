//! Erasing a person, and handing out all that is held of one.
//!
//! Everything that tells who the person is contains one word that stands nowhere else; so a search of
//! every column of every table for that word, in whatever case, finds what an erasure left.

use grapevine::records::{EventPage, Kind, Value as Column};
use grapevine::store::connection::Use;
use grapevine::store::queries::records::read;
use grapevine::store::shelves::select;
use grapevine::store::{Connection, Statement, Target};

use crate::support::process::{self, Process};
use crate::support::server::{block_on, own};
use crate::support::*;

on_both!(
    an_erased_person_is_found_nowhere,
    what_a_browser_was_answered_is_erased,
    what_others_have_stays_theirs,
    the_erased_id_is_refused_and_the_person_may_come_back,
    a_sign_ups_stored_answer_forgets_who_recommended,
    an_export_holds_all_and_names_nobody_else,
    an_export_of_a_friend_names_no_advocate_and_no_operator,
    an_address_of_two_customers_stays_the_others,
    only_managers_export_and_erase,
    who_may_erase_may_see_how_far_it_is,
    credit_lapses_and_what_waits_is_voided,
    credit_that_comes_back_to_the_erased_lapses,
    an_order_that_comes_back_takes_what_lapsed_of_its_reward,
    a_long_history_is_erased_page_by_page,
);

/// A person with a history, and the others in it.
struct Story {
    /// The word that tells who he is.
    word: String,
    id: String,
    /// What the friend whom he brought ordered.
    friends_order: Value,
    /// What he ordered himself.
    own_order: Value,
    /// An issued voucher of his, with its code.
    voucher: Value,
    /// The request, and its key, that an answer is stored for.
    order: Value,
    key: String,
}

/// Letters that stand nowhere else.
fn fresh_word() -> String {
    let random = fresh("word").into_bytes().into_iter().rev().take(10);
    random.map(|byte| char::from(b'a' + byte % 26)).collect()
}

fn order(id: &str, customer: Value, evidence: Value) -> Value {
    json!({"order_id": id, "customer": customer, "amount": 8000, "currency": "EUR", "paid": true, "evidence": evidence})
}

impl Story {
    fn email(&self) -> String {
        email_of(&self.word)
    }

    fn path(&self) -> String {
        format!("/v1/customers/{}", self.id)
    }

    /// A guest who becomes a customer, is merged with another, is recommended and recommends, orders,
    /// is rewarded, redeems, is granted something, and gets mails.
    async fn tell(shop: &Actor) -> Self {
        let word = fresh_word();
        let (email, name) = (email_of(&word), format!("Erika {word}"));
        allow(shop, &email).await;
        let told = json!({"email": email, "phone": format!("+49 30 {}", digits(&word)), "name": name, "locale": "de"});
        let guest = json!({"order_id": "G-1", "customer_details": told, "amount": 500, "currency": "EUR"});
        shop.post("/v1/conversions", guest).await.created();
        let customer = json!({
            "email": email, "email_verified": true, "name": name, "first_name": word, "attributes": {"note": format!("likes {word}")},
            "consents": [{"kind": "marketing_mail", "given": true, "source": format!("form of {word}"), "text_version": word}],
        });
        let made = shop.put(&format!("/v1/customers/kunde-{word}"), customer).key(&fresh("key")).await.created();
        shop.put(&format!("/v1/customers/zweit-{word}"), json!({"name": name})).await.created();
        let merge = json!({"from": format!("zweit-{word}"), "reason": format!("{name} asked for it")});
        shop.post(&format!("/v1/customers/kunde-{word}/merge"), merge).await.ok();
        let me = json!(format!("kunde-{word}"));
        let program = shop.post("/v1/programs", program()).await.created();
        let mine = share(shop, &program, &me).await;
        let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
        let code = shop.post(&codes, json!({"customer": me})).await.created();
        assert!(text(&code["code"]).to_ascii_lowercase().contains(&word), "{code}");
        let (annas, evidence) =
            (share(shop, &program, &known(shop, "anna").await).await, |share: &Value| json!({"token": share["token"]}));
        let referral = json!({"program": program["id"], "friend": me, "evidence": evidence(&annas)});
        shop.post("/v1/referrals", referral).await.created();
        let own = shop.post("/v1/conversions", order("E-1", me.clone(), evidence(&annas))).await.created();
        let refund =
            json!({"refund_id": "s-1", "amount": 7000, "kind": "refund", "reason": format!("{word} sent it back")});
        shop.post(&format!("{}/refunds", path("/v1/conversions", &own["id"])), refund).await.created();
        let ben = known(shop, "ben").await;
        let (friends, key) = (order("B-1", ben, evidence(&mine)), fresh("key"));
        let friends_order = shop.post("/v1/conversions", friends.clone()).key(&key).await.created();
        assert_eq!(friends_order["attribution"]["advocate"], me);
        // Her link loses against a code.
        let annas_code = shop.post(&codes, json!({"customer": "anna"})).await.created();
        let both = json!({"code": annas_code["code"], "token": mine["token"]});
        let carls = shop.post("/v1/conversions", order("C-1", known(shop, "carl").await, both)).await.created();
        let losers = elements(&carls["attribution"]["considered"]);
        assert_eq!((losers.len(), &losers[0]["advocate"]), (1, &me), "{carls}");
        // A friend of hers types her code at the checkout; another one comes by her link, then by Anna's.
        let dora = known(shop, "dora").await;
        let cart =
            json!({"codes": [code["code"]], "customer": dora, "order_id": "D-1", "amount": 4000, "currency": "EUR"});
        shop.post("/v1/redemptions", cart).await.created();
        let ella = known(shop, "ella").await;
        // A third one has it set aside; and credit of hers is.
        let cart =
            json!({"codes": [code["code"]], "customer": ella, "cart_id": "D-2", "amount": 4000, "currency": "EUR"});
        shop.post("/v1/holds", cart).await.created();
        for share in [&mine, &annas] {
            let referral = json!({"program": program["id"], "friend": ella, "evidence": evidence(share)});
            let referral = shop.post("/v1/referrals", referral).await.json();
            assert_eq!(referral["advocate"], share["customer"], "{referral}");
        }
        let voucher = spend(shop, &me, &word).await;
        Self { word, id: text(&made["id"]), friends_order, own_order: own, voucher, order: friends, key }
    }
}

fn email_of(word: &str) -> String {
    format!("erika.{word}@mail.example")
}

/// A telephone number of nobody else.
fn digits(word: &str) -> String {
    word.bytes().map(|byte| char::from(b'0' + byte % 10)).collect()
}

fn program() -> Value {
    json!({"name": "Weitersagen", "slug": fresh_word(), "status": "active", "landing_url": "https://shop.example/welcome",
           "pending_days": 30, "qualifying": {"min_order_amount": 2000, "new_customers_only": false},
           "attribution": {"model": "last"},
           "rewards": [{"to": "friend", "on": "checkout", "kind": "amount_off", "amount": 300},
                       {"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000},
                       {"to": "friend", "on": "conversion", "kind": "amount_off", "amount": 500}]})
}

/// Has a test shop write to an address.
async fn allow(shop: &Actor, address: &str) {
    let etag = shop.get("/v1/shop").await.etag();
    shop.patch("/v1/shop", json!({"test_recipients": [address, "ben@mail.example"]})).if_match(&etag).await.ok();
}

async fn known(shop: &Actor, name: &str) -> Value {
    let customer = json!({"email": format!("{name}@mail.example"), "name": name, "first_name": name, "locale": "de"});
    shop.put(&format!("/v1/customers/{name}"), customer).await.created();
    json!(name)
}

async fn share(shop: &Actor, program: &Value, customer: &Value) -> Value {
    let share = json!({"program": program["id"], "customer": customer, "channel": "whatsapp"});
    shop.post("/v1/shares", share).await.created()
}

async fn grant(shop: &Actor, customer: &Value, reward: Value, word: &str) -> Value {
    let grant =
        json!({"customer": customer, "reward": reward, "reason": format!("{word} waited long"), "notify": true});
    shop.post("/v1/grants", grant).await.created()
}

/// Grants, of which one is spent and given back, one is voided, and one is left with its code.
async fn spend(shop: &Actor, me: &Value, word: &str) -> Value {
    let card = || json!({"kind": "gift_card", "amount": 1500});
    let spent = voucher_of(shop, &grant(shop, me, card(), word).await).await;
    let cart = json!({"codes": [spent["code"]], "customer": me, "order_id": "E-2", "amount": 2000, "currency": "EUR"});
    let redemption = shop.post("/v1/redemptions", cart).await.created();
    let reversal = json!({"reversal_id": "r-1", "amount": 300, "reason": format!("{word} sent it back")});
    shop.post(&format!("{}/reversals", path("/v1/redemptions", &redemption["id"])), reversal).await.created();
    let voided = grant(shop, me, card(), word).await;
    let void = format!("{}/void", path("/v1/rewards", &voided["reward_id"]));
    shop.post(&void, json!({"reason": format!("{word} has one already")})).await.ok();
    grant(shop, me, json!({"kind": "store_credit", "amount": 700}), word).await;
    let cart = json!({"store_credit": 300, "customer": me, "cart_id": "E-3", "amount": 2000, "currency": "EUR"});
    shop.post("/v1/holds", cart).await.created();
    voucher_of(shop, &grant(shop, me, card(), word).await).await
}

async fn voucher_of(shop: &Actor, grant: &Value) -> Value {
    let reward = shop.get(&path("/v1/rewards", &grant["reward_id"])).await.ok();
    shop.get(&path("/v1/vouchers", &reward["voucher"])).await.ok()
}

/// Erases somebody, waits for the end of the job and demands that all is done.
async fn erase(shop: &Actor, path: &str) -> Value {
    let job = shop.delete(path).key(&fresh("key")).await.accepted();
    assert_eq!(job["kind"], "erasure", "{job}");
    let done = ended(shop, &crate::support::path("/v1/jobs", &job["id"])).await;
    assert_eq!((&done["status"], &done["done"]), (&json!("finished"), &done["total"]), "{done}");
    done
}

/// The columns in which a word stands, in whatever case.
pub fn places_of(database: &Target, word: &str) -> Vec<String> {
    let mut connection = database.connect(Use::Tool).expect("a connection");
    let mut places = Vec::new();
    for (table, column) in columns(&mut connection) {
        let text = if connection.is_postgres() { "strpos(lower(CAST(" } else { "instr(lower(CAST(" };
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE {text}{column} AS TEXT)), ?) > 0");
        let found = connection.number(&Statement::new(sql).bind(word)).expect("a count");
        if found != Some(0) {
            places.push(format!("{table}.{column}"));
        }
    }
    // What is packed shows when it is unpacked.
    let pages: Vec<EventPage> = read(&mut connection, &Statement::new(select::<EventPage>())).expect("the pages");
    let told = pages.iter().flat_map(|page| page.events().expect("events"));
    if told.into_iter().any(|event| event.data.to_lowercase().contains(word)) {
        places.push("event_pages.body".to_owned());
    }
    places
}

/// Every column of every table.
fn columns(connection: &mut Connection) -> Vec<(String, String)> {
    let sql = if connection.is_postgres() {
        "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
    } else {
        "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY 1, 2"
    };
    let rows = connection.query(&Statement::new(sql), &[Kind::Text, Kind::Text]).expect("the columns");
    let pairs = rows.into_iter().map(|row| match row.as_slice() {
        [Column::Text(Some(table)), Column::Text(Some(column))] => (table.clone(), column.clone()),
        other => panic!("no names: {other:?}"),
    });
    pairs.collect()
}

async fn an_erased_person_is_found_nowhere(shop: TestShop) {
    let story = Story::tell(&shop).await;
    shop.server().settle_mails().await;
    let database = &shop.server().app.target;
    let before = places_of(database, &story.word);
    for place in [
        "audit_log.reason",
        "codes.code",
        "codes.customer_ref",
        "conversions.advocate_ref",
        "conversions.considered",
        "conversions.customer_ref",
        "customers.attributes",
        "customers.consents",
        "customers.email",
        "customers.external_id",
        "customers.first_name",
        "customers.name",
        "event_pages.body",
        "grants.reason",
        "holds.customer_ref",
        "holds.lines",
        "messages.recipient",
        "redemptions.customer_ref",
        "redemptions.lines",
        "referrals.advocate_ref",
        "referrals.friend_ref",
        "refunds.reason",
        "reversals.reason",
        "rewards.customer_ref",
        "rewards.history",
        "shares.customer_ref",
        "shops.test_recipients",
        "stored_answers.body",
        "vouchers.customer_ref",
    ] {
        assert!(before.iter().any(|found| found == place), "the story leaves nothing in {place}: {before:?}");
    }
    erase(&shop, &story.path()).await;
    assert_eq!(places_of(database, &story.word), Vec::<String>::new());
    assert_eq!(places_of(database, &digits(&story.word)), Vec::<String>::new());
    // A hash of what somebody sent tells those who guess what it was.
    let mut connection = database.connect(Use::Tool).expect("a connection");
    let mut count = |condition: &str| {
        let sql = format!("SELECT COUNT(*) FROM stored_answers WHERE subject = ? AND {condition}");
        connection.number(&Statement::new(sql).bind(text(&story.own_order["id"]))).expect("a count")
    };
    assert_ne!(count("1 = 1"), Some(0));
    assert_eq!(count("(fingerprint <> '' OR status <> 410 OR told_in IS NOT NULL)"), Some(0));
    drop(connection);
    shop.books_balance().await;
    let events = shop.list("/v1/events").await;
    assert!(events.iter().any(|event| event["type"] == "customer.erased" && event["data"]["id"] == json!(story.id)));
    let audit = shop.list("/v1/audit_log?action=erase_customer").await;
    assert_eq!(audit[0]["subject"]["id"], json!(story.id));
    // What is reported of his orders later does not bring him back.
    shop.advance(31).await;
    assert_eq!(places_of(database, &story.word), Vec::<String>::new());
    shop.books_balance().await;
}

/// Answers that are kept for a repetition, of which that with a code shows no id.
async fn what_a_browser_was_answered_is_erased(shop: TestShop) {
    let (word, program) = (fresh_word(), shop.post("/v1/programs", program()).await.created());
    let name = format!("kunde-{word}");
    let settings = shop.get("/v1/shop").await;
    shop.patch("/v1/shop", json!({"placements": ["footer"]})).if_match(&settings.etag()).await.ok();
    let made =
        shop.put(&format!("/v1/customers/{name}"), json!({"first_name": word})).key(&fresh("key")).await.created();
    let (browser, keys) = (shop.browser(&name).await, [fresh("key"), fresh("key"), fresh("key")]);
    let asked = |channels: Value| json!({"program": program["id"], "channels": channels, "placement": word});
    let code = browser.post("/v1/me/code", json!({"program": program["id"]})).key(&keys[0]).await.created();
    assert!(text(&code["code"]).to_ascii_lowercase().contains(&word) && code["id"].is_null(), "{code}");
    browser.post("/v1/me/shares", asked(json!(["sms", "copy"]))).key(&keys[1]).await.created();
    let share = json!({"program": program["id"], "customer": name, "channels": ["whatsapp"], "placement": word});
    let share = shop.post("/v1/shares", share).key(&keys[2]).await.created()["data"][0].clone();
    // Counted, but not by what the page has sent.
    let friends = order("of a friend", json!("ben"), json!({"token": share["token"]}));
    shop.put("/v1/customers/ben", json!({})).await.created();
    shop.post("/v1/conversions", friends).await.created();
    let counted = shop.get("/v1/reports/placements").await.ok();
    let rows = elements(&counted["data"]);
    assert!(rows.iter().any(|row| row["placement"] == "(other)" && row["orders"] == 1), "{counted}");
    let database = &shop.server().app.target;
    assert!(places_of(database, &word).contains(&"stored_answers.body".to_owned()));
    erase(&shop, &path("/v1/customers", &made["id"])).await;
    assert_eq!(places_of(database, &word), Vec::<String>::new());
}

async fn what_others_have_stays_theirs(shop: TestShop) {
    let story = Story::tell(&shop).await;
    let (ben, anna) = (shop.get("/v1/customers/ben").await.ok(), shop.get("/v1/customers/anna").await.ok());
    erase(&shop, &story.path()).await;
    assert_eq!(shop.get("/v1/customers/ben").await.ok(), ben);
    assert_eq!(shop.get("/v1/customers/anna").await.ok(), anna);
    let friends = shop.get(&path("/v1/conversions", &story.friends_order["id"])).await.ok();
    assert_eq!((&friends["customer"], &friends["attribution"]["advocate"]), (&json!("ben"), &Value::Null));
    assert_eq!(friends["attribution"]["advocate_id"], json!(story.id));
    let statuses = |order: &Value| {
        elements(&order["rewards"])
            .iter()
            .map(|reward| (text(&reward["to"]), text(&reward["status"])))
            .collect::<Vec<_>>()
    };
    let pair = |to: &str, status: &str| (to.to_owned(), status.to_owned());
    assert_eq!(statuses(&friends), [pair("advocate", "voided"), pair("friend", "pending")]);
    let own = shop.get(&path("/v1/conversions", &story.own_order["id"])).await.ok();
    assert_eq!(statuses(&own), [pair("advocate", "voided"), pair("friend", "voided")]);
    assert_eq!((&own["customer"], &own["attribution"]["advocate"]), (&Value::Null, &json!("anna")));
    // The code is good for whoever has it.
    let cart = json!({"codes": [story.voucher["code"]], "order_id": "X-1", "amount": 2000, "currency": "EUR"});
    assert_eq!(shop.post("/v1/redemptions", cart).await.created()["payment"], 1500);
    shop.advance(31).await;
    let friends = shop.get(&path("/v1/conversions", &story.friends_order["id"])).await.ok();
    assert_eq!(statuses(&friends), [pair("advocate", "voided"), pair("friend", "issued")]);
    shop.books_balance().await;
}

async fn a_sign_ups_stored_answer_forgets_who_recommended(shop: TestShop) {
    let program = shop.program(json!({})).await;
    shop.customer("ann-secret").await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    let code = shop.post(&codes, json!({"customer": "ann-secret"})).await.created()["code"].clone();
    let sign_up =
        || shop.put("/v1/customers/ben", json!({"first_name": "Ben", "evidence": {"code": code}})).key("sign-up");
    let first = sign_up().await;
    assert_eq!(first.created()["referral"]["advocate"], "ann-secret");
    erase(&shop, "/v1/customers/ann-secret").await;
    let again = sign_up().await;
    assert!(!again.text().contains("ann-secret"), "the stored answer names who was forgotten: {again:?}");
}

async fn the_erased_id_is_refused_and_the_person_may_come_back(shop: TestShop) {
    let story = Story::tell(&shop).await;
    let code = elements(&shop.get(&format!("{}/export", story.path())).await.ok()["codes"])[0].clone();
    let token = shop.post(&format!("{}/tokens", story.path()), json!({})).await.ok();
    let browser = Actor::bearer(shop.base(), &text(&token["access_token"]));
    browser.get("/v1/me").await.ok();
    let job = erase(&shop, &story.path()).await;
    assert_eq!(shop.delete(&story.path()).await.accepted()["id"], job["id"]);
    browser.get("/v1/me").await.refused(401, "unauthenticated");
    for path in [story.path(), format!("{}/export", story.path())] {
        shop.get(&path).await.refused(410, "erased");
    }
    shop.post(&format!("{}/tokens", story.path()), json!({})).await.refused(410, "erased");
    shop.post("/v1/conversions", order("N-1", json!(story.id), json!({}))).await.refused(410, "erased");
    let told = json!({"order_id": "N-1", "customer": story.id, "customer_details": {"email": story.email()},
                      "amount": 500, "currency": "EUR"});
    shop.post("/v1/conversions", told).await.refused(410, "erased");
    let grant = json!({"customer": story.id, "reward": {"kind": "gift_card", "amount": 100}, "reason": "late parcel"});
    shop.post("/v1/grants", grant).await.refused(410, "erased");
    let merge = json!({"from": story.id, "reason": "the same"});
    shop.post("/v1/customers/ben/merge", merge).await.refused(410, "erased");
    // The answer of this key showed him; whatever it is sent with now, it does nothing.
    shop.post("/v1/conversions", story.order.clone()).key(&story.key).await.refused(410, "erased");
    let named = format!("/v1/customers/kunde-{}", story.word);
    shop.get(&named).await.refused(404, "not_found");
    shop.delete(&named).await.refused(404, "not_found");
    shop.get(&path("/v1/codes", &code["code"])).await.refused(404, "not_found");
    let evidence = json!({"code": code["code"]});
    let later = shop.post("/v1/conversions", order("N-2", known(&shop, "fred").await, evidence)).await.created();
    assert_eq!(later["attribution"]["method"], "none", "{later}");
    let again = shop.put(&named, json!({"email": story.email(), "name": "Erika"})).await.created();
    assert_ne!(again["id"], json!(story.id));
    let order = shop.post("/v1/conversions", order("N-3", again["id"].clone(), json!({}))).await.created();
    assert_eq!(order["customer"], json!(format!("kunde-{}", story.word)));
    shop.books_balance().await;
}

async fn an_export_holds_all_and_names_nobody_else(shop: TestShop) {
    let story = Story::tell(&shop).await;
    let answer = shop.get(&format!("{}/export", story.path())).await;
    let export = answer.ok();
    assert_eq!(export["customer"]["email"], json!(story.email()));
    let many = |list: &str| elements(&export[list]).len();
    for (list, count) in [
        ("merged", 2),
        ("identities", 2),
        ("codes", 1),
        ("shares", 2),
        ("referrals_as_friend", 1),
        ("referrals_as_advocate", 2),
        ("conversions", 2),
        ("conversions_as_advocate", 1),
        ("refunds", 1),
        ("grants", 4),
        ("vouchers", 3),
        ("redemptions", 1),
        ("holds", 1),
    ] {
        assert_eq!(many(list), count, "{list}: {}", export[list]);
    }
    assert!(many("rewards") >= 5 && many("messages") >= 3 && many("entries") >= 1, "{export}");
    assert_eq!(export["balance"]["balance"], 400, "300 are set aside");
    let codes: Vec<Value> = elements(&export["vouchers"]).iter().map(|voucher| voucher["code"].clone()).collect();
    assert!(codes.contains(&story.voucher["code"]), "{codes:?}");
    let ids = [shop.get("/v1/customers/anna").await.ok(), shop.get("/v1/customers/ben").await.ok()];
    let theirs = ids.iter().map(|customer| text(&customer["id"]));
    for foreign in ["anna", "ben", "carl", "dora", "ella"].map(|name| format!("\"{name}")).into_iter().chain(theirs) {
        assert!(!answer.text().contains(&foreign), "{foreign} is in {}", answer.text());
    }
    let audit = shop.list("/v1/audit_log?action=export_customer").await;
    assert_eq!(audit[0]["subject"]["id"], json!(story.id));
    // Guests have no id of the shop's.
    let number = digits(&fresh_word());
    let phone = format!("+49 30 {number}");
    let guest = json!({"order_id": "G-9", "customer_details": {"phone": phone}, "amount": 500, "currency": "EUR"});
    let guest = shop.post("/v1/conversions", guest).await.created();
    let export = shop.get(&format!("{}/export", path("/v1/customers", &guest["customer_id"]))).await.ok();
    assert_eq!((elements(&export["conversions"]).len(), &export["customer"]["phone"]), (1, &json!(phone)));
    erase(&shop, &path("/v1/customers", &guest["customer_id"])).await;
    assert_eq!(places_of(&shop.server().app.target, &number), Vec::<String>::new());
}

/// Friends who came by his code or his link have it in what they ordered and redeemed; staff who gave
/// them something signed for it.
async fn an_export_of_a_friend_names_no_advocate_and_no_operator(shop: TestShop) {
    let story = Story::tell(&shop).await;
    let manager = shop.operator("manager").await;
    let grant = grant(&manager, &json!("dora"), json!({"kind": "gift_card", "amount": 500}), "dora").await;
    assert_eq!(grant["by"]["name"], "manager");
    let void = format!("{}/void", path("/v1/rewards", &grant["reward_id"]));
    manager.post(&void, json!({"reason": "too much"})).await.ok();
    for friend in ["ben", "carl", "dora", "ella"] {
        let export = shop.get(&format!("/v1/customers/{friend}/export")).await;
        let text = export.text().to_ascii_lowercase();
        for foreign in [&story.word, &story.id, "manager", "opr_"] {
            assert!(!text.contains(foreign), "{foreign} is in the export of {friend}");
        }
    }
    let dora = shop.get("/v1/customers/dora/export").await.ok();
    let lines = elements(&elements(&dora["redemptions"])[0]["lines"]).clone();
    assert_eq!((&lines[0]["source"], &lines[0]["discount"]), (&json!("program"), &json!(300)), "{lines:?}");
    assert_eq!(elements(&dora["grants"])[0]["by"], json!({"type": "operator", "id": null, "name": "operator"}));
    assert_eq!(elements(&shop.get("/v1/customers/ella/export").await.ok()["holds"]).len(), 1);
}

async fn an_address_of_two_customers_stays_the_others(shop: TestShop) {
    let email = format!("{}@mail.example", fresh_word());
    let vouched = json!({"email": email, "email_verified": true});
    let one = shop.put("/v1/customers/one", vouched.clone()).await.created();
    let two = shop.put("/v1/customers/two", vouched).await.created();
    erase(&shop, &path("/v1/customers", &two["id"])).await;
    let told = json!({"order_id": "1", "customer_details": {"email": email}, "amount": 500, "currency": "EUR"});
    let order = shop.post("/v1/conversions", told).await.created();
    assert_eq!(order["customer_id"], one["id"]);
    erase(&shop, "/v1/customers/one").await;
    let told = json!({"order_id": "2", "customer_details": {"email": email}, "amount": 500, "currency": "EUR"});
    let order = shop.post("/v1/conversions", told).await.created();
    assert!(![&one["id"], &two["id"]].contains(&&order["customer_id"]), "{order}");
}

async fn only_managers_export_and_erase(shop: TestShop) {
    shop.customer("anna").await;
    let support = shop.operator("support").await;
    support.get("/v1/customers/anna/export").await.refused(403, "forbidden");
    support.delete("/v1/customers/anna").await.refused(403, "forbidden");
    let reader = shop.key(&["customers:read"]).await;
    reader.get("/v1/customers/anna/export").await.ok();
    reader.delete("/v1/customers/anna").await.refused(403, "forbidden");
    let manager = shop.operator("manager").await;
    manager.get("/v1/customers/anna/export").await.ok();
    let job = manager.delete("/v1/customers/anna").await.accepted();
    manager.get(&path("/v1/jobs", &job["id"])).await.ok();
    manager.delete("/v1/customers/nobody").await.refused(404, "not_found");
}

/// What an answer leads to can be read by whoever got it, and nothing else by that.
async fn who_may_erase_may_see_how_far_it_is(shop: TestShop) {
    shop.customer("anna").await;
    let eraser = shop.key(&["customers:write"]).await;
    let job = eraser.delete("/v1/customers/anna").await;
    let place = job.header("location").expect("a place").to_owned();
    assert_eq!(ended(&eraser, &place).await["status"], "finished");
    assert_eq!(shop.key(&["imports:read"]).await.get(&place).await.ok()["kind"], "erasure");
    let import = shop.imported("customers", "external_id\nben\n").await;
    eraser.get(&path("/v1/jobs", &import["id"])).await.refused(403, "forbidden");
    eraser.get(&format!("{place}/errors")).await.refused(403, "forbidden");
    eraser.get("/v1/jobs").await.refused(403, "forbidden");
    shop.key(&["customers:read"]).await.get(&place).await.refused(403, "forbidden");
    shop.operator("support").await.get(&place).await.refused(403, "forbidden");
}

async fn credit_lapses_and_what_waits_is_voided(shop: TestShop) {
    let anna = shop.customer("anna").await;
    grant(&shop, &json!("anna"), json!({"kind": "store_credit", "amount": 700}), "anna").await;
    let etag = shop.get("/v1/shop").await.etag();
    shop.patch("/v1/shop", json!({"grant_approval_above": 1000})).if_match(&etag).await.ok();
    let large = grant(&shop, &json!("anna"), json!({"kind": "store_credit", "amount": 5000}), "anna").await;
    assert_eq!(large["status"], "pending_approval");
    erase(&shop, "/v1/customers/anna").await;
    let id = path("/v1/customers", &anna["id"]);
    assert_eq!(shop.get(&format!("{id}/balance")).await.ok()["balance"], 0);
    let entries = shop.list(&format!("{id}/entries")).await;
    assert_eq!((&entries[0]["kind"], &entries[0]["amount"]), (&json!("expired"), &json!(700)));
    assert_eq!(shop.get(&path("/v1/grants", &large["id"])).await.ok()["status"], "rejected");
    shop.books_balance().await;
}

async fn credit_that_comes_back_to_the_erased_lapses(shop: TestShop) {
    let anna = shop.customer("anna").await;
    grant(&shop, &json!("anna"), json!({"kind": "store_credit", "amount": 700}), "anna").await;
    let cart = json!({"store_credit": 300, "customer": "anna", "order_id": "O-9", "amount": 8000, "currency": "EUR"});
    shop.post("/v1/redemptions", cart).await.created();
    shop.post("/v1/conversions", order("O-9", json!("anna"), json!({}))).await.created();
    erase(&shop, "/v1/customers/anna").await;
    shop.post("/v1/conversions/O-9/cancelled", json!({})).await.ok();
    let id = path("/v1/customers", &anna["id"]);
    assert_eq!(shop.get(&format!("{id}/balance")).await.ok()["balance"], 0);
    let mut lapsed: Vec<_> = shop.list(&format!("{id}/entries")).await;
    lapsed.retain(|entry| entry["kind"] == "expired");
    let amounts: Vec<_> = lapsed.iter().map(|entry| entry["amount"].clone()).collect();
    assert_eq!(amounts, [json!(300), json!(400)], "newest first");
    shop.books_balance().await;
}

/// Of Anna's 10.00 she spent 3.00 before she was erased; then half of the friend's order comes back, then all.
async fn an_order_that_comes_back_takes_what_lapsed_of_its_reward(shop: TestShop) {
    let credit = json!([{"to": "advocate", "on": "conversion", "kind": "store_credit", "of_order_bps": 1000}]);
    let program = shop.program(json!({"rewards": credit, "pending_days": 0, "budget": {"amount": 1000}})).await;
    let share = shop.share(&program, "anna").await;
    shop.customer("ben").await;
    let mut made = order("B-1", json!("ben"), json!({"token": share["token"]}));
    made["amount"] = json!(10_000);
    shop.post("/v1/conversions", made).await.created();
    let cart = json!({"store_credit": 300, "customer": "anna", "order_id": "O-9", "amount": 8000, "currency": "EUR"});
    let spent = shop.post("/v1/redemptions", cart).await.created();
    erase(&shop, "/v1/customers/anna").await;
    // What comes back; outcome, status, what it costs, what of it is forgiven; what of the budget is used.
    let table = [(json!(5000), ("reduced", "issued", 500, 0)), (Value::Null, ("forgiven", "spent", 300, 300))];
    for (amount, (outcome, status, cost, forgiven)) in table {
        let refund = json!({"refund_id": outcome, "kind": "refund", "amount": amount});
        let told = shop.post("/v1/conversions/B-1/refunds", refund).await.created()["refund"]["rewards"][0].clone();
        let told = [&told["outcome"], &told["status"], &told["after"], &told["forgiven"]].map(Clone::clone);
        assert_eq!(told, [json!(outcome), json!(status), json!(cost), json!(forgiven)]);
        let program = shop.get(&path("/v1/programs", &program["id"])).await.ok();
        assert_eq!(program["budget"]["used"], cost);
        shop.books_balance().await;
    }
    let reversals = format!("{}/reversals", path("/v1/redemptions", &spent["id"]));
    shop.post(&reversals, json!({"reversal_id": "V-1", "reason": "sent back too"})).await.created();
    let program = shop.get(&path("/v1/programs", &program["id"])).await.ok();
    assert_eq!(program["budget"]["used"], 0);
    shop.books_balance().await;
}

/// Orders of one person, more than a page of them, and a line of an import that could not be.
async fn a_long_history_is_erased_page_by_page(shop: TestShop) {
    let word = fresh_word();
    let customer = format!("kunde-{word}");
    shop.put(&format!("/v1/customers/{customer}"), json!({"name": format!("Erika {word}")})).await.created();
    let mut lines = String::new();
    for number in 0..230 {
        lines += &json!({"order_id": number.to_string(), "customer": customer, "amount": 500, "currency": "EUR"})
            .to_string();
        lines.push('\n');
    }
    lines +=
        &json!({"order_id": "last", "customer": customer, "amount": -1, "currency": "EUR", "email": word}).to_string();
    let import =
        shop.post("/v1/imports?kind=orders", json!({})).raw(lines).header("content-type", "application/x-ndjson");
    import.await.accepted();
    shop.server().settle_jobs().await;
    for number in 230..240 {
        let order = order(&number.to_string(), json!(customer), json!({}));
        shop.post("/v1/conversions", order).await.created();
    }
    let database = &shop.server().app.target;
    assert!(places_of(database, &word).contains(&"conversions.customer_ref".to_owned()));
    let job = erase(&shop, &format!("/v1/customers/{customer}")).await;
    assert_eq!(places_of(database, &word), Vec::<String>::new());
    assert_eq!(job["done"], job["total"]);
    shop.books_balance().await;
}

#[test]
fn survives_death_sqlite() {
    survives_death(Backend::Sqlite);
}

#[test]
fn survives_death_postgres() {
    survives_death(Backend::Postgres);
}

/// A server that dies in the middle of an erasure, while somebody waits for it and while it is asked for
/// again; then it is left to itself. In the end nothing is left of the person.
fn survives_death(backend: Backend) {
    const ORDERS: usize = 4_000;
    let database = database::fresh_database(backend);
    let target = Target::parse(&database).expect("a database");
    let mut server = Process::start(&database, &[]);
    let mut connection = target.connect(Use::Tool).expect("a connection");
    block_on(async {
        let mut shop = TestShop::through(&database, std::slice::from_ref(&server)).await;
        let story = Story::tell(&shop).await;
        let past = shop.import("orders", &past(&story.word, ORDERS)).await.accepted();
        let past = ended(&shop, &path("/v1/jobs", &past["id"])).await;
        assert_eq!((past["done"].as_u64(), past["refused"].as_u64()), (Some(ORDERS as u64 + 1), Some(1)), "{past}");
        let (job, key) = (format!("/v1/jobs/job_{}", &story.id["cus_".len()..]), fresh("key"));
        for _ in 0..2 {
            let erasing = shop.delete(&story.path()).key(&key).attempt();
            // As soon as it goes on, so that nearly all is still to be done.
            let before = named(&mut connection);
            let dying = async {
                while named(&mut connection) == before && before > 0 {
                    tokio::task::yield_now().await;
                }
                server.kill();
            };
            // An erasure that takes longer than somebody waits for it is answered before its end.
            let (_answer, ()) = tokio::join!(erasing, dying);
            assert!((1..before).contains(&named(&mut connection)), "it did not die in the middle");
            server = Process::start(&database, &[]);
            shop = shop.moved_to(std::slice::from_ref(&server));
        }
        let done = ended(&shop, &job).await;
        assert_eq!((&done["status"], &done["done"]), (&json!("finished"), &done["total"]), "{done}");
        for word in [story.word.clone(), digits(&story.word)] {
            assert_eq!(places_of(&target, &word), Vec::<String>::new());
        }
        assert_eq!(shop.delete(&story.path()).key(&key).await.accepted()["id"], done["id"]);
        shop.books_balance().await;
        let log = server.log().to_ascii_lowercase();
        assert!(!log.contains(&story.word), "{log}");
    });
    let verified = process::run(&database, &["verify"]);
    assert_eq!((&verified["ok"], &verified["problems"]), (&json!(true), &json!([])), "{verified}");
}

/// So many orders of one customer, and a line that is refused and names him.
fn past(word: &str, orders: usize) -> String {
    let old = "2016-05-04T10:00:00Z";
    let lines: String = (0..orders).map(|number| format!("past-{number},{old},500,kunde-{word},\n")).collect();
    format!("order_id,occurred_at,amount,customer,email\n{lines}bad,{old},-1,kunde-{word},{word}\n")
}

/// The job once it has ended.
async fn ended(asker: &Actor, job: &str) -> Value {
    loop {
        let now = asker.get(job).await.ok();
        if now["finished_at"].is_string() {
            return now;
        }
    }
}

/// How many orders tell the shop's id of him who ordered.
fn named(connection: &mut Connection) -> i64 {
    let count =
        Statement::new("SELECT COUNT(*) FROM conversions WHERE order_id LIKE 'past-%' AND customer_ref IS NOT NULL");
    connection.number(&count).expect("a count").unwrap_or_default()
}

/// The file and its log, not only what the tables show.
#[test]
fn the_database_file_holds_nothing_of_the_erased() {
    let database = database::fresh_database(Backend::Sqlite);
    let file = database.strip_prefix("sqlite:").expect("a file").to_owned();
    let holds = |word: &str| {
        let files = [file.clone(), format!("{file}-wal")];
        let bytes = files.iter().flat_map(|file| std::fs::read(file).unwrap_or_default()).collect::<Vec<u8>>();
        bytes.to_ascii_lowercase().windows(word.len()).filter(|window| *window == word.as_bytes()).count()
    };
    block_on(async {
        let server = own(&database, &[]).await;
        let shop = TestShop::in_server(&server).await;
        let story = Story::tell(&shop).await;
        assert!(holds(&story.word) > 0);
        erase(&shop, &story.path()).await;
        server.stop().await;
        assert_eq!(holds(&story.word), 0);
    });
}

/// At its most talkative the log names nobody.
#[test]
fn the_log_never_held_who_he_is() {
    let database = database::fresh_database(Backend::Sqlite);
    let servers = [Process::start(&database, &[("GRAPEVINE_LOG", "trace")])];
    block_on(async {
        let shop = TestShop::through(&database, &servers).await;
        let story = Story::tell(&shop).await;
        erase(&shop, &story.path()).await;
        let log = servers[0].log();
        assert!(log.contains("TRACE"), "it does not talk: {log}");
        for word in [story.word.clone(), digits(&story.word), text(&story.voucher["code"])] {
            let line = log.lines().find(|line| line.to_ascii_lowercase().contains(&word.to_ascii_lowercase()));
            assert_eq!(line, None);
        }
    });
}
