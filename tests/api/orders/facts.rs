//! Facts are taken as people make them: what shoppers type refuses no order, whom nobody knows becomes known, one
//! phone number is one person however it is written. What developers write stays strict.

use crate::support::*;

on_both!(
    a_detail_that_nobody_needs_refuses_nothing,
    what_is_typed_is_put_in_order,
    what_was_left_aside_is_said_again,
    a_guest_without_an_address_is_nobody,
    what_developers_write_stays_strict,
    whom_nobody_knows_becomes_known,
    what_is_done_by_hand_knows_whom_it_names,
    one_number_is_one_person_in_every_country,
    a_number_is_found_after_the_country_is_told,
    the_country_of_a_shop_is_guessed_and_can_be_told,
    an_address_that_cannot_be_written_to_is_none,
    an_order_of_the_erased_is_told_again,
    a_reward_of_nothing_says_so,
    own_codes_have_one_bound,
);

fn order(id: &str, fields: Value) -> Value {
    with(json!({"order_id": id, "amount": 4990, "currency": "EUR"}), fields)
}

fn with(mut body: Value, fields: Value) -> Value {
    body.as_object_mut().expect("an object").extend(fields.as_object().cloned().expect("an object"));
    body
}

/// Where something was left aside.
#[track_caller]
fn ignored(answer: &Value) -> Vec<String> {
    let aside = answer["ignored"].as_array().cloned().unwrap_or_default();
    assert!(aside.iter().all(|aside| !text(&aside["detail"]).is_empty()), "{aside:?}");
    aside.iter().map(|aside| text(&aside["pointer"])).collect()
}

async fn set(shop: &TestShop, change: Value) -> Value {
    let etag = shop.get("/v1/shop").await.etag();
    shop.patch("/v1/shop", change).if_match(&etag).await.ok()
}

/// What a shop's forms send, and of which field nothing can be used.
fn details() -> Vec<(Value, Option<&'static str>)> {
    let long = "a".repeat(300);
    vec![
        (json!({"phone": ""}), None),
        (json!({"phone": "-"}), Some("phone")),
        (json!({"phone": "n/a"}), Some("phone")),
        (json!({"phone": "0000000000"}), Some("phone")),
        (json!({"phone": "030 1234567 or 0170 1234567"}), Some("phone")),
        (json!({"name": ""}), None),
        (json!({"name": " \t"}), None),
        (json!({"name": long}), Some("name")),
        (json!({"name": "Anna\r\nKaiser"}), None),
        (json!({"locale": "de_DE"}), None),
        (json!({"locale": "es-419"}), None),
        (json!({"locale": "zh-Hant-TW"}), None),
        (json!({"locale": "C"}), Some("locale")),
        (json!({"email": ""}), None),
        (json!({"email": " frieda@mail.example "}), None),
        (json!({"email": "bjo\u{308}rn@mail.example"}), None),
        (json!({"email": "none"}), Some("email")),
        (json!({"email": "\"q q\"@example.org"}), Some("email")),
        (json!({"email": "a@[127.0.0.1]"}), Some("email")),
        (json!({"email": null, "phone": null, "name": null, "locale": null}), None),
    ]
}

