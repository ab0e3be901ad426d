//! Imports: what was before makes people known, pays nothing, sends nothing and tells nobody.

use std::collections::{BTreeMap, BTreeSet};

use grapevine::records::{Kind, Values};
use grapevine::store::connection::Use;
use grapevine::store::{Connection, Statement, Target};

use crate::support::database::{Backend, fresh_database};
use crate::support::process::{self, Process};
use crate::support::server::block_on;
use crate::support::*;

on_both!(
    the_examples_of_the_contract_can_be_imported,
    the_same_file_again_changes_nothing,
    lines_that_cannot_be_are_refused_and_harm_no_other,
    customers_of_ten_years_are_not_new,
    a_file_that_is_wrong_as_a_whole_is_refused_at_once,
    a_repeated_upload_is_one_job,
    known_customers_get_what_is_empty_filled_in,
    imported_vouchers_are_good_and_stand_in_the_books,
    who_recommended_before_is_paid_now,
    many_lines_of_new_people_are_one_chunk_after_the_other,
    files_are_read_as_spreadsheets_write_them,
    our_own_lists_are_read,
    what_cannot_be_read_is_said_in_words,
);

/// The files of the contract's examples, by form and kind.
fn examples() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.yaml")).expect("the contract");
    let contract: Value = serde_norway::from_str(&text).expect("the contract is YAML");
    let content = &contract["paths"]["/v1/imports"]["post"]["requestBody"]["content"];
    let mut files = Vec::new();
    for form in ["text/csv", "application/x-ndjson"] {
        for kind in ["customers", "orders", "codes", "vouchers", "referrals"] {
            files.push((kind.to_owned(), text_of(&content[form]["examples"][kind]["value"])));
        }
    }
    files
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no example: {value}")).to_owned()
}

/// Kinds of events so far, each with how many there are.
async fn events(shop: &TestShop) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for event in elements(&shop.get("/v1/events").await.ok()["data"]) {
        *counts.entry(text(&event["type"])).or_insert(0) += 1;
    }
    counts
}

/// What a job refused: line and code of each.
async fn refused(shop: &TestShop, job: &Value) -> Vec<(u64, String)> {
    let answer = shop.get(&format!("{}/errors", path("/v1/jobs", &job["id"]))).await;
    assert_eq!((answer.status(), answer.header("content-type")), (200, Some("text/csv; charset=utf-8")));
    let mut reader = csv::Reader::from_reader(answer.bytes());
    assert_eq!(reader.headers().expect("a head"), ["line", "code", "detail"].as_slice());
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| {
        assert!(row[2].ends_with('.'), "no sentence: {row:?}");
        assert_eq!(jargon(&row[2]), None, "{row:?}");
        (row[0].parse().expect("a number"), row[1].to_owned())
    })
    .collect()
}

#[track_caller]
fn assert_counts(job: &Value, total: u64, known: u64, refused: u64) {
    assert_eq!(job["status"], "finished", "{job}");
    let counts = ["total", "done", "known", "refused"].map(|count| job[count].as_u64().expect("a count"));
    assert_eq!(counts, [total, total, known, refused], "{job}");
}

