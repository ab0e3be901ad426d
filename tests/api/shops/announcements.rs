//! Announcements: whom they reach, who has a say, and that nobody is told twice.

use grapevine::decide::mail::bounce;
use grapevine::demo::eml::Part;
use grapevine::demo::receiver::Manner;

use super::bounces::report;
use super::messages::{allow, arrived};
use crate::support::*;

on_both!(
    a_recall_reaches_whoever_bought_it,
    imported_orders_are_found_by_their_items,
    nothing_is_sent_before_another_has_approved_it,
    what_a_key_wrote_two_operators_approve,
    what_people_must_be_told_sells_nothing,
    what_cannot_be_is_refused,
    an_announcement_to_nobody_is_not_approved,
    advertising_reaches_who_consented_and_can_be_stopped,
    it_is_paused_and_goes_on_and_is_stopped,
    it_waits_for_its_time,
    programs_rest_and_their_links_say_why,
    each_address_is_told_once,
    a_segment_and_a_program_have_their_customers,
    who_gets_an_address_later_is_told_of_a_recall,
    what_comes_back_is_in_the_proof,
    another_shops_announcements_are_not_there,
);

/// People with addresses that nobody else has, to whom the shop writes: by their ids.
async fn people(shop: &TestShop, ids: &[&str]) -> Vec<String> {
    let addresses: Vec<String> =
        ids.iter().map(|id| format!("{}@mail.example", fresh(id)).to_ascii_lowercase()).collect();
    allow(shop, &addresses.iter().map(String::as_str).collect::<Vec<_>>()).await;
    for (id, address) in ids.iter().zip(&addresses) {
        shop.put(&format!("/v1/customers/{id}"), json!({"email": address, "name": id, "locale": "de"})).await.created();
    }
    addresses
}

fn words(text: &str) -> Value {
    json!({"de": {"subject": "Wichtig", "text": text}})
}

fn service(audience: Value) -> Value {
    json!({"kind": "service", "audience": audience, "content": words("Wir sind umgezogen.")})
}

fn place(announcement: &Value, verb: &str) -> String {
    format!("{}/{verb}", path("/v1/announcements", &announcement["id"]))
}

/// Counts whom it would reach, however long it takes.
async fn rehearsed(actor: &Actor, announcement: &Value) -> Value {
    loop {
        let answer = actor.post(&place(announcement, "rehearse"), json!({})).await;
        if answer.status() != 202 {
            return answer.ok();
        }
    }
}

/// Writes it as one operator and approves it as another.
async fn approved(shop: &TestShop, body: Value) -> Value {
    let (anton, berta) = (shop.operator("manager").await, shop.operator("manager").await);
    let written = anton.post("/v1/announcements", body).await.created();
    rehearsed(&anton, &written).await;
    let approved = berta.post(&place(&written, "approve"), json!({"revision": 1})).await.ok();
    assert_eq!(approved["status"], "approved", "{approved}");
    approved
}

/// Has it sent, and waits until its mails are made and have left.
async fn sent(shop: &TestShop, body: Value) -> Value {
    let approved = approved(shop, body).await;
    shop.post(&place(&approved, "send"), json!({})).await.ok();
    settled(shop, &approved).await
}

async fn settled(shop: &TestShop, announcement: &Value) -> Value {
    shop.server().settle_announcements().await;
    shop.server().settle_mails().await;
    shop.get(&path("/v1/announcements", &announcement["id"])).await.ok()
}

/// The lines of its proof: the customer and what became of their mail, in the order of the customers.
async fn proof(shop: &TestShop, announcement: &Value) -> Vec<(String, String)> {
    let file = shop.get(&place(announcement, "proof.csv")).await;
    assert_eq!(file.status(), 200);
    let mut lines = file.text().lines();
    let head = lines.next().expect("a head");
    assert_eq!(head, "customer,customer_id,email,locale,outcome,at,reason,tries,message,message_id");
    let cells = lines.map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let mut found: Vec<_> = cells.map(|cells| (cells[0].clone(), cells[4].clone())).collect();
    found.sort();
    found
}

fn lines(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(customer, outcome)| ((*customer).to_owned(), (*outcome).to_owned())).collect()
}

