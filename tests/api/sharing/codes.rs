//! Advocate codes.

use futures_util::future::join_all;

use crate::support::*;

on_both!(
    a_customer_has_one_code_in_a_program,
    a_chosen_code_is_kept_and_cannot_be_taken_twice,
    racing_customers_never_get_one_code,
    a_code_is_found_however_it_is_typed,
    a_codes_link_leads_as_a_shares_does,
    codes_need_an_active_program_and_a_known_customer,
);

async fn a_customer_has_one_code_in_a_program(shop: TestShop) {
    let program = shop.program(json!({})).await;
    shop.put("/v1/customers/c-7", json!({"first_name": "Jörg"})).await.created();
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    let first = shop.post(&codes, json!({"customer": "c-7"})).await.created();
    let again = shop.post(&codes, json!({"customer": "c-7"})).await.ok();
    assert_eq!(first, again);
    let code = first["code"].as_str().expect("a code");
    assert!(code.starts_with("JOERG-") && code.len() == 10, "{code}");
    assert!(first["url"].as_str().is_some_and(|url| url.ends_with(code)), "{first}");
    shop.post(&codes, json!({"customer": "c-7", "code": "OTHER-1"})).await.refused(409, "code_taken");
}

async fn a_chosen_code_is_kept_and_cannot_be_taken_twice(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    shop.customer("a").await;
    shop.customer("b").await;
    let code = shop.post(&codes, json!({"customer": "a", "code": "anna10"})).await.created();
    assert_eq!(code["code"], "ANNA10");
    shop.post(&codes, json!({"customer": "b", "code": "ANNA-10"})).await.refused(409, "code_taken");
    for bad in ["A-1", "ÄÖÜ-1", "A B C D", "<script>"] {
        shop.post(&codes, json!({"customer": "b", "code": bad})).await.refused(422, "invalid_field");
    }
    let other = shop.another().await;
    let program = other.program(json!({})).await;
    other.customer("b").await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    other.post(&codes, json!({"customer": "b", "code": "ANNA10"})).await.created();
}

async fn racing_customers_never_get_one_code(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    for number in 0..8 {
        shop.customer(&format!("c-{number}")).await;
    }
    let asks = (0..8).map(|number| {
        let wish = json!({"customer": format!("c-{number}"), "code": "SUMMER"});
        shop.post(&codes, wish).into_future()
    });
    let given = join_all(asks).await.iter().filter(|answer| answer.status() == 201).count();
    assert_eq!(given, 1);
}

async fn a_code_is_found_however_it_is_typed(shop: TestShop) {
    let program = shop.program(json!({})).await;
    shop.customer("a").await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    let code = shop.post(&codes, json!({"customer": "a", "code": "ANNA-7K2M"})).await.created();
    for typed in ["ANNA-7K2M", "anna7k2m", "%20Anna%207k2m"] {
        assert_eq!(shop.get(&format!("/v1/codes/{typed}")).await.ok(), code);
    }
    shop.get("/v1/codes/NOBODY").await.refused(404, "not_found");
    shop.another().await.get("/v1/codes/ANNA-7K2M").await.refused(404, "not_found");
}

async fn a_codes_link_leads_as_a_shares_does(shop: TestShop) {
    let program = shop.program(json!({})).await;
    shop.customer("a").await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    let code = shop.post(&codes, json!({"customer": "a"})).await.created();
    let link = code["url"].as_str().and_then(|url| url.split_once("/c/")).expect("a link").1;
    let browser = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";
    let opened = shop.anonymous().get(&format!("/c/{link}")).header("user-agent", browser).await;
    let evidence = opened.found().split("gv=").nth(1).and_then(|rest| rest.split('&').next()).expect("evidence");
    shop.customer("f").await;
    let order =
        json!({"order_id": "1", "customer": "f", "amount": 5000, "currency": "EUR", "evidence": {"token": evidence}});
    let order = shop.post("/v1/conversions", order).await.created();
    assert_eq!(order["attribution"]["advocate"], "a");
    shop.settle_visits().await;
    let share = shop.get(&path("/v1/shares", &code["share"])).await.ok();
    assert_eq!((&share["placement"], &share["counts"]["visits"]), (&json!("code"), &json!(1)));
    shop.anonymous().get("/c/nobody/ANNA").header("user-agent", browser).await.text();
}

async fn codes_need_an_active_program_and_a_known_customer(shop: TestShop) {
    let program = shop.program(json!({"status": "draft"})).await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    shop.customer("a").await;
    shop.post(&codes, json!({"customer": "a"})).await.refused(409, "program_not_active");
    shop.post(&codes, json!({"customer": "nobody"})).await.refused(422, "customer_unknown");
    shop.post("/v1/programs/nothing/codes", json!({"customer": "a"})).await.refused(404, "not_found");
    let viewer = shop.operator("viewer").await;
    viewer.post(&codes, json!({"customer": "a"})).await.refused(403, "forbidden");
}