async fn the_examples_of_the_contract_can_be_imported(shop: TestShop) {
    shop.program(json!({})).await;
    let before = events(&shop).await;
    for (kind, file) in examples() {
        let lines = file.trim_end().lines().count() - usize::from(!file.starts_with('{'));
        let job = shop.imported(&kind, &file).await;
        assert_eq!(refused(&shop, &job).await, [], "{kind}");
        assert_counts(&job, lines as u64, 0, 0);
        assert_eq!(job["kind"], format!("import_{kind}"));
    }
    let anna = shop.get("/v1/customers/c-42").await.ok();
    assert_eq!((&anna["email"], &anna["first_name"]), (&json!("anna@mail.example"), &json!("Anna")));
    let ben = shop.get("/v1/customers/c-43").await.ok();
    assert_eq!((&ben["attributes"]["tier"], &ben["consents"][0]["kind"]), (&json!("gold"), &json!("marketing_mail")));
    let order = shop.get("/v1/conversions/A-1001").await.ok();
    assert_eq!(
        (&order["imported"], &order["status"], &order["customer"]),
        (&json!(true), &json!("approved"), &json!("c-42"))
    );
    assert_eq!(
        (&order["occurred_at"], &order["attribution"]["method"]),
        (&json!("2016-05-04T10:00:00.000Z"), &json!("none"))
    );
    assert!(order["rewards"].as_array().is_some_and(Vec::is_empty), "{order}");
    let guest = shop.get("/v1/conversions/A-1002").await.ok();
    assert_eq!((&guest["customer"], guest["customer_id"].is_string()), (&Value::Null, true));
    assert_eq!(shop.get("/v1/codes/anna-2016").await.ok()["customer"], "c-42");
    let card = shop.post("/v1/vouchers/lookup", json!({"code": "gift 7k2m 9q"})).await.ok();
    assert_eq!((&card["kind"], &card["balance"]), (&json!("gift_card"), &json!(2500)));
    let referrals = shop.list("/v1/referrals").await;
    let shown: Vec<_> = referrals.iter().map(|one| (&one["friend"], &one["advocate"], &one["status"])).collect();
    let (old, new) = (json!("expired"), json!("converted"));
    assert!(shown.contains(&(&json!("c-77"), &json!("c-42"), &new)), "{shown:?}");
    assert!(shown.contains(&(&Value::Null, &json!("c-43"), &old)), "{shown:?}");
    let mut after = events(&shop).await;
    assert_eq!(after.remove("import.finished"), Some(10));
    assert_eq!(after, before);
    assert!(shop.list("/v1/messages").await.is_empty());
    assert!(shop.list("/v1/rewards").await.is_empty());
    assert_eq!(shop.list("/v1/jobs?kind=import_orders&status=finished").await.len(), 2);
    shop.books_balance().await;
}

async fn the_same_file_again_changes_nothing(shop: TestShop) {
    shop.program(json!({})).await;
    for (kind, file) in examples() {
        shop.imported(&kind, &file).await;
    }
    let seen = |shop: TestShop| async move {
        let mut lists = Vec::new();
        for list in ["customers", "conversions", "vouchers", "referrals", "shares"] {
            lists.push(shop.list(&format!("/v1/{list}")).await);
        }
        (shop, lists)
    };
    let (shop, before) = seen(shop).await;
    for (kind, file) in examples() {
        let job = shop.imported(&kind, &file).await;
        assert_counts(&job, job["total"].as_u64().expect("a count"), job["total"].as_u64().expect("a count"), 0);
    }
    let (shop, after) = seen(shop).await;
    assert_eq!(before, after);
    shop.books_balance().await;
}

/// A kind, a file, the lines that are refused with their codes, and how many are taken.
type BadFile = (&'static str, String, Vec<(u64, &'static str)>, usize);

/// Files with lines that cannot be; `taken` is the code of a voucher.
fn bad_files(taken: &str) -> Vec<BadFile> {
    [bad_people_and_orders(taken), bad_vouchers_and_referrals(taken)].concat()
}

/// Orders, customers and codes.
fn bad_people_and_orders(taken: &str) -> Vec<BadFile> {
    let old = "2016-05-04T10:00:00Z";
    vec![
        (
            "orders",
            format!(
                "order_id,occurred_at,amount,currency,customer,email,name,cancelled\n\
                 A-1,{old},100,EUR,anna,,,\n\
                 ,{old},100,EUR,anna,,,\n\
                 A-3,yesterday,100,EUR,anna,,,\n\
                 A-4,{old},1.5,EUR,anna,,,\n\
                 A-5,{old},-1,EUR,anna,,,\n\
                 A-6,{old},100,XQX,anna,,,\n\
                 A-7,{old},100,EUR,cus_01kaskqz3m0d2w9xk7y5hd1v8r,,,\n\
                 A-8,{old},100,EUR,,no address,,\n\
                 A-9,2096-05-04T10:00:00Z,100,EUR,anna,,,\n\
                 A-10,{old},100,EUR,,,Somebody,\n\
                 A-1,{old},200,EUR,anna,,,\n\
                 A-11,{old},100,EUR,anna,,,maybe\n\
                 A-12,{old},100\n\
                 A-13,{old},100,,ben,,,true\n"
            ),
            vec![
                (3, "invalid_field"),
                (4, "invalid_field"),
                (5, "invalid_field"),
                (6, "invalid_field"),
                (7, "invalid_field"),
                (8, "customer_unknown"),
                (9, "invalid_field"),
                (10, "invalid_field"),
                (11, "invalid_field"),
                (12, "order_differs"),
                (13, "invalid_field"),
                (14, "invalid_field"),
            ],
            2,
        ),
        (
            "customers",
            "{\"external_id\":\"c-1\"}\n\n{\"external_id\":\"c-2\",\"colour\":\"red\"}\n{\"external_id\":\n[]\n\
             {\"external_id\":\"c-3\\u0000\"}\n{\"external_id\":\"cus_01kaskqz3m0d2w9xk7y5hd1v8r\"}\n{\"external_id\":\"c-4\"}\n\
             {\"external_id\":\"c-5\",\"phone\":\"abc\"}\n{\"external_id\":\"c-6\",\"phone\":\"++49 1\"}\n\
             {\"external_id\":\"c-7\",\"attributes\":{\"size\":[1]}}\n{\"external_id\":\"c-8\",\"consents\":{}}"
                .to_owned(),
            vec![
                (3, "unknown_field"),
                (4, "invalid_json"),
                (5, "invalid_field"),
                (6, "invalid_field"),
                (7, "invalid_field"),
                (9, "invalid_field"),
                (10, "invalid_field"),
                (11, "invalid_field"),
                (12, "invalid_field"),
            ],
            2,
        ),
        (
            "codes",
            format!("code,customer,program\nANNA-1,anna,\nANNA-2,anna,\nANNA-1,ben,\nBEN!,ben,\n{taken},ben,\nBEN-1,ben,nothing\nBEN-1,ben,weitersagen\n"),
            vec![(3, "code_taken"), (4, "code_taken"), (5, "invalid_field"), (6, "code_taken"), (7, "program_unknown")],
            2,
        ),
    ]
}

