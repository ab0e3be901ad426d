//! Shares: made once for each place, shown with their words, adopted, drawn, and seen as a tree.

use futures_util::future::join_all;

use crate::support::*;

on_both!(
    a_share_is_the_same_for_the_same_place,
    equal_requests_at_once_make_one_share,
    several_channels_come_in_one_call,
    a_share_of_a_product_page_is_one_of_its_own,
    links_lead_to_the_landing_hosts_alone,
    words_come_in_the_language_asked_for,
    words_that_name_the_code_make_one,
    who_came_by_a_link_and_shares_on_stands_in_its_tree,
    a_share_that_nobody_owns_is_adopted_once,
    a_link_is_drawn_as_a_qr_code,
    lists_are_narrowed,
    a_share_of_another_shop_is_not_there,
    bad_shares_are_refused,
);

fn whatsapp(program: &Value) -> Value {
    json!({"program": program["id"], "customer": "a", "channel": "whatsapp"})
}

async fn a_share_is_the_same_for_the_same_place(shop: TestShop) {
    let program = shop.program(json!({})).await;
    shop.customer("a").await;
    let first = shop.post("/v1/shares", whatsapp(&program)).await.created();
    assert_eq!((&first["status"], &first["depth"], &first["root"]), (&json!("made"), &json!(1), &first["id"]));
    let again = shop.post("/v1/shares", whatsapp(&program)).await.ok();
    assert_eq!(first, again);
    let by_slug = json!({"program": "weitersagen", "customer": first["customer_id"], "channel": "whatsapp"});
    assert_eq!(shop.post("/v1/shares", by_slug).await.ok()["id"], first["id"]);
    let mut placed = whatsapp(&program);
    placed["placement"] = json!("footer");
    assert_ne!(shop.post("/v1/shares", placed).await.created()["id"], first["id"]);
    let nobody = json!({"program": program["id"], "channel": "whatsapp"});
    let one = shop.post("/v1/shares", nobody.clone()).await.created();
    let other = shop.post("/v1/shares", nobody).await.created();
    assert_ne!(one["token"], other["token"]);
    assert_eq!(shop.get(&path("/v1/shares", &first["id"])).await.ok(), first);
}

async fn equal_requests_at_once_make_one_share(shop: TestShop) {
    let program = shop.program(json!({})).await;
    shop.customer("a").await;
    let answers = join_all((0..16).map(|_| shop.post("/v1/shares", whatsapp(&program)).into_future())).await;
    assert_eq!(answers.iter().filter(|answer| answer.status() == 201).count(), 1);
    assert_eq!(shop.list("/v1/shares").await.len(), 1);
}

async fn several_channels_come_in_one_call(shop: TestShop) {
    let program = shop.program(json!({})).await;
    shop.customer("a").await;
    let several = json!({"program": program["id"], "customer": "a", "channels": ["telegram", "signal", "x"]});
    let shares = elements(&shop.post("/v1/shares", several.clone()).await.created()["data"]);
    let channels: Vec<_> = shares.iter().map(|share| share["channel"].clone()).collect();
    assert_eq!(channels, [json!("telegram"), json!("signal"), json!("x")]);
    assert_eq!((&shares[0]["private"], &shares[2]["private"]), (&json!(true), &json!(false)));
    assert_eq!(shares[1]["send_url"], json!({"mobile": null, "desktop": null}));
    assert_eq!(elements(&shop.post("/v1/shares", several).await.ok()["data"]), shares);
}

async fn a_share_of_a_product_page_is_one_of_its_own(shop: TestShop) {
    let program = shop.program(json!({})).await;
    shop.customer("a").await;
    let first = shop.post("/v1/shares", whatsapp(&program)).await.created();
    let mut product = whatsapp(&program);
    product["landing_url"] = json!("https://shop.example/mug?color=blue#reviews");
    product["preview"] = json!({"title": "The mug", "image_url": "https://shop.example/mug.jpg"});
    let share = shop.post("/v1/shares", product.clone()).await.created();
    assert_ne!(share["id"], first["id"]);
    product["preview"]["title"] = json!("The blue mug");
    let renewed = shop.post("/v1/shares", product).await.ok();
    assert_eq!((&renewed["id"], &renewed["preview"]["title"]), (&share["id"], &json!("The blue mug")));
}

