//! A code that can be spent is shown in full to who may spend it, to the customer whose it is, and to who has it
//! revealed with a reason. Every other view shows its end.

use crate::support::*;

on_both!(
    who_may_not_redeem_sees_the_end_of_a_code,
    who_changes_a_voucher_sees_no_more_than_who_reads_it,
    a_hold_shows_support_no_code_that_they_did_not_type,
    what_an_import_refused_names_no_code,
);

/// Every view that shows a code, with the scope that opens it.
const VIEWS: &[(&str, &str)] = &[
    ("vouchers:read", "/v1/vouchers"),
    ("vouchers:read", "/v1/vouchers?format=csv"),
    ("vouchers:read", "/v1/vouchers/{voucher}"),
    ("vouchers:read", "/v1/redemptions"),
    ("vouchers:read", "/v1/redemptions?format=csv"),
    ("vouchers:read", "/v1/redemptions/{redemption}"),
    ("vouchers:read", "/v1/holds"),
    ("vouchers:read", "/v1/holds/{hold}"),
    ("customers:read", "/v1/customers/anna/vouchers"),
    ("customers:read", "/v1/customers/anna/vouchers?format=csv"),
    ("customers:read", "/v1/customers/anna/export"),
];

/// Views that name a voucher and never show its code, whoever looks.
const WITHOUT: &[&str] = &[
    "/v1/customers/anna/timeline",
    "/v1/customers/anna/rewards",
    "/v1/customers/anna/entries",
    "/v1/rewards",
    "/v1/grants",
    "/v1/messages",
    "/v1/events?limit=200",
    "/v1/audit_log",
];

async fn a_card(shop: &TestShop) -> Value {
    let card = json!({"kind": "gift_card", "amount": 5000, "customer": "anna"});
    shop.post("/v1/vouchers", card).await.created()
}

fn cart(code: &Value, name: &str, value: &str) -> Value {
    let mut cart =
        json!({"codes": [{"code": code, "amount": 1000}], "customer": "anna", "currency": "EUR", "amount": 4990});
    cart[name] = json!(value);
    cart
}

async fn who_may_not_redeem_sees_the_end_of_a_code(shop: TestShop) {
    shop.customer("anna").await;
    let card = a_card(&shop).await;
    let code = text(&card["code"]);
    let redemption = shop.post("/v1/redemptions", cart(&card["code"], "order_id", "A-1")).await.created();
    let hold = shop.post("/v1/holds", cart(&card["code"], "cart_id", "C-1")).await.created();
    let masked = format!("****{}", &code[code.len() - 4..]);
    for (scope, view) in VIEWS {
        let view = view.replace("{voucher}", &text(&card["id"])).replace("{redemption}", &text(&redemption["id"]));
        let view = view.replace("{hold}", &text(&hold["id"]));
        let (reader, spender) = (shop.key(&[scope]).await, shop.key(&[scope, "vouchers:redeem"]).await);
        let (read, full) = (reader.get(&view).await, spender.get(&view).await);
        assert!(!read.text().contains(&code) && read.text().contains(&masked), "{view}: {read:?}");
        assert!(full.text().contains(&code), "{view}: {full:?}");
        let secret = spender.authorization().expect("a key").trim_start_matches("Bearer ").to_owned();
        let wanted = json!({"grant_type": "client_credentials", "client_secret": secret, "scope": scope});
        let token = text(&shop.anonymous().post("/v1/token", wanted).await.ok()["access_token"]);
        let narrowed = Actor::bearer(shop.base(), &token).get(&view).await;
        assert!(!narrowed.text().contains(&code), "{view}: {narrowed:?}");
    }
    for view in WITHOUT {
        assert!(!shop.get(view).await.text().contains(&code), "{view}");
    }
    let reader = shop.key(&["vouchers:read", "customers:read"]).await;
    let found = reader.post("/v1/vouchers/lookup", json!({"code": code})).await.ok();
    assert_eq!((&found["id"], &found["code"]), (&card["id"], &json!(masked)));
    assert!(!reader.post("/v1/customers/lookup", json!({"code": code})).await.text().contains(&code));
    let revealed = shop.operator("support").await;
    let place = format!("{}/reveal", path("/v1/vouchers", &card["id"]));
    let why = json!({"reason": "she cannot read her mail"});
    assert_eq!(revealed.post(&place, why).await.ok()["code"], json!(code));
    assert_eq!(shop.browser("anna").await.get("/v1/me/vouchers").await.ok()["data"][0]["code"], json!(code));
}