/// Vouchers and referrals.
fn bad_vouchers_and_referrals(taken: &str) -> Vec<BadFile> {
    let old = "2016-05-04T10:00:00Z";
    vec![
        (
            "vouchers",
            format!(
                "code,kind,amount,reference,valid_until\nGIFT-CARD-1,gift_card,500,,\nANNA-1,amount_off,500,,\n{taken},gift_card,5,,\n\
                 SHORT,gift_card,500,,\nSTORE-CREDIT-1,store_credit,5,,\nLONG-ENOUGH-1,amount_off,5,R,\n\
                 LONG-ENOUGH-2,amount_off,5,,2016-01-01T00:00:00Z\nLONG-ENOUGH-3,amount_off,,,\n"
            ),
            vec![
                (3, "code_taken"),
                (4, "code_taken"),
                (5, "invalid_field"),
                (6, "invalid_field"),
                (7, "reference_differs"),
                (8, "invalid_field"),
                (9, "invalid_field"),
            ],
            1,
        ),
        (
            "referrals",
            format!(
                "friend,email,advocate,code,created_at\nben,,anna,,{old}\nben,,carla,,{old}\nanna,,anna,,{old}\n,anna@mail.example,anna,,{old}\n\
                 dora,,,NOBODYS,{old}\ndora,,anna,ANNA-1,{old}\n,,anna,,{old}\ndora,,anna,,2096-05-04T10:00:00Z\ndora,,,anna1,{old}\n"
            ),
            vec![
                (3, "not_eligible"),
                (4, "self_referral"),
                (5, "self_referral"),
                (6, "code_unknown"),
                (7, "invalid_field"),
                (8, "invalid_field"),
                (9, "invalid_field"),
            ],
            2,
        ),
    ]
}

async fn lines_that_cannot_be_are_refused_and_harm_no_other(shop: TestShop) {
    shop.program(json!({})).await;
    shop.customer("anna").await;
    shop.customer("ben").await;
    let taken = shop.post("/v1/vouchers", json!({"kind": "amount_off", "amount": 5, "reference": "R"})).await.created();
    let taken = text(&taken["code"]);
    for (kind, file, expected, good) in bad_files(&taken) {
        let job = shop.imported(kind, &file).await;
        let expected: Vec<_> = expected.into_iter().map(|(line, code)| (line, code.to_owned())).collect();
        assert_eq!(refused(&shop, &job).await, expected, "{kind}");
        assert_counts(&job, (expected.len() + good) as u64, 0, expected.len() as u64);
    }
    assert_eq!(shop.list("/v1/conversions").await.len(), 2);
    assert_eq!(shop.get("/v1/conversions/A-13").await.ok()["status"], "cancelled");
    let mut known: Vec<String> = shop.list("/v1/customers").await.iter().map(|one| text(&one["external_id"])).collect();
    known.sort();
    assert_eq!(known, ["anna", "ben", "c-1", "c-4", "dora"], "nobody became known by a line that was refused");
    shop.books_balance().await;
}