/// An order of one product, placed on a day of May.
fn order(id: &str, who: Value, sku: &str, day: u32) -> Value {
    let mut order = json!({"order_id": id, "amount": 1000, "currency": "EUR", "paid": true,
        "occurred_at": format!("2026-05-{day:02}T10:00:00Z"), "items": [{"id": "1", "sku": sku, "amount": 1000}]});
    for (name, value) in who.as_object().into_iter().flatten() {
        order[name] = value.clone();
    }
    order
}

fn recall() -> Value {
    json!({"kind": "recall", "per_hour": 100_000, "content": words("Der Henkel kann abbrechen.\n\nMehr: https://example.org/rueckruf"),
           "audience": {"bought": {"skus": ["Mug-7 "], "from": "2026-05-01T00:00:00Z", "to": "2026-05-21T00:00:00Z"}}})
}

async fn a_recall_reaches_whoever_bought_it(shop: TestShop) {
    let mut addresses = people(&shop, &["anna", "ben", "cleo", "dora"]).await;
    addresses.push(format!("{}@mail.example", fresh("guest")).to_ascii_lowercase());
    allow(&shop, &addresses.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let etag = shop.get("/v1/shop").await.etag();
    shop.patch("/v1/shop", json!({"home_url": "https://shop.example/home"})).if_match(&etag).await.ok();
    let no = json!({"consents": [{"kind": "marketing_mail", "given": false, "source": "account"}]});
    shop.put("/v1/customers/cleo", no).await.ok();
    let guest = json!({"customer_details": {"email": addresses[4], "locale": "de"}});
    let orders = [
        order("A-1", json!({"customer": "anna"}), "mug-7", 1),
        order("A-2", json!({"customer": "anna"}), "MUG-7", 2),
        order("A-3", json!({"customer": "ben"}), "mug-8", 2),
        order("A-4", json!({"customer": "cleo"}), "mug-7", 20),
        order("A-5", json!({"customer": "dora"}), "mug-7", 21),
        order("A-6", guest, "mug-7", 3),
        order("A-7", json!({"customer": "emil"}), "mug-7", 4),
        order("A-8", json!({}), "mug-7", 5),
        order("A-9", json!({"customer": "dora", "items": []}), "mug-7", 5),
        order("A-10", json!({"customer": "dora", "paid": false}), "mug-7", 6),
    ];
    for order in orders {
        shop.post("/v1/conversions", order).await.created();
    }
    shop.post("/v1/conversions/A-10/cancelled", json!({})).await.ok();
    shop.post("/v1/conversions/A-4/refunds", json!({"refund_id": "R-1", "kind": "withdrawal"})).await.created();
    let approved = approved(&shop, recall()).await;
    let counted = &approved["rehearsal"];
    let figures = ["people", "told", "no_address", "no_consent", "orders_without_customer", "orders_without_items"];
    assert_eq!(figures.map(|name| counted[name].clone()), [4, 3, 1, 0, 1, 1].map(|count| json!(count)), "{counted}");
    assert_eq!(counted["skus"], json!([{"name": "Mug-7 ", "count": 6}]));
    assert_eq!(counted["consent"], json!({"given": 0, "withdrawn": 1, "never": 3}));
    assert_eq!(
        (&counted["domains"][0]["name"], &counted["locales"]),
        (&json!("mail.example"), &json!([{"name": "de", "count": 3}]))
    );
    assert_eq!(counted["minutes"], 1);
    assert!(shop.list("/v1/messages?kind=announcement").await.is_empty(), "a rehearsal makes nothing");
    let begun = shop.post(&place(&approved, "send"), json!({})).await.ok();
    assert_eq!(begun["status"], "sending");
    assert_eq!(shop.post(&place(&approved, "send"), json!({})).await.ok()["id"], approved["id"]);
    let over = settled(&shop, &approved).await;
    assert_eq!(
        (&over["status"], &over["reached"]),
        (&json!("sent"), &json!({"told": 3, "no_address": 1, "suppressed": 0}))
    );
    assert_eq!(
        over["outcomes"],
        json!({"waiting": 0, "sent": 3, "failed": 0, "uncertain": 0, "no_address": 1, "suppressed": 0})
    );
    let told = [("", "told"), ("anna", "told"), ("cleo", "told"), ("emil", "no_address")];
    assert_eq!(proof(&shop, &approved).await, lines(&told));
    for address in [&addresses[0], &addresses[2], &addresses[4]] {
        let mails = arrived(address, 1).await;
        let mail = Part::read(&mails[0].data);
        assert_eq!((mails.len(), mail.header("subject")), (1, Some("Wichtig")));
        assert_eq!(mail.header("list-unsubscribe"), None);
        for kind in ["text/plain", "text/html"] {
            let text = mail.find(kind).expect("a part").text();
            assert!(text.contains("Produktsicherheitsrückruf") && text.contains("Der Henkel"), "{text}");
            assert!(!text.contains("shop.example/home"), "{text}");
        }
        assert!(mail.find("text/html").expect("HTML").text().contains("<a href=\"https:&#x2f;&#x2f;example.org"));
    }
    let events = shop.list("/v1/events?type=announcement.finished").await;
    assert_eq!((events.len(), &events[0]["data"]["id"]), (1, &approved["id"]));
}

async fn imported_orders_are_found_by_their_items(shop: TestShop) {
    let item = |fields: Value| {
        let order = json!({"order_id": fresh("P"), "occurred_at": "2026-05-04T10:00:00Z", "amount": 990,
                           "email": "dora@mail.example", "items": [fields]});
        order.to_string()
    };
    let lines = [
        item(json!({"id": "1", "sku": "MUG-7", "amount": 990})),
        item(json!({"id": "1", "sku": "mug-8", "amount": 990})),
        item(json!({"id": "1", "sku": "mug-7", "quantity": 0, "amount": 990})),
    ];
    let job = shop.imported("orders", &lines.join("\n")).await;
    assert_eq!((&job["done"], &job["refused"]), (&json!(3), &json!(1)), "{job}");
    let file = "order_id,occurred_at,amount,items\nP-9,2026-05-04T10:00:00Z,990,\"[{\"\"id\"\":\"\"1\"\",\"\"sku\"\":\"\"mug-7\"\",\"\"amount\"\":990}]\"\n";
    assert_eq!(shop.imported("orders", file).await["refused"], 0);
    let order = shop.get("/v1/conversions/P-9").await.ok();
    assert_eq!(order["items"][0]["sku"], "mug-7");
    let written = shop.post("/v1/announcements", recall()).await.created();
    let counted = rehearsed(&shop, &written).await;
    assert_eq!(counted["rehearsal"]["skus"][0]["count"], 2);
    assert_eq!(
        (&counted["rehearsal"]["people"], &counted["rehearsal"]["orders_without_customer"]),
        (&json!(1), &json!(1))
    );
}

async fn nothing_is_sent_before_another_has_approved_it(shop: TestShop) {
    people(&shop, &["anna"]).await;
    let (anton, berta) = (shop.operator("manager").await, shop.operator("manager").await);
    let support = shop.operator("support").await;
    support.post("/v1/announcements", service(json!({"all": true}))).await.refused(403, "forbidden");
    let body = service(json!({"all": true}));
    anton
        .post("/v1/announcements", body.clone())
        .without("idempotency-key")
        .await
        .refused(400, "idempotency_key_required");
    let written = anton.post("/v1/announcements", body).await.created();
    assert_eq!(
        (&written["status"], &written["revision"], &written["per_hour"]),
        (&json!("draft"), &json!(1), &json!(10_000))
    );
    let [send, approve] = ["send", "approve"].map(|verb| place(&written, verb));
    berta.post(&send, json!({})).await.refused(409, "approval_required");
    berta.post(&approve, json!({})).await.refused(409, "rehearsal_required");
    rehearsed(&anton, &written).await;
    anton.post(&approve, json!({})).await.refused(409, "four_eyes_required");
    shop.post(&approve, json!({})).await.refused(409, "four_eyes_required");
    berta.post(&approve, json!({"revision": 2})).await.refused(409, "illegal_transition");
    let seen = berta.post(&approve, json!({"revision": 1, "reason": "agreed"})).await.ok();
    assert_eq!((&seen["status"], &seen["approvals"][0]["by"]["name"]), (&json!("approved"), &json!("manager")));
    // Another text is another announcement, and another rate is not.
    let whole = path("/v1/announcements", &written["id"]);
    anton.patch(&whole, json!({"per_hour": 10})).await.refused(428, "precondition_required");
    let slower = anton.patch(&whole, json!({"per_hour": 10})).if_match("\"1\"").await;
    assert_eq!((&slower.ok()["status"], slower.etag()), (&json!("approved"), "\"2\"".to_owned()));
    anton.patch(&whole, json!({"content": words("Anders.")})).if_match("\"1\"").await.refused(412, "stale");
    let anew = anton.patch(&whole, json!({"content": words("Anders.")})).if_match("\"2\"").await.ok();
    assert_eq!((&anew["status"], &anew["rehearsal"], &anew["approvals"]), (&json!("draft"), &Value::Null, &json!([])));
    berta.post(&send, json!({})).await.refused(409, "approval_required");
    // Whoever wrote it last is its writer, so the other one may approve it.
    let anew = berta.patch(&whole, json!({"content": words("Noch anders.")})).if_match("\"3\"").await.ok();
    rehearsed(&berta, &anew).await;
    berta.post(&approve, json!({})).await.refused(409, "four_eyes_required");
    anton.post(&approve, json!({})).await.ok();
    support.post(&send, json!({})).await.refused(403, "forbidden");
    shop.post(&send, json!({})).await.ok();
    let over = settled(&shop, &written).await;
    assert_eq!((&over["status"], &over["outcomes"]["sent"]), (&json!("sent"), &json!(1)));
    anton.patch(&whole, json!({"per_hour": 20})).if_match("*").await.refused(409, "illegal_transition");
    berta.post(&place(&written, "pause"), json!({})).await.refused(409, "illegal_transition");
    berta.post(&place(&written, "stop"), json!({})).await.refused(409, "illegal_transition");
}

async fn what_a_key_wrote_two_operators_approve(shop: TestShop) {
    people(&shop, &["anna"]).await;
    let (anton, berta) = (shop.operator("manager").await, shop.operator("manager").await);
    let written = shop.post("/v1/announcements", service(json!({"all": true}))).await.created();
    rehearsed(&shop, &written).await;
    let approve = place(&written, "approve");
    assert_eq!(anton.post(&approve, json!({})).await.ok()["status"], "draft");
    anton.post(&approve, json!({})).await.refused(409, "four_eyes_required");
    shop.post(&place(&written, "send"), json!({})).await.refused(409, "approval_required");
    let both = berta.post(&approve, json!({})).await.ok();
    assert_eq!((&both["status"], elements(&both["approvals"]).len()), (&json!("approved"), 2));
    assert_eq!(anton.post(&approve, json!({})).await.ok()["status"], "approved", "once");
}

async fn what_people_must_be_told_sells_nothing(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "anna").await;
    let voucher = shop.post("/v1/vouchers", json!({"kind": "gift_card", "amount": 500})).await.created();
    for code in ["SOMMER", "TROST-FUER-ALLE"] {
        let vanity = json!({"kind": "percent_off", "rate_bps": 1000, "code": code, "max_redemptions": 1});
        shop.post("/v1/vouchers", vanity).await.created();
    }
    let selling = [
        text(&share["url"]),
        "Mehr unter https://shop.example/?utm_source=mail.".to_owned(),
        "(https://example.org/x?a=1&FBCLID=2)".to_owned(),
        "https://shop.example/?gv=abc".to_owned(),
        format!("Ihr Trost: {}!", text(&voucher["code"])),
        format!("Ihr Trost: {}", text(&voucher["code"]).to_lowercase()),
        "Mit SOMMER sparen".to_owned(),
        "Mit trost-fuer-alle sparen".to_owned(),
    ];
    let plain = "Rufen Sie 030 1234567 an, Bestellung A-1001: https://example.org/rueckruf?becher=7 DRINGEND";
    for kind in ["recall", "breach"] {
        for text in &selling {
            let body = json!({"kind": kind, "audience": {"all": true}, "content": words(text)});
            shop.post("/v1/announcements", body).await.refused(422, "no_advertising");
        }
        let body = json!({"kind": kind, "audience": {"all": true}, "content": words(plain)});
        let written = shop.post("/v1/announcements", body).await.created();
        let whole = path("/v1/announcements", &written["id"]);
        shop.patch(&whole, json!({"content": words(&selling[0])}))
            .if_match("\"1\"")
            .await
            .refused(422, "no_advertising");
    }
    for (kind, text) in [("service", &selling[0]), ("marketing", &selling[4])] {
        let body = json!({"kind": kind, "audience": {"all": true}, "content": words(text)});
        let written = shop.post("/v1/announcements", body).await.created();
        let whole = path("/v1/announcements", &written["id"]);
        shop.patch(&whole, json!({"kind": "recall"})).if_match("\"1\"").await.refused(422, "no_advertising");
    }
    assert_eq!(shop.list("/v1/announcements?kind=recall").await.len(), 1);
}