async fn a_detail_that_nobody_needs_refuses_nothing(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "anna").await;
    let voucher = json!({"kind": "amount_off", "amount": 100, "currency": "EUR", "max_redemptions": null});
    let voucher = shop.post("/v1/vouchers", voucher).await.created();
    let evidence = json!({"token": share["token"]});
    for (number, (told, aside)) in details().into_iter().enumerate() {
        let name = format!("c-{number}");
        let at = |object: &str| aside.map(|field| format!("/{object}/{field}")).into_iter().collect::<Vec<_>>();
        let cart = json!({"codes": [voucher["code"]], "customer": name, "customer_details": told});
        let cart = order(&name, with(cart, json!({"order_id": format!("R-{number}")})));
        let checked = shop.post("/v1/vouchers/check", cart.clone()).without("idempotency-key").await.ok();
        let held = shop.post("/v1/holds", cart.clone()).await.created();
        let redeemed = shop.post("/v1/redemptions", cart).await.created();
        let told_of = order(&name, json!({"customer": name, "customer_details": told, "evidence": evidence}));
        let recorded = shop.post("/v1/conversions", told_of).await.created();
        for answer in [&checked, &held, &redeemed, &recorded] {
            assert_eq!(ignored(answer), at("customer_details"), "{told}");
        }
        assert_eq!(recorded["attribution"]["advocate"], "anna", "{told}");
        let friend = json!({"friend": name, "friend_details": told, "evidence": evidence});
        let checked = shop.post("/v1/referrals/check", friend.clone()).without("idempotency-key").await.ok();
        let referral = shop.post("/v1/referrals", friend).await.ok();
        let sharing = json!({"program": program["id"], "customer": name, "customer_details": told, "channel": "sms"});
        let shared = shop.post("/v1/shares", sharing).await.created();
        assert_eq!([ignored(&checked), ignored(&referral)], [at("friend_details"), at("friend_details")], "{told}");
        assert_eq!(ignored(&shared), at("customer_details"), "{told}");
        let put = shop.put(&format!("/v1/customers/{name}"), told.clone()).await.ok();
        assert_eq!(ignored(&put), aside.map(|field| format!("/{field}")).into_iter().collect::<Vec<_>>(), "{told}");
    }
    for evidence in [json!({"code": "ANNA\nX"}), json!({"token": "x".repeat(2001)}), json!({"code": "x".repeat(129)})] {
        let id = fresh("E");
        let recorded = shop.post("/v1/conversions", order(&id, json!({ "evidence": evidence }))).await.created();
        let is_long = evidence.to_string().len() > 100;
        assert_eq!(ignored(&recorded).len(), usize::from(is_long), "{recorded}");
    }
}

async fn what_is_typed_is_put_in_order(shop: TestShop) {
    let typed = json!({"email": "\u{feff} Bjo\u{308}rn@mail.example\t", "phone": "\u{202a}+49 170 1234567\u{202c}",
                       "name": "Bjo\u{308}rn\nBerg ", "first_name": " Björn", "locale": "de_de"});
    let put = shop.put("/v1/customers/bjorn", typed).await;
    assert_eq!(put.json()["ignored"], json!([]), "that nothing was left aside is said, too");
    let put = put.created();
    let kept = [&put["email"], &put["phone"], &put["name"], &put["first_name"], &put["locale"]];
    assert_eq!(kept, ["Björn@mail.example", "+49 170 1234567", "Björn Berg", "Björn", "de-DE"]);
    let nothing = json!({"email": " ", "phone": "-", "name": "", "locale": "C", "first_name": null});
    let put = shop.put("/v1/customers/bjorn", nothing).await.ok();
    let kept = [&put["email"], &put["phone"], &put["name"], &put["locale"]];
    assert_eq!(
        kept,
        ["Björn@mail.example", "+49 170 1234567", "Björn Berg", "de-DE"],
        "what is no value clears nothing"
    );
    assert_eq!((&put["first_name"], ignored(&put)), (&Value::Null, vec!["/locale".to_owned(), "/phone".to_owned()]));
    let vouched = json!({"email": "none", "email_verified": true});
    let put = shop.put("/v1/customers/bjorn", vouched).await.ok();
    assert_eq!(put["email_verified"], false, "the shop vouches for an address that was left aside");
    assert_eq!(ignored(&put), ["/email", "/email_verified"]);
    let read = shop.get("/v1/customers/bjorn").await.ok();
    assert!(read.get("ignored").is_none(), "it is said of a request alone");
}