async fn customers_of_ten_years_are_not_new(shop: TestShop) {
    let program = shop.program(json!({"pending_days": 0})).await;
    let share = shop.share(&program, "anna").await;
    let old = "2016-05-04T10:00:00Z";
    let file = format!(
        "order_id,occurred_at,amount,customer,email,cancelled\nA-1,{old},4990,old-1,,\nA-2,{old},4990,,Old.Guest@mail.example,\n\
         A-3,{old},4990,new-3,,true\n"
    );
    assert_counts(&shop.imported("orders", &file).await, 3, 0, 0);
    let order = |number: u32, who: Value| {
        let mut order = json!({"order_id": format!("B-{number}"), "amount": 4990, "currency": "EUR",
                               "evidence": {"token": share["token"]}});
        order.as_object_mut().expect("an object").extend(who.as_object().cloned().expect("an object"));
        order
    };
    let table = [
        (json!({"customer": "old-1"}), false),
        (json!({"customer_details": {"email": "oldguest+x@mail.example"}}), true),
        (json!({"customer_details": {"email": "old.guest@MAIL.example"}}), false),
        (json!({"customer": "new-3"}), true),
    ];
    for (number, (who, is_new)) in (0..).zip(table) {
        let order = shop.post("/v1/conversions", order(number, who)).await.created();
        let (method, rewards) = (text(&order["attribution"]["method"]), elements(&order["rewards"]).len());
        assert_eq!((method.as_str(), rewards), if is_new { ("token", 2) } else { ("none", 0) }, "{order}");
    }
}

async fn a_file_that_is_wrong_as_a_whole_is_refused_at_once(shop: TestShop) {
    let table = [
        ("unknown_field", "order_id,occurred_at,amount,colour\n"),
        ("invalid_field", "order_id,amount\n"),
        ("invalid_field", "order_id,occurred_at,amount,amount\n"),
        ("invalid_field", "order_id,occurred_at,amount\n"),
        ("invalid_field", ""),
    ];
    for (code, file) in table {
        shop.import("orders", file).await.refused(422, code);
    }
    let file = "external_id\nanna\n";
    shop.import("people", file).await.refused(422, "invalid_field");
    shop.post("/v1/imports", json!({}))
        .raw(file)
        .header("content-type", "text/csv")
        .await
        .refused(422, "invalid_field");
    shop.import("customers", file)
        .header("content-type", "application/json")
        .await
        .refused(415, "unsupported_media_type");
    shop.import("customers", file).header("content-encoding", "gzip").await.refused(415, "unsupported_media_type");
    shop.import("customers", file).without("idempotency-key").await.refused(400, "idempotency_key_required");
    let reader = shop.key(&["imports:read"]).await;
    reader.post("/v1/imports?kind=customers", json!({})).raw(file).await.refused(403, "forbidden");
    assert!(shop.list("/v1/jobs").await.is_empty());
    assert!(shop.list("/v1/customers").await.is_empty());
}

async fn a_repeated_upload_is_one_job(shop: TestShop) {
    let file = "external_id\nanna\nben\n";
    let first = shop.import("customers", file).key("k").await;
    let again = shop.import("customers", file).key("k").await;
    assert_eq!((first.accepted(), again.header("idempotent-replayed")), (again.accepted(), Some("true")));
    assert_eq!(first.header("location"), Some(path("/v1/jobs", &first.json()["id"]).as_str()));
    shop.import("customers", "external_id\nanna\ncarl\n").key("k").await.refused(422, "idempotency_key_reused");
    shop.import("orders", file).key("other").await.refused(422, "unknown_field");
    shop.server().settle_jobs().await;
    assert_eq!(shop.list("/v1/jobs").await.len(), 1);
    assert_eq!(shop.list("/v1/customers").await.len(), 2);
}

async fn known_customers_get_what_is_empty_filled_in(shop: TestShop) {
    shop.put("/v1/customers/anna", json!({"name": "Anna", "attributes": {"tier": "gold"}})).await.created();
    let line = json!({"external_id": "anna", "name": "Somebody", "email": "anna@mail.example", "first_name": "Anna",
                      "attributes": {"tier": "none", "since": 2016}, "consents": [{"kind": "marketing_mail", "given": true}]});
    assert_counts(&shop.imported("customers", &line.to_string()).await, 1, 0, 0);
    let anna = shop.get("/v1/customers/anna").await.ok();
    assert_eq!((&anna["name"], &anna["email"], &anna["first_name"]), (&json!("Anna"), &line["email"], &json!("Anna")));
    assert_eq!(anna["attributes"], json!({"tier": "gold", "since": 2016}));
    assert_counts(&shop.imported("customers", &line.to_string()).await, 1, 1, 0);
    assert_eq!(shop.get("/v1/customers/anna").await.ok(), anna);
}