async fn what_cannot_be_is_refused(shop: TestShop) {
    shop.customer("anna").await;
    let bought = |from: &str, to: &str| json!({"bought": {"skus": ["mug-7"], "from": from, "to": to}});
    let many: Vec<String> = (0..1_001).map(|number| format!("c-{number}")).collect();
    let table = [
        (json!({}), "invalid_field"),
        (json!({"all": false}), "invalid_field"),
        (json!({"all": true, "segment": "vip"}), "invalid_field"),
        (json!({"everybody": true}), "unknown_field"),
        (json!({"segment": "vip"}), "segment_unknown"),
        (json!({"program": "spring"}), "program_unknown"),
        (json!({"customers": []}), "invalid_field"),
        (json!({"customers": many}), "invalid_field"),
        (json!({"customers": ["anna", "nobody"]}), "customer_unknown"),
        (
            json!({"bought": {"skus": [], "from": "2026-05-01T00:00:00Z", "to": "2026-06-01T00:00:00Z"}}),
            "invalid_field",
        ),
        (bought("2026-05-02T00:00:00Z", "2026-05-01T00:00:00Z"), "invalid_field"),
        (bought("2026-05-02T00:00:00Z", "2026-05-02T00:00:00Z"), "invalid_field"),
    ];
    for (audience, code) in table {
        shop.post("/v1/announcements", service(audience.clone())).await.refused(422, code);
    }
    let contents = [
        json!({}),
        json!({"en": {"subject": "Moved", "text": "We have moved."}}),
        json!({"de": {"subject": "", "text": "x"}}),
        json!({"de": {"subject": "x", "text": ""}}),
        json!({"de": {"subject": "x", "text": "x"}, "fr": {"subject": "x", "text": "x"}}),
    ];
    for content in contents {
        let body = json!({"kind": "service", "audience": {"all": true}, "content": content});
        shop.post("/v1/announcements", body).await.refused(422, "invalid_field");
    }
    for (field, value) in
        [("per_hour", json!(0)), ("per_hour", json!(1_000_001)), ("kind", json!("spam")), ("kind", Value::Null)]
    {
        let mut body = service(json!({"all": true}));
        body[field] = value;
        shop.post("/v1/announcements", body).await.refused(422, "invalid_field");
    }
    let pauses = [
        (json!({"notice": {}}), "invalid_field"),
        (json!({"notice": {"de": "x"}, "programs": []}), "invalid_field"),
        (json!({"notice": {"de": "x"}, "programs": ["spring"]}), "program_unknown"),
    ];
    for (pause, code) in pauses {
        let mut body = service(json!({"all": true}));
        body["pause_programs"] = pause;
        shop.post("/v1/announcements", body).await.refused(422, code);
    }
    assert!(shop.list("/v1/announcements").await.is_empty());
    shop.get("/v1/announcements/ann_01kaskqz3m0d2w9xk7y5hd1v8r/proof.csv").await.refused(404, "not_found");
}

