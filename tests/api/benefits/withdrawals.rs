//! Mails that tell of a reward which was taken back, or of a part of it: to whom had been told of it.

use grapevine::demo::eml::Part;

use crate::shops::messages::{allow, arrived, message, reachable, told};
use crate::support::server::receiver;
use crate::support::*;

on_both!(
    what_an_order_took_away_is_told_to_both_sides,
    a_part_that_was_taken_is_told,
    what_is_taken_by_hand_is_told,
    a_withdrawal_is_sent_again_and_can_be_switched_off,
    who_was_never_told_is_not_told_that_it_is_gone,
    a_mail_that_was_sent_again_and_again_does_not_stand_in_the_way,
);

/// Ann's code in a program that pays at once: a card of a tenth of the order, and 5.00 off for the friend.
async fn code(shop: &TestShop) -> Value {
    let rewards = json!([{"to": "advocate", "on": "conversion", "kind": "gift_card", "of_order_bps": 1000},
                         {"to": "friend", "on": "conversion", "kind": "amount_off", "amount": 500}]);
    let program = shop.program(json!({"pending_days": 0, "rewards": rewards})).await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    shop.post(&codes, json!({"customer": "ann"})).await.created()["code"].clone()
}

/// Two people to whom the shop writes: Ann in English, Bob in German; their addresses.
async fn two(shop: &TestShop) -> [String; 2] {
    let addresses = ["ann", "bob"].map(|name| format!("{}@mail.example", fresh(name)).to_ascii_lowercase());
    allow(shop, &[&addresses[0], &addresses[1]]).await;
    for (name, address, locale) in [("ann", &addresses[0], "en"), ("bob", &addresses[1], "de")] {
        let customer = json!({"email": address, "name": format!("{name} Miller"), "locale": locale});
        shop.put(&format!("/v1/customers/{name}"), customer).await.created();
    }
    addresses
}

/// Bob's order of 50.00, credited to Ann; both get their mails.
async fn ordered(shop: &TestShop, [ann, bob]: &[String; 2]) -> Value {
    let order = json!({"order_id": "A-77", "customer": "bob", "amount": 5000, "currency": "EUR",
                       "evidence": {"code": code(shop).await}});
    let order = shop.post("/v1/conversions", order).await.created();
    arrived(ann, 1).await;
    arrived(bob, 1).await;
    shop.server().settle_mails().await;
    order
}

fn words(mail: &grapevine::demo::receiver::Mail) -> [String; 2] {
    let mail = Part::read(&mail.data);
    ["text/plain", "text/html"].map(|kind| mail.find(kind).expect("a part").text())
}

#[track_caller]
fn says(mail: &grapevine::demo::receiver::Mail, wanted: &[&str]) {
    for text in words(mail) {
        for words in wanted {
            assert!(text.contains(words), "{words} is not said: {text}");
        }
    }
}

async fn what_an_order_took_away_is_told_to_both_sides(shop: TestShop) {
    let addresses = two(&shop).await;
    let order = ordered(&shop, &addresses).await;
    shop.post("/v1/conversions/A-77/cancelled", json!({"reason": "bob changed his mind"})).await.ok();
    let (ann, bob) = (&arrived(&addresses[0], 2).await[1], &arrived(&addresses[1], 2).await[1]);
    assert_eq!(Part::read(&ann.data).header("subject"), Some("Taken back by Shop of a test: €5.00 gift card"));
    says(ann, &["ann Miller", "through your recommendation was cancelled or returned", "is no longer good."]);
    says(bob, &["Ihre Bestellung wurde ganz oder teilweise storniert", "5,00 € Rabatt", "gilt nicht mehr."]);
    for text in words(ann) {
        for name in ["bob", "A-77", "changed his mind", order["customer_id"].as_str().expect("an id")] {
            assert!(!text.to_lowercase().contains(&name.to_lowercase()), "{name} is told: {text}");
        }
    }
    shop.server().settle_mails().await;
    let listed = shop.list("/v1/messages?kind=reward_withdrawn").await;
    let about: Vec<_> = listed.iter().map(|mail| (mail["customer"].clone(), mail["status"].clone())).collect();
    assert!(about.contains(&(json!("ann"), json!("sent"))) && about.contains(&(json!("bob"), json!("sent"))));
    let id = Part::read(&ann.data).header("message-id").expect("an id").to_owned();
    let ids: Vec<_> = listed.iter().map(|mail| format!("<{}>", text(&mail["message_id"]))).collect();
    assert!(ids.contains(&id), "{id}");
    shop.post("/v1/conversions/A-77/cancelled", json!({})).await.ok();
    shop.server().settle_mails().await;
    assert_eq!(shop.list("/v1/messages?kind=reward_withdrawn").await.len(), 2, "once");
    let told = elements(&shop.get("/v1/customers/ann/timeline?locale=en").await.ok()["data"]);
    let said = format!("A mail about a reward that was taken back went to {}.", addresses[0]);
    assert!(told.iter().any(|moment| moment["sentence"] == said), "{told:#?}");
    shop.books_balance().await;
}

