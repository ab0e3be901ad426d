//! Advertising, and how people stop it: at the press of a button, by nobody else.

use grapevine::demo::eml::Part;

use super::messages::{arrived, message, reachable};
use crate::support::*;

on_both!(
    advertising_is_stopped_at_the_press_of_a_button,
    what_is_queued_is_stopped_as_well,
    to_open_it_changes_nothing,
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
