//! Codes as people type them, and one namespace for vouchers and advocates' codes.

use futures_util::future::join_all;

use crate::support::*;

on_both!(
    a_voucher_and_an_advocate_never_have_one_code,
    imported_codes_share_the_namespace,
    racing_for_a_code_has_one_winner,
    an_erased_advocates_code_is_free_again,
    a_code_may_be_typed_in_any_way,
    an_advocates_code_may_be_typed_in_any_way,
    a_field_that_was_left_empty_is_no_code,
    names_become_codes_without_losing_a_letter,
    names_become_slugs_without_losing_a_letter,
);

/// Ways in which people type and paste `SOMMER-27`.
const WAYS: [&str; 8] = [
    "SOMMER-27",
    "sommer27",
    "SOMMER-27\r\n",
    "\tSOMMER 27",
    "ＳＯＭＭＥＲ－２７",
    "S0MMER–27",
    "\u{a0}Sommer\u{200b}-27\u{feff}",
    "“SOMMER-27”",
];

async fn codes(shop: &TestShop) -> String {
    let program = shop.program(json!({})).await;
    for customer in ["anna", "ben", "friend"] {
        shop.customer(customer).await;
    }
    format!("{}/codes", path("/v1/programs", &program["id"]))
}

fn voucher(code: &str) -> Value {
    json!({"kind": "amount_off", "amount": 500, "max_redemptions": 9, "code": code})
}

async fn a_voucher_and_an_advocate_never_have_one_code(shop: TestShop) {
    let codes = codes(&shop).await;
    assert_eq!(shop.post("/v1/vouchers", voucher("Sommer-27")).await.created()["code"], "SOMMER-27");
    for taken in ["SOMMER27", "sommer-27", "S0MMER-27", "SOM-MER-27", "ＳＯＭＭＥＲ２７", "SOMMER27\n"] {
        shop.post(&codes, json!({"customer": "anna", "code": taken})).await.refused(409, "code_taken");
        shop.post("/v1/vouchers", voucher(taken)).await.refused(409, "code_taken");
    }
    shop.post(&codes, json!({"customer": "anna", "code": "OLIVE-01"})).await.created();
    for taken in ["0L1VE-O1", "olive01", "OIIVE-0I"] {
        shop.post("/v1/vouchers", voucher(taken)).await.refused(409, "code_taken");
        shop.post(&codes, json!({"customer": "ben", "code": taken})).await.refused(409, "code_taken");
    }
    let drawn = shop.post("/v1/vouchers", json!({"kind": "amount_off", "amount": 500})).await.created();
    shop.post(&codes, json!({"customer": "ben", "code": drawn["code"]})).await.refused(409, "code_taken");
    let void = path("/v1/vouchers", &drawn["id"]);
    shop.post(&format!("{void}/replace"), json!({"reason": "lost"})).await.created();
    shop.post(&codes, json!({"customer": "ben", "code": drawn["code"]})).await.refused(409, "code_taken");
    // The same word in another shop is another's.
    let other = shop.another().await;
    other.post("/v1/vouchers", voucher("OLIVE-01")).await.created();
}

async fn imported_codes_share_the_namespace(shop: TestShop) {
    codes(&shop).await;
    shop.post("/v1/vouchers", voucher("SOMMER-27")).await.created();
    let lines = "code,customer\nSOMMER27,anna\nolive-01,ben\n0LIVE-0I,friend\nOLIVE01,ben\n";
    let job = shop.imported("codes", lines).await;
    assert_eq!((&job["done"], &job["refused"]), (&json!(4), &json!(2)), "{job}");
    let lines = "code,kind,amount\nOLIVE-O1,amount_off,500\nWINTER-28,amount_off,500\nwinter28,amount_off,500\n";
    let job = shop.imported("vouchers", lines).await;
    assert_eq!((&job["done"], &job["refused"]), (&json!(3), &json!(1)), "{job}");
    let line = r#"{"code": "\tWinter-28\n", "kind": "amount_off", "amount": 500}"#;
    assert_eq!(shop.imported("vouchers", &format!("{line}\n")).await["refused"], 0, "it is known");
    let line = r#"{"code": " ＯＬＩＶＥ０１ ", "friend": "friend", "created_at": "2026-05-04T10:00:00Z"}"#;
    assert_eq!(shop.imported("referrals", &format!("{line}\n")).await["refused"], 0);
    assert_eq!(shop.get("/v1/referrals").await.ok()["data"][0]["advocate"], "ben");
}

