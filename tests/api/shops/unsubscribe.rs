//! Advertising, and how people stop it: at the press of a button, by nobody else.

use grapevine::demo::eml::Part;

use super::messages::{arrived, message, reachable};
use crate::support::*;

on_both!(
    advertising_is_stopped_at_the_press_of_a_button,
    what_is_queued_is_stopped_as_well,
    to_open_it_changes_nothing,
    who_presses_the_button_of_a_question_agrees,
    a_question_is_good_for_its_address_and_three_days,
    a_shop_speaks_as_friends_do_where_it_wants_that,
);

/// Grants something of a purpose, and answers the message that tells of it.
async fn granted(shop: &TestShop, purpose: &str) -> Value {
    let reward = json!({"kind": "gift_card", "amount": 500});
    let grant = json!({"customer": "anna", "reward": reward, "reason": "spring", "purpose": purpose});
    let grant = shop.post("/v1/grants", grant).await.created();
    let reward = shop.get(&path("/v1/rewards", &grant["reward_id"])).await.ok();
    message(shop, &reward["message"]).await
}

async fn agree(shop: &TestShop) {
    let consents = json!([{"kind": "marketing_mail", "given": true, "source": "checkout"}]);
    shop.put("/v1/customers/anna", json!({ "consents": consents })).await.ok();
}

async fn consents(shop: &TestShop) -> Vec<Value> {
    elements(&shop.get("/v1/customers/anna").await.ok()["consents"])
}

/// Where a mail's button leads, within the server.
fn button(mail: &str) -> Option<String> {
    let mail = Part::read(mail);
    let url = mail.header("list-unsubscribe")?.trim_matches(['<', '>']).to_owned();
    assert_eq!(mail.header("list-unsubscribe-post"), Some("List-Unsubscribe=One-Click"));
    Some(url::Url::parse(&url).expect("an address").path().to_owned())
}

fn press(shop: &TestShop, place: &str) -> client::Ask {
    let ask = shop.anonymous().ask(reqwest::Method::POST, place).raw("List-Unsubscribe=One-Click");
    ask.header("content-type", "application/x-www-form-urlencoded")
}

/// The address in the first mail of advertising to Anna.
async fn advertised(shop: &TestShop) -> (String, String) {
    let address = reachable(shop, "anna").await;
    agree(shop).await;
    granted(shop, "promotion").await;
    let place = button(&arrived(&address, 1).await[0].data).expect("advertising can be stopped");
    (address, place)
}

async fn advertising_is_stopped_at_the_press_of_a_button(shop: TestShop) {
    let (address, place) = advertised(&shop).await;
    let page = press(&shop, &place).await;
    assert!(page.status() == 200 && page.text().contains("Shop of a test"), "{page:?}");
    let noted = consents(&shop).await;
    assert_eq!((noted.len(), &noted[1]["given"], &noted[1]["source"]), (2, &json!(false), &json!("unsubscribe")));
    assert_eq!(press(&shop, &place).await.status(), 200);
    assert_eq!(consents(&shop).await, noted, "once");
    let unasked = granted(&shop, "promotion").await;
    assert_eq!((&unasked["status"], &unasked["reason"]), (&json!("suppressed"), &json!("no_consent")));
    // What is theirs they are told all the same, and there is nothing to stop.
    granted(&shop, "compensation").await;
    let mails = arrived(&address, 2).await;
    assert_eq!(button(&mails[1].data), None);
    // Who asks for it again gets it again, and may stop it again by the same mail.
    agree(&shop).await;
    granted(&shop, "promotion").await;
    arrived(&address, 3).await;
    assert_eq!(press(&shop, &place).await.status(), 200);
    assert_eq!(consents(&shop).await.len(), 4);
}

async fn what_is_queued_is_stopped_as_well(shop: TestShop) {
    let (address, place) = advertised(&shop).await;
    shop.put("/v1/customers/anna", json!({"email": null})).await.ok();
    let queued = granted(&shop, "promotion").await;
    assert_eq!(queued["status"], "no_address");
    assert_eq!(press(&shop, &place).await.status(), 200);
    shop.put("/v1/customers/anna", json!({ "email": address })).await.ok();
    shop.server().settle_mails().await;
    let stopped = message(&shop, &queued["id"]).await;
    assert_eq!((&stopped["status"], &stopped["reason"]), (&json!("suppressed"), &json!("no_consent")));
}

async fn to_open_it_changes_nothing(shop: TestShop) {
    let (_, place) = advertised(&shop).await;
    let before = consents(&shop).await;
    let page = shop.anonymous().get(&place).await;
    assert!(page.text().contains("name=\"List-Unsubscribe\" value=\"One-Click\""), "{page:?}");
    assert!(page.header("content-security-policy").is_some_and(|policy| policy.contains("form-action 'self'")));
    let unmeant = shop.anonymous().ask(reqwest::Method::POST, &place).raw("x=y");
    let unmeant = unmeant.header("content-type", "application/x-www-form-urlencoded").await;
    assert!(unmeant.text().contains("<button"), "{unmeant:?}");
    assert_eq!(shop.anonymous().head(&place).await.status(), 200);
    let forged = format!("{}{}", &place[..place.len() - 1], if place.ends_with('0') { '1' } else { '0' });
    for wrong in [forged.as_str(), "/u/x", "/u/01kaskqz3m0d2w9xk7y5hd1v8r"] {
        assert_eq!(shop.anonymous().get(wrong).await.status(), 404, "{wrong}");
        assert_eq!(press(&shop, wrong).await.status(), 404, "{wrong}");
    }
    shop.anonymous().delete(&place).await.refused(405, "method_not_allowed");
    assert_eq!(consents(&shop).await, before);
}