async fn what_was_left_aside_is_said_again(shop: TestShop) {
    let told = order("A-1", json!({"customer": "anna", "customer_details": {"phone": "n/a", "email": "x"}}));
    let first = shop.post("/v1/conversions", told.clone()).key("once").await;
    first.created();
    let again = shop.post("/v1/conversions", told.clone()).key("once").await;
    assert_eq!((again.header("idempotent-replayed"), again.text()), (Some("true"), first.text()));
    let same = shop.post("/v1/conversions", told).await.ok();
    assert_eq!(same["ignored"], first.json()["ignored"]);
    assert_eq!(ignored(&same), ["/customer_details/email", "/customer_details/phone"]);
    let none = shop.post("/v1/conversions", order("A-1", json!({"customer": "anna"}))).await;
    assert_eq!(none.json()["ignored"], json!([]));
}

async fn a_guest_without_an_address_is_nobody(shop: TestShop) {
    let cases = [
        (json!({}), vec![]),
        (json!({"email": "", "phone": ""}), vec![]),
        (json!({"email": "n/a"}), vec!["/customer_details/email"]),
        (json!({"name": "Gerd"}), vec!["/customer_details"]),
        (json!({"name": "Gerd", "phone": "-"}), vec!["/customer_details/phone", "/customer_details"]),
    ];
    for (number, (told, aside)) in cases.into_iter().enumerate() {
        let id = format!("A-{number}");
        let recorded = shop.post("/v1/conversions", order(&id, json!({"customer_details": told}))).await.created();
        assert_eq!(
            (&recorded["customer_id"], ignored(&recorded)),
            (&Value::Null, aside.iter().map(ToString::to_string).collect())
        );
    }
    assert_eq!(shop.list("/v1/customers").await.len(), 0);
    let grant =
        json!({"customer_details": {"name": "Gerd"}, "reward": {"kind": "gift_card", "amount": 100}, "reason": "x"});
    shop.post("/v1/grants", grant).await.refused(422, "invalid_field");
    let friend = json!({"friend_details": {"name": "Gerd"}, "evidence": {"code": "X"}});
    shop.post("/v1/referrals", friend).await.refused(422, "invalid_field");
}

async fn what_developers_write_stays_strict(shop: TestShop) {
    let typo =
        |field: &str, value: Value| json!({"customer": "anna", "customer_details": {"phone": "-", field: value}});
    let refused = [
        (typo("fax", json!("1")), "unknown_field"),
        (typo("email", json!(5)), "invalid_field"),
        (typo("locale", json!(["de"])), "invalid_field"),
        (json!({"amount": "5", "customer_details": {"phone": "-"}}), "invalid_field"),
        (json!({"currency": "XXX", "customer_details": {"phone": "-"}}), "invalid_field"),
        (json!({"kind": "Renewal", "customer_details": {"phone": "-"}}), "invalid_field"),
    ];
    for (fields, code) in refused {
        shop.post("/v1/conversions", order("A-1", fields)).await.refused(422, code);
    }
    let twice = r#"{"order_id":"A-1","amount":1,"currency":"EUR","customer_details":{"phone":"-"},"amount":2}"#;
    shop.post("/v1/conversions", json!({})).raw(twice).await.refused(422, "invalid_field");
    let etag = shop.get("/v1/shop").await.etag();
    shop.patch("/v1/shop", json!({"locales": ["de_DE"]})).if_match(&etag).await.refused(422, "invalid_field");
    let grant =
        json!({"customer_details": {"email": "x"}, "reward": {"kind": "gift_card", "amount": 1}, "reason": "x"});
    let fault = shop.post("/v1/grants", grant).await.refused(422, "invalid_field");
    assert_eq!(fault["errors"][0]["pointer"], "/customer_details/email");
}

