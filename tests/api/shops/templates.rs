//! Mails in a shop's own words: looked at before they are saved, tried out, sent, and left aside where they break.

use grapevine::demo::eml::Part;

use super::messages::{arrived, card, reachable, told};
use crate::support::*;

on_both!(
    mails_leave_in_the_shops_own_words,
    what_cannot_be_written_is_refused_with_its_line,
    a_template_that_breaks_is_left_aside,
    a_template_is_tried_out_before_it_is_saved,
    only_who_may_steer_the_shop_writes_its_words,
);

const PLACE: &str = "/v1/templates/voucher_issued/de";

fn words(subject: &str, text: &str, html: &str) -> Value {
    json!({"subject": subject, "text": text, "html": html})
}

fn own() -> Value {
    let html = "{% extends \"layout.html\" %}{% block worth %}<b>{{ code }}</b>{% endblock %}";
    words("Post von {{ shop }}", "Hallo! {{ code }}", html)
}

fn subject(mail: &grapevine::demo::receiver::Mail) -> String {
    Part::read(&mail.data).header("subject").unwrap_or_default().to_owned()
}

async fn mails_leave_in_the_shops_own_words(shop: TestShop) {
    let address = reachable(&shop, "anna").await;
    let ours = shop.get(PLACE).await.ok();
    assert_eq!((&ours["is_own"], &ours["created_at"]), (&json!(false), &Value::Null));
    let text_of_ours = text(&ours["text"]);
    assert!(text_of_ours.contains("{{ greeting }}") && text(&ours["html"]).contains("layout.html"), "{ours}");
    let saved = shop.put(PLACE, own()).await.created();
    assert_eq!((&saved["is_own"], &saved["subject"]), (&json!(true), &json!("Post von {{ shop }}")));
    assert_eq!(shop.get(PLACE).await.ok(), saved);
    assert_eq!(shop.list("/v1/templates").await, [saved]);
    told(&shop, "anna", card()).await;
    let mails = arrived(&address, 1).await;
    assert_eq!(subject(&mails[0]), "Post von Shop of a test");
    let mail = Part::read(&mails[0].data);
    let code = mail.find("text/plain").expect("text").text().trim().trim_start_matches("Hallo! ").to_owned();
    assert!(code.len() == 14 && mail.find("text/html").expect("HTML").text().contains(&code), "{code}");
    // Other kinds and other shops have ours.
    shop.put(PLACE, words("Neu", "x", "x")).await.ok();
    assert_eq!(shop.another().await.get(PLACE).await.ok()["is_own"], false);
    shop.delete(PLACE).await.no_content();
    shop.delete(PLACE).await.no_content();
    assert!(shop.list("/v1/templates").await.is_empty());
    told(&shop, "anna", card()).await;
    assert!(subject(&arrived(&address, 2).await[1]).starts_with("Ihre Geschenkkarte von"));
}

async fn what_cannot_be_written_is_refused_with_its_line(shop: TestShop) {
    for (body, pointer, told) in [
        (words("x", "a\n{{ code", "x"), "/text", "line 2: "),
        (words("x", "x", "a\nb\n{{ customer }}"), "/html", "line 3: there is no value customer; there are "),
        (words("{% if %}", "x", "x"), "/subject", "line 1: "),
    ] {
        let said = shop.put(PLACE, body.clone()).await.refused(422, "invalid_field");
        assert_eq!(said["errors"][0]["pointer"], pointer, "{said}");
        assert!(text(&said["errors"][0]["detail"]).starts_with(told), "{said}");
        let tried = json!({"message": "msg_00000000000000000000000000", "subject": body["subject"], "text": body["text"], "html": body["html"]});
        let place = format!("{PLACE}/preview");
        assert_eq!(shop.post(&place, tried).await.refused(422, "invalid_field")["errors"], said["errors"]);
    }
    shop.put("/v1/templates/voucher_issued/xx", own()).await.refused(422, "invalid_field");
    shop.put("/v1/templates/nothing/de", own()).await.refused(404, "not_found");
    shop.put("/v1/templates/voucher_issued/German", own()).await.refused(404, "not_found");
    assert!(shop.list("/v1/templates").await.is_empty());
}

async fn a_template_that_breaks_is_left_aside(shop: TestShop) {
    let address = reachable(&shop, "anna").await;
    let endless = "{% for a in conditions * 99999 %}{% for b in conditions * 99999 %}x{% endfor %}{% endfor %}{% include \"gone.txt\" %}";
    shop.put(PLACE, words("Post", endless, "x")).await.created();
    let queued = told(&shop, "anna", card()).await;
    let place = format!("{PLACE}/preview");
    let said = shop.post(&place, json!({"message": queued["id"]})).await.refused(422, "invalid_field");
    assert_eq!(said["errors"][0]["pointer"], "/text", "{said}");
    assert!(subject(&arrived(&address, 1).await[0]).starts_with("Ihre Geschenkkarte von"));
}

async fn a_template_is_tried_out_before_it_is_saved(shop: TestShop) {
    let address = reachable(&shop, "anna").await;
    let queued = told(&shop, "anna", card()).await;
    arrived(&address, 1).await;
    let place = format!("{PLACE}/preview");
    let tried = json!({"message": queued["id"], "subject": "Post von {{ shop }}", "send_to": address});
    let preview = shop.post(&place, tried.clone()).await.ok();
    assert_eq!((&preview["subject"], &preview["sent"]), (&json!("Post von Shop of a test"), &json!(true)), "{preview}");
    assert!(text(&preview["text"]).contains("XXXX-XXXX-XXXX"), "no code is shown: {preview}");
    let mails = arrived(&address, 2).await;
    assert_eq!(subject(&mails[1]), "Post von Shop of a test");
    assert!(shop.list("/v1/templates").await.is_empty(), "nothing is saved");
    assert_eq!(shop.list("/v1/messages").await.len(), 1, "and no mail of the shop's was made");
    let mut stranger = tried.clone();
    stranger["send_to"] = json!("stranger@mail.example");
    let said = shop.post(&place, stranger).await.refused(422, "invalid_field");
    assert_eq!(said["errors"][0]["pointer"], "/send_to", "{said}");
    let other = shop.another().await;
    for (who, place) in [(&*other, place.as_str()), (&*shop, "/v1/templates/credit_issued/de/preview")] {
        let said = who.post(place, json!({"message": queued["id"]})).await.refused(422, "invalid_field");
        assert_eq!(said["errors"][0]["pointer"], "/message", "{said}");
    }
}

async fn only_who_may_steer_the_shop_writes_its_words(shop: TestShop) {
    for role in ["viewer", "support"] {
        let operator = shop.operator(role).await;
        operator.get(PLACE).await.ok();
        operator.put(PLACE, own()).await.refused(403, "forbidden");
        operator.delete(PLACE).await.refused(403, "forbidden");
        let tried = json!({"message": "msg_00000000000000000000000000"});
        operator.post(&format!("{PLACE}/preview"), tried).await.refused(403, "forbidden");
    }
    shop.operator("manager").await.put(PLACE, own()).await.created();
    let key = shop.key(&["shop:read", "shop:write"]).await;
    key.put(PLACE, own()).await.ok();
    let tried = json!({"message": "msg_00000000000000000000000000"});
    key.post(&format!("{PLACE}/preview"), tried).await.refused(403, "forbidden");
    let audited = shop.list("/v1/audit_log").await.into_iter().filter(|row| row["action"] == "save_template");
    assert_eq!(audited.count(), 2);
}