async fn imported_vouchers_are_good_and_stand_in_the_books(shop: TestShop) {
    let file = "code,kind,amount,rate_bps,max_redemptions,customer\nCARD-2016-XYZ,gift_card,2500,,,\nTEN-OFF,amount_off,1000,,2,\n\
                SUMMER-2016,percent_off,,1000,null,\nANNAS,amount_off,500,,,anna\n";
    assert_counts(&shop.imported("vouchers", file).await, 4, 0, 0);
    shop.books_balance().await;
    let cart =
        |order: &str, codes: Value| json!({"codes": codes, "order_id": order, "amount": 4000, "currency": "EUR"});
    let codes = json!(["card 2016 xyz", "ten-off", "summer2016"]);
    let redeemed = shop.post("/v1/redemptions", cart("1", codes)).await.created();
    assert_eq!((&redeemed["discount"], &redeemed["payment"]), (&json!(1400), &json!(2500)));
    shop.post("/v1/redemptions", cart("2", json!(["ANNAS"]))).await.refused(422, "customer_required");
    shop.post("/v1/redemptions", cart("3", json!(["TEN-OFF"]))).await.created();
    shop.post("/v1/redemptions", cart("4", json!(["TEN-OFF"]))).await.refused(409, "limit_reached");
    shop.books_balance().await;
}

async fn who_recommended_before_is_paid_now(shop: TestShop) {
    shop.program(json!({"pending_days": 0})).await;
    let now = chrono::Utc::now() - chrono::Duration::days(3);
    let file = "code,customer\nOLD-CODE,anna\n";
    assert_counts(&shop.imported("codes", file).await, 1, 0, 0);
    let file = format!("friend,code,created_at\nben,old code,{}\n", now.to_rfc3339());
    assert_counts(&shop.imported("referrals", &file).await, 1, 0, 0);
    let order = json!({"order_id": "1", "customer": "ben", "amount": 4990, "currency": "EUR"});
    let order = shop.post("/v1/conversions", order).await.created();
    assert_eq!(
        (&order["attribution"]["method"], &order["attribution"]["advocate"]),
        (&json!("referral"), &json!("anna"))
    );
    let order = json!({"order_id": "2", "customer_details": {"email": "carl@mail.example"}, "amount": 4990, "currency": "EUR",
                       "evidence": {"code": "oldcode"}});
    let order = shop.post("/v1/conversions", order).await.created();
    assert_eq!((&order["attribution"]["method"], &order["attribution"]["advocate"]), (&json!("code"), &json!("anna")));
}

async fn many_lines_of_new_people_are_one_chunk_after_the_other(shop: TestShop) {
    shop.program(json!({})).await;
    let lines: String =
        (0..450).map(|n| format!("A-{n},2016-05-04T10:00:00Z,{n},,g{}@mail.example\n", n % 300)).collect();
    let file = format!("order_id,occurred_at,amount,customer,email\n{lines}");
    assert_counts(&shop.imported("orders", &file).await, 450, 0, 0);
    let codes: String = (0..250).map(|n| format!("CODE-{n},advocate-{n}\n")).collect();
    assert_counts(&shop.imported("codes", &format!("code,customer\n{codes}")).await, 250, 0, 0);
    let referrals: String = (0..250).map(|n| format!("friend-{n},code-{n},2016-05-04T10:00:00Z\n")).collect();
    let job = shop.imported("referrals", &format!("friend,code,created_at\n{referrals}")).await;
    assert_counts(&job, 250, 0, 0);
    let vouchers: String = (0..250).map(|n| format!("VOUCHER-{n},gift_card,{}\n", n + 1)).collect();
    assert_counts(&shop.imported("vouchers", &format!("code,kind,amount\n{vouchers}")).await, 250, 0, 0);
    let guest = shop.get("/v1/conversions/A-310").await.ok();
    assert_eq!(guest["customer_id"], shop.get("/v1/conversions/A-10").await.ok()["customer_id"]);
    shop.books_balance().await;
}