async fn whom_nobody_knows_becomes_known(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "anna").await;
    let voucher = json!({"kind": "amount_off", "amount": 100, "currency": "EUR", "max_redemptions": null});
    let code = shop.post("/v1/vouchers", voucher).await.created()["code"].clone();
    shop.post("/v1/conversions", order("A-1", json!({"customer": "ordered"}))).await.created();
    let cart = |name: &str| order(&format!("R-{name}"), json!({"codes": [code], "customer": name}));
    let checked = shop.post("/v1/vouchers/check", cart("checked")).without("idempotency-key").await.ok();
    assert_eq!(checked["valid"], true);
    shop.post("/v1/holds", cart("held")).await.created();
    shop.post("/v1/redemptions", cart("redeemed")).await.created();
    let evidence = json!({"token": share["token"]});
    let friend = |name: &str| json!({"friend": name, "evidence": evidence});
    shop.post("/v1/referrals/check", friend("asked")).without("idempotency-key").await.ok();
    shop.post("/v1/referrals", friend("brought")).await.created();
    let sharing = json!({"program": program["id"], "channel": "sms"});
    shop.post("/v1/shares", with(sharing.clone(), json!({"customer": "shared"}))).await.created();
    let orphan = shop.post("/v1/shares", sharing).await.created();
    let adopt = path("/v1/shares", &orphan["id"]) + "/adopt";
    assert_eq!(shop.post(&adopt, json!({"customer": "adopted"})).await.ok()["customer"], "adopted");
    for name in ["ordered", "held", "redeemed", "brought", "shared", "adopted"] {
        assert_eq!(shop.get(&format!("/v1/customers/{name}")).await.ok()["external_id"], name);
    }
    for name in ["checked", "asked"] {
        shop.get(&format!("/v1/customers/{name}")).await.refused(404, "not_found");
    }
}

async fn what_is_done_by_hand_knows_whom_it_names(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let grant = json!({"customer": "nobody", "reward": {"kind": "gift_card", "amount": 100}, "reason": "late parcel"});
    shop.post("/v1/grants", grant.clone()).await.refused(422, "customer_unknown");
    let told = with(grant, json!({"customer_details": {"email": "nobody@mail.example"}}));
    shop.post("/v1/grants", told).await.refused(422, "customer_unknown");
    let voucher = json!({"kind": "amount_off", "amount": 100, "currency": "EUR", "customer": "nobody"});
    shop.post("/v1/vouchers", voucher).await.refused(422, "customer_unknown");
    let codes = path("/v1/programs", &program["id"]) + "/codes";
    shop.post(&codes, json!({"customer": "nobody"})).await.refused(422, "customer_unknown");
    let ours = order("A-1", json!({"customer": "cus_01kaskqz3m0d2w9xk7y5hd1v8r"}));
    shop.post("/v1/conversions", ours).await.refused(422, "customer_unknown");
    assert_eq!(shop.list("/v1/customers").await.len(), 0);
}

/// Ways in which one number is written in a country.
const NUMBERS: &[(&str, &[&str])] = &[
    ("DE", &["0161 5594078", "+49 0161 5594078", "0049 (0)161 5594078", "+49 161/5594078"]),
    ("IT", &["06 1234 5678", "+39 06 1234 5678", "0039 0612345678"]),
    ("ES", &["612 34 56 78", "+34 612 345 678", "0034 612345678"]),
    ("PL", &["512 345 678", "+48 512 345 678", "0048 512345678"]),
    ("DK", &["20 12 34 56", "+45 20123456", "0045 20123456"]),
    ("FI", &["040 1234567", "+358 40 1234567", "00358 (0)40 1234567"]),
    ("IE", &["085 012 3456", "+353 85 012 3456", "00353 (0)85 0123456"]),
    ("US", &["(212) 555-0123", "+1 212 555 0123", "1-212-555-0123", "011 1 212 555 0123"]),
    ("GB", &["07400 123456", "+44 (0)7400 123456", "0044 7400 123456"]),
    ("HU", &["06 20 123 4567", "+36 20 123 4567", "0036 20 1234567"]),
];

