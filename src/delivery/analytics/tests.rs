//! What each analytics is told, held against what its vendor takes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::records::analytics_ids::{GaClientId, GaSessionId, MatomoVisitorId};
use crate::records::endpoint::EndpointStatus;
use crate::records::time::DAY_MS;
use crate::records::typed::Typed as _;

fn vault() -> Vault {
    Vault::new(b"0123456789abcdef0123456789abcdef")
}

fn now() -> Timestamp {
    Timestamp::from_ms(1_790_000_000_000)
}

fn account(kind: Analytics) -> AnalyticsAccount {
    AnalyticsAccount {
        id: Id::of("ana", &["x"]),
        shop: Id::of("shp", &["x"]),
        version: 1,
        kind,
        url: "https://analytics.example".to_owned(),
        property: "G-ABC".to_owned(),
        secret: Some(vault().seal("hush & more", [1; 12])),
        status: EndpointStatus::Enabled,
        disabled_by: None,
        disabled_at: None,
        enabled_at: now(),
        from_seq: 0,
        created_at: now(),
        deleted_at: None,
    }
}

fn facts() -> Facts {
    let ids = Ids {
        ga_client_id: GaClientId::read("123.456").ok(),
        ga_session_id: GaSessionId::read("1789999000").ok(),
        matomo_visitor_id: MatomoVisitorId::read("0123456789abcdef").ok(),
    };
    Facts { ids: Some(ids), has_consent: true, campaign: Some("tell".to_owned()) }
}

fn event(kind: EventKind, data: Value) -> Event {
    let subject = Some(Id::of("cnv", &["x"]));
    Event {
        id: Id::of("evt", &["x"]),
        shop: Id::of("shp", &["x"]),
        version: 1,
        seq: 1,
        kind,
        subject,
        data: data.to_string(),
        created_at: now(),
    }
}

/// An order of so many days ago.
fn order(days: i64) -> Value {
    json!({
        "id": Id::of("cnv", &["x"]), "order_id": "A-1", "amount": 4990, "refunded_amount": 990, "shipping_amount": 490,
        "currency": "EUR", "occurred_at": now().plus_ms(-days * DAY_MS),
        "items": [{"id": "1", "sku": "mug", "quantity": 2, "amount": 3000}, {"id": "2", "sku": null, "quantity": 1, "amount": 1990}],
        "attribution": {"program": Id::of("prg", &["x"]), "channel": "whatsapp", "depth": 2},
    })
}

fn told(kind: Analytics, event: &Event, facts: &Facts) -> Option<String> {
    telling(&account(kind), Mode::Live, event, facts, &vault(), now()).expect("it is as we wrote it")
}

fn json_of(told: Option<String>) -> Value {
    serde_json::from_str(&told.expect("it is told")).expect("JSON")
}

#[test]
fn ga4_is_told_of_a_purchase_in_its_session() {
    let told = json_of(told(Analytics::Ga4, &event(EventKind::ConversionRecorded, order(1)), &facts()));
    assert_eq!((&told["client_id"], &told["timestamp_micros"]), (&json!("123.456"), &json!(1_789_913_600_000_000_i64)));
    let expected = json!([{"name": "purchase", "params": {
        "transaction_id": "A-1", "currency": "EUR", "value": 49.9, "shipping": 4.9, "session_id": "1789999000",
        "engagement_time_msec": 1, "share_channel": "whatsapp", "share_depth": 2, "referral_campaign": "tell",
        "items": [{"item_id": "mug", "price": 15.0, "quantity": 2}, {"item_id": "2", "price": 19.9, "quantity": 1}],
    }}]);
    assert_eq!(told["events"], expected);
    let place = url(&account(Analytics::Ga4), &vault());
    assert_eq!(place, "https://analytics.example/mp/collect?measurement_id=G-ABC&api_secret=hush+%26+more");
}

#[test]
fn of_whom_nothing_is_known_or_who_did_not_agree_ga4_and_matomo_hear_nothing() {
    let recorded = |days| event(EventKind::ConversionRecorded, order(days));
    let stranger = Facts { ids: None, ..facts() };
    assert_eq!(told(Analytics::Ga4, &recorded(1), &stranger), None, "no client is made up");
    assert_eq!(told(Analytics::Ga4, &recorded(3), &facts()), None, "it is too old");
    let refused = Facts { ids: None, has_consent: false, ..facts() };
    let refund = event(EventKind::ConversionCancelled, order(20));
    for kind in [Analytics::Ga4, Analytics::Matomo] {
        assert_eq!(told(kind, &recorded(1), &refused), None);
        assert_eq!(told(kind, &refund, &refused), None);
    }
    let mut nobodys = order(1);
    nobodys["attribution"]["program"] = Value::Null;
    for kind in [Analytics::Ga4, Analytics::Plausible, Analytics::Matomo] {
        assert_eq!(
            told(kind, &event(EventKind::ConversionRecorded, nobodys.clone()), &facts()),
            None,
            "nobody's order"
        );
        assert_eq!(told(kind, &event(EventKind::ConversionApproved, order(1)), &facts()), None, "told before");
        let erased = Event { data: Event::erased_data(Id::of("cnv", &["x"])), ..recorded(1) };
        assert_eq!(told(kind, &erased, &facts()), None);
    }
}