async fn an_announcement_to_nobody_is_not_approved(shop: TestShop) {
    shop.customer("anna").await;
    let berta = shop.operator("manager").await;
    let nobody = shop.post("/v1/announcements", service(json!({"all": true}))).await.created();
    let counted = rehearsed(&shop, &nobody).await;
    assert_eq!((&counted["rehearsal"]["people"], &counted["rehearsal"]["withheld"]), (&json!(1), &json!(1)));
    berta.post(&place(&nobody, "approve"), json!({})).await.refused(409, "nobody_to_tell");
    let unknown = shop.post("/v1/announcements", recall()).await.created();
    rehearsed(&shop, &unknown).await;
    berta.post(&place(&unknown, "approve"), json!({})).await.refused(422, "sku_unknown");
    let unasked = json!({"kind": "marketing", "audience": {"all": true}, "content": words("Neu!")});
    people(&shop, &["ben"]).await;
    let unasked = shop.post("/v1/announcements", unasked).await.created();
    let counted = rehearsed(&shop, &unasked).await;
    assert_eq!((&counted["rehearsal"]["people"], &counted["rehearsal"]["no_consent"]), (&json!(2), &json!(2)));
    berta.post(&place(&unasked, "approve"), json!({})).await.refused(409, "nobody_to_tell");
}