async fn guest_of(shop: &TestShop, number: &str) -> Value {
    let told = order(&fresh("A"), json!({"customer_details": {"phone": number}}));
    shop.post("/v1/conversions", told).await.created()["customer_id"].clone()
}

async fn one_number_is_one_person_in_every_country(shop: TestShop) {
    for (country, spellings) in NUMBERS {
        assert_eq!(set(&shop, json!({ "country": country })).await["country"], *country);
        let first = guest_of(&shop, spellings[0]).await;
        for spelling in *spellings {
            assert_eq!(guest_of(&shop, spelling).await, first, "{spelling} in {country}");
            let found = shop.post("/v1/customers/lookup", json!({"phone": spelling})).without("idempotency-key").await;
            assert_eq!(found.ok()["customers"][0]["id"], first, "{spelling} in {country}");
        }
    }
    assert_eq!(shop.list("/v1/customers").await.len(), NUMBERS.len());
}

/// As of numbers that were told before plans were asked: what was kept is what was typed.
async fn a_number_is_found_after_the_country_is_told(shop: TestShop) {
    for (country, spellings) in NUMBERS {
        let another = shop.another().await;
        let national = spellings[0];
        assert_eq!(another.get("/v1/shop").await.ok()["country"], Value::Null, "euros and UTC tell nothing");
        let before = guest_of(&another, national).await;
        set(&another, json!({ "country": country })).await;
        for spelling in *spellings {
            assert_eq!(guest_of(&another, spelling).await, before, "{spelling} in {country}");
        }
        another.delete(&path("/v1/customers", &before)).await.accepted();
        assert_ne!(guest_of(&another, national).await, before, "who was erased is not found by his number");
    }
}

async fn the_country_of_a_shop_is_guessed_and_can_be_told(shop: TestShop) {
    let steps = [
        (json!({"time_zone": "Europe/Rome"}), json!("IT")),
        (json!({"time_zone": "Europe/Berlin"}), json!("IT")),
        (json!({"country": "AT"}), json!("AT")),
        (json!({"name": "Kaffee"}), json!("AT")),
        (json!({"country": null}), json!("DE")),
        (json!({"country": null, "time_zone": "UTC"}), Value::Null),
    ];
    for (change, country) in steps {
        assert_eq!(set(&shop, change.clone()).await["country"], country, "{change}");
        assert_eq!(shop.get("/v1/shop").await.ok()["country"], country);
    }
    let etag = shop.get("/v1/shop").await.etag();
    for country in ["de", "UK", "EU", "XX", "Germany", ""] {
        shop.patch("/v1/shop", json!({ "country": country })).if_match(&etag).await.refused(422, "invalid_field");
    }
}

async fn an_address_that_cannot_be_written_to_is_none(shop: TestShop) {
    let etag = shop.get("/v1/shop").await.etag();
    for address in ["\"q q\"@example.org", "a@[127.0.0.1]", "a@127.0.0.1", "a@localhost", "a..b@example.org"] {
        let operator = json!({"email": address, "role": "viewer"});
        shop.post("/v1/operators", operator).await.refused(422, "invalid_field");
        let sender = json!({"sender": {"email": address}});
        shop.patch("/v1/shop", sender).if_match(&etag).await.refused(422, "invalid_field");
        let recipients = json!({"test_recipients": [address]});
        shop.patch("/v1/shop", recipients).if_match(&etag).await.refused(422, "invalid_field");
        let name = fresh("c");
        let put = shop.put(&format!("/v1/customers/{name}"), json!({ "email": address })).await.created();
        assert_eq!((&put["email"], ignored(&put)), (&Value::Null, vec!["/email".to_owned()]), "{address}");
        let grant = json!({"customer": name, "reward": {"kind": "gift_card", "amount": 100}, "reason": "late parcel"});
        let granted = shop.post("/v1/grants", grant).await.created();
        let mails = shop.list(&format!("/v1/messages?customer={name}")).await;
        assert_eq!(mails[0]["status"], "no_address", "{granted}");
    }
}