async fn links_lead_to_the_landing_hosts_alone(shop: TestShop) {
    let program = shop.program(json!({})).await;
    for landing_url in [
        "https://evil.example/",
        "https://shop.example.evil.example/",
        "http://shop.example/",
        "//shop.example",
        "javascript:alert(1)",
        "https://shop.example@evil.example/",
        "https://shop.example\\@evil.example/",
    ] {
        let share = json!({"program": program["id"], "channel": "copy", "landing_url": landing_url});
        shop.post("/v1/shares", share).await.refused(422, "url_not_allowed");
    }
    let share =
        json!({"program": program["id"], "channel": "copy", "preview": {"image_url": "ftp://shop.example/a.jpg"}});
    shop.post("/v1/shares", share).await.refused(422, "invalid_field");
    assert!(shop.list("/v1/shares").await.is_empty());
}

async fn words_come_in_the_language_asked_for(shop: TestShop) {
    let content = json!({"de": {"title": "Kaffee", "text": "Für dich {friend_reward}: {link}"},
                         "en": {"title": "Coffee", "text": "For you", "texts": {"sms": "Short: {link}"}}});
    let program = shop.program(json!({"content": content})).await;
    shop.customer("a").await;
    let german = shop.post("/v1/shares", whatsapp(&program)).await.created();
    let link = german["url"].as_str().expect("a link");
    assert_eq!(german["text"], format!("Für dich 5,00 € Rabatt: {link}"));
    assert_eq!((&german["subject"], &german["locale"]), (&json!("Kaffee"), &json!("de")));
    let english = json!({"program": program["id"], "channels": ["whatsapp", "sms"], "locale": "en-GB"});
    let english = elements(&shop.post("/v1/shares", english).await.created()["data"]);
    assert_eq!(english[0]["text"], format!("For you\n{}", english[0]["url"].as_str().expect("a link")));
    assert_eq!(english[1]["text"], format!("Short: {}", english[1]["url"].as_str().expect("a link")));
}

async fn words_that_name_the_code_make_one(shop: TestShop) {
    let program = shop.program(json!({"content": {"de": {"text": "Mit {code}: {link}"}}})).await;
    shop.put("/v1/customers/a", json!({"first_name": "Anna", "locale": "de"})).await.created();
    let share = shop.post("/v1/shares", whatsapp(&program)).await.created();
    let text = share["text"].as_str().expect("a text");
    let code = text.strip_prefix("Mit ").and_then(|rest| rest.split(':').next()).expect("a code");
    assert_eq!(shop.get(&format!("/v1/codes/{code}")).await.ok()["customer"], "a");
}

async fn who_came_by_a_link_and_shares_on_stands_in_its_tree(shop: TestShop) {
    let program = shop.program(json!({})).await;
    for customer in ["a", "b", "c"] {
        shop.customer(customer).await;
    }
    let root = shop.post("/v1/shares", whatsapp(&program)).await.created();
    let on = |customer: &'static str, parent: &Value| json!({"program": program["id"], "customer": customer, "channel": "signal", "parent_token": parent["token"]});
    let second = shop.post("/v1/shares", on("b", &root)).await.created();
    let third = shop.post("/v1/shares", on("c", &second)).await.created();
    assert_eq!((&third["parent"], &third["root"], &third["depth"]), (&second["id"], &root["id"], &json!(3)));
    let own = shop.post("/v1/shares", on("a", &root)).await.created();
    assert_eq!((&own["parent"], &own["depth"]), (&json!(null), &json!(1)));
    let mut unknown = on("b", &root);
    unknown["parent_token"] = json!("00000000000");
    unknown["placement"] = json!("other");
    shop.post("/v1/shares", unknown).await.refused(422, "share_unknown");
}

async fn a_share_that_nobody_owns_is_adopted_once(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let nobody = json!({"program": program["id"], "channel": "copy"});
    let share = shop.post("/v1/shares", nobody).await.created();
    for customer in ["a", "b", "f"] {
        shop.customer(customer).await;
    }
    let order = |id: &str| json!({"order_id": id, "customer": "f", "amount": 5000, "currency": "EUR", "evidence": {"token": share["token"]}});
    let unpaid = shop.post("/v1/conversions", order("1")).await.created();
    assert_eq!(unpaid["attribution"]["method"], "none");
    let adopt = format!("{}/adopt", path("/v1/shares", &share["id"]));
    assert_eq!(shop.post(&adopt, json!({"customer": "a"})).await.ok()["customer"], "a");
    shop.post(&adopt, json!({"customer": "a"})).await.ok();
    shop.post(&adopt, json!({"customer": "b"})).await.refused(409, "illegal_transition");
    shop.post(&adopt, json!({"customer": "cus_00000000000000000000000000"})).await.refused(422, "customer_unknown");
    shop.customer("g").await;
    let mut paid = order("2");
    paid["customer"] = json!("g");
    assert_eq!(shop.post("/v1/conversions", paid).await.created()["attribution"]["advocate"], "a");
    let counts = shop.get(&path("/v1/shares", &share["id"])).await.ok()["counts"].clone();
    assert_eq!((&counts["referrals"], &counts["conversions"]), (&json!(1), &json!(1)));
}