/// Asks Anna by mail, and answers where the button of the mail leads.
async fn asked(shop: &TestShop, address: &str, count: usize) -> String {
    let asked = shop.post("/v1/customers/anna/ask_consent", json!({"text_version": "news-3"})).await.created();
    assert_eq!((&asked["kind"], &asked["recipient"]), (&json!("confirm_consent"), &json!(address)));
    let mail = Part::read(&arrived(address, count).await[count - 1].data);
    assert_eq!(mail.header("list-unsubscribe"), None, "it is no advertising");
    let text = mail.find("text/plain").expect("text").text();
    let from = text.find("/y/").expect("a link");
    text[from..].split_whitespace().next().expect("its end").to_owned()
}

fn confirm(shop: &TestShop, place: &str) -> client::Ask {
    let ask = shop.anonymous().ask(reqwest::Method::POST, place).raw("Confirm=Yes");
    ask.header("content-type", "application/x-www-form-urlencoded")
}

async fn who_presses_the_button_of_a_question_agrees(shop: TestShop) {
    let address = reachable(&shop, "anna").await;
    let place = asked(&shop, &address, 1).await;
    shop.post("/v1/customers/anna/ask_consent", json!({})).await.refused(409, "illegal_transition");
    assert!(shop.anonymous().get(&place).await.text().contains("name=\"Confirm\" value=\"Yes\""));
    let unmeant = shop.anonymous().ask(reqwest::Method::POST, &place).raw("x=y");
    let unmeant = unmeant.header("content-type", "application/x-www-form-urlencoded").await;
    assert!(unmeant.text().contains("<button"), "{unmeant:?}");
    assert_eq!(granted(&shop, "promotion").await["reason"], "no_consent", "nothing is given yet");
    for _ in 0..2 {
        assert_eq!(confirm(&shop, &place).await.status(), 200);
        let noted = consents(&shop).await;
        let told: Vec<_> = noted.iter().map(|consent| (consent["given"] == true, text(&consent["source"]))).collect();
        assert_eq!(told, [(false, "asked by mail".to_owned()), (true, "confirmed by mail".to_owned())]);
        assert_eq!(noted[1]["text_version"], "news-3");
    }
    shop.post("/v1/customers/anna/ask_consent", json!({})).await.refused(409, "illegal_transition");
    granted(&shop, "promotion").await;
    let stop = button(&arrived(&address, 2).await[1].data).expect("advertising can be stopped");
    assert_eq!(press(&shop, &stop).await.status(), 200);
    assert_eq!(confirm(&shop, &place).await.status(), 404, "who has stopped it is asked anew");
    assert_eq!(consents(&shop).await.len(), 3);
    let other = shop.another().await;
    other.post("/v1/customers/anna/ask_consent", json!({})).await.refused(404, "not_found");
    shop.operator("viewer").await.post("/v1/customers/anna/ask_consent", json!({})).await.refused(403, "forbidden");
    shop.put("/v1/customers/nameless", json!({})).await.created();
    shop.post("/v1/customers/nameless/ask_consent", json!({})).await.refused(409, "illegal_transition");
}

async fn a_question_is_good_for_its_address_and_three_days(shop: TestShop) {
    let address = reachable(&shop, "anna").await;
    let place = asked(&shop, &address, 1).await;
    shop.put("/v1/customers/anna", json!({"email": "other@mail.example"})).await.ok();
    assert_eq!(confirm(&shop, &place).await.status(), 404);
    shop.put("/v1/customers/anna", json!({ "email": address })).await.ok();
    shop.post("/v1/test/clock", json!({"advance_days": 3})).await.ok();
    assert_eq!(confirm(&shop, &place).await.status(), 404);
    assert!(consents(&shop).await.iter().all(|consent| consent["given"] == false));
    let place = asked(&shop, &address, 2).await;
    assert_eq!(confirm(&shop, &place).await.status(), 200);
    for forged in ["/y/x", &place.replace("/y/", "/u/")] {
        assert_eq!(shop.anonymous().get(forged).await.status(), 404, "{forged}");
        assert_eq!(confirm(&shop, forged).await.status(), 404, "{forged}");
    }
}

async fn a_shop_speaks_as_friends_do_where_it_wants_that(shop: TestShop) {
    let change = json!({"brand": {"german_address": "du"}});
    let changed = shop.patch("/v1/shop", change).if_match("*").await.ok();
    assert_eq!(changed["brand"]["german_address"], "du");
    let address = reachable(&shop, "anna").await;
    asked(&shop, &address, 1).await;
    let mail = Part::read(&arrived(&address, 1).await[0].data);
    assert!(mail.find("text/plain").expect("text").text().contains("Warst du das?"), "{mail:?}");
    let wrong = json!({"brand": {"german_address": "ihr"}});
    shop.patch("/v1/shop", wrong).if_match("*").await.refused(422, "invalid_field");
}
