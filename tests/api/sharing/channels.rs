//! Channels: the built-in ones, and those that a shop adds.

use crate::support::*;

on_both!(
    the_built_in_channels_are_there,
    a_shop_adds_a_channel_and_shares_there,
    a_shop_changes_a_built_in_channel_for_itself,
    templates_that_run_scripts_are_refused,
);

async fn find(shop: &Actor, key: &str) -> Option<Value> {
    let channels = elements(&shop.get("/v1/channels").await.ok()["data"]);
    channels.into_iter().find(|channel| channel["key"] == key)
}

async fn the_built_in_channels_are_there(shop: TestShop) {
    let whatsapp = find(&shop, "whatsapp").await.expect("WhatsApp");
    assert_eq!(whatsapp["private"], true);
    assert_eq!(whatsapp["utm"], json!({"source": "whatsapp", "medium": "social", "source_platform": "dark_social"}));
    let signal = find(&shop, "signal").await.expect("Signal");
    assert_eq!(signal["send_url"], json!({"mobile": null, "desktop": null}));
    let facebook = find(&shop, "facebook").await.expect("Facebook");
    assert_eq!((&facebook["private"], &facebook["built_in"]), (&json!(false), &json!(true)));
}

async fn a_shop_adds_a_channel_and_shares_there(shop: TestShop) {
    let own = json!({"name": "Nextcloud Talk", "private": true,
        "send_url": {"mobile": null, "desktop": "https://talk.example/new?text={message}"}});
    shop.put("/v1/channels/talk", own.clone()).await.created();
    shop.put("/v1/channels/talk", own).await.ok();
    let channel = find(&shop, "talk").await.expect("the channel");
    assert_eq!((&channel["utm"]["source"], &channel["built_in"]), (&json!("talk"), &json!(false)));
    let program = shop.program(json!({})).await;
    let share = json!({"program": program["id"], "channel": "talk"});
    let share = shop.post("/v1/shares", share).await.created();
    assert_eq!((&share["private"], &share["send_url"]["mobile"]), (&json!(true), &json!(null)));
    let opens = share["send_url"]["desktop"].as_str().expect("a URL");
    assert!(opens.starts_with("https://talk.example/new?text=") && opens.contains("http%3A%2F%2F"), "{opens}");
    assert!(find(&*shop.another().await, "talk").await.is_none());
}

async fn a_shop_changes_a_built_in_channel_for_itself(shop: TestShop) {
    let before = find(&shop, "telegram").await.expect("Telegram");
    shop.put("/v1/channels/telegram", json!({"name": "Telegramm", "private": true})).await.created();
    let after = find(&shop, "telegram").await.expect("Telegram");
    assert_eq!((&after["name"], &after["built_in"]), (&json!("Telegramm"), &json!(false)));
    assert_eq!((&after["send_url"], &after["utm"]), (&before["send_url"], &before["utm"]));
}

async fn templates_that_run_scripts_are_refused(shop: TestShop) {
    for template in
        ["javascript:alert('{url}')", "data:text/html,{url}", "http://talk.example/{url}", "https://talk.example/"]
    {
        let own = json!({"name": "x", "private": true, "send_url": {"mobile": template}});
        let refused = shop.put("/v1/channels/x", own).await.refused(422, "invalid_field");
        assert_eq!(refused["errors"][0]["pointer"], "/send_url/mobile");
    }
    shop.put("/v1/channels/Not%20a%20key", json!({"name": "x", "private": true})).await.refused(422, "invalid_field");
    shop.put("/v1/channels/x", json!({"name": "x"})).await.refused(422, "invalid_field");
}
