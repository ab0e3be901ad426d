//! What stands in databases as JSON, of every structure that a column keeps so, as it was first written. It is read
//! for ever: a text here is never edited, and what comes to a structure later is an `Option` or has a
//! `#[serde(default)]`.

use std::collections::BTreeMap;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::admission::Entrance;
use super::announcement::{Approval, Audience, PausePrograms, Reached, Rehearsal, Words};
use super::audit::Actor;
use super::benefit::Benefit;
use super::channel::ChannelSpec;
use super::conversion::{Brought, Considered, OrderItem, Terms};
use super::customer::{Attribute, Consent};
use super::message::Withdrawal;
use super::pass::Pass;
use super::program::{Content, Pause, Rules};
use super::redemption::RedeemedLine;
use super::refund::{RefundedItem, RewardOutcome};
use super::reversal::ReversedLine;
use super::reward::Step;
use super::share::Preview;
use super::shop::{Brand, LimitRaise, MailSettings, NeverDiscounted, Sender};
use super::voucher::{AppliesTo, Stacking};
use super::why::RefusedReward;
use super::{Column, Json};

#[test]
fn shops_of_before_are_read() {
    check::<Sender>(r#"{"name":"Kaffee","email":"post@shop.example"}"#);
    check::<Brand>(r##"{"name":"Kaffee","color":"#5b3a29","imprint":"Kaffee GmbH"}"##);
    check::<MailSettings>(r#"{"voucher_issued":"off","reward_withdrawn":"off"}"#);
    check::<NeverDiscounted>(r#"{"skus":["b-1"],"categories":["books"]}"#);
    check::<Option<LimitRaise>>(
        r#"{"above":9000,"by":"opr_01kaskqz3m0d2w9xk7y5hd1v8r","at":"2026-11-23T10:00:00.000Z"}"#,
    );
    check::<ChannelSpec>(
        r#"{"key":"a","name":"A","private":true,"send_url":{"mobile":"sms:?&body={message}","desktop":null},
            "utm":{"source":"a","medium":"b","source_platform":"c"}}"#,
    );
}

#[test]
fn announcements_of_before_are_read() {
    for audience in [
        r#"{"all":true}"#,
        r#"{"program":"prg_01kaskqz3m0d2w9xk7y5hd1v8r"}"#,
        r#"{"segment":"regulars"}"#,
        r#"{"customers":["cus_01kaskqz3m0d2w9xk7y5hd1v8r"]}"#,
        r#"{"bought":{"skus":["mug-7"],"from":"2026-05-01T00:00:00.000Z","to":"2026-06-01T00:00:00.000Z"}}"#,
    ] {
        check::<Audience>(audience);
    }
    check::<BTreeMap<String, Words>>(r#"{"de":{"subject":"S","text":"T"}}"#);
    check::<Option<PausePrograms>>(r#"{"programs":["prg_01kaskqz3m0d2w9xk7y5hd1v8r"],"notice":{"de":"N"}}"#);
    check::<Vec<Approval>>(
        r#"[{"by":{"type":"operator","id":"opr_01kaskqz3m0d2w9xk7y5hd1v8r","name":"A"},"at":"2026-11-23T10:00:00.000Z"}]"#,
    );
    check::<Option<Rehearsal>>(
        r#"{"at":"2026-11-23T10:00:00.000Z","people":9,"told":4,"no_address":2,"suppressed":1,"withheld":1,"no_consent":1,
            "consent":{"given":1,"withdrawn":2,"never":6},"locales":[{"name":"de","count":4}],
            "domains":[{"name":"mail.example","count":3}],"other_domains":1,"minutes":1,"skus":[{"name":"mug-7","count":5}],
            "orders_without_customer":1,"orders_without_items":2}"#,
    );
    check::<Reached>(r#"{"told":4,"no_address":2,"suppressed":1}"#);
}

#[test]
fn programs_of_before_are_read() {
    check::<Rules>(
        r#"{"attribution":{"window_days":90,"credit_window_days":60,"model":"last"},
            "qualifying":{"min_order_amount":1000,"new_customers_only":true},
            "pending_days":30,"pending_from":"delivery","approval":"manual",
            "rewards":[{"number":1,"to":"advocate","on":"conversion","kind":"percent_off","rate_bps":1000,
                "max_amount":2000,"cost_amount":1500,"valid":{"days":90},"min_order_amount":4000,"kinds":["renewal"],
                "max_per_friend":2,"max_per_customer":5,"max_per_customer_per_month":1}],
            "former":[{"number":2,"to":"friend","on":"checkout","kind":"amount_off","amount":500}],
            "budget_amount":100000}"#,
    );
    check::<Content>(
        r#"{"title":"T","subject":"S","text":"See {link}","texts":{"sms":"{link}"},
            "image_url":"https://shop.example/a.png","conditions":"C","terms_url":"https://shop.example/terms"}"#,
    );
    check::<Pause>(r#"{"from":"2026-11-23T10:00:00.000Z","until":null}"#);
}

#[test]
fn what_was_owed_before_is_read() {
    check::<Benefit>(r#"{"kind":"store_credit","of_order_bps":500,"max_amount":2000}"#);
    check::<Benefit>(r#"{"kind":"gift_card","amount":500,"valid":{"year_ends":3}}"#);
    check::<Benefit>(r#"{"kind":"free_product","cost_amount":400,"sku":"mug","name":"Mug","description":"Clay"}"#);
    check::<Benefit>(
        r#"{"kind":"event_pass","seats":2,"event":{"name":"A","reference":"E-1","starts_at":"2026-12-24T17:00:00.000Z",
            "ends_at":"2026-12-24T19:00:00.000Z","time_zone":"UTC","place":"B","address":"C","url":"https://shop.example/"}}"#,
    );
    check::<Pass>(
        r#"{"event":{"name":"A","starts_at":"2026-12-24T17:00:00.000Z","time_zone":"UTC","place":"B"},"seats":1,"sequence":3}"#,
    );
    check::<Entrance>(
        r#"{"at":"2026-12-24T17:00:00.000Z","gate":"A","by":{"type":"system","id":null,"name":"grapevine"},
            "told_at":"2026-12-24T17:00:00.000Z"}"#,
    );
    check::<Step>(
        r#"{"status":"issued","at":"2026-11-23T10:00:00.000Z","who":{"type":"system","id":null,"name":"grapevine"},
            "why":"refund r-1","amount":500}"#,
    );
    check::<Actor>(r#"{"type":"operator","id":"opr_01kaskqz3m0d2w9xk7y5hd1v8r","name":"Olga"}"#);
    check::<AppliesTo>(
        r#"{"skus":["a"],"categories":["b"],"except_skus":["c"],"except_categories":["d"],"except_discounted":true}"#,
    );
    check::<Stacking>(r#"{"group":"welcome","exclusive":true}"#);
    check::<Withdrawal>(r#"{"by":"order","taken":500,"left":100,"is_used":true}"#);
    check::<RefusedReward>(r#"{"to":"friend","reason":"self_referral"}"#);
}

#[test]
fn orders_of_before_are_read() {
    check::<OrderItem>(r#"{"id":"1","sku":"a","quantity":2,"amount":900,"categories":["books"],"discounted":true}"#);
    check::<Terms>(r#"{"pending_days":30,"pending_from":"order","approval":"auto","min_order_amount":1000}"#);
    check::<Brought>(r#"{"token":"t","code":"ANNA"}"#);
    check::<Considered>(
        r#"{"method":"code","program":"prg_01kaskqz3m0d2w9xk7y5hd1v8r","advocate":"c-7",
            "advocate_id":"cus_01kaskqz3m0d2w9xk7y5hd1v8r","outcome":"weaker"}"#,
    );
    check::<RefundedItem>(r#"{"id":"1","quantity":1,"amount":450}"#);
    check::<RewardOutcome>(
        r#"{"id":"rwd_01kaskqz3m0d2w9xk7y5hd1v8r","to":"advocate","outcome":"reduced","status":"issued",
            "before":500,"after":250,"forgiven":0}"#,
    );
    check::<RedeemedLine>(
        r#"{"voucher":"vch_01kaskqz3m0d2w9xk7y5hd1v8r","recommendation":{"program":"prg_01kaskqz3m0d2w9xk7y5hd1v8r",
                "advocate":"cus_01kaskqz3m0d2w9xk7y5hd1v8r","advocate_ref":"c-7","method":"token",
                "share":"shr_01kaskqz3m0d2w9xk7y5hd1v8r","counted_by":["x"]},
            "code_box":"sealed","code_hint":"T2WD","kind":"amount_off","discount":500,"payment":0,
            "items":[["1",500]],"remaining_uses":0,"balance":null,
            "entries":[{"id":"ent_01kaskqz3m0d2w9xk7y5hd1v8r","debit":"issued","credit":"spent","amount":500}]}"#,
    );
    check::<ReversedLine>(
        r#"{"voucher":"vch_01kaskqz3m0d2w9xk7y5hd1v8r","program":null,"code_hint":"T2WD","amount":500,"uses":1}"#,
    );
}

#[test]
fn customers_and_shares_of_before_are_read() {
    check::<BTreeMap<String, Attribute>>(r#"{"vip":true,"orders":7,"city":"Berlin"}"#);
    check::<Consent>(
        r#"{"kind":"marketing_mail","given":true,"at":"2026-11-23T10:00:00.000Z","source":"shop","text_version":"2"}"#,
    );
    check::<Preview>(r#"{"title":"T","description":"D","image_url":"https://shop.example/a.png"}"#);
}

#[test]
fn what_is_not_read_any_more_is_found() {
    let stored = serde_json::json!({"a": 1, "list": [{"b": "off"}]});
    for (now, is_kept) in [
        (r#"{"a":1,"list":[{"b":"off"}],"new":true}"#, true),
        (r#"{"a":1,"list":[{"b":"send"}]}"#, false),
        (r#"{"a":1,"list":[{"renamed":"off"}]}"#, false),
        (r#"{"a":1,"list":[]}"#, false),
    ] {
        assert_eq!(keeps(&stored, &serde_json::from_str(now).expect("JSON")), is_kept, "{now}");
    }
}

/// Demands that what was stored is read, and that nothing of it is lost by that.
fn check<T: Serialize + DeserializeOwned>(stored: &str) {
    let read = Json::<T>::from_value(super::Value::Text(Some(stored.to_owned())));
    let read = read.unwrap_or_else(|error| panic!("{error:?}: {stored}"));
    let now = serde_json::to_value(&read.0).expect("plain data");
    let stored: Value = serde_json::from_str(stored).expect("JSON");
    assert!(keeps(&stored, &now), "{stored} is read as {now}");
}

/// Whether all of `stored` stands in `now`, which may say more.
fn keeps(stored: &Value, now: &Value) -> bool {
    match (stored, now) {
        (Value::Object(stored), Value::Object(now)) => {
            stored.iter().all(|(name, value)| now.get(name).is_some_and(|now| keeps(value, now)))
        }
        (Value::Array(stored), Value::Array(now)) => {
            stored.len() == now.len() && stored.iter().zip(now).all(|(stored, now)| keeps(stored, now))
        }
        _ => stored == now,
    }
}
