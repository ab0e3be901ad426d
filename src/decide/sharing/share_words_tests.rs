use std::borrow::Cow;

use super::*;
use crate::decide::programs::program::default_rules;
use crate::records::channel::built_in;
use crate::records::program::ProgramStatus;
use crate::records::text::{Name, Prose};
use crate::records::{Id, Json, Timestamp};

const LINK: &str = "https://g.example/s/a1B2c3D4e5F";

fn program(content: &[(&str, &str)]) -> Program {
    let rules: RewardRule = serde_json::from_value(serde_json::json!(
        {"number": 1, "to": "friend", "on": "conversion", "kind": "amount_off", "amount": 500}
    ))
    .expect("a rule");
    let mut program = Program {
        id: Id::new("prg", 0, [1; 10]),
        shop: Id::new("shp", 0, [0; 10]),
        version: 1,
        slug: "weitersagen".to_owned(),
        name: "Weitersagen".to_owned(),
        status: ProgramStatus::Active,
        priority: 0,
        landing_url: "https://shop.example/welcome".to_owned(),
        rules: Json(default_rules()),
        content: Json::default(),
        starts_at: None,
        ends_at: None,
        created_at: Timestamp::from_ms(0),
        activated_at: None,
        ended_at: None,
        pauses: Json::default(),
        trials: Json::default(),
        notice: Json::default(),
    };
    program.rules.0.rewards.push(rules);
    for (locale, text) in content {
        let words = Content {
            title: Some(Name::parse("Für {first_name}s Freunde").expect("a title")),
            text: Some(Prose::parse(text).expect("a text")),
            ..Content::default()
        };
        program.content.0.insert((*locale).to_owned(), words);
    }
    program
}

fn facts(locale: &str) -> Facts<'_> {
    Facts {
        link: LINK,
        code: "ANNA-7K2M",
        first_name: "Anna",
        shop_name: "Kaffee & Mehr",
        currency: Currency::parse("EUR").expect("a currency"),
        locale,
        shop_locale: "de",
        is_held_out: false,
    }
}

fn shown(content: &[(&str, &str)], channel: &str, locale: &str) -> Face {
    face(&program(content), built_in(channel).expect("a channel"), &facts(locale))
}

#[test]
fn placeholders_are_filled_and_others_stay() {
    let text = "Mit {code} bekommst du {friend_reward}: {link} {nonsense} { }";
    let face = shown(&[("de", text)], "whatsapp", "de-AT");
    assert_eq!(face.text, format!("Mit ANNA-7K2M bekommst du 5,00 € Rabatt: {LINK} {{nonsense}} {{ }}"));
    assert_eq!(face.subject, "Für Annas Freunde");
}

#[test]
fn words_without_a_link_get_it_on_a_line_of_its_own() {
    assert_eq!(shown(&[("en", "Look!")], "copy", "en").text, format!("Look!\n{LINK}"));
    assert_eq!(shown(&[("en", "")], "copy", "en").text, LINK);
}

#[test]
fn another_language_falls_back_to_the_shops_words() {
    assert!(shown(&[("de", "Schau!")], "copy", "fr").text.starts_with("Schau!"));
}

#[test]
fn the_default_words_say_that_a_reward_is_paid() {
    let german = shown(&[], "whatsapp", "de").text;
    assert!(german.contains("Werbung") && german.contains("5,00 €") && german.contains(LINK), "{german}");
    let english = shown(&[], "whatsapp", "en-GB").text;
    assert!(english.contains("(Ad:") && english.contains("€5.00") && english.contains(LINK), "{english}");
}

#[test]
fn each_channel_opens_with_its_words_encoded() {
    let content = [("en", "Good & cheap:\n{link}")];
    let link = "https%3A%2F%2Fg.example%2Fs%2Fa1B2c3D4e5F";
    let table = [
        ("whatsapp", Some(format!("https://wa.me/?text=Good%20%26%20cheap%3A%0A{link}"))),
        ("telegram", Some(format!("https://t.me/share/url?url={link}&text=Good%20%26%20cheap%3A"))),
        ("sms", Some(format!("sms:?&body=Good%20%26%20cheap%3A%0A{link}"))),
        ("email", Some(format!("mailto:?subject=F%C3%BCr%20Annas%20Freunde&body=Good%20%26%20cheap%3A%0D%0A{link}"))),
        ("messenger", Some(format!("fb-messenger://share/?link={link}"))),
        ("signal", None),
    ];
    for (channel, mobile) in table {
        assert_eq!(shown(&content, channel, "en").mobile, mobile, "{channel}");
    }
    assert_eq!(shown(&content, "sms", "en").desktop, None);
}

#[test]
fn a_channel_of_the_shops_own_cannot_break_out_of_its_template() {
    let mut channel = built_in("copy").expect("a channel").clone();
    channel.send_url.desktop = Some(Cow::Borrowed("https://chat.example/?q={message}&k={unknown}#{text}"));
    let opened = face(&program(&[("en", "a&b=c#d {link}")]), &channel, &facts("en")).desktop.expect("a template");
    assert_eq!(opened.matches('&').count() + opened.matches('#').count(), 2, "{opened}");
    assert!(opened.contains("&k={unknown}#a%26b%3Dc%23d"), "{opened}");
}
