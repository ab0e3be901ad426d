//! The shop's settings.

use serde_json::json;

use crate::support::*;

on_both!(
    settings_are_changed_by_the_version_that_was_read,
    left_out_stays_and_null_clears,
    what_cannot_be_set_is_refused_at_its_place,
    what_never_changes_is_no_setting,
    a_slug_belongs_to_one_shop,
    of_shops_that_want_a_slug_at_once_one_gets_it,
    links_may_lead_to_new_landing_hosts,
);

async fn settings_are_changed_by_the_version_that_was_read(shop: TestShop) {
    let read = shop.get("/v1/shop").await;
    let (etag, before) = (read.etag(), read.ok());
    shop.patch("/v1/shop", json!({"name": "Teehaus"})).await.refused(428, "precondition_required");
    let changed = shop.patch("/v1/shop", json!({"name": "Teehaus"})).if_match(&etag).await;
    assert_eq!(changed.ok()["name"], "Teehaus");
    assert_ne!(changed.etag(), etag);
    let late = shop.patch("/v1/shop", json!({"name": "Kaffeehaus"})).if_match(&etag).await;
    late.refused(412, "stale");
    let after = shop.get("/v1/shop").await;
    assert_eq!((after.etag(), &after.ok()["name"]), (changed.etag(), &json!("Teehaus")));
    assert_eq!(after.ok()["created_at"], before["created_at"]);
}

/// Changes settings by the version that is there.
async fn change(shop: &TestShop, body: Value) -> Answer {
    let etag = shop.get("/v1/shop").await.etag();
    shop.patch("/v1/shop", body).if_match(&etag).await
}

async fn left_out_stays_and_null_clears(shop: TestShop) {
    let body = json!({
        "time_zone": "Europe/Berlin", "locales": ["de", "en"], "home_url": "https://shop.example/",
        "link_base_url": "https://go.shop.example/", "sender": {"name": "Kaffee", "email": "post@shop.example"},
        "brand": {"color": "#5b3a29", "imprint": "Kaffee GmbH\nBerlin"}, "browser_origins": ["https://shop.example"],
        "mail": {"voucher_issued": "off"}, "grant_approval_above": 5000, "test_recipients": ["anna@example.org"],
    });
    let first = change(&shop, body).await.ok();
    assert_eq!(first["link_base_url"], "https://go.shop.example");
    assert_eq!(first["mail"]["voucher_issued"], "off");
    let second = change(&shop, json!({"sender": {"name": null}, "home_url": null})).await;
    let second = second.ok();
    assert_eq!(second["sender"], json!({"name": null, "email": "post@shop.example"}));
    assert_eq!((&second["grant_approval_above"], &second["home_url"]), (&json!(5000), &Value::Null));
    for kept in ["time_zone", "locales", "brand", "browser_origins", "mail", "test_recipients", "landing_hosts"] {
        assert_eq!(second[kept], first[kept], "{kept}");
    }
}

async fn what_cannot_be_set_is_refused_at_its_place(shop: TestShop) {
    let before = shop.get("/v1/shop").await;
    let table = [
        (json!({"time_zone": "Mars/Base"}), "invalid_field", "/time_zone"),
        (json!({"locales": []}), "invalid_field", "/locales"),
        (json!({"mark_parameters": []}), "invalid_field", "/mark_parameters"),
        (json!({"mark_parameters": ["a", "b", "c", "d", "e", "f"]}), "invalid_field", "/mark_parameters"),
        (json!({"mark_parameters": ["gv", "utm_id"]}), "invalid_field", "/mark_parameters/1"),
        (json!({"mark_parameters": ["UTM_term"]}), "invalid_field", "/mark_parameters/0"),
        (json!({"mark_parameters": ["a b"]}), "invalid_field", "/mark_parameters/0"),
        (json!({"mark_parameters": ["1gv"]}), "invalid_field", "/mark_parameters/0"),
        (json!({"locales": ["de", "Deutsch"]}), "invalid_field", "/locales/1"),
        (json!({"landing_hosts": ["https://shop.example"]}), "invalid_field", "/landing_hosts/0"),
        (json!({"landing_hosts": ["shop.example", "*.example"]}), "invalid_field", "/landing_hosts/1"),
        (json!({"home_url": "javascript:alert(1)"}), "url_not_allowed", "/home_url"),
        (json!({"link_base_url": "https://u:p@go.example"}), "url_not_allowed", "/link_base_url"),
        (json!({"slug": "Not A Slug"}), "invalid_field", "/slug"),
        (json!({"browser_origins": ["*"]}), "invalid_field", "/browser_origins/0"),
        (json!({"sender": {"email": "nobody"}}), "invalid_field", "/sender/email"),
        (json!({"brand": {"color": "#12345z"}}), "invalid_field", "/brand/color"),
        (json!({"mail": {"voucher_issued": "maybe"}}), "invalid_field", "/mail/voucher_issued"),
        (json!({"grant_approval_above": -1}), "invalid_field", "/grant_approval_above"),
        (json!({"grant_approval_above": 10.5}), "invalid_field", "/grant_approval_above"),
        (json!({"test_recipients": ["anna"]}), "invalid_field", "/test_recipients/0"),
        (json!({"retention": 3}), "unknown_field", "/retention"),
    ];
    for (body, code, pointer) in table {
        let problem = change(&shop, body.clone()).await.refused(422, code);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}");
    }
    assert_eq!(shop.get("/v1/shop").await.etag(), before.etag(), "nothing was changed");
}

async fn what_never_changes_is_no_setting(shop: TestShop) {
    for body in [json!({"currency": "USD"}), json!({"mode": "live"}), json!({"id": "shp_1"})] {
        change(&shop, body).await.refused(422, "unknown_field");
    }
}

async fn a_slug_belongs_to_one_shop(shop: TestShop) {
    let own = shop.get("/v1/shop").await.ok()["slug"].clone();
    change(&shop, json!({"slug": own})).await.ok();
    let other = shop.another().await;
    let problem = change(&other, json!({"slug": own})).await.refused(409, "code_taken");
    assert_eq!(problem["errors"][0]["pointer"], "/slug");
    let free = fresh("slug").to_lowercase();
    assert_eq!(change(&other, json!({"slug": free})).await.ok()["slug"], free);
}

async fn of_shops_that_want_a_slug_at_once_one_gets_it(shop: TestShop) {
    let others = [shop.another().await, shop.another().await];
    for _ in 0..5 {
        let wanted = json!({"slug": fresh("slug").to_lowercase()});
        let asks = [&shop, &others[0], &others[1]].map(|shop| change(shop, wanted.clone()));
        let answers = futures_util::future::join_all(asks).await;
        let (got, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status() == 200);
        assert_eq!(got.len(), 1, "{} were given it", got.len());
        for answer in refused {
            assert_eq!(answer.refused(409, "code_taken")["errors"][0]["pointer"], "/slug");
        }
    }
}

async fn links_may_lead_to_new_landing_hosts(shop: TestShop) {
    let program = json!({"name": "Tell", "landing_url": "https://new.example/welcome"});
    shop.post("/v1/programs", program.clone()).await.refused(422, "url_not_allowed");
    change(&shop, json!({"landing_hosts": ["shop.example", "NEW.example"]})).await.ok();
    shop.post("/v1/programs", program).await.created();
}