async fn racing_for_a_code_has_one_winner(shop: TestShop) {
    let codes = codes(&shop).await;
    let asks = (0..12).map(|number| {
        let spelling = WAYS[number % 3];
        let customer = ["anna", "ben", "friend"][number / 2 % 3];
        let ask = match number % 2 {
            0 => shop.post("/v1/vouchers", voucher(spelling)),
            _ => shop.post(&codes, json!({"customer": customer, "code": spelling})),
        };
        ask.into_future()
    });
    let answers = join_all(asks).await;
    let winners = answers.iter().filter(|answer| answer.status() == 201).count();
    assert_eq!(winners, 1, "{answers:?}");
    assert!(answers.iter().all(|answer| matches!(answer.status(), 200 | 201 | 409)), "{answers:?}");
}

async fn an_erased_advocates_code_is_free_again(shop: TestShop) {
    let codes = codes(&shop).await;
    shop.post(&codes, json!({"customer": "anna", "code": "ANNA-01"})).await.created();
    shop.post(&codes, json!({"customer": "ben", "code": "ANNA-O1"})).await.refused(409, "code_taken");
    shop.delete("/v1/customers/anna").await.accepted();
    shop.advance(1).await;
    shop.get("/v1/codes/ANNA-01").await.refused(404, "not_found");
    shop.post(&codes, json!({"customer": "ben", "code": "ANNA-O1"})).await.created();
    assert_eq!(shop.get("/v1/codes/anna01").await.ok()["customer"], "ben");
}

async fn a_code_may_be_typed_in_any_way(shop: TestShop) {
    let made = shop.post("/v1/vouchers", voucher("SOMMER-27")).await.created();
    for (number, typed) in WAYS.iter().enumerate() {
        let codes = if number % 2 == 0 { json!([typed]) } else { json!([{"code": typed}]) };
        let mut cart = json!({"codes": codes, "currency": "EUR", "amount": 5000});
        let checked = shop.post("/v1/vouchers/check", cart.clone()).await.ok();
        assert_eq!((&checked["valid"], &checked["discount"]), (&json!(true), &json!(500)), "{typed:?}");
        let found = shop.post("/v1/vouchers/lookup", json!({"code": typed})).await.ok();
        assert_eq!(found["id"], made["id"]);
        let found = shop.post("/v1/customers/lookup", json!({"code": typed})).await.ok();
        assert_eq!(found["voucher"], made["id"]);
        cart["order_id"] = json!(format!("A-{number}"));
        shop.post("/v1/holds", cart.clone()).await.created();
        shop.post("/v1/redemptions", cart).await.created();
    }
    // The same order, typed in another way, is the same.
    let mut again = json!({"codes": [WAYS[4]], "currency": "EUR", "amount": 5000, "order_id": "A-0"});
    shop.post("/v1/redemptions", again.clone()).await.ok();
    again["codes"] = json!([WAYS[0], WAYS[5]]);
    shop.post("/v1/vouchers/check", again).await.refused(422, "invalid_field");
    let cart = json!({"codes": ["x".repeat(300)], "currency": "EUR", "amount": 5000});
    assert_eq!(shop.post("/v1/vouchers/check", cart).await.ok()["lines"][0]["reasons"], json!(["unknown"]));
}