async fn an_order_of_the_erased_is_told_again(shop: TestShop) {
    shop.put("/v1/customers/anna", json!({"email": "anna@mail.example"})).await.created();
    let by_name = order("A-1", json!({"customer": "anna"}));
    let by_address = order("A-2", json!({"customer_details": {"email": "anna@mail.example"}}));
    let first = shop.post("/v1/conversions", by_name.clone()).await.created();
    let by_id = order("A-1", json!({"customer": first["customer_id"]}));
    let guest = shop.post("/v1/conversions", by_address.clone()).await.created();
    let voucher = json!({"kind": "amount_off", "amount": 100, "currency": "EUR", "max_redemptions": null});
    let code = shop.post("/v1/vouchers", voucher).await.created()["code"].clone();
    let cart = order("R-1", json!({"codes": [code], "customer": "anna"}));
    shop.post("/v1/redemptions", cart.clone()).await.created();
    shop.delete("/v1/customers/anna").await.accepted();
    shop.delete(&path("/v1/customers", &guest["customer_id"])).await.accepted();
    for told in [by_name, by_address, by_id] {
        let again = shop.post("/v1/conversions", told.clone()).await.ok();
        assert_eq!((&again["customer"], &again["amount"]), (&Value::Null, &json!(4990)), "{told}");
    }
    shop.post("/v1/redemptions", cart).await.ok();
    shop.post("/v1/conversions", with(order("A-1", json!({})), json!({"amount": 1})))
        .await
        .refused(409, "order_differs");
    assert_eq!(shop.list("/v1/customers").await.len(), 0, "nobody became known by what was told again");
}

async fn a_reward_of_nothing_says_so(shop: TestShop) {
    let rewards = json!([{"to": "advocate", "on": "conversion", "kind": "store_credit", "of_order_bps": 100},
                         {"to": "friend", "on": "conversion", "kind": "gift_card", "of_order_bps": 500}]);
    let program = shop.program(json!({"rewards": rewards, "qualifying": {"min_order_amount": 0}})).await;
    let share = shop.share(&program, "anna").await;
    let evidence = json!({"token": share["token"]});
    for (id, amount, reasons) in [("A-1", 0, 2), ("A-2", 40, 1)] {
        let told = with(order(id, json!({"customer": id, "evidence": evidence})), json!({ "amount": amount }));
        let refused = elements(&shop.post("/v1/conversions", told).await.created()["refused_rewards"]);
        assert_eq!(refused.len(), reasons, "{id}");
        assert!(refused.iter().all(|refused| refused["reason"] == "worth_nothing"), "{refused:?}");
    }
    let told = shop.get("/v1/customers/A-1/timeline").await.ok().to_string();
    assert!(!told.contains("worth_nothing"), "a timeline speaks in words: {told}");
}

async fn own_codes_have_one_bound(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let codes = path("/v1/programs", &program["id"]) + "/codes";
    let voucher = json!({"kind": "amount_off", "amount": 100, "currency": "EUR", "max_redemptions": 1});
    let long = ["A".repeat(16), "B".repeat(16)].join("-");
    let cases = [("ABC", false), ("A-B-C", false), ("ABCD", true), (long.as_str(), true), (&format!("{long}C"), false)];
    for (number, (code, fits)) in cases.into_iter().enumerate() {
        let name = format!("c-{number}");
        shop.customer(&name).await;
        let own = shop.post(&codes, json!({"customer": name, "code": format!("{code}1").get(1..)})).await;
        let given = shop.post("/v1/vouchers", with(voucher.clone(), json!({ "code": code }))).await;
        for answer in [own, given] {
            match fits {
                true => drop(answer.created()),
                false => drop(answer.refused(422, "invalid_field")),
            }
        }
    }
}