#[test]
fn what_came_back_is_told_by_the_order_when_its_browser_is_known_no_more() {
    let mut refunded = order(20);
    refunded["refund"] = json!({"amount": 990});
    let later = Facts { ids: None, ..facts() };
    for (kind, data, value) in
        [(EventKind::ConversionRefunded, refunded, 9.9), (EventKind::ConversionCancelled, order(20), 40.0)]
    {
        let event = event(kind, data);
        let ga4 = json_of(told(Analytics::Ga4, &event, &later));
        let params = &ga4["events"][0]["params"];
        assert_eq!((&ga4["events"][0]["name"], &params["transaction_id"]), (&json!("refund"), &json!("A-1")));
        assert_eq!((&params["value"], &params["session_id"]), (&json!(value), &Value::Null));
        assert_eq!(ga4["timestamp_micros"], json!(now().ms() * 1_000), "it came back now");
        let client = ga4["client_id"].as_str().expect("a client");
        assert_eq!(Some(client), GaClientId::read(client).ok().as_deref(), "of its form, and nobody's");
    }
}

#[test]
fn values_are_as_long_as_ga4_takes_them() {
    let mut long = order(1);
    long["order_id"] = json!("x".repeat(300));
    long["attribution"]["channel"] = json!("ü".repeat(300));
    let line = json!({"id": "y".repeat(300), "sku": null, "quantity": 1, "amount": 1});
    long["items"] = Value::Array(vec![line; 500]);
    let text = told(Analytics::Ga4, &event(EventKind::ConversionRecorded, long), &facts()).expect("it is told");
    assert!(text.len() < 130_000, "{}", text.len());
    let params = json_of(Some(text))["events"][0]["params"].clone();
    assert_eq!(params["items"].as_array().map(Vec::len), Some(200));
    assert!(params.as_object().expect("parameters").len() <= 25);
    for value in [&params["transaction_id"], &params["share_channel"], &params["items"][0]["item_id"]] {
        assert_eq!(value.as_str().map(|text| text.chars().count()), Some(100));
    }
}

#[test]
fn matomo_is_told_of_an_order_under_its_campaign() {
    let told = |event: &Event, facts: &Facts| {
        let body = json_of(told(Analytics::Matomo, event, facts));
        assert_eq!(body["token_auth"], "hush & more");
        let request = body["requests"][0].as_str().expect("a request").to_owned();
        let query = request.strip_prefix('?').expect("a query").to_owned();
        url::form_urlencoded::parse(query.as_bytes()).into_owned().collect::<BTreeMap<String, String>>()
    };
    let order_told = told(&event(EventKind::ConversionRecorded, order(2)), &facts());
    let items = r#"[["mug","","",15.0,2],["2","","",19.9,1]]"#;
    for (name, expected) in [
        ("idsite", "G-ABC"),
        ("rec", "1"),
        ("_id", "0123456789abcdef"),
        ("idgoal", "0"),
        ("ec_id", "A-1"),
        ("revenue", "54.8"),
        ("ec_st", "49.9"),
        ("ec_sh", "4.9"),
        ("ec_items", items),
        ("_rcn", "tell"),
        ("_rck", "whatsapp"),
        ("cdt", "1789827200"),
    ] {
        assert_eq!(order_told.get(name).map(String::as_str), Some(expected), "{name}");
    }
    let later = Facts { ids: None, ..facts() };
    let back = told(&event(EventKind::ConversionCancelled, order(20)), &later);
    assert_eq!((back["e_a"].as_str(), back["e_v"].as_str(), back["_id"].len()), ("refund", "40", 16));
}

#[test]
fn plausible_is_told_of_amounts_and_of_nobody() {
    let told = json_of(told(Analytics::Plausible, &event(EventKind::ConversionRecorded, order(30)), &Facts::default()));
    let expected = json!({"name": "Referral order", "domain": "G-ABC", "url": "https://G-ABC/", "interactive": false,
        "props": {"channel": "whatsapp", "amount": "49.90", "currency": "EUR"}, "revenue": {"currency": "EUR", "amount": "49.90"}});
    assert_eq!(told, expected);
}

#[test]
fn a_friend_who_became_known_is_a_lead() {
    let friend = json!({"program": Id::of("prg", &["x"]), "channel": null, "created_at": now()});
    let event = event(EventKind::ReferralCreated, friend);
    let ga4 = json_of(told(Analytics::Ga4, &event, &facts()));
    assert_eq!(
        (&ga4["events"][0]["name"], &ga4["events"][0]["params"]["lead_source"]),
        (&json!("generate_lead"), &json!("code"))
    );
    assert_eq!(json_of(told(Analytics::Plausible, &event, &facts()))["name"], "Referral");
    assert!(told(Analytics::Matomo, &event, &facts()).is_some_and(|body| body.contains("e_a=friend")));
}

#[test]
fn each_says_in_its_own_way_that_it_took_nothing() {
    let said = |text: &str| Said { status: Some(200), text: Some(text.to_owned()), ..Said::default() };
    let messages = r#"{"validationMessages":[{"description":"no value","validationCode":"VALUE_REQUIRED"}]}"#;
    let dropped = Said { is_dropped: true, ..said("ok") };
    for (kind, said, has_failed) in [
        (Analytics::Ga4, said(r#"{"validationMessages":[]}"#), false),
        (Analytics::Ga4, said(messages), true),
        (Analytics::Ga4, said(""), false),
        (Analytics::Plausible, said("ok"), false),
        (Analytics::Plausible, dropped, true),
        (Analytics::Matomo, said(r#"{"status":"success","tracked":1,"invalid":0}"#), false),
        (Analytics::Matomo, said(r#"{"status":"success","tracked":0,"invalid":1}"#), true),
        (Analytics::Matomo, said(r#"{"status":"error"}"#), true),
    ] {
        let judged = judged(kind, said.clone());
        assert_eq!((judged.fault.is_some(), judged.control == Control::Abort), (has_failed, has_failed), "{said:?}");
    }
    let down = Said { status: Some(500), text: Some(messages.to_owned()), ..Said::default() };
    assert_eq!(judged(Analytics::Ga4, down.clone()), down, "it is tried again");
}