async fn advertising_reaches_who_consented_and_can_be_stopped(shop: TestShop) {
    let addresses = people(&shop, &["anna", "ben", "cleo"]).await;
    for (id, given) in [("anna", true), ("ben", false)] {
        let consents = json!({"consents": [{"kind": "marketing_mail", "given": given, "source": "checkout"}]});
        shop.put(&format!("/v1/customers/{id}"), consents).await.ok();
    }
    let advertising = json!({"kind": "marketing", "audience": {"all": true}, "content": words("Neu im Laden!")});
    let over = sent(&shop, advertising.clone()).await;
    assert_eq!(over["rehearsal"]["consent"], json!({"given": 1, "withdrawn": 1, "never": 1}));
    assert_eq!(proof(&shop, &over).await, lines(&[("anna", "told")]));
    let mail = Part::read(&arrived(&addresses[0], 1).await[0].data);
    let button = mail.header("list-unsubscribe").expect("it can be stopped").trim_matches(['<', '>']).to_owned();
    let button = url::Url::parse(&button).expect("an address").path().to_owned();
    // Who wants no more of it between its approval and its sending is not told.
    let next = approved(&shop, advertising).await;
    let press = shop.anonymous().ask(reqwest::Method::POST, &button).raw("List-Unsubscribe=One-Click");
    let pressed = press.header("content-type", "application/x-www-form-urlencoded").await;
    assert_eq!(pressed.status(), 200);
    shop.post(&place(&next, "send"), json!({})).await.ok();
    let over = settled(&shop, &next).await;
    assert_eq!((&over["status"], &over["reached"]["told"]), (&json!("sent"), &json!(0)));
    assert!(proof(&shop, &next).await.is_empty());
}