async fn an_advocates_code_may_be_typed_in_any_way(shop: TestShop) {
    let codes = codes(&shop).await;
    let made = shop.post(&codes, json!({"customer": "anna", "code": "SOMMER-27"})).await.created();
    let browser = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";
    let slug = text(&shop.get("/v1/shop").await.ok()["slug"]);
    for (number, typed) in WAYS.iter().enumerate() {
        let order = json!({"order_id": format!("A-{number}"), "customer_details": {"email": format!("f{number}@mail.example")},
                           "amount": 5000, "currency": "EUR", "evidence": {"code": typed}});
        let order = shop.post("/v1/conversions", order).await.created();
        assert_eq!(order["attribution"]["advocate"], "anna", "{typed:?}");
        let asked = json!({"evidence": {"code": typed}});
        assert_eq!(shop.post("/v1/referrals/check", asked).await.ok()["valid"], true);
        let in_path: String =
            url::form_urlencoded::byte_serialize(typed.as_bytes()).collect::<String>().replace('+', "%20");
        assert_eq!(shop.get(&format!("/v1/codes/{in_path}")).await.ok()["id"], made["id"], "{typed:?}");
        let opened = shop.anonymous().get(&format!("/c/{slug}/{in_path}")).header("user-agent", browser).await;
        assert!(opened.found().contains("gv="), "{typed:?}");
        let found = shop.post("/v1/customers/lookup", json!({"code": typed})).await.ok();
        assert_eq!(found["customers"][0]["external_id"], "anna");
    }
    shop.post(&codes, json!({"customer": "anna", "code": "s0mmer-27"})).await.ok();
}

async fn a_field_that_was_left_empty_is_no_code(shop: TestShop) {
    shop.post("/v1/vouchers", voucher("SOMMER-27")).await.created();
    let cart = json!({"codes": ["", " \t", "SOMMER-27", "-", {"code": "\n"}], "currency": "EUR", "amount": 5000,
                      "order_id": "A-1", "evidence": {"code": " - "}});
    let checked = shop.post("/v1/vouchers/check", cart.clone()).await.ok();
    assert_eq!((&checked["valid"], checked["lines"].as_array().map(Vec::len)), (&json!(true), Some(1)));
    shop.post("/v1/redemptions", cart).await.created();
    let wrong = json!({"codes": ["", "NOBODY"], "currency": "EUR", "amount": 5000, "order_id": "A-2"});
    let refused = shop.post("/v1/redemptions", wrong).await.refused(422, "voucher_unknown");
    assert_eq!(refused["errors"][0]["pointer"], "/codes/1");
}

async fn names_become_codes_without_losing_a_letter(shop: TestShop) {
    let codes = codes(&shop).await;
    let table = [
        ("María", "MARIA-"),
        ("Mari\u{301}a", "MARIA-"),
        ("Łukasz", "LUKASZ-"),
        ("Şule", "SULE-"),
        ("Þór", "THOR-"),
        ("Søren", "SOREN-"),
        ("Nguyễn", "NGUYEN-"),
        ("Jörg", "JOERG-"),
        ("Юлия", "YULIYA-"),
        ("Χρήστος", "CHRISTOS-"),
    ];
    for (number, (name, start)) in table.into_iter().enumerate() {
        let customer = format!("c-{number}");
        shop.put(&format!("/v1/customers/{customer}"), json!({"first_name": name})).await.created();
        let made = shop.post(&codes, json!({"customer": customer})).await.created();
        let code = text(&made["code"]);
        assert!(code.starts_with(start), "{name}: {code}");
        // Who types her name as she writes it has her code.
        let typed = format!("{name} {}", &code[start.len()..]);
        let asked = json!({"evidence": {"code": typed}});
        assert_eq!(shop.post("/v1/referrals/check", asked).await.ok()["valid"], true, "{typed}");
    }
}

async fn names_become_slugs_without_losing_a_letter(shop: TestShop) {
    for (name, slug) in [("Café Müller", "cafe-mueller"), ("Łódź leci", "lodz-leci"), ("Друзья", "druzya")] {
        assert_eq!(shop.program(json!({"name": name, "slug": null})).await["slug"], slug);
    }
}