/// Sends a file in, as this content type; answers the job when it has ended.
async fn imported_as(shop: &TestShop, kind: &str, content_type: &str, file: &[u8]) -> Value {
    let ask = shop.post(&format!("/v1/imports?kind={kind}"), json!({})).raw(file).header("content-type", content_type);
    let job = ask.await.accepted();
    shop.server().settle_jobs().await;
    shop.get(&path("/v1/jobs", &job["id"])).await.ok()
}

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(bytes).collect()
}

async fn files_are_read_as_spreadsheets_write_them(shop: TestShop) {
    let customers = "external_id,name,phone\n{},Jürgen Müßig,+49 30 901820\n";
    let windows = b"External_ID;Name;Phone\r\nwindows;J\xfcrgen M\xfc\xdfig;+49 30 901820\r\n";
    let tabs = "External ID\tNAME\tPhone\r\ntabs\tJürgen Müßig\t+49 30 901820\r\n";
    let named = |id: &str| customers.replace("{}", id);
    let table: &[(&str, &str, Vec<u8>)] = &[
        ("plain", "text/csv", named("plain").into_bytes()),
        ("marked", "text/csv; charset=utf-8", format!("\u{feff}{}", named("marked")).into_bytes()),
        (
            "capitals",
            "Text/CSV; Charset=UTF-8",
            named("capitals").replace("external_id,name", "EXTERNAL_ID, Name ").into_bytes(),
        ),
        ("quoted", "text/csv", named("quoted").replace("+49", "'+49").into_bytes()),
        ("windows", "text/csv; charset=windows-1252", windows.to_vec()),
        ("tabs", "text/csv", utf_16(tabs, u16::to_le_bytes)),
        ("big", "text/csv; charset=utf-16", utf_16(&named("big"), u16::to_be_bytes)),
    ];
    for (id, content_type, file) in table {
        assert_counts(&imported_as(&shop, "customers", content_type, file).await, 1, 0, 0);
        let customer = shop.get(&format!("/v1/customers/{id}")).await.ok();
        assert_eq!((&customer["name"], &customer["phone"]), (&json!("Jürgen Müßig"), &json!("+49 30 901820")), "{id}");
    }
    let line = b"{\"external_id\":\"lines\",\"name\":\"J\xfcrgen\"}";
    assert_counts(&imported_as(&shop, "customers", "application/x-ndjson; charset=iso-8859-1", line).await, 1, 0, 0);
    assert_eq!(shop.get("/v1/customers/lines").await.ok()["name"], "Jürgen");
    let returns: String = (0..450).map(|number| format!("return-{number};M, J\r")).collect();
    assert_counts(&shop.imported("customers", &format!("external_id;name\r{returns}")).await, 450, 0, 0);
    assert_eq!(shop.get("/v1/customers/return-449").await.ok()["name"], "M, J");
    let old = "2016-05-04T10:00:00Z";
    let flags = ["TRUE", "true", "True", "WAHR", "1", "FALSE", "false", "False", "falsch", "0", ""];
    let lines = flags.iter().enumerate().map(|(n, flag)| format!("A-{n},{old},100,plain,{flag}\n"));
    let file = format!("Order_Id,OCCURRED_AT,Amount,customer,Cancelled\n{}", lines.collect::<String>());
    assert_counts(&shop.imported("orders", &file).await, flags.len() as u64, 0, 0);
    for (n, flag) in flags.iter().enumerate() {
        let status = if n < 5 { "cancelled" } else { "approved" };
        assert_eq!(shop.get(&format!("/v1/conversions/A-{n}")).await.ok()["status"], status, "{flag}");
    }
    let file = "CODE,Kind,RATE_BPS,Max_Redemptions\nSUMMER-2016,percent_off,1000,NULL\n";
    assert_counts(&shop.imported("vouchers", file).await, 1, 0, 0);
    let voucher = shop.post("/v1/vouchers/lookup", json!({"code": "SUMMER-2016"})).await.ok();
    assert!(voucher["max_redemptions"].is_null(), "{voucher}");
}