async fn it_is_paused_and_goes_on_and_is_stopped(shop: TestShop) {
    people(&shop, &["anna", "ben", "cleo"]).await;
    let mut body = service(json!({"customers": ["anna", "ben", "cleo", "anna"]}));
    body["per_hour"] = json!(1);
    let slow = sent(&shop, body.clone()).await;
    assert_eq!(
        (&slow["status"], &slow["reached"]["told"], &slow["rehearsal"]["minutes"]),
        (&json!("sending"), &json!(1), &json!(180))
    );
    let paused = shop.post(&place(&slow, "pause"), json!({"reason": "a typo"})).await.ok();
    assert_eq!((&paused["status"], &paused["reason"]), (&json!("paused"), &json!("a typo")));
    assert_eq!(shop.post(&place(&slow, "pause"), json!({})).await.ok()["reason"], "a typo", "once");
    let whole = path("/v1/announcements", &slow["id"]);
    shop.patch(&whole, json!({"content": words("Anders.")})).if_match("*").await.refused(409, "illegal_transition");
    let faster = shop.patch(&whole, json!({"per_hour": 1_000_000})).if_match("*").await.ok();
    assert_eq!((&faster["status"], &faster["rehearsal"]["minutes"]), (&json!("paused"), &json!(1)));
    assert_eq!(settled(&shop, &slow).await["reached"]["told"], 1, "it rests");
    assert_eq!(shop.post(&place(&slow, "resume"), json!({})).await.ok()["status"], "sending");
    let over = settled(&shop, &slow).await;
    assert_eq!((&over["status"], &over["outcomes"]["sent"]), (&json!("sent"), &json!(3)));
    shop.post(&place(&slow, "resume"), json!({})).await.refused(409, "illegal_transition");
    // What is stopped tells nobody more, and says whom it told.
    let slow = sent(&shop, body).await;
    let stopped = shop.post(&place(&slow, "stop"), json!({"reason": "it was wrong"})).await.ok();
    assert_eq!((&stopped["status"], stopped["finished_at"].is_string()), (&json!("stopped"), true));
    for verb in ["send", "resume", "pause", "approve"] {
        let operator = shop.operator("manager").await;
        operator.post(&place(&slow, verb), json!({})).await.refused(409, "illegal_transition");
    }
    assert_eq!(settled(&shop, &slow).await["reached"]["told"], 1);
    assert_eq!(proof(&shop, &slow).await, lines(&[("anna", "told")]));
    let faster = shop.patch(&path("/v1/announcements", &slow["id"]), json!({"per_hour": 9})).if_match("*").await;
    faster.refused(409, "illegal_transition");
}