async fn a_part_that_was_taken_is_told(shop: TestShop) {
    let addresses = two(&shop).await;
    let order = ordered(&shop, &addresses).await;
    let card = order["rewards"].as_array().expect("rewards").iter().find(|reward| reward["to"] == "advocate");
    let card = shop.get(&path("/v1/vouchers", &card.expect("a card")["voucher"])).await.ok();
    let refund = json!({"refund_id": "R-1", "amount": 2000, "kind": "withdrawal"});
    shop.post("/v1/conversions/A-77/refunds", refund).await.created();
    let mails = arrived(&addresses[0], 2).await;
    says(&mails[1], &["€2.00 gift card", "Left for you: €3.00.", "stays good for what is left."]);
    let cart = json!({"codes": [card["code"]], "order_id": "N-1", "amount": 100, "currency": "EUR", "customer": "ann"});
    shop.post("/v1/redemptions", cart).await.created();
    shop.post("/v1/conversions/A-77/refunds", json!({"refund_id": "R-2", "kind": "refund"})).await.created();
    let mails = arrived(&addresses[0], 3).await;
    says(&mails[2], &["€2.00 gift card", "What you have already spent of it stays yours.", "is no longer good."]);
    // The money that was spent comes back, and goes the way of the rest.
    let redemption = shop.list("/v1/redemptions").await[0]["id"].clone();
    let reversal = json!({"reversal_id": "V-1", "reason": "the card was refused"});
    shop.post(&format!("{}/reversals", path("/v1/redemptions", &redemption)), reversal).await.created();
    says(&arrived(&addresses[0], 4).await[3], &["€1.00 gift card", "is no longer good."]);
    shop.server().settle_mails().await;
    let bob = receiver().mails_to(&addresses[1]);
    assert_eq!(bob.len(), 2, "of his own nothing was taken before the last refund");
    shop.books_balance().await;
}

async fn what_is_taken_by_hand_is_told(shop: TestShop) {
    let address = reachable(&shop, "anna").await;
    let card = json!({"kind": "gift_card", "amount": 1500});
    for (place, void) in ["/v1/rewards", "/v1/vouchers"].into_iter().enumerate() {
        let mail = told(&shop, "anna", card.clone()).await;
        arrived(&address, 2 * place + 1).await;
        shop.server().settle_mails().await;
        let reward = shop.get(&path("/v1/rewards", &mail["reward"])).await.ok();
        let id = if place == 0 { &reward["id"] } else { &reward["voucher"] };
        if place == 1 {
            let code = shop.get(&path("/v1/vouchers", id)).await.ok()["code"].clone();
            let cart =
                json!({"codes": [code], "order_id": "N-1", "amount": 500, "currency": "EUR", "customer": "anna"});
            shop.post("/v1/redemptions", cart).await.created();
        }
        shop.post(&format!("{}/void", path(void, id)), json!({"reason": "we distrust her"})).await.ok();
        let last = &arrived(&address, 2 * place + 2).await[2 * place + 1];
        match place {
            0 => says(last, &["noch einmal geprüft. Sie wurde zurückgenommen.", "Geschenkkarte über 15,00 €"]),
            _ => says(last, &["Was davon noch übrig war, wurde zurückgenommen.", "über 10,00 €", "bleibt Ihnen."]),
        }
        assert!(words(last).iter().all(|text| !text.contains("distrust")), "what operators say is theirs");
    }
}