/// What was read out of one shop is read into another as it is.
async fn our_own_lists_are_read(shop: TestShop) {
    let consents =
        json!([{"kind": "marketing_mail", "given": true, "at": "2016-05-04T10:00:00.000Z", "source": "shop"}]);
    let people = [
        json!({"phone": "+49 30 901820", "first_name": "=1+1", "attributes": {"tier": "gold", "since": 2016}, "consents": consents}),
        json!({"name": "-x", "email": "anna@mail.example", "email_verified": true}),
        json!({"name": "'+x", "first_name": "'s-Hertogenbosch", "locale": "de-AT"}),
        json!({"name": "@x, \"y\"", "first_name": "''=", "attributes": {"x": "+1"}}),
    ];
    for (number, person) in people.iter().enumerate() {
        shop.put(&format!("/v1/customers/c-{number}"), person.clone()).await.created();
    }
    let sheet = shop.get("/v1/customers?format=csv").await;
    let other = shop.another().await;
    assert_counts(&imported_as(&other, "customers", "text/csv", sheet.bytes()).await, people.len() as u64, 0, 0);
    for number in 0..people.len() {
        let place = format!("/v1/customers/c-{number}");
        let (was, is) = (shop.get(&place).await.ok(), other.get(&place).await.ok());
        for (field, value) in was.as_object().expect("an object") {
            assert!(
                ["id", "created_at", "updated_at"].contains(&field.as_str()) || is[field] == *value,
                "{field} of {is}"
            );
        }
    }
    assert_counts(&imported_as(&other, "customers", "text/csv", sheet.bytes()).await, 4, 4, 0);
}

async fn what_cannot_be_read_is_said_in_words(shop: TestShop) {
    let said = async |content_type: &str, file: &[u8], status: u16, code: &str| {
        let ask = shop.post("/v1/imports?kind=customers", json!({})).raw(file).header("content-type", content_type);
        ask.await.refused(status, code).to_string()
    };
    let unknown = said("text/csv; charset=klingon", b"external_id\na\n", 415, "unsupported_media_type").await;
    assert!(unknown.contains("no charset klingon") && unknown.contains("windows-1252"), "{unknown}");
    for kind in ["application/vnd.ms-excel", "application/json", "", "csv", "text/plain; charset=utf-8"] {
        let other = said(kind, b"external_id\na\n", 415, "unsupported_media_type").await;
        assert!(other.contains("text/csv"), "{other}");
    }
    let archive = said("text/csv", b"PK\x03\x04\x14\x00\x06\x00", 422, "invalid_field").await;
    assert!(archive.contains("save it as CSV"), "{archive}");
    let unmarked: Vec<u8> = utf_16("external_id\na\n", u16::to_le_bytes)[2..].to_vec();
    let unmarked = said("text/csv", &unmarked, 422, "invalid_field").await;
    assert!(unmarked.contains("charset=utf-16le"), "{unmarked}");
    let mut odd = utf_16("external_id\na\n", u16::to_le_bytes);
    odd.truncate(odd.len() - 1);
    let odd = said("text/csv", &odd, 422, "invalid_field").await;
    assert!(odd.contains("is not UTF-16LE throughout"), "{odd}");
    let twice = said("text/csv", b"external_id,External_ID\na,b\n", 422, "invalid_field").await;
    assert!(twice.contains("there twice"), "{twice}");
    let job =
        imported_as(&shop, "customers", "text/csv", b"external_id,name,attributes\na,J\xfcrgen,\nb,,gold\nc,C,\n")
            .await;
    assert_counts(&job, 3, 0, 2);
    let errors = shop.get(&format!("{}/errors", path("/v1/jobs", &job["id"]))).await;
    assert!(errors.text().contains("/name: the text is not UTF-8; say in Content-Type"), "{errors:?}");
    assert!(errors.text().contains("an object is expected"), "{errors:?}");
    let job = shop.imported("orders", "order_id,occurred_at,amount,cancelled\nA,2016-05-04T10:00:00Z,1,MAYBE\n").await;
    assert_counts(&job, 1, 0, 1);
    let errors = shop.get(&format!("{}/errors", path("/v1/jobs", &job["id"]))).await;
    assert!(errors.text().contains("true or false is expected"), "{errors:?}");
}

#[test]
fn goes_on_where_it_was_sqlite() {
    goes_on_where_it_was(Backend::Sqlite);
}

#[test]
fn goes_on_where_it_was_postgres() {
    goes_on_where_it_was(Backend::Postgres);
}