async fn a_link_is_drawn_as_a_qr_code(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "a").await;
    let place = path("/v1/shares", &share["id"]);
    let svg = shop.get(&format!("{place}/qr.svg")).await;
    assert!(svg.text().contains("<svg"));
    assert_eq!(svg.header("content-type"), Some("image/svg+xml"));
    let png = shop.get(&format!("{place}/qr.png")).await;
    assert!(png.bytes().starts_with(b"\x89PNG"));
    shop.get("/v1/shares/shr_00000000000000000000000000/qr.svg").await.refused(404, "not_found");
    // In the shop's colour, as long as a camera reads it.
    for (color, drawn) in [("#0a7d3c", "#0a7d3c"), ("#ffcc00", "#000000")] {
        let etag = shop.get("/v1/shop").await.etag();
        shop.patch("/v1/shop", json!({"brand": {"color": color}})).if_match(&etag).await.ok();
        let svg = shop.get(&format!("{place}/qr.svg")).await;
        assert!(svg.text().contains(drawn), "{color}: {}", svg.text());
        let png = shop.get(&format!("{place}/qr.png")).await;
        let number = u32::from_str_radix(&drawn[1..], 16).expect("a colour").to_be_bytes();
        let palette = [b"PLTE".as_slice(), &number[1..]].concat();
        let is_drawn = png.bytes().windows(palette.len()).any(|part| part == palette);
        assert_eq!(is_drawn, drawn == color, "{color}: black needs no palette");
    }
}

async fn lists_are_narrowed(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let other = shop.program(json!({"name": "Second"})).await;
    shop.share(&program, "a").await;
    shop.share(&other, "b").await;
    shop.post("/v1/shares", json!({"program": other["id"], "customer": "b", "channel": "sms"})).await.created();
    let count = async |query: &str| shop.list(&format!("/v1/shares?{query}")).await.len();
    assert_eq!(count("program=second").await, 2);
    assert_eq!(count(&format!("program={}", program["id"].as_str().expect("an id"))).await, 1);
    assert_eq!(count("external_id=b&channel=sms").await, 1);
    assert_eq!(count("external_id=nobody").await, 0);
    assert_eq!(shop.list("/v1/customers/b/shares").await.len(), 2);
    shop.get("/v1/customers/nobody/shares").await.refused(404, "not_found");
    let csv = shop.get("/v1/shares").header("accept", "text/csv").await;
    assert_eq!(csv.text().lines().next().and_then(|line| line.split(',').next()), Some("id"));
}

async fn a_share_of_another_shop_is_not_there(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "a").await;
    let other = shop.another().await;
    other.customer("a").await;
    let place = path("/v1/shares", &share["id"]);
    other.get(&place).await.refused(404, "not_found");
    other.get(&format!("{place}/tree")).await.refused(404, "not_found");
    other.post(&format!("{place}/adopt"), json!({"customer": "a"})).await.refused(404, "not_found");
    other.post("/v1/shares", whatsapp(&program)).await.refused(422, "program_unknown");
    let own = other.program(json!({})).await;
    let child = json!({"program": own["id"], "channel": "sms", "parent_token": share["token"]});
    other.post("/v1/shares", child).await.refused(422, "share_unknown");
}

async fn bad_shares_are_refused(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let paused = shop.program(json!({"name": "Paused", "status": "draft"})).await;
    let id = &program["id"];
    let table = [
        (json!({"program": "nothing", "channel": "sms"}), 422, "program_unknown"),
        (json!({"program": id, "channel": "pigeon"}), 422, "channel_unknown"),
        (json!({"program": id, "channels": ["sms", "pigeon"]}), 422, "channel_unknown"),
        (
            json!({"program": id, "channel": "sms", "customer": "cus_00000000000000000000000000"}),
            422,
            "customer_unknown",
        ),
        (json!({"program": id}), 422, "invalid_field"),
        (json!({"program": id, "channel": "sms", "channels": ["sms"]}), 422, "invalid_field"),
        (json!({"program": id, "channels": []}), 422, "invalid_field"),
        (json!({"program": id, "channel": "sms", "locale": 5}), 422, "invalid_field"),
        (json!({"program": id, "channel": "sms", "color": "red"}), 422, "unknown_field"),
        (json!({"program": paused["id"], "channel": "sms"}), 409, "program_not_active"),
    ];
    for (share, status, code) in table {
        shop.post("/v1/shares", share).await.refused(status, code);
    }
    shop.key(&["shares:read"])
        .await
        .post("/v1/shares", json!({"program": id, "channel": "sms"}))
        .await
        .refused(403, "forbidden");
}