async fn a_withdrawal_is_sent_again_and_can_be_switched_off(shop: TestShop) {
    let address = reachable(&shop, "anna").await;
    let void = |mail: &Value| {
        shop.post(&format!("{}/void", path("/v1/rewards", &mail["reward"])), json!({"reason": "by mistake"}))
    };
    let credit = json!({"kind": "store_credit", "amount": 300});
    let first = told(&shop, "anna", credit.clone()).await;
    arrived(&address, 1).await;
    shop.server().settle_mails().await;
    void(&first).await.ok();
    arrived(&address, 2).await;
    shop.server().settle_mails().await;
    let withdrawn = shop.list("/v1/messages?kind=reward_withdrawn").await[0].clone();
    assert_eq!((&withdrawn["status"], &withdrawn["reward"]), (&json!("sent"), &first["reward"]));
    let again = format!("{}/resend", path("/v1/messages", &withdrawn["id"]));
    let again = shop.post(&again, json!({"to": "current"})).await.created();
    assert_eq!((&again["kind"], &again["resend_of"]), (&json!("reward_withdrawn"), &withdrawn["id"]));
    says(&arrived(&address, 3).await[2], &["3,00 € Guthaben", "von Ihrem Guthaben abgezogen."]);
    let etag = shop.get("/v1/shop").await.etag();
    let off = shop.patch("/v1/shop", json!({"mail": {"reward_withdrawn": "off"}})).if_match(&etag).await.ok();
    let switches = ["voucher_issued", "reward_withdrawn", "link_replaced"].map(|name| off["mail"][name].clone());
    assert_eq!(switches, ["send", "off", "send"].map(|switch| json!(switch)));
    let second = told(&shop, "anna", credit).await;
    arrived(&address, 4).await;
    shop.server().settle_mails().await;
    void(&second).await.ok();
    let silent = shop.list(&format!("/v1/messages?kind=reward_withdrawn&reward={}", text(&second["reward"]))).await;
    assert_eq!((&silent[0]["status"], &silent[0]["reason"]), (&json!("suppressed"), &json!("mail_off")));
}

async fn who_was_never_told_is_not_told_that_it_is_gone(shop: TestShop) {
    shop.put("/v1/customers/late", json!({})).await.created();
    let waiting = told(&shop, "late", json!({"kind": "gift_card", "amount": 1500})).await;
    let void = format!("{}/void", path("/v1/rewards", &waiting["reward"]));
    shop.post(&void, json!({"reason": "by mistake"})).await.ok();
    assert_eq!(shop.list("/v1/messages?kind=reward_withdrawn").await, Vec::<Value>::new());
    let (_, code) = (shop.customer("ann").await, code(&shop).await);
    let order = json!({"order_id": "A-1", "amount": 5000, "currency": "EUR", "evidence": {"code": code}, "paid": false,
                       "customer_details": {"email": "guest@mail.example"}});
    shop.post("/v1/conversions", order).await.created();
    shop.post("/v1/conversions/A-1/cancelled", json!({})).await.ok();
    assert_eq!(
        shop.list("/v1/messages?kind=reward_withdrawn").await,
        Vec::<Value>::new(),
        "what waits is told to nobody"
    );
    assert_eq!(message(&shop, &waiting["id"]).await["status"], "no_address");
}

async fn a_mail_that_was_sent_again_and_again_does_not_stand_in_the_way(shop: TestShop) {
    let etag = shop.get("/v1/shop").await.etag();
    shop.patch("/v1/shop", json!({"mail": {"voucher_issued": "off"}})).if_match(&etag).await.ok();
    shop.customer("anna").await;
    let mut mail = told(&shop, "anna", json!({"kind": "gift_card", "amount": 1500})).await;
    for _ in 0..20 {
        let again = format!("{}/resend", path("/v1/messages", &mail["id"]));
        mail = shop.post(&again, json!({"to": "original"})).await.created();
    }
    let void = format!("{}/void", path("/v1/rewards", &mail["reward"]));
    shop.post(&void, json!({"reason": "by mistake"})).await.ok();
    assert_eq!(shop.list("/v1/messages?kind=reward_withdrawn").await, Vec::<Value>::new());
}