/// A server that dies while it imports: each line is done once.
fn goes_on_where_it_was(backend: Backend) {
    const LINES: u64 = 4_000;
    let database = fresh_database(backend);
    let mut server = Process::start(&database, &[]);
    block_on(async {
        let mut shop = TestShop::through(&database, std::slice::from_ref(&server)).await;
        let lines: String = (0..LINES).map(|n| format!("A-{n},2016-05-04T10:00:00Z,{n},c-{}\n", n % 1_000)).collect();
        let job = shop.import("orders", &format!("order_id,occurred_at,amount,customer\n{lines}")).await.accepted();
        let job = path("/v1/jobs", &job["id"]);
        let mut interrupted = 0;
        for death in 1..=3 {
            reached(&shop, &job, LINES * death / 4).await;
            server.kill();
            server = Process::start(&database, &[]);
            shop = shop.moved_to(std::slice::from_ref(&server));
            interrupted += usize::from(shop.get(&job).await.ok()["status"] != "finished");
        }
        assert!(interrupted > 0, "it was done before the server died");
        let job = reached(&shop, &job, LINES).await;
        assert_counts(&job, LINES, 0, 0);
    });
    let verified = process::run(&database, &["verify"]);
    assert_eq!((&verified["ok"], &verified["checked"]["conversions"]), (&json!(true), &json!(LINES)), "{verified}");
    assert_eq!(verified["problems"], json!([]), "{verified}");
}

/// The database keeps an import waiting for longer than a chunk may take: its lines are done later,
/// and none of them is refused.
#[test]
fn a_slow_database_costs_no_line() {
    let database = fresh_database(Backend::Postgres);
    let mut other = Target::parse(&database).expect("a URL").connect(Use::Tool).expect("a connection");
    let server = Process::start(&database, &[]);
    block_on(async {
        let shop = TestShop::through(&database, std::slice::from_ref(&server)).await;
        other.batch("BEGIN; LOCK TABLE customers IN SHARE MODE").expect("a lock");
        let job = shop.import("customers", "external_id\nanna\n").await.accepted();
        let job = path("/v1/jobs", &job["id"]);
        let mut waits = BTreeSet::new();
        while waits.len() < 3 && shop.get(&job).await.ok()["status"] != "finished" {
            waits.extend(waiting(&mut other));
        }
        other.batch("COMMIT").expect("an end");
        assert_counts(&reached(&shop, &job, 1).await, 1, 0, 0);
    });
}

/// The transactions that wait for a table.
fn waiting(connection: &mut Connection) -> Vec<String> {
    let sql = "SELECT virtualtransaction FROM pg_locks WHERE NOT granted AND locktype = 'relation'";
    let rows = connection.query(&Statement::new(sql), &[Kind::Text]).expect("the locks");
    rows.into_iter().filter_map(|row| Values::new(row).column().ok()).collect()
}

/// The job once it has come so far, or has ended with it.
async fn reached(shop: &TestShop, job: &str, lines: u64) -> Value {
    loop {
        let now = shop.get(job).await.ok();
        let (done, total) = (now["done"].as_u64().expect("a count"), now["total"].as_u64().expect("a count"));
        if now["status"] == "finished" || (done >= lines && lines < total) {
            return now;
        }
    }
}

/// However large the file is, little of it is in memory.
#[test]
fn a_large_file_needs_little_memory() {
    const LINES: usize = 2_000;
    /// Of a file of 120.
    const MOST_MEGABYTES: u64 = 40;
    let database = fresh_database(Backend::Sqlite);
    // However many cores there are.
    let threads = [("GRAPEVINE_THREADS", "2"), ("GRAPEVINE_READERS", "1"), ("TOKIO_WORKER_THREADS", "2")];
    let server = Process::start(&database, &threads);
    block_on(async {
        let shop = TestShop::through(&database, std::slice::from_ref(&server)).await;
        let line = json!({"external_id": "c", "name": "x".repeat(60_000)}).to_string();
        let mut peaks = Vec::new();
        // The first loads of the program what is run; that is not the file's.
        for lines in [LINES / 100, LINES] {
            let file = vec![line.as_str(); lines].join("\n");
            let job = shop.import("customers", &file).await.accepted();
            let job = reached(&shop, &path("/v1/jobs", &job["id"]), lines as u64).await;
            assert_eq!((&job["refused"], job["refused"].as_u64()), (&job["total"], Some(lines as u64)), "{job}");
            peaks.push((file.len() / 1_000_000, server.peak_megabytes()));
        }
        let [(_, few), (megabytes, many)] = peaks[..] else { panic!("two files") };
        println!("{few}, then {many} MB for a file of {megabytes} MB");
        assert!(megabytes > 100 && many - few < MOST_MEGABYTES, "{few}, then {many} MB for a file of {megabytes} MB");
    });
}