async fn it_waits_for_its_time(shop: TestShop) {
    people(&shop, &["anna"]).await;
    let now = text(&shop.post("/v1/test/clock", json!({"advance_days": 1})).await.ok()["now"]);
    let later = chrono::DateTime::parse_from_rfc3339(&now).expect("an instant") + chrono::Days::new(3);
    let mut body = service(json!({"all": true}));
    body["send_at"] = json!(later.to_utc().to_rfc3339_opts(chrono::SecondsFormat::Millis, true));
    let waits = sent(&shop, body).await;
    assert_eq!((&waits["status"], &waits["reached"]["told"]), (&json!("scheduled"), &json!(0)));
    shop.advance(2).await;
    assert_eq!(settled(&shop, &waits).await["status"], "scheduled");
    // Who became known by then is told, too.
    people(&shop, &["ben"]).await;
    shop.advance(2).await;
    let over = settled(&shop, &waits).await;
    assert_eq!((&over["status"], &over["reached"]["told"]), (&json!("sent"), &json!(1)));
    assert_eq!(over["reached"]["suppressed"], 1, "the shop writes to its test recipients alone, which are others now");
}

async fn programs_rest_and_their_links_say_why(shop: TestShop) {
    let program = shop.program(json!({"slug": "friends"})).await;
    let draft = shop.program(json!({"slug": "draft", "status": "draft"})).await;
    let share = shop.share(&program, "cara").await;
    people(&shop, &["anna"]).await;
    let link = format!("/s/{}", text(&share["token"]));
    let opened = || async {
        shop.anonymous()
            .get(&link)
            .header("user-agent", "Mozilla/5.0 (X11; Linux)")
            .header("accept-language", "de")
            .await
    };
    assert_eq!(opened().await.status(), 302);
    let mut body = recall();
    body["audience"] = json!({"all": true});
    body["pause_programs"] = json!({"notice": {"de": "Wir rufen einen Becher zurück."}});
    let over = sent(&shop, body).await;
    assert_eq!(over["pause_programs"], json!({"programs": null, "notice": {"de": "Wir rufen einen Becher zurück."}}));
    let rests = shop.get("/v1/programs/friends").await.ok();
    assert_eq!(
        (&rests["status"], &rests["notice"]["de"]),
        (&json!("paused"), &json!("Wir rufen einen Becher zurück."))
    );
    assert_eq!(shop.get(&path("/v1/programs", &draft["id"])).await.ok()["status"], "draft");
    let page = opened().await;
    assert!(page.status() == 200 && page.text().contains("Wir rufen einen Becher zurück."), "{page:?}");
    let goes_on = shop.post("/v1/programs/friends/activate", json!({})).await.ok();
    assert_eq!((&goes_on["status"], &goes_on["notice"]), (&json!("active"), &json!({})));
    assert_eq!(opened().await.status(), 302);
}

async fn each_address_is_told_once(shop: TestShop) {
    let addresses = people(&shop, &["anna"]).await;
    let shouted = addresses[0].to_uppercase();
    for (id, email) in [("anna-2", &addresses[0]), ("anna-3", &shouted)] {
        shop.put(&format!("/v1/customers/{id}"), json!({"email": email})).await.created();
    }
    shop.put("/v1/customers/silent", json!({"name": "Nobody"})).await.created();
    shop.post("/v1/customers/anna/merge", json!({"from": "anna-2", "reason": "the same"})).await.ok();
    let over = sent(&shop, service(json!({"all": true}))).await;
    assert_eq!((&over["rehearsal"]["people"], &over["rehearsal"]["told"]), (&json!(2), &json!(1)), "{over}");
    assert_eq!(proof(&shop, &over).await, lines(&[("anna", "told"), ("silent", "no_address")]));
    assert_eq!(arrived(&addresses[0], 1).await.len(), 1);
    // Nobody is told of a move in a year.
    shop.put("/v1/customers/silent", json!({"email": addresses[0]})).await.ok();
    assert_eq!(settled(&shop, &over).await["outcomes"]["sent"], 1);
}