async fn who_changes_a_voucher_sees_no_more_than_who_reads_it(shop: TestShop) {
    let writer = shop.key(&["vouchers:write"]).await;
    let voucher = json!({"kind": "amount_off", "amount": 500, "max_redemptions": 3, "reference": "V-1"});
    let made = writer.post("/v1/vouchers", voucher.clone()).key("k").await;
    let code = text(&made.created()["code"]);
    assert!(!code.contains('*'), "who makes one has it to hand out: {code}");
    let again = writer.post("/v1/vouchers", voucher.clone()).key("k").await;
    assert_eq!((again.bytes(), again.header("idempotent-replayed")), (made.bytes(), Some("true")));
    let place = path("/v1/vouchers", &made.created()["id"]);
    let why = json!({"reason": "by mistake"});
    let other = shop.key(&["vouchers:write"]).await;
    let answers = [
        other.post("/v1/vouchers", voucher).await,
        other.patch(&place, json!({"min_order_amount": 100})).if_match("\"1\"").await,
        other.post(&format!("{place}/void"), why.clone()).await,
        other.post(&format!("{place}/void"), why).await,
    ];
    for answer in answers {
        assert_eq!(answer.ok()["code"], json!(format!("****{}", &code[code.len() - 4..])), "{answer:?}");
    }
    assert_eq!(shop.get(&place).await.ok()["code"], json!(code));
    // Of a short one the end would be all of it.
    let short = json!({"kind": "amount_off", "amount": 500, "max_redemptions": 3, "code": "GIFT7"});
    let short = writer.post("/v1/vouchers", short).await.created();
    let reader = shop.key(&["vouchers:read"]).await;
    assert_eq!(reader.get(&path("/v1/vouchers", &short["id"])).await.ok()["code"], "****7");
}

async fn a_hold_shows_support_no_code_that_they_did_not_type(shop: TestShop) {
    shop.customer("anna").await;
    let card = a_card(&shop).await;
    let code = text(&card["code"]);
    let hold = shop.post("/v1/holds", cart(&card["code"], "cart_id", "C-1")).await.created();
    let support = shop.operator("support").await;
    let order = json!({"hold": hold["id"], "order_id": "A-1"});
    for answer in [support.post("/v1/redemptions", order.clone()).await, support.post("/v1/redemptions", order).await] {
        assert!(matches!(answer.status(), 200 | 201), "{answer:?}");
        assert!(answer.text().contains("****") && !answer.text().contains(&code), "{answer:?}");
    }
    let typed = support.post("/v1/redemptions", cart(&card["code"], "order_id", "A-2")).await;
    assert_eq!(typed.created()["lines"][0]["code"], json!(code));
}

async fn what_an_import_refused_names_no_code(shop: TestShop) {
    shop.customer("anna").await;
    shop.program(json!({"slug": "tell"})).await;
    let code = text(&a_card(&shop).await["code"]);
    for (kind, file) in [
        ("codes", format!("code,customer,program\n{code},anna,tell\n")),
        ("vouchers", format!("code,kind,amount\n{code},amount_off,5\n")),
    ] {
        let job = shop.imported(kind, &file).await;
        assert_eq!(job["refused"], 1, "{job}");
        let errors = shop.key(&["imports:read"]).await.get(&format!("{}/errors", path("/v1/jobs", &job["id"]))).await;
        assert!(errors.text().contains("code_taken") && !errors.text().contains(&code), "{errors:?}");
    }
}