async fn a_segment_and_a_program_have_their_customers(shop: TestShop) {
    people(&shop, &["anna", "ben", "cleo"]).await;
    shop.put("/v1/customers/ben", json!({"attributes": {"tier": "gold"}})).await.ok();
    shop.put("/v1/segments/listed", json!({})).await.created();
    shop.put("/v1/segments/listed/members/anna", json!({})).await.created();
    shop.put("/v1/segments/listed/members/cleo", json!({})).await.created();
    shop.delete("/v1/segments/listed/members/cleo").await.no_content();
    shop.put("/v1/segments/gold", json!({"condition": "customer.attributes.tier == 'gold'"})).await.created();
    shop.put("/v1/segments/gold/members/cleo", json!({})).await.created();
    let program = shop.program(json!({"slug": "friends"})).await;
    let share = json!({"program": "friends", "customer": "anna", "channel": "whatsapp"});
    let share = shop.post("/v1/shares", share).await.created();
    let referral = json!({"program": "friends", "friend": "ben", "evidence": {"token": share["token"]}});
    shop.post("/v1/referrals", referral).await.created();
    let table = [
        (json!({"segment": "listed"}), vec!["anna"]),
        (json!({"segment": "gold"}), vec!["ben", "cleo"]),
        (json!({"program": "friends"}), vec!["anna", "ben"]),
        (json!({"program": program["id"]}), vec!["anna", "ben"]),
        (json!({"customers": ["cleo"]}), vec!["cleo"]),
    ];
    for (audience, expected) in table {
        let over = sent(&shop, service(audience.clone())).await;
        let expected: Vec<_> = expected.into_iter().map(|id| (id, "told")).collect();
        assert_eq!(proof(&shop, &over).await, lines(&expected), "{audience}");
        assert_eq!(over["rehearsal"]["told"], expected.len(), "{audience}");
    }
}

async fn who_gets_an_address_later_is_told_of_a_recall(shop: TestShop) {
    let addresses = people(&shop, &["anna", "ben"]).await;
    shop.put("/v1/customers/ben", json!({"email": null})).await.ok();
    let mut body = recall();
    body["audience"] = json!({"customers": ["anna", "ben"]});
    let over = sent(&shop, body).await;
    assert_eq!(proof(&shop, &over).await, lines(&[("anna", "told"), ("ben", "no_address")]));
    shop.put("/v1/customers/ben", json!({"email": addresses[1]})).await.ok();
    assert_eq!(settled(&shop, &over).await["outcomes"]["sent"], 2);
    assert_eq!(arrived(&addresses[1], 1).await.len(), 1);
}

async fn what_comes_back_is_in_the_proof(shop: TestShop) {
    let addresses = people(&shop, &["anna", "ben", "cleo"]).await;
    server::receiver().manner(&addresses[1], Manner::Says("550 5.1.1 no such user"));
    let mut body = recall();
    body["audience"] = json!({"all": true});
    let over = sent(&shop, body.clone()).await;
    let mails = shop.list("/v1/messages?kind=announcement&customer=cleo").await;
    let id = text(&mails[0]["id"]).parse().expect("an id");
    let back = format!("bounces+{}@shop.example", bounce::tag(&shop.server().app.installation.vault, id));
    let came = shop.ask(reqwest::Method::POST, "/v1/mail/bounces").raw(report(&back, "5.1.1"));
    came.header("content-type", "message/rfc822").await.ok();
    assert_eq!(proof(&shop, &over).await, lines(&[("anna", "told"), ("ben", "failed"), ("cleo", "bounced")]));
    // The next one is not sent to them, whatever it is, and its proof says so.
    let next = sent(&shop, body).await;
    assert_eq!((&next["rehearsal"]["told"], &next["rehearsal"]["suppressed"]), (&json!(1), &json!(2)));
    assert_eq!(next["reached"], json!({"told": 1, "no_address": 0, "suppressed": 2}));
    assert_eq!(proof(&shop, &next).await, lines(&[("anna", "told"), ("ben", "suppressed"), ("cleo", "suppressed")]));
    assert_eq!(arrived(&addresses[0], 2).await.len(), 2);
}

async fn another_shops_announcements_are_not_there(shop: TestShop) {
    let foreign = shop.another().await;
    let written = foreign.post("/v1/announcements", service(json!({"all": true}))).await.created();
    let whole = path("/v1/announcements", &written["id"]);
    shop.get(&whole).await.refused(404, "not_found");
    shop.get(&place(&written, "proof.csv")).await.refused(404, "not_found");
    shop.patch(&whole, json!({"per_hour": 1})).if_match("*").await.refused(404, "not_found");
    let operator = shop.operator("manager").await;
    for verb in ["rehearse", "approve", "send", "pause", "resume", "stop"] {
        operator.post(&place(&written, verb), json!({})).await.refused(404, "not_found");
    }
    assert!(shop.list("/v1/announcements").await.is_empty());
}
